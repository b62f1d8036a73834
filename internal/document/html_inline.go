package document

import (
	"net/url"
	"slices"
	"strings"

	"depesche/internal/lang"
)

// inline writes running text. Marks nest in one order, and a mark that goes on over several spans is
// one element.
func (w *htmlWriter) inline(in Inline) {
	if w.o.Bind && len(in) > 0 {
		in = w.bound(in)
	}
	if len(in) == 1 && len(in[0].Marks) == 0 {
		w.text(in[0].Text)
		return
	}
	var ranks uint
	for _, s := range in {
		for _, m := range s.Marks {
			ranks |= 1 << markRank(m.Type)
		}
	}
	w.nest(in, 0, ranks)
}

// bound is running text with its words kept together as the edition's language does.
func (w *htmlWriter) bound(in Inline) Inline {
	runs := make([]string, len(in))
	for i, s := range in {
		runs[i] = s.Text
	}
	bound := w.o.Lang.BindRuns(runs)
	if &bound[0] == &runs[0] {
		return in
	}
	out := slices.Clone(in)
	for i := range out {
		if !slices.ContainsFunc(in[i].Marks, func(m Mark) bool { return m.Type == Foreign }) {
			out[i].Text = bound[i]
		}
	}
	return out
}

// nest writes spans that are equal in all marks of an outer rank; ranks are those that occur at all.
func (w *htmlWriter) nest(in Inline, rank int, ranks uint) {
	for rank < len(schemaMarks) && ranks&(1<<rank) == 0 {
		rank++
	}
	if rank == len(schemaMarks) {
		for _, s := range in {
			w.text(s.Text)
		}
		return
	}
	for len(in) > 0 {
		m := w.markOf(in[0], rank)
		n := 1
		for n < len(in) && w.markOf(in[n], rank) == m {
			n++
		}
		end := w.openMark(m)
		w.nest(in[:n], rank+1, ranks)
		w.raw(end)
		in = in[n:]
	}
}

// markOf is the span's mark of a rank, the zero mark if it has none or an element for it couldn't be
// written: a link can't stand within a link, so where a claim has one, that leads the reader on, and
// the source is told below the text.
func (w *htmlWriter) markOf(s Span, rank int) Mark {
	for _, m := range s.Marks {
		if m.Type != schemaMarks[rank].Type {
			continue
		}
		switch m.Type {
		case SourceRef:
			if w.o.Source == nil || w.linkOf(s) != "" {
				return Mark{}
			}
			href, _, ok := w.o.Source(m.Source)
			if href, ok = w.checked(href, ok); !ok {
				return Mark{}
			}
			return Mark{Type: SourceRef, Href: href}
		case StoryLink:
			href := w.storyHref(m)
			if href == "" {
				return Mark{}
			}
			to := Mark{Type: StoryLink, Href: href}
			if w.o.StoryLang != nil {
				if l := w.o.StoryLang(m.Story); l != w.o.Lang {
					to.Lang = string(l)
				}
			}
			return to
		case Link:
			if SafeHref(m.Href) && w.storyLink(s) == "" {
				return m
			}
			return Mark{}
		case Foreign:
			if !validLang(m.Lang) {
				return Mark{}
			}
		}
		return m
	}
	return Mark{}
}

// linkOf is the address that the span's story or link leads to.
func (w *htmlWriter) linkOf(s Span) string {
	for _, m := range s.Marks {
		if m.Type == Link && SafeHref(m.Href) {
			return m.Href
		}
	}
	return w.storyLink(s)
}

func (w *htmlWriter) storyLink(s Span) string {
	for _, m := range s.Marks {
		if m.Type == StoryLink {
			return w.storyHref(m)
		}
	}
	return ""
}

func (w *htmlWriter) storyHref(m Mark) string {
	if w.o.Story == nil {
		return ""
	}
	href, ok := w.o.Story(m.Story)
	if href, ok = w.checked(href, ok); !ok {
		return ""
	}
	return href
}

// openMark writes the start tag of a mark and returns its end tag.
func (w *htmlWriter) openMark(m Mark) (end string) {
	switch m.Type {
	case SourceRef, StoryLink, Link:
		w.raw("<a")
		if m.Type == SourceRef && !w.o.Feed {
			w.attr("class", "ref")
		}
		w.attr("href", m.Href)
		w.attr("hreflang", m.Lang)
		w.raw(">")
		return "</a>"
	case Foreign:
		w.raw("<span")
		w.langAttrs(lang.Tag(m.Lang))
		w.raw(">")
		return "</span>"
	case Strong:
		w.raw("<strong>")
		return "</strong>"
	case Emphasis:
		w.raw("<em>")
		return "</em>"
	}
	return ""
}

// langAttrs says the language of what is in another one, and its direction if that differs.
func (w *htmlWriter) langAttrs(l lang.Tag) {
	if l == "" || l == w.o.Lang {
		return
	}
	w.attr("lang", string(l))
	if l.Dir() != w.o.Lang.Dir() {
		w.attr("dir", l.Dir())
	}
}

func (w *htmlWriter) checked(href string, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	return w.href(href)
}

// href is an address of ours, a path or a place on the page, or a safe foreign one; absolute for feeds.
func (w *htmlWriter) href(href string) (string, bool) {
	local := strings.HasPrefix(href, "#") || strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//")
	if !local {
		return href, SafeHref(href)
	}
	if !w.o.Feed {
		return href, true
	}
	base, err := url.Parse(w.o.Base)
	if err != nil || !base.IsAbs() {
		return "", false
	}
	ref, err := url.Parse(href)
	if err != nil {
		return "", false
	}
	href = base.ResolveReference(ref).String()
	return href, SafeHref(href)
}
