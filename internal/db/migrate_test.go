package db_test

import (
	"database/sql"
	"flag"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The schema as it is after all migrations; River's own tables come with its version.
func TestSchema(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		query := sqliteSchema
		if d.Engine() == db.Postgres {
			query = postgresSchema
		}
		rows, err := d.Read().QueryContext(t.Context(), query)
		list, err := db.Collect(rows, err, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) })
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(list, "\n") + "\n"
		file := "testdata/schema." + d.Engine() + ".golden.sql"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (go test -update rewrites it): %s", file, diff)
		}
	})
}

const sqliteSchema = `
	SELECT sql || ';' FROM sqlite_schema
	WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'river\_%' ESCAPE '\' AND tbl_name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND tbl_name <> 'goose_db_version'
	ORDER BY tbl_name, type DESC, name`

const postgresSchema = `
	WITH ours AS (
		SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind = 'r'
			AND c.relname NOT LIKE 'river\_%' AND c.relname <> 'goose_db_version'
	), parts AS (
		SELECT relname, 1 AS place, ''::text COLLATE "C" AS name, format('CREATE TABLE %s (', relname) AS line FROM ours
		UNION ALL
		SELECT relname, 2, lpad(a.attnum::text, 4), format('    %s %s%s%s%s,', a.attname, format_type(a.atttypid, a.atttypmod),
			CASE WHEN a.attcollation = '"C"'::regcollation THEN ' COLLATE "C"' ELSE '' END,
			CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
			coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''))
		FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE a.attnum > 0 AND NOT a.attisdropped
		UNION ALL
		SELECT relname, 3, contype::text || conname, format('    CONSTRAINT %s %s,', conname, pg_get_constraintdef(k.oid))
		FROM ours JOIN pg_constraint k ON k.conrelid = ours.oid
		UNION ALL
		SELECT relname, 4, '', ');' FROM ours
		UNION ALL
		SELECT relname, 5, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) || ';'
		FROM ours JOIN pg_index i ON i.indrelid = ours.oid
		WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
	)
	SELECT line FROM parts ORDER BY relname COLLATE "C", place, name COLLATE "C"`

// empty returns the options of a database without tables, on each engine.
func empty(t *testing.T, fn func(t *testing.T, o db.Options)) {
	t.Run(db.SQLite, func(t *testing.T) { fn(t, db.Options{Dir: t.TempDir(), Loose: true}) })
	if os.Getenv(dbtest.Env) != "" {
		t.Run(db.Postgres, func(t *testing.T) { fn(t, dbtest.EmptyPostgres(t, "TEMPLATE template0")) })
	}
}

func TestNodesThatStartAtOnceMigrateOnce(t *testing.T) {
	empty(t, func(t *testing.T, o db.Options) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				d, err := db.Open(t.Context(), o)
				if err != nil {
					t.Error(err)
					return
				}
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return set(t.Context(), tx, "a", "") }); err != nil {
					t.Error(err)
				}
				d.Close()
			})
		}
		wg.Wait()
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	for name, change := range map[string]string{
		"ours":      `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`,
		"the queue": `INSERT INTO river_migration (line, version) VALUES ('main', 9999)`,
	} {
		t.Run(name, func(t *testing.T) {
			empty(t, func(t *testing.T, o db.Options) {
				d, err := db.Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := d.SQL().ExecContext(t.Context(), change); err != nil {
					t.Fatal(err)
				}
				d.Close()
				d, err = db.Open(t.Context(), o)
				if err == nil {
					d.Close()
					t.Fatal("it was opened")
				}
				if !strings.Contains(err.Error(), "newer Depesche") || !strings.Contains(err.Error(), "9999") {
					t.Errorf("it says: %v", err)
				}
			})
		})
	}
}

func TestDatabaseInAnotherEncodingIsRefused(t *testing.T) {
	o := dbtest.EmptyPostgres(t, `TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
	d, err := db.Open(t.Context(), o)
	if err == nil {
		d.Close()
		t.Fatal("it was opened")
	}
	if !strings.Contains(err.Error(), "LATIN1") || !strings.Contains(err.Error(), "ENCODING 'UTF8'") {
		t.Errorf("it says: %v", err)
	}
}
