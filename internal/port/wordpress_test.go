package port_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/media"
	"depesche/internal/port"
)

var update = flag.Bool("update", false, "rewrite the goldens")

func mediaID(s string) media.ID { return media.ID(s) }

// golden compares got with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s:\n%s", name, diff)
	}
}

// take imports exports and expects no error.
func take(t testing.TB, r port.Rooms, o port.Options, paths ...string) port.Report {
	t.Helper()
	files, err := port.Files(paths...)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := port.ImportWordPress(t.Context(), r, files, o)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func text(t testing.TB, rep port.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := rep.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const oldPaper = "testdata/oldpaper.xml"

// TestImport takes in an export with a bit of everything, on both engines, without pictures.
func TestImport(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de", "uk", "en")
		p, err := r.Publication.Paper(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p.EmbedHosts = []string{"video.example"}
		if _, err := r.Publication.SavePaper(t.Context(), port.Importer, p); err != nil {
			t.Fatal(err)
		}
		rep := take(t, r, port.Options{}, oldPaper)
		golden(t, "oldpaper.report", text(t, rep))
		golden(t, "oldpaper.golden", world(t, r))
	})
}

// realExports are those of the test material.
func realExports(t testing.TB) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(shared(t, "wxr"), func(p string, _ fs.DirEntry, err error) error {
		if filepath.Ext(p) == ".xml" {
			out = append(out, p)
		}
		return err
	})
	if err != nil || len(out) < 18 {
		t.Fatalf("%d exports, %v", len(out), err)
	}
	return out
}

// TestImportRealExports holds what becomes of other people's exports. Their words aren't ours to
// keep here: of each text the golden has the kinds of its blocks and a hash.
func TestImportRealExports(t *testing.T) {
	var out strings.Builder
	for _, f := range realExports(t) {
		d := dbtest.OpenClock(t, steady)
		r := paper(t, d, "en", "de")
		rep := take(t, r, port.Options{}, f)
		fmt.Fprintf(&out, "== %s\n", filepath.Base(f))
		for _, f := range rep.Files {
			for _, x := range f.Repairs {
				fmt.Fprintf(&out, "repaired %s line %d × %d\n", x.Key, x.Line, x.N)
			}
		}
		fmt.Fprintf(&out, "stories %s; pages %s; sections %d, topics %d, authors %d, addresses %d, comments %d\n",
			rep.Stories, rep.Pages, rep.Sections.New, rep.Topics.New, rep.Authors.New, rep.Redirects, rep.Comments)
		for _, m := range []map[string]int{rep.Left, rep.Remarks} {
			for _, k := range sorted(m) {
				fmt.Fprintf(&out, "%d × %s\n", m[k], k)
			}
		}
		w := &teller{t: t, r: r, q: d.Read()}
		for _, st := range w.all() {
			editions, err := r.Editions.OfStory(t.Context(), w.q, st.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range editions {
				var kinds []string
				for _, b := range e.Doc.Blocks {
					kinds = append(kinds, string(b.Kind[:2]))
				}
				body, err := e.Doc.Encode()
				if err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256(body)
				fmt.Fprintf(&out, "%d %s %s %q: %s %x\n", st.Number, e.Lang, e.State, e.Slug, strings.Join(kinds, " "), sum[:6])
			}
		}
	}
	golden(t, "real.golden", out.String())
}

func sorted(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
