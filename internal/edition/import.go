package edition

import (
	"context"
	"fmt"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Imported is an edition as another system had it.
type Imported struct {
	Story      story.ID
	Lang       lang.Tag
	Doc        document.Doc
	Translator string
	Made       Made       // "" means original in the story's original language, else human
	Published  *time.Time // nil: a draft; else it goes out as of then, without a checklist
	Updated    *time.Time
	Why        string // where it came from, kept in the revision
	// Begun is the story if it was made in this act: it has no edition yet, and nobody is asked.
	Begun *story.Story
}

// Import stores an edition from another system. Where the story has one in that language already,
// it gets a new revision, none if nothing is new; but if a person has written in it since, or it was
// withdrawn, nothing changes and fresh is false.
func (s *Service) Import(ctx context.Context, tx *db.Tx, a actor.Actor, in Imported) (e Edition, fresh bool, err error) {
	var st story.Story
	if in.Begun != nil {
		st = *in.Begun
	} else if st, err = s.stories.ByID(ctx, tx, in.Story); err != nil {
		return Edition{}, false, fmt.Errorf("story %s: %w", in.Story, err)
	}
	doc := in.Doc.Normal()
	if err := document.Validate(doc); err != nil {
		return Edition{}, false, err
	}
	first := in.Begun != nil
	if !first {
		e, err = s.ByLanguage(ctx, tx, st.ID, in.Lang)
		first = problem.Is(err, problem.NotFound)
	}
	switch {
	case first:
		e, err = s.importNew(ctx, tx, a, st, in, doc)
		fresh = true
	case err == nil:
		e, fresh, err = s.importAgain(ctx, tx, a, e, in, doc)
	}
	if err != nil {
		return Edition{}, false, fmt.Errorf("import %s edition of story %d: %w", in.Lang, st.Number, err)
	}
	if !fresh {
		return e, false, nil
	}
	kind := "edition.saved"
	if in.Published != nil {
		kind = "edition.published"
		if err = s.importOut(ctx, tx, st, &e, in); err != nil {
			return Edition{}, false, fmt.Errorf("import %s edition of story %d: %w", in.Lang, st.Number, err)
		}
	}
	err = audit.Record(ctx, tx, audit.Entry{
		Actor: a.ID, Act: "edition.import", Subject: "edition:" + string(e.ID),
		Detail: map[string]any{"revision": e.Revision, "why": in.Why},
	})
	if err != nil {
		return Edition{}, false, err
	}
	return e, true, Tell(ctx, tx, kind, st, e)
}

func (s *Service) importNew(ctx context.Context, tx *db.Tx, a actor.Actor, st story.Story, in Imported, doc document.Doc) (Edition, error) {
	if l, err := lang.Parse(string(in.Lang)); err != nil || l != in.Lang {
		return Edition{}, problem.New(problem.Invalid, "problem.language", "lang", string(in.Lang))
	}
	made := in.Made
	if made == "" {
		made = MadeHuman
		if in.Lang == st.OriginalLang {
			made = MadeOriginal
		}
	}
	e := Edition{Story: st.ID, Lang: in.Lang, State: Draft, Made: made, Translator: in.Translator}
	if in.Published != nil {
		e = goneOut(e, doc, 1, in)
	}
	e, _, err := s.begin(ctx, tx, a, e, doc, RevImport, in.Why)
	return e, err
}

func (s *Service) importAgain(ctx context.Context, tx *db.Tx, a actor.Actor, e Edition, in Imported, doc document.Doc) (Edition, bool, error) {
	kind, _, err := lastBy(ctx, tx, e)
	if err != nil || kind != RevImport || e.State == Withdrawn {
		return e, false, err
	}
	out, ok, err := s.write(ctx, tx, a, e, change{doc: doc, kind: RevImport, parent: e.Revision}, in.Why)
	if err == nil && !ok {
		err = errChanged(e)
	}
	if err != nil {
		return Edition{}, false, err
	}
	return out.Edition, out.Fresh, nil
}

// goneOut is e as it is when its revision is what readers see, with the dates it had.
func goneOut(e Edition, doc document.Doc, revision int64, in Imported) Edition {
	at := in.Published.UTC()
	e.State, e.PublishedRev, e.Slug = Published, revision, slugFor(e, doc)
	e.FirstPublished, e.Published, e.Updated, e.Scheduled = &at, &at, in.Updated, nil
	return e
}

// importOut has the imported revision be what readers see, if it isn't from the start, and writes
// its card.
func (s *Service) importOut(ctx context.Context, tx *db.Tx, st story.Story, e *Edition, in Imported) error {
	if e.Revision == 1 && e.PublishedRev == 1 {
		return s.firstCard(ctx, tx, st, *e, e.Doc)
	}
	next, err := updateState(ctx, tx, goneOut(*e, e.Doc, e.Revision, in))
	if err != nil {
		return err
	}
	*e = next
	return s.putCard(ctx, tx, st, next, next.Doc)
}
