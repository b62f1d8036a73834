package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// board is the table story × language, on Today and among the stories.
type board struct {
	Langs  []langHead
	Rows   []boardRow
	Legend []stateWord
	Older  string
	Many   bool // languages: the story's column stays and the rest scrolls
}

type boardRow struct {
	Story                                        string // its ID
	Headline, Lang, Dir, Href, Section, Original string
	Tags                                         []tag
	Cells                                        []boardCell
}

type tag struct{ Tone, Word string }

type boardCell struct {
	Label, Href, Tone, State, Word, Fact, Create, Lang string
	Weight                                             string // of a stale one
	Original                                           bool
	Stops                                              stops
}

type stateWord struct{ State, Word, Weight string }

// stateOf is what is said first of an edition: what readers of it are told wrongly or will be, that a
// machine wrote it and nobody has looked at it, or else its state.
func (f *frame) stateOf(s edition.State, p translate.Progress) stateWord {
	out := stateWord{State: string(s)}
	switch {
	case s == edition.Withdrawn:
	case p.Facts > 0:
		return stateWord{State: "stale", Word: f.words.T("desk.unit.stale_fact"), Weight: "fact"}
	case p.Stale > 0:
		out.State = "stale"
	case p.Machine > 0 && s == edition.Draft:
		out.State = "unchecked"
	}
	out.Word = f.words.T("desk.state." + out.State)
	return out
}

type todayView struct {
	frame
	board
	Now, NowISO string
	Filters     []filter
	MayWrite    bool
	Empty       emptyWords
	Needs       []need
	Going       []going
	AtDesk      []person
}

// emptyWords say what a list without rows is for.
type emptyWords struct{ Title, Text string }

type filter struct {
	Href, Word string
	On         bool
}

type need struct{ Tone, Icon, Href, What, When, Where string }

type going struct{ ISO, Time, Href, Lang, What, Where string }

type person struct{ Tone, Initials, Name, At, Lang string }

const rowsPerBoard = 40

// owedFor is how long the desk reminds of a correction that a language doesn't tell; readers are told for good.
const owedFor = 30 * 24 * time.Hour

func (d *Desk) today(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := todayView{frame: d.frame(r, "desk.nav.today", "/desk/")}
	v.Now, v.NowISO = v.tag.Date(v.now.In(v.loc), lang.Full)+", "+v.now.In(v.loc).Format("15:04"), iso(v.now)
	v.MayWrite = actor.May(who(r), actor.Write, actor.Scope{})
	show := q.Get("show")
	v.Empty = emptyWords{Title: v.words.T("desk.today.empty"), Text: v.words.T("desk.today.empty_text")}
	switch show {
	case "mine":
		v.Empty = emptyWords{Title: v.words.T("desk.today.empty_mine"), Text: v.words.T("desk.today.empty_mine_text")}
	case "check":
		v.Empty = emptyWords{Title: v.words.T("desk.today.none_need"), Text: v.words.T("desk.today.empty_check_text")}
	}
	for _, f := range []string{"", "mine", "check"} {
		v.Filters = append(v.Filters, filter{Href: "/desk/?show=" + f, Word: v.words.T("desk.today.show." + orAll(f)), On: f == show})
	}
	f := edition.BoardFilter{Before: edition.Cursor(q.Get("before")), Limit: rowsPerBoard, NeedsCheck: show == "check"}
	if show == "mine" {
		f.Mine = who(r).ID
	}
	rows, next, err := d.Editions.Board(ctx, d.DB.Read(), f)
	if err != nil {
		return err
	}
	if show == "" {
		if rows, err = d.dueNext(ctx, &v.frame, rows, f.Before == ""); err != nil {
			return err
		}
	}
	if err := d.fillBoard(ctx, r, &v.frame, &v.board, rows); err != nil {
		return err
	}
	if next != "" {
		v.Older = "/desk/?" + url.Values{"show": {show}, "before": {string(next)}}.Encode()
	}
	// What needs somebody does so whatever part of the board is looked at.
	newest, cells := rows, v.board
	if show != "" || f.Before != "" {
		if newest, _, err = d.Editions.Board(ctx, d.DB.Read(), edition.BoardFilter{Limit: rowsPerBoard}); err != nil {
			return err
		}
		cells = board{}
		if err := d.fillBoard(ctx, r, &v.frame, &cells, newest); err != nil {
			return err
		}
	}
	owed, err := d.Corrections.Owed(ctx, d.DB.Read(), v.now.Add(-owedFor), 10)
	if err != nil {
		return err
	}
	v.fillNeeds(who(r), owed, newest, cells)
	if n := d.reportsWaiting(ctx, who(r)); n > 0 {
		v.Needs = append([]need{{Tone: "amber", Icon: "flag", Href: "/desk/reports", What: v.words.T("desk.reports.new", "n", n)}}, v.Needs...)
	}
	if err := d.fillAside(ctx, &v); err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "today", v)
}

func orAll(s string) string {
	if s == "" {
		return "all"
	}
	return s
}

