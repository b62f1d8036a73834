package reader

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"depesche/internal/fastpath"
	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/pagecache"
	"depesche/internal/problem"
)

// notes are what an answer was made from.
type notes struct {
	tags  []pagecache.Tag
	facts []pagecache.Fact
}

// Note is [db.Notebook.Note].
func (n *notes) Note(what, which string) { n.tags = append(n.tags, pagecache.TagOf(what, which)) }

// sorted are the tags, each once.
func (n *notes) sorted() []pagecache.Tag {
	slices.Sort(n.tags)
	n.tags = slices.Compact(n.tags)
	return n.tags
}

// Fact is [db.Notebook.Fact].
func (n *notes) Fact(name, value string) { n.facts = append(n.facts, factOf(name, value)) }

func factTag(name string) pagecache.Tag { return pagecache.TagOf("fact", name) }

// factOf is the same on every node.
func factOf(name, value string) pagecache.Fact {
	h := uint64(14695981039346656037)
	for i := range len(value) {
		h = (h ^ uint64(value[i])) * 1099511628211
	}
	return pagecache.Fact{Tag: factTag(name), Value: h}
}

// cursor is the one query of ours that makes another page. Whatever else stands behind an address
// (utm_source …) is somebody's who counts, and the page the same.
const cursor = "before"

// keyOf is what the answer to a request is kept under: its path as it was sent, which is the page's own
// address or finds nothing, and the cursor of a list.
func keyOf(r *http.Request) string {
	path := r.URL.EscapedPath()
	if r.URL.RawQuery == "" {
		return path
	}
	if before := r.URL.Query().Get(cursor); before != "" && turnsPages(r.URL.Path) {
		return path + "?" + cursor + "=" + url.QueryEscape(before)
	}
	return path
}

// turnsPages reports whether the path is that of a list with further pages.
func turnsPages(path string) bool {
	whole, alone := strings.CutPrefix(path, page.TextPrefix)
	r := parse(whole, func(lang.Tag) bool { return true })
	switch r.kind {
	case article, section, topicPage, authorPage, correctionsPage: // an article has more if it runs live
		return r.feed == ""
	case day:
		return alone
	}
	return false
}

const (
	// late is how long what only the clock made false is sent while it is rendered anew.
	late = 10 * time.Second
	// oldest is when anything is rendered anew, whatever is known of it.
	oldest = time.Hour
	// longestAway is how long pages are sent that can't be rendered because the database is away. Then
	// another node may have withdrawn them.
	longestAway = 10 * time.Minute
)

// kept returns what is in memory and true, or nil. What was true until a moment ago is sent and
// rendered anew beside, if somebody is there to do that.
func (rd *Reader) kept(key string) *pagecache.Entry {
	e := rd.cache.Get(key)
	switch {
	case e == nil || rd.doubted(e):
		return nil
	case rd.lasting(e, 0), rd.lasting(e, late) && rd.warming.again(e):
		return e
	}
	return nil
}

// lasting reports whether the clock hasn't made the answer false for longer than that.
func (rd *Reader) lasting(e *pagecache.Entry, since time.Duration) bool {
	until := e.Until()
	return until == 0 || rd.Clock.Now().UnixMilli() < until+since.Milliseconds()
}

// doubted reports whether an answer isn't believed: nothing was heard of other nodes for too long, and it
// is older than what another node takes to hear of an act at the best of times. So however many ask, each
// page is rendered once a second then, and the bus isn't kept from the database by readers.
func (rd *Reader) doubted(e *pagecache.Entry) bool {
	return rd.doubt.Load() && time.Since(e.Born()) >= rd.believed
}

// shared answers with a page that others may have as well: rendered once for all who ask, and kept.
func (v *visit) shared(ctx context.Context) error {
	var out *body
	e, err := v.rd.cache.Do(ctx, v.key, func(ctx context.Context) (*pagecache.Page, error) {
		var err error
		began := time.Now()
		path, _, turned := strings.Cut(v.key, "?")
		if out, err = v.read(ctx); err != nil || v.own != path || out.location != "" {
			return nil, err
		}
		out.lasts(v.rd.Clock.Now().Add(oldest))
		out.seldom = out.seldom || turned
		p := v.rd.pageOf(out, &v.notes)
		p.Born = began
		return p, nil
	})
	switch {
	case err != nil:
		if e := v.rd.asBefore(v.key, err); e != nil {
			v.rd.write(v.w, v.r, e)
			return nil
		}
		return err
	case e == nil:
		v.send(out)
	default:
		v.rd.write(v.w, v.r, e)
	}
	return nil
}

// asBefore is what was in memory, while the database is away and nothing newer can be made.
func (rd *Reader) asBefore(key string, err error) *pagecache.Entry {
	if k := problem.KindOf(err); k != problem.Unavailable && k != problem.Internal {
		return nil
	}
	if rd.Bus != nil {
		if heard := rd.Bus.Heard(); !heard.IsZero() && time.Since(heard) > longestAway {
			return nil
		}
	}
	return rd.cache.Get(key)
}

var _ fastpath.Pages = (*Reader)(nil)

// Page is [fastpath.Pages.Page]: what is in memory, true, and ready in the form that is asked for. All
// else is made on the way through net/http.
func (rd *Reader) Page(r *fastpath.Request) (fastpath.Response, bool) {
	target := r.Target
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		// A query is somebody else's unless it is ours, perhaps written otherwise.
		if q := target[i+1:]; bytes.Contains(q, []byte(cursor)) || bytes.IndexByte(q, '%') >= 0 {
			return fastpath.Response{}, false
		}
		target = target[:i]
	}
	if len(target) == 0 || target[0] != '/' {
		return fastpath.Response{}, false
	}
	e := rd.cache.GetBytes(target)
	if e == nil || rd.doubted(e) || !rd.lasting(e, 0) {
		return fastpath.Response{}, false
	}
	if len(r.IfNoneMatch) > 0 {
		head, known := e.UnchangedReady(r.IfNoneMatch)
		if !known {
			return fastpath.Response{}, false
		}
		if head != nil {
			return fastpath.Response{Head: head}, true
		}
	}
	f := e.Ready(pagecache.Choose(r.AcceptEncoding))
	if f == nil {
		return fastpath.Response{}, false
	}
	return fastpath.Response{Head: f.Head, Body: f.Body}, true
}
