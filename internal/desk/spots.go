package desk

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/check"
	"depesche/internal/document"
)

// spot is a place in a text that is to be seen. From and To count the bytes of the plain text.
type spot struct {
	From, To    int
	Kind, Title string
}

// The kinds of spot, as the script of the rows has them; the last two are for texts that are only shown.
const (
	spotNumber = "number"
	spotBad    = "bad" // a number that the other text doesn't say
	spotTerm   = "term"
	spotMiss   = "miss" // what a finding speaks of
	spotNew    = "insert"
	spotGone   = "delete"
)

var spotClasses = map[string]string{spotNumber: "number", spotBad: "number bad", spotTerm: "term", spotMiss: "miss"}

// spotJSON is a spot as the browser counts: in UTF-16 units.
type spotJSON struct {
	From  int    `json:"from"`
	To    int    `json:"to"`
	Kind  string `json:"kind"`
	Title string `json:"title,omitempty"`
}

// spotsJSON leaves out what isn't for a text that is being written.
func spotsJSON(text string, spots []spot) []spotJSON {
	out := make([]spotJSON, 0, len(spots))
	for _, s := range spots {
		if s.Kind != spotNew && s.Kind != spotGone {
			out = append(out, spotJSON{From: utf16Len(text[:s.From]), To: utf16Len(text[:s.To]), Kind: s.Kind, Title: s.Title})
		}
	}
	return out
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// numberSpots marks the numbers of a text.
func numberSpots(list []check.Span) []spot {
	var out []spot
	for _, n := range list {
		kind := spotNumber
		if n.Differs {
			kind = spotBad
		}
		out = append(out, spot{From: n.From, To: n.To, Kind: kind})
	}
	return out
}

// diffSpots marks what became of an earlier text: in it what is gone, in the present one what is new.
func diffSpots(ops []document.Op) (then, now []spot) {
	a, b := 0, 0
	for _, op := range ops {
		n := len(op.Text)
		switch op.Kind {
		case document.OpInsert:
			now = append(now, spot{From: b, To: b + n, Kind: spotNew})
			b += n
		case document.OpDelete:
			then = append(then, spot{From: a, To: a + n, Kind: spotGone})
			a += n
		default:
			a, b = a+n, b+n
		}
	}
	return then, now
}

// findSpot is where a piece that a finding speaks of stands: as words of its own, if it does anywhere.
func findSpot(text, piece, title string) (spot, bool) {
	if piece == "" {
		return spot{}, false
	}
	first := -1
	for at := 0; ; {
		i := strings.Index(text[at:], piece)
		if i < 0 {
			break
		}
		from, to := at+i, at+i+len(piece)
		if first < 0 {
			first = from
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if !inWord(before) && !inWord(after) {
			first = from
			break
		}
		at = to
	}
	return spot{From: first, To: first + len(piece), Kind: spotMiss, Title: title}, first >= 0
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spotted cuts a text at its marks and at its spots.
func spotted(in document.Inline, spots []spot) []part {
	if len(spots) == 0 {
		return partsOf(in)
	}
	cuts := make([]int, 0, 2*len(spots))
	for _, s := range spots {
		cuts = append(cuts, s.From, s.To)
	}
	slices.Sort(cuts)
	var out []part
	at := 0
	for _, p := range partsOf(in) {
		for len(p.Text) > 0 {
			n := len(p.Text)
			if next, ok := nextCut(cuts, at); ok && next-at < n {
				n = next - at
			}
			piece := p
			piece.Text, p.Text = p.Text[:n], p.Text[n:]
			piece.at(spots, at)
			out = append(out, piece)
			at += n
		}
	}
	return out
}

func nextCut(cuts []int, at int) (int, bool) {
	i, _ := slices.BinarySearch(cuts, at+1)
	if i == len(cuts) {
		return 0, false
	}
	return cuts[i], true
}

// at gives a piece the looks of the spots that begin before it and end behind it.
func (p *part) at(spots []spot, at int) {
	var classes []string
	title := ""
	if p.Class != "" {
		classes = append(classes, p.Class)
	}
	for _, s := range spots {
		if s.From > at || s.To <= at {
			continue
		}
		if s.Kind == spotNew || s.Kind == spotGone {
			p.Op = s.Kind
			continue
		}
		classes = append(classes, spotClasses[s.Kind])
		title = cmp.Or(title, s.Title)
	}
	p.Title = cmp.Or(title, p.Title)
	p.Class = strings.Join(classes, " ")
}
