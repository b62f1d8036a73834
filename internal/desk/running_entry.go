package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
)

// writeBox is where a new entry is written.
type writeBox struct {
	Action, Token, Button, Busy string
	Beside                      string
	HandIn, More                bool
	Tongue                      field
	Headline, Text, Time        field
	SourceName, SourceURL, How  field
	Reason                      *field // past warnings
	Pinned                      bool
	Held                        []checkItem
}

// refused is a form of the screen that was refused: the write box, or one of an entry.
type refused struct {
	box     bool
	entry   int64
	edition edition.ID // of which a text was written
	held    *release.HeldError
	sent    *live.SentError // the box: something else came under its name before, and stands
}

// boxRefused is what becomes of the write box. Where another text came before, the form of that entry has the new one.
func boxRefused(err error) *refused {
	at := &refused{box: true}
	at.held, _ = as[*release.HeldError](err)
	if at.sent, _ = as[*live.SentError](err); at.sent != nil {
		at.edition = at.sent.Before.Edition.ID
	}
	return at
}

// findingsOf are what holds a form, and whether a reason goes past it.
func (d *Desk) findingsOf(f *frame, at *refused, s story.Story) (list []checkItem, passable bool) {
	if at == nil || at.held == nil {
		return nil, false
	}
	passable = true
	for _, x := range at.held.Open {
		list = append(list, d.checkItem(f, x.Finding, edition.Edition{ID: x.Edition, Lang: x.Lang}, s))
		passable = passable && x.Severity == check.Warn
	}
	for i := range list {
		list[i].Href = "" // what it leads to isn't stored
	}
	return list, passable
}

func (d *Desk) reasonField(f *frame, r *http.Request) *field {
	out := textField("reason", f.words.T("desk.live.reason"), value(r, "reason")).with(f.Errors)
	out.Focus = true
	return &out
}

func (d *Desk) writeBox(r *http.Request, v *runningView, s story.Story, at *refused) {
	a, t := who(r), v.words.T
	mine := slices.DeleteFunc(v.paper.Active(), func(l lang.Tag) bool {
		return d.Editions.May(r.Context(), d.DB.Read(), a, s, l, actor.Write) != nil
	})
	typed := at != nil && at.box
	v.MayWrite = len(mine) > 0 && (v.Running || typed) // what was written while the story ended stays
	if !v.MayWrite {
		return
	}
	l := mine[0]
	if slices.Contains(mine, s.OriginalLang) {
		l = s.OriginalLang
	}
	get := func(name string) string {
		if typed {
			return value(r, name)
		}
		return ""
	}
	if asked := lang.Tag(get("lang")); slices.Contains(mine, asked) {
		l = asked
	}
	b := &v.Write
	b.Action, b.Token = runningPath(s)+"/entries", d.token()
	if typed {
		b.Token, b.Pinned = get("sent"), get("pinned") != ""
		if at.sent != nil { // what is in the box is another entry now
			v.Token, b.Token = b.Token, d.token()
		}
	}
	var tongues []choice
	for _, m := range mine {
		tongues = append(tongues, choice{Value: m.String(), Word: m.NameIn(v.tag)})
	}
	b.Tongue = selectField("lang", t("desk.live.language"), l.String(), tongues)
	b.fields(v, l, get, typed)
	b.Text.Focus = r.URL.Query().Get("before") == ""
	b.Button, b.Busy = t("desk.live.publish"), t("desk.release.publish.busy")
	b.Beside, b.HandIn = v.Kept, true
	if !d.Coverage.MaySend(r.Context(), d.DB.Read(), a, s, l) {
		b.HandIn = false
		b.Button, b.Busy = t("desk.live.hand_in"), t("desk.saving")
	}
	if typed {
		var passable bool
		if b.Held, passable = d.findingsOf(&v.frame, at, s); passable {
			b.Reason = d.reasonField(&v.frame, r)
		}
	}
}

