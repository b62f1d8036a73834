package document

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// MarkdownError says what can't be read in the Markdown form of a text, and where.
type MarkdownError struct {
	Line int // from 1
	Key  string
	Text string // the part in question

	limit int // that was exceeded, of KeyTooMany
}

func (e *MarkdownError) Error() string {
	return fmt.Sprintf("line %d: %s: %q", e.Line, e.Key, e.Text)
}

// inlineParser reads CommonMark's inline constructs in one paragraph and no blocks at all.
var inlineParser = parser.NewParser(
	parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500),
	),
)

// InlineMarkdown returns the text as Markdown that [ParseInlineMarkdown] reads back to the letter.
//
// It is CommonMark: *emphasis*, **strong**, [text](https://…). The other marks are links, too:
// [text](source:ID), [text](story:ID), [text](lang:fr). Where several meet, their addresses stand
// together: [text](<source:ID lang:fr>); "strong" and "em" stand there where asterisks can't say it.
func InlineMarkdown(in Inline) string {
	in = in.Normal()
	if len(in) == 0 {
		return ""
	}
	// CommonMark cuts spaces at some places and has rules for asterisks beside punctuation that no
	// escape helps against. The plainest form that reads back to the letter is taken.
	out := groupedMarkdown(in, escapeText)
	for _, plainer := range []func() string{
		func() string { return out },
		func() string { return groupedMarkdown(in, escapeEdges) },
	} {
		try := plainer()
		if back, err := ParseInlineMarkdown(try); err == nil && slices.EqualFunc(back, in, equalSpans) {
			return try
		}
	}
	return spannedMarkdown(in)
}

func equalSpans(a, b Span) bool { return a.Text == b.Text && slices.Equal(a.Marks, b.Marks) }

func groupedMarkdown(in Inline, escape func(string) string) string {
	var b strings.Builder
	for i := 0; i < len(in); {
		dest, j := destOf(in[i].Marks, false), i+1
		for j < len(in) && destOf(in[j].Marks, false) == dest {
			j++
		}
		var inner strings.Builder
		for _, s := range in[i:j] {
			stars := ""
			if hasMark(s.Marks, Strong) {
				stars += "**"
			}
			if hasMark(s.Marks, Emphasis) {
				stars += "*"
			}
			inner.WriteString(stars + escape(s.Text) + stars)
		}
		b.WriteString(bracket(inner.String(), dest))
		i = j
	}
	return guardLine(b.String())
}

func spannedMarkdown(in Inline) string {
	var b strings.Builder
	for _, s := range in {
		b.WriteString(bracket(escapeEdges(s.Text), destOf(s.Marks, true)))
	}
	return guardLine(b.String())
}

func hasMark(marks []Mark, t MarkType) bool {
	return slices.ContainsFunc(marks, func(m Mark) bool { return m.Type == t })
}

