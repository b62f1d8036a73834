package page

import (
	"bytes"
	"io"
	"slices"
	"sort"

	"depesche/internal/pagecache"
)

// textBudget is what a page of text alone may weigh in gzip, in bytes.
const textBudget = 5000

// renderLight writes a front as text alone. However many sections a paper has and however many stories run, it
// weighs no more than it may: what is left out is a section or the other form away.
func (p *Pages) renderLight(w io.Writer, v *Front) error {
	var b bytes.Buffer
	var failed error
	light := func(without int) bool {
		b.Reset()
		if err := p.render(&b, "front", v.lighter(without)); err != nil {
			failed = err
			return true
		}
		return pagecache.Weight(b.Bytes()) <= textBudget
	}
	if all := v.lines(); !light(0) {
		light(sort.Search(all, light)) // the last one that was tried needn't be the one that fits
	}
	if failed != nil {
		return failed
	}
	_, err := w.Write(b.Bytes())
	return err
}

// lines is how much can be left out of a front.
func (v *Front) lines() int {
	n := 0
	v.leaveOut(func() bool { n++; return true })
	return n
}

// lighter is the front without some of its lines, those first that are missed least.
func (v *Front) lighter(without int) *Front {
	return v.leaveOut(func() bool { without--; return without >= 0 })
}

// leaveOut returns the front without as many lines as more allows. It is asked in turn for a second story of a
// section, a section, an older entry of a running story, one of the latest stories, a running story, a story beside
// the lead, and the name of a section in the foot: the last first.
func (v *Front) leaveOut(more func() bool) *Front {
	out := *v
	out.Strips = slices.Clone(v.Strips)
	for i := len(out.Strips) - 1; i >= 0; i-- {
		if len(out.Strips[i].Columns) > 0 {
			if !more() {
				return &out
			}
			out.Strips[i].Columns = nil
		}
	}
	out.Strips = less(out.Strips, 0, more)
	out.Live = slices.Clone(v.Live)
	for i := len(out.Live) - 1; i >= 0; i-- {
		out.Live[i].Entries = less(out.Live[i].Entries, 1, more)
	}
	out.Latest = less(out.Latest, 0, more)
	out.Live = less(out.Live, 0, more)
	out.Second = less(out.Second, 0, more)
	out.Sections = less(out.Sections, 0, more)
	return &out
}

// less cuts a list from its end, down to least.
func less[T any](list []T, least int, more func() bool) []T {
	n := len(list)
	for n > least && more() {
		n--
	}
	return list[:n]
}
