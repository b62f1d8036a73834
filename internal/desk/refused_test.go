package desk_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"depesche/internal/document"
)

// said is the text of the element with the ID, "" if there is none.
func said(t *testing.T, page, id string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if attr(n, "id") != id {
			continue
		}
		var b strings.Builder
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				b.WriteString(d.Data)
			}
		}
		return strings.TrimSpace(b.String())
	}
	return ""
}

// refusedTextsSayWhy saves texts that can't be taken, in each way that there is: what is wrong stands
// beside its field, in the reader's language, and nothing that was typed is lost.
func refusedTextsSayWhy(t *testing.T, w *world) {
	ed := w.edition(1, "de")
	path := "/desk/editions/" + string(ed.ID)
	first := "block." + string(ed.Doc.Blocks[0].ID)
	const badLink = "„javascript:alert(1)“ ist keine Adresse für einen Link. Sie beginnt mit https://, http://, mailto: oder tel: und hat keine Leerzeichen."

	t.Run("plain form", func(t *testing.T) {
		_, page := w.get(path)
		form := fields(t, page, path)
		form.Set(first, "Gut.\n\n[böse](javascript:alert(1))")
		form.Set("lead", "[böse](javascript:alert(1))")
		form.Set("more", "Noch etwas.\n\n:::kasten\nText")
		status, body := w.post(path, form)
		if status != http.StatusUnprocessableEntity {
			t.Fatalf("answered %d", status)
		}
		for id, want := range map[string]string{
			first: "Zeile 3: " + badLink, "lead": badLink,
			"more": "Zeile 3: „:::kasten“ lässt sich nicht lesen. Dem Block fehlt sein Ende (:::), oder es gibt keinen dieser Art: Es gibt fact, gallery und embed mit einer Adresse.",
		} {
			if got := said(t, body, id+"-error"); got != want {
				t.Errorf("beside %s: %q, want %q", id, got, want)
			}
		}
		again := fields(t, body, path)
		for _, name := range []string{first, "lead", "more", "base"} {
			if strings.TrimSpace(again.Get(name)) != form.Get(name) {
				t.Errorf("%s came back as %q", name, again.Get(name))
			}
		}
	})
	t.Run("plain form, the whole text looked at", func(t *testing.T) {
		_, page := w.get(path)
		form := fields(t, page, path)
		form.Set("slug", "So nicht")
		form.Set("picture.media", "kein Bild")
		form.Set("more", strings.Repeat("ы", document.MaxText+1))
		status, body := w.post(path, form)
		if status != http.StatusUnprocessableEntity {
			t.Fatalf("answered %d", status)
		}
		for id, want := range map[string]string{
			"slug":          "„So nicht“ geht nicht als Adresse. Nehmen Sie kleine Buchstaben, Ziffern und Bindestriche dazwischen, höchstens 120 Zeichen.",
			"picture.media": "Mit „kein Bild“ lässt sich nichts finden. Wählen Sie die Quelle, die Story oder das Bild noch einmal aus.",
			"more":          "Zu lang, höchstens 200.000 Zeichen. Teilen Sie den Text.",
		} {
			if got := said(t, body, id+"-error"); got != want {
				t.Errorf("beside %s: %q, want %q", id, got, want)
			}
		}
		if got := fields(t, body, path).Get("more"); len(got) != len(form.Get("more")) {
			t.Errorf("%d bytes of the text came back", len(got))
		}
	})
	t.Run("the editor", func(t *testing.T) {
		doc := ed.Doc.Clone()
		doc.Blocks = []document.Block{
			{ID: "h", Kind: document.Heading, Level: 6, Text: document.Text("Ebene")},
			{ID: "l", Kind: document.Paragraph, Text: document.Inline{{Text: "x", Marks: []document.Mark{{Type: document.Link, Href: "javascript:alert(1)"}}}}},
			{ID: "m", Kind: document.List, Items: []document.Item{{ID: "i", Text: document.Inline{{Text: "x", Marks: []document.Mark{{Type: "blink"}}}}}}},
		}
		raw, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"base": {strconv.FormatInt(ed.Revision, 10)}, "doc": {string(raw)}}
		compare(t, w, path+"/save.json", form, map[string]string{
			"h/level": "Zwischenüberschriften haben die Ebenen 2 bis 4, hier steht 6. Wählen Sie eine davon.",
			"l/text":  badLink, "i/text": "Die Auszeichnung „blink“ gibt es nicht. Nehmen Sie sie heraus.",
		})
		compare(t, w, path+"/save.json", url.Values{"base": form["base"], "doc": {`{"blocks":[],"onclick":1}`}}, map[string]string{
			"": "Ein Feld „onclick“ gibt es in einem Text nicht. Bitte laden Sie die Seite neu.",
		})
		// The same without its answer as JSON: the plain form shows it.
		status, body := w.post(path, form)
		if got := said(t, body, "block.m-error"); status != http.StatusUnprocessableEntity || !strings.HasPrefix(got, "Die Auszeichnung „blink“") {
			t.Errorf("%d, beside the list: %q", status, got)
		}
		// What is no document at all must not come back as an empty one.
		status, body = w.post(path, url.Values{"base": form["base"], "doc": {"{"}})
		if again := fields(t, body, path); status != http.StatusUnprocessableEntity || again.Get("headline") != ed.Doc.Headline {
			t.Errorf("%d, the headline came back as %q", status, again.Get("headline"))
		}
	})
	t.Run("translating", func(t *testing.T) {
		_, page := w.get(path + "/translate")
		form := fields(t, page, path+"/units")
		var name string
		for _, seg := range document.Segments(ed.Doc) {
			if seg.Kind == document.Paragraph && form.Has("text."+string(seg.Address)) {
				name = "text." + string(seg.Address)
				break
			}
		}
		form.Set(name, "[böse](javascript:alert(1))")
		status, body := w.post(path+"/units", form)
		if got := said(t, body, name+"-error"); status != http.StatusUnprocessableEntity || got != badLink {
			t.Errorf("%d, beside the row: %q", status, got)
		}
		// What came back is still not what is stored, so the next save must try it again.
		if status, _ = w.post(path+"/units", fields(t, body, path+"/units")); status != http.StatusUnprocessableEntity {
			t.Errorf("sent once more: %d", status)
		}
		addr := strings.TrimPrefix(name, "text.")
		compare(t, w, path+"/units.json", url.Values{"address": {addr}, "inline": {`[{"text":"böse","marks":[{"type":"link","href":"javascript:alert(1)"}]}]`}, "base": {strconv.FormatInt(ed.Revision, 10)}}, map[string]string{addr: badLink})
		long := strings.Repeat("ы", document.MaxText+1)
		form.Set(name, long)
		status, body = w.post(path+"/units", form)
		if got := said(t, body, name+"-error"); status != http.StatusUnprocessableEntity || got != "Zu lang, höchstens 200.000 Zeichen. Teilen Sie den Text." {
			t.Errorf("%d, beside the row: %q", status, got)
		}
	})
	t.Run("static page", func(t *testing.T) {
		_, page := w.get("/desk/pages/new")
		form := fields(t, page, "/desk/pages/new")
		for src, want := range map[string]string{
			"Text\n\n> Zitat\n> — Wer {quelle=x}":      "Zeile 3: „quelle=x“ passt nicht in ein Zitat. Es ist ein Absatz; in seiner letzten Zeile steht nach einem langen Strich, wer es sagt.",
			strings.Repeat("ы", document.MaxText+1):    "Zu lang, höchstens 200.000 Zeichen. Teilen Sie den Text.",
			"![Bild](https://example.org/x.jpg)":       "„![Bild](https://example.org/x.jpg)“ ist kein Bild der Bibliothek. In der runden Klammer stehen media: und das Kennzeichen des Bildes.",
			":::embed http://example.org/ Unsicher":    "„http://example.org/“ lässt sich nicht einbetten. Die Adresse muss mit https:// beginnen und darf keine Leerzeichen haben.",
			"[x](<source:gibt/es/nicht>) am Satzende.": "Mit „source:gibt/es/nicht“ lässt sich nichts finden. Wählen Sie die Quelle, die Story oder das Bild noch einmal aus.",
		} {
			form.Set("title", "Seite")
			form.Set("body", src)
			status, body := w.post("/desk/pages/new", form)
			if got := said(t, body, "body-error"); status != http.StatusUnprocessableEntity || got != want {
				t.Errorf("%d, beside the body: %q, want %q", status, got, want)
			}
			if got := fields(t, body, "").Get("body"); got != src {
				t.Errorf("the body came back with %d bytes of %d", len(got), len(src))
			}
		}
	})
	if now := w.edition(1, "de"); now.Version != ed.Version {
		t.Errorf("something was stored: version %d, was %d", now.Version, ed.Version)
	}
}

// compare posts a form and reads the sentences by field.
func compare(t *testing.T, w *world, path string, form url.Values, want map[string]string) {
	t.Helper()
	status, body := w.post(path, form)
	var answer struct {
		Errors []struct{ Field, Message string }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusUnprocessableEntity {
		t.Fatalf("%d: %s", status, body)
	}
	got := map[string]string{}
	for _, e := range answer.Errors {
		got[e.Field] = e.Message
	}
	for field, text := range want {
		if got[field] != text {
			t.Errorf("%s: %q, want %q", field, got[field], text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d fields are wrong, want %d: %v", len(got), len(want), got)
	}
}
