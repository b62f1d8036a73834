package document

import (
	"depesche/internal/lang"
)

func (w *htmlWriter) quotation(b *Block) {
	text, original, olang := b.Text, b.Original, lang.Tag(b.OriginalLang)
	quoteLang := lang.Tag("")
	switch {
	case original == "":
	case b.OriginalLang != "" && olang.Base() == w.o.Lang.Base() && olang.Script() == w.o.Lang.Script():
		// In its own language the wording stands as it was said, never translated back.
		text, original = Text(original), ""
	case len(text) == 0:
		text, original, quoteLang = Text(original), "", olang
	}
	if len(text) == 0 {
		return
	}
	if w.o.Feed {
		w.raw("<blockquote><p")
		w.langAttrs(quoteLang)
		w.raw(">")
		w.inline(text)
		w.raw("</p>")
		w.attribution(b, original, olang)
		w.raw("</blockquote>\n")
		return
	}
	// No figure: what reads articles out of pages drops those, and this is the text.
	w.open("div", b.ID, "quote")
	w.raw("<blockquote><p")
	w.langAttrs(quoteLang)
	w.raw(">")
	w.inline(text)
	w.raw("</p></blockquote>")
	w.attribution(b, original, olang)
	w.raw("</div>\n")
}

// attribution says who said it, where it stands, and the original wording.
func (w *htmlWriter) attribution(b *Block, original string, olang lang.Tag) {
	href, name := w.sourceOf(b)
	if b.Speaker != "" || name != "" {
		w.paragraph("said")
		if b.Speaker != "" {
			w.raw("<cite>")
			w.linked(href, b.Speaker, name == "" || name == b.Speaker)
			w.raw("</cite>")
		}
		if name != "" && name != b.Speaker {
			if b.Speaker != "" {
				w.raw(comma(w.o.Lang))
			}
			w.linked(href, name, true)
		}
		w.raw("</p>")
	}
	if original != "" {
		w.original(original, olang)
	}
}

// original writes a quotation's own wording. On a page the style sheet says what it is: it is no word
// of the text, and who takes the text out of the page doesn't get it.
func (w *htmlWriter) original(wording string, l lang.Tag) {
	label := ""
	if w.o.Words.Original != nil {
		label = w.o.Words.Original(string(l))
	}
	w.paragraph("original")
	if w.o.Feed {
		w.text(label + " ")
	} else if label != "" {
		w.b = w.b[:len(w.b)-1]
		w.attr("data-in", label)
		w.raw(">")
	}
	w.raw("<span")
	w.langAttrs(l)
	w.raw(">")
	w.text(wording)
	w.raw("</span></p>")
}

// paragraph opens one, with a class if it is a page's.
func (w *htmlWriter) paragraph(class string) {
	w.raw("<p")
	if !w.o.Feed {
		w.attr("class", class)
	}
	w.raw(">")
}

// sourceOf is where the page tells of a quotation's source and what that is called, both "" if it
// doesn't.
func (w *htmlWriter) sourceOf(b *Block) (href, name string) {
	if b.Source == "" || w.o.Source == nil {
		return "", ""
	}
	href, name, ok := w.o.Source(b.Source)
	if href, ok = w.checked(href, ok); !ok {
		return "", ""
	}
	return href, name
}

// linked writes a name, as a link to its source if it shall be one.
func (w *htmlWriter) linked(href, name string, link bool) {
	if href == "" || !link {
		w.text(name)
		return
	}
	w.raw("<a")
	if !w.o.Feed {
		w.attr("class", "ref")
	}
	w.attr("href", href)
	w.raw(">")
	w.text(name)
	w.raw("</a>")
}

// comma parts a speaker from the source.
func comma(l lang.Tag) string {
	switch l.Base() {
	case "ar", "fa", "ur", "ps", "ckb":
		return "، "
	case "zh", "ja", "yue":
		return "，"
	}
	return ", "
}
