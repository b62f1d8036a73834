package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/engine"
	"depesche/internal/problem"
	"depesche/internal/web"
)

func choose(name string) error {
	var f problem.Fields
	f.Add(name, "problem.choice", "")
	return f.Err()
}

// engineView is the form of an engine, and what it made of a sentence.
type engineView struct {
	frame
	Action, Delete, Kind, KindWord     string
	Version                            int64
	Name, Price, Quota, Period, Active field
	Settings                           []field
	Key, KeyChange                     *field
	From, To, Sentence                 field
	Tried                              *engineTried
	Files                              bool // what it works with is put in on the server
}

type engineTried struct{ Text, Lang, Dir, About, Trouble, Do, Reason string }

func (d *Desk) engineOf(r *http.Request) (engine.Installed, error) {
	if err := allow(r, actor.EditSettings, actor.Scope{}); err != nil {
		return engine.Installed{}, err
	}
	if r.PathValue("id") != "new" {
		return d.Engines.ByID(r.Context(), engine.ID(r.PathValue("id")))
	}
	e := engine.Installed{Kind: r.FormValue("kind"), Enabled: true, Period: engine.Month, Settings: map[string]string{}}
	kind, ok := d.Engines.Kind(e.Kind)
	if !ok {
		return e, notFound()
	}
	for _, f := range kind.Fields {
		if f.Default != "" {
			e.Settings[f.Name] = f.Default
		}
	}
	return e, nil
}

func (d *Desk) engineForm(w http.ResponseWriter, r *http.Request) error {
	e, err := d.engineOf(r)
	if err != nil {
		return err
	}
	return d.showEngine(w, r, e, nil, nil)
}

func (d *Desk) showEngine(w http.ResponseWriter, r *http.Request, e engine.Installed, tried *engineTried, refused error) error {
	title := "=" + e.Name
	if e.ID == "" {
		title = "desk.engines.new"
	}
	v := engineView{frame: d.frame(r, title, "/desk/topics"), Action: "/desk/engines/new", Version: e.Version, Kind: e.Kind, Tried: tried}
	d.settingsNav(&v.frame, r, "/desk/engines")
	v.setErrors(refused)
	wt := v.words.T
	v.KindWord = v.engineKind(e.Kind)
	v.Name = field{ID: "name", Label: wt("desk.name"), Type: "text", Value: e.Name, Required: true, Hint: wt("desk.engines.name_hint")}.with(v.Errors)
	kind, _ := d.Engines.Kind(e.Kind) // one that this Depesche no longer knows has no fields
	for _, f := range kind.Fields {
		v.Settings = append(v.Settings, v.engineField(f, e.Settings[f.Name]).with(v.Errors))
	}
	v.Files = kind.Files
	v.engineKey(kind.Key, e, d.Engines.Opens(e))
	v.Price = textField("price", wt("desk.engines.price"), money(e.Price)).with(v.Errors)
	v.Price.Hint, v.Price.Optional = wt("desk.engines.price_hint"), true
	v.Quota = textField("quota", wt("desk.engines.quota"), positive(e.Quota)).with(v.Errors)
	v.Quota.Hint, v.Quota.Optional = wt("desk.engines.quota_hint"), true
	v.Period = selectField("period", wt("desk.engines.period"), string(e.Period), []choice{{Value: "month", Word: wt("desk.engines.month")}, {Value: "day", Word: wt("desk.engines.day")}})
	v.Active = checkField("enabled", wt("desk.engines.enabled"), nil, []choice{{Value: "1", Word: wt("desk.engines.enabled_hint"), On: e.Enabled}})
	v.Active.Choices[0].On = e.Enabled
	if e.ID != "" {
		v.Action = "/desk/engines/" + string(e.ID)
		v.Delete = v.Action + "/delete"
		v.engineTry(r)
	}
	return d.show(w, r, statusOf(refused), "engine", v)
}

func (v *engineView) engineField(f engine.Field, value string) field {
	label := f.Name
	if key := "desk.engines.field." + f.Name; v.words.Has(key) {
		label = v.words.T(key)
	}
	id := "setting." + f.Name
	out := textField(id, label, value)
	switch f.Type {
	case engine.URLField:
		out.Type = "url"
	case engine.CheckField:
		out = checkField(id, label, nil, []choice{{Value: "1", Word: v.words.T("desk.engines.yes")}})
		out.Choices[0].On = value != ""
	case engine.ChoiceField:
		var list []choice
		if !f.Required {
			list = append(list, choice{Word: v.words.T("desk.engines.default")})
		}
		for _, o := range f.Options {
			if word := "desk.engines.option." + o; v.words.Has(word) {
				list = append(list, choice{Value: o, Word: v.words.T(word)})
			} else if o != "" {
				list = append(list, choice{Value: o, Word: o})
			}
		}
		out = selectField(id, label, value, list)
	}
	out.Required, out.Optional = f.Required && f.Type != engine.CheckField, !f.Required && f.Type != engine.CheckField
	return out
}

