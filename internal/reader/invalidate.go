package reader

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/pagecache"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// falsified says of each kind of event what it makes false. What isn't here makes everything false:
// a room that tells of something new is safe before it is fast. TestEveryEventIsKnown holds that all
// are here.
//
// What a page depends on is noted by the rooms it was read from (db.Note):
//
//	story/<id>           the story's cards, wherever they stand, and its corrections
//	text/<id>            its own page
//	edition/<id>         its text in a feed
//	cards/<lang>/<list>  the newest of a list: of all stories, a section, a topic, an author
//	past/<lang>/<list>   its older pages, and days that are over
//	numbers/<n>          the sitemap's stories of a range; numbers/last: how many parts it has
//	corrections/<lang>   the list of corrections
//	picture/<id>, topic/<id>, author/<id>, topics/all, authors/all, authors/named, filled/…
//	paper/…              settings, sections, static pages: on every page, and changed seldom
//
// and, as facts, which sections have stories, which languages have any, which have corrections, and which stories
// run live.
var falsified = map[string]func(*falsifier, context.Context, events.Event) error{
	"edition.published": (*falsifier).published,
	"edition.updated":   (*falsifier).changed,
	"edition.corrected": (*falsifier).corrected,
	"edition.withdrawn": (*falsifier).withdrawn,
	"edition.state":     (*falsifier).text, // a translator's name, a check, a correction that is answered
	"edition.saved":     nothing,           // readers see what went out
	"edition.scheduled": nothing,
	"edition.discarded": nothing, // it never was out
	"story.changed":     (*falsifier).story,
	"live.entry":        (*falsifier).live,
	"live.state":        (*falsifier).live,
	"picture.changed":   drops("picture"),
	"topic.changed":     (*falsifier).topic,
	"author.changed":    (*falsifier).author,
	"staff.changed":     (*falsifier).staff,
	"section.changed":   (*falsifier).sections,
	"page.changed":      (*falsifier).pages,
	"redirect.changed":  nothing, // what leads elsewhere isn't kept
	"register.changed":  nothing, // it is for what is written, not for what is read
	"report.made":       nothing, // a stranger's post makes no page be rendered anew
	"report.moved":      nothing,
	"report.closed":     nothing,
	// Every page has something of the paper's settings.
	"publication.changed": (*falsifier).everything,
}

// falsifier collects what a few events made false. It reads the database as it is after them.
type falsifier struct {
	rd    *Reader
	q     db.Conn
	knows func(pagecache.Tag) bool // whether somebody depends on the fact

	all   bool
	tags  []pagecache.Tag
	facts []pagecache.Fact
	warm  []string // pages that will be asked for
	langs []lang.Tag
}

func (f *falsifier) event(ctx context.Context, e events.Event) error {
	fn, ok := falsified[e.Kind]
	if !ok {
		f.all = true
		return nil
	}
	return fn(f, ctx, e)
}

func nothing(*falsifier, context.Context, events.Event) error { return nil }

func (f *falsifier) everything(context.Context, events.Event) error {
	f.all = true
	return nil
}

func (f *falsifier) drop(what, which string) { f.tags = append(f.tags, pagecache.TagOf(what, which)) }

// drops is for things that stand alone.
func drops(what string) func(*falsifier, context.Context, events.Event) error {
	return func(f *falsifier, _ context.Context, e events.Event) error {
		f.drop(what, subject(e))
		return nil
	}
}

// subject is the ID behind the event's subject: picture:<id>.
func subject(e events.Event) string {
	_, id, _ := strings.Cut(e.Subject, ":")
	return id
}

func (f *falsifier) sections(context.Context, events.Event) error {
	f.drop("paper", "sections")
	return nil
}

func (f *falsifier) pages(context.Context, events.Event) error {
	f.drop("paper", "pages")
	return nil
}

func (f *falsifier) staff(context.Context, events.Event) error {
	f.drop("authors", "named")
	return nil
}

