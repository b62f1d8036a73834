package desk_test

import (
	"net/url"
	"strings"
	"testing"
)

// translatedElsewhere: a translation goes out as a file, comes back, and what became of it is told.
func translatedElsewhere(t *testing.T, w *world) {
	_, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Fünf Brücken gesperrt"}, "kind": {"news"}})
	if status, body := w.post(writing+"/save.json", url.Values{"base": {"2"}, "doc": {`{"headline":"Fünf Brücken gesperrt","blocks":[{"id":"b1","kind":"paragraph","text":[{"text":"Alle ","marks":[{"type":"strong"}]},{"text":"sind zu."}]}]}`}}); status != 200 {
		t.Fatalf("saving: %d %s", status, body)
	}
	_, page := w.get(writing)
	_, translating := w.post("/desk/stories/"+between(page, `href="/desk/stories/`, `"`)+"/editions", url.Values{"lang": {"en"}})
	edition := strings.TrimSuffix(translating, "/translate")
	status, file := w.get(edition + "/translation.xlf")
	if status != 200 || !strings.Contains(file, `srcLang="de" trgLang="en"`) || !strings.Contains(file, `<note category="context">Titel</note>`) {
		t.Fatalf("taken out: %d %s", status, file)
	}
	back := strings.NewReplacer(
		`<source>Fünf Brücken gesperrt</source>`, `<source>Fünf Brücken gesperrt</source><target>Five bridges &lt;closed></target>`,
		`sind zu.</source>`, `sind zu.</source><target>All are closed.</target>`,
	).Replace(file)
	status, page = w.upload(edition+"/file", "back.xlf", back)
	if status != 200 || !strings.Contains(page, "2 Segmente wurden übernommen.") || !strings.Contains(page, "Auszeichnungen des Originals, die der Übersetzung fehlen") {
		t.Fatalf("brought in: %d %s", status, page)
	}
	_, page = w.get(translating)
	if !strings.Contains(page, `<span class="number">Five</span> bridges &lt;closed&gt;`) || !strings.Contains(page, "All are closed.") {
		t.Error("the translation doesn't stand in its rows")
	}
	// The original goes on, and an old file comes once more: nothing here changes, and what it said is shown.
	if status, body := w.post(writing+"/save.json", url.Values{"base": {"3"}, "doc": {`{"headline":"Sechs Brücken gesperrt","blocks":[{"id":"b1","kind":"paragraph","text":[{"text":"Alle ","marks":[{"type":"strong"}]},{"text":"sind zu."}]}]}`}}); status != 200 {
		t.Fatalf("saving: %d %s", status, body)
	}
	status, page = w.upload(edition+"/file", "back.xlf", strings.Replace(back, "Five bridges", "5 bridges", 1))
	if status != 200 || !strings.Contains(page, "Das Original lautet inzwischen anders") || !strings.Contains(page, "5 bridges &lt;closed&gt;") {
		t.Errorf("an old file: %d %s", status, page)
	}
	for name, c := range map[string]struct{ file, says string }{
		"cut off":   {back[:len(back)/2], "keine lesbare XLIFF-Datei"},
		"a picture": {"\x89PNG\r\n\x1a\n\x00", "keine lesbare XLIFF-Datei"},
		"another":   {strings.Replace(back, `trgLang="en"`, `trgLang="pl"`, 1), "von de nach pl"},
	} {
		if status, page = w.upload(edition+"/file", "f.xlf", c.file); status != 422 || !strings.Contains(page, c.says) {
			t.Errorf("%s: %d, says %q", name, status, between(page, `class="error`, `<`))
		}
	}
	if status, _ = w.post(edition+"/file", url.Values{}); status != 422 {
		t.Errorf("no file: %d", status)
	}
}
