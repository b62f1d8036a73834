package pagecache_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"depesche/internal/pagecache"
)

func pageOf(body string, tags ...pagecache.Tag) *pagecache.Page {
	return &pagecache.Page{
		Status: http.StatusOK, Keep: true, Body: []byte(body), Tags: tags,
		Common: []pagecache.Field{
			{Name: "Content-Type", Value: "text/html"}, {Name: "Vary", Value: "Accept-Language"}, {Name: "Vary", Value: "Accept-Encoding"},
		},
		Own: []pagecache.Field{{Name: "Last-Modified", Value: "yesterday"}},
	}
}

func keep(t testing.TB, c *pagecache.Cache, key string, p *pagecache.Page) *pagecache.Entry {
	t.Helper()
	e, err := c.Do(t.Context(), key, func(context.Context) (*pagecache.Page, error) { return p, nil })
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func text(c *pagecache.Cache, e *pagecache.Entry) string {
	return string(c.Form(e, pagecache.Identity).Body)
}

var (
	red  = pagecache.TagOf("colour", "red")
	blue = pagecache.TagOf("colour", "blue")
)

// Whatever is kept and dropped, what is found is what was put last, and nothing of a dropped tag is
// found; the bytes never exceed the limit.
func TestHoldsWhatATableWouldHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := int64(rapid.IntRange(4_000, 40_000).Draw(t, "limit"))
		c := pagecache.New(limit)
		type kept struct {
			body string
			tags []pagecache.Tag
		}
		model := map[string]kept{}
		for range rapid.IntRange(1, 120).Draw(t, "acts") {
			key := "/" + strconv.Itoa(rapid.IntRange(0, 30).Draw(t, "key"))
			tag := pagecache.TagOf("t", strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "tag")))
			switch rapid.SampledFrom([]string{"put", "put", "get", "code", "drop", "all"}).Draw(t, "act") {
			case "put":
				k := kept{strings.Repeat(key, rapid.IntRange(0, 800).Draw(t, "size")), []pagecache.Tag{tag, red}}
				if _, err := c.Do(context.Background(), key, func(context.Context) (*pagecache.Page, error) { return pageOf(k.body, k.tags...), nil }); err != nil {
					t.Fatal(err)
				}
				model[key] = k
			case "code":
				if e := c.Get(key); e != nil {
					coding := rapid.SampledFrom([]pagecache.Coding{pagecache.Identity, pagecache.Gzip, pagecache.Zstd, pagecache.Brotli}).Draw(t, "coding")
					c.Form(e, coding)
					if rapid.Bool().Draw(t, "small") {
						c.Recode(e, coding)
					}
				}
			case "drop":
				c.Drop(tag)
				for key, k := range model {
					if k.tags[0] == tag {
						delete(model, key)
					}
				}
			case "all":
				c.DropAll()
				clear(model)
			}
			if e := c.GetBytes([]byte(key)); e != nil && text(c, e) != model[key].body {
				t.Fatalf("%s: found what was never put, or dropped", key)
			}
			n := c.Counts()
			if n.Bytes > limit || n.Pages != len(c.Entries()) || n.Pages > len(model) {
				t.Fatalf("%+v of %d bytes, %d in the table", n, limit, len(model))
			}
			if n.Pages == 0 && n.Bytes != 0 {
				t.Fatalf("nothing takes %d bytes", n.Bytes)
			}
		}
	})
}