func (f *falsifier) author(_ context.Context, e events.Event) error {
	f.drop("author", subject(e))
	f.drop("authors", "all")
	f.drop("authors", "named")
	return nil
}

// topic is of one that was changed or merged into another: then stories went from list to list.
func (f *falsifier) topic(ctx context.Context, e events.Event) error {
	id := topic.ID(subject(e))
	f.drop("topic", string(id))
	f.drop("topics", "all")
	f.drop("filled", "topics")
	langs, err := f.languages(ctx)
	if err != nil {
		return err
	}
	list := edition.List{Topic: id}
	for _, l := range langs {
		f.list(list.In(l), true)
	}
	return f.langsOf(ctx, list)
}

// languages are all the paper ever had.
func (f *falsifier) languages(ctx context.Context) ([]lang.Tag, error) {
	if f.langs != nil {
		return f.langs, nil
	}
	paper, err := f.rd.Publication.PaperIn(ctx, f.q)
	for _, l := range paper.Languages {
		f.langs = append(f.langs, l.Tag)
	}
	return f.langs, err
}

// list is of one that has a new story; past: which may stand anywhere in it.
func (f *falsifier) list(l edition.List, past bool) {
	f.drop("cards", l.Scope())
	if past {
		f.drop("past", l.Scope())
	}
}

// edit is what all acts on an edition that is out have in common.
func (f *falsifier) edit(e events.Event) (edition.Happened, error) {
	var h edition.Happened
	if err := json.Unmarshal(e.Data, &h); err != nil || h.Story == "" {
		return h, fmt.Errorf("event %s %s: what it says isn't understood: %w", e.ID, e.Kind, err)
	}
	f.drop("story", string(h.Story))
	f.drop("text", string(h.Story))
	f.drop("edition", string(h.Edition))
	f.drop("numbers", strconv.FormatInt(h.Number/edition.NumbersPerNote, 10))
	return h, nil
}

// published is a story that goes out in a language: it stands on top of its lists, unless it was
// imported, or its hour had passed.
func (f *falsifier) published(ctx context.Context, e events.Event) error {
	h, err := f.edit(e)
	if err != nil {
		return err
	}
	at, err := f.rd.Editions.StandingOf(ctx, f.q, h.Story)
	if err != nil {
		return err
	}
	if err := f.told(ctx, h); err != nil {
		return err
	}
	out, ok := at.Out[h.Lang]
	if !ok { // withdrawn since, which is told as well, or an entry
		return f.fixes(ctx)
	}
	past := out.Before(f.rd.DB.Now().Add(-edition.PastAfter / 2))
	for _, l := range at.Lists {
		f.list(l.In(h.Lang), past)
	}
	f.soon(ctx, h)
	return f.filled(ctx, at.Lists, h.Lang, 1)
}

// changed is a story that changed where it stands.
func (f *falsifier) changed(ctx context.Context, e events.Event) error {
	h, err := f.edit(e)
	if err == nil {
		f.soon(ctx, h)
	}
	return err
}

func (f *falsifier) corrected(ctx context.Context, e events.Event) error {
	h, err := f.edit(e)
	if err != nil {
		return err
	}
	f.drop("corrections", string(h.Lang))
	f.soon(ctx, h)
	return f.fixes(ctx)
}

func (f *falsifier) withdrawn(ctx context.Context, e events.Event) error {
	h, err := f.edit(e)
	if err != nil {
		return err
	}
	at, err := f.rd.Editions.StandingOf(ctx, f.q, h.Story)
	if err != nil {
		return err
	}
	return f.filled(ctx, at.Lists, h.Lang, 0)
}

// text is of what a story's own page tells of how its text came to be.
func (f *falsifier) text(ctx context.Context, e events.Event) error {
	var h edition.Happened
	if err := json.Unmarshal(e.Data, &h); err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	out, err := f.rd.Editions.Siblings(ctx, f.q, []story.ID{h.Story})
	if err != nil {
		return err
	}
	if len(out[h.Story]) == 0 {
		return f.entry(ctx, h.Story)
	}
	f.drop("text", string(h.Story))
	f.drop("numbers", strconv.FormatInt(h.Number/edition.NumbersPerNote, 10))
	return nil
}

