package memory

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

	"depesche/internal/db"
	"depesche/internal/document"
)

const (
	// refsPerKey bounds what one pair of words leads to: the newest. More than this share it only if it
	// says little, and then another pair of the text leads there.
	refsPerKey = 64
	// exactPerText bounds equal segments of other stories: of a sentence that stands under every text.
	exactPerText = 32
	// readPerText is how many candidates are read and compared.
	readPerText = 24
)

// Matches returns for each segment what is remembered of it, the best first: what its own earlier
// translation, its story, other stories (newest first) and imports have for exactly this source, then
// what they have for nearly this source. Segments without any aren't in the result.
//
// It is made for all segments of a translation at once: the number of statements doesn't grow with
// them.
func (s *Service) Matches(ctx context.Context, q db.Conn, query Query) (map[document.Address][]Match, error) {
	if query.Limit <= 0 {
		query.Limit = DefaultLimit
	}
	if query.Min <= 0 {
		query.Min = DefaultMin
	}
	wanted := query.wanted()
	if len(wanted) == 0 {
		return map[document.Address][]Match{}, nil
	}
	if err := query.addOwn(ctx, q, wanted); err != nil {
		return nil, fmt.Errorf("matches of edition %s: %w", query.Edition, err)
	}
	if err := addExact(ctx, q, wanted); err != nil {
		return nil, fmt.Errorf("exact matches: %w", err)
	}
	if err := query.addNear(ctx, q, wanted); err != nil {
		return nil, fmt.Errorf("near matches: %w", err)
	}
	var ids []ID
	for _, w := range wanted {
		for id := range w.candidates {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	entries, err := byIDs(ctx, q, slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("matches: %w", err)
	}
	known := map[ID]cut{}
	out := map[document.Address][]Match{}
	for _, w := range wanted {
		if list := query.judge(w, entries, known); len(list) > 0 {
			out[w.Address] = list
		}
	}
	return out, nil
}

// want is a segment that matches are looked for.
type want struct {
	Segment
	cut
	exact      int64
	keys       []int32
	candidates map[ID]bool
}

func (query Query) wanted() []*want {
	var out []*want
	for _, seg := range query.Segments {
		w := &want{Segment: seg, cut: cutOf(seg.Text.Normal()), candidates: map[ID]bool{}}
		if w.normal == "" {
			continue
		}
		w.exact = exactHash(query.From, query.To, w.normal)
		w.keys = queryKeys(query.From, query.To, w.tokens)
		out = append(out, w)
	}
	return out
}

// addOwn adds what the translation itself has: each segment's own, and equal ones elsewhere in it.
func (query Query) addOwn(ctx context.Context, q db.Conn, wanted []*want) error {
	if query.Edition == "" {
		return nil
	}
	at := map[document.Address]*want{}
	equal := map[int64][]*want{}
	for _, w := range wanted {
		at[w.Address] = w
		equal[w.exact] = append(equal[w.exact], w)
	}
	rows, err := q.QueryContext(ctx, `
		SELECT id, address, exact FROM memory_unit WHERE edition_id = $1 AND from_lang = $2 AND to_lang = $3`, query.Edition, query.From, query.To)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var a document.Address
		var exact int64
		if err := r.Scan(&id, &a, &exact); err != nil {
			return struct{}{}, err
		}
		if w, ok := at[a]; ok {
			w.candidates[id] = true
		}
		for _, w := range equal[exact] {
			w.candidates[id] = true
		}
		return struct{}{}, nil
	})
	return err
}

func addExact(ctx context.Context, q db.Conn, wanted []*want) error {
	hashes := make([]int64, len(wanted))
	for i, w := range wanted {
		hashes[i] = w.exact
	}
	found, err := lookUp(ctx, q, "memory_unit", "exact", "id", distinct(hashes), exactPerText)
	if err != nil {
		return err
	}
	for _, w := range wanted {
		for _, id := range found[w.exact] {
			w.candidates[id] = true
		}
	}
	return nil
}

func (query Query) addNear(ctx context.Context, q db.Conn, wanted []*want) error {
	if query.Min >= 100 {
		return nil
	}
	var keys []int32
	for _, w := range wanted {
		keys = append(keys, w.keys...)
	}
	found, err := lookUp(ctx, q, "memory_key", "key", "ref", distinct(keys), refsPerKey)
	if err != nil {
		return err
	}
	for _, w := range wanted {
		for _, id := range likely(w.keys, found) {
			w.candidates[id] = true
		}
	}
	return nil
}

func distinct[T cmp.Ordered](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// likely are the units that most keys lead to, those that lead to few counting more.
func likely(keys []int32, found map[int32][]ID) []ID {
	weight := map[ID]float64{}
	for _, k := range keys {
		refs := found[k]
		for _, id := range refs {
			weight[id] += 1 / math.Log2(float64(1+len(refs)))
		}
	}
	out := make([]ID, 0, len(weight))
	for id := range weight {
		out = append(out, id)
	}
	slices.SortFunc(out, func(a, b ID) int {
		if c := cmp.Compare(weight[b], weight[a]); c != 0 {
			return c
		}
		return cmp.Compare(b, a)
	})
	return out[:min(len(out), readPerText)]
}

// judge compares a segment with its candidates and returns the best.
func (query Query) judge(w *want, entries map[ID]Entry, known map[ID]cut) []Match {
	var out []Match
	for id := range w.candidates {
		e, ok := entries[id]
		if !ok || e.From != query.From || e.To != query.To {
			continue // gone since, or a hash that two texts share
		}
		have, ok := known[id]
		if !ok {
			have = cutOf(e.Source)
			known[id] = have
		}
		m := Match{Entry: e, Origin: query.origin(e, w.Address)}
		if e.exact == w.exact && have.normal == w.normal {
			m.Score = 100
		} else if mayReach(have.tokens, w.tokens, query.Min) {
			m.Score = min(99, score(have.tokens, w.tokens))
		}
		if m.Score < query.Min {
			continue
		}
		m.NumbersDiffer = numbersDiffer(have.tokens, w.tokens)
		out = append(out, m)
	}
	slices.SortFunc(out, better)
	out = withoutDoubles(out)
	out = out[:min(len(out), query.Limit)]
	for i := range out {
		m := &out[i]
		m.Diff = document.DiffWords(m.Source.Plain(), w.Text.Plain())
		if m.Origin > Story {
			m.Source, m.Target = Portable(m.Source), Portable(m.Target)
		}
	}
	return out
}

func (query Query) origin(e Entry, a document.Address) Origin {
	switch {
	case e.Edition == "":
		return Imported
	case e.Edition == query.Edition && e.Address == a:
		return Own
	case e.Story == query.Story && e.Story != "":
		return Story
	}
	return Other
}

// better orders matches: the more alike, then whence, then the newer.
func better(a, b Match) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Origin, b.Origin), b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
}

// withoutDoubles leaves the first of those that offer the same translation of the same text.
func withoutDoubles(list []Match) []Match {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(m Match) bool {
		k := fold(m.Source.Plain()) + "\x00" + m.Target.Plain()
		if m.Origin == Own || !seen[k] {
			seen[k] = true
			return false
		}
		return true
	})
}
