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
	readPerText = 12
	// spare is how many times more than asked for are read whole: some say the same as others.
	spare = 2
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
	if err := query.choose(ctx, q, wanted); err != nil {
		return nil, fmt.Errorf("matches: %w", err)
	}
	entries, err := byIDs(ctx, q, idsOf(wanted))
	if err != nil {
		return nil, fmt.Errorf("matches: %w", err)
	}
	out := map[document.Address][]Match{}
	for _, w := range wanted {
		if list := query.judge(w, entries); len(list) > 0 {
			out[w.Address] = list
		}
	}
	return out, nil
}

func idsOf(wanted []*want) []ID {
	var ids []ID
	for _, w := range wanted {
		for id := range w.candidates {
			ids = append(ids, id)
		}
	}
	return distinct(ids)
}

// want is a segment that matches are looked for.
type want struct {
	Segment
	cut
	exact      int64
	keys       []int32
	candidates map[ID]grade
}

// grade is what is known of a candidate before it is read whole.
type grade struct {
	own           bool // of this translation
	score         int
	numbersDiffer bool
}

func (query Query) wanted() []*want {
	var out []*want
	for _, seg := range query.Segments {
		w := &want{Segment: seg, cut: cutOf(seg.Text.Normal()), candidates: map[ID]grade{}}
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
			w.candidates[id] = grade{own: true}
		}
		for _, w := range equal[exact] {
			w.candidates[id] = grade{own: true}
		}
		return struct{}{}, nil
	})
	return err
}

func (w *want) add(ids []ID) {
	for _, id := range ids {
		if _, ok := w.candidates[id]; !ok {
			w.candidates[id] = grade{}
		}
	}
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
		w.add(found[w.exact])
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
		w.add(likely(w.keys, found))
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

// choose reads the sources of all candidates, which is what a comparison needs, and leaves those that
// are alike enough: few are.
func (query Query) choose(ctx context.Context, q db.Conn, wanted []*want) error {
	of := map[ID][]*want{}
	for _, w := range wanted {
		for id := range w.candidates {
			of[id] = append(of[id], w)
		}
	}
	err := query.sources(ctx, q, idsOf(wanted), func(id ID, exact int64, source document.Inline) {
		have := cutOf(source)
		for _, w := range of[id] {
			g := w.candidates[id]
			g.score = query.score(w, exact, have)
			g.numbersDiffer = g.score >= query.Min && numbersDiffer(have.tokens, w.tokens)
			w.candidates[id] = g
		}
	})
	for _, w := range wanted {
		w.leave(query.Min, spare*query.Limit)
	}
	return err
}

func (query Query) score(w *want, exact int64, have cut) int {
	switch {
	case exact == w.exact && have.normal == w.normal:
		return 100
	case !mayReach(have.tokens, w.tokens, query.Min):
		return 0
	}
	return min(99, score(have.tokens, w.tokens))
}

// leave drops the candidates that aren't alike enough, and of those of other translations that aren't
// equal all but the best.
func (w *want) leave(least, most int) {
	var near []ID
	for id, g := range w.candidates {
		switch {
		case g.score < least:
			delete(w.candidates, id)
		case !g.own && g.score < 100:
			near = append(near, id)
		}
	}
	slices.SortFunc(near, func(a, b ID) int {
		return cmp.Or(cmp.Compare(w.candidates[b].score, w.candidates[a].score), cmp.Compare(b, a))
	})
	for _, id := range near[min(len(near), most):] {
		delete(w.candidates, id)
	}
}

// judge returns the best of what is left of a segment's candidates.
func (query Query) judge(w *want, entries map[ID]Entry) []Match {
	var out []Match
	for id, g := range w.candidates {
		if e, ok := entries[id]; ok { // else it is gone since
			out = append(out, Match{Entry: e, Origin: query.origin(e, w.Address), Score: g.score, NumbersDiffer: g.numbersDiffer})
		}
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
