// Package reader is the public site: it finds out what an address is the address of, has the page
// made, and sends it in the smallest form that the browser takes. It opens no write transaction and
// knows no session.
//
// Every page is made from the database as it is when the page is asked for, in one snapshot, so that
// what was published, corrected or withdrawn is seen by the next reader on every node. What is kept
// is compressed forms, by the hash of what they are the forms of: these can't go stale.
package reader

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/page"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/topic"
	"depesche/internal/web"
)

// Deps is what the reader is built from.
type Deps struct {
	DB          *db.DB
	Clock       clock.Clock
	Log         *slog.Logger
	Pages       *page.Pages
	Publication *publication.Service
	People      *people.Service
	Topics      *topic.Service
	Media       *media.Service
	Editions    *edition.Service
	Corrections *correction.Service
	Placards    *page.Placards
	// Data is the folder that must be writable for the node to be well; "" is not looked at.
	Data string
}

// reader serves the public site.
type reader struct {
	Deps
	assets http.Handler
	forms  *forms
	disk   disk
}

// New returns the handler of everything but the desk. It answers for each host alike: addresses come
// from the paper's settings, never from a request.
func New(d Deps) http.Handler {
	if d.Clock == nil {
		d.Clock = clock.System
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return web.SecurityHeaders(basePolicy, &reader{Deps: d, assets: d.Pages.Assets().Handler(), forms: newForms(formsBudget)})
}

// ServeHTTP answers every request with something: a page, a redirect, or why there is neither.
func (rd *reader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	v := &visit{rd: rd, w: w, r: r}
	v.textAlone()
	defer v.rescue()
	if err := v.answer(r.Context()); err != nil {
		v.fail(err)
	}
}

// visit is one request.
type visit struct {
	rd    *reader
	w     http.ResponseWriter
	r     *http.Request
	route route
	alone bool               // the page as text alone is asked for
	q     db.Conn            // the snapshot, while there is one
	paper *publication.Paper // nil until it is read
	site  *page.Site         // of the route's language, nil until it is read
}

// answer finds who answers. What needs no paper is there before it is set up, and when the database
// is away.
func (v *visit) answer(ctx context.Context) error {
	v.route = parse(v.r.URL.Path, func(lang.Tag) bool { return false })
	if v.alone && v.route.kind != unknown && v.route.kind != root {
		return errMissing // of files there is one form
	}
	switch v.route.kind {
	case assetFile:
		v.asset()
		return nil
	case mediaFile:
		return v.media(ctx)
	case placardFile:
		return v.placard(ctx)
	case health:
		return v.health(ctx)
	case icon:
		return v.icon()
	}
	var out *body
	err := v.rd.DB.Snapshot(ctx, func(q db.Conn) error {
		v.q = q
		var err error
		out, err = v.make(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if v.alone && strings.HasPrefix(out.location, "/") && !strings.HasPrefix(out.location, "/desk/") {
		out.location = page.TextPath(out.location)
	}
	return v.send(out)
}

// textAlone takes the prefix of pages of text alone off the address: behind it all is as without it.
func (v *visit) textAlone() {
	rest, ok := strings.CutPrefix(v.r.URL.Path, page.TextPrefix)
	if !ok || rest != "" && rest[0] != '/' {
		return
	}
	u := *v.r.URL
	u.Path, u.RawPath = "/"+strings.TrimPrefix(rest, "/"), strings.TrimPrefix(u.RawPath, page.TextPrefix)
	v.r = v.r.WithContext(v.r.Context())
	v.r.URL, v.alone = &u, true
}

// siteOf is what the pages in l have in common, in the form that is asked for.
func (v *visit) siteOf(ctx context.Context, q db.Conn, paper publication.Paper, l lang.Tag) (*page.Site, error) {
	site, err := v.rd.Pages.SiteOf(ctx, q, paper, l)
	if err != nil || !v.alone {
		return site, err
	}
	return site.AsText(), nil
}

// make makes what the address asks for.
func (v *visit) make(ctx context.Context) (*body, error) {
	paper, err := v.rd.Publication.PaperIn(ctx, v.q)
	if page.IsMissing(err) {
		switch v.route.kind {
		case robots, sitemap, sitemapPart, newsSitemap, worker:
			// A crawler that came early must neither take the desk for these files nor forget the paper.
			return nil, problem.Wrap(problem.Unavailable, "problem.unavailable", err)
		}
		// Until somebody sets the paper up there is nothing to read; the desk asks its questions.
		return &body{status: http.StatusTemporaryRedirect, location: "/desk/"}, nil
	}
	if err != nil {
		return nil, err
	}
	v.paper = &paper
	v.route = parse(v.r.URL.Path, func(l lang.Tag) bool { _, ok := paper.Language(l); return ok })
	switch v.route.kind {
	case robots:
		return v.robots(), nil
	case manifest:
		return v.manifest(ctx)
	case worker:
		return v.worker()
	case root:
		return v.root(ctx)
	case sitemap:
		return v.sitemap(ctx)
	case sitemapPart:
		return v.sitemapPart(ctx)
	case newsSitemap:
		return v.newsSitemap(ctx)
	case unknown:
		return v.moved(ctx)
	}
	if v.alone && v.route.feed != "" {
		return nil, errMissing
	}
	if v.site, err = v.siteOf(ctx, v.q, paper, v.route.lang); err != nil {
		return nil, err
	}
	out, err := v.made(ctx)
	if page.IsMissing(err) && v.route.feed == "" {
		return v.moved(ctx)
	}
	return out, err
}

func (v *visit) made(ctx context.Context) (*body, error) {
	switch v.route.kind {
	case article:
		return v.article(ctx)
	case front:
		return v.front(ctx)
	case section:
		return v.section(ctx)
	case topicPage:
		return v.topic(ctx)
	case authorPage:
		return v.author(ctx)
	case archive:
		return v.archive(ctx)
	case day:
		return v.day(ctx)
	case correctionsPage:
		return v.corrections(ctx)
	case kept:
		return v.kept()
	}
	return v.static(ctx)
}
