package port_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/port"
	"depesche/internal/publication"
	"depesche/internal/story"
)

func folder(t testing.TB) blob.Store {
	t.Helper()
	s, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// furnished is a paper with a section, a published story and a file.
func furnished(t *testing.T, d *db.DB, files blob.Store) port.Rooms {
	t.Helper()
	r := paper(t, d, "de", "uk")
	ctx, who := t.Context(), actor.System("test")
	sec, err := r.Publication.SaveSection(ctx, who, publication.Section{Active: true, Names: map[lang.Tag]publication.Name{"de": {Name: "Politik", Slug: "politik"}}})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		st, err := r.Stories.CreateTx(ctx, tx, who, story.NewStory{Kind: story.News, OriginalLang: "de", Section: sec.ID})
		if err != nil {
			return err
		}
		at := noon
		_, _, err = r.Editions.Import(ctx, tx, who, edition.Imported{Story: st.ID, Lang: "de", Published: &at, Doc: document.Doc{
			Headline: "„Ja“ – sagt Óscar 💡 \u202e <b>", Blocks: []document.Block{{ID: "b1", Kind: document.Paragraph, Text: document.Text("Ein Satz.\nNoch einer.")}},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := files.Put(ctx, "media/x/original", strings.NewReader(strings.Repeat("bytes", 100_000))); err != nil {
		t.Fatal(err)
	}
	return r
}

// contents are all rows of all tables, as text.
func contents(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if _, err := port.Backup(context.Background(), d, folder(t), &b, nil); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	port.WalkBackup(t, bytes.NewReader(b.Bytes()), func(name string, body io.Reader) {
		raw, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "tables/") && !strings.HasPrefix(name, "tables/event/") {
			out[name] = string(raw)
		}
	})
	return out
}

// TestBackupComesBackOnEitherEngine restores each engine's backup on each engine that is here.
func TestBackupComesBackOnEitherEngine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, from *db.DB) {
		files := folder(t)
		furnished(t, from, files)
		var archive bytes.Buffer
		kept, err := port.Backup(t.Context(), from, files, &archive, nil)
		if err != nil {
			t.Fatal(err)
		}
		if kept.Files != 1 || kept.Rows < 5 {
			t.Errorf("kept %+v", kept)
		}
		want := contents(t, from)
		dbtest.Each(t, func(t *testing.T, to *db.DB) {
			again := folder(t)
			got, err := port.Restore(t.Context(), to, again, bytes.NewReader(archive.Bytes()), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got != kept {
				t.Errorf("restored %+v of %+v", got, kept)
			}
			if diff := cmp.Diff(want, contents(t, to)); diff != "" {
				t.Error(diff)
			}
			r, info, err := again.Open(t.Context(), "media/x/original")
			if err != nil || info.Size != 500_000 {
				t.Fatalf("the file: %v, %d bytes", err, info.Size)
			}
			r.Close()
			if _, err := port.Restore(t.Context(), to, again, bytes.NewReader(archive.Bytes()), nil); !errors.Is(err, port.ErrNotEmpty) {
				t.Errorf("restored over a paper: %v", err)
			}
		})
	})
}

// TestRestoreRefusesWhatIsNotWhole cuts and flips an archive everywhere; nothing may be restored.
func TestRestoreRefusesWhatIsNotWhole(t *testing.T) {
	from := dbtest.Open(t)
	files := folder(t)
	furnished(t, from, files)
	var archive bytes.Buffer
	if _, err := port.Backup(t.Context(), from, files, &archive, nil); err != nil {
		t.Fatal(err)
	}
	want := contents(t, from)
	to := dbtest.Open(t)
	raw := archive.Bytes()
	step := max(1, len(raw)/60)
	for i := 0; i < len(raw); i += step {
		for name, bad := range map[string][]byte{"cut": raw[:i], "flipped": append(append(bytes.Clone(raw[:i]), raw[i]^0x40), raw[i+1:]...)} {
			again := folder(t)
			if _, err := port.Restore(t.Context(), to, again, bytes.NewReader(bad), nil); err == nil {
				// A bit of the packing may mean nothing. What comes out must be what went in.
				if diff := cmp.Diff(want, contents(t, to)); diff != "" {
					t.Fatalf("%s at %d of %d: restored\n%s", name, i, len(raw), diff)
				}
				to = dbtest.Open(t)
				continue
			}
			n := 0
			if err := again.List(t.Context(), "", func(blob.Info) error { n++; return nil }); err != nil || n > 0 {
				t.Fatalf("%s at %d: %d files were stored, %v", name, i, n, err)
			}
		}
	}
	if ready, err := publication.New(to).Ready(t.Context()); err != nil || ready {
		t.Errorf("something came through: %v, %v", ready, err)
	}
}