// fields are those of a text and its source, with what was typed in them and what was wrong with it.
func (b *writeBox) fields(v *runningView, l lang.Tag, get func(name string) string, typed bool) {
	t := v.words.T
	errs := v.Errors
	if !typed {
		errs = nil
	}
	b.Text = areaField("text", t("desk.live.text"), get("text"), 4).in(l).with(errs)
	b.Text.Serif = true
	b.Headline = textField("headline", t("desk.headline"), get("headline")).in(l).with(errs)
	b.Time = field{ID: "happened", Label: t("desk.live.time"), Type: "time", Value: get("happened"), Optional: true}.with(errs)
	b.SourceName = textField("source", t("desk.source.name"), get("source")).with(errs)
	b.SourceURL = field{ID: "source_url", Label: t("desk.source.url"), Type: "url", Value: get("source_url")}.with(errs)
	b.How = textField("how", t("desk.source.how"), get("how")).in(l).with(errs)
	b.How.Hint = t("desk.source.how_hint")
	b.Headline.Optional, b.SourceName.Optional, b.SourceURL.Optional, b.How.Optional = true, true, true, true
	b.More = b.Pinned
	for _, f := range []field{b.Headline, b.SourceName, b.SourceURL, b.How, b.Time} {
		b.More = b.More || f.Value != "" || f.Error != ""
	}
}

// postEntry writes an entry and sends it out.
func (d *Desk) postEntry(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, c, err := d.coverageOf(r)
	if err != nil {
		return err
	}
	out, err := d.post(r, s)
	if err != nil {
		if !userError(err) {
			return err
		}
		return d.showRunning(w, r, s, c, err, boxRefused(err))
	}
	said := "desk.said.live_out"
	if out.Release == "" && !out.Edition.Out() {
		said = "desk.said.live_handed_in"
	}
	d.say(w, said)
	return d.backToRunning(w, r, s, "&sent="+value(r, "sent"))
}

func (d *Desk) post(r *http.Request, s story.Story) (live.Posted, error) {
	in := live.Post{
		Live: s.ID, Lang: lang.Tag(value(r, "lang")), Sent: value(r, "sent"), Pinned: value(r, "pinned") != "", Reason: value(r, "reason"),
		HandIn: value(r, "act") == "hand_in",
	}
	var wrong problem.Fields
	in.Doc.Headline = oneLine(r, "headline")
	src := unixLines(r.PostFormValue("text"))
	blocks, err := document.ParseMarkdown(src, d.newID)
	if err != nil {
		unreadable(&wrong, "text", src, err)
	} else if strings.TrimSpace(src) == "" {
		wrong.Add("text", "problem.required", "")
	}
	in.Doc.Blocks = blocks
	if in.Happened, err = d.hour(r, time.Time{}); err != nil {
		wrong.Merge(err)
	}
	if name := oneLine(r, "source"); name != "" {
		kind := story.Website
		if value(r, "source_url") == "" {
			kind = story.Person
		}
		src := story.Source{Kind: kind, Name: name, URL: value(r, "source_url")}
		if how := oneLine(r, "how"); how != "" {
			src.Texts = map[lang.Tag]story.SourceText{in.Lang: {How: how}}
		}
		in.Sources = []story.Source{src}
	}
	if err := wrong.Err(); err != nil {
		return live.Posted{}, err
	}
	out, err := d.Coverage.Post(r.Context(), who(r), in)
	return out, documentFields(err, func(document.Address) string { return "text" })
}

// entryOf finds the entry of the address: the running story, and the entry's own.
func (d *Desk) entryOf(r *http.Request) (story.Story, live.Coverage, live.Entry, error) {
	s, c, err := d.coverageOf(r)
	if err != nil {
		return s, c, live.Entry{}, err
	}
	n, err := strconv.ParseInt(r.PathValue("entry"), 10, 64)
	if err != nil {
		return s, c, live.Entry{}, notFound()
	}
	own, err := d.Stories.ByNumber(r.Context(), d.DB.Read(), n)
	if err != nil {
		return s, c, live.Entry{}, err
	}
	en, err := d.Coverage.Entry(r.Context(), d.DB.Read(), own.ID)
	if err == nil && en.Live != s.ID {
		err = notFound()
	}
	return s, c, en, err
}

// turnEntry changes, pins or withdraws an entry, or begins a translation of it.
func (d *Desk) turnEntry(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, c, en, err := d.entryOf(r)
	if err != nil {
		return err
	}
	said, at := "desk.said.saved", &refused{entry: en.Number, edition: edition.ID(value(r, "edition"))}
	place := "#e" + strconv.FormatInt(en.Number, 10)
	switch value(r, "act") {
	case "settle":
		err = d.settle(r, en)
	case "amend", "correct":
		said = "desk.said.live_changed"
		err = d.amend(r, en, value(r, "act") == "correct")
	case "withdraw":
		said = "desk.said.live_withdrawn"
		err = d.withdrawEntry(r, en)
	case "begin":
		said, place = "desk.said.live_begun", place+"-other"
		_, err = d.Translate.Begin(r.Context(), who(r), en.Story, lang.Tag(value(r, "beside")))
	case "translation":
		said = "desk.said.live_out"
		err = d.sendTranslation(r, en)
	default:
		err = problem.New(problem.Invalid, "problem.choice")
	}
	if clash, ok := as[*edition.ClashError](err); ok {
		return d.showClash(w, r, clash.Edition, clash)
	}
	if err != nil {
		if !userError(err) {
			return err
		}
		at.held, _ = as[*release.HeldError](err)
		return d.showRunning(w, r, s, c, err, at)
	}
	d.say(w, said)
	return d.backToRunning(w, r, s, place)
}

