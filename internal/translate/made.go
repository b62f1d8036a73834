package translate

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
)

// Made says how a text of the translation came to be, its newest or another one: by machine as long
// as a segment in it is mostly what an engine wrote (docs/decisions/0232). Without any draft of an
// engine it is what the edition says of itself.
func (s *Service) Made(ctx context.Context, q db.Conn, e edition.Edition, doc document.Doc) (edition.Made, error) {
	if e.Made == edition.MadeOriginal {
		return e.Made, nil
	}
	drafts, err := s.Drafts(ctx, q, e.ID)
	if err != nil {
		return "", err
	}
	drafted, written := byEngine(doc, drafts)
	switch {
	case written:
		return edition.MadeMachine, nil
	case !drafted:
		return e.Made, nil
	case e.Made == edition.MadeHuman:
		return edition.MadeHuman, nil
	}
	// What came in as a machine's doesn't become a person's by the few segments that are known.
	var kind edition.RevisionKind
	err = q.QueryRowContext(ctx, `SELECT kind FROM revision WHERE edition_id = $1 AND number = 1`, e.ID).Scan(&kind)
	if err = db.One(err); err != nil {
		return "", fmt.Errorf("first revision of edition %s: %w", e.ID, err)
	}
	if kind == edition.RevImport {
		return edition.MadeMachine, nil
	}
	return edition.MadeHuman, nil
}

// Unread reports whether an engine wrote something in the translation of which no person has said
// anything.
func (s *Service) Unread(ctx context.Context, q db.Conn, e edition.Edition) (bool, error) {
	if e.Made == edition.MadeOriginal {
		return false, nil
	}
	w, err := s.Work(ctx, q, e.ID)
	if problem.Is(err, problem.NotFound) || problem.Is(err, problem.Invalid) {
		return false, nil // there is nothing that it was made from
	}
	return slices.ContainsFunc(w.Rows, func(r Row) bool { return r.Unread }), err
}

// byEngine reports whether engines' drafts were put into the edition at all, and whether one of them
// still stands in doc.
func byEngine(doc document.Doc, drafts []Draft) (drafted, written bool) {
	now := segments(doc)
	for _, d := range drafts {
		if d.Source != FromEngine || d.Engine == "" || !d.Placed {
			continue
		}
		drafted = true
		if seg, ok := now[d.Address]; ok && mostlyOf(d.Text, seg.Text) {
			return true, true
		}
	}
	return drafted, false
}

// remake notes how the newest text came to be, as long as readers see none: afterwards the release
// that brings out another text does it.
func (s *Service) remake(ctx context.Context, tx *db.Tx, a actor.Actor, e edition.Edition) error {
	if e.PublishedRev != 0 || e.Made == edition.MadeOriginal {
		return nil
	}
	made, err := s.Made(ctx, tx, e, e.Doc)
	if err != nil {
		return err
	}
	by := e.Translator
	if by == "" && made == edition.MadeHuman && !a.IsSystem() {
		by = a.Name
	}
	if made == e.Made && by == e.Translator {
		return nil
	}
	_, err = s.editions.Remake(ctx, tx, e, made, by)
	return err
}
