package fastpath

import (
	"os"
	"runtime"
	"sync"
)

// loops is how many loops share the connections: one for each processor. While there is something to do
// a loop doesn't give its place back to Go's scheduler, which would take it away only after ten milliseconds: a
// release, or a page being rendered, would wait that long at each step as long as readers come. So Go gets as many
// places more, and the system shares the processors fairly. Who sets GOMAXPROCS has decided; the loops
// take half of it.
var loops = sync.OnceValue(func() int {
	n := runtime.GOMAXPROCS(0)
	if os.Getenv("GOMAXPROCS") != "" {
		return max(1, n/2)
	}
	runtime.GOMAXPROCS(2 * n)
	return n
})