// A drop while a page is rendered: who asked before may have it, it isn't kept, and who asks after gets
// a new one.
func TestDropOvertakesRendering(t *testing.T) {
	for name, c := range map[string]struct {
		drop func(*pagecache.Cache)
		kept bool
	}{
		"its tag":        {func(c *pagecache.Cache) { c.Drop(red) }, false},
		"another tag":    {func(c *pagecache.Cache) { c.Drop(blue) }, true},
		"everything":     {func(c *pagecache.Cache) { c.DropAll() }, false},
		"its fact":       {func(c *pagecache.Cache) { c.Learn(pagecache.Fact{Tag: 7, Value: 2}) }, false},
		"the same fact":  {func(c *pagecache.Cache) { c.Learn(pagecache.Fact{Tag: 7, Value: 1}) }, true},
		"fact forgotten": {func(c *pagecache.Cache) { c.Forget(7) }, false},
		"more drops than are remembered": {func(c *pagecache.Cache) {
			for range 5000 {
				c.Drop(blue)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			cache := pagecache.New(1 << 20)
			fact := pageOf("fact")
			fact.Facts = []pagecache.Fact{{Tag: 7, Value: 1}}
			keep(t, cache, "/fact", fact)
			begun, dropped := make(chan struct{}), make(chan struct{})
			var wait sync.WaitGroup
			wait.Go(func() {
				_, err := cache.Do(t.Context(), "/", func(context.Context) (*pagecache.Page, error) {
					close(begun)
					<-dropped
					p := pageOf("old", red)
					p.Facts = []pagecache.Fact{{Tag: 7, Value: 1}}
					return p, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			<-begun
			c.drop(cache)
			wait.Go(func() { // joins the first, or renders
				e, err := cache.Do(t.Context(), "/", func(context.Context) (*pagecache.Page, error) { return pageOf("new", red), nil })
				if err != nil || !c.kept && text(cache, e) != "new" {
					t.Error("a reader who came after the drop got what was begun before it", err)
				}
			})
			close(dropped)
			wait.Wait()
			e := cache.Get("/")
			if c.kept == (e == nil) && c.kept || e != nil && !c.kept && text(cache, e) == "old" {
				t.Errorf("kept: %v", e != nil)
			}
		})
	}
}

// Who disagrees about a fact isn't kept.
func TestFactsAgree(t *testing.T) {
	c := pagecache.New(1 << 20)
	with := func(value uint64) *pagecache.Page {
		p := pageOf(fmt.Sprint(value))
		p.Facts = []pagecache.Fact{{Tag: 7, Value: value}}
		return p
	}
	keep(t, c, "/1", with(1))
	keep(t, c, "/2", with(2))
	if c.Get("/1") == nil || c.Get("/2") != nil {
		t.Error("two facts are believed at once")
	}
	if gone := c.Learn(pagecache.Fact{Tag: 7, Value: 2}); len(gone) != 1 || gone[0].Key() != "/1" || c.Get("/1") != nil {
		t.Errorf("dropped %d", len(gone))
	}
	keep(t, c, "/2", with(2))
	if c.Get("/2") == nil || len(c.Learn(pagecache.Fact{Tag: 7, Value: 2})) != 0 {
		t.Error("what is true is dropped")
	}
}

// Many ask at once: one renders. What fails is no answer for the others.
func TestRendersOnce(t *testing.T) {
	c := pagecache.New(1 << 20)
	var rendered atomic.Int32
	asked := make(chan struct{})
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			e, err := c.Do(t.Context(), "/", func(context.Context) (*pagecache.Page, error) {
				if rendered.Add(1) == 1 {
					<-asked
				}
				return pageOf("page", red), nil
			})
			if err != nil || text(c, e) != "page" {
				t.Error(err)
			}
		})
	}
	close(asked)
	wait.Wait()
	if n := rendered.Load(); int(n) > 50 || c.Counts().Pages != 1 {
		t.Errorf("rendered %d times", n)
	}
	fault := errors.New("fault")
	if _, err := c.Do(t.Context(), "/x", func(context.Context) (*pagecache.Page, error) { return nil, fault }); !errors.Is(err, fault) {
		t.Error(err)
	}
	if e, err := c.Do(t.Context(), "/x", func(context.Context) (*pagecache.Page, error) { return nil, nil }); e != nil || err != nil { //nolint:nilnil // no page
		t.Error(e, err)
	}
	func() {
		defer func() { recover() }()                                                                    //nolint:errcheck // the test's own
		c.Do(t.Context(), "/x", func(context.Context) (*pagecache.Page, error) { panic("a template") }) //nolint:errcheck // it panics
	}()
	if e := keep(t, c, "/x", pageOf("at last")); text(c, e) != "at last" {
		t.Error("a panic left the key locked")
	}
}

// Each coding is the page, has an ETag of its own and says so; what nobody asks for isn't there.
func TestForms(t *testing.T) {
	c := pagecache.New(1 << 20)
	body := strings.Repeat("Kyjiw wartet auf Antwort. ", 200)
	e := keep(t, c, "/", pageOf(body, red))
	seen := map[string]bool{}
	before := c.Counts().Bytes
	for _, coding := range []pagecache.Coding{pagecache.Brotli, pagecache.Gzip, pagecache.Zstd, pagecache.Brotli} {
		f := c.Form(e, coding)
		if c.Form(e, coding) != f || e.Ready(coding) != f {
			t.Error("made twice")
		}
		h := http.Header{}
		e.WriteHeader(h, f)
		if h.Get("Content-Length") != strconv.Itoa(len(f.Body)) || h.Get("Content-Encoding") == "" || len(h.Values("Vary")) != 2 || h.Get("Last-Modified") == "" {
			t.Errorf("%v", h)
		}
		for name, values := range h {
			for _, v := range values {
				if !bytes.Contains(f.Head, []byte(name+": "+v+"\r\n")) {
					t.Errorf("%s: %s isn't in the ready head\n%s", name, v, f.Head)
				}
			}
		}
		seen[h.Get("Etag")] = true
	}
	if len(seen) != 3 || e.Ready(pagecache.Identity) != nil || c.Counts().Bytes >= before {
		t.Errorf("%d tags; plain bytes are kept that nobody asked for", len(seen))
	}
	for range 3 {
		if text(c, e) != body {
			t.Error("unpacked to something else")
		}
	}
	if e.Ready(pagecache.Identity) == nil {
		t.Error("what is asked for plain again and again is unpacked each time")
	}
}

func TestRecode(t *testing.T) {
	c := pagecache.New(1 << 20)
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "%x Kyjiw %d ", i*i, i%97)
	}
	e := keep(t, c, "/", pageOf(b.String(), red))
	old := c.Form(e, pagecache.Brotli)
	etag := func() string {
		h := http.Header{}
		e.WriteHeader(h, e.Ready(pagecache.Brotli))
		return h.Get("Etag")
	}
	was := etag()
	if !c.Recode(e, pagecache.Brotli) || c.Recode(e, pagecache.Brotli) || c.Recode(e, pagecache.Gzip) {
		t.Fatal("recoded otherwise than once")
	}
	if now := e.Ready(pagecache.Brotli); len(now.Body) >= len(old.Body) || etag() == was || text(c, e) != b.String() {
		t.Errorf("%d bytes became %d, tag %s", len(old.Body), len(now.Body), etag())
	}
	for _, have := range []string{was, etag(), "W/" + etag(), `"x", ` + was, "*"} {
		if c.Unchanged(e, have) == nil {
			t.Errorf("%s isn't known", have)
		}
	}
}

