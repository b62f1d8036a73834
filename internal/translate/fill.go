package translate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/jobs"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Fill is the job that carries out a drafting.
type Fill struct {
	Drafting DraftingID `json:"drafting"`
}

// Kind names the job.
func (Fill) Kind() string { return "translate.fill" }

// Handle has the runner draft what was asked for.
func (s *Service) Handle(r *jobs.Runner) {
	jobs.Handle(r, func(ctx context.Context, job Fill) error { return s.fill(ctx, job.Drafting) })
}

// errEnded says that a drafting was cancelled, or carried out by another delivery of its job.
var errEnded = errors.New("the drafting has ended")

// fill carries out a drafting. It may be begun again at any place: what was filled has text and isn't
// asked for any more, and what the engines answered under its key they answer again.
func (s *Service) fill(ctx context.Context, id DraftingID) error {
	d, err := draftingByID(ctx, s.db.Read(), id)
	if problem.Is(err, problem.NotFound) {
		return s.letGo(ctx, id)
	}
	if err != nil || !d.Open() {
		return err
	}
	err = s.carryOut(ctx, d)
	switch {
	case errors.Is(err, errEnded):
		return nil
	case problem.Is(err, problem.NotFound):
		return s.letGo(ctx, id)
	}
	if err != nil {
		return fmt.Errorf("drafting %s of edition %s: %w", id, d.Edition, err)
	}
	return nil
}

// letGo throws away what engines answered for an edition that was deleted meanwhile.
func (s *Service) letGo(ctx context.Context, id DraftingID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.forget(ctx, tx, string(id)) })
}

