package translate_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/jobs"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// counted is an engine that charges: it keeps a ledger in a file of all it was asked, and remembers
// what it answered under a key, as the engines' room does.
type counted struct {
	speaker
	file        string
	acknowledge func(string)
}

type entry struct {
	Key     string
	Address document.Address
}

func (e *counted) ledger(t testing.TB) map[entry]int {
	body, err := os.ReadFile(e.file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	out := map[entry]int{}
	for _, line := range strings.Split(string(body), "\n") {
		var x entry
		if json.Unmarshal([]byte(line), &x) == nil { // a line cut off by the kill was charged for nothing
			out[x]++
		}
	}
	return out
}

func (e *counted) draft(t testing.TB) translate.Engines {
	return drafts(func(ctx context.Context, d engine.Draft, each func(context.Context, []engine.Drafted) error) error {
		known := e.ledger(t)
		for _, s := range d.Segments {
			x := entry{d.Key, s.Address}
			if known[x] == 0 {
				line, err := json.Marshal(x)
				if err != nil {
					return err
				}
				f, err := os.OpenFile(e.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
				if err != nil {
					return err
				}
				if _, err := f.Write(append(line, '\n')); err != nil {
					return err
				}
				if err := f.Close(); err != nil {
					return err
				}
			}
			out := engine.Drafted{Address: s.Address, Text: e.says(d, s), Engine: "Kobold"}
			if err := each(ctx, []engine.Drafted{out}); err != nil {
				return err
			}
			if e.acknowledge != nil {
				e.acknowledge(d.Key + " " + string(s.Address))
			}
		}
		return nil
	})
}

type drafts func(ctx context.Context, d engine.Draft, each func(context.Context, []engine.Drafted) error) error

func (drafts) Forget(context.Context, *db.Tx, string) error { return nil }

func (f drafts) Draft(ctx context.Context, d engine.Draft, each func(context.Context, []engine.Drafted) error) error {
	return f(ctx, d, each)
}

func draftingHouse(t *testing.T, d *db.DB, e *counted) *world {
	t.Helper()
	w := &world{d: d, stories: story.New(d)}
	w.editions = edition.New(d, w.stories)
	w.work = translate.New(d, w.editions)
	w.work.With(translate.Helpers{Engines: e.draft(t)})
	return w
}

// ledgerEnv tells the process that is killed where its engine keeps its ledger.
const ledgerEnv = "DEPESCHE_LEDGER_TEST"

// draftsStories goes on until it is killed: it begins story after story in two languages and drafts them.
func draftsStories(t *testing.T, d *db.DB, acknowledge func(key string)) {
	w := draftingHouse(t, d, &counted{file: os.Getenv(ledgerEnv), acknowledge: acknowledge})
	for {
		w.begin(t)
		w.rescue(t)
	}
}

// begin writes a story and has it drafted in two languages.
func (w *world) begin(t *testing.T) {
	t.Helper()
	st, err := w.stories.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"})
	if err != nil {
		t.Fatal(err)
	}
	de, err := w.editions.Create(t.Context(), chief, st.ID, "de")
	if err != nil {
		t.Fatal(err)
	}
	w.save(t, de, source())
	if _, err := w.work.Begin(t.Context(), chief, st.ID, "uk", "en"); err != nil {
		t.Fatal(err)
	}
}

// rescue does what the jobs left over ask for, as their next delivery would.
func (w *world) rescue(t *testing.T) {
	t.Helper()
	for _, id := range w.open(t) {
		if err := w.work.Fill(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) open(t *testing.T) []translate.DraftingID {
	t.Helper()
	rows, err := w.d.Read().QueryContext(t.Context(), `SELECT id FROM drafting WHERE ended_at IS NULL ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []translate.DraftingID
	for rows.Next() {
		var id translate.DraftingID
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		out = append(out, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) count(t *testing.T, query string) int {
	t.Helper()
	var n int
	if err := w.d.Read().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDraftingSurvivesAKill holds that drafting goes on after a kill at any moment: nothing that stood is
// lost, nothing is doubled, and nothing is asked, and paid for, twice.
func TestDraftingSurvivesAKill(t *testing.T) {
	if dbtest.Victim(t, nil, func(d *db.DB, _ string, acknowledge func(string)) { draftsStories(t, d, acknowledge) }) {
		return
	}
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		dir := t.TempDir()
		e := &counted{file: filepath.Join(dir, "ledger")}
		t.Setenv(ledgerEnv, e.file)
		first, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		said := 0
		for round, after := range []int{1, 3, 10, 24} {
			said += len(dbtest.Kill(t, o, round, after))
		}
		o.Clock = clock.NewStepping(time.Now())
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := draftingHouse(t, d, e)
		if n := w.count(t, `SELECT COUNT(*) FROM draft`); n < said {
			t.Errorf("%d segments were acknowledged, %d are there", said, n)
		}
		w.rescue(t)
		for what, query := range map[string]string{
			"draftings left open":               `SELECT COUNT(*) FROM drafting WHERE ended_at IS NULL`,
			"draftings that count wrong":        `SELECT COUNT(*) FROM drafting WHERE done <> total OR total <> 10`,
			"segments drafted twice":            `SELECT COUNT(*) FROM (SELECT 1 FROM draft GROUP BY edition_id, address HAVING COUNT(*) > 1) AS twice`,
			"units without their draft":         `SELECT COUNT(*) FROM unit WHERE draft_id IS NULL OR answer <> 'machine'`,
			"drafts without their unit":         `SELECT COUNT(*) FROM draft d WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.draft_id = d.id)`,
			"drafted stories in one language":   `SELECT COUNT(*) FROM (SELECT e.story_id FROM edition e JOIN drafting g ON g.edition_id = e.id GROUP BY e.story_id HAVING COUNT(*) <> 2) AS half`,
			"units of revisions that aren't":    `SELECT COUNT(*) FROM unit u WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.edition_id = u.edition_id AND r.number = u.target_rev)`,
			"jobs lost for what had to be done": `SELECT COUNT(*) FROM drafting g WHERE g.total = 0`,
		} {
			if n := w.count(t, query); n != 0 {
				t.Errorf("%d %s", n, what)
			}
		}
		for x, n := range e.ledger(t) {
			if n > 1 {
				t.Errorf("%v was asked %d times", x, n)
			}
		}
	})
}

// TestJobsDraft has the queue do what [world.rescue] does in the kill test: the job is there with the
// drafting, and does nothing when it comes twice.
func TestJobsDraft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.work.With(translate.Helpers{Engines: &speaker{name: "Kobold"}})
		d, err := w.work.Draft(t.Context(), translator, w.uk.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.d.Write(t.Context(), func(tx *db.Tx) error { return jobs.Enqueue(t.Context(), tx, translate.Fill{Drafting: d.ID}) }); err != nil {
			t.Fatal(err)
		}
		r, err := jobs.New(w.d, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		w.work.Handle(r)
		if err := r.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM draft`); n != 10 {
			t.Errorf("%d drafts", n)
		}
		if got := w.drafting(t, w.uk.ID); got.State != translate.Done || got.ID != d.ID {
			t.Errorf("%+v", got)
		}
	})
}
