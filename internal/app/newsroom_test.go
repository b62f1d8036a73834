package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
)

const (
	newsPassword = "between the lines"
	adminMail    = "admin@vesti.example"
	chiefMail    = "chief@vesti.example"
)

// newsroom is a paper that runs: in Ukrainian, German, English and Russian, with an administrator and a
// chief editor.
type newsroom struct {
	*App
	t   *testing.T
	url string
}

// opened starts a newsroom on a database that was just made.
func opened(t *testing.T, o db.Options) *newsroom {
	t.Helper()
	cfg := config.Default(t.TempDir())
	if o.URL != "" {
		cfg.Database = o.URL
	}
	cfg.Addr = "127.0.0.1:0"
	a, err := New(t.Context(), cfg, quiet(), Options{Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	n := &newsroom{App: a, t: t}
	n.run()
	n.found()
	return n
}

// run serves until the test ends.
func (n *newsroom) run() {
	n.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(n.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	n.url = "http://" + l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx, l, nil) }()
	n.t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			n.t.Error(err)
		}
		if err := n.Close(); err != nil {
			n.t.Error(err)
		}
	})
}

func (n *newsroom) found() {
	n.t.Helper()
	ctx, sys := n.t.Context(), actor.System("test")
	must := func(err error) {
		n.t.Helper()
		if err != nil {
			n.t.Fatal(err)
		}
	}
	must(n.DB.Write(ctx, func(tx *db.Tx) error {
		if err := n.Publication.SetUp(ctx, tx, publication.Setup{Name: "Вісті", Languages: []lang.Tag{"uk", "de", "en", "ru"}, MainLang: "uk", TimeZone: "Europe/Kyiv", BaseURL: n.url}); err != nil {
			return err
		}
		_, err := n.People.FirstAdmin(ctx, tx, people.NewStaff{Name: "Ada Admin", Email: adminMail, Password: newsPassword, UILang: "en"})
		return err
	}))
	_, err := n.People.CreateStaff(ctx, sys, people.NewStaff{Name: "Carla Chief", Email: chiefMail, Role: actor.Chief, Password: newsPassword, UILang: "en"})
	must(err)
	names := func(uk, other string) map[lang.Tag]publication.Name {
		return map[lang.Tag]publication.Name{"uk": {Name: uk, Slug: other}, "de": {Name: other, Slug: other}, "en": {Name: other, Slug: other}, "ru": {Name: uk, Slug: other}}
	}
	_, err = n.Publication.SaveSection(ctx, sys, publication.Section{Active: true, Names: names("Край", "land")})
	must(err)
	who := map[lang.Tag]people.AuthorName{}
	for l, name := range map[lang.Tag]string{"uk": "Олена Рибак", "de": "Olena Rybak", "en": "Olena Rybak", "ru": "Елена Рыбак"} {
		who[l] = people.AuthorName{Name: name, Slug: "olena-rybak"}
	}
	_, err = n.People.SaveAuthor(ctx, sys, people.Author{Active: true, Names: who})
	must(err)
}

// browser is somebody who is signed in at the desk.
type browser struct {
	*newsroom
	client *http.Client
}

func (n *newsroom) signIn(email string) *browser {
	n.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		n.t.Fatal(err)
	}
	b := &browser{n, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	b.sends("/desk/sign-in", url.Values{"email": {email}, "password": {newsPassword}})
	return b
}

func (b *browser) answer(res *http.Response, err error) (int, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if res.StatusCode == http.StatusSeeOther {
		return res.StatusCode, res.Header.Get("Location")
	}
	return res.StatusCode, string(body)
}

// sees is a page that must be there.
func (b *browser) sees(path string) string {
	b.t.Helper()
	status, body := b.answer(b.client.Get(b.url + path))
	if status != http.StatusOK {
		b.t.Fatalf("%s answers %d\n%s", path, status, said(body))
	}
	return body
}

func (b *browser) post(path string, form url.Values) (int, string) {
	b.t.Helper()
	return b.answer(b.client.PostForm(b.url+path, form))
}

// sends is a form that must be taken; it returns where that leads.
func (b *browser) sends(path string, form url.Values) string {
	b.t.Helper()
	status, to := b.post(path, form)
	if status != http.StatusSeeOther {
		b.t.Fatalf("%s with %v answers %d\n%s", path, form, status, said(to))
	}
	return to
}

// asks is an island's request that must be answered.
func (b *browser) asks(path string, form url.Values) map[string]any {
	b.t.Helper()
	status, body := b.post(path, form)
	var out map[string]any
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != http.StatusOK {
		b.t.Fatalf("%s with %v answers %d %v\n%s", path, form, status, err, body)
	}
	return out
}

// uploads sends a file.
func (b *browser) uploads(path, name, content string) string {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err = io.WriteString(part, content); err != nil {
		b.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		b.t.Fatal(err)
	}
	status, page := b.answer(b.client.Post(b.url+path, m.FormDataContentType(), &body))
	if status != http.StatusOK {
		b.t.Fatalf("%s answers %d\n%s", path, status, said(page))
	}
	return page
}

// until waits for what a job does; whatever happens in the house wakes it.
func (b *browser) until(what string, holds func() bool) {
	b.t.Helper()
	woken, end := b.DB.Signals("events")
	defer end()
	late := time.After(time.Minute)
	for !holds() {
		select {
		case <-woken:
		case <-late:
			b.t.Fatalf("never happened: %s", what)
		}
	}
}

// said is the text of a page.
func said(page string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return page
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && (n.Parent == nil || !slices.Contains([]string{"script", "style"}, n.Parent.Data)) {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// alive finds what would run in a page besides the house's own scripts.
func alive(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data == "script" && n.Type == html.ElementNode && attribute(n, "src") == "" && !strings.HasSuffix(attribute(n, "type"), "json") {
			return "script"
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				return n.Data + " " + a.Key
			}
		}
	}
	return ""
}

// controls are what a browser would send of the page's form.
func controls(t *testing.T, page, action string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	has := func(n *html.Node, key string) bool {
		return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
	}
	out := url.Values{}
	for form := range root.Descendants() {
		if form.Data != "form" || attribute(form, "method") != "post" || attribute(form, "action") != action {
			continue
		}
		for n := range form.Descendants() {
			name := attribute(n, "name")
			switch {
			case name == "" || has(n, "disabled"):
			case n.Data == "input":
				if kind := attribute(n, "type"); kind != "file" && (kind != "checkbox" && kind != "radio" || has(n, "checked")) {
					out.Add(name, attribute(n, "value"))
				}
			case n.Data == "textarea":
				text := ""
				if n.FirstChild != nil {
					text = strings.TrimPrefix(n.FirstChild.Data, "\n")
				}
				out.Add(name, text)
			case n.Data == "select":
				for o := range n.Descendants() {
					if o.Data == "option" && has(o, "selected") {
						out.Add(name, attribute(o, "value"))
					}
				}
			}
		}
		return out
	}
	t.Fatalf("no form for %s", action)
	return nil
}
