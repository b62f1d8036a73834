// Command memorybench measures the translation memory and prints it as docs/memory.md: run it by
// `make bench-memory`. It fills a memory on each engine that is there, through the import that an
// operator would use, and asks it what the translation screen asks.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/memory"
	"depesche/internal/memory/tmx"
	"depesche/internal/story"
	"depesche/tools/figures"
)

var (
	units  = flag.Int("units", 1_000_000, "units in the memory that is measured")
	rounds = flag.Int("rounds", 40, "how often each question is asked")
	news   = flag.String("news", "../shared/data/parallel-news/ntrex-news.jsonl", "the human translations that units are made of")
	dir    = flag.String("dir", "", "folder for SQLite's file; \"\" is a temporary one")
	filled = flag.Bool("filled", false, "the memory was filled by an earlier run with the same -dir and -units: measure, and don't fill")
	cpu    = flag.String("cpuprofile", "", "file for a profile of what is measured after the filling")
	out    = flag.String("out", "docs/memory.md", "file to write, or - for the screen only")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "memorybench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if *dir == "" {
		temp, err := os.MkdirTemp("", "depesche-memory-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temp)
		*dir = temp
	}
	report := figures.Report{
		Title: "The translation memory in figures", Command: "make bench-memory", Head: figures.Row{"what", "to reach"},
		Where: fmt.Sprintf(" Units %s–%s, made of a thousand human translations of news by a seeded generator\n(`tools/memorybench/corpus.go` says how).", from, to),
	}
	for _, d := range figures.Databases() {
		rows, err := measure(ctx, d)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		report.Head = append(report.Head, d.Name)
		for i, row := range rows {
			if i < len(report.Rows) {
				report.Rows[i] = append(report.Rows[i], row[2])
			} else {
				report.Rows = append(report.Rows, row)
			}
		}
	}
	report.Where += figures.Load()
	return report.Write(*out)
}

// sample is a segment whose place in the memory is known.
type sample struct{ source, target string }

// options open a database: SQLite's in the folder.
func options(d figures.Database) db.Options {
	if d.URL != "" {
		return db.Options{URL: d.URL}
	}
	return db.Options{Dir: *dir}
}

