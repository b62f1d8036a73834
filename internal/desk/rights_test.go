package desk_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// gates says for each route of translations, engines, memory and register which roles get past the door:
// for the others it is problem.Forbidden, or nothing happens. Roles are a letter each, see [letters].
// The translator is one into German, the reporter writes for other sections.
var gates = []struct {
	method, path string
	form         url.Values
	may          string
}{
	{"POST", "/desk/stories/{number}/changes", url.Values{"address": {"head/headline"}, "from_rev": {"1"}, "to_rev": {"99"}, "weight": {"fact"}}, "eca"},
	{"POST", "/desk/editions/{id}/aside", url.Values{"code": {"x"}, "address": {"head/headline"}, "reason": {"x"}}, "teca"},
	{"POST", "/desk/editions/{id}/assign", url.Values{"act": {"give"}}, "teca"},
	{"POST", "/desk/editions/{id}/draft", url.Values{"address": {"nowhere"}}, "teca"},
	{"GET", "/desk/editions/{id}/drafting.json", nil, "rtecva"},
	{"POST", "/desk/editions/{id}/propose.json", url.Values{"address": {"head/headline"}}, "teca"},
	{"POST", "/desk/editions/{id}/shape", url.Values{"base": {"1"}}, "teca"},
	{"GET", "/desk/editions/{id}/both", nil, "rtecva"},
	{"GET", "/desk/editions/{id}/around.json", nil, "rtecva"},
	{"GET", "/desk/editions/{id}/translate", nil, "rtecva"},
	{"GET", "/desk/editions/{id}/memory.json", nil, "rtecva"},
	{"GET", "/desk/editions/{id}/rows.json", nil, "rtecva"},
	{"POST", "/desk/editions/{id}/units.json", url.Values{"address": {"head/headline"}, "inline": {`[{"text":"x"}]`}, "act": {"confirm"}}, "teca"},
	{"GET", "/desk/editions/{id}/file", nil, "rtecva"},
	{"GET", "/desk/editions/{id}/translation.xlf", nil, "rtecva"},
	{"GET", "/desk/reports", nil, "rtecva"},
	{"POST", "/desk/reports/{report}", url.Values{"to": {"taken"}, "version": {"1"}}, "teca"},
	{"GET", "/desk/translations", nil, "rtecva"},
	{"GET", "/desk/translations/engines", nil, "eca"},
	{"GET", "/desk/memory", nil, "rteca"},
	{"POST", "/desk/memory", nil, "a"},
	{"GET", "/desk/memory.tmx", nil, "a"},
	{"GET", "/desk/memory/{unit}/delete", nil, "a"},
	{"POST", "/desk/memory/{unit}/delete", nil, "a"},
	{"GET", "/desk/register", nil, "rtecva"},
	{"GET", "/desk/register/export?format=csv", nil, "rtecva"},
	{"POST", "/desk/register/import", nil, "eca"},
	{"POST", "/desk/register/{entry}/approve", nil, "eca"},
	{"POST", "/desk/register/{entry}/delete", nil, "eca"},
	{"GET", "/desk/live", nil, "rtecva"},
	{"GET", "/desk/live/{live}", nil, "rtecva"},
	{"POST", "/desk/live/{live}", url.Values{"act": {"open"}, "version": {"0"}}, "eca"},
	{"POST", "/desk/live/{live}/entries", url.Values{"lang": {"uk"}, "text": {"x"}}, "eca"},
	{"POST", "/desk/live/{live}/entries/{post}", url.Values{"act": {"settle"}, "entry_version": {"0"}}, "eca"},
	{"POST", "/desk/stories/{live}/live", nil, "eca"},
	{"GET", "/desk/engines", nil, "a"},
	{"POST", "/desk/engines/orders", url.Values{"from": {"de"}, "to": {"uk"}}, "a"},
	{"POST", "/desk/engines/orders/remove", url.Values{"pair": {"de-uk"}}, "a"},
	{"GET", "/desk/engines/new?kind=libretranslate", nil, "a"},
	{"POST", "/desk/engines/new", url.Values{"kind": {"libretranslate"}, "name": {"x"}, "setting.endpoint": {"http://169.254.169.254/"}}, "a"},
	{"POST", "/desk/engines/{one}/move", url.Values{"by": {"1"}}, "a"},
	{"POST", "/desk/engines/{one}/leave-out", url.Values{"pair": {"de-uk"}}, "a"},
	{"POST", "/desk/engines/{one}/take-in", url.Values{"pair": {"de-uk"}}, "a"},
	{"POST", "/desk/engines/{one}/try", url.Values{"from": {"de"}, "to": {"uk"}, "sentence": {"x"}}, "a"},
	{"GET", "/desk/engines/{one}/delete", nil, "a"},
	{"POST", "/desk/engines/{one}/delete", nil, "a"},
}

var letters = map[string]string{"r": "reporter", "t": "translator", "e": "editor", "c": "chief", "v": "advertising", "a": "admin"}

