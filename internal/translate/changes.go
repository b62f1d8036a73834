package translate

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Changed is a segment of an original that reads otherwise than what translations were made from.
type Changed struct {
	Address  document.Address
	Field    document.Field
	Kind     document.Kind
	From, To int64           // revisions of the original
	Then     document.Inline // what translations were made from
	Now      document.Inline // empty if the original has the segment no more
	Change   Weighed
	Langs    []lang.Tag // of the translations that were made from Then
}

// Changes lists what changed in the story's original since its translations were made, in the order
// of the text. A segment is there once for each wording that translations were made from.
func (s *Service) Changes(ctx context.Context, q db.Conn, st story.ID) ([]Changed, error) {
	editions, err := s.editions.OfStory(ctx, q, st)
	if err != nil {
		return nil, fmt.Errorf("editions of story %s: %w", st, err)
	}
	source, pairs := translationsOf(editions)
	all, err := s.works(ctx, q, pairs)
	if err != nil {
		return nil, fmt.Errorf("changes of story %s: %w", st, err)
	}
	return gather(source.Doc, all), nil
}

// translationsOf pairs a story's editions with their original; without one there are no pairs.
func translationsOf(editions []edition.Edition) (source edition.Edition, pairs []pair) {
	for _, e := range editions {
		if e.Made == edition.MadeOriginal {
			source = e
		}
	}
	for _, e := range editions {
		if source.ID != "" && e.ID != source.ID && e.State != edition.Withdrawn {
			pairs = append(pairs, pair{source, e})
		}
	}
	return source, pairs
}

// gather joins the stale rows of translations by segment and wording.
func gather(source document.Doc, all []Work) []Changed {
	at := map[document.Address][]Changed{}
	var gone []document.Address
	for _, w := range all {
		for _, r := range w.Rows {
			if r.State != Stale && (r.State != Orphan || len(r.SourceThen) == 0) {
				continue
			}
			if r.State == Orphan && len(at[r.Address]) == 0 {
				gone = append(gone, r.Address)
			}
			at[r.Address] = join(at[r.Address], w, r)
		}
	}
	var out []Changed
	for _, seg := range document.Segments(source) {
		out = append(out, at[seg.Address]...)
	}
	for _, addr := range gone {
		out = append(out, at[addr]...)
	}
	return out
}

func join(list []Changed, w Work, r Row) []Changed {
	for i, c := range list {
		if equal(c.Then, r.SourceThen) {
			list[i].Langs = append(list[i].Langs, w.To)
			return list
		}
	}
	return append(list, Changed{
		Address: r.Address, Field: r.Field, Kind: r.Kind, From: r.MadeFrom, To: r.SourceRev,
		Then: r.SourceThen, Now: r.Source, Change: r.Change, Langs: []lang.Tag{w.To},
	})
}

// Decision says what a change of a segment of an original means for its translations.
type Decision struct {
	Original edition.ID
	Address  document.Address
	From, To int64 // revisions
	Weight   check.Weight
}

// Decide records a decision; it counts until another one of the same change. It takes the right to
// review the original. A change in which the checks are firm isn't called wording: problem.Conflict.
func (s *Service) Decide(ctx context.Context, a actor.Actor, d Decision) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.editions.ByID(ctx, tx, d.Original)
		if err != nil {
			return err
		}
		st, err := s.editions.Stories().ByID(ctx, tx, e.Story)
		if err != nil {
			return err
		}
		if err := s.editions.May(ctx, tx, a, st, e.Lang, actor.Review); err != nil {
			return err
		}
		if e.Lang != st.OriginalLang || d.From < 1 || d.From >= d.To || d.To > e.Revision {
			return problem.New(problem.Invalid, "problem.revision_unknown", "n", d.To)
		}
		was, err := s.textAt(ctx, tx, d.Original, d.From, d.Address)
		if err != nil {
			return err
		}
		became, err := s.textAt(ctx, tx, d.Original, d.To, d.Address)
		if err != nil {
			return err
		}
		if equal(was, became) {
			return problem.New(problem.NotFound, "problem.segment_gone")
		}
		if d.Weight != check.Fact && len(became) > 0 && check.Weigh(e.Lang, was.Plain(), became.Plain()).Firm {
			return problem.New(problem.Conflict, "problem.fact_firm")
		}
		if err := s.decide(ctx, tx, a, d, became, ""); err != nil {
			return err
		}
		return edition.Tell(ctx, tx, "edition.state", st, e)
	})
	if err != nil {
		return fmt.Errorf("weight of segment %s of edition %s: %w", d.Address, d.Original, err)
	}
	return nil
}

// Corrected makes facts of all that a correction changed in an original, from the revision that
// readers saw to the one they see now. Release does it in the act of the correction.
func (s *Service) Corrected(ctx context.Context, tx *db.Tx, a actor.Actor, original edition.ID, from, to int64, release string) error {
	if from == 0 || from == to {
		return nil
	}
	then, err := s.editions.RevisionDoc(ctx, tx, original, from)
	if err != nil {
		return err
	}
	now, err := s.editions.RevisionDoc(ctx, tx, original, to)
	if err != nil {
		return err
	}
	became := segments(now)
	for _, addr := range outdated(then, now) {
		d := Decision{Original: original, Address: addr, From: from, To: to, Weight: check.Fact}
		if err := s.decide(ctx, tx, a, d, became[addr].Text, release); err != nil {
			return fmt.Errorf("corrected segment %s: %w", addr, err)
		}
	}
	return nil
}

// ChangedSince returns the segments of an original's revision that its newest text has otherwise or
// not at all.
func (s *Service) ChangedSince(ctx context.Context, q db.Conn, original edition.Edition, rev int64) ([]document.Address, error) {
	then, err := s.editions.RevisionDoc(ctx, q, original.ID, rev)
	if err != nil {
		return nil, err
	}
	return outdated(then, original.Doc), nil
}

// outdated returns the segments of then that now has otherwise or not at all. Each edition has a
// teaser of its own.
func outdated(then, now document.Doc) []document.Address {
	became := segments(now)
	var out []document.Address
	for _, seg := range document.Segments(then) {
		if !seg.Fixed && seg.Field != document.FieldTeaser && !equal(seg.Text, became[seg.Address].Text) {
			out = append(out, seg.Address)
		}
	}
	return out
}

// decide stores a decision of a change to the wording became.
func (s *Service) decide(ctx context.Context, tx *db.Tx, a actor.Actor, d Decision, became document.Inline, release string) error {
	since := d.To
	for since > d.From+1 {
		before, err := s.textAt(ctx, tx, d.Original, since-1, d.Address)
		if err != nil {
			return err
		}
		if !equal(before, became) {
			break
		}
		since--
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO source_change (id, edition_id, address, from_rev, to_rev, since_rev, weight, release_id, by_id, by_name, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8, ''), $9, $10, $11)`,
		id.New(tx.Now()), d.Original, d.Address, d.From, d.To, since, d.Weight.String(), release, a.ID, a.Name, db.Time{Time: tx.Now()})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "translate.weight", Subject: "edition:" + string(d.Original), Detail: map[string]any{
		"address": d.Address, "from": d.From, "to": d.To, "weight": d.Weight.String(),
	}})
}

func (s *Service) textAt(ctx context.Context, q db.Conn, e edition.ID, rev int64, addr document.Address) (document.Inline, error) {
	doc, err := s.editions.RevisionDoc(ctx, q, e, rev)
	if err != nil {
		return nil, err
	}
	seg, _ := doc.Segment(addr)
	return seg.Text, nil
}
