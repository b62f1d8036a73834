package translate_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/translate"
)

var (
	chief      = actor.Actor{ID: "chief", Name: "A. Chief", Role: string(actor.Chief)}
	translator = actor.Actor{ID: "translator", Name: "T. Lator", Role: string(actor.Translator), Langs: []lang.Tag{"uk"}}
)

type world struct {
	d        *db.DB
	clock    *clock.Stepping
	stories  *story.Service
	editions *edition.Service
	work     *translate.Service
	de, uk   edition.Edition
}

func source() document.Doc {
	return document.Doc{
		Kicker: "Rat", Headline: "Der Rat tagt", Slug: "rat",
		Picture: &document.Picture{ID: "pic", Media: "m", Caption: document.Text("Der Saal"), Alt: "Ein Saal"},
		Blocks: []document.Block{
			{ID: "a", Kind: document.Paragraph, Text: document.Text("Erster Absatz.")},
			{ID: "b", Kind: document.Paragraph, Text: document.Inline{{Text: "Zweiter "}, {Text: "Absatz", Marks: []document.Mark{{Type: document.Strong}}}, {Text: "."}}},
			{ID: "l", Kind: document.List, Items: []document.Item{{ID: "l1", Text: document.Text("eins")}, {ID: "l2", Text: document.Text("zwei")}}},
			{ID: "q", Kind: document.Quotation, Text: document.Text("Wir kommen."), Speaker: "Eine Frau", Original: "Ми прийдемо.", OriginalLang: "uk"},
		},
	}
}

// each runs fn on each engine, in a newsroom with a German story and an empty Ukrainian edition.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	c := clock.NewStepping(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		w := &world{d: d, clock: c, stories: story.New(d)}
		w.editions = edition.New(d, w.stories)
		w.work = translate.New(d, w.editions)
		st, err := w.stories.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"})
		if err != nil {
			t.Fatal(err)
		}
		if w.de, err = w.editions.Create(t.Context(), chief, st.ID, "de"); err != nil {
			t.Fatal(err)
		}
		w.de = w.save(t, w.de, source())
		if w.uk, err = w.editions.Create(t.Context(), translator, st.ID, "uk"); err != nil {
			t.Fatal(err)
		}
		fn(t, w)
	})
}

func (w *world) save(t *testing.T, e edition.Edition, d document.Doc) edition.Edition {
	t.Helper()
	saved, err := w.editions.Save(t.Context(), chief, edition.Save{Edition: e.ID, Base: e.Revision, Doc: d})
	if err != nil {
		t.Fatal(err)
	}
	return saved.Edition
}

func (w *world) confirm(t *testing.T, addr document.Address, text string) translate.Row {
	t.Helper()
	row, err := w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: addr, Text: document.Text(text)})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// all confirms a text for every row.
func (w *world) all(t *testing.T) {
	t.Helper()
	for _, r := range w.rows(t) {
		w.confirm(t, r.Address, "укр "+string(r.Address))
	}
}

func (w *world) rows(t *testing.T) []translate.Row {
	t.Helper()
	rows, err := w.work.Rows(t.Context(), w.d.Read(), w.uk.ID)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func (w *world) row(t *testing.T, addr document.Address) translate.Row {
	t.Helper()
	for _, r := range w.rows(t) {
		if r.Address == addr {
			return r
		}
	}
	t.Fatalf("no row %s", addr)
	return translate.Row{}
}

func (w *world) progress(t *testing.T) translate.Progress {
	t.Helper()
	p, err := w.work.Progress(t.Context(), w.d.Read(), w.uk.ID, w.de.ID, "unknown")
	if err != nil {
		t.Fatal(err)
	}
	if len(p) != 1 {
		t.Errorf("progress of %v", p)
	}
	work, err := w.work.Work(t.Context(), w.d.Read(), w.uk.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(work.Progress, p[w.uk.ID]); diff != "" {
		t.Errorf("counted together and alone (-alone +together):\n%s", diff)
	}
	return p[w.uk.ID]
}

// states is a short picture of all rows.
func (w *world) states(t *testing.T) (out []string) {
	t.Helper()
	for _, r := range w.rows(t) {
		out = append(out, fmt.Sprintf("%s %s", r.Address, r.State))
	}
	return out
}

func TestRows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		want := []string{
			"head/kicker missing", "head/headline missing", "pic/caption missing", "pic/alt missing",
			"a/text missing", "b/text missing", "l1/text missing", "l2/text missing", "q/text missing", "q/speaker missing",
		}
		if diff := cmp.Diff(want, w.states(t)); diff != "" {
			t.Error(diff)
		}
		if p := w.progress(t); p != (translate.Progress{Total: 10, Missing: 10}) {
			t.Errorf("progress %+v", p)
		}
		row := w.confirm(t, "b/text", "Другий абзац.")
		if row.State != translate.Edited || row.Target.Plain() != "Другий абзац." || row.SourceRev != w.de.Revision || row.ByID != "translator" || row.Kind != document.Paragraph {
			t.Errorf("got %+v", row)
		}
		if row := w.row(t, "head/headline"); !row.Plain || row.Block != "" || row.Source.Plain() != "Der Rat tagt" {
			t.Errorf("headline %+v", row)
		}
		if _, err := w.work.Work(t.Context(), w.d.Read(), w.de.ID); !problem.Is(err, problem.Invalid) {
			t.Errorf("an original as a translation: %v", err)
		}
		if _, err := w.work.Work(t.Context(), w.d.Read(), "x"); !problem.Is(err, problem.NotFound) {
			t.Errorf("no edition: %v", err)
		}
	})
}

