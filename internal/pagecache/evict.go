package pagecache

// queues decide what is evicted. It is S3-FIFO: what comes stands in a small queue first, and what
// nobody asked for again until it is at the end of that leaves, so that who walks through an archive
// pushes no page out that is read. What was asked for moves to the main queue, where it goes round as
// long as it is read; what left lately and comes again goes there at once.
type queues struct {
	small, main queue
	ghosts      map[uint64]bool
	order       [4096]uint64 // of ghosts, the oldest at next
	next        int
}

// queue is a ring of entries, the oldest behind the head.
type queue struct {
	head  Entry
	bytes int64
	n     int
}

// smallShare of the limit is the small queue's: a tenth.
const smallShare = 10

func (q *queues) init() {
	q.ghosts = map[uint64]bool{}
	for _, x := range []*queue{&q.small, &q.main} {
		x.head.prev, x.head.next = &x.head, &x.head
	}
}

func (q *queues) bytes() int64 { return q.small.bytes + q.main.bytes }

func (q *queues) pages() int { return q.small.n + q.main.n }

func (q *queues) add(e *Entry, limit int64, seldom bool) {
	to := &q.small
	// While there is room nothing has to prove itself, nor has what proved itself before.
	if name := ghostOf(e.key); q.ghosts[name] || e.freq.Load() > 1 || !seldom && q.bytes()+e.size < limit/2 {
		delete(q.ghosts, name)
		to = &q.main
	}
	to.push(e)
}

func (x *queue) push(e *Entry) {
	e.queue = x
	e.prev, e.next = x.head.prev, &x.head
	e.prev.next, x.head.prev = e, e
	x.bytes += e.size
	x.n++
}

func (x *queue) pull(e *Entry) {
	e.prev.next, e.next.prev = e.next, e.prev
	e.prev, e.next, e.queue = nil, nil, nil
	x.bytes -= e.size
	x.n--
}

func (q *queues) remove(e *Entry) {
	if e.queue != nil {
		e.queue.pull(e)
	}
}

func (q *queues) grow(e *Entry, by int64) {
	e.size += by
	if e.queue != nil {
		e.queue.bytes += by
	}
}

// recall remembers an entry that left and was read, so that it needn't prove itself again.
func (q *queues) recall(e *Entry) {
	if e.freq.Load() > 1 {
		q.ghost(e.key)
	}
}

func (q *queues) ghost(key string) {
	name := ghostOf(key)
	if q.ghosts[name] {
		return
	}
	delete(q.ghosts, q.order[q.next])
	q.ghosts[name], q.order[q.next] = true, name
	q.next = (q.next + 1) % len(q.order)
}

func ghostOf(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return h
}

// evict takes one entry out, or returns nil if there is none.
func (q *queues) evict(limit int64) *Entry {
	for q.pages() > 0 {
		if q.main.n == 0 || q.small.n > 0 && q.small.bytes > limit/smallShare {
			e := q.small.head.next
			q.small.pull(e)
			if e.freq.Load() > 1 {
				q.main.push(e)
				continue
			}
			q.ghost(e.key)
			return e
		}
		e := q.main.head.next
		q.main.pull(e)
		if n := e.freq.Load(); n > 0 {
			e.freq.Store(n - 1)
			q.main.push(e)
			continue
		}
		return e
	}
	return nil
}
