package translate_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/translate"
)

// TestOriginalRebuilt rebuilds an original whose translation stands: each row can be answered, what goes
// can be dropped, nothing written is lost, and the page is built as the original's.
func TestOriginalRebuilt(t *testing.T) {
	D := document.Text
	par := func(id document.ID, text string) document.Block {
		return document.Block{ID: id, Kind: document.Paragraph, Text: D(text)}
	}
	for name, change := range map[string]func(d *document.Doc){
		"heading": func(d *document.Doc) { d.Blocks[0].Kind, d.Blocks[0].Level = document.Heading, 2 },
		"paragraph to a list of its own": func(d *document.Doc) {
			d.Blocks[0] = document.Block{ID: "L", Kind: document.List, Items: []document.Item{{ID: "i1", Text: D("Erster Absatz.")}, {ID: "i2", Text: D("Neu.")}}}
		},
		"paragraph to item": func(d *document.Doc) {
			d.Blocks[0] = document.Block{ID: "L", Kind: document.List, Items: []document.Item{{ID: "a", Text: D("Erster Absatz.")}, {ID: "i2", Text: D("Neu.")}}}
		},
		"block to list": func(d *document.Doc) {
			d.Blocks[0] = document.Block{ID: "a", Kind: document.List, Items: []document.Item{{ID: "i1", Text: D("Erster Absatz.")}, {ID: "i2", Text: D("Neu.")}}}
		},
		"quotation": func(d *document.Doc) {
			d.Blocks[0] = document.Block{ID: "a", Kind: document.Quotation, Text: D("Erster Absatz."), Speaker: "Ich"}
		},
		"quotation to paragraph": func(d *document.Doc) { d.Blocks[3] = par("q", "Wir kommen.") },
		"list to paragraphs": func(d *document.Doc) {
			d.Blocks = slices.Replace(d.Blocks, 2, 3, par("l1", "eins"), par("l", "zwei"))
		},
		"moved": func(d *document.Doc) { d.Blocks[0], d.Blocks[1] = d.Blocks[1], d.Blocks[0] },
		"split": func(d *document.Doc) {
			d.Blocks[0].Text = D("Erster")
			d.Blocks = slices.Insert(d.Blocks, 1, par("n", "Absatz."))
		},
		"merged": func(d *document.Doc) {
			d.Blocks[0].Text = D("Erster Absatz. Zweiter Absatz.")
			d.Blocks = slices.Delete(d.Blocks, 1, 2)
		},
		"items": func(d *document.Doc) {
			d.Blocks[2].Items = []document.Item{{ID: "l3", Text: D("drei")}, {ID: "l2", Text: D("zwei")}}
		},
		"fact box": func(d *document.Doc) {
			d.Blocks = append(d.Blocks[1:], document.Block{ID: "fb", Kind: document.FactBox, Title: "Kasten", Blocks: []document.Block{
				par("a", "Erster Absatz."), {ID: "fl", Kind: document.List, Items: []document.Item{{ID: "fi", Text: D("drin")}}},
			}})
		},
		"no picture": func(d *document.Doc) { d.Picture = nil },
		"other picture": func(d *document.Doc) {
			d.Picture = &document.Picture{ID: "pic2", Media: "m2", Caption: D("Neu"), Alt: "Neu"}
		},
		"table": func(d *document.Doc) {
			d.Blocks[2] = document.Block{ID: "l", Kind: document.Table, Rows: []document.Row{
				{ID: "r1", Cells: []document.Cell{{ID: "l1", Text: D("eins")}, {ID: "c2", Text: D("zwei")}}},
				{ID: "r2", Cells: []document.Cell{{ID: "c3", Text: D("x")}, {ID: "c4", Text: D("y")}}},
			}}
		},
		"original wording": func(d *document.Doc) { d.Blocks[3].Original = "Ми прийдемо завтра." },
	} {
		for _, first := range []string{"structure first", "rows first"} {
			t.Run(name+", "+first, func(t *testing.T) {
				each(t, func(t *testing.T, w *world) {
					w.all(t)
					d := w.de.Doc.Clone()
					change(&d)
					w.de = w.save(t, w.de, d)
					before := map[document.Address]string{}
					for _, r := range w.rows(t) {
						before[r.Address] = r.Target.Plain()
					}
					if first == "structure first" {
						w.takeShape(t)
						for _, r := range w.rows(t) {
							if was := before[r.Address]; was != "" && r.Target.Plain() != was {
								t.Errorf("%s was %q, is %q", r.Address, was, r.Target.Plain())
							}
						}
					}
					w.answerAll(t)
					if first == "rows first" {
						w.takeShape(t)
					}
					w.builtAlike(t)
				})
			})
		}
	}
}

