package desk

import (
	"net/http"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/web"
)

type settingsView struct {
	frame
	Version                           int64
	MayEdit                           bool
	Name, MainLang, TimeZone, BaseURL field
	Languages                         []langSettings
	AddLang, Fonts, EmbedHosts        field
	Colours                           []field
	Reports                           field
}

type langSettings struct {
	Tag, Name                string
	Active, PaperName, About field
	MachineOut               field // may text go out that no person has checked
}

// lookFields are the colours that a paper may replace, in the order of the form.
var lookFields = []struct {
	id, label string
	at        func(*publication.Look) *string
}{
	{"accent", "desk.settings.accent", func(l *publication.Look) *string { return &l.Accent }},
	{"accent2", "desk.settings.accent2", func(l *publication.Look) *string { return &l.Accent2 }},
	{"wash", "desk.settings.wash", func(l *publication.Look) *string { return &l.Wash }},
	{"accent_dark", "desk.settings.accent_dark", func(l *publication.Look) *string { return &l.AccentDark }},
	{"accent2_dark", "desk.settings.accent2_dark", func(l *publication.Look) *string { return &l.Accent2Dark }},
	{"wash_dark", "desk.settings.wash_dark", func(l *publication.Look) *string { return &l.WashDark }},
}

func (d *Desk) settingsForm(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditSettings, actor.Scope{}); err != nil {
		return err
	}
	p, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	return d.showSettings(w, r, http.StatusOK, p, nil)
}

func (d *Desk) showSettings(w http.ResponseWriter, r *http.Request, status int, p publication.Paper, err error) error {
	v := settingsView{frame: d.frame(r, "desk.nav.paper", "/desk/topics"), Version: p.Version, MayEdit: true}
	d.settingsNav(&v.frame, r, "/desk/settings")
	v.setErrors(err)
	wt := v.words.T
	all := make([]lang.Tag, 0, len(p.Languages))
	for _, l := range p.Languages {
		all = append(all, l.Tag)
		active := checkField("active."+l.Tag.String(), wt("desk.settings.published_in"), nil, []choice{{Value: "1", Word: wt("desk.settings.active"), On: l.Active}})
		active.Choices[0].On = l.Active
		paperName := textField("name."+l.Tag.String(), wt("desk.settings.name_in"), l.Name).in(l.Tag).with(v.Errors)
		paperName.Optional = true
		about := textField("about."+l.Tag.String(), wt("desk.settings.about"), l.About).in(l.Tag).with(v.Errors)
		about.Hint, about.Optional = wt("desk.settings.about_hint"), true
		machine := checkField("machine."+l.Tag.String(), wt("desk.settings.machine"), nil, []choice{{Value: "1", Word: wt("desk.settings.machine_out"), Hint: wt("desk.settings.machine_hint")}})
		machine.Choices[0].On = l.MachineOut
		v.Languages = append(v.Languages, langSettings{Tag: l.Tag.String(), Name: l.Tag.OwnName(), Active: active, PaperName: paperName, About: about, MachineOut: machine})
	}
	v.Name = field{ID: "name", Label: wt("desk.setup.name"), Type: "text", Value: p.Name, Required: true}.with(v.Errors)
	v.MainLang = selectField("main", wt("desk.setup.main"), p.MainLang.String(), langChoices(v.tag, all)).with(v.Errors)
	v.TimeZone = textField("zone", wt("desk.setup.zone"), p.TimeZone).with(v.Errors)
	v.TimeZone.Hint = wt("desk.setup.zone_hint")
	v.BaseURL = field{ID: "base", Label: wt("desk.setup.base"), Type: "url", Value: p.BaseURL, Hint: wt("desk.setup.base_hint")}.with(v.Errors)
	more := []choice{{Word: wt("desk.settings.no_more")}}
	for _, c := range langChoices(v.tag, allLanguages(v.tag)) {
		if !contains(tagStrings(all), c.Value) {
			more = append(more, c)
		}
	}
	v.AddLang = selectField("add", wt("desk.settings.add_lang"), "", more)
	for _, c := range lookFields {
		f := textField(c.id, wt(c.label), *c.at(&p.Look)).with(v.Errors)
		f.Optional = true
		v.Colours = append(v.Colours, f)
	}
	v.Fonts = checkField("system_fonts", wt("desk.settings.fonts"), nil, []choice{{Value: "1", Word: wt("desk.settings.system_fonts")}})
	v.Fonts.Choices[0].On = p.Look.SystemFonts
	v.Reports = checkField("reports", wt("desk.settings.reports"), nil, []choice{{Value: "1", Word: wt("desk.settings.reports_on"), Hint: wt("desk.settings.reports_hint")}})
	v.Reports.Choices[0].On = p.ErrorReports
	v.EmbedHosts = areaField("embeds", wt("desk.settings.embed_hosts"), strings.Join(p.EmbedHosts, "\n"), 4).with(v.Errors)
	v.EmbedHosts.Hint = wt("desk.settings.embed_hint")
	return d.show(w, r, status, "settings", v)
}

