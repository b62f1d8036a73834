package demo

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
	"depesche/internal/translate"
)

// Work is what goes on with translations while the demo is opened.
type Work struct {
	Changes []Change  `json:"changes"`
	Begun   []Begun   `json:"begun"`
	Work    []Task    `json:"work"`
	Live    []Running `json:"live"`
}

// Change is a change of a story's original after it went out.
type Change struct {
	Story string `json:"story"`
	At    When   `json:"at"`
	Why   string `json:"why"`
	// Texts are what stood there and what stands there now, each within one segment.
	Texts map[string]string `json:"texts"`
	// Update are the languages that are released; those whose facts are stale are held back.
	Update []string `json:"update"`
}

// Begun is a translation of which only some segments are there, by their addresses.
type Begun struct {
	Story string                      `json:"story"`
	Lang  string                      `json:"lang"`
	At    When                        `json:"at"`
	By    string                      `json:"by"`
	Texts map[document.Address]string `json:"texts"`
}

// Task is a translation that is due and that somebody may have in hand.
type Task struct {
	Story  string `json:"story"`
	Lang   string `json:"lang"`
	At     When   `json:"at"`
	Holder string `json:"holder"`
	Due    When   `json:"due"`
}

// spell fills the register.
func (l *loader) spell(ctx context.Context, boss actor.Actor) error {
	if l.Register == nil {
		return nil
	}
	paper, err := l.Publication.Paper(ctx)
	if err != nil {
		return err
	}
	rep, err := l.Register.Import(ctx, boss, bytes.NewReader(l.content.Register), paper.Active())
	if err == nil && len(rep.Remarks) > 0 {
		err = fmt.Errorf("%v", rep.Remarks)
	}
	if err != nil {
		return fmt.Errorf("register: %w", err)
	}
	return nil
}

// work are the acts of [Work].
func (l *loader) work(tellers map[string]*teller) ([]act, error) {
	var out []act
	add := func(at When, key, what string, do func(context.Context, *teller) error) error {
		t, ok := tellers[key]
		if !ok {
			return fmt.Errorf("no story %s", key)
		}
		out = append(out, act{at.At(l.now), key + ": " + what, func(ctx context.Context) error { return do(ctx, t) }})
		return nil
	}
	for _, c := range l.content.Work.Changes {
		if err := add(c.At, c.Story, "change", func(ctx context.Context, t *teller) error { return t.change(ctx, c) }); err != nil {
			return nil, err
		}
	}
	for _, b := range l.content.Work.Begun {
		if err := add(b.At, b.Story, "begin "+b.Lang, func(ctx context.Context, t *teller) error { return t.beginSome(ctx, b) }); err != nil {
			return nil, err
		}
	}
	for _, w := range l.content.Work.Work {
		if err := add(w.At, w.Story, "task "+w.Lang, func(ctx context.Context, t *teller) error { return t.task(ctx, w) }); err != nil {
			return nil, err
		}
	}
	for _, r := range l.content.Work.Live {
		t, ok := tellers[r.Story]
		if !ok {
			return nil, fmt.Errorf("no story %s", r.Story)
		}
		out = append(out, l.runs(r, t)...)
	}
	return out, nil
}

// change saves the original with other words, and releases what may go.
func (t *teller) change(ctx context.Context, c Change) error {
	ed, err := t.Editions.ByID(ctx, t.DB.Read(), t.editions[t.story.Original])
	if err != nil {
		return err
	}
	doc := ed.Doc
	for was, becomes := range c.Texts {
		found := false
		for _, seg := range document.Segments(doc) {
			for i, span := range seg.Text {
				if !strings.Contains(span.Text, was) {
					continue
				}
				text := append(document.Inline(nil), seg.Text...)
				text[i].Text = strings.ReplaceAll(span.Text, was, becomes)
				if doc, err = document.WithSegment(doc, seg.Address, text); err != nil {
					return err
				}
				found = true
			}
		}
		if !found {
			return fmt.Errorf("%q stands nowhere", was)
		}
	}
	if _, err := t.Editions.Save(ctx, t.by(actor.Chief), edition.Save{Edition: ed.ID, Base: ed.Revision, Doc: doc, Why: c.Why}); err != nil || len(c.Update) == 0 {
		return err
	}
	return t.release(ctx, release.Command{Act: release.Update, HoldBack: true, Note: c.Why}, c.Update...)
}

// beginSome begins a translation and confirms some of its segments.
func (t *teller) beginSome(ctx context.Context, b Begun) error {
	who := t.accounts[b.By]
	ed, err := t.Editions.Create(ctx, who, t.stories[t.story.Key].ID, lang.Tag(b.Lang))
	if err != nil {
		return err
	}
	t.editions[b.Lang] = ed.ID
	for _, addr := range sortedKeys(b.Texts) {
		if _, err := t.Translate.Confirm(ctx, who, translate.Unit{Edition: ed.ID, Address: addr, Text: document.Text(b.Texts[addr]), Answer: translate.AnswerReviewed}); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) task(ctx context.Context, w Task) error {
	id, due := t.editions[w.Lang], w.Due.At(t.now)
	if w.Holder != "" {
		if _, err := t.Translate.Take(ctx, t.accounts[w.Holder], id); err != nil {
			return err
		}
	}
	_, err := t.Translate.SetDue(ctx, t.by(actor.Chief), id, &due)
	return err
}
