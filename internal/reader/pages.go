package reader

import (
	"bytes"
	"context"
	"net/http"

	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/page"
)

// at reports whether the request came to the right address, and else where that is. A page has one
// address; whatever else leads to it is redirected, once, with its query.
func (v *visit) at(path string) (*body, bool) {
	if v.fixed(path) {
		return nil, true
	}
	return v.redirect(http.StatusMovedPermanently, path), false
}

// fixed notes whether the request came to the page's address as it is written: then it is the page
// that is kept. There are as many ways to write an address as anybody cares to think of.
func (v *visit) fixed(path string) bool {
	if v.r.URL.EscapedPath() != path {
		v.own = ""
		return false
	}
	if v.own = path; v.alone {
		v.own = page.TextPath(path)
	}
	return true
}

// redirect leads to a path of ours, and keeps what was asked.
func (v *visit) redirect(status int, path string) *body {
	if q := v.r.URL.RawQuery; q != "" && len(q) < 500 {
		path += "?" + q
	}
	return &body{status: status, location: path}
}

func (v *visit) page(f *page.Frame, render func(*bytes.Buffer) error) (*body, error) {
	var b bytes.Buffer
	if err := render(&b); err != nil {
		return nil, err
	}
	return &body{status: http.StatusOK, kind: htmlType, bytes: b.Bytes(), csp: f.CSP(), lang: v.site.Lang}, nil
}

func (v *visit) article(ctx context.Context) (*body, error) {
	live, err := v.rd.Editions.Published(ctx, v.q, v.route.number, v.route.lang)
	if err != nil {
		return nil, err
	}
	if live.Story.LiveOf != "" { // it stands on the page of another
		return v.entryOf(ctx, live.Story)
	}
	path := page.ArticlePath(v.route.lang, live.Story.Number, live.Edition.Slug)
	if away, ok := v.at(path); !ok {
		return away, nil
	}
	view, err := v.site.ArticleFrom(ctx, v.q, live, v.before())
	if err != nil {
		return nil, err
	}
	out, err := v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderArticle(b, view) })
	if err != nil {
		return nil, err
	}
	if at := live.Edition.Published; at != nil {
		out.modified = *at
	}
	if at := live.Edition.Updated; at != nil && at.After(out.modified) {
		out.modified = *at
	}
	return out, nil
}

func (v *visit) front(ctx context.Context) (*body, error) {
	if v.route.feed != "" {
		return v.feed(ctx, v.site.FrontListing())
	}
	if away, ok := v.at(page.FrontPath(v.route.lang)); !ok {
		return away, nil
	}
	view, err := v.site.Front(ctx, v.q)
	if err != nil {
		return nil, err
	}
	return v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderFront(b, view) })
}

func (v *visit) section(ctx context.Context) (*body, error) {
	sec, err := v.rd.Publication.SectionBySlug(ctx, v.q, v.route.lang, v.route.slug)
	if err != nil {
		return nil, err
	}
	l, err := v.site.SectionListing(ctx, v.q, sec)
	if err != nil {
		return nil, err
	}
	return v.list(ctx, l)
}

func (v *visit) topic(ctx context.Context) (*body, error) {
	t, err := v.rd.Topics.BySlug(ctx, v.q, v.route.lang, v.route.slug)
	if err != nil {
		return nil, err
	}
	l, err := v.site.TopicListing(ctx, v.q, t)
	if err != nil {
		return nil, err
	}
	return v.list(ctx, l)
}

func (v *visit) author(ctx context.Context) (*body, error) {
	a, err := v.rd.People.AuthorBySlug(ctx, v.q, v.route.lang, v.route.slug)
	if err != nil {
		return nil, err
	}
	l, err := v.site.AuthorListing(ctx, v.q, a)
	if err != nil {
		return nil, err
	}
	return v.list(ctx, l)
}

// list shows a page of the list, or its feed.
func (v *visit) list(ctx context.Context, l page.Listing) (*body, error) {
	if v.route.feed != "" {
		return v.feed(ctx, l)
	}
	path := l.Path(v.route.lang)
	if path == "" {
		return nil, errMissing
	}
	if away, ok := v.at(path); !ok {
		return away, nil
	}
	view, err := v.site.List(ctx, v.q, l, v.before())
	if err != nil {
		return nil, err
	}
	return v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderList(b, view) })
}

// before is the cursor of a further page of a list.
func (v *visit) before() edition.Cursor { return edition.Cursor(v.r.URL.Query().Get("before")) }

func (v *visit) archive(ctx context.Context) (*body, error) {
	path, err := v.site.NewestDay(ctx, v.q)
	if err != nil {
		return nil, err
	}
	if path == "" {
		return nil, errMissing
	}
	return v.redirect(http.StatusFound, path), nil
}

func (v *visit) day(ctx context.Context) (*body, error) {
	if away, ok := v.at(page.ArchivePath(v.route.lang) + v.route.day + "/"); !ok {
		return away, nil
	}
	view, err := v.site.Day(ctx, v.q, v.route.day, v.before())
	if err != nil {
		return nil, err
	}
	out, err := v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderList(b, view) })
	if err == nil {
		out.seldom = true
		if view.Empty != "" {
			out.status, v.own = http.StatusNotFound, "" // there are as many empty days as anyone cares to ask for
		}
	}
	return out, err
}

func (v *visit) corrections(ctx context.Context) (*body, error) {
	if v.route.feed != "" {
		return v.correctionsFeed(ctx)
	}
	if away, ok := v.at(page.CorrectionsPath(v.route.lang)); !ok {
		return away, nil
	}
	view, err := v.site.Corrections(ctx, v.q, v.before())
	if err != nil {
		return nil, err
	}
	return v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderCorrections(b, view) })
}

func (v *visit) static(ctx context.Context) (*body, error) {
	p, err := v.rd.Publication.PageBySlug(ctx, v.q, v.route.lang, v.route.slug)
	if err != nil {
		return nil, err
	}
	if away, ok := v.at(page.StaticPath(p.Lang, p.Slug)); !ok {
		return away, nil
	}
	view, err := v.site.Static(ctx, v.q, p)
	if err != nil {
		return nil, err
	}
	return v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderStatic(b, view) })
}

// root leads to the front in the reader's language, or lets her choose if she named none of ours.
func (v *visit) root(ctx context.Context) (*body, error) {
	if v.r.URL.RawQuery != "" { // an address of the system migrated from: /?p=12
		if path, err := v.target(ctx); err != nil || path != "" {
			return &body{status: http.StatusMovedPermanently, location: path}, err
		}
	}
	active, err := v.rd.Pages.Readable(ctx, v.q, *v.paper)
	if err != nil {
		return nil, err
	}
	if len(active) == 0 {
		return nil, errMissing
	}
	l := lang.Match(v.r.Header.Get("Accept-Language"), active, "")
	if len(active) == 1 {
		l = active[0]
	}
	if l != "" {
		return &body{status: http.StatusFound, location: page.FrontPath(l), vary: "Accept-Language"}, nil
	}
	if v.site, err = v.siteOf(ctx, v.q, *v.paper, v.paper.MainLang); err != nil {
		return nil, err
	}
	view := v.site.Chooser()
	out, err := v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderChooser(b, view) })
	if err == nil {
		out.vary = "Accept-Language"
	}
	return out, err
}
