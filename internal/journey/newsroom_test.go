//go:build browser

package journey

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
)

const (
	password  = "between the lines"
	adminMail = "admin@kurier.example"
	chiefMail = "chief@kurier.example"
	olesMail  = "oles@kurier.example" // translates into Ukrainian
)

// newsroom is a running house and the way to it.
type newsroom struct {
	t     *testing.T
	app   *app.App
	url   string
	line  *line
	cfg   config.Config
	build func(config.Config, *slog.Logger) (*app.App, error)
	end   func()
}

// logs goes where the test's own words go.
type logs struct{ t *testing.T }

func (l logs) Write(b []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// empty starts a newsroom that nobody has set up.
func empty(t *testing.T) *newsroom {
	t.Helper()
	cfg := config.Default(t.TempDir())
	return serve(t, cfg, func(cfg config.Config, log *slog.Logger) (*app.App, error) {
		return app.New(t.Context(), cfg, log, app.Options{Forgetful: true})
	})
}

// demo starts the demo paper.
func demo(t *testing.T) *newsroom {
	t.Helper()
	return serve(t, config.Default(t.TempDir()), func(cfg config.Config, log *slog.Logger) (*app.App, error) {
		return app.NewDemo(t.Context(), cfg, log, false, func(int, int) {})
	})
}

func serve(t *testing.T, cfg config.Config, build func(config.Config, *slog.Logger) (*app.App, error)) *newsroom {
	t.Helper()
	n := &newsroom{t: t, cfg: cfg, build: build}
	n.cfg.Addr, n.cfg.LogLevel = "127.0.0.1:0", "warn"
	n.start()
	t.Cleanup(func() { n.end() })
	return n
}

// start opens the house on its address.
func (n *newsroom) start() {
	n.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(n.t.Context(), "tcp", n.cfg.Addr)
	if err != nil {
		n.t.Fatal(err)
	}
	n.cfg.Addr = l.Addr().String()
	if n.app, err = n.build(n.cfg, n.cfg.Logger(logs{n.t})); err != nil {
		n.t.Fatal(err)
	}
	n.url, n.line = "http://"+n.cfg.Addr, &line{Listener: l, open: map[net.Conn]bool{}}
	ctx, stop := context.WithCancel(context.Background())
	a, started, ended := n.app, make(chan struct{}), make(chan error, 1)
	go func() { ended <- a.Run(ctx, n.line, func() { close(started) }) }()
	n.end = func() {
		n.line.cut() // browsers keep connections open that no request is on
		stop()
		if err := <-ended; err != nil {
			n.t.Errorf("the newsroom ended: %v", err)
		}
		if err := a.Close(); err != nil {
			n.t.Error(err)
		}
	}
	select {
	case <-started:
	case err := <-ended:
		ended <- err
		n.t.Fatal(err)
	}
}

// restart closes the house and opens it again on the same data and address.
func (n *newsroom) restart() {
	n.t.Helper()
	n.end()
	n.start()
}

// founded starts a newsroom as one finds it on the second day: three languages, an administrator and
// a chief, a translator, a section, an author.
func founded(t *testing.T) *newsroom {
	t.Helper()
	n := empty(t)
	ctx, a := t.Context(), n.app
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Kurier", Languages: []lang.Tag{"de", "uk", "en"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: n.url}); err != nil {
			return err
		}
		_, err := a.People.FirstAdmin(ctx, tx, people.NewStaff{Name: "Ada Admin", Email: adminMail, Password: password, UILang: "en"})
		return err
	}))
	sys := actor.System("test")
	for _, s := range []people.NewStaff{
		{Name: "Carla Chief", Email: chiefMail, Role: actor.Chief, Password: password, UILang: "en"},
		{Name: "Oles Translator", Email: olesMail, Role: actor.Translator, Langs: []lang.Tag{"uk"}, Password: password, UILang: "en"},
	} {
		_, err := a.People.CreateStaff(ctx, sys, s)
		must(err)
	}
	_, err := a.Publication.SaveSection(ctx, sys, publication.Section{Active: true, Names: map[lang.Tag]publication.Name{
		"de": {Name: "Stadt", Slug: "stadt"}, "uk": {Name: "Місто", Slug: "misto"}, "en": {Name: "City", Slug: "city"},
	}})
	must(err)
	_, err = a.People.SaveAuthor(ctx, sys, people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{
		"de": {Name: "Jana Roth", Slug: "jana-roth"}, "uk": {Name: "Яна Рот", Slug: "yana-rot"}, "en": {Name: "Jana Roth", Slug: "jana-roth"},
	}})
	must(err)
	return n
}

// visitor is somebody whom nobody knows.
func (n *newsroom) visitor() *tab {
	n.t.Helper()
	return person(n.t, n.url)
}

// signedIn is somebody at the desk, through the door that all use.
func (n *newsroom) signedIn(email, password string) *tab {
	n.t.Helper()
	p := n.visitor()
	p.open("/desk/")
	p.fill("email", email)
	p.fill("password", password)
	if status := p.send(); status != http.StatusOK || p.path() != "/desk/" {
		n.t.Fatalf("sign-in: %d at %s\n%s", status, p.path(), p.where())
	}
	return p
}

func (n *newsroom) chief() *tab { n.t.Helper(); return n.signedIn(chiefMail, password) }

// get asks without a browser and follows nothing.
func (n *newsroom) get(path string) (status int, body string, head http.Header) {
	n.t.Helper()
	req, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, n.url+path, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: patience}).Do(req)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return res.StatusCode, string(raw), res.Header
}

// page is a reader's page that must be there.
func (n *newsroom) page(path string) string {
	n.t.Helper()
	status, body, _ := n.get(path)
	if status != http.StatusOK {
		n.t.Fatalf("%s answers %d\n%s", path, status, body)
	}
	return body
}

// becomes waits until a page holds a text, or holds it no longer.
func (n *newsroom) becomes(path, text string, there bool) {
	n.t.Helper()
	var body string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, body, _ = n.get(path); strings.Contains(plain.Replace(body), plain.Replace(text)) == there {
			return
		}
	}
	n.t.Fatalf("%s: %q there: %v\n%s", path, text, !there, body)
}

// line is a listener that can be cut: what is connected breaks off, and who calls hears nothing.
type line struct {
	net.Listener
	mu   sync.Mutex
	dead bool
	open map[net.Conn]bool
}

func (l *line) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		dead := l.dead
		if !dead {
			l.open[c] = true
		}
		l.mu.Unlock()
		if !dead {
			return &wire{Conn: c, line: l}, nil
		}
		_ = c.Close()
	}
}

type wire struct {
	net.Conn
	line *line
}

func (w *wire) Close() error {
	w.line.mu.Lock()
	delete(w.line.open, w.Conn)
	w.line.mu.Unlock()
	return w.Conn.Close()
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = true
	for c := range l.open {
		_ = c.Close()
	}
	clear(l.open)
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = false
}
