// Command soak is `make soak`: readers read a paper for ten minutes while it publishes, corrects and withdraws
// underneath, and every byte that they get is looked at. It prints what happened and fails if anything
// was wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"depesche/internal/config"
	"depesche/tools/serving"
)

var (
	lasts   = flag.Duration("for", 10*time.Minute, "how long")
	readers = flag.Int("readers", 32, "readers at once, each on a connection of their own")
	stories = flag.Int("stories", 200, "stories at the beginning")
	every   = flag.Duration("every", 50*time.Millisecond, "how often something is published, corrected or withdrawn")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "depesche-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg := config.Default(dir)
	cfg.LogLevel = "error"
	h, err := serving.Start(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Stop()) }()
	p, err := found(ctx, h.App)
	if err != nil {
		return err
	}
	for range *stories {
		if err := p.publish(ctx); err != nil {
			return err
		}
	}
	r := soak(ctx, p, h.Addr)
	r.print(os.Stdout)
	return r.err()
}

// soak lets readers and the newsroom work for the time.
func soak(ctx context.Context, p *paper, addr string) *report {
	ctx, enough := context.WithTimeout(ctx, *lasts)
	defer enough()
	r := &report{}
	var all sync.WaitGroup
	for i := range *readers {
		all.Go(func() {
			for n := uint64(0); ctx.Err() == nil; n++ {
				if err := reads(ctx, p, addr, uint64(i)<<32|n, r); err != nil {
					r.wrong(err)
				}
			}
		})
	}
	all.Go(func() { works(ctx, p, r) })
	all.Go(func() { r.watch(ctx) })
	all.Wait()
	return r
}

// works does one act after the other: of ten, five correct, three publish, two withdraw.
func works(ctx context.Context, p *paper, r *report) {
	t := time.NewTicker(*every)
	defer t.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		act := p.correct
		switch n % 10 {
		case 1, 4, 7:
			act = p.publish
		case 5, 9:
			act = p.withdraw
		}
		if err := act(context.WithoutCancel(ctx)); err != nil {
			r.wrong(err)
			return
		}
		r.acts.Add(1)
	}
}

// watch keeps how much memory is in use, the same way in each minute: after a collection.
func (r *report) watch(ctx context.Context) {
	t := time.NewTicker(max(*lasts/20, time.Second))
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		runtime.GC()
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		r.mu.Lock()
		r.heap = append(r.heap, m.HeapAlloc)
		r.routines = append(r.routines, runtime.NumGoroutine())
		r.mu.Unlock()
	}
}

// grew is how much more there was in the last quarter than in the second one: the first one fills the caches.
func grew(list []uint64) float64 {
	if len(list) < 8 {
		return 1
	}
	q := len(list) / 4
	return float64(middle(list[3*q:])) / float64(middle(list[q:2*q]))
}

func middle(list []uint64) uint64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}
