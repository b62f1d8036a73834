package db_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func TestTables(t *testing.T) {
	var first []db.Table
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		list, err := d.Tables(context.Background(), d.Read())
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, tab := range list {
			at[tab.Name] = i
			for _, r := range tab.Refs {
				if j, ok := at[r]; !ok || j > i {
					t.Errorf("%s stands before %s, to which it refers", tab.Name, r)
				}
			}
		}
		for _, name := range []string{"publication", "story", "edition", "revision", "card", "audit", "setting"} {
			if _, ok := at[name]; !ok {
				t.Errorf("%s is missing", name)
			}
		}
		i := at["edition"]
		if !slices.Contains(list[i].Columns, db.Column{Name: "version", Kind: db.IntColumn}) {
			t.Errorf("edition has %v", list[i].Columns)
		}
		if first == nil {
			first = list
		} else if diff := cmp.Diff(first, list); diff != "" {
			t.Errorf("the engines differ:\n%s", diff)
		}
		if v, err := d.SchemaVersion(context.Background(), d.Read()); err != nil || v < 8 {
			t.Errorf("version %d, %v", v, err)
		}
	})
}