// boardLangs heads the board's columns: each language, and what went out in it today.
func (d *Desk) boardLangs(ctx context.Context, f *frame, b *board) error {
	langs := f.paper.Active()
	b.Many = len(langs) > 6
	out, err := d.Editions.OutSince(ctx, d.DB.Read(), startOfDay(f.now, f.loc), langs)
	if err != nil {
		return err
	}
	for _, t := range langs {
		note := ""
		if n := out[t]; n > 0 {
			note = f.words.T("desk.board.out_today", "n", n)
		}
		b.Langs = append(b.Langs, langHead{Tag: t.String(), Name: t.OwnName(), Note: note})
	}
	return nil
}

// fillBoard turns rows into what is printed. Facts come from one query each for all editions.
func (d *Desk) fillBoard(ctx context.Context, r *http.Request, f *frame, b *board, rows []edition.BoardRow) error {
	sections, err := d.Publication.Sections(ctx, d.DB.Read())
	if err != nil {
		return err
	}
	if err := d.boardLangs(ctx, f, b); err != nil {
		return err
	}
	corrected, err := d.Corrections.Since(ctx, d.DB.Read(), startOfDay(f.now, f.loc))
	if err != nil {
		return err
	}
	var ids []edition.ID
	for _, row := range rows {
		for t, c := range row.Cells {
			if t != row.OriginalLang {
				ids = append(ids, c.Edition)
			}
		}
	}
	progress, err := d.Translate.Progress(ctx, d.DB.Read(), ids...)
	if err != nil {
		return err
	}
	stopped, err := d.stopped(ctx, rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		headline, written := f.headline(row)
		br := boardRow{
			Story: string(row.Story), Headline: headline, Lang: written.String(), Dir: written.Dir(),
			Href:     "/desk/stories/" + strconv.FormatInt(row.Number, 10),
			Original: f.words.T("desk.board.original", "lang", row.OriginalLang.NameIn(f.tag)),
		}
		for _, s := range sections {
			if s.ID == row.Section {
				br.Section = sectionName(s, f.tag, f.paper.MainLang)
			}
		}
		if at, ok := corrected[row.Story]; ok {
			br.Tags = append(br.Tags, tag{Tone: "signal", Word: f.words.T("desk.board.correction", "time", f.at(at))})
		}
		if row.Embargo != nil && row.Embargo.After(f.now) {
			br.Tags = append(br.Tags, tag{Word: f.words.T("desk.board.embargo", "time", f.at(*row.Embargo))})
		}
		for _, t := range f.paper.Active() {
			cell := boardCell{Label: t.OwnName(), Lang: t.String()}
			if c, ok := row.Cells[t]; ok {
				fillCell(f, &cell, t == row.OriginalLang, c, progress[c.Edition])
				f.stop(&cell, c, stopped[c.Edition])
				if t == row.OriginalLang {
					br.Href = cell.Href
				}
			} else if actor.May(who(r), actor.Translate, actor.Scope{Lang: t, Section: string(row.Section)}) {
				cell.Create = "/desk/stories/" + strconv.FormatInt(row.Number, 10) + "/editions"
			}
			br.Cells = append(br.Cells, cell)
		}
		b.Rows = append(b.Rows, br)
	}
	for _, s := range []string{"draft", "review", "approved", "scheduled", "published", "stale", "unchecked", "withdrawn"} {
		b.Legend = append(b.Legend, stateWord{State: s, Word: f.words.T("desk.state." + s)})
	}
	return nil
}

// headline is what a story is called in lists, and the language of that.
func (f *frame) headline(row edition.BoardRow) (string, lang.Tag) {
	if row.Headline == "" {
		return f.words.T("desk.untitled", "n", strconv.FormatInt(row.Number, 10)), f.tag
	}
	return row.Headline, row.HeadlineLang
}

func startOfDay(now time.Time, loc *time.Location) time.Time {
	n := now.In(loc)
	return time.Date(n.Year(), n.Month(), n.Day(), 0, 0, 0, 0, loc)
}

// fillCell says of one edition: mark, word, one fact.
func fillCell(f *frame, cell *boardCell, original bool, c edition.Cell, p translate.Progress) {
	cell.Href = "/desk/editions/" + string(c.Edition)
	cell.Original = original
	if !cell.Original && c.State != edition.Published && c.State != edition.Withdrawn {
		cell.Href += "/translate"
	}
	st := f.stateOf(c.State, p)
	cell.State, cell.Word, cell.Weight = st.State, st.Word, st.Weight
	switch {
	case cell.State == "stale":
		cell.Tone = "amber"
		if cell.Weight == "fact" {
			cell.Tone = "signal"
		}
		cell.Fact = f.words.T("desk.board.stale", "n", max(p.Stale, p.Facts))
		if c.State == edition.Scheduled && c.Scheduled != nil {
			cell.Fact += ", " + f.at(*c.Scheduled)
		}
		cell.Href = "/desk/editions/" + string(c.Edition) + "/translate"
	case cell.State == "unchecked":
		cell.Tone, cell.Fact = "violet", f.words.T("desk.board.of", "n", p.Machine, "total", p.Total)
	case c.State == edition.Published && c.Published != nil:
		cell.Fact = f.day(*c.Published)
		today := !c.Published.Before(startOfDay(f.now, f.loc))
		if c.Changed() {
			cell.Fact += ", " + f.words.T("desk.board.changed")
		} else if c.PublishedRev > 0 && today {
			cell.Fact += ", " + f.words.T("desk.board.rev", "n", c.PublishedRev)
		}
		if p.Machine > 0 && !c.Changed() {
			cell.Tone = "violet"
			cell.Fact += ", " + f.words.T("desk.board.unchecked")
		}
	case c.State == edition.Scheduled && c.Scheduled != nil:
		cell.Fact = f.at(*c.Scheduled)
	case c.State == edition.Approved:
		cell.Fact = f.words.T("desk.board.ready")
	case p.Total > 0:
		cell.Fact = f.words.T("desk.board.of", "n", p.Done, "total", p.Total)
	default:
		cell.Fact = f.day(c.Saved)
	}
}

