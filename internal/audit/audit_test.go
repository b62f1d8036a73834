package audit

import (
	"context"
	"errors"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func TestRecordStandsOrFallsWithTheAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		record := func(act string, fail error) {
			_ = d.Write(ctx, func(tx *db.Tx) error {
				if err := Record(ctx, tx, Entry{Actor: "a", Act: act, Subject: "story:1", Detail: map[string]int{"n": 1}}); err != nil {
					t.Fatal(err)
				}
				return fail
			})
		}
		record("one", nil)
		record("two", errors.New("no"))
		record("three", nil)
		got, err := List(ctx, d.Read(), "story:1", 10, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[0].Act != "three" || got[1].Act != "one" || string(got[1].Detail) != `{"n":1}` {
			t.Fatalf("got %+v", got)
		}
		older, err := List(ctx, d.Read(), "", 10, got[0].ID)
		if err != nil || len(older) != 1 || older[0].Act != "one" {
			t.Fatalf("got %+v, %v", older, err)
		}
	})
}
