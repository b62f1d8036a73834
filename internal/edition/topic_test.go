package edition_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// TestMergeTopics joins two topics that stories stand under: one story under both, one under one.
func TestMergeTopics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		topics, editor := topic.New(d, publication.New(d)), actor.Actor{ID: "e", Role: string(actor.Editor)}
		begin := func(name string) topic.ID {
			tp, err := topics.Save(ctx, editor, topic.Topic{Kind: topic.Subject, Active: true, Names: map[lang.Tag]topic.Name{"de": {Name: name}}})
			if err != nil {
				t.Fatal(err)
			}
			return tp.ID
		}
		from, into := begin("Nato-Staaten"), begin("Nato")
		out := func(headline string, about ...topic.ID) edition.Edition {
			e := w.edition(t, doc(headline))
			st, err := w.stories.ByID(ctx, d.Read(), e.Story)
			if err != nil {
				t.Fatal(err)
			}
			st.Topics = about
			if _, err := w.stories.SaveDetails(ctx, chief, st); err != nil {
				t.Fatal(err)
			}
			return w.publish(t, w.read(t, e.ID), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		}
		both, alone := out("Unter beiden", from, into), out("Unter einem", from)
		if err := topics.Merge(ctx, editor, from, into, w.editions.MoveTopic); err != nil {
			t.Fatal(err)
		}
		for _, e := range []edition.Edition{both, alone} {
			st, err := w.stories.ByID(ctx, d.Read(), e.Story)
			if err != nil || !slices.Equal(st.Topics, []topic.ID{into}) {
				t.Errorf("%s: topics %v, %v", e.Headline, st.Topics, err)
			}
		}
		cards, _, err := w.editions.Cards(context.Background(), d.Read(), edition.List{Lang: "de", Topic: into})
		if err != nil || len(cards) != 2 {
			t.Errorf("the topic's list has %d cards, %v", len(cards), err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM card_topic WHERE topic_id = $1`, from); n != 0 {
			t.Errorf("%d cards are still about what is gone", n)
		}
	})
}

// TestTopicsMergedWhilePublishing has a story about a topic go out while that topic becomes another:
// whoever is first, readers find the story under the one that is left.
func TestTopicsMergedWhilePublishing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		topics := topic.New(d, nil)
		for n := range 10 {
			from := topic.ID(fmt.Sprintf("from%d", n))
			w.exec(t, fmt.Sprintf(`INSERT INTO topic (id, kind, active, created_at)
				VALUES ('%s', 'subject', TRUE, '2026-01-01T00:00:00.000Z')`, from))
			st, err := w.stories.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de", Section: "politics", Topics: []topic.ID{from}})
			if err != nil {
				t.Fatal(err)
			}
			e, err := w.editions.Create(t.Context(), chief, st.ID, "de")
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			errs := make([]error, 2)
			wg.Go(func() { errs[0] = topics.Merge(context.Background(), chief, from, "t1", w.editions.MoveTopic) })
			wg.Go(func() {
				errs[1] = d.Write(context.Background(), func(tx *db.Tx) error {
					if err := w.stories.Touch(context.Background(), tx, st.ID); err != nil {
						return err
					}
					now, err := w.stories.ByID(context.Background(), tx, st.ID)
					if err != nil {
						return err
					}
					_, err = w.editions.GoOut(context.Background(), tx, now, e, e.Revision, edition.ActPublish, tx.Now())
					return err
				})
			})
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			if n := w.count(t, `SELECT COUNT(*) FROM card_topic WHERE edition_id = $1 AND topic_id = 't1'`, e.ID); n != 1 {
				t.Errorf("the story stands %d times under the topic that is left", n)
			}
			if n := w.count(t, `SELECT COUNT(*) FROM card_topic WHERE topic_id = $1`, from); n != 0 {
				t.Errorf("%d cards are about a topic that is gone", n)
			}
		}
	})
}
