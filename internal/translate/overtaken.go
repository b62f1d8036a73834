package translate

import (
	"context"
	"fmt"

	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// Overtaken returns the segments of an original in which another fact stands in revision to than in
// revision from, and to which revision rev of the translation has no answer: what it says there would be
// wrong beside that original. A segment that the translation doesn't have says nothing wrong.
func (s *Service) Overtaken(ctx context.Context, q db.Conn, original, translation edition.Edition, rev, from, to int64) ([]document.Address, error) {
	var docs [3]document.Doc
	for i, r := range []revision{{original.ID, from}, {original.ID, to}, {translation.ID, rev}} {
		var err error
		if docs[i], err = s.editions.RevisionDoc(ctx, q, r.edition, r.number); err != nil {
			return nil, fmt.Errorf("revision %d of edition %s: %w", r.number, r.edition, err)
		}
	}
	said, err := decisions(ctx, q, []edition.ID{original.ID})
	if err != nil {
		return nil, err
	}
	answers, err := units(ctx, q, []edition.ID{translation.ID})
	if err != nil {
		return nil, err
	}
	w := sides{
		lang: original.Lang, source: docs[1], sourceRev: to, decisions: said[original.ID], was: map[int64]map[document.Address]document.Segment{},
		then: func(n int64) (document.Doc, error) { return s.editions.RevisionDoc(ctx, q, original.ID, n) },
	}
	then, now, here := segments(docs[0]), segments(docs[1]), segments(docs[2])
	var out []document.Address
	for _, addr := range outdated(docs[0], docs[1]) {
		u, known := answers[translation.ID][addr]
		if len(here[addr].Text) == 0 || known && u.SourceRev >= to && u.TargetRev <= rev {
			continue
		}
		c, err := w.weigh(change{addr, from, then[addr].Text, now[addr].Text})
		if err != nil {
			return nil, err
		}
		if c.Weight == check.Fact {
			out = append(out, addr)
		}
	}
	return out, nil
}
