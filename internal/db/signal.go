package db

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel is the PostgreSQL channel over which nodes wake each other; the payload is a signal's name.
const channel = "depesche"

// signals wakes those who wait for something to be committed. A signal carries nothing: who is
// woken looks into the database.
type signals struct {
	start func() // the listener, once, when first needed

	mu      sync.Mutex
	waiting map[string]map[chan struct{}]bool
}

// Signals returns a channel that gets a value after each commit that [Tx.Signal]led name, on any node,
// several commits may share one, and a function that ends it. A lost connection to PostgreSQL loses
// signals until it is back, which is a signal too; so look from time to time all the same.
func (d *DB) Signals(name string) (<-chan struct{}, func()) {
	d.signals.start()
	ch := make(chan struct{}, 1)
	d.signals.mu.Lock()
	defer d.signals.mu.Unlock()
	if d.signals.waiting == nil {
		d.signals.waiting = map[string]map[chan struct{}]bool{}
	}
	if d.signals.waiting[name] == nil {
		d.signals.waiting[name] = map[chan struct{}]bool{}
	}
	d.signals.waiting[name][ch] = true
	return ch, func() {
		d.signals.mu.Lock()
		defer d.signals.mu.Unlock()
		delete(d.signals.waiting[name], ch)
	}
}

func (s *signals) wake(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ch := range s.waiting[name] {
		select {
		case ch <- struct{}{}:
		default: // it will look anyway
		}
	}
}

func (s *signals) wakeAll() {
	s.mu.Lock()
	names := make([]string, 0, len(s.waiting))
	for name := range s.waiting {
		names = append(names, name)
	}
	s.mu.Unlock()
	for _, name := range names {
		s.wake(name)
	}
}

// notify tells the other nodes; PostgreSQL sends it with the commit.
func (tx *Tx) notify(ctx context.Context) error {
	if tx.db.engine != Postgres {
		return nil
	}
	for _, name := range tx.signals {
		if _, err := tx.pgx.Exec(ctx, "SELECT pg_notify($1, $2)", channel, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) startListening(ctx context.Context) {
	if d.engine != Postgres || ctx.Err() != nil {
		return
	}
	d.running.Go(func() {
		for ctx.Err() == nil {
			if err := d.listen(ctx); ctx.Err() == nil {
				d.log.WarnContext(ctx, "lost the connection that hears other nodes; trying again", "error", err)
				wait, cancel := context.WithTimeout(ctx, time.Second)
				<-wait.Done()
				cancel()
			}
		}
	})
}

// listen has its own connection beside the pool, since it keeps it for as long as the node runs.
func (d *DB) listen(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(end) // it may be broken: that is why we are here
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	d.signals.wakeAll()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		d.signals.wake(n.Payload)
	}
}
