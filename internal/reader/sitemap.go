package reader

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"time"

	"depesche/internal/lang"
)

// place is an address of a sitemap with what it is called in other languages.
type place struct {
	url      string
	modified time.Time // zero: not told
	others   []alternate
}

// alternate is the place in a language, or "x-default".
type alternate struct{ lang, url string }

const (
	sitemapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
	xhtmlNS   = "http://www.w3.org/1999/xhtml"
	newsNS    = "http://www.google.com/schemas/sitemap-news/0.9"
)

// sitemapURLs is about how many addresses stand in one file. The protocol allows 50,000 and 50 MB, and
// as many files; but the newest file is made anew for each story that goes out.
const sitemapURLs = 1000

// storiesPerPart is how many story numbers a part covers. It depends on the paper's languages only,
// so that a story stays in its part.
func storiesPerPart(languages int) int64 {
	return max(1, sitemapURLs/int64(max(1, languages)))
}

// writeSitemap writes a urlset. It is written by hand, since encoding/xml takes three times as long
// and this may be megabytes.
func writeSitemap(places []place) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<urlset xmlns="` + sitemapNS + `" xmlns:xhtml="` + xhtmlNS + `">` + "\n")
	for _, p := range places {
		b.WriteString("<url><loc>")
		escape(&b, p.url)
		b.WriteString("</loc>")
		if !p.modified.IsZero() {
			b.WriteString("<lastmod>" + p.modified.UTC().Format(time.RFC3339) + "</lastmod>")
		}
		for _, o := range p.others {
			b.WriteString(`<xhtml:link rel="alternate" hreflang="`)
			escape(&b, o.lang)
			b.WriteString(`" href="`)
			escape(&b, o.url)
			b.WriteString(`"/>`)
		}
		b.WriteString("</url>\n")
	}
	b.WriteString("</urlset>\n")
	return b.Bytes()
}

// writeSitemapIndex names the parts, of which the first holds the lists.
func writeSitemapIndex(base string, parts int) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<sitemapindex xmlns="` + sitemapNS + `">` + "\n")
	for i := 1; i <= parts; i++ {
		b.WriteString("<sitemap><loc>")
		escape(&b, base+"/sitemap-"+strconv.Itoa(i)+".xml")
		b.WriteString("</loc></sitemap>\n")
	}
	b.WriteString("</sitemapindex>\n")
	return b.Bytes()
}

// fresh is a story of the news sitemap.
type fresh struct {
	url, title, paper string
	lang              lang.Tag
	published         time.Time
}

// writeNewsSitemap writes what is new, for news search engines.
func writeNewsSitemap(stories []fresh) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<urlset xmlns="` + sitemapNS + `" xmlns:news="` + newsNS + `">` + "\n")
	for _, s := range stories {
		b.WriteString("<url><loc>")
		escape(&b, s.url)
		b.WriteString("</loc><news:news><news:publication><news:name>")
		escape(&b, s.paper)
		b.WriteString("</news:name><news:language>")
		escape(&b, newsLang(s.lang))
		b.WriteString("</news:language></news:publication><news:publication_date>")
		b.WriteString(s.published.UTC().Format(time.RFC3339))
		b.WriteString("</news:publication_date><news:title>")
		escape(&b, s.title)
		b.WriteString("</news:title></news:news></url>\n")
	}
	b.WriteString("</urlset>\n")
	return b.Bytes()
}

// newsLang is the language as news sitemaps have it: two or three letters, but for Chinese.
func newsLang(l lang.Tag) string {
	switch {
	case l.Base() != "zh":
		return string(l.Base())
	case l.Script() == "Hant":
		return "zh-tw"
	}
	return "zh-cn"
}

func escape(b *bytes.Buffer, s string) { _ = xml.EscapeText(b, []byte(s)) } // to memory: can't fail
