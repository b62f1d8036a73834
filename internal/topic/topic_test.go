package topic_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

var (
	editor   = actor.Actor{ID: "e", Role: string(actor.Editor)}
	reporter = actor.Actor{ID: "r", Role: string(actor.Reporter)}
)

func names(triples ...string) map[lang.Tag]topic.Name {
	out := map[lang.Tag]topic.Name{}
	for i := 0; i < len(triples); i += 3 {
		out[lang.Tag(triples[i])] = topic.Name{Name: triples[i+1], Slug: triples[i+2]}
	}
	return out
}

func room(d *db.DB) *topic.Service { return topic.New(d, publication.New(d)) }

func fields(err error) map[string]string {
	out := map[string]string{}
	for _, f := range problem.FieldsOf(err) {
		out[f.Name] = f.Key
	}
	return out
}

func save(t *testing.T, s *topic.Service, n map[lang.Tag]topic.Name) topic.Topic {
	t.Helper()
	out, err := s.Save(t.Context(), editor, topic.Topic{Kind: topic.Organisation, Active: true, Names: n})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := room(d)
		nato := save(t, s, names("de", " Nato ", "", "uk", "НАТО", "", "fr", "Otan", "otan"))
		want := names("de", "Nato", "nato", "uk", "НАТО", "nato", "fr", "Otan", "otan")
		if diff := cmp.Diff(want, nato.Names); diff != "" {
			t.Error(diff)
		}
		next := nato
		next.Names = names("de", "Nato-Bündnis", "nato-buendnis", "uk", "НАТО", "nato")
		got, err := s.Save(ctx, editor, next)
		if err != nil || got.Version != 2 || len(got.Names) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, err := s.Save(ctx, editor, next); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale: %v", err)
		}
		for _, slug := range []string{"nato", "nato-buendnis"} {
			if x, err := s.BySlug(ctx, d.Read(), "de", slug); err != nil || x.ID != nato.ID || x.Names["de"].Slug != "nato-buendnis" {
				t.Errorf("%s: %+v, %v", slug, x, err)
			}
		}
		if _, err := s.BySlug(ctx, d.Read(), "fr", "otan"); !problem.Is(err, problem.NotFound) {
			t.Errorf("a language it has left: %v", err)
		}
		_, err = s.Save(ctx, editor, topic.Topic{Kind: "thing", Names: names("de", "X", "nato-buendnis", "?", "Y", "", "uk", "", "y")})
		if f := fields(err); f["kind"] == "" || f["name.?"] == "" || f["name.uk"] == "" {
			t.Errorf("%v", f)
		}
		_, err = s.Save(ctx, editor, topic.Topic{Names: names("de", "X", "nato-buendnis")})
		if !problem.Is(err, problem.Conflict) || fields(err)["slug.de"] != "problem.taken" {
			t.Errorf("taken: %v", err)
		}
		_, err = s.Save(ctx, editor, topic.Topic{Names: names("de", "X", "nato")})
		if !problem.Is(err, problem.Conflict) || fields(err)["slug.de"] != "problem.taken_before" {
			t.Errorf("another's old address: %v", err)
		}
		if _, err := s.Save(ctx, reporter, got); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by a reporter: %v", err)
		}
		if list, err := s.All(ctx, d.Read()); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := room(d)
		for _, n := range []map[lang.Tag]topic.Name{
			names("de", "Großbritannien", "", "uk", "Велика Британія", ""),
			names("de", "Polen", "", "uk", "Польща", ""),
			names("de", "Große Koalition", ""),
			names("de", "Die Große Frage", ""),
			names("fr", "Élysée", ""),
			names("de", "100% Öko", "", "en", "a_b", ""),
		} {
			save(t, s, n)
		}
		off := save(t, s, names("de", "Großer Rat", ""))
		off.Active = false
		if _, err := s.Save(ctx, editor, off); err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct {
			text string
			l    lang.Tag
			want []string
		}{
			{"GROSSE", "de", []string{"Große Koalition", "Die Große Frage"}},
			{"große", "de", []string{"Große Koalition", "Die Große Frage"}},
			{"groß", "de", []string{"Großbritannien", "Große Koalition", "Die Große Frage"}},
			{"elysee", "fr", []string{"Élysée"}},
			{"БРИТ", "uk", []string{"Велика Британія"}},
			{"брит", "de", []string{"Großbritannien"}}, // found by a name in another language
			{"%", "de", nil},
			{"_", "en", nil},
			{"a b", "en", []string{"a_b"}},
			{"", "de", nil},
			{"\x00'; DROP TABLE topic", "de", nil},
		} {
			list, err := s.Search(ctx, d.Read(), tc.text, tc.l, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range list {
				got = append(got, x.Names[tc.l].Name)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%q: %s", tc.text, diff)
			}
		}
		if list, err := s.Search(ctx, d.Read(), "groß", "de", 1); err != nil || len(list) != 1 {
			t.Errorf("limit: %d, %v", len(list), err)
		}
	})
}

func TestMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := room(d)
		old := save(t, s, names("de", "NATO-Staaten", "nato-staaten", "fr", "Otan", "otan"))
		old.Names = names("de", "Nato-Länder", "nato-laender", "fr", "Otan", "otan")
		old, err := s.Save(ctx, editor, old)
		if err != nil {
			t.Fatal(err)
		}
		into := save(t, s, names("de", "Nato", "nato"))
		moved := 0
		move := func(context.Context, *db.Tx, topic.ID, topic.ID) error { moved++; return nil }
		if err := s.Merge(ctx, reporter, old.ID, into.ID, move); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by a reporter: %v", err)
		}
		if err := s.Merge(ctx, editor, old.ID, old.ID, move); !problem.Is(err, problem.Invalid) {
			t.Errorf("into itself: %v", err)
		}
		if err := s.Merge(ctx, editor, old.ID, into.ID, move); err != nil || moved != 1 {
			t.Fatalf("%d, %v", moved, err)
		}
		for _, slug := range []string{"nato-staaten", "nato-laender", "nato"} {
			if x, err := s.BySlug(ctx, d.Read(), "de", slug); err != nil || x.ID != into.ID {
				t.Errorf("%s: %+v, %v", slug, x, err)
			}
		}
		if x, err := s.BySlug(ctx, d.Read(), "fr", "otan"); err != nil || x.ID != into.ID {
			t.Errorf("a name that only the other had: %+v, %v", x, err)
		}
		if _, err := s.ByID(ctx, d.Read(), old.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("what was merged: %v", err)
		}
		if err := s.Merge(ctx, editor, old.ID, into.ID, move); !problem.Is(err, problem.NotFound) {
			t.Errorf("twice: %v", err)
		}
	})
}

// What still refers to the topic keeps it from vanishing under the story.
func TestMergeMovesAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := room(d)
		from, into := save(t, s, names("de", "A", "")), save(t, s, names("de", "B", ""))
		err := d.Write(ctx, func(tx *db.Tx) error {
			now := db.Time{Time: tx.Now()}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO story (id, number, kind, original_lang, created_by, created_at, updated_at)
				VALUES ('s', 1, 'news', 'de', 'x', $1, $1)`, now); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO story_topic (story_id, topic_id, position) VALUES ('s', $1, 1)`, string(from.ID))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		nothing := func(context.Context, *db.Tx, topic.ID, topic.ID) error { return nil }
		if err := s.Merge(ctx, editor, from.ID, into.ID, nothing); !problem.Is(err, problem.Conflict) {
			t.Errorf("a story is still about it: %v", err)
		}
		if _, err := s.ByID(ctx, d.Read(), from.ID); err != nil {
			t.Error(err)
		}
		move := func(ctx context.Context, tx *db.Tx, from, into topic.ID) error {
			_, err := tx.ExecContext(ctx, `UPDATE story_topic SET topic_id = $1 WHERE topic_id = $2`, string(into), string(from))
			return err
		}
		if err := s.Merge(ctx, editor, from.ID, into.ID, move); err != nil {
			t.Error(err)
		}
	})
}

func TestByIDs(t *testing.T) {
	d := dbtest.Open(t)
	s := room(d)
	a := save(t, s, names("de", "A", ""))
	ids := []topic.ID{a.ID, "none"}
	for range 1200 {
		ids = append(ids, "x")
	}
	got, err := s.ByIDs(t.Context(), d.Read(), ids)
	if err != nil || len(got) != 1 || got[a.ID].Names["de"].Name != "A" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := s.ByIDs(t.Context(), d.Read(), nil); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}
