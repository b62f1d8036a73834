// Package app builds the house: every room from the configuration, the doors on their paths, jobs
// and listeners; it starts them and stops them in order.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"depesche/internal/assets"
	"depesche/internal/blob"
	"depesche/internal/clock"
	"depesche/internal/config"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/desk"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/engine/bergamot"
	"depesche/internal/engine/bergamot/store"
	"depesche/internal/events"
	"depesche/internal/fastpath"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/memory"
	"depesche/internal/page"
	"depesche/internal/people"
	"depesche/internal/placard"
	"depesche/internal/publication"
	"depesche/internal/purge"
	"depesche/internal/reader"
	"depesche/internal/register"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/stream"
	"depesche/internal/topic"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// App is a newsroom that is built and not yet started. Its rooms may be used by commands.
type App struct {
	Config config.Config
	Log    *slog.Logger
	Clock  clock.Clock

	DB          *db.DB
	Blobs       blob.Store
	Bus         *events.Bus
	Jobs        *jobs.Runner
	Words       *lang.Catalogue
	Publication *publication.Service
	People      *people.Service
	Topics      *topic.Service
	Media       *media.Service
	Stories     *story.Service
	Editions    *edition.Service
	Corrections *correction.Service
	Releases    *release.Service
	Translate   *translate.Service
	Register    *register.Service
	Memory      *memory.Service
	Engines     *engine.Service
	Live        *live.Service
	Pages       *page.Pages
	Placards    *page.Placards

	embedded   *bergamot.Engine
	reader     *reader.Reader
	handler    http.Handler
	proxies    []netip.Prefix
	inMemory   fastpath.Pages
	endStreams func() // of open pages
}

// Options are what a command adds to the configuration.
type Options struct {
	Clock        clock.Clock        // nil: the system's
	DemoAccounts []desk.DemoAccount // shown at the sign-in of the demo
	Forgetful    bool               // the data are thrown away at the end: don't wait for the disk
}

// New opens the database and the files and builds every room. Close it.
func New(ctx context.Context, cfg config.Config, log *slog.Logger, o Options) (*App, error) {
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if err := os.MkdirAll(cfg.Data, 0o750); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	a := &App{Config: cfg, Log: log, Clock: o.Clock}
	var err error
	if a.DB, err = db.Open(ctx, db.Options{URL: cfg.Database, Dir: cfg.Data, Clock: o.Clock, Log: log, Loose: o.Forgetful}); err != nil {
		return nil, err
	}
	if err := a.build(cfg, o); err != nil {
		return nil, errors.Join(err, a.DB.Close())
	}
	return a, nil
}

func (a *App) build(cfg config.Config, o Options) error {
	var err error
	if a.Blobs, err = blob.Folder(cfg.Files()); err != nil {
		return err
	}
	if a.Words, err = lang.LoadWords(); err != nil {
		return err
	}
	a.Bus = events.NewBus(a.DB, a.Log)
	a.Publication = publication.New(a.DB)
	a.People = people.New(a.DB, a.Publication)
	a.Topics = topic.New(a.DB, a.Publication)
	if a.Media, err = media.New(a.DB, a.Blobs, media.Options{CacheDir: cfg.Cache(), MaxBytes: cfg.MaxUpload << 20, Log: a.Log}); err != nil {
		return err
	}
	a.Stories = story.New(a.DB)
	a.Editions = edition.New(a.DB, a.Stories)
	a.Corrections = correction.New(a.DB)
	a.Translate = translate.New(a.DB, a.Editions)
	a.Register = register.New(a.DB)
	a.Memory = memory.New(a.DB)
	a.Releases = release.New(a.DB, a.Stories, a.Editions, a.Corrections, a.Publication, a.Media, a.Translate, a.Register)
	a.Live = live.New(a.DB, a.Editions, a.People, a.Releases, a.Corrections, a.Translate)
	a.embedded = bergamot.New(store.Open(store.Dir(cfg.Data)), bergamot.Options{})
	if a.Engines, err = engines(a.DB, cfg, a.embedded); err != nil {
		return err
	}
	a.Translate.With(translate.Helpers{Engines: a.Engines, Register: spelling{a.Register}, Memory: remembered{a.Memory}})
	rooms := page.Rooms{Publication: a.Publication, People: a.People, Topics: a.Topics, Media: a.Media, Editions: a.Editions, Corrections: a.Corrections, Live: a.Live}
	rooms.Placards = placard.NewFonts(cfg.Fonts(), cfg.Cache(), a.Log)
	if a.Pages, err = page.New(a.Words, rooms, o.Clock); err != nil {
		return err
	}
	drawn, err := blob.Folder(cfg.Cache())
	if err != nil {
		return err
	}
	a.Placards = page.NewPlacards(a.Pages, a.DB, drawn, a.Log)
	if a.Jobs, err = jobs.New(a.DB, a.Log); err != nil {
		return err
	}
	a.Placards.Work(a.Jobs)
	a.Media.Work(a.Jobs)
	a.Releases.Handle(a.Jobs)
	a.Translate.Handle(a.Jobs)
	a.Corrections.Handle(a.Jobs)
	return a.doors(cfg, o)
}

