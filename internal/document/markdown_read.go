package document

import (
	"errors"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// ParseMarkdown reads blocks that people typed or [Markdown] wrote and gives them new IDs. What
// can't be read is a [*MarkdownError] with its line; nothing is dropped silently. The blocks are
// valid, see [Clean].
func ParseMarkdown(src string, newID IDSource) ([]Block, error) {
	blocks, err := parseMarkdown(src, newID)
	if err != nil || len(blocks) == 0 {
		return nil, err
	}
	return Clean(Doc{Blocks: blocks}, newID).Blocks, nil
}

func parseMarkdown(src string, newID IDSource) ([]Block, error) {
	lines := strings.Split(strings.ReplaceAll(src, "\r\n", "\n"), "\n")
	if err := tooMuchMarkup(lines); err != nil {
		return nil, err
	}
	p := markdownParser{newID: newID}
	var out []Block
	for i := 0; i < len(lines); {
		if !strings.HasPrefix(lines[i], ":::") {
			j := i
			for j < len(lines) && !strings.HasPrefix(lines[j], ":::") {
				j++
			}
			blocks, err := p.chunk(lines[i:j], i)
			if err != nil {
				return nil, err
			}
			out, i = append(out, blocks...), j
			continue
		}
		b, next, err := p.fence(lines, i)
		if err != nil {
			return nil, err
		}
		out, i = append(out, b), next
	}
	return out, nil
}

type markdownParser struct{ newID IDSource }

// fence reads a block that begins with ::: in line i, and returns the line after it.
func (p *markdownParser) fence(lines []string, i int) (Block, int, error) {
	kind, rest, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(lines[i], ":::")), " ")
	rest = strings.TrimSpace(rest)
	bad := &MarkdownError{Line: i + 1, Key: KeyMarkdownFence, Text: lines[i]}
	if kind == "embed" {
		url, title, _ := strings.Cut(rest, " ")
		e := EmbedRef{URL: url, Title: strings.TrimSpace(title)}
		if m := mediaAttr.FindStringSubmatch(e.Title); m != nil {
			e.Title, e.Media = strings.TrimSpace(strings.TrimSuffix(e.Title, m[0])), m[1]
		}
		if e.URL == "" {
			return Block{}, 0, bad
		}
		if !validEmbed(e.URL) {
			return Block{}, 0, &MarkdownError{Line: i + 1, Key: KeyEmbedURL, Text: e.URL}
		}
		return Block{ID: p.newID(), Kind: Embed, Embed: &e}, i + 1, nil
	}
	end := i + 1
	for end < len(lines) && strings.TrimSpace(lines[end]) != ":::" {
		end++
	}
	if end == len(lines) || kind != "fact" && kind != "gallery" {
		return Block{}, 0, bad
	}
	id := p.newID()
	inner, err := p.chunk(lines[i+1:end], i+1)
	if err != nil {
		return Block{}, 0, err
	}
	if kind == "fact" {
		return Block{ID: id, Kind: FactBox, Title: rest, Blocks: inner}, end + 1, nil
	}
	g := Block{ID: id, Kind: Gallery}
	for _, b := range inner {
		if b.Kind != PictureK && b.Kind != Gallery {
			return Block{}, 0, bad
		}
		g.Pictures = append(g.Pictures, b.Pictures...)
	}
	return g, end + 1, nil
}

var mediaAttr = regexp.MustCompile(`\{media=([A-Za-z0-9_-]+)\}$`)

// chunk reads lines without fences; first is the number of lines before them.
func (p *markdownParser) chunk(lines []string, first int) ([]Block, error) {
	source := []byte(strings.Join(lines, "\n") + "\n")
	root := blockMarkdown.Parse(text.NewReader(source))
	r := blockReader{markdownParser: p, source: source, first: first}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if err := r.block(n); err != nil {
			var m *MarkdownError
			if errors.As(err, &m) {
				m.Line += r.lineOf(n) - 1
			}
			return nil, err
		}
	}
	return r.out, nil
}

type blockReader struct {
	*markdownParser
	source []byte
	first  int
	out    []Block
}

// lineOf is the line of the whole text in which the node begins, from 1.
func (r *blockReader) lineOf(n ast.Node) int {
	for ; n != nil; n = n.FirstChild() {
		if n.Type() != ast.TypeInline && n.Lines().Len() > 0 {
			return r.first + 1 + strings.Count(string(r.source[:n.Lines().At(0).Start]), "\n")
		}
	}
	return r.first + 1
}

// raw is a node's own lines without the marks of the blocks around it.
func (r *blockReader) raw(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(r.source))
	}
	return strings.TrimRight(b.String(), "\n")
}

func (r *blockReader) block(n ast.Node) error {
	switch n := n.(type) {
	case *ast.Heading:
		in, err := ParseInlineMarkdown(r.raw(n))
		r.out = append(r.out, Block{ID: r.newID(), Kind: Heading, Level: min(max(n.Level, 2), 4), Text: in})
		return err
	case *ast.ThematicBreak:
		r.out = append(r.out, Block{ID: r.newID(), Kind: Rule})
		return nil
	case *ast.List:
		return r.list(n)
	case *ast.Blockquote:
		return r.quote(n)
	case *east.Table:
		return r.table(n)
	case *ast.Paragraph, *ast.TextBlock:
		return r.paragraph(r.raw(n))
	}
	// Code and raw HTML have no block of their own: their text is kept.
	return r.paragraph(escapeText(r.raw(n)))
}

func (r *blockReader) paragraph(src string) error {
	if strings.HasPrefix(src, "![") {
		return r.pictures(src)
	}
	in, err := ParseInlineMarkdown(src)
	if err == nil && len(in) > 0 {
		r.out = append(r.out, Block{ID: r.newID(), Kind: Paragraph, Text: in})
	}
	return err
}

