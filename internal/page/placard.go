package page

import (
	"strings"

	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/placard"
	"depesche/internal/publication"
)

// PlacardPrefix is where placards are served.
const PlacardPrefix = "/placard/"

// What a placard's address names: a story by its number, a section, or the paper itself.
const (
	placardPaper   = "paper"
	placardSection = "section-"
)

// placardPath is the address of what is drawn: another drawing has another.
func placardPath(what string, s placard.Spec) string {
	return PlacardPrefix + string(s.Lang) + "/" + what + "-" + s.Hash() + "." + s.Ext()
}

// placard is what all of the paper's placards in the language have in common.
func (s *Site) placard() placard.Spec {
	return placard.Spec{
		Lang: s.Lang, Paper: s.Name(), Accent: s.Paper.Look.Accent, Wash: s.Paper.Look.Wash,
		Fonts: s.pages.rooms.Placards.Mark(s.Lang),
	}
}

// storyPlacard is that of a published edition.
func (s *Site) storyPlacard(f facts) placard.Spec {
	out := s.placard()
	if n, in := named(s, f.section.Names); in == s.Lang {
		out.Section = n.Name
	}
	out.Headline = lang.BindNames(s.Lang.Bind(f.Doc.Headline), s.names(f)...)
	if f.Doc.Picture == nil {
		return out
	}
	p, ok := f.body.pictures[mediaID(*f.Doc.Picture)]
	if !ok {
		return out
	}
	if src, _, _ := p.Shared(); src != "" {
		out.Picture = strings.TrimPrefix(src, media.Prefix)
		out.FocusX, out.FocusY = p.Focus()
	}
	return out
}

// paperPlacard is that of pages that have none of their own.
func (s *Site) paperPlacard() placard.Spec {
	out := s.placard()
	out.About = s.Paper.AboutIn(s.Lang)
	return out
}

func (s *Site) sectionPlacard(sec publication.Section) placard.Spec {
	out := s.placard()
	out.Headline = sec.Names[s.Lang].Name
	return out
}

// graphImage is a placard for those who show links, or nil where none are drawn.
func (s *Site) graphImage(what, alt string, spec func() placard.Spec) *GraphImage {
	if s.pages.rooms.Placards == nil {
		return nil
	}
	return &GraphImage{URL: s.Abs(placardPath(what, spec())), Width: placard.Width, Height: placard.Height, Alt: alt}
}

// placardAlt is what a placard says: the paper, the headline, and what its picture shows.
func (s *Site) placardAlt(headline, picture string) string {
	out := s.Name() + ": " + headline
	if picture != "" {
		out += " (" + picture + ")"
	}
	return out
}
