package fill

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/events"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// Filler is who a filled paper was written by.
var Filler = actor.System("fill")

// rows writes what the acts of a story would have left: TestAsActsWrite holds the one against the other.
type rows struct {
	b     *db.Bulk
	now   time.Time // for what is kept of the outbox
	told  told
	st    story.Story
	names int
	after []func() error // what refers to editions
	err   error
}

// edited is an edition on its way.
type edited struct {
	edition.Edition
	text      text
	revisions []edition.Revision
	said      map[document.Address]translate.Said
}

func put(b *db.Bulk, now time.Time, t told, number int64) error {
	w := &rows{b: b, now: now, told: t, st: t.story}
	w.st.Number, w.st.Version, w.st.CreatedBy = number, 1, Filler.ID
	list := make([]*edited, len(t.texts))
	w.begin()
	at := t.story.Created
	for i, x := range t.texts {
		at = at.Add(wrote)
		list[i] = w.write(x, at, list[0])
	}
	if !t.out.IsZero() {
		at = t.out
		w.release(release.Publish, at, list)
	}
	if t.act != "" {
		at = t.then
		w.afterwards(at, list)
	}
	w.st.Updated = at
	w.keep(story.Put(b, w.st))
	for _, e := range list {
		w.keep(edition.Put(b, w.st, e.Edition, e.revisions))
	}
	for _, e := range list {
		for _, addr := range translate.Written(document.Doc{}, e.revisions[1].Doc) {
			if s, ok := e.said[addr]; ok {
				w.keep(translate.Put(b, s))
			}
		}
	}
	for _, put := range w.after {
		w.keep(put())
	}
	return w.err
}

func (w *rows) keep(err error) {
	if w.err == nil && err != nil {
		w.err = fmt.Errorf("story %d: %w", w.st.Number, err)
	}
}

// id names something of the story for good.
func (w *rows) id(at time.Time) string {
	w.names++
	return id.Derived(at, string(w.st.ID)+" "+strconv.Itoa(w.names))
}

func (w *rows) audit(at time.Time, act, subject string, detail any) {
	w.keep(audit.Put(w.b, w.id(at), at, audit.Entry{Actor: Filler.ID, Act: act, Subject: subject, Detail: detail}))
}

// happened tells of an edition.
func (w *rows) happened(at time.Time, kind string, e *edited) {
	w.keep(events.Put(w.b, w.id(at), at, w.now, kind, "edition:"+string(e.ID), edition.Happened{Story: w.st.ID, Edition: e.ID, Lang: e.Lang, Number: w.st.Number}))
}

func (w *rows) begin() {
	st := w.told.story
	subject := "story:" + string(st.ID)
	changed := func(at time.Time, act string, detail any) {
		w.audit(at, act, subject, detail)
		w.keep(events.Put(w.b, w.id(at), at, w.now, "story.changed", subject, story.Changed{Story: st.ID, Number: w.st.Number, Act: act}))
	}
	changed(st.Created, "story.create", newStory(st))
	for _, src := range st.Sources {
		changed(st.Created.Add(time.Minute), "story.source", map[string]any{"after": src})
	}
}

func newStory(st story.Story) story.NewStory {
	return story.NewStory{Kind: st.Kind, OriginalLang: st.OriginalLang, Section: st.Section, Authors: st.Authors, Topics: st.Topics, At: st.Created}
}

// write begins an edition, an empty one or the original's skeleton, and saves its text.
func (w *rows) write(x text, at time.Time, original *edited) *edited {
	e := &edited{text: x, Edition: edition.Edition{
		ID: edition.ID(w.id(at)), Story: w.st.ID, Lang: x.lang, State: edition.Draft, Version: 1, Made: made(w.told, x.lang),
	}}
	var first document.Doc
	if original != nil {
		first = document.Skeleton(original.Doc)
	}
	e.revise(first.Normal(), at)
	w.audit(at, "edition.create", "edition:"+string(e.ID), nil)
	w.happened(at, "edition.saved", e)
	w.save(e, x.doc, at.Add(credit/2), original)
	if original != nil {
		e.Translator = x.credit
		e.Version++
		w.audit(at.Add(credit), "edition.credit", "edition:"+string(e.ID), map[string]any{"why": "", "revision": e.Revision})
		w.happened(at.Add(credit), "edition.state", e)
	}
	return e
}

