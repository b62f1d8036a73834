// Package fill makes a paper of many stories quickly, for benchmarks: varied texts in each language,
// mixed from the words of the demo, in editions as originals and translations, spread over years, with
// sources, pictures, links, updates, corrections and withdrawals. What stands in the tables is what the
// acts of a newsroom would have left there; it is written in bulk.
//
// The same seed, languages, length and end make the same texts. A paper can be filled further, and
// filling that was stopped goes on.
package fill

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"depesche/internal/db"
	"depesche/internal/demo"
	"depesche/internal/lang"
)

// Options say what paper is made.
type Options struct {
	Stories   int // that the paper has in the end
	Languages []lang.Tag
	Seed      uint64
	Words     int       // of a story, median; 0: 250
	Until     time.Time // the newest; zero: the last hour that is over
	// Into lets stories be written into a paper that people have written in.
	Into bool
	// House is what a paper is set up with that isn't yet.
	House demo.Options
	// Step is told how many stories of how many are there; nil means nobody asks.
	Step func(done, total int)
}

// Filled is what was done.
type Filled struct {
	Before, Stories int // there before and now, of those that were filled in
	Rows            int // written
	SetUp           bool
}

// batch is how many stories are written in one transaction: many enough for the disk, few enough for
// the memory and for those who wait to write.
const batch = 200

// years is over what time a first filling spreads.
const years = 5

// state is what is known of a filling, in the setting fill.
type state struct {
	Seed  uint64     `json:"seed"`
	Langs []lang.Tag `json:"langs"`
	Words int        `json:"words"`
	Runs  []span     `json:"runs"`
	Done  int        `json:"done"`
}

// span is a run: stories From to To, the newest of them at End, Gap apart, and the number of the first.
type span struct {
	From  int           `json:"from"`
	To    int           `json:"to"`
	First int64         `json:"first"`
	End   time.Time     `json:"end"`
	Gap   time.Duration `json:"gap"`
}

const setting = "fill"

// Run fills the paper up to o.Stories stories. If ctx ends it stops after the stories that are being
// written and returns the error of ctx; the next call goes on.
func Run(ctx context.Context, rooms demo.Rooms, o Options) (Filled, error) {
	if o.Words == 0 {
		o.Words = 250
	}
	voices, err := voices()
	if err != nil {
		return Filled{}, err
	}
	if err := spoken(voices, o.Languages); err != nil {
		return Filled{}, err
	}
	var out Filled
	if out.SetUp, err = setUp(ctx, rooms, o); err != nil {
		return out, err
	}
	st, err := reserve(ctx, rooms, o)
	if err != nil {
		return out, err
	}
	out.Before, out.Stories = st.Done, st.Done
	s, err := look(ctx, rooms, st, voices)
	if err != nil {
		return out, err
	}
	for _, r := range st.Runs {
		if r.To <= st.Done {
			continue
		}
		if err := run(ctx, rooms.DB, s, &st, r, o.Step, &out); err != nil {
			return out, err
		}
	}
	return out, over(ctx, rooms)
}

// Check refuses languages that there are no words in, before there is a paper.
func Check(languages []lang.Tag) error {
	voices, err := voices()
	if err != nil {
		return err
	}
	return spoken(voices, languages)
}

func spoken(voices map[lang.Tag]*voice, languages []lang.Tag) error {
	for _, l := range languages {
		if voices[l] == nil {
			return fmt.Errorf("there are no words to write with in %s, only in %s", l, known(voices))
		}
	}
	return nil
}

func known(voices map[lang.Tag]*voice) string {
	var list []string
	for _, l := range slices.Sorted(maps.Keys(voices)) {
		list = append(list, string(l))
	}
	return strings.Join(list, ", ")
}

// reserve reads how far the paper is and takes the numbers for what is still to come.
func reserve(ctx context.Context, rooms demo.Rooms, o Options) (st state, err error) {
	err = rooms.DB.Write(ctx, func(tx *db.Tx) error {
		st, err = readState(ctx, tx)
		if err != nil {
			return err
		}
		if len(st.Runs) == 0 {
			st = state{Seed: o.Seed, Langs: o.Languages, Words: o.Words}
		} else if st.Seed != o.Seed || !slices.Equal(st.Langs, o.Languages) || st.Words != o.Words {
			return fmt.Errorf("this paper was filled with --seed %d --languages %s --words %d: go on with these, or take another folder", st.Seed, join(st.Langs), st.Words)
		}
		last := span{End: o.Until.UTC().Truncate(time.Second)}
		if o.Until.IsZero() {
			last.End = tx.Now().Truncate(time.Hour)
		}
		if n := len(st.Runs); n > 0 {
			// What is filled in later is the archive before what is there.
			p := st.Runs[n-1]
			last = span{From: p.To, To: p.To, End: p.End.Add(-time.Duration(p.To-p.From) * p.Gap), Gap: p.Gap}
		}
		if o.Stories <= last.To {
			return nil
		}
		last.To = o.Stories
		if last.Gap == 0 {
			last.Gap = years * 365 * 24 * time.Hour / time.Duration(o.Stories)
		}
		if last.First, err = rooms.Stories.Reserve(ctx, tx, last.To-last.From); err != nil {
			return err
		}
		st.Runs = append(st.Runs, last)
		return writeState(ctx, tx, st)
	})
	return st, err
}

func join(langs []lang.Tag) string {
	var list []string
	for _, l := range langs {
		list = append(list, string(l))
	}
	return strings.Join(list, ",")
}

func readState(ctx context.Context, q db.Conn) (st state, err error) {
	var raw string
	err = q.QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, setting).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return st, nil
	}
	if err != nil {
		return st, err
	}
	return st, json.Unmarshal([]byte(raw), &st)
}

func writeState(ctx context.Context, tx *db.Tx, st state) error {
	raw, err := json.Marshal(st)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO setting (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, setting, string(raw))
	return err
}

// run writes one span: while one batch is written, the next is told.
func run(ctx context.Context, d *db.DB, s *scene, st *state, r span, step func(done, total int), out *Filled) error {
	type told struct {
		b  *db.Bulk
		to int
	}
	free, ready := make(chan *db.Bulk, 2), make(chan told)
	free <- &db.Bulk{}
	free <- &db.Bulk{}
	g, gctx := errgroup.WithContext(ctx)
	c := clockwork{end: r.End, gap: r.Gap, from: r.From, to: r.To}
	begin, now := st.Done, time.Now()
	g.Go(func() error {
		defer close(ready)
		for from := begin; from < r.To; from += batch {
			var b *db.Bulk
			select {
			case b = <-free:
			case <-gctx.Done():
				return gctx.Err()
			}
			b.Clear()
			to := min(from+batch, r.To)
			for i := from; i < to; i++ {
				if err := put(b, now, s.tell(c, i), r.First+int64(i-r.From)); err != nil {
					return err
				}
			}
			select {
			case ready <- told{b, to}:
			case <-gctx.Done():
				return gctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for t := range ready {
			next := *st
			next.Done = t.to
			err := d.Write(gctx, func(tx *db.Tx) error {
				if err := t.b.Write(gctx, tx); err != nil {
					return err
				}
				return writeState(gctx, tx, next)
			})
			if err != nil {
				return err
			}
			*st = next
			out.Stories, out.Rows = st.Done, out.Rows+t.b.Rows()
			if step != nil {
				step(st.Done, st.Runs[len(st.Runs)-1].To)
			}
			free <- t.b
		}
		return nil
	})
	return g.Wait()
}
