package page

import (
	"io"
	"strconv"

	"depesche/internal/correction"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
)

// Report is the form on which a reader says what is wrong in a story.
type Report struct {
	Frame
	Story   Link
	Action  string
	Thanks  bool    // it was sent
	Problem string  // why it wasn't
	Places  []Place // to choose from
	Chosen  *Place  // instead of Places
	Quote   string  // the words of the place that were chosen
	Said    string
	Mail    string
	Wrong   map[string]string // field → what is wrong there
	Token   string
	Limit   int
}

// Place is a block of the story.
type Place struct {
	ID   string
	Text string
}

// ReportPath is where readers report an error in a story.
func ReportPath(l lang.Tag, number int64) string {
	return ReportPrefix + string(l) + "/" + strconv.FormatInt(number, 10)
}

// ReportPrefix begins the addresses of reports. They are no pages: nobody keeps them.
const ReportPrefix = "/report/"

// longestPlace is how much of a block is shown where readers choose one.
const longestPlace = 400

// Report fills the form for what readers see of a story, doc; block is the one that was chosen, or "".
func (s *Site) Report(live edition.Live, doc document.Doc, block document.ID) *Report {
	v := &Report{
		Frame: s.frame(s.t("reader.report.title")+" | "+s.Name(), "", where{}),
		Story: Link{Text: doc.Headline, Href: ArticlePath(s.Lang, live.Story.Number, live.Edition.Slug)},
		Limit: correction.MaxSaid,
	}
	v.NoIndex, v.Action = true, ReportPath(s.Lang, live.Story.Number)
	if s.alone {
		v.Story.Href, v.Action = TextPath(v.Story.Href), TextPath(v.Action)
	} else {
		v.Style = s.pages.styles.of(s.Lang, s.look(), true)
	}
	add := func(id document.ID) {
		text, ok := correction.Passage(doc, id)
		if !ok {
			return
		}
		if id == block {
			v.Chosen = &Place{ID: string(id), Text: text}
		}
		v.Places = append(v.Places, Place{ID: string(id), Text: shortened(text)})
	}
	add(correction.Head)
	for _, b := range doc.Blocks {
		add(b.ID)
	}
	return v
}

func shortened(s string) string {
	n := 0
	for i := range s {
		if n++; n > longestPlace {
			return s[:i] + "…"
		}
	}
	return s
}

// RenderReport writes the form of a report.
func (p *Pages) RenderReport(w io.Writer, v *Report) error { return p.render(w, "report", v) }
