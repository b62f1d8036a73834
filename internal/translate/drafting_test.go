package translate_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/translate"
)

// speaker is an engine within the test: it answers in its own way, and each segment by itself. Drafts
// of several editions ask it side by side.
type speaker struct {
	mu        sync.Mutex
	forgotten []string
	name      string
	before    func(s engine.Segment)              // called before an answer
	fails     map[document.Address]engine.Trouble // segments it can't do
	err       error                               // instead of any answer
	asked     []engine.Draft
}

func (e *speaker) Forget(_ context.Context, _ *db.Tx, key string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.forgotten = append(e.forgotten, key)
	return nil
}

func (e *speaker) Draft(ctx context.Context, d engine.Draft, each func(context.Context, []engine.Drafted) error) error {
	e.mu.Lock()
	e.asked = append(e.asked, d)
	e.mu.Unlock()
	if e.err != nil {
		return e.err
	}
	for _, s := range d.Segments {
		if e.before != nil {
			e.before(s)
		}
		out := engine.Drafted{Address: s.Address, Text: e.says(d, s), Engine: e.name, Model: "m1"}
		if t := e.fails[s.Address]; t != "" {
			out = engine.Drafted{Address: s.Address, Trouble: t, Failed: []engine.Failure{{Engine: e.name, Trouble: t}}}
		}
		if err := each(ctx, []engine.Drafted{out}); err != nil {
			return err
		}
	}
	return nil
}

func (e *speaker) says(d engine.Draft, s engine.Segment) document.Inline {
	return document.Text(string(d.Pair.To) + " für " + s.Text.Plain())
}

func (w *world) drain(t *testing.T) {
	t.Helper()
	r, err := jobs.New(w.d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w.work.Handle(r)
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) drafting(t *testing.T, id edition.ID) translate.Drafting {
	t.Helper()
	all, err := w.work.Drafting(t.Context(), w.d.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return all[id]
}

func (w *world) edition(t *testing.T, id edition.ID) edition.Edition {
	t.Helper()
	e, err := w.editions.ByID(t.Context(), w.d.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestBegin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := &speaker{name: "Kobold"}
		w.work.With(translate.Helpers{Engines: e})
		w.confirm(t, "a/text", "Перший абзац.")
		got, err := w.work.Begin(t.Context(), chief, w.de.Story, "uk", "en")
		if err != nil || len(got) != 2 || got[0].ID != w.uk.ID || got[1].Lang != "en" {
			t.Fatalf("%+v, %v", got, err)
		}
		if d := w.drafting(t, got[1].ID); d.State != translate.Waiting || d.Total != 10 || d.Done != 0 || d.ByName != "A. Chief" {
			t.Errorf("waiting: %+v", d)
		}
		again, err := w.work.Draft(t.Context(), chief, got[1].ID, false)
		if err != nil || again.ID != w.drafting(t, got[1].ID).ID {
			t.Errorf("a second one beside the open one: %+v, %v", again, err)
		}
		w.drain(t)
		if d := w.drafting(t, got[1].ID); d.State != translate.Done || d.Total != 10 || d.Done != 10 || d.Ended == nil || len(d.Failures) != 0 {
			t.Errorf("done: %+v", d)
		}
		last := w.drafting(t, got[1].ID)
		if again, err := w.work.Draft(t.Context(), chief, got[1].ID, true); err != nil || again.ID != last.ID || w.drafting(t, got[1].ID).ID != last.ID {
			t.Errorf("with nothing left to draft: %+v, %v", again, err)
		}
		row := w.row(t, "head/headline")
		want := translate.Origin{Source: translate.FromEngine, Engine: "Kobold", Model: "m1", Text: document.Text("uk für Der Rat tagt")}
		if diff := cmp.Diff(want, row.Origin); diff != "" || row.State != translate.Machine || !row.Unread || row.ByHand || row.ByID != "[engine]" {
			t.Errorf("%+v %s", row, diff)
		}
		if row := w.row(t, "a/text"); row.State != translate.Edited || row.Target.Plain() != "Перший абзац." || !row.ByHand {
			t.Errorf("a person's text: %+v", row)
		}
		if p := w.progress(t); p != (translate.Progress{Total: 10, Done: 1, Machine: 9}) {
			t.Errorf("progress %+v", p)
		}
		if e := w.edition(t, got[1].ID); e.Made != edition.MadeMachine || e.Translator != "" {
			t.Errorf("made by %s, translated by %q", e.Made, e.Translator)
		}
		revs, err := w.editions.Revisions(t.Context(), w.d.Read(), got[1].ID, 0, 1)
		if err != nil || revs[0].ByID != "[engine]" || revs[0].ByName != "Kobold" {
			t.Errorf("revisions %+v, %v", revs, err)
		}
		for _, d := range e.asked {
			for _, s := range d.Segments {
				if s.Text.Plain() == "Ми прийдемо." {
					t.Error("an original wording is translated")
				}
			}
			if !strings.Contains(d.Context, "Zweiter Absatz.") || d.Key == "" {
				t.Errorf("asked without its context: %+v", d)
			}
		}
		if _, err := w.work.Begin(t.Context(), translator, w.de.Story, "fr", "uk"); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by somebody who may not: %v", err)
		}
	})
}

func TestHandsAreNeverOverwritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := &speaker{name: "Kobold"}
		e.before = func(s engine.Segment) {
			switch s.Address {
			case "l1/text": // while the engine thinks, a person writes beside it and in it
				w.confirm(t, "l1/text", "один")
				w.confirm(t, "l2/text", "два")
			case "q/text": // and the original changes
				d := w.de.Doc.Clone()
				d.Blocks[3].Text = document.Text("Wir kommen nicht.")
				w.de = w.save(t, w.de, d)
			}
		}
		w.work.With(translate.Helpers{Engines: e})
		if _, err := w.work.Draft(t.Context(), translator, w.uk.ID, false); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		for addr, text := range map[document.Address]string{"l1/text": "один", "l2/text": "два"} {
			if row := w.row(t, addr); row.State != translate.Edited || row.Target.Plain() != text {
				t.Errorf("%s: %+v", addr, row)
			}
		}
		if row := w.row(t, "q/text"); row.State != translate.Stale || row.SourceThen.Plain() != "Wir kommen." || !row.Unread {
			t.Errorf("drafted from what the original was: %+v", row)
		}
		if d := w.drafting(t, w.uk.ID); d.State != translate.Done || d.Done != 10 {
			t.Errorf("%+v", d)
		}
	})
}

func TestEnginesFail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		order := func(again bool) translate.Drafting {
			t.Helper()
			w.clock.Advance(time.Second)
			if _, err := w.work.Draft(t.Context(), translator, w.uk.ID, again, "a/text", "b/text"); err != nil {
				t.Fatal(err)
			}
			w.drain(t)
			return w.drafting(t, w.uk.ID)
		}
		if d := order(false); d.State != translate.Failed || len(d.Failures) != 1 || d.Failures[0] != (translate.Failure{Trouble: engine.Unsupported, N: 2}) {
			t.Errorf("without any engine: %+v", d)
		}
		e := &speaker{name: "Kobold", err: fmt.Errorf("draft: %w", &engine.Error{Engine: "Kobold", Trouble: engine.Quota, Err: errors.New("used up")})}
		w.work.With(translate.Helpers{Engines: e})
		if d := order(false); d.State != translate.Failed || len(d.Failures) != 1 || d.Failures[0] != (translate.Failure{"Kobold", engine.Quota, 2}) {
			t.Errorf("quota: %+v", d)
		}
		e.err, e.fails = nil, map[document.Address]engine.Trouble{"b/text": engine.TooLong}
		d := order(true)
		if d.State != translate.Done || d.Done != 1 || d.Total != 2 || d.Failures[0] != (translate.Failure{"Kobold", engine.TooLong, 1}) {
			t.Errorf("one of two: %+v", d)
		}
		if last := e.asked[len(e.asked)-1]; !last.Again || len(last.Segments) != 2 {
			t.Errorf("asked %+v", last)
		}
		if a, b := w.row(t, "a/text"), w.row(t, "b/text"); a.State != translate.Machine || b.State != translate.Missing {
			t.Errorf("%s, %s", a.State, b.State)
		}
	})
}

func TestCancelDrafting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.work.Cancel(t.Context(), translator, w.uk.ID); !problem.Is(err, problem.Conflict) {
			t.Errorf("nothing to cancel: %v", err)
		}
		n := 0
		e := &speaker{name: "Kobold", before: func(engine.Segment) {
			if n++; n == 4 {
				if err := w.work.Cancel(t.Context(), translator, w.uk.ID); err != nil {
					t.Error(err)
				}
			}
		}}
		w.work.With(translate.Helpers{Engines: e})
		if _, err := w.work.Draft(t.Context(), translator, w.uk.ID, false); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if d := w.drafting(t, w.uk.ID); d.State != translate.Cancelled || d.Done != 3 {
			t.Errorf("%+v", d)
		}
		if p := w.progress(t); p.Machine != 3 || n != 4 {
			t.Errorf("%d asked, %+v", n, p)
		}
	})
}

