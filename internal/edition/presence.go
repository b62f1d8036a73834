package edition

import (
	"sort"
	"sync"
	"time"

	"depesche/internal/actor"
	"depesche/internal/document"
)

// Here is somebody who has an edition open.
type Here struct {
	ID    string
	Name  string
	Role  string
	Block document.ID // the block with the caret, "" if it isn't known
	Since time.Time
	Seen  time.Time
}

// away is how long after the last sign of life a person counts as gone. Open pages speak up every
// fifteen seconds; two missed calls are a lost connection.
const away = 40 * time.Second

// presence knows who has which edition open on this node. It is advice for people, never a lock: a
// restart forgets it, and two nodes don't see each other's.
type presence struct {
	now  func() time.Time
	mu   sync.Mutex
	rows map[ID]map[string]Here
}

// Here notes that the actor has the edition open, with the caret in block ("" if unknown).
func (s *Service) Here(id ID, a actor.Actor, block document.ID) {
	p := &s.presence
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rows == nil {
		p.rows = map[ID]map[string]Here{}
	}
	p.forget(now)
	room := p.rows[id]
	if room == nil {
		room = map[string]Here{}
		p.rows[id] = room
	}
	h, ok := room[a.ID]
	if !ok {
		h.Since = now
	}
	h.ID, h.Name, h.Role, h.Block, h.Seen = a.ID, a.Name, a.Role, block, now
	room[a.ID] = h
}

// Left notes that the actor closed the edition.
func (s *Service) Left(id ID, a actor.Actor) {
	p := &s.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.rows[id], a.ID)
	if len(p.rows[id]) == 0 {
		delete(p.rows, id)
	}
}

// drop forgets an edition that is no more.
func (p *presence) drop(id ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.rows, id)
}

// Who lists those who have the edition open on this node, the first to come first.
func (s *Service) Who(id ID) []Here {
	p := &s.presence
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Here
	for _, h := range p.rows[id] {
		if now.Sub(h.Seen) <= away {
			out = append(out, h)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if !out[i].Since.Equal(out[j].Since) {
			return out[i].Since.Before(out[j].Since)
		}
		return out[i].ID < out[j].ID
	})
	return out
}

// forget drops those who went without a word, so that the map stays as small as the newsroom.
func (p *presence) forget(now time.Time) {
	for id, room := range p.rows {
		for who, h := range room {
			if now.Sub(h.Seen) > away {
				delete(room, who)
			}
		}
		if len(room) == 0 {
			delete(p.rows, id)
		}
	}
}
