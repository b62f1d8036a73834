package document

import (
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"depesche/internal/lang"
)

// HTMLOptions say how a document becomes HTML. The zero value gives plain HTML without pictures, with
// references as text.
type HTMLOptions struct {
	// Lang is the edition's language: foreign phrases get a direction if theirs differs, and a quotation
	// whose original is in it shows the original wording.
	Lang lang.Tag

	// Picture resolves a picture of the library, with the edition's or the library's words; false
	// leaves it out. An embed's picture comes with its Media alone.
	Picture func(Picture) (PictureHTML, bool)
	// Story resolves a link to a story. Without an address the text stands without a link.
	Story func(id string) (href string, ok bool)
	// StoryLang says in which language the story is read there; a link to another says so. It may be
	// nil.
	StoryLang func(id string) lang.Tag
	// Source resolves a reference to a source: where the page tells of it, and what it is called.
	Source func(id string) (href, name string, ok bool)
	// Frame resolves an embed to the address that its host has for frames; the page's script loads it
	// on a click. Without one, an embed is a link.
	Frame func(url string) (src string, ok bool)

	Words HTMLWords

	// Bind keeps together what the language doesn't break across lines, see [lang.Tag.BindRuns]. What is
	// in a foreign language stays as it is.
	Bind bool
	// Eager is in how many blocks at the start the first picture is loaded at once, since it is seen without
	// scrolling, or nearly. What a fact box folds away isn't.
	Eager int
	// EndMark sets the house's mark behind the last word.
	EndMark bool
	// Feed writes for feed readers: no IDs, classes, source sets or anything that needs our style
	// sheet, and every address absolute, seen from Base.
	Feed bool
	Base string
}

// HTMLWords are the words that stand in a body besides the document's own.
type HTMLWords struct {
	Load     string                   // "Load from {host}"
	Table    string                   // what a table is called that can be scrolled
	FactBox  string                   // what a fact box without a title is called
	Original func(lang string) string // "In the original, French"
}

// PictureHTML is a picture as it stands in a page.
type PictureHTML struct {
	Src           string // JPEG, or the drawing
	Srcset        string // source set, "" for drawings
	WebP, AVIF    string // the same, "" where there are none
	Sizes         string
	Width, Height int
	Class         string // of the image, where its subject is
	Alt           string
	Credit        string // the whole line: "Photograph: N"
}

// HTML returns the body of a document as HTML. It is the only maker of template.HTML besides the
// sandbox of advertising: everything in it is either from the short list of elements below or escaped.
//
//	p h2 h3 h4 ul ol li figure figcaption blockquote cite picture source img div table thead tbody tr
//	th td aside details summary hr a span strong em br svg rect circle
func HTML(d Doc, o HTMLOptions) template.HTML {
	w := htmlWriter{o: &o, b: make([]byte, 0, 16<<10)}
	w.body(d)
	return template.HTML(w.b)
}

// WriteHTML writes what [HTML] returns.
func WriteHTML(out io.Writer, d Doc, o HTMLOptions) error {
	w := htmlWriter{o: &o, b: make([]byte, 0, 16<<10)}
	w.body(d)
	_, err := out.Write(w.b)
	return err
}

// InlineHTML returns running text, such as a lead or a caption, as HTML.
func InlineHTML(in Inline, o HTMLOptions) template.HTML {
	w := htmlWriter{o: &o}
	w.inline(in)
	return template.HTML(w.b)
}

// FigureHTML returns a picture with what is said below it, "" if it can't be resolved.
func FigureHTML(p Picture, o HTMLOptions) template.HTML {
	w := htmlWriter{o: &o}
	w.figure(p.ID, p)
	return template.HTML(w.b)
}

// htmlWriter appends; nothing on the way can fail.
type htmlWriter struct {
	o     *HTMLOptions
	b     []byte
	eager bool // the next picture is loaded at once
	begun bool // one was
	end   bool // the next text that closes gets the end mark
}

func (w *htmlWriter) raw(s ...string) {
	for _, x := range s {
		w.b = append(w.b, x...)
	}
}

