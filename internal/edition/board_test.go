package edition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/edition"
	"depesche/internal/story"
)

// TestBoardUsesIndexes holds that a board of what isn't out, or was changed since, is found by what there is of it, and
// that any other is a walk that stops after a page.
func TestBoardUsesIndexes(t *testing.T) {
	for _, c := range []struct {
		board edition.BoardFilter
		index []string
	}{
		{edition.BoardFilter{}, []string{"story_updated"}},
		{edition.BoardFilter{Section: politics}, []string{"story_section (section_id=? AND (updated_at,id)<(?,?))"}},
		{edition.BoardFilter{Lang: "de"}, []string{"SCAN e USING COVERING INDEX sqlite_autoindex_edition_2", "sqlite_autoindex_story_1"}},
		{edition.BoardFilter{Lang: "de", State: edition.Published}, []string{"story_updated", "sqlite_autoindex_edition_2"}},
		{edition.BoardFilter{Mine: "x"}, []string{"story_created_by", "author_staff", "story_author_author", "revision_by (by_id=?)", "sqlite_autoindex_story_1"}},
		{edition.BoardFilter{Mine: "x", Lang: "de"}, []string{"story_created_by", "author_staff", "story_author_author", "revision_by (by_id=?)", "sqlite_autoindex_edition_2"}},
		{edition.BoardFilter{State: edition.Published}, []string{"story_updated", "sqlite_autoindex_edition_2"}},
		{edition.BoardFilter{State: edition.Draft}, []string{"edition_unpublished (state=?", "sqlite_autoindex_story_1"}},
		{edition.BoardFilter{State: edition.Review, Lang: "de"}, []string{"edition_unpublished (state=?", "sqlite_autoindex_story_1"}},
		{edition.BoardFilter{NeedsCheck: true}, []string{"edition_review", "edition_changed", "sqlite_autoindex_story_1"}},
		{edition.BoardFilter{NeedsCheck: true, Lang: "de"}, []string{"edition_review", "edition_changed", "sqlite_autoindex_story_1"}},
	} {
		query, args := edition.BoardQuery(c.board, false)
		plan := dbtest.Plan(t, query, args...)
		for _, index := range c.index {
			if !strings.Contains(plan, index) {
				t.Errorf("%+v doesn't use %s: %s", c.board, index, plan)
			}
		}
		if c.index[0] != "story_updated" && strings.Contains(plan, "story_updated") {
			t.Errorf("%+v goes through all stories: %s", c.board, plan)
		}
	}
	for _, board := range []edition.BoardFilter{{Mine: "x"}, {Lang: "de"}} {
		query, args := edition.BoardQuery(board, true)
		if plan := dbtest.Plan(t, query, args...); !strings.Contains(plan, "story_updated ((updated_at,id)>(?,?) AND (updated_at,id)<(?,?))") ||
			strings.Contains(plan, "revision_by (by_id=?)") || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%+v among what was touched last: %s", board, plan)
		}
	}
	if plan := dbtest.Plan(t, edition.HeadlinesQuery); plan != "SCAN edition USING COVERING INDEX edition_headline" {
		t.Errorf("headlines: %s", plan)
	}
	query, args := edition.BoardQuery(edition.BoardFilter{Stories: []story.ID{"x", "y"}}, false)
	if plan := dbtest.Plan(t, query, args...); !strings.Contains(plan, "SEARCH s USING INDEX sqlite_autoindex_story_1 (id=?)") {
		t.Errorf("some stories: %s", plan)
	}
	if plan := dbtest.Plan(t, edition.TouchedQuery, db.Time{}, ""); !strings.Contains(plan, "COVERING INDEX story_updated ((updated_at,id)<(?,?))") {
		t.Errorf("what was touched last: %s", plan)
	}
}

