package desk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// world is a demo newsroom behind a test server, and a browser that is signed in.
type world struct {
	*app.App
	*testing.T
	url    string
	client *http.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	cfg := config.Default(t.TempDir())
	a, err := app.NewDemo(context.Background(), cfg, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{App: a, T: t, url: srv.URL}
	w.client = w.signIn("admin@meridian.example")
	return w
}

func (w *world) signIn(email string) *http.Client {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.PostForm(w.url+"/desk/sign-in", url.Values{"email": {email}, "password": {app.DemoPassword}})
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		w.Fatalf("%s can't sign in: %d", email, res.StatusCode)
	}
	return c
}

func (w *world) get(path string) (int, string) {
	w.Helper()
	res, err := w.client.Get(w.url + path)
	return w.answer(res, err)
}

// answer reads an answer to its end.
func (w *world) answer(res *http.Response, err error) (int, string) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (w *world) post(path string, form url.Values) (int, string) {
	w.Helper()
	res, err := w.client.PostForm(w.url+path, form)
	status, body := w.answer(res, err)
	if status == http.StatusSeeOther {
		return status, res.Header.Get("Location")
	}
	return status, body
}

// upload sends a file as a browser's form does.
func (w *world) upload(path, name, content string) (int, string) {
	w.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	f, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		w.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url+path, &body)
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := w.client.Do(req)
	return w.answer(res, err)
}

// edition returns an edition of the story by its number.
func (w *world) edition(number int64, lang string) edition.Edition {
	w.Helper()
	ctx := context.Background()
	s, err := w.Stories.ByNumber(ctx, w.DB.Read(), number)
	if err != nil {
		w.Fatal(err)
	}
	list, err := w.Editions.OfStory(ctx, w.DB.Read(), s.ID)
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range list {
		if e.Lang.String() == lang {
			return e
		}
	}
	w.Fatalf("story %d has no edition in %s", number, lang)
	return edition.Edition{}
}

// fields are the names and values of a page's controls, as a browser would send them.
func fields(t *testing.T, page, action string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	out := url.Values{}
	var form *html.Node
	for n := range root.Descendants() {
		// The signing out is on every page.
		if n.Data == "form" && attr(n, "method") == "post" && attr(n, "action") != "/desk/sign-out" && (action == "" || attr(n, "action") == action) {
			form = n
			break
		}
	}
	if form == nil {
		t.Fatalf("no form for %s", action)
	}
	for n := range form.Descendants() {
		name := attr(n, "name")
		if name == "" {
			continue
		}
		switch n.Data {
		case "input":
			if typ := attr(n, "type"); (typ == "checkbox" || typ == "radio") && !has(n, "checked") || typ == "file" {
				continue
			}
			out.Add(name, attr(n, "value"))
		case "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			out.Add(name, text)
		case "select":
			for o := range n.Descendants() {
				if o.Data == "option" && has(o, "selected") {
					out.Add(name, attr(o, "value"))
				}
			}
		}
	}
	return out
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// alive finds what would run in a page: scripts of its own, handlers, addresses that are code.
func alive(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if kind := attr(n, "type"); n.Data == "script" && attr(n, "src") == "" && kind != "application/json" && kind != "application/ld+json" {
			return "a script"
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(value, "javascript:") {
				return n.Data + " " + a.Key + "=" + a.Val
			}
		}
	}
	return ""
}

// naughty reads the strings that break programs, or some of the worst where the list isn't here.
func naughty(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "nasty", "blns.json"))
	if err != nil {
		return []string{"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{.}}", "'; DROP TABLE story; --", "\u202eabc", "👩‍👩‍👧", "%00", "\x00", strings.Repeat("x", 100_000)}
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return append(list, "\x00", "a\r\nb", strings.Repeat("ы", 50_000))
}

