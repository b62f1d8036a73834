package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/id"
	"depesche/internal/problem"
)

// Service keeps the paper's engines and asks them.
type Service struct {
	db    *db.DB
	vault *Vault
	kinds map[string]Kind
	store store

	mu    sync.Mutex
	built map[ID]*built
	works map[string]chan struct{} // drafts under way in this process
}

// built is an engine made of its settings.
type built struct {
	version int64
	engine  Engine
	err     error

	mu    sync.Mutex
	pairs []Pair
	asked time.Time
}

// NewService returns the service of a paper that can have engines of these kinds.
func NewService(d *db.DB, v *Vault, kinds map[string]Kind) *Service {
	return &Service{db: d, vault: v, kinds: kinds, built: map[ID]*built{}, works: map[string]chan struct{}{}}
}

// Kinds are the names of the kinds, sorted.
func (s *Service) Kinds() []string { return slices.Sorted(maps.Keys(s.kinds)) }

// Kind returns a kind, and whether there is one of that name.
func (s *Service) Kind(name string) (Kind, bool) {
	k, ok := s.kinds[name]
	return k, ok
}

// All returns the paper's engines in the order of all pairs, with what is known of them. It asks no
// service.
func (s *Service) All(ctx context.Context) ([]State, error) {
	var out []State
	err := s.db.Snapshot(ctx, func(q db.Conn) error {
		list, err := s.store.all(ctx, q)
		if err != nil {
			return err
		}
		orders, err := s.store.orders(ctx, q)
		if err != nil {
			return err
		}
		health, err := s.store.health(ctx, q)
		if err != nil {
			return err
		}
		month, err := s.store.used(ctx, q, Month.begin(s.db.Now()))
		if err != nil {
			return err
		}
		day, err := s.store.used(ctx, q, Day.begin(s.db.Now()))
		if err != nil {
			return err
		}
		out = nil
		for _, e := range orders[""].inOrder(list) {
			u := month[e.ID]
			st := State{Installed: e, Health: health[e.ID], Used: u.Characters, Characters: u.Characters, Requests: u.Requests, Cost: u.Cost}
			if e.Period == Day {
				st.Used = day[e.ID].Characters
			}
			out = append(out, st)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("engines: %w", err)
	}
	for i := range out {
		b := s.build(out[i].Installed)
		if b.err != nil {
			e := failure(out[i].Name, b.err)
			out[i].Health = Health{Trouble: e.Trouble, Reason: e.Err.Error(), Worked: out[i].Health.Worked}
			if errors.Is(b.err, errSealed) {
				out[i].Health.Reason = "" // the trouble says it all
			}
			out[i].Info, out[i].Unmade = Info{Name: out[i].Name, Kind: out[i].Kind}, true
			continue
		}
		out[i].Info = b.engine.Info()
		if s.kinds[out[i].Kind].Files {
			pairs, err := b.pairsOf(ctx, s.db.Now())
			out[i].Bare = err == nil && len(pairs) == 0
		}
	}
	return out, nil
}

// ByID returns an engine of the paper, or problem.NotFound.
func (s *Service) ByID(ctx context.Context, eid ID) (Installed, error) {
	e, err := s.store.one(ctx, s.db.Read(), eid)
	if err != nil {
		return Installed{}, fmt.Errorf("engine %s: %w", eid, err)
	}
	return e, nil
}

// Opens reports whether the engine's key, if it has one, can be opened.
func (s *Service) Opens(e Installed) bool {
	if len(e.sealed) == 0 {
		return true
	}
	_, err := s.vault.unseal(e.ID, e.sealed)
	return err == nil
}

// Usage returns what was asked since a moment, by day, engine and pair, the newest first.
func (s *Service) Usage(ctx context.Context, since time.Time) ([]Usage, error) {
	list, err := s.store.days(ctx, s.db.Read(), dayOf(since))
	if err != nil {
		return nil, fmt.Errorf("usage of engines: %w", err)
	}
	return list, nil
}

// Save stores an engine; one without an ID is new, and comes last in the order. key is nil to leave the
// key as it is, "" to take it away. One that is there doesn't go to another server. Its health begins anew. The fields of its problems are name, kind,
// price, quota, key and setting.<field>.
func (s *Service) Save(ctx context.Context, a actor.Actor, e Installed, key *string) (Installed, error) {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return Installed{}, problem.New(problem.Forbidden, "problem.forbidden")
	}
	isNew := e.ID == ""
	var old Installed
	if isNew {
		e.ID = ID(id.New(s.db.Now()))
	} else {
		var err error
		if old, err = s.ByID(ctx, e.ID); err != nil {
			return Installed{}, err
		}
		e.Kind, e.sealed = old.Kind, old.sealed
	}
	if key != nil {
		e.sealed = nil
		if *key != "" {
			sealed, err := s.vault.seal(e.ID, *key)
			if err != nil {
				var f problem.Fields
				f.Add("key", "problem.engine_key_file", "", "reason", firstRunes(err.Error(), 300))
				return Installed{}, fmt.Errorf("save engine %s: %w", e.ID, f.Err())
			}
			e.sealed = sealed
		}
	}
	e.HasKey = len(e.sealed) > 0
	e, err := s.check(e)
	if err == nil && key == nil && e.HasKey && s.kinds[e.Kind].moved(old.Settings, e.Settings) {
		var f problem.Fields
		f.Add("key", "problem.engine_key_moved", "")
		err = fmt.Errorf("save engine %s: %w", e.ID, f.Err())
	}
	if err != nil {
		return Installed{}, err
	}
	var out Installed
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		out, err = s.put(ctx, tx, a, e, isNew)
		return err
	})
	if err != nil {
		return Installed{}, fmt.Errorf("save engine %s: %w", e.ID, err)
	}
	return out, nil
}

