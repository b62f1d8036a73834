package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/engine/markup"
	"depesche/internal/lang"
)

// Draft is what is to be drafted.
type Draft struct {
	// Key names the work: what was answered under it isn't asked again.
	Key  string
	Pair Pair
	// Context is the story around the segments, plain.
	Context  string
	Segments []Segment
	Terms    []Term
	// Again says that a person asked for it: what was sent and never answered, or answered badly, is
	// asked again.
	Again bool
}

// Segment is a text with its place. Addresses are unique in a draft.
type Segment struct {
	Address document.Address
	Text    document.Inline
}

// Drafted is what became of a segment.
type Drafted struct {
	Address document.Address `json:"address"`
	Text    document.Inline  `json:"text"`
	// Engine is the name of the one that spoke, "" for a text that needs no translation.
	Engine  string   `json:"engine"`
	Model   string   `json:"model"`
	Through lang.Tag `json:"through"` // the language in between, "" for none
	// Lost are marks of the source that the translation doesn't have.
	Lost []document.Mark `json:"lost"`
	// Unknown are words that the engine says it has left untranslated.
	Unknown []string `json:"unknown,omitempty"`
	// Failed are the engines before this one in the order, and why they didn't draft it.
	Failed []Failure `json:"failed"`
	// Trouble is "" or why no engine drafted it; Text is empty then.
	Trouble Trouble `json:"trouble"`
}

// Failure is an engine that didn't draft a segment.
type Failure struct {
	Engine  string  `json:"engine"`
	Trouble Trouble `json:"trouble"`
}

// Draft drafts the segments in requests within each engine's limits, and hands over what each brought
// as it comes. What can't be drafted is handed over at the end, with its trouble.
//
// Answers are kept until [Service.Forget]: a draft with the same key, after a kill as well, hands over
// what is there and asks only for the rest. What was sent to an engine that charges for it is not sent
// to it again while the text, the pair and the terms are the same: a text whose answer nobody saw goes to the
// next engine, or comes back as [Unanswered]. So each may be told of the same segment twice. Two
// drafts with one key wait for each other.
//
// An error is one of the database, of each, or of ctx; engines' failures are none.
func (s *Service) Draft(ctx context.Context, d Draft, each func(ctx context.Context, done []Drafted) error) error {
	if d.Key == "" {
		return errors.New("draft: it has no key")
	}
	release, err := s.hold(ctx, d.Key)
	if err != nil {
		return fmt.Errorf("draft %s: %w", d.Key, err)
	}
	defer release()
	w := &work{s: s, draft: d, each: each}
	if err := w.run(ctx); err != nil {
		return fmt.Errorf("draft %s: %w", d.Key, err)
	}
	return nil
}

// Forget throws away what is known of a draft: its result is in its edition, or nobody wants it.
func (s *Service) Forget(ctx context.Context, tx *db.Tx, key string) error {
	if err := s.store.forget(ctx, tx, key); err != nil {
		return fmt.Errorf("forget draft %s: %w", key, err)
	}
	return nil
}

