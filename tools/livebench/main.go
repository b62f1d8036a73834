// Command livebench measures how soon open pages of the desk hear of a save, and prints it as
// docs/live.md: run it by `make bench-live`. The houses it measures are whole ones behind listeners of
// their own, and the pages are open streams over HTTP; on PostgreSQL two nodes share a database, and half of
// the pages are at the node that didn't take the save.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

var (
	streams = flag.Int("streams", 50, "open pages that listen")
	saves   = flag.Int("saves", 60, "saves that are heard of")
	out     = flag.String("out", "docs/live.md", "file to write, or - for the screen only")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "livebench:", err)
		os.Exit(1)
	}
}

// figure is a row of the report.
type figure struct {
	what, reach string
	took        []time.Duration
}

func run(ctx context.Context) error {
	kinds := []struct {
		name, url string
		nodes     int
	}{{"SQLite, one node", "", 1}}
	if url := os.Getenv("DEPESCHE_TEST_POSTGRES"); url != "" {
		kinds = append(kinds, struct {
			name, url string
			nodes     int
		}{"PostgreSQL, two nodes", url, 2})
	} else {
		fmt.Fprintln(os.Stderr, "NOT MEASURED: PostgreSQL (run it through tools/testpg)")
	}
	var all []figure
	for _, k := range kinds {
		figures, err := measure(ctx, k.name, k.url, k.nodes)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		all = append(all, figures...)
	}
	return report(all)
}

func measure(ctx context.Context, name, url string, nodes int) (figures []figure, err error) {
	h, err := open(ctx, url, nodes)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	heard, whole := make([][]time.Duration, nodes), make([][]time.Duration, nodes)
	var rows []time.Duration
	for range *saves {
		sent, at, err := h.save(ctx)
		if err != nil {
			return nil, err
		}
		for i := range *streams {
			moment, err := h.heard(ctx, i)
			if err != nil {
				return nil, err
			}
			// What is heard before the save's own answer has come took no time at all.
			heard[i%nodes] = append(heard[i%nodes], max(0, moment.Sub(at)))
			whole[i%nodes] = append(whole[i%nodes], moment.Sub(sent))
		}
		began := time.Now()
		if err := h.rows(ctx); err != nil {
			return nil, err
		}
		rows = append(rows, time.Since(began))
	}
	for i, took := range heard {
		where := "the node that took it"
		if i > 0 {
			where = "the other node"
		}
		figures = append(figures, figure{fmt.Sprintf("%s: from the answer to a save until the event is at a page of %s, %d pages open", name, where, *streams), "under 1 s", took},
			figure{name + ": the same from the sending of the save", "", whole[i]})
	}
	return append(figures, figure{name + ": the rows of a translation of 60 segments, fetched anew", "", rows}), nil
}

func report(all []figure) error {
	var b strings.Builder
	b.WriteString("# What happens elsewhere, on open desks\n\nMade by `make bench-live`; every figure here was printed by that command.\n\n")
	fmt.Fprintf(&b, "%s, %d cores, %s/%s, %s. Each of %d saves is waited for on every page before the next.\n\n", time.Now().UTC().Format("2 January 2006"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), *saves)
	b.WriteString("| what | to reach | median | 99th percentile | longest |\n| --- | --- | --- | --- | --- |\n")
	for _, f := range all {
		slices.Sort(f.took)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.what, f.reach, ms(at(f.took, 50)), ms(at(f.took, 99)), ms(f.took[len(f.took)-1]))
	}
	fmt.Print(b.String())
	if *out == "-" {
		return nil
	}
	return os.WriteFile(*out, []byte(b.String()), 0o644) //nolint:gosec // a document for all
}

func at(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
