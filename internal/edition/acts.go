package edition

import (
	"context"
	"fmt"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Happened is what an edition.… event says.
type Happened struct {
	Story   story.ID `json:"story"`
	Edition ID       `json:"edition"`
	Lang    lang.Tag `json:"lang"`
	Number  int64    `json:"number"`
}

// Tell appends an event about the edition. Its kinds here are edition.saved, edition.state and
// edition.discarded; release tells the others.
func Tell(ctx context.Context, tx *db.Tx, kind string, st story.Story, e Edition) error {
	return events.Append(ctx, tx, kind, "edition:"+string(e.ID),
		Happened{Story: st.ID, Edition: e.ID, Lang: e.Lang, Number: st.Number})
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, a actor.Actor, act, kind string, st story.Story, e Edition, detail any) error {
	err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: "edition:" + string(e.ID), Detail: detail})
	if err != nil {
		return err
	}
	return Tell(ctx, tx, kind, st, e)
}

// SendToReview hands the edition to an editor. Who may write it may send it.
func (s *Service) SendToReview(ctx context.Context, a actor.Actor, id ID, version int64) (Edition, error) {
	return s.move(ctx, a, id, version, ActReview, "", nil)
}

// Approve says that the edition may go out as it is.
func (s *Service) Approve(ctx context.Context, a actor.Actor, id ID, version int64) (Edition, error) {
	return s.move(ctx, a, id, version, ActApprove, "", nil)
}

// ApproveTx is Approve within an act of another room.
func (s *Service) ApproveTx(ctx context.Context, tx *db.Tx, a actor.Actor, id ID, version int64) (Edition, error) {
	return s.moveTx(ctx, tx, a, id, version, ActApprove, "", nil)
}

// MoveTx does one of this room's acts on an edition within an act of another room, guarded by version.
func (s *Service) MoveTx(ctx context.Context, tx *db.Tx, a actor.Actor, id ID, version int64, act Act) (Edition, error) {
	return s.moveTx(ctx, tx, a, id, version, act, "", nil)
}

// BackToDraft returns the edition to its writer. The writer may take it back out of review, too.
func (s *Service) BackToDraft(ctx context.Context, a actor.Actor, id ID, version int64, why string) (Edition, error) {
	return s.move(ctx, a, id, version, ActDraft, why, nil)
}

// SaveCredit stores what readers are told of the translator. While the edition is out, or waits to go
// out, that takes the right to publish.
func (s *Service) SaveCredit(ctx context.Context, a actor.Actor, id ID, version int64, translator string) (Edition, error) {
	translator = strings.TrimSpace(translator)
	if len(translator) > maxWhy {
		return Edition{}, problem.New(problem.Invalid, "problem.too_long", "n", maxWhy)
	}
	return s.move(ctx, a, id, version, "", "", func(e *Edition) { e.Translator = translator })
}

// MarkChecked notes who has checked a translation's newest revision against its source, guarded by
// version, and with it which revision of the source that was and what was set aside; translate does it
// as the end of a review.
func (s *Service) MarkChecked(ctx context.Context, tx *db.Tx, a actor.Actor, e Edition, sourceRev int64, aside []Aside) (Edition, error) {
	st, err := s.stories.ByID(ctx, tx, e.Story)
	if err != nil {
		return Edition{}, err
	}
	if e.Made == MadeOriginal {
		return Edition{}, problem.New(problem.Invalid, "problem.not_a_translation")
	}
	if err := s.stories.Touch(ctx, tx, st.ID); err != nil {
		return Edition{}, err
	}
	if e, err = updateState(ctx, tx, e); err != nil {
		return Edition{}, err
	}
	if e, err = checked(ctx, tx, a, e, sourceRev, aside); err != nil {
		return Edition{}, err
	}
	return e, s.tell(ctx, tx, a, "edition.checked", "edition.state", st, e, map[string]any{"revision": e.Revision, "source_rev": sourceRev, "aside": aside})
}

// Vouch notes that a approved the newest revision of a translation that was checked in an earlier
// one: it stays checked, by the one who let stand what changed since (docs/decisions/0107). A
// translation that nobody ever checked isn't by being approved, nor is what an engine wrote since.
func (s *Service) Vouch(ctx context.Context, tx *db.Tx, a actor.Actor, e Edition) (Edition, error) {
	if e.Check.Revision == 0 || e.Check.Revision == e.Revision {
		return e, nil
	}
	if s.watcher != nil {
		if unread, err := s.watcher.Unread(ctx, tx, e); err != nil || unread {
			return e, err
		}
	}
	return checked(ctx, tx, a, e, 0, nil)
}

// Remake notes how the text came to be and who readers are told translated it, guarded by e.Version.
// Translate does it, for what isn't out.
func (s *Service) Remake(ctx context.Context, tx *db.Tx, e Edition, made Made, translator string) (Edition, error) {
	e.Made, e.Translator = made, translator
	return updateState(ctx, tx, e)
}

// move does an act of this room, guarded by version; an empty act changes no state.
func (s *Service) move(ctx context.Context, a actor.Actor, id ID, version int64, act Act, why string, change func(*Edition)) (Edition, error) {
	var out Edition
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.moveTx(ctx, tx, a, id, version, act, why, change)
		return err
	})
	if err != nil {
		return Edition{}, fmt.Errorf("%s edition %s: %w", act, id, err)
	}
	return out, nil
}