// revise gives an edition its next revision.
func (e *edited) revise(doc document.Doc, at time.Time) {
	e.revisions = append(e.revisions, edition.Revision{
		Edition: e.ID, Number: e.Revision + 1, Parent: e.Revision, Kind: edition.RevSave, Doc: doc, ByID: Filler.ID, ByName: Filler.Name, At: at,
	})
	e.Revision, e.Doc, e.Headline, e.Saved = e.Revision+1, doc, doc.Headline, at
}

func (w *rows) save(e *edited, doc document.Doc, at time.Time, original *edited) {
	then := e.Doc
	e.revise(doc, at)
	e.Version++
	w.audit(at, "edition.save", "edition:"+string(e.ID), map[string]any{"revision": e.Revision, "kind": edition.RevSave, "parent": e.Revision - 1})
	w.happened(at, "edition.saved", e)
	if original == nil {
		return
	}
	if e.said == nil {
		e.said = map[document.Address]translate.Said{}
	}
	for _, addr := range translate.Written(then, doc) {
		e.said[addr] = translate.Said{
			Edition: e.ID, Source: original.ID, Address: addr, SourceRev: original.Revision, TargetRev: e.Revision, By: Filler.ID, At: at,
		}
	}
}

// tellsOf are the events that acts tell of, but for those that tell that an edition was published.
var tellsOf = map[release.Act]string{
	release.Minor: "edition.updated", release.Update: "edition.updated",
	release.Correct: "edition.corrected", release.Withdraw: "edition.withdrawn",
}

// release carries an act out on all editions.
func (w *rows) release(act release.Act, at time.Time, list []*edited) release.ID {
	r := release.Release{ID: release.ID(w.id(at)), Story: w.st.ID, Act: act, ByID: Filler.ID, ByName: Filler.Name, Created: at, Done: &at}
	why := map[lang.Tag]string{}
	kind := cmp.Or(tellsOf[act], "edition.published")
	for _, e := range list {
		p := release.Part{Edition: e.ID, Lang: e.Lang, Revision: e.Revision}
		if act == release.Withdraw {
			why[e.Lang] = e.text.notice
		} else if e != list[0] {
			p.SourceRev = list[0].Revision
		}
		r.Editions = append(r.Editions, p)
		e.goes(act, at)
		w.happened(at, kind, e)
	}
	name := w.id(at)
	w.after = append(w.after, func() error { return release.Put(w.b, r, why, name) })
	return r.ID
}

// goes is the edition after the act.
func (e *edited) goes(act release.Act, at time.Time) {
	e.Version++
	switch act {
	case release.Withdraw:
		e.State, e.PublishedRev, e.Withdrawn, e.WithdrawnWhy = edition.Withdrawn, 0, &at, e.text.notice
		return
	case release.Publish:
		e.FirstPublished, e.Published = &at, &at
	case release.Correct:
		e.Slug, e.Updated = "", &at
	default:
		e.Updated = &at
	}
	e.State, e.PublishedRev, e.Slug = edition.Published, e.Revision, edition.SlugOf(e.Edition)
}

// afterwards updates, corrects or withdraws.
func (w *rows) afterwards(at time.Time, list []*edited) {
	original := list[0]
	if w.told.act == release.Withdraw {
		w.release(w.told.act, at, list)
		return
	}
	addr := document.Address(w.told.block) + "/text"
	for i, e := range list {
		before := at.Add(-credit * time.Duration(len(list)-i))
		if i == 0 {
			w.save(e, e.text.changed(w.told.block), before, nil)
			continue
		}
		w.save(e, e.text.changed(w.told.block), before, original)
		w.audit(before, "translate.edited", "edition:"+string(e.ID), map[string]any{
			"address": addr, "source_rev": original.Revision, "target_rev": e.Revision, "reason": "",
		})
	}
	r := w.release(w.told.act, at, list)
	if w.told.act != release.Correct {
		return
	}
	n := correction.Note{Story: w.st.ID, Release: string(r), Prominent: w.told.wrong}
	for _, e := range list {
		n.Texts = append(n.Texts, correction.Text{Edition: e.ID, Lang: e.Lang, Text: e.text.notice})
	}
	c, noted, change, weighed := correction.ID(w.id(at)), w.id(at), w.id(at), w.id(at)
	to := original.Revision
	w.after = append(w.after, func() error {
		return errors.Join(correction.Put(w.b, c, n, Filler.ID, at, noted),
			translate.PutCorrected(w.b, change, weighed, Filler, original.ID, addr, to-1, to, string(r), at))
	})
}
