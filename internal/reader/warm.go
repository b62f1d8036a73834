package reader

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"depesche/internal/pagecache"
)

// warming renders pages before somebody waits for them: what was read much and was dropped, what has
// just gone out, and after a start what was read much before it.
type warming struct {
	mu      sync.Mutex
	running bool
	queue   []hot
	queued  map[string]bool
	unready []hot // rendered, and not yet in the codings that they are read in
	wake    chan struct{}
}

// hot is a page that is read much, in the codings that it is read in.
type hot struct {
	Key     string             `json:"key"`
	Codings []pagecache.Coding `json:"codings"`
}

const (
	// mostWaiting bounds what waits to be rendered: the rest is rendered when it is asked for.
	mostWaiting = 500
	// mostUnready bounds what is rendered before it is coded: plain bytes are four times as many.
	mostUnready = 32
	// worthWarming is how much something was read lately, see pagecache.Entry.Hits.
	worthWarming = 2
	// hotFile is in the cache folder.
	hotFile = "hot-pages.json"
	// noteHot is how often it is written, and how far back "lately" goes.
	noteHot = 5 * time.Minute
)

// usual are the codings of today's browsers and of those who fetch for others.
var usual = []pagecache.Coding{pagecache.Brotli, pagecache.Gzip}

// again asks for an entry to be rendered anew, and reports whether somebody does that.
func (w *warming) again(e *pagecache.Entry) bool {
	if !strings.HasPrefix(e.Key(), "/") {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.running {
		return false
	}
	w.add(hot{e.Key(), e.Codings()}, true)
	return true
}

// dropped asks for what was dropped and had been read, and for what will be.
func (w *warming) dropped(gone []*pagecache.Entry, soon []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.running {
		return
	}
	slices.SortFunc(gone, func(a, b *pagecache.Entry) int { return cmp.Compare(a.Hits(), b.Hits()) })
	for _, path := range soon {
		w.add(hot{path, usual}, true)
	}
	for _, e := range gone { // the most read comes in front
		if e.Hits() >= worthWarming && e.Status() == http.StatusOK && strings.HasPrefix(e.Key(), "/") {
			w.add(hot{e.Key(), e.Codings()}, true)
		}
	}
}

// add is under the lock.
func (w *warming) add(p hot, first bool) {
	if w.queued[p.Key] {
		return
	}
	if len(w.queue) >= mostWaiting {
		last := w.queue[len(w.queue)-1]
		if !first {
			return
		}
		delete(w.queued, last.Key)
		w.queue = w.queue[:len(w.queue)-1]
	}
	w.queued[p.Key] = true
	if first {
		w.queue = slices.Insert(w.queue, 0, p)
	} else {
		w.queue = append(w.queue, p)
	}
	select {
	case w.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// toRender returns the next page that is to be rendered, unless enough wait to be coded: that comes behind. It may
// take longer, and who asks for the same page in another coding would wait for it.
func (w *warming) toRender() (hot, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 || len(w.unready) >= mostUnready {
		return hot{}, false
	}
	p := w.queue[0]
	w.queue = slices.Delete(w.queue, 0, 1)
	delete(w.queued, p.Key)
	w.unready = append(w.unready, p)
	return p, true
}

// toCode returns the next page that was rendered.
func (w *warming) toCode() (hot, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.unready) == 0 {
		return hot{}, false
	}
	p := w.unready[0]
	w.unready = slices.Delete(w.unready, 0, 1)
	return p, true
}

func (w *warming) start() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running, w.queued, w.wake = true, map[string]bool{}, make(chan struct{}, 1)
}

func (w *warming) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running, w.queue, w.queued, w.unready = false, nil, nil, nil
}

// Run does what is done beside answering, until ctx ends: it warms pages, codes those that are read
// much as small as can be, and watches whether this node hears from the others.
func (rd *Reader) Run(ctx context.Context) error {
	rd.warming.start()
	defer rd.warming.stop()
	rd.warming.remember(rd.hotPages())
	var work sync.WaitGroup
	work.Go(func() { rd.warm(ctx) })
	work.Go(func() { rd.recode(ctx) })
	work.Go(func() { rd.watch(ctx) })
	work.Wait()
	rd.noteHot()
	n := rd.cache.Counts()
	rd.Log.InfoContext(ctx, "pages in memory", "made", n.Made, "forgotten", n.Dropped, "evicted", n.Evicted, "kept", n.Pages, "bytes", n.Bytes)
	return nil
}

// Kept is how much memory the pages take that are kept, in bytes.
func (rd *Reader) Kept() int64 { return rd.cache.Counts().Bytes }

func (w *warming) remember(list []hot) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range list {
		w.add(p, false)
	}
}

