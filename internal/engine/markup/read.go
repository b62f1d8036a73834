package markup

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"depesche/internal/document"
)

// glyph is a rune of the answer with the source's elements that it is in, the outermost first.
type glyph struct {
	r  rune
	in []int
}

// Read makes a text of what an engine answered. Whatever it answered, the text is one that a document
// may hold if it isn't too long.
func (f Fragment) Read(answer string) Answer {
	r := reader{f: &f, text: string(f.source), used: make([]int, len(f.elems))}
	if f.html {
		r.html(answer)
	} else {
		r.plain(answer)
	}
	r.out = f.clean(r.out)
	r.out = f.spaces(r.out)
	return f.answer(r)
}

type reader struct {
	f     *Fragment
	text  string // the source
	out   []glyph
	stack []open
	used  []int // how often each element was opened with text in it
	moved []int
}

// open is an element of the answer that hasn't ended.
type open struct {
	tag  string
	elem int // of the source
	at   int // length of out when it began
	skip bool
}

// hidden are elements whose content is no text.
var hidden = []string{"script", "style", "iframe", "noscript", "noembed", "noframes", "template", "object", "svg", "math", "head", "title"}

func (r *reader) html(answer string) {
	z := html.NewTokenizer(strings.NewReader(answer))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.closeTo(0)
			return
		case html.TextToken:
			r.words(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z)
		case html.EndTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			r.end(string(name), raw)
		case html.CommentToken, html.DoctypeToken:
			r.literal(string(z.Raw()))
		}
	}
}

// literal keeps what looks like markup and is the story's own text: an engine that decodes its whole
// answer makes tags of it.
func (r *reader) literal(raw string) bool {
	if r.hidden() || !strings.Contains(r.text, raw) {
		return false
	}
	r.words(raw)
	return true
}

func (r *reader) hidden() bool {
	return slices.ContainsFunc(r.stack, func(o open) bool { return o.skip })
}

// words takes text of the answer in.
func (r *reader) words(s string) {
	if r.hidden() {
		return
	}
	in := r.around()
	for _, c := range s {
		switch c {
		case '\t', '\r', '\f', '\n':
			c = ' '
		}
		r.out = append(r.out, glyph{c, in})
	}
}

// join adds an element to those around it. Of two that can't be together, the inner one stays.
func (r *reader) join(in []int, e int) []int {
	t := r.f.elems[e].mark.Type
	in = slices.DeleteFunc(slices.Clone(in), func(o int) bool {
		other := r.f.elems[o].mark.Type
		return other == t || tags[other] == "a" && tags[t] == "a"
	})
	return append(in, e)
}

func (r *reader) start(z *html.Tokenizer) {
	raw := string(z.Raw())
	b, more := z.TagName()
	name, id := string(b), ""
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "id" && id == "" {
			id = string(value)
		}
	}
	if id == "" && r.literal(raw) {
		return
	}
	e := r.element(name, id)
	switch {
	case e >= 0:
		if !strings.HasSuffix(raw, "/>") {
			r.begin(name, e)
		}
	case r.literal(raw):
	case name == "br":
		if !r.hidden() {
			r.out = append(r.out, glyph{'\n', r.around()})
		}
	case slices.Contains(hidden, name):
		if !strings.HasSuffix(raw, "/>") {
			r.stack = append(r.stack, open{tag: name, elem: -1, at: len(r.out), skip: true})
		}
	default:
		if breaks[name] {
			r.words(" ")
		}
		if !slices.Contains(void, name) && !strings.HasSuffix(raw, "/>") && len(r.stack) < deepest {
			r.stack = append(r.stack, open{tag: name, elem: -1, at: len(r.out)})
		}
	}
}

// deepest is how far elements that aren't ours are followed, so that their ends don't end ours.
const deepest = 100

var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}

// breaks are elements that part words even where no space stands.
var breaks = map[string]bool{"p": true, "div": true, "li": true, "tr": true, "td": true, "th": true, "h1": true, "h2": true, "h3": true, "hr": true, "blockquote": true}

func (r *reader) around() []int {
	var in []int
	for _, o := range r.stack {
		if o.elem >= 0 {
			in = r.join(in, o.elem)
		}
	}
	return in
}

// element is the source's element that a start tag is, -1 for none. Without its id, it is known only if
// the source has no other of its name.
func (r *reader) element(name, id string) int {
	if n, ok := strings.CutPrefix(id, "m"); ok {
		if e, err := strconv.Atoi(n); err == nil && e >= 1 && e <= len(r.f.elems) && tags[r.f.elems[e-1].mark.Type] == name && r.f.shown(e-1) {
			return e - 1
		}
	}
	if id != "" {
		return -1
	}
	found := -1
	for e := range r.f.elems {
		if tags[r.f.elems[e].mark.Type] == name && r.f.shown(e) {
			if found >= 0 {
				return -1
			}
			found = e
		}
	}
	return found
}

// shown says that the engine saw the element.
func (f *Fragment) shown(e int) bool { in := f.inForeign(e); return in < 0 || in == e }

func (r *reader) begin(name string, e int) {
	parent := -1
	for _, o := range slices.Backward(r.stack) {
		if o.elem >= 0 {
			parent = o.elem
			break
		}
	}
	if parent != r.f.elems[e].parent {
		r.moved = append(r.moved, e)
	}
	foreign := r.f.elems[e].mark.Type == document.Foreign
	if foreign && r.used[e] == 0 && !r.hidden() {
		r.restore(e)
		r.used[e]++
	}
	o := open{tag: name, elem: e, at: len(r.out), skip: foreign}
	if foreign {
		o.elem = -1
	}
	r.stack = append(r.stack, o)
}

// restore puts a foreign phrase as it stands in the source.
func (r *reader) restore(e int) {
	around := r.around()
	for i := r.f.elems[e].from; i < r.f.elems[e].to; i++ {
		in := around
		for _, x := range r.f.marks[i] {
			if r.f.inForeign(x) == e {
				in = r.join(in, x)
			}
		}
		r.out = append(r.out, glyph{r.f.source[i], in})
	}
}

func (r *reader) end(name, raw string) {
	i := len(r.stack) - 1
	for i >= 0 && r.stack[i].tag != name {
		i--
	}
	if i >= 0 {
		r.closeTo(i)
		if breaks[name] {
			r.words(" ")
		}
		return
	}
	if !r.literal(raw) && breaks[name] {
		r.words(" ")
	}
}

func (r *reader) closeTo(n int) {
	for len(r.stack) > n {
		o := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		if o.elem >= 0 && slices.ContainsFunc(r.out[o.at:], func(g glyph) bool { return g.r != ' ' && g.r != '\n' }) {
			r.used[o.elem]++
		}
	}
}

var (
	tagLike    = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!--.*?-->`)
	scriptLike = regexp.MustCompile(`(?is)<(script|style)\b[^<>]*>.*?</(script|style)\s*>`)
	entityLike = regexp.MustCompile(`&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});`)
)

// plain takes an answer in that is no HTML. Tags in it were made up, unless the source has some itself.
func (r *reader) plain(answer string) {
	if !strings.ContainsRune(r.text, '<') {
		answer = scriptLike.ReplaceAllString(answer, "")
		answer = tagLike.ReplaceAllString(answer, "")
	}
	lines := strings.ContainsRune(r.text, '\n')
	for _, c := range strings.ReplaceAll(answer, "\r\n", "\n") {
		switch c {
		case '\r', '\n':
			if c = ' '; lines {
				c = '\n'
			}
		case '\t', '\f':
			c = ' '
		}
		r.out = append(r.out, glyph{c, nil})
	}
}
