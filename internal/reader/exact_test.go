package reader

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"depesche/internal/correction"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
)

// TestOnlyWhatChangedIsDropped: of a paper in memory an act drops what it changes, and nothing else.
func TestOnlyWhatChangedIsDropped(t *testing.T) {
	each(t, func(w *world) {
		n := newsroomOf(w)
		for i := range 30 { // so that lists have a second page
			w.publish(fmt.Sprint("Alte ", i), []string{"politics", "business"}[i%2], evening.Add(-time.Duration(i+2)*time.Hour), "de", "uk")
		}
		ctx := t.Context()
		// The first correction of a language puts a link at the foot of every page.
		first := w.publish("Berichtigt", "politics", evening.Add(-90*time.Hour), "de")
		one, err := w.Editions.ByLanguage(ctx, w.d.Read(), first.ID, "de")
		w.must(err)
		w.correct(first, false, correction.Text{Edition: one.ID, Lang: "de", Text: "Ein Komma."})
		st, err := n.begin(ctx)
		w.must(err)
		de, err := n.write(ctx, st, "de")
		w.must(err)
		for _, act := range []struct {
			name string
			do   func() error
		}{
			{"save", func() error { _, err := n.write(ctx, st, "de"); return err }},
			{"publish", func() error { return n.act(ctx, release.Command{Act: release.Publish}, de) }},
			{"update", func() error {
				if _, err := n.write(ctx, st, "de"); err != nil {
					return err
				}
				return n.act(ctx, release.Command{Act: release.Update}, de)
			}},
			{"correct", func() error {
				if _, err := n.write(ctx, st, "de"); err != nil {
					return err
				}
				return n.act(ctx, release.Command{Act: release.Correct, Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"de": "Es waren mehr."}}}, de)
			}},
			{"withdraw", func() error {
				return n.act(ctx, release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{"de": "Falsch."}}, de)
			}},
		} {
			n.clock.Advance(2 * time.Second)
			before := n.learn(n.rd)
			for path := range n.known {
				if _, ok := before[path]; !ok {
					before[path] = ask(n.rd, path)
				}
			}
			entries := map[string]bool{}
			for _, e := range n.rd.cache.Entries() {
				entries[e.Key()] = true
			}
			w.must(act.do())
			fresh, needless, changed := n.fresh(), []string{}, 0
			for path, was := range before {
				if !entries[path] {
					continue
				}
				now := ask(fresh, path)
				dropped := n.rd.cache.Get(path) == nil
				switch same := now.body == was.body && now.status == was.status; {
				case dropped && same:
					needless = append(needless, path)
				case !dropped && !same:
					t.Errorf("%s leaves %s in memory, which is another now", act.name, path)
				case dropped:
					changed++
				}
			}
			slices.Sort(needless)
			if len(needless) > 0 {
				t.Errorf("%s drops what it doesn't change: %s", act.name, strings.Join(needless, " "))
			}
			if len(entries) < 60 || act.name != "save" && changed < 5 {
				t.Errorf("%s: %d pages in memory, %d changed", act.name, len(entries), changed)
			}
		}
	})
}

// TestAcknowledgedIsSeen: while pages are read without pause a story is corrected and withdrawn. Whoever
// asks after the act was acknowledged sees it, in every coding and on every page.
func TestAcknowledgedIsSeen(t *testing.T) {
	each(t, func(w *world) {
		n := newsroomOf(w)
		ctx := t.Context()
		st, err := n.begin(ctx)
		w.must(err)
		e, err := n.write(ctx, st, "de")
		w.must(err)
		w.must(n.act(ctx, release.Command{Act: release.Publish}, e))
		var told, stop atomic.Int64 // told: what must be seen at least; below zero, what mustn't
		told.Store(int64(n.said))
		var readers sync.WaitGroup
		defer func() {
			stop.Store(1)
			readers.Wait()
		}()
		paths := []string{"/de/", "/text/de/", "/de/feed.rss", "/de/topic/nato/", "/text/de/author/olena-marko/"}
		for i := range 4 {
			readers.Go(func() {
				for k := i; stop.Load() == 0; k++ {
					path, least := paths[k%len(paths)], told.Load()
					if text := ask(n.rd, path).body; least > 0 && newest(text) < least && told.Load() > 0 {
						t.Errorf("%s tells of %d after %d was acknowledged", path, newest(text), least)
						return
					} else if least < 0 && newest(text) >= -least {
						t.Errorf("%s tells of %d, which was withdrawn", path, newest(text))
						return
					}
				}
			})
		}
		for range 12 {
			n.clock.Advance(time.Second)
			e, err = n.write(ctx, st, "de")
			w.must(err)
			w.must(n.act(ctx, release.Command{Act: release.Correct, Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"de": "Anders."}}}, e))
			told.Store(int64(n.said))
		}
		told.Store(0)
		w.must(n.act(ctx, release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{"de": "Falsch."}}, e))
		told.Store(-1000)
		for _, path := range append(paths, "/sitemap.xml", "/sitemap-news.xml", "/de/feed.json", "/de/feed.atom", "/de/politik/", "/de/wirtschaft/", "/de/corrections/") {
			for _, coding := range []string{"", "gzip", "br", "zstd"} {
				res := w.get(path, "Accept-Encoding", coding)
				res.Body = io.NopCloser(strings.NewReader(res.text))
				if text := plain(t, res.Response); strings.Contains(text, "Der Rat tagt") {
					t.Errorf("%s in %q tells of the withdrawn story", path, coding)
				}
			}
		}
		if res := w.get(n.pathOf(e)); res.StatusCode != http.StatusGone {
			t.Errorf("the story's address is %d", res.StatusCode)
		}
	})
}

func (n *newsroom) pathOf(e edition.Edition) string {
	n.t.Helper()
	path, err := n.rd.pathOf(n.t.Context(), n.d.Read(), e.Story, e.Lang)
	n.must(err)
	return path
}

// newest is the highest number among the newsroom's texts on a page.
func newest(text string) (most int64) {
	for i := strings.Index(text, "Der Rat tagt "); i >= 0; i = strings.Index(text, "Der Rat tagt ") {
		text = text[i+len("Der Rat tagt "):]
		var k int64
		if _, err := fmt.Sscan(text[:min(4, len(text))], &k); err == nil {
			most = max(most, k-1000)
		}
	}
	return most
}
