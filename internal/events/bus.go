package events

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"depesche/internal/db"
)

const (
	// lookBack is how far a reading goes back behind the newest event it knows. Transactions become
	// visible in another order than their times, so a cursor that only moves forward would miss some.
	lookBack = 10 * time.Second
	// sweepBack is for transactions that took long and nodes whose clocks differ; it is read every
	// sweepEvery.
	sweepBack  = 2 * time.Minute
	sweepEvery = 10 * time.Second
	// pollEvery is for signals that were lost.
	pollEvery = 500 * time.Millisecond
	// keep is how long events stay, for whoever wants to know what happened.
	keep = 7 * 24 * time.Hour
	// batch is how many events are read at once: after an import there are tens of thousands.
	batch = 500
	// readWithin bounds a reading: a connection that died without a word must not keep the bus from what
	// others tell.
	readWithin = 5 * time.Second
	trimWithin = time.Minute
	// tries is how often a listener that fails is told the same.
	tries = 5
)

// Bus delivers this node's events to its listeners: each at least once, in the order of their
// times as far as that is known, one at a time.
type Bus struct {
	db  *db.DB
	log *slog.Logger

	mu        sync.Mutex // held while delivering
	listeners []listener
	newest    time.Time        // of the events read
	seen      map[uint64]int64 // delivered, or older than the bus, within sweepBack: when, in Unix microseconds
	seed      maphash.Seed
	running   bool         // what was there before is known
	read      time.Time    // when the last reading that succeeded began, in the time of events
	heard     atomic.Int64 // the same in this machine's, in Unix milliseconds, for those who ask meanwhile
	owed      []debt
}

type listener struct {
	kinds []string
	fn    func(context.Context, Event) error
}

// debt is a delivery that failed.
type debt struct {
	to    int
	event Event
	tries int
}

// NewBus returns a bus that delivers what happens from now on, and some that happened just before:
// hearing of it twice must be harmless.
func NewBus(d *db.DB, log *slog.Logger) *Bus {
	return &Bus{db: d, log: log, newest: d.Common(), seen: map[uint64]int64{}, seed: maphash.MakeSeed()}
}

// Listen calls fn for each event of the kinds; one that ends in '.' stands for all that begin like
// it, and "" for all. If fn returns an error it is called again with the same event later, five times in all.
// Listen before Run.
func (b *Bus) Listen(kinds []string, fn func(context.Context, Event) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listeners = append(b.listeners, listener{slices.Clone(kinds), fn})
}

func (l listener) wants(kind string) bool {
	for _, k := range l.kinds {
		if k == kind || (k == "" || strings.HasSuffix(k, ".")) && strings.HasPrefix(kind, k) {
			return true
		}
	}
	return false
}

// Heard is when the last reading began after which nothing was left to tell; the zero time before the
// first. What happened until then is known here, but for transactions that took long.
func (b *Bus) Heard() time.Time {
	if ms := b.heard.Load(); ms != 0 {
		return time.UnixMilli(ms)
	}
	return time.Time{}
}

// Run delivers until ctx is done, and then returns nil. What this node commits is delivered at
// once, what others commit within a second. While the database can't be reached it goes on trying.
func (b *Bus) Run(ctx context.Context) error {
	wake, end := b.db.Signals(signal)
	defer end()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	var swept, trimmed time.Time
	failing := false
	for {
		back, now := lookBack, time.Now()
		if now.Sub(swept) >= sweepEvery {
			back, swept = sweepBack, now
			b.askTime(ctx)
		}
		if now.Sub(trimmed) >= time.Hour {
			if err := trim(ctx, b.db, b.db.Common().Add(-keep)); err != nil && ctx.Err() == nil {
				b.log.WarnContext(ctx, "old events can't be deleted", "error", err)
			}
			trimmed = now
		}
		if _, err := b.pass(ctx, back); ctx.Err() == nil && (err != nil) != failing {
			failing = err != nil
			if failing {
				b.log.ErrorContext(ctx, "events can't be read; trying again", "error", err)
			} else {
				b.log.InfoContext(ctx, "events are read again")
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-poll.C:
		}
	}
}

// askTime follows a clock that is wrong, or is set. Where the server doesn't answer the reading says so.
func (b *Bus) askTime(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	_ = b.db.AskTime(ctx)
}

// Drain delivers all that is committed, and what the listeners cause by it. It is for tests, and
// returns the errors that listeners returned.
func (b *Bus) Drain(ctx context.Context) error {
	for {
		n, err := b.pass(ctx, sweepBack)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		b.mu.Lock()
		owed := len(b.owed)
		b.mu.Unlock()
		if owed > 0 {
			return fmt.Errorf("%d deliveries failed", owed)
		}
		return nil
	}
}

// pass reads and delivers once and returns how many new events there were.
func (b *Bus) pass(ctx context.Context, back time.Duration) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.listeners) == 0 {
		return 0, nil // nobody is to be told
	}
	b.payDebts(ctx)
	// An event may be of a moment that is still to come; now bounds how far we follow it. What happened before the last
	// reading is looked at once more only as far as lookBack: after an import and then silence each
	// reading would go through the import's last seconds.
	from, now, began := b.newest, b.db.Common(), time.Now()
	if b.read.After(from) {
		from = b.read
	}
	if now.Before(from) {
		from = now
	}
	if !b.running {
		if err := b.skip(ctx, from); err != nil {
			return 0, err
		}
		b.running, back = true, lookBack
	}
	start := from.Add(-back)
	if there, err := count(ctx, b.db.Read(), start); err != nil {
		return 0, err
	} else if there == b.known(start) {
		b.rest(began, now, from, back)
		return 0, nil
	}
	n := 0
	for at := (place{at: start}); ; {
		found, err := since(ctx, b.db.Read(), at, batch)
		if err != nil {
			return n, err
		}
		told, err := b.tell(ctx, found)
		if n += told; err != nil {
			return n, err
		}
		if len(found) < batch {
			break
		}
		at = found[len(found)-1]
	}
	b.rest(began, now, from, back)
	return n, nil
}