func (d *Desk) settle(r *http.Request, en live.Entry) error {
	at, err := d.hour(r, en.Happened)
	if err != nil {
		return err
	}
	pinned := en.Pinned
	if p := value(r, "pin"); p != "" {
		pinned = p == "1"
	}
	_, err = d.Coverage.Settle(r.Context(), who(r), en.Story, number(r, "entry_version"), at, pinned)
	return err
}

// editionIn returns the edition that the form is about, which must be the entry's.
func (d *Desk) editionIn(r *http.Request, en live.Entry) (edition.Edition, error) {
	e, err := d.Editions.ByID(r.Context(), d.DB.Read(), edition.ID(value(r, "edition")))
	if err == nil && e.Story != en.Story {
		err = notFound()
	}
	return e, err
}

func (d *Desk) amend(r *http.Request, en live.Entry, correct bool) error {
	e, err := d.editionIn(r, en)
	if err != nil {
		return err
	}
	base := number(r, "base")
	doc, err := d.Editions.RevisionDoc(r.Context(), d.DB.Read(), e.ID, base)
	if err != nil {
		return err
	}
	var wrong problem.Fields
	doc.Headline = oneLine(r, "headline."+string(e.ID))
	name := "text." + string(e.ID)
	src := unixLines(r.PostFormValue(name))
	if src != unixLines(document.Markdown(doc.Blocks)) {
		blocks, err := document.ParseMarkdown(src, d.newID)
		if err != nil {
			unreadable(&wrong, name, src, err)
		}
		doc.Blocks = document.KeepIDs(doc.Blocks, blocks)
	}
	in := live.Amend{Edition: e.ID, Base: base, Doc: doc, Reason: value(r, "reason")}
	if correct {
		if in.Correction = value(r, "correction."+string(e.ID)); in.Correction == "" {
			wrong.Add("correction."+string(e.ID), "problem.required", "")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	_, err = d.Coverage.Amend(r.Context(), who(r), in)
	return documentFields(err, func(document.Address) string { return name })
}

// reasonsOf begins the names of the fields that say in each language why an entry is withdrawn. The screen has many
// entries.
func reasonsOf(en live.Entry) string { return "why." + strconv.FormatInt(en.Number, 10) + "." }

func (d *Desk) withdrawEntry(r *http.Request, en live.Entry) error {
	why := map[lang.Tag]string{}
	for name := range r.PostForm {
		if l, ok := strings.CutPrefix(name, reasonsOf(en)); ok {
			why[lang.Tag(l)] = value(r, name)
		}
	}
	err := d.Coverage.Withdraw(r.Context(), who(r), en.Story, why)
	var wrong problem.Fields
	for _, f := range problem.FieldsOf(err) {
		wrong.Add(reasonsOf(en)+strings.TrimPrefix(f.Name, "why."), f.Key, f.Value, f.Args...)
	}
	if told := wrong.Err(); told != nil {
		return told
	}
	return err
}

// sendTranslation says of a translation that it was read beside its original, and sends it out.
func (d *Desk) sendTranslation(r *http.Request, en live.Entry) error {
	e, err := d.editionIn(r, en)
	if err != nil {
		return err
	}
	in := live.Translation{
		Edition: e.ID, Base: number(r, "base"), SourceRev: number(r, "source_rev"), Reason: value(r, "reason"),
		Texts: map[document.Address]document.Inline{}, Correction: value(r, "correction."+string(e.ID)),
	}
	var wrong problem.Fields
	for name := range r.PostForm {
		rest, ok := strings.CutPrefix(name, "unit."+string(e.ID)+".")
		if !ok {
			continue
		}
		src := unixLines(r.PostFormValue(name))
		text, err := document.ParseInlineMarkdown(src)
		if err != nil {
			unreadable(&wrong, name, src, err)
		} else if src == "" {
			wrong.Add(name, "problem.required", "")
		}
		in.Texts[document.Address(rest)] = text
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	_, err = d.Coverage.SendTranslation(r.Context(), who(r), in)
	return err
}
