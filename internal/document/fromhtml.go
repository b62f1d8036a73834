package document

import (
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Remark is something that [FromHTML] met and has no place for. Nothing is lost in silence.
type Remark struct {
	Key  string // remark.table_merged, remark.element …
	Text string // what it was about: an element's name, an address
}

// The keys of a [Remark].
const (
	RemarkElement = "remark.element" // an element without a counterpart; its text is kept
	RemarkDropped = "remark.dropped" // an element that is no text: script, form, object
	RemarkLink    = "remark.link"    // a link to somewhere unsafe; its text is kept
	RemarkPicture = "remark.picture" // a picture that isn't in the library
	RemarkEmbed   = "remark.embed"   // foreign content that has no place
	RemarkNested  = "remark.nested"  // a list or table inside of another, flattened
)

// ReadOptions say what strangers' HTML may bring along. A nil function means: none of that.
type ReadOptions struct {
	IDs IDSource
	// Picture takes an image in and returns where it stands in the library.
	Picture func(src, alt string, caption Inline) (Picture, bool)
	// Embed returns what a frame or a player becomes.
	Embed func(src, title string) (EmbedRef, bool)
	// Link rewrites an address, or returns "" to keep the text only. The mark may become any link.
	Link func(href string) Mark
	// Heading is the level that h1 becomes, 2 by default; the others follow, to 4 at most.
	Heading int
}

// FromHTML reads a fragment or page as browsers do and keeps what a document can hold: what comes
// from a word processor, a web page or another system becomes clean blocks. It never fails on bad
// markup; what it couldn't keep is in the remarks. The cost grows with the size of src alone.
func FromHTML(r io.Reader, o ReadOptions) ([]Block, []Remark, error) {
	root, err := html.Parse(r)
	if err != nil {
		return nil, nil, err
	}
	rd := &htmlReader{o: o}
	if rd.o.Heading == 0 {
		rd.o.Heading = 2
	}
	rd.flow(root, nil)
	rd.endParagraph()
	doc := Clean(Doc{Blocks: rd.wordLists()}, o.IDs)
	return doc.Blocks, rd.remarks, nil
}

type htmlReader struct {
	o       ReadOptions
	out     []Block
	line    Inline // the paragraph that is being read
	pre     int    // inside of pre, white space counts
	remarks []Remark
	// lists holds the levels of Word's paragraphs that are list entries, by index in out.
	lists map[int]wordItem
	depth int
}

type wordItem struct{ ordered bool }

// maxHTMLDepth bounds recursion: deeper text is read as if it stood at this depth.
const maxHTMLDepth = 200

func (r *htmlReader) remark(key, text string) {
	m := Remark{Key: key, Text: firstRunes(text, 200)}
	if !slices.Contains(r.remarks, m) && len(r.remarks) < 500 {
		r.remarks = append(r.remarks, m)
	}
}

// flow reads block content: text outside of blocks becomes paragraphs.
func (r *htmlReader) flow(n *html.Node, marks []Mark) {
	r.depth++
	defer func() { r.depth-- }()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if r.depth > maxHTMLDepth {
			if c.Type == html.TextNode {
				r.text(c.Data, marks)
			}
			continue
		}
		r.node(c, marks)
	}
}

func (r *htmlReader) node(n *html.Node, marks []Mark) {
	switch n.Type {
	case html.TextNode:
		r.text(n.Data, marks)
	case html.DocumentNode:
		r.flow(n, marks)
	case html.ElementNode:
		r.element(n, marks)
	}
}

// text adds running text; white space folds as in a browser.
func (r *htmlReader) text(s string, marks []Mark) {
	if r.pre > 0 {
		r.line = append(r.line, Span{Text: strings.Trim(s, "\r"), Marks: slices.Clone(marks)})
		return
	}
	folded := foldSpace(s)
	if folded == "" {
		return
	}
	if folded[0] == ' ' && (len(r.line) == 0 || endsInSpace(r.line)) {
		folded = folded[1:]
	}
	if folded != "" {
		r.line = append(r.line, Span{Text: folded, Marks: slices.Clone(marks)})
	}
}

