// Package reader is the public site: it finds out what an address is the address of, has the page
// made, and sends it in the smallest form that the browser takes. It opens no write transaction and
// knows no session.
//
// A page is made from the database in one snapshot, which is noted thing by thing, and kept in memory
// until one of these is changed: invalidate.go has the table of what makes what false. What an act of
// this node made false is gone before the act is acknowledged; what another node did, within a second.
package reader

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/page"
	"depesche/internal/pagecache"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/stream"
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
	Live        *live.Service
	// Streams bounds the connections of open pages of running stories.
	Streams stream.Options
	// Data is the folder that must be writable for the node to be well; "" is not looked at.
	Data string
	// Bus tells what other nodes did; nil: there are none.
	Bus *events.Bus
	// CacheBytes is how much is kept in memory; 0: DefaultCache.
	CacheBytes int64
	// CacheDir is where it is noted what is read much, for the next start; "": nowhere.
	CacheDir string
	// Front is what stands in front of this server and keeps pages by itself; nil: nothing that can be
	// told to forget.
	Front Front
}

// DefaultCache is how many bytes of pages are kept if nobody says otherwise: some 3,000 stories.
const DefaultCache = 48 << 20

// Reader serves the public site.
type Reader struct {
	Deps
	assets  http.Handler
	cache   *pagecache.Cache
	reports reports
	streams *stream.Hub // of open pages of running stories; nil: none run
	disk    disk
	rest    http.Handler // what isn't kept

	heard      heard
	forgetting sync.Mutex
	warming    warming
	doubt      atomic.Bool   // nothing was heard from the bus for too long
	believed   time.Duration // how long an answer is believed in doubt
}

// EndStreams ends the connections of open pages of running stories, so that a server that stops needn't wait for
// them.
func (rd *Reader) EndStreams() {
	if rd.streams != nil {
		rd.streams.Close()
	}
}

// New returns the handler of everything but the desk. It answers for each host alike: addresses come
// from the paper's settings, never from a request.
func New(d Deps) *Reader {
	rd := deaf(d)
	rd.listen()
	if d.Live != nil && d.Bus != nil {
		rd.streams = stream.New(d.Streams)
		d.Bus.Listen(liveKinds, rd.hear)
	}
	return rd
}

// deaf is a reader that hears of nothing: only for one that keeps nothing either.
func deaf(d Deps) *Reader {
	if d.Clock == nil {
		d.Clock = clock.System
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.CacheBytes <= 0 {
		d.CacheBytes = DefaultCache
	}
	rd := &Reader{Deps: d, assets: d.Pages.Assets().Handler(), cache: pagecache.New(d.CacheBytes), believed: time.Second, reports: reports{clock: d.Clock}}
	rd.rest = web.SecurityHeaders(basePolicy, http.HandlerFunc(rd.visit))
	return rd
}

// ServeHTTP answers every request with something: a page, a redirect, or why there is neither.
func (rd *Reader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if e := rd.kept(keyOf(r)); e != nil {
			web.OnlyHTTPS(w, r)
			rd.write(w, r, e)
			return
		}
	}
	rd.rest.ServeHTTP(w, r)
}

// visit answers what isn't in memory.
func (rd *Reader) visit(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(strings.TrimPrefix(r.URL.Path, page.TextPrefix), page.ReportPrefix) {
		v := &visit{rd: rd, w: w, r: r}
		v.textAlone()
		defer v.rescue()
		if err := v.report(r.Context()); err != nil {
			v.fail(err)
		}
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	v := &visit{rd: rd, w: w, r: r, key: keyOf(r)}
	v.textAlone()
	defer v.rescue()
	if err := v.answer(r.Context()); err != nil {
		v.fail(err)
	}
}

// visit is one request.
type visit struct {
	rd    *Reader
	w     http.ResponseWriter
	r     *http.Request
	route route
	key   string             // what the answer is kept under
	alone bool               // the page as text alone is asked for
	own   string             // the page's address, if the request came to it: others may have the page then
	notes notes              // what was read
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
	if r, ok := liveRoute(v.r.URL.Path); ok {
		v.route = r
		return v.live(ctx)
	}
	if v.route.kind == root || v.route.kind == manifest { // by the browser's languages
		out, err := v.read(ctx)
		if err == nil {
			v.send(out)
		}
		return err
	}
	return v.shared(ctx)
}

// read makes the answer from one state of the database. That a story was withdrawn is an answer too.
func (v *visit) read(ctx context.Context) (out *body, err error) {
	err = v.rd.DB.Snapshot(ctx, func(q db.Conn) error {
		v.q = db.Noted(q, &v.notes)
		out, err = v.make(ctx)
		if gone, ok := page.GoneOf(err); ok && v.site != nil {
			out, err = v.withdrawn(ctx, gone)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.site != nil {
		out.lasts(v.site.Until())
	}
	if v.alone && strings.HasPrefix(out.location, "/") && !strings.HasPrefix(out.location, "/desk/") {
		out.location = page.TextPath(out.location)
	}
	return out, nil
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
		v.fixed("/robots.txt")
		return v.robots(), nil
	case manifest:
		return v.manifest(ctx)
	case worker:
		return v.worker()
	case root:
		return v.root(ctx)
	case sitemap:
		v.fixed("/sitemap.xml")
		return v.sitemap(ctx)
	case sitemapPart:
		v.fixed("/sitemap-" + strconv.Itoa(v.route.part) + ".xml")
		return v.sitemapPart(ctx)
	case newsSitemap:
		v.fixed("/sitemap-news.xml")
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
	case liveEntry:
		return v.liveEntry(ctx)
	case liveFeed:
		return v.liveFeed(ctx)
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
