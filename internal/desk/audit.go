package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/register"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// auditView is who did what, the newest first.
type auditView struct {
	frame
	Who, Act, Until     field
	Subject, About, All string
	Filtered            bool
	Rows                []auditRow
	Older               string
}

type auditRow struct {
	ISO, Time, Who, Act, About, Note, Lang, Href, Only, Detail string
}

const rowsPerAudit = 50

// auditActs are the acts that the rooms record, each with a word; one that is new here shows as it is.
var auditActs = []string{
	"author.save", "check.aside", "correction.record",
	"edition.approve", "edition.checked", "edition.create", "edition.credit", "edition.discard", "edition.draft", "edition.import", "edition.review", "edition.save",
	"engine.order", "engine.remove", "engine.save",
	"page.delete", "page.save", "picture.delete", "picture.rendered", "picture.save", "picture.upload", "publication.save", "publication.set_up",
	"redirect.delete", "redirect.save",
	"register.approve", "register.delete", "register.import", "register.propose", "register.save",
	"release.correct", "release.due", "release.minor", "release.publish", "release.schedule", "release.unschedule", "release.update", "release.withdraw",
	"section.delete", "section.move", "section.retire", "section.save",
	"staff.create", "staff.end_session", "staff.end_sessions", "staff.password", "staff.save", "staff.sign_in",
	"story.create", "story.details", "story.discard", "story.source", "story.source_delete", "story.source_move",
	"topic.merge", "topic.merged", "topic.save",
	"translate.adapted", "translate.added", "translate.cancel", "translate.draft", "translate.dropped", "translate.due", "translate.edited", "translate.give_back", "translate.hand_over", "translate.reviewed", "translate.shape", "translate.take", "translate.weight", "translate.xliff",
}

// auditSystems are those who act without being a person.
var auditSystems = []string{"demo", "engine", "import", "media", "memory", "schedule", "setup", "shell"}

func (d *Desk) auditLog(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.SeeAudit, actor.Scope{}); err != nil {
		return err
	}
	ctx, query := r.Context(), r.URL.Query()
	v := auditView{frame: d.frame(r, "desk.nav.audit", "/desk/topics"), Subject: query.Get("subject"), All: "/desk/audit"}
	d.settingsNav(&v.frame, r, "/desk/audit")
	staff, err := d.People.Staff(ctx)
	if err != nil {
		return err
	}
	names := auditNames{Desk: d, f: &v.frame, staff: map[string]string{}, told: map[string]auditRow{}}
	for _, s := range staff {
		names.staff[string(s.ID)] = s.Name
	}
	f := audit.Filter{Subject: v.Subject, Actor: query.Get("who"), Act: query.Get("act"), Before: query.Get("before"), Limit: rowsPerAudit + 1}
	v.auditFields(names, f, query.Get("until"))
	if day, err := time.ParseInLocation("2006-01-02", query.Get("until"), v.loc); err == nil {
		f.Until = day.AddDate(0, 0, 1)
	}
	v.Filtered = f.Subject != "" || f.Actor != "" || f.Act != "" || !f.Until.IsZero()
	list, err := audit.Find(ctx, d.DB.Read(), f)
	if err != nil {
		return err
	}
	if len(list) > rowsPerAudit {
		list = list[:rowsPerAudit]
		query.Set("before", list[len(list)-1].ID)
		v.Older = "/desk/audit?" + query.Encode()
	}
	for _, e := range list {
		row := names.about(ctx, e.Subject)
		row.ISO, row.Time, row.Who, row.Act = iso(e.At), v.exactly(e.At), names.who(e.Actor), auditWord(v.words, e.Act)
		row.Only = "/desk/audit?" + url.Values{"subject": {e.Subject}}.Encode()
		row.Detail = plainJSON(e.Detail)
		v.Rows = append(v.Rows, row)
	}
	if v.Subject != "" {
		about := names.about(ctx, v.Subject)
		if v.About = about.About; about.Note != "" {
			v.About += ", " + about.Note
		}
	}
	return d.show(w, r, http.StatusOK, "audit", v)
}

func (v *auditView) auditFields(names auditNames, f audit.Filter, until string) {
	anybody := []choice{}
	for id, name := range names.staff {
		anybody = append(anybody, choice{Value: id, Word: name})
	}
	for _, s := range auditSystems {
		anybody = append(anybody, choice{Value: "[" + s + "]", Word: names.who("[" + s + "]")})
	}
	var acts []choice
	for _, a := range auditActs {
		acts = append(acts, choice{Value: a, Word: auditWord(v.words, a)})
	}
	word := func(c choice) string { return c.Word }
	lang.SortBy(v.tag, anybody, word)
	lang.SortBy(v.tag, acts, word)
	first := func(key string, rest []choice) []choice {
		return append([]choice{{Word: v.words.T(key)}}, rest...)
	}
	v.Who = selectField("who", v.words.T("desk.audit.who"), f.Actor, first("desk.audit.anybody", anybody))
	v.Act = selectField("act", v.words.T("desk.audit.act"), f.Act, first("desk.audit.any", acts))
	v.Until = field{ID: "until", Label: v.words.T("desk.audit.until"), Type: "date", Value: until}
}

