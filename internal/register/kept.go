package register

import (
	"context"
	"fmt"
	"sync"

	"depesche/internal/db"
	"depesche/internal/lang"
)

// kept is what the node keeps of the register, compiled. It holds as long as nobody has counted the
// register up, on whatever node.
type kept struct {
	mu  sync.Mutex
	now *compiled
}

type compiled struct {
	generation int64
	list       []Entry

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
	next := &compiled{index: map[lang.Tag]*Index{}}
	err = s.db.Snapshot(ctx, func(q db.Conn) (err error) {
		if next.generation, err = s.store().generation(ctx, q); err != nil {
			return err
		}
		if s.kept.now != nil && s.kept.now.generation == next.generation {
			next = s.kept.now
			return nil
		}
		next.list, err = s.store().approved(ctx, q)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the register: %w", err)
	}
	s.kept.now = next
	return next, nil
}

// in returns the index of a language, forbidden forms included.
func (c *compiled) in(l lang.Tag) *Index {
	c.mu.Lock()
	defer c.mu.Unlock()
	x := c.index[l]
	if x == nil {
		x = Compile(c.list, l, true)
		c.index[l] = x
	}
	return x
}