// doors puts the reader's site, the desk and their files on one address.
func (a *App) doors(cfg config.Config, o Options) error {
	dist, err := desk.Dist()
	if err != nil {
		return err
	}
	set, err := assets.Load(dist, "/desk/assets/")
	if err != nil {
		return err
	}
	back, err := desk.New(desk.Deps{
		DB: a.DB, Clock: a.Clock, Log: a.Log, Words: a.Words, Assets: set, Publication: a.Publication, People: a.People,
		Topics: a.Topics, Media: a.Media, Stories: a.Stories, Editions: a.Editions, Releases: a.Releases, Corrections: a.Corrections,
		Translate:    a.Translate,
		Register:     a.Register,
		Pages:        a.Pages,
		MaxUpload:    cfg.MaxUpload << 20,
		DemoAccounts: o.DemoAccounts,
		Memory:       a.Memory,
		Coverage:     a.Live,
		Engines:      a.Engines,
		Bus:          a.Bus,
	})
	if err != nil {
		return err
	}
	if cfg.KeepNothing {
		a.Pages.KeepNothing()
	}
	var front reader.Front
	if cfg.Front != "" {
		if front, err = purge.New(purge.Kind(cfg.Front), cfg.FrontURL, cfg.FrontToken); err != nil {
			return err
		}
	}
	a.reader = reader.New(reader.Deps{
		DB: a.DB, Clock: a.Clock, Log: a.Log, Pages: a.Pages, Publication: a.Publication, People: a.People, Topics: a.Topics,
		Media: a.Media, Editions: a.Editions, Corrections: a.Corrections, Placards: a.Placards, Data: cfg.Data,
		Bus: a.Bus, CacheBytes: cfg.PageCache << 20, CacheDir: cfg.Cache(), Front: front,
		Live: a.Live, Streams: stream.Options{Total: cfg.LiveTotal, Each: cfg.LiveEach, Log: a.Log},
	})
	a.inMemory = a.reader
	a.reader.Work(a.Jobs)
	a.endStreams = func() {
		back.EndStreams()
		a.reader.EndStreams()
	}
	proxies, err := cfg.Proxies()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/desk/assets/", set.Handler())
	mux.Handle("/desk/", back.Handler())
	mux.Handle("/desk", back.Handler())
	a.proxies = proxies
	a.handler = web.Behind(proxies, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The reader's addresses are its own business: a mux would clean and redirect them.
		if r.URL.Path == "/desk" || strings.HasPrefix(r.URL.Path, "/desk/") {
			mux.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == "/" && a.notReady(r.Context()) {
			http.Redirect(w, r, "/desk/setup", http.StatusSeeOther)
			return
		}
		a.reader.ServeHTTP(w, r)
	}))
	return nil
}

func (a *App) notReady(ctx context.Context) bool {
	ready, err := a.Publication.Ready(ctx)
	return err == nil && !ready
}

// Handler is the whole site.
func (a *App) Handler() http.Handler { return a.handler }

// Run serves on the listener until ctx ends, then lets requests and jobs finish for up to ten
// seconds. started is called when all is ready to answer.
func (a *App) Run(ctx context.Context, l net.Listener, started func()) error {
	return a.RunAt(ctx, Listeners{Plain: []net.Listener{l}}, started)
}

// settled is how long after its start a server has done what a start needs: screens and words are read,
// the first events too.
const settled = 2 * time.Second

// tidy gives the memory back that starting took and nothing needs any more: the collector alone would
// keep twice of what is in use for minutes.
func tidy(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(settled):
		debug.FreeOSMemory()
	}
}

// Close releases the database and what the rooms hold.
func (a *App) Close() error {
	grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := a.Media.Close(grace)
	if a.embedded != nil {
		err = errors.Join(err, a.embedded.Close(grace))
	}
	return errors.Join(err, a.DB.Close())
}

// SetupToken returns the one-time token of a paper that isn't set up yet, and "" of one that is.
func (a *App) SetupToken(ctx context.Context) (string, error) {
	ready, err := a.Publication.Ready(ctx)
	if err != nil || ready {
		return "", err
	}
	token, _, err := a.Publication.SetupToken(ctx)
	return token, err
}