// rightsAreHeld goes through [gates] with each role, without an account, and from another house's page.
func rightsAreHeld(t *testing.T, w *world) {
	e := w.edition(42, "de")
	one := func(query string) (id string) {
		if err := w.DB.Read().QueryRowContext(t.Context(), query).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	paths := strings.NewReplacer("{live}", one(`SELECT s.number FROM live l JOIN story s ON s.id = l.story_id`),
		"{post}", one(`SELECT MIN(s.number) FROM live_entry e JOIN story s ON s.id = e.story_id WHERE s.original_lang = 'uk'`),
		"{report}", string(w.reported(t, 14, "de", "head", "Falsch", "").ID), "{number}", "42", "{id}", string(e.ID), "{one}", "01m8fbv17f6zqztrnnf5g24d7p",
		"{unit}", one(`SELECT MIN(id) FROM memory_unit`), "{entry}", one(`SELECT MIN(id) FROM register_entry WHERE state = 'approved'`))
	nobody := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(c *http.Client, method, path string, form url.Values, site string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		req.Header.Set("Sec-Fetch-Site", site)
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for letter, role := range letters {
		client := w.signIn(role + "@meridian.example")
		for _, g := range gates {
			if g.method == http.MethodPost && strings.HasSuffix(g.path, "/delete") && strings.Contains(g.may, letter) {
				continue // then there would be nothing to ask the others of
			}
			path := paths.Replace(g.path)
			status := ask(client, g.method, path, g.form, "same-origin")
			if past := status != http.StatusForbidden; past != strings.Contains(g.may, letter) || status >= 500 && status != http.StatusServiceUnavailable {
				t.Errorf("%s %s for %s answers %d", g.method, g.path, role, status)
			}
			if g.method == http.MethodPost {
				if status := ask(client, g.method, path, g.form, "cross-site"); status != http.StatusForbidden {
					t.Errorf("%s from another house's page for %s answers %d", g.path, role, status)
				}
			}
		}
	}
	for _, g := range gates {
		if status := ask(nobody, g.method, paths.Replace(g.path), g.form, "same-origin"); status != http.StatusSeeOther && status != http.StatusUnauthorized {
			t.Errorf("%s %s for a stranger answers %d", g.method, g.path, status)
		}
	}
	translatorsOfOtherLanguages(t, w, string(e.ID))
}

// translatorsOfOtherLanguages may look at a translation and not touch it.
func translatorsOfOtherLanguages(t *testing.T, w *world, id string) {
	t.Helper()
	w.client = w.signIn("translator.fr@meridian.example")
	before := w.edition(42, "de")
	for path, form := range map[string]url.Values{
		"/units.json":   {"address": {"head/headline"}, "inline": {`[{"text":"x"}]`}, "act": {"confirm"}},
		"/draft":        {},
		"/propose.json": {"address": {"head/headline"}},
		"/assign":       {"act": {"take"}},
		"/aside":        {"code": {"x"}, "reason": {"x"}},
		"/shape":        {"base": {"1"}},
		"/units":        {"text.head/headline": {"x"}, "was.head/headline": {"y"}, "base": {strconv.FormatInt(before.Revision, 10)}},
	} {
		if status, _ := w.post("/desk/editions/"+id+path, form); status != http.StatusForbidden {
			t.Errorf("%s answers %d", path, status)
		}
	}
	if status, _ := w.upload("/desk/editions/"+id+"/file", "x.xlf", "<xliff"); status < 400 || status >= 500 {
		t.Errorf("a file: %d", status)
	}
	if after := w.edition(42, "de"); after.Version != before.Version {
		t.Error("the translation was changed")
	}
}

var route = regexp.MustCompile(`d\.handle\("([A-Z]+) ([^"]+)"`)

// TestAllGatesAreGuarded holds that no route of these rooms is left out of [gates].
func TestAllGatesAreGuarded(t *testing.T) {
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, g := range gates {
		path, _, _ := strings.Cut(strings.NewReplacer("{one}", "{id}", "{unit}", "{id}", "{entry}", "{id}", "{report}", "{id}", "{live}", "{number}", "{post}", "{entry}").Replace(g.path), "?")
		known = append(known, g.method+" "+path)
	}
	// The same door as one that is listed, or an entry's own: asked of what there is.
	known = append(known, "POST /desk/editions/{id}/units", "POST /desk/editions/{id}/file", "GET /desk/register/{id}", "POST /desk/register/{id}",
		"GET /desk/register/{id}/delete", "GET /desk/engines/{id}", "POST /desk/engines/{id}")
	ours := regexp.MustCompile(`changes|aside|shape|both|around|assign|draft|propose|translate|units|/file|xlf|/translations|/memory|/register|/engines|/live`)
	for _, m := range route.FindAllStringSubmatch(string(source), -1) {
		if r := m[1] + " " + m[2]; ours.MatchString(m[2]) && !slices.Contains(known, r) {
			t.Errorf("nobody says who may %s", r)
		}
	}
}
