package site

import (
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

type sitemap struct {
	XMLName xml.Name
	Parts   []struct {
		Loc string `xml:"loc"`
	} `xml:"sitemap"`
	URLs []struct {
		Loc     string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		LastMod string `xml:"lastmod"`
		Links   []struct {
			Rel  string `xml:"rel,attr"`
			Lang string `xml:"hreflang,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/1999/xhtml link"`
		News []struct {
			Publication struct {
				Name     string `xml:"name"`
				Language string `xml:"language"`
			} `xml:"publication"`
			Date  string `xml:"publication_date"`
			Title string `xml:"title"`
		} `xml:"http://www.google.com/schemas/sitemap-news/0.9 news"`
	} `xml:"url"`
}

func readSitemap(t *testing.T, a *Answer) sitemap {
	t.Helper()
	var s sitemap
	if err := xml.Unmarshal([]byte(a.Body), &s); err != nil {
		t.Fatalf("%s: %v", a.Path, err)
	}
	return s
}

const sitemapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"

var newsLanguage = regexp.MustCompile(`^([a-z]{2,3}|zh-cn|zh-tw)$`)

// TestSitemapRules holds the sitemaps against what no schema says: the limits of the protocol
// (sitemaps.org, "Sitemap XML format" and "Sitemap file location") and of news sitemaps (Google Search
// Central, "News sitemaps"). The schemas themselves are tried by `make check-slow`.
func TestSitemapRules(t *testing.T) {
	news := 0
	for _, a := range sorted(whole(t)) {
		if !strings.HasPrefix(a.Path, "/sitemap") {
			continue
		}
		if a.Kind != "application/xml" && a.Kind != "text/xml" || !strings.HasPrefix(a.Body, `<?xml version="1.0" encoding="UTF-8"?>`) || !utf8.ValidString(a.Body) || len(a.Body) > 50<<20 {
			t.Errorf("%s is %s, %d bytes", a.Path, a.Kind, len(a.Body))
		}
		s := readSitemap(t, a)
		if s.XMLName.Space != sitemapNS || s.XMLName.Local != "urlset" && s.XMLName.Local != "sitemapindex" || len(s.URLs) > 50000 || len(s.Parts) > 50000 {
			t.Errorf("%s: %v with %d addresses", a.Path, s.XMLName, len(s.URLs))
		}
		isNews := a.Path == "/sitemap-news.xml"
		if isNews && len(s.URLs) > 1000 {
			t.Errorf("%s has %d stories", a.Path, len(s.URLs))
		}
		for _, u := range s.URLs {
			if !strings.HasPrefix(u.Loc, base+"/") || len(u.Loc) >= 2048 || !ascii(u.Loc) {
				t.Errorf("%s: %s", a.Path, u.Loc)
			}
			if u.LastMod != "" && !w3cDate(u.LastMod) {
				t.Errorf("%s: %s was modified %s", a.Path, u.Loc, u.LastMod)
			}
			for _, l := range u.Links {
				if l.Rel != "alternate" || l.Lang == "" || l.Href == "" {
					t.Errorf("%s: %s has %+v", a.Path, u.Loc, l)
				}
			}
			if isNews != (len(u.News) == 1) {
				t.Errorf("%s: %s has %d news", a.Path, u.Loc, len(u.News))
			}
			for _, n := range u.News {
				news++
				if n.Publication.Name == "" || !newsLanguage.MatchString(n.Publication.Language) || n.Title == "" || !w3cDate(n.Date) {
					t.Errorf("%s: %+v", u.Loc, n)
				}
			}
		}
	}
	if news == 0 {
		t.Error("no news in the sitemap of news")
	}
}

func w3cDate(s string) bool {
	for _, layout := range []string{"2006-01-02", time.RFC3339} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// ascii reports whether an address is written as the protocols of the web have it, all else escaped.
func ascii(address string) bool {
	for _, r := range address {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	_, err := url.Parse(address)
	return err == nil
}
