package reader

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/story"
)

// liveEntry is the page of one entry of a running story.
func (v *visit) liveEntry(ctx context.Context) (*body, error) {
	of, err := v.rd.Editions.Published(ctx, v.q, v.route.number, v.route.lang)
	if err != nil {
		return nil, err
	}
	if away, ok := v.at(page.LivePath(v.route.lang, of.Story.Number, of.Edition.Slug, v.route.entry)); !ok {
		return away, nil
	}
	view, err := v.site.LiveEntryPage(ctx, v.q, of, v.route.entry)
	if err != nil {
		return nil, err
	}
	return v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderLivePage(b, view) })
}

// entryOf leads from an entry's own number to its address.
func (v *visit) entryOf(ctx context.Context, entry story.Story) (*body, error) {
	at, err := v.rd.Editions.AddressOf(ctx, v.q, entry.LiveOf, v.route.lang)
	if err != nil {
		return nil, err
	}
	return v.redirect(http.StatusMovedPermanently, page.LivePath(v.route.lang, at.Number, at.Slug, entry.Number)), nil
}

// liveFeed is the feed of a running story's entries.
func (v *visit) liveFeed(ctx context.Context) (*body, error) {
	of, err := v.rd.Editions.Published(ctx, v.q, v.route.number, v.route.lang)
	if err != nil {
		return nil, err
	}
	path := page.ArticlePath(v.route.lang, of.Story.Number, of.Edition.Slug)
	if away, ok := v.at(page.FeedPath(path+"/", v.route.feed)); !ok {
		return away, nil
	}
	entries, err := v.site.LiveFeed(ctx, v.q, of)
	if err != nil {
		return nil, err
	}
	l := v.site.LiveListing(of)
	return v.writeFeed(l, entries, "edition")
}

// live serves what open pages of a running story are told. It has left the snapshot: a stream may last for hours.
func (v *visit) live(ctx context.Context) error {
	if v.rd.streams == nil {
		return errMissing
	}
	var of edition.Live
	err := v.rd.DB.Snapshot(ctx, func(q db.Conn) error {
		paper, err := v.rd.Publication.PaperIn(ctx, q)
		if err != nil {
			return err
		}
		if _, ok := paper.Language(v.route.lang); !ok {
			return errMissing
		}
		if of, err = v.rd.Editions.Published(ctx, q, v.route.number, v.route.lang); err != nil {
			return err
		}
		c, err := v.rd.Live.Of(ctx, q, of.Story.ID)
		if err == nil && !c.Running() {
			err = errMissing // pages of what has ended don't ask
		}
		return err
	})
	if err != nil {
		return err
	}
	t := teller{v.rd, of.Story.ID, v.route.lang}
	return v.rd.streams.Serve(v.w, v.r, clientOf(v.r), t.channel(), t.load)
}

// liveRoute reports whether the address is that of a stream, before the paper is read.
func liveRoute(path string) (route, bool) {
	if !strings.HasSuffix(path, "/live") {
		return route{}, false
	}
	r := parse(path, func(lang.Tag) bool { return true })
	return r, r.kind == liveStream
}
