package desk_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"depesche/internal/document"
)

// differentOnPurpose: a figure that differs from the original's holds the checklist until somebody says
// why, also without a script; and a segment can be left out.
func differentOnPurpose(t *testing.T, w *world) {
	status, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Rund 300 Kilometer Umweg"}, "kind": {"news"}})
	if status != 303 {
		t.Fatalf("new story: %d", status)
	}
	doc := `{"headline":"Rund 300 Kilometer Umweg","kicker":"Verkehr","blocks":[{"id":"b1","kind":"paragraph","text":[{"text":"Es sind 300 Kilometer."}]},{"id":"b2","kind":"paragraph","text":[{"text":"Nur für hiesige Leser."}]}]}`
	if status, body := w.post(writing+"/save.json", url.Values{"base": {"2"}, "doc": {doc}}); status != 200 {
		t.Fatalf("saving: %d %s", status, body)
	}
	_, page := w.get(writing)
	number := between(page, `href="/desk/stories/`, `"`)
	status, translating := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"en"}})
	if status != 303 {
		t.Fatalf("new edition: %d", status)
	}
	units := strings.TrimSuffix(translating, "translate") + "units"
	_, page = w.get(translating)
	const addr = "b1/text"
	form := fields(t, page, units)
	form.Set("text."+addr, "It is 190 miles.")
	for _, act := range []string{"confirm", "adapt", "add", "drop", "still", "save"} {
		form.Del(act)
	}
	form.Set("adapt", addr)
	if status, page = w.post(units, form); status != 422 || !strings.Contains(page, "It is 190 miles.") || !strings.Contains(page, `id="text.`+addr+`-error"`) {
		t.Fatalf("without a reason: %d", status)
	}
	form.Set("reason."+addr, "Miles for English readers")
	form.Del("adapt")
	form.Set("save", "1")
	if status, page = w.post(units, form); status != 422 || !strings.Contains(page, `value="Miles for English readers"`) {
		t.Fatalf("a reason without an answer: %d", status)
	}
	form.Del("save")
	form.Set("adapt", addr)
	if status, to := w.post(units, form); status != 303 || to != translating {
		t.Fatalf("with a reason: %d %s", status, to)
	}
	_, page = w.get(translating)
	if !strings.Contains(page, `data-state="adapted"`) || !strings.Contains(page, `<small class="reason">Miles for English readers</small>`) {
		t.Error("the row doesn't say that it differs on purpose, and why")
	}

	var a struct {
		StateHTML, NotesHTML, ShownHTML string
		Text                            document.Inline
	}
	unit := func(act, address, text, reason string) int {
		t.Helper()
		status, body := w.post(units+".json", url.Values{"act": {act}, "address": {address}, "inline": {spans(text)}, "reason": {reason}})
		if status == 200 {
			if err := json.Unmarshal([]byte(body), &a); err != nil {
				t.Fatal(err)
			}
		}
		return status
	}
	if status := unit("check", addr, "It is 300 km and and no more.", ""); status != 200 || !strings.Contains(a.NotesHTML, "and and") {
		t.Errorf("while typing: %d %+v", status, a)
	}
	if _, page = w.get(translating); strings.Contains(page, "and and") {
		t.Error("what was only looked through is stored")
	}
	if status := unit("drop", "b2/text", "", ""); status != 422 {
		t.Errorf("leaving out without a reason: %d", status)
	}
	if status := unit("drop", "b2/text", "", "Nothing to readers abroad"); status != 200 || !strings.Contains(a.StateHTML, `data-state="dropped"`) || len(a.Text) > 0 {
		t.Errorf("leaving out: %d %+v", status, a)
	}
	if status := unit("confirm", "b2/text", "Only for *local* readers.", ""); status != 200 || !strings.Contains(a.StateHTML, `data-state="reviewed"`) || !strings.Contains(a.ShownHTML, `<span class="emphasis">local</span>`) {
		t.Errorf("taking it in after all: %d %+v", status, a)
	}
}

// sourcesAndCredit: the order of the sources is chosen, and so is the name of who translated.
func sourcesAndCredit(t *testing.T, w *world) {
	const details = "/desk/stories/1"
	order := func() []string {
		_, page := w.get(details)
		var out []string
		for _, part := range strings.Split(page, `href="/desk/stories/1/sources/`)[1:] {
			if id, _, _ := strings.Cut(part, `"`); id != "new" {
				out = append(out, id)
			}
		}
		return out
	}
	before := order()
	if len(before) < 2 {
		t.Fatalf("sources: %v", before)
	}
	if status, _ := w.post(details+"/sources/"+before[1]+"/move", url.Values{"by": {"-1"}}); status != 303 {
		t.Fatalf("moving a source: %d", status)
	}
	if after := order(); after[0] != before[1] || after[1] != before[0] {
		t.Errorf("order %v, was %v", after, before)
	}
	w.post(details+"/sources/"+before[1]+"/move", url.Values{"by": {"1"}})

	ed := w.edition(1, "de")
	credit := "/desk/editions/" + string(ed.ID) + "/credit"
	if _, page := w.get(details); !strings.Contains(page, `href="`+credit+`"`) {
		t.Fatal("nothing leads to who translated")
	}
	_, page := w.get(credit)
	form := fields(t, page, credit)
	form.Set("translator", "A.\u0000B.")
	if status, _ := w.post(credit, form); status != 422 {
		t.Errorf("a name with a control character: %d", status)
	}
	form.Set("translator", "Olga Test")
	if status, to := w.post(credit, form); status != 303 || to != details {
		t.Fatalf("saving: %d %s", status, to)
	}
	if got := w.edition(1, "de").Translator; got != "Olga Test" {
		t.Errorf("translator %q", got)
	}
	if status, _ := w.get("/desk/editions/" + string(w.edition(1, "uk").ID) + "/credit"); status != 404 {
		t.Errorf("the translator of an original: %d", status)
	}
	w.client = w.signIn("translator@meridian.example")
	if status, _ := w.post(credit, form); status != 403 {
		t.Errorf("a translator changes a public page's credit: %d", status)
	}
}