// TestDesk walks through one demo newsroom: telling its stories anew for each test would cost minutes.
func TestDesk(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct {
		name string
		do   func(*testing.T, *world)
	}{
		{"a refused form keeps what was typed", refusedFormKeepsWhatWasTyped},
		{"a refused text says why", refusedTextsSayWhy},
		{"the form of a password names the account", passwordFormNamesTheAccount},
		{"a stale tab", staleTab},
		{"what needs somebody", whatNeedsSomebody},
		{"what is due comes first", whatIsDueComesFirst},
		{"deleting asks first", deletingAsksFirst},
		{"a correction is seen on the board", aCorrectionIsSeenOnTheBoard},
		{"the original changes meanwhile", theOriginalChangesMeanwhile},
		{"one press for all languages", onePressForAllLanguages},
		{"what is ready goes out from its rows", whatIsReadyGoesOutFromItsRows},
		{"the original is rebuilt meanwhile", theOriginalIsRebuilt},
		{"pages hear what happens", pagesHearWhatHappens},
		{"what changed comes anew", whatChangedComesAnew},
		{"the rows know more", theRowsKnowMore},
		{"different on purpose", differentOnPurpose},
		{"sources and credit", sourcesAndCredit},
		{"topics are found and joined", topicsAreFoundAndJoined},
		{"names are proposed and approved", namesAreProposedAndApproved},
		{"administrators see who did what", administratorsSeeWhoDidWhat},
		{"old addresses are seen", oldAddressesAreSeen},
		{"roles are held", rolesAreHeld},
		{"the memory is looked up", theMemoryIsLookedUp},
		{"nobody comes in without signing in", nobodyComesInWithoutSigningIn},
		{"strangers' pages can't post", strangersPagesCannotPost},
		{"engines are set up", enginesAreSetUp},
		{"nothing can go", nothingCanGo},
		{"a change is weighed", aChangeIsWeighed},
		{"readers report", readersReport},
		{"editions are begun together", editionsAreBegunTogether},
		{"translations are taken", translationsAreTaken},
		{"engines are compared", enginesAreCompared},
		{"translated elsewhere", translatedElsewhere},
		{"an entry is written", anEntryIsWritten},
		{"an entry is corrected", anEntryIsCorrected},
		{"an entry is settled", anEntryIsSettled},
		{"an entry is translated", anEntryIsTranslated},
		{"an entry is withdrawn", anEntryIsWithdrawn},
		{"an entry is sent again", anEntryIsSentAgain},
		{"an entry is gone", anEntryIsGone},
		{"an older page is kept", anOlderPageIsKept},
		{"a story runs live and ends", aStoryRunsAndEnds},
		{"rights are held", rightsAreHeld},
		{"every form takes naughty strings", everyFormTakesNaughtyStrings},
	} {
		t.Run(step.name, func(t *testing.T) {
			inner := *w
			inner.T, inner.client = t, w.signIn("admin@meridian.example")
			step.do(t, &inner)
		})
	}
}

// everyFormTakesNaughtyStrings posts each string into every text field of every form: nothing breaks,
// nothing comes back that would run, and a refused form still holds what was typed.
func everyFormTakesNaughtyStrings(t *testing.T, w *world) {
	ed := w.edition(1, "de")
	edPath := "/desk/editions/" + string(ed.ID)
	forms := []struct{ page, action string }{
		{"/desk/stories/new", "/desk/stories/new"}, {"/desk/stories/1", "/desk/stories/1"}, {"/desk/stories/1/sources/new", ""},
		{"/desk/sections/new", "/desk/sections/new"}, {"/desk/topics/new", "/desk/topics/new"}, {"/desk/register/new", "/desk/register/new"}, {"/desk/authors/new", "/desk/authors/new"},
		{"/desk/pages/new", "/desk/pages/new"}, {"/desk/redirects", "/desk/redirects"}, {"/desk/staff/new", "/desk/staff/new"}, {"/desk/engines/new?kind=apertium-apy", "/desk/engines/new"}, {edPath, edPath}, {edPath + "/translate", edPath + "/units"},
		{"/desk/stories/1/release?act=correct", "/desk/stories/1/release"}, {"/desk/sign-in", "/desk/sign-in"},
	}
	list := naughty(t)
	for _, f := range forms {
		t.Run(strings.Trim(strings.ReplaceAll(f.page, "/", "_"), "_"), func(t *testing.T) {
			status, page := w.get(f.page)
			if status != http.StatusOK {
				t.Fatalf("%d", status)
			}
			action := f.action
			if action == "" {
				action, _, _ = strings.Cut(f.page, "?")
			}
			typed := fields(t, page, f.action)
			var names []string
			for name := range typed {
				switch name {
				case "version", "base", "block", "token", "act", "lang", "kind", "edition", "from", "next", "ui", "role", "zone", "main", "key":
				default:
					if prefix, _, _ := strings.Cut(name, "."); !slices.Contains([]string{"version", "move", "was", "rev"}, prefix) {
						names = append(names, name)
					}
				}
			}
			slices.Sort(names)
			// Each string goes into one field of the form; another into the next.
			for i := 0; i < len(list); i += len(names) {
				form := maps.Clone(typed)
				for k, name := range names {
					form[name] = []string{list[(i+k)%len(list)]}
				}
				status, body := w.post(action, form)
				if status >= 500 {
					t.Fatalf("%q: %d", list[i], status)
				}
				if m := alive(t, body); status != http.StatusSeeOther && m != "" {
					t.Fatalf("%q came back alive: %s", list[i], m)
				}
			}
		})
	}
	for _, page := range []string{"/desk/", "/desk/stories", "/desk/topics", "/desk/authors", "/desk/sections", "/desk/staff", "/desk/stories/1", edPath, edPath + "/translate", edPath + "/revisions", edPath + "/preview", "/de/", "/de/feed.rss", "/sitemap.xml"} {
		status, body := w.get(page)
		if status != http.StatusOK {
			t.Errorf("%s answers %d after all that", page, status)
		}
		if m := alive(t, body); !strings.HasSuffix(page, ".rss") && !strings.HasSuffix(page, ".xml") && m != "" {
			t.Errorf("%s: %s", page, m)
		}
	}
}

