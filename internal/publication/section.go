package publication

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/address"
	"depesche/internal/db"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Sections returns all, inactive ones too, in their order.
func (s *Service) Sections(ctx context.Context, q db.Conn) ([]Section, error) {
	db.Note(q, "paper", "sections")
	list, err := s.store().sections(ctx, q, "")
	if err != nil {
		return nil, fmt.Errorf("sections: %w", err)
	}
	return list, nil
}

// SectionByID returns the section, or problem.NotFound.
func (s *Service) SectionByID(ctx context.Context, q db.Conn, id SectionID) (Section, error) {
	db.Note(q, "paper", "sections")
	sec, err := s.store().section(ctx, q, id)
	if err != nil {
		return Section{}, fmt.Errorf("section %s: %w", id, err)
	}
	return sec, nil
}

// SectionBySlug returns the section with the address, or problem.NotFound. An address that a
// section had before finds it too: the caller sees it by the slug, which is another then.
func (s *Service) SectionBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Section, error) {
	db.Note(q, "paper", "sections")
	id, err := s.store().sectionIDBySlug(ctx, q, l, slug)
	if problem.Is(err, problem.NotFound) {
		var target string
		if target, err = s.store().redirect(ctx, q, address.Section.Path(l, slug)); err == nil {
			id = SectionID(address.Section.ID(target))
		}
	}
	var sec Section
	if err == nil {
		sec, err = s.store().section(ctx, q, id)
	}
	if err == nil && sec.Names[l].Slug == "" {
		err = problem.New(problem.NotFound, "problem.not_found")
	}
	if err != nil {
		return Section{}, fmt.Errorf("section %s/%s: %w", l, slug, err)
	}
	return sec, nil
}

// SaveSection stores a section's names, addresses and whether it is shown; one without an ID is
// new and comes last. A changed address keeps leading to the section. The fields of its problems
// are name.<lang> and slug.<lang>.
func (s *Service) SaveSection(ctx context.Context, a actor.Actor, sec Section) (Section, error) {
	var out Section
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.SaveSectionTx(ctx, tx, a, sec)
		return err
	})
	return out, err
}

// SaveSectionTx is [Service.SaveSection] within an act of another room.
func (s *Service) SaveSectionTx(ctx context.Context, tx *db.Tx, a actor.Actor, sec Section) (Section, error) {
	if !actor.May(a, actor.EditSections, actor.Scope{}) {
		return Section{}, forbidden()
	}
	isNew := sec.ID == ""
	if isNew {
		sec.ID = SectionID(id.New(tx.Now()))
	}
	sec, err := checkSection(sec, string(sec.ID))
	if err != nil {
		return Section{}, err
	}
	out, err := s.putSection(ctx, tx, a, sec, isNew)
	if err != nil {
		return Section{}, fmt.Errorf("save section %s: %w", sec.ID, err)
	}
	return out, nil
}

func (s *Service) putSection(ctx context.Context, tx *db.Tx, a actor.Actor, sec Section, isNew bool) (Section, error) {
	var old Section
	var err error
	if isNew {
		err = s.store().insertSection(ctx, tx, sec)
	} else if old, err = s.store().section(ctx, tx, sec.ID); err == nil {
		err = s.store().updateSection(ctx, tx, sec)
	}
	if err != nil {
		return Section{}, err
	}
	if err := s.store().putSectionNames(ctx, tx, sec); err != nil {
		return Section{}, err
	}
	if err := s.keepAddresses(ctx, tx, old, sec); err != nil {
		return Section{}, err
	}
	if err := tell(ctx, tx, a, "section.save", "section.changed", "section:"+string(sec.ID), sec.Names); err != nil {
		return Section{}, err
	}
	return s.store().section(ctx, tx, sec.ID)
}

// keepAddresses lets the addresses that now lacks lead to it.
func (s *Service) keepAddresses(ctx context.Context, tx *db.Tx, old, now Section) error {
	part := func(n Name) (string, string) { return n.Name, n.Slug }
	return address.Keep(ctx, tx, s, address.Section, string(now.ID), old.Names, now.Names, part, func(id string) (map[lang.Tag]Name, error) {
		other, err := s.store().section(ctx, tx, SectionID(id))
		return other.Names, err
	})
}

// MoveSection moves a section by delta places, up if it is negative, as far as there is room.
func (s *Service) MoveSection(ctx context.Context, a actor.Actor, id SectionID, delta int) error {
	if !actor.May(a, actor.EditSections, actor.Scope{}) {
		return forbidden()
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		list, err := s.store().sections(ctx, tx, "")
		if err != nil {
			return err
		}
		from := slices.IndexFunc(list, func(x Section) bool { return x.ID == id })
		if from < 0 {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		moved := list[from]
		to := max(0, min(len(list)-1, from+delta))
		list = slices.Insert(slices.Delete(list, from, from+1), to, moved)
		for i, x := range list {
			if x.Position == i+1 {
				continue
			}
			if err := s.store().place(ctx, tx, x.ID, i+1); err != nil {
				return err
			}
		}
		return tell(ctx, tx, a, "section.move", "section.changed", "section:"+string(id), map[string]int{"to": to + 1})
	})
	if err != nil {
		return fmt.Errorf("move section %s: %w", id, err)
	}
	return nil
}

// DeleteSection deletes a section that no story is in. One that is used is made inactive instead.
func (s *Service) DeleteSection(ctx context.Context, a actor.Actor, id SectionID) error {
	if !actor.May(a, actor.EditSections, actor.Scope{}) {
		return forbidden()
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.store().section(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.store().deleteSection(ctx, tx, id); err != nil {
			return err
		}
		return tell(ctx, tx, a, "section.delete", "section.changed", "section:"+string(id), old.Names)
	})
	if problem.Is(err, problem.Conflict) {
		// A story refers to it. The schema knows the stories, this room doesn't.
		err = s.retire(ctx, a, id)
	}
	if err != nil {
		return fmt.Errorf("delete section %s: %w", id, err)
	}
	return nil
}

func (s *Service) retire(ctx context.Context, a actor.Actor, id SectionID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		sec, err := s.store().section(ctx, tx, id)
		if err != nil {
			return err
		}
		sec.Active = false
		if err := s.store().updateSection(ctx, tx, sec); err != nil {
			return err
		}
		return tell(ctx, tx, a, "section.retire", "section.changed", "section:"+string(id), nil)
	})
}

func sorted[V any](m map[lang.Tag]V) []lang.Tag {
	out := make([]lang.Tag, 0, len(m))
	for t := range m {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}
