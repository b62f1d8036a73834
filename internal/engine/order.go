package engine

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/problem"
)

// order is in which order engines are asked, and which aren't.
type order struct{ in, out []ID }

// Order is how the paper's engines are asked for a pair.
type Order struct {
	Engines []Installed // the first is asked first
	LeftOut []Installed // aren't asked for the pair
	Own     bool        // the pair has an order of its own
}

// inOrder returns the engines as the order says; those that it doesn't name come last, so that an
// engine that is new isn't forgotten where a pair has an order of its own.
func (o order) inOrder(list []Installed) []Installed {
	out := slices.Clone(list)
	at := func(e Installed) int {
		if i := slices.Index(o.in, e.ID); i >= 0 {
			return i
		}
		return len(o.in)
	}
	sort.SliceStable(out, func(i, j int) bool { return at(out[i]) < at(out[j]) })
	return out
}

// Order returns the paper's engines as they are asked for a pair. "" are all pairs without an order of
// their own.
func (s *Service) Order(ctx context.Context, q db.Conn, pair string) (Order, error) {
	all, err := s.store.all(ctx, q)
	if err != nil {
		return Order{}, fmt.Errorf("order of engines: %w", err)
	}
	orders, err := s.store.orders(ctx, q)
	if err != nil {
		return Order{}, fmt.Errorf("order of engines: %w", err)
	}
	all = orders[""].inOrder(all)
	own, has := orders[pair]
	out := Order{Own: has}
	for _, e := range own.inOrder(all) {
		if slices.Contains(own.out, e.ID) {
			out.LeftOut = append(out.LeftOut, e)
		} else {
			out.Engines = append(out.Engines, e)
		}
	}
	return out, nil
}

// Orders are the pairs that have an order of their own, sorted.
func (s *Service) Orders(ctx context.Context) ([]string, error) {
	orders, err := s.store.orders(ctx, s.db.Read())
	if err != nil {
		return nil, fmt.Errorf("order of engines: %w", err)
	}
	var out []string
	for p := range orders {
		if p != "" {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out, nil
}

// Move puts an engine one place further in a pair's order: by 1 down, by -1 up. The pair has an order
// of its own from then on. At the ends nothing happens.
func (s *Service) Move(ctx context.Context, a actor.Actor, pair string, eid ID, by int) error {
	return s.reorder(ctx, a, pair, func(o order) (order, error) {
		i := slices.Index(o.in, eid)
		if i < 0 {
			return o, problem.New(problem.NotFound, "problem.not_found")
		}
		if j := i + by; j >= 0 && j < len(o.in) {
			o.in[i], o.in[j] = o.in[j], o.in[i]
		}
		return o, nil
	})
}

// LeaveOut has an engine not asked for a pair any more. The pair has an order of its own from then on.
func (s *Service) LeaveOut(ctx context.Context, a actor.Actor, pair string, eid ID) error {
	if pair == "" { // an engine that no pair asks is switched off
		return problem.New(problem.NotFound, "problem.not_found")
	}
	return s.reorder(ctx, a, pair, func(o order) (order, error) {
		var err error
		o.in, o.out, err = across(o.in, o.out, eid)
		return o, err
	})
}

// TakeIn has an engine that was left out asked for the pair again, after the others.
func (s *Service) TakeIn(ctx context.Context, a actor.Actor, pair string, eid ID) error {
	return s.reorder(ctx, a, pair, func(o order) (order, error) {
		var err error
		o.out, o.in, err = across(o.out, o.in, eid)
		return o, err
	})
}

// across takes an engine from one list to the end of the other.
func across(from, to []ID, eid ID) (fromNow, toNow []ID, err error) {
	i := slices.Index(from, eid)
	if i < 0 {
		return nil, nil, problem.New(problem.NotFound, "problem.not_found")
	}
	return slices.Delete(from, i, i+1), append(to, eid), nil
}

// OwnOrder gives a pair an order of its own, that of all pairs at first.
func (s *Service) OwnOrder(ctx context.Context, a actor.Actor, pair Pair) error {
	return s.reorder(ctx, a, pair.String(), func(o order) (order, error) { return o, nil })
}

// CommonOrder takes a pair's own order away.
func (s *Service) CommonOrder(ctx context.Context, a actor.Actor, pair string) error {
	if pair == "" {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	return s.reorder(ctx, a, pair, func(order) (order, error) { return order{}, nil })
}

func (s *Service) reorder(ctx context.Context, a actor.Actor, pair string, change func(order) (order, error)) error {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		now, err := s.Order(ctx, tx, pair)
		if err != nil {
			return err
		}
		next, err := change(order{in: ids(now.Engines), out: ids(now.LeftOut)})
		if err != nil {
			return err
		}
		if err := s.store.putOrder(ctx, tx, pair, next); err != nil {
			return err
		}
		return s.tell(ctx, tx, a, "engine.order", ID(pair), nil)
	})
	if err != nil {
		return fmt.Errorf("order of engines for %q: %w", pair, err)
	}
	return nil
}

func ids(list []Installed) []ID {
	out := make([]ID, len(list))
	for i, e := range list {
		out[i] = e.ID
	}
	return out
}
