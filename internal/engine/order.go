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

// inOrder returns the engines as the order says; those that it doesn't name come last, so that an
// engine that is new isn't forgotten where a pair has an order of its own.
func inOrder(list []Installed, order []ID) []Installed {
	out := slices.Clone(list)
	at := func(e Installed) int {
		if i := slices.Index(order, e.ID); i >= 0 {
			return i
		}
		return len(order)
	}
	sort.SliceStable(out, func(i, j int) bool { return at(out[i]) < at(out[j]) })
	return out
}

// Order returns the paper's engines as they are asked for a pair, and whether the pair has an order of
// its own. "" are all pairs without one.
func (s *Service) Order(ctx context.Context, q db.Conn, pair string) (list []Installed, own bool, err error) {
	all, err := s.store.all(ctx, q)
	if err != nil {
		return nil, false, fmt.Errorf("order of engines: %w", err)
	}
	orders, err := s.store.orders(ctx, q)
	if err != nil {
		return nil, false, fmt.Errorf("order of engines: %w", err)
	}
	all = inOrder(all, orders[""])
	order, own := orders[pair]
	if own {
		all = inOrder(all, order)
	}
	return all, own, nil
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
	return s.reorder(ctx, a, pair, func(ids []ID) ([]ID, error) {
		i := slices.Index(ids, eid)
		if i < 0 {
			return nil, problem.New(problem.NotFound, "problem.not_found")
		}
		if j := i + by; j >= 0 && j < len(ids) {
			ids[i], ids[j] = ids[j], ids[i]
		}
		return ids, nil
	})
}

// OwnOrder gives a pair an order of its own, that of all pairs at first.
func (s *Service) OwnOrder(ctx context.Context, a actor.Actor, pair Pair) error {
	return s.reorder(ctx, a, pair.String(), func(ids []ID) ([]ID, error) { return ids, nil })
}

// CommonOrder takes a pair's own order away.
func (s *Service) CommonOrder(ctx context.Context, a actor.Actor, pair string) error {
	if pair == "" {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	return s.reorder(ctx, a, pair, func([]ID) ([]ID, error) { return nil, nil })
}

func (s *Service) reorder(ctx context.Context, a actor.Actor, pair string, change func([]ID) ([]ID, error)) error {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		list, _, err := s.Order(ctx, tx, pair)
		if err != nil {
			return err
		}
		ids := make([]ID, len(list))
		for i, e := range list {
			ids[i] = e.ID
		}
		if ids, err = change(ids); err != nil {
			return err
		}
		if err := s.store.putOrder(ctx, tx, pair, ids); err != nil {
			return err
		}
		return s.tell(ctx, tx, a, "engine.order", ID(pair), nil)
	})
	if err != nil {
		return fmt.Errorf("order of engines for %q: %w", pair, err)
	}
	return nil
}