func TestStale(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.all(t)
		if p := w.progress(t); p != (translate.Progress{Total: 10, Done: 10}) {
			t.Fatalf("progress %+v", p)
		}
		before, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil {
			t.Fatal(err)
		}
		changed := source()
		changed.Blocks[0].Text = document.Text("Der erste Absatz.")
		w.de = w.save(t, w.de, changed)
		row := w.row(t, "a/text")
		if row.State != translate.Stale || row.SourceThen.Plain() != "Erster Absatz." || row.Source.Plain() != "Der erste Absatz." || row.Target.Plain() != "укр a/text" {
			t.Errorf("got %+v", row)
		}
		if p := w.progress(t); p != (translate.Progress{Total: 10, Done: 9, Stale: 1}) {
			t.Errorf("exactly one segment is stale: %+v", p)
		}
		after, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil || !cmp.Equal(before, after) {
			t.Errorf("the translation changed: %s, %v", cmp.Diff(before, after), err)
		}
		// Typing in the writing screen doesn't say that the new source was seen.
		typed := after.Doc.Clone()
		typed.Blocks[0].Text = document.Text("Перший абзац.")
		w.save(t, after, typed)
		if row := w.row(t, "a/text"); row.State != translate.Stale {
			t.Errorf("after typing elsewhere: %+v", row)
		}
		row, err = w.work.StillRight(t.Context(), translator, w.uk.ID, "a/text", row.SourceRev)
		if err != nil || row.State != translate.Edited || row.Target.Plain() != "Перший абзац." {
			t.Errorf("still right: %+v, %v", row, err)
		}
		// Back to the old wording: what was confirmed against the new one is stale again.
		w.de = w.save(t, w.de, source())
		if row := w.row(t, "a/text"); row.State != translate.Stale || row.SourceThen.Plain() != "Der erste Absatz." {
			t.Errorf("got %+v", row)
		}
		if row := w.confirm(t, "a/text", "Перший."); row.State != translate.Edited {
			t.Errorf("confirmed: %+v", row)
		}
		// A mark is a part of the source: a link that leads elsewhere has to be looked at.
		marked := source()
		marked.Blocks[0].Text = document.Inline{{Text: "Erster Absatz.", Marks: []document.Mark{{Type: document.Emphasis}}}}
		w.de = w.save(t, w.de, marked)
		if row := w.row(t, "a/text"); row.State != translate.Stale {
			t.Errorf("another mark: %+v", row)
		}
	})
}

// TestSeenSource has the source change while the translator types: the answer holds for what was seen.
func TestSeenSource(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seen := w.row(t, "a/text").SourceRev
		changed := source()
		changed.Blocks[0].Text = document.Text("Anders.")
		w.de = w.save(t, w.de, changed)
		row, err := w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: "a/text", Text: document.Text("Перший абзац."), SourceRev: seen})
		if err != nil || row.State != translate.Stale || row.SourceThen.Plain() != "Erster Absatz." {
			t.Errorf("got %+v, %v", row, err)
		}
		if _, err := w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: "a/text", SourceRev: 99}); !problem.Is(err, problem.Invalid) {
			t.Errorf("a revision to come: %v", err)
		}
	})
}

