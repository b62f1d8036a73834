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
	b.WriteString("### False alarms\n\nSegments with a false *stop* or *warn* in 100, all checks together; at most 2 are to be reached. The right half is the same with\nparagraphs of three lines, as papers have them.\n\n")
	b.WriteString("| pair | tuned | **scored** | tuned, paragraphs | **scored, paragraphs** |\n| --- | --- | --- | --- | --- |\n")
	for _, s := range scores {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", s.pair, s.tuned.alarms, s.scored.alarms, s.tuned.whole, s.scored.whole)
	}
	perCheck(&b, scores)
	ofNames(&b, scores)
	b.WriteString("\n### Planted faults found\n\nIn 100; 98 are to be reached, 99 for digits. How many were planted stands in brackets. Each cell is tuned / **scored**.\nFound means by a *stop* or a *warn*; the last row counts notes on the segment as well, but for those on typography.\n\n| pair |")
	for _, f := range faults {
		fmt.Fprintf(&b, " %s |", f.name)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(faults)) + "\n")
	all := map[string][2]count{}
	for _, s := range scores {
		fmt.Fprintf(&b, "| %s |", s.pair)
		for _, f := range faults {
			t, v := s.tuned.faults[f.name], s.scored.faults[f.name]
			sum := all[f.name]
			sum[0], sum[1] = sum[0].plus(t), sum[1].plus(v)
			all[f.name] = sum
			fmt.Fprintf(&b, " %s / **%s** |", t.short(), v.short())
		}
		b.WriteString("\n")
	}
	b.WriteString("| all pairs |")
	for _, f := range faults {
		fmt.Fprintf(&b, " %s / **%s** |", all[f.name][0].short(), all[f.name][1].short())
	}
	b.WriteString("\n| all pairs, notes too |")
	for _, f := range faults {
		t, v := all[f.name][0], all[f.name][1]
		fmt.Fprintf(&b, " %s / **%s** |", count{n: t.any, of: t.of}.short(), count{n: v.any, of: v.of}.short())
	}
	b.WriteString("\n")
	m.write(&b)
	return b.String()
}

// perCheck is a table of all codes, over all pairs.
func perCheck(b *strings.Builder, scores []score) {
	tuned, scored := newHalf(), newHalf()
	for _, s := range scores {
		for into, from := range map[*half]half{&tuned: s.tuned, &scored: s.scored} {
			into.alarms = into.alarms.plus(from.alarms)
			for code, n := range from.codes {
				into.codes[code] += n
			}
			for code, n := range from.notes {
				into.notes[code] += n
			}
		}
	}
	b.WriteString("\nBy check, over all pairs, in 100 segments. Notes hold nothing up and aren't counted above.\n\n| check | tuned | **scored** | as a note, **scored** |\n| --- | --- | --- | --- |\n")
	codes := map[string]bool{}
	for _, m := range []map[string]int{tuned.codes, scored.codes, tuned.notes, scored.notes} {
		for code := range m {
			codes[code] = true
		}
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		fmt.Fprintf(b, "| %s | %.2f | %.2f | %.2f |\n", code, count{n: tuned.codes[code], of: tuned.alarms.of}.rate(),
			count{n: scored.codes[code], of: scored.alarms.of}.rate(), count{n: scored.notes[code], of: scored.alarms.of}.rate())
	}
}

// ofNames is a table of what is said of names, by pair: in right text, and where one was swapped.
func ofNames(b *strings.Builder, scores []score) {
	b.WriteString("\nNames by pair, in 100 segments: alarms and notes over right names, all codes of names together, and how many swapped names have at\nleast a note that wasn't there before, beside those that have an alarm. Each cell is tuned / **scored**.\n\n| pair | false alarms | notes | swapped, alarm | swapped, any finding |\n| --- | --- | --- | --- | --- |\n")
	sum := func(m map[string]int, of count) string {
		n := 0
		for code, k := range m {
			if strings.HasPrefix(code, "name_") {
				n += k
			}
		}
		return fmt.Sprintf("%.2f", count{n: n, of: of.of}.rate())
	}
	for _, s := range scores {
		t, v := s.tuned, s.scored
		a, c := t.faults["name swapped"], v.faults["name swapped"]
		fmt.Fprintf(b, "| %s | %s / **%s** | %s / **%s** | %.1f / **%.1f** | %.1f / **%.1f** |\n", s.pair,
			sum(t.codes, t.alarms), sum(v.codes, v.alarms), sum(t.notes, t.alarms), sum(v.notes, v.alarms),
			a.rate(), c.rate(), count{n: a.any, of: a.of}.rate(), count{n: c.any, of: c.of}.rate())
	}
}

func (c count) plus(o count) count { return count{c.n + o.n, c.of + o.of, c.any + o.any} }

func (c count) String() string { return fmt.Sprintf("%.2f (%d of %d)", c.rate(), c.n, c.of) }

func (c count) short() string {
	if c.of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f (%d)", c.rate(), c.of)
}
