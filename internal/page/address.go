package page

import (
	"net/url"
	"strconv"
	"time"

	"depesche/internal/address"
	"depesche/internal/lang"
)

// The addresses of pages, from the root of the host. They are for ever: what is changed here needs
// a redirect from what was before.

// Reserved reports whether word can't be a section's slug, since it has a meaning of its own where
// a section's slug stands.
func Reserved(word string) bool {
	switch word {
	case "", "topic", "author", "archive", "corrections", "page", "feed.rss", "feed.atom", "feed.json":
		return true
	}
	for _, c := range word {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// FrontPath is the address of a language's front.
func FrontPath(l lang.Tag) string { return "/" + string(l) + "/" }

// ArticlePath is the address of a story in a language: number is the story's, for ever; slug is
// there for people, and a wrong one leads to the right one.
func ArticlePath(l lang.Tag, number int64, slug string) string {
	p := FrontPath(l) + strconv.FormatInt(number, 10)
	if slug == "" {
		return p
	}
	return p + "/" + url.PathEscape(slug)
}

// SectionPath is the address of a section in a language.
func SectionPath(l lang.Tag, slug string) string {
	return address.Section.Path(l, url.PathEscape(slug))
}

// TopicPath is the address of a topic in a language.
func TopicPath(l lang.Tag, slug string) string {
	return address.Topic.Path(l, url.PathEscape(slug))
}

// AuthorPath is the address of an author in a language.
func AuthorPath(l lang.Tag, slug string) string {
	return address.Author.Path(l, url.PathEscape(slug))
}

// ArchivePath leads to the newest day of the archive.
func ArchivePath(l lang.Tag) string { return FrontPath(l) + "archive/" }

// DayLayout is how a day stands in an address.
const DayLayout = "2006-01-02"

// DayPath is the address of a day in the archive; the day is the one in day's zone.
func DayPath(l lang.Tag, day time.Time) string { return ArchivePath(l) + day.Format(DayLayout) + "/" }

// CorrectionsPath is the address of a language's corrections.
func CorrectionsPath(l lang.Tag) string { return FrontPath(l) + "corrections/" }

// StaticPath is the address of a lasting page.
func StaticPath(l lang.Tag, slug string) string {
	return address.Page.Path(l, url.PathEscape(slug))
}

// FeedPath is the address of the feed of the list at path, in the format rss, atom or json.
func FeedPath(path, format string) string { return path + "feed." + format }
