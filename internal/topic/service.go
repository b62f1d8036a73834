package topic

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/address"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/events"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Redirects keeps changed addresses reachable; [publication.Service] does.
type Redirects interface {
	address.Redirects
	// Retarget lets all addresses that lead to a thing lead to another: both are "topic:<id>".
	Retarget(ctx context.Context, tx *db.Tx, from, into string) error
}

// Mover puts the topic into in the place of from wherever a room of a higher floor refers to it.
// Nothing may refer to from afterwards.
type Mover func(ctx context.Context, tx *db.Tx, from, into ID) error

// Service reads and changes topics.
type Service struct {
	db        *db.DB
	redirects Redirects
}

// New returns the service. With redirects nil, a topic's old addresses are forgotten.
func New(d *db.DB, redirects Redirects) *Service { return &Service{db: d, redirects: redirects} }

func (s *Service) store() store { return store{} }

// All returns all topics, inactive ones too, in the order they were made.
func (s *Service) All(ctx context.Context, q db.Conn) ([]Topic, error) {
	db.Note(q, "topics", "all")
	list, err := s.store().topics(ctx, q, nil)
	if err != nil {
		return nil, fmt.Errorf("topics: %w", err)
	}
	return list, nil
}

// Search returns active topics that have text in a name of any language, those whose name in l
// begins with it first. Case and marks don't matter.
func (s *Service) Search(ctx context.Context, q db.Conn, text string, l lang.Tag, limit int) ([]Topic, error) {
	want := entry.Folded(text)
	if want == "" {
		return nil, nil
	}
	ids, err := s.store().search(ctx, q, want)
	if err != nil {
		return nil, fmt.Errorf("search topics: %w", err)
	}
	found, err := s.ByIDs(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Topic, 0, len(found))
	for _, t := range found {
		if t.Active {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b Topic) int {
		if d := rank(a, l, want) - rank(b, l, want); d != 0 {
			return d
		}
		if d := strings.Compare(entry.Folded(a.Names[l].Name), entry.Folded(b.Names[l].Name)); d != 0 {
			return d
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return out[:min(len(out), max(0, limit))], nil
}

// rank is small for a topic that somebody who types want most likely means.
func rank(t Topic, l lang.Tag, want string) int {
	name := entry.Folded(t.Names[l].Name)
	switch {
	case name == want:
		return 0
	case strings.HasPrefix(name, want):
		return 1
	case strings.Contains(" "+name, " "+want):
		return 2
	case strings.Contains(name, want):
		return 3
	}
	return 4 // in another language only
}

// ByID returns the topic, or problem.NotFound.
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Topic, error) {
	db.Note(q, "topic", id)
	t, err := s.store().topic(ctx, q, id)
	if err != nil {
		return Topic{}, fmt.Errorf("topic %s: %w", id, err)
	}
	return t, nil
}

// ByIDs returns those of the IDs that there are.
func (s *Service) ByIDs(ctx context.Context, q db.Conn, ids []ID) (map[ID]Topic, error) {
	db.Note(q, "topic", ids...)
	out := make(map[ID]Topic, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), 500)]
		ids = ids[len(part):]
		list, err := s.store().topics(ctx, q, part)
		if err != nil {
			return nil, fmt.Errorf("topics: %w", err)
		}
		for _, t := range list {
			out[t.ID] = t
		}
	}
	return out, nil
}

// BySlug returns the topic with the address, or problem.NotFound. An address that a topic had
// before, or one that was merged into it, finds it too: the caller sees it by the slug, which is
// another then.
func (s *Service) BySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Topic, error) {
	id, err := s.store().idBySlug(ctx, q, l, slug)
	if problem.Is(err, problem.NotFound) && s.redirects != nil {
		var target string
		if target, err = s.redirects.Redirect(ctx, q, address.Topic.Path(l, slug)); err == nil {
			id = ID(address.Topic.ID(target))
		}
	}
	var t Topic
	if err == nil {
		db.Note(q, "topic", id)
		t, err = s.store().topic(ctx, q, id)
	}
	if err == nil && t.Names[l].Slug == "" {
		err = problem.New(problem.NotFound, "problem.not_found")
	}
	if err != nil {
		return Topic{}, fmt.Errorf("topic %s/%s: %w", l, slug, err)
	}
	return t, nil
}

func forbidden() error { return problem.New(problem.Forbidden, "problem.forbidden") }

// Save stores a topic; one without an ID is new. A changed address keeps leading to the topic. The
// fields of its problems are kind, name.<lang> and slug.<lang>.
func (s *Service) Save(ctx context.Context, a actor.Actor, t Topic) (Topic, error) {
	var out Topic
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.SaveTx(ctx, tx, a, t)
		return err
	})
	return out, err
}

