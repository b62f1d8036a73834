package db_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func TestTypesGoThereAndBack(t *testing.T) {
	type value struct {
		At    db.Time
		None  db.NullTime
		Some  db.NullTime
		Flag  bool
		Bytes []byte
		List  db.JSON[[]string]
		Map   db.JSON[map[string]int]
		Nil   db.JSON[[]string]
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for _, stmt := range []string{`CREATE TABLE probe (at1 TEXT, at2 TEXT, at3 TEXT, flag BOOLEAN, bytes BYTEA, json1 TEXT, json2 TEXT, json3 TEXT)`} {
			if _, err := d.SQL().ExecContext(ctx, stmt); err != nil {
				t.Fatal(err)
			}
		}
		at := time.Date(2026, 10, 25, 2, 30, 0, 999_900_000, time.FixedZone("", 7200))
		want := value{
			At: db.Time{Time: at}, Some: db.NullOf(&at), Flag: true, Bytes: []byte{0, 1, 255},
			List: db.AsJSON([]string{"дім", `"<&`}), Map: db.AsJSON(map[string]int{"a": 1}),
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO probe VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				want.At, want.None, want.Some, want.Flag, want.Bytes, want.List, want.Map, want.Nil)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var got value
		var stored, nothing string
		if err := d.Read().QueryRowContext(ctx, `SELECT at1, at2, at3, flag, bytes, json1, json2, json3, at1, json3 FROM probe`).Scan(
			&got.At, &got.None, &got.Some, &got.Flag, &got.Bytes, &got.List, &got.Map, &got.Nil, &stored, &nothing); err != nil {
			t.Fatal(err)
		}
		cut := at.UTC().Truncate(time.Millisecond)
		want.At, want.Some, want.Nil = db.Time{Time: cut}, db.NullOf(&cut), db.AsJSON([]string{})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if stored != "2026-10-25T00:30:00.999Z" || nothing != "[]" {
			t.Errorf("stored %q and %q", stored, nothing)
		}
		if got.None.Ptr() != nil || !got.Some.Ptr().Equal(cut) || db.NullOf(nil).Valid {
			t.Error("pointers")
		}
	})
}

func TestTimesSortAsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (time.Time, string) {
			at := time.UnixMilli(rapid.Int64Range(-62135596800000, 253402300799999).Draw(t, name))
			v, err := db.Time{Time: at}.Value()
			if err != nil {
				t.Fatal(err)
			}
			var back db.Time
			if err := back.Scan(v); err != nil || !back.Equal(at) {
				t.Fatalf("%v became %v, %v", at, back, err)
			}
			return at, v.(string)
		}
		a, x := draw("a")
		b, y := draw("b")
		if a.Before(b) != (x < y) {
			t.Fatalf("%s and %s", x, y)
		}
	})
	if _, err := (db.Time{Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}).Value(); err == nil {
		t.Error("a year of five digits was stored")
	}
}

func TestCollectTellsFaults(t *testing.T) {
	d := dbtest.Open(t)
	rows, err := d.Read().QueryContext(t.Context(), `SELECT 'x' UNION ALL SELECT 'y'`)
	if _, err := db.Collect(rows, err, func(rows *sql.Rows) (n int, err error) { return n, rows.Scan(&n) }); err == nil {
		t.Error("a row that can't be read was read")
	}
	rows, err = d.Read().QueryContext(t.Context(), `SELECT nothing`)
	if _, err := db.Collect(rows, err, func(rows *sql.Rows) (n int, err error) { return n, rows.Scan(&n) }); err == nil {
		t.Error("no error")
	}
}
