// Package markup writes a segment's text as an engine gets it, and makes of the engine's answer a text
// that may stand in an edition. An answer is a stranger's: of its tags only those survive that the
// segment had, everything else becomes plain text or nothing. It is pure.
package markup

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"depesche/internal/document"
)

// Fragment is a segment's text as it is written for an engine.
type Fragment struct {
	// Text is what the engine gets.
	Text string

	html   bool
	source []rune
	marks  [][]int // of each rune of source: the elements that it is in, the outermost first
	elems  []element
}

// element is a mark over a run of the source.
type element struct {
	mark     document.Mark
	from, to int // runes of the source
	parent   int // the element around it, -1 for none
}

// Answer is an engine's translation of a fragment, cleaned.
type Answer struct {
	// Text is in normal form; each of its marks is one of the source's.
	Text document.Inline
	// Lost are marks of the source that the translation doesn't have, Gained those it has more often,
	// Moved those that stand in another one than in the source. A mark may be in a list more than once.
	Lost, Gained, Moved []document.Mark
}

// order is how marks nest, as [document.MarkType] says.
var order = []document.MarkType{document.SourceRef, document.StoryLink, document.Link, document.Foreign, document.Strong, document.Emphasis}

// tags are the elements that marks are written as: such as every engine knows. Strangers don't learn
// where a link leads or who the source is.
var tags = map[document.MarkType]string{
	document.SourceRef: "span", document.StoryLink: "a", document.Link: "a", document.Foreign: "span", document.Strong: "b", document.Emphasis: "i",
}

// HTML returns the text as a well-formed HTML fragment: each mark is an element with an id, line breaks
// are <br>. A phrase in another language is written so that an engine may leave it alone.
func HTML(in document.Inline) Fragment {
	f := fragment(in)
	f.html = true
	var b strings.Builder
	open := []int{}
	closeTo := func(n int) {
		for len(open) > n {
			b.WriteString("</" + tags[f.elems[open[len(open)-1]].mark.Type] + ">")
			open = open[:len(open)-1]
		}
	}
	for i, r := range f.source {
		now := f.written(i)
		same := 0
		for same < len(open) && same < len(now) && open[same] == now[same] {
			same++
		}
		closeTo(same)
		for _, e := range now[same:] {
			b.WriteString(f.startTag(e))
			open = append(open, e)
		}
		if r == '\n' {
			b.WriteString("<br>")
		} else {
			b.WriteString(html.EscapeString(string(r)))
		}
	}
	closeTo(0)
	f.Text = b.String()
	return f
}

// Plain returns the text without marks.
func Plain(in document.Inline) Fragment {
	f := fragment(in)
	f.Text = string(f.source)
	return f
}

// Translatable says whether there is anything to translate in the text: not if all of its letters are in
// another language than its own, or if it has none.
func Translatable(in document.Inline) bool {
	return slices.ContainsFunc(in, func(s document.Span) bool {
		return strings.ContainsFunc(s.Text, isLetter) && !slices.ContainsFunc(s.Marks, func(m document.Mark) bool { return m.Type == document.Foreign })
	})
}

func fragment(in document.Inline) Fragment {
	in = in.Normal()
	f := Fragment{}
	for _, s := range in {
		f.source = append(f.source, []rune(s.Text)...)
	}
	f.marks = make([][]int, len(f.source))
	f.nest(in, 0, -1, 0)
	return f
}

// nest finds the elements of spans that are equal in all marks of an outer rank.
func (f *Fragment) nest(in document.Inline, rank, parent, at int) {
	if rank == len(order) {
		return
	}
	for len(in) > 0 {
		m, ok := markOf(in[0], order[rank])
		n, length := 0, 0
		for n < len(in) {
			if other, has := markOf(in[n], order[rank]); has != ok || other != m {
				break
			}
			length += len([]rune(in[n].Text))
			n++
		}
		around := parent
		if ok {
			around = len(f.elems)
			f.elems = append(f.elems, element{mark: m, from: at, to: at + length, parent: parent})
			for i := at; i < at+length; i++ {
				f.marks[i] = append(f.marks[i], around)
			}
		}
		f.nest(in[:n], rank+1, around, at)
		in, at = in[n:], at+length
	}
}

func markOf(s document.Span, t document.MarkType) (document.Mark, bool) {
	i := slices.IndexFunc(s.Marks, func(m document.Mark) bool { return m.Type == t })
	if i < 0 {
		return document.Mark{}, false
	}
	return s.Marks[i], true
}

// written are the elements of a rune that the engine sees: none within a foreign phrase, which comes
// back as it stands in the source anyway.
func (f *Fragment) written(i int) []int {
	list := f.marks[i]
	if n := slices.IndexFunc(list, func(e int) bool { return f.elems[e].mark.Type == document.Foreign }); n >= 0 {
		return list[:n+1]
	}
	return list
}

func (f *Fragment) startTag(e int) string {
	m := f.elems[e].mark
	s := "<" + tags[m.Type] + ` id="m` + strconv.Itoa(e+1) + `"`
	if m.Type == document.Foreign {
		s += ` class="notranslate" translate="no"`
	}
	return s + ">"
}

// inForeign is the foreign phrase that the element is or stands in, -1 for none.
func (f *Fragment) inForeign(e int) int {
	for ; e >= 0; e = f.elems[e].parent {
		if f.elems[e].mark.Type == document.Foreign {
			return e
		}
	}
	return -1
}