func (d *Desk) saveSettings(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := allow(r, actor.EditSettings, actor.Scope{}); err != nil {
		return err
	}
	p, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	p.Version, p.Name, p.MainLang = number(r, "version"), value(r, "name"), lang.Tag(value(r, "main"))
	p.TimeZone, p.BaseURL = value(r, "zone"), strings.TrimRight(value(r, "base"), "/")
	languages := append([]publication.Language(nil), p.Languages...)
	for i, l := range languages {
		languages[i].Active = value(r, "active."+l.Tag.String()) != ""
		languages[i].MachineOut = value(r, "machine."+l.Tag.String()) != ""
		languages[i].Name, languages[i].About = value(r, "name."+l.Tag.String()), value(r, "about."+l.Tag.String())
	}
	if t, err := lang.Parse(value(r, "add")); err == nil && value(r, "add") != "" {
		languages = append(languages, publication.Language{Tag: t, Active: true})
	}
	p.Languages = languages
	for _, c := range lookFields {
		*c.at(&p.Look) = value(r, c.id)
	}
	p.Look.SystemFonts = value(r, "system_fonts") != ""
	p.ErrorReports = value(r, "reports") != ""
	p.EmbedHosts = strings.Fields(value(r, "embeds"))
	if _, err := d.Publication.SavePaper(r.Context(), who(r), p); err != nil {
		if userError(err) {
			return d.showSettings(w, r, statusOf(err), p, err)
		}
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/settings")
}

// ---- static pages

type pagesView struct {
	frame
	MayEdit bool
	Rows    []pageRow
}

type pageRow struct{ ID, Lang, LangName, Title, Key, Foot string }

func (d *Desk) pages(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditPages, actor.Scope{}); err != nil {
		return err
	}
	list, err := d.Publication.AllPages(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	v := pagesView{frame: d.frame(r, "desk.nav.pages", "/desk/topics"), MayEdit: true}
	d.settingsNav(&v.frame, r, "/desk/pages")
	for _, p := range list {
		row := pageRow{ID: string(p.ID), Lang: p.Lang.String(), LangName: p.Lang.NameIn(v.tag), Title: p.Title, Key: v.pageKey(p.Key)}
		if p.Footer {
			row.Foot = v.words.T("desk.static.footer")
		}
		v.Rows = append(v.Rows, row)
	}
	return d.show(w, r, http.StatusOK, "pages", v)
}

var pageKeys = []string{"imprint", "about", "how", "privacy", "contact"}

func (f *frame) pageKey(key string) string {
	if contains(pageKeys, key) {
		return f.words.T("desk.static.key." + key)
	}
	return key
}

// staticPage finds the page of the address; "new" is an empty one.
func (d *Desk) staticPage(r *http.Request) (publication.Page, error) {
	if r.PathValue("id") == "new" {
		return publication.Page{Footer: true}, nil
	}
	list, err := d.Publication.AllPages(r.Context(), d.DB.Read())
	if err != nil {
		return publication.Page{}, err
	}
	for _, p := range list {
		if string(p.ID) == r.PathValue("id") {
			return p, nil
		}
	}
	return publication.Page{}, notFound()
}

func (d *Desk) pageForm(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditPages, actor.Scope{}); err != nil {
		return err
	}
	p, err := d.staticPage(r)
	if err != nil {
		return err
	}
	text := ""
	if len(p.Body) > 0 {
		doc, err := document.Parse(p.Body)
		if err != nil {
			return err
		}
		text = blocksMarkdown(doc.Blocks)
	}
	return d.showPage(w, r, http.StatusOK, p, text, nil)
}

