package page

import (
	"context"
	"strconv"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/live"
	"depesche/internal/story"
)

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
