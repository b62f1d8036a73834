package page

import (
	"context"
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/story"
)

const (
	// liveEntries is how many entries a page of a running story has.
	liveEntries = 20
	// liveKeys is how many pinned entries tell the story so far.
	liveKeys = 8
	// liveNewest is how many entries the front shows.
	liveNewest = 3
)

var errNoEntry = problem.New(problem.NotFound, "problem.not_found")

// LivePath is the address of an entry: of the running story, and the entry's number.
func LivePath(l lang.Tag, number int64, slug string, entry int64) string {
	return ArticlePath(l, number, slug) + "/" + strconv.FormatInt(entry, 10)
}

// StreamPath is where an open page is told what happens.
func StreamPath(l lang.Tag, number int64, slug string) string {
	return ArticlePath(l, number, slug) + "/live"
}

// Live is the part of a story's page that runs: entries, the latest first.
type Live struct {
	Running bool
	Word    string // Live; that it has ended
	Ended   *Moment
	Stream  string // where changes come from; "" where none come
	Since   int64  // the newest change that the page shows, in milliseconds
	Last    bool   // the page is the newest one
	Key     []LiveLink
	Entries []LiveEntry
	Newest  string // leads to the newest ones, from older ones
	Older   string
	Forms   string // what the button says of new entries, by plural form: JSON
	Empty   string // said while nothing has come
}

// forms are the plural forms of a word, for the script: a word by category, as JSON.
func (s *Site) forms(key string) (string, error) {
	forms := s.Words.Forms(key)
	if one, ok := forms.(string); ok {
		forms = map[string]string{"other": one}
	}
	b, err := json.Marshal(forms)
	return string(b), err
}

// addPlayers allows what the embeds of entries load.
func (v *Article) addPlayers() {
	if v.Live == nil {
		return
	}
	for _, e := range v.Live.Entries {
		v.Players = append(v.Players, e.players...)
	}
	slices.Sort(v.Players)
	v.Players = slices.Compact(v.Players)
}

// LiveLink is an entry in a list.
type LiveLink struct {
	Time Moment
	Text string
	Href string
}

// LiveEntry is an entry as a page shows it. Level is the one of its headline.
type LiveEntry struct {
	ID          string
	Number      int64
	Turn        int64
	At          int64 // milliseconds, its place among the others
	Day         string
	NewDay      bool // the entry above is another day's
	Time        Moment
	Href        string
	Headline    string
	Body        template.HTML
	Pinned      bool
	By          []Part
	Version     string // said of a machine's text that nobody checked
	Sources     []Source
	Corrections []Correction

	players []string
	plain   string
	line    live.Line
}

// liveBatch is what entries need, read for all of them at once.
type liveBatch struct {
	inside      map[edition.ID]edition.Inside
	versions    map[edition.ID]lang.Version
	sources     map[story.ID][]story.Source
	corrections map[story.ID][]correction.Correction
	authors     map[people.AuthorID]people.Author
	around      surroundings
}

func (s *Site) liveBatch(ctx context.Context, q db.Conn, lines []live.Line) (b liveBatch, err error) {
	r := s.pages.rooms
	var ids []edition.ID
	var stories []story.ID
	for _, ln := range lines {
		ids, stories = append(ids, ln.Edition), append(stories, ln.Entry)
	}
	if b.inside, err = r.Editions.InsideOf(ctx, q, ids); err != nil {
		return b, err
	}
	if b.versions, err = r.Editions.VersionsOf(ctx, q, ids); err != nil {
		return b, err
	}
	if b.sources, err = r.Editions.Stories().SourcesOf(ctx, q, stories); err != nil {
		return b, err
	}
	if b.corrections, err = r.Corrections.OfStories(ctx, q, stories, s.Lang); err != nil {
		return b, err
	}
	var authors []people.AuthorID
	var docs []document.Doc
	for _, id := range ids {
		in := b.inside[id]
		authors, docs = append(authors, in.Authors...), append(docs, in.Doc)
	}
	if b.authors, err = r.People.AuthorsByIDs(ctx, q, authors); err != nil {
		return b, err
	}
	if b.around, err = s.surroundings(ctx, q, docs...); err != nil {
		return b, err
	}
	b.around.sources = map[string]string{}
	for _, list := range b.sources {
		for _, src := range list {
			b.around.sources[src.ID] = src.NameIn(s.Lang)
		}
	}
	return b, nil
}

