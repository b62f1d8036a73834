package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"depesche/internal/audit"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/register"
	"depesche/internal/web"
)

// registerEntryView is the form of one entry.
type registerEntryView struct {
	namedView
	Words                      []registerWord
	State, Amends, ApproveHref string
	ID, Changed                string
	Changes                    []registerChange
}

// registerWord is a language's part of the form.
type registerWord struct {
	namedText
	Proposals []registerProposal
}

// registerProposal is a spelling that a rule proposes, and what takes it into the form.
type registerProposal struct{ Text, Lang, Note, Word, Value string }

// registerChange is who did what.
type registerChange struct{ ISO, Time, Who, Act string }

func (d *Desk) registerEntry(r *http.Request) (register.Entry, error) {
	if r.PathValue("id") == "new" {
		return register.Entry{Kind: register.Person, State: register.Approved, Words: map[lang.Tag]register.Word{}}, nil
	}
	return d.Register.ByID(r.Context(), d.DB.Read(), register.ID(r.PathValue("id")))
}

func (d *Desk) registerForm(w http.ResponseWriter, r *http.Request) error {
	e, err := d.registerEntry(r)
	if err != nil {
		return err
	}
	return d.showEntry(w, r, http.StatusOK, e, nil)
}

func (d *Desk) showEntry(w http.ResponseWriter, r *http.Request, status int, e register.Entry, wrong error) error {
	title := "register.new"
	if e.ID != "" {
		title = "=" + e.Title(d.uiLang(r), "")
	}
	v := registerEntryView{namedView: d.namedView(r, title, "/desk/register", e.Version), ID: string(e.ID)}
	v.setErrors(wrong)
	v.MayEdit = register.MayPropose(who(r))
	kinds := wordChoices(&v.frame, "register.kind.", register.Kinds)
	note := textField("note", v.words.T("register.note"), e.Note).with(v.Errors)
	note.Hint, note.Optional = v.words.T("register.note_hint"), true
	keep := checkField("keep", v.words.T("register.keep"), nil, []choice{{Value: "1", Word: v.words.T("register.keep_hint")}})
	keep.Choices[0].On = e.Keep
	v.Fields, v.Active = []field{selectField("kind", v.words.T("register.kind"), string(e.Kind), kinds).with(v.Errors), note}, &keep
	for _, t := range v.entryLangs(e) {
		v.Words = append(v.Words, v.word(e, t))
	}
	if e.ID != "" {
		if err := d.entryActs(r.Context(), r, &v, e); err != nil {
			return err
		}
	}
	return d.show(w, r, status, "register_entry", v)
}

// entryLangs are the paper's languages, and those that the entry has beside them.
func (v *registerEntryView) entryLangs(e register.Entry) []lang.Tag {
	langs := slices.Clone(v.paper.Active())
	for _, t := range e.Langs() {
		if !slices.Contains(langs, t) {
			langs = append(langs, t)
		}
	}
	return langs
}

func (v *registerEntryView) word(e register.Entry, t lang.Tag) registerWord {
	word, at := e.Words[t], "."+t.String()
	hinted := func(f field, hint string) field {
		f.Hint, f.Optional = hint, true
		return f.with(v.Errors)
	}
	var never []string
	for _, f := range word.Forbidden {
		line := f.Text
		if f.Reason != "" {
			line += " :: " + f.Reason
		}
		never = append(never, line)
	}
	genders := []choice{}
	for _, g := range register.Genders {
		key := string(g)
		if g == register.Unknown {
			key = "none"
		}
		genders = append(genders, choice{Value: string(g), Word: v.words.T("register.gender." + key)})
	}
	forms := v.words.T("register.forms_hint")
	if made := register.ProposeForms(t, e.Kind, word); len(made) > 0 {
		forms += ". " + v.words.T("register.rules", "forms", strings.Join(made[:min(len(made), 12)], ", "))
	}
	w := registerWord{namedText: namedText{Tag: t.String(), Name: t.OwnName(), Fields: []field{
		textField("spelling"+at, v.words.T("register.spelling"), word.Text).in(t).with(v.Errors),
		selectField("gender"+at, v.words.T("register.gender"), string(word.Gender), genders).with(v.Errors),
		hinted(areaField("forms"+at, v.words.T("register.forms"), strings.Join(word.Forms, "\n"), 2).in(t), forms),
		hinted(areaField("others"+at, v.words.T("register.others"), strings.Join(word.Others, "\n"), 2).in(t), v.words.T("register.others_hint")),
		hinted(areaField("forbidden"+at, v.words.T("register.forbidden"), strings.Join(never, "\n"), 2).in(t), v.words.T("register.forbidden_hint", "sign", "::")),
		hinted(textField("remark"+at, v.words.T("register.remark"), word.Remark), ""),
	}}}
	if word.Text == "" && v.MayEdit {
		for _, p := range register.Propose(e, t) {
			norm := string(p.Norm)
			if norm == "" {
				norm = v.words.T("register.letters")
			}
			w.Proposals = append(w.Proposals, registerProposal{Text: p.Text, Lang: t.String(), Note: norm + ", " + p.From.NameIn(v.tag),
				Word: v.words.T("register.take", "text", p.Text), Value: t.String() + "=" + p.Text})
		}
	}
	return w
}

