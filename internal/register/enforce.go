package register

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/document"
	"depesche/internal/entry"
	"depesche/internal/lang"
)

// Change is a form that was put right.
type Change struct {
	Entry    ID
	From, To string
}

// Enforce puts forbidden forms right in a text that an engine made, for the entries that stand in its
// source, and names that the engine has left as they are there. It changes only what is certain: a
// forbidden form that has exactly one right form in the same case, of as many words, and that is the
// same word in another spelling or a name that no article goes with; of a name left alone, the form
// of the dictionary. Whatever else is wrong is for the checks to find.
func Enforce(text document.Inline, l lang.Tag, hits []Hit) (document.Inline, []Change) {
	fixes := fixes(l, hits)
	if len(fixes) == 0 {
		return text, nil
	}
	list := make([]Entry, len(fixes))
	for i, f := range fixes {
		list[i] = Entry{Kind: Body, Words: map[lang.Tag]Word{"und": {Text: f.From}}}
	}
	x := Compile(list, "und", false) // a language without grammar: the forms as they are
	var changes []Change
	out := make(document.Inline, len(text))
	for i, span := range text {
		out[i] = span
		var b strings.Builder
		done := 0
		for _, m := range x.Find(span.Text) {
			if m.Start < done || inWord(text, i, m) {
				continue
			}
			found, to := span.Text[m.Start:m.End], fixes[m.Entry].To
			to = likeCase(found, fixes[m.Entry].From, to)
			b.WriteString(span.Text[done:m.Start])
			b.WriteString(to)
			done = m.End
			changes = append(changes, Change{fixes[m.Entry].Entry, found, to})
		}
		if done > 0 {
			out[i].Text = b.String() + span.Text[done:]
		}
	}
	if changes == nil {
		return text, nil
	}
	return out, changes
}

// inWord reports whether a match at the edge of a span goes on in the span beside it.
func inWord(text document.Inline, i int, m Match) bool {
	if m.Start == 0 && i > 0 {
		if r, _ := utf8.DecodeLastRuneInString(text[i-1].Text); isLetter(r) || isApostrophe(r) {
			return true
		}
	}
	if m.End == len(text[i].Text) && i+1 < len(text) {
		if r, _ := utf8.DecodeRuneInString(text[i+1].Text); isLetter(r) || isApostrophe(r) {
			return true
		}
	}
	return false
}

// likeCase writes to as found is written, which may be in capitals or begin a sentence.
func likeCase(found, from, to string) string {
	if found == from {
		return to
	}
	letters := 0
	for _, r := range found {
		if unicode.IsLower(r) {
			letters = -1
			break
		}
		letters++
	}
	if letters > 1 {
		return strings.ToUpper(to)
	}
	r, n := utf8.DecodeRuneInString(to)
	return string(unicode.ToUpper(r)) + to[n:]
}

// fixes are the certain ones, each forbidden form once. A form that two entries would put right in
// two ways isn't among them, nor one that is right for another.
func fixes(l lang.Tag, hits []Hit) []Change {
	var out []Change
	at, right := map[string]int{}, map[string]bool{}
	for _, h := range hits {
		e := h.Entry
		e.Words = map[lang.Tag]Word{l: h.Target}
		for _, f := range e.right(l) {
			right[f] = true
		}
		put := func(from, to string) {
			if i, ok := at[from]; !ok {
				at[from] = len(out)
				out = append(out, Change{e.ID, from, to})
			} else if out[i].To != to {
				out[i].To = ""
			}
		}
		for _, wrong := range h.Target.Forbidden {
			if !alike(e.Kind, wrong.Text, h.Target.Text) {
				continue
			}
			for from, to := range pairs(l, e.Kind, h.Target.Gender, wrong.Text, h.Target.Text) {
				put(from, to)
			}
		}
		if left := h.Source.Text; left != "" && h.Target.Text != "" && (e.Kind == Person || e.Kind == Place) {
			put(left, h.Target.Text)
		}
	}
	out = slices.DeleteFunc(out, func(c Change) bool { return c.To == "" || right[c.From] || c.From == c.To })
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.From, b.From) })
	return out
}

// pairs gives each form of wrong the one form of right in the same case; forms that have several are
// left out.
func pairs(l lang.Tag, k Kind, g Gender, wrong, right string) map[string]string {
	from, to := inflect(l, k, g, wrong), inflect(l, k, g, right)
	out, unsure := map[string]string{}, map[string]bool{}
	put := func(a, b string) {
		if old, ok := out[a]; ok && old != b {
			unsure[a] = true
		}
		out[a] = b
	}
	put(wrong, right)
	if len(from) == len(to) {
		for place := range from {
			for i, f := range from[place] {
				switch {
				case len(from[place]) == len(to[place]):
					put(f, to[place][i]) // the same endings in the same order
				case len(to[place]) == 1:
					put(f, to[place][0])
				case f != wrong:
					unsure[f] = true
				}
			}
		}
	}
	for f := range unsure {
		delete(out, f)
	}
	return out
}

// alike reports whether two spellings can stand for each other without a change around them: as many
// words, and of a term at most half of its letters others.
func alike(k Kind, a, b string) bool {
	if strings.Count(a, " ") != strings.Count(b, " ") {
		return false
	}
	if k == Person || k == Place {
		return true
	}
	x, y := []rune(entry.Folded(a)), []rune(entry.Folded(b))
	return distance(x, y)*2 <= max(len(x), len(y))
}

// distance is Levenshtein's.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		before := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := before
			if x != y {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
