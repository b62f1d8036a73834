package memory_test

import (
	"fmt"
	"strings"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/memory"
)

// pairsOfKilled is more than several transactions of an import take.
const (
	batchOfKilled = 300
	pairsOfKilled = 15*batchOfKilled + batchOfKilled/2
)

func killedFile() string {
	var pairs []string
	for i := range pairsOfKilled {
		pairs = append(pairs, fmt.Sprintf("Рядок %d, і ще одне речення.", i), fmt.Sprintf("Zeile %d, und noch ein Satz.", i))
	}
	return tmxOf(pairs...)
}

// imports tells of each transaction, and is killed.
func imports(t *testing.T, d *db.DB, acknowledge func(key string)) {
	o := memory.ImportOptions{Name: "big", Progress: func(n int64) { acknowledge(fmt.Sprint(n)) }}
	m := memory.New(d)
	memory.SetBatch(m, batchOfKilled)
	if _, err := m.Import(t.Context(), admin, strings.NewReader(killedFile()), o); err != nil {
		t.Fatal(err)
	}
	t.Fatal("it wasn't killed")
}

// TestImportSurvivesAKill holds that an import killed in the middle leaves whole transactions, each pair
// with what it is found by, and that it can be repeated: then all is there, and nothing twice.
func TestImportSurvivesAKill(t *testing.T) {
	if dbtest.Victim(t, nil, func(d *db.DB, _ string, acknowledge func(string)) { imports(t, d, acknowledge) }) {
		return
	}
	file := killedFile()
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		open := func() *db.DB {
			d, err := db.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		count := func(d *db.DB, query string) (n int) {
			if err := d.Read().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := open().Close(); err != nil { // the tables are there before the first is killed
			t.Fatal(err)
		}
		for round, after := range []int{1, 3} {
			dbtest.Kill(t, o, round, after)
			d := open()
			n := count(d, `SELECT COUNT(*) FROM memory_unit`)
			if n < after*batchOfKilled || n%batchOfKilled != 0 {
				t.Errorf("killed after %d transactions of %d it left %d pairs", after, batchOfKilled, n)
			}
			if lost := count(d, `SELECT COUNT(*) FROM memory_unit u WHERE NOT EXISTS (SELECT 1 FROM memory_key k WHERE k.ref = u.id)`); lost > 0 {
				t.Errorf("%d of %d pairs can't be found", lost, n)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}
		d := open()
		defer d.Close()
		before := count(d, `SELECT COUNT(*) FROM memory_unit`)
		m := memory.New(d)
		r, err := m.Import(t.Context(), admin, strings.NewReader(file), memory.ImportOptions{Name: "big"})
		if err != nil || r.Unchanged != before || r.Added != pairsOfKilled-before || r.Changed != 0 {
			t.Errorf("there were %d of %d, and then %+v, %v", before, pairsOfKilled, r, err)
		}
		if n := count(d, `SELECT COUNT(*) FROM memory_unit`); n != pairsOfKilled {
			t.Errorf("%d pairs of %d", n, pairsOfKilled)
		}
		got, err := m.Matches(t.Context(), d.Read(), memory.Query{From: "uk", To: "de", Segments: []memory.Segment{{Address: "a/text", Text: document.Text("Рядок 7, і ще одне речення.")}}})
		if list := got["a/text"]; err != nil || len(list) == 0 || list[0].Score != 100 || list[0].Target.Plain() != "Zeile 7, und noch ein Satz." {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