func blocksMarkdown(blocks []document.Block) string {
	parts := make([]string, len(blocks))
	for i, b := range blocks {
		parts[i] = document.BlockMarkdown(b)
	}
	return strings.Join(parts, "\n\n")
}

func (d *Desk) showPage(w http.ResponseWriter, r *http.Request, status int, p publication.Page, text string, err error) error {
	title := "desk.static.new"
	if p.ID != "" {
		title = "=" + p.Title
	}
	v := d.namedView(r, title, "/desk/pages", p.Version)
	v.setErrors(err)
	v.MayEdit = true
	wt := v.words.T
	keys := wordChoices(&v.frame, "desk.static.key.", pageKeys)
	if p.Key != "" && !contains(pageKeys, p.Key) {
		keys = append(keys, choice{Value: p.Key, Word: p.Key})
	}
	t := p.Lang
	if t == "" {
		t = v.paper.MainLang
	}
	body := areaField("body", wt("desk.static.body"), text, 20).in(t).with(v.Errors)
	body.Serif, body.Hint = true, wt("desk.plain.more_hint")
	slug := textField("slug", wt("desk.slug"), p.Slug).with(v.Errors)
	slug.Hint = wt("desk.slug_hint")
	v.Fields = []field{
		selectField("lang", wt("desk.language"), t.String(), langChoices(v.tag, v.paper.Active())).with(v.Errors),
		selectField("key", wt("desk.static.key"), p.Key, keys).with(v.Errors),
		textField("title", wt("desk.static.title"), p.Title).in(t).with(v.Errors),
		slug, body,
	}
	foot := checkField("footer", wt("desk.static.footer"), nil, []choice{{Value: "1", Word: wt("desk.static.footer_hint")}})
	foot.Choices[0].On = p.Footer
	v.Active = &foot
	if p.ID != "" {
		v.Delete, v.DeleteWord = "/desk/pages/"+string(p.ID)+"/delete", wt("desk.static.delete")
	}
	return d.show(w, r, status, "named", v)
}

func (d *Desk) savePage(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := allow(r, actor.EditPages, actor.Scope{}); err != nil {
		return err
	}
	p, err := d.staticPage(r)
	if err != nil {
		return err
	}
	text := unixLines(r.PostFormValue("body"))
	p.Version, p.Lang, p.Key = number(r, "version"), lang.Tag(value(r, "lang")), value(r, "key")
	p.Title, p.Slug, p.Footer = value(r, "title"), value(r, "slug"), value(r, "footer") != ""
	if p.Slug == "" {
		p.Slug = p.Lang.Slug(p.Title, 60)
	}
	blocks, err := document.ParseMarkdown(text, func() document.ID { return document.ID(id.New(d.Clock.Now())) })
	if err == nil {
		p.Body, err = document.Doc{Headline: p.Title, Blocks: blocks}.Encode()
	} else {
		var wrong problem.Fields
		unreadable(&wrong, "body", text, err)
		err = wrong.Err()
	}
	if err == nil {
		p, err = d.Publication.SavePage(r.Context(), who(r), p)
	}
	if err != nil {
		if userError(err) {
			return d.showPage(w, r, statusOf(err), p, text, documentFields(err, pageField))
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", p.Title)
	return web.SeeOther(w, r, "/desk/pages")
}

// pageField is the field of a static page's form that an address of its document stands in.
func pageField(a document.Address) string {
	if a == document.AddrHeadline {
		return "title"
	}
	return "body"
}

func (d *Desk) deletePage(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := allow(r, actor.EditPages, actor.Scope{}); err != nil {
		return err
	}
	if err := d.Publication.DeletePage(r.Context(), who(r), publication.PageID(r.PathValue("id")), number(r, "version")); err != nil {
		if userError(err) {
			return d.askPage(w, r, err)
		}
		return err
	}
	d.say(w, "desk.said.deleted")
	return web.SeeOther(w, r, "/desk/pages")
}
