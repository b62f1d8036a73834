package release

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/id"
	"depesche/internal/problem"
)

// SetAside goes past a warning outside of a release: it doesn't hold the edition until the text it was
// said of, or that text's original, is another. It needs a reason (field reason). In a segment of a
// translation whoever may translate may do it, elsewhere it takes the right to override. What isn't a
// warning of the edition as it is can't be set aside: problem.NotFound.
func (s *Service) SetAside(ctx context.Context, a actor.Actor, o Override) error {
	var f problem.Fields
	o.Reason = entry.Must(&f, "reason", o.Reason, entry.Note)
	if err := f.Err(); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.editions.ByID(ctx, tx, o.Edition)
		if err != nil {
			return err
		}
		if err := s.stories.Touch(ctx, tx, e.Story); err != nil {
			return err
		}
		b, err := s.load(ctx, tx, e.Story)
		if err != nil {
			return err
		}
		if err := s.maySetAside(ctx, tx, a, b, e, o); err != nil {
			return err
		}
		list, err := s.checklist(ctx, tx, b, []edition.Edition{e})
		if err != nil {
			return err
		}
		c := list.Editions[0]
		if !slices.ContainsFunc(c.Findings, func(f check.Finding) bool {
			return f.Severity == check.Warn && f.Code == o.Code && f.Address == o.Address
		}) {
			return problem.New(problem.NotFound, "problem.finding_gone")
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO aside (id, edition_id, code, address, reason, revision, source_rev, by_id, by_name, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			id.New(tx.Now()), e.ID, o.Code, o.Address, o.Reason, e.Revision, c.SourceRev, a.ID, a.Name, db.Time{Time: tx.Now()})
		if err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "check.aside", Subject: "edition:" + string(e.ID), Detail: map[string]any{
			"code": o.Code, "address": o.Address, "reason": o.Reason, "revision": e.Revision, "source_rev": c.SourceRev,
		}})
		if err != nil {
			return err
		}
		return edition.Tell(ctx, tx, "edition.state", b.story, e)
	})
	if err != nil {
		return fmt.Errorf("set %s aside in edition %s: %w", o.Code, o.Edition, err)
	}
	return nil
}

func (s *Service) maySetAside(ctx context.Context, q db.Conn, a actor.Actor, b batch, e edition.Edition, o Override) error {
	right := actor.Override
	if o.Address != "" && e.Lang != b.story.OriginalLang {
		right = actor.Translate
	}
	return s.editions.May(ctx, q, a, b.story, e.Lang, right)
}

// asides returns the warnings that somebody set aside in editions of the story.
func asides(ctx context.Context, q db.Conn, list []edition.Edition) ([]past, error) {
	ids := make([]edition.ID, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	in, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT edition_id, code, address, reason, by_id, by_name, revision, source_rev, at FROM aside WHERE edition_id IN `+in, args...)
	return db.Collect(rows, err, func(r *sql.Rows) (past, error) {
		var p past
		var at db.Time
		err := r.Scan(&p.Edition, &p.Code, &p.Address, &p.Reason, &p.ByID, &p.ByName, &p.revision, &p.sourceRev, &at)
		p.at = at.Time
		return p, err
	})
}

// pastOf returns the overrides that still hold for findings of the edition.
func (s *Service) pastOf(ctx context.Context, q db.Conn, b batch, e edition.Edition, findings []check.Finding, gone []past) ([]Overridden, error) {
	var out []Overridden
	for _, f := range findings {
		if f.Severity != check.Warn {
			continue
		}
		i := slices.IndexFunc(gone, func(p past) bool { return p.Edition == e.ID && p.Code == f.Code && p.Address == f.Address })
		if i < 0 {
			continue
		}
		holds, err := s.stillHolds(ctx, q, b, e, gone[i])
		if err != nil {
			return nil, err
		}
		if holds {
			out = append(out, gone[i].Overridden)
		}
	}
	return out, nil
}

// stillHolds reports whether what an override was said of stands there unchanged, and its original too.
func (s *Service) stillHolds(ctx context.Context, q db.Conn, b batch, e edition.Edition, p past) (bool, error) {
	if p.Address == "" {
		return true, nil
	}
	same, err := s.sameAt(ctx, q, e, p.revision, p.Address)
	if err != nil || !same || p.sourceRev == 0 {
		return same, err
	}
	for _, o := range b.editions {
		if o.Lang == b.story.OriginalLang {
			return s.sameAt(ctx, q, o, p.sourceRev, p.Address)
		}
	}
	return true, nil
}

// sameAt reports whether a segment reads as it did in an earlier revision.
func (s *Service) sameAt(ctx context.Context, q db.Conn, e edition.Edition, revision int64, addr document.Address) (bool, error) {
	if revision == e.Revision {
		return true, nil
	}
	then, err := s.editions.RevisionDoc(ctx, q, e.ID, revision)
	if err != nil {
		return false, err
	}
	was, before := then.Segment(addr)
	is, now := e.Doc.Segment(addr)
	return before == now && was.Text.Plain() == is.Text.Plain(), nil
}
