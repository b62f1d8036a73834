package app

import (
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite map.golden")

// floors say how high each room stands. A room may import what stands lower; on its own floor only
// along the arrows.
var floors = map[string]int{
	"actor": 0, "address": 0, "assets": 0, "audit": 0, "blob": 0, "clock": 0, "config": 0, "db": 0, "entry": 0, "events": 0, "fastpath": 0, "fetch": 0, "id": 0, "pagecache": 0, "purge": 0,
	"jobs": 0, "lang": 0, "needs": 0, "problem": 0, "stream": 0, "web": 0,
	"publication": 1, "people": 1, "topic": 1, "media": 1, "placard": 1,
	"document": 2, "story": 2, "edition": 2,
	"check": 3, "correction": 3, "engine": 3, "live": 3, "memory": 3, "page": 3, "register": 3, "release": 3, "translate": 3,
	"demo": 4, "desk": 4, "port": 4, "reader": 4,
	"app":     5,
	"journey": 6,
}

// arrows are the imports on one floor. Floor 0 has no news of its own: its rooms lean on each other
// where the compiler lets them.
var arrows = map[string][]string{
	"edition":   {"story", "document"},
	"story":     {"document"},
	"release":   {"check", "correction", "translate"},
	"translate": {"check", "engine"},
	"register":  {"check", "engine"},
	"page":      {"correction", "live"},
	"live":      {"check", "correction", "release", "translate"},
}

// pure rooms know no database, no clock and no network.
var pure = []string{"document", "check", "lang", "problem", "actor"}

var sideEffects = []string{"db", "web", "clock", "jobs", "events", "blob", "net/http", "database/sql", "os"}

// imports reads what the files of the house import, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	root := "../"
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
			if d != nil && d.IsDir() && err == nil {
				return fs.SkipDir
			}
			return err
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		if f.Name.Name == "main" {
			return nil // generators beside their room
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		room, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if rest, ok := strings.CutPrefix(p, "depesche/internal/"); ok {
				p, _, _ = strings.Cut(rest, "/")
			}
			if p != room && !slices.Contains(out[room], p) {
				out[room] = append(out[room], p)
			}
		}
		if out[room] == nil {
			out[room] = []string{}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMap(t *testing.T) {
	all := imports(t)
	var lines []string
	for room, list := range all {
		floor, ok := floors[room]
		if !ok {
			t.Errorf("%s stands on no floor: write it into floors", room)
			continue
		}
		var ours []string
		for _, p := range list {
			other, isRoom := floors[p]
			if !isRoom {
				continue
			}
			ours = append(ours, p)
			switch {
			case other > floor:
				t.Errorf("%s (floor %d) imports %s (floor %d)", room, floor, p, other)
			case other == floor && floor > 0 && !slices.Contains(arrows[room], p):
				t.Errorf("%s imports %s on floor %d without an arrow", room, p, floor)
			}
		}
		slices.Sort(ours)
		lines = append(lines, fmt.Sprintf("%d %-12s %s", floor, room, strings.Join(ours, " ")))
	}
	for room := range floors {
		if _, ok := all[room]; !ok {
			t.Errorf("%s stands on a floor, and isn't there", room)
		}
	}
	for room, list := range arrows {
		for _, p := range list {
			if !slices.Contains(all[room], p) {
				t.Errorf("an arrow from %s to %s, which it doesn't import", room, p)
			}
		}
	}
	for _, room := range pure {
		for _, p := range all[room] {
			if slices.Contains(sideEffects, p) {
				t.Errorf("%s is pure and imports %s", room, p)
			}
		}
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile("map.golden", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("map.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("a wall moved; if it was meant to, run go test ./internal/app -run TestMap -update\n%s", diff)
	}
}