// engineKey asks for a key. One that is there is never shown: it is kept, replaced or taken away.
func (v *engineView) engineKey(use engine.KeyUse, e engine.Installed, opens bool) {
	if use == engine.KeyNone {
		return
	}
	wt := v.words.T
	key := field{ID: "key", Label: wt("desk.engines.key"), Type: "password", Auto: "off", Optional: use == engine.KeyOptional, Required: use >= engine.KeyRequired && !e.HasKey}
	if use == engine.KeyLong {
		key.Type, key.Rows = "textarea", 6
	}
	if e.HasKey {
		key.Label, key.Hint, key.Optional = wt("desk.engines.key_new"), wt("desk.engines.key_set"), true
		if use == engine.KeyOptional {
			drop := checkField("drop_key", wt("desk.engines.key"), nil, []choice{{Value: "1", Word: wt("desk.engines.key_drop")}})
			v.KeyChange = &drop
		}
	}
	if !opens {
		key.Hint = wt("desk.engines.trouble.sealed") + ". " + wt("desk.engines.do.sealed")
	}
	key = key.with(v.Errors)
	v.Key = &key
}

func (v *engineView) engineTry(r *http.Request) {
	langs := langChoices(v.tag, v.paper.Active())
	from, to := value(r, "from"), value(r, "to")
	if from == "" {
		from = v.paper.MainLang.String()
	}
	if to == "" {
		for _, t := range v.paper.Active() {
			if t.String() != from {
				to = t.String()
				break
			}
		}
	}
	v.From = selectField("from", v.words.T("desk.engines.from"), from, langs)
	v.To = selectField("to", v.words.T("desk.engines.to"), to, langs).with(v.Errors)
	v.Sentence = textField("sentence", v.words.T("desk.engines.sentence"), value(r, "sentence")).with(v.Errors)
	v.Sentence.Required = true
}

func money(n int64) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

func positive(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// amount reads a number of characters, with spaces, points or commas between the thousands.
func amount(s string) int64 {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ".", "", ",", "", "'", "", "’", "").Replace(s)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (d *Desk) saveEngine(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	e, err := d.engineOf(r)
	if err != nil {
		return err
	}
	e.Version, e.Name, e.Enabled, e.Period = number(r, "version"), value(r, "name"), value(r, "enabled") != "", engine.Period(value(r, "period"))
	e.Price, e.Quota = cents(value(r, "price")), amount(value(r, "quota"))
	kind, _ := d.Engines.Kind(e.Kind)
	e.Settings = map[string]string{}
	for _, f := range kind.Fields {
		e.Settings[f.Name] = value(r, "setting."+f.Name)
	}
	var key *string
	if k := value(r, "key"); k != "" {
		key = &k
	} else if value(r, "drop_key") != "" {
		key = &k
	}
	if _, err := d.Engines.Save(r.Context(), who(r), e, key); err != nil {
		if userError(err) {
			return d.showEngine(w, r, e, nil, err)
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", e.Name)
	return web.SeeOther(w, r, "/desk/engines")
}

// longestTried is how long a sentence may be, in characters.
const longestTried = 300

func (d *Desk) tryEngine(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	e, err := d.engineOf(r)
	if err != nil {
		return err
	}
	if e.ID == "" {
		return notFound()
	}
	pair, err := d.pairTyped(r)
	text := []rune(value(r, "sentence"))
	if err == nil && (len(text) == 0 || len(text) > longestTried) {
		var f problem.Fields
		if f.Add("sentence", "problem.required", ""); len(text) > 0 {
			f = problem.Fields{}
			f.Add("sentence", "problem.too_long", "", "n", longestTried)
		}
		err = f.Err()
	}
	if err != nil {
		return d.showEngine(w, r, e, nil, err)
	}
	got, err := d.Engines.Try(r.Context(), who(r), e.ID, pair, string(text))
	f := d.frame(r, "desk.nav.engines", "")
	tried := engineTried{Text: got.Text, Lang: pair.To.String(), Dir: pair.To.Dir(), About: got.Model}
	var t *engine.Error
	switch {
	case errors.As(err, &t):
		tried = engineTried{Trouble: f.troubleWord(t.Trouble), Do: f.words.T("desk.engines.do." + string(t.Trouble))}
		if t.Err != nil {
			tried.Reason = t.Err.Error()
		}
	case err != nil:
		return err
	case got.Through != "":
		tried.About = strings.TrimSpace(tried.About + " " + f.words.T("desk.engines.through", "lang", got.Through.NameIn(f.tag)))
	}
	return d.showEngine(w, r, e, &tried, nil)
}

func (d *Desk) askEngine(w http.ResponseWriter, r *http.Request, refused error) error {
	e, err := d.engineOf(r)
	if err != nil {
		return err
	}
	if e.ID == "" {
		return notFound()
	}
	return d.removal(w, r, refused, e.Name, "/desk/topics", "desk.delete.engine", "desk.engines.delete", "/desk/engines/"+string(e.ID), e.Version)
}

func (d *Desk) deleteEngine(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := d.Engines.Remove(r.Context(), who(r), engine.ID(r.PathValue("id"))); err != nil {
		return err
	}
	d.say(w, "desk.said.deleted")
	return web.SeeOther(w, r, "/desk/engines")
}
