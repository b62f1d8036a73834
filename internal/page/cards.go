package page

import (
	"context"
	"strconv"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// deck turns cards into what lists print. It reads the pictures and section names of all of them
// at once.
type deck struct {
	site     *Site
	pictures map[media.ID]media.Picture
	sections map[publication.SectionID]string
	running  map[story.ID]bool
}

func (s *Site) deck(ctx context.Context, q db.Conn, lists ...[]edition.Card) (deck, error) {
	var ids []media.ID
	for _, cards := range lists {
		for _, c := range cards {
			if c.Picture != nil && c.Picture.Media != "" {
				ids = append(ids, media.ID(c.Picture.Media))
			}
		}
	}
	d := deck{site: s, sections: map[publication.SectionID]string{}, running: map[story.ID]bool{}}
	for _, sec := range s.sections {
		d.sections[sec.ID] = sec.Names[s.Lang].Name
	}
	if room := s.pages.rooms.Live; room != nil {
		list, err := room.Running(ctx, q)
		if err != nil {
			return d, err
		}
		for _, c := range list {
			d.running[c.Story] = true
		}
	}
	if len(ids) == 0 {
		return d, nil
	}
	var err error
	d.pictures, err = s.pages.rooms.Media.ByIDs(ctx, q, ids)
	return d, err
}

// loading says when a picture is wanted.
type loading int

const (
	later loading = iota // when the reader comes near
	soon                 // with the page: it may be seen without scrolling
	first                // before anything else
)

// place says how a card stands on its page.
type place struct {
	sizes    string  // of its picture; "": no picture
	above    loading // how soon its picture is wanted
	teaser   bool
	section  bool // the section's name stands in for a missing kicker
	absolute bool // the time of day alone, in the archive of a day
}

func (d deck) card(c edition.Card, p place) Card {
	s := d.site
	out := Card{Href: CardPath(c), Headline: s.Lang.Bind(c.Headline), Kicker: c.Kicker, Time: s.since(c.Published), Running: d.running[c.Story]}
	if out.Kicker == "" && p.section {
		out.Kicker = d.sections[c.Section]
	}
	if p.teaser {
		out.Teaser = s.Lang.Bind(c.Teaser)
	}
	if p.absolute {
		out.Time = s.moment(c.Published, s.Lang.Clock(s.local(c.Published)))
	} else if c.Updated != nil && s.local(*c.Updated).Format(DayLayout) == s.Now.Format(DayLayout) {
		s.ends(s.midnight())
		out.Updated = s.t("reader.updated_at", "time", s.Lang.Clock(s.local(*c.Updated)))
	}
	if p.sizes != "" && c.Picture != nil {
		out.Image = d.image(*c.Picture, p)
	}
	return out
}

func (d deck) cards(list []edition.Card, p place) []Card {
	var out []Card
	for _, c := range list {
		out = append(out, d.card(c, p))
	}
	return out
}

// list is [deck.cards] at the top of a page: the pictures of the first are wanted soon.
func (d deck) list(list []edition.Card, p place) []Card {
	p.above = soon
	n := min(3, len(list))
	top := d.cards(list[:n], p)
	p.above = later
	return append(top, d.cards(list[n:], p)...)
}

func (d deck) image(p document.Picture, at place) *Image {
	pic, ok := d.pictures[mediaID(p)]
	if !ok {
		return nil
	}
	img := imageOf(pic)
	if img == nil {
		return nil
	}
	img.Sizes, img.First, img.Lazy, img.Focus = at.sizes, at.above == first, at.above == later, focus(pic)
	return img
}

func mediaID(p document.Picture) media.ID { return media.ID(p.Media) }

// imageOf names the picture's files, or nil if there are none.
func imageOf(p media.Picture) *Image {
	img := &Image{Src: p.Fallback(), Srcset: p.SrcSet("jpg"), WebP: p.SrcSet("webp"), AVIF: p.SrcSet("avif")}
	if img.Src == "" {
		return nil
	}
	img.Width, img.Height = p.Shown()
	return img
}

// focus names the classes that keep the picture's subject in sight when its edges are cut: inline
// styles are forbidden, so it goes by tenths. The middle needs none.
func focus(p media.Picture) string {
	x, y := p.Focus()
	var classes []string
	for _, v := range []struct {
		axis string
		at   int
	}{{"x", x}, {"y", y}} {
		if tenth := (min(max(v.at, 0), 1000) + 50) / 100; tenth != 5 {
			classes = append(classes, v.axis+strconv.Itoa(tenth))
		}
	}
	return strings.Join(classes, " ")
}

// since is a time as a list tells it: near ones by their distance.
func (s *Site) since(at time.Time) Moment {
	s.ends(lang.RelativeUntil(s.Now, at))
	return s.moment(at, s.Lang.Relative(s.Now, at, s.Words))
}

// alt is the alternative text of a picture placed in a text: the edition's, or the library's.
func (s *Site) alt(at document.Picture, p media.Picture) string {
	if at.Alt != "" {
		return at.Alt
	}
	return p.TextIn(s.Lang).Alt
}

// credit says who made a picture, with the word for what it is: "Foto: N".
func (s *Site) credit(at document.Picture, p media.Picture) string {
	name := at.Credit
	if name == "" {
		name = p.TextIn(s.Lang).Credit
	}
	if name == "" {
		name = p.Credit
	}
	if name == "" {
		return ""
	}
	if i := strings.IndexAny(name, ":："); i > 0 && i <= 24 {
		return name // "Foto: N" as an agency or another system wrote it
	}
	return s.t("reader."+string(p.Kind), "name", name)
}
