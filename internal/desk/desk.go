// Package desk is the back office: where journalists write, translate, check and release. It parses
// forms, calls one operation of a room, and answers with a page or a redirect; it decides nothing.
//
// Every screen works as a plain form. The islands (the editor, the translation rows, the crop)
// are custom elements that save through the same routes and may fail alone.
package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"depesche/internal/actor"
	"depesche/internal/assets"
	"depesche/internal/blob"
	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/memory"
	"depesche/internal/page"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/register"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// Deps are the rooms and tools that the desk shows.
type Deps struct {
	DB          *db.DB
	Clock       clock.Clock
	Log         *slog.Logger
	Words       *lang.Catalogue
	Assets      *assets.Set
	Blobs       blob.Store
	Publication *publication.Service
	People      *people.Service
	Topics      *topic.Service
	Media       *media.Service
	Stories     *story.Service
	Editions    *edition.Service
	Releases    *release.Service
	Corrections *correction.Service
	Translate   *translate.Service
	Register    *register.Service
	Memory      *memory.Service
	Coverage    *live.Service
	Engines     *engine.Service
	Pages       *page.Pages
	// Bus tells what happens here and on other nodes; it must not run yet.
	Bus *events.Bus
	// MaxUpload bounds a picture's file, in bytes.
	MaxUpload int64
	// DemoAccounts are shown at the sign-in of the demo paper. Empty everywhere else.
	DemoAccounts []DemoAccount
}

// DemoAccount is a sign-in of the demo paper, shown to whoever asks.
type DemoAccount struct{ Role, Name, Email, Password string }

// Desk serves everything under /desk/.
type Desk struct {
	Deps
	screens *screens
	site    *web.Site
	mux     *http.ServeMux
	live    *hub
	asked   *web.Limiter // how often a person has engines asked
}

// New builds the desk. It fails if a template doesn't parse.
func New(deps Deps) (*Desk, error) {
	d := &Desk{Deps: deps, mux: http.NewServeMux(), live: newHub(time.Now), asked: web.NewLimiter(deps.Clock, 0.5, 30, 1000)}
	deps.Bus.Listen(liveKinds, d.live.hear)
	var err error
	if d.screens, err = loadScreens(deps.Words, deps.Assets); err != nil {
		return nil, err
	}
	d.site = &web.Site{Log: deps.Log, ErrorPage: d.showError}
	d.routes()
	return d, nil
}

// Handler serves the desk with its security headers; it expects paths that begin with /desk/.
func (d *Desk) Handler() http.Handler {
	const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; manifest-src 'self'"
	var h http.Handler = d.mux
	h = web.CrossOrigin(h)
	h = web.SecurityHeaders(csp, h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		h.ServeHTTP(w, r)
	})
}

type actorKey struct{}

// signedIn is what a request knows of the one who made it.
type signedIn struct {
	actor.Actor
	token string
	mark  mark // where the hub stood when the request came: a page shows all that was told before
}

func who(r *http.Request) actor.Actor { return whoIs(r.Context()).Actor }

func whoIs(ctx context.Context) signedIn {
	s, _ := ctx.Value(actorKey{}).(signedIn)
	return s
}

// handle registers a screen for those who are signed in.
func (d *Desk) handle(pattern string, h web.Handler) {
	d.mux.Handle(pattern, d.guard(d.site.Handle(h)))
}

// open registers a screen for everyone.
func (d *Desk) open(pattern string, h web.Handler) { d.mux.Handle(pattern, d.site.Handle(h)) }

// allow answers problem.Forbidden unless the actor may do act in scope.
func allow(r *http.Request, act actor.Act, scope actor.Scope) error {
	if actor.May(who(r), act, scope) {
		return nil
	}
	return problem.New(problem.Forbidden, "problem.forbidden")
}

func asProblem(err error) *problem.Error {
	var p *problem.Error
	if errors.As(err, &p) {
		return p
	}
	return nil
}
