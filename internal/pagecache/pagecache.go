// Package pagecache keeps ready answers in memory: a page under its address, in the codings that were
// asked for, with the header lines that go out before it. It is bounded in bytes, everything counted,
// and knows nothing of news: what an answer depends on are tags, and whoever knows that something has
// changed drops those.
//
// Three things hold at any instant. After [Cache.Drop] has returned, no answer with one of the tags is
// found that was begun before. A page that is asked for by many at once is rendered once, and who asks
// after a drop never gets what was begun before it. And a page that was begun before a drop of one of
// its tags isn't kept, however late it is ready.
package pagecache

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

// Tag stands for something that an answer depends on. Two things may share one, once in four thousand
// million times: then one is dropped that was still true.
type Tag uint32

// TagOf is the tag of a thing: what it is, and which. It is the same on every node.
func TagOf(what, which string) Tag {
	const prime = 16777619
	h := uint32(2166136261)
	for i := range len(what) {
		h = (h ^ uint32(what[i])) * prime
	}
	h = (h ^ ':') * prime
	for i := range len(which) {
		h = (h ^ uint32(which[i])) * prime
	}
	return Tag(h)
}

// Fact is something that follows from many things and changes seldom, under its tag: the answers that
// depend on it are dropped when it is another, not whenever one of the many things changes.
type Fact struct {
	Tag   Tag
	Value uint64
}

// Field is a header line.
type Field struct{ Name, Value string }

// Page is an answer as it was rendered.
type Page struct {
	Status int
	Common []Field // lines that many pages have alike; Vary: Accept-Encoding among them
	Own    []Field // lines that only this one has
	Body   []byte
	Tags   []Tag
	Facts  []Fact
	Until  time.Time // when the clock makes it false; zero: never
	Born   time.Time // when it was begun to read what it was made from
	Keep   bool
	Seldom bool // one of so many that it has to prove that it is read
}

const (
	shards = 16
	// perEntry is what an entry costs beside its bytes: the maps, the structs, what rounding adds.
	perEntry = 512
	// remembered is how many drops are looked back at: what took longer to render isn't kept.
	remembered = 512
)

// Cache keeps pages. It is safe for concurrent use.
type Cache struct {
	limit int64
	seed  maphash.Seed
	shard [shards]shard

	mu     sync.Mutex // of all below; taken before a shard's
	gen    atomic.Uint64
	drops  []drop
	facts  map[Tag]uint64
	queues queues
	common map[string]*common
	counts Counts

	flying  sync.Mutex
	flights map[string]*flight
}

type shard struct {
	sync.RWMutex
	pages map[string]*Entry
}

// drop is one forgetting. Its tags are few.
type drop struct {
	gen  uint64
	all  bool
	tags []Tag
}

// Counts are what happened since the start, and what is kept now.
type Counts struct {
	Pages                           int
	Bytes                           int64
	Made, Dropped, Evicted, NotKept uint64
}

// New returns a cache that keeps up to limit bytes.
func New(limit int64) *Cache {
	c := &Cache{
		limit: limit, seed: maphash.MakeSeed(), facts: map[Tag]uint64{}, common: map[string]*common{}, flights: map[string]*flight{},
	}
	for i := range c.shard {
		c.shard[i].pages = map[string]*Entry{}
	}
	c.queues.init()
	return c
}

// Get returns what is kept under the key, or nil. It may be out of date by the clock: see
// [Entry.Until].
func (c *Cache) Get(key string) *Entry {
	s := &c.shard[maphash.String(c.seed, key)%shards]
	s.RLock()
	e := s.pages[key]
	s.RUnlock()
	if e != nil {
		e.touch()
	}
	return e
}

// GetBytes is [Cache.Get] of a key that isn't a string yet; it makes none.
func (c *Cache) GetBytes(key []byte) *Entry {
	s := &c.shard[maphash.Bytes(c.seed, key)%shards]
	s.RLock()
	e := s.pages[string(key)]
	s.RUnlock()
	if e != nil {
		e.touch()
	}
	return e
}

func (c *Cache) shardOf(key string) *shard { return &c.shard[maphash.String(c.seed, key)%shards] }

// flight is a rendering that others wait for.
type flight struct {
	done  chan struct{}
	token uint64
	entry *Entry // nil: there was no page to share
}

// tries is how often who waits for another's rendering waits for the next, since the last was
// overtaken by a drop. Then it renders by itself.
const tries = 3

// longest is how long a rendering may take: others wait for it.
const longest = 30 * time.Second

// Do returns the page of the key, rendered once for all who ask for it now, and keeps it unless it
// became false meanwhile. render returns nil for what isn't a page that others may have; then Do
// returns nil, and each who asks renders by itself. render isn't broken off when ctx is.
func (c *Cache) Do(ctx context.Context, key string, render func(context.Context) (*Page, error)) (*Entry, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
	defer cancel()
	for range tries {
		c.flying.Lock()
		f, ok := c.flights[key]
		if !ok {
			f = &flight{done: make(chan struct{}), token: c.gen.Load()}
			c.flights[key] = f
			c.flying.Unlock()
			return c.lead(ctx, key, f, render)
		}
		c.flying.Unlock()
		<-f.done
		if f.entry == nil {
			break
		}
		if c.holds(f.token, f.entry) {
			return f.entry, nil
		}
	}
	token := c.gen.Load()
	p, err := render(ctx)
	if err != nil || p == nil {
		return nil, err
	}
	return c.put(key, token, p), nil
}

func (c *Cache) lead(ctx context.Context, key string, f *flight, render func(context.Context) (*Page, error)) (*Entry, error) {
	defer func() { // also when render panics: nobody waits for ever
		c.flying.Lock()
		delete(c.flights, key)
		c.flying.Unlock()
		close(f.done)
	}()
	p, err := render(ctx)
	if err != nil || p == nil {
		return nil, err
	}
	f.entry = c.put(key, f.token, p)
	return f.entry, nil
}

