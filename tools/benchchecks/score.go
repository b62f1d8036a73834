package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
)

// count is something found among so many; any is how often at least a note said it.
type count struct{ n, of, any int }

func (c count) rate() float64 {
	if c.of == 0 {
		return 0
	}
	return 100 * float64(c.n) / float64(c.of)
}

// half is the result on the tuned or on the scored articles.
type half struct {
	alarms tally             // segments with a stop or warn
	whole  tally             // the same with paragraphs of three lines
	codes  map[string]*tally // stops and warns, by code
	notes  map[string]int    // notes, by code
	noted  [2]map[string]int // segments with a note or an alarm of a kind: lines, and paragraphs
	faults map[string]count  // planted ones found, by a stop or a warn
}

// tally is how many of so many are alarms, and how many of these are false.
type tally struct{ all, wrong, of int }

type score struct {
	pair          pair
	tuned, scored half
}

// lines a paragraph has where sentences are to be left out, since the news come by the sentence.
const lines = 3

// editorial are findings on the text as it is, in any language: that it attributes without a
// source, or that its headline is long. They are true of these articles, and no alarm over the
// translation.
var editorial = []string{
	"attribution_without_source", "speech_without_source", "sources_not_referenced", "headline_long", "headline_ends_with_period",
}

func scorePair(p pair, news []article, names nameList) score {
	s := score{pair: p, tuned: newHalf(), scored: newHalf()}
	for _, a := range news {
		h := &s.scored
		if a.tuned {
			h = &s.tuned
		}
		h.alarm(p, a)
		if *alarms == "" {
			h.plant(p, a, names)
		}
	}
	return s
}

func newHalf() half {
	return half{
		codes: map[string]*tally{}, notes: map[string]int{}, faults: map[string]count{},
		noted: [2]map[string]int{{}, {}},
	}
}

// alarm looks at right text, by lines and by paragraphs.
func (h *half) alarm(p pair, a article) {
	h.alarms = h.alarms.plus(h.look(p, a, 1))
	if *only == "" {
		h.whole = h.whole.plus(h.look(p, a, lines))
	}
}

func (h *half) look(p pair, a article, by int) tally {
	in := a.input(p, by)
	all, wrong := map[document.Address]bool{}, map[document.Address]bool{}
	kinds := map[string]map[document.Address]bool{}
	for _, f := range check.Edition(in) {
		if slices.Contains(editorial, f.Code) && f.Severity != check.Note {
			continue
		}
		if k := kindOf(f.Code); k != "" {
			if kinds[k] == nil {
				kinds[k] = map[document.Address]bool{}
			}
			kinds[k][f.Address] = true
		}
		prefix := map[bool]string{true: "note "}[f.Severity == check.Note] + map[bool]string{true: "paragraphs "}[by > 1]
		a.tell(prefix+f.Code, func() string {
			return fmt.Sprintf("%s %d %s%s %v\n  %s\n  %s", p, a.lineAt(f.Address), prefix, f.Code, f.Args, textAt(*in.Original, f.Address), textAt(in.Doc, f.Address))
		})
		if f.Severity == check.Note {
			if by == 1 {
				h.notes[f.Code]++
			}
			continue
		}
		isWrong := a.judge(p, in, f, by)
		all[f.Address] = true
		wrong[f.Address] = wrong[f.Address] || isWrong
		if by == 1 {
			h.code(f.Code, isWrong)
		}
	}
	for k, at := range kinds {
		h.noted[min(by, 2)-1][k] += len(at)
	}
	t := tally{all: len(all), of: len(document.Segments(*in.Original))}
	for _, w := range wrong {
		if w {
			t.wrong++
		}
	}
	return t
}

func (h *half) code(code string, wrong bool) {
	if h.codes[code] == nil {
		h.codes[code] = &tally{}
	}
	h.codes[code].all++
	if wrong {
		h.codes[code].wrong++
	}
}

// kinds are the codes by which faults are found, as they begin.
var kinds = []struct {
	name     string
	prefixes []string
}{
	{"numbers", []string{"number_", "unit_", "currency_", "percent_", "date_", "clock_"}},
	{"names", []string{"name_"}},
	{"negation", []string{"negation_"}},
	{"quotation marks", []string{"quote_unclosed", "quotes_differ"}},
	{"sentences", []string{"sentence_", "length_"}},
	{"languages", []string{"untranslated", "words_untranslated", "lang_mismatch"}},
	{"links", []string{"link_"}},
}

func kindOf(code string) string {
	for _, k := range kinds {
		if slices.ContainsFunc(k.prefixes, func(p string) bool { return strings.HasPrefix(code, p) }) {
			return k.name
		}
	}
	return ""
}

func textAt(d document.Doc, a document.Address) string {
	s, _ := d.Segment(a)
	return s.Text.Plain()
}

// plant puts each fault into each segment that can have it, and looks whether it is found.
func (h *half) plant(p pair, a article, names nameList) {
	dice := map[string]*rand.Rand{}
	for i, f := range faults {
		dice[f.name] = rand.New(rand.NewPCG(a.seed, uint64(7+i))) //nolint:gosec // the same faults in each run, one by one as well
	}
	for _, by := range []int{1, lines} {
		in := a.input(p, by)
		story := check.Prepare(in)
		for _, target := range document.Segments(in.Doc) {
			source, ok := in.Original.Segment(target.Address)
			if !ok {
				continue
			}
			clean := findings(story, in.Doc, target.Address)
			for _, f := range faults {
				if (by == lines) != f.paragraphs || *only != "" && f.name != *only {
					continue
				}
				planted, ok := f.plant(place{p, a, in, source, target, dice[f.name], names})
				if !ok {
					continue
				}
				c := h.faults[f.name]
				c.of++
				typed := story
				if planted.Original != in.Original {
					typed = check.Prepare(planted)
				}
				after := findings(typed, planted.Doc, target.Address)
				if found(clean[0], after[0]) {
					c.n++
				}
				if found(clean[1], after[1]) {
					c.any++
				}
				h.faults[f.name] = c
				missed := func() string {
					return fmt.Sprintf("%s missed: %s\n  %s\n  %s\n  %s", p, f.name, source.Text.Plain(), target.Text.Plain(), textAt(planted.Doc, target.Address))
				}
				if !found(clean[0], after[0]) {
					a.tell(f.name, missed)
				}
				if !found(clean[1], after[1]) {
					a.tell(f.name+" unnoticed", missed)
				}
			}
		}
	}
}

// findings are those of a segment that stop or warn, and all of them but for notes on typography, which
// a fault brings about by chance.
func findings(story *check.Prepared, doc document.Doc, at document.Address) (out [2]map[string]int) {
	out[0], out[1] = map[string]int{}, map[string]int{}
	text, _ := doc.Segment(at)
	for _, f := range story.Segment(at, text.Text) {
		if slices.Contains(editorial, f.Code) || f.Code == "typography" {
			continue
		}
		key := fmt.Sprint(f.Code, f.Args)
		if f.Severity != check.Note {
			out[0][key]++
		}
		out[1][key]++
	}
	return out
}

// found reports whether there is one that wasn't there before.
func found(clean, planted map[string]int) bool {
	for f, n := range planted {
		if n > clean[f] {
			return true
		}
	}
	return false
}

// tell prints an example if it was asked for and is of an article for tuning.
func (a article) tell(what string, text func() string) {
	if a.tuned && (*show == "all" || *show == what) {
		fmt.Println(text())
	}
}
