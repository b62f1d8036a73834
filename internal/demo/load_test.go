package demo_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"depesche/internal/blob"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/demo"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/register"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/translate"
)

// TestLoad tells every story of the demo through the rooms and looks at the front.
func TestLoad(t *testing.T) {
	ctx := context.Background()
	clock := &demo.Clock{}
	d, err := db.Open(ctx, db.Options{Dir: t.TempDir(), Clock: clock, Loose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	files, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	paper := publication.New(d)
	pics, err := media.New(d, files, media.Options{Log: slog.New(slog.DiscardHandler), CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer pics.Close(ctx)
	stories := story.New(d)
	editions := edition.New(d, stories)
	corrections := correction.New(d)
	work := translate.New(d, editions)
	names := register.New(d)
	staff := people.New(d, paper)
	releases := release.New(d, stories, editions, corrections, paper, pics, work, names)
	rooms := demo.Rooms{
		DB: d, Publication: paper, People: staff, Topics: topic.New(d, paper), Media: pics, Stories: stories, Editions: editions,
		Corrections: corrections, Releases: releases, Translate: work, Register: names,
		Live: live.New(d, editions, staff, releases, corrections, work),
	}
	steps := 0
	began := time.Now()
	if err := demo.Load(ctx, rooms, clock, demo.Options{BaseURL: "http://127.0.0.1:8080", Password: "dash dot dot", Step: func(done, total int) { steps = done }}); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d acts in %v", steps, time.Since(began))
	for _, l := range []lang.Tag{"de", "uk", "en", "fr"} {
		cards, _, err := editions.Cards(ctx, d.Read(), edition.List{Lang: l, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if len(cards) < 12 {
			t.Errorf("%s has only %d stories out", l, len(cards))
		}
	}
	newest, _, err := editions.Cards(ctx, d.Read(), edition.List{Lang: "de", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if at := newest[0].Published; at.After(began) || began.Sub(at) > 28*time.Hour {
		t.Errorf("the newest story is of %v", at)
	}
	live, err := editions.Published(ctx, d.Read(), 1, "de")
	if err != nil {
		t.Fatal(err)
	}
	atWork(t, d, editions, work)
	if len(live.Siblings) != 4 || len(live.Story.Sources) < 2 {
		t.Errorf("the reference story is out in %d languages with %d sources", len(live.Siblings), len(live.Story.Sources))
	}
	told, err := corrections.OfStory(ctx, d.Read(), live.Story.ID, "de")
	if err != nil || len(told) != 1 || !told[0].Prominent {
		t.Errorf("corrections: %+v, %v", told, err)
	}
}

// atWork looks at the translations that the demo shows at work.
func atWork(t *testing.T, d *db.DB, editions *edition.Service, work *translate.Service) {
	t.Helper()
	ctx := t.Context()
	of := func(number int64, l lang.Tag) edition.Edition {
		live, err := editions.Published(ctx, d.Read(), number, "de")
		if err != nil {
			live, err = editions.Published(ctx, d.Read(), number, "uk")
		}
		if err != nil {
			t.Fatal(err)
		}
		e, err := editions.ByLanguage(ctx, d.Read(), live.Story.ID, l)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for what, want := range map[string]struct {
		number int64
		lang   lang.Tag
		stale  int
		facts  int
	}{"a stale fact": {27, "en", 1, 1}, "a stale wording": {20, "fr", 1, 0}} {
		e := of(want.number, want.lang)
		p, err := work.Progress(ctx, d.Read(), e.ID)
		if err != nil || p[e.ID].Stale != want.stale || p[e.ID].Facts != want.facts {
			t.Errorf("%s: %+v, %v", what, p[e.ID], err)
		}
	}
	if de := of(27, "de"); de.PublishedRev != de.Revision {
		t.Error("the changed original isn't out")
	}
	e := of(33, "de")
	if p, err := work.Progress(ctx, d.Read(), e.ID); err != nil || p[e.ID].Reviewed != 2 || p[e.ID].Missing == 0 {
		t.Errorf("the one that was begun: %+v, %v", p[e.ID], err)
	}
	for l, want := range map[lang.Tag]int{"de": 1, "en": 1, "uk": 1, "fr": 1} {
		due := 0
		queue, err := work.Queue(ctx, d.Read(), l, "", 100)
		for _, j := range queue {
			if j.Due != nil && j.Typed {
				due++
			}
		}
		if err != nil || due != want {
			t.Errorf("%d translations into %s are due, %v", due, l, err)
		}
	}
}
