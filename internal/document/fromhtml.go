package document

import (
	"bytes"
	"cmp"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"depesche/internal/lang"
)

// ReadOptions say how foreign HTML becomes a document. Only IDs is needed; what can't be resolved for
// want of a function stays as text or is left out with a [Remark].
type ReadOptions struct {
	IDs IDSource
	// Lang is the edition's language: phrases marked with it aren't foreign.
	Lang lang.Tag
	// Base resolves relative addresses.
	Base string
	// Picture takes a picture into the library and places it. ID may be left empty; an empty caption
	// means the one found.
	Picture func(FoundPicture) (Picture, bool)
	// Embed says how foreign content is embedded.
	Embed func(src, title string) (EmbedRef, bool)
	// Story and Source know the addresses of stories and sources.
	Story  func(href string) (id string, ok bool)
	Source func(href string) (id string, ok bool)
	// Element may read an element itself, before this package does: what an exporting system marks in
	// its own way. With false the element is read as usual.
	Element func(n *html.Node) ([]Block, bool)
}

// FoundPicture is a picture in foreign HTML.
type FoundPicture struct {
	Src, Alt, Title string
	Link            string // where a click on it led
	Class           string
	Caption         Inline
	Credit          string
}

// Remark tells of something that could not be kept as it was.
type Remark struct {
	Key  string // one of the Remark… keys
	What string // the element or address concerned
	N    int    // how often
}

// The keys of remarks, words of the catalogue.
const (
	RemarkDropped    = "document.remark_dropped"     // an element, with its text
	RemarkUnknown    = "document.remark_unknown"     // an element that isn't known, its text was kept
	RemarkNestedList = "document.remark_nested_list" // was flattened
	RemarkTable      = "document.remark_table"       // something in a cell was moved behind the table
	RemarkQuotation  = "document.remark_quotation"   // was more than a quotation, so its parts were kept
	RemarkPicture    = "document.remark_picture"     // was left out
	RemarkEmbed      = "document.remark_embed"       // was left out
	RemarkLink       = "document.remark_link"        // an address that isn't kept; its text was
	RemarkHidden     = "document.remark_hidden"      // text that the page hid was left out
	RemarkStruck     = "document.remark_struck"      // struck text was left out
)

// FromHTML makes blocks of foreign HTML: of a clipboard, a word processor, another system. It reads as
// browsers do, keeps every text that a reader of the page would have read, its structure, emphasis,
// links and languages, and nothing else. Whatever it is given, the blocks are valid (up to the limits,
// see [Clean]) and come back equal from their own HTML. The error is the reader's: bad markup gives
// remarks at most.
func FromHTML(src io.Reader, o ReadOptions) ([]Block, []Remark, error) {
	data, err := io.ReadAll(src)
	if err != nil {
		return nil, nil, err
	}
	r := &htmlReader{o: &o, remarks: map[Remark]int{}}
	r.base, _ = url.Parse(o.Base)
	root, err := html.Parse(bytes.NewReader(data))
	var blocks []Block
	if err != nil {
		// More than 500 elements deep: nobody wrote that, but there may be text in it.
		r.remark(RemarkDropped, "html")
		blocks = r.textOnly(data)
	} else {
		blocks = r.blocks(root, context{})
	}
	return Clean(Doc{Blocks: blocks}, o.IDs).Blocks, r.told(), nil
}

// textOnly makes paragraphs of the text between tags.
func (r *htmlReader) textOnly(data []byte) []Block {
	f := &flow{r: r, kind: Paragraph}
	skip := ""
	for t := html.NewTokenizer(bytes.NewReader(data)); ; {
		switch t.Next() {
		case html.ErrorToken:
			f.end()
			return f.out
		case html.TextToken:
			if skip == "" {
				f.add(string(t.Text()), context{})
			}
		case html.StartTagToken:
			name, _ := t.TagName()
			if n := string(name); n == "script" || n == "style" || n == "noscript" || n == "template" || n == "title" {
				skip = n
			} else if !inlineElements[n] {
				f.end()
			}
		case html.EndTagToken:
			if name, _ := t.TagName(); string(name) == skip {
				skip = ""
			}
		}
	}
}

type htmlReader struct {
	o       *ReadOptions
	base    *url.URL
	remarks map[Remark]int
}

func (r *htmlReader) remark(key, what string) {
	r.remarks[Remark{Key: key, What: firstRunes(what, 200)}]++
}

func (r *htmlReader) told() []Remark {
	var out []Remark
	for m, n := range r.remarks {
		m.N = n
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Remark) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(a.What, b.What))
	})
	return out
}

// context is what holds for everything within an element.
type context struct {
	marks []Mark
	pre   bool // white space counts
	link  string
}

// with adds a mark; the innermost of a type counts.
func (c context) with(m Mark) context {
	c.marks = append(slices.DeleteFunc(slices.Clone(c.marks), func(x Mark) bool { return x.Type == m.Type }), m)
	return c
}

func (c context) without(t MarkType) context {
	c.marks = slices.DeleteFunc(slices.Clone(c.marks), func(x Mark) bool { return x.Type == t })
	return c
}

// flow collects the blocks of one container.
type flow struct {
	r    *htmlReader
	out  []Block
	text Inline
	// kind and level are of the text being collected.
	kind  Kind
	level int
	// wordList says that the last block is a list made of a word processor's paragraphs.
	wordList bool
}

// blocks reads the children of n.
func (r *htmlReader) blocks(n *html.Node, c context) []Block {
	f := &flow{r: r, kind: Paragraph}
	f.children(n, c)
	f.end()
	return f.out
}