// What is told to those who have a page is counted as well, and told of other bytes at once.
func TestUnchanged(t *testing.T) {
	c := pagecache.New(1 << 20)
	e := keep(t, c, "/", pageOf("page"))
	h := http.Header{}
	e.WriteHeader(h, c.Form(e, pagecache.Identity))
	etag := h.Get("Etag")
	before := c.Counts().Bytes
	if _, known := e.UnchangedReady([]byte(etag)); known {
		t.Error("a head is known that nobody made")
	}
	head := c.Unchanged(e, etag)
	if by := c.Counts().Bytes - before; by < int64(len(head)) || by > int64(len(head))+200 {
		t.Errorf("a head of %d bytes is counted as %d", len(head), by)
	}
	if ready, known := e.UnchangedReady([]byte(etag)); !known || !bytes.Equal(ready, head) {
		t.Errorf("%q %v", ready, known)
	}
	for have, want := range map[string]bool{`"other"`: true, `W/"other", "another"`: true, "*": false, `"other", ` + etag: false, `W/"other", *`: false} {
		if head, known := e.UnchangedReady([]byte(have)); head != nil || known != want {
			t.Errorf("%s: %q %v", have, head, known)
		}
	}
	if c.Unchanged(e, `"*"`) != nil {
		t.Error("a tag that is a star was taken for any")
	}
}

