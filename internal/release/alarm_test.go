package release

import (
	"context"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func TestNextDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if at, err := nextDue(ctx, d.Read()); err != nil || !at.IsZero() {
			t.Fatalf("nothing is planned, yet %v, %v", at, err)
		}
		noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO story (id, number, kind, original_lang, created_by, created_at, updated_at)
				VALUES ('s', 1, 'news', 'de', 'x', $1, $1)`, db.Time{Time: noon}); err != nil {
				return err
			}
			for i, r := range []struct {
				due       time.Time
				done      *time.Time
				cancelled bool
			}{{noon, &noon, false}, {noon.Add(time.Hour), nil, true}, {noon.Add(3 * time.Hour), nil, false}, {noon.Add(2 * time.Hour), nil, false}} {
				if _, err := tx.ExecContext(ctx, `
					INSERT INTO release (id, story_id, act, due_at, done_at, cancelled, by_id, by_name, created_at)
					VALUES ($1, 's', 'schedule', $2, $3, $4, 'x', 'x', $2)`,
					string(rune('a'+i)), db.Time{Time: r.due}, db.NullOf(r.done), r.cancelled); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if at, err := nextDue(ctx, d.Read()); err != nil || !at.Equal(noon.Add(2*time.Hour)) {
			t.Fatalf("got %v, %v", at, err)
		}
	})
}
