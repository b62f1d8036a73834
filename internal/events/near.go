package events

import (
	"context"
	"sync"

	"depesche/internal/db"
)

// near are those of this process who can't wait for the bus.
type near struct {
	mu     sync.RWMutex
	within []func(context.Context, *db.Tx, Event) error
	after  []func(context.Context, []Event)
}

type nearKey struct{}

func nearOf(d *db.DB) *near {
	return d.Keep(nearKey{}, func() any { return &near{} }).(*near) //nolint:forcetypeassert // what was kept
}

// Within calls fn in the act's own transaction with each event that this process appends: for what
// must be done if and only if the act is done, such as a job.
func Within(d *db.DB, fn func(context.Context, *db.Tx, Event) error) {
	n := nearOf(d)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.within = append(n.within, fn)
}

// After calls fn with the events of each act of this process when it is committed and before it is
// acknowledged: what the act made false here is gone when somebody is told that it happened. The bus
// tells of the same events again.
func After(d *db.DB, fn func(context.Context, []Event)) {
	n := nearOf(d)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.after = append(n.after, fn)
}

// Read returns the events with these IDs, oldest first; those trimmed meanwhile are left out.
func Read(ctx context.Context, q db.Conn, ids []string) ([]Event, error) { return load(ctx, q, ids) }

func (n *near) told(ctx context.Context, tx *db.Tx, e Event) error {
	n.mu.RLock()
	within, after := n.within, n.after
	n.mu.RUnlock()
	for _, fn := range within {
		if err := fn(ctx, tx, e); err != nil {
			return err
		}
	}
	if len(after) == 0 {
		return nil
	}
	// Who asked may have gone away; the act has happened all the same.
	ctx = context.WithoutCancel(ctx)
	tx.Gather(nearKey{}, e, func(list []any) {
		events := make([]Event, 0, len(list))
		for _, v := range list {
			if e, ok := v.(Event); ok {
				events = append(events, e)
			}
		}
		for _, fn := range after {
			fn(ctx, events)
		}
	})
	return nil
}
