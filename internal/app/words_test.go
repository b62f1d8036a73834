package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"depesche/internal/lang"
)

// beginnings are what stands before a value of the code in the keys that are put together.
var beginnings = strings.Fields(`
	check. check.ok. desk.audit. desk.audit.by. desk.author.kind. desk.draft. desk.draft.trouble. desk.engines.do. desk.engines.field.
	desk.engines.kind. desk.engines.option. desk.engines.trouble. desk.kind. desk.mark. desk.memory.left. desk.origin. desk.picture.kind.
	desk.release. desk.release.act. desk.release.did. desk.translate.shape. desk.revision. desk.role. desk.reports.state. desk.said. desk.said.released.
	desk.source.kind. desk.state. desk.static.key. desk.step. desk.story.kind. desk.today.show. desk.topic.kind.
	desk.translate.from_ desk.translate.weight_ desk.unit. desk.unit.stale_ desk.weight. island.empty_ island.label_
	reader.v_ register.gender. register.kind. register.state.`)

// endings are what may stand after it.
var endings = strings.Fields(".do .button .busy .intro .text .text_hint _busy _other _unnamed")

// apart are keys whose beginning is that of a whole area, so that it would say nothing.
var apart = strings.Fields(`
	desk.xliff.changed desk.xliff.gone desk.xliff.moved desk.xliff.purpose
	reader.graphic reader.illustration reader.photo reader.today reader.yesterday`)

// literals are the words that stand in the code: whole strings of Go, and all in quotation marks of the
// templates and scripts.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	quoted := regexp.MustCompile("[\"'`]([A-Za-z0-9_.-]+)(?:[\"'`]|\\$\\{)")
	err := filepath.WalkDir("../", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "dist"):
			return fs.SkipDir
		case strings.HasSuffix(path, "_test.go"):
		case strings.HasSuffix(path, ".go"):
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					s, _ := strconv.Unquote(lit.Value)
					for _, w := range strings.Fields(s) {
						out[w] = true
					}
				}
				return true
			})
		case strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".ts"):
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range quoted.FindAllSubmatch(raw, -1) {
				out[string(m[1])] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A word that nobody says is translated into six languages for nobody.
func TestWordsAreUsed(t *testing.T) {
	catalogue, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	words, code := catalogue.In("en"), literals(t)
	for _, key := range words.Keys() {
		if !isSaid(key, code) {
			t.Errorf("nobody says %s", key)
		}
	}
	for _, part := range slices.Concat(beginnings, endings) {
		if !code[part] && !code[strings.TrimPrefix(part, "island.")] {
			t.Errorf("no key is made with %s", part)
		}
	}
	for _, key := range apart {
		if !words.Has(key) {
			t.Errorf("there is no %s", key)
		}
	}
}

// isSaid reports whether the code says the key, or all that it is put together from.
func isSaid(key string, code map[string]bool) bool {
	if code[key] || code[strings.TrimPrefix(key, "island.")] || slices.Contains(apart, key) ||
		strings.HasPrefix(key, "reader.in_lang.") || strings.HasPrefix(key, "reader.from_lang.") { // for each language
		return true
	}
	for _, b := range beginnings {
		if value, ok := strings.CutPrefix(key, b); ok && code[value] {
			return true
		}
	}
	for _, e := range endings {
		if rest, ok := strings.CutSuffix(key, e); ok && isSaid(rest, code) {
			return true
		}
	}
	return false
}
