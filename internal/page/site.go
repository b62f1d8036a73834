package page

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
)

// Site is what the pages of one language have in common at one moment. It is read anew for each
// page: the paper is a handful of small rows, and so no page ever shows old settings.
type Site struct {
	Paper publication.Paper
	Lang  lang.Tag
	Words *lang.Words
	Now   time.Time // in the paper's zone; who shows anything by it says until when it is so: [Site.ends]

	until    time.Time // see Until
	pages    *Pages
	sections []publication.Section // that have stories in the language, in order
	static   []publication.Page
	// out are the languages in which there is something to read, fixes those that have corrections.
	out, fixes map[lang.Tag]bool
	style      Style
	alone      bool // pages of text alone, see [Site.AsText]
}

// Site reads what the pages in l have in common. A paper that isn't set up, or never had the
// language, is problem.NotFound.
func (p *Pages) Site(ctx context.Context, q db.Conn, l lang.Tag) (*Site, error) {
	paper, err := p.rooms.Publication.PaperIn(ctx, q)
	if err != nil {
		return nil, err
	}
	return p.SiteOf(ctx, q, paper, l)
}

// SiteOf is [Pages.Site] of a paper that has been read already.
func (p *Pages) SiteOf(ctx context.Context, q db.Conn, paper publication.Paper, l lang.Tag) (*Site, error) {
	if _, ok := paper.Language(l); !ok {
		return nil, problem.New(problem.NotFound, "problem.not_found")
	}
	s := &Site{Paper: paper, Lang: l, Words: p.words.In(l), Now: p.clock.Now().In(paper.Location), pages: p}
	s.style = p.styles.of(l, s.look(), false)
	all, err := p.rooms.Publication.Sections(ctx, q)
	if err != nil {
		return nil, err
	}
	filled, err := p.rooms.Editions.FilledSections(ctx, q, l)
	if err != nil {
		return nil, err
	}
	for _, sec := range all {
		if sec.Active && sec.Names[l].Slug != "" && filled[sec.ID] {
			s.sections = append(s.sections, sec)
		}
	}
	if s.static, err = p.rooms.Publication.Pages(ctx, q, l); err != nil {
		return nil, err
	}
	if s.out, err = p.rooms.Editions.FilledLangs(ctx, q, edition.List{}); err != nil {
		return nil, err
	}
	s.fixes, err = p.rooms.Corrections.Langs(ctx, q)
	return s, err
}

func (s *Site) look() Look {
	look := s.Paper.Look
	return Look{
		Accent: look.Accent, Accent2: look.Accent2, Wash: look.Wash,
		AccentDark: look.AccentDark, Accent2Dark: look.Accent2Dark, WashDark: look.WashDark,
		SystemFonts: look.SystemFonts,
	}
}

// Until is when the clock alone makes something false that pages of the site show by now: "5 minutes
// ago", the year. The zero time is never.
func (s *Site) Until() time.Time { return s.until }

// ends notes that what is shown is false from then on.
func (s *Site) ends(at time.Time) {
	if !at.IsZero() && (s.until.IsZero() || at.Before(s.until)) {
		s.until = at
	}
}

// midnight is the next one.
func (s *Site) midnight() time.Time {
	y, m, d := s.Now.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, s.Now.Location())
}

// Readable returns the paper's languages in which there is something to read; of a paper that has
// nothing out yet, all of them.
func (p *Pages) Readable(ctx context.Context, q db.Conn, paper publication.Paper) ([]lang.Tag, error) {
	out, err := p.rooms.Editions.FilledLangs(ctx, q, edition.List{})
	return readable(paper, out), err
}

func readable(paper publication.Paper, out map[lang.Tag]bool) []lang.Tag {
	active := paper.Active()
	filled := slices.DeleteFunc(slices.Clone(active), func(l lang.Tag) bool { return !out[l] })
	if len(filled) == 0 {
		return active
	}
	return filled
}

// Name is the paper's name in the site's language.
func (s *Site) Name() string { return s.Paper.NameIn(s.Lang) }

// Abs makes an address of ours absolute.
func (s *Site) Abs(path string) string { return strings.TrimRight(s.Paper.BaseURL, "/") + path }

func (s *Site) t(key string, args ...any) string { return s.Words.T(key, args...) }

// local shows a time in the paper's zone.
func (s *Site) local(at time.Time) time.Time { return at.In(s.Paper.Location) }

func (s *Site) moment(at time.Time, text string) Moment {
	return Moment{ISO: at.UTC().Format(time.RFC3339), Text: text}
}

// exact is a time as a story's head tells it.
func (s *Site) exact(at time.Time) Moment {
	return s.moment(at, s.Lang.Date(s.local(at), lang.Moment))
}

// where says where a page is in each language that has it.
type where map[lang.Tag]string

