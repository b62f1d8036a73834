package reader

import (
	"net/url"
	"testing"
	"time"

	"depesche/internal/lang"
	"depesche/internal/page"

	"pgregory.net/rapid"
)

func known(l lang.Tag) bool { return l == "de" || l == "uk" || l == "zh-Hant" }

func TestParse(t *testing.T) {
	for path, want := range map[string]route{
		"/":                         {kind: root},
		"":                          {},
		"de":                        {},
		"//":                        {},
		"/de":                       {kind: front, lang: "de"},
		"/de/":                      {kind: front, lang: "de"},
		"/DE/":                      {kind: front, lang: "de"},
		"/zh-hant/":                 {kind: front, lang: "zh-Hant"},
		"/fr/":                      {},
		"/de//":                     {},
		"/de/feed.rss":              {kind: front, lang: "de", feed: "rss"},
		"/de/feed.atom":             {kind: front, lang: "de", feed: "atom"},
		"/de/feed.json":             {kind: front, lang: "de", feed: "json"},
		"/de/feed.xml":              {},
		"/de/feed.rss/":             {},
		"/de/12":                    {kind: article, lang: "de", number: 12},
		"/de/12/":                   {kind: article, lang: "de", number: 12},
		"/de/12/a-b":                {kind: article, lang: "de", number: 12, slug: "a-b"},
		"/de/12/a-b/":               {kind: article, lang: "de", number: 12, slug: "a-b"},
		"/de/12/a/b":                {},
		"/de/012/a":                 {},
		"/de/0":                     {},
		"/de/99999999999999999999":  {},
		"/de/12/feed.rss":           {},
		"/de/politik/":              {kind: section, lang: "de", slug: "politik"},
		"/de/politik":               {kind: section, lang: "de", slug: "politik"},
		"/de/politik/feed.json":     {kind: section, lang: "de", slug: "politik", feed: "json"},
		"/de/politik/x":             {},
		"/de/topic/nato/":           {kind: topicPage, lang: "de", slug: "nato"},
		"/de/topic/nato/feed.rss":   {kind: topicPage, lang: "de", slug: "nato", feed: "rss"},
		"/de/topic/":                {},
		"/de/author/a/":             {kind: authorPage, lang: "de", slug: "a"},
		"/de/author":                {},
		"/de/page/impressum/":       {kind: staticPage, lang: "de", slug: "impressum"},
		"/de/archive/":              {kind: archive, lang: "de"},
		"/de/archive/2024-10-23/":   {kind: day, lang: "de", day: "2024-10-23"},
		"/de/archive/2024-02-30/":   {},
		"/de/archive/2024-10-23/x":  {},
		"/de/corrections/":          {kind: correctionsPage, lang: "de"},
		"/de/corrections/feed.atom": {kind: correctionsPage, lang: "de", feed: "atom"},
		"/de/corrections/x/":        {},
		"/de/../desk/":              {},
		"/de/./":                    {},
		"/de/a\nb/":                 {},
		"/de/\\evil.example/":       {},
		"/sitemap-1.xml":            {kind: sitemapPart, part: 1},
		"/sitemap-0.xml":            {},
		"/sitemap-news.xml":         {kind: newsSitemap},
		"/media/x-1/640.jpg":        {kind: mediaFile, rest: "x-1/640.jpg"},
		"/assets/reader.js":         {kind: assetFile},
		"/healthz":                  {kind: health},
	} {
		if got := parse(path, known); got != want {
			t.Errorf("%q: %+v, want %+v", path, got, want)
		}
	}
}

// What page writes, parse reads.
func TestParseReadsWhatPageWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom([]lang.Tag{"de", "uk", "zh-Hant"}).Draw(t, "lang")
		slug := rapid.StringMatching(`[a-zа-я%?#&+ -]{1,20}x`).Draw(t, "slug")
		n := rapid.Int64Range(1, 1<<62).Draw(t, "number")
		at := time.Unix(rapid.Int64Range(0, 1<<34).Draw(t, "day"), 0).UTC()
		for path, want := range map[string]route{
			page.FrontPath(l):                             {kind: front, lang: l},
			page.ArticlePath(l, n, slug):                  {kind: article, lang: l, number: n, slug: slug},
			page.ArticlePath(l, n, ""):                    {kind: article, lang: l, number: n},
			page.SectionPath(l, slug):                     {kind: section, lang: l, slug: slug},
			page.TopicPath(l, slug):                       {kind: topicPage, lang: l, slug: slug},
			page.AuthorPath(l, slug):                      {kind: authorPage, lang: l, slug: slug},
			page.StaticPath(l, slug):                      {kind: staticPage, lang: l, slug: slug},
			page.DayPath(l, at):                           {kind: day, lang: l, day: at.Format(page.DayLayout)},
			page.CorrectionsPath(l):                       {kind: correctionsPage, lang: l},
			page.FeedPath(page.TopicPath(l, slug), "rss"): {kind: topicPage, lang: l, slug: slug, feed: "rss"},
		} {
			plain, err := url.PathUnescape(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := parse(plain, known); got != want {
				t.Errorf("%q: %+v, want %+v", path, got, want)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"/", "/de/12/a", "/de/topic/x/feed.rss", "/de/archive/2024-10-23/", "/%00", "/de/../..", "/\xff", "/sitemap-2.xml"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		r := parse(path, known)
		switch {
		case r.kind == article && r.number < 1:
			t.Errorf("%q is a story without a number", path)
		case r.lang != "" && !known(r.lang):
			t.Errorf("%q is in a language that the paper doesn't have", path)
		case r.kind == section && page.Reserved(r.slug):
			t.Errorf("%q is a section with a reserved name", path)
		case (r.kind == section || r.kind == topicPage || r.kind == authorPage || r.kind == staticPage) && r.slug == "":
			t.Errorf("%q lacks a slug", path)
		}
	})
}
