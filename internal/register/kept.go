package register

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"depesche/internal/db"
	"depesche/internal/lang"
)

const (
	// perLayer is how many changed entries are compiled together: what the next call after a change
	// waits for.
	perLayer = 128
	// mostLayers bounds what a text is looked through; then all is compiled anew.
	mostLayers = 12
)

// kept is what the node keeps of the register, compiled. It holds as long as nobody has counted the
// register up, on whatever node.
type kept struct {
	mu    sync.Mutex
	now   *compiled
	limit limits
}

// limits are perLayer and mostLayers, but for tests.
type limits struct{ perLayer, mostLayers int }

// compiled is the register at one generation, in layers: a large old one, and small ones of what changed
// since. It never changes; the next generation shares its layers but the last.
type compiled struct {
	generation int64
	layers     []*layer
	holds      map[ID]holding
}

// holding says which version of an entry holds, and in which layer it stands. What stands in others is old.
type holding struct {
	version int64
	in      *layer
}

// layer are entries, and their index in each language that was asked for.
type layer struct {
	list []Entry

	mu    sync.Mutex
	index map[lang.Tag]*Index
}

// compiled returns the register as it stands. What an open transaction has changed counts from its
// commit on.
func (s *Service) compiled(ctx context.Context, q db.Conn) (*compiled, error) {
	n, err := s.store().generation(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("the register: %w", err)
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if s.kept.now != nil && s.kept.now.generation == n {
		return s.kept.now, nil
	}
	next := s.kept.now
	err = s.db.Snapshot(ctx, func(q db.Conn) (err error) {
		next, err = s.follow(ctx, q, s.kept.now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the register: %w", err)
	}
	s.kept.now = next
	return next, nil
}

// follow returns the register as q has it, from what was kept of it; old may be nil.
func (s *Service) follow(ctx context.Context, q db.Conn, old *compiled) (*compiled, error) {
	n, err := s.store().generation(ctx, q)
	if err != nil || old != nil && old.generation == n {
		return old, err
	}
	if old == nil {
		return s.whole(ctx, q, n)
	}
	versions, err := s.store().versions(ctx, q)
	if err != nil {
		return nil, err
	}
	next := &compiled{generation: n, layers: old.layers, holds: maps.Clone(old.holds)}
	var changed []ID
	for id, v := range versions {
		if h, ok := old.holds[id]; !ok || h.version != v {
			changed = append(changed, id)
		}
	}
	for id := range old.holds {
		if _, ok := versions[id]; !ok {
			delete(next.holds, id)
		}
	}
	if most := s.kept.limit; len(changed) > most.perLayer || len(changed) > 0 && len(old.layers) > most.mostLayers {
		return s.whole(ctx, q, n)
	}
	slices.Sort(changed)
	list, err := s.store().entries(ctx, q, changed)
	if err != nil {
		return nil, err
	}
	next.put(list, s.kept.limit.perLayer)
	return next, nil
}

func (s *Service) whole(ctx context.Context, q db.Conn, generation int64) (*compiled, error) {
	list, err := s.store().approved(ctx, q)
	if err != nil {
		return nil, err
	}
	c := &compiled{generation: generation, holds: make(map[ID]holding, len(list))}
	c.add(list)
	return c, nil
}

// put adds changed entries: to the last layer while it is small, which is made anew with them.
func (c *compiled) put(changed []Entry, perLayer int) {
	if len(changed) == 0 {
		return
	}
	fresh := map[ID]bool{}
	for _, e := range changed {
		fresh[e.ID] = true
	}
	list := slices.Clone(changed)
	if at := len(c.layers) - 1; at > 0 && len(c.layers[at].list)+len(changed) <= perLayer {
		last := c.layers[at]
		for _, e := range last.list {
			if !fresh[e.ID] && c.holds[e.ID].in == last {
				list = append(list, e)
			}
		}
		c.layers = c.layers[:at]
	}
	c.add(list)
}

func (c *compiled) add(list []Entry) {
	l := &layer{list: list, index: map[lang.Tag]*Index{}}
	for _, e := range list {
		c.holds[e.ID] = holding{e.Version, l}
	}
	c.layers = append(slices.Clone(c.layers), l)
}

// in returns the index of a language, forbidden forms included.
func (l *layer) in(tag lang.Tag) *Index {
	l.mu.Lock()
	defer l.mu.Unlock()
	x := l.index[tag]
	if x == nil {
		x = Compile(l.list, tag, true)
		l.index[tag] = x
	}
	return x
}

// place is where an entry stands in a text.
type place struct {
	start, end int
	entry      Entry
}

// find is [Index.Find] over all layers, with each entry once at a place, in the order of lists.
func (c *compiled) find(tag lang.Tag, text string) []place {
	var out []place
	toks := slices.Collect(tokens(text))
	indexes := make([]*Index, len(c.layers))
	for i, l := range c.layers {
		indexes[i] = l.in(tag)
	}
	for i := 0; i < len(toks); {
		var here []Entry
		longest := 0
		for k, x := range indexes {
			l := c.layers[k]
			found, n := x.longest(toks[i:], func(at int32) bool { return c.holds[l.list[at].ID].in == l })
			if n == 0 || n < longest {
				continue
			}
			if n > longest {
				here, longest = nil, n
			}
			for _, e := range found {
				// A form may be right and forbidden.
				if id := l.list[e.entry].ID; !slices.ContainsFunc(here, func(o Entry) bool { return o.ID == id }) {
					here = append(here, l.list[e.entry])
				}
			}
		}
		if len(here) > 1 {
			slices.SortFunc(here, func(a, b Entry) int {
				return cmp.Or(strings.Compare(sortKey(a), sortKey(b)), cmp.Compare(a.ID, b.ID))
			})
		}
		for _, e := range here {
			out = append(out, place{toks[i].start, toks[i+longest-1].end, e})
		}
		i += max(1, longest)
	}
	return out
}