// known is how many of the events after a moment were read.
func (b *Bus) known(after time.Time) (n int) {
	for _, at := range b.seen {
		if at > after.UnixMicro() {
			n++
		}
	}
	return n
}

// rest ends a reading that succeeded.
func (b *Bus) rest(began, now, from time.Time, back time.Duration) {
	b.read = now
	b.heard.Store(began.UnixMilli())
	if back == sweepBack {
		b.forget(from.Add(-sweepBack - time.Minute))
	}
}

// skip notes which events are older than the bus by more than lookBack and readable already: nobody here has
// read anything before them, and after an import they are tens of thousands. One of their age that becomes
// readable later is delivered.
func (b *Bus) skip(ctx context.Context, from time.Time) error {
	for at := (place{at: from.Add(-sweepBack)}); ; {
		found, err := since(ctx, b.db.Read(), at, batch)
		if err != nil {
			return err
		}
		for _, p := range found {
			if from.Sub(p.at) > lookBack {
				b.saw(p.id, p.at)
			}
		}
		if len(found) < batch {
			return nil
		}
		at = found[len(found)-1]
	}
}

// tell delivers those of a batch that are new, and returns how many these were.
func (b *Bus) tell(ctx context.Context, found []place) (int, error) {
	var fresh []string
	for _, p := range found {
		if _, ok := b.seen[b.key(p.id)]; !ok {
			fresh = append(fresh, p.id)
		}
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	list, err := load(ctx, b.db.Read(), fresh)
	if err != nil {
		return 0, err
	}
	for _, e := range list {
		b.saw(e.ID, e.At)
		if e.At.After(b.newest) {
			b.newest = e.At
		}
		b.deliver(ctx, e)
	}
	return len(list), nil
}

// key stands for an event's ID in a quarter of its space: that two of a hundred thousand have the same, and one
// of them isn't delivered, happens once in four thousand million times.
func (b *Bus) key(id string) uint64 { return maphash.String(b.seed, id) }

func (b *Bus) saw(id string, at time.Time) { b.seen[b.key(id)] = at.UnixMicro() }

// forget drops what no reading will come across again.
func (b *Bus) forget(before time.Time) {
	for key, at := range b.seen {
		if at < before.UnixMicro() {
			delete(b.seen, key)
		}
	}
}

func (b *Bus) deliver(ctx context.Context, e Event) {
	for i, l := range b.listeners {
		if !l.wants(e.Kind) {
			continue
		}
		if err := call(ctx, l.fn, e); err != nil {
			b.owe(ctx, debt{to: i, event: e, tries: 1}, err)
		}
	}
}

func (b *Bus) payDebts(ctx context.Context) {
	owed := b.owed
	b.owed = nil
	for _, d := range owed {
		if err := call(ctx, b.listeners[d.to].fn, d.event); err != nil {
			d.tries++
			b.owe(ctx, d, err)
		}
	}
}

func (b *Bus) owe(ctx context.Context, d debt, err error) {
	if ctx.Err() != nil {
		return // the node stops
	}
	if d.tries >= tries {
		b.log.ErrorContext(ctx, "a listener gave up on an event",
			"event", d.event.ID, "kind", d.event.Kind, "subject", d.event.Subject, "error", err)
		return
	}
	b.owed = append(b.owed, d)
}

func call(ctx context.Context, fn func(context.Context, Event) error, e Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(errPanic, fmt.Errorf("%v", p))
		}
	}()
	return fn(ctx, e)
}

var errPanic = errors.New("a listener panicked")
