package document

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSchemaFileIsFresh(t *testing.T) {
	want, err := json.MarshalIndent(TheSchema(), "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	must(t, cmp.Diff(string(want)+"\n", string(got)), "go generate ./internal/document")
}

func TestSchemaPatternsSayWhatValidateDoes(t *testing.T) {
	s := TheSchema()
	id, ref, lang := regexp.MustCompile(s.ID), regexp.MustCompile(s.Ref), regexp.MustCompile(s.Lang)
	for _, x := range []string{"", "a", "a-b_C9", "a b", "ü", strings.Repeat("x", 40), strings.Repeat("x", 41), strings.Repeat("x", 101), "de", "d", "de-", "-de",
		"zh-Hant-TW", "de-1996", "1de", "x-klingon", "abcdefghi", "de-abcdefghi", "de\n"} {
		if got := validName(x, MaxID); got != id.MatchString(x) {
			t.Errorf("ID %q: %v", x, got)
		}
		if got := validRef(x); got != ref.MatchString(x) {
			t.Errorf("reference %q: %v", x, got)
		}
		if got := validLang(x); got != lang.MatchString(x) {
			t.Errorf("language %q: %v", x, got)
		}
	}
}

func TestEveryKindHasASample(t *testing.T) {
	seen := map[Kind]bool{}
	for _, name := range samples(t, "valid_*.json") {
		d, err := Parse(read(t, name))
		if err != nil {
			t.Fatal(err)
		}
		visitBlocks(d.Blocks, func(b *Block) { seen[b.Kind] = true })
	}
	for _, k := range TheSchema().Kinds {
		if !seen[k.Kind] {
			t.Errorf("no sample has a %s", k.Kind)
		}
	}
}
