package port

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"depesche/internal/db"
	"depesche/internal/port/wxr"
	"depesche/internal/problem"
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

// store stores a batch: its stories in one transaction, or, where something in it can't be stored,
// item by item, so that the others can; then its pages. Each is told of as soon as it is stored, since
// the next import passes it by.
func (im *importer) store(ctx context.Context, list []*arrival) error {
	if err := im.name(ctx, list); err != nil {
		return err
	}
	var stories, pages, others []*arrival
	for _, e := range list {
		if !e.same && kindOf(e) == kindPage {
			pages = append(pages, e)
			continue
		}
		others = append(others, e)
		if !e.same && kindOf(e) == kindStory {
			stories = append(stories, e)
		}
	}
	var err error
	if len(stories) > 0 {
		err = im.storeStories(ctx, stories)
	}
	err = im.tellAll(others, err)
	for _, e := range pages {
		if err != nil {
			return err
		}
		err = im.tellAll([]*arrival{e}, im.storePage(ctx, e))
	}
	return err
}

// tellAll adds entries to the report, after an error only those that are stored all the same. It
// returns the first error.
func (im *importer) tellAll(list []*arrival, err error) error {
	for _, e := range list {
		if err != nil && !e.stored {
			continue
		}
		if terr := im.tell(e); err == nil {
			err = terr
		}
	}
	return err
}

func (im *importer) storeStories(ctx context.Context, list []*arrival) error {
	err := im.transaction(ctx, list)
	if err == nil || !itemsFault(err) {
		return err
	}
	if len(list) == 1 {
		list[0].refuse(reason(err))
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
	o.e.stored = true
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

// tell adds an entry to the report.
func (im *importer) tell(e *arrival) error {
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
		return nil
	}
	im.report.add(e.report)
	if im.o.Item == nil {
		return nil
	}
	return im.o.Item(e.report)
}

func (im *importer) sameAgain(e *arrival) {
	e.report.Remarks = nil // said the first time
	if e.fate == becomesPage {
		im.report.Pages.Same++
	} else {
		im.report.Editions.Same++
	}
}
