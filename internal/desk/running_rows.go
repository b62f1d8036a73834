package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/page"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// entryRow is an entry on the screen of its running story.
type entryRow struct {
	ID, Action, Edition, Lang, Dir   string
	With                             string // the language beside
	Number, Version, Base            int64
	ISO, Time, Hour, By              string
	State                            stateWord
	Headline                         string
	Paragraphs                       []string
	Pinned, Out                      bool
	MayChange, MaySettle, MayPublish bool
	Open, Leaves                     bool // its form was refused; that of its withdrawal
	Edit                             string
	Reader                           string
	HeadlineField, Text, Correction  field
	Withdraw                         []field // why, in each language it is out in
	Held                             []checkItem
	Reason                           *field
	Others                           []stateLink
	Beside                           *besideRow
}

type stateLink struct {
	State            stateWord
	Lang, Name, Href string
}

// besideRow is an entry's translation beside it.
type besideRow struct {
	ID, Action, Name         string
	Edition, Lang, Dir, Href string
	Base, SourceRev          int64
	State                    stateWord
	Begin, Busy, Done        bool
	MayTranslate, MayPublish bool
	Units                    []besideUnit
	Correction               *field
	Told                     string // what the original says that was wrong
	Held                     []checkItem
	Reason                   *field
}

type besideUnit struct {
	field
	Mark stateWord
}

func (d *Desk) entries(r *http.Request, v *runningView, s story.Story, at *refused) error {
	ctx, q := r.Context(), d.DB.Read()
	list, next, err := d.Coverage.Entries(ctx, q, s.ID, edition.Cursor(r.URL.Query().Get("before")), deskEntries)
	if err != nil {
		return err
	}
	if next != "" {
		v.Older = runningPath(s) + "?beside=" + v.Kept + "&before=" + string(next)
	}
	for _, en := range list {
		row, err := d.entryRow(r, v, s, en, at)
		if err != nil {
			return err
		}
		v.Entries = append(v.Entries, row)
	}
	return nil
}

func (d *Desk) entryRow(r *http.Request, v *runningView, s story.Story, en live.Entry, at *refused) (entryRow, error) {
	ctx, q := r.Context(), d.DB.Read()
	own, err := d.Stories.ByID(ctx, q, en.Story)
	if err != nil {
		return entryRow{}, err
	}
	editions, err := d.Editions.OfStory(ctx, q, en.Story)
	if err != nil || len(editions) == 0 {
		return entryRow{}, err
	}
	e, n := editions[0], strconv.FormatInt(en.Number, 10)
	back := ""
	if before := r.URL.Query().Get("before"); before != "" {
		back = "?before=" + url.QueryEscape(before) // a form of an older page comes back to it
	}
	local := en.Happened.In(v.loc)
	row := entryRow{
		ID: "e" + n, Action: runningPath(s) + "/entries/" + n + back, Edition: string(e.ID), Lang: e.Lang.String(), Dir: e.Lang.Dir(),
		Number: en.Number, Version: en.Version, Base: e.Revision, With: v.Kept, ISO: iso(en.Happened), Time: v.at(en.Happened), Hour: local.Format("15:04"),
		State: v.entryState(e), Headline: e.Doc.Headline, Pinned: en.Pinned, Out: e.Out(), Edit: "/desk/editions/" + string(e.ID),
	}
	for _, b := range e.Doc.Blocks {
		if text := b.Plain(); text != "" {
			row.Paragraphs = append(row.Paragraphs, text)
		}
	}
	if row.By, err = d.writerOf(r, en); err != nil {
		return entryRow{}, err
	}
	may := func(act actor.Act) bool { return d.Editions.May(ctx, q, who(r), own, e.Lang, act) == nil }
	row.MayPublish = may(actor.Publish) && may(actor.Review)
	row.MaySettle = may(actor.Publish)
	row.MayChange = may(actor.Write) && e.State != edition.Withdrawn
	d.entryFields(r, v, &row, e, at)
	if may(actor.Withdraw) {
		d.withdrawFields(r, v, &row, en, editions, at)
		if e.Out() {
			row.Reader = page.ArticlePath(e.Lang, en.Number, "")
		}
	}
	for _, o := range editions[1:] {
		row.Others = append(row.Others, stateLink{State: v.entryState(o), Lang: o.Lang.String(), Name: o.Lang.NameIn(v.tag), Href: "/desk/editions/" + string(o.ID) + "/translate"})
	}
	if v.Beside != "" && v.Beside != e.Lang.String() && row.State.State != string(edition.Withdrawn) {
		if row.Beside, err = d.beside(r, v, own, editions, at); err != nil {
			return entryRow{}, err
		}
		row.Beside.ID, row.Beside.Action, row.Beside.Name = row.ID+"-other", row.Action, v.BesideName
	}
	if at != nil && at.edition == e.ID {
		row.Open = true
		var passable bool
		if row.Held, passable = d.findingsOf(&v.frame, at, own); passable {
			row.Reason = d.reasonField(&v.frame, r)
		}
	}
	return row, nil
}

