// Package events is news of what happened, from room to room and from node to node: an outbox that
// is written in the transaction of the act and read by every node after it.
//
// An event says that something changed, not what to do. Delivery is at least once and soon, in no
// promised order between acts: a listener looks at the present state and may be called twice.
package events

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"depesche/internal/db"
	"depesche/internal/id"
)

// signal wakes the buses of all nodes after a commit.
const signal = "events"

// Event is one thing that happened.
type Event struct {
	ID      string
	Kind    string // edition.published …
	Subject string // edition:<id> …
	Data    json.RawMessage
	At      time.Time
}

// Append stores an event; it stands or falls with tx. data becomes JSON; nil is {}.
// Its time is the real one even where the clock of the act stands elsewhere: the outbox is about now.
func Append(ctx context.Context, tx *db.Tx, kind, subject string, data any) error {
	raw := []byte("{}")
	if data != nil {
		var err error
		if raw, err = json.Marshal(data); err != nil {
			return fmt.Errorf("event %s: %w", kind, err)
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO event (id, kind, subject, data, created_at)
		VALUES ($1, $2, $3, $4, $5)`,
		id.New(time.Now()), kind, subject, string(raw), db.Time{Time: time.Now()})
	if err != nil {
		return fmt.Errorf("event %s: %w", kind, err)
	}
	tx.Signal(signal)
	return nil
}

// The bus looks at least this often, reads again what is younger than overlap (transactions become
// visible out of order, and nodes' clocks differ), and keeps events for keep.
const (
	poll    = 2 * time.Second
	overlap = 30 * time.Second
	keep    = 7 * 24 * time.Hour
	page    = 500
)

// Bus delivers events to the listeners of this node.
type Bus struct {
	db  *db.DB
	log *slog.Logger

	mu        sync.Mutex // one delivery at a time
	listeners []listener
	since     time.Time
	seen      map[string]time.Time
}

type listener struct {
	kinds []string
	fn    func(context.Context, Event) error
}

// NewBus returns a bus that delivers what happens from now on. What happened before is in the
// tables, which every listener reads when it starts.
func NewBus(d *db.DB, log *slog.Logger) *Bus {
	return &Bus{db: d, log: log, since: time.Now().Add(-overlap), seen: map[string]time.Time{}}
}

// Listen calls fn for each event whose kind is in kinds, or begins with one that ends in a dot:
// "edition." An error is logged; the event isn't delivered again, since what it changed will be seen
// at the next one. Call it before Run.
func (b *Bus) Listen(kinds []string, fn func(context.Context, Event) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listeners = append(b.listeners, listener{kinds, fn})
}

func (l listener) wants(kind string) bool {
	for _, k := range l.kinds {
		if k == kind || strings.HasSuffix(k, ".") && strings.HasPrefix(kind, k) {
			return true
		}
	}
	return false
}

// Run delivers until ctx ends.
func (b *Bus) Run(ctx context.Context) error {
	woken, end := b.db.Signals(signal)
	defer end()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	trim := time.NewTicker(time.Hour)
	defer trim.Stop()
	for {
		if err := b.Drain(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("events", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-woken:
		case <-tick.C:
		case <-trim.C:
			if err := b.trim(ctx); err != nil && ctx.Err() == nil {
				b.log.Warn("events: trim", "err", err)
			}
		}
	}
}

// Drain delivers all that is committed and hasn't been delivered.
func (b *Bus) Drain(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	after, afterID := b.since, ""
	for {
		rows, err := b.db.Read().QueryContext(ctx, `
			SELECT id, kind, subject, data, created_at FROM event
			WHERE (created_at, id) > ($1, $2)
			ORDER BY created_at, id LIMIT $3`, db.Time{Time: after}, afterID, page)
		list, err := db.Collect(rows, err, scan)
		if err != nil {
			return err
		}
		for _, e := range list {
			after, afterID = e.At, e.ID
			if _, twice := b.seen[e.ID]; !twice {
				b.seen[e.ID] = e.At
				b.deliver(ctx, e)
			}
		}
		if len(list) < page {
			break
		}
	}
	if next := time.Now().Add(-overlap); next.After(b.since) {
		b.since = next
	}
	for eventID, at := range b.seen {
		if at.Before(b.since) {
			delete(b.seen, eventID)
		}
	}
	return nil
}

func scan(rows *sql.Rows) (Event, error) {
	var e Event
	var data string
	var at db.Time
	err := rows.Scan(&e.ID, &e.Kind, &e.Subject, &data, &at)
	e.Data, e.At = json.RawMessage(data), at.Time
	return e, err
}

func (b *Bus) deliver(ctx context.Context, e Event) {
	for _, l := range b.listeners {
		if !l.wants(e.Kind) {
			continue
		}
		if err := l.fn(ctx, e); err != nil {
			b.log.Error("listener failed", "event", e.Kind, "subject", e.Subject, "err", err)
		}
	}
}

// trim deletes events that every node has long read.
func (b *Bus) trim(ctx context.Context) error {
	return b.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM event WHERE created_at < $1`, db.Time{Time: time.Now().Add(-keep)})
		return err
	})
}
