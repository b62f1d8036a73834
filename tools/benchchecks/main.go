// Command benchchecks scores the checks on news that people translated: how often they cry wolf
// over text that is right, and how many planted faults they find. `make bench-checks` prints the
// tables and keeps them in docs/checks.md, between its markers.
//
// The news aren't part of the repository; without them nothing is measured and nothing is written.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"depesche/internal/lang"
)

var (
	data   = flag.String("data", "../shared/data/parallel-news", "folder with the parallel news")
	out    = flag.String("out", "docs/checks.md", "file whose marked part is written, or - for the screen only")
	which  = flag.String("pairs", "", "only these pairs, as en-de,uk-ru; the file isn't written then")
	tuned  = flag.Bool("tuned", false, "only the documents for tuning, for the screen; whoever makes checks looks at nothing else")
	only   = flag.String("fault", "", "plant only this fault; the file isn't written then")
	alarms = flag.String("alarms", "", "tuned or scored: print the alarms of that half that aren't in judged.tsv yet, with both texts; whoever makes checks asks for tuned only")
	show   = flag.String("show", "", "also print alarms and missed faults of the tuned documents: a code, note and a code, a fault, a fault and unnoticed, or all")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "benchchecks:", err)
		os.Exit(1)
	}
}

// pair is a direction of translation.
type pair struct{ from, to lang.Tag }

func (p pair) String() string { return string(p.from) + "–" + string(p.to) }

// pairs are those that the issue names.
func pairs() []pair {
	var out []pair
	for _, l := range []lang.Tag{"de", "fr", "pl", "ru", "uk", "es"} {
		out = append(out, pair{"en", l}, pair{l, "en"})
	}
	for _, l := range []lang.Tag{"ru", "de", "pl"} {
		out = append(out, pair{"uk", l}, pair{l, "uk"})
	}
	return out
}

// judged are the verdicts over alarms.
var judged *verdicts

func run() error {
	var err error
	if judged, err = readVerdicts(judgedTSV); err != nil {
		return err
	}
	news, err := readNews(filepath.Join(*data, "ntrex-news.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Println("the parallel news aren't here: nothing to score")
		return nil
	}
	if err != nil {
		return err
	}
	names := namesIn(news)
	if *tuned || *alarms != "" {
		news = slices.DeleteFunc(slices.Clone(news), func(a article) bool { return a.tuned != (*alarms != "scored") })
	}
	var chosen []pair
	for _, p := range pairs() {
		if *which == "" || strings.Contains(","+*which+",", fmt.Sprintf(",%s-%s,", p.from, p.to)) {
			chosen = append(chosen, p)
		}
	}
	scores := make([]score, len(chosen))
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, p := range chosen {
		all.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			fmt.Fprintln(os.Stderr, "scoring", p)
			scores[i] = scorePair(p, news, names)
		})
	}
	all.Wait()
	var machine machine
	if !*tuned && *alarms == "" {
		if machine, err = scoreMachine(filepath.Join(*data, "apertium-mt.jsonl"), news); err != nil {
			return err
		}
	}
	for _, k := range judged.stale(news, chosen) {
		if *only != "" {
			break // the paragraphs weren't looked at
		}
		fmt.Fprintln(os.Stderr, "judged.tsv: no such alarm any more:", k)
	}
	if *alarms != "" {
		return nil
	}
	text := report(scores, machine)
	fmt.Print(text)
	if *out == "-" || *which != "" || *only != "" || *tuned || *alarms != "" {
		return nil
	}
	return between(*out, text)
}

const begin, end = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"

// between writes the text between the file's markers.
func between(file, text string) error {
	old, err := os.ReadFile(file) //nolint:gosec // named by who runs it
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(old), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no markers to write between", file)
	}
	return os.WriteFile(file, []byte(head+begin+text+end+tail), 0o644) //nolint:gosec // a document for everyone
}
