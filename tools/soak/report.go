package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// report is what happened.
type report struct {
	answers, gone, unchanged, fronts, acts, late atomic.Int64

	mu       sync.Mutex
	bad      []error
	count    int
	oldest   time.Duration // the longest that something was seen after an act that made it false
	heap     []uint64
	routines []int
}

func (r *report) wrong(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count++; len(r.bad) < 20 {
		r.bad = append(r.bad, err)
	}
}

// stale counts an answer that was true no more when it was asked for, since so long.
func (r *report) stale(since time.Duration) {
	r.late.Add(1)
	r.mu.Lock()
	r.oldest = max(r.oldest, since)
	r.mu.Unlock()
}

// most is how much more memory may be in use at the end.
const most = 1.25

func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %d readers: %d answers, of which %d fronts, %d withdrawn, %d unchanged\n", *lasts, *readers, r.answers.Load(), r.fronts.Load(), r.gone.Load(), r.unchanged.Load())
	fmt.Fprintf(w, "%d acts of publishing, correcting and withdrawing underneath\n", r.acts.Load())
	fmt.Fprintf(w, "%d answers told what an act had made false before they were asked for, the longest %s after it\n", r.late.Load(), r.oldest.Round(time.Millisecond))
	if len(r.heap) > 0 {
		fmt.Fprintf(w, "heap %.1f MB at first, %.1f MB in the end, the last quarter %.2f of the second; %d goroutines at first, %d in the end\n",
			float64(r.heap[0])/1e6, float64(r.heap[len(r.heap)-1])/1e6, grew(r.heap), r.routines[0], r.routines[len(r.routines)-1])
	}
	fmt.Fprintf(w, "%d wrong\n", r.count)
}

func (r *report) err() error {
	errs := append([]error(nil), r.bad...)
	if r.answers.Load() == 0 || r.acts.Load() == 0 {
		errs = append(errs, errors.New("nothing happened"))
	}
	if g := grew(r.heap); g > most {
		errs = append(errs, fmt.Errorf("memory grew by %.2f", g))
	}
	return errors.Join(errs...)
}
