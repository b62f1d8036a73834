package desk

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/translate"
)

// evidenceView is how far what engines drafted was from what readers saw.
type evidenceView struct {
	frame
	Periods []filter
	Chart   template.HTML
	Rows    []evidenceRow
}

type evidenceRow struct {
	Pair, Engine, Share        string
	Segments, Untouched, Words int
}

// evidenceMonths are the periods that can be looked at.
var evidenceMonths = []int{1, 3, 12}

func (d *Desk) evidence(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.Review, actor.Scope{}); err != nil {
		return err
	}
	v := evidenceView{frame: d.frame(r, "desk.evidence", "/desk/translations")}
	months := evidenceMonths[1]
	for _, n := range evidenceMonths {
		if r.URL.Query().Get("months") == itoa(n) {
			months = n
		}
	}
	for _, n := range evidenceMonths {
		v.Periods = append(v.Periods, filter{Href: "/desk/translations/engines?months=" + itoa(n), Word: v.words.T("desk.evidence.months", "n", n), On: n == months})
	}
	list, err := d.Translate.Evidence(r.Context(), d.DB.Read(), v.now.AddDate(0, -months, 0))
	if err != nil {
		return err
	}
	for _, e := range list {
		v.Rows = append(v.Rows, evidenceRow{
			Pair: v.pair(e), Engine: e.Engine, Share: v.share(e), Segments: e.Segments, Untouched: e.Untouched, Words: e.Words,
		})
	}
	v.Chart = v.chart(list)
	return d.show(w, r, http.StatusOK, "evidence", v)
}

func (f *frame) pair(e translate.Evidence) string {
	return e.From.NameIn(f.tag) + " → " + e.To.NameIn(f.tag)
}

func (f *frame) share(e translate.Evidence) string {
	return f.words.T("desk.evidence.percent", "n", fmt.Sprintf("%.0f", e.Share()))
}

// The chart's measures: a bar of a hundred in hundred is as wide as barWidth.
const (
	barWidth  = 400
	rowHeight = 36
	nameWidth = 260
)

// chart draws a bar for each engine and pair: the longer, the more was changed. The table below says
// the same to those who don't see it.
func (f *frame) chart(list []translate.Evidence) template.HTML {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%s">`,
		nameWidth+barWidth+60, rowHeight*len(list), template.HTMLEscapeString(f.words.T("desk.evidence.chart")))
	for i, e := range list {
		width := int(min(100, e.Share()) * barWidth / 100)
		y := i * rowHeight
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end" font-size="13" fill="currentColor">%s</text>`,
			nameWidth-8, y+22, template.HTMLEscapeString(f.pair(e)+", "+e.Engine))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="20" fill="currentColor" opacity="0.12"/><rect x="%d" y="%d" width="%d" height="20" fill="currentColor"/>`,
			nameWidth, y+8, barWidth, nameWidth, y+8, width)
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="13" fill="currentColor">%s</text>`, nameWidth+barWidth+8, y+22, template.HTMLEscapeString(f.share(e)))
	}
	b.WriteString(`</svg>`)
	// All that varies in it are numbers, and names and words that are escaped.
	return template.HTML(b.String()) //nolint:gosec
}
