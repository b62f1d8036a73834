package page

import (
	"context"
	"slices"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/publication"
)

// The automatic front: how many stories stand where.
const (
	frontLead   = 4 // the lead is the newest of so many that has a picture
	frontSecond = 2
	frontLatest = 6
	stripSize   = 5
	textStrip   = 2 // of text alone; the section's name leads to the others
)

// The widths that pictures take, see assets/reader/base.css and lists.css. The squares of phones take 112
// pixels: with a little less said, screens of three points to a pixel make do with 320 points as well.
const (
	sizesPhone = "(min-width:40rem) calc(100vw - 4rem),calc(100vw - 2rem)"
	sizesBig   = "(min-width:80rem) 756px,(min-width:64rem) 61vw," + sizesPhone
	sizesThird = "(min-width:80rem) 360px,(min-width:64rem) 29vw," + sizesPhone
	sizesRow   = "(min-width:64rem) 300px,106px"
	sizesList  = "(min-width:64rem) 192px,106px"
	sizesStory = "(min-width:80rem) 928px,(min-width:64rem) calc(100vw - 18rem)," + sizesPhone
	sizesText  = "(min-width:42rem) 592px,calc(100vw - 2rem)" // in the text
)

// Front fills a language's front by itself: the newest story with a picture leads, two stand beside
// it, then the latest, then each section. No story stands twice, and what has no story isn't there.
func (s *Site) Front(ctx context.Context, q db.Conn) (*Front, error) {
	newest, _, err := s.pages.rooms.Editions.Cards(ctx, q, edition.List{Lang: s.Lang, Limit: frontLead + frontSecond + frontLatest})
	if err != nil {
		return nil, err
	}
	blocks, shown, err := s.liveBlocks(ctx, q)
	if err != nil {
		return nil, err
	}
	// What runs stands in its own place.
	newest = slices.DeleteFunc(newest, func(c edition.Card) bool { return slices.Contains(shown, c.Edition) })
	plan := arrange(newest)
	plan.used = append(plan.used, shown...)
	strips, err := s.strips(ctx, q, plan)
	if err != nil {
		return nil, err
	}
	lists := [][]edition.Card{newest}
	for _, st := range strips {
		lists = append(lists, st.cards)
	}
	d, err := s.deck(ctx, q, lists...)
	if err != nil {
		return nil, err
	}
	here := where{s.Lang: FrontPath(s.Lang)}
	for _, l := range s.Paper.Active() {
		if s.out[l] {
			here[l] = FrontPath(l)
		}
	}
	title := s.Name()
	if about := s.Paper.AboutIn(s.Lang); about != "" {
		title += ": " + about
	}
	v := &Front{Frame: s.frame(title, s.Paper.AboutIn(s.Lang), here), Archive: ArchivePath(s.Lang)}
	v.Alternates = s.alternates(here, "/")
	v.NoIndex = plan.lead == nil
	v.Live = blocks
	v.Feed = s.feed(s.t("reader.feed_front", "paper", s.Name()), FrontPath(s.Lang))
	if plan.lead != nil {
		lead := d.card(*plan.lead, place{sizes: sizesBig, above: first, teaser: true, section: true})
		v.Lead = &lead
	}
	for i, c := range plan.second {
		at := place{teaser: true, section: true}
		if i == 0 {
			at.sizes, at.above = sizesThird, soon // a second one would make the column longer than the lead
		}
		v.Second = append(v.Second, d.card(c, at))
	}
	v.Latest = d.cards(plan.latest, place{section: true})
	for _, st := range strips {
		v.Strips = append(v.Strips, s.strip(d, st))
	}
	s.website(&v.Frame, "website", here)
	v.Graph.Title = title
	v.Data = Data{s.siteData(), s.collection(&v.Frame, s.Name(), nil, v.all())}
	return v, nil
}

// all are the front's cards from top to bottom.
func (v *Front) all() []Card {
	var out []Card
	if v.Lead != nil {
		out = append(out, *v.Lead)
	}
	out = append(append(out, v.Second...), v.Latest...)
	for _, st := range v.Strips {
		out = append(out, st.First)
		for _, col := range st.Columns {
			out = append(out, col...)
		}
	}
	return out
}

// plan is what stands where at the top of the front.
type plan struct {
	lead           *edition.Card
	second, latest []edition.Card
	used           []edition.ID
}

func (p *plan) has(c edition.Card) bool { return slices.Contains(p.used, c.Edition) }

// arrange chooses from the newest stories.
func arrange(newest []edition.Card) *plan {
	p := &plan{}
	if len(newest) == 0 {
		return p
	}
	lead := slices.IndexFunc(newest[:min(frontLead, len(newest))], func(c edition.Card) bool { return c.Picture != nil })
	lead = max(lead, 0)
	p.lead = &newest[lead]
	rest := slices.Concat(newest[:lead:lead], newest[lead+1:])
	p.second = rest[:min(frontSecond, len(rest))]
	rest = rest[len(p.second):]
	p.latest = rest[:min(frontLatest, len(rest))]
	for _, c := range slices.Concat([]edition.Card{*p.lead}, p.second, p.latest) {
		p.used = append(p.used, c.Edition)
	}
	return p
}

// sectionCards are the stories of a section that don't stand above.
type sectionCards struct {
	section publication.Section
	cards   []edition.Card
}

func (s *Site) strips(ctx context.Context, q db.Conn, p *plan) ([]sectionCards, error) {
	var out []sectionCards
	size := stripSize
	if s.alone {
		size = textStrip
	}
	for _, sec := range s.sections {
		// So many may stand above already.
		cards, _, err := s.pages.rooms.Editions.Cards(ctx, q, edition.List{Lang: s.Lang, Section: sec.ID, Limit: size + len(p.used)})
		if err != nil {
			return nil, err
		}
		cards = slices.DeleteFunc(cards, p.has)
		if len(cards) == 0 {
			continue
		}
		out = append(out, sectionCards{sec, pictureFirst(cards[:min(size, len(cards))])})
	}
	return out, nil
}

// pictureFirst puts the newest card that has a picture in front, if it is among the newest three.
func pictureFirst(cards []edition.Card) []edition.Card {
	i := slices.IndexFunc(cards[:min(3, len(cards))], func(c edition.Card) bool { return c.Picture != nil })
	if i < 1 {
		return cards
	}
	return slices.Concat(cards[i:i+1], cards[:i], cards[i+1:])
}

// strip sets a section's stories in columns: the first large, the others two to a column.
func (s *Site) strip(d deck, sec sectionCards) Strip {
	n := sec.section.Names[s.Lang]
	out := Strip{
		Section: Link{Text: n.Name, Href: SectionPath(s.Lang, n.Slug)},
		All:     s.t("reader.all_from", "section", n.Name),
		First:   d.card(sec.cards[0], place{sizes: sizesRow, teaser: true}),
	}
	others := d.cards(sec.cards[1:], place{})
	if len(others) == 2 { // side by side, not one above the other
		out.Columns = [][]Card{others[:1], others[1:]}
		return out
	}
	for chunk := range slices.Chunk(others, 2) {
		out.Columns = append(out.Columns, chunk)
	}
	return out
}