// foldSpace makes each run of HTML's white space one space. No-break spaces aren't white space.
func foldSpace(s string) string {
	var b strings.Builder
	space := false
	for _, c := range s {
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(c)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

func endsInSpace(in Inline) bool {
	t := in[len(in)-1].Text
	return strings.HasSuffix(t, " ") || strings.HasSuffix(t, "\n")
}

// dropped are elements whose content is no text of the story.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Head: true, atom.Title: true, atom.Meta: true, atom.Link: true,
	atom.Form: true, atom.Input: true, atom.Button: true, atom.Select: true, atom.Textarea: true, atom.Svg: true, atom.Math: true, atom.Canvas: true,
	atom.Map: true, atom.Applet: true, atom.Frameset: true, atom.Datalist: true, atom.Nav: true, atom.Menu: true,
}

// silent are dropped without a remark: they are on every page.
var silent = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Meta: true, atom.Link: true, atom.Template: true, atom.Noscript: true}

// containers hold blocks and say nothing themselves.
var containers = map[atom.Atom]bool{
	atom.Html: true, atom.Body: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true, atom.Footer: true,
	atom.Aside: true, atom.Center: true, atom.Address: true, atom.Details: true, atom.Summary: true, atom.Hgroup: true, atom.Figcaption: true,
	atom.Tbody: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Fieldset: true, atom.Legend: true, atom.Picture: true,
	atom.Li: true, atom.P: true, atom.Search: true, atom.Dialog: true,
}

func (r *htmlReader) element(n *html.Node, marks []Mark) {
	a := n.DataAtom
	if n.Namespace != "" {
		a = atom.Svg
	}
	switch {
	case hidden(n):
		return
	case dropped[a]:
		if !silent[a] {
			r.remark(RemarkDropped, n.Data)
		}
	case a == atom.P && wordList(n) != nil:
		r.wordItem(n, marks)
	case containers[a]:
		r.endParagraph()
		r.flow(n, marks)
		r.endParagraph()
	default:
		if !r.block(n, a) {
			r.phrase(n, a, marks)
		}
	}
}

// hidden is what a browser wouldn't show: Word's and Google's notes to themselves.
func hidden(n *html.Node) bool {
	style := styleOf(n)
	return style["display"] == "none" || style["mso-hide"] == "all" || hasAttr(n, "hidden") || style["mso-list"] == "ignore"
}

// block reads elements that are blocks of their own.
func (r *htmlReader) block(n *html.Node, a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		level := int(n.Data[1]-'1') + r.o.Heading
		r.single(n, Block{Kind: Heading, Level: min(max(level, 2), 4)})
	case atom.Ul, atom.Ol, atom.Dir:
		r.list(n, a == atom.Ol)
	case atom.Blockquote:
		r.quotation(n)
	case atom.Figure:
		r.figure(n)
	case atom.Table:
		r.table(n)
	case atom.Hr:
		r.put(Block{Kind: Rule})
	case atom.Pre, atom.Listing, atom.Xmp:
		r.endParagraph()
		r.pre++
		r.flow(n, nil)
		r.pre--
		r.endParagraph()
	case atom.Img:
		r.endParagraph()
		r.image(n, nil)
	case atom.Iframe, atom.Embed, atom.Object, atom.Video, atom.Audio:
		r.endParagraph()
		r.embed(n)
	default:
		return false
	}
	return true
}

func (r *htmlReader) put(b Block) {
	r.endParagraph()
	b.ID = r.o.IDs()
	r.out = append(r.out, b)
}

// endParagraph closes the paragraph that is being read; an empty one is no block.
func (r *htmlReader) endParagraph() {
	in := trimInline(r.line)
	r.line = nil
	if len(in) > 0 {
		r.out = append(r.out, Block{ID: r.o.IDs(), Kind: Paragraph, Text: in})
	}
}

// trimInline takes the white space from a text's ends.
func trimInline(in Inline) Inline {
	in = in.Normal()
	for len(in) > 0 {
		t := strings.TrimLeft(in[0].Text, " \n\u00a0")
		if t != "" {
			in[0].Text = t
			break
		}
		in = in[1:]
	}
	for len(in) > 0 {
		last := len(in) - 1
		t := strings.TrimRight(in[last].Text, " \n\u00a0")
		if t != "" {
			in[last].Text = t
			break
		}
		in = in[:last]
	}
	return in
}

// inner reads an element's content as one text, and the blocks that stood in it and aren't text.
func (r *htmlReader) inner(n *html.Node) (Inline, []Block) {
	sub := &htmlReader{o: r.o, depth: r.depth, pre: r.pre}
	sub.flow(n, nil)
	sub.endParagraph()
	for _, m := range sub.remarks {
		r.remark(m.Key, m.Text)
	}
	var text Inline
	var others []Block
	for _, b := range sub.out {
		for _, in := range blockTexts(b) {
			if len(text) > 0 {
				text = append(text, Span{Text: "\n"})
			}
			text = append(text, in...)
		}
		if b.Kind == PictureK || b.Kind == Gallery || b.Kind == Embed {
			others = append(others, b)
		}
	}
	return text.Normal(), others
}

