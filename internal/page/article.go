package page

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// facts is everything that a story's page tells, as the rooms know it.
type facts struct {
	edition.Live
	authors     []people.Author
	topics      []topic.Topic
	section     publication.Section
	corrections []correction.Correction
	owed        []correction.Correction // of the original, which this edition doesn't tell of yet
	translator  people.Kind
	body        surroundings
	coverage    live.Coverage
}

// gather asks the rooms. It is a fixed number of reads, however long the text.
func (s *Site) gather(ctx context.Context, q db.Conn, live edition.Live) (facts, error) {
	f := facts{Live: live}
	r := s.pages.rooms
	byID, err := r.People.AuthorsByIDs(ctx, q, live.Story.Authors)
	if err != nil {
		return facts{}, err
	}
	for _, id := range live.Story.Authors {
		if a, ok := byID[id]; ok {
			f.authors = append(f.authors, a)
		}
	}
	if live.Edition.Translator != "" {
		if f.translator, err = r.People.KindNamed(ctx, q, s.Lang, live.Edition.Translator); err != nil {
			return facts{}, err
		}
	}
	topics, err := r.Topics.ByIDs(ctx, q, live.Story.Topics)
	if err != nil {
		return facts{}, err
	}
	for _, id := range live.Story.Topics {
		if t, ok := topics[id]; ok && t.Active {
			f.topics = append(f.topics, t)
		}
	}
	if id := live.Story.Section; id != "" {
		if f.section, err = r.Publication.SectionByID(ctx, q, id); err != nil {
			return facts{}, err
		}
	}
	if f.corrections, err = r.Corrections.OfStory(ctx, q, live.Story.ID, s.Lang); err != nil {
		return facts{}, err
	}
	if f.owed, err = s.owed(ctx, q, live.Story); err != nil {
		return facts{}, err
	}
	f.body, err = s.surroundings(ctx, q, live.Doc)
	f.body.sources = sourceNames(live.Story, s.Lang)
	return f, err
}

// owed are the corrections of the original that the site's edition neither has nor tells of yet. What
// was wrong in another translation only is no concern of this one's readers.
func (s *Site) owed(ctx context.Context, q db.Conn, st story.Story) ([]correction.Correction, error) {
	if s.Lang == st.OriginalLang {
		return nil, nil
	}
	room := s.pages.rooms.Corrections
	debts, err := room.OwedBy(ctx, q, st.ID, s.Lang)
	debts = slices.DeleteFunc(debts, func(d correction.Debt) bool { return d.Mended })
	if err != nil || len(debts) == 0 {
		return nil, err
	}
	told, err := room.OfStory(ctx, q, st.ID, st.OriginalLang)
	return slices.DeleteFunc(told, func(c correction.Correction) bool {
		return !slices.ContainsFunc(debts, func(d correction.Debt) bool { return d.Correction == c.ID })
	}), err
}

// Article fills the page of a published edition.
func (s *Site) Article(ctx context.Context, q db.Conn, live edition.Live) (*Article, error) {
	return s.ArticleFrom(ctx, q, live, "")
}

// ArticleFrom is Article with the entries of a running story from a cursor on.
func (s *Site) ArticleFrom(ctx context.Context, q db.Conn, live edition.Live, before edition.Cursor) (*Article, error) {
	f, err := s.gather(ctx, q, live)
	if err != nil {
		return nil, err
	}
	if f.coverage, err = s.Coverage(ctx, q, live.Story.ID); err != nil {
		return nil, err
	}
	running, err := s.live(ctx, q, f, before)
	if err != nil {
		return nil, err
	}
	return s.article(f, running), nil
}

// Preview writes the page that readers would see of doc, which need not be published, with a bar
// that says so, and returns the content security policy that the page needs.
func (p *Pages) Preview(ctx context.Context, q db.Conn, w io.Writer, ed edition.Edition, st story.Story, doc document.Doc, revision int64) (csp string, err error) {
	s, err := p.Site(ctx, q, ed.Lang)
	if err != nil {
		return "", err
	}
	cards, err := p.rooms.Editions.Siblings(ctx, q, []story.ID{st.ID})
	if err != nil {
		return "", err
	}
	check, err := p.rooms.Editions.CheckOf(ctx, q, ed.ID, revision)
	if err != nil {
		return "", err
	}
	v, err := s.Article(ctx, q, edition.Live{Edition: ed, Story: st, Doc: doc, Siblings: cards[st.ID], Check: check})
	if err != nil {
		return "", err
	}
	v.Report = ""
	v.NoIndex, v.Preview = true, s.t("page.preview", "n", revision)
	v.Canonical, v.Alternates, v.Data, v.Graph, v.Share = "", nil, nil, Graph{}, Share{}
	// The desk shows previews side by side in frames of its own.
	csp = strings.Replace(v.CSP(), "frame-ancestors 'none'", "frame-ancestors 'self'", 1)
	return csp, p.RenderArticle(w, v)
}