// fillAside fills what goes out next and who is at work.
func (d *Desk) fillAside(ctx context.Context, v *todayView) error {
	waiting, err := d.Releases.Waiting(ctx, d.DB.Read(), 8)
	if err != nil {
		return err
	}
	for _, rel := range waiting {
		if len(rel.Editions) == 0 || rel.Due == nil {
			continue
		}
		ed, err := d.Editions.ByID(ctx, d.DB.Read(), rel.Editions[0].Edition)
		if err != nil {
			return err
		}
		v.Going = append(v.Going, going{ISO: iso(*rel.Due), Time: v.at(*rel.Due), Href: "/desk/editions/" + string(ed.ID), Lang: ed.Lang.String(), What: ed.Headline, Where: v.partLangs(rel.Editions) + ", " + v.until(*rel.Due)})
	}
	for _, p := range d.Editions.Everyone() {
		if p.ID == v.Me.ID {
			continue
		}
		ed, err := d.Editions.ByID(ctx, d.DB.Read(), p.Edition)
		if problem.Is(err, problem.NotFound) {
			continue // deleted while somebody had it open
		}
		if err != nil {
			return err
		}
		v.AtDesk = append(v.AtDesk, person{Tone: tone(p.ID), Initials: initials(p.Name), Name: p.Name, At: ed.Headline, Lang: ed.Lang.String()})
	}
	return nil
}

// tone gives each person a colour that stays the same.
func tone(id string) string {
	n := 0
	for _, c := range id {
		n += int(c)
	}
	return []string{"blue", "violet", "amber", "accent"}[n%4]
}

// ---- stories

type storiesView struct {
	frame
	board
	Query            string
	Sections, States []choice
	MayWrite         bool
}

func (d *Desk) storyList(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := storiesView{frame: d.frame(r, "desk.nav.stories", "/desk/stories"), Query: q.Get("q")}
	v.MayWrite = actor.May(who(r), actor.Write, actor.Scope{})
	rows, next, err := d.Editions.Board(ctx, d.DB.Read(), edition.BoardFilter{
		Text: v.Query, Section: publication.SectionID(q.Get("section")), State: edition.State(q.Get("state")), Before: edition.Cursor(q.Get("before")), Limit: rowsPerBoard,
	})
	if err != nil {
		return err
	}
	if err := d.fillBoard(ctx, r, &v.frame, &v.board, rows); err != nil {
		return err
	}
	sections, err := d.Publication.Sections(ctx, d.DB.Read())
	if err != nil {
		return err
	}
	v.Sections = selectField("", "", q.Get("section"), sectionChoices(sections, v.tag, v.paper, "")).Choices
	states := wordChoices(&v.frame, "desk.state.", []string{"draft", "review", "approved", "scheduled", "published", "withdrawn"})
	v.States = selectField("", "", q.Get("state"), states).Choices
	if next != "" {
		q.Set("before", string(next))
		v.Older = "/desk/stories?" + q.Encode()
	}
	return d.show(w, r, http.StatusOK, "stories", v)
}

// storiesJSON offers stories to link to.
func (d *Desk) storiesJSON(w http.ResponseWriter, r *http.Request) error {
	f := d.frame(r, "desk.nav.stories", "")
	rows, _, err := d.Editions.Board(r.Context(), d.DB.Read(), edition.BoardFilter{Text: strings.TrimSpace(r.URL.Query().Get("q")), Limit: 12})
	if err != nil {
		return err
	}
	type item struct {
		ID       string `json:"id"`
		Headline string `json:"headline"`
		Lang     string `json:"lang"`
		Section  string `json:"section"`
		Date     string `json:"date"`
		State    string `json:"state"`
	}
	out := struct {
		Stories []item `json:"stories"`
	}{Stories: []item{}}
	for _, row := range rows {
		headline, written := f.headline(row)
		it := item{ID: string(row.Story), Headline: headline, Lang: written.String(), Date: f.ago(row.Updated)}
		if c, ok := row.Cells[row.OriginalLang]; ok {
			it.State = f.words.T("desk.state." + string(c.State))
		}
		out.Stories = append(out.Stories, it)
	}
	return web.JSON(w, http.StatusOK, out)
}
