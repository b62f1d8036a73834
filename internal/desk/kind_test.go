package desk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"depesche/internal/lang"
)

// valuesOf reads the constants of a type from its source, so that none can be forgotten here.
func valuesOf(t *testing.T, file, name string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		typ, _ := v.Type.(*ast.Ident)
		lit, _ := v.Values[0].(*ast.BasicLit)
		if typ == nil || typ.Name != name || lit == nil {
			return true
		}
		s, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
		return true
	})
	if len(out) == 0 {
		t.Fatalf("no constants of %s in %s", name, file)
	}
	return out
}

func TestEveryFieldAndKindHasAWord(t *testing.T) {
	catalogue, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	names := append(valuesOf(t, "../document/visit.go", "Field"), valuesOf(t, "../document/document.go", "Kind")...)
	for _, tag := range catalogue.Languages() {
		f := frame{words: catalogue.In(tag)}
		for _, name := range names {
			key, ok := kindWords[name]
			if !ok {
				key = "island.label_" + name
			}
			if word := f.kindWord(name); word == key || !f.words.Has(key) {
				t.Errorf("%s: %s is called %q", tag, name, word)
			}
		}
	}
}
