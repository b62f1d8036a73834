package register

import (
	"context"
	"slices"

	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/engine"
	"depesche/internal/lang"
)

// Hit is an entry that stands in a text, and what is right for it in another language.
type Hit struct {
	// Start and End are where it stands, in bytes.
	Start, End int
	Entry      Entry
	// Source and Target are the entry's words in the two languages. Where an entry that isn't
	// translated has none in the other, it is the same there.
	Source, Target Word
}

// Hits returns the entries that stand in a text in the language from and have something to say about
// one in to, from left to right. At each place the longest wins; entries of the same name are all
// there.
func (s *Service) Hits(ctx context.Context, q db.Conn, from, to lang.Tag, text string) ([]Hit, error) {
	c, err := s.compiled(ctx, q)
	if err != nil {
		return nil, err
	}
	return c.hits(from, to, text), nil
}

func (c *compiled) hits(from, to lang.Tag, text string) []Hit {
	var out []Hit
	for _, p := range c.find(from, text) {
		e := p.entry.clone() // who gets it may change it
		h := Hit{Start: p.start, End: p.end, Entry: e, Source: e.Words[from]}
		var ok bool
		if h.Target, ok = e.Words[to]; !ok {
			if !e.Keep {
				continue
			}
			h.Target = Word{Text: h.Source.Text, Gender: h.Source.Gender, Others: h.Source.Others}
		}
		out = append(out, h)
	}
	return out
}

// For returns what the checks need to know of the entries that stand in the texts, in the order in
// which they come. Two entries of the same name, which nobody can tell apart by it, are one term in
// which what is right for either is right, and only what both forbid is forbidden.
//
// The forms are those of the dictionary, those that people listed and those that rules make of
// both: a check needs no grammar, only words' boundaries. See [Index.Find] for what a capital means.
func (s *Service) For(ctx context.Context, q db.Conn, from, to lang.Tag, texts ...string) ([]check.Term, error) {
	c, err := s.compiled(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []check.Term
	seen := map[ID]bool{}
	for _, text := range texts {
		hits := c.hits(from, to, text)
		for len(hits) > 0 {
			n := 1
			for n < len(hits) && hits[n].Start == hits[0].Start {
				n++
			}
			if id := hits[0].Entry.ID; !seen[id] {
				seen[id] = true
				out = append(out, term(from, to, hits[:n]))
			}
			hits = hits[n:]
		}
	}
	return out, nil
}

// term makes one term of the entries that stand at one place.
func term(from, to lang.Tag, hits []Hit) check.Term {
	var t check.Term
	for i, h := range hits {
		e := h.Entry
		e.Words[to] = h.Target
		wrong := e.wrong(to, h.Target)
		t.Source = union(t.Source, e.right(from))
		t.Target = union(t.Target, e.right(to))
		if i == 0 {
			t.ID, t.Keep, t.Name, t.Forbidden = string(e.ID), e.Keep, e.Kind.Name(), wrong
			continue
		}
		t.Keep = t.Keep && e.Keep
		t.Forbidden = slices.DeleteFunc(t.Forbidden, func(f string) bool { return !slices.Contains(wrong, f) })
	}
	t.Forbidden = slices.DeleteFunc(t.Forbidden, func(f string) bool { return slices.Contains(t.Target, f) })
	return t
}

// Terms returns the entries that stand in the text as engines take them, those of one name left out
// of which there are two: an engine can't know which is meant.
func (s *Service) Terms(ctx context.Context, q db.Conn, from, to lang.Tag, text string) ([]engine.Term, error) {
	c, err := s.compiled(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []engine.Term
	hits := c.hits(from, to, text)
	for i, h := range hits {
		if i > 0 && hits[i-1].Start == h.Start || i+1 < len(hits) && hits[i+1].Start == h.Start {
			continue
		}
		source := h.Source.Text
		for _, o := range h.Source.Others {
			if slices.Contains(Inflect(from, h.Entry.Kind, h.Source.Gender, o), text[h.Start:h.End]) {
				source = o
			}
		}
		if t := (engine.Term{Source: source, Target: h.Target.Text}); !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out, nil
}
