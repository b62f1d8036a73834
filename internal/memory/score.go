package memory

import (
	"slices"
)

// What a comparison counts. A word weighs eight, so that a changed ending costs a part of it.
const (
	wordWeight   = 8
	markWeight   = 2
	numberChange = 2 // a number put in another's place is found and mended at a glance
)

// score says how alike two texts are, in per cent: how much of the longer one may stay when as few
// words as possible are put in, taken out or changed. 100 is only for texts that are equal.
func score(a, b []token) int {
	wa, wb := weigh(a), weigh(b)
	top := max(wa, wb)
	if top == 0 {
		return 100
	}
	d := distance(a, b)
	if d == 0 {
		return 100
	}
	return min(99, max(0, 100*(top-d)/top))
}

// mayReach is false for texts whose lengths alone are too far apart.
func mayReach(a, b []token, least int) bool {
	wa, wb := weigh(a), weigh(b)
	return 100*min(wa, wb) >= least*max(wa, wb)
}

func weigh(list []token) int {
	n := 0
	for _, t := range list {
		n += t.weight()
	}
	return n
}

// distance is Levenshtein's, over tokens.
func distance(a, b []token) int {
	for len(a) > 0 && len(b) > 0 && a[0].text == b[0].text {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].text == b[len(b)-1].text {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	row := make([]int, len(b)+1)
	for j, t := range b {
		row[j+1] = row[j] + t.weight()
	}
	for _, x := range a {
		corner := row[0]
		row[0] += x.weight()
		for j, y := range b {
			best := min(row[j]+y.weight(), row[j+1]+x.weight())
			if c := corner + change(x, y); c < best {
				best = c
			}
			corner, row[j+1] = row[j+1], best
		}
	}
	return row[len(b)]
}

// change is what it costs to write y for x.
func change(x, y token) int {
	switch {
	case x.text == y.text:
		return 0
	case x.mark && y.mark:
		return markWeight
	case x.mark != y.mark:
		return x.weight() + y.weight()
	case x.number && y.number:
		return numberChange
	case x.number != y.number:
		return wordWeight
	}
	return max(1, wordWeight*(100-alike(x.lower, y.lower))/100)
}

// alike compares words by their beginning, and their end if that is alike: forms of a word differ in
// between. Less than half is nothing.
func alike(a, b []rune) int {
	short := min(len(a), len(b))
	n := 0
	for n < short && a[n] == b[n] {
		n++
	}
	for m := 1; n >= 2 && n < short && m <= short && a[len(a)-m] == b[len(b)-m]; m++ {
		n++
	}
	p := 100 * n / max(len(a), len(b))
	if p < 50 {
		return 0
	}
	return p
}

// numbersDiffer says that two texts don't have the same numbers, in whatever order.
func numbersDiffer(a, b []token) bool {
	return !slices.Equal(numbers(a), numbers(b))
}

func numbers(list []token) []string {
	var out []string
	for _, t := range list {
		if t.number {
			out = append(out, t.text)
		}
	}
	slices.Sort(out)
	return out
}

// Score says how alike two texts are, in per cent, as matches are judged. 100 means the same but for
// typography.
func Score(a, b string) int {
	a, b = Normal(a), Normal(b)
	if a == b {
		return 100
	}
	return min(99, score(tokens(a), tokens(b)))
}