// moved reports whether the engine is at another server than before. Its key isn't taken along: whoever sits
// at an administrator's desk could have it sent to a server of their own.
func (k Kind) moved(then, now map[string]string) bool {
	server := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return address
		}
		return strings.ToLower(u.Scheme + "://" + u.Host)
	}
	return slices.ContainsFunc(k.Fields, func(f Field) bool {
		return f.Type == URLField && server(then[f.Name]) != server(now[f.Name])
	})
}

// check returns e as it is stored.
func (s *Service) check(e Installed) (Installed, error) {
	var f problem.Fields
	kind, ok := s.kinds[e.Kind]
	if !ok {
		f.Add("kind", entry.Choice, e.Kind)
		return e, f.Err()
	}
	e.Name = entry.Must(&f, "name", e.Name, entry.Word)
	if e.Period != Day {
		e.Period = Month
	}
	const most = 1_000_000_000_000
	if e.Price < 0 || e.Price > most {
		f.Add("price", "problem.number", strconv.FormatInt(e.Price, 10))
	}
	if e.Quota < 0 || e.Quota > most {
		f.Add("quota", "problem.number", strconv.FormatInt(e.Quota, 10))
	}
	if kind.Key >= KeyRequired && !e.HasKey {
		f.Add("key", entry.Required, "")
	}
	settings := map[string]string{}
	for _, field := range kind.Fields {
		v := fieldValue(&f, field, e.Settings[field.Name])
		if v != "" {
			settings[field.Name] = v
		}
	}
	e.Settings = settings
	if err := f.Err(); err != nil {
		return e, err
	}
	if b := s.make(e); b.err != nil {
		var t *Error
		if !errors.As(b.err, &t) || t.Trouble != Sealed {
			refused(&f, kind, b.err)
		}
	}
	return e, f.Err()
}

// refused says which settings an engine can't be made of, at their fields if it tells.
func refused(f *problem.Fields, kind Kind, err error) {
	n := 0
	for _, x := range problem.FieldsOf(err) {
		name := x.Name
		if slices.ContainsFunc(kind.Fields, func(k Field) bool { return k.Name == name }) {
			name = "setting." + name
		} else if name != "key" {
			continue
		}
		f.Add(name, x.Key, x.Value, x.Args...)
		n++
	}
	if n == 0 {
		f.Add("kind", "problem.engine_settings", "", "reason", firstRunes(err.Error(), 300))
	}
}

func fieldValue(f *problem.Fields, field Field, v string) string {
	name := "setting." + field.Name
	v = entry.Line(f, name, v, entry.Note)
	switch {
	case v == "":
		if field.Required {
			f.Add(name, entry.Required, v)
		}
	case field.Type == NumberField:
		if _, err := strconv.ParseFloat(v, 64); err != nil {
			f.Add(name, "problem.number", v)
		}
	case field.Type == ChoiceField && !slices.Contains(field.Options, v):
		f.Add(name, entry.Choice, v)
	case field.Type == URLField:
		if u, err := url.Parse(v); err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
			f.Add(name, "problem.url", v)
		}
	}
	return v
}

