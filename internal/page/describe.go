package page

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/placard"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// describe tells machines what the story's page tells people: for whom it is shared and for whom it
// is found.
func (s *Site) describe(v *Article, f facts) {
	v.Graph = Graph{Type: "article", Title: f.Doc.Headline, Locale: locale(s.Lang), Others: s.locales(editions(f.Siblings))}
	g := &v.Graph
	if f.Edition.Published != nil {
		g.Published = v.Published.ISO
	}
	if v.Updated != nil {
		g.Modified = v.Updated.ISO
	}
	g.Section = v.Section.Text
	for _, t := range v.Topics {
		g.Tags = append(g.Tags, t.Text)
	}
	for _, a := range f.authors {
		if n, _ := named(s, a.Names); n.Name != "" {
			g.Names = append(g.Names, n.Name)
		}
		if n, ok := a.Names[s.Lang]; ok {
			g.Authors = append(g.Authors, s.Abs(AuthorPath(s.Lang, n.Slug)))
		}
	}
	shared := s.shared(f)
	if g.Image = s.graphImage(strconv.FormatInt(f.Story.Number, 10), "", func() placard.Spec { return s.storyPlacard(f) }); g.Image == nil {
		g.Image = shared
	} else if g.Image.Alt = s.placardAlt(f.Doc.Headline, ""); shared != nil {
		g.Image.Alt = s.placardAlt(f.Doc.Headline, shared.Alt)
	}
	v.Data = Data{s.articleData(v, f, shared), s.crumbs(v.Section, f.Doc.Headline)}
}

// shared is the story's picture for those who want one without words.
func (s *Site) shared(f facts) *GraphImage {
	if f.Doc.Picture == nil {
		return nil
	}
	p, ok := f.body.pictures[mediaID(*f.Doc.Picture)]
	if !ok {
		return nil
	}
	src, w, h := p.Shared()
	if src == "" {
		return nil
	}
	return &GraphImage{URL: s.Abs(src), Width: w, Height: h, Alt: s.alt(*f.Doc.Picture, p)}
}

func (s *Site) articleData(v *Article, f facts, shared *GraphImage) ldArticle {
	a := ldArticle{
		Context: schemaOrg, Type: "NewsArticle", ID: v.Canonical + "#story", URL: v.Canonical, Page: v.Canonical,
		Headline: f.Doc.Headline, Description: v.Description, Lang: string(s.Lang),
		Published: v.Published.ISO, Modified: v.Published.ISO,
		Publisher: s.publisher(), Section: v.Section.Text, Genre: genres[f.Story.Kind], Keywords: v.Graph.Tags, Free: true,
	}
	if v.Updated != nil {
		a.Modified = v.Updated.ISO
	}
	for _, author := range f.authors {
		a.Authors = append(a.Authors, s.person(author))
	}
	if v.Picture != nil {
		a.Images = []ldImage{s.imageData(v, f, shared)}
	}
	for _, src := range f.Story.Sources {
		if !document.SafeHref(src.URL) {
			src.URL = ""
		}
		w := s.sourceData(src)
		a.Citation = append(a.Citation, w)
		if src.URL != "" && basis[src.Kind] {
			a.BasedOn = append(a.BasedOn, w)
		}
	}
	for _, c := range f.corrections {
		a.Corrections = append(a.Corrections, ldCorrection{Type: "CorrectionComment", Text: c.Text, At: c.At.UTC().Format(time.RFC3339)})
	}
	s.translated(&a, f)
	if v.Live != nil {
		s.covered(&a, v.Live, f.coverage)
	}
	return a
}

// genres are the kinds of story that aren't plain news, in the words of machines.
var genres = map[story.Kind]string{
	story.Report: "Report", story.Analysis: "Analysis", story.Interview: "Interview",
	story.Opinion: "Opinion", story.Explainer: "Explainer",
}

// basis are the kinds of source that a story can be made from: other people's published work.
var basis = map[story.SourceKind]bool{story.Paper: true, story.Agency: true, story.Document: true, story.Website: true}

// whose are the kinds of by-line in the words of machines.
var whose = map[people.Kind]string{people.Person: "Person", people.Organisation: "Organization"}

// somebody is a person who isn't the author: the same type by its whole name. What gathers articles by their first
// "Person" would take a source or a translator for the author.
const somebody = "schema:Person"

func (s *Site) person(a people.Author) ldThing {
	n, in := named(s, a.Names)
	t := ldThing{Type: whose[a.Kind], Name: n.Name}
	if in == s.Lang {
		t.URL = s.Abs(AuthorPath(s.Lang, n.Slug))
	}
	return t
}

// imageData is the story's own picture: search engines want no words in it.
func (s *Site) imageData(v *Article, f facts, shared *GraphImage) ldImage {
	img := v.Picture.Image
	out := ldImage{
		Type: "ImageObject", URL: s.Abs(img.Src), Width: pixels(img.Width), Height: pixels(img.Height),
		Caption: f.Doc.Picture.Caption.Plain(), CreditText: v.Picture.Credit,
	}
	if shared != nil {
		out.URL, out.Width, out.Height = shared.URL, pixels(shared.Width), pixels(shared.Height)
	}
	return out
}

