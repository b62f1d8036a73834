package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/web"
)

var storyKinds = []string{"news", "report", "analysis", "interview", "opinion", "explainer"}

func (f *frame) storyKind(value string) field {
	return selectField("kind", f.words.T("desk.story.kind"), value, wordChoices(f, "desk.story.kind.", storyKinds)).with(f.Errors)
}

// storyOf finds the story of the address by its number.
func (d *Desk) storyOf(r *http.Request) (story.Story, error) {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil {
		return story.Story{}, notFound()
	}
	return d.Stories.ByNumber(r.Context(), d.DB.Read(), n)
}

type storyView struct {
	frame
	Number, Version             int64
	Where, Headline, Lang, Back string
	Editions                    []editionRow
	Section, Kind               field
	Authors, Topics, NewTopics  field
	EmbargoDate, EmbargoTime    field
	Into                        field // languages that can be begun together
	MayEdit, MaySave            bool
	Sources                     []sourceCard
	History                     []happened
	Corrections                 []happened
	Runs, MayRun                bool // live
}

type editionRow struct {
	Lang, Name, Href, Reader, Create string
	Delete, DeleteWord               string
	Credit, CreditWord               string
	State                            stateWord
}

type sourceCard struct {
	ID, Name, Kind, Lang, About string
	Movable, First, Last        bool
}

type happened struct{ ISO, Time, What, Who, Why, Lang string }

func (d *Desk) storyDetails(w http.ResponseWriter, r *http.Request) error {
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	return d.showStory(w, r, http.StatusOK, s, nil)
}

func (d *Desk) showStory(w http.ResponseWriter, r *http.Request, status int, s story.Story, wrong error) error {
	ctx, q := r.Context(), d.DB.Read()
	editions, err := d.Editions.OfStory(ctx, q, s.ID)
	if err != nil {
		return err
	}
	sections, err := d.Publication.Sections(ctx, q)
	if err != nil {
		return err
	}
	v := storyView{frame: d.frame(r, "desk.panel.details", "/desk/stories"), Number: s.Number, Version: s.Version, Lang: s.OriginalLang.String(), Back: "/desk/"}
	v.setErrors(wrong)
	v.Where = v.words.T("desk.story.n", "n", strconv.FormatInt(s.Number, 10))
	v.MayEdit = actor.May(who(r), actor.Write, actor.Scope{Section: string(s.Section), Own: s.CreatedBy == who(r).ID})
	shown := slices.ContainsFunc(editions, func(e edition.Edition) bool { return e.Out() || e.State == edition.Scheduled })
	v.MaySave = v.MayEdit && (!shown || actor.May(who(r), actor.Publish, actor.Scope{Lang: s.OriginalLang, Section: string(s.Section), Own: s.CreatedBy == who(r).ID}))
	if err := d.storyEditions(r, &v, s, editions); err != nil {
		return err
	}
	wt := v.words.T
	v.Section = selectField("section", wt("desk.details.section"), string(s.Section), sectionChoices(sections, v.tag, v.paper, wt("desk.details.none"))).with(v.Errors)
	v.Kind = v.storyKind(string(s.Kind))
	if err := d.storyPeopleAndTopics(r, &v, s); err != nil {
		return err
	}
	v.EmbargoDate = field{ID: "embargo_date", Label: wt("desk.details.embargo_date"), Type: "date", Optional: true}
	v.EmbargoTime = field{ID: "embargo_time", Label: wt("desk.details.embargo_time"), Type: "time", Optional: true}
	if s.Embargo != nil {
		t := s.Embargo.In(v.loc)
		v.EmbargoDate.Value, v.EmbargoTime.Value = t.Format("2006-01-02"), t.Format("15:04")
	}
	v.EmbargoDate = v.EmbargoDate.with(v.Errors)
	v.Sources = sourceCards(&v.frame, s, v.tag)
	for i := range v.Sources {
		c := &v.Sources[i]
		c.Movable, c.First, c.Last = v.MaySave && len(v.Sources) > 1, i == 0, i == len(v.Sources)-1
	}
	c, err := d.Coverage.Of(ctx, q, s.ID)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return err
	}
	v.Runs = c.Story != ""
	v.MayRun = !v.Runs && s.LiveOf == "" && d.Editions.May(ctx, q, who(r), s, s.OriginalLang, actor.Publish) == nil
	if v.History, err = d.history(r, &v.frame, s.ID); err != nil {
		return err
	}
	for _, e := range editions {
		list, err := d.Corrections.OfStory(ctx, q, s.ID, e.Lang)
		if err != nil {
			return err
		}
		for _, c := range list {
			v.Corrections = append(v.Corrections, happened{ISO: iso(c.At), Time: v.day(c.At), What: c.Text, Who: e.Lang.NameIn(v.tag), Lang: e.Lang.String()})
		}
	}
	return d.show(w, r, status, "story", v)
}

