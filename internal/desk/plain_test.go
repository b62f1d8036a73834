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

func counter() func() document.ID { return numbered("n") }

func numbered(prefix string) func() document.ID {
	n := 0
	return func() document.ID { n++; return document.ID(fmt.Sprintf("%s%d", prefix, n)) }
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
	if diff := cmp.Diff(doc, got.doc); diff != "" {
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
	text, err := readPlainForm(plainRequest(form), doc, numbered("new"))
	if err != nil {
		t.Fatal(err)
	}
	got := text.doc
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

// TestPlainFormKeepsIdentities types over blocks: what reads the same stays what it was.
func TestPlainFormKeepsIdentities(t *testing.T) {
	doc := sample(t)
	form := posted(t, doc)
	para, list, table := doc.Blocks[0], doc.Blocks[2], doc.Blocks[4]
	form.Set("block."+string(para.ID), "## Nun ein Titel")
	form.Set("block."+string(list.ID), "- ganz oben\n- a\n- b")
	form.Set("block."+string(table.ID), "| x | y |\n|---|---|\n| 0 | 0 |\n| 1 | 2 |")
	text, err := readPlainForm(plainRequest(form), doc, numbered("new"))
	if err != nil {
		t.Fatal(err)
	}
	got := text.doc.Blocks
	if got[0].Kind != document.Heading || got[0].ID != para.ID {
		t.Errorf("a paragraph that became a heading is %s now", got[0].ID)
	}
	if got[2].ID != list.ID || got[2].Items[1].ID != list.Items[0].ID || got[2].Items[2].ID != list.Items[1].ID || got[2].Items[0].ID == list.Items[0].ID {
		t.Errorf("an item on top moved the identities of those below: %+v, was %+v", got[2].Items, list.Items)
	}
	if got[4].Rows[2].ID != table.Rows[1].ID || got[4].Rows[2].Cells[1].ID != table.Rows[1].Cells[1].ID {
		t.Errorf("a row put between moved the identities: %+v, was %+v", got[4].Rows, table.Rows)
	}
}

// TestPlainFormPlaces leads an address to the entry that it was typed in.
func TestPlainFormPlaces(t *testing.T) {
	doc := sample(t)
	form := posted(t, doc)
	first := string(doc.Blocks[0].ID)
	form.Set("block."+first, "Eins.\n\nZwei.\n\n:::fact Kasten\nInnen.\n:::")
	form.Set("more", "- drei")
	form.Set("picture.media", "m2")
	text, err := readPlainForm(plainRequest(form), doc, numbered("new"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := text.doc.Blocks
	box, more := blocks[2], blocks[len(blocks)-1]
	for addr, want := range map[document.Address]string{
		"": "", "/id": "", "head/headline": "headline", "head/slug": "slug", "head/picture": "picture.media", "nobody/text": "",
		document.Address(text.doc.Picture.ID + "/media"): "picture.media", document.Address(text.doc.Picture.ID + "/alt"): "picture.alt",
		document.Address(blocks[1].ID + "/text"): "block." + first, document.Address(box.Blocks[0].ID + "/text"): "block." + first,
		document.Address(more.ID + "/items"): "more", document.Address(more.Items[0].ID + "/text"): "more",
		document.Address(doc.Blocks[2].Items[0].ID + "/text"): "block." + string(doc.Blocks[2].ID),
	} {
		if got := text.field(addr); got != want {
			t.Errorf("%s stands in %q, want %q", addr, got, want)
		}
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
