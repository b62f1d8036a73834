package desk

import (
	"net/http"
	"slices"
	"strconv"

	"depesche/internal/actor"
	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/story"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// changesView is what changed in an original for its translations.
type changesView struct {
	Number int64
	From   string // the edition that the screen came from
	Lang   string
	May    bool
	Rows   []changedRow
}

type changedRow struct {
	Address, Kind, Into, Why, Decided string
	From, To                          int64
	Diff                              []document.Op
	Gone                              bool // the original has the segment no more
	Fact, Firm                        bool
	WeightWord                        string
}

// changes is the list of what changed for the story's translations.
func (d *Desk) changes(r *http.Request, f *frame, s story.Story, from string) (changesView, error) {
	v := changesView{Number: s.Number, From: from, Lang: s.OriginalLang.String()}
	v.May = actor.May(who(r), actor.Review, actor.Scope{Lang: s.OriginalLang, Section: string(s.Section), Own: s.CreatedBy == who(r).ID})
	list, err := d.Translate.Changes(r.Context(), d.DB.Read(), s.ID)
	for _, c := range list {
		v.Rows = append(v.Rows, f.changedRow(c))
	}
	return v, err
}

func (f *frame) changedRow(c translate.Changed) changedRow {
	row := changedRow{
		Address: string(c.Address), From: c.From, To: c.To, Firm: c.Change.Firm, Fact: c.Change.Weight == check.Fact, Gone: len(c.Now) == 0,
		Kind: f.kindWord(fieldKind(translate.Row{Kind: c.Kind, Field: c.Field})), Into: f.langList(c.Langs),
		Diff:       document.DiffWords(c.Then.Plain(), c.Now.Plain()),
		WeightWord: f.words.T("desk.weight." + c.Change.Weight.String()),
	}
	var why []string
	for _, key := range c.Change.Why {
		if f.words.Has(key) {
			why = append(why, f.words.T(key))
		}
	}
	row.Why = f.tag.UpperFirst(f.tag.List(why))
	if c.Change.Decided != "" {
		row.Decided = f.words.T("desk.weight.decided", "name", c.Change.Decided)
	}
	return row
}

func (f *frame) langList(langs []lang.Tag) string {
	var names []string
	for _, l := range slices.Sorted(slices.Values(langs)) {
		names = append(names, l.NameIn(f.tag))
	}
	return f.tag.List(names)
}

// decideChange stores whether a change of the original is wording or fact.
func (d *Desk) decideChange(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	original, err := d.Editions.Original(r.Context(), d.DB.Read(), s.ID)
	if err != nil {
		return err
	}
	weight := check.Fact
	if value(r, "weight") == check.Wording.String() {
		weight = check.Wording
	}
	err = d.Translate.Decide(r.Context(), who(r), translate.Decision{
		Original: original.ID, Address: document.Address(value(r, "address")), From: number(r, "from_rev"), To: number(r, "to_rev"), Weight: weight,
	})
	if err != nil {
		return err
	}
	d.say(w, "desk.said.saved")
	if value(r, "from") == string(original.ID) {
		return web.SeeOther(w, r, "/desk/editions/"+string(original.ID)+"#changes")
	}
	return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(s.Number, 10)+"/release#changes")
}

// changesOf is the list on the original's writing screen; other screens of editions have none.
func (d *Desk) changesOf(r *http.Request, f *frame, ed edition.Edition, s story.Story) (changesView, error) {
	if ed.Lang != s.OriginalLang {
		return changesView{}, nil
	}
	return d.changes(r, f, s, string(ed.ID))
}
