package edition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// races is how often a save starts anew because others saved in between. Each round somebody
// else's save has succeeded, so it is enough for any newsroom.
const races = 20

// maxWhy is the longest reason, in bytes; longer ones are cut.
const maxWhy = 500

// Create begins the story's edition in the language: empty if it is the story's original language,
// else the skeleton of the original's newest revision, its blocks with the same IDs and without
// words. A second one in the same language is problem.Conflict.
func (s *Service) Create(ctx context.Context, a actor.Actor, st story.ID, l lang.Tag) (Edition, error) {
	var e Edition
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		e, err = s.CreateTx(ctx, tx, a, st, l)
		return err
	})
	return e, err
}

// CreateTx is Create within an act of another room.
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx, a actor.Actor, in story.ID, l lang.Tag) (Edition, error) {
	st, err := s.stories.ByID(ctx, tx, in)
	if err != nil {
		return Edition{}, fmt.Errorf("story %s: %w", in, err)
	}
	if tag, err := lang.Parse(string(l)); err != nil || tag != l {
		return Edition{}, problem.New(problem.Invalid, "problem.language", "lang", string(l))
	}
	if err := s.mayWrite(ctx, tx, a, st, l); err != nil {
		return Edition{}, err
	}
	doc, made, translator := document.Doc{}, MadeOriginal, ""
	if l != st.OriginalLang {
		original, err := s.Original(ctx, tx, st.ID)
		if problem.Is(err, problem.NotFound) {
			err = problem.Wrap(problem.Conflict, "problem.no_original", err)
		}
		if err != nil {
			return Edition{}, fmt.Errorf("original of story %d: %w", st.Number, err)
		}
		doc, made, translator = document.Skeleton(original.Doc), MadeHuman, a.Name
	}
	if err := s.stories.Touch(ctx, tx, st.ID); err != nil {
		return Edition{}, err
	}
	e := Edition{Story: st.ID, Lang: l, State: Draft, Made: made, Translator: translator}
	e, _, err = s.begin(ctx, tx, a, e, doc, RevSave, "")
	if err != nil {
		return Edition{}, fmt.Errorf("%s edition of story %d: %w", l, st.Number, err)
	}
	return e, s.tell(ctx, tx, a, "edition.create", "edition.saved", st, e, nil)
}

// begin inserts an edition with its first revision.
func (s *Service) begin(ctx context.Context, tx *db.Tx, a actor.Actor, e Edition, doc document.Doc, kind RevisionKind, why string) (Edition, Revision, error) {
	doc = doc.Normal()
	body, err := doc.Encode()
	if err != nil {
		return Edition{}, Revision{}, err
	}
	now := tx.Now()
	e.ID, e.Version, e.Revision, e.Headline, e.Doc, e.Saved = ID(id.New(now)), 1, 1, doc.Headline, doc, now
	if err := insert(ctx, tx, e, body); err != nil {
		if problem.Is(err, problem.Conflict) {
			err = problem.Wrap(problem.Conflict, "problem.edition_exists", err)
		}
		return Edition{}, Revision{}, err
	}
	rev := Revision{Edition: e.ID, Number: 1, Kind: kind, ByID: a.ID, ByName: a.Name, Why: shortWhy(why), At: now}
	return e, rev, insertRevision(ctx, tx, rev, body)
}

// Save stores what an editor wrote, as a new revision. What others saved since in.Base is joined
// block by block; where both changed the same block, nothing is stored and the error is a
// [*ClashError] with both texts. What equals the newest revision makes no new one. A document that
// isn't well built is refused as problem.Invalid.
func (s *Service) Save(ctx context.Context, a actor.Actor, in Save) (Saved, error) {
	var out Saved
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.SaveTx(ctx, tx, a, in)
		return err
	})
	return out, err
}

// SaveTx is Save within an act of another room.
func (s *Service) SaveTx(ctx context.Context, tx *db.Tx, a actor.Actor, in Save) (Saved, error) {
	out, err := s.store(ctx, tx, a, in, func(e Edition) (change, error) {
		return s.join(ctx, tx, e, in)
	})
	if err != nil {
		return Saved{}, fmt.Errorf("save edition %s: %w", in.Edition, err)
	}
	return out, nil
}

// Restore makes a new revision with the text of the old one. It starts from the newest, so nothing
// clashes; what stands there now stays in the chain.
func (s *Service) Restore(ctx context.Context, a actor.Actor, id ID, number int64, why string) (Saved, error) {
	var out Saved
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		doc, err := s.RevisionDoc(ctx, tx, id, number)
		if err != nil {
			return err
		}
		out, err = s.store(ctx, tx, a, Save{Edition: id, Why: why}, func(Edition) (change, error) {
			return change{doc: doc, kind: RevRestore, parent: number}, nil
		})
		return err
	})
	if err != nil {
		return Saved{}, fmt.Errorf("restore revision %d of edition %s: %w", number, id, err)
	}
	return out, nil
}

// change is what a save makes of the edition it found.
type change struct {
	doc    document.Doc
	kind   RevisionKind
	parent int64
	merged bool
}

// join decides what a save means for the edition as it stands.
func (s *Service) join(ctx context.Context, q db.Conn, e Edition, in Save) (change, error) {
	mine := in.Doc.Normal()
	if in.Base == e.Revision {
		return change{doc: mine, kind: RevSave, parent: in.Base}, nil
	}
	if in.Base < 1 || in.Base > e.Revision {
		return change{}, problem.New(problem.Invalid, "problem.revision_unknown", "n", in.Base)
	}
	base, err := s.RevisionDoc(ctx, q, e.ID, in.Base)
	if err != nil {
		return change{}, err
	}
	merged, clashes := document.Merge(base, mine, e.Doc)
	if len(clashes) > 0 {
		return change{}, &ClashError{Edition: e, Base: base, Mine: mine, Theirs: e.Doc, Merged: merged, Clashes: clashes}
	}
	return change{doc: merged, kind: RevMerge, parent: in.Base, merged: true}, nil
}

