package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"depesche/internal/lang"
)

// collapse makes one space of each run of HTML's white space.
func collapse(s string) string {
	var b strings.Builder
	space := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r', '\f':
			if !space {
				b.WriteByte(' ')
			}
			space = true
		default:
			b.WriteByte(c)
			space = false
		}
	}
	return b.String()
}

// paragraphs parts a text at empty lines and takes the spaces away that no reader would see.
func paragraphs(in Inline) []Inline {
	if in = in.Normal(); !slices.ContainsFunc(in, func(s Span) bool { return strings.Contains(s.Text, "\n") }) {
		if in = trimInline(in); len(in) == 0 {
			return nil
		}
		return []Inline{in.Normal()}
	}
	var out []Inline
	var piece Inline
	for _, line := range splitLines(in) {
		line = trimInline(line)
		if len(line) == 0 {
			if len(piece) > 0 {
				out = append(out, piece.Normal())
			}
			piece = nil
			continue
		}
		if len(piece) > 0 {
			piece = append(piece, Span{"\n", breakMarks(piece, line)})
		}
		piece = append(piece, line...)
	}
	if len(piece) > 0 {
		out = append(out, piece.Normal())
	}
	return out
}

// breakMarks are those that both sides of a line break have.
func breakMarks(a, b Inline) []Mark {
	var out []Mark
	for _, m := range a[len(a)-1].Marks {
		if slices.Contains(b[0].Marks, m) {
			out = append(out, m)
		}
	}
	return out
}

// oneText is all of a text as one, for places that hold no paragraphs.
func oneText(in Inline) Inline {
	var out Inline
	for _, p := range paragraphs(in) {
		if len(out) > 0 {
			out = append(out, Span{"\n", breakMarks(out, p)})
		}
		out = append(out, p...)
	}
	return out.Normal()
}

// splitLines parts a text at its line breaks.
func splitLines(in Inline) []Inline {
	lines := []Inline{nil}
	for _, s := range in {
		for i, text := range strings.Split(s.Text, "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			if text != "" {
				lines[len(lines)-1] = append(lines[len(lines)-1], Span{text, s.Marks})
			}
		}
	}
	return lines
}

// trimInline takes the spaces at the ends, and all but the first of a run of them.
func trimInline(in Inline) Inline {
	if trimmed(in) {
		return in
	}
	var out Inline
	space := true
	for _, s := range in {
		var b strings.Builder
		for _, r := range s.Text {
			if r != ' ' || !space {
				b.WriteRune(r)
			}
			space = r == ' '
		}
		if b.Len() > 0 {
			out = append(out, Span{b.String(), s.Marks})
		}
	}
	for len(out) > 0 {
		if out[0].Text = strings.TrimLeftFunc(out[0].Text, invisible); out[0].Text != "" {
			break
		}
		out = out[1:]
	}
	for n := len(out) - 1; n >= 0; n-- {
		if out[n].Text = strings.TrimRightFunc(out[n].Text, invisible); out[n].Text != "" {
			break
		}
		out = out[:n]
	}
	return out
}

// trimmed reports whether there is nothing to take away.
func trimmed(in Inline) bool {
	if len(in) == 0 {
		return true
	}
	space := false
	for _, s := range in {
		if strings.Contains(s.Text, "  ") || space && strings.HasPrefix(s.Text, " ") {
			return false
		}
		space = strings.HasSuffix(s.Text, " ")
	}
	first, _ := utf8.DecodeRuneInString(in[0].Text)
	last, _ := utf8.DecodeLastRuneInString(in[len(in)-1].Text)
	return !invisible(first) && !invisible(last)
}

// invisible is what no reader sees at the ends of a line.
func invisible(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }

// withoutMark takes a mark away that the whole text has: bold in a heading is only how it looked.
func withoutMark(in Inline, t MarkType) Inline {
	for _, s := range in {
		if strings.TrimSpace(s.Text) != "" && !hasMark(s.Marks, t) {
			return in
		}
	}
	out := in.clone()
	for i := range out {
		out[i].Marks = slices.DeleteFunc(out[i].Marks, func(m Mark) bool { return m.Type == t })
	}
	return out.Normal()
}

func attrOf(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func attrIn(n *html.Node, names ...string) string {
	for _, name := range names {
		if v, ok := attrOf(n, name); ok && strings.TrimSpace(v) != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func hasClass(n *html.Node, names ...string) bool {
	class, _ := attrOf(n, "class")
	for _, c := range strings.Fields(class) {
		if slices.Contains(names, c) {
			return true
		}
	}
	return false
}

// styleOf reads the style attribute: names in small letters, values too.
func styleOf(n *html.Node) map[string]string {
	style, ok := attrOf(n, "style")
	if !ok {
		return nil
	}
	out := map[string]string{}
	for _, decl := range strings.Split(style, ";") {
		if name, value, ok := strings.Cut(decl, ":"); ok {
			out[strings.ToLower(strings.TrimSpace(name))] = strings.ToLower(strings.TrimSpace(value))
		}
	}
	return out
}

func hidden(n *html.Node) bool {
	if _, ok := attrOf(n, "hidden"); ok {
		return true
	}
	style := styleOf(n)
	return style["display"] == "none" || style["mso-hide"] == "all"
}

// textOf is the text of n without what isn't text.
func textOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "noscript" || n.Data == "template"):
			return
		case n.Type == html.ElementNode && n.Data == "br":
			b.WriteByte(' ')
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

// find returns the first element within n that is, nil if there is none.
func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && is(d) {
			return d
		}
	}
	return nil
}

func named(names ...string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Namespace == "" && slices.Contains(names, n.Data) }
}

func quotationMarks(l lang.Tag) (open, end string) {
	if l == "" {
		return "“", "”"
	}
	t := l.Typography()
	return t.Quotes[0] + t.QuoteSpace, t.QuoteSpace + t.Quotes[1]
}

var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻", "−", "⁻")
var subscripts = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋", "−", "₋")

// raised writes raised or lowered figures with the characters there are for them: m², CO₂.
func raised(n *html.Node) (string, bool) {
	s := strings.TrimSpace(textOf(n))
	if s == "" || strings.Trim(s, "0123456789+-−") != "" || n.FirstChild.Type != html.TextNode || n.FirstChild != n.LastChild {
		return "", false
	}
	if n.Data == "sub" {
		return subscripts.Replace(s), true
	}
	return superscripts.Replace(s), true
}