func TestBoard(t *testing.T) {
	dbtest.EachClock(t, nil, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var made []edition.Edition
		for i := range 7 {
			made = append(made, w.edition(t, doc(fmt.Sprintf("Größe %d", i), "x")))
		}
		rows, next, err := w.editions.Board(t.Context(), d.Read(), edition.BoardFilter{Limit: 5})
		if err != nil || len(rows) != 5 || next == "" || rows[0].Headline != "Größe 6" || rows[0].Cells["de"].Edition != made[6].ID {
			t.Fatalf("first page %+v, %q, %v", rows, next, err)
		}
		rows, next, err = w.editions.Board(t.Context(), d.Read(), edition.BoardFilter{Limit: 5, Before: next})
		if err != nil || len(rows) != 2 || next != "" || rows[1].Headline != "Größe 0" {
			t.Errorf("second page %+v, %q, %v", rows, next, err)
		}
		if _, err := w.editions.SendToReview(t.Context(), chief, made[3].ID, made[3].Version); err != nil {
			t.Fatal(err)
		}
		w.publish(t, made[2], noon)
		w.save(t, reporter, w.read(t, made[2].ID), doc("Neu", "y"))
		w.publish(t, made[1], noon)
		for name, tc := range map[string]struct {
			f    edition.BoardFilter
			want int
		}{
			"mine":           {edition.BoardFilter{Mine: "reporter"}, 1},
			"the chief's":    {edition.BoardFilter{Mine: "chief"}, 7},
			"nobody's":       {edition.BoardFilter{Mine: "x"}, 0},
			"to be checked":  {edition.BoardFilter{NeedsCheck: true}, 2},
			"checked in uk":  {edition.BoardFilter{NeedsCheck: true, Lang: "uk"}, 0},
			"published":      {edition.BoardFilter{State: edition.Published}, 2},
			"drafts":         {edition.BoardFilter{State: edition.Draft}, 4},
			"drafts in uk":   {edition.BoardFilter{State: edition.Draft, Lang: "uk"}, 0},
			"drafts checked": {edition.BoardFilter{State: edition.Draft, NeedsCheck: true}, 0},
			"section":        {edition.BoardFilter{Section: politics}, 7},
			"other section":  {edition.BoardFilter{Section: "sports"}, 0},
			"words":          {edition.BoardFilter{Text: "  GRÖSSE "}, 6},
			"folded":         {edition.BoardFilter{Text: "grosse"}, 6},
			"two words":      {edition.BoardFilter{Text: "5 große"}, 1},
			"number":         {edition.BoardFilter{Text: "4"}, 2}, // story 4, and "Größe 4"
			"nothing to see": {edition.BoardFilter{Text: "…"}, 0},
		} {
			rows, _, err := w.editions.Board(t.Context(), d.Read(), tc.f)
			if err != nil || len(rows) != tc.want {
				t.Errorf("%s: %d rows, %v, want %d", name, len(rows), err, tc.want)
			}
		}
		first, next, err := w.editions.Board(t.Context(), d.Read(), edition.BoardFilter{NeedsCheck: true, Limit: 1})
		if err != nil || len(first) != 1 {
			t.Fatalf("%v, %v", first, err)
		}
		second, next, err := w.editions.Board(t.Context(), d.Read(), edition.BoardFilter{NeedsCheck: true, Limit: 1, Before: next})
		if err != nil || len(second) != 1 || next != "" || second[0].Updated.After(first[0].Updated) || first[0].Story == second[0].Story {
			t.Errorf("by pages %+v, then %+v, %q, %v", first, second, next, err)
		}
	})
}

// TestBoardOfLargePaper: what there is little of is found however long ago it was touched, page by page.
func TestBoardOfLargePaper(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		written, begun, uk := w.edition(t, doc("a", "x")), w.edition(t, doc("b", "x")), w.edition(t, doc("c", "x"))
		w.save(t, reporter, written, doc("Neu", "y"))
		w.save(t, reporter, uk, doc("Neu", "z"))
		if _, err := w.editions.Create(t.Context(), chief, uk.Story, "uk"); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.ExecContext(t.Context(), `UPDATE story SET created_by = $1 WHERE id = $2`, reporter.ID, begun.Story); err != nil {
				return err
			}
			for i, id := range []story.ID{begun.Story, written.Story, uk.Story} {
				if _, err := tx.ExecContext(t.Context(), `UPDATE story SET updated_at = $1 WHERE id = $2`, db.Time{Time: noon.Add(time.Duration(i) * time.Second)}, id); err != nil {
					return err
				}
			}
			_, err := tx.ExecContext(t.Context(), `
				INSERT INTO story (id, number, kind, original_lang, created_by, created_at, updated_at)
				WITH RECURSIVE newer (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM newer WHERE n < 3099)
				SELECT '0000000000000000000000' || n, n, 'news', 'de', CASE WHEN n = 3099 THEN $1 ELSE 'x' END, $2, $2 FROM newer`,
				reporter.ID, db.Time{Time: noon.AddDate(1, 0, 0)})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			board edition.BoardFilter
			want  []story.ID
		}{
			"mine":               {edition.BoardFilter{Mine: reporter.ID}, []story.ID{"00000000000000000000003099", uk.Story, written.Story, begun.Story}},
			"nobody's":           {edition.BoardFilter{Mine: "nobody"}, nil},
			"in uk":              {edition.BoardFilter{Lang: "uk"}, []story.ID{uk.Story}},
			"mine in uk":         {edition.BoardFilter{Mine: reporter.ID, Lang: "uk"}, []story.ID{uk.Story}},
			"mine that are out":  {edition.BoardFilter{Mine: reporter.ID, State: edition.Published}, nil},
			"a word":             {edition.BoardFilter{Text: "neu"}, []story.ID{uk.Story, written.Story}},
			"a word in uk":       {edition.BoardFilter{Text: "neu", Lang: "uk"}, []story.ID{uk.Story}},
			"a letter of mine":   {edition.BoardFilter{Text: "B", Mine: reporter.ID}, []story.ID{begun.Story}},
			"a number":           {edition.BoardFilter{Text: "1 "}, []story.ID{written.Story}},
			"no headline's":      {edition.BoardFilter{Text: "qqq"}, nil},
			"no word":            {edition.BoardFilter{Text: "…"}, nil},
			"the section's, too": {edition.BoardFilter{Mine: reporter.ID, Section: politics}, []story.ID{uk.Story, written.Story, begun.Story}},
		} {
			var got []story.ID
			for c.board.Limit = 1; ; {
				rows, next, err := w.editions.Board(t.Context(), d.Read(), c.board)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					got = append(got, r.Story)
				}
				if c.board.Before = next; next == "" {
					break
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	})
}
