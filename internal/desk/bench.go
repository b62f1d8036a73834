package desk

import (
	"net/http"
	"slices"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/memory"
	"depesche/internal/problem"
	"depesche/internal/register"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// bench is what the rows of a translation's screen are made of, read once for all of them.
type bench struct {
	*frame
	desk     *Desk
	ed       edition.Edition
	story    story.Story
	work     translate.Work
	list     release.Checklist
	checked  release.Checked
	found    map[document.Address][]check.Finding
	terms    map[document.Address][]register.Hit // in the original
	spelt    map[document.Address][]register.Hit // in the translation
	matches  map[document.Address][]memory.Match
	drafts   map[document.Address][]translate.Draft // proposals of engines that aren't taken
	turned   map[document.Address]translate.Turned
	reported []reportCard                 // by readers, anywhere in the story
	reports  map[document.ID][]reportCard // the same by block
	may      bool                         // the reader of the screen may write here
	engines  bool                         // there is somebody to ask for a proposal
}

// bench reads all that the screen shows of its rows.
func (d *Desk) bench(r *http.Request, f *frame, ed edition.Edition, s story.Story) (*bench, error) {
	b, err := d.barebench(r, f, ed, s)
	if err != nil {
		return nil, err
	}
	ctx, q := r.Context(), d.DB.Read()
	if b.list, err = d.Releases.ChecklistOfWork(ctx, q, b.work); err != nil {
		return nil, err
	}
	b.checked, _ = b.list.Of(b.ed.ID)
	b.found = byAddress(b.checked.Findings)
	if err := b.named(r, b.work.Rows); err != nil {
		return nil, err
	}
	return b, b.offered(r, b.work.Rows)
}

// barebench is a bench without a checklist, names and offers, for a text that is being typed.
func (d *Desk) barebench(r *http.Request, f *frame, ed edition.Edition, s story.Story) (*bench, error) {
	ctx, q := r.Context(), d.DB.Read()
	b := &bench{frame: f, desk: d, ed: ed, story: s, may: mayWrite(who(r), ed, s)}
	var err error
	if b.work, err = d.Translate.Work(ctx, q, ed.ID); err != nil {
		return nil, err
	}
	order, err := d.Engines.Order(ctx, q, engine.Pair{From: b.work.From, To: b.work.To}.String())
	if err != nil {
		return nil, err
	}
	b.engines = slices.ContainsFunc(order.Engines, func(e engine.Installed) bool { return e.Enabled })
	b.ed = b.work.Edition // read after it: what the rows show is of its revision
	if b.turned, err = d.Translate.Turned(ctx, q, b.work); err != nil {
		return nil, err
	}
	list, err := d.reportsOf(r, f, b.ed, "/desk/editions/"+string(ed.ID)+"/translate")
	b.reported, b.reports = list, map[document.ID][]reportCard{}
	for _, c := range list {
		b.reports[c.block] = append(b.reports[c.block], c)
	}
	return b, err
}

// place is the place of a row, which there must be.
func (b *bench) place(addr document.Address) (int, error) {
	i := slices.IndexFunc(b.work.Rows, func(row translate.Row) bool { return row.Address == addr })
	if i < 0 {
		return 0, problem.New(problem.NotFound, "problem.segment_gone")
	}
	return i, nil
}

// named looks up names and terms in both texts of the rows.
func (b *bench) named(r *http.Request, rows []translate.Row) error {
	ctx, q := r.Context(), b.desk.DB.Read()
	find := func(from, to edition.Edition, text func(translate.Row) document.Inline) (map[document.Address][]register.Hit, error) {
		all, ends := joined(rows, text)
		hits, err := b.desk.Register.Hits(ctx, q, from.Lang, to.Lang, all)
		return apart(rows, ends, hits), err
	}
	var err error
	if b.terms, err = find(b.work.Source, b.ed, func(r translate.Row) document.Inline { return r.Source }); err != nil {
		return err
	}
	b.spelt, err = find(b.ed, b.work.Source, func(r translate.Row) document.Inline { return r.Target })
	return err
}

// between stands between the texts of rows that are looked through at once: no name goes across it.
const between = "\n.\n"

// joined is the texts of all rows as one, and where each ends: one look-up serves them all.
func joined(rows []translate.Row, text func(translate.Row) document.Inline) (all string, ends []int) {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(text(row).Plain())
		ends = append(ends, b.Len())
		b.WriteString(between)
	}
	return b.String(), ends
}

// apart gives each row the hits in its own text.
func apart(rows []translate.Row, ends []int, hits []register.Hit) map[document.Address][]register.Hit {
	out := map[document.Address][]register.Hit{}
	row, begin := 0, 0
	for _, h := range hits {
		for row < len(rows) && h.Start >= ends[row]+len(between) {
			begin = ends[row] + len(between)
			row++
		}
		if row == len(rows) {
			break
		}
		if h.End > ends[row] {
			continue
		}
		h.Start, h.End = h.Start-begin, h.End-begin
		out[rows[row].Address] = append(out[rows[row].Address], h)
	}
	return out
}

// offered looks up what the memory and the engines have for the rows.
func (b *bench) offered(r *http.Request, rows []translate.Row) error {
	if !b.may {
		return nil
	}
	ctx, q := r.Context(), b.desk.DB.Read()
	var err error
	if b.matches, err = b.desk.Memory.Matches(ctx, q, b.query(rows, offers)); err != nil {
		return err
	}
	proposed, err := b.desk.Translate.Proposals(ctx, q, b.work)
	if err != nil {
		return err
	}
	b.drafts = map[document.Address][]translate.Draft{}
	for _, draft := range proposed {
		b.addDraft(draft)
	}
	return nil
}

// offers is how many matches of the memory a row offers.
const offers = 3

func (b *bench) query(rows []translate.Row, limit int) memory.Query {
	ask := memory.Query{From: b.work.From, To: b.work.To, Story: b.story.ID, Edition: b.ed.ID, Limit: limit}
	for _, row := range rows {
		if len(row.Source) > 0 {
			ask.Segments = append(ask.Segments, memory.Segment{Address: row.Address, Text: row.Source})
		}
	}
	return ask
}

// addDraft keeps the newest proposal of each engine; they come newest first.
func (b *bench) addDraft(draft translate.Draft) {
	list := b.drafts[draft.Address]
	if !slices.ContainsFunc(list, func(o translate.Draft) bool { return o.Engine == draft.Engine }) {
		b.drafts[draft.Address] = append(list, draft)
	}
}