// Coverage returns the story's coverage; one that never ran live has no story.
func (s *Site) Coverage(ctx context.Context, q db.Conn, id story.ID) (live.Coverage, error) {
	if s.pages.rooms.Live == nil {
		return live.Coverage{}, nil
	}
	c, err := s.pages.rooms.Live.Of(ctx, q, id)
	if IsMissing(err) {
		return live.Coverage{}, nil
	}
	return c, err
}

// live fills the running part of a story's page, from a cursor on.
func (s *Site) live(ctx context.Context, q db.Conn, f facts, before edition.Cursor) (*Live, error) {
	c := f.coverage
	if c.Story == "" {
		if before != "" {
			return nil, errNoEntry
		}
		return nil, nil
	}
	room := s.pages.rooms.Live
	lines, next, err := room.Lines(ctx, q, c.Story, s.Lang, before, liveEntries)
	if err != nil {
		return nil, err
	}
	if before != "" && len(lines) == 0 {
		return nil, errNoEntry
	}
	v := &Live{Running: c.Running(), Last: before == "", Word: s.t("reader.live")}
	path := ArticlePath(s.Lang, f.Story.Number, f.Edition.Slug)
	if v.Entries, err = s.liveEntries(ctx, q, path, lines); err != nil {
		return nil, err
	}
	if next != "" {
		v.Older = path + "?before=" + string(next)
	}
	if c.Ended != nil {
		m := s.exact(*c.Ended)
		v.Ended, v.Word = &m, s.t("reader.live_ended")
	}
	if !v.Last {
		v.Newest = path
		return v, nil
	}
	keys, err := room.Pinned(ctx, q, c.Story, s.Lang, liveKeys)
	if err != nil {
		return nil, err
	}
	for _, ln := range keys {
		v.Key = append(v.Key, s.liveLink(ln, path))
	}
	if v.Running {
		told, err := room.LastTold(ctx, q, c.Story, s.Lang)
		if err != nil {
			return nil, err
		}
		if !told.IsZero() {
			v.Since = told.UnixMilli()
		}
		v.Stream = StreamPath(s.Lang, f.Story.Number, f.Edition.Slug)
		if v.Forms, err = s.forms("reader.new_entries"); err != nil {
			return nil, err
		}
		if len(v.Entries) == 0 {
			v.Empty = s.t("reader.live_empty")
		}
	}
	return v, nil
}

// liveEntries shows the entries of the lines, in their order. path is the running story's.
func (s *Site) liveEntries(ctx context.Context, q db.Conn, path string, lines []live.Line) ([]LiveEntry, error) {
	b, err := s.liveBatch(ctx, q, lines)
	if err != nil {
		return nil, err
	}
	var out []LiveEntry
	for _, ln := range lines {
		if _, ok := b.inside[ln.Edition]; !ok {
			continue // withdrawn between two reads
		}
		e := s.liveEntry(b, ln, path)
		e.NewDay = len(out) == 0 || out[len(out)-1].Day != e.Day
		out = append(out, e)
	}
	return out, nil
}

