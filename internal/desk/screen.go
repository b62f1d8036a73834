package desk

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"depesche/internal/actor"
	"depesche/internal/assets"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/web"
)

//go:embed screens/*.html assets/icons/*.svg dist
var files embed.FS

// Dist is the folder of bundled scripts, styles and fonts.
func Dist() (fs.FS, error) { return fs.Sub(files, "dist") }

// partials are parsed into every screen; the others each define "content".
var partials = []string{"screens/layout.html", "screens/board.html", "screens/changes.html", "screens/report_cards.html", "screens/settings_frame.html"}

// screens are the templates of the desk by interface language, each parsed when it is first wanted: a
// newsroom uses two or three of the six, all screens of one weigh megabytes, and a server that nobody
// works at needs none. A test parses them all.
type screens struct {
	words  *lang.Catalogue
	assets *assets.Set
	icons  map[string]template.HTML
	files  map[string]string // by the screen's name

	mu   sync.Mutex
	base map[lang.Tag]*template.Template // the partials with the language's words bound, never executed
	set  map[screenKey]*template.Template
}

type screenKey struct {
	ui   lang.Tag
	name string
}

func loadScreens(words *lang.Catalogue, set *assets.Set) (*screens, error) {
	s := &screens{words: words, assets: set, icons: map[string]template.HTML{}, files: map[string]string{}, base: map[lang.Tag]*template.Template{}, set: map[screenKey]*template.Template{}}
	icons, err := fs.Glob(files, "assets/icons/*.svg")
	if err != nil {
		return nil, err
	}
	for _, file := range icons {
		svg, err := files.ReadFile(file)
		if err != nil {
			return nil, err
		}
		// Our own files, built in: nobody else's markup passes here.
		s.icons[strings.TrimSuffix(path.Base(file), ".svg")] = template.HTML(bytes.TrimSpace(svg)) //nolint:gosec
	}
	all, err := fs.Glob(files, "screens/*.html")
	if err != nil {
		return nil, err
	}
	for _, file := range all {
		if !contains(partials, file) {
			s.files[strings.TrimSuffix(path.Base(file), ".html")] = file
		}
	}
	return s, nil
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// screen returns a screen with the words of one language bound.
func (s *screens) screen(ui lang.Tag, name string) (*template.Template, error) {
	file, ok := s.files[name]
	if !ok {
		return nil, fmt.Errorf("no screen %q", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := screenKey{ui, name}
	if t := s.set[key]; t != nil {
		return t, nil
	}
	base, err := s.frame(ui)
	if err != nil {
		return nil, fmt.Errorf("desk screens: %w", err)
	}
	clone, err := base.Clone()
	if err != nil {
		return nil, err
	}
	if s.set[key], err = clone.ParseFS(files, file); err != nil {
		return nil, fmt.Errorf("desk screen %s: %w", file, err)
	}
	return clone, nil
}

// frame returns what every screen has around it, in one language. s.mu is held.
func (s *screens) frame(ui lang.Tag) (*template.Template, error) {
	if base := s.base[ui]; base != nil {
		return base, nil
	}
	words := s.words.In(ui)
	island, err := islandWords(words)
	if err != nil {
		return nil, err
	}
	base, err := template.New("").Funcs(template.FuncMap{
		"t":           func(key string, args ...any) string { return words.T(key, args...) },
		"asset":       s.assets.URL,
		"icon":        s.icon,
		"mark":        func(state string) (template.HTML, error) { return s.icon("state-" + state) },
		"islandWords": func() json.RawMessage { return island },
	}).ParseFS(files, partials...)
	if err != nil {
		return nil, err
	}
	s.base[ui] = base
	return base, nil
}

func (s *screens) icon(name string) (template.HTML, error) {
	svg, ok := s.icons[name]
	if !ok {
		return "", fmt.Errorf("no icon %q", name)
	}
	return svg, nil
}

// islandWords are the words that the islands say, as the JSON they read. Plural forms stay forms:
// the island chooses by Intl.PluralRules.
func islandWords(w *lang.Words) (json.RawMessage, error) {
	words := map[string]any{}
	for _, key := range w.Keys() {
		if rest, ok := strings.CutPrefix(key, "island."); ok {
			words[rest] = w.Forms(key)
		}
	}
	return json.Marshal(words)
}

// frame is what every screen has around its content.
type frame struct {
	UI, Dir, Title, Paper string
	Nav                   []navItem
	Sub                   []navItem // of the settings
	Me                    me
	Slim, Bare, Wide      bool
	Editor                bool
	Message               *message
	Errors                []fieldError
	// Live is where the page begins to listen for what happens, Story and Edition are what it shows.
	Live, Story, Edition string

	words *lang.Words
	tag   lang.Tag
	loc   *time.Location
	now   time.Time
	paper publication.Paper
}

func (f *frame) setErrors(err error) { f.Errors = fieldErrors(f.words, err) }

type navItem struct {
	Href, Icon, Word   string
	Current, Rule, Bar bool
	Count              int
	Waits              string // the count in words
}

type me struct{ ID, Name, Role, Initials string }

type message struct{ Text, Tone, Href, Link string }

type fieldError struct{ Name, Text, Label string }

// frame begins a screen: its title is a key of the catalogue or, with a leading "=", the text itself.
func (d *Desk) frame(r *http.Request, title, current string) frame {
	a := who(r)
	ui := d.uiLang(r)
	w := d.Words.In(ui)
	f := frame{UI: ui.String(), Dir: ui.Dir(), words: w, tag: ui, now: d.Clock.Now(), loc: time.UTC, Paper: "Depesche"}
	if paper, err := d.Publication.Paper(r.Context()); err == nil {
		f.paper, f.Paper = paper, paper.Name
		if paper.Location != nil {
			f.loc = paper.Location
		}
	}
	if text, ok := strings.CutPrefix(title, "="); ok {
		f.Title = text
	} else {
		f.Title = w.T(title)
	}
	f.Message = d.takeMessage(r, w)
	if a.ID == "" {
		f.Bare = true
		return f
	}
	f.Live = whoIs(r.Context()).mark.String()
	f.Me = me{ID: a.ID, Name: a.Name, Role: w.T("desk.role." + a.Role), Initials: initials(a.Name)}
	f.Nav = d.nav(a, w, current)
	d.countWaiting(&f, r)
	return f
}

func (d *Desk) nav(a actor.Actor, w *lang.Words, current string) []navItem {
	items := []navItem{
		{Href: "/desk/", Icon: "today", Word: w.T("desk.nav.today"), Bar: true},
		{Href: "/desk/stories", Icon: "stories", Word: w.T("desk.nav.stories"), Bar: true},
		{Href: "/desk/translations", Icon: "translations", Word: w.T("desk.nav.translations"), Bar: true},
		{Href: "/desk/live", Icon: "live", Word: w.T("desk.nav.live"), Bar: true},
		{Href: "/desk/reports", Icon: "flag", Word: w.T("desk.nav.reports")},
		{Href: "/desk/pictures", Icon: "pictures", Word: w.T("desk.nav.pictures")},
		{Href: "/desk/topics", Icon: "settings", Word: w.T("desk.nav.settings"), Rule: true},
	}
	for i := range items {
		items[i].Current = items[i].Href == current
	}
	return items
}

// settingsNav is the list beside the screens of the settings, by what the actor may open.
func (d *Desk) settingsNav(f *frame, r *http.Request, current string) {
	a := who(r)
	add := func(href, word string) {
		f.Sub = append(f.Sub, navItem{Href: href, Word: f.words.T(word), Current: href == current})
	}
	add("/desk/topics", "desk.nav.topics")
	add("/desk/register", "desk.nav.register")
	add("/desk/authors", "desk.nav.authors")
	add("/desk/sections", "desk.nav.sections")
	if actor.May(a, actor.EditPages, actor.Scope{}) {
		add("/desk/pages", "desk.nav.pages")
	}
	if actor.May(a, actor.EditRedirects, actor.Scope{}) {
		add("/desk/redirects", "desk.nav.redirects")
	}
	if actor.May(a, actor.EditStaff, actor.Scope{}) {
		add("/desk/staff", "desk.nav.staff")
	}
	if actor.May(a, actor.EditSettings, actor.Scope{}) {
		add("/desk/settings", "desk.nav.paper")
		add("/desk/engines", "desk.nav.engines")
	}
	if actor.May(a, actor.SeeAudit, actor.Scope{}) {
		add("/desk/audit", "desk.nav.audit")
	}
}

// show renders a screen whole before a byte is sent, so that a fault is an error page and not half
// a screen.
func (d *Desk) show(w http.ResponseWriter, _ *http.Request, status int, name string, view interface{ lang() lang.Tag }) error {
	t, err := d.screens.screen(view.lang(), name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", view); err != nil {
		return fmt.Errorf("screen %s: %w", name, err)
	}
	if m, ok := view.(interface{ message() *message }); ok && m.message() != nil {
		http.SetCookie(w, &http.Cookie{Name: messageCookie, Path: "/desk/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	return web.HTML(w, status, b.Bytes())
}

// part renders one named template of a screen, for answers to islands.
func (d *Desk) part(ui lang.Tag, screen, name string, view any) (string, error) {
	t, err := d.screens.screen(ui, screen)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, view); err != nil {
		return "", err
	}
	return b.String(), nil
}

func (f frame) lang() lang.Tag    { return f.tag }
func (f frame) message() *message { return f.Message }

// uiLang is the language of the screens: the staff member's, else the browser's.
func (d *Desk) uiLang(r *http.Request) lang.Tag {
	if a := who(r); a.UILang != "" {
		return a.UILang
	}
	return lang.Match(r.Header.Get("Accept-Language"), d.Words.Languages(), "en")
}

// fieldErrors are the sentences beside the fields that an Invalid error names, each said once. Those
// about a document that nobody has put beside fields are named by its addresses.
func fieldErrors(w *lang.Words, err error) []fieldError {
	err = documentFields(err, func(a document.Address) string { return string(a) })
	var list []fieldError
	for _, f := range problem.FieldsOf(err) {
		e := fieldError{Name: f.Name, Text: sentence(w, f.Key, f.Args)}
		if !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	if len(list) == 0 && err != nil {
		if p := asProblem(err); p != nil {
			list = append(list, fieldError{Text: w.T(p.Key, p.Args...)})
		}
	}
	return list
}

// userError says whether the error is one that the form can show beside its fields.
func userError(err error) bool {
	switch problem.KindOf(err) {
	case problem.Invalid, problem.Conflict, problem.TooMany:
		return true
	}
	return false
}

func statusOf(err error) int {
	switch problem.KindOf(err) {
	case problem.Invalid:
		return http.StatusUnprocessableEntity
	case problem.Conflict:
		return http.StatusConflict
	case problem.Forbidden:
		return http.StatusForbidden
	case problem.TooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusOK
}

type errorView struct {
	frame
	Text, Do, Ref, BackHref, BackWord string
	Typed                             []typed
}

// showError is the page of an error: what happened, whether the text is safe, what to do. An
// island that asked for JSON gets the sentence as JSON.
func (d *Desk) showError(w http.ResponseWriter, r *http.Request, status int, p *problem.Error, ref string) {
	f := d.frame(r, "desk.error.title", "")
	text := f.words.T("problem.internal", "ref", ref)
	if p != nil && p.Key != "" && problem.KindOf(p) != problem.Internal {
		text, ref = f.words.T(p.Key, p.Args...), ""
	}
	if wantsJSON(r) {
		_ = web.JSON(w, status, map[string]any{"message": text, "ref": ref})
		return
	}
	v := errorView{frame: f, Text: text, Ref: ref, BackHref: "/desk/", BackWord: f.words.T("desk.error.back")}
	v.Typed = typedIn(r)
	if status >= 500 {
		v.Do = f.words.T("desk.error.do")
	}
	if err := d.show(w, r, status, "error", v); err != nil {
		d.Log.Error("error page", "err", err)
		http.Error(w, text, status)
	}
}

func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.HasPrefix(accept, "application/json") || strings.HasPrefix(accept, "text/event-stream") || strings.HasSuffix(r.URL.Path, ".json")
}

func initials(name string) string {
	var out []rune
	for _, word := range strings.Fields(name) {
		for _, c := range word {
			out = append(out, c)
			break
		}
		if len(out) == 2 {
			break
		}
	}
	return strings.ToUpper(string(out))
}

// isClash and friends keep errors.As out of the handlers.
func as[T error](err error) (T, bool) {
	var t T
	ok := errors.As(err, &t)
	return t, ok
}
