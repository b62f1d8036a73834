package release

import (
	"context"
	"fmt"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/jobs"
	"depesche/internal/placard"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Act does what cmd says with all of the chosen editions, or nothing.
//
// It refuses with problem.Forbidden if the actor may not do it in one of the languages, with
// problem.Conflict if an edition has changed since the actor saw it or its state doesn't allow it,
// with problem.Invalid (fields at, why.<lang>, text.<lang>, reason) if something is missing, and with
// a [*HeldError] if the checklist holds it. What goes out is exactly the revision that was checked.
// Readers see the result within a second, on every node.
func (s *Service) Act(ctx context.Context, a actor.Actor, cmd Command) (Release, error) {
	var out Release
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.ActTx(ctx, tx, a, cmd)
		return err
	})
	return out, err
}

// ActTx is Act within an act of another room.
func (s *Service) ActTx(ctx context.Context, tx *db.Tx, a actor.Actor, cmd Command) (Release, error) {
	out, err := s.act(ctx, tx, a, cmd)
	if err != nil {
		return Release{}, fmt.Errorf("%s editions of story %s: %w", cmd.Act, cmd.Story, err)
	}
	return out, nil
}

func (s *Service) act(ctx context.Context, tx *db.Tx, a actor.Actor, cmd Command) (Release, error) {
	if err := s.stories.Touch(ctx, tx, cmd.Story); err != nil {
		return Release{}, err
	}
	b, err := s.load(ctx, tx, cmd.Story)
	if err != nil {
		return Release{}, err
	}
	p, err := begin(b, cmd)
	if err != nil {
		return Release{}, err
	}
	if err := s.allowed(ctx, tx, a, p); err != nil {
		return Release{}, err
	}
	if p, err = p.decide(tx.Now()); err != nil {
		return Release{}, err
	}
	if p, err = s.pass(ctx, tx, p); err != nil {
		return Release{}, err
	}
	return s.carryOut(ctx, tx, a, p)
}

// allowed asks for every right that the act needs in every language.
func (s *Service) allowed(ctx context.Context, q db.Conn, a actor.Actor, p plan) error {
	for _, e := range p.chosen {
		for _, right := range p.rights(e) {
			if err := s.editions.May(ctx, q, a, p.story, e.Lang, right); err != nil {
				return err
			}
		}
	}
	return nil
}

// pass holds the act if its checklist does, and leaves it the overrides that were needed.
func (s *Service) pass(ctx context.Context, tx *db.Tx, p plan) (plan, error) {
	if !p.checked() {
		p.cmd.Override = nil
		return p, nil
	}
	var err error
	if p.cmd.Act == Correct {
		if p.batch, err = s.correcting(ctx, tx, p.batch, p.chosen); err != nil {
			return plan{}, err
		}
	}
	if p.list, err = s.checklist(ctx, tx, p.batch, p.chosen); err != nil {
		return plan{}, err
	}
	if held := open(p.holdBack().list, p.cmd.Override); len(held) > 0 {
		return plan{}, &HeldError{Checklist: p.list, Open: held}
	}
	p = p.holdBack()
	for _, e := range p.chosen {
		if err := p.news(e); err != nil {
			return plan{}, err
		}
	}
	if err := p.told(); err != nil {
		return plan{}, err
	}
	p.cmd.Override = used(p.list, p.cmd.Override)
	return p, nil
}

func (s *Service) carryOut(ctx context.Context, tx *db.Tx, a actor.Actor, p plan) (Release, error) {
	now := tx.Now()
	r := Release{
		ID: ID(id.New(now)), Story: p.story.ID, Act: p.cmd.Act, Why: p.note, ByID: a.ID, ByName: a.Name, Created: now, Done: &now,
	}
	if p.cmd.Act == Schedule {
		r.Due, r.Done = &p.at, nil
	}
	for _, e := range p.chosen {
		c, _ := p.list.Of(e.ID)
		r.Editions = append(r.Editions, Part{e.ID, e.Lang, e.Revision, c.SourceRev})
	}
	r.Held = p.held
	for _, o := range p.cmd.Override {
		r.Overrides = append(r.Overrides, Overridden{o, a.ID, a.Name})
	}
	if err := insert(ctx, tx, r); err != nil {
		return Release{}, err
	}
	for _, e := range p.chosen {
		if err := s.turn(ctx, tx, a, p, e); err != nil {
			return Release{}, fmt.Errorf("%s edition: %w", e.Lang, err)
		}
	}
	for _, e := range p.calledOff {
		if err := s.callOff(ctx, tx, p.story, e, edition.ActWithdraw); err != nil {
			return Release{}, fmt.Errorf("%s edition: %w", e.Lang, err)
		}
	}
	if err := cancelEmpty(ctx, tx, p.story.ID); err != nil {
		return Release{}, err
	}
	switch p.cmd.Act {
	case Schedule:
		if err := jobs.Enqueue(ctx, tx, Due{Release: r.ID}, jobs.At(p.at)); err != nil {
			return Release{}, err
		}
	case Correct:
		if err := s.correct(ctx, tx, a, p, r.ID); err != nil {
			return Release{}, err
		}
	}
	if act := p.cmd.Act; act == Minor || act == Update || act == Correct {
		if err := s.corrections.Settle(ctx, tx, a, p.story.ID, p.cmd.Reports); err != nil {
			return Release{}, err
		}
	}
	return r, s.tell(ctx, tx, a, p, r)
}