// blockTexts are the texts of a block that is squeezed into one.
func blockTexts(b Block) []Inline {
	var out []Inline
	if len(b.Text) > 0 {
		out = append(out, b.Text)
	}
	for _, it := range b.Items {
		out = append(out, it.Text)
	}
	for _, row := range b.Rows {
		for _, c := range row.Cells {
			if len(c.Text) > 0 {
				out = append(out, c.Text)
			}
		}
	}
	return out
}

func (r *htmlReader) single(n *html.Node, b Block) {
	r.endParagraph()
	text, others := r.inner(n)
	if b.Text = text; len(text) > 0 {
		r.put(b)
	}
	r.out = append(r.out, others...)
}

// phrase reads inline elements.
func (r *htmlReader) phrase(n *html.Node, a atom.Atom, marks []Mark) {
	switch a {
	case atom.Br:
		r.breakLine(marks)
		return
	case atom.Wbr:
		return
	case atom.B, atom.Strong:
		marks = withMark(marks, Mark{Type: Strong})
	case atom.I, atom.Em, atom.Cite, atom.Dfn, atom.Var:
		marks = withMark(marks, Mark{Type: Emphasis})
	case atom.A:
		marks = r.link(n, marks)
	case atom.Q:
		r.line = append(r.line, Span{Text: "“", Marks: marks})
		r.flow(n, marks)
		r.line = append(r.line, Span{Text: "”", Marks: marks})
		return
	case atom.Span, atom.Font, atom.U, atom.S, atom.Strike, atom.Del, atom.Ins, atom.Small, atom.Big, atom.Sub, atom.Sup, atom.Mark, atom.Abbr,
		atom.Acronym, atom.Code, atom.Kbd, atom.Samp, atom.Tt, atom.Time, atom.Label, atom.Bdi, atom.Bdo, atom.Data, atom.Nobr, atom.Output:
	default:
		if n.Data != "" && !strings.Contains(n.Data, ":") {
			r.remark(RemarkElement, n.Data)
		}
	}
	marks = styled(n, marks)
	if l := attr(n, "lang"); l != "" && validLang(l) {
		marks = withoutMark(marks, Foreign)
		marks = append(marks, Mark{Type: Foreign, Lang: l})
	}
	r.flow(n, marks)
}

func (r *htmlReader) breakLine(marks []Mark) {
	if len(r.line) == 0 {
		return
	}
	// Two breaks are how old pages part paragraphs.
	if last := &r.line[len(r.line)-1]; strings.HasSuffix(last.Text, "\n") {
		r.endParagraph()
		return
	}
	r.line = append(r.line, Span{Text: "\n", Marks: marks})
}

func (r *htmlReader) link(n *html.Node, marks []Mark) []Mark {
	href := strings.TrimSpace(attr(n, "href"))
	if href == "" || strings.HasPrefix(href, "#") {
		return marks
	}
	m := Mark{Type: Link, Href: href}
	if r.o.Link != nil {
		if m = r.o.Link(href); m.Type == "" {
			return marks
		}
	}
	if key, _ := markProblem(m); key != "" {
		r.remark(RemarkLink, href)
		return marks
	}
	marks = withoutMark(withoutMark(marks, Link), StoryLink)
	return append(marks, m)
}

func withoutMark(marks []Mark, t MarkType) []Mark {
	return slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.Type == t })
}

// styled reads the marks that word processors write as style: Google Docs wraps all in a <b> whose
// weight is normal, and says bold by a number.
func styled(n *html.Node, marks []Mark) []Mark {
	style := styleOf(n)
	switch w := style["font-weight"]; w {
	case "bold", "bolder", "600", "700", "800", "900":
		marks = withMark(marks, Mark{Type: Strong})
	case "normal", "400", "300", "lighter":
		marks = withoutMark(marks, Strong)
	}
	switch style["font-style"] {
	case "italic", "oblique":
		marks = withMark(marks, Mark{Type: Emphasis})
	case "normal":
		marks = withoutMark(marks, Emphasis)
	}
	return marks
}

func styleOf(n *html.Node) map[string]string {
	s := attr(n, "style")
	if s == "" {
		return nil
	}
	out := map[string]string{}
	for decl := range strings.SplitSeq(s, ";") {
		if k, v, ok := strings.Cut(decl, ":"); ok {
			out[strings.ToLower(strings.TrimSpace(k))] = strings.ToLower(strings.TrimSpace(v))
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
