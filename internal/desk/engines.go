package desk

import (
	"net/http"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/engine"
	"depesche/internal/lang"
	"depesche/internal/web"
)

// enginesView lists the paper's engines, and the orders in which they are asked.
type enginesView struct {
	frame
	Rows     []engineRow
	Add      []navItem
	Orders   []engineOrder
	From, To field
}

type engineRow struct {
	ID, Name, Kind, State, Tone, Do, Reason, Where string
	Used, Of, Cost                                 string
	Percent                                        int64 // of the quota, -1 without one
	Off                                            bool
}

// engineOrder is who is asked first, and who isn't at all, for a pair or, with Pair "", for all others.
type engineOrder struct {
	Pair, Word    string
	Rows, LeftOut []namesRow
}

func (d *Desk) engines(w http.ResponseWriter, r *http.Request) error {
	return d.showEngines(w, r, nil)
}

func (d *Desk) showEngines(w http.ResponseWriter, r *http.Request, refused error) error {
	if err := allow(r, actor.EditSettings, actor.Scope{}); err != nil {
		return err
	}
	list, err := d.Engines.All(r.Context())
	if err != nil {
		return err
	}
	v := enginesView{frame: d.frame(r, "desk.nav.engines", "/desk/topics")}
	d.settingsNav(&v.frame, r, "/desk/engines")
	v.setErrors(refused)
	for _, s := range list {
		v.Rows = append(v.Rows, v.engineRow(s))
	}
	for _, kind := range d.Engines.Kinds() {
		v.Add = append(v.Add, navItem{Href: "/desk/engines/new?kind=" + kind, Word: v.engineKind(kind)})
	}
	if len(list) > 0 {
		if v.Orders, err = d.engineOrders(r, &v.frame); err != nil {
			return err
		}
	}
	langs := langChoices(v.tag, v.paper.Active())
	v.From = selectField("from", v.words.T("desk.engines.from"), v.paper.MainLang.String(), langs).with(v.Errors)
	v.To = selectField("to", v.words.T("desk.engines.to"), "", langs).with(v.Errors)
	return d.show(w, r, statusOf(refused), "engines", v)
}

// engineRow tells what is known of an engine in words.
func (f *frame) engineRow(s engine.State) engineRow {
	wt := f.words.T
	row := engineRow{ID: string(s.ID), Name: s.Name, Kind: f.engineKind(s.Kind), Percent: -1, Off: !s.Enabled, Where: wt("desk.engines.stays")}
	switch {
	case s.Unmade:
		row.Where = ""
	case s.Info.Leaves:
		row.Where = wt("desk.engines.leaves")
	}
	switch h := s.Health; {
	case h.Trouble != "":
		row.State, row.Tone = f.troubleWord(h.Trouble), "signal"
		row.Do, row.Reason = wt("desk.engines.do."+string(h.Trouble)), h.Reason
		if h.Rest != nil && h.Rest.After(f.now) {
			row.Do += " " + wt("desk.engines.rests", "time", f.at(*h.Rest))
		}
		if h.Trace != "" {
			row.Reason += " (" + h.Trace + ")"
		}
	case s.Bare:
		row.State, row.Tone, row.Do = wt("desk.engines.bare"), "amber", wt("desk.engines.files")
	case s.Quota > 0 && s.Used >= s.Quota:
		row.State, row.Tone, row.Do = wt("desk.engines.used_up"), "amber", wt("desk.engines.used_up_do")
	case h.Worked != nil:
		row.State = wt("desk.engines.works", "time", f.ago(*h.Worked))
	default:
		row.State = wt("desk.engines.untried")
	}
	row.Used = wt("desk.engines.characters", "n", s.Characters, "number", f.tag.Number(s.Characters))
	if s.Quota > 0 {
		row.Percent = min(s.Used*100/s.Quota, 100)
		word := "desk.engines.of_month"
		if s.Period == engine.Day {
			word = "desk.engines.of_day"
		}
		row.Of = wt(word, "used", f.tag.Number(s.Used), "quota", f.tag.Number(s.Quota))
	}
	if s.Cost > 0 {
		row.Cost = wt("desk.engines.cost", "sum", f.tag.Decimal(float64(s.Cost)/1e8, 2))
	}
	return row
}

func (f *frame) troubleWord(t engine.Trouble) string {
	return f.words.T("desk.engines.trouble." + string(t))
}

