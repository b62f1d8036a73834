package port

import (
	"context"
	"encoding/hex"
	"hash/fnv"
	"slices"

	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// putNew stores an edition that wasn't here.
func (im *importer) putNew(ctx context.Context, tx *db.Tx, st story.Story, in edition.Imported, fresh bool) (result, error) {
	if fresh {
		in.Begun = &st
	} else {
		others, err := im.rooms.Editions.OfStory(ctx, tx, st.ID)
		if err != nil {
			return 0, err
		}
		if slices.ContainsFunc(others, func(o edition.Edition) bool { return o.Lang == in.Lang }) {
			return 0, problem.New(problem.Conflict, "problem.edition_exists")
		}
		if len(others) > 0 {
			in.Doc = parallelIDs(in.Doc, others[0].Doc, string(in.Lang))
		}
		if _, err := im.refile(ctx, tx, st); err != nil {
			return 0, err
		}
	}
	_, _, err := im.rooms.Editions.Import(ctx, tx, im.o.Actor, in)
	return isNew, err
}

// putAgain stores an edition that has changed there since. What somebody wrote here stays.
func (im *importer) putAgain(ctx context.Context, tx *db.Tx, e *arrival, st story.Story, in edition.Imported) (result, error) {
	room := im.rooms.Editions
	old, err := room.ByLanguage(ctx, tx, st.ID, in.Lang)
	if problem.Is(err, problem.NotFound) { // its language was told otherwise then
		return im.putNew(ctx, tx, st, in, false)
	}
	if err != nil {
		return 0, err
	}
	if !sameOne(old, in) {
		return 0, &otherError{e.foreign, old.Headline}
	}
	last, err := room.Revisions(ctx, tx, old.ID, 0, 1)
	if err != nil {
		return 0, err
	}
	if old.State == edition.Withdrawn || len(last) > 0 && last[0].Kind != edition.RevImport {
		return wasKept, nil
	}
	in.Doc = adoptIDs(in.Doc, old.Doc, old.Revision+1)
	now, fresh, err := room.Import(ctx, tx, im.o.Actor, in)
	if err != nil {
		return 0, err
	}
	changed := fresh
	if !fresh && in.Published != nil && now.State != edition.Published {
		// The same text, and out now.
		if err := im.publish(ctx, tx, st, now, in); err != nil {
			return 0, err
		}
		changed = true
	}
	refiled, err := im.refile(ctx, tx, st)
	if err != nil || !changed && !refiled {
		return wasSame, err // read again for its pictures, which still can't be had
	}
	return hasChanged, nil
}

// sameOne guards against exports of two sites under one address: their posts have the same numbers.
// A post keeps at least one of its address, its headline and its date.
func sameOne(old edition.Edition, in edition.Imported) bool {
	switch {
	case old.Slug != "" && old.Slug == in.Doc.Slug, old.Doc.Slug != "" && old.Doc.Slug == in.Doc.Slug:
		return true
	case old.Headline == in.Doc.Headline:
		return true
	case old.FirstPublished != nil && in.Published != nil && old.FirstPublished.Equal(*in.Published):
		return true
	}
	return false
}

func (im *importer) publish(ctx context.Context, tx *db.Tx, st story.Story, e edition.Edition, in edition.Imported) error {
	e, err := im.rooms.Editions.GoOut(ctx, tx, st, e, e.Revision, edition.ActPublish, *in.Published)
	if err != nil {
		return err
	}
	err = audit.Record(ctx, tx, audit.Entry{
		Actor: im.o.Actor.ID, Act: "edition.import", Subject: "edition:" + string(e.ID), Detail: map[string]any{"revision": e.Revision, "why": in.Why},
	})
	if err != nil {
		return err
	}
	return edition.Tell(ctx, tx, "edition.published", st, e)
}

// refile stores the story's section, authors and topics, and reports whether they changed.
func (im *importer) refile(ctx context.Context, tx *db.Tx, st story.Story) (bool, error) {
	old, err := im.rooms.Stories.ByID(ctx, tx, st.ID)
	if err != nil {
		return false, err
	}
	if old.Section == st.Section && slices.Equal(old.Authors, st.Authors) && slices.Equal(old.Topics, st.Topics) {
		return false, nil
	}
	_, err = im.rooms.Stories.SaveDetailsTx(ctx, tx, im.o.Actor, st)
	return true, err
}

// storePage stores a static page. Its room saves it in an act of its own; if we are stopped before
// it is remembered, its key finds it at the next try.
func (im *importer) storePage(ctx context.Context, e *arrival) error {
	err := im.putPage(ctx, e)
	if err != nil && itemsFault(err) {
		e.refuse(reason(err))
		return nil
	}
	return err
}

func (im *importer) putPage(ctx context.Context, e *arrival) error {
	room := im.rooms.Publication
	q := im.rooms.DB.Read()
	known, err := recall(ctx, q, im.origin, kindPage, []string{e.foreign})
	if err != nil {
		return err
	}
	mine, here := known[e.foreign]
	if here && im.unchanged(e, mine) {
		im.report.Pages.Same++
		return nil
	}
	links, err := im.recallAll(ctx, q, []*arrival{e})
	if err != nil {
		return err
	}
	doc := im.rewire(e.doc, links)
	if err := document.Validate(doc); err != nil {
		return err
	}
	p, err := im.pageOf(ctx, q, e, mine)
	if err != nil {
		return err
	}
	found := p.ID != ""
	p.Title = cut(doc.Headline, 200)
	if p.Body, err = doc.Encode(); err != nil {
		return err
	}
	if p, err = room.SavePage(ctx, im.o.Actor, p); err != nil {
		return err
	}
	err = im.rooms.DB.Write(ctx, func(tx *db.Tx) error {
		for _, path := range e.paths {
			if err := room.AddRedirect(ctx, tx, path, "page:"+string(p.ID)+":"+string(p.Lang)); err != nil {
				return err
			}
		}
		return remember(ctx, tx, im.origin, kindPage, e.foreign, imported{Own: string(p.ID), SHA256: e.sum()})
	})
	if err != nil {
		return err
	}
	e.stored = true
	if found {
		im.report.Pages.Changed++
	} else {
		im.report.Pages.New++
		im.report.Redirects += len(e.paths)
	}
	return nil
}

// pageOf returns the page that the item is here, or a new one with a key and an address of its own.
func (im *importer) pageOf(ctx context.Context, q db.Conn, e *arrival, mine imported) (publication.Page, error) {
	room := im.rooms.Publication
	if mine.Own != "" {
		p, err := room.PageByID(ctx, q, publication.PageID(mine.Own))
		if err == nil || !problem.Is(err, problem.NotFound) {
			return p, err
		}
	}
	key := im.pageKey(e)
	list, err := room.Pages(ctx, q, e.lang)
	if err != nil {
		return publication.Page{}, err
	}
	slugs := map[string]bool{}
	for _, p := range list {
		if p.Key == key {
			return p, nil
		}
		slugs[p.Slug] = true
	}
	slug := e.doc.Slug
	if slug == "" {
		slug = e.lang.Slug(e.doc.Headline, 60)
	}
	if slug != "" && slugs[slug] {
		slug += "-" + key
	}
	// Not in the footer: an old site has dozens, and which of them belong there the paper knows.
	return publication.Page{Key: key, Lang: e.lang, Slug: slug, Position: 100}, nil
}

// pageKey is what all languages of a page have in common: the site and the number of the first.
func (im *importer) pageKey(e *arrival) string {
	h := fnv.New32a()
	h.Write([]byte(im.origin))
	root := e.members[0]
	for _, m := range e.members[1:] {
		root = min(root, m)
	}
	return "wp-" + hex.EncodeToString(h.Sum(nil)) + "-" + slugOf("x-"+root)
}
