package desk_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// theRowsKnowMore: a row's answers mark what differs, a finding is set aside with a reason and comes back
// when the text changes, and all rows are had anew.
func theRowsKnowMore(t *testing.T, w *world) {
	_, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Es sind 1077 Bäume"}, "kind": {"news"}})
	_, page := w.get(writing)
	_, translating := w.post("/desk/stories/"+between(page, `href="/desk/stories/`, `"`)+"/editions", url.Values{"lang": {"en"}})
	ed := strings.TrimSuffix(translating, "/translate")
	type answer struct {
		NotesHTML, SourceHTML, ShownHTML string
		Revision                         int64
		Spots                            []struct {
			From, To int
			Kind     string
		}
		Rows map[string]struct{ ShownHTML string }
	}
	ask := func(form url.Values) answer {
		t.Helper()
		form.Set("address", "head/headline")
		status, body := w.post(ed+"/units.json", form)
		if status != 200 {
			t.Fatalf("%v: %d %s", form, status, body)
		}
		var a answer
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	typed := ask(url.Values{"inline": {spans("There are 1770 trees")}, "act": {"check"}})
	if len(typed.Spots) == 0 || typed.Spots[0].Kind != "bad" || typed.Spots[0].From != 10 || typed.Spots[0].To != 14 || !strings.Contains(typed.SourceHTML, `number bad`) {
		t.Errorf("while typing: %+v", typed)
	}
	quoted := ask(url.Values{"inline": {spans(`He counted "1077" trees`)}, "act": {"check"}})
	if !strings.Contains(quoted.NotesHTML, `data-severity="note"`) || !strings.Contains(quoted.NotesHTML, "data-use=\"He counted “1077” trees\"") && !strings.Contains(quoted.NotesHTML, "data-use=\"He counted ‘1077’ trees\"") {
		t.Errorf("signs of another language have no repair: %s", quoted.NotesHTML)
	}
	first := ask(url.Values{"inline": {spans("There are 1077 1077 trees trees")}})
	key := between(first.NotesHTML, `name="aside" value="`, `"`)
	if key == "" {
		t.Fatalf("nothing to set aside in %s", first.NotesHTML)
	}
	if status, _ := w.post(ed+"/units.json", url.Values{"address": {"head/headline"}, "inline": {"[]"}, "act": {"aside"}, "key": {key}}); status != 422 {
		t.Errorf("without a reason: %d", status)
	}
	past := ask(url.Values{"inline": {"[]"}, "act": {"aside"}, "key": {key}, "aside." + key: {"It is a quotation of the song"}})
	if !strings.Contains(past.NotesHTML, "data-aside") || !strings.Contains(past.NotesHTML, "It is a quotation of the song") {
		t.Errorf("set aside: %s", past.NotesHTML)
	}
	again := ask(url.Values{"inline": {spans("There are 1077 1077 trees trees, all")}})
	if strings.Contains(again.NotesHTML, "data-aside") {
		t.Errorf("another text: %s", again.NotesHTML)
	}
	_, body := w.get(ed + "/rows.json")
	var news answer
	if err := json.Unmarshal([]byte(body), &news); err != nil {
		t.Fatal(err)
	}
	if news.Revision != again.Revision || !strings.Contains(news.Rows["head/headline"].ShownHTML, "trees") {
		t.Errorf("the rows anew: %s", body)
	}
}
