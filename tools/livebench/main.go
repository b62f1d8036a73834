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
	"slices"
	"time"

	"depesche/tools/figures"
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

func run(ctx context.Context) error {
	var all []figures.Row
	for _, d := range figures.Databases() {
		name, nodes := d.Name+", one node", 1
		if d.URL != "" {
			name, nodes = d.Name+", two nodes", 2
		}
		rows, err := measure(ctx, name, d.URL, nodes)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, rows...)
	}
	return figures.Report{
		Title: "What happens elsewhere, on open desks", Command: "make bench-live",
		Where: fmt.Sprintf(" Each of %d saves is waited for on every page before the next. What readers' open pages of a running story cost is in `docs/performance.md`.", *saves),
		Head:  figures.Row{"what", "to reach", "median", "99th percentile", "longest"}, Rows: all,
	}.Write(*out)
}

func row(what, reach string, took []time.Duration) figures.Row {
	return figures.Row{what, reach, figures.Ms(figures.Median(took)), figures.Ms(figures.Quantile(took, 0.99)), figures.Ms(slices.Max(took))}
}

func measure(ctx context.Context, name, url string, nodes int) (all []figures.Row, err error) {
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
		all = append(all, row(fmt.Sprintf("%s: from the answer to a save until the event is at a page of %s, %d pages open", name, where, *streams), "under 1 s", took),
			row(name+": the same from the sending of the save", "", whole[i]))
	}
	return append(all, row(name+": the rows of a translation of 60 segments, fetched anew", "", rows)), nil
}
