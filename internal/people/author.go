package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/address"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Authors returns all, inactive ones too, in the order they were made.
func (s *Service) Authors(ctx context.Context, q db.Conn) ([]Author, error) {
	db.Note(q, "authors", "all")
	list, err := s.store().authors(ctx, q, nil)
	if err != nil {
		return nil, fmt.Errorf("authors: %w", err)
	}
	return list, nil
}

// AuthorByID returns the author, or problem.NotFound.
func (s *Service) AuthorByID(ctx context.Context, q db.Conn, id AuthorID) (Author, error) {
	db.Note(q, "author", id)
	a, err := s.store().author(ctx, q, id)
	if err != nil {
		return Author{}, fmt.Errorf("author %s: %w", id, err)
	}
	return a, nil
}

// AuthorsByIDs returns those of the IDs that there are.
func (s *Service) AuthorsByIDs(ctx context.Context, q db.Conn, ids []AuthorID) (map[AuthorID]Author, error) {
	db.Note(q, "author", ids...)
	out := make(map[AuthorID]Author, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), 500)]
		ids = ids[len(part):]
		list, err := s.store().authors(ctx, q, part)
		if err != nil {
			return nil, fmt.Errorf("authors: %w", err)
		}
		for _, a := range list {
			out[a.ID] = a
		}
	}
	return out, nil
}

// AuthorBySlug returns the author with the address, or problem.NotFound. An address that an author
// had before finds it too: the caller sees it by the slug, which is another then.
func (s *Service) AuthorBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Author, error) {
	id, err := s.store().authorIDBySlug(ctx, q, l, slug)
	if problem.Is(err, problem.NotFound) && s.redirects != nil {
		var target string
		if target, err = s.redirects.Redirect(ctx, q, address.Author.Path(l, slug)); err == nil {
			id = AuthorID(address.Author.ID(target))
		}
	}
	var a Author
	if err == nil {
		db.Note(q, "author", id)
		a, err = s.store().author(ctx, q, id)
	}
	if err == nil && a.Names[l].Slug == "" {
		err = problem.New(problem.NotFound, "problem.not_found")
	}
	if err != nil {
		return Author{}, fmt.Errorf("author %s/%s: %w", l, slug, err)
	}
	return a, nil
}

// AuthorOf returns somebody's by-line, or problem.NotFound.
func (s *Service) AuthorOf(ctx context.Context, q db.Conn, id StaffID) (Author, error) {
	author, err := s.store().authorIDOf(ctx, q, id)
	if err != nil {
		return Author{}, fmt.Errorf("author of staff %s: %w", id, err)
	}
	return s.AuthorByID(ctx, q, author)
}

// KindNamed returns the kind of who is called name: of a by-line in the language, or Person for one of
// the staff. It is Organisation if nobody is, or both are: of a person it must be certain.
func (s *Service) KindNamed(ctx context.Context, q db.Conn, l lang.Tag, name string) (Kind, error) {
	db.Note(q, "authors", "named")
	kinds, err := s.store().kindsNamed(ctx, q, l, name)
	if err != nil {
		return "", fmt.Errorf("kind of author: %w", err)
	}
	if len(kinds) == 1 {
		return kinds[0], nil
	}
	return Organisation, nil
}

// SaveAuthor stores an author; one without an ID is new. A changed address keeps leading to the
// author. The fields of its problems are kind, name.<lang>, slug.<lang>, about.<lang> and staff.
func (s *Service) SaveAuthor(ctx context.Context, a actor.Actor, au Author) (Author, error) {
	var out Author
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.SaveAuthorTx(ctx, tx, a, au)
		return err
	})
	return out, err
}

// SaveAuthorTx is [Service.SaveAuthor] within an act of another room.
func (s *Service) SaveAuthorTx(ctx context.Context, tx *db.Tx, a actor.Actor, au Author) (Author, error) {
	if !actor.May(a, actor.EditAuthors, actor.Scope{}) {
		return Author{}, forbidden()
	}
	isNew := au.ID == ""
	if isNew {
		au.ID = AuthorID(id.New(tx.Now()))
	}
	au, err := checkAuthor(au)
	if err != nil {
		return Author{}, err
	}
	out, err := s.putAuthor(ctx, tx, a, au, isNew)
	if err != nil {
		return Author{}, fmt.Errorf("save author %s: %w", au.ID, err)
	}
	return out, nil
}

// checkAuthor returns a as it is stored.
func checkAuthor(a Author) (Author, error) {
	var f problem.Fields
	if a.Kind == "" {
		a.Kind = Person
	}
	if !slices.Contains(Kinds, a.Kind) {
		f.Add("kind", entry.Choice, "")
	}
	names := map[lang.Tag]AuthorName{}
	for t, n := range a.Names {
		l := entry.Lang(&f, "name."+string(t), t)
		if strings.TrimSpace(n.Name+n.Slug+n.About) == "" {
			continue
		}
		n.Name = entry.Must(&f, "name."+string(t), n.Name, entry.Name)
		n.Slug = entry.Slug(&f, "slug."+string(t), n.Slug, l, n.Name, "author-"+string(a.ID[len(a.ID)-6:]))
		n.About = entry.Lines(&f, "about."+string(t), n.About, entry.Note)
		names[l] = n
	}
	if len(names) == 0 && f.Err() == nil {
		f.Add("name", entry.Required, "")
	}
	a.Names = names
	return a, f.Err()
}

func (s *Service) putAuthor(ctx context.Context, tx *db.Tx, by actor.Actor, a Author, isNew bool) (Author, error) {
	if a.StaffID != "" {
		if _, _, err := s.store().staffBy(ctx, tx, "id", string(a.StaffID)); problem.Is(err, problem.NotFound) {
			var f problem.Fields
			f.Add("staff", entry.Choice, string(a.StaffID))
			return Author{}, f.Err()
		} else if err != nil {
			return Author{}, err
		}
	}
	var old Author
	var err error
	if isNew {
		err = s.store().insertAuthor(ctx, tx, a)
	} else if old, err = s.store().author(ctx, tx, a.ID); err == nil {
		err = s.store().updateAuthor(ctx, tx, a)
	}
	if err != nil {
		return Author{}, err
	}
	if err := s.store().putAuthorNames(ctx, tx, a); err != nil {
		return Author{}, err
	}
	if err := s.keepAddresses(ctx, tx, old, a); err != nil {
		return Author{}, err
	}
	if err := tell(ctx, tx, by, "author.save", "author.changed", "author:"+string(a.ID), a.Names); err != nil {
		return Author{}, err
	}
	return s.store().author(ctx, tx, a.ID)
}

// keepAddresses lets the addresses that now lacks lead to it.
func (s *Service) keepAddresses(ctx context.Context, tx *db.Tx, old, now Author) error {
	part := func(n AuthorName) (string, string) { return n.Name, n.Slug }
	return address.Keep(ctx, tx, s.redirects, address.Author, string(now.ID), old.Names, now.Names, part, func(id string) (map[lang.Tag]AuthorName, error) {
		other, err := s.store().author(ctx, tx, AuthorID(id))
		return other.Names, err
	})
}