// story is of what all of its editions share. Its details can move it from list to list, at whatever
// place.
func (f *falsifier) story(ctx context.Context, e events.Event) error {
	var c story.Changed
	if err := json.Unmarshal(e.Data, &c); err != nil || c.Story == "" {
		return fmt.Errorf("event %s %s: what it says isn't understood: %w", e.ID, e.Kind, err)
	}
	if c.Act != "story.details" && !strings.HasPrefix(c.Act, "story.source") { // created or deleted
		f.drop("numbers", "last")
	}
	at, err := f.rd.Editions.StandingOf(ctx, f.q, c.Story)
	if page.IsMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(at.Out) == 0 {
		return f.entry(ctx, c.Story)
	}
	f.drop("story", string(c.Story))
	f.drop("text", string(c.Story))
	f.drop("numbers", strconv.FormatInt(c.Number/edition.NumbersPerNote, 10))
	if c.Was == nil {
		return nil
	}
	lists := append(at.Lists, edition.ListsOf(c.Was.Section, c.Was.Topics, c.Was.Authors)...)
	for l := range at.Out {
		for _, list := range lists {
			f.list(list.In(l), true)
		}
		if err := f.sectionsOf(ctx, l); err != nil {
			return err
		}
	}
	f.drop("filled", "topics")
	f.drop("filled", "authors")
	return f.langsOf(ctx, lists...)
}

// filled looks whether lists became filled or empty in the language. few is how many stories a list
// has at most that wasn't filled before, or isn't any more.
func (f *falsifier) filled(ctx context.Context, lists []edition.List, l lang.Tag, few int) error {
	for _, list := range lists {
		if list.Topic == "" && list.Author == "" {
			continue
		}
		list = list.In(l)
		list.Limit = few + 1
		cards, _, err := f.rd.Editions.Cards(ctx, f.q, list)
		if err != nil {
			return err
		}
		if len(cards) <= few {
			f.drop("filled", "topics")
			f.drop("filled", "authors")
		}
	}
	if err := f.sectionsOf(ctx, l); err != nil {
		return err
	}
	if err := f.fixes(ctx); err != nil {
		return err
	}
	return f.langsOf(ctx, lists...)
}

// A fact is read anew only if somebody depends on it, and drops something only if it is another now.

func (f *falsifier) fact(name string, read func(db.Conn) error) error {
	if !f.knows(factTag(name)) {
		f.tags = append(f.tags, factTag(name)) // what is being rendered may know it already
		return nil
	}
	var n notes
	err := read(db.Noted(f.q, &n))
	for _, fact := range n.facts {
		if fact.Tag == factTag(name) {
			f.facts = append(f.facts, fact)
		}
	}
	return err
}

func (f *falsifier) sectionsOf(ctx context.Context, l lang.Tag) error {
	return f.fact(edition.FactSections+string(l), func(q db.Conn) error {
		_, err := f.rd.Editions.FilledSections(ctx, q, l)
		return err
	})
}

func (f *falsifier) langsOf(ctx context.Context, lists ...edition.List) error {
	for _, list := range lists {
		err := f.fact(edition.FactLangs+list.What(), func(q db.Conn) error {
			_, err := f.rd.Editions.FilledLangs(ctx, q, list)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *falsifier) fixes(ctx context.Context) error {
	return f.fact(correction.FactLangs, func(q db.Conn) error {
		_, err := f.rd.Corrections.Langs(ctx, q)
		return err
	})
}

// soon notes the page of an edition that readers will come for.
func (f *falsifier) soon(ctx context.Context, h edition.Happened) {
	if path, err := f.rd.pathOf(ctx, f.q, h.Story, h.Lang); err == nil {
		f.warm = append(f.warm, path)
	}
}
