package tmx

import (
	"encoding/xml"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// segment collects a text with marks.
type segment struct {
	reasons  Reasons
	preserve bool
	spans    document.Inline
	active   []active
	runes    int
	fits     bool
}

// active is a mark that holds from here on: by an element of ours around the text (n) or by a pair of
// codes (pair).
type active struct {
	mark document.Mark
	n    int
	pair string
}

// segment reads a text. It returns false if that is longer than ours may be.
func (r *Reader) segment(start xml.StartElement) (document.Inline, bool, error) {
	s := &segment{reasons: r.Reasons, preserve: attr(start, "space") == "preserve", fits: true}
	inside := r.depth
	for r.depth >= inside {
		t, err := r.token()
		if err != nil {
			return nil, false, err
		}
		switch t := t.(type) {
		case xml.CharData:
			s.text(string(t))
		case xml.StartElement:
			if err := r.inline(s, t); err != nil {
				return nil, false, err
			}
		case xml.EndElement:
			s.leave(r.depth + 1)
		}
	}
	return trimmed(s.spans.Normal()), s.fits, nil
}

// inline reads an element in a text. Those that hold text are entered; codes aren't text.
func (r *Reader) inline(s *segment, e xml.StartElement) error {
	kind := attr(e, "type")
	switch e.Name.Local {
	case "hi":
		if m, ok := s.mark(kind, ""); ok {
			s.active = append(s.active, active{mark: m, n: r.depth})
		}
		return nil
	case "bpt", "ept", "ph", "it", "ut":
	case "sub":
		s.reasons[SubText]++
		return r.skip()
	default:
		s.reasons[Element]++
		return nil
	}
	code, err := r.code(s)
	if err != nil {
		return err
	}
	switch e.Name.Local {
	case "bpt":
		if m, ok := s.mark(kind, code); ok {
			s.active = append(s.active, active{mark: m, pair: "i" + attr(e, "i")})
		}
	case "ept":
		s.end("i" + attr(e, "i"))
	case "ph":
		if kind == "lb" || strings.HasPrefix(strings.ToLower(code), "<br") {
			s.add("\n")
		} else {
			s.reasons[Code]++
		}
	default:
		s.reasons[Code]++
	}
	return nil
}

// code reads what stands in a formatting element.
func (r *Reader) code(s *segment) (string, error) {
	var b strings.Builder
	for inside := r.depth; r.depth >= inside; {
		t, err := r.token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			if b.Len()+len(t) <= maxCode {
				b.Write(t)
			}
		case xml.StartElement:
			if t.Name.Local == "sub" {
				s.reasons[SubText]++
			} else {
				s.reasons[Element]++
			}
			if err := r.skip(); err != nil {
				return "", err
			}
		}
	}
	return strings.TrimSpace(b.String()), nil
}

// mark is what a type, or a code in HTML, means with us.
func (s *segment) mark(kind, code string) (document.Mark, bool) {
	tag, attrs := opened(code)
	switch {
	case tag == "a":
		href, ok := document.RepairHref(attrs["href"])
		if !ok || !document.SafeHref(href) || utf8.RuneCountInString(href) > document.MaxHref {
			s.reasons[BadAddress]++
			return document.Mark{}, false
		}
		return document.Mark{Type: document.Link, Href: href}, true
	case tag == "span" && attrs["lang"] != "":
		if l, err := lang.Parse(attrs["lang"]); err == nil {
			return document.Mark{Type: document.Foreign, Lang: string(l)}, true
		}
	case tag == "b", tag == "strong", kind == "bold":
		return document.Mark{Type: document.Strong}, true
	case tag == "i", tag == "em", kind == "italic", kind == "ital":
		return document.Mark{Type: document.Emphasis}, true
	}
	s.reasons[Code]++
	return document.Mark{}, false
}

// opened reads a code as a tag of HTML.
func opened(code string) (string, map[string]string) {
	if !strings.HasPrefix(code, "<") {
		return "", nil
	}
	z := html.NewTokenizer(strings.NewReader(code))
	if z.Next() != html.StartTagToken {
		return "", nil
	}
	t := z.Token()
	attrs := map[string]string{}
	for _, a := range t.Attr {
		attrs[a.Key] = a.Val
	}
	return t.Data, attrs
}

// leave ends the mark that an element at the depth set.
func (s *segment) leave(depth int) {
	s.active = slices.DeleteFunc(s.active, func(a active) bool { return a.n == depth && a.pair == "" })
}

// end ends the mark of a pair of codes, the one that began last.
func (s *segment) end(pair string) {
	for i := len(s.active) - 1; i >= 0; i-- {
		if s.active[i].pair == pair {
			s.active = slices.Delete(s.active, i, i+1)
			return
		}
	}
}

// text adds characters. Line breaks are how the file is laid out, unless it says otherwise.
func (s *segment) text(t string) {
	if !s.preserve && strings.ContainsAny(t, "\n\r") {
		var b strings.Builder
		for i, f := range strings.FieldsFunc(t, func(r rune) bool { return r == '\n' || r == '\r' }) {
			if i > 0 {
				b.WriteByte(' ')
				f = strings.TrimLeft(f, " \t")
			}
			b.WriteString(f)
		}
		// A break at an end parts words as well.
		if first, _ := utf8.DecodeRuneInString(t); first == '\n' || first == '\r' {
			s.add(" ")
		}
		if last, _ := utf8.DecodeLastRuneInString(t); last == '\n' || last == '\r' {
			b.WriteByte(' ')
		}
		t = b.String()
	}
	s.add(t)
}

func (s *segment) add(t string) {
	n := utf8.RuneCountInString(t)
	if s.runes += n; s.runes > document.MaxText || len(s.spans) > document.MaxSpans {
		s.fits = false
		return
	}
	var marks []document.Mark
	for _, a := range s.active {
		if !slices.ContainsFunc(marks, func(m document.Mark) bool { return m.Type == a.mark.Type }) {
			marks = append(marks, a.mark)
		}
	}
	s.spans = append(s.spans, document.Span{Text: t, Marks: marks})
}

// trimmed takes spaces from the ends of a text.
func trimmed(in document.Inline) document.Inline {
	for len(in) > 0 {
		if in[0].Text = strings.TrimLeftFunc(in[0].Text, unicode.IsSpace); in[0].Text != "" {
			break
		}
		in = in[1:]
	}
	for len(in) > 0 {
		last := &in[len(in)-1]
		if last.Text = strings.TrimRightFunc(last.Text, unicode.IsSpace); last.Text != "" {
			break
		}
		in = in[:len(in)-1]
	}
	return in.Normal()
}
