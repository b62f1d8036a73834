package db_test

import (
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

// The mark that a translation was checked was one of the edition. It becomes one of the revisions
// that the audit says were checked, and of no other.
func TestChecksBecomeOnesOfRevisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const before = 10
		if err := d.Rebuild(t.Context(), before, func(tx *db.Tx) error {
			for _, s := range []string{
				`INSERT INTO staff (id, email, name, role, password, ui_lang, active, created_at, updated_at)
						VALUES ('s1', 'a@example.org', 'A. Chief', 'chief', '', 'de', TRUE, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`,
				`INSERT INTO story (id, number, kind, original_lang, created_by, created_at, updated_at)
						VALUES ('st', 1, 'news', 'de', 's1', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`,
				`INSERT INTO edition (id, story_id, lang, state, revision, body, made, checked_by, saved_at)
						VALUES ('uk', 'st', 'uk', 'draft', 3, '{}', 'human_checked', 'The desk', '2026-01-01T00:00:00.000Z'),
						('fr', 'st', 'fr', 'draft', 1, '{}', 'machine_checked', 'The desk', '2026-01-01T00:00:00.000Z')`,
				`INSERT INTO revision (edition_id, number, parent, kind, body, by_id, by_name, at)
						SELECT e.id, n.number, 0, 'save', '{}', 's1', 'A. Chief', '2026-01-01T00:00:00.000Z'
						FROM edition e JOIN (SELECT 1 AS number UNION SELECT 2 UNION SELECT 3) n ON n.number <= e.revision`,
				`INSERT INTO audit (id, actor, act, subject, detail, at)
						VALUES ('a1', 's1', 'edition.checked', 'edition:uk', '{"revision":2}', '2026-01-02T00:00:00.000Z'),
						('a2', 's1', 'edition.checked', 'edition:uk', '{"revision":2}', '2026-01-03T00:00:00.000Z'),
						('a3', 's1', 'edition.approve', 'edition:uk', '{"revision":3}', '2026-01-04T00:00:00.000Z'),
						('a4', 'gone', 'edition.checked', 'edition:fr', '{"revision":1}', '2026-01-05T00:00:00.000Z')`,
			} {
				if _, err := tx.ExecContext(t.Context(), s); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var got string
		rows, err := d.Read().QueryContext(t.Context(), `
			SELECT e.id || ' ' || e.made || ' ' || k.revision || ' ' || k.by_name || ' ' || k.at
			FROM edition e JOIN revision_check k ON k.edition_id = e.id ORDER BY e.id`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			got += s + "\n"
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		const want = "fr machine 1 The desk 2026-01-05T00:00:00.000Z\nuk human 2 A. Chief 2026-01-02T00:00:00.000Z\n"
		if got != want {
			t.Errorf("got\n%s", got)
		}
	})
}