// warm makes one page after the other, and leaves as much time to others as it takes.
func (rd *Reader) warm(ctx context.Context) {
	for {
		from := time.Now()
		if p, ok := rd.warming.toRender(); ok {
			rd.render(ctx, p.Key)
		} else if p, ok := rd.warming.toCode(); ok {
			rd.code(p)
		} else {
			select {
			case <-ctx.Done():
				return
			case <-rd.warming.wake:
			}
			continue
		}
		if !pause(ctx, time.Since(from)) {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// render makes a page as if somebody had asked for it, unless somebody has since.
func (rd *Reader) render(ctx context.Context, key string) {
	u, err := url.Parse(key)
	if err != nil {
		return
	}
	r := (&http.Request{Method: http.MethodHead, URL: u, Header: http.Header{}}).WithContext(ctx)
	if e := rd.cache.Get(key); e == nil || rd.doubted(e) || !rd.lasting(e, 0) {
		rd.visit(&nobody{header: http.Header{}}, r)
	}
}

// code makes a page ready in the codings that it is read in.
func (rd *Reader) code(p hot) {
	if e := rd.cache.Get(p.Key); e != nil {
		for _, c := range p.Codings {
			rd.cache.Form(e, c)
		}
	}
}

// nobody is who a page is rendered for that nobody asked for.
type nobody struct{ header http.Header }

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) Write(b []byte) (int, error) { return len(b), nil }
func (n *nobody) WriteHeader(int)             {}

const (
	// recodeEvery is how often at most a page is coded as small as can be, and recodeShare of how much
	// time that may take: the twentieth part of one core.
	recodeEvery = time.Second
	recodeShare = 20
	// worthRecoding is how much a page was read lately.
	worthRecoding = 4
)

// recode makes what is sent much smaller, one page after the other, the most read first.
func (rd *Reader) recode(ctx context.Context) {
	noted := time.Now()
	tried := map[*pagecache.Entry]bool{}
	for {
		wait := recodeEvery
		if best := rd.mostRead(tried); best != nil {
			tried[best] = true
			from := time.Now()
			for _, c := range best.Codings() {
				rd.cache.Recode(best, c)
			}
			wait = max(wait, recodeShare*time.Since(from))
		}
		if !pause(ctx, wait) {
			return
		}
		if time.Since(noted) > noteHot {
			noted = time.Now()
			clear(tried)
			rd.noteHot()
			for _, e := range rd.cache.Entries() {
				e.Cool()
			}
		}
	}
}

func (rd *Reader) mostRead(but map[*pagecache.Entry]bool) *pagecache.Entry {
	var best *pagecache.Entry
	for _, e := range rd.cache.Entries() {
		if e.Hits() >= worthRecoding && !but[e] && (best == nil || e.Hits() > best.Hits()) {
			best = e
		}
	}
	return best
}

const (
	// watchEvery is how often it is looked whether the bus is read, silence how long it may not be
	// until nothing in memory is believed.
	watchEvery = 250 * time.Millisecond
	silence    = 5 * time.Second
)

// watch believes in what is in memory as long as it is heard what became false. The bus reads twice a
// second; when the database doesn't answer it for a while, another node may have withdrawn anything.
func (rd *Reader) watch(ctx context.Context) {
	began := time.Now()
	for pause(ctx, watchEvery) {
		if rd.Bus != nil {
			rd.heed(ctx, began, time.Now())
		}
	}
	// While the last requests are answered nobody hears of other nodes any more.
	rd.doubt.Store(rd.Bus != nil)
}

// heed judges at a moment whether the bus has been silent for too long, since it was heard or, if it never
// was, since the beginning.
func (rd *Reader) heed(ctx context.Context, began, now time.Time) {
	heard := rd.Bus.Heard()
	if heard.IsZero() {
		heard = began
	}
	doubt := now.Sub(heard) > silence
	switch was := rd.doubt.Swap(doubt); {
	case doubt && !was:
		rd.Log.WarnContext(ctx, "pages in memory aren't believed any more: nothing is heard of what other nodes do")
	case was && !doubt:
		rd.Log.InfoContext(ctx, "pages in memory are believed again")
	}
}

// noteHot writes what is read much, for the next start.
func (rd *Reader) noteHot() {
	if rd.CacheDir == "" {
		return
	}
	list := rd.cache.Entries()
	list = slices.DeleteFunc(list, func(e *pagecache.Entry) bool {
		return e.Hits() < worthWarming || e.Status() != http.StatusOK || !strings.HasPrefix(e.Key(), "/")
	})
	slices.SortFunc(list, func(a, b *pagecache.Entry) int {
		return cmp.Or(cmp.Compare(b.Hits(), a.Hits()), cmp.Compare(a.Key(), b.Key()))
	})
	out := make([]hot, 0, mostWaiting)
	for _, e := range list[:min(len(list), mostWaiting)] {
		out = append(out, hot{e.Key(), e.Codings()})
	}
	if len(out) == 0 {
		return // what is there is worth more
	}
	b, err := json.Marshal(out)
	if err == nil {
		err = replaceFile(filepath.Join(rd.CacheDir, hotFile), b)
	}
	if err != nil {
		rd.Log.Warn("what is read much can't be noted for the next start", "error", err)
	}
}

func replaceFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// hotPages is what was read much before the last stop. What is wrong with the file is no harm: pages
// are made when they are asked for.
func (rd *Reader) hotPages() []hot {
	if rd.CacheDir == "" {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(rd.CacheDir, hotFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var out []hot
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		rd.Log.Warn("what was read much before the start isn't known", "error", err)
		return nil
	}
	out = out[:min(len(out), mostWaiting)]
	return slices.DeleteFunc(out, func(p hot) bool {
		for _, c := range p.Codings {
			if c > pagecache.Brotli {
				return true
			}
		}
		return !strings.HasPrefix(p.Key, "/")
	})
}