// proposes holds that these proposals are offered for the Ukrainian edition, and no others.
func (w *world) proposes(t *testing.T, want ...translate.DraftID) {
	t.Helper()
	work, err := w.work.Work(t.Context(), w.d.Read(), w.uk.ID)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.work.Proposals(t.Context(), w.d.Read(), work)
	if err != nil {
		t.Fatal(err)
	}
	var got []translate.DraftID
	for _, d := range all {
		got = append(got, d.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("proposals:\n%s", diff)
	}
}

func TestPropose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, _, err := w.work.Propose(t.Context(), translator, w.uk.ID, "a/text"); !problem.Is(err, problem.Unavailable) {
			t.Errorf("without an engine: %v", err)
		}
		w.work.With(translate.Helpers{Engines: &speaker{name: "Kobold"}})
		w.confirm(t, "a/text", "Перший абзац.")
		got, _, err := w.work.Propose(t.Context(), translator, w.uk.ID, "a/text")
		if err != nil || got.Text.Plain() != "uk für Erster Absatz." || got.ID == "" {
			t.Fatalf("%+v, %v", got, err)
		}
		if row := w.row(t, "a/text"); row.Target.Plain() != "Перший абзац." || row.Origin.Source != translate.Hand {
			t.Errorf("a proposal changed the text: %+v", row)
		}
		w.proposes(t, got.ID)
		d := w.de.Doc.Clone()
		d.Blocks[1].Text = document.Text("Zweiter Absatz, anders.")
		w.de = w.save(t, w.de, d)
		w.proposes(t, got.ID)
		was := w.de.Doc
		d = was.Clone()
		d.Blocks[0].Text = document.Text("Nicht mehr der erste Absatz.")
		w.de = w.save(t, w.de, d)
		w.proposes(t)
		w.de = w.save(t, w.de, was)
		take := translate.Unit{Edition: w.uk.ID, Address: "a/text", Text: document.Text("uk für Ersten Absatz."), Draft: got.ID}
		row, err := w.work.Confirm(t.Context(), translator, take)
		if err != nil || row.State != translate.Edited || row.Origin.Engine != "Kobold" || !row.ByHand || row.Unread {
			t.Errorf("taken and changed: %+v, %v", row, err)
		}
		if e := w.edition(t, w.uk.ID); e.Made != edition.MadeMachine {
			t.Errorf("made by %s", e.Made)
		}
		take.Address = "b/text"
		if _, err := w.work.Confirm(t.Context(), translator, take); !problem.Is(err, problem.NotFound) {
			t.Errorf("another segment's proposal: %v", err)
		}
		if row = w.confirm(t, "a/text", "Щось зовсім інше, своїми словами."); row.Origin.Source != translate.Hand {
			t.Errorf("written anew: %+v", row)
		}
		if e := w.edition(t, w.uk.ID); e.Made != edition.MadeHuman || e.Translator != "T. Lator" {
			t.Errorf("made by %s, %q", e.Made, e.Translator)
		}
		if _, _, err := w.work.Propose(t.Context(), translator, w.uk.ID, "zz/text"); !problem.Is(err, problem.NotFound) {
			t.Errorf("no such segment: %v", err)
		}
	})
}

// remembers is a memory within the test.
type remembers struct {
	has  map[document.Address]translate.Origin
	told []translate.Learned
}

func (m *remembers) Insert(context.Context, db.Conn, edition.Edition, lang.Tag, []engine.Segment) (map[document.Address]translate.Origin, error) {
	return m.has, nil
}

func (m *remembers) Learn(_ context.Context, _ *db.Tx, told []translate.Learned) error {
	m.told = append(m.told, told...)
	return nil
}

func TestMemoryFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := &remembers{has: map[document.Address]translate.Origin{
			"a/text":  {Source: translate.OwnSegment, Text: document.Text("Перший абзац.")},
			"l1/text": {Source: translate.OtherStories, Text: document.Text("один")},
		}}
		e := &speaker{name: "Kobold"}
		w.work.With(translate.Helpers{Engines: e, Memory: m})
		if _, err := w.work.Draft(t.Context(), translator, w.uk.ID, false); err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if row := w.row(t, "a/text"); row.State != translate.Edited || row.Origin.Source != translate.OwnSegment || row.ByHand || row.Target.Plain() != "Перший абзац." {
			t.Errorf("its own earlier translation: %+v", row)
		}
		if row := w.row(t, "l1/text"); row.Origin.Source != translate.FromEngine {
			t.Errorf("another story's is never put in unasked: %+v", row)
		}
		if len(e.asked[0].Segments) != 9 || len(m.told) != 0 {
			t.Errorf("asked for %d, learned %+v", len(e.asked[0].Segments), m.told)
		}
		w.confirm(t, "b/text", "Другий абз")
		if len(m.told) != 0 {
			t.Errorf("what is being written is remembered: %+v", m.told)
		}
		if _, err := w.work.Confirm(t.Context(), translator, translate.Unit{
			Edition: w.uk.ID, Address: "b/text", Text: document.Text("Другий абзац."), Answer: translate.AnswerReviewed,
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.work.Confirm(t.Context(), translator, translate.Unit{
			Edition: w.uk.ID, Address: "l2/text", Text: document.Text("двійко"), Answer: translate.AnswerAdapted, Reason: "мова",
		}); err != nil {
			t.Fatal(err)
		}
		if len(m.told) != 2 || m.told[0].Target.Plain() != "Другий абзац." || m.told[0].Source.Plain() != "Zweiter Absatz." || m.told[1].Target != nil {
			t.Errorf("learned %+v", m.told)
		}
		near := translate.Unit{Edition: w.uk.ID, Address: "q/text", Text: document.Text("Ми вже йдемо."), Origin: translate.Origin{
			Source: translate.NearMatch, Alike: 92, Text: document.Text("Ми йдемо."),
		}}
		row, err := w.work.Confirm(t.Context(), translator, near)
		if err != nil || row.Origin.Source != translate.NearMatch || row.Origin.Alike != 92 || !row.ByHand {
			t.Errorf("a near match: %+v, %v", row, err)
		}
		// A review makes confirmed text of what the engine wrote, too, and is learned from.
		m.told = nil
		if _, err := w.work.Review(t.Context(), chief, w.uk.ID, w.edition(t, w.uk.ID).Version); err != nil {
			t.Fatal(err)
		}
		if p := w.progress(t); p.Reviewed != 9 || p.Machine != 0 {
			t.Errorf("progress %+v", p)
		}
		if row := w.row(t, "head/headline"); row.State != translate.Reviewed || row.Origin.Engine != "Kobold" || row.Unread {
			t.Errorf("reviewed: %+v", row)
		}
		if len(m.told) != 10 {
			t.Errorf("learned %d", len(m.told))
		}
	})
}

func TestDraftByWhoMayNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nobody := actor.Actor{ID: "x", Role: string(actor.Translator), Langs: []lang.Tag{"fr"}}
		if _, err := w.work.Draft(t.Context(), nobody, w.uk.ID, false); !problem.Is(err, problem.Forbidden) {
			t.Errorf("draft: %v", err)
		}
		if _, _, err := w.work.Propose(t.Context(), nobody, w.uk.ID, "a/text"); !problem.Is(err, problem.Forbidden) {
			t.Errorf("propose: %v", err)
		}
		if _, err := w.work.Draft(t.Context(), chief, w.de.ID, false); !problem.Is(err, problem.Invalid) {
			t.Errorf("an original: %v", err)
		}
	})
}

// spells is a register within the test: it writes one word otherwise.
type spells struct{}

func (spells) Terms(context.Context, db.Conn, lang.Tag, lang.Tag, string) ([]engine.Term, error) {
	return []engine.Term{{Source: "Rat", Target: "Рада"}}, nil
}

func (spells) Enforce(_ context.Context, _ db.Conn, from, to lang.Tag, source string, text document.Inline) (document.Inline, error) {
	if from != "de" || to != "uk" || source == "" {
		return nil, errors.New("asked for something else")
	}
	return document.Text(strings.ReplaceAll(text.Plain(), "für", "fuer")), nil
}

// TestHouseSpelling: what an engine wrote stands in the house's spelling, drafted and proposed; the
// engine's answers are let go of when they have been used.
func TestHouseSpelling(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := &speaker{name: "Kobold"}
		w.work.With(translate.Helpers{Engines: e, Register: spells{}})
		d, err := w.work.Draft(t.Context(), translator, w.uk.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if row := w.row(t, "a/text"); row.Target.Plain() != "uk fuer Erster Absatz." || row.State != translate.Machine || row.ByHand {
			t.Errorf("%+v", row)
		}
		if len(e.asked[0].Terms) != 1 {
			t.Errorf("the engine got the terms %+v", e.asked[0].Terms)
		}
		p, _, err := w.work.Propose(t.Context(), translator, w.uk.ID, "a/text")
		if err != nil || p.Text.Plain() != "uk fuer Erster Absatz." {
			t.Errorf("%+v, %v", p, err)
		}
		if len(e.forgotten) != 2 || e.forgotten[0] != string(d.ID) || e.forgotten[1] != e.asked[1].Key {
			t.Errorf("forgotten: %q", e.forgotten)
		}
	})
}
