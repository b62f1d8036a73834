package translate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Engines draft segments and say who spoke and who failed. What was answered under a key isn't asked
// again under it. each is called as answers come, in no order.
type Engines interface {
	Draft(ctx context.Context, d engine.Draft, each func(ctx context.Context, done []engine.Drafted) error) error
	// Forget throws away what was answered under a key, when it stands in the edition or nobody wants it.
	Forget(ctx context.Context, tx *db.Tx, key string) error
}

// Register has the names and terms that stand in a text.
type Register interface {
	Terms(ctx context.Context, q db.Conn, from, to lang.Tag, text string) ([]engine.Term, error)
	// Enforce puts spellings right in what an engine made of a source, where that is certain.
	Enforce(ctx context.Context, q db.Conn, from, to lang.Tag, source string, text document.Inline) (document.Inline, error)
}

// Memory is what was translated before.
type Memory interface {
	// Insert returns what may be put in unasked for segments of the translation: their own earlier
	// translations and what the same story says in the same words. Never another story's.
	Insert(ctx context.Context, q db.Conn, e edition.Edition, from lang.Tag, segments []engine.Segment) (map[document.Address]Origin, error)
	// Learn is told what a person confirmed, in the act's own transaction; one that differs on purpose,
	// or has no text any more, is forgotten.
	Learn(ctx context.Context, tx *db.Tx, told []Learned) error
}

// Learned is what a person said of a segment.
type Learned struct {
	Story          story.ID
	Edition        edition.ID
	Address        document.Address
	From, To       lang.Tag
	Source, Target document.Inline // Target is empty if there is nothing to be remembered
	SourceRev      int64
	TargetRev      int64
	By             actor.Actor
}

// Helpers are the rooms that translations are made with. Each may be nil.
type Helpers struct {
	Engines  Engines
	Register Register
	Memory   Memory
}

// With gives the room its helpers, before it is used.
func (s *Service) With(h Helpers) { s.help = h }

// DraftingID names a drafting.
type DraftingID string

// DraftingState is how far a drafting is.
type DraftingState string

// The states of a drafting.
const (
	Waiting   DraftingState = "waiting"
	Working   DraftingState = "working"
	Done      DraftingState = "done"   // whatever could be drafted is
	Failed    DraftingState = "failed" // none could
	Cancelled DraftingState = "cancelled"
)

// Drafting is segments of an edition being drafted, or that they were.
type Drafting struct {
	ID          DraftingID
	Edition     edition.ID
	State       DraftingState
	SourceRev   int64              // the original's revision that is drafted from
	Wanted      []document.Address // what was asked for; nil means all that was missing
	Again       bool
	Total, Done int
	Failures    []Failure
	ByID        string
	ByName      string
	Begun       time.Time
	Ended       *time.Time
}

// Failure is an engine that failed, and at how many segments. Without an engine it is the work as a
// whole: no engine speaks these languages, or none was asked.
type Failure struct {
	Engine  string         `json:"engine"`
	Trouble engine.Trouble `json:"trouble"`
	N       int            `json:"n"`
}

// Open reports whether it is under way.
func (d Drafting) Open() bool { return d.Ended == nil }

// CanDraft reports whether there is anything to draft with.
func (s *Service) CanDraft() bool { return s.help.Engines != nil || s.help.Memory != nil }