// A walk through an archive doesn't push out what is read.
func TestAWalkPushesNothingOut(t *testing.T) {
	c := pagecache.New(1 << 20)
	page := strings.Repeat("x", 500)
	for i := range 200 {
		keep(t, c, fmt.Sprint("/hot/", i), pageOf(page))
	}
	for i := range 20_000 {
		p := pageOf(page)
		p.Seldom = i%2 == 0
		keep(t, c, fmt.Sprint("/cold/", i), p)
		if key := fmt.Sprint("/hot/", i%200); c.Get(key) == nil {
			keep(t, c, key, pageOf(page))
		}
	}
	left := 0
	for i := range 200 {
		if c.Get(fmt.Sprint("/hot/", i)) != nil {
			left++
		}
	}
	if made := c.Counts().Made; left < 195 || made > 20_260 {
		t.Errorf("%d of 200 are left, %d rendered", left, made)
	}
}

func TestLargeThingsAreNotKept(t *testing.T) {
	c := pagecache.New(80_000)
	if e := keep(t, c, "/sitemap.xml", pageOf(strings.Repeat("x", 20_000))); e == nil || c.Get("/sitemap.xml") != nil {
		t.Error("one page takes a quarter of the memory")
	}
}

func FuzzChoose(f *testing.F) {
	for _, s := range []string{"gzip, deflate, br, zstd", "br;q=0, gzip", "zstd;q=0.000", "GZIP;q=0.1", ";;;,,,=", "x-gzip", "br ; q = 0", "br;q=0.01", "*", "identity;q=0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, b := pagecache.Choose(s), pagecache.Choose([]byte(s))
		if a != b {
			t.Errorf("%q: %v as text, %v as bytes", s, a, b)
		}
		if a != pagecache.Identity && !strings.ContainsAny(strings.ToLower(s), "zb*") {
			t.Errorf("%q: %v that nobody named", s, a)
		}
	})
}