func measure(ctx context.Context, at figures.Database) ([]figures.Row, error) {
	d, err := db.Open(ctx, options(at))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	c, err := newCorpus(*news, 20261127)
	if err != nil {
		return nil, err
	}
	before, err := size(ctx, d)
	if err != nil {
		return nil, err
	}
	m := memory.New(d)
	var samples []sample
	rate := "filled by an earlier run"
	if *filled {
		before = 0
		samples = again(c)
	} else {
		var took time.Duration
		if samples, took, err = fill(ctx, m, c); err != nil {
			return nil, err
		}
		rate = fmt.Sprintf("%.0f units/s", float64(*units)/took.Seconds())
	}
	after, err := size(ctx, d)
	if err != nil {
		return nil, err
	}
	bench := bench{options: options(at), d: d, memory: m, corpus: c, samples: samples, random: rand.New(rand.NewPCG(7, 7))} //nolint:gosec // the same in every run
	if *cpu != "" {
		stop, err := profile(*cpu + "." + d.Engine())
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	var count int
	if err := d.Read().QueryRowContext(ctx, `SELECT COUNT(*) FROM memory_unit`).Scan(&count); err != nil {
		return nil, err
	}
	rows := []figures.Row{
		{"units in the memory", "1,000,000", strconv.Itoa(count)},
		{"import of TMX", "some thousand units/s", rate},
		{"size in the database", "", fmt.Sprintf("%.0f MB", float64(after-before)/1e6)},
	}
	for _, step := range []func(context.Context) ([]figures.Row, error){bench.matches, bench.screen, bench.concordance, bench.learn} {
		more, err := step(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// profile writes what the processor does into the file, until it is stopped.
func profile(file string) (stop func(), err error) {
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}, nil
}

// again makes the first samples anew that an earlier run filled a memory with.
func again(c *corpus) []sample {
	var out []sample
	for i := range min(*units, 100_000) {
		if pair := c.next(); i%101 == 0 {
			out = append(out, sample{pair[0], pair[1]})
		}
	}
	return out
}

// fill imports a file that is made while it is read.
func fill(ctx context.Context, m *memory.Service, c *corpus) ([]sample, time.Duration, error) {
	r, w := io.Pipe()
	var samples []sample
	go func() {
		w.CloseWithError(c.write(tmx.NewWriter(w, from, "bench"), *units, func(i int, pair [2]string) {
			if i%101 == 0 {
				samples = append(samples, sample{pair[0], pair[1]})
			}
		}))
	}()
	began := time.Now()
	told := began
	report, err := m.Import(ctx, actor.System("bench"), r, memory.ImportOptions{Name: "bench", Progress: func(n int64) {
		if time.Since(told) > 10*time.Second {
			told = time.Now()
			fmt.Fprintf(os.Stderr, "%d MB of TMX in %s\n", n>>20, time.Since(began).Round(time.Second))
		}
	}})
	if err == nil && report.Added != *units {
		err = fmt.Errorf("%d of %d units came in", report.Added, *units)
	}
	return samples, time.Since(began), err
}

func size(ctx context.Context, d *db.DB) (n int64, err error) {
	query := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if d.Engine() == db.Postgres {
		query = `SELECT pg_total_relation_size('memory_unit') + pg_total_relation_size('memory_key')`
	}
	return n, d.Read().QueryRowContext(ctx, query).Scan(&n)
}

type bench struct {
	options db.Options
	d       *db.DB
	memory  *memory.Service
	corpus  *corpus
	samples []sample
	random  *rand.Rand
}

// matches opens translations of 60 segments: a quarter is known word for word, half has one to three
// words changed, a quarter is new.
func (b bench) matches(ctx context.Context) ([]figures.Row, error) {
	var times []time.Duration
	planted, found := 0, 0
	for range *rounds {
		q := memory.Query{From: from, To: to, Edition: "none"}
		want := map[document.Address]string{}
		for i := range 60 {
			a := document.Address(strconv.Itoa(i) + "/text")
			s := b.samples[b.random.IntN(len(b.samples))]
			text := s.source
			switch i % 4 {
			case 1, 2:
				text = b.corpus.edit(s.source, 1+b.random.IntN(3))
			case 3:
				text = b.corpus.next()[0]
			}
			if memory.Score(s.source, text) >= 75 {
				want[a] = s.source
			}
			q.Segments = append(q.Segments, memory.Segment{Address: a, Text: document.Text(text)})
		}
		began := time.Now()
		got, err := b.memory.Matches(ctx, b.d.Read(), q)
		if err != nil {
			return nil, err
		}
		times = append(times, time.Since(began))
		for _, seg := range q.Segments {
			source, ok := want[seg.Address]
			if !ok {
				continue
			}
			planted++
			least := memory.Score(source, seg.Text.Plain())
			if list := got[seg.Address]; len(list) > 0 && list[0].Score >= least {
				found++
			}
		}
	}
	return []figures.Row{
		{"opening a translation of 60 segments: exact and near matches of all, median", "under 200 ms", figures.Ms(figures.Median(times))},
		{"the same, 95th percentile", "under 200 ms", figures.Ms(figures.P95(times))},
		{fmt.Sprintf("of %d segments that are at least 75 %% like one remembered, those that get it or a better one", planted), "at least 95 %", fmt.Sprintf("%.1f %%", 100*float64(found)/float64(planted))},
	}, nil
}

// concordance looks for a rare word, a pair of words and a common word.
func (b bench) concordance(ctx context.Context) ([]figures.Row, error) {
	var rows []figures.Row
	for _, kind := range []struct {
		name, reach string
		phrase      func(words []string) string
	}{
		{"a long word", "95 % under 200 ms", longest},
		{"two words side by side", "", func(words []string) string { i := len(words) / 2; return words[i-1] + " " + words[i] }},
		{"the commonest words (" + from + ": «на», " + to + ": „und“)", "", func([]string) string { return []string{"на", "und"}[b.random.IntN(2)] }},
	} {
		var times []time.Duration
		hits := 0
		for len(times) < *rounds {
			s := b.samples[b.random.IntN(len(b.samples))]
			text := s.source
			if b.random.IntN(2) == 0 {
				text = s.target
			}
			words := strings.Fields(text)
			if len(words) < 4 {
				continue
			}
			phrase := kind.phrase(words)
			if !strings.ContainsFunc(phrase, unicode.IsLetter) {
				continue
			}
			began := time.Now()
			list, _, err := b.memory.Concordance(ctx, b.d.Read(), memory.Search{From: from, To: to, Phrase: phrase})
			if err != nil {
				return nil, fmt.Errorf("%q: %w", phrase, err)
			}
			times = append(times, time.Since(began))
			if len(list) > 0 {
				hits++
			}
		}
		rows = append(rows, figures.Row{
			fmt.Sprintf("concordance, first page: %s, median / 95th percentile (found)", kind.name), kind.reach,
			fmt.Sprintf("%s / %s (%d of %d)", figures.Ms(figures.Median(times)), figures.Ms(figures.P95(times)), hits, len(times)),
		})
	}
	return rows, nil
}

func longest(words []string) string {
	return slices.MaxFunc(words, func(a, b string) int { return len([]rune(a)) - len([]rune(b)) })
}

// learn confirms segments one by one, as a translator does, and waits for the disk.
func (b bench) learn(ctx context.Context) ([]figures.Row, error) {
	stories := story.New(b.d)
	editions := edition.New(b.d, stories)
	var ed edition.Edition
	err := b.d.Write(ctx, func(tx *db.Tx) error {
		st, err := stories.CreateTx(ctx, tx, actor.System("bench"), story.NewStory{Kind: story.News, OriginalLang: from})
		if err != nil {
			return err
		}
		ed, _, err = editions.Import(ctx, tx, actor.System("bench"), edition.Imported{Story: st.ID, Lang: to, Doc: document.Doc{Headline: "x"}})
		return err
	})
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	for i := range 200 {
		pair := b.corpus.next()
		began := time.Now()
		err := b.d.Write(ctx, func(tx *db.Tx) error {
			return b.memory.Learn(ctx, tx, memory.Unit{
				From: from, To: to, Source: document.Text(pair[0]), Target: document.Text(pair[1]),
				Story: ed.Story, Edition: ed.ID, Address: document.Address(strconv.Itoa(i) + "/text"),
			})
		})
		if err != nil {
			return nil, err
		}
		times = append(times, time.Since(began))
	}
	return []figures.Row{{"learning a segment, in a transaction of its own that waits for the disk, median / 95th percentile", "", figures.Ms(figures.Median(times)) + " / " + figures.Ms(figures.P95(times))}}, nil
}
