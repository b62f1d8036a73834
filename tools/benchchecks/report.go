package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// report writes the tables as they stand in docs/checks.md.
func report(scores []score, m machine) string {
	var b strings.Builder
	falseAlarms(&b, scores)
	perCheck(&b, scores)
	ofNames(&b, scores)
	caught(&b, scores)
	noted(&b, scores)
	m.write(&b)
	return b.String()
}

func falseAlarms(b *strings.Builder, scores []score) {
	b.WriteString("### False alarms\n\nSegments with a *stop* or *warn* in 100, all checks together. *False* are those that weren't judged to be true (see above); at most 2 are to\nbe reached. The right half is the same with paragraphs of three lines, as papers have them.\n\n")
	b.WriteString("| pair | tuned | tuned, false | scored | **scored, false** | paragraphs, tuned | false | scored | **scored, false** |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	row := func(name string, t, v half) {
		fmt.Fprintf(b, "| %s | %s | %s | %s | **%s** | %s | %s | %s | **%s** |\n", name, t.alarms.whole(), t.alarms.false(), v.alarms.whole(), v.alarms.false(),
			t.whole.whole(), t.whole.false(), v.whole.whole(), v.whole.false())
	}
	for _, s := range scores {
		row(s.pair.String(), s.tuned, s.scored)
	}
	t, v := together(scores)
	row("all pairs", t, v)
}

// together adds up what all pairs have, but for planted faults.
func together(scores []score) (tuned, scored half) {
	tuned, scored = newHalf(), newHalf()
	for _, s := range scores {
		for into, from := range map[*half]half{&tuned: s.tuned, &scored: s.scored} {
			into.alarms, into.whole = into.alarms.plus(from.alarms), into.whole.plus(from.whole)
			for code, n := range from.codes {
				if into.codes[code] == nil {
					into.codes[code] = &tally{}
				}
				*into.codes[code] = into.codes[code].plus(*n)
			}
			for code, n := range from.notes {
				into.notes[code] += n
			}
			for i := range from.noted {
				for kind, n := range from.noted[i] {
					into.noted[i][kind] += n
				}
			}
		}
	}
	return tuned, scored
}

// caught are two tables of planted faults: by an alarm, and by any finding.
func caught(b *strings.Builder, scores []score) {
	b.WriteString("\n### Planted faults found\n\nIn 100; 98 are to be reached, 99 for digits. How many were planted stands in brackets. Each cell is tuned / **scored**.\nFound by a *stop* or a *warn* on the segment that wasn't there before:\n\n")
	planted(b, scores, func(c count) count { return c })
	b.WriteString("\nFound by any finding that wasn't there before, notes as well, but for those on typography:\n\n")
	planted(b, scores, func(c count) count { return count{n: c.any, of: c.of} })
}

func planted(b *strings.Builder, scores []score, of func(count) count) {
	b.WriteString("| pair |")
	for _, f := range faults {
		fmt.Fprintf(b, " %s |", f.name)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(faults)) + "\n")
	all := map[string][2]count{}
	for _, s := range scores {
		fmt.Fprintf(b, "| %s |", s.pair)
		for _, f := range faults {
			t, v := of(s.tuned.faults[f.name]), of(s.scored.faults[f.name])
			sum := all[f.name]
			all[f.name] = [2]count{sum[0].plus(t), sum[1].plus(v)}
			fmt.Fprintf(b, " %s / **%s** |", t.short(), v.short())
		}
		b.WriteString("\n")
	}
	b.WriteString("| all pairs |")
	for _, f := range faults {
		fmt.Fprintf(b, " %s / **%s** |", all[f.name][0].short(), all[f.name][1].short())
	}
	b.WriteString("\n")
}

// noted says how often right text has a finding of the kind that finds a fault, so that nobody finds
// faults by remarking on everything.
func noted(b *strings.Builder, scores []score) {
	b.WriteString("\nThe price: segments of right text in 100 that have a finding of the kind by which such a fault is found, a note or an alarm. Sentences are\ndropped from paragraphs of three lines, and counted on those.\n\n| findings on | tuned | **scored** |\n| --- | --- | --- |\n")
	t, v := together(scores)
	for _, k := range kinds {
		i, of := 0, [2]int{t.alarms.of, v.alarms.of}
		if slices.ContainsFunc(faults, func(f fault) bool { return f.kind == k.name && f.paragraphs }) {
			i, of = 1, [2]int{t.whole.of, v.whole.of}
		}
		fmt.Fprintf(b, "| %s | %.2f | **%.2f** |\n", k.name, hundred(t.noted[i][k.name], of[0]), hundred(v.noted[i][k.name], of[1]))
	}
}

// perCheck is a table of all codes, over all pairs.
func perCheck(b *strings.Builder, scores []score) {
	t, v := together(scores)
	b.WriteString("\nBy check, over all pairs, in 100 segments. Notes hold nothing up and aren't counted above.\n\n| check | tuned | tuned, false | scored | **scored, false** | as a note, tuned | **as a note, scored** |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	codes := map[string]bool{}
	for _, h := range []half{t, v} {
		for code := range h.codes {
			codes[code] = true
		}
		for code := range h.notes {
			codes[code] = true
		}
	}
	of := func(h half, code string) tally {
		if n := h.codes[code]; n != nil {
			return *n
		}
		return tally{}
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		x, y := of(t, code), of(v, code)
		fmt.Fprintf(b, "| %s | %.2f | %.2f | %.2f | **%.2f** | %.2f | **%.2f** |\n", code, hundred(x.all, t.alarms.of), hundred(x.wrong, t.alarms.of),
			hundred(y.all, v.alarms.of), hundred(y.wrong, v.alarms.of), hundred(t.notes[code], t.alarms.of), hundred(v.notes[code], v.alarms.of))
	}
}

// ofNames is a table of what is said of names, by pair: in right text, and where one was swapped.
func ofNames(b *strings.Builder, scores []score) {
	b.WriteString("\nNames by pair, in 100 segments: alarms over right names, those that are false, and notes, all codes of names together. Each cell is\ntuned / **scored**.\n\n| pair | alarms | false | notes |\n| --- | --- | --- | --- |\n")
	cells := func(h half) (all, wrong, notes float64) {
		for code, n := range h.codes {
			if kindOf(code) == "names" {
				all, wrong = all+hundred(n.all, h.alarms.of), wrong+hundred(n.wrong, h.alarms.of)
			}
		}
		for code, n := range h.notes {
			if kindOf(code) == "names" {
				notes += hundred(n, h.alarms.of)
			}
		}
		return all, wrong, notes
	}
	for _, s := range scores {
		a, w, n := cells(s.tuned)
		c, x, m := cells(s.scored)
		fmt.Fprintf(b, "| %s | %.2f / **%.2f** | %.2f / **%.2f** | %.2f / **%.2f** |\n", s.pair, a, c, w, x, n, m)
	}
}

func (c count) plus(o count) count { return count{c.n + o.n, c.of + o.of, c.any + o.any} }

func (t tally) plus(o tally) tally { return tally{t.all + o.all, t.wrong + o.wrong, t.of + o.of} }

// whole is the rate of all alarms, false that of those that aren't true.
func (t tally) whole() string {
	return fmt.Sprintf("%.2f (%d of %d)", hundred(t.all, t.of), t.all, t.of)
}
func (t tally) false() string { return fmt.Sprintf("%.2f (%d)", hundred(t.wrong, t.of), t.wrong) }

func hundred(n, of int) float64 { return count{n: n, of: of}.rate() }

func (c count) short() string {
	if c.of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f (%d)", c.rate(), c.of)
}