// list reads a list; lists inside of it are flattened, since a document has one level.
func (r *blockReader) list(n *ast.List) error {
	i := len(r.out)
	r.out = append(r.out, Block{ID: r.newID(), Kind: List, Ordered: n.IsOrdered()})
	var walk func(ast.Node) error
	walk = func(list ast.Node) error {
		for item := list.FirstChild(); item != nil; item = item.NextSibling() {
			var texts []string
			var inner []ast.Node
			for c := item.FirstChild(); c != nil; c = c.NextSibling() {
				if c.Kind() == ast.KindList {
					inner = append(inner, c)
				} else {
					texts = append(texts, r.raw(c))
				}
			}
			in, err := ParseInlineMarkdown(strings.Join(texts, "\n"))
			if err != nil {
				return err
			}
			r.out[i].Items = append(r.out[i].Items, Item{ID: r.newID(), Text: in})
			for _, l := range inner {
				if err := walk(l); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return walk(n)
}

var (
	quoteAttrs = regexp.MustCompile(`(?:^|[^\\])(\{[^{}]*(?:"(?:\\.|[^"\\])*"[^{}]*)*\})$`)
	quoteAttr  = regexp.MustCompile(`^\s*(source|lang|original)=(?:"((?:\\.|[^"\\])*)"|([^\s"{}]+))`)
	image      = regexp.MustCompile(`^!\[((?:\\.|[^\]\\])*)\]\(media:([A-Za-z0-9_-]+)(?:\s+"((?:\\.|[^"\\])*)")?\)\s*$`)
)

func (r *blockReader) quote(n ast.Node) error {
	var texts []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() == ast.KindParagraph {
			texts = append(texts, r.raw(c))
		} else if c.HasChildren() || c.Lines().Len() > 0 {
			return &MarkdownError{Line: 1, Key: KeyMarkdownQuote, Text: r.raw(c)}
		}
	}
	b := Block{ID: r.newID(), Kind: Quotation}
	lines := strings.Split(strings.Join(texts, "\n"), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); strings.HasPrefix(last, "—") {
		lines = lines[:len(lines)-1]
		if err := b.attribute(strings.TrimSpace(strings.TrimPrefix(last, "—"))); err != nil {
			return err
		}
	}
	in, err := ParseInlineMarkdown(strings.Join(lines, "\n"))
	b.Text = in
	r.out = append(r.out, b)
	return err
}

// attribute reads `Speaker {source=ID lang=fr original="Wording"}`.
func (b *Block) attribute(s string) error {
	if m := quoteAttrs.FindStringSubmatchIndex(s); m != nil {
		attrs := s[m[2]+1 : m[3]-1]
		s = strings.TrimSpace(s[:m[2]])
		for strings.TrimSpace(attrs) != "" {
			a := quoteAttr.FindStringSubmatch(attrs)
			if a == nil {
				return &MarkdownError{Line: 1, Key: KeyMarkdownQuote, Text: attrs}
			}
			value := unquoted(a[2]) + a[3]
			switch a[1] {
			case "source":
				b.Source = value
			case "lang":
				b.OriginalLang = value
			case "original":
				b.Original = value
			}
			attrs = attrs[len(a[0]):]
		}
	}
	b.Speaker = strings.NewReplacer(`\\`, `\`, `\{`, "{").Replace(s)
	return nil
}

func (r *blockReader) table(n *east.Table) error {
	b := Block{ID: r.newID(), Kind: Table, Header: true}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		out := Row{ID: r.newID()}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			in, err := ParseInlineMarkdown(r.raw(cell))
			if err != nil {
				return err
			}
			out.Cells = append(out.Cells, Cell{ID: r.newID(), Text: in})
		}
		if row.Kind() == east.KindTableHeader && emptyCells(out.Cells) && row.NextSibling() != nil {
			b.Header = false
			continue
		}
		b.Rows = append(b.Rows, out)
	}
	if len(b.Rows) > 0 {
		r.out = append(r.out, b)
	}
	return nil
}

func emptyCells(cells []Cell) bool {
	for _, c := range cells {
		if len(c.Text) > 0 {
			return false
		}
	}
	return true
}

// pictures reads images, each with the lines below it as its caption.
func (r *blockReader) pictures(src string) error {
	var pics []Picture
	var captions [][]string
	for i, line := range strings.Split(src, "\n") {
		if !strings.HasPrefix(line, "![") {
			captions[len(captions)-1] = append(captions[len(captions)-1], line)
			continue
		}
		m := image.FindStringSubmatch(line)
		if m == nil {
			return &MarkdownError{Line: i + 1, Key: KeyMarkdownImage, Text: line}
		}
		pics = append(pics, Picture{ID: r.newID(), Media: m[2], Alt: unescapeMarkdown(m[1]), Credit: unquoted(m[3])})
		captions = append(captions, nil)
	}
	for i, lines := range captions {
		in, err := ParseInlineMarkdown(strings.Join(lines, "\n"))
		if err != nil {
			return err
		}
		if pics[i].Caption = in; len(lines) > 0 && strings.HasPrefix(lines[0], "*") {
			pics[i].Caption = withoutEmphasis(in)
		}
	}
	kind := PictureK
	if len(pics) > 1 {
		kind = Gallery
	}
	r.out = append(r.out, Block{ID: r.newID(), Kind: kind, Pictures: pics})
	return nil
}

// withoutEmphasis is a caption that was typed in asterisks as a whole, as many write captions.
func withoutEmphasis(in Inline) Inline {
	if len(in) == 1 && len(in[0].Marks) == 1 && in[0].Marks[0].Type == Emphasis {
		return Inline{{Text: in[0].Text}}
	}
	return in
}
