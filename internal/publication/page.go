package publication

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/address"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Pages returns the static pages of a language, in the order of the footer.
func (s *Service) Pages(ctx context.Context, q db.Conn, l lang.Tag) ([]Page, error) {
	if l == "" {
		return nil, nil
	}
	return s.pages(ctx, q, l)
}

// AllPages returns the static pages of all languages, those of one key together.
func (s *Service) AllPages(ctx context.Context, q db.Conn) ([]Page, error) {
	return s.pages(ctx, q, "")
}

func (s *Service) pages(ctx context.Context, q db.Conn, l lang.Tag) ([]Page, error) {
	db.Note(q, "paper", "pages")
	list, err := s.store().pages(ctx, q, l)
	if err != nil {
		return nil, fmt.Errorf("static pages: %w", err)
	}
	return list, nil
}

// PageByID returns the page, or problem.NotFound.
func (s *Service) PageByID(ctx context.Context, q db.Conn, id PageID) (Page, error) {
	db.Note(q, "paper", "pages")
	p, err := s.store().page(ctx, q, id)
	if err != nil {
		return Page{}, fmt.Errorf("static page %s: %w", id, err)
	}
	return p, nil
}

// PageBySlug returns the page with the address, or problem.NotFound. An address it had before
// stands in [Service.Redirect].
func (s *Service) PageBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Page, error) {
	db.Note(q, "paper", "pages")
	p, err := s.store().pageBySlug(ctx, q, l, slug)
	if err != nil {
		return Page{}, fmt.Errorf("static page %s/%s: %w", l, slug, err)
	}
	return p, nil
}

// SavePage stores a page; one without an ID is new. The fields of its problems are key, lang, slug,
// title, body and position.
func (s *Service) SavePage(ctx context.Context, a actor.Actor, p Page) (Page, error) {
	if !actor.May(a, actor.EditPages, actor.Scope{}) {
		return Page{}, forbidden()
	}
	var out Page
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		next, isNew := p, p.ID == ""
		if isNew {
			next.ID = PageID(id.New(tx.Now()))
		}
		next, err := checkPage(next, string(next.ID))
		if err != nil {
			return err
		}
		if err := s.putPage(ctx, tx, next, isNew); err != nil {
			return err
		}
		if err := tell(ctx, tx, a, "page.save", "page.changed", "page:"+string(next.ID), map[string]string{"key": next.Key, "lang": string(next.Lang), "title": next.Title}); err != nil {
			return err
		}
		out, err = s.store().page(ctx, tx, next.ID)
		return err
	})
	if err != nil {
		return Page{}, fmt.Errorf("save static page %s: %w", p.ID, err)
	}
	return out, nil
}

func (s *Service) putPage(ctx context.Context, tx *db.Tx, p Page, isNew bool) error {
	if err := s.pageIsFree(ctx, tx, p); err != nil {
		return err
	}
	err := address.Claim(ctx, tx, s, address.Page, string(p.ID), p.Lang, p.Slug, "slug", func(id string, _ lang.Tag) (string, error) {
		other, err := s.store().page(ctx, tx, PageID(id))
		return other.Title, err
	})
	if err != nil {
		return err
	}
	if isNew {
		return s.store().insertPage(ctx, tx, p)
	}
	old, err := s.store().page(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if err := s.store().updatePage(ctx, tx, p); err != nil {
		return err
	}
	if old.Lang == p.Lang && old.Slug == p.Slug {
		return nil
	}
	return s.AddRedirect(ctx, tx, address.Page.Path(old.Lang, old.Slug), address.Page.Target(string(p.ID), p.Lang))
}

// pageIsFree complains if another page has the address, or is the same page in the same language.
// Who comes between is stopped by the schema, with a plainer word.
func (s *Service) pageIsFree(ctx context.Context, tx *db.Tx, p Page) error {
	list, err := s.store().pages(ctx, tx, p.Lang)
	if err != nil {
		return err
	}
	for _, other := range list {
		switch {
		case other.ID == p.ID:
		case other.Slug == p.Slug:
			return entry.SlugTaken("slug", p.Slug)
		case other.Key == p.Key:
			return (&problem.Error{Kind: problem.Conflict, Key: entry.Taken}).With(problem.Field{Name: "key", Key: entry.Taken, Value: p.Key})
		}
	}
	return nil
}

// DeletePage deletes a page that has not changed since version.
func (s *Service) DeletePage(ctx context.Context, a actor.Actor, id PageID, version int64) error {
	if !actor.May(a, actor.EditPages, actor.Scope{}) {
		return forbidden()
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.store().page(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.store().deletePage(ctx, tx, id, version); err != nil {
			return err
		}
		// The text goes into the record: it may be the only place it is still found.
		return tell(ctx, tx, a, "page.delete", "page.changed", "page:"+string(id), map[string]any{"key": old.Key, "lang": old.Lang, "title": old.Title, "body": old.Body})
	})
	if err != nil {
		return fmt.Errorf("delete static page %s: %w", id, err)
	}
	return nil
}