// entryActs are what may be done with an entry that is there, and what was.
func (d *Desk) entryActs(ctx context.Context, r *http.Request, v *registerEntryView, e register.Entry) error {
	here := "/desk/register/" + string(e.ID)
	v.State = v.words.T("register.state." + string(e.State))
	if e.Amends != "" {
		v.Amends = "/desk/register/" + string(e.Amends)
	}
	if e.State == register.Proposed && register.MayEdit(who(r)) {
		v.ApproveHref = here + "/approve"
	}
	if register.MayDelete(who(r), e) {
		v.Delete, v.DeleteWord = here+"/delete", v.words.T("register.delete")
	}
	staff, err := d.People.Staff(ctx)
	if err != nil {
		return err
	}
	names := auditNames{Desk: d, f: &v.frame, staff: map[string]string{}}
	for _, s := range staff {
		names.staff[string(s.ID)] = s.Name
	}
	v.Changed = v.words.T("register.changed", "who", names.who(e.ChangedBy), "time", v.exactly(e.Changed))
	log, err := audit.List(ctx, d.DB.Read(), "register:"+string(e.ID), 20, "")
	if err != nil {
		return err
	}
	for _, l := range log {
		v.Changes = append(v.Changes, registerChange{ISO: iso(l.At), Time: v.exactly(l.At), Who: names.who(l.Actor), Act: auditWord(v.words, l.Act)})
	}
	return nil
}

// readEntry puts the form into e.
func readEntry(r *http.Request, e *register.Entry, langs []lang.Tag) {
	e.Kind, e.Note, e.Keep, e.Version = register.Kind(value(r, "kind")), value(r, "note"), value(r, "keep") != "", number(r, "version")
	for _, t := range langs {
		at := "." + t.String()
		w := register.Word{Text: value(r, "spelling"+at), Gender: register.Gender(value(r, "gender"+at)), Forms: lines(r, "forms"+at), Others: lines(r, "others"+at), Remark: value(r, "remark"+at)}
		for _, line := range lines(r, "forbidden"+at) {
			text, reason, _ := strings.Cut(line, "::")
			w.Forbidden = append(w.Forbidden, register.Forbidden{Text: text, Reason: reason})
		}
		e.Words[t] = w
	}
}

func lines(r *http.Request, name string) (out []string) {
	for line := range strings.Lines(value(r, name)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (d *Desk) saveRegisterEntry(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	e, err := d.registerEntry(r)
	if err != nil {
		return err
	}
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	v := registerEntryView{namedView: namedView{frame: frame{paper: paper}}}
	readEntry(r, &e, v.entryLangs(e))
	if take := value(r, "take"); take != "" { // a proposal is taken into the form, and nothing is stored yet
		tag, text, _ := strings.Cut(take, "=")
		if t, err := lang.Parse(tag); err == nil {
			word := e.Words[t]
			word.Text = text
			if word.Gender == register.Unknown {
				word.Gender = register.ProposeGender(t, e.Kind, text)
			}
			e.Words[t] = word
		}
		return d.showEntry(w, r, http.StatusOK, e, nil)
	}
	saved, err := d.Register.Save(r.Context(), who(r), e)
	if err != nil {
		if userError(err) {
			return d.showEntry(w, r, statusOf(err), e, err)
		}
		return err
	}
	said := "desk.said.register_saved"
	if saved.State == register.Proposed && !register.MayEdit(who(r)) {
		said = "desk.said.register_proposed"
	}
	d.say(w, said, "name", saved.Title(d.uiLang(r), paper.MainLang))
	return web.SeeOther(w, r, "/desk/register")
}

func (d *Desk) approveRegisterEntry(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	e, err := d.registerEntry(r)
	if err != nil {
		return err
	}
	saved, err := d.Register.Approve(r.Context(), who(r), e.ID, number(r, "version"))
	if err != nil {
		if userError(err) {
			return d.showEntry(w, r, statusOf(err), e, err)
		}
		return err
	}
	d.say(w, "desk.said.register_approved", "name", saved.Title(d.uiLang(r), ""))
	return web.SeeOther(w, r, "/desk/register/"+string(saved.ID))
}

func (d *Desk) askRegisterEntry(w http.ResponseWriter, r *http.Request, refused error) error {
	e, err := d.registerEntry(r)
	if err != nil {
		return err
	}
	if e.ID == "" {
		return notFound()
	}
	if !register.MayDelete(who(r), e) {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	return d.removal(w, r, refused, e.Title(d.uiLang(r), ""), "/desk/topics", "register.delete_text", "register.delete", "/desk/register/"+string(e.ID), e.Version)
}

func (d *Desk) deleteRegisterEntry(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	err := d.Register.Delete(r.Context(), who(r), register.ID(r.PathValue("id")), number(r, "version"))
	if err != nil && !problem.Is(err, problem.NotFound) { // deleted already, which is what was wanted
		if userError(err) {
			return d.askRegisterEntry(w, r, err)
		}
		return err
	}
	d.say(w, "desk.said.deleted")
	return web.SeeOther(w, r, "/desk/register")
}