func TestSourceGrowsAndShrinks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.all(t)
		changed := source()
		changed.Blocks = append(changed.Blocks[:1:1], append([]document.Block{
			{ID: "new", Kind: document.Paragraph, Text: document.Text("Eingeschoben.")},
		}, changed.Blocks[2:]...)...) // without b
		changed.Blocks[2].Items = append(changed.Blocks[2].Items, document.Item{ID: "l3", Text: document.Text("drei")})
		w.de = w.save(t, w.de, changed)
		want := []string{
			"head/kicker edited", "head/headline edited", "pic/caption edited", "pic/alt edited",
			"a/text edited", "b/text orphan", "new/text missing", "l1/text edited", "l2/text edited", "l3/text missing", "q/text edited", "q/speaker edited",
		}
		if diff := cmp.Diff(want, w.states(t)); diff != "" {
			t.Error(diff)
		}
		if row := w.row(t, "b/text"); row.SourceThen.Plain() != "Zweiter Absatz." {
			t.Errorf("orphan %+v", row)
		}
		w.confirm(t, "new/text", "Вставлено.")
		w.confirm(t, "l3/text", "три")
		e, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil {
			t.Fatal(err)
		}
		var order []document.ID
		for _, b := range e.Doc.Blocks {
			order = append(order, b.ID)
		}
		// What one language added or took out leaves the other's order to its readers' eyes.
		if diff := cmp.Diff([]document.ID{"a", "new", "b", "l", "q"}, order); diff != "" {
			t.Error(diff)
		}
		if n := len(e.Doc.Blocks[3].Items); n != 3 {
			t.Errorf("%d items", n)
		}
		// The orphan goes, with a reason.
		_, err = w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: "b/text", Answer: translate.AnswerDropped})
		if f := problem.FieldsOf(err); len(f) != 1 || f[0].Name != "reason" {
			t.Errorf("dropped without a reason: %v", err)
		}
		row, err := w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: "b/text", Answer: translate.AnswerDropped, Reason: "fehlt im Original"})
		if err != nil || row.State != translate.Dropped {
			t.Errorf("got %+v, %v", row, err)
		}
		if p := w.progress(t); p != (translate.Progress{Total: 11, Done: 11}) {
			t.Errorf("progress %+v", p)
		}
	})
}

func TestOnPurpose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.all(t)
		say := func(addr document.Address, answer translate.Answer, text string) translate.Row {
			t.Helper()
			row, err := w.work.Confirm(t.Context(), translator, translate.Unit{
				Edition: w.uk.ID, Address: addr, Text: document.Text(text), Answer: answer, Reason: "für unsere Leser",
			})
			if err != nil {
				t.Fatal(err)
			}
			return row
		}
		if row := say("a/text", translate.AnswerAdapted, "Інакше."); row.State != translate.Adapted || row.Reason != "für unsere Leser" {
			t.Errorf("adapted %+v", row)
		}
		if row := say("b/text", translate.AnswerDropped, ""); row.State != translate.Dropped || len(row.Target) != 0 {
			t.Errorf("dropped %+v", row)
		}
		e, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Doc.Blocks) != 3 {
			t.Errorf("the dropped block is still there: %+v", e.Doc.Blocks)
		}
		own := e.Doc.Clone()
		own.Blocks = append(own.Blocks, document.Block{ID: "own", Kind: document.Paragraph, Text: document.Text("Для українських читачів.")})
		own.Teaser = "Свій анонс."
		w.save(t, e, own)
		if row := w.row(t, "own/text"); row.State != translate.Orphan {
			t.Errorf("added without a word: %+v", row)
		}
		if row := w.row(t, document.AddrTeaser); row.State != translate.Added {
			t.Errorf("an own teaser: %+v", row)
		}
		if row := say("own/text", translate.AnswerAdded, "Для українських читачів."); row.State != translate.Added {
			t.Errorf("added %+v", row)
		}
		if p := w.progress(t); p != (translate.Progress{Total: 10, Done: 10}) {
			t.Errorf("progress %+v", p)
		}
		// What was adapted is looked at again when its source changes.
		changed := source()
		changed.Blocks[0].Text = document.Text("Neu.")
		changed.Blocks[1].Text = document.Text("Auch neu.")
		w.save(t, w.de, changed)
		for _, addr := range []document.Address{"a/text", "b/text"} {
			if row := w.row(t, addr); row.State != translate.Stale || row.Reason == "" {
				t.Errorf("%s: %+v", addr, row)
			}
		}
		// The dropped one comes back.
		if row := w.confirm(t, "b/text", "Тепер так."); row.State != translate.Edited {
			t.Errorf("brought back: %+v", row)
		}
	})
}

func TestConfirmMerges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		old := w.uk.Revision
		w.confirm(t, "a/text", "Перший.")
		// Another tab, from before.
		if _, err := w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: "b/text", Text: document.Text("Другий."), Base: old}); err != nil {
			t.Fatal(err)
		}
		e, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil || e.Doc.Blocks[0].Text.Plain() != "Перший." || e.Doc.Blocks[1].Text.Plain() != "Другий." {
			t.Errorf("got %+v, %v", e.Doc, err)
		}
		_, err = w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: "a/text", Text: document.Text("Інший перший."), Base: old})
		var clash *edition.ClashError
		if !errors.As(err, &clash) || clash.Mine.Blocks[0].Text.Plain() != "Інший перший." {
			t.Errorf("the same segment from an old tab: %v", err)
		}
		if row := w.row(t, "a/text"); row.Target.Plain() != "Перший." {
			t.Errorf("got %+v", row)
		}
	})
}

