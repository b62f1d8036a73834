package release_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
)

// publishes goes on until it is killed: story after story in two languages at once, every other one is
// withdrawn, and each act is told of.
func publishes(t *testing.T, d *db.DB, c *clock.Stepping, acknowledge func(key string)) {
	w := house(t, d, c)
	for {
		c.Advance(time.Second)
		st, de, uk := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		acknowledge("published " + strconv.FormatInt(st.Number, 10))
		if st.Number%2 > 0 {
			continue
		}
		w.act(t, release.Command{
			Story: st.ID, Act: release.Withdraw, Editions: choices(w.read(t, de.ID), w.read(t, uk.ID)), Why: map[lang.Tag]string{"de": "Falsch.", "uk": "Хибно."},
		})
		acknowledge("withdrawn " + strconv.FormatInt(st.Number, 10))
	}
}

// TestPublishingSurvivesAKill holds that what was acknowledged is there after a kill at any moment, and that
// nothing is half out: state, lists, releases and events agree in both languages.
func TestPublishingSurvivesAKill(t *testing.T) {
	stepping := clock.NewStepping(noon)
	if dbtest.Victim(t, stepping, func(d *db.DB, _ string, acknowledge func(string)) { publishes(t, d, stepping, acknowledge) }) {
		return
	}
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		c := clock.NewStepping(noon)
		o.Clock = c
		first, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		newWorld(t, first, c)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		said := map[int64]edition.State{}
		for round, after := range []int{1, 2, 3, 5, 8, 13} {
			for _, key := range dbtest.Kill(t, o, round, after) {
				what, number, _ := strings.Cut(key, " ")
				n, err := strconv.ParseInt(number, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				said[n] = edition.State(what)
			}
		}
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := house(t, d, c)
		for n, state := range said {
			for _, l := range []lang.Tag{"de", "uk"} {
				got := w.count(t, `SELECT COUNT(*) FROM edition e JOIN story s ON s.id = e.story_id
					WHERE s.number = $1 AND e.lang = $2 AND (e.state = $3 OR e.state = 'withdrawn')`, n, l, state)
				if got != 1 {
					t.Errorf("story %d was %s in %s, and isn't", n, state, l)
				}
			}
		}
		for what, query := range map[string]string{
			"stories out in one language only": `SELECT COUNT(*) FROM (SELECT story_id FROM edition GROUP BY story_id
				HAVING COUNT(*) FILTER (WHERE state <> 'draft') > 0 AND (COUNT(*) <> 2 OR MIN(state) <> MAX(state))) AS half`,
			"editions out that no list has": `SELECT COUNT(*) FROM edition e WHERE e.state = 'published' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.edition_id = e.id)`,
			"cards of what isn't out":       `SELECT COUNT(*) FROM card c JOIN edition e ON e.id = c.edition_id WHERE e.state <> 'published'`,
			"releases that were begun":      `SELECT COUNT(*) FROM release WHERE done_at IS NULL`,
			"releases of one edition":       `SELECT COUNT(*) FROM release r WHERE (SELECT COUNT(*) FROM release_edition x WHERE x.release_id = r.id) <> 2`,
		} {
			if got := w.count(t, query); got != 0 {
				t.Errorf("%d %s", got, what)
			}
		}
		out := w.count(t, `SELECT COUNT(*) FROM release WHERE act = 'publish'`)
		if told := w.count(t, `SELECT COUNT(*) FROM event WHERE kind = 'edition.published'`); told != 2*out || out < len(said) {
			t.Errorf("%d releases and %d events, %d were acknowledged", out, told, len(said))
		}
	})
}
