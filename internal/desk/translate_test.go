package desk_test

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"depesche/internal/document"
)

// theOriginalChangesMeanwhile: the answer to a segment shows what changed in the original since the page
// was made, and from then on what is confirmed is confirmed against that.
func theOriginalChangesMeanwhile(t *testing.T, w *world) {
	status, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Vierzehn Generatoren"}, "kind": {"news"}})
	if status != 303 {
		t.Fatalf("new story: %d", status)
	}
	save := func(base, headline string) {
		t.Helper()
		if status, body := w.post(writing+"/save.json", url.Values{"base": {base}, "doc": {`{"headline":"` + headline + `","blocks":[]}`}}); status != 200 {
			t.Fatalf("saving: %d %s", status, body)
		}
	}
	_, page := w.get(writing)
	number := between(page, `href="/desk/stories/`, `"`)
	status, translating := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"en"}})
	if status != 303 {
		t.Fatalf("new edition: %d", status)
	}
	rev := "2" // the first one is empty
	answer := func(act string) (a struct {
		StateHTML, NotesHTML, SourceHTML string
		SourceRev                        int64
		Revision                         int64
	}) {
		t.Helper()
		status, body := w.post(strings.TrimSuffix(translating, "translate")+"units.json", url.Values{"address": {"head/headline"}, "inline": {spans("Fourteen generators")}, "act": {act}, "sourceRev": {rev}})
		if status != 200 {
			t.Fatalf("%s: %d %s", act, status, body)
		}
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := answer("confirm"); !strings.Contains(a.StateHTML, `data-state="reviewed"`) || strings.Contains(a.SourceHTML, "<ins>") {
		t.Fatalf("confirmed: %+v", a)
	}
	save("2", "Vierzig Generatoren")
	a := answer("confirm")
	if !strings.Contains(a.StateHTML, `data-state="stale"`) || !strings.Contains(a.SourceHTML, "<del>Vierzehn</del>") || !strings.Contains(a.SourceHTML, "<ins>Vierzig</ins>") {
		t.Errorf("confirmed against what the original was: %+v", a)
	}
	if strings.Count(a.NotesHTML, `class="finding"`) != 1 {
		t.Errorf("that it is stale is said %d times", strings.Count(a.NotesHTML, `class="finding"`))
	}
	rev = strconv.FormatInt(a.SourceRev, 10)
	if a := answer("confirm"); !strings.Contains(a.StateHTML, `data-state="reviewed"`) {
		t.Errorf("confirmed against what it is: %+v", a)
	}
}

// spans is running text as the island sends it.
func spans(markdown string) string {
	in, err := document.ParseInlineMarkdown(markdown)
	if err != nil {
		panic(err)
	}
	return string(in.Encode())
}

// onePressForAllLanguages: an original that is being written is stored and begun in all languages that it
// lacks by one button; what is there already stays as it is.
func onePressForAllLanguages(t *testing.T, w *world) {
	status, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Alle Sprachen"}, "kind": {"news"}})
	if status != 303 {
		t.Fatalf("new story: %d", status)
	}
	_, page := w.get(writing)
	number := between(page, `href="/desk/stories/`, `"`)
	var langs []string
	for rest := page; ; {
		_, after, ok := strings.Cut(rest, `<input type="hidden" name="lang" value="`)
		if !ok {
			break
		}
		l, _, _ := strings.Cut(after, `"`)
		langs, rest = append(langs, l), after
	}
	if len(langs) < 2 || !strings.Contains(page, `name="act" value="translate"`) {
		t.Fatalf("the original offers %v", langs)
	}
	status, to := w.post(writing, url.Values{"base": {"2"}, "doc": {`{"headline":"Alle Sprachen, sofort","blocks":[]}`}, "act": {"translate"}, "lang": langs})
	if status != 303 || to != "/desk/stories/"+number {
		t.Fatalf("translate: %d to %s", status, to)
	}
	_, page = w.get(writing)
	if got := strings.Count(page, `hreflang="`); got < 1+len(langs) {
		t.Errorf("%d languages are begun, of %v", got-1, langs)
	}
	if !strings.Contains(page, "Alle Sprachen, sofort") {
		t.Error("what was typed is not stored")
	}
	if strings.Contains(page, `name="act" value="translate"`) {
		t.Error("nothing is left to begin, and it is offered")
	}
}