func TestConfirmBesideOthersInOneBlock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		old := w.uk.Revision
		from := func(addr document.Address, text string) error {
			_, err := w.work.Confirm(t.Context(), translator, translate.Unit{Edition: w.uk.ID, Address: addr, Text: document.Text(text), Base: old})
			return err
		}
		// Two entries of one list, and two words of one picture, from pages that show the same revision.
		for addr, text := range map[document.Address]string{"l1/text": "один", "l2/text": "два", "pic/caption": "Зала", "pic/alt": "Порожня зала"} {
			if err := from(addr, text); err != nil {
				t.Errorf("%s: %v", addr, err)
			}
		}
		for addr, text := range map[document.Address]string{"l1/text": "один", "l2/text": "два", "pic/caption": "Зала", "pic/alt": "Порожня зала"} {
			if row := w.row(t, addr); row.Target.Plain() != text {
				t.Errorf("%s is %q", addr, row.Target.Plain())
			}
		}
		var clash *edition.ClashError
		if err := from("l2/text", "двоє"); !errors.As(err, &clash) {
			t.Errorf("the same entry: %v", err)
		}
	})
}

func TestConfirmRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, tc := range map[string]struct {
			actor actor.Actor
			unit  translate.Unit
			kind  problem.Kind
		}{
			"no such place":  {translator, translate.Unit{Address: "zz/text"}, problem.NotFound},
			"no such answer": {translator, translate.Unit{Address: "a/text", Answer: "perhaps"}, problem.Invalid},
			"no reason":      {translator, translate.Unit{Address: "a/text", Answer: translate.AnswerAdapted}, problem.Invalid},
			"not one's": {actor.Actor{ID: "x", Role: string(actor.Translator), Langs: []lang.Tag{"fr"}},
				translate.Unit{Address: "a/text", Text: document.Text("x")}, problem.Forbidden},
		} {
			tc.unit.Edition = w.uk.ID
			if _, err := w.work.Confirm(t.Context(), tc.actor, tc.unit); !problem.Is(err, tc.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.work.StillRight(t.Context(), translator, w.uk.ID, "a/text", 0); !problem.Is(err, problem.NotFound) {
			t.Errorf("nothing is still right: %v", err)
		}
	})
}

func TestReview(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		now := func() edition.Edition {
			e, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		if _, err := w.work.Review(t.Context(), chief, w.uk.ID, now().Version); !problem.Is(err, problem.Conflict) {
			t.Errorf("with missing segments: %v", err)
		}
		w.all(t)
		if _, err := w.work.Review(t.Context(), translator, w.uk.ID, now().Version); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by the translator: %v", err)
		}
		if _, err := w.work.Review(t.Context(), chief, w.uk.ID, now().Version-1); !problem.Is(err, problem.Conflict) {
			t.Errorf("of an older version: %v", err)
		}
		e, err := w.work.Review(t.Context(), chief, w.uk.ID, now().Version)
		if err != nil || e.Check != (edition.Check{Revision: e.Revision, By: "A. Chief"}) {
			t.Errorf("got %+v, %v", e, err)
		}
		if p := w.progress(t); p != (translate.Progress{Total: 10, Done: 10, Reviewed: 10}) {
			t.Errorf("progress %+v", p)
		}
		// What is typed afterwards isn't reviewed.
		d := e.Doc.Clone()
		d.Headline = "Інакше"
		w.save(t, e, d)
		if row := w.row(t, document.AddrHeadline); row.State != translate.Edited {
			t.Errorf("got %+v", row)
		}
	})
}

// TestImportedTranslation has no units: it counts as made from what the source was then.
func TestImportedTranslation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, err := w.stories.ByID(t.Context(), w.d.Read(), w.de.Story)
		if err != nil {
			t.Fatal(err)
		}
		d := source()
		d.Headline = "The council meets"
		var en edition.Edition
		if err := w.d.Write(t.Context(), func(tx *db.Tx) (err error) {
			en, _, err = w.editions.Import(t.Context(), tx, chief, edition.Imported{Story: st.ID, Lang: "en", Doc: d})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
		changed := source()
		changed.Headline = "Der Rat tagte"
		w.save(t, w.de, changed)
		work, err := w.work.Work(t.Context(), w.d.Read(), en.ID)
		if err != nil || work.Progress.Stale != 1 || work.Rows[1].SourceThen.Plain() != "Der Rat tagt" {
			t.Errorf("got %+v, %v", work.Progress, err)
		}
	})
}
