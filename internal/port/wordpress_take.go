package port

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/people"
	"depesche/internal/port/wptext"
	"depesche/internal/port/wxr"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// batchSize is how many items are one transaction: enough that waiting for the disk doesn't count,
// few enough that an interruption costs nothing worth mentioning and that others get their turn.
const batchSize = 100

// takeIn reads the exports again and stores what is in them. One goroutine reads ahead and makes
// documents, on all processors, while this one writes.
func (im *importer) takeIn(ctx context.Context, files []File) error {
	g, ctx := errgroup.WithContext(ctx)
	batches := make(chan []*arrival, 1)
	g.Go(func() error {
		defer close(batches)
		return im.prepare(ctx, files, batches)
	})
	g.Go(func() error {
		for list := range batches {
			if err := im.store(ctx, list); err != nil {
				return err
			}
		}
		return nil
	})
	err := g.Wait()
	im.report.Pictures = im.pics.tally
	return err
}

// prepare reads items and sends them as batches.
func (im *importer) prepare(ctx context.Context, files []File, out chan<- []*arrival) error {
	var list []*arrival
	size, most := 0, batchSize
	if im.o.Batch > 0 {
		most = im.o.Batch
	}
	send := func() error {
		if len(list) == 0 {
			return nil
		}
		if err := im.compile(ctx, list); err != nil {
			return err
		}
		select {
		case out <- list:
		case <-ctx.Done():
			return ctx.Err()
		}
		list, size = nil, 0
		return nil
	}
	for _, f := range files {
		err := im.each(ctx, f, func(_ *wxr.Reader, p wxr.Part) error {
			if p.Item == nil {
				return nil
			}
			e := im.newArrival(f.Name, p.Item)
			list, size = append(list, e), size+len(p.Item.Content)
			if len(list) < most && size < maxContent {
				return nil
			}
			return send()
		}, func(*wxr.Reader) error { return nil })
		if err != nil {
			return err
		}
	}
	return send()
}

// compile reads the texts of those items of a batch that are new or have changed.
func (im *importer) compile(ctx context.Context, list []*arrival) error {
	for _, kind := range []string{kindStory, kindPage} {
		var ids []string
		for _, e := range list {
			if kindOf(e) == kind {
				ids = append(ids, e.foreign)
			}
		}
		known, err := recall(ctx, im.rooms.DB.Read(), im.origin, kind, ids)
		if err != nil {
			return err
		}
		for _, e := range list {
			if r, ok := known[e.foreign]; ok && kindOf(e) == kind {
				e.same = im.unchanged(e, r)
			}
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, e := range list {
		if e.fate != leave && e.refused == "" && !e.same {
			g.Go(func() error {
				if err := im.read(ctx, e); err != nil {
					return fmt.Errorf("%s: line %d: %w", e.report.File, e.report.Line, err)
				}
				e.item = nil // the text isn't needed any more
				return nil
			})
		}
	}
	return g.Wait()
}

func kindOf(e *arrival) string {
	switch {
	case e.refused != "":
		return ""
	case e.fate == becomesStory:
		return kindStory
	case e.fate == becomesPage:
		return kindPage
	}
	return ""
}

// result is what became of an entry.
type result int

const (
	wasSame result = iota
	isNew
	hasChanged
	wasKept
	wasRefused
)

// store stores a batch: in one transaction, or, where something in it can't be stored, item by
// item, so that the others can.
func (im *importer) store(ctx context.Context, list []*arrival) error {
	if err := im.name(ctx, list); err != nil {
		return err
	}
	var stories, pages []*arrival
	for _, e := range list {
		switch {
		case e.same:
		case kindOf(e) == kindStory:
			stories = append(stories, e)
		case kindOf(e) == kindPage:
			pages = append(pages, e)
		}
	}
	if len(stories) > 0 {
		if err := im.storeStories(ctx, stories); err != nil {
			return err
		}
	}
	for _, e := range pages {
		if err := im.storePage(ctx, e); err != nil {
			return err
		}
	}
	for _, e := range list {
		im.tell(e)
	}
	return nil
}

func (im *importer) storeStories(ctx context.Context, list []*arrival) error {
	err := im.transaction(ctx, list)
	if err == nil || !itemsFault(err) {
		return err
	}
	if len(list) == 1 {
		list[0].refuse(err.Error())
		return nil
	}
	for _, e := range list {
		if err := im.storeStories(ctx, []*arrival{e}); err != nil {
			return err
		}
	}
	return nil
}

// itemsFault tells what an item is to blame for from what ends the import: a full disk, a lost
// database, somebody who pressed Ctrl-C.
func itemsFault(err error) bool {
	switch problem.KindOf(err) {
	case problem.Invalid, problem.Conflict, problem.NotFound, problem.Gone:
		return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	return false
}

// outcome is what a transaction did, counted once it is committed.
type outcome struct {
	e        *arrival
	result   result
	newStory bool
	noted    bool // is to be remembered
	number   int64
	paths    int
}

func (im *importer) transaction(ctx context.Context, list []*arrival) error {
	var done []outcome
	err := im.rooms.DB.Write(ctx, func(tx *db.Tx) error {
		done = done[:0]
		known, err := im.recallAll(ctx, tx, list)
		if err != nil {
			return err
		}
		for _, e := range list {
			o, err := im.put(ctx, tx, e, known)
			if err != nil {
				return fmt.Errorf("post %s: %w", e.foreign, err)
			}
			done = append(done, o)
		}
		return im.rememberStories(ctx, tx, done, known)
	})
	if err != nil {
		return err
	}
	for _, o := range done {
		im.count(o)
	}
	return nil
}

func (im *importer) count(o outcome) {
	if o.newStory {
		im.report.Stories.New++
	}
	o.e.report.Story = o.number
	im.report.Redirects += o.paths
	im.report.Editions.add(o.result)
	if o.result == wasKept {
		o.e.remark(RemarkKept, "")
	}
}

func (t *Tally) add(r result) {
	switch r {
	case isNew:
		t.New++
	case hasChanged:
		t.Changed++
	case wasSame:
		t.Same++
	case wasKept:
		t.Kept++
	case wasRefused:
		t.Refused++
	}
}

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
		id := ref
		if len(ref) > len(linked) && ref[:len(linked)] == linked {
			id = ref[len(linked):]
		} else {
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

// tell adds an entry to the report.
func (im *importer) tell(e *arrival) {
	switch {
	case e.fate == leave:
		im.report.Left[e.left]++
	case e.same:
		im.sameAgain(e)
	case e.refused != "":
		if e.fate == becomesPage {
			im.report.Pages.Refused++
		} else {
			im.report.Editions.Refused++
		}
	}
	if len(e.report.Remarks) == 0 {
		return
	}
	im.report.add(e.report)
	if im.o.Item != nil {
		im.o.Item(e.report)
	}
}

func (im *importer) sameAgain(e *arrival) {
	e.report.Remarks = nil // said the first time
	if e.fate == becomesPage {
		im.report.Pages.Same++
	} else {
		im.report.Editions.Same++
	}
}