func TestChoose(t *testing.T) {
	for header, want := range map[string]pagecache.Coding{
		"": pagecache.Identity, "gzip, deflate, br, zstd": pagecache.Brotli, "gzip, zstd": pagecache.Zstd, "x-gzip": pagecache.Gzip,
		"br;q=0, gzip": pagecache.Gzip, "br;q=0.000, gzip;q=0": pagecache.Identity, "br ; Q = 0": pagecache.Identity, "br;q=0.01": pagecache.Brotli,
		"GZIP;q=0.1": pagecache.Gzip, "gzip;level=3;q=0": pagecache.Identity, "abr": pagecache.Identity,
		"gzip, br;q=0.9": pagecache.Gzip, "br;q=0.1, zstd;q=0.2, gzip;q=0.15": pagecache.Zstd, "gzip;q=0.5, br;q=0.500": pagecache.Brotli, "br;q=2, gzip": pagecache.Brotli,
		"br;q=x, gzip": pagecache.Brotli, "br;q=, gzip": pagecache.Brotli, "br;q=.5, gzip;q=0.4": pagecache.Brotli, "br;q=0.0001": pagecache.Identity,
		"identity": pagecache.Identity, "identity, gzip;q=0.9": pagecache.Identity, "identity, gzip": pagecache.Gzip, "identity;q=0.5, gzip": pagecache.Gzip, "identity;q=0.001, br;q=0.002": pagecache.Brotli,
		"identity;q=0": pagecache.Identity, "identity;q=0, br;q=0.1": pagecache.Brotli, "identity;q=0, *": pagecache.Gzip, "identity;q=0, *;q=0": pagecache.Identity,
		"*": pagecache.Gzip, "*;q=0": pagecache.Identity, "*;q=0, br": pagecache.Brotli, "br;q=0.5, *;q=0": pagecache.Brotli, "gzip;q=0, *": pagecache.Identity, "br;q=0.1, *": pagecache.Gzip,
		"deflate": pagecache.Identity, "deflate, *;q=0.1": pagecache.Gzip, ",, ;q=0, gzip ,": pagecache.Gzip,
	} {
		if got := pagecache.Choose(header); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

// FuzzUnchanged: a header from outside is a match only if it has the tag, and then the answer has it.
func FuzzUnchanged(f *testing.F) {
	c := pagecache.New(1 << 20)
	e := c.Make(pageOf("page"))
	h := http.Header{}
	e.WriteHeader(h, c.Form(e, pagecache.Identity))
	etag := strings.Trim(h.Get("Etag"), `"`)
	for _, s := range []string{`"` + etag + `"`, `W/"` + etag + `-br"`, etag, `"` + etag + `-br-x"`, "*", `"x", "` + etag + `-gzip"`, `"` + etag + "-br\r\nX: y\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		head := c.Unchanged(e, s)
		if head == nil {
			return
		}
		if !strings.Contains(s, etag) && !strings.Contains(s, "*") {
			t.Errorf("%q matches", s)
		}
		if n := bytes.Count(head, []byte("\r\n")); n != bytes.Count(head, []byte("\n")) || n != 5 {
			t.Errorf("%q came into the head\n%s", s, head)
		}
	})
}

// Readers, drops and evictions at once: with -race, and no reader ever sees what was dropped before it
// asked.
func TestDropsUnderReaders(t *testing.T) {
	c := pagecache.New(200_000)
	var made, version [16]atomic.Int64 // what is in the database, and what was acknowledged
	var wait sync.WaitGroup
	stop := make(chan struct{})
	for range 6 {
		wait.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := rand.IntN(len(version))
				key, tag := fmt.Sprint("/", n), pagecache.TagOf("n", strconv.Itoa(n))
				least := version[n].Load()
				e := c.Get(key)
				if e == nil {
					var err error
					e, err = c.Do(context.Background(), key, func(context.Context) (*pagecache.Page, error) {
						return pageOf(fmt.Sprintf("%d %s", made[n].Load(), strings.Repeat("text ", 300)), tag), nil
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
				have, _, _ := strings.Cut(text(c, e), " ")
				if got, _ := strconv.ParseInt(have, 10, 64); got < least {
					t.Errorf("version %d after %d was told of", got, least)
					return
				}
				c.Form(e, pagecache.Gzip)
			}
		})
	}
	for i := range 3000 {
		n := i % len(version)
		made[n].Add(1)
		c.Drop(pagecache.TagOf("n", strconv.Itoa(n)))
		version[n].Add(1)
	}
	close(stop)
	wait.Wait()
}

func BenchmarkGet(b *testing.B) {
	c := pagecache.New(64 << 20)
	var keys [][]byte
	for i := range 2000 {
		key := fmt.Sprintf("/de/%d/selenskyj-hofft-auf-einladung", i)
		keep(b, c, key, pageOf(strings.Repeat("x", 1000), red))
		keys = append(keys, []byte(key))
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if c.GetBytes(keys[i%len(keys)]) == nil {
				b.Fatal("it isn't there")
			}
		}
	})
}

// BenchmarkDrop is of one story among 10,000 pages.
func BenchmarkDrop(b *testing.B) {
	c := pagecache.New(64 << 20)
	for i := range 10_000 {
		var tags []pagecache.Tag
		for j := range 15 {
			tags = append(tags, pagecache.TagOf("t", strconv.Itoa(i*j)))
		}
		keep(b, c, fmt.Sprintf("/de/%d/x", i), pageOf("text", tags...))
	}
	b.ResetTimer()
	for i := range b.N {
		c.Drop(pagecache.TagOf("story", strconv.Itoa(i)), red, blue)
	}
}
