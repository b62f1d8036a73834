// Package address keeps the addresses of sections, topics, authors and static pages for ever: what
// changes its address goes on being found at the one it had.
package address

import (
	"context"
	"maps"
	"slices"
	"strings"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Kind is what lives at an address.
type Kind string

// The kinds whose addresses are built from a language and a slug. A story's has its number in it
// and needs no memory.
const (
	Section Kind = "section"
	Topic   Kind = "topic"
	Author  Kind = "author"
	Page    Kind = "page"
)

// Path is the address from the root of the host. The slug stands in it as it is stored: one that
// needs escaping is refused when it is typed.
func (k Kind) Path(l lang.Tag, slug string) string {
	if k == Section {
		return "/" + string(l) + "/" + slug + "/"
	}
	return "/" + string(l) + "/" + string(k) + "/" + slug + "/"
}

// Target is how a redirect names the thing, so that it leads to its present address.
func (k Kind) Target(id string, l lang.Tag) string { return string(k) + ":" + id + ":" + string(l) }

// ID returns whom of this kind a redirect names, and "" if it leads to something else.
func (k Kind) ID(target string) string {
	rest, ok := strings.CutPrefix(target, string(k)+":")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, ":")
	return id
}

// Redirects is the memory of addresses.
type Redirects interface {
	AddRedirect(ctx context.Context, tx *db.Tx, path, target string) error
	RemoveRedirect(ctx context.Context, tx *db.Tx, path string) error
	Redirect(ctx context.Context, q db.Conn, path string) (target string, err error)
}

// Slugs are the parts of a thing's addresses, by language.
type Slugs map[lang.Tag]string

// Names tells what somebody else of the same kind is called, by language; problem.NotFound if there
// is nobody any more.
type Names func(id string) (map[lang.Tag]string, error)

// Keep is part of the act that changes a thing's addresses from old to now: those that now lacks lead
// to it, and nothing leads away from those it has. An address that leads to somebody else of the kind
// is refused with a field slug.<lang>: who kept it as a bookmark would land elsewhere.
func (k Kind) Keep(ctx context.Context, tx *db.Tx, r Redirects, id string, old, now Slugs, names Names) error {
	for _, l := range slices.Sorted(maps.Keys(now)) {
		if err := k.Claim(ctx, tx, r, id, l, now[l], "slug."+string(l), names); err != nil {
			return err
		}
	}
	for _, l := range slices.Sorted(maps.Keys(old)) {
		if now[l] == old[l] {
			continue
		}
		if err := r.AddRedirect(ctx, tx, k.Path(l, old[l]), k.Target(id, l)); err != nil {
			return err
		}
	}
	return nil
}

// Claim is [Kind.Keep]'s part for one new address; field names it in the refusal.
func (k Kind) Claim(ctx context.Context, tx *db.Tx, r Redirects, id string, l lang.Tag, slug, field string, names Names) error {
	path := k.Path(l, slug)
	to, err := r.Redirect(ctx, tx, path)
	if problem.Is(err, problem.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if other := k.ID(to); other != "" && other != id {
		called, err := names(other)
		if err == nil {
			return entry.TakenBefore(field, slug, in(called, l))
		}
		if !problem.Is(err, problem.NotFound) {
			return err
		}
		// It is gone, and nothing is lost.
	}
	return r.RemoveRedirect(ctx, tx, path)
}

// in returns the name in the language, or in the first that there is.
func in(names map[lang.Tag]string, l lang.Tag) string {
	if n := names[l]; n != "" {
		return n
	}
	for _, l := range slices.Sorted(maps.Keys(names)) {
		if names[l] != "" {
			return names[l]
		}
	}
	return ""
}
