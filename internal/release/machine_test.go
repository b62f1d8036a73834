package release_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/translate"
)

// says is an engine within the test that knows what to say of each text.
type says map[string]string

func (says) Forget(context.Context, *db.Tx, string) error { return nil }

func (e says) Draft(ctx context.Context, d engine.Draft, each func(context.Context, []engine.Drafted) error) error {
	for _, s := range d.Segments {
		if err := each(ctx, []engine.Drafted{{Address: s.Address, Text: document.Text(e[s.Text.Plain()]), Engine: "Kobold"}}); err != nil {
			return err
		}
	}
	return nil
}

// drafts has all that is missing in the edition drafted.
func (w *world) drafts(t *testing.T, id edition.ID) {
	t.Helper()
	if _, err := w.work.Draft(t.Context(), chief, id, false); err != nil {
		t.Fatal(err)
	}
	r, err := jobs.New(w.d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w.work.Handle(r)
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) machineOut(t *testing.T, l lang.Tag) {
	t.Helper()
	if err := w.d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE publication_language SET machine_out = TRUE WHERE lang = $1`, l)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if p, err := publication.New(w.d).PaperIn(t.Context(), w.d.Read()); err != nil {
		t.Fatal(err)
	} else if x, _ := p.Language(l); !x.MachineOut {
		t.Fatal("the paper doesn't let it out")
	}
}

// holds returns the codes of the errors that hold the edition.
func (w *world) holds(t *testing.T, act release.Act, e edition.Edition) (codes []string) {
	t.Helper()
	_, err := w.releases.Act(t.Context(), chief, release.Command{Story: e.Story, Act: act, Editions: choices(w.read(t, e.ID))})
	var held *release.HeldError
	if !errors.As(err, &held) {
		t.Fatalf("%s isn't held: %v", act, err)
	}
	for _, o := range held.Open {
		codes = append(codes, o.Code)
	}
	return codes
}

// TestMachineText follows an edition that an engine wrote: what readers are told is what people did
// with it, and nobody stands for what an engine wrote after a check.
func TestMachineText(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.work.With(translate.Helpers{Engines: says{
			"Der Rat tagt": "The council meets", "Am Montag kamen 1077 Menschen.": "On Monday 1077 people came.", "Am Ende ging man.": "In the end people left.",
		}})
		st, de, uk := w.story(t)
		got, err := w.work.Begin(t.Context(), chief, st.ID, "en")
		if err != nil {
			t.Fatal(err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		w.drafts(t, got[0].ID)
		en := w.read(t, got[0].ID)
		if en.Made != edition.MadeMachine || en.Headline != "The council meets" {
			t.Fatalf("drafted: %+v", en)
		}
		if codes := w.holds(t, release.Publish, en); len(codes) != 1 || codes[0] != "machine_unchecked" {
			t.Errorf("held by %v", codes)
		}
		w.machineOut(t, "en")
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(w.read(t, en.ID))})
		w.told(t, st, "en", lang.Machine, "")
		evidence := func(want translate.Evidence) {
			t.Helper()
			list, err := w.work.Evidence(t.Context(), w.d.Read(), noon)
			if err != nil || len(list) != 1 || list[0] != want {
				t.Errorf("evidence %+v, %v, want %+v", list, err, want)
			}
		}
		evidence(translate.Evidence{Engine: "Kobold", From: "de", To: "en", Segments: 2, Untouched: 2, Words: 9})

		if _, err := w.work.Review(t.Context(), editor, en.ID, w.read(t, en.ID).Version); err != nil {
			t.Fatal(err)
		}
		w.told(t, st, "en", lang.MachineChecked, "E. Ditor")

		// The original grows, and an engine writes on.
		grown := text("Der Rat tagt", "Am Montag kamen 1077 Menschen.")
		grown.Blocks = append(grown.Blocks, document.Block{ID: "p2", Kind: document.Paragraph, Text: document.Text("Am Ende ging man.")})
		w.save(t, w.read(t, de.ID), grown)
		w.drafts(t, en.ID)
		if _, err := w.editions.SendToReview(t.Context(), chief, en.ID, w.read(t, en.ID).Version); err == nil {
			t.Error("what is out is sent to review")
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Update, Editions: choices(w.read(t, en.ID))})
		w.told(t, st, "en", lang.Machine, "")

		// A person says that it is right; now the one who sends it out may let it stand.
		w.stillRight(t, en, "p2/text")
		reworded := w.read(t, en.ID).Doc
		reworded.Blocks[0].Text = document.Text("On Monday 1077 people came in.")
		w.save(t, w.read(t, en.ID), reworded)
		w.act(t, release.Command{Story: st.ID, Act: release.Minor, Editions: choices(w.read(t, en.ID))})
		w.told(t, st, "en", lang.MachineChecked, "A. Chief")

		// Written anew by hand it is a person's, but readers are told so only when they see that text.
		own := w.read(t, en.ID).Doc
		own.Headline = "Councillors are sitting"
		own.Blocks[0].Text = document.Text("There were 1077 of them, and it was a Monday.")
		own.Blocks[1].Text = document.Text("Then they all went home.")
		w.save(t, w.read(t, en.ID), own)
		w.told(t, st, "en", lang.MachineChecked, "A. Chief")
		w.act(t, release.Command{Story: st.ID, Act: release.Update, Editions: choices(w.read(t, en.ID))})
		w.told(t, st, "en", lang.HumanChecked, "A. Chief")
		// What was drafted is judged by what first went out of it.
		evidence(translate.Evidence{Engine: "Kobold", From: "de", To: "en", Segments: 3, Untouched: 3, Words: 15})
		if list, err := w.work.Evidence(t.Context(), w.d.Read(), w.d.Now().AddDate(0, 0, 1)); err != nil || len(list) != 0 {
			t.Errorf("since tomorrow: %+v, %v", list, err)
		}
	})
}
