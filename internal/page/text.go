package page

import "strings"

// TextPrefix stands before the address of a page where the same page is as text alone.
const TextPrefix = "/text"

// TextPath is the address of the page at path as text alone.
func TextPath(path string) string { return TextPrefix + path }

// AsText is the site with pages of text alone: no pictures, fonts, scripts or advertising, for whom
// each kilobyte counts. Their links lead to pages of text alone; what search engines should know is
// the page itself, which each names as the canonical one. See docs/decisions/0323-text-alone.md.
func (s *Site) AsText() *Site {
	out := *s
	out.alone = true
	look := s.look()
	look.SystemFonts = true
	out.style = s.pages.styles.make("text", false, look)
	return &out
}

// other is where the page at path is in the other form: as text alone, or whole.
func (s *Site) other(path string) string {
	switch {
	case len(s.Paper.Languages) == 0:
		return "" // there is no paper yet
	case path == "":
		path = FrontPath(s.Lang)
	}
	if s.alone {
		return path
	}
	return TextPath(path)
}

// plain keeps a reader of text alone there.
func plain(href string) string {
	if strings.HasPrefix(href, "/") {
		return TextPath(href)
	}
	return href
}
