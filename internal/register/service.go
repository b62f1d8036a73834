package register

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/events"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Service reads and changes the register.
type Service struct {
	db   *db.DB
	kept kept
}

// New returns the service.
func New(d *db.DB) *Service { return &Service{db: d, kept: kept{limit: limits{perLayer, mostLayers}}} }

func (s *Service) store() store { return store{} }

// Filter chooses entries. Empty fields choose all.
type Filter struct {
	// Text is looked for in all forms of all languages, without case and marks.
	Text  string
	Kind  Kind
	State State
	// Lang is a language that it has a spelling in, Lacks one that it has none in.
	Lang, Lacks lang.Tag
	Amends      ID
	// After is the last entry of the page before; Limit 0 is no limit.
	After ID
	Limit int
}

// List returns the entries that the filter chooses, in the order of the Latin alphabet.
func (s *Service) List(ctx context.Context, q db.Conn, f Filter) ([]Entry, error) {
	ids, err := s.store().find(ctx, q, f)
	if err != nil {
		return nil, fmt.Errorf("list the register: %w", err)
	}
	list, err := s.store().entries(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("list the register: %w", err)
	}
	return list, nil
}

// Waiting returns how many proposals wait for an editor.
func (s *Service) Waiting(ctx context.Context, q db.Conn) (int, error) {
	n, err := s.store().count(ctx, q, Proposed)
	if err != nil {
		return 0, fmt.Errorf("count proposals: %w", err)
	}
	return n, nil
}

// ByID returns the entry, or problem.NotFound.
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Entry, error) {
	e, err := s.store().entry(ctx, q, id)
	if err != nil {
		return Entry{}, fmt.Errorf("register entry %s: %w", id, err)
	}
	return e, nil
}

// MayEdit reports whether a may change what holds; MayPropose, whether she may propose.
func MayEdit(a actor.Actor) bool { return actor.May(a, actor.EditRegister, actor.Scope{}) }

// MayPropose reports whether a may propose an entry or a change.
func MayPropose(a actor.Actor) bool {
	return MayEdit(a) || actor.May(a, actor.ProposeTerms, actor.Scope{})
}

func forbidden() error { return problem.New(problem.Forbidden, "problem.forbidden") }

// Save stores an entry; one without an ID is new. Whoever may edit the register decides by
// e.State; from others it is a proposal, and the change of an entry that holds becomes a new entry
// that amends it, which is what Save returns then. The fields of its problems are kind, note,
// words, spelling.<lang>, gender.<lang>, forms.<lang>, others.<lang>, forbidden.<lang> and
// remark.<lang>.
func (s *Service) Save(ctx context.Context, a actor.Actor, e Entry) (Entry, error) {
	if !MayPropose(a) {
		return Entry{}, forbidden()
	}
	e, err := tidy(e)
	if err != nil {
		return Entry{}, err
	}
	var out Entry
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.save(ctx, tx, a, e)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("save register entry %s: %w", e.ID, err)
	}
	return out, nil
}

func (s *Service) save(ctx context.Context, tx *db.Tx, a actor.Actor, e Entry) (Entry, error) {
	var old Entry
	if e.ID != "" {
		var err error
		if old, err = s.store().entry(ctx, tx, e.ID); err != nil {
			return Entry{}, err
		}
	}
	e, err := decide(a, old, e)
	if err != nil {
		return Entry{}, err
	}
	if e.ChangedBy = a.ID; e.ID == "" {
		e.ID = ID(id.New(tx.Now()))
		err = s.store().insert(ctx, tx, e)
	} else {
		err = s.store().update(ctx, tx, e)
	}
	if err != nil {
		return Entry{}, err
	}
	act := "register.save"
	if e.State == Proposed {
		act = "register.propose"
	}
	if err := s.tell(ctx, tx, a, act, e); err != nil {
		return Entry{}, err
	}
	return s.store().entry(ctx, tx, e.ID)
}

// decide says what is stored when a saves e in the place of old, which has no ID if e is new.
func decide(a actor.Actor, old, e Entry) (Entry, error) {
	if old.ID == "" {
		if !MayEdit(a) || e.State == "" {
			e.State = Proposed
			if MayEdit(a) {
				e.State = Approved
			}
		}
		e.Amends, e.AmendsVersion = "", 0
		return e, nil
	}
	e.Amends, e.AmendsVersion = old.Amends, old.AmendsVersion
	switch {
	case MayEdit(a):
		// What amends another entry holds by being taken into it, and what holds stays so.
		if e.State == "" || old.State == Approved || old.Amends != "" {
			e.State = old.State
		}
	case old.State == Approved:
		if e.Version != old.Version {
			return Entry{}, problem.New(problem.Conflict, "problem.stale")
		}
		e.ID, e.State, e.Amends, e.AmendsVersion = "", Proposed, old.ID, old.Version
	case old.CreatedBy != a.ID:
		return Entry{}, forbidden()
	default:
		e.State = Proposed
	}
	return e, nil
}