func (s *Service) carryOut(ctx context.Context, d Drafting) error {
	if d.State == Working {
		// It was begun before: the engines tell of their failures again.
		d.Failures = nil
		if err := s.db.Write(ctx, func(tx *db.Tx) error { _, err := note(ctx, tx, d); return err }); err != nil {
			return err
		}
	}
	w, err := s.Work(ctx, s.db.Read(), d.Edition)
	if err != nil {
		return err
	}
	if s.help.Memory != nil {
		if err := s.remembered(ctx, d, w); err != nil {
			return err
		}
		if w, err = s.Work(ctx, s.db.Read(), d.Edition); err != nil {
			return err
		}
	}
	rows := open(w.Rows, d.Wanted)
	if len(rows) == 0 {
		return s.ended(ctx, d.ID)
	}
	if s.help.Engines == nil {
		if err := s.write(ctx, d, w.Edition.Story, w.Source.Revision, nil, []Failure{{Trouble: engine.Unsupported, N: len(rows)}}); err != nil {
			return err
		}
		return s.ended(ctx, d.ID)
	}
	ask, err := s.ask(ctx, w, rows)
	if err != nil {
		return err
	}
	ask.Key, ask.Again = string(d.ID), d.Again
	err = s.help.Engines.Draft(ctx, ask, func(ctx context.Context, done []engine.Drafted) error {
		return s.answered(ctx, d, w, done)
	})
	var spoken *engine.Error
	switch {
	case errors.As(err, &spoken) && ctx.Err() == nil:
		// The engines have tried again as often as makes sense; people decide what comes next.
		if err := s.write(ctx, d, w.Edition.Story, w.Source.Revision, nil, []Failure{{spoken.Engine, spoken.Trouble, len(rows)}}); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	return s.ended(ctx, d.ID)
}

// ask is what the engines are asked for rows of the translation.
func (s *Service) ask(ctx context.Context, w Work, rows []Row) (engine.Draft, error) {
	ask := engine.Draft{Pair: engine.Pair{From: w.From, To: w.To}, Context: w.Source.Doc.Plain()}
	var text strings.Builder
	for _, r := range rows {
		ask.Segments = append(ask.Segments, engine.Segment{Address: r.Address, Text: r.Source})
		text.WriteString(r.Source.Plain() + "\n")
	}
	if s.help.Register == nil {
		return ask, nil
	}
	var err error
	ask.Terms, err = s.help.Register.Terms(ctx, s.db.Read(), w.From, w.To, text.String())
	return ask, err
}

// piece is a text that is put in.
type piece struct {
	address document.Address
	origin  Origin
}

// remembered puts in what the memory has for exactly these segments.
func (s *Service) remembered(ctx context.Context, d Drafting, w Work) error {
	var ask []engine.Segment
	for _, r := range open(w.Rows, d.Wanted) {
		ask = append(ask, engine.Segment{Address: r.Address, Text: r.Source})
	}
	if len(ask) == 0 {
		return nil
	}
	found, err := s.help.Memory.Insert(ctx, s.db.Read(), w.Edition, w.From, ask)
	if err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	var pieces []piece
	for _, seg := range ask {
		if o, ok := found[seg.Address]; ok && (o.Source == OwnSegment || o.Source == SameStory) && len(o.Text) > 0 {
			pieces = append(pieces, piece{seg.Address, o})
		}
	}
	return s.write(ctx, d, w.Edition.Story, w.Source.Revision, pieces, nil)
}

// answered writes what engines answered: what one engine wrote is one revision.
func (s *Service) answered(ctx context.Context, d Drafting, w Work, done []engine.Drafted) error {
	var order []string
	by := map[string][]piece{}
	var failed []Failure
	for _, x := range done {
		for _, f := range x.Failed {
			failed = append(failed, Failure{f.Engine, f.Trouble, 1})
		}
		if len(x.Text) == 0 {
			if len(x.Failed) == 0 {
				failed = append(failed, Failure{x.Engine, x.Trouble, 1})
			}
			continue
		}
		if _, ok := by[x.Engine]; !ok {
			order = append(order, x.Engine)
		}
		text, err := s.spelt(ctx, w, x.Address, x.Text)
		if err != nil {
			return err
		}
		by[x.Engine] = append(by[x.Engine], piece{x.Address, Origin{
			Source: FromEngine, Engine: x.Engine, Model: x.Model, Through: x.Through, Text: text,
		}})
	}
	for _, name := range order {
		if err := s.write(ctx, d, w.Edition.Story, w.Source.Revision, by[name], nil); err != nil {
			return err
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return s.write(ctx, d, w.Edition.Story, w.Source.Revision, nil, failed)
}

// write puts pieces, all of one hand, into the edition, where there still is no text, and notes how
// far the drafting is.
func (s *Service) write(ctx context.Context, d Drafting, st story.ID, sourceRev int64, pieces []piece, failed []Failure) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		// Before the look, so that nobody saves between it and what is written.
		if err := s.editions.Stories().Touch(ctx, tx, st); err != nil {
			return err
		}
		now, err := draftingByID(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if !now.Open() {
			return errEnded
		}
		w, err := s.Work(ctx, tx, d.Edition)
		if err != nil {
			return err
		}
		if err := s.put(ctx, tx, w, sourceRev, pieces); err != nil {
			return err
		}
		if w, err = s.Work(ctx, tx, d.Edition); err != nil {
			return err
		}
		now.Failures = add(now.Failures, failed)
		now.Done = max(0, now.Total-len(open(w.Rows, now.Wanted)))
		ok, err := note(ctx, tx, now)
		if err == nil && !ok {
			err = errEnded
		}
		return err
	})
}

// put makes a revision of the edition with the pieces in it, of those segments that are missing.
func (s *Service) put(ctx context.Context, tx *db.Tx, w Work, sourceRev int64, pieces []piece) error {
	missing := map[document.Address]bool{}
	for _, r := range w.Rows {
		missing[r.Address] = r.State == Missing
	}
	doc := w.Edition.Doc
	var in []piece
	for _, p := range pieces {
		if !missing[p.address] {
			continue
		}
		next, err := put(w.Source.Doc, doc, p.address, p.origin.Text)
		if err != nil {
			continue // the original has lost the place meanwhile
		}
		doc, in = next, append(in, p)
	}
	if len(in) == 0 {
		return nil
	}
	saved, err := s.editions.SaveTx(ctx, tx, hand(in[0].origin), edition.Save{Edition: w.Edition.ID, Base: w.Edition.Revision, Doc: doc})
	if err != nil {
		return err
	}
	for _, p := range in {
		id, err := putDraft(ctx, tx, Draft{
			Edition: w.Edition.ID, Address: p.address, SourceRev: sourceRev, From: w.From, To: w.To, Origin: p.origin, Placed: true,
		})
		if err != nil {
			return err
		}
		u := unit{SourceRev: sourceRev, TargetRev: saved.Edition.Revision, Answer: AnswerEdited, Draft: id, ByID: hand(p.origin).ID, At: tx.Now()}
		if p.origin.Source == FromEngine {
			u.Answer = answerMachine
		}
		if err := putUnit(ctx, tx, w.Edition.ID, w.Source.ID, p.address, u); err != nil {
			return err
		}
	}
	return s.remake(ctx, tx, hand(in[0].origin), saved.Edition)
}

// hand is the actor of what is put in unasked: an engine under its name, or the memory.
func hand(o Origin) actor.Actor {
	if o.Source != FromEngine {
		return actor.System("memory")
	}
	a := actor.System("engine")
	if o.Engine != "" { // else the text needed no translation
		a.Name = o.Engine
	}
	return a
}

// add joins failures by engine and trouble.
func add(list, more []Failure) []Failure {
	for _, f := range more {
		found := false
		for i := range list {
			if list[i].Engine == f.Engine && list[i].Trouble == f.Trouble {
				list[i].N, found = list[i].N+f.N, true
			}
		}
		if !found {
			list = append(list, f)
		}
	}
	return list
}

// forget lets go of the engines' answers.
func (s *Service) forget(ctx context.Context, tx *db.Tx, key string) error {
	if s.help.Engines == nil {
		return nil
	}
	return s.help.Engines.Forget(ctx, tx, key)
}

// spelt is what an engine made of a row's source, in the house's spelling.
func (s *Service) spelt(ctx context.Context, w Work, addr document.Address, text document.Inline) (document.Inline, error) {
	text = text.Normal()
	if s.help.Register == nil {
		return text, nil
	}
	seg, _ := w.Source.Doc.Segment(addr)
	out, err := s.help.Register.Enforce(ctx, s.db.Read(), w.From, w.To, seg.Text.Plain(), text)
	return out.Normal(), err
}

// ended closes a drafting that was carried out. It failed if nothing could be filled.
func (s *Service) ended(ctx context.Context, id DraftingID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := draftingByID(ctx, tx, id)
		if err != nil || !d.Open() {
			return err
		}
		w, err := s.Work(ctx, tx, d.Edition)
		if err != nil {
			return err
		}
		left := len(open(w.Rows, d.Wanted))
		d.Done = max(0, d.Total-left)
		if _, err := note(ctx, tx, d); err != nil {
			return err
		}
		state := Done
		if left > 0 && d.Done == 0 {
			state = Failed
		}
		if _, err := end(ctx, tx, d, state); err != nil {
			return err
		}
		if err := s.forget(ctx, tx, string(d.ID)); err != nil {
			return err
		}
		return s.tell(ctx, tx, w.Edition)
	})
}
