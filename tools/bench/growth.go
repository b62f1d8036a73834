package main

import (
	"context"
	"fmt"
	"time"

	"depesche/tools/figures"
)

// tenth is how much smaller the paper is that a large one is compared with.
const tenth = 10

// growth measures how much longer a page takes in a paper that is ten times as large, of the same kind of
// stories: both in turn, other articles each time.
func growth(ctx context.Context, bin, dir string) ([]figures.Row, error) {
	big, said, err := paperOf(ctx, bin, dir, *large)
	if err != nil {
		return nil, err
	}
	*paper = ""
	small, _, err := paperOf(ctx, bin, dir, *large/tenth)
	if err != nil {
		return nil, err
	}
	var rows []figures.Row
	if said != "" {
		rows = append(rows, figures.Row{"`depesche fill`, " + *languages, "", said})
	}
	type measuredPaper struct {
		data  string
		n     int
		paths []string
		took  []time.Duration
	}
	papers := [2]measuredPaper{{data: small}, {data: big}}
	for i := range papers {
		p := &papers[i]
		if p.n, p.paths, err = articles(ctx, p.data); err != nil {
			return nil, err
		}
	}
	for range *rounds {
		for i := range papers {
			p := &papers[i]
			took, err := rendered(ctx, p.data, p.paths)
			if err != nil {
				return nil, err
			}
			p.took, p.paths = append(p.took, took...), p.paths[min(warmed+counted, len(p.paths)-1):]
		}
	}
	for _, p := range papers {
		rows = append(rows, figures.Row{fmt.Sprintf("article rendered anew, %d stories in %s, %d words, each of %d once: median; 95 in 100", p.n, *languages, *words, len(p.took)), "", fmt.Sprintf("%s; %s", figures.Median(p.took).Round(time.Microsecond), figures.P95(p.took).Round(time.Microsecond))})
	}
	rows = append(rows, figures.Row{"the larger paper to the smaller, median", "at most 1.2 ×", fmt.Sprintf("%.2f ×", float64(figures.Median(papers[1].took))/float64(figures.Median(papers[0].took)))})
	more, err := coldStart(ctx, bin, big, fmt.Sprintf("%d stories", papers[1].n))
	return append(rows, more...), err
}
