package live_test

import (
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/story"
)

// posts goes on until it is killed: entry after entry, every third is withdrawn.
func posts(t *testing.T, d *db.DB, c *clock.Stepping, acknowledge func(key string)) {
	w := house(t, d, c)
	list, err := w.live.Running(t.Context(), d.Read())
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	for n := 1; ; n++ {
		c.Advance(time.Second)
		p, err := w.live.Post(t.Context(), reporter, live.Post{Live: list[0].Story, Lang: "de", Sent: id.New(c.Now()), Doc: text("", "Etwas geschieht.")})
		if err != nil {
			t.Fatal(err)
		}
		acknowledge("out " + string(p.Entry.Story))
		if n%3 > 0 {
			continue
		}
		if err := w.live.Withdraw(t.Context(), editor, p.Entry.Story, map[lang.Tag]string{"de": "Falsch."}); err != nil {
			t.Fatal(err)
		}
		acknowledge("gone " + string(p.Entry.Story))
	}
}

// TestEntriesSurviveAKill holds that an entry that was acknowledged is with the readers after a kill at any
// moment, a withdrawn one isn't, and that nothing is half out.
func TestEntriesSurviveAKill(t *testing.T) {
	stepping := clock.NewStepping(noon)
	if dbtest.Victim(t, stepping, func(d *db.DB, _ string, acknowledge func(string)) { posts(t, d, stepping, acknowledge) }) {
		return
	}
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		c := clock.NewStepping(noon)
		o.Clock = c
		first, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		newWorld(t, first, c).running(t, true)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		said := map[story.ID]string{}
		for round, after := range []int{1, 2, 3, 5, 9} {
			for _, key := range dbtest.Kill(t, o, round, after) {
				said[story.ID(key[len(key)-id.Len:])] = key[:len(key)-id.Len-1]
			}
		}
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := house(t, d, c)
		for st, what := range said {
			lines, err := w.live.LinesOf(t.Context(), d.Read(), st)
			if err != nil || len(lines) != 1 || what == "gone" && lines[0].Out {
				t.Errorf("%s: %+v, %v", what, lines, err)
			}
			if what == "out" && !lines[0].Out && w.count(t, `SELECT COUNT(*) FROM edition WHERE story_id = $1 AND state = 'withdrawn'`, st) != 1 {
				t.Errorf("%s is out and isn't shown", st)
			}
		}
		for what, query := range map[string]string{
			"entries that are no story's":    `SELECT COUNT(*) FROM story s WHERE s.live_of IS NOT NULL AND NOT EXISTS (SELECT 1 FROM live_entry e WHERE e.story_id = s.id)`,
			"entries that are out unseen":    `SELECT COUNT(*) FROM edition e JOIN live_entry x ON x.story_id = e.story_id WHERE e.state = 'published' AND NOT EXISTS (SELECT 1 FROM live_card c WHERE c.edition_id = e.id AND c.out)`,
			"lines of what isn't out":        `SELECT COUNT(*) FROM live_card c JOIN edition e ON e.id = c.edition_id WHERE c.out AND e.state <> 'published'`,
			"entries in the lists":           `SELECT COUNT(*) FROM card c JOIN live_entry x ON x.story_id = c.story_id`,
			"lines of which nobody was told": `SELECT COUNT(*) FROM live_card c WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'live.entry')`,
		} {
			if got := w.count(t, query); got != 0 {
				t.Errorf("%d %s", got, what)
			}
		}
		if len(said) == 0 {
			t.Error("nothing was acknowledged")
		}
	})
}