// text escapes for text and for attributes in double quotes alike.
func (w *htmlWriter) text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > '>' || !mayEscape[c] {
			continue
		}
		var esc string
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			esc = "&#34;"
		case '\n':
			esc = "<br>"
		}
		w.b = append(append(w.b, s[from:i]...), esc...)
		from = i + 1
	}
	w.b = append(w.b, s[from:]...)
}

var mayEscape = ['>' + 1]bool{'&': true, '<': true, '>': true, '"': true, '\n': true}

// attr writes an attribute, none if there is no value.
func (w *htmlWriter) attr(name, value string) {
	if value == "" {
		return
	}
	w.raw(" ", name, `="`)
	w.text(strings.ReplaceAll(value, "\n", " "))
	w.raw(`"`)
}

// open writes a block's start tag with its ID and class.
func (w *htmlWriter) open(tag string, id ID, class string) {
	w.raw("<", tag)
	if !w.o.Feed {
		w.attr("class", class)
		if id != "" {
			w.attr("id", "b-"+string(id))
		}
	}
	w.raw(">")
}

func (w *htmlWriter) body(d Doc) {
	last := -1
	if w.o.EndMark && !w.o.Feed {
		last = lastWritten(d.Blocks)
	}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		w.end = i == last && b.Kind == Paragraph
		w.eager = i < w.o.Eager && b.Kind != FactBox && !w.begun
		w.block(b)
		if i == last && b.Kind != Paragraph {
			w.open("p", "", "end")
			w.raw(endMark, "</p>\n")
		}
	}
}

const endMark = `<svg class="mark" viewBox="0 0 30 6" aria-hidden="true"><rect width="14" height="6" rx="3"/><circle cx="19" cy="3" r="3"/><circle cx="27" cy="3" r="3"/></svg>`

// lastWritten is the place of the last block with something to read.
func lastWritten(blocks []Block) int {
	for i := len(blocks) - 1; i >= 0; i-- {
		if blocks[i].Plain() != "" {
			return i
		}
	}
	return -1
}

func (w *htmlWriter) block(b *Block) {
	switch b.Kind {
	case Paragraph:
		w.textBlock("p", b)
	case Heading:
		w.textBlock("h"+strconv.Itoa(min(max(b.Level, MinLevel), MaxLevel)), b)
	case List:
		w.list(b)
	case Quotation:
		w.quotation(b)
	case PictureK:
		for _, p := range b.Pictures {
			w.figure(b.ID, p)
		}
	case Gallery:
		w.gallery(b)
	case Table:
		w.table(b)
	case FactBox:
		w.factBox(b)
	case Embed:
		w.embed(b)
	case Rule:
		w.open("hr", b.ID, "")
		w.raw("\n")
	}
}

func (w *htmlWriter) textBlock(tag string, b *Block) {
	if len(b.Text) == 0 {
		return
	}
	w.open(tag, b.ID, "")
	if w.end {
		w.ended(b.Text)
		w.end = false
	} else {
		w.inline(b.Text)
	}
	w.raw("</", tag, ">\n")
}

// ended writes the last text with the house's mark, which doesn't stand on a line of its own: browsers
// break before any image, so it is kept together with the last word.
func (w *htmlWriter) ended(in Inline) {
	if w.o.Bind {
		in = w.bound(in)
	}
	open, end := "", ""
	if text, word := lastWord(in); word != "" {
		w.inline(text)
		open, end, in = `<span class="last">`, "</span>", Inline{{Text: word}}
	}
	w.raw(open)
	w.inline(in)
	w.raw(`<span class="end">`, endMark, "</span>", end)
}

// longestLast is the longest word that is kept together with the mark: a longer one must be able to
// break.
const longestLast = 20

// lastWord cuts the text before its last word, if that is short and has no marks.
func lastWord(in Inline) (text Inline, word string) {
	last := in[len(in)-1]
	at := strings.LastIndexByte(last.Text, ' ')
	if at < 0 || len(last.Marks) > 0 || utf8.RuneCountInString(last.Text[at+1:]) > longestLast {
		return in, ""
	}
	text = slices.Clone(in)
	text[len(text)-1].Text = last.Text[:at+1]
	return text, last.Text[at+1:]
}