// holds reports whether nothing that e depends on was dropped since token.
func (c *Cache) holds(token uint64, e *Entry) bool {
	if c.gen.Load() == token {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trueSince(token, e.tags)
}

func (c *Cache) trueSince(token uint64, tags []Tag) bool {
	now := c.gen.Load()
	if now-token > uint64(len(c.drops)) {
		return now == token // else nobody remembers what was dropped
	}
	for _, d := range c.drops[uint64(len(c.drops))-(now-token):] {
		if d.all || overlap(d.tags, tags) {
			return false
		}
	}
	return true
}

func overlap(a, b []Tag) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// put keeps the page, unless it became false since token or another fact is known, and returns its
// entry in any case.
func (c *Cache) put(key string, token uint64, p *Page) *Entry {
	e := c.entryOf(key, p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts.Made++
	if !p.Keep || e.size > c.limit/8 || !c.trueSince(token, e.tags) || !c.agree(p.Facts) {
		c.counts.NotKept++
		if old := c.shardOf(key).pages[key]; old != nil { // what it was rendered instead of; only we write
			c.unlist(old)
			c.queues.remove(old)
		}
		return e
	}
	s := c.shardOf(key)
	s.Lock()
	old := s.pages[key]
	s.pages[key] = e
	s.Unlock()
	if old != nil {
		e.freq.Store(old.freq.Load())
		e.hits.Store(old.hits.Load())
		c.queues.remove(old)
	}
	c.queues.add(e, c.limit, p.Seldom)
	c.shrink()
	return e
}

// Make returns an entry that isn't kept.
func (c *Cache) Make(p *Page) *Entry { return c.entryOf("", p) }

// agree notes facts that nobody knew, and reports whether no other is known.
func (c *Cache) agree(facts []Fact) bool {
	for _, f := range facts {
		if known, ok := c.facts[f.Tag]; ok && known != f.Value {
			return false
		}
	}
	for _, f := range facts {
		c.facts[f.Tag] = f.Value
	}
	return true
}

// shrink evicts what is worth least until all fits.
func (c *Cache) shrink() {
	for c.queues.bytes() > c.limit {
		e := c.queues.evict(c.limit)
		if e == nil {
			return
		}
		c.counts.Evicted++
		c.unlist(e)
	}
}

func (c *Cache) unlist(e *Entry) {
	s := c.shardOf(e.key)
	s.Lock()
	if s.pages[e.key] == e {
		delete(s.pages, e.key)
	}
	s.Unlock()
}

// grow counts what was added to an entry that may be kept.
func (c *Cache) grow(e *Entry, by int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queues.grow(e, by)
	c.shrink()
}

// Drop forgets what depends on one of the tags, and what is being rendered of it. It returns what was
// forgotten.
func (c *Cache) Drop(tags ...Tag) []*Entry {
	if len(tags) == 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drop(drop{tags: tags})
}

// DropAll forgets everything, facts as well.
func (c *Cache) DropAll() []*Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.facts)
	return c.drop(drop{all: true})
}

// drop looks through all entries: an index of tags would cost more memory than the walk costs time.
func (c *Cache) drop(d drop) []*Entry {
	d.gen = c.gen.Add(1)
	if len(c.drops) >= 2*remembered {
		c.drops = append(c.drops[:0], c.drops[remembered:]...)
	}
	c.drops = append(c.drops, d)
	want := filterOf(d.tags)
	var gone []*Entry
	for i := range c.shard {
		s := &c.shard[i]
		s.Lock()
		for key, e := range s.pages {
			if d.all || e.has(want, d.tags) {
				delete(s.pages, key)
				gone = append(gone, e)
			}
		}
		s.Unlock()
	}
	for _, e := range gone {
		c.queues.remove(e)
		c.queues.recall(e)
	}
	c.counts.Dropped += uint64(len(gone))
	return gone
}

// filter is a set of tags with false friends: a quick no.
type filter [4]uint64

func filterOf(tags []Tag) (f filter) {
	for _, t := range tags {
		f[t>>6&3] |= 1 << (t & 63)
	}
	return f
}

func (f *filter) may(t Tag) bool { return f[t>>6&3]>>(t&63)&1 == 1 }

// Knows reports whether an answer is kept that depends on the fact.
func (c *Cache) Knows(fact Tag) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.facts[fact]
	return ok
}

// Learn drops what depends on the fact if it is another now, and returns what was forgotten.
func (c *Cache) Learn(f Fact) []*Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.facts[f.Tag]; ok && known == f.Value {
		return nil
	}
	c.facts[f.Tag] = f.Value
	return c.drop(drop{tags: []Tag{f.Tag}})
}

// Forget drops what depends on the fact, and the fact.
func (c *Cache) Forget(fact Tag) []*Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.facts, fact)
	return c.drop(drop{tags: []Tag{fact}})
}

// Empty reports whether nothing is kept and nothing known, so that a [Cache.DropAll] costs nothing.
func (c *Cache) Empty() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queues.pages() == 0 && len(c.facts) == 0
}

// Counts returns what happened and what is kept.
func (c *Cache) Counts() Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.counts
	out.Pages, out.Bytes = c.queues.pages(), c.queues.bytes()
	return out
}

// Entries returns what is kept, in no order.
func (c *Cache) Entries() []*Entry {
	var out []*Entry
	for i := range c.shard {
		s := &c.shard[i]
		s.RLock()
		for _, e := range s.pages {
			out = append(out, e)
		}
		s.RUnlock()
	}
	return out
}
