package port

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/people"
	"depesche/internal/port/wptext"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// recallAll returns what is remembered of the items, of those that are the same story, and of those
// that their texts link to.
func (im *importer) recallAll(ctx context.Context, q db.Conn, list []*arrival) (map[string]imported, error) {
	var ids []string
	seen := map[string]bool{}
	for _, e := range list {
		for _, id := range slices.Concat([]string{e.foreign}, e.members, e.links) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return recall(ctx, q, im.origin, kindStory, ids)
}

// put stores an item as an edition of its story.
func (im *importer) put(ctx context.Context, tx *db.Tx, e *arrival, known map[string]imported) (outcome, error) {
	o := outcome{e: e}
	mine, here := known[e.foreign]
	if here && im.unchanged(e, mine) { // twice in the exports
		return o, nil
	}
	doc := im.rewire(e.doc, known)
	st, fresh, err := im.storyOf(ctx, tx, e, known)
	if err != nil {
		return o, err
	}
	o.newStory, o.number = fresh, st.Number
	e.filed(im, &st)
	in := edition.Imported{Story: st.ID, Lang: e.lang, Doc: doc, Published: e.published, Why: im.origin + " " + e.foreign}
	switch {
	case here:
		o.result, err = im.putAgain(ctx, tx, e, st, in)
	default:
		o.result, err = im.putNew(ctx, tx, st, in, fresh)
	}
	if err != nil {
		return o, err
	}
	if o.result != wasKept {
		for _, p := range e.paths {
			if err := im.rooms.Publication.AddRedirect(ctx, tx, p, "story:"+string(st.ID)+":"+string(e.lang)); err != nil {
				return o, err
			}
			if !here {
				o.paths++
			}
		}
	}
	known[e.foreign] = imported{Own: string(st.ID), SHA256: e.sum()}
	o.noted = true
	return o, nil
}

// rememberStories notes what a transaction took in, each post once.
func (im *importer) rememberStories(ctx context.Context, tx *db.Tx, done []outcome, known map[string]imported) error {
	var list []noted
	seen := map[string]bool{}
	for _, o := range done {
		if o.noted && !seen[o.e.foreign] {
			seen[o.e.foreign] = true
			list = append(list, noted{o.e.foreign, known[o.e.foreign]})
		}
	}
	return rememberAll(ctx, tx, im.origin, kindStory, list)
}

// sum is the fingerprint, with a mark if pictures are still missing.
func (e *arrival) sum() string {
	for _, m := range e.report.Remarks {
		if m.Key == wptext.RemarkPicture {
			return e.sha + withoutPictures
		}
	}
	return e.sha
}

// rewire turns the links to posts into links to their stories.
func (im *importer) rewire(doc document.Doc, known map[string]imported) document.Doc {
	return document.Rewire(doc, document.Wires{Story: func(ref string) string {
		id, ours := strings.CutPrefix(ref, linked)
		if !ours {
			return ref // a story of an earlier import
		}
		if r, ok := known[id]; ok {
			return r.Own
		}
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return ""
		}
		p, ok := im.index.post(n)
		if !ok {
			return ""
		}
		when := p.when
		if p.in != nil {
			o := p.in.original()
			id, when = strconv.FormatInt(o.id, 10), o.when
			for _, m := range p.in.members {
				if r, ok := known[strconv.FormatInt(m.id, 10)]; ok {
					return r.Own
				}
			}
		}
		return string(im.storyID(id, im.whenOf(when)))
	}})
}

// storyOf returns the story of an item, and makes it if none of its posts came in before.
func (im *importer) storyOf(ctx context.Context, tx *db.Tx, e *arrival, known map[string]imported) (story.Story, bool, error) {
	for _, id := range append([]string{e.foreign}, e.members...) {
		if r, ok := known[id]; ok {
			st, err := im.rooms.Stories.ByID(ctx, tx, story.ID(r.Own))
			return st, false, err
		}
	}
	n := story.NewStory{Kind: story.News, OriginalLang: e.original, At: e.began}
	filed := story.Story{}
	e.filed(im, &filed)
	n.Section, n.Authors, n.Topics = filed.Section, filed.Authors, filed.Topics
	st, err := im.rooms.Stories.Import(ctx, tx, im.o.Actor, e.seed, n)
	return st, true, err
}

// filed puts the item's section, authors and topics into st, beside those that its other languages
// brought.
func (e *arrival) filed(im *importer, st *story.Story) {
	if k := im.names[e.section]; k != nil && (st.Section == "" || len(e.members) < 2) {
		st.Section = publication.SectionID(k.id)
	}
	if len(e.members) < 2 {
		st.Authors = nil
	}
	st.Authors, st.Topics = slices.Clone(st.Authors), slices.Clone(st.Topics)
	for _, key := range e.authors {
		if k := im.names[key]; k != nil && !slices.Contains(st.Authors, people.AuthorID(k.id)) {
			st.Authors = append(st.Authors, people.AuthorID(k.id))
		}
	}
	for _, key := range e.topics {
		if k := im.names[key]; k != nil && !slices.Contains(st.Topics, topic.ID(k.id)) {
			st.Topics = append(st.Topics, topic.ID(k.id))
		}
	}
}
