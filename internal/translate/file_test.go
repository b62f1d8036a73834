package translate_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/translate"
	"depesche/internal/translate/xliff"
)

// takenOut is the file as a translator's program gets it and gives it back.
func (w *world) takenOut(t *testing.T) xliff.File {
	t.Helper()
	f, err := w.work.File(t.Context(), w.d.Read(), w.uk.ID, func(r translate.Row) string { return string(r.Field) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := xliff.Write(&b, f); err != nil {
		t.Fatal(err)
	}
	if f, err = xliff.Read(&b); err != nil {
		t.Fatal(err)
	}
	return f
}

func fill(f xliff.File, texts map[document.Address]document.Inline) xliff.File {
	for i := range f.Units {
		if in, ok := texts[f.Units[i].Address]; ok {
			f.Units[i].Target = in
		}
	}
	return f
}

func TestFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		f := w.takenOut(t)
		var fixed []document.Address
		for _, u := range f.Units {
			if u.Fixed {
				fixed = append(fixed, u.Address)
			}
		}
		if diff := cmp.Diff([]document.Address{"q/original"}, fixed); diff != "" || f.Units[0].Address != "head/kicker" || f.Units[0].Notes[0].Text != "kicker" {
			t.Errorf("%s\n%+v", diff, f.Units[0])
		}
		strong := []document.Mark{{Type: document.Strong}}
		fill(f, map[document.Address]document.Inline{
			"head/headline": document.Text("Рада засідає"), "a/text": document.Text("Перший абзац."),
			"b/text":     {{Text: "Другий абзац", Marks: []document.Mark{{Type: document.Link, Href: "https://elsewhere.example/"}}}, {Text: "."}},
			"l1/text":    {{Text: "один", Marks: strong}},
			"q/original": document.Text("Nobody may change this."),
		})
		before, err := w.editions.Revisions(ctx, w.d.Read(), w.uk.ID, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		back, err := w.work.BringIn(ctx, translator, w.uk.ID, f)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]document.Address{"head/headline", "a/text", "b/text", "l1/text"}, back.Taken); diff != "" || len(back.Refused) != 0 {
			t.Errorf("%s\n%+v", diff, back.Refused)
		}
		if diff := cmp.Diff(map[document.Address][]document.Mark{"b/text": strong}, back.Lost); diff != "" {
			t.Error(diff)
		}
		after, err := w.editions.Revisions(ctx, w.d.Read(), w.uk.ID, 0, 10)
		if err != nil || len(after) != len(before)+1 {
			t.Errorf("%d revisions after %d: %v", len(after), len(before), err)
		}
		if r := w.row(t, "b/text"); !cmp.Equal(r.Target, document.Text("Другий абзац.")) || r.State != translate.Edited || r.Origin.Source != translate.FromXLIFF || r.ByID != translator.ID {
			t.Errorf("%+v", r)
		}
		if r := w.row(t, "l1/text"); !cmp.Equal(r.Target, document.Text("один")) {
			t.Errorf("a mark that nobody here had: %+v", r.Target)
		}
		if got, _ := back.Edition.Doc.Segment("q/original"); got.Text.Plain() != "Ми прийдемо." {
			t.Errorf("the original wording became %q", got.Text.Plain())
		}
		// The same file once more changes nothing.
		again, err := w.work.BringIn(ctx, translator, w.uk.ID, f)
		if err != nil || len(again.Taken) != 0 || len(again.Refused) != 0 || again.Edition.Revision != back.Edition.Revision {
			t.Errorf("%+v %v", again, err)
		}
	})
}

// TestFileComesBackLate: what has moved on meanwhile, on either side, is refused segment by segment and
// stays as it is.
func TestFileComesBackLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		said := func(addr document.Address, text string, answer translate.Answer) {
			t.Helper()
			u := translate.Unit{Edition: w.uk.ID, Address: addr, Text: document.Text(text), Answer: answer}
			if answer == translate.AnswerAdapted {
				u.Reason = "For readers there"
			}
			if _, err := w.work.Confirm(ctx, translator, u); err != nil {
				t.Fatal(err)
			}
		}
		said("head/kicker", "Рада", translate.AnswerReviewed)
		d := source()
		d.Kicker = "Stadtrat"
		w.de = w.save(t, w.de, d)
		f := w.takenOut(t)
		if u := f.Units[0]; u.State != xliff.Initial || u.Notes[1] != (xliff.Note{Category: "changed", Text: "Rat"}) {
			t.Errorf("a stale segment goes out as %+v", u)
		}
		texts := map[document.Address]document.Inline{}
		for _, u := range f.Units {
			texts[u.Address] = document.Text("З файлу: " + string(u.Address))
		}
		fill(f, texts)
		d.Headline = "Der Rat vertagt sich"
		d.Blocks[2].Items = d.Blocks[2].Items[:1]
		w.de = w.save(t, w.de, d)
		said("a/text", "Тут змінено.", translate.AnswerEdited)
		said("b/text", "Навмисно інакше.", translate.AnswerAdapted)
		back, err := w.work.BringIn(ctx, translator, w.uk.ID, f)
		if err != nil {
			t.Fatal(err)
		}
		why := map[document.Address]string{}
		for _, r := range back.Refused {
			why[r.Address] = r.Why
			if r.Text.Plain() != "З файлу: "+string(r.Address) {
				t.Errorf("%s: what it said is lost: %q", r.Address, r.Text.Plain())
			}
		}
		want := map[document.Address]string{"head/headline": translate.WhyMoved, "a/text": translate.WhyChanged, "b/text": translate.WhyPurpose, "l2/text": translate.WhyGone}
		if diff := cmp.Diff(want, why); diff != "" {
			t.Error(diff)
		}
		if r := w.row(t, "head/kicker"); r.State != translate.Edited || r.Target.Plain() != "З файлу: head/kicker" {
			t.Errorf("a stale segment that was translated anew: %+v", r)
		}
		if r := w.row(t, "a/text"); r.Target.Plain() != "Тут змінено." {
			t.Errorf("%+v", r)
		}
	})
}

func TestFileOfSomethingElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		good := fill(w.takenOut(t), map[document.Address]document.Inline{"a/text": document.Text("Перший.")})
		for name, change := range map[string]func(*xliff.File){
			"another edition":   func(f *xliff.File) { f.Edition = string(w.de.ID) },
			"another direction": func(f *xliff.File) { f.To = "pl" },
			"no revision":       func(f *xliff.File) { f.SourceRev = 0 },
			"a revision ahead":  func(f *xliff.File) { f.TargetRev = 99 },
		} {
			f := good
			change(&f)
			if _, err := w.work.BringIn(ctx, translator, w.uk.ID, f); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		reader := actor.Actor{ID: "r", Name: "P. Olski", Role: string(actor.Translator), Langs: []lang.Tag{"pl"}}
		if _, err := w.work.BringIn(ctx, reader, w.uk.ID, good); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("who may not translate: %v", err)
		}
		if _, err := w.work.File(ctx, w.d.Read(), w.de.ID, func(translate.Row) string { return "" }, nil); problem.KindOf(err) != problem.Invalid {
			t.Errorf("an original: %v", err)
		}
		if e, err := w.editions.ByID(ctx, w.d.Read(), w.uk.ID); err != nil || e.Revision != 1 {
			t.Errorf("something was stored: revision %d, %v", e.Revision, err)
		}
	})
}
