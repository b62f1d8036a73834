package edition_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/people"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// longDoc is a text of n blocks of some sixty words.
func longDoc(n int, seed uint64) document.Doc {
	r := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("Die Wahrscheinlichkeit der Verwirklichung dieses Szenarios bleibt jedoch gering weil die Regierung vorsichtig ist und einen weiteren Konflikt befürchtet")
	d := document.Doc{Headline: fmt.Sprintf("Nummer %d: was die Regierung befürchtet", seed), Lead: document.Text("Ein Vorspann, der sagt, worum es geht.")}
	for i := range n {
		var b strings.Builder
		for range 60 {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		block := document.Block{ID: document.ID(fmt.Sprintf("b%d", i)), Kind: document.Paragraph}
		block.Text = document.Inline{{Text: b.String() + "und "}, {Text: "mehr", Marks: []document.Mark{{Type: document.Strong}}}, {Text: "."}}
		d.Blocks = append(d.Blocks, block)
	}
	return d.Normal()
}

// BenchmarkPublished reads pages of 10,000 published stories as the reader does, one at random.
func BenchmarkPublished(b *testing.B) {
	d := dbtest.Open(b)
	w := newWorld(b, d)
	const n = 10_000
	ctx := context.Background()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	text := longDoc(12, 1)
	for i := 0; i < n; i += 500 {
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for j := range 500 {
				st, err := w.stories.CreateTx(ctx, tx, chief, story.NewStory{Kind: story.News, OriginalLang: "de", Section: politics})
				if err != nil {
					return err
				}
				out := at.Add(time.Duration(i+j) * time.Minute)
				if _, _, err := w.editions.Import(ctx, tx, chief, edition.Imported{Story: st.ID, Lang: "de", Doc: text, Published: &out}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for b.Loop() {
		number := 1 + rand.Int64N(n)
		live, err := w.editions.Published(ctx, d.Read(), number, "de")
		if err != nil || live.Story.Number != number {
			b.Fatal(err)
		}
	}
}

// BenchmarkSave saves an edition of 60 blocks, one of them changed, with revision, event and audit,
// and waits for the disk. Reported is the median, which the numbers to reach are about.
func BenchmarkSave(b *testing.B) {
	for _, engine := range []string{db.SQLite, db.Postgres} {
		b.Run(engine, func(b *testing.B) {
			d := durable(b, engine)
			w := newWorld(b, d)
			e := w.edition(b, longDoc(60, 1))
			ctx := context.Background()
			var took []time.Duration
			i := 0
			for b.Loop() {
				i++
				text := change(e.Doc, i%60, fmt.Sprintf("Ein anderer Absatz, zum %d. Mal", i))
				start := time.Now()
				saved, err := w.editions.Save(ctx, chief, edition.Save{Edition: e.ID, Base: e.Revision, Doc: text})
				if err != nil || !saved.Fresh {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				e = saved.Edition
			}
			sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/median")
		})
	}
}

// durable is a database that waits for the disk.
func durable(b *testing.B, engine string) *db.DB {
	var o db.Options
	switch engine {
	case db.SQLite:
		o = dbtest.SQLite(b)
	default:
		if os.Getenv(dbtest.Env) == "" {
			b.Skip("needs " + dbtest.Env)
		}
		o = dbtest.Postgres(b)
	}
	o.Loose = false
	d, err := db.Open(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}

// BenchmarkImport brings in published stories as the importer does, a hundred an act.
func BenchmarkImport(b *testing.B) {
	for _, engine := range []string{db.SQLite, db.Postgres} {
		b.Run(engine, func(b *testing.B) {
			d := durable(b, engine)
			w := newWorld(b, d)
			text := longDoc(12, 1)
			ctx := context.Background()
			at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			n := 0
			for b.Loop() {
				n += 100
				if err := d.Write(ctx, func(tx *db.Tx) error {
					for range 100 {
						st, err := w.stories.CreateTx(ctx, tx, chief, story.NewStory{
							Kind: story.News, OriginalLang: "de", Section: politics, Authors: []people.AuthorID{"a1"}, Topics: []topic.ID{"t1"}, At: at,
						})
						if err != nil {
							return err
						}
						if _, _, err := w.editions.Import(ctx, tx, chief, edition.Imported{Story: st.ID, Lang: "de", Doc: text, Published: &at}); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "stories/s")
		})
	}
}