func bracket(inner, dest string) string {
	if dest == "" {
		return inner
	}
	if html.UnescapeString(dest) != dest {
		dest = strings.ReplaceAll(dest, "&", "&amp;") // an address that looks as if it held an entity
	}
	if strings.ContainsAny(dest, " ()<>\\") {
		dest = "<" + strings.NewReplacer(`\`, `\\`, "<", `\<`, ">", `\>`).Replace(dest) + ">"
	}
	return "[" + inner + "](" + dest + ")"
}

// destOf is the address that stands for the marks: words parted by spaces, the href last.
func destOf(marks []Mark, emphasis bool) string {
	var words []string
	href := ""
	for _, m := range marks {
		switch m.Type {
		case SourceRef:
			words = append(words, "source:"+m.Source)
		case StoryLink:
			words = append(words, "story:"+m.Story)
		case Foreign:
			words = append(words, "lang:"+m.Lang)
		case Link:
			href = m.Href
		case Strong:
			if emphasis {
				words = append(words, "strong")
			}
		case Emphasis:
			if emphasis {
				words = append(words, "em")
			}
		}
	}
	if href != "" {
		words = append(words, href)
	}
	return strings.Join(words, " ")
}

// escapeText keeps a text from being read as markup.
func escapeText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '\\', '`', '*', '_', '[', ']', '<', '>', '&', '|', '!', '~':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString("\\\n")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// escapeEdges does so too for the spaces and breaks that would be cut: at the ends, and beside others.
func escapeEdges(s string) string {
	edge := func(i int) bool {
		return i < 0 || i >= len(s) || s[i] == ' ' || s[i] == '\n' || s[i] == '\\'
	}
	var b strings.Builder
	from := 0
	for i := range len(s) {
		if (s[i] == ' ' || s[i] == '\n') && (edge(i-1) || edge(i+1)) {
			b.WriteString(escapeText(s[from:i]))
			fmt.Fprintf(&b, "&#%d;", s[i])
			from = i + 1
		}
	}
	return b.String() + escapeText(s[from:])
}

// guardLine escapes what would begin a block at the start of a line.
func guardLine(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		switch {
		case line == "":
		case strings.ContainsRune("#-+=:", firstRune(line)):
			line = `\` + line
		case line[0] >= '0' && line[0] <= '9':
			n := strings.IndexFunc(line, func(r rune) bool { return r < '0' || r > '9' })
			if n > 0 && (line[n] == '.' || line[n] == ')') {
				line = line[:n] + `\` + line[n:]
			}
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// ParseInlineMarkdown reads what [InlineMarkdown] writes, and what people type after its rules. A
// line's end is a space, a backslash before it makes a line break. Markup that isn't known stays text.
// A link to somewhere unsafe is a [*MarkdownError].
func ParseInlineMarkdown(src string) (Inline, error) {
	src = strings.TrimRight(strings.ReplaceAll(src, "\r\n", "\n"), "\n")
	if blank(src) {
		return nil, nil
	}
	// An empty line would end the paragraph; in one text it is a space.
	lines := slices.DeleteFunc(strings.Split(src, "\n"), blank)
	if err := tooMuchMarkup(lines); err != nil {
		return nil, err
	}
	source := []byte(strings.Join(lines, "\n"))
	root := inlineParser.Parse(text.NewReader(source))
	r := inlineReader{source: source}
	for p := root.FirstChild(); p != nil; p = p.NextSibling() {
		if len(r.out) > 0 {
			r.add(" ", nil)
		}
		r.children(p, nil)
	}
	if r.err != nil {
		return nil, r.err
	}
	return r.out.Normal(), nil
}

// blank says that CommonMark sees nothing there. A no-break space is something.
func blank(s string) bool { return strings.Trim(s, " \t\n\r\f\v") == "" }

type inlineReader struct {
	source []byte
	out    Inline
	err    *MarkdownError
}

func (r *inlineReader) add(s string, marks []Mark) {
	if s != "" {
		r.out = append(r.out, Span{Text: s, Marks: slices.Clone(marks)})
	}
}

func (r *inlineReader) children(n ast.Node, marks []Mark) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.node(c, marks)
	}
}

func (r *inlineReader) node(n ast.Node, marks []Mark) {
	switch n := n.(type) {
	case *ast.Text:
		r.add(unescapeMarkdown(string(n.Value(r.source))), marks)
		switch {
		case n.HardLineBreak():
			r.add("\n", marks)
		case n.SoftLineBreak():
			r.add(" ", marks)
		}
	case *ast.String:
		r.add(string(n.Value), marks)
	case *ast.CodeSpan:
		r.add(string(n.Text(r.source)), marks) //nolint:staticcheck // its text is what is wanted
	case *ast.Emphasis:
		t := Emphasis
		if n.Level == 2 {
			t = Strong
		}
		r.children(n, withMark(marks, Mark{Type: t}))
	case *ast.AutoLink:
		url := string(n.URL(r.source))
		if n.AutoLinkType == ast.AutoLinkEmail {
			url = "mailto:" + url
		}
		r.add(string(n.Label(r.source)), r.linked(n, marks, url))
	case *ast.Link:
		r.children(n, r.linked(n, marks, unescapeMarkdown(string(n.Destination))))
	case *ast.Image:
		r.add("!", marks)
		r.children(n, marks)
	default:
		r.children(n, marks)
	}
}

func withMark(marks []Mark, m Mark) []Mark {
	if slices.Contains(marks, m) {
		return marks
	}
	return append(slices.Clone(marks), m)
}

// linked adds the marks that an address stands for.
func (r *inlineReader) linked(n ast.Node, marks []Mark, dest string) []Mark {
	for _, word := range strings.Fields(dest) {
		var m Mark
		switch scheme, rest, _ := strings.Cut(word, ":"); scheme {
		case "source":
			m = Mark{Type: SourceRef, Source: rest}
		case "story":
			m = Mark{Type: StoryLink, Story: rest}
		case "lang":
			m = Mark{Type: Foreign, Lang: rest}
		case "strong":
			m = Mark{Type: Strong}
		case "em":
			m = Mark{Type: Emphasis}
		default:
			m = Mark{Type: Link, Href: word}
		}
		if key, _ := markProblem(m); key != "" {
			r.fail(n, key, word)
			continue
		}
		marks = withMark(marks, m)
	}
	return marks
}

func (r *inlineReader) fail(n ast.Node, key, text string) {
	if r.err != nil {
		return
	}
	line := 1
	if t, ok := n.FirstChild().(*ast.Text); ok {
		line += strings.Count(string(r.source[:t.Segment.Start]), "\n")
	}
	r.err = &MarkdownError{Line: line, Key: key, Text: text}
}

// unescapeMarkdown resolves backslashes and entities in one pass, as a renderer would.
func unescapeMarkdown(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
			b.WriteByte(s[i])
		case c == '&':
			if end := strings.IndexByte(s[i:min(i+34, len(s))], ';'); end > 1 {
				if got := html.UnescapeString(s[i : i+end+1]); got != s[i:i+end+1] {
					b.WriteString(got)
					i += end
					continue
				}
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
