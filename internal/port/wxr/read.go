package wxr

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Reader reads an export part by part.
type Reader struct {
	s       *scanner
	site    Site
	opened  bool
	done    bool
	err     error
	prefix  map[string]string // of the file's namespaces -> the usual ones
	kept    int               // bytes held of the present item
	dropped string            // what of it was too large
}

// NewReader returns a reader of r, which may be compressed by gzip and in any common encoding.
func NewReader(r io.Reader) *Reader {
	text, wrong, err := decode(r)
	out := &Reader{err: err}
	if err != nil {
		return out
	}
	out.s = newScanner(text)
	if wrong {
		out.s.repair(RepairEncoding)
	}
	return out
}

// Site returns what the export said of its site so far; it is complete at the first item.
func (r *Reader) Site() Site { return r.site }

// Repairs returns what was put right so far.
func (r *Reader) Repairs() []Repair {
	if r.s == nil {
		return nil
	}
	return slices.Clone(r.s.repairs)
}

// Line returns the line reached.
func (r *Reader) Line() int64 {
	if r.s == nil {
		return 1
	}
	return r.s.line
}

// Next returns the next author, term or item, and io.EOF at the end. After any other error, a
// [*SyntaxError] if the export is to blame, there is no next.
func (r *Reader) Next() (Part, error) {
	if r.err != nil {
		return Part{}, r.err
	}
	p, err := r.next()
	if err != nil {
		r.err = err
	}
	return p, err
}

func (r *Reader) next() (Part, error) {
	if !r.opened {
		if err := r.open(); err != nil {
			return Part{}, err
		}
		r.opened = true
	}
	for !r.done {
		k, err := r.s.next()
		if err != nil {
			return Part{}, err
		}
		switch k {
		case eofToken:
			return Part{}, r.s.ended("before </channel>")
		case endToken:
			if r.canon(r.s.name) != "channel" {
				return Part{}, r.s.fail("</%s> closes nothing", r.s.name)
			}
			r.done = true
		case startToken:
			p, err := r.part()
			if err != nil || p != (Part{}) {
				return p, err
			}
		}
	}
	return Part{}, r.close()
}

// open goes into the channel.
func (r *Reader) open() error {
	depth := 0
	for {
		k, err := r.s.next()
		if err != nil {
			return err
		}
		switch k {
		case eofToken:
			return r.s.fail("it isn't a WordPress export: there is no channel in it")
		case textToken:
			if depth == 0 && strings.Trim(string(r.s.chunk), " \t\r\n\ufeff") != "" {
				return r.s.fail("it isn't a WordPress export: it begins with %.40q", r.s.chunk)
			}
		case endToken:
			return r.s.fail("it isn't a WordPress export: there is no channel in it")
		case startToken:
			if depth == 0 {
				if name := strings.ToLower(r.s.name); name != "rss" && name != "rdf:rdf" {
					return r.s.fail("it isn't a WordPress export: it begins with <%.60s>", r.s.name)
				}
				r.namespaces()
				depth++
				continue
			}
			if r.canon(r.s.name) != "channel" {
				return r.s.fail("it isn't a WordPress export: <%.60s> stands where <channel> should be", r.s.name)
			}
			r.namespaces()
			return nil
		}
	}
}

// close looks that the file ends as it should: one that doesn't was cut off or spliced.
func (r *Reader) close() error {
	for {
		k, err := r.s.next()
		if err != nil {
			return err
		}
		switch k {
		case eofToken:
			return io.EOF
		case startToken:
			return r.s.fail("<%.60s> stands behind </channel>", r.s.name)
		}
	}
}

// namespaces learns by which prefixes the file means what WordPress writes as wp:, content: …
func (r *Reader) namespaces() {
	for _, a := range r.s.attrs {
		own, ok := strings.CutPrefix(a.name, "xmlns:")
		if !ok {
			continue
		}
		usual := ""
		switch {
		case strings.Contains(a.value, "wordpress.org/export") && strings.Contains(a.value, "/excerpt"):
			usual = "excerpt"
		case strings.Contains(a.value, "wordpress.org/export"):
			usual = "wp"
		case strings.Contains(a.value, "purl.org/rss/1.0/modules/content"):
			usual = "content"
		case strings.Contains(a.value, "purl.org/dc/elements"):
			usual = "dc"
		}
		if usual != "" && usual != own {
			if r.prefix == nil {
				r.prefix = map[string]string{}
			}
			r.prefix[own] = usual
		}
	}
}

// canon returns a tag's name with WordPress's own prefix.
func (r *Reader) canon(name string) string {
	if r.prefix == nil {
		return name
	}
	own, local, ok := strings.Cut(name, ":")
	if usual, known := r.prefix[own]; ok && known {
		return usual + ":" + local
	}
	return name
}