// whatIsReadyGoesOutFromItsRows: who may publish goes on to the release from a translation's rows, once
// nothing is left to do in it; who may not isn't offered to.
func whatIsReadyGoesOutFromItsRows(t *testing.T, w *world) {
	_, writing := w.post("/desk/stories/new", url.Values{"lang": {"uk"}, "headline": {"1077 генераторів"}, "kind": {"news"}})
	_, page := w.get(writing)
	number := between(page, `href="/desk/stories/`, `"`)
	_, translating := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"de"}})
	const release = `name="act" value="release"`
	if _, page = w.get(translating); strings.Contains(page, release) {
		t.Error("what isn't translated yet is offered for release")
	}
	edition := strings.TrimSuffix(translating, "/translate")
	if status, body := w.post(edition+"/units.json", url.Values{"address": {"head/headline"}, "inline": {spans("1077 Generatoren")}, "act": {"confirm"}}); status != 200 {
		t.Fatalf("confirm: %d %s", status, body)
	}
	w.post(edition+"/units.json", url.Values{"address": {"head/headline"}, "inline": {spans("1770 Generatoren")}})
	if _, page = w.get("/desk/stories/" + number + "/release"); !strings.Contains(page, `href="`+translating+`#at-head/headline"`) {
		t.Error("what is found in a translation doesn't lead to its row")
	}
	if _, page = w.get(translating); !strings.Contains(page, `id="at-head/headline"`) {
		t.Error("the row has no such place")
	}
	for email, want := range map[string]bool{"chief@meridian.example": true, "translator@meridian.example": false} {
		w.client = w.signIn(email)
		if _, page = w.get(translating); strings.Contains(page, release) != want {
			t.Errorf("%s is offered the release: %v", email, !want)
		}
	}
	w.client = w.signIn("chief@meridian.example")
	status, to := w.post(edition, url.Values{"keep": {"1"}, "from": {"translate"}, "act": {"release"}})
	if status != 303 || !strings.HasPrefix(to, "/desk/stories/"+number+"/release") {
		t.Errorf("%d to %s", status, to)
	}
}

// theOriginalIsRebuilt: the screen says that paragraphs were moved, and one button moves them here.
func theOriginalIsRebuilt(t *testing.T, w *world) {
	status, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Zwei Absätze"}, "kind": {"news"}})
	if status != 303 {
		t.Fatalf("new story: %d", status)
	}
	save := func(base, first, second string) {
		t.Helper()
		doc := `{"headline":"Zwei Absätze","blocks":[{"id":"` + first + `","kind":"paragraph","text":[{"text":"Absatz ` + first + `"}]},{"id":"` + second + `","kind":"paragraph","text":[{"text":"Absatz ` + second + `"}]}]}`
		if status, body := w.post(writing+"/save.json", url.Values{"base": {base}, "doc": {doc}}); status != 200 {
			t.Fatalf("saving: %d %s", status, body)
		}
	}
	save("1", "eins", "zwei")
	_, page := w.get(writing)
	status, translating := w.post("/desk/stories/"+between(page, `href="/desk/stories/`, `"`)+"/editions", url.Values{"lang": {"en"}})
	if status != 303 {
		t.Fatalf("new edition: %d", status)
	}
	edition := strings.TrimSuffix(translating, "/translate")
	for _, id := range []string{"eins", "zwei"} {
		if status, body := w.post(edition+"/units.json", url.Values{"address": {id + "/text"}, "inline": {spans("paragraph " + id)}, "act": {"confirm"}, "sourceRev": {"2"}}); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	if _, page := w.get(translating); strings.Contains(page, edition+"/shape") {
		t.Fatal("built differently before anything was moved")
	}
	save("2", "zwei", "eins")
	_, page = w.get(translating)
	if !strings.Contains(page, edition+"/shape") || !strings.Contains(page, "Absätze stehen in anderer Reihenfolge") {
		t.Fatal("that paragraphs were moved isn't said")
	}
	if status, _ := w.post(edition+"/shape", url.Values{"base": {between(page[strings.Index(page, edition+"/shape"):], `name="base" value="`, `"`)}}); status != 303 {
		t.Fatalf("taking it over: %d", status)
	}
	_, page = w.get(translating)
	if strings.Contains(page, edition+"/shape") {
		t.Error("still built differently")
	}
	if _, page = w.get(edition); strings.Index(page, "paragraph zwei") > strings.Index(page, "paragraph eins") {
		t.Error("not moved")
	}
}