func (s *Site) article(f facts, running *Live) *Article {
	here := editions(f.Siblings)
	path := ArticlePath(s.Lang, f.Story.Number, f.Edition.Slug)
	if here[s.Lang] != "" || f.Edition.Out() {
		here[s.Lang] = path
	}
	v := &Article{
		Frame:    s.frame(f.Doc.Headline+" | "+s.Name(), s.teaser(f), here),
		Kicker:   f.Doc.Kicker,
		Headline: lang.BindNames(s.Lang.Bind(f.Doc.Headline), s.names(f)...),
		Lead:     s.inline(withNames(f.Doc.Lead, s.names(f)), f.body),
		Picture:  s.figure(f.Doc.Picture, f.body),
		Old:      s.old(f),
		Behind:   s.behind(f),
		Version:  s.version(f),
		Editions: s.storyTongues(here),
	}
	if s.Paper.ErrorReports {
		v.Report = ReportPath(s.Lang, f.Story.Number)
	}
	v.Live = running
	if !s.alone {
		v.Style = s.pages.styles.of(s.Lang, s.look(), running == nil)
	}
	o := s.options(f.body)
	if v.Picture == nil {
		o.Eager = eagerBlocks
	}
	v.Body, v.Players = s.text(f.Doc, o)
	v.addPlayers()
	v.Alternates = s.alternates(here, here[f.Story.OriginalLang])
	v.NoIndex = f.Version() == lang.Machine
	s.signed(v, f)
	s.dated(v, f)
	s.placed(v, f)
	s.sourced(v, f)
	s.corrected(v, f)
	if original := here[f.Story.OriginalLang]; f.Version() == lang.Machine && original != "" {
		t := s.tongue(f.Story.OriginalLang, original)
		v.Raw = &t
	}
	v.Share = s.share(f.Doc.Headline, path)
	v.Feed = s.feed(s.t("reader.feed_front", "paper", s.Name()), FrontPath(s.Lang))
	s.describe(v, f)
	return v
}

// longestName is the longest name that is kept on one line: a longer one may not fit on a phone's.
const longestName = 20

// names are those of the papers and persons that the story is about, as the headline and the lead
// keep them on one line.
func (s *Site) names(f facts) []string {
	var out []string
	add := func(name string) {
		if utf8.RuneCountInString(name) <= longestName {
			out = append(out, name)
		}
	}
	for _, src := range f.Story.Sources {
		if src.Kind == story.Paper || src.Kind == story.Agency || src.Kind == story.Person {
			add(src.NameIn(s.Lang))
		}
	}
	for _, t := range f.topics {
		if t.Kind == topic.Person {
			add(t.Names[s.Lang].Name)
		}
	}
	return out
}

func withNames(in document.Inline, names []string) document.Inline {
	out := slices.Clone(in)
	for i := range out {
		out[i].Text = lang.BindNames(out[i].Text, names...)
	}
	return out
}

// teaser is what search engines and shared links show of the story.
func (s *Site) teaser(f facts) string { return document.Teaser(f.Doc, s.Lang, teaserLength) }

// teaserLength is where search engines and messengers cut.
const teaserLength = 200

func (s *Site) old(f facts) string {
	at := f.Edition.Published
	if at == nil {
		return ""
	}
	if !at.Before(s.Now.AddDate(-1, 0, 0)) {
		next := at.In(s.Now.Location()).AddDate(1, 0, 0)
		for !next.After(s.Now) { // years differ by a day
			next = next.Add(time.Hour)
		}
		s.ends(next)
		return ""
	}
	return s.t("reader.old_year", "year", strconv.Itoa(s.local(*at).Year()))
}

func (s *Site) version(f facts) string {
	checker := f.Check.By
	if checker == "" {
		checker = s.t("reader.v_editors")
	}
	return s.Words.Version(f.Version(), f.Story.OriginalLang, f.Edition.Translator, checker)
}

// storyTongues are the languages the story is out in, unless it is only this one.
func (s *Site) storyTongues(here where) Tongues {
	var all []Tongue
	for _, l := range s.Paper.Active() {
		if href := here[l]; href != "" {
			all = append(all, s.tongue(l, href))
		}
	}
	if len(all) < 2 {
		return Tongues{}
	}
	var out Tongues
	out.Shown, out.More = s.fewShown(all)
	return out
}

// bylines is how many authors the head names; more are named below the text.
const bylines = 3