func (d *Desk) storyEditions(r *http.Request, v *storyView, s story.Story, editions []edition.Edition) error {
	byLang := map[lang.Tag]edition.Edition{}
	var ids []edition.ID
	for _, e := range editions {
		byLang[e.Lang] = e
		ids = append(ids, e.ID)
		if e.Lang == s.OriginalLang {
			v.Headline, v.Back = e.Headline, "/desk/editions/"+string(e.ID)
		}
	}
	if v.Headline == "" {
		v.Headline, v.Lang = v.words.T("desk.untitled", "n", strconv.FormatInt(s.Number, 10)), v.UI
	}
	progress, err := d.Translate.Progress(r.Context(), d.DB.Read(), ids...)
	if err != nil {
		return err
	}
	var into []choice
	for _, t := range v.paper.Active() {
		row := editionRow{Lang: t.String(), Name: t.OwnName(), State: stateWord{State: "none", Word: v.words.T("desk.state.none")}}
		if e, ok := byLang[t]; ok {
			here := "/desk/editions/" + string(e.ID)
			row.Href, row.State = here, v.stateOf(e.State, progress[e.ID])
			if e.State == edition.Published {
				row.Reader = articlePath(t, s.Number, e.Slug)
			}
			// An original goes last, and with it the story.
			original := t == s.OriginalLang
			if !original {
				row.credit(v, r, e, s)
				if row.State.State == "stale" || e.State == edition.Draft || e.State == edition.Review {
					row.Href = here + "/translate"
				}
			}
			if (!original || len(editions) == 1) && d.Editions.MayDiscard(r.Context(), d.DB.Read(), who(r), s, e) == nil {
				row.Delete, row.DeleteWord = here+"/delete", v.words.T("desk.delete.edition_button")
				if original {
					row.DeleteWord = v.words.T("desk.delete.story_button")
				}
			}
		} else if actor.May(who(r), actor.Translate, actor.Scope{Lang: t, Section: string(s.Section)}) {
			row.Create = "/desk/stories/" + strconv.FormatInt(s.Number, 10) + "/editions"
			if t != s.OriginalLang && v.Back != "" {
				into = append(into, choice{Value: t.String(), Word: t.NameIn(v.tag)})
			}
		}
		v.Editions = append(v.Editions, row)
	}
	if len(into) > 1 {
		var on []string // all of a few: then it is one press
		for _, c := range into[:min(len(into), intoAtOnce)] {
			on = append(on, c.Value)
		}
		v.Into = checkField("lang", v.words.T("desk.translate.into_several"), on, into)
	}
	return nil
}

// creditWord says who translated the edition, or that a machine did, as readers are told.
func (f *frame) creditWord(e edition.Edition) string {
	switch {
	case e.Translator != "":
		return f.words.T("desk.credit.button", "name", e.Translator)
	case e.Made == edition.MadeMachine && e.Check.Revision == 0:
		return f.words.T("reader.v_machine")
	}
	return f.words.T("desk.credit.none")
}

// credit says who is told to have translated the edition, and leads to where that is changed.
func (row *editionRow) credit(v *storyView, r *http.Request, e edition.Edition, s story.Story) {
	row.CreditWord = v.creditWord(e)
	if mayCredit(who(r), e, s) {
		row.Credit = row.Href + "/credit"
	}
}

func articlePath(t lang.Tag, number int64, slug string) string {
	return "/" + t.String() + "/" + strconv.FormatInt(number, 10) + "/" + slug
}

func (d *Desk) storyPeopleAndTopics(r *http.Request, v *storyView, s story.Story) error {
	ctx, q := r.Context(), d.DB.Read()
	authors, err := d.People.Authors(ctx, q)
	if err != nil {
		return err
	}
	topics, err := d.Topics.All(ctx, q)
	if err != nil {
		return err
	}
	chosen := map[string]bool{}
	var on []string
	for _, a := range s.Authors {
		chosen[string(a)], on = true, append(on, string(a))
	}
	var list []choice
	for _, a := range authors {
		if a.Active || chosen[string(a.ID)] {
			list = append(list, choice{Value: string(a.ID), Word: authorName(a, v.tag, s.OriginalLang)})
		}
	}
	lang.SortBy(v.tag, list, func(c choice) string { return c.Word })
	v.Authors = checkField("authors", v.words.T("desk.details.authors"), on, list).with(v.Errors)
	on, list = nil, nil
	for _, t := range s.Topics {
		chosen[string(t)], on = true, append(on, string(t))
	}
	for _, t := range topics {
		if t.Active || chosen[string(t.ID)] {
			list = append(list, choice{Value: string(t.ID), Word: topicName(t, v.tag, s.OriginalLang)})
		}
	}
	lang.SortBy(v.tag, list, func(c choice) string { return c.Word })
	v.Topics = checkField("topics", v.words.T("desk.details.topics"), on, list).with(v.Errors)
	v.NewTopics = textField("new_topics", v.words.T("desk.details.new_topics"), "").in(s.OriginalLang).with(v.Errors)
	v.NewTopics.Hint, v.NewTopics.Optional = v.words.T("desk.details.new_topics_hint"), true
	return nil
}