// store reads the edition, has decide say what becomes of it, and writes that as a new revision,
// unless it equals the newest. Where somebody else was quicker it starts anew.
func (s *Service) store(ctx context.Context, tx *db.Tx, a actor.Actor, in Save, decide func(Edition) (change, error)) (Saved, error) {
	if err := document.Validate(in.Doc.Normal()); err != nil {
		return Saved{}, err
	}
	for range races {
		e, st, err := s.forWriting(ctx, tx, a, in.Edition)
		if err != nil {
			return Saved{}, err
		}
		ch, err := decide(e)
		if err != nil {
			return Saved{}, err
		}
		out, ok, err := s.write(ctx, tx, a, e, ch, in.Why)
		if err != nil {
			return Saved{}, err
		}
		if !ok {
			continue
		}
		if !out.Fresh {
			return out, nil
		}
		if s.watcher != nil {
			if err := s.watcher.TextSaved(ctx, tx, a, st, e.Doc, out.Edition); err != nil {
				return Saved{}, err
			}
		}
		detail := map[string]any{"revision": out.Revision.Number, "kind": out.Revision.Kind, "parent": out.Revision.Parent}
		return out, s.tell(ctx, tx, a, "edition.save", "edition.saved", st, out.Edition, detail)
	}
	return Saved{}, problem.New(problem.Unavailable, "problem.database_busy")
}

func (s *Service) write(ctx context.Context, tx *db.Tx, a actor.Actor, old Edition, ch change, why string) (Saved, bool, error) {
	body, err := ch.doc.Encode()
	if err != nil {
		return Saved{}, false, err
	}
	stored, err := old.Doc.Encode()
	if err != nil {
		return Saved{}, false, err
	}
	out := Saved{Edition: old, Merged: ch.merged}
	if bytes.Equal(body, stored) {
		out.Revision, err = s.newest(ctx, tx, old)
		return out, true, err
	}
	e := old
	if e.State, err = Next(old.State, ActSave); err != nil {
		return Saved{}, false, err
	}
	if err := s.stories.Touch(ctx, tx, old.Story); err != nil {
		return Saved{}, false, err
	}
	now := tx.Now()
	e.Version, e.Revision, e.Headline, e.Doc, e.Saved = old.Version+1, old.Revision+1, ch.doc.Headline, ch.doc, now
	if ok, err := updateText(ctx, tx, old, e, body); err != nil || !ok {
		return Saved{}, false, err
	}
	out.Edition, out.Fresh = e, true
	out.Revision = Revision{
		Edition: e.ID, Number: e.Revision, Parent: ch.parent, Kind: ch.kind,
		ByID: a.ID, ByName: a.Name, Why: shortWhy(why), At: now,
	}
	return out, true, insertRevision(ctx, tx, out.Revision, body)
}

func (s *Service) newest(ctx context.Context, q db.Conn, e Edition) (Revision, error) {
	list, err := s.Revisions(ctx, q, e.ID, 0, 1)
	if err != nil || len(list) == 0 {
		return Revision{}, errors.Join(err, fmt.Errorf("revisions of edition %s", e.ID))
	}
	return list[0], nil
}

// forWriting reads an edition and its story and refuses if a may not write in it.
func (s *Service) forWriting(ctx context.Context, q db.Conn, a actor.Actor, id ID) (Edition, story.Story, error) {
	e, err := s.ByID(ctx, q, id)
	if err != nil {
		return Edition{}, story.Story{}, err
	}
	st, err := s.stories.ByID(ctx, q, e.Story)
	if err != nil {
		return Edition{}, story.Story{}, err
	}
	return e, st, s.mayWrite(ctx, q, a, st, e.Lang)
}

// mayWrite refuses if a may neither write the original nor translate, whichever the language asks.
func (s *Service) mayWrite(ctx context.Context, q db.Conn, a actor.Actor, st story.Story, l lang.Tag) error {
	act := actor.Translate
	if l == st.OriginalLang {
		act = actor.Write
	}
	return s.may(ctx, q, a, st, l, act)
}

func (s *Service) may(ctx context.Context, q db.Conn, a actor.Actor, st story.Story, l lang.Tag, act actor.Act) error {
	scope, err := s.stories.Scope(ctx, q, a, st, l)
	if err != nil {
		return err
	}
	if !actor.May(a, act, scope) {
		return problem.New(problem.Forbidden, "problem.may_not", "act", string(act), "lang", string(l))
	}
	return nil
}

// Compare says what changed from one revision to another, block by block and word by word.
func (s *Service) Compare(ctx context.Context, q db.Conn, id ID, from, to int64) ([]document.BlockDiff, error) {
	a, err := s.RevisionDoc(ctx, q, id, from)
	if err != nil {
		return nil, err
	}
	b, err := s.RevisionDoc(ctx, q, id, to)
	if err != nil {
		return nil, err
	}
	return document.Diff(a, b), nil
}

func shortWhy(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if len(s) > maxWhy {
		s = strings.ToValidUTF8(s[:maxWhy], "")
	}
	return s
}

// Error names the edition and says how many blocks are concerned.
func (e *ClashError) Error() string {
	return fmt.Sprintf("edition %s: %d changes clash with revision %d", e.Edition.ID, len(e.Clashes), e.Edition.Revision)
}

// ProblemKind is problem.Conflict.
func (e *ClashError) ProblemKind() problem.Kind { return problem.Conflict }
