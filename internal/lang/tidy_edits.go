package lang

import (
	"strings"
	"unicode/utf8"
)

// Edit is a change to a text: its bytes from Start to End become New.
type Edit struct {
	Start, End int
	New        string
}

// TidyEdits returns what [Tag.Tidy] would change in s, in order and apart from each other; each is
// what stands between two letters or figures. A check shows them, a text with marks applies them.
func (t Tag) TidyEdits(s string) []Edit {
	tidy := t.Tidy(s)
	if tidy == s {
		return nil
	}
	var edits []Edit
	at, from := 0, 0 // in s, in tidy
	for at < len(s) || from < len(tidy) {
		old, now := gap(s[at:]), gap(tidy[from:])
		if old != now {
			edits = append(edits, narrow(at, old, now))
		}
		at, from = at+len(old), from+len(now)
		// Both stand at the same letter now, or at the end.
		_, size := utf8.DecodeRuneInString(s[at:])
		at, from = at+size, from+size
	}
	return edits
}

// gap is what stands before the first letter or figure of s.
func gap(s string) string {
	if i := strings.IndexFunc(s, anchor); i >= 0 {
		return s[:i]
	}
	return s
}

// narrow leaves out of an edit what both texts begin and end with.
func narrow(at int, old, now string) Edit {
	for old != "" && now != "" {
		a, size := utf8.DecodeRuneInString(old)
		if b, _ := utf8.DecodeRuneInString(now); a != b {
			break
		}
		old, now, at = old[size:], now[size:], at+size
	}
	end := at + len(old)
	for old != "" && now != "" {
		a, size := utf8.DecodeLastRuneInString(old)
		if b, _ := utf8.DecodeLastRuneInString(now); a != b {
			break
		}
		old, now, end = old[:len(old)-size], now[:len(now)-size], end-size
	}
	return Edit{at, end, now}
}

// TidyRuns tidies a text that is cut into runs, as marks cut it, and returns the runs tidied: what
// stands in one run is judged by what stands in its neighbours. There are as many runs as before.
func (t Tag) TidyRuns(runs []string) []string {
	whole := strings.Join(runs, "")
	edits := t.TidyEdits(whole)
	if len(edits) == 0 {
		return runs
	}
	out := make([]string, len(runs))
	start := 0
	for i, run := range runs {
		var b strings.Builder
		at, end := start, start+len(run)
		for len(edits) > 0 {
			e := edits[0]
			if e.Start > end || e.Start == end && (e.End > end || i < len(runs)-1 && e.End == end && !closing(e.New)) {
				break // the next run's
			}
			b.WriteString(whole[at:e.Start])
			if e.End <= end {
				b.WriteString(e.New)
				at, edits = e.End, edits[1:]
				continue
			}
			// The edit reaches into the next run: each gets its share.
			mine, rest := share(whole[e.Start:end], e.New)
			b.WriteString(mine)
			at = end
			edits[0] = Edit{end, e.End, rest}
			break
		}
		b.WriteString(whole[at:end])
		out[i] = b.String()
		start = end
	}
	return out
}

// closing tells whether an insertion belongs to the text before it: it begins with a space.
func closing(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isSpace(r)
}

// share cuts now where old ends in it: after as many marks as old has, and the spaces it ends with.
func share(old, now string) (mine, rest string) {
	marks := 0
	spaced := false
	for _, r := range old {
		spaced = isSpace(r)
		if !spaced {
			marks++
		}
	}
	cut := 0
	for i, r := range now {
		if !isSpace(r) {
			if marks == 0 {
				break
			}
			marks--
		} else if marks == 0 && !spaced {
			break
		}
		cut = i + utf8.RuneLen(r)
	}
	return now[:cut], now[cut:]
}
