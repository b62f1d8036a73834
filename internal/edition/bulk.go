package edition

import (
	"errors"

	"depesche/internal/db"
	"depesche/internal/story"
)

// Put stores an edition with its revisions, the newest last, and its card if it is out, as its acts
// would have left them, for a paper that is made in bulk. The documents are in their normal form.
func Put(b *db.Bulk, st story.Story, e Edition, revisions []Revision) error {
	var errs []error
	put := func(table, columns string, values ...any) { errs = append(errs, b.Put(table, columns, values...)) }
	var bodies []string
	for _, r := range revisions {
		body, err := r.Doc.Encode()
		errs = append(errs, err)
		bodies = append(bodies, string(body))
	}
	var published any
	if e.PublishedRev != 0 {
		published = e.PublishedRev
	}
	put("edition", `id, story_id, lang, state, version, revision, published_rev, headline, body, slug, translator, made, `+
		`first_published_at, published_at, updated_at, withdrawn_at, withdrawn_why, saved_at`,
		e.ID, e.Story, e.Lang, e.State, e.Version, e.Revision, published, e.Headline, bodies[len(bodies)-1], e.Slug, e.Translator, e.Made,
		db.NullOf(e.FirstPublished), db.NullOf(e.Published), db.NullOf(e.Updated), db.NullOf(e.Withdrawn), e.WithdrawnWhy, db.Time{Time: e.Saved})
	for i, r := range revisions {
		put("revision", "edition_id, number, parent, kind, body, by_id, by_name, why, at",
			e.ID, r.Number, r.Parent, r.Kind, bodies[i], r.ByID, r.ByName, r.Why, db.Time{Time: r.At})
	}
	if !e.Out() {
		return errors.Join(errs...)
	}
	doc := revisions[e.PublishedRev-1].Doc
	picture, err := cardPicture(doc)
	errs = append(errs, err)
	put("card", cardInto, append(cardValues(st, e, doc), picture, db.Time{Time: *e.Published}, db.NullOf(e.Updated))...)
	for _, a := range st.Authors {
		put("card_author", "author_id, lang, published_at, edition_id", a, e.Lang, db.Time{Time: *e.Published}, e.ID)
	}
	for _, t := range st.Topics {
		put("card_topic", "topic_id, lang, published_at, edition_id", t, e.Lang, db.Time{Time: *e.Published}, e.ID)
	}
	return errors.Join(errs...)
}

// SlugOf is the readable part of the address of an edition that goes out for the first time.
func SlugOf(e Edition) string { return slugFor(e, e.Doc) }