// entryState is an edition's state as a row tells it: what is out and was changed since says so.
func (f *frame) entryState(e edition.Edition) stateWord {
	return stateWord{State: string(e.State), Word: f.words.T("desk.state." + string(e.State))}
}

func (d *Desk) entryFields(r *http.Request, v *runningView, row *entryRow, e edition.Edition, at *refused) {
	t := v.words.T
	id := string(e.ID)
	headline, text, fix := e.Doc.Headline, document.Markdown(e.Doc.Blocks), ""
	if at != nil && at.edition == e.ID {
		headline, text, fix = value(r, "headline."+id), r.PostFormValue("text."+id), value(r, "correction."+id)
		if at.sent != nil {
			headline, text, row.Base = value(r, "headline"), r.PostFormValue("text"), at.sent.Base
		}
	}
	row.HeadlineField = textField("headline."+id, t("desk.headline"), headline).in(e.Lang).with(v.Errors)
	row.HeadlineField.Optional = true
	row.Text = areaField("text."+id, t("desk.live.text"), text, 4).in(e.Lang).with(v.Errors)
	row.Text.Serif = true
	row.Correction = areaField("correction."+id, t("desk.live.correction"), fix, 2).in(e.Lang).with(v.Errors)
	row.Correction.Hint, row.Correction.Optional = t("desk.live.correction_hint"), true
}

// withdrawFields ask in each language that an entry is out in why it is withdrawn.
func (d *Desk) withdrawFields(r *http.Request, v *runningView, row *entryRow, en live.Entry, editions []edition.Edition, at *refused) {
	for _, o := range editions {
		if !o.Out() {
			continue
		}
		name, why := reasonsOf(en)+o.Lang.String(), d.Words.In(o.Lang).T("reader.live_mistake")
		if at != nil && at.entry == en.Number && r.PostForm.Has(name) {
			why, row.Leaves = value(r, name), true
		}
		row.Withdraw = append(row.Withdraw, textField(name, o.Lang.NameIn(v.tag), why).in(o.Lang).with(v.Errors))
	}
}

func (d *Desk) writerOf(r *http.Request, en live.Entry) (string, error) {
	revs, err := d.Editions.Original(r.Context(), d.DB.Read(), en.Story)
	if err != nil {
		return "", err
	}
	list, err := d.Editions.Revisions(r.Context(), d.DB.Read(), revs.ID, 0, 1)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].ByName, nil
}

// beside is the translation of an entry in the language that the screen shows beside.
func (d *Desk) beside(r *http.Request, v *runningView, own story.Story, editions []edition.Edition, at *refused) (*besideRow, error) {
	ctx, q, t := r.Context(), d.DB.Read(), v.words.T
	l := lang.Tag(v.Beside)
	may := func(act actor.Act) bool { return d.Editions.May(ctx, q, who(r), own, l, act) == nil }
	out := &besideRow{Lang: l.String(), Dir: l.Dir(), MayTranslate: may(actor.Translate)}
	i := slices.IndexFunc(editions, func(e edition.Edition) bool { return e.Lang == l })
	if i < 0 {
		out.Begin = true
		return out, nil
	}
	e := editions[i]
	out.Edition, out.Base, out.State, out.Href = string(e.ID), e.Revision, v.entryState(e), "/desk/editions/"+string(e.ID)+"/translate"
	out.MayPublish = out.MayTranslate && may(actor.Publish) && may(actor.Review)
	drafting, err := d.Translate.Drafting(ctx, q, e.ID)
	if err != nil {
		return nil, err
	}
	dr, ok := drafting[e.ID]
	out.Busy = ok && dr.Open()
	w, err := d.Translate.Work(ctx, q, e.ID)
	if err != nil {
		return nil, err
	}
	out.SourceRev = w.Source.Revision
	out.Done = e.Out() && !e.Changed()
	for _, row := range w.Rows {
		name := "unit." + string(e.ID) + "." + string(row.Address)
		text := document.InlineMarkdown(row.Target)
		if at != nil && at.edition == e.ID && r.Method == http.MethodPost {
			text = r.PostFormValue(name)
		}
		u := besideUnit{field: areaField(name, segmentName(v.words, w.Source.Doc, row.Address), text, 2).in(l).with(v.Errors)}
		u.Serif = true
		u.Mark = stateWord{State: unitMarks[row.State], Word: t("desk.unit." + string(row.State))}
		out.Done = out.Done && row.State != translate.Stale && row.State != translate.Missing
		out.Units = append(out.Units, u)
	}
	if c, err := d.Coverage.Owed(ctx, q, e); err == nil {
		out.Told = c.Text
		f := areaField("correction."+string(e.ID), t("desk.live.correction"), value(r, "correction."+string(e.ID)), 2).in(l).with(v.Errors)
		out.Correction = &f
	}
	if at != nil && at.edition == e.ID {
		var passable bool
		if out.Held, passable = d.findingsOf(&v.frame, at, own); passable {
			out.Reason = d.reasonField(&v.frame, r)
		}
	}
	return out, nil
}
