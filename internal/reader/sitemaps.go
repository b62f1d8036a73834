package reader

import (
	"context"
	"net/http"
	"slices"

	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/publication"
)

// sitemap lists all pages, or, of a large paper, the parts in which they are listed.
func (v *visit) sitemap(ctx context.Context) (*body, error) {
	parts, err := v.parts(ctx)
	if err != nil {
		return nil, err
	}
	if parts > 1 {
		return v.xml(writeSitemapIndex(page.Base(*v.paper), parts)), nil
	}
	return v.part(ctx, 1)
}

func (v *visit) sitemapPart(ctx context.Context) (*body, error) {
	parts, err := v.parts(ctx)
	if err != nil {
		return nil, err
	}
	if v.route.part > parts {
		return nil, errMissing
	}
	return v.part(ctx, v.route.part)
}

func (v *visit) xml(data []byte) *body {
	return &body{status: http.StatusOK, kind: xmlType, bytes: data}
}

func (v *visit) perPart() int64 { return storiesPerPart(len(v.paper.Active())) }

func (v *visit) parts(ctx context.Context) (int, error) {
	last, err := v.rd.Editions.LastNumber(ctx, v.q)
	return int(max(1, (last+v.perPart()-1)/v.perPart())), err
}

// part lists the stories of a range of numbers; the first one lists the fronts, sections and lasting
// pages as well.
func (v *visit) part(ctx context.Context, n int) (*body, error) {
	var places []place
	if n == 1 {
		var err error
		if places, err = v.lists(ctx); err != nil {
			return nil, err
		}
	}
	from := int64(n-1)*v.perPart() + 1
	found, err := v.rd.Editions.Places(ctx, v.q, from, from+v.perPart())
	if err != nil {
		return nil, err
	}
	// What nobody checked isn't for search engines, and a retired language is no alternate.
	found = slices.DeleteFunc(found, func(p edition.Place) bool { return p.Raw || !v.paper.Has(p.Lang) })
	for len(found) > 0 {
		n := slices.IndexFunc(found, func(p edition.Place) bool { return p.Number != found[0].Number })
		if n < 0 {
			n = len(found)
		}
		places = append(places, v.storyPlaces(found[:n])...)
		found = found[n:]
	}
	return v.xml(writeSitemap(places)), nil
}

// storyPlaces are the editions of one story.
func (v *visit) storyPlaces(editions []edition.Place) []place {
	paths := map[lang.Tag]string{}
	for _, e := range editions {
		paths[e.Lang] = page.ArticlePath(e.Lang, e.Number, e.Slug)
	}
	var out []place
	for _, e := range editions {
		p := place{url: page.Base(*v.paper) + paths[e.Lang], modified: e.Published}
		if e.Updated != nil && e.Updated.After(p.modified) {
			p.modified = *e.Updated
		}
		p.others = v.alternates(paths, paths[e.Original])
		out = append(out, p)
	}
	return out
}

// alternates are the same as in the pages' heads, see page.Site.
func (v *visit) alternates(paths map[lang.Tag]string, first string) []alternate {
	base := page.Base(*v.paper)
	var out []alternate
	for _, l := range v.paper.Active() {
		if paths[l] == "" {
			continue
		}
		out = append(out, alternate{string(l), base + paths[l]})
		if first == "" && l == v.paper.MainLang {
			first = paths[l]
		}
	}
	if len(out) < 2 {
		return nil
	}
	if first == "" {
		return append(out, alternate{"x-default", out[0].url})
	}
	return append(out, alternate{"x-default", base + first})
}

// most is how many addresses that aren't stories' are listed, so that the first part stays one that
// the protocol allows.
const most = 10_000

// lists are the pages that aren't stories: fronts, sections, lasting pages, corrections, topics and
// authors, as far as there is something on them.
func (v *visit) lists(ctx context.Context) ([]place, error) {
	var out []place
	for _, of := range []func(context.Context) ([]place, error){v.fronts, v.sections, v.lasting, v.corrected, v.topics, v.authors} {
		places, err := of(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, places...)
	}
	return out[:min(len(out), most)], nil
}

func (v *visit) fronts(ctx context.Context) ([]place, error) {
	filled, err := v.rd.Editions.FilledLangs(ctx, v.q, edition.List{})
	paths := map[lang.Tag]string{}
	for l := range filled {
		paths[l] = page.FrontPath(l)
	}
	return v.everywhere(paths, "/"), err
}

