package reader

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// benchStories is how many stories the paper of the benchmarks has; DEPESCHE_BENCH_STORIES changes it.
const benchStories = 1000

func benchWorld(b *testing.B) *world {
	b.Helper()
	n := benchStories
	if v, err := strconv.Atoi(os.Getenv("DEPESCHE_BENCH_STORIES")); err == nil {
		n = v
	}
	c := clock.NewStepping(evening)
	w := newWorld(b, dbtest.OpenClock(b, c), c).setUp()
	langs := []lang.Tag{"de", "uk"}
	for from := 0; from < n; from += 200 {
		w.write(func(ctx context.Context, tx *db.Tx) error {
			for i := from; i < min(n, from+200); i++ {
				st, err := w.stories.CreateTx(ctx, tx, chief, story.NewStory{
					Kind: story.News, OriginalLang: "de", Section: w.sections["politics"], Authors: []people.AuthorID{w.olena}, Topics: []topic.ID{w.nato},
				})
				if err != nil {
					return err
				}
				at := evening.Add(-time.Duration(i) * time.Hour)
				for _, l := range langs {
					if _, _, err := w.Editions.Import(ctx, tx, chief, edition.Imported{Story: st.ID, Lang: l, Doc: longText(i, l), Published: &at, Why: "bench"}); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return w
}

// longText is of the length of a usual story: 20 paragraphs.
func longText(n int, l lang.Tag) document.Doc {
	d := textOf(fmt.Sprintf("Meldung %d", n), l)
	for i := range 20 {
		d.Blocks = append(d.Blocks, document.Block{ID: document.ID(fmt.Sprintf("p%d", i)), Kind: document.Paragraph, Text: document.Text(
			"Der Präsident wirbt bei den Verbündeten um Unterstützung, vor allem in den Vereinigten Staaten. Er hofft dem Bericht zufolge, dass Biden den entscheidenden Schritt macht. Das brächte der Ukraine neben militärischer auch politische Rückendeckung.")})
	}
	return d
}

// measure measures the whole way of pages from the database, and reports the median.
func measure(b *testing.B, path func(i int) string) {
	w := benchWorld(b)
	var took []time.Duration
	b.ResetTimer()
	for i := range b.N {
		r := httptest.NewRequest(http.MethodGet, path(i), nil)
		rec := httptest.NewRecorder()
		w.handler.(*Reader).cache.DropAll()
		from := time.Now()
		w.handler.ServeHTTP(rec, r)
		took = append(took, time.Since(from))
		if rec.Code != http.StatusOK {
			b.Fatalf("%s: %d %s", path(i), rec.Code, rec.Header().Get("Location"))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
}

func BenchmarkArticle(b *testing.B) {
	measure(b, func(i int) string {
		n := i*7919%benchStories + 1
		return fmt.Sprintf("/de/%d/meldung-%d-de", n, n-1)
	})
}

func BenchmarkFront(b *testing.B) { measure(b, func(int) string { return "/de/" }) }

func BenchmarkFeed(b *testing.B) { measure(b, func(int) string { return "/de/feed.rss" }) }
