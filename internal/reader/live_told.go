package reader

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"strconv"

	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/page"
	"depesche/internal/story"
	"depesche/internal/stream"
	"depesche/internal/web"
)

// liveKinds are the events that open pages of running stories are told of.
var liveKinds = []string{"live.", "edition.withdrawn"}

// teller makes what the pages of a running story in a language are told.
type teller struct {
	rd   *Reader
	of   story.ID
	lang lang.Tag
}

func (t teller) channel() string { return string(t.of) + " " + string(t.lang) }

// toldEntry is an entry as an open page gets it; without HTML it was withdrawn.
type toldEntry struct {
	Number int64  `json:"n"`
	Turn   int64  `json:"t"`
	At     int64  `json:"at,omitempty"`
	HTML   string `json:"html,omitempty"`
	Key    string `json:"key,omitempty"` // its row in the story so far
}

// hear passes an event on to the pages that are open on this node.
func (rd *Reader) hear(ctx context.Context, e events.Event) error {
	var h live.Happened
	if err := json.Unmarshal(e.Data, &h); err != nil || h.Story == "" {
		return nil //nolint:nilerr // data of another form are nobody's news
	}
	if e.Kind == "live.state" {
		return rd.ended(ctx, h.Story)
	}
	t := teller{rd, h.Story, h.Lang}
	if !rd.streams.Listens(t.channel()) {
		return nil
	}
	if e.Kind == "edition.withdrawn" {
		rd.streams.Tell(t.channel(), stream.Item{Name: "story", At: e.At, Frame: stream.Frame("gone", e.At, []byte("{}"))})
		return nil
	}
	return rd.DB.Snapshot(ctx, func(q db.Conn) error {
		ln, err := rd.Live.LineOf(ctx, q, h.Edition)
		if err != nil {
			return err
		}
		items, err := t.items(ctx, q, []live.Line{ln})
		for _, it := range items {
			rd.streams.Tell(t.channel(), it)
		}
		return err
	})
}

// ended tells pages in all languages that nothing more comes.
func (rd *Reader) ended(ctx context.Context, of story.ID) error {
	return rd.DB.Snapshot(ctx, func(q db.Conn) error {
		c, err := rd.Live.Of(ctx, q, of)
		if err != nil || c.Running() {
			return err
		}
		paper, err := rd.Publication.PaperIn(ctx, q)
		if err != nil {
			return err
		}
		for _, l := range paper.Active() {
			data, err := json.Marshal(map[string]string{"word": rd.Pages.Words(l).T("reader.live_ended")})
			if err != nil {
				return err
			}
			rd.streams.Tell(teller{rd, of, l}.channel(), stream.Item{Name: "story", At: *c.Ended, Frame: stream.Frame("over", *c.Ended, data)})
		}
		return nil
	})
}

// load is what was told last. It is a [stream.Load].
func (t teller) load(ctx context.Context, limit int) (items []stream.Item, err error) {
	err = t.rd.DB.Snapshot(ctx, func(q db.Conn) error {
		lines, err := t.rd.Live.ToldLast(ctx, q, t.of, t.lang, limit+1)
		if err != nil {
			return err
		}
		items, err = t.items(ctx, q, lines)
		return err
	})
	return items, err
}

// items makes the lines into what pages are told, each once for all of them.
func (t teller) items(ctx context.Context, q db.Conn, lines []live.Line) ([]stream.Item, error) {
	site, err := t.rd.Pages.Site(ctx, q, t.lang)
	if err != nil {
		return nil, err
	}
	at, err := t.rd.Editions.AddressOf(ctx, q, t.of, t.lang)
	if err != nil {
		return nil, err
	}
	path := page.ArticlePath(at.Lang, at.Number, at.Slug)
	var out []stream.Item
	for _, ln := range lines {
		x := toldEntry{Number: ln.Number, Turn: ln.Turn}
		if ln.Out {
			if x.HTML, err = site.LiveFragment(ctx, q, path, ln); err != nil {
				return nil, err
			}
			if x.Key, err = site.LiveKey(path, ln); err != nil {
				return nil, err
			}
			x.At = ln.Happened.UnixMilli()
		}
		data, err := oneLine(x)
		if err != nil {
			return nil, err
		}
		out = append(out, stream.Item{Name: strconv.FormatInt(ln.Number, 10), At: ln.Told, Frame: stream.Frame("entry", ln.Told, data)})
	}
	return out, nil
}

// oneLine is JSON with its HTML as it is: it goes to ten thousand pages.
func oneLine(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// clientOf is whom a connection is counted to.
func clientOf(r *http.Request) netip.Addr {
	a, err := netip.ParseAddr(web.RealIP(r))
	if err != nil {
		return netip.Addr{}
	}
	if a = a.Unmap(); a.Is6() { // a household has a whole network
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