// auditWord says an act. What a release did has words already.
func auditWord(w *lang.Words, act string) string {
	key := "desk.audit." + act
	if did, ok := strings.CutPrefix(act, "release."); ok && did != "due" {
		key = "desk.release.did." + did
	}
	if !w.Has(key) {
		return act
	}
	return w.T(key)
}

// auditNames gives people and things the names that they have today; each is asked for once.
type auditNames struct {
	*Desk
	f     *frame
	staff map[string]string
	told  map[string]auditRow
}

func (n auditNames) who(id string) string {
	if name, ok := n.staff[id]; ok {
		return name
	}
	if name := strings.Trim(id, "[]"); name != id && slices.Contains(auditSystems, name) {
		return n.f.words.T("desk.audit.by." + name)
	}
	return id
}

// about names the subject of an entry, and leads to it if it is still there.
func (n auditNames) about(ctx context.Context, subject string) auditRow {
	if row, ok := n.told[subject]; ok {
		return row
	}
	row := auditRow{About: subject, Lang: n.f.UI}
	kind, id, _ := strings.Cut(subject, ":")
	q := n.DB.Read()
	set := func(name, href string) { row.About, row.Href = name, href }
	switch kind {
	case "story":
		if s, err := n.Stories.ByID(ctx, q, story.ID(id)); err == nil {
			set(n.f.words.T("desk.story.n", "n", strconv.FormatInt(s.Number, 10)), "/desk/stories/"+strconv.FormatInt(s.Number, 10))
			if e, err := n.Editions.ByLanguage(ctx, q, s.ID, s.OriginalLang); err == nil && e.Headline != "" {
				row.About, row.Lang = e.Headline, e.Lang.String()
			}
		}
	case "edition":
		if e, err := n.Editions.ByID(ctx, q, edition.ID(id)); err == nil {
			of := n.about(ctx, "story:"+string(e.Story))
			set(of.About, "/desk/editions/"+id)
			row.Lang, row.Note = of.Lang, e.Lang.NameIn(n.f.tag)
			if e.Headline != "" {
				row.About, row.Lang = e.Headline, e.Lang.String()
			}
		}
	case "topic":
		if t, err := n.Topics.ByID(ctx, q, topic.ID(id)); err == nil {
			set(topicName(t, n.f.tag, n.f.paper.MainLang), "/desk/topics/"+id)
		}
	case "register":
		if e, err := n.Register.ByID(ctx, q, register.ID(id)); err == nil {
			set(e.Title(n.f.tag, n.f.paper.MainLang), "/desk/register/"+id)
		}
	case "author":
		if a, err := n.People.AuthorByID(ctx, q, people.AuthorID(id)); err == nil {
			set(authorName(a, n.f.tag, n.f.paper.MainLang), "/desk/authors/"+id)
		}
	case "staff":
		if name, ok := n.staff[id]; ok {
			set(name, "/desk/staff/"+id)
		}
	case "picture":
		if p, err := n.Media.ByID(ctx, q, media.ID(id)); err == nil {
			set(p.FileName, "/desk/pictures/"+id)
		}
	case "page":
		if p, err := n.Publication.PageByID(ctx, q, publication.PageID(id)); err == nil {
			set(p.Title, "/desk/pages/"+id)
			row.Lang = p.Lang.String()
		}
	case "section":
		if list, err := n.Publication.Sections(ctx, q); err == nil {
			if i := slices.IndexFunc(list, func(s publication.Section) bool { return string(s.ID) == id }); i >= 0 {
				set(sectionName(list[i], n.f.tag, n.f.paper.MainLang), "/desk/sections/"+id)
			}
		}
	case "engine":
		set(n.f.words.T("desk.nav.engines"), "/desk/engines")
		if e, err := n.Engines.ByID(ctx, engine.ID(id)); err == nil {
			set(e.Name, "/desk/engines/"+id)
		} else if p, ok := engine.ParsePair(id, n.f.languages()); ok {
			row.Note = p.From.NameIn(n.f.tag) + " → " + p.To.NameIn(n.f.tag)
		}
	case "redirect":
		set(id, "/desk/redirects?"+url.Values{"q": {id}}.Encode())
	case "publication":
		set(n.f.paper.Name, "/desk/settings")
	}
	n.told[subject] = row
	return row
}

// plainJSON writes an entry's detail for people: one thing a line, "" if there is none.
func plainJSON(raw json.RawMessage) string {
	var b bytes.Buffer
	if len(raw) <= len("{}") || json.Indent(&b, raw, "", "  ") != nil {
		return ""
	}
	return b.String()
}