// Begin makes the story's editions in the languages, where there are none yet, and has all that is
// missing in them drafted, if there is anything to draft with. All of them or none.
func (s *Service) Begin(ctx context.Context, a actor.Actor, id story.ID, langs ...lang.Tag) ([]edition.Edition, error) {
	var out []edition.Edition
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out = nil
		st, err := s.editions.Stories().ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		there, err := s.editions.OfStory(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, l := range langs {
			i := slices.IndexFunc(there, func(e edition.Edition) bool { return e.Lang == l })
			var e edition.Edition
			if i >= 0 {
				e = there[i]
			} else if e, err = s.begin(ctx, tx, a, st, l); err != nil {
				return err
			}
			if s.CanDraft() && l != st.OriginalLang {
				if _, err := s.order(ctx, tx, a, e.ID, nil, false); err != nil {
					return fmt.Errorf("%s: %w", l, err)
				}
			}
			out = append(out, e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("begin editions of story %s: %w", id, err)
	}
	return out, nil
}

// begin makes an edition. One that is drafted names no translator yet: who asked for it hasn't
// written anything.
func (s *Service) begin(ctx context.Context, tx *db.Tx, a actor.Actor, st story.Story, l lang.Tag) (edition.Edition, error) {
	e, err := s.editions.CreateTx(ctx, tx, a, st.ID, l)
	if err != nil || !s.CanDraft() || l == st.OriginalLang {
		return e, err
	}
	return s.editions.Remake(ctx, tx, e, e.Made, "")
}

// Draft has segments of the edition drafted, all if none are named. Only those without text are
// filled, whatever is named. One drafting at a time: if one is open, it is returned, and the last one if
// there is nothing to fill. Again asks the engines anew for what they answered before.
func (s *Service) Draft(ctx context.Context, a actor.Actor, id edition.ID, again bool, addresses ...document.Address) (Drafting, error) {
	var out Drafting
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.order(ctx, tx, a, id, addresses, again)
		return err
	})
	if err != nil {
		return Drafting{}, fmt.Errorf("draft edition %s: %w", id, err)
	}
	return out, nil
}

func (s *Service) order(ctx context.Context, tx *db.Tx, a actor.Actor, id edition.ID, addresses []document.Address, again bool) (Drafting, error) {
	w, err := s.Work(ctx, tx, id)
	if err != nil {
		return Drafting{}, err
	}
	if err := s.mayTranslate(ctx, tx, a, w); err != nil {
		return Drafting{}, err
	}
	// Before the look, so that two who ask at once come one after the other.
	if err := s.editions.Stories().Touch(ctx, tx, w.Edition.Story); err != nil {
		return Drafting{}, err
	}
	last, err := draftings(ctx, tx, []edition.ID{id})
	if err != nil {
		return Drafting{}, err
	}
	if d, ok := last[id]; ok && d.Open() {
		return d, nil
	}
	d := Drafting{Edition: id, State: Waiting, SourceRev: w.Source.Revision, Wanted: addresses, Again: again, ByID: a.ID, ByName: a.Name, Begun: tx.Now()}
	if d.Total = len(open(w.Rows, addresses)); d.Total == 0 {
		return last[id], nil
	}
	if d, err = insertDrafting(ctx, tx, d); err != nil {
		return Drafting{}, err
	}
	if err := jobs.Enqueue(ctx, tx, Fill{d.ID}, jobs.MaxAttempts(30)); err != nil {
		return Drafting{}, err
	}
	err = audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "translate.draft", Subject: "edition:" + string(id), Detail: map[string]any{
		"drafting": d.ID, "source_rev": d.SourceRev, "segments": d.Total,
	}})
	if err != nil {
		return Drafting{}, err
	}
	return d, s.tell(ctx, tx, w.Edition)
}

// open are the rows that are to be filled: those without text, of the wanted ones if any are named.
func open(rows []Row, wanted []document.Address) []Row {
	var out []Row
	for _, r := range rows {
		if r.State == Missing && (len(wanted) == 0 || slices.Contains(wanted, r.Address)) {
			out = append(out, r)
		}
	}
	return out
}

// Drafting returns the newest drafting of each of the editions; those that never were drafted are
// left out.
func (s *Service) Drafting(ctx context.Context, q db.Conn, ids ...edition.ID) (map[edition.ID]Drafting, error) {
	if len(ids) == 0 {
		return map[edition.ID]Drafting{}, nil
	}
	return draftings(ctx, q, ids)
}

// Cancel ends the edition's open drafting. What was filled stays. It is problem.Conflict if none is open.
func (s *Service) Cancel(ctx context.Context, a actor.Actor, id edition.ID) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := s.Work(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayTranslate(ctx, tx, a, w); err != nil {
			return err
		}
		last, err := draftings(ctx, tx, []edition.ID{id})
		if err != nil {
			return err
		}
		d := last[id]
		if ok, err := end(ctx, tx, d, Cancelled); err != nil {
			return err
		} else if !ok {
			return problem.New(problem.Conflict, "problem.nothing_drafted")
		}
		if err := s.forget(ctx, tx, string(d.ID)); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "translate.cancel", Subject: "edition:" + string(id), Detail: map[string]any{"drafting": d.ID}})
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, w.Edition)
	})
	if err != nil {
		return fmt.Errorf("cancel drafting of edition %s: %w", id, err)
	}
	return nil
}
