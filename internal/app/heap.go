package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// leastGarbage is how much may lie about at the least before it is collected, in bytes.
	leastGarbage = 8 << 20
	paceEvery    = time.Second
	// mostFree is how much memory may be held that nothing is in, in bytes, and forSeconds how long:
	// Go gives it back at a hundredth of a processor, which never gets its turn while readers come.
	mostFree   = 16 << 20
	forSeconds = 10
)

// pace lets as much garbage lie about as there is in the heap without the pages in memory. Go collects when
// the heap has doubled; but ready pages are no garbage to come, and the more of them there are, the more
// would lie beside them for nothing. What a burst of rendering left is given back to the system. Who sets GOGC or GOMEMLIMIT decides by himself.
func pace(ctx context.Context, pages func() int64) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	now, free := 100, 0
	every := time.NewTicker(paceEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			debug.SetGCPercent(100)
			return
		case <-every.C:
		}
		// A small difference isn't worth stopping everybody for a moment.
		if p := percent(read("/gc/heap/live:bytes"), pages()); p < now-3 || p > now+3 {
			now = p
			debug.SetGCPercent(p)
		}
		if free++; read("/memory/classes/heap/free:bytes") < mostFree {
			free = 0
		}
		if free >= forSeconds {
			free = 0
			debug.FreeOSMemory()
		}
	}
}

// percent is how much garbage may lie about for each hundred bytes that live.
func percent(live, pages int64) int {
	if live <= 0 {
		return 100
	}
	return int(min(100, 100*max(leastGarbage, live-pages)/live))
}

// read is one of Go's own figures, in bytes: "/gc/heap/live:bytes" is what was alive at the last collection.
func read(name string) int64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(s[0].Value.Uint64()) //nolint:gosec // no memory is that large
}
