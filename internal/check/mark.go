package check

import (
	"depesche/internal/document"
)

// marks compares what is marked on both sides: links and references to sources have to be carried
// over, emphasis may be set otherwise.
func (r *run) marks(p *pair) {
	if p.src.PlainOnly || p.dst.PlainOnly {
		return
	}
	a, b := marksOf(p.src.Text), marksOf(p.dst.Text)
	for _, m := range a.list {
		if b.count[m.key] >= a.count[m.key] || m.count > a.count[m.key]-b.count[m.key] {
			continue
		}
		f := Finding{Severity: Stop, Address: p.src.Address, Excerpt: clip(p.b), SourceSpot: m.text}
		switch m.key.Type {
		case document.SourceRef:
			f.Code, f.Args = "source_lost", []any{"name", r.sourceName(m.key.Source)}
		case document.Link:
			if b.links >= a.links {
				// Another page stands there, the same one in another language perhaps.
				f.Code, f.Severity, f.Args = "link_differs", Warn, []any{"url", m.key.Href}
				break
			}
			f.Code, f.Args = "link_lost", []any{"url", m.key.Href}
		case document.StoryLink:
			f.Code, f.Args = "story_link_lost", []any{"text", m.text}
		default:
			f.Code, f.Severity, f.Args = "mark_lost", Note, []any{"text", m.text}
		}
		r.add(f)
	}
	for _, m := range b.list {
		if m.key.Type == document.Link && a.count[m.key] == 0 {
			r.add(Finding{Code: "link_added", Severity: Note, Address: p.src.Address, Excerpt: m.text, Spot: m.text, Args: []any{"url", m.key.Href}})
		}
	}
}

func (r *run) sourceName(id string) string {
	for _, s := range r.Story.Sources {
		if s.ID == id {
			return s.Name
		}
	}
	return id
}

// markedText is what is marked in a text, and how often each mark stands there.
type markedText struct {
	list  []markedSpan
	count map[document.Mark]int
	links int
}

type markedSpan struct {
	key   document.Mark
	text  string
	count int // which of those with the same key it is, from 1
}

// marksOf lists the marks of a text. Spans that follow one another with the same mark are one.
// A foreign phrase need not be one in another language.
func marksOf(text document.Inline) markedText {
	out := markedText{count: map[document.Mark]int{}}
	open := map[document.Mark]int{}
	for _, s := range text {
		still := map[document.Mark]int{}
		for _, m := range s.Marks {
			if m.Type == document.Foreign {
				continue
			}
			if i, ok := open[m]; ok {
				out.list[i].text += s.Text
				still[m] = i
				continue
			}
			out.count[m]++
			if m.Type == document.Link {
				out.links++
			}
			still[m] = len(out.list)
			out.list = append(out.list, markedSpan{m, s.Text, out.count[m]})
		}
		open = still
	}
	return out
}