func (s *Site) sourceData(src story.Source) ldWork {
	text := s.sourceText(src)
	w := ldWork{Type: "CreativeWork", Name: text.Title, URL: src.URL, Lang: string(src.Lang), Published: src.Date}
	if src.Kind == story.Paper || src.Kind == story.Agency {
		w.Type = "Article"
	}
	if w.Name == "" {
		w.Name = src.NameIn(s.Lang)
	}
	switch src.Kind {
	case story.Person:
		w.Author = &ldThing{Type: somebody, Name: src.NameIn(s.Lang)}
	default:
		w.Publisher = &ldThing{Type: "Organization", Name: src.NameIn(s.Lang)}
	}
	return w
}

// translated says of which edition this is a translation, by whom, and which translations there are.
func (s *Site) translated(a *ldArticle, f facts) {
	for _, c := range f.Siblings {
		if c.Lang == s.Lang || !s.Paper.Has(c.Lang) {
			continue
		}
		url := s.Abs(CardPath(c))
		w := ldWork{Type: "NewsArticle", ID: url + "#story", URL: url, Lang: string(c.Lang)}
		switch {
		case s.Lang == f.Story.OriginalLang:
			a.Others = append(a.Others, w)
		case c.Lang == f.Story.OriginalLang:
			a.Original = &w
		}
	}
	if f.Edition.Translator != "" && f.Edition.Made != edition.MadeOriginal {
		a.Translator = &ldThing{Type: whose[f.translator], Name: f.Edition.Translator}
		if f.translator == people.Person {
			a.Translator.Type = somebody
		}
	}
	// schema.org's digitalSourceType; law wants machine text to be known as such by machines too.
	switch f.Version() {
	case lang.Machine:
		a.Made = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
	case lang.MachineChecked:
		a.Made = "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
	}
}

func (s *Site) publisher() ldPublisher {
	out := ldPublisher{
		Type: "NewsMediaOrganization", ID: s.Abs("/#publisher"), Name: s.Paper.Name, URL: s.Abs("/"),
		Logo: &ldImage{Type: "ImageObject", URL: s.Abs("/icon-512.png"), Width: 512, Height: 512},
	}
	if s.fixes[s.Lang] {
		out.Corrections = s.Abs(CorrectionsPath(s.Lang))
	}
	return out
}

// crumbs is the way from the front to a page.
func (s *Site) crumbs(above Link, name string) ldCrumbs {
	out := ldCrumbs{Context: schemaOrg, Type: "BreadcrumbList"}
	add := func(name, item string) {
		out.Items = append(out.Items, ldCrumb{Type: "ListItem", Position: len(out.Items) + 1, Name: name, Item: item})
	}
	add(s.Name(), s.Abs(FrontPath(s.Lang)))
	if above.Href != "" {
		add(above.Text, s.Abs(above.Href))
	}
	add(name, "")
	return out
}

// collection tells machines of a list of stories.
func (s *Site) collection(f *Frame, name string, about *ldThing, cards []Card) ldCollection {
	c := ldCollection{
		Context: schemaOrg, Type: "CollectionPage", ID: f.Canonical + "#page", URL: f.Canonical, Name: name, Description: f.Description,
		Lang: string(s.Lang), PartOf: ldRef{s.Abs(FrontPath(s.Lang)) + "#site"}, About: about,
	}
	list := ldList{Type: "ItemList"}
	for i, card := range cards {
		list.Items = append(list.Items, ldListEntry{Type: "ListItem", Position: i + 1, URL: s.Abs(card.Href)})
	}
	if len(list.Items) > 0 {
		c.Entity = list
	}
	return c
}

func (s *Site) siteData() ldSite {
	home := s.Abs(FrontPath(s.Lang))
	return ldSite{Context: schemaOrg, Type: "WebSite", ID: home + "#site", Name: s.Name(), URL: home, Lang: string(s.Lang), Publisher: s.publisher()}
}

// website is what is shown when a list is shared.
func (s *Site) website(f *Frame, kind string, here where) {
	f.Graph = Graph{Type: kind, Title: strings.TrimSuffix(f.Title, " | "+s.Name()), Locale: locale(s.Lang), Others: s.locales(here)}
	f.Graph.Image = s.graphImage(placardPaper, s.Name(), s.paperPlacard)
}

func (s *Site) locales(here where) []string {
	var out []string
	for _, l := range s.Paper.Active() {
		if l != s.Lang && here[l] != "" {
			out = append(out, locale(l))
		}
	}
	return out
}

// locale is the language as Open Graph wants it, with the country most of its readers live in.
func locale(l lang.Tag) string {
	t := language.Make(string(l))
	base, _ := t.Base()
	region, _ := t.Region()
	return base.String() + "_" + region.String()
}

// topicTypes are the kinds of topic in schema.org's words.
var topicTypes = map[topic.Kind]string{
	topic.Person: "Person", topic.Place: "Place", topic.Organisation: "Organization", topic.Event: "Event", topic.Subject: "Thing",
}