func (f *flow) children(n *html.Node, c context) {
	for child := range n.ChildNodes() {
		f.node(child, c)
	}
}

// end closes the text being collected. Two line breaks are how pages without paragraphs part them.
func (f *flow) end() {
	text := f.text
	f.text = nil
	for _, piece := range paragraphs(text) {
		if f.kind == Heading {
			piece = withoutMark(piece, Strong)
		}
		f.put(Block{Kind: f.kind, Level: f.level, Text: piece})
	}
}

func (f *flow) put(blocks ...Block) {
	for _, b := range blocks {
		if b.ID == "" {
			b.ID = f.r.o.IDs()
		}
		f.out = append(f.out, b)
		f.wordList = false
	}
}

// within reads n as text of another kind.
func (f *flow) within(kind Kind, level int, n *html.Node, c context) {
	f.end()
	k, l := f.kind, f.level
	f.kind, f.level = kind, level
	f.children(n, c)
	f.end()
	f.kind, f.level = k, l
}

func (f *flow) node(n *html.Node, c context) {
	switch n.Type {
	case html.TextNode:
		f.add(n.Data, c)
	case html.ElementNode:
		if f.r.o.Element != nil {
			if blocks, ok := f.r.o.Element(n); ok {
				f.end()
				f.put(blocks...)
				return
			}
		}
		if hidden(n) {
			if strings.TrimSpace(textOf(n)) != "" {
				f.r.remark(RemarkHidden, n.Data)
			}
			return
		}
		f.element(n, f.marked(n, c))
	case html.DocumentNode:
		f.children(n, c)
	}
}

func (f *flow) add(s string, c context) {
	if !c.pre {
		s = collapse(s)
	}
	if s = tidy(s, true); s != "" {
		f.text = append(f.text, Span{s, c.marks})
	}
}

func (f *flow) element(n *html.Node, c context) {
	if n.Namespace != "" {
		f.foreign(n, c)
		return
	}
	switch n.Data {
	case "script", "style", "noscript", "template", "head", "title", "meta", "link", "base", "rp", "colgroup", "col", "source", "track", "param", "area", "map":
	case "svg", "canvas", "select", "textarea", "input", "button", "datalist", "dialog", "noframes", "frameset", "frame", "progress", "meter", "nav":
		f.drop(n)
	case "del", "s", "strike":
		if strings.TrimSpace(textOf(n)) != "" {
			f.r.remark(RemarkStruck, firstRunes(collapse(textOf(n)), 60))
		}
	case "br":
		f.text = append(f.text, Span{"\n", c.marks})
	case "wbr":
	case "hr":
		f.end()
		f.put(Block{Kind: Rule})
	case "h1", "h2", "h3", "h4", "h5", "h6":
		level := min(max(int(n.Data[1]-'0'), MinLevel), MaxLevel)
		f.within(Heading, level, n, c)
	case "p":
		f.paragraph(n, c)
	case "pre", "listing", "xmp", "plaintext":
		c.pre = true
		f.within(f.kind, f.level, n, c)
	case "ul", "ol", "menu", "dir":
		f.list(n, c)
	case "blockquote":
		f.quotation(n, nil, c)
	case "figure":
		f.figure(n, c)
	case "img", "image":
		f.picture(n, nil, "", c)
	case "table":
		f.table(n, c)
	case "iframe", "video", "audio", "embed", "object", "applet", "amp-youtube":
		f.embed(n)
	case "aside":
		f.aside(n, c)
	case "div":
		if hasClass(n, "quote") && captioned(n) {
			f.figure(n, c)
			return
		}
		f.div(n, c)
	default:
		f.other(n, c)
	}
}

// foreign is an element of SVG or MathML. A formula's text is kept.
func (f *flow) foreign(n *html.Node, c context) {
	if n.Namespace == "svg" {
		f.drop(n)
		return
	}
	if n.Data == "annotation" || n.Data == "annotation-xml" {
		return
	}
	f.children(n, c)
}

func (f *flow) drop(n *html.Node) {
	if strings.TrimSpace(textOf(n)) != "" || n.Data == "frame" {
		f.r.remark(RemarkDropped, n.Data)
	}
}

// blockElements part texts; what is in them is read as usual.
var blockElements = set(`html body div section article main header footer address center form fieldset legend details summary hgroup search
	dl dt dd figcaption caption thead tbody tfoot tr td th li optgroup option picture marquee multicol`)

// inlineElements carry a text along; those that mean something were seen to by marked.
var inlineElements = set(`a abbr acronym b bdi bdo big blink cite code data dfn em font i ins kbd label mark nobr output q ruby rb rt rtc samp small
	span strong sub sup time tt u var slot`)

func (f *flow) other(n *html.Node, c context) {
	switch n.Data {
	case "q":
		open, end := quotationMarks(f.r.o.Lang)
		f.add(open, c)
		f.children(n, c)
		f.add(end, c)
		return
	case "rt", "rtc":
		f.add("(", c)
		f.children(n, c)
		f.add(")", c)
		return
	case "sup", "sub":
		if s, ok := raised(n); ok {
			f.add(s, c)
			return
		}
	}
	if blockElements[n.Data] {
		f.within(f.kind, f.level, n, c)
		return
	}
	if !inlineElements[n.Data] && !strings.Contains(n.Data, ":") {
		f.r.remark(RemarkUnknown, n.Data)
	}
	f.children(n, c)
}
