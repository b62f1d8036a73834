package engine

import (
	"context"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"depesche/internal/db"
	"depesche/internal/engine/markup"
	"depesche/internal/problem"
)

// round is what one engine is asked for a draft.
type round struct {
	*work
	e      Installed
	engine Engine
	info   Info
	pair   Pair // as the engine knows it
}

func (r *round) run(ctx context.Context, ask []*piece) error {
	fragments, texts := make([]markup.Fragment, len(ask)), make([]string, len(ask))
	for i, p := range ask {
		if r.info.HTML {
			fragments[i] = markup.HTML(p.Text)
		} else {
			fragments[i] = markup.Plain(p.Text)
		}
		texts[i] = fragments[i].Text
	}
	req := Request{Pair: r.pair}
	if r.info.Context {
		req.Context = fitting(r.info.Limits, r.draft.Context)
	}
	if r.info.Terms {
		req.Terms = r.draft.Terms
	}
	around, err := json.Marshal(req)
	if err != nil {
		return err
	}
	list, tooLong := batches(r.info.Limits, texts, len(around))
	for _, i := range tooLong {
		fail(ask[i:i+1], r.e.Name, TooLong)
	}
	for n, batch := range list {
		stop, err := r.renew(ctx)
		if err != nil {
			return err
		}
		if stop != "" {
			r.leave(ask, list[n:], stop)
			return nil
		}
		b := &batched{round: r, req: req}
		for _, i := range batch {
			b.pieces, b.fragments = append(b.pieces, ask[i]), append(b.fragments, fragments[i])
			b.req.Texts = append(b.req.Texts, texts[i])
		}
		if stop, err = b.run(ctx); err != nil {
			return err
		}
		if stop != "" {
			r.leave(ask, list[n+1:], stop)
			return nil
		}
	}
	return nil
}

// leave notes that the engine isn't asked for what is in these batches.
func (r *round) leave(ask []*piece, list [][]int, why Trouble) {
	for _, batch := range list {
		for _, i := range batch {
			fail(ask[i:i+1], r.e.Name, why)
		}
	}
}

// renew reads the engine as it is now: a long draft isn't sent on to one that was taken off meanwhile, nor
// where it was a minute ago, and a quota that was lowered holds. stop says why it isn't asked any more.
func (r *round) renew(ctx context.Context) (stop Trouble, err error) {
	e, err := r.s.store.one(ctx, r.s.db.Read(), r.e.ID)
	if problem.Is(err, problem.NotFound) || err == nil && !e.Enabled {
		return Off, nil
	}
	if err != nil {
		return "", err
	}
	if e.Version != r.e.Version {
		b := r.s.build(e)
		if b.err != nil {
			return failure(e.Name, b.err).Trouble, nil //nolint:nilerr // it is the engine's, and told by its trouble
		}
		r.engine = b.engine
	}
	r.e = e
	return "", nil
}

// batched is one request.
type batched struct {
	*round
	req        Request
	pieces     []*piece
	fragments  []markup.Fragment
	characters int64
}

// run asks, and hands over what came. stop says why the engine isn't asked for the rest.
func (b *batched) run(ctx context.Context) (stop Trouble, err error) {
	if stop, err = b.reserve(ctx); stop != "" || err != nil {
		fail(b.pieces, b.e.Name, stop)
		return stop, err
	}
	if len(b.pieces) == 0 {
		return "", nil
	}
	res, err := b.engine.Translate(ctx, b.req)
	if err == nil && len(res.Texts) != len(b.req.Texts) {
		err = &Error{Engine: b.e.Name, Trouble: Garbled, Sent: true, Err: errCount(len(b.req.Texts), len(res.Texts))}
	}
	if err != nil {
		return b.failed(ctx, failure(b.e.Name, err))
	}
	done, bad := b.read(res)
	if err := b.keep(ctx, res, done, bad); err != nil {
		return "", err
	}
	b.pending = slices.DeleteFunc(b.pending, func(p *piece) bool {
		return slices.ContainsFunc(done, func(d Drafted) bool { return d.Address == p.Address })
	})
	return "", b.hand(ctx, done)
}

// reserve notes, before anything is sent, what is about to be: its characters count from now on. What
// another draft has noted meanwhile is left to that one.
func (b *batched) reserve(ctx context.Context) (Trouble, error) {
	var keep []int
	var over bool
	err := b.s.db.Write(ctx, func(tx *db.Tx) error {
		keep, over, b.characters = nil, false, 0
		if err := b.s.store.lock(ctx, tx, b.e.ID); err != nil {
			return err
		}
		for i, t := range b.req.Texts {
			if b.info.Billed {
				first, err := b.s.store.send(ctx, tx, b.draft.Key, sentRow{address: b.pieces[i].Address, engine: b.e.ID, hash: b.pieces[i].hash})
				if err != nil {
					return err
				}
				if !first {
					continue
				}
			}
			keep = append(keep, i)
			b.characters += int64(utf8.RuneCountInString(t))
		}
		if b.e.Quota > 0 {
			used, err := b.s.store.used(ctx, tx, b.e.Period.begin(tx.Now()))
			if err != nil {
				return err
			}
			if over = used[b.e.ID].Characters+b.characters > b.e.Quota; over {
				return b.unsend(ctx, tx, keep)
			}
		}
		if len(keep) == 0 {
			return nil
		}
		return b.s.store.use(ctx, tx, b.e.ID, b.draft.Pair, b.characters, 1, b.e.Price)
	})
	if err != nil {
		return "", err
	}
	if over {
		return Quota, nil
	}
	b.only(keep)
	return "", nil
}