// refusedFormKeepsWhatWasTyped looks at the form that comes back.
func refusedFormKeepsWhatWasTyped(t *testing.T, w *world) {
	status, body := w.post("/desk/stories/1/sources/new", url.Values{"name": {"Le „Monde“ <b>"}, "kind": {"paper"}, "url": {"javascript:alert(1)"}, "claim.de": {"Was es heißt"}})
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("answered %d", status)
	}
	again := fields(t, body, "")
	if again.Get("name") != "Le „Monde“ <b>" || again.Get("url") != "javascript:alert(1)" || again.Get("claim.de") != "Was es heißt" {
		t.Errorf("the form came back as %v", again)
	}
	if !strings.Contains(body, `id="url-error"`) {
		t.Error("the error doesn't stand beside its field")
	}
}

// staleTab saves from two tabs without a script: disjoint changes merge, the same block shows both texts.
func staleTab(t *testing.T, w *world) {
	ed := w.edition(1, "de")
	path := "/desk/editions/" + string(ed.ID)
	_, page := w.get(path)
	mine, theirs := fields(t, page, path), fields(t, page, path)
	b1, b2 := "block."+string(ed.Doc.Blocks[0].ID), "block."+string(ed.Doc.Blocks[1].ID)
	theirs.Set(b1, "Ihr Absatz.")
	if status, body := w.post(path, theirs); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	mine.Set(b2, "Mein Absatz.")
	if status, _ := w.post(path, mine); status != http.StatusSeeOther {
		t.Fatalf("disjoint changes weren't merged: %d", status)
	}
	now := w.edition(1, "de").Doc
	if now.Blocks[0].Text.Plain() != "Ihr Absatz." || now.Blocks[1].Text.Plain() != "Mein Absatz." {
		t.Fatalf("merged to %q, %q", now.Blocks[0].Text.Plain(), now.Blocks[1].Text.Plain())
	}
	mine.Set(b1, "Mein erster Absatz.")
	status, body := w.post(path, mine)
	if status != http.StatusConflict || !strings.Contains(body, "Ihr") || !strings.Contains(body, "erster") {
		t.Fatalf("the clash isn't shown: %d", status)
	}
	choose := fields(t, body, path+"/resolve")
	choose.Set("clash.0", "both")
	if status, where := w.post(path+"/resolve", choose); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, where)
	}
	text := document.Markdown(w.edition(1, "de").Doc.Blocks)
	if !strings.Contains(text, "Ihr Absatz.") || !strings.Contains(text, "Mein erster Absatz.") {
		t.Errorf("a text got lost:\n%s", text)
	}
}

// rolesAreHeld tries acts that a role may not do; nothing must happen.
func rolesAreHeld(t *testing.T, w *world) {
	ed := w.edition(1, "de")
	before := w.edition(1, "de")
	for email, tries := range map[string][]struct {
		path string
		form url.Values
	}{
		"translator@meridian.example": {
			{"/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"x"}}}, {"/desk/stories/1/release", url.Values{"act": {"withdraw"}, "edition": {string(ed.ID)}, "text." + string(ed.ID): {"x"}}},
			{"/desk/staff/new", url.Values{"name": {"x"}, "email": {"x@example.org"}, "role": {"admin"}, "password": {"long enough it is"}}}, {"/desk/settings", url.Values{"name": {"x"}}},
		},
		"advertising@meridian.example": {
			{"/desk/stories/new", url.Values{"lang": {"de"}}}, {"/desk/editions/" + string(ed.ID), url.Values{"base": {"1"}, "headline": {"x"}}},
			{"/desk/editions/" + string(ed.ID) + "/save.json", url.Values{"base": {"1"}, "doc": {`{"headline":"x","blocks":[]}`}}},
		},
		"reporter@meridian.example": {
			{"/desk/sections/new", url.Values{"name.de": {"x"}}}, {"/desk/stories/1/release", url.Values{"act": {"minor"}, "edition": {string(ed.ID)}}},
		},
	} {
		w.client = w.signIn(email)
		for _, try := range tries {
			status, _ := w.post(try.path, try.form)
			if status == http.StatusOK || status >= 500 || status == http.StatusSeeOther && !strings.HasPrefix(try.path, "/desk/editions/") {
				t.Errorf("%s: %s answered %d", email, try.path, status)
			}
		}
	}
	if after := w.edition(1, "de"); after.Version != before.Version {
		t.Errorf("the edition changed: version %d to %d", before.Version, after.Version)
	}
}

func nobodyComesInWithoutSigningIn(t *testing.T, w *world) {
	w.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/desk/", "/desk/stories", "/desk/stories/1", "/desk/settings", "/desk/nothing", "/desk/editions/x/save.json"} {
		res, err := w.client.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusSeeOther && res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func strangersPagesCannotPost(t *testing.T, w *world) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.url+"/desk/stories/new", strings.NewReader("lang=de"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("answered %d", res.StatusCode)
	}
}