func (v *visit) corrected(ctx context.Context) ([]place, error) {
	filled, err := v.rd.Corrections.Langs(ctx, v.q)
	paths := map[lang.Tag]string{}
	for l := range filled {
		paths[l] = page.CorrectionsPath(l)
	}
	return v.everywhere(paths, ""), err
}

func (v *visit) topics(ctx context.Context) ([]place, error) {
	all, err := v.rd.Topics.All(ctx, v.q)
	if err != nil {
		return nil, err
	}
	filled, err := v.rd.Editions.FilledTopics(ctx, v.q)
	var out []place
	for _, t := range all {
		paths := map[lang.Tag]string{}
		for l, n := range t.Names {
			if t.Active && filled[t.ID][l] && n.Slug != "" {
				paths[l] = page.TopicPath(l, n.Slug)
			}
		}
		out = append(out, v.everywhere(paths, "")...)
	}
	return out, err
}

func (v *visit) authors(ctx context.Context) ([]place, error) {
	all, err := v.rd.People.Authors(ctx, v.q)
	if err != nil {
		return nil, err
	}
	filled, err := v.rd.Editions.FilledAuthors(ctx, v.q)
	var out []place
	for _, a := range all {
		paths := map[lang.Tag]string{}
		for l, n := range a.Names {
			if filled[a.ID][l] && n.Slug != "" {
				paths[l] = page.AuthorPath(l, n.Slug)
			}
		}
		out = append(out, v.everywhere(paths, "")...)
	}
	return out, err
}

func (v *visit) sections(ctx context.Context) ([]place, error) {
	var out []place
	sections, err := v.rd.Publication.Sections(ctx, v.q)
	if err != nil {
		return nil, err
	}
	for _, sec := range sections {
		if !sec.Active {
			continue
		}
		paths, err := v.sectionPaths(ctx, sec)
		if err != nil {
			return nil, err
		}
		out = append(out, v.everywhere(paths, "")...)
	}
	return out, nil
}

func (v *visit) lasting(ctx context.Context) ([]place, error) {
	var out []place
	pages, err := v.rd.Publication.AllPages(ctx, v.q)
	if err != nil {
		return nil, err
	}
	byKey := map[string]map[lang.Tag]string{}
	var keys []string
	for _, p := range pages {
		if byKey[p.Key] == nil {
			byKey[p.Key] = map[lang.Tag]string{}
			keys = append(keys, p.Key)
		}
		byKey[p.Key][p.Lang] = page.StaticPath(p.Lang, p.Slug)
	}
	for _, key := range keys {
		out = append(out, v.everywhere(byKey[key], "")...)
	}
	return out, nil
}

func (v *visit) sectionPaths(ctx context.Context, sec publication.Section) (map[lang.Tag]string, error) {
	filled, err := v.rd.Editions.FilledLangs(ctx, v.q, edition.List{Section: sec.ID})
	paths := map[lang.Tag]string{}
	for l, n := range sec.Names {
		if filled[l] && n.Slug != "" {
			paths[l] = page.SectionPath(l, n.Slug)
		}
	}
	return paths, err
}

// everywhere are the places of one page in all its languages.
func (v *visit) everywhere(paths map[lang.Tag]string, first string) []place {
	var out []place
	others := v.alternates(paths, first)
	for _, l := range v.paper.Active() {
		if paths[l] != "" {
			out = append(out, place{url: page.Base(*v.paper) + paths[l], others: others})
		}
	}
	return out
}

// newsLimit is how many stories a news sitemap may have.
const newsLimit = 1000

// newsSitemap lists what is new in all languages, newest first.
func (v *visit) newsSitemap(ctx context.Context) (*body, error) {
	since := v.rd.Clock.Now().Add(-newsAge)
	var out []fresh
	for _, l := range v.paper.Active() {
		cards, _, err := v.rd.Editions.Cards(ctx, v.q, edition.List{Lang: l, From: since, Limit: newsLimit})
		if err != nil {
			return nil, err
		}
		for _, c := range cards {
			out = append(out, fresh{
				url: page.Base(*v.paper) + page.CardPath(c), title: c.Headline, paper: v.paper.NameIn(l), lang: l, published: c.Published,
			})
		}
	}
	slices.SortStableFunc(out, func(a, b fresh) int { return b.published.Compare(a.published) })
	out = out[:min(len(out), newsLimit)]
	b := v.xml(writeNewsSitemap(out))
	if len(out) > 0 {
		b.lasts(out[len(out)-1].published.Add(newsAge))
	}
	return b, nil
}
