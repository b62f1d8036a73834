package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/engine/markup"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

func errCount(asked, got int) error {
	return fmt.Errorf("%d texts were asked, %d answered", asked, got)
}

// Tried is what an engine made of a sentence.
type Tried struct {
	Text    string
	Through lang.Tag
	Model   string
}

// Try lets an engine translate a sentence, whether it is enabled or left alone for a while or not. Its
// quota holds. A failure of the engine is an *Error.
func (s *Service) Try(ctx context.Context, a actor.Actor, eid ID, pair Pair, text string) (Tried, error) {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return Tried{}, problem.New(problem.Forbidden, "problem.forbidden")
	}
	e, err := s.ByID(ctx, eid)
	if err != nil {
		return Tried{}, err
	}
	b := s.build(e)
	if b.err != nil {
		return Tried{}, b.err
	}
	// A draft of one text that isn't kept: it takes the same way as any other.
	r := &round{work: &work{s: s, draft: Draft{Key: "[try]", Pair: pair}}, e: e, engine: b.engine, info: b.engine.Info()}
	pairs, err := b.pairsOf(ctx, s.db.Now())
	if err != nil {
		f := failure(e.Name, err)
		return Tried{}, errors.Join(f, s.sick(ctx, eid, f))
	}
	var ok bool
	if r.pair, ok = among(pairs, pair); !ok {
		return Tried{}, &Error{Engine: e.Name, Trouble: Unsupported, Err: fmt.Errorf("it doesn't translate %s", pair)}
	}
	return r.try(ctx, text)
}

// patience is how long somebody waits before a form for a sentence. A language model may have to be loaded
// first.
const patience = 90 * time.Second

func (r *round) try(ctx context.Context, text string) (Tried, error) {
	in := document.Inline{{Text: text}}.Normal()
	fragment := markup.Plain(in)
	if r.info.HTML {
		fragment = markup.HTML(in)
	}
	r.info.Billed = false // a person may ask the same twice
	one := &batched{round: r, req: Request{Pair: r.pair, Texts: []string{fragment.Text}}, pieces: []*piece{{}}, fragments: []markup.Fragment{fragment}}
	stop, err := one.reserve(ctx)
	if err != nil {
		return Tried{}, err
	}
	if stop != "" {
		return Tried{}, &Error{Engine: r.e.Name, Trouble: stop, Err: fmt.Errorf("the paper's own quota of %d characters is used up", r.e.Quota)}
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	res, err := r.engine.Translate(within, one.req)
	if err == nil && (len(res.Texts) != 1 || len(res.Failed) > 0 || strings.TrimSpace(res.Texts[0]) == "") {
		err = &Error{Engine: r.e.Name, Trouble: Garbled, Sent: true, Err: errCount(1, len(res.Texts)-len(res.Failed))}
	}
	if err != nil {
		f := failure(r.e.Name, err)
		_, err := one.failed(ctx, f)
		return Tried{}, errors.Join(f, err)
	}
	answer := fragment.Read(firstRunes(res.Texts[0], longest(text))).Text.Plain()
	out := Tried{Text: answer, Through: res.Through, Model: firstRunes(res.Model, 100)}
	return out, r.s.db.Write(ctx, func(tx *db.Tx) error { return r.s.store.worked(ctx, tx, r.e.ID) })
}