func (s *Site) liveEntry(b liveBatch, ln live.Line, path string) LiveEntry {
	in := b.inside[ln.Edition]
	at := s.local(ln.Happened)
	e := LiveEntry{
		ID: "e" + strconv.FormatInt(ln.Number, 10), Number: ln.Number, Turn: ln.Turn, At: ln.Happened.UnixMilli(),
		Day: s.Lang.Date(at, lang.Plain), Time: s.moment(ln.Happened, s.Lang.Clock(at)), Href: path + "/" + strconv.FormatInt(ln.Number, 10),
		Headline: s.Lang.Bind(in.Doc.Headline), Pinned: ln.Pinned, line: ln, plain: in.Doc.Plain(),
	}
	sheet := s.options(b.around)
	sheet.EndMark = false // it ends stories
	e.Body, e.players = s.text(in.Doc, sheet)
	if in.Doc.Picture != nil {
		e.Body = document.FigureHTML(*in.Doc.Picture, sheet) + e.Body
	}
	var links []Link
	for _, id := range in.Authors {
		n, in := named(s, b.authors[id].Names)
		switch {
		case n.Name == "":
		case in == s.Lang:
			links = append(links, Link{Text: n.Name, Href: AuthorPath(s.Lang, n.Slug)})
		default:
			links = append(links, s.borrowed(n.Name, in))
		}
	}
	e.By = s.listed(links)
	if v := b.versions[ln.Edition]; v == lang.Machine {
		e.Version = s.Words.Version(v, "", "", "")
	}
	for _, src := range b.sources[ln.Entry] {
		e.Sources = append(e.Sources, s.source(src))
	}
	e.Corrections = s.corrections(b.corrections[ln.Entry])
	return e
}

func (s *Site) liveLink(ln live.Line, path string) LiveLink {
	at := s.local(ln.Happened)
	return LiveLink{
		Time: s.moment(ln.Happened, s.Lang.Clock(at)), Text: s.Lang.Bind(ln.Headline), Href: path + "/" + strconv.FormatInt(ln.Number, 10),
	}
}

// LiveFragment is an entry as an open page gets it; "" if it isn't out any more.
func (s *Site) LiveFragment(ctx context.Context, q db.Conn, path string, ln live.Line) (string, error) {
	list, err := s.liveEntries(ctx, q, path, []live.Line{ln})
	if err != nil || len(list) == 0 || !ln.Out {
		return "", err
	}
	list[0].NewDay = false
	return s.fragment("live-entry", list[0])
}

// LiveKey is an entry as the story so far has it; "" if it isn't pinned.
func (s *Site) LiveKey(path string, ln live.Line) (string, error) {
	if !ln.Out || !ln.Pinned {
		return "", nil
	}
	return s.fragment("live-link", s.liveLink(ln, path))
}

func (s *Site) fragment(name string, v any) (string, error) {
	t, err := s.pages.set(s.Lang)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.ExecuteTemplate(&b, name, v)
	return b.String(), err
}

// LiveBlock is a running story on a front: its newest entries.
type LiveBlock struct {
	Headline string
	Href     string
	Entries  []LiveLink
}

// liveBlocks are the running stories that are out in the language, with their newest entries. card is a story's
// that is out in it.
func (s *Site) liveBlocks(ctx context.Context, q db.Conn) ([]LiveBlock, []edition.ID, error) {
	room := s.pages.rooms.Live
	if room == nil {
		return nil, nil, nil
	}
	running, err := room.Running(ctx, q)
	if err != nil || len(running) == 0 {
		return nil, nil, err
	}
	var ids []story.ID
	for _, c := range running {
		ids = append(ids, c.Story)
	}
	cards, err := s.pages.rooms.Editions.Siblings(ctx, q, ids)
	if err != nil {
		return nil, nil, err
	}
	var out []LiveBlock
	var shown []edition.ID
	for _, c := range running {
		for _, card := range cards[c.Story] {
			if card.Lang != s.Lang {
				continue
			}
			lines, _, err := room.Lines(ctx, q, c.Story, s.Lang, "", liveNewest)
			if err != nil {
				return nil, nil, err
			}
			if len(lines) == 0 {
				continue
			}
			b := LiveBlock{Headline: card.Headline, Href: CardPath(card)}
			for _, ln := range lines {
				b.Entries = append(b.Entries, s.liveLink(ln, b.Href))
			}
			out, shown = append(out, b), append(shown, card.Edition)
		}
	}
	return out, shown, nil
}
