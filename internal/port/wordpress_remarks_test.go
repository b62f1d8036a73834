package port_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/port"
	"depesche/internal/port/wptext"
)

// TestRemarksGoOn interrupts an import by its own report: what was said is in the file, what came in
// isn't said again, and at the end each item with remarks is there once.
func TestRemarksGoOn(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de")
		var items []string
		for i := range 30 {
			items = append(items, post(fmt.Sprint(i+1), fmt.Sprintf("=Titel %d", i+1), `Ein "Text", [weather city="x"]`, isOut))
		}
		src := export(t, items...)
		files, err := port.Files(src)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "remarks.csv")
		full := errors.New("full")
		left := 7
		for range 10 {
			remarks, err := port.OpenRemarks(name)
			if err != nil {
				t.Fatal(err)
			}
			rep, err := port.ImportWordPress(t.Context(), r, files, port.Options{Batch: 5, Item: func(it port.ItemReport) error {
				if err := remarks.Add(it); err != nil {
					return err
				}
				if left--; left == 0 {
					return full
				}
				return nil
			}})
			if cerr := remarks.Close(); cerr != nil {
				t.Fatal(cerr)
			}
			if err == nil {
				break
			}
			if !errors.Is(err, full) || !rep.Begun() {
				t.Fatal(rep.Editions, err)
			}
			left = 7
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 31 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, row := range rows[1:] {
			if row[3] != fmt.Sprint(i+1) || row[4] != fmt.Sprintf("'=Titel %d", i+1) || row[8] != `[weather city="x"]` || row[6] == "" {
				t.Errorf("row %d: %q", i, row)
			}
		}
	})
}

// TestRemarksOfABrokenBatch holds that what came in before an error of the database is told of.
func TestRemarksOfABrokenBatch(t *testing.T) {
	d := dbtest.OpenClock(t, steady)
	r := paper(t, d, "de")
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.ExecContext(t.Context(), `CREATE TRIGGER full BEFORE INSERT ON static_page BEGIN SELECT RAISE(ABORT, 'full'); END`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Replace(post("2", "Seite", "Text.", isOut), "<![CDATA[post]]>", "<![CDATA[page]]>", 1)
	files, err := port.Files(export(t, post("1", "Eins", `Text [weather city="x"]`, isOut), page, post("3", "Drei", `Text [weather city="x"]`, isOut)))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	rep, err := port.ImportWordPress(t.Context(), r, files, port.Options{Item: func(it port.ItemReport) error {
		told = append(told, it.ID)
		return nil
	}})
	if err == nil || rep.Editions.New != 2 || strings.Join(told, " ") != "1 3" {
		t.Errorf("told of %v, report %+v, %v", told, rep.Editions, err)
	}
}

func TestRemarksForms(t *testing.T) {
	for _, name := range []string{"remarks", "remarks.doc", "remarks.csv.gz"} {
		if err := port.CheckRemarks(name); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	name := filepath.Join(t.TempDir(), "Remarks.JSONL")
	remarks, err := port.OpenRemarks(name)
	if err != nil {
		t.Fatal(err)
	}
	want := port.ItemReport{ID: "1", Title: "A <b> & c", Remarks: []wptext.Remark{{Key: port.RemarkKept, Text: "x\ny"}}}
	if err := errors.Join(remarks.Add(want), remarks.Add(want), remarks.Close()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	var got port.ItemReport
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil || len(lines) != 2 || got.Title != want.Title || got.Remarks[0] != want.Remarks[0] {
		t.Errorf("%q, %v", lines, err)
	}
}

// TestImportLeavesNothing holds that a process that is killed leaves no file behind: there is none with
// a name while it works.
func TestImportLeavesNothing(t *testing.T) {
	r := paper(t, dbtest.OpenClock(t, steady), "de")
	src := export(t, post("1", "Eins", `Text [weather city="x"]`, isOut))
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	looked := false
	take(t, r, port.Options{Item: func(port.ItemReport) error {
		looked = true
		left, err := os.ReadDir(tmp)
		if len(left) > 0 {
			t.Error(left[0].Name(), "would be left")
		}
		return err
	}}, src)
	if !looked {
		t.Error("nobody looked")
	}
}