// SaveTx is [Service.Save] within an act of another room.
func (s *Service) SaveTx(ctx context.Context, tx *db.Tx, a actor.Actor, t Topic) (Topic, error) {
	if !actor.May(a, actor.EditTopics, actor.Scope{}) {
		return Topic{}, forbidden()
	}
	isNew := t.ID == ""
	if isNew {
		t.ID = ID(id.New(tx.Now()))
	}
	t, err := check(t)
	if err != nil {
		return Topic{}, err
	}
	out, err := s.put(ctx, tx, a, t, isNew)
	if err != nil {
		return Topic{}, fmt.Errorf("save topic %s: %w", t.ID, err)
	}
	return out, nil
}

// check returns t as it is stored.
func check(t Topic) (Topic, error) {
	var f problem.Fields
	if t.Kind == "" {
		t.Kind = Subject
	}
	if !slices.Contains(Kinds, t.Kind) {
		f.Add("kind", entry.Choice, "")
	}
	names := map[lang.Tag]Name{}
	for tag, n := range t.Names {
		l := entry.Lang(&f, "name."+string(tag), tag)
		if strings.TrimSpace(n.Name) == "" && strings.TrimSpace(n.Slug) == "" {
			continue
		}
		n.Name = entry.Must(&f, "name."+string(tag), n.Name, entry.Name)
		n.Slug = entry.Slug(&f, "slug."+string(tag), n.Slug, l, n.Name, "topic-"+string(t.ID[len(t.ID)-6:]))
		names[l] = n
	}
	if len(names) == 0 && f.Err() == nil {
		f.Add("name", entry.Required, "")
	}
	t.Names = names
	return t, f.Err()
}

func (s *Service) put(ctx context.Context, tx *db.Tx, a actor.Actor, t Topic, isNew bool) (Topic, error) {
	var old Topic
	var err error
	if isNew {
		err = s.store().insert(ctx, tx, t)
	} else if old, err = s.store().topic(ctx, tx, t.ID); err == nil {
		err = s.store().update(ctx, tx, t)
	}
	if err != nil {
		return Topic{}, err
	}
	if err := s.store().putNames(ctx, tx, t); err != nil {
		return Topic{}, err
	}
	if err := s.keepAddresses(ctx, tx, old, t); err != nil {
		return Topic{}, err
	}
	if err := tell(ctx, tx, a, "topic.save", t.ID, t.Names); err != nil {
		return Topic{}, err
	}
	return s.store().topic(ctx, tx, t.ID)
}

// keepAddresses lets the addresses of old that now lacks lead to now.
func (s *Service) keepAddresses(ctx context.Context, tx *db.Tx, old, now Topic) error {
	part := func(n Name) (string, string) { return n.Name, n.Slug }
	return address.Keep(ctx, tx, s.redirects, address.Topic, string(now.ID), old.Names, now.Names, part, func(id string) (map[lang.Tag]Name, error) {
		other, err := s.store().topic(ctx, tx, ID(id))
		return other.Names, err
	})
}

// tell records the act and lets the other rooms know, in the act's own transaction.
func tell(ctx context.Context, tx *db.Tx, a actor.Actor, act string, t ID, detail any) error {
	subject := "topic:" + string(t)
	if err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: subject, Detail: detail}); err != nil {
		return err
	}
	return events.Append(ctx, tx, "topic.changed", subject, nil)
}

// Merge makes one topic of two that are the same: whatever was about from is about into, from's
// addresses lead to into, and from is gone. A name that only from had in a language goes to into.
// move does its part for the rooms above. One of both being gone is problem.NotFound.
func (s *Service) Merge(ctx context.Context, a actor.Actor, from, into ID, move Mover) error {
	if !actor.May(a, actor.EditTopics, actor.Scope{}) {
		return forbidden()
	}
	if from == into {
		return problem.New(problem.Invalid, "problem.merge_itself")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.store().topic(ctx, tx, from)
		if err != nil {
			return err
		}
		now, err := s.store().topic(ctx, tx, into)
		if err != nil {
			return err
		}
		if err := move(ctx, tx, from, into); err != nil {
			return err
		}
		if err := s.store().delete(ctx, tx, from); err != nil {
			return err
		}
		for l, n := range old.Names {
			if _, ok := now.Names[l]; !ok {
				now.Names[l] = n
			}
		}
		if err := s.store().update(ctx, tx, now); err != nil {
			return err
		}
		if err := s.store().putNames(ctx, tx, now); err != nil {
			return err
		}
		if err := s.inherit(ctx, tx, old, now); err != nil {
			return err
		}
		if err := tell(ctx, tx, a, "topic.merged", from, map[string]ID{"into": into}); err != nil {
			return err
		}
		return tell(ctx, tx, a, "topic.merge", into, map[string]any{"from": from, "names": old.Names})
	})
	if err != nil {
		return fmt.Errorf("merge topic %s into %s: %w", from, into, err)
	}
	return nil
}

// inherit lets all that ever led to old lead to now.
func (s *Service) inherit(ctx context.Context, tx *db.Tx, old, now Topic) error {
	if s.redirects == nil {
		return nil
	}
	if err := s.keepAddresses(ctx, tx, old, now); err != nil {
		return err
	}
	return s.redirects.Retarget(ctx, tx, "topic:"+string(old.ID), "topic:"+string(now.ID))
}