// turn does the act to one edition and tells of it.
func (s *Service) turn(ctx context.Context, tx *db.Tx, a actor.Actor, p plan, e edition.Edition) error {
	var err error
	if c, ok := p.list.Of(e.ID); ok {
		if e, err = s.editions.Vouch(ctx, tx, a, e); err != nil {
			return err
		}
		e.Made = c.Made
	}
	kind := "edition.published"
	switch p.cmd.Act {
	case Schedule:
		kind = "edition.scheduled"
		e, err = s.editions.Wait(ctx, tx, e, p.at)
	case Unschedule:
		return s.unschedule(ctx, tx, p.story, e)
	case Withdraw:
		if e.State == edition.Scheduled {
			return s.callOff(ctx, tx, p.story, e, edition.ActWithdraw)
		}
		kind = "edition.withdrawn"
		e, err = s.editions.TakeBack(ctx, tx, e, p.cmd.Why[e.Lang])
	case Minor, Update:
		kind = "edition.updated"
		e, err = s.editions.GoOut(ctx, tx, p.story, e, e.Revision, edition.Act(p.cmd.Act), tx.Now())
	case Correct:
		kind = "edition.corrected"
		e, err = s.editions.GoOut(ctx, tx, p.story, e, e.Revision, edition.ActCorrect, tx.Now())
	default:
		e, err = s.editions.GoOut(ctx, tx, p.story, e, e.Revision, edition.Act(p.cmd.Act), tx.Now())
	}
	if err != nil {
		return err
	}
	if p.cmd.Act != Schedule && p.cmd.Act != Withdraw {
		if err := s.wentOut(ctx, tx, p.story, e, e.Doc, e.Revision); err != nil {
			return err
		}
	}
	return edition.Tell(ctx, tx, kind, p.story, e)
}

// wentOut does what follows when readers see a revision that they didn't see before.
func (s *Service) wentOut(ctx context.Context, tx *db.Tx, st story.Story, e edition.Edition, doc document.Doc, revision int64) error {
	if err := s.translate.WentOut(ctx, tx, e, doc, revision); err != nil {
		return err
	}
	return placard.Want(ctx, tx, st.Number, e.Lang)
}

// unschedule takes an edition back to approved; if it was written in since it was scheduled, to
// review: what was approved isn't what stands there now.
func (s *Service) unschedule(ctx context.Context, tx *db.Tx, st story.Story, e edition.Edition) error {
	chosen, err := waitsIn(ctx, tx, e)
	if err != nil {
		return err
	}
	if chosen != e.Revision {
		return s.callOff(ctx, tx, st, e, edition.ActWithdraw)
	}
	return s.callOff(ctx, tx, st, e, edition.ActUnschedule)
}

func (s *Service) callOff(ctx context.Context, tx *db.Tx, st story.Story, e edition.Edition, act edition.Act) error {
	e, err := s.editions.WaitNoMore(ctx, tx, e, act)
	if err != nil {
		return err
	}
	return edition.Tell(ctx, tx, "edition.scheduled", st, e)
}

func (s *Service) correct(ctx context.Context, tx *db.Tx, a actor.Actor, p plan, r ID) error {
	n := correction.Note{Story: p.story.ID, Of: p.cmd.Correct.Of, Release: string(r), Prominent: p.cmd.Correct.Prominent}
	for _, e := range p.chosen {
		n.Texts = append(n.Texts, correction.Text{Edition: e.ID, Lang: e.Lang, Text: p.cmd.Correct.Texts[e.Lang]})
	}
	if _, err := s.corrections.Record(ctx, tx, a, n); err != nil {
		return err
	}
	for _, e := range p.chosen {
		if e.Lang == p.story.OriginalLang {
			from, err := wrong(ctx, tx, e, r)
			if err != nil {
				return err
			}
			return s.translate.Corrected(ctx, tx, a, e.ID, from, e.Revision, string(r))
		}
	}
	return nil
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, a actor.Actor, p plan, r Release) error {
	detail := map[string]any{"release": r.ID, "editions": r.Editions}
	if len(r.Overrides) > 0 {
		detail["overrides"] = r.Overrides
	}
	if len(r.Held) > 0 {
		detail["held"] = r.Held
	}
	if r.Due != nil {
		detail["due"] = r.Due.Format(time.RFC3339)
	}
	if len(p.cmd.Why) > 0 {
		detail["why"] = p.cmd.Why
	}
	return audit.Record(ctx, tx, audit.Entry{
		Actor: a.ID, Act: "release." + string(r.Act), Subject: "story:" + string(p.story.ID), Detail: detail,
	})
}

// known returns which of the stories exist.
func known(ctx context.Context, q db.Conn, ids []story.ID) (map[string]bool, error) {
	out := map[string]bool{}
	found, err := story.Known(ctx, q, ids)
	for _, id := range found {
		out[string(id)] = true
	}
	return out, err
}

// errNothing is for an act on no edition at all.
var errNothing = problem.New(problem.Invalid, "problem.no_edition_chosen")
