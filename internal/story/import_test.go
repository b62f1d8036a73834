package story_test

import (
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/id"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/story"
)

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, who, s := t.Context(), actor.System("import"), story.New(d)
		at := time.Date(2019, 3, 1, 8, 0, 0, 0, time.UTC)
		in := func(name story.ID, n story.NewStory) (st story.Story, err error) {
			err = d.Write(ctx, func(tx *db.Tx) (err error) {
				st, err = s.Import(ctx, tx, who, name, n)
				return err
			})
			return st, err
		}
		one := story.ID(id.Derived(at, "one"))
		st, err := in(one, story.NewStory{Kind: story.News, OriginalLang: "de", At: at})
		if err != nil || st.ID != one || st.Number != 1 || !st.Created.Equal(at) {
			t.Fatalf("%+v, %v", st, err)
		}
		if back, err := s.ByID(ctx, d.Read(), one); err != nil || back.Number != 1 || back.CreatedBy != who.ID {
			t.Errorf("%+v, %v", back, err)
		}
		if _, err := in(one, story.NewStory{Kind: story.News, OriginalLang: "de"}); !problem.Is(err, problem.Conflict) {
			t.Errorf("an ID that is taken: %v", err)
		}
		for name, bad := range map[string]story.NewStory{
			"kind":     {Kind: "gossip", OriginalLang: "de"},
			"language": {Kind: story.News, OriginalLang: "DE"},
			"authors":  {Kind: story.News, OriginalLang: "de", Authors: many(101)},
		} {
			if _, err := in(story.ID(id.Derived(at, name)), bad); !problem.Is(err, problem.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := in(story.ID(id.Derived(at, "section")), story.NewStory{Kind: story.News, OriginalLang: "de", Section: "nowhere"}); err == nil {
			t.Error("a section that isn't there passes")
		}
		if _, err := in(story.ID(id.Derived(at, "two")), story.NewStory{Kind: story.News, OriginalLang: "de"}); err != nil {
			t.Fatal(err)
		}
		list, err := s.After(ctx, d.Read(), 0, 10)
		if err != nil || len(list) != 2 || list[0] != one {
			t.Errorf("after 0: %v, %v", list, err)
		}
		if list, err = s.After(ctx, d.Read(), 1, 10); err != nil || len(list) != 1 {
			t.Errorf("after 1: %v, %v", list, err)
		}
		if n, err := s.Count(ctx, d.Read()); err != nil || n != 2 {
			t.Errorf("%d stories, %v", n, err)
		}
	})
}

func many(n int) []people.AuthorID {
	out := make([]people.AuthorID, n)
	for i := range out {
		out[i] = people.AuthorID(id.New(time.Now()))
	}
	return out
}
