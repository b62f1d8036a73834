package reader

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
	"depesche/internal/page"
)

// kind is what an address is the address of.
type kind int

const (
	unknown kind = iota // perhaps an address of old
	root
	front
	article
	liveEntry  // of a running story, at its own address
	liveStream // where its open pages are told what happens
	liveFeed   // its entries, for other programs
	section
	topicPage
	authorPage
	archive // without a day: leads to the newest
	day
	correctionsPage
	staticPage
	health
	robots
	sitemap
	sitemapPart
	newsSitemap
	icon
	manifest
	worker // the script that keeps what was read on the reader's device
	kept   // the page that shows it
	mediaFile
	placardFile
	assetFile
)

// route is a parsed address. What it names need not exist.
type route struct {
	kind   kind
	lang   lang.Tag
	number int64
	slug   string
	entry  int64  // number of a running story's entry
	day    string // 2006-01-02, a day that exists
	feed   string // rss, atom, json; "": the page itself
	part   int    // of the sitemap, from 1
	rest   string // behind /media/, or the icon's name
}

// longestPath is far above any address of ours, and of what others migrated from.
const longestPath = 2000

// fixed are the addresses that are the same in every paper.
var fixed = map[string]route{
	"/":                     {kind: root},
	"/healthz":              {kind: health},
	"/robots.txt":           {kind: robots},
	"/sitemap.xml":          {kind: sitemap},
	"/sitemap-news.xml":     {kind: newsSitemap},
	"/site.webmanifest":     {kind: manifest},
	page.WorkerPath:         {kind: worker},
	"/favicon.svg":          {kind: icon, rest: "favicon.svg"},
	"/favicon.ico":          {kind: icon, rest: "favicon.ico"},
	"/apple-touch-icon.png": {kind: icon, rest: "apple-touch-icon.png"},
	"/icon-192.png":         {kind: icon, rest: "icon-192.png"},
	"/icon-512.png":         {kind: icon, rest: "icon-512.png"},
}

// parse reads a decoded path. known says whether the paper has, or had, a language. The path need
// not be the right one for what it names: a handler compares it with that, and redirects once.
func parse(path string, known func(lang.Tag) bool) route {
	if len(path) > longestPath || !strings.HasPrefix(path, "/") || strange(path) {
		return route{}
	}
	if r, ok := fixed[path]; ok {
		return r
	}
	if rest, ok := strings.CutPrefix(path, "/media/"); ok {
		return route{kind: mediaFile, rest: rest}
	}
	if rest, ok := strings.CutPrefix(path, page.PlacardPrefix); ok {
		return route{kind: placardFile, rest: rest}
	}
	if strings.HasPrefix(path, page.AssetPrefix) {
		return route{kind: assetFile}
	}
	if rest, ok := strings.CutPrefix(path, "/offline/"); ok {
		first, _, _ := strings.Cut(rest, "/")
		if l, err := lang.Parse(first); err == nil && known(l) {
			return route{kind: kept, lang: l}
		}
		return route{}
	}
	if n, ok := between(path, "/sitemap-", ".xml"); ok {
		if part, ok := number(n); ok && part < 1<<31 {
			return route{kind: sitemapPart, part: int(part)}
		}
		return route{}
	}
	first, rest, _ := strings.Cut(path[1:], "/")
	l, err := lang.Parse(first)
	if err != nil || !known(l) {
		return route{}
	}
	return parseIn(l, rest)
}

// parseIn reads what stands behind the language.
func parseIn(l lang.Tag, rest string) route {
	if rest == "" {
		return route{kind: front, lang: l}
	}
	words := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	if len(words) > 3 {
		return route{}
	}
	r := route{lang: l}
	if last := words[len(words)-1]; strings.HasPrefix(last, "feed.") && !strings.HasSuffix(rest, "/") {
		r.feed = strings.TrimPrefix(last, "feed.")
		if r.feed != "rss" && r.feed != "atom" && r.feed != "json" {
			return route{}
		}
		words = words[:len(words)-1]
	}
	if !r.name(words) {
		return route{}
	}
	return r
}

// name reads the words of an address behind its language, without the feed's. It reports false for
// what can't be an address of ours.
func (r *route) name(words []string) bool {
	for _, w := range words {
		if w == "" || w == "." || w == ".." {
			return false
		}
	}
	switch {
	case len(words) == 0:
		r.kind = front
	case words[0] == "topic" && len(words) == 2:
		r.kind, r.slug = topicPage, words[1]
	case words[0] == "author" && len(words) == 2:
		r.kind, r.slug = authorPage, words[1]
	case words[0] == "page" && len(words) == 2 && r.feed == "":
		r.kind, r.slug = staticPage, words[1]
	case words[0] == "corrections" && len(words) == 1:
		r.kind = correctionsPage
	case words[0] == "archive" && r.feed == "":
		return r.archived(words[1:])
	case allDigits(words[0]) && len(words) <= 2 && r.feed == "":
		n, ok := number(words[0])
		if !ok {
			return false
		}
		r.kind, r.number = article, n
		if len(words) == 2 {
			r.slug = words[1]
		}
	case allDigits(words[0]) && len(words) >= 2:
		return r.live(words)
	case len(words) == 1 && !page.Reserved(words[0]):
		r.kind, r.slug = section, words[0]
	default:
		return false
	}
	return true
}

// live reads the addresses below a story's, which has a slug there.
func (r *route) live(words []string) bool {
	n, ok := number(words[0])
	if !ok {
		return false
	}
	r.number, r.slug = n, words[1]
	switch {
	case r.feed != "":
		r.kind = liveFeed
		return len(words) == 2
	case words[2] == "live":
		r.kind = liveStream
		return true
	}
	r.kind = liveEntry
	r.entry, ok = number(words[2])
	return ok
}

func (r *route) archived(words []string) bool {
	switch len(words) {
	case 0:
		r.kind = archive
		return true
	case 1:
		if _, err := time.Parse(page.DayLayout, words[0]); err != nil {
			return false
		}
		r.kind, r.day = day, words[0]
		return true
	}
	return false
}

// strange reports what no address of ours has, and what would be dangerous to write into a header.
func strange(path string) bool {
	if !utf8.ValidString(path) {
		return true
	}
	for _, c := range path {
		if unicode.IsControl(c) || c == '\\' || c == utf8.RuneError {
			return true
		}
	}
	return false
}

func between(s, before, after string) (string, bool) {
	s, ok := strings.CutPrefix(s, before)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(s, after)
}

func allDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// number reads a positive number as people write it: no sign, no zeros before it.
func number(s string) (int64, bool) {
	if !allDigits(s) || s[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