func (s *Site) signed(v *Article, f facts) {
	var links []Link
	var names []string
	for _, a := range f.authors {
		n, in := named(s, a.Names)
		if n.Name == "" {
			continue
		}
		l := s.borrowed(n.Name, in)
		if in == s.Lang {
			l = Link{Text: n.Name, Href: AuthorPath(s.Lang, n.Slug)}
		}
		links, names = append(links, l), append(names, n.Name)
	}
	if len(links) <= bylines {
		v.By = s.listed(links)
		return
	}
	marks := placeholders(2)
	v.By = parts(s.t("reader.and_others", "names", strings.Join(marks, ", ")), links[:2])
	v.AllAuthors = s.t("reader.by_many", "name", s.Lang.List(names))
}

func (s *Site) dated(v *Article, f facts) {
	if at := f.Edition.Published; at != nil {
		v.Published = s.exact(*at)
	}
	if at := f.Edition.Updated; at != nil && f.Edition.Published != nil {
		m := s.exact(*at)
		if s.local(*at).Format(DayLayout) == s.local(*f.Edition.Published).Format(DayLayout) {
			m.Text = s.Lang.Clock(s.local(*at))
		}
		v.Updated = &m
	}
}

// placed says where the story belongs: section and topics.
func (s *Site) placed(v *Article, f facts) {
	if n, in := named(s, f.section.Names); in == s.Lang && n.Name != "" {
		v.Section = Link{Text: n.Name, Href: SectionPath(s.Lang, n.Slug)}
		v.under(v.Section.Href)
	} else if n.Name != "" {
		v.Section = s.borrowed(n.Name, in)
	}
	for _, t := range f.topics {
		if n, ok := t.Names[s.Lang]; ok && n.Slug != "" {
			v.Topics = append(v.Topics, Link{Text: n.Name, Href: TopicPath(s.Lang, n.Slug)})
		}
	}
}

func (s *Site) corrected(v *Article, f facts) {
	v.Corrections = s.corrections(f.corrections)
	for _, c := range f.corrections {
		if c.Prominent && v.Fixed == nil {
			v.Fixed = &Link{Text: s.t("reader.correction_link"), Href: "#" + correctionID(c.ID)}
		}
	}
}

func (s *Site) corrections(list []correction.Correction) []Correction {
	var out []Correction
	for _, c := range list {
		out = append(out, Correction{ID: correctionID(c.ID), At: s.exact(c.At), Text: s.Lang.Bind(c.Text)})
	}
	return out
}

// behind tells readers that the story was corrected and this edition isn't mended yet.
func (s *Site) behind(f facts) string {
	if len(f.owed) == 0 {
		return ""
	}
	return s.t("reader.correction_original", "date", s.local(f.owed[0].At))
}

func correctionID(id correction.ID) string { return "correction-" + string(id) }

// figure is the picture above the text.
func (s *Site) figure(p *document.Picture, around surroundings) *Figure {
	if p == nil {
		return nil
	}
	img, credit := around.image(s, *p)
	if img == nil {
		return nil
	}
	img.First, img.Sizes = true, sizesStory
	return &Figure{Image: *img, Caption: s.inline(p.Caption, around), Credit: credit}
}

// share makes plain links: a page that is passed on needs nobody's script.
func (s *Site) share(headline, path string) Share {
	u := s.Abs(path)
	// Everyone understands %20; a plus sign is a plus sign to some.
	q := func(t string) string { return strings.ReplaceAll(url.QueryEscape(t), "+", "%20") }
	return Share{
		Mail:     "mailto:?subject=" + q(headline) + "&body=" + q(u),
		Telegram: "https://t.me/share/url?url=" + q(u) + "&text=" + q(headline),
		WhatsApp: "https://wa.me/?text=" + q(headline+" "+u),
		Facebook: "https://www.facebook.com/sharer/sharer.php?u=" + q(u),
	}
}

// Links within a sentence are put in by placeholders of the private use area: the language decides
// what stands between.
const placeholder = '\ue000'

func placeholders(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(rune(placeholder + i))
	}
	return out
}

// parts cuts text at its placeholders and puts the links in.
func parts(text string, links []Link) []Part {
	var out []Part
	for i, l := range links {
		before, after, ok := strings.Cut(text, string(rune(placeholder+i)))
		if !ok {
			continue
		}
		out, text = append(out, Part{Before: before, Link: l}), after
	}
	if text != "" {
		out = append(out, Part{Before: text})
	}
	return out
}

// listed joins links as a sentence does: "A, B und C".
func (s *Site) listed(links []Link) []Part {
	return parts(s.Lang.List(placeholders(len(links))), links)
}
