package desk

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/translate"
)

type translationsView struct {
	frame
	Filters      []filter
	Engines      bool // the evidence about engines is for the reader of the screen
	Rows         []translationRow
	Older, Back  string // Back: this list
	MayTranslate bool
}

type translationRow struct {
	Edition                              string // its ID
	Lang, Href, Headline, Into, Progress string
	State                                stateWord
	Meter                                template.HTML
	Hand                                 inHand
}

func (d *Desk) translations(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), d.DB.Read()
	v := translationsView{frame: d.frame(r, "desk.nav.translations", "/desk/translations"), MayTranslate: actor.May(who(r), actor.Translate, actor.Scope{})}
	v.Engines = actor.May(who(r), actor.Review, actor.Scope{})
	v.Back = r.URL.RequestURI()
	want := lang.Tag(r.URL.Query().Get("lang"))
	v.Filters = append(v.Filters, filter{Href: "/desk/translations", Word: v.words.T("desk.translations.all"), On: want == ""})
	for _, t := range v.paper.Active() {
		if actor.May(who(r), actor.Translate, actor.Scope{Lang: t}) || want == t {
			v.Filters = append(v.Filters, filter{Href: "/desk/translations?" + url.Values{"lang": {t.String()}}.Encode(), Word: t.NameIn(v.tag), On: want == t})
		}
	}
	mine := r.URL.Query().Get("mine") != ""
	v.Filters[0].On = v.Filters[0].On && !mine
	v.Filters = append(v.Filters, filter{Href: "/desk/translations?mine=1", Word: v.words.T("desk.translations.mine"), On: mine})
	if mine {
		if err := d.addMine(r, q, &v); err != nil {
			return err
		}
		return d.show(w, r, http.StatusOK, "translations", v)
	}
	people, err := d.colleagues(r)
	if err != nil {
		return err
	}
	seen := map[edition.ID]bool{}
	if r.URL.Query().Get("before") == "" {
		if err := d.addUrgent(r, q, &v, want, people, seen); err != nil {
			return err
		}
	}
	// A language's filter may leave nothing of a page; then the next one is looked at, too.
	next := edition.Cursor(r.URL.Query().Get("before"))
	for range translationPages {
		var rows []edition.BoardRow
		if rows, next, err = d.Editions.Board(ctx, q, edition.BoardFilter{Before: next, Lang: want, Limit: 100}); err != nil {
			return err
		}
		if err := d.addTranslations(r, q, &v, rows, want, people, seen); err != nil {
			return err
		}
		if next == "" || len(v.Rows) > 0 {
			break
		}
	}
	if next != "" {
		v.Older = "/desk/translations?" + url.Values{"lang": {want.String()}, "before": {string(next)}}.Encode()
	}
	return d.show(w, r, http.StatusOK, "translations", v)
}

// translationPages bounds how much a look at the translations reads.
const translationPages = 10

// addTranslations adds what is to be done in the translations of these stories.
func (d *Desk) addTranslations(r *http.Request, q db.Conn, v *translationsView, rows []edition.BoardRow, want lang.Tag, people map[lang.Tag][]choice, seen map[edition.ID]bool) error {
	ctx := r.Context()
	var ids []edition.ID
	for _, row := range rows {
		for _, c := range row.Cells {
			ids = append(ids, c.Edition)
		}
	}
	progress, err := d.Translate.Progress(ctx, q, ids...)
	if err != nil {
		return err
	}
	held, err := d.Translate.Assignments(ctx, q, ids...)
	if err != nil {
		return err
	}
	for _, row := range rows {
		headline, written := v.headline(row)
		for _, t := range v.paper.Active() {
			c, ok := row.Cells[t]
			p := progress[c.Edition]
			if !ok || seen[c.Edition] || t == row.OriginalLang || c.State == edition.Withdrawn || want != "" && want != t || p.Total == 0 || doneWith(p, c.State) {
				continue
			}
			v.add(r, translate.Job{Assignment: held[c.Edition], From: written, Lang: t, Headline: headline, State: c.State, Progress: p}, c.Edition, people)
		}
	}
	return nil
}

// doneWith reports whether a translation needs nobody: all is said, and it is out or goes out by itself.
func doneWith(p translate.Progress, s edition.State) bool {
	return p.Done == p.Total && p.Orphan == 0 && (s == edition.Published || s == edition.Scheduled)
}

// addMine adds what the person has in hand, that due first.
func (d *Desk) addMine(r *http.Request, q db.Conn, v *translationsView) error {
	list, err := d.Translate.Queue(r.Context(), q, "", who(r).ID, 100)
	if err != nil {
		return err
	}
	people, err := d.colleagues(r)
	if err != nil {
		return err
	}
	for _, j := range list {
		v.add(r, j, j.Edition, people)
	}
	return nil
}

// addUrgent adds what is due, that due first, and then what tells its readers something else than its
// original does. The others follow as their stories were touched.
func (d *Desk) addUrgent(r *http.Request, q db.Conn, v *translationsView, l lang.Tag, people map[lang.Tag][]choice, seen map[edition.ID]bool) error {
	list, err := d.Translate.Queue(r.Context(), q, l, "", 100)
	if err != nil {
		return err
	}
	for _, j := range list {
		if j.Due != nil || j.Progress.Facts > 0 {
			seen[j.Edition] = true
			v.add(r, j, j.Edition, people)
		}
	}
	return nil
}

// add adds a translation to the list.
func (v *translationsView) add(r *http.Request, j translate.Job, id edition.ID, people map[lang.Tag][]choice) {
	if j.Headline == "" {
		j.Headline = v.words.T("desk.untitled", "n", strconv.FormatInt(j.Number, 10))
	}
	text := progressWord(v.words, j.Progress)
	v.Rows = append(v.Rows, translationRow{
		Edition: string(id), Lang: j.From.String(), Href: "/desk/editions/" + string(id) + "/translate", Headline: j.Headline, Into: j.Lang.NameIn(v.tag),
		Progress: text, Meter: meter(text, j.Progress), State: v.stateOf(j.State, j.Progress),
		Hand: v.inHand(who(r), id, j.Lang, j.Assignment, people[j.Lang]),
	})
}
