package app

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// house is the repository's root.
const house = "../.."

func there(pattern string) bool {
	found, err := filepath.Glob(filepath.Join(house, pattern))
	return err == nil && len(found) > 0
}

// Each file that docs/map.md sends somebody to is there: from internal/ or the root, or beside the one named
// before it.
func TestMapLeadsSomewhere(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(house, "docs/map.md"))
	if err != nil {
		t.Fatal(err)
	}
	roots := []string{"internal", "."}
	quoted, named := regexp.MustCompile("`([a-z0-9_*./-]+)`"), 0
	for line := range strings.Lines(string(raw)) {
		folder := ""
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			name := m[1]
			if !strings.ContainsAny(name, "/.") || strings.HasPrefix(name, "./") {
				continue
			}
			named++
			if folder != "" && there(path.Join(folder, name)) {
				continue
			}
			i := slices.IndexFunc(roots, func(from string) bool { return there(path.Join(from, name)) })
			if i < 0 {
				t.Errorf("%s isn't there: %s", name, strings.TrimSpace(line))
				continue
			}
			folder = path.Join(roots[i], strings.TrimRight(name, "/"))
			if !strings.HasSuffix(name, "/") {
				folder = path.Dir(folder)
			}
		}
	}
	if named < 100 {
		t.Errorf("only %d files are named", named)
	}
}

// Links within the repository lead to files that are there.
func TestDocsLinksLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(house, "docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	for _, f := range append(files, filepath.Join(house, "README.md"), filepath.Join(house, "AGENTS.md"), filepath.Join(house, "CHANGELOG.md")) {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(raw), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(f), m[1])); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
	}
}
