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

// Keep is part of the act that changes a thing's names from old to now: its addresses that now lacks lead
// to it, and nothing leads away from those it has. An address that leads to somebody else of the kind is
// refused with a field slug.<lang>: who kept it as a bookmark would land elsewhere. part is a name and the
// slug made of it; others are the names of another, or problem.NotFound if it is gone. With r nil old
// addresses are forgotten.
func Keep[N any](ctx context.Context, tx *db.Tx, r Redirects, k Kind, id string, old, now map[lang.Tag]N, part func(N) (name, slug string), others func(id string) (map[lang.Tag]N, error)) error {
	if r == nil {
		return nil
	}
	slug := func(names map[lang.Tag]N, l lang.Tag) string { _, s := part(names[l]); return s }
	called := func(other string, l lang.Tag) (string, error) {
		names, err := others(other)
		for _, t := range append([]lang.Tag{l}, slices.Sorted(maps.Keys(names))...) {
			if name, _ := part(names[t]); name != "" {
				return name, err
			}
		}
		return "", err
	}
	for _, l := range slices.Sorted(maps.Keys(now)) {
		if err := Claim(ctx, tx, r, k, id, l, slug(now, l), "slug."+string(l), called); err != nil {
			return err
		}
	}
	for _, l := range slices.Sorted(maps.Keys(old)) {
		was := slug(old, l)
		if was == slug(now, l) {
			continue
		}
		if err := r.AddRedirect(ctx, tx, k.Path(l, was), k.Target(id, l)); err != nil {
			return err
		}
	}
	return nil
}

// Claim is [Keep]'s part for one new address; field names it in the refusal, and called tells what another
// is called in the language.
func Claim(ctx context.Context, tx *db.Tx, r Redirects, k Kind, id string, l lang.Tag, slug, field string, called func(id string, l lang.Tag) (string, error)) error {
	path := k.Path(l, slug)
	to, err := r.Redirect(ctx, tx, path)
	if problem.Is(err, problem.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if other := k.ID(to); other != "" && other != id {
		name, err := called(other, l)
		if err == nil {
			return entry.TakenBefore(field, slug, name)
		}
		if !problem.Is(err, problem.NotFound) {
			return err
		}
		// It is gone, and nothing is lost.
	}
	return r.RemoveRedirect(ctx, tx, path)
}