// engineKind is what a kind is called; one that has no word is called by its name.
func (f *frame) engineKind(kind string) string {
	if key := "desk.engines.kind." + kind; f.words.Has(key) {
		return f.words.T(key)
	}
	return kind
}

func (d *Desk) engineOrders(r *http.Request, f *frame) ([]engineOrder, error) {
	own, err := d.Engines.Orders(r.Context())
	if err != nil {
		return nil, err
	}
	var out []engineOrder
	for _, pair := range append([]string{""}, own...) {
		order, err := d.Engines.Order(r.Context(), d.DB.Read(), pair)
		if err != nil {
			return nil, err
		}
		if pair == "" && len(order.Engines) < 2 {
			continue
		}
		o := engineOrder{Pair: pair, Word: f.words.T("desk.engines.order_all")}
		if pair != "" {
			o.Word = pair
			if p, ok := engine.ParsePair(pair, f.languages()); ok {
				o.Word = p.From.NameIn(f.tag) + " → " + p.To.NameIn(f.tag)
			}
		}
		o.Rows, o.LeftOut = f.ordered(order.Engines), f.ordered(order.LeftOut)
		out = append(out, o)
	}
	return out, nil
}

func (f *frame) ordered(list []engine.Installed) []namesRow {
	var out []namesRow
	for i, e := range list {
		row := namesRow{ID: string(e.ID), Name: e.Name, First: i == 0, Last: i == len(list)-1}
		if !e.Enabled {
			row.Tag = f.words.T("desk.engines.off")
		}
		out = append(out, row)
	}
	return out
}

// languages are all of the paper's, those that it no longer appears in as well.
func (f *frame) languages() []lang.Tag {
	var out []lang.Tag
	for _, l := range f.paper.Languages {
		out = append(out, l.Tag)
	}
	return out
}

func (d *Desk) moveEngine(w http.ResponseWriter, r *http.Request) error {
	return d.reorderEngines(w, r, func(pair string, id engine.ID) error {
		return d.Engines.Move(r.Context(), who(r), pair, id, direction(r))
	})
}

func (d *Desk) leaveEngineOut(w http.ResponseWriter, r *http.Request) error {
	return d.reorderEngines(w, r, func(pair string, id engine.ID) error { return d.Engines.LeaveOut(r.Context(), who(r), pair, id) })
}

func (d *Desk) takeEngineIn(w http.ResponseWriter, r *http.Request) error {
	return d.reorderEngines(w, r, func(pair string, id engine.ID) error { return d.Engines.TakeIn(r.Context(), who(r), pair, id) })
}

func (d *Desk) removeEngineOrder(w http.ResponseWriter, r *http.Request) error {
	return d.reorderEngines(w, r, func(pair string, _ engine.ID) error { return d.Engines.CommonOrder(r.Context(), who(r), pair) })
}

// reorderEngines changes the order of a pair and goes back to the orders.
func (d *Desk) reorderEngines(w http.ResponseWriter, r *http.Request, change func(pair string, id engine.ID) error) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := change(value(r, "pair"), engine.ID(r.PathValue("id"))); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/engines#order")
}

// pairTyped is the pair of a form. It complains where it isn't two languages of the paper.
func (d *Desk) pairTyped(r *http.Request) (engine.Pair, error) {
	f := d.frame(r, "desk.nav.engines", "")
	p, ok := engine.ParsePair(value(r, "from")+"-"+value(r, "to"), f.languages())
	if !ok {
		return p, choose("to")
	}
	return p, nil
}

func (d *Desk) addEngineOrder(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	p, err := d.pairTyped(r)
	if err == nil {
		err = d.Engines.OwnOrder(r.Context(), who(r), p)
	}
	if err != nil {
		if userError(err) {
			return d.showEngines(w, r, err)
		}
		return err
	}
	return web.SeeOther(w, r, "/desk/engines#order")
}

// cents reads a sum as people type it: "20", "20.5", "20,50". -1 is none.
func cents(s string) int64 {
	whole, part, _ := strings.Cut(strings.ReplaceAll(s, ",", "."), ".")
	if whole == "" && part == "" {
		return 0
	}
	if len(part) > 2 || len(whole) > 9 {
		return -1
	}
	n := int64(0)
	for _, c := range whole + (part + "00")[:2] {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
