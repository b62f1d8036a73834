package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// TestEveryKeyIsAWord holds the catalogue to the keys that this package returns: each is there in each
// language, and its placeholders are those that Args fills.
func TestEveryKeyIsAWord(t *testing.T) {
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	args := map[string][]any{}
	for _, key := range document.TheSchema().Keys {
		args[key] = document.Problem{Key: key, Address: "b/items", Value: "x"}.Args()
	}
	for _, key := range []string{document.KeyMarkdownFence, document.KeyMarkdownQuote, document.KeyMarkdownImage} {
		args[key] = (&document.MarkdownError{Key: key, Text: "x"}).Args()
	}
	for _, key := range []string{
		document.RemarkDropped, document.RemarkUnknown, document.RemarkNestedList, document.RemarkTable, document.RemarkQuotation,
		document.RemarkPicture, document.RemarkEmbed, document.RemarkLink, document.RemarkHidden, document.RemarkStruck,
	} {
		args[key] = document.Remark{Key: key, What: "x"}.Args()
	}
	for _, l := range words.Languages() {
		for key, a := range args {
			if !words.In(l).Has(key) {
				t.Errorf("%s has no word for %s", l, key)
			}
			if text := words.In(l).T(key, a...); strings.ContainsAny(text, "{}") {
				t.Errorf("%s %s: %q", l, key, text)
			}
		}
	}
	for _, key := range words.In("en").Keys() {
		if _, ok := args[key]; !ok && strings.HasPrefix(key, "document.") && key != "document.markdown_line" {
			t.Errorf("nobody says %s", key)
		}
	}
}

func TestArgs(t *testing.T) {
	for name, c := range map[string]struct {
		got  []any
		want []any
	}{
		"a value":        {document.Problem{Key: document.KeyLevel, Value: "6"}.Args(), []any{"value", "6", "n", 0}},
		"a limit":        {document.Problem{Key: document.KeyTooMany, Address: "b/cells"}.Args(), []any{"value", "", "n", document.MaxCells}},
		"a headline":     {document.Problem{Key: document.KeyHeadTooLong, Address: document.AddrHeadline}.Args(), []any{"value", "", "n", document.MaxHeadline}},
		"megabytes":      {(&document.ParseError{Key: document.KeyTooLarge}).Args(), []any{"value", "", "n", 4}},
		"a name":         {(&document.ParseError{Key: document.KeyUnknownField, Field: "onclick"}).Args(), []any{"value", "onclick", "n", 0}},
		"an address":     {(&document.ParseError{Key: document.KeyTooMany, Field: "b/rows"}).Args(), []any{"value", "", "n", document.MaxRows}},
		"shortened":      {(&document.MarkdownError{Key: document.KeyHref, Text: strings.Repeat("ы", 150)}).Args(), []any{"value", strings.Repeat("ы", 100) + "…", "n", 0}},
		"turned around":  {document.Remark{What: "a\u202eb\n\x00c"}.Args(), []any{"value", "ab c"}},
		"exactly enough": {document.Remark{What: strings.Repeat("x", 100)}.Args(), []any{"value", strings.Repeat("x", 100)}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestParseErrorPlace(t *testing.T) {
	long := `{"blocks":[{"id":"b","kind":"paragraph","text":[{"text":"` + strings.Repeat("x", document.MaxText+1) + `"}]}]}`
	for src, want := range map[string]document.Address{long: "b/text", `{"blocks":[],"x":1}`: "", `{"blocks":[{"level":"2"}]}`: ""} {
		_, err := document.Parse([]byte(src))
		var p *document.ParseError
		if !errors.As(err, &p) {
			t.Fatal(err)
		}
		if p.Place() != want {
			t.Errorf("%s: %q, want %q", p.Key, p.Place(), want)
		}
	}
}
