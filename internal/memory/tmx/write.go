package tmx

import (
	"bufio"
	"encoding/xml"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/document"
)

// Writer writes a file unit by unit. Close it.
type Writer struct{ w *bufio.Writer }

// NewWriter begins a file. source is the language that all units were translated from, or [All].
func NewWriter(w io.Writer, source, version string) *Writer {
	out := &Writer{bufio.NewWriterSize(w, 64<<10)}
	out.raw(xml.Header + `<!DOCTYPE tmx SYSTEM "tmx14.dtd">` + "\n" + `<tmx version="1.4">` + "\n" + `<header creationtool="Depesche" creationtoolversion="`)
	out.escape(version)
	out.raw(`" segtype="paragraph" o-tmf="Depesche" adminlang="en" srclang="`)
	out.escape(source)
	out.raw(`" datatype="html"/>` + "\n<body>\n")
	return out
}

// Write adds a unit.
func (w *Writer) Write(u Unit) error {
	w.raw("<tu")
	w.attr("tuid", u.ID)
	w.attr("srclang", u.Source)
	if !u.Created.IsZero() {
		w.attr("creationdate", u.Created.UTC().Format(dateForm))
	}
	if !u.Changed.IsZero() {
		w.attr("changedate", u.Changed.UTC().Format(dateForm))
	}
	w.attr("creationid", u.By)
	w.raw(">\n")
	for _, p := range u.Props {
		w.raw("<prop")
		w.attr("type", p[0])
		w.raw(">")
		w.escape(p[1])
		w.raw("</prop>\n")
	}
	for _, v := range u.Variants {
		w.raw("<tuv")
		w.attr("xml:lang", v.Lang)
		w.raw("><seg>")
		w.segment(v.Text)
		w.raw("</seg></tuv>\n")
	}
	w.raw("</tu>\n")
	// A bufio.Writer keeps its first error and returns it from now on.
	_, err := w.w.Write(nil)
	return err
}

// Close ends the file; it doesn't close what is written to.
func (w *Writer) Close() error {
	w.raw("</body>\n</tmx>\n")
	return w.w.Flush()
}

func (w *Writer) raw(s string) { _, _ = w.w.WriteString(s) }

func (w *Writer) escape(s string) { _ = xml.EscapeText(w.w, []byte(s)) }

func (w *Writer) attr(name, value string) {
	if value == "" {
		return
	}
	w.raw(" " + name + `="`)
	w.escape(value)
	w.raw(`"`)
}

// segment writes a text. A mark is a pair of codes in HTML, as browsers and other programs write it.
func (w *Writer) segment(in document.Inline) {
	type open struct {
		mark document.Mark
		n    int
	}
	var stack []open
	pairs := 0
	closeTo := func(depth int) {
		for len(stack) > depth {
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			_, end, _ := markCodes(last.mark)
			w.raw(`<ept i="` + strconv.Itoa(last.n) + `">`)
			w.escape(end)
			w.raw(`</ept>`)
		}
	}
	for _, span := range in {
		span.Marks = slices.DeleteFunc(slices.Clone(span.Marks), func(m document.Mark) bool {
			begin, _, _ := markCodes(m)
			return begin == ""
		})
		same := 0
		for same < len(stack) && same < len(span.Marks) && stack[same].mark == span.Marks[same] {
			same++
		}
		closeTo(same)
		for _, m := range span.Marks[same:] {
			begin, _, kind := markCodes(m)
			pairs++
			stack = append(stack, open{m, pairs})
			w.raw(`<bpt i="` + strconv.Itoa(pairs) + `" type="` + kind + `">`)
			w.escape(begin)
			w.raw(`</bpt>`)
		}
		for i, line := range strings.Split(span.Text, "\n") {
			if i > 0 {
				w.raw(`<ph type="lb">&lt;br/&gt;</ph>`)
			}
			w.escape(line)
		}
	}
	closeTo(0)
}

// markCodes are the codes of a mark and its type; none for what means nothing outside of the house.
func markCodes(m document.Mark) (begin, end, kind string) {
	switch m.Type {
	case document.Link:
		return `<a href="` + html.EscapeString(m.Href) + `">`, `</a>`, "link"
	case document.Foreign:
		return `<span lang="` + html.EscapeString(m.Lang) + `">`, `</span>`, "x-lang"
	case document.Strong:
		return `<strong>`, `</strong>`, "bold"
	case document.Emphasis:
		return `<em>`, `</em>`, "italic"
	}
	return "", "", ""
}
