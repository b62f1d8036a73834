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
	w.open("figure", b.ID, "quote")
	w.raw("<blockquote><p")
	w.langAttrs(quoteLang)
	w.raw(">")
	w.inline(text)
	w.raw("</p></blockquote>")
	w.attribution(b, original, olang)
	w.raw("</figure>\n")
}

// attribution says who said it, where it stands, and the original wording.
func (w *htmlWriter) attribution(b *Block, original string, olang lang.Tag) {
	href, name := w.sourceOf(b)
	if b.Speaker == "" && name == "" && original == "" {
		return
	}
	open, end, label := "<figcaption>", "</figcaption>", `<p class="original"><span class="label">`
	if w.o.Feed {
		open, end, label = "<p>", "</p>", "<span>"
	}
	w.raw(open)
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
	if original != "" {
		if w.o.Feed && (b.Speaker != "" || name != "") {
			w.raw("<br>")
		}
		w.raw(label)
		if w.o.Words.Original != nil {
			w.text(w.o.Words.Original(string(olang)))
		}
		w.raw("</span> <span")
		w.langAttrs(olang)
		w.raw(">")
		w.text(original)
		w.raw("</span>")
		if !w.o.Feed {
			w.raw("</p>")
		}
	}
	w.raw(end)
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
