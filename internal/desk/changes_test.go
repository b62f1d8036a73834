package desk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/engine"
	"depesche/internal/translate"
)

// aChangeIsWeighed: the editor says on the original's screens what a change means for translations.
func aChangeIsWeighed(t *testing.T, w *world) {
	status, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Der Rat tagt"}, "kind": {"news"}})
	if status != 303 {
		t.Fatalf("new story: %d", status)
	}
	_, page := w.get(writing)
	number := between(page, `href="/desk/stories/`, `"`)
	_, translating := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"en"}})
	units := strings.TrimSuffix(translating, "translate") + "units.json"
	if status, body := w.post(units, url.Values{"address": {"head/headline"}, "inline": {spans("The council meets")}, "act": {"confirm"}, "sourceRev": {"2"}}); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if status, body := w.post(writing+"/save.json", url.Values{"base": {"2"}, "doc": {`{"headline":"Der Rat tagte","blocks":[]}`}}); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	for _, path := range []string{writing, "/desk/stories/" + number + "/release"} {
		_, page := w.get(path)
		if section := between(page, `id="changes"`, `</section>`); !strings.Contains(section, "<ins>") || !strings.Contains(section, `name="weight" value="fact"`) {
			t.Errorf("%s says nothing of the change: %s", path, section)
		}
	}
	form := url.Values{"address": {"head/headline"}, "from_rev": {"2"}, "to_rev": {"3"}, "weight": {"fact"}}
	if status, to := w.post("/desk/stories/"+number+"/changes", form); status != 303 || !strings.HasSuffix(to, "/release#changes") {
		t.Fatalf("%d %s", status, to)
	}
	if _, page := w.get(translating); !strings.Contains(page, `data-state="stale"`) || !strings.Contains(page, `data-weight="fact"`) {
		t.Error("the translator isn't told that it is a fact")
	}
	form.Set("weight", "wording")
	if status, _ := w.post("/desk/stories/"+number+"/changes", form); status != 303 {
		t.Fatal(status)
	}
	if _, page := w.get(translating); !strings.Contains(page, `data-weight="wording"`) {
		t.Error("the decision doesn't reach the translator")
	}
	form.Set("to_rev", "99")
	if status, _ := w.post("/desk/stories/"+number+"/changes", form); status != 422 && status != 400 {
		t.Errorf("a revision to come: %d", status)
	}
}

// echo is an engine within the test.
type echo struct{}

func (echo) Forget(context.Context, *db.Tx, string) error { return nil }

func (echo) Draft(ctx context.Context, d engine.Draft, each func(context.Context, []engine.Drafted) error) error {
	for _, s := range d.Segments {
		if err := each(ctx, []engine.Drafted{{Address: s.Address, Text: document.Text("EN " + s.Text.Plain()), Engine: "Kobold"}}); err != nil {
			return err
		}
	}
	return nil
}

// editionsAreBegunTogether: one form begins several languages, and their drafting is seen.
func editionsAreBegunTogether(t *testing.T, w *world) {
	w.Translate.With(translate.Helpers{Engines: echo{}})
	defer w.Translate.With(translate.Helpers{})
	_, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Der Rat tagt"}, "kind": {"news"}})
	_, page := w.get(writing)
	number := between(page, `href="/desk/stories/`, `"`)
	if _, page := w.get("/desk/stories/" + number); !strings.Contains(page, `name="lang" value="uk"`) {
		t.Error("the story's screen doesn't offer several languages")
	}
	status, to := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"en", "uk"}})
	if status != 303 || to != "/desk/stories/"+number {
		t.Fatalf("%d %s", status, to)
	}
	_, page = w.get(to)
	if n := strings.Count(page, `<a class="button small" href="/desk/editions/`); n < 3 {
		t.Fatalf("%d editions", n)
	}
	status, translating := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"en"}})
	if status != 303 {
		t.Fatal(status)
	}
	base := strings.TrimSuffix(translating, "translate")
	var state struct {
		Open    bool
		Text    string
		Missing int
	}
	_, body := w.get(base + "drafting.json")
	if err := json.Unmarshal([]byte(body), &state); err != nil || state.Text == "" {
		t.Errorf("%s, %v", body, err)
	}
	if status, body := w.post(base+"propose.json", url.Values{"address": {"head/headline"}}); status != 200 || !strings.Contains(body, `"text":"EN Der Rat tagt"`) {
		t.Errorf("a proposal: %d %s", status, body)
	}
	if status, _ := w.post(base+"draft", url.Values{"act": {"cancel"}}); status != 303 {
		t.Errorf("cancel: %d", status)
	}
	askingInALoop(t, w, base)
}

// askingInALoop: nobody spends the paper's quota by a script, and others aren't kept from asking by who tries.
func askingInALoop(t *testing.T, w *world, base string) {
	admin := w.client
	w.client = w.signIn("editor@meridian.example")
	ask := url.Values{"address": {"head/headline"}}
	status, body, n := 200, "", 0
	for ; status == 200 && n < 200; n++ {
		status, body = w.post(base+"propose.json", ask)
	}
	if status != http.StatusTooManyRequests || n < 20 || !strings.Contains(body, `"message":"`) {
		t.Errorf("after %d proposals: %d %s", n, status, body)
	}
	for path, form := range map[string]url.Values{"draft": {"act": {"again"}}, "units": {"propose": {"head/headline"}}} {
		if status, _ := w.post(base+path, form); status != http.StatusTooManyRequests && status != http.StatusUnprocessableEntity {
			t.Errorf("%s is a way around it: %d", path, status)
		}
	}
	if status, _ := w.post(base+"draft", url.Values{"act": {"cancel"}}); status != 303 {
		t.Errorf("what costs nothing: %d", status)
	}
	w.client = admin
	if status, _ := w.post(base+"propose.json", ask); status != 200 {
		t.Errorf("another person: %d", status)
	}
}