func (s *Service) moveTx(ctx context.Context, tx *db.Tx, a actor.Actor, id ID, version int64, act Act, why string, change func(*Edition)) (Edition, error) {
	e, err := s.ByID(ctx, tx, id)
	if err != nil {
		return Edition{}, err
	}
	st, err := s.stories.ByID(ctx, tx, e.Story)
	if err != nil {
		return Edition{}, err
	}
	if err := s.mayMove(ctx, tx, a, st, e, act); err != nil {
		return Edition{}, err
	}
	if e.Version != version {
		return Edition{}, errChanged(e)
	}
	name := "edition.credit"
	if act != "" {
		name = "edition." + string(act)
		if e.State, err = Next(e.State, act); err != nil {
			return Edition{}, err
		}
	}
	if change != nil {
		change(&e)
	}
	if err := s.stories.Touch(ctx, tx, st.ID); err != nil {
		return Edition{}, err
	}
	out, err := updateState(ctx, tx, e)
	if err != nil {
		return Edition{}, err
	}
	if act == ActApprove {
		if out, err = s.Vouch(ctx, tx, a, out); err != nil {
			return Edition{}, err
		}
	}
	return out, s.tell(ctx, tx, a, name, "edition.state", st, out, map[string]any{"why": shortWhy(why), "revision": e.Revision})
}

func (s *Service) mayMove(ctx context.Context, q db.Conn, a actor.Actor, st story.Story, e Edition, act Act) error {
	if act == ActApprove || act == ActDraft && e.State == Approved {
		return s.may(ctx, q, a, st, e.Lang, actor.Review)
	}
	if act == "" && (e.Out() || e.State == Scheduled) {
		// Readers see a credit at once, or at its hour.
		return s.may(ctx, q, a, st, e.Lang, actor.Publish)
	}
	if act == ActDraft {
		if err := s.may(ctx, q, a, st, e.Lang, actor.Review); err == nil {
			return nil
		}
	}
	return s.mayWrite(ctx, q, a, st, e.Lang)
}

// May refuses with problem.Forbidden if a may not do act to an edition of the story in the language.
func (s *Service) May(ctx context.Context, q db.Conn, a actor.Actor, st story.Story, l lang.Tag, act actor.Act) error {
	return s.may(ctx, q, a, st, l, act)
}

// GoOut makes revision the one that readers see, as act says (publish, minor, update, correct), and
// writes the card; the row is guarded by e.Version. Release does it, after its checks.
func (s *Service) GoOut(ctx context.Context, tx *db.Tx, st story.Story, e Edition, revision int64, act Act, at time.Time) (Edition, error) {
	doc := e.Doc
	var err error
	if revision != e.Revision {
		if doc, err = s.RevisionDoc(ctx, tx, e.ID, revision); err != nil {
			return Edition{}, err
		}
	}
	if e.State, err = Next(e.State, act); err != nil {
		return Edition{}, err
	}
	if act == ActCorrect {
		e.Slug = "" // an address mustn't go on saying what the correction takes back
	}
	e.Slug = slugFor(e, doc)
	e.PublishedRev = revision
	switch act {
	case ActPublish:
		if e.FirstPublished == nil {
			e.FirstPublished = &at
		}
		e.Published, e.Updated, e.Scheduled, e.Withdrawn, e.WithdrawnWhy = &at, nil, nil, nil, ""
	case ActUpdate, ActCorrect:
		e.Updated = &at
	}
	if e, err = updateState(ctx, tx, e); err != nil {
		return Edition{}, err
	}
	return e, s.putCard(ctx, tx, st, e, doc)
}

// slugFor keeps the slug that an edition went out with, unless its writer chose another: the number
// is what leads to the story, but what people have copied should look the same tomorrow. A correction
// makes it anew; the old one leads to the new one, since the number does.
func slugFor(e Edition, doc document.Doc) string {
	switch {
	case doc.Slug != "":
		return doc.Slug
	case e.Slug != "":
		return e.Slug
	}
	if slug := e.Lang.Slug(doc.Headline, 0); slug != "" {
		return slug
	}
	return "story"
}

// Wait notes that the edition goes out at the time.
func (s *Service) Wait(ctx context.Context, tx *db.Tx, e Edition, at time.Time) (Edition, error) {
	var err error
	if e.State, err = Next(e.State, ActSchedule); err != nil {
		return Edition{}, err
	}
	e.Scheduled = &at
	return updateState(ctx, tx, e)
}

// WaitNoMore takes back [Service.Wait]: ActUnschedule keeps what was approved, ActWithdraw sends it
// back to review.
func (s *Service) WaitNoMore(ctx context.Context, tx *db.Tx, e Edition, act Act) (Edition, error) {
	var err error
	if e.State, err = Next(e.State, act); err != nil {
		return Edition{}, err
	}
	e.Scheduled = nil
	return updateState(ctx, tx, e)
}

// TakeBack withdraws an edition that is out: no reader sees it, its address tells when and why.
func (s *Service) TakeBack(ctx context.Context, tx *db.Tx, e Edition, why string) (Edition, error) {
	var err error
	if e.State, err = Next(e.State, ActWithdraw); err != nil {
		return Edition{}, err
	}
	at := tx.Now()
	e.PublishedRev, e.Withdrawn, e.WithdrawnWhy = 0, &at, why
	if e, err = updateState(ctx, tx, e); err != nil {
		return Edition{}, err
	}
	if s.lines != nil {
		if err := s.lines.EntryGone(ctx, tx, e); err != nil {
			return Edition{}, err
		}
	}
	return e, s.DropCard(ctx, tx, e.ID)
}
