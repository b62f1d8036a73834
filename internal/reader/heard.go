package reader

import (
	"context"
	"sync"
	"time"

	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/pagecache"
	"depesche/internal/story"
)

// heard knows which events this node has acted on already, as they happened here: the bus tells of
// them again.
type heard struct {
	mu    sync.Mutex
	here  map[string]time.Time
	swept time.Time

	second time.Time // of the bus, with how many it told of in it
	told   int
}

const (
	// remembered is longer than the bus goes back.
	remembered = 5 * time.Minute
	// manyAtOnce is how many events of other nodes in a second are looked at one by one. In an import
	// there are thousands, and everything is forgotten instead.
	manyAtOnce = 50
)

// listen hears of what is done here before it is acknowledged, and of what is done elsewhere by the
// bus.
func (rd *Reader) listen() {
	rd.heard.here = map[string]time.Time{}
	events.After(rd.DB, func(ctx context.Context, list []events.Event) {
		rd.heard.note(list, time.Now())
		rd.forget(ctx, list)
	})
	if rd.Bus != nil {
		rd.Bus.Listen([]string{""}, func(ctx context.Context, e events.Event) error {
			switch rd.heard.fromBus(e, time.Now()) {
			case one:
				rd.forget(ctx, []events.Event{e})
			case many:
				rd.forgetAll()
			}
			return nil
		})
	}
}

func (h *heard) note(list []events.Event, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Sub(h.swept) > time.Minute {
		h.swept = now
		for id, at := range h.here {
			if now.Sub(at) > remembered {
				delete(h.here, id)
			}
		}
	}
	for _, e := range list {
		h.here[e.ID] = now
	}
}

type howMany int

const (
	none howMany = iota
	one
	many
)

func (h *heard) fromBus(e events.Event, now time.Time) howMany {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.here[e.ID]; ok {
		return none
	}
	if second := now.Truncate(time.Second); second != h.second {
		h.second, h.told = second, 0
	}
	if h.told++; h.told > manyAtOnce {
		return many
	}
	return one
}

// forgetAll waits for what is being found out of an act before: a fact that was read then isn't learnt after.
func (rd *Reader) forgetAll() {
	rd.forgetting.Lock()
	defer rd.forgetting.Unlock()
	rd.cache.DropAll()
}

// forgetWithin bounds what reading may take that an act waits for.
const forgetWithin = 5 * time.Second

// forget drops what the events made false. If that can't be found out, it drops everything.
func (rd *Reader) forget(ctx context.Context, list []events.Event) {
	rd.forgetting.Lock() // so that what is learnt of a fact is what the last one read
	defer rd.forgetting.Unlock()
	if rd.cache.Empty() {
		rd.cache.DropAll() // what is being rendered isn't kept
		return
	}
	ctx, cancel := context.WithTimeout(ctx, forgetWithin)
	defer cancel()
	f := &falsifier{rd: rd, knows: rd.cache.Knows}
	err := rd.DB.Snapshot(ctx, func(q db.Conn) error {
		f.q = q
		for _, e := range list {
			if err := f.event(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	var gone []*pagecache.Entry
	if err != nil || f.all {
		if err != nil {
			rd.Log.ErrorContext(ctx, "all pages are made anew: what became false isn't known", "error", err)
		}
		gone = rd.cache.DropAll()
	} else {
		gone = rd.cache.Drop(f.tags...)
		for _, fact := range f.facts {
			gone = append(gone, rd.cache.Learn(fact)...)
		}
	}
	rd.warming.dropped(gone, f.warm)
}

// pathOf is where readers find the story in the language.
func (rd *Reader) pathOf(ctx context.Context, q db.Conn, st story.ID, l lang.Tag) (string, error) {
	at, err := rd.Editions.AddressOf(ctx, q, st, l)
	if err != nil {
		return "", err
	}
	return page.ArticlePath(at.Lang, at.Number, at.Slug), nil
}
