package page

import (
	"context"
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

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
	t, err := s.pages.set(s.Lang)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.ExecuteTemplate(&b, "live-entry", list[0])
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

// LivePage is the page of one entry, at its own address.
type LivePage struct {
	Frame
	Story   Link
	Word    string // what the link to the story says
	Section Link
	Heading string
	Running bool
	Entry   LiveEntry
	Newer   *LiveLink
	Older   *LiveLink
	Share   Share
}

// LiveEntryPage fills the page of an entry of a story that is out.
func (s *Site) LiveEntryPage(ctx context.Context, q db.Conn, of edition.Live, number int64) (*LivePage, error) {
	room := s.pages.rooms.Live
	if room == nil {
		return nil, errNoEntry
	}
	c, err := room.Of(ctx, q, of.Story.ID)
	if err != nil {
		return nil, err
	}
	ln, others, err := s.lineOf(ctx, q, of.Story.ID, of.Siblings, number)
	if err != nil {
		return nil, err
	}
	path := ArticlePath(s.Lang, of.Story.Number, of.Edition.Slug)
	list, err := s.liveEntries(ctx, q, path, []live.Line{ln})
	if err == nil && len(list) == 0 {
		err = errNoEntry
	}
	if err != nil {
		return nil, err
	}
	here := where{}
	for _, card := range of.Siblings {
		for _, o := range others {
			if o.Lang == card.Lang && o.Out {
				here[o.Lang] = CardPath(card) + "/" + strconv.FormatInt(number, 10)
			}
		}
	}
	e := list[0]
	v := &LivePage{
		Entry: e, Story: Link{Text: of.Doc.Headline, Href: path}, Running: c.Running(), Heading: e.Headline,
		Word: s.t("reader.to_live"), Share: s.share(ln.Headline, e.Href),
	}
	v.Frame = s.frame(ln.Headline+" | "+s.Name(), document.Shorten(e.plain, s.Lang, teaserLength), here)
	v.Players = e.players
	v.NoIndex = e.Version != ""
	if v.Heading == "" {
		v.Heading = of.Doc.Headline
	}
	if !c.Running() {
		v.Word = s.t("reader.live_all")
	}
	if err := s.besides(ctx, q, v, ln, path); err != nil {
		return nil, err
	}
	s.website(&v.Frame, "article", here)
	v.Graph.Published = e.Time.ISO
	post := s.posting(e)
	post.Context = schemaOrg
	post.PartOf = &ldRef{s.Abs(path) + "#story"}
	v.Data = Data{post, s.crumbs(Link{Text: of.Doc.Headline, Href: path}, ln.Headline)}
	return v, nil
}

// lineOf finds the line of an entry of the story by its number, and its lines in other languages. A withdrawn one
// is an [*edition.GoneError].
func (s *Site) lineOf(ctx context.Context, q db.Conn, of story.ID, siblings []edition.Card, number int64) (live.Line, []live.Line, error) {
	r := s.pages.rooms
	st, err := r.Editions.Stories().ByNumber(ctx, q, number)
	if err != nil {
		return live.Line{}, nil, err
	}
	if st.LiveOf != of {
		return live.Line{}, nil, errNoEntry
	}
	lines, err := r.Live.LinesOf(ctx, q, st.ID)
	if err != nil {
		return live.Line{}, nil, err
	}
	for _, ln := range lines {
		if ln.Lang != s.Lang {
			continue
		}
		if !ln.Out { // it says why
			_, err = r.Editions.Published(ctx, q, number, s.Lang)
			if gone, ok := GoneOf(err); ok {
				gone.Siblings, gone.Entry = siblings, true
			} else if err == nil {
				err = errNoEntry
			}
			return live.Line{}, nil, err
		}
		return ln, lines, nil
	}
	return live.Line{}, nil, errNoEntry
}

// besides finds the entries before and after.
func (s *Site) besides(ctx context.Context, q db.Conn, v *LivePage, ln live.Line, path string) error {
	newer, older, err := s.pages.rooms.Live.Beside(ctx, q, ln)
	if err != nil {
		return err
	}
	if newer != nil {
		l := s.liveLink(*newer, path)
		v.Newer = &l
	}
	if older != nil {
		l := s.liveLink(*older, path)
		v.Older = &l
	}
	return nil
}

// LiveListing is the list of a running story's entries, for its feed.
func (s *Site) LiveListing(of edition.Live) Listing {
	return Listing{
		Feed: s.t("reader.feed_live", "paper", s.Name(), "story", of.Doc.Headline), About: of.Doc.Lead.Plain(),
		Here: where{s.Lang: ArticlePath(s.Lang, of.Story.Number, of.Edition.Slug)},
	}
}

// LiveFeed are the newest entries of a running story, as a feed tells them.
func (s *Site) LiveFeed(ctx context.Context, q db.Conn, of edition.Live) ([]Entry, error) {
	room := s.pages.rooms.Live
	if room == nil {
		return nil, errNoEntry
	}
	if _, err := room.Of(ctx, q, of.Story.ID); err != nil {
		return nil, err
	}
	lines, _, err := room.Lines(ctx, q, of.Story.ID, s.Lang, "", feedSize)
	if err != nil {
		return nil, err
	}
	b, err := s.liveBatch(ctx, q, lines)
	if err != nil {
		return nil, err
	}
	path := ArticlePath(s.Lang, of.Story.Number, of.Edition.Slug)
	var out []Entry
	for _, ln := range lines {
		e := s.liveEntry(b, ln, path)
		url := s.Abs(e.Href)
		x := Entry{
			ID: string(ln.Edition), URL: url, Title: ln.Headline, Summary: document.Teaser(b.inside[ln.Edition].Doc, s.Lang, teaserLength),
			Content: string(s.feedBody(b.inside[ln.Edition].Doc, b.around, url)), Published: ln.Happened,
		}
		for _, fix := range e.Corrections {
			x.Content = "<p><strong>" + escapeHTML(s.t("reader.correction_of", "date", fix.At.Text)) + ".</strong> " + escapeHTML(fix.Text) + "</p>\n" + x.Content
		}
		if ln.Turn > 1 {
			x.Updated = &ln.Told
		}
		for _, by := range e.By {
			if by.Text != "" {
				x.Authors = append(x.Authors, Link{Text: by.Text})
			}
		}
		out = append(out, x)
	}
	return out, nil
}

type ldPosting struct {
	Context   string    `json:"@context,omitempty"`
	Type      string    `json:"@type"`
	ID        string    `json:"@id"`
	URL       string    `json:"url"`
	Headline  string    `json:"headline"`
	Published string    `json:"datePublished"`
	Modified  string    `json:"dateModified,omitempty"`
	Lang      string    `json:"inLanguage"`
	Body      string    `json:"articleBody"`
	Authors   []ldThing `json:"author,omitempty"`
	Publisher *ldRef    `json:"publisher,omitempty"`
	PartOf    *ldRef    `json:"isPartOf,omitempty"`
}

// posting tells machines of an entry.
func (s *Site) posting(e LiveEntry) ldPosting {
	p := ldPosting{
		Type: "BlogPosting", ID: s.Abs(e.Href) + "#entry", URL: s.Abs(e.Href), Headline: e.line.Headline, Published: e.Time.ISO, Lang: string(s.Lang),
		Body: e.plain, Publisher: &ldRef{s.Abs("/#publisher")},
	}
	if e.Turn > 1 {
		p.Modified = e.line.Told.UTC().Format(time.RFC3339)
	}
	for _, part := range e.By {
		a := ldThing{Type: "Person", Name: part.Text}
		if part.Href != "" {
			a.URL = s.Abs(part.Href)
		}
		p.Authors = append(p.Authors, a)
	}
	return p
}

// covered makes of the article's data those of live coverage.
func (s *Site) covered(a *ldArticle, v *Live, c live.Coverage) {
	a.Type, a.CoverageStart = "LiveBlogPosting", c.Began.UTC().Format(time.RFC3339)
	if c.Ended != nil {
		a.CoverageEnd = c.Ended.UTC().Format(time.RFC3339)
	}
	for _, e := range v.Entries {
		a.Updates = append(a.Updates, s.posting(e))
	}
}
