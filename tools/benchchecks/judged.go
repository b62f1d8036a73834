package main

import (
	_ "embed"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"depesche/internal/check"
	"depesche/internal/document"
)

// judged.tsv holds what somebody who reads both languages says of an alarm: is it true? The rule: a
// careful bilingual editor who has only the two texts would want to know, and would change or query the
// translation. A free rendering that is legitimate makes it false, and so does doubt. What nobody has
// judged counts as false.
//
//go:embed judged.tsv
var judgedTSV string

// alarmKey is an alarm as it is judged: the line of the news file, counted from 1, and the code.
type alarmKey struct {
	pair, code string
	line       int
}

type verdict struct {
	right bool // the alarm is
	used  bool // it was seen in this run
}

// verdicts are those of judged.tsv.
type verdicts struct {
	mu  sync.Mutex
	all map[alarmKey]*verdict
}

// readVerdicts reads lines of pair, line, code, verdict and reason. Those that begin with # are remarks.
func readVerdicts(text string) (*verdicts, error) {
	v := &verdicts{all: map[alarmKey]*verdict{}}
	for row := range strings.Lines(text) {
		row = strings.TrimRight(row, "\r\n")
		if row == "" || strings.HasPrefix(row, "#") {
			continue
		}
		cells := strings.Split(row, "\t")
		if len(cells) != 5 {
			return nil, fmt.Errorf("judged.tsv: %q has %d cells and not 5", row, len(cells))
		}
		line, err := strconv.Atoi(cells[1])
		if err != nil || cells[3] != "true" && cells[3] != "false" {
			return nil, fmt.Errorf("judged.tsv: %q isn't pair, line, code, true or false, reason", row)
		}
		k := alarmKey{cells[0], cells[2], line}
		if v.all[k] != nil {
			return nil, fmt.Errorf("judged.tsv: %v is judged twice", k)
		}
		v.all[k] = &verdict{right: cells[3] == "true"}
	}
	return v, nil
}

// of tells whether an alarm over one of so many lines was judged, and as true.
func (v *verdicts) of(p pair, code string, line, lines int) (known, right bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range lines {
		if j := v.all[alarmKey{p.key(), code, line + i}]; j != nil {
			j.used = true
			known, right = true, right || j.right
		}
	}
	return known, right
}

// stale returns the verdicts over lines that were looked at and had no such alarm.
func (v *verdicts) stale(news []article, pairs []pair) []string {
	var out []string
	for k, j := range v.all {
		looked := slices.ContainsFunc(news, func(a article) bool { return a.first <= k.line && k.line < a.first+len(a.lines) }) &&
			slices.ContainsFunc(pairs, func(p pair) bool { return p.key() == k.pair })
		if looked && !j.used {
			out = append(out, fmt.Sprintf("%s\t%d\t%s", k.pair, k.line, k.code))
		}
	}
	slices.Sort(out)
	return out
}

func (p pair) key() string { return string(p.from) + "-" + string(p.to) }

// lineAt returns which line of the file the segment begins with, or 0 for the edition as a whole.
func (a article) lineAt(at document.Address) int {
	if at == document.AddrHeadline {
		return a.first
	}
	block, _, _ := strings.Cut(string(at), "/")
	if i, err := strconv.Atoi(strings.TrimPrefix(block, "p")); err == nil {
		return a.first + 1 + i
	}
	return 0
}

// judge reports whether the alarm is false, and asks for a verdict if it has none. An alarm in a
// paragraph is judged by the lines that the paragraph holds.
func (a article) judge(p pair, in check.Input, f check.Finding, by int) bool {
	line, held := a.lineAt(f.Address), by
	if f.Address == document.AddrHeadline {
		held = 1
	}
	known, right := judged.of(p, f.Code, line, held)
	if !known && (*alarms == "tuned" && a.tuned || *alarms == "scored" && !a.tuned) {
		asking.Lock()
		defer asking.Unlock()
		key := alarmKey{p.key(), f.Code, line}
		if asked[key] {
			return true // a line and the paragraph that begins with it
		}
		asked[key] = true
		fmt.Fprintf(os.Stdout, "%s\t%d\t%s\t\t\n  %v\n  %s\n  %s\n", p.key(), line, f.Code, f.Args, textAt(*in.Original, f.Address), textAt(in.Doc, f.Address))
	}
	return !right
}

// asked are the alarms that were asked about.
var (
	asking sync.Mutex
	asked  = map[alarmKey]bool{}
)