// hold lets one draft of a key be at work: in this process, and on all nodes.
func (s *Service) hold(ctx context.Context, key string) (release func(), err error) {
	for {
		s.mu.Lock()
		other := s.works[key]
		if other == nil {
			break
		}
		s.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	mine := make(chan struct{})
	s.works[key] = mine
	s.mu.Unlock()
	leave := func() {
		s.mu.Lock()
		delete(s.works, key)
		s.mu.Unlock()
		close(mine)
	}
	sum := sha256.Sum256([]byte(key))
	for {
		held, err := s.db.Hold(ctx, holdPrefix+hex.EncodeToString(sum[:8]))
		if err != nil {
			leave()
			return nil, err
		}
		if held != nil {
			return func() { held.Release(); leave() }, nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			leave()
			return nil, ctx.Err()
		}
	}
}

const holdPrefix = "engine-"

// Sweep takes away what drafts of processes that died have left on the disk.
func (s *Service) Sweep() error { return s.db.SweepHolds(holdPrefix) }

// work is a draft under way.
type work struct {
	s     *Service
	draft Draft
	each  func(ctx context.Context, done []Drafted) error

	pending []*piece
	sent    map[document.Address]map[ID]sentRow
}

// piece is a segment that has no answer yet.
type piece struct {
	Segment
	hash   string
	failed []Failure
}

func (w *work) run(ctx context.Context) error {
	if w.draft.Again {
		if err := w.s.db.Write(ctx, func(tx *db.Tx) error { return w.s.store.unsendUnanswered(ctx, tx, w.draft.Key) }); err != nil {
			return err
		}
	}
	engines, done, err := w.load(ctx)
	if err != nil {
		return err
	}
	if err := w.hand(ctx, done); err != nil {
		return err
	}
	for _, e := range engines {
		if len(w.pending) == 0 {
			return nil
		}
		if !e.Enabled {
			continue
		}
		if err := w.ask(ctx, e); err != nil {
			return err
		}
	}
	var left []Drafted
	for _, p := range w.pending {
		t := None
		for _, f := range p.failed {
			// An answer that may lie somewhere is what a person can do something about.
			if t != Unanswered && (t == None || f.Trouble != Unsupported) {
				t = f.Trouble
			}
		}
		left = append(left, Drafted{Address: p.Address, Failed: p.failed, Trouble: t})
	}
	return w.hand(ctx, left)
}

func (w *work) hand(ctx context.Context, done []Drafted) error {
	if len(done) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.each(ctx, done)
}

// load reads what is known of the work, and returns the engines in their order and what is done.
func (w *work) load(ctx context.Context) (engines []Installed, done []Drafted, err error) {
	var results []storedResult
	var sent []sentRow
	err = w.s.db.Snapshot(ctx, func(q db.Conn) (err error) {
		order, err := w.s.Order(ctx, q, w.draft.Pair.String())
		if err != nil {
			return err
		}
		engines = order.Engines
		if results, err = w.s.store.results(ctx, q, w.draft.Key); err != nil {
			return err
		}
		sent, err = w.s.store.sent(ctx, q, w.draft.Key)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	w.sent = map[document.Address]map[ID]sentRow{}
	for _, x := range sent {
		if w.sent[x.address] == nil {
			w.sent[x.address] = map[ID]sentRow{}
		}
		w.sent[x.address][x.engine] = x
	}
	answered := map[document.Address]storedResult{}
	for _, r := range results {
		answered[r.Address] = r
	}
	for _, seg := range w.draft.Segments {
		hash := w.draft.hash(seg)
		switch r, ok := answered[seg.Address]; {
		case ok && r.hash == hash:
			done = append(done, r.Drafted)
		case !markup.Translatable(seg.Text):
			done = append(done, Drafted{Address: seg.Address, Text: seg.Text.Normal()})
		default:
			w.pending = append(w.pending, &piece{Segment: seg, hash: hash})
		}
	}
	return engines, done, nil
}

// hash says what an answer is the answer to: the text, the pair and the terms that are in the text.
func (d Draft) hash(seg Segment) string {
	text := strings.ToLower(seg.Text.Plain())
	var terms []Term
	for _, t := range d.Terms {
		if stem := []rune(strings.ToLower(t.Source)); strings.Contains(text, string(stem[:max(min(3, len(stem)), len(stem)-2)])) {
			terms = append(terms, t)
		}
	}
	slices.SortFunc(terms, func(a, b Term) int { return strings.Compare(a.Source+"\x00"+a.Target, b.Source+"\x00"+b.Target) })
	raw, err := json.Marshal([]any{d.Pair.String(), seg.Text.Normal(), terms})
	if err != nil {
		panic(fmt.Sprintf("engine: a segment that can't be written: %v", err)) // strings always can
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// fail notes that an engine doesn't draft these.
func fail(pieces []*piece, engine string, t Trouble) {
	for _, p := range pieces {
		p.failed = append(p.failed, Failure{Engine: engine, Trouble: t})
	}
}

// ask lets one engine draft what is pending. What it can't draft stays pending.
func (w *work) ask(ctx context.Context, e Installed) error {
	b, pair, t, err := w.ready(ctx, e)
	if err != nil {
		return err
	}
	if t != "" {
		fail(w.pending, e.Name, t)
		return nil
	}
	info := b.engine.Info()
	var ask []*piece
	for _, p := range w.pending {
		if x, ok := w.sent[p.Address][e.ID]; ok && x.hash == p.hash && info.Billed {
			t := x.trouble
			if t == "" {
				t = Unanswered
			}
			fail([]*piece{p}, e.Name, t)
			continue
		}
		ask = append(ask, p)
	}
	r := &round{work: w, e: e, engine: b.engine, info: info, pair: pair}
	return r.run(ctx, ask)
}

// ready returns the engine, and the pair as it knows it; or why it isn't to be asked now.
func (w *work) ready(ctx context.Context, e Installed) (*built, Pair, Trouble, error) {
	health, err := w.s.store.health(ctx, w.s.db.Read())
	if err != nil {
		return nil, Pair{}, "", err
	}
	now := w.s.db.Now()
	if h := health[e.ID]; h.Rest != nil && h.Rest.After(now) {
		return nil, Pair{}, h.Trouble, nil
	}
	b := w.s.build(e)
	if b.err != nil {
		return nil, Pair{}, failure(e.Name, b.err).Trouble, nil //nolint:nilerr // it is the engine's, and told by its trouble
	}
	pairs, err := b.pairsOf(ctx, now)
	if err != nil {
		if ctx.Err() != nil {
			return nil, Pair{}, "", ctx.Err()
		}
		f := failure(e.Name, err)
		return nil, Pair{}, f.Trouble, w.s.sick(ctx, e.ID, f)
	}
	pair, ok := among(pairs, w.draft.Pair)
	if !ok {
		return nil, Pair{}, Unsupported, nil
	}
	return b, pair, "", nil
}

// among finds the pair in what an engine translates. A paper in Austrian German is served by an engine
// that knows German.
func among(pairs []Pair, p Pair) (Pair, bool) {
	general := func(t lang.Tag) []lang.Tag {
		if b := t.Base(); b != t && b.Script() == t.Script() {
			return []lang.Tag{t, b}
		}
		return []lang.Tag{t}
	}
	for _, from := range general(p.From) {
		for _, to := range general(p.To) {
			if q := (Pair{From: from, To: to}); from != to && slices.Contains(pairs, q) {
				return q, true
			}
		}
	}
	return Pair{}, false
}

// sick writes down that an engine failed, and for how long it is left alone.
func (s *Service) sick(ctx context.Context, id ID, e *Error) error {
	return s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return s.sickTx(ctx, tx, id, e) })
}

func (s *Service) sickTx(ctx context.Context, tx *db.Tx, id ID, e *Error) error {
	var until *time.Time
	if d := rest(e); d > 0 {
		at := tx.Now().Add(d)
		until = &at
	}
	return s.store.failed(context.WithoutCancel(ctx), tx, id, e, until)
}