// part reads an element of the channel.
func (r *Reader) part() (Part, error) {
	r.kept, r.dropped = 0, ""
	switch name := r.canon(r.s.name); name {
	case "item":
		it, err := r.item()
		return Part{Item: it}, err
	case "wp:author":
		a := &Author{}
		return Part{Author: a}, r.group(fieldsOf(map[string]*string{
			"wp:author_id": &a.ID, "wp:author_login": &a.Login, "wp:author_email": &a.Email, "wp:author_display_name": &a.Name,
			"wp:author_first_name": &a.First, "wp:author_last_name": &a.Last,
		}))
	case "wp:category", "wp:tag", "wp:term":
		t, err := r.term(name)
		return Part{Term: t}, err
	case "image", "textInput", "skipHours", "skipDays":
		return Part{}, r.group(nil)
	default:
		text, err := r.field()
		if dst := r.siteField(name); err == nil && dst != nil && *dst == "" {
			*dst = strings.TrimSpace(text)
		}
		return Part{}, err
	}
}

func (r *Reader) siteField(name string) *string {
	switch name {
	case "title":
		return &r.site.Title
	case "link":
		return &r.site.Link
	case "description":
		return &r.site.Description
	case "language":
		return &r.site.Language
	case "generator":
		return &r.site.Generator
	case "wp:base_site_url":
		return &r.site.BaseSite
	case "wp:base_blog_url":
		return &r.site.BaseBlog
	case "wp:wxr_version":
		return &r.site.Version
	}
	return nil
}

func (r *Reader) term(name string) (*Term, error) {
	t := &Term{Taxonomy: map[string]string{"wp:category": "category", "wp:tag": "post_tag"}[name]}
	err := r.group(fieldsOf(map[string]*string{
		"wp:term_id": &t.ID,
		// Each of the three has names of its own for the same.
		"wp:term_taxonomy": &t.Taxonomy,
		"wp:term_slug":     &t.Slug, "wp:category_nicename": &t.Slug, "wp:tag_slug": &t.Slug,
		"wp:term_parent": &t.Parent, "wp:category_parent": &t.Parent,
		"wp:term_name": &t.Name, "wp:cat_name": &t.Name, "wp:tag_name": &t.Name,
		"wp:term_description": &t.Description, "wp:category_description": &t.Description, "wp:tag_description": &t.Description,
	}))
	return t, err
}

// fieldsOf stores what is read in the places that the map names.
func fieldsOf(places map[string]*string) func(string) *string {
	return func(name string) *string { return places[name] }
}

// group reads an element of fields. What it doesn't know it passes by.
func (r *Reader) group(place func(string) *string) error {
	group, from := r.s.name, r.s.line
	for {
		k, err := r.s.next()
		if err != nil {
			return err
		}
		switch k {
		case eofToken:
			return r.s.ended(fmt.Sprintf("inside of <%s> that begins in line %d", group, from))
		case endToken:
			if r.s.name != group {
				return r.s.fail("</%s> stands where </%s> should be (it begins in line %d)", r.s.name, group, from)
			}
			return nil
		case startToken:
			name := r.canon(r.s.name)
			if name == "wp:termmeta" {
				err = r.group(nil)
			} else {
				var text string
				if text, err = r.field(); err == nil && place != nil {
					if dst := place(name); dst != nil {
						*dst = strings.TrimSpace(text)
					}
				}
			}
			if err != nil {
				return err
			}
		}
	}
}

// structure are elements that can't stand inside of a field: one that seems to hold them wasn't closed.
var structure = map[string]bool{
	"rss": true, "channel": true, "item": true, "wp:author": true, "wp:category": true, "wp:tag": true, "wp:term": true,
	"wp:postmeta": true, "wp:comment": true, "wp:commentmeta": true, "wp:termmeta": true,
}

// field reads an element's text to its end. Markup inside is text too: some write their HTML
// neither escaped nor wrapped. Text beyond the limits is read and not kept.
func (r *Reader) field() (string, error) {
	name, from := r.s.name, r.s.line
	if structure[r.canon(name)] {
		return "", r.s.fail("<%s> stands where it can't: what is before it isn't closed", name)
	}
	var b []byte
	depth, size, markup := 0, 0, false
	for {
		k, err := r.s.next()
		if err != nil {
			return "", err
		}
		chunk := r.s.chunk
		switch k {
		case eofToken:
			return "", r.s.ended(fmt.Sprintf("inside of <%s> that begins in line %d", name, from))
		case endToken, startToken:
			if k == endToken && r.s.name == name {
				if depth--; depth < 0 {
					return r.keep(name, b, size), nil
				}
			} else if k == startToken && r.s.name == name {
				depth++
			}
			if structure[r.canon(r.s.name)] {
				return "", r.s.fail("<%s>, which begins in line %d, isn't closed before %s", name, from, r.s.tag(k))
			}
			if !markup {
				markup = true
				r.s.repair(RepairMarkup)
			}
			chunk = r.s.raw
		}
		if size += len(chunk); size <= MaxField && r.kept+size <= maxItem {
			b = append(b, chunk...)
		} else {
			b = nil
		}
	}
}

func (s *scanner) tag(k kind) string {
	if k == endToken {
		return "</" + s.name + ">"
	}
	return "<" + s.name + ">"
}

// keep cleans a field's text and counts it.
func (r *Reader) keep(name string, b []byte, size int) string {
	if len(b) < size {
		if r.dropped == "" {
			r.dropped = fmt.Sprintf("%s: %d MB", name, size>>20)
		}
		return ""
	}
	r.kept += size
	text, wrong, control := clean(string(b))
	if wrong {
		r.s.repair(RepairBytes)
	}
	if control {
		r.s.repair(RepairControl)
	}
	return text
}
