package desk

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

func plainRequest(form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/desk/editions/x", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_ = r.ParseForm()
	return r
}

// posted is what a browser sends back of the form that it was shown.
func posted(t *testing.T, doc document.Doc) url.Values {
	t.Helper()
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	f := newPlainForm(words.In("en"), "de", doc, nil)
	form := url.Values{}
	put := func(x field) { form.Set(x.ID, strings.ReplaceAll(x.Value, "\n", "\r\n")) }
	for _, x := range append(append([]field{}, f.Head...), f.Picture...) {
		put(x)
	}
	for _, b := range f.Blocks {
		form.Add("block", b.ID)
		put(b.Text)
	}
	return form
}

func counter() func() document.ID {
	n := 0
	return func() document.ID { n++; return document.ID(fmt.Sprintf("n%d", n)) }
}

func sample(t *testing.T) document.Doc {
	t.Helper()
	blocks, err := document.ParseMarkdown("Erster *Absatz* [Quelle](source:s).\n\n## Titel\n\n- a\n- b\n\n> Wort.\n> — Wer {source=s}\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n:::fact Kasten\nText.\n:::\n\nLetzter.", counter())
	if err != nil {
		t.Fatal(err)
	}
	return document.Doc{Kicker: "Ort", Headline: "Titel", Lead: document.Text("Vorspann"), Blocks: blocks, Picture: &document.Picture{ID: "p", Media: "m1", Alt: "Bild", Caption: document.Text("Dazu")}}
}

func TestPlainFormUntouchedChangesNothing(t *testing.T) {
	doc := sample(t)
	got, err := readPlainForm(plainRequest(posted(t, doc)), doc, counter())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(doc, got); diff != "" {
		t.Error(diff)
	}
}

func TestPlainFormEdits(t *testing.T) {
	doc := sample(t)
	form := posted(t, doc)
	first, list, last := string(doc.Blocks[0].ID), string(doc.Blocks[2].ID), string(doc.Blocks[6].ID)
	form.Set("block."+first, "Neuer Absatz.\n\nUnd noch einer.")
	form.Set("block."+list, "- a\n- b\n- c")
	form.Set("move."+last, "up")
	form.Set("move."+string(doc.Blocks[1].ID), "remove")
	form.Set("more", "Am Ende.")
	form.Set("headline", "Neuer\r\nTitel")
	got, err := readPlainForm(plainRequest(form), doc, counter())
	if err != nil {
		t.Fatal(err)
	}
	want := "Neuer Absatz.\n\nUnd noch einer.\n\n- a\n- b\n- c\n\n> Wort.\n> — Wer {source=s}\n\n| x | y |\n| --- | --- |\n| 1 | 2 |\n\nLetzter.\n\n:::fact Kasten\nText.\n:::\n\nAm Ende."
	if diff := cmp.Diff(want, document.Markdown(got.Blocks)); diff != "" {
		t.Error(diff)
	}
	if got.Blocks[0].ID != doc.Blocks[0].ID || got.Blocks[2].ID != doc.Blocks[2].ID || got.Blocks[2].Items[1].ID != doc.Blocks[2].Items[1].ID {
		t.Error("a block or an entry that was typed over lost its identity")
	}
	if got.Headline != "Neuer Titel" {
		t.Errorf("headline %q", got.Headline)
	}
}

func TestPlainFormKeepsWhatCannotBeRead(t *testing.T) {
	doc := sample(t)
	form := posted(t, doc)
	id := string(doc.Blocks[0].ID)
	form.Set("block."+id, "[böse](javascript:alert(1))")
	_, err := readPlainForm(plainRequest(form), doc, counter())
	fields := problem.FieldsOf(err)
	if len(fields) != 1 || fields[0].Name != "block."+id || !strings.Contains(fields[0].Value, "javascript") {
		t.Fatalf("got %v", err)
	}
}
