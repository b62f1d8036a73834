package document

import (
	"net/url"
	"slices"
	"strings"
)

func (w *htmlWriter) list(b *Block) {
	if !slices.ContainsFunc(b.Items, func(i Item) bool { return len(i.Text) > 0 }) {
		return
	}
	tag := "ul"
	if b.Ordered {
		tag = "ol"
	}
	w.open(tag, b.ID, "")
	for _, it := range b.Items {
		if len(it.Text) > 0 {
			w.raw("<li>")
			w.inline(it.Text)
			w.raw("</li>")
		}
	}
	w.raw("</", tag, ">\n")
}

func (w *htmlWriter) table(b *Block) {
	if b.Plain() == "" {
		return
	}
	if !w.o.Feed {
		w.raw("<div")
		w.attr("class", "table")
		w.attr("id", "b-"+string(b.ID))
		w.raw(` tabindex="0" role="region"`)
		w.attr("aria-label", w.o.Words.Table)
		w.raw(">")
	}
	w.raw("<table>")
	rows := b.Rows
	if b.Header {
		w.raw("<thead>")
		w.row(rows[0], `<th scope="col">`, "</th>")
		w.raw("</thead>")
		rows = rows[1:]
	}
	if len(rows) > 0 {
		w.raw("<tbody>")
		for _, r := range rows {
			w.row(r, "<td>", "</td>")
		}
		w.raw("</tbody>")
	}
	w.raw("</table>")
	if !w.o.Feed {
		w.raw("</div>")
	}
	w.raw("\n")
}

func (w *htmlWriter) row(r Row, open, end string) {
	w.raw("<tr>")
	for _, c := range r.Cells {
		w.raw(open)
		w.inline(c.Text)
		w.raw(end)
	}
	w.raw("</tr>")
}

// longBox is the number of words from which on a fact box is folded.
const longBox = 120

func (w *htmlWriter) factBox(b *Block) {
	if b.Plain() == "" {
		return
	}
	folded := b.Title != "" && !w.o.Feed && countWords(b.Plain()) > longBox
	// On a page it is no aside: what reads articles out of pages drops those, and this is the text.
	tag := "div"
	if w.o.Feed {
		tag = "aside"
	}
	w.raw("<" + tag)
	if !w.o.Feed {
		w.attr("class", "box fact")
		w.attr("role", "note")
		w.attr("id", "b-"+string(b.ID))
		if b.Title == "" {
			w.attr("aria-label", w.o.Words.FactBox)
		}
	}
	w.raw(">")
	if folded {
		w.raw("<details><summary>")
	}
	if b.Title != "" {
		w.raw("<h2>")
		w.inline(Text(b.Title))
		w.raw("</h2>")
	}
	if folded {
		w.raw("</summary>")
	}
	for i := range b.Blocks {
		w.block(&b.Blocks[i])
	}
	if folded {
		w.raw("</details>")
	}
	w.raw("</" + tag + ">\n")
}

func (w *htmlWriter) embed(b *Block) {
	if b.Embed == nil || !SafeHref(b.Embed.URL) {
		return
	}
	host := hostOf(b.Embed.URL)
	title := b.Embed.Title
	if strings.TrimFunc(title, invisible) == "" {
		title = host
	}
	if w.o.Feed {
		w.raw("<p><a")
		w.attr("href", b.Embed.URL)
		w.raw(">")
		w.text(title)
		w.raw("</a></p>\n")
		return
	}
	w.open("figure", b.ID, "embed")
	w.raw("<a")
	w.attr("href", b.Embed.URL)
	if w.o.Frame != nil {
		if src, ok := w.o.Frame(b.Embed.URL); ok && SafeHref(src) {
			w.attr("data-embed", src)
			w.attr("data-load", strings.ReplaceAll(w.o.Words.Load, "{host}", host))
		}
	}
	w.raw(">")
	if b.Embed.Media != "" && w.o.Picture != nil {
		if img, ok := w.o.Picture(Picture{Media: b.Embed.Media}); ok {
			img.Alt = "" // the title says what is there
			w.image(img)
		}
	}
	w.raw(`<span class="t">`)
	w.text(title)
	w.raw("</span>")
	if title != host {
		w.raw(` <span class="host">`)
		w.text(host)
		w.raw("</span>")
	}
	w.raw("</a></figure>\n")
}

// hostOf is what a person calls an address: its host without "www.".
func hostOf(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
