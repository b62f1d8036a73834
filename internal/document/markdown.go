package document

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// The keys of a [MarkdownError] beside those of a [Problem].
const (
	KeyMarkdownFence = "document.markdown_fence" // ::: without its end, or of a kind that isn't known
	KeyMarkdownQuote = "document.markdown_quote" // the speaker's line can't be read
	KeyMarkdownImage = "document.markdown_image" // an image that is no picture of the library
)

var blockMarkdown = goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()

// Markdown returns blocks in the form that [ParseMarkdown] reads: the plain text of a document for
// forms without a script and for files that people write.
//
// It is CommonMark with tables; ## to #### are headings, --- is a rule, and beyond that:
//
//	> Quotation.
//	> — Speaker {source=ID lang=fr original="Wording"}
//
//	![Alternative text](media:ID "Credit")
//	Caption
//
//	:::gallery            :::fact Title         :::embed https://… Title {media=ID}
//	(pictures)            (paragraphs, lists)
//	:::                   :::
//
// IDs aren't written. Marks are those of [InlineMarkdown].
func Markdown(blocks []Block) string {
	parts := make([]string, 0, len(blocks))
	var before Kind
	second := false
	for _, b := range blocks {
		// Two lists in a row would read as one: every other has the other markers.
		second = b.Kind == List && before == List && !second
		if s := blockText(b, second); s != "" {
			parts, before = append(parts, s), b.Kind
		}
	}
	return strings.Join(parts, "\n\n")
}

// BlockMarkdown is [Markdown] of one block.
func BlockMarkdown(b Block) string { return blockText(b, false) }

func blockText(b Block, second bool) string {
	switch b.Kind {
	case Paragraph:
		return InlineMarkdown(b.Text)
	case Heading:
		return strings.Repeat("#", min(max(b.Level, 2), 4)) + " " + headingLine(b.Text)
	case Rule:
		return "---"
	case List:
		return listMarkdown(b, second)
	case Quotation:
		return quoteMarkdown(b)
	case Table:
		return tableMarkdown(b)
	case PictureK:
		if len(b.Pictures) == 0 {
			return ""
		}
		return pictureMarkdown(b.Pictures[0])
	case Gallery:
		parts := make([]string, len(b.Pictures))
		for i, p := range b.Pictures {
			parts[i] = pictureMarkdown(p)
		}
		return ":::gallery\n" + strings.Join(parts, "\n\n") + "\n:::"
	case FactBox:
		return ":::fact " + strings.TrimSpace(b.Title) + "\n" + Markdown(b.Blocks) + "\n:::"
	case Embed:
		if b.Embed == nil {
			return ""
		}
		s := ":::embed " + b.Embed.URL + " " + strings.TrimSpace(b.Embed.Title)
		if b.Embed.Media != "" {
			s += " {media=" + b.Embed.Media + "}"
		}
		return s
	}
	return ""
}

// headingLine is a text where a line's end would end the block.
func headingLine(in Inline) string {
	s := strings.ReplaceAll(InlineMarkdown(in), "\\\n", "&#10;")
	if strings.HasSuffix(s, "#") {
		s = s[:len(s)-1] + "\\#"
	}
	return s
}

func listMarkdown(b Block, second bool) string {
	lines := make([]string, len(b.Items))
	bullet, after := "- ", ". "
	if second {
		bullet, after = "* ", ") "
	}
	for i, it := range b.Items {
		lead := bullet
		if b.Ordered {
			lead = strconv.Itoa(i+1) + after
		}
		lines[i] = lead + strings.ReplaceAll(InlineMarkdown(it.Text), "\n", "\n"+strings.Repeat(" ", len(lead)))
	}
	return strings.Join(lines, "\n")
}

func quoteMarkdown(b Block) string {
	s := strings.ReplaceAll(InlineMarkdown(b.Text), "\n—", "\n&#8212;")
	if strings.HasPrefix(s, "—") {
		s = "&#8212;" + strings.TrimPrefix(s, "—")
	}
	out := "> " + strings.ReplaceAll(s, "\n", "\n> ")
	var attrs []string
	if b.Source != "" {
		attrs = append(attrs, "source="+b.Source)
	}
	if b.OriginalLang != "" {
		attrs = append(attrs, "lang="+b.OriginalLang)
	}
	if b.Original != "" {
		attrs = append(attrs, "original="+quoted(b.Original))
	}
	if b.Speaker == "" && len(attrs) == 0 {
		return out
	}
	out += "\n> — " + strings.NewReplacer(`\`, `\\`, "{", `\{`, "\n", " ").Replace(b.Speaker)
	if len(attrs) > 0 {
		out = strings.TrimRight(out, " ") + " {" + strings.Join(attrs, " ") + "}"
	}
	return out
}

// quoted writes a text on one line between straight quotes.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func unquoted(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n").Replace(s)
}

func tableMarkdown(b Block) string {
	if len(b.Rows) == 0 {
		return ""
	}
	var out []string
	row := func(cells []Cell) {
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = strings.ReplaceAll(InlineMarkdown(c.Text), "\\\n", "&#10;")
		}
		out = append(out, "| "+strings.Join(texts, " | ")+" |")
	}
	rows := b.Rows
	if b.Header {
		row(rows[0].Cells)
		rows = rows[1:]
	} else {
		row(make([]Cell, len(rows[0].Cells)))
	}
	out = append(out, "|"+strings.Repeat(" --- |", len(b.Rows[0].Cells)))
	for _, r := range rows {
		row(r.Cells)
	}
	return strings.Join(out, "\n")
}

func pictureMarkdown(p Picture) string {
	s := "![" + strings.ReplaceAll(escapeText(p.Alt), "\\\n", " ") + "](media:" + p.Media
	if p.Credit != "" {
		s += " " + quoted(p.Credit)
	}
	s += ")"
	switch {
	case len(p.Caption) == 0:
	case len(withoutEmphasis(p.Caption)[0].Marks) < len(p.Caption[0].Marks):
		s += "\n" + spannedMarkdown(p.Caption) // asterisks would be read as what a caption has anyway
	default:
		s += "\n" + InlineMarkdown(p.Caption)
	}
	return s
}