func sourceCards(f *frame, s story.Story, want lang.Tag) []sourceCard {
	var out []sourceCard
	for _, src := range s.Sources {
		c := sourceCard{ID: src.ID, Name: src.Name, Kind: f.words.T("desk.source.kind." + string(src.Kind))}
		if src.Lang != "" {
			c.Lang = src.Lang.NameIn(f.tag)
		}
		var about []string
		if day := f.tag.ISODate(src.Date); day != "" {
			about = append(about, f.tag.Closed(day))
		}
		text, ok := src.Texts[want]
		if !ok {
			text = src.Texts[s.OriginalLang]
		}
		for _, t := range []string{text.Title, text.Claim, text.How} {
			if t != "" {
				about = append(about, want.Closed(want.UpperFirst(t)))
			}
		}
		c.About = strings.Join(about, " ")
		out = append(out, c)
	}
	return out
}

func (d *Desk) history(r *http.Request, f *frame, s story.ID) ([]happened, error) {
	list, err := d.Releases.History(r.Context(), d.DB.Read(), s)
	if err != nil {
		return nil, err
	}
	var out []happened
	for _, rel := range list {
		at := rel.Created
		if rel.Done != nil {
			at = *rel.Done
		}
		what := f.words.T("desk.release.did." + string(rel.Act))
		if rel.Cancelled {
			what = f.words.T("desk.release.cancelled")
		}
		if len(rel.Editions) > 0 {
			what += ": " + f.partLangs(rel.Editions)
		}
		out = append(out, happened{ISO: iso(at), Time: f.day(at), What: what + f.heldLangs(rel.Held), Who: rel.ByName, Why: rel.Why})
	}
	return out, nil
}

// heldLangs names the languages that a release held back.
func (f *frame) heldLangs(held []release.HeldBack) string {
	var langs []lang.Tag
	for _, h := range held {
		if !slices.Contains(langs, h.Lang) {
			langs = append(langs, h.Lang)
		}
	}
	if len(langs) == 0 {
		return ""
	}
	return ". " + f.words.T("desk.release.held_back", "langs", f.langList(langs))
}

// partLangs names the languages of a release.
func (f *frame) partLangs(parts []release.Part) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.Lang.NameIn(f.tag)
	}
	return f.tag.List(names)
}

func (d *Desk) saveStory(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.panel.details", "")
	s.Version, s.Kind, s.Section = number(r, "version"), story.Kind(value(r, "kind")), publication.SectionID(value(r, "section"))
	s.Authors, s.Topics = nil, nil
	for _, a := range r.PostForm["authors"] {
		s.Authors = append(s.Authors, people.AuthorID(a))
	}
	for _, t := range r.PostForm["topics"] {
		s.Topics = append(s.Topics, topic.ID(t))
	}
	var wrong problem.Fields
	if s.Embargo, err = moment(value(r, "embargo_date"), value(r, "embargo_time"), f.loc); err != nil {
		wrong.Add("embargo_date", momentWord(err), value(r, "embargo_date"))
	}
	err = wrong.Err()
	if err == nil {
		err = d.addTopics(r, &s)
	}
	if err == nil {
		_, err = d.Stories.SaveDetails(r.Context(), who(r), s)
	}
	if err != nil {
		if userError(err) {
			return d.showStory(w, r, statusOf(err), s, err)
		}
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(s.Number, 10))
}

// addTopics makes the topics that were typed, separated by commas, in the original's language; one
// that is there already is taken.
func (d *Desk) addTopics(r *http.Request, s *story.Story) error {
	for _, name := range strings.FieldsFunc(value(r, "new_topics"), func(c rune) bool { return c == ',' || c == ';' || c == '，' }) {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		slug := s.OriginalLang.Slug(name, 60)
		tp, err := d.Topics.BySlug(r.Context(), d.DB.Read(), s.OriginalLang, slug)
		if problem.Is(err, problem.NotFound) {
			tp, err = d.Topics.Save(r.Context(), who(r), topic.Topic{Kind: "subject", Active: true, Names: map[lang.Tag]topic.Name{s.OriginalLang: {Name: name, Slug: slug}}})
		}
		if err != nil {
			return err
		}
		s.Topics = append(s.Topics, tp.ID)
	}
	return nil
}
