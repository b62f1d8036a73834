package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
)

func TestPartsOf(t *testing.T) {
	in, err := document.ParseInlineMarkdown(`Es sagt [„Le **Monde**“](<source:s1 lang:fr>), [mehr](https://example.org/a).`)
	if err != nil {
		t.Fatal(err)
	}
	want := []part{
		{Text: "Es sagt "}, {Text: "„Le ", Class: "claim foreign", Lang: "fr"}, {Text: "Monde", Class: "claim foreign strong", Lang: "fr"},
		{Text: "“", Class: "claim foreign", Lang: "fr"}, {Text: ", "}, {Text: "mehr", Class: "link", Title: "https://example.org/a"}, {Text: "."},
	}
	if diff := cmp.Diff(want, partsOf(in)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryMarkHasAClass(t *testing.T) {
	for _, name := range valuesOf(t, "../document/document.go", "MarkType") {
		if partClasses[document.MarkType(name)] == "" {
			t.Errorf("%s has none", name)
		}
	}
}

func TestPartsEscape(t *testing.T) {
	screen, err := testScreens(t).screen("en", "translate")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := screen.ExecuteTemplate(&b, "parts", []part{{Text: "a < b", Class: "strong"}, {Text: " & c"}}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), `<span class="strong">a &lt; b</span> &amp; c`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
