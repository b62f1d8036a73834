package audit_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/audit"
	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func TestRecordAndList(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c := clock.NewStepping(start)
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		c.Set(start)
		record := func(e audit.Entry, fail error) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				if err := audit.Record(ctx, tx, e); err != nil {
					return err
				}
				return fail
			})
		}
		for _, e := range []audit.Entry{
			{Actor: "p1", Act: "edition.save", Subject: "edition:a", Detail: map[string]int{"revision": 2}},
			{Actor: "p2", Act: "edition.save", Subject: "edition:b"},
			{Actor: "[schedule]", Act: "release.publish", Subject: "edition:a"},
		} {
			if err := record(e, nil); err != nil {
				t.Fatal(err)
			}
			c.Advance(time.Second)
		}
		if err := record(audit.Entry{Actor: "p9", Act: "never", Subject: "edition:a"}, errors.New("no")); err == nil {
			t.Fatal("the act was to fail")
		}

		acts := func(subject string, limit int, before string) (out []string, last string) {
			list, err := audit.List(ctx, d.Read(), subject, limit, before)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				out, last = append(out, r.Actor+" "+r.Act+" "+string(r.Detail)), r.ID
			}
			return out, last
		}
		page, last := acts("", 2, "")
		if diff := cmp.Diff([]string{"[schedule] release.publish {}", "p2 edition.save {}"}, page); diff != "" {
			t.Error(diff)
		}
		page, _ = acts("", 2, last)
		if diff := cmp.Diff([]string{`p1 edition.save {"revision":2}`}, page); diff != "" {
			t.Error(diff)
		}
		page, _ = acts("edition:a", 10, "")
		if diff := cmp.Diff([]string{"[schedule] release.publish {}", `p1 edition.save {"revision":2}`}, page); diff != "" {
			t.Error(diff)
		}
		for want, f := range map[string]audit.Filter{
			"p1 edition.save":             {Actor: "p1"},
			"[schedule] release.publish":  {Act: "release.publish"},
			"p2 edition.save":             {Act: "edition.save", Subject: "edition:b"},
			"p1 edition.save of the past": {Until: start.Add(time.Second)},
			"":                            {Actor: "p2", Act: "release.publish"},
		} {
			f.Limit = 10
			list, err := audit.Find(ctx, d.Read(), f)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, r := range list {
				got += r.Actor + " " + r.Act
			}
			if strings.TrimSuffix(want, " of the past") != got {
				t.Errorf("%+v finds %q, want %q", f, got, want)
			}
		}
	})
}
