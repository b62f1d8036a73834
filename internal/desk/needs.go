package desk

import (
	"depesche/internal/actor"
	"depesche/internal/correction"
	"depesche/internal/edition"
)

// needsShown are how many things a person is told at once that they wait for them.
const needsShown = 3

// fillNeeds fills what waits for a; what somebody else has to do isn't among it. Of each kind the one
// touched last comes first, and the kinds take turns: what readers are told wrongly or soon will be, what
// waits for a review, what else is stale, what a machine wrote. So many of one kind don't hide that there is another.
func (v *todayView) fillNeeds(a actor.Actor, owed []correction.Debt, rows []edition.BoardRow, b board) {
	var wrong, review, stale, machine []need
	said := map[edition.ID]bool{}
	wrong = v.untold(a, owed, rows, b, said)
	for i, row := range rows {
		var langs []string // of the story, that nobody has looked at
		for j, t := range v.paper.Active() {
			c, ok := row.Cells[t]
			if !ok {
				continue
			}
			cell, scope := b.Rows[i].Cells[j], actor.Scope{Lang: t, Section: string(row.Section), Own: row.CreatedBy == a.ID}
			n := need{Tone: "amber", Icon: "warning", Href: cell.Href, When: cell.Fact, Where: b.Rows[i].Headline + ", " + t.NameIn(v.tag)}
			if c.State == edition.Review && actor.May(a, actor.Review, scope) {
				ready := n
				ready.Icon, ready.What, ready.When = "state-review", v.words.T("desk.needs.review"), v.ago(c.Saved)
				review = append(review, ready)
			}
			if cell.State == "unchecked" && actor.May(a, actor.Translate, scope) {
				if langs = append(langs, t.NameIn(v.tag)); len(langs) == 1 {
					machine = append(machine, need{Tone: "violet", Icon: "machine", Href: cell.Href, What: v.words.T("desk.state.unchecked")})
				}
				last := &machine[len(machine)-1]
				last.When, last.Where = v.words.T("desk.needs.translations", "n", len(langs)), b.Rows[i].Headline+", "+v.tag.List(langs)
			}
			if cell.Stops.n > 0 && cell.State != "stale" && c.State == edition.Scheduled && c.Scheduled != nil && actor.May(a, actor.Write, scope) {
				x := cell.Stops.first
				wrong = append(wrong, need{Tone: "signal", Icon: "error", Href: cell.Href, What: v.words.T(x.Word(), x.Args...), When: v.until(*c.Scheduled), Where: n.Where})
			}
			if cell.State != "stale" || said[c.Edition] || !actor.May(a, actor.Translate, scope) {
				continue
			}
			switch {
			case c.State == edition.Published:
				n.What = v.words.T("desk.needs.stale")
			case cell.Weight == "fact":
				n.What = v.words.T("desk.unit.stale_fact")
			default:
				n.What = v.words.T("desk.state.stale")
			}
			if cell.Weight == "fact" && (c.State == edition.Published || c.State == edition.Scheduled) {
				wrong = append(wrong, n)
			} else {
				stale = append(stale, n)
			}
		}
	}
	v.Needs = turns(needsShown, wrong, review, stale, machine)
}

// untold are the corrections that languages of a don't tell, one thing each, whatever the number of
// languages; said notes the editions. One that isn't mended yet leads to where it is.
func (v *todayView) untold(a actor.Actor, owed []correction.Debt, rows []edition.BoardRow, b board, said map[edition.ID]bool) []need {
	stale := map[edition.ID]string{}
	for i, row := range rows {
		for j, t := range v.paper.Active() {
			if cell := b.Rows[i].Cells[j]; cell.State == "stale" {
				stale[row.Cells[t].Edition] = cell.Href
			}
		}
	}
	langs := map[correction.ID][]string{}
	var missing []correction.Debt
	for _, x := range owed {
		c := x.Card
		if said[c.Edition] || !actor.May(a, actor.Translate, actor.Scope{Lang: c.Lang, Section: string(c.Section)}) {
			continue
		}
		if said[c.Edition] = true; langs[x.Correction] == nil {
			missing = append(missing, x)
		}
		langs[x.Correction] = append(langs[x.Correction], c.Lang.NameIn(v.tag))
	}
	var out []need
	for _, x := range missing {
		href, ok := stale[x.Card.Edition]
		if !ok {
			href = "/desk/editions/" + string(x.Card.Edition)
		}
		out = append(out, need{
			Tone: "amber", Icon: "warning", Href: href, What: v.words.T("desk.needs.correction"),
			When: v.ago(x.At), Where: x.Card.Headline + ", " + v.tag.List(langs[x.Correction]),
		})
	}
	return out
}

// turns takes n from the lists: the first of each, then the second of each, and shows them list by list.
func turns(n int, lists ...[]need) []need {
	taken := make([]int, len(lists))
	for more := true; more; {
		more = false
		for i, list := range lists {
			if n > 0 && taken[i] < len(list) {
				taken[i]++
				n--
				more = true
			}
		}
	}
	var out []need
	for i, list := range lists {
		out = append(out, list[:taken[i]]...)
	}
	return out
}