// frame puts the paper around a page. here has the page's own address under the site's language.
func (s *Site) frame(title, description string, here where) Frame {
	s.ends(time.Date(s.Now.Year()+1, 1, 1, 0, 0, 0, 0, s.Now.Location()))
	f := Frame{
		Lang: s.Lang, Dir: s.Lang.Dir(), Title: title, Description: description,
		Style: s.style, Preload: s.pages.preload(s.Lang, s.look()),
		Paper: s.Name(), Home: FrontPath(s.Lang), Year: strconv.Itoa(s.Now.Year()),
		Languages: s.switches(here), Foot: s.foot(FrontPath(s.Lang)), Other: s.other(here[s.Lang]), Text: s.alone,
	}
	if path := here[s.Lang]; path != "" {
		f.Canonical = s.Abs(path)
		f.Alternates = s.alternates(here, "")
	}
	for _, sec := range s.sections {
		n := sec.Names[s.Lang]
		f.Sections = append(f.Sections, Link{Text: n.Name, Href: SectionPath(s.Lang, n.Slug)})
	}
	return f
}

// under marks the section that a page belongs to.
func (f *Frame) under(href string) {
	for i := range f.Sections {
		f.Sections[i].Current = f.Sections[i].Href == href
	}
}

// foot are the links below each page; list is the address of the list whose feed is offered.
func (s *Site) foot(list string) []Link {
	var out []Link
	for _, p := range s.static {
		if p.Footer {
			out = append(out, Link{Text: p.Title, Href: StaticPath(s.Lang, p.Slug)})
		}
	}
	if s.fixes[s.Lang] {
		out = append(out, Link{Text: s.t("reader.corrections"), Href: CorrectionsPath(s.Lang), Word: true})
	}
	if len(s.sections) > 0 {
		out = append(out, Link{Text: s.t("reader.archive"), Href: ArchivePath(s.Lang), Word: true})
	}
	if s.alone {
		return out
	}
	return append(out, Link{Text: "RSS", Href: FeedPath(list, "rss")})
}

// feed announces the feeds of the list at path.
func (s *Site) feed(title, path string) Feed {
	return Feed{Title: title, Base: s.Abs(FeedPath(path, ""))}
}

// alternates are the links between a page's languages: the same on each of them. first is the
// address for readers of no language of ours; "" means the main language's, or the first there is.
func (s *Site) alternates(here where, first string) []Alternate {
	var out []Alternate
	for _, l := range s.Paper.Active() {
		if path := here[l]; path != "" {
			out = append(out, Alternate{Lang: string(l), Href: s.Abs(path)})
			if first == "" && l == s.Paper.MainLang {
				first = path
			}
		}
	}
	if len(out) < 2 || !slices.ContainsFunc(out, func(a Alternate) bool { return a.Lang == string(s.Lang) }) {
		return nil
	}
	if first == "" {
		return append(out, Alternate{Lang: "x-default", Href: out[0].Href})
	}
	return append(out, Alternate{Lang: "x-default", Href: s.Abs(first)})
}

// shownTongues is how many languages the bar shows before "All languages".
const shownTongues = 6

// switches is the bar's switch: this page in each language, or that language's front. A language
// without anything to read isn't there.
func (s *Site) switches(here where) Tongues {
	active := slices.DeleteFunc(slices.Clone(s.Paper.Active()), func(l lang.Tag) bool { return here[l] == "" && !s.out[l] && l != s.Lang })
	if len(active) < 2 {
		return Tongues{}
	}
	out := Tongues{Here: strings.ToUpper(string(s.Lang.Base()))}
	var all []Tongue
	for _, l := range active {
		t := s.tongue(l, here[l])
		if t.Href == "" {
			t.Href = FrontPath(l)
		}
		all = append(all, t)
	}
	out.Shown, out.More = s.fewShown(all)
	return out
}

// fewShown are the first of many languages, and the others.
func (s *Site) fewShown(all []Tongue) (shown, more []Tongue) {
	if len(all) <= shownTongues {
		return all, nil
	}
	// The current one is always seen, so that a reader knows where she is.
	if i := slices.IndexFunc(all, func(t Tongue) bool { return t.Current }); i >= shownTongues-1 {
		all = slices.Insert(slices.Delete(all, i, i+1), shownTongues-2, s.tongue(s.Lang, ""))
	}
	return all[:shownTongues-1], all[shownTongues-1:]
}

func (s *Site) tongue(l lang.Tag, href string) Tongue {
	t := Tongue{Lang: l, Name: l.OwnName(), Href: href, Current: l == s.Lang}
	if l.Dir() != s.Lang.Dir() {
		t.Dir = l.Dir()
	}
	return t
}

// editions says where a story is in each language it is out in.
func editions(cards []edition.Card) where {
	out := where{}
	for _, c := range cards {
		out[c.Lang] = CardPath(c)
	}
	return out
}

// CardPath is the address of the edition that c is the card of.
func CardPath(c edition.Card) string { return ArticlePath(c.Lang, c.Number, c.Slug) }

// named finds what something is called in the site's language, and else in the paper's main one or
// in any, and which language that is: only what has a name in the site's language has a page in it.
func named[T any](s *Site, names map[lang.Tag]T) (n T, in lang.Tag) {
	for _, l := range []lang.Tag{s.Lang, s.Paper.MainLang} {
		if n, ok := names[l]; ok {
			return n, l
		}
	}
	var first lang.Tag
	for l := range names {
		if first == "" || l < first {
			first = l
		}
	}
	return names[first], first
}

// borrowed is a name that has no page here, since it is in another language, and says so.
func (s *Site) borrowed(name string, in lang.Tag) Link {
	l := Link{Text: name, Lang: in}
	if in != "" && in.Dir() != s.Lang.Dir() {
		l.Dir = in.Dir()
	}
	return l
}
