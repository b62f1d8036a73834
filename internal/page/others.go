package page

import (
	"context"
	"errors"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
)

// Static fills a lasting page. Its languages are the pages with the same key.
func (s *Site) Static(ctx context.Context, q db.Conn, p publication.Page) (*Static, error) {
	doc, err := document.Parse(p.Body)
	if err != nil {
		return nil, err
	}
	around, err := s.surroundings(ctx, q, doc)
	if err != nil {
		return nil, err
	}
	sheet := s.options(around)
	sheet.EndMark = false // it ends stories
	all, err := s.pages.rooms.Publication.AllPages(ctx, q)
	if err != nil {
		return nil, err
	}
	here := where{}
	for _, other := range all {
		if other.Key == p.Key {
			here[other.Lang] = StaticPath(other.Lang, other.Slug)
		}
	}
	v := &Static{
		Frame:   s.frame(p.Title+" | "+s.Name(), document.Teaser(doc, s.Lang, teaserLength), here),
		Heading: p.Title, Updated: s.moment(p.Updated, s.Lang.Date(s.local(p.Updated), lang.Plain)),
	}
	v.Body, v.Players = s.text(doc, sheet)
	s.website(&v.Frame, "website", here)
	v.Data = Data{s.crumbs(Link{}, p.Title)}
	return v, nil
}

// noticeLatest is how many of the newest stories stand where a page isn't.
const noticeLatest = 6

// NotFound says that there is no such page, and what is new.
func (s *Site) NotFound(ctx context.Context, q db.Conn) (*Notice, error) {
	v := s.notice(s.t("reader.not_found"))
	return v, s.addLatest(ctx, q, v)
}

// Withdrawn says that a story was taken back, when and why, what had been corrected until then, and
// in which languages it is still out.
func (s *Site) Withdrawn(ctx context.Context, q db.Conn, gone *edition.GoneError) (*Notice, error) {
	v := s.notice(s.t("reader.withdrawn"))
	if gone.Entry {
		v = s.notice(s.t("reader.live_withdrawn"))
	}
	v.Lines = append(v.Lines, s.t("reader.withdrawn_on", "date", s.local(gone.At)))
	if gone.Why != "" {
		v.Lines = append(v.Lines, s.t("reader.withdrawn_reason", "reason", gone.Why))
	}
	fixes, err := s.pages.rooms.Corrections.OfStory(ctx, q, gone.Story, s.Lang)
	if err != nil {
		return nil, err
	}
	v.Corrections = s.corrections(fixes)
	here := editions(gone.Siblings)
	for _, l := range s.Paper.Active() {
		if here[l] != "" {
			v.Editions = append(v.Editions, s.tongue(l, here[l]))
		}
	}
	return v, s.addLatest(ctx, q, v)
}

// Failed says that we can't show the page now. ref is what we find our own note of it by; "" if
// there is none. It reads nothing, since reading may be what failed.
func (s *Site) Failed(ref string) *Notice {
	v := s.notice(s.t("reader.error"))
	v.Lines = append(v.Lines, s.t("reader.error_text"))
	if ref != "" {
		v.Lines = append(v.Lines, s.t("reader.error_ref", "ref", ref))
	}
	return v
}

// Bare is a site without its paper, for the page that says why there is none.
func (p *Pages) Bare(l lang.Tag) *Site {
	return &Site{
		Lang: l, Words: p.words.In(l), Now: p.clock.Now().UTC(), pages: p, style: p.styles.of(l, Look{}, false),
		Paper: publication.Paper{Name: "Depesche", MainLang: l, Location: time.UTC},
	}
}

func (s *Site) notice(heading string) *Notice {
	v := &Notice{Frame: s.frame(heading+" | "+s.Name(), "", where{}), Heading: heading}
	v.NoIndex = true
	return v
}

func (s *Site) addLatest(ctx context.Context, q db.Conn, v *Notice) error {
	cards, _, err := s.pages.rooms.Editions.Cards(ctx, q, edition.List{Lang: s.Lang, Limit: noticeLatest})
	if err != nil {
		return err
	}
	d, err := s.deck(ctx, q)
	if err != nil {
		return err
	}
	v.Latest = d.cards(cards, place{section: true})
	return nil
}

// Chooser is the page for readers who named no language of ours.
func (s *Site) Chooser() *Chooser {
	here := where{}
	v := &Chooser{}
	for _, l := range readable(s.Paper, s.out) {
		here[l] = FrontPath(l)
		t := s.tongue(l, FrontPath(l))
		t.Current = false
		v.Choices = append(v.Choices, t)
	}
	v.Frame = s.frame(s.Paper.Name, s.Paper.AboutIn(s.Lang), here)
	v.Canonical = s.Abs("/")
	v.Alternates = s.alternates(here, "/")
	v.Languages, v.Sections, v.Foot, v.Other = Tongues{}, nil, nil, ""
	return v
}

// GoneOf finds in err that a story was withdrawn.
func GoneOf(err error) (*edition.GoneError, bool) {
	var gone *edition.GoneError
	ok := errors.As(err, &gone)
	return gone, ok
}

// IsMissing reports whether err says that there is no such thing.
func IsMissing(err error) bool { return problem.Is(err, problem.NotFound) }
