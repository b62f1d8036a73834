package release_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/release"
)

// TestActsAtOnce has two people do to one edition what can't both be done, at the same time: one of
// them is told so, and what is left is whole.
func TestActsAtOnce(t *testing.T) {
	type act func(w *world, e edition.Edition) error
	do := func(cmd release.Command) act {
		return func(w *world, e edition.Edition) error {
			cmd := cmd
			cmd.Story, cmd.Editions = e.Story, choices(e)
			_, err := w.releases.Act(context.Background(), chief, cmd)
			return err
		}
	}
	var (
		publish  = do(release.Command{Act: release.Publish})
		update   = do(release.Command{Act: release.Update})
		schedule = do(release.Command{Act: release.Schedule, At: noon.Add(time.Hour)})
		cancel   = do(release.Command{Act: release.Unschedule})
		withdraw = do(release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{"uk": "Хибно."}})
		correct  = do(release.Command{Act: release.Correct, Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"uk": "Було 1077."}}})
	)
	save := func(d document.Doc) act {
		return func(w *world, e edition.Edition) error {
			_, err := w.editions.Save(context.Background(), chief, edition.Save{Edition: e.ID, Base: e.Revision, Doc: d})
			return err
		}
	}
	discard := func(w *world, e edition.Edition) error {
		return w.editions.Discard(context.Background(), chief, e.ID, e.Version)
	}
	due := func(w *world, _ edition.Edition) error {
		w.clock.Set(noon.Add(time.Hour))
		_, err := w.releases.RunDue(context.Background())
		return err
	}
	changed := text("Рада засідає знову", "У понеділок прийшли 1077 людей.")
	type pair struct {
		before []act // each of what was read anew
		a, b   act
		both   bool // both may be done, one after the other
	}
	pairs := map[string]pair{
		"publish twice":          {nil, publish, publish, false},
		"publish and schedule":   {nil, publish, schedule, false},
		"schedule twice":         {nil, schedule, schedule, false},
		"publish and save":       {nil, publish, save(changed), true},
		"update and withdraw":    {[]act{publish, save(changed)}, update, withdraw, false},
		"correct and withdraw":   {[]act{publish, save(changed)}, correct, withdraw, false},
		"correct twice":          {[]act{publish, save(changed)}, correct, correct, false},
		"withdraw twice":         {[]act{publish}, withdraw, withdraw, false},
		"withdraw and save":      {[]act{publish}, withdraw, save(changed), true},
		"call off and publish":   {[]act{schedule}, cancel, publish, false},
		"call off and save":      {[]act{schedule}, cancel, save(changed), true},
		"withdraw what is due":   {[]act{schedule}, withdraw, due, true},
		"publish what is due":    {[]act{schedule}, publish, due, true},
		"two nodes find it due":  {[]act{schedule}, due, due, true},
		"discard and publish":    {nil, discard, publish, false},
		"discard and schedule":   {nil, discard, schedule, false},
		"discard and save":       {nil, discard, save(changed), false},
		"discard twice":          {nil, discard, discard, false},
		"schedule anew when due": {[]act{schedule}, schedule, due, true},
	}
	each(t, func(t *testing.T, w *world) {
		for name, c := range pairs {
			t.Run(name, func(t *testing.T) {
				for range 4 {
					w.clock.Set(noon)
					_, _, e := w.story(t) // the translation: an original with others can't be discarded
					for _, act := range c.before {
						if err := act(w, w.read(t, e.ID)); err != nil {
							t.Fatal(err)
						}
					}
					e = w.read(t, e.ID)
					errs := make([]error, 2)
					var wg sync.WaitGroup
					wg.Go(func() { errs[0] = c.a(w, e) })
					wg.Go(func() { errs[1] = c.b(w, e) })
					wg.Wait()
					done := 0
					for _, err := range errs {
						switch {
						case err == nil:
							done++
						case !problem.Is(err, problem.Conflict) && !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.NotFound):
							t.Errorf("told: %v", err)
						}
					}
					if done == 0 || done == 2 && !c.both {
						t.Errorf("%d were done: %v", done, errs)
					}
					w.whole(t, e)
				}
			})
		}
	})
}

// whole holds what is true of an edition whatever was done to it.
func (w *world) whole(t *testing.T, was edition.Edition) {
	t.Helper()
	id := was.ID
	e, err := w.editions.ByID(t.Context(), w.d.Read(), id)
	if problem.Is(err, problem.NotFound) { // discarded
		var left int
		err := w.d.Read().QueryRowContext(t.Context(), `
			SELECT (SELECT COUNT(*) FROM card WHERE story_id = $1) + (SELECT COUNT(*) FROM release WHERE story_id = $1 AND done_at IS NULL)`,
			was.Story).Scan(&left)
		if left != 0 || err != nil {
			t.Errorf("%d cards and releases are left of what was discarded, %v", left, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	cards, err := edition.CardsByID(t.Context(), w.d.Read(), []edition.ID{id})
	if err != nil {
		t.Fatal(err)
	}
	card, listed := cards[id]
	if listed != e.Out() || (e.PublishedRev != 0) != e.Out() || (e.Scheduled != nil) != (e.State == edition.Scheduled) {
		t.Errorf("a card: %v; %s, revision %d, scheduled %v", listed, e.State, e.PublishedRev, e.Scheduled)
	}
	if listed {
		doc, err := w.editions.RevisionDoc(t.Context(), w.d.Read(), id, e.PublishedRev)
		if err != nil || doc.Headline != card.Headline {
			t.Errorf("the card says %q, the page %q, %v", card.Headline, doc.Headline, err)
		}
	}
	waits, err := w.releases.Waiting(t.Context(), w.d.Read(), 0)
	if err != nil {
		t.Fatal(err)
	}
	waiting := 0
	for _, r := range waits {
		if r.Story == e.Story {
			waiting++
		}
	}
	if (waiting > 0) != (e.State == edition.Scheduled) || waiting > 1 {
		t.Errorf("%d releases wait of an edition that is %s", waiting, e.State)
	}
	var revisions int64
	if err := w.d.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM revision WHERE edition_id = $1`, id).Scan(&revisions); err != nil || revisions != e.Revision {
		t.Errorf("%d revisions, the newest is %d, %v", revisions, e.Revision, err)
	}
}
