package story

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Import stores a story from another system under an ID that the importer chose, by id.Derived as
// a rule: so texts can link to stories that are still to come. Its section, authors and topics are
// known to the importer; one that isn't there is refused by the schema. An ID that is taken is
// problem.Conflict. Nobody is told and nothing recorded here: a story without text is nothing to
// anyone, and the import of its edition, in the same act, does both.
func (s *Service) Import(ctx context.Context, tx *db.Tx, a actor.Actor, id ID, n NewStory) (Story, error) {
	began := moment(n.At, tx.Now())
	st := Story{
		ID: id, Kind: n.Kind, Section: n.Section, OriginalLang: n.OriginalLang, Embargo: n.Embargo,
		Authors: unique(n.Authors), Topics: unique(n.Topics), Version: 1, CreatedBy: a.ID, Created: began, Updated: began, LiveOf: n.LiveOf,
	}
	if !actor.May(a, actor.Write, actor.Scope{Lang: st.OriginalLang, Section: string(st.Section), Own: true}) {
		return Story{}, problem.New(problem.Forbidden, "problem.may_not_write")
	}
	var f problem.Fields
	if !slices.Contains(Kinds, st.Kind) {
		f.Add("kind", entry.Choice, string(st.Kind))
	}
	if l, err := lang.Parse(string(st.OriginalLang)); err != nil || l != st.OriginalLang {
		f.Add("original_lang", entry.BadLang, string(st.OriginalLang))
	}
	if len(st.Authors) > maxParts {
		f.Add("authors", "problem.too_many", "", "n", maxParts)
	}
	if len(st.Topics) > maxParts {
		f.Add("topics", "problem.too_many", "", "n", maxParts)
	}
	if err := f.Err(); err != nil {
		return Story{}, err
	}
	var err error
	if st.Number, err = nextNumber(ctx, tx); err != nil {
		return Story{}, fmt.Errorf("number of an imported story: %w", err)
	}
	if err := insert(ctx, tx, st); err != nil {
		return Story{}, fmt.Errorf("imported story %d: %w", st.Number, err)
	}
	return st, nil
}