func (w *world) takeShape(t *testing.T) {
	t.Helper()
	if err := w.work.TakeShape(t.Context(), translator, w.uk.ID, 0); err != nil {
		t.Fatal(err)
	}
}

// answerAll answers what is to be answered, and drops what is without a source.
func (w *world) answerAll(t *testing.T) {
	t.Helper()
	for _, r := range w.rows(t) {
		u := translate.Unit{Edition: w.uk.ID, Address: r.Address, Text: document.Text("neu " + string(r.Address)), Answer: translate.AnswerReviewed}
		switch r.State {
		case translate.Missing, translate.Stale:
		case translate.Orphan:
			u.Text, u.Answer, u.Reason = nil, translate.AnswerDropped, "gone"
		default:
			continue
		}
		if _, err := w.work.Confirm(t.Context(), translator, u); err != nil {
			t.Errorf("%s: %v", r.Address, err)
		}
	}
}

// builtAlike reports what is open, and where the translation isn't built as its original.
func (w *world) builtAlike(t *testing.T) {
	t.Helper()
	work, err := w.work.Work(t.Context(), w.d.Read(), w.uk.ID)
	if err != nil {
		t.Fatal(err)
	}
	if p := work.Progress; p.Missing+p.Stale+p.Orphan > 0 {
		t.Errorf("open: %+v", p)
	}
	if shapes, err := w.work.Shapes(t.Context(), w.d.Read(), work); err != nil || len(shapes) > 0 {
		t.Errorf("still built otherwise: %v, %v", shapes, err)
	}
	want, got := document.Skeleton(work.Source.Doc), document.Skeleton(work.Edition.Doc)
	for _, b := range got.Blocks { // an item that was dropped leaves an empty place, that nobody sees
		if src := slices.IndexFunc(want.Blocks, func(s document.Block) bool { return s.ID == b.ID }); src >= 0 && len(b.Items) > 0 {
			b.Items = slices.DeleteFunc(b.Items, func(i document.Item) bool {
				return !slices.ContainsFunc(want.Blocks[src].Items, func(s document.Item) bool { return s.ID == i.ID })
			})
			got.Blocks[slices.IndexFunc(got.Blocks, func(x document.Block) bool { return x.ID == b.ID })].Items = b.Items
		}
	}
	got.Blocks = slices.DeleteFunc(got.Blocks, func(b document.Block) bool {
		return !slices.ContainsFunc(want.Blocks, func(s document.Block) bool { return s.ID == b.ID })
	})
	want.Slug, got.Slug = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("built otherwise (-original +translation):\n%s", diff)
	}
}

func TestShapeIsTakenByTranslators(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.all(t)
		d := w.de.Doc.Clone()
		d.Blocks[0], d.Blocks[1] = d.Blocks[1], d.Blocks[0]
		w.de = w.save(t, w.de, d)
		reader := actor.Actor{ID: "r", Name: "R", Role: string(actor.Translator), Langs: []lang.Tag{"fr"}}
		if err := w.work.TakeShape(t.Context(), reader, w.uk.ID, 0); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by somebody of another language: %v", err)
		}
		if err := w.work.TakeShape(t.Context(), translator, w.uk.ID, 1); !problem.Is(err, problem.Conflict) {
			t.Errorf("of an old revision: %v", err)
		}
		w.takeShape(t)
		e, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.takeShape(t)
		again, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil || again.Revision != e.Revision {
			t.Errorf("taken twice: revision %d, then %d; %v", e.Revision, again.Revision, err)
		}
	})
}