func (s *Service) put(ctx context.Context, tx *db.Tx, a actor.Actor, e Installed, isNew bool) (Installed, error) {
	list, err := s.store.all(ctx, tx)
	if err != nil {
		return Installed{}, err
	}
	if slices.ContainsFunc(list, func(o Installed) bool { return o.Name == e.Name && o.ID != e.ID }) {
		var f problem.Fields
		f.Add("name", entry.Taken, e.Name)
		return Installed{}, f.Err()
	}
	if isNew {
		err = s.store.insert(ctx, tx, e)
	} else {
		err = s.store.update(ctx, tx, e)
	}
	if err != nil {
		return Installed{}, err
	}
	if isNew {
		orders, err := s.store.orders(ctx, tx)
		if err != nil {
			return Installed{}, err
		}
		if err := s.store.putOrder(ctx, tx, "", order{in: append(orders[""].in, e.ID)}); err != nil {
			return Installed{}, err
		}
	}
	if err := s.store.forgetHealth(ctx, tx, e.ID); err != nil {
		return Installed{}, err
	}
	// Neither the key nor an address with a token in it belongs into the audit.
	if err := s.tell(ctx, tx, a, "engine.save", e.ID, map[string]any{"name": e.Name, "kind": e.Kind, "enabled": e.Enabled, "key": e.HasKey}); err != nil {
		return Installed{}, err
	}
	return s.store.one(ctx, tx, e.ID)
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, a actor.Actor, act string, eid ID, detail any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: "engine:" + string(eid), Detail: detail})
}

// Remove takes an engine away, with its key. What it was asked stays known.
func (s *Service) Remove(ctx context.Context, a actor.Actor, eid ID) error {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.store.one(ctx, tx, eid)
		if err != nil {
			return err
		}
		if err := s.store.delete(ctx, tx, eid); err != nil {
			return err
		}
		return s.tell(ctx, tx, a, "engine.remove", eid, map[string]string{"name": e.Name, "kind": e.Kind})
	})
	if err != nil {
		return fmt.Errorf("remove engine %s: %w", eid, err)
	}
	s.mu.Lock()
	delete(s.built, eid)
	s.mu.Unlock()
	return nil
}

// build returns the engine that the settings describe, the same one until they change.
func (s *Service) build(e Installed) *built {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.built[e.ID]; b != nil && b.version == e.Version && b.err == nil {
		return b
	}
	b := s.make(e)
	s.built[e.ID] = b
	return b
}

func (s *Service) make(e Installed) *built {
	b := &built{version: e.Version}
	fail := func(t Trouble, err error) *built {
		b.err = &Error{Engine: e.Name, Trouble: t, Err: err}
		return b
	}
	kind, ok := s.kinds[e.Kind]
	if !ok {
		return fail(Refused, fmt.Errorf("this Depesche has no engines of kind %q", e.Kind))
	}
	key := ""
	if len(e.sealed) > 0 {
		var err error
		if key, err = s.vault.unseal(e.ID, e.sealed); err != nil {
			return fail(Sealed, err)
		}
	}
	settings, err := json.Marshal(kind.values(e.Settings))
	if err != nil {
		return fail(Refused, err)
	}
	if b.engine, err = kind.Make(e.Name, settings, key); err != nil {
		return fail(Refused, err)
	}
	return b
}

// values are the settings with the types of their fields.
func (k Kind) values(typed map[string]string) map[string]any {
	out := map[string]any{}
	for _, f := range k.Fields {
		v := typed[f.Name]
		switch {
		case f.Type == CheckField:
			out[f.Name] = v != ""
		case v == "":
		case f.Type == NumberField:
			out[f.Name] = json.Number(v)
		default:
			out[f.Name] = v
		}
	}
	return out
}

// pairsOf returns what an engine translates. A service is asked at most once in ten minutes; what is
// on this machine may have got a model since.
func (b *built) pairsOf(ctx context.Context, now time.Time) ([]Pair, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pairs != nil && b.engine.Info().Leaves && now.Sub(b.asked) < 10*time.Minute {
		return b.pairs, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	list, err := b.engine.Pairs(ctx)
	if err != nil {
		return nil, err
	}
	b.pairs, b.asked = append([]Pair{}, list...), now
	return b.pairs, nil
}