// Approve lets a proposal hold: a new entry as it is, a change in the place of the entry that it
// amends. If that was changed since it was proposed, the error is problem.Conflict.
func (s *Service) Approve(ctx context.Context, a actor.Actor, id ID, version int64) (Entry, error) {
	if !MayEdit(a) {
		return Entry{}, forbidden()
	}
	var out Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.store().entry(ctx, tx, id)
		if err != nil {
			return err
		}
		if e.Version != version {
			return problem.New(problem.Conflict, "problem.stale")
		}
		if e.State == Approved {
			out = e
			return nil
		}
		if e.Amends != "" {
			if err := s.store().delete(ctx, tx, e.ID, e.Version); err != nil {
				return err
			}
			e.ID, e.Version = e.Amends, e.AmendsVersion
		}
		e.State, e.ChangedBy = Approved, a.ID
		if err := s.store().update(ctx, tx, e); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, a, "register.approve", e); err != nil {
			return err
		}
		out, err = s.store().entry(ctx, tx, e.ID)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("approve register entry %s: %w", id, err)
	}
	return out, nil
}

// Delete takes an entry out, with the proposals to change it. Who proposed one may take it back.
func (s *Service) Delete(ctx context.Context, a actor.Actor, id ID, version int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.store().entry(ctx, tx, id)
		if err != nil {
			return err
		}
		if !MayDelete(a, e) {
			return forbidden()
		}
		if err := s.store().delete(ctx, tx, id, version); err != nil {
			return err
		}
		return s.tell(ctx, tx, a, "register.delete", e)
	})
	if err != nil {
		return fmt.Errorf("delete register entry %s: %w", id, err)
	}
	return nil
}

// MayDelete reports whether a may take e out.
func MayDelete(a actor.Actor, e Entry) bool {
	return MayEdit(a) || e.State == Proposed && e.CreatedBy == a.ID && MayPropose(a)
}

// tell records the act and lets the other rooms and nodes know.
func (s *Service) tell(ctx context.Context, tx *db.Tx, a actor.Actor, act string, e Entry) error {
	subject := "register:" + string(e.ID)
	spellings := map[lang.Tag]string{}
	for l, w := range e.Words {
		spellings[l] = w.Text
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: subject, Detail: spellings}); err != nil {
		return err
	}
	return s.changed(ctx, tx, subject)
}

func (s *Service) changed(ctx context.Context, tx *db.Tx, subject string) error {
	if err := s.store().countUp(ctx, tx); err != nil {
		return err
	}
	return events.Append(ctx, tx, "register.changed", subject, nil)
}

// Limits of an entry.
const (
	maxForms = 60 // of each sort in a language
	maxLangs = 60
)

// tooMany is the word for more entries than a list takes.
const tooMany = "problem.too_many"

// tidy returns e as it is stored, or what is wrong with it.
func tidy(e Entry) (Entry, error) {
	var f problem.Fields
	if e.Kind == "" {
		e.Kind = Term
	}
	if !slices.Contains(Kinds, e.Kind) {
		f.Add("kind", entry.Choice, "")
	}
	if e.State != "" && e.State != Proposed && e.State != Approved {
		f.Add("state", entry.Choice, "")
	}
	e.Note = entry.Line(&f, "note", e.Note, 500)
	words := map[lang.Tag]Word{}
	for tag, w := range e.Words {
		at := "." + string(tag)
		l := entry.Lang(&f, "spelling"+at, tag)
		if w.empty() {
			continue
		}
		words[l] = tidyWord(&f, at, w)
	}
	switch {
	case len(words) > maxLangs:
		f.Add("words", tooMany, "", maxLangs)
	case len(words) == 0 && f.Err() == nil:
		f.Add("words", entry.Required, "")
	}
	e.Words = words
	return e, f.Err()
}

// empty reports whether nothing but a gender was entered.
func (w Word) empty() bool {
	return !entry.Visible(w.Text) && len(w.Forms) == 0 && len(w.Others) == 0 && len(w.Forbidden) == 0 && !entry.Visible(w.Remark)
}

func tidyWord(f *problem.Fields, at string, w Word) Word {
	w.Text = entry.Must(f, "spelling"+at, w.Text, entry.Name)
	if !slices.Contains(Genders, w.Gender) {
		f.Add("gender"+at, entry.Choice, "")
	}
	w.Remark = entry.Line(f, "remark"+at, w.Remark, 500)
	right := []string{w.Text}
	list := func(name string, in []string) (out []string) {
		for _, s := range in {
			if s = entry.Line(f, name+at, s, entry.Name); entry.Visible(s) && !slices.Contains(right, s) {
				out, right = append(out, s), append(right, s)
			}
		}
		if len(out) > maxForms {
			f.Add(name+at, tooMany, "", maxForms)
		}
		return out
	}
	w.Forms, w.Others = list("forms", w.Forms), list("others", w.Others)
	var never []Forbidden
	for _, x := range w.Forbidden {
		x.Text, x.Reason = entry.Line(f, "forbidden"+at, x.Text, entry.Name), entry.Line(f, "forbidden"+at, x.Reason, entry.Name)
		switch {
		case !entry.Visible(x.Text) || slices.ContainsFunc(never, func(y Forbidden) bool { return x.Text == y.Text }):
		case slices.Contains(right, x.Text):
			f.Add("forbidden"+at, "problem.right_and_forbidden", x.Text, "text", x.Text)
		default:
			never = append(never, x)
		}
	}
	if w.Forbidden = never; len(never) > maxForms {
		f.Add("forbidden"+at, tooMany, "", maxForms)
	}
	return w
}