func (b *batched) unsend(ctx context.Context, tx *db.Tx, list []int) error {
	for _, i := range list {
		if err := b.s.store.unsend(ctx, tx, b.draft.Key, b.pieces[i].Address, b.e.ID); err != nil {
			return err
		}
	}
	return nil
}

// only leaves these in the request.
func (b *batched) only(keep []int) {
	if len(keep) == len(b.pieces) {
		return
	}
	var pieces []*piece
	var fragments []markup.Fragment
	var texts []string
	for i, p := range b.pieces {
		if !slices.Contains(keep, i) {
			fail([]*piece{p}, b.e.Name, Unanswered)
			continue
		}
		pieces, fragments, texts = append(pieces, p), append(fragments, b.fragments[i]), append(texts, b.req.Texts[i])
	}
	b.pieces, b.fragments, b.req.Texts = pieces, fragments, texts
}

// failed writes down that the whole request failed.
func (b *batched) failed(ctx context.Context, e *Error) (stop Trouble, err error) {
	broken := ctx.Err()
	ctx = context.WithoutCancel(ctx)
	err = b.s.db.Write(ctx, func(tx *db.Tx) error {
		for i, p := range b.pieces {
			if !b.info.Billed {
				break
			}
			switch {
			case !e.Sent:
				if err := b.unsend(ctx, tx, []int{i}); err != nil {
					return err
				}
			case e.Trouble != Gone: // one that broke off stays without an answer
				if err := b.s.store.settle(ctx, tx, b.draft.Key, p.Address, b.e.ID, e.Trouble); err != nil {
					return err
				}
			}
		}
		if !e.Sent {
			if err := b.s.store.use(ctx, tx, b.e.ID, b.draft.Pair, -b.characters, 0, b.e.Price); err != nil {
				return err
			}
		}
		if broken != nil { // our doing, not the engine's
			return nil //nolint:nilerr // it is returned below
		}
		return b.s.sickTx(ctx, tx, b.e.ID, e)
	})
	if err == nil {
		err = broken
	}
	fail(b.pieces, b.e.Name, e.Trouble)
	if e.Trouble == TooLong || e.Trouble == Garbled {
		return "", err
	}
	return e.Trouble, err
}

// read makes texts of the answers. Those that failed, or can't be translations, are bad.
func (b *batched) read(res Result) (done []Drafted, bad map[int]Trouble) {
	bad = map[int]Trouble{}
	for i, p := range b.pieces {
		answer := res.Texts[i]
		if slices.Contains(res.Failed, i) {
			bad[i] = Refused
			continue
		}
		if len(answer) > longest(b.req.Texts[i]) {
			bad[i] = Garbled
			continue
		}
		a := b.fragments[i].Read(answer)
		if garbled(b.draft.Pair, p.Text.Plain(), a.Text.Plain()) {
			bad[i] = Garbled
			continue
		}
		d := Drafted{Address: p.Address, Text: a.Text, Engine: b.e.Name, Model: res.Model, Through: res.Through, Lost: a.Lost, Failed: p.failed}
		if i < len(res.Unknown) {
			d.Unknown = res.Unknown[i]
		}
		done = append(done, d)
	}
	for i, t := range bad {
		fail(b.pieces[i:i+1], b.e.Name, t)
	}
	return done, bad
}

// keep stores the answers, and what they cost, in one transaction. It does so even if nobody waits for
// them any more: they are paid for.
func (b *batched) keep(ctx context.Context, res Result, done []Drafted, bad map[int]Trouble) error {
	ctx = context.WithoutCancel(ctx)
	return b.s.db.Write(ctx, func(tx *db.Tx) error {
		for _, d := range done {
			i := slices.IndexFunc(b.pieces, func(p *piece) bool { return p.Address == d.Address })
			if err := b.s.store.putResult(ctx, tx, b.draft.Key, b.pieces[i].hash, d); err != nil {
				return err
			}
		}
		for i, t := range bad {
			if err := b.s.store.settle(ctx, tx, b.draft.Key, b.pieces[i].Address, b.e.ID, t); err != nil {
				return err
			}
		}
		if more := res.Billed - b.characters; res.Billed > 0 && more != 0 {
			if err := b.s.store.use(ctx, tx, b.e.ID, b.draft.Pair, more, 0, b.e.Price); err != nil {
				return err
			}
		}
		return b.s.store.worked(ctx, tx, b.e.ID)
	})
}
