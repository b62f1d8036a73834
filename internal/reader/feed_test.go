package reader

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the expected files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = "testdata/" + name
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func sampleFeed() feed {
	at := time.Date(2024, 10, 23, 12, 20, 0, 0, time.UTC)
	return feed{
		id: "https://paper.example/de/", lang: "de", paper: "Meridian", title: "Meridian: neueste Nachrichten", about: "Nachrichten aus der Ukraine & Europa",
		home: "https://paper.example/de/", base: "https://paper.example/de/feed.", icon: "https://paper.example/icon-192.png",
		entries: []entry{
			{
				id:  tagURI("https://paper.example:8443", at, "edition/01"),
				url: "https://paper.example/de/1/selenskyj", title: "Selenskyj <hofft> & „wartet“", summary: "Kyjiw hofft.",
				content:   "<p><strong>Korrektur</strong></p>\n<p>a]]>b &amp; c\x0b\ufffe</p>",
				published: at, updated: at.Add(4 * time.Hour),
				authors:    []feedAuthor{{"Redaktion Politik", "https://paper.example/de/author/redaktion/"}, {"Gast", ""}},
				categories: []string{"Politik", "Nato"}, image: "https://paper.example/media/1/1280.jpg",
				others: []other{{"uk", "https://paper.example/uk/1/zelenskyi"}},
			},
			{id: tagURI("https://paper.example", at, "edition/02"), url: "https://paper.example/de/2/x", title: "Zweite \x01Meldung", published: at.Add(-time.Hour)},
		},
	}
}

func TestFeedsAreWhatTheyWere(t *testing.T) {
	for _, format := range []string{"rss", "atom", "json"} {
		data, _, err := sampleFeed().write(format)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "feed."+format, data)
	}
}

func TestFeedsAreWellFormed(t *testing.T) {
	empty := sampleFeed()
	empty.entries, empty.about, empty.icon = nil, "", ""
	for _, f := range []feed{sampleFeed(), empty} {
		for _, format := range []string{"rss", "atom", "json"} {
			data, kind, err := f.write(format)
			if err != nil {
				t.Fatal(err)
			}
			if format == "json" {
				if !json.Valid(data) || !strings.HasPrefix(kind, "application/feed+json") {
					t.Errorf("not JSON, or of type %s", kind)
				}
				continue
			}
			wellFormed(t, data)
		}
	}
}

func wellFormed(t *testing.T, data []byte) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
	}
}

func TestTagURIStaysWhenTheAddressGetsAPort(t *testing.T) {
	day := time.Date(2024, 10, 23, 23, 30, 0, 0, time.FixedZone("", 2*3600))
	for base, want := range map[string]string{
		"https://paper.example":      "tag:paper.example,2024-10-23:edition/01",
		"https://paper.example:8443": "tag:paper.example,2024-10-23:edition/01",
		"http://127.0.0.1:8080":      "tag:127.0.0.1,2024-10-23:edition/01",
		"":                           "tag:localhost,2024-10-23:edition/01",
	} {
		if got := tagURI(base, day, "edition/01"); got != want {
			t.Errorf("%q: %s, want %s", base, got, want)
		}
	}
}

func TestSitemapsAreWhatTheyWere(t *testing.T) {
	at := time.Date(2024, 10, 23, 12, 20, 0, 0, time.UTC)
	others := []alternate{{"de", "https://paper.example/de/1/a"}, {"uk", "https://paper.example/uk/1/b?x&y"}, {"x-default", "https://paper.example/uk/1/b"}}
	maps := map[string][]byte{
		"sitemap.xml": writeSitemap([]place{
			{url: "https://paper.example/de/"}, {url: "https://paper.example/de/1/a", modified: at, others: others},
			{url: "https://paper.example/uk/1/b?x&y", modified: at, others: others},
		}),
		"sitemap-index.xml": writeSitemapIndex("https://paper.example", 2),
		"sitemap-news.xml": writeNewsSitemap([]fresh{
			{url: "https://paper.example/de/1/a", title: "Selenskyj <hofft> & wartet", paper: "Meridian", lang: "de-AT", published: at},
			{url: "https://paper.example/zh/1", title: "新闻", paper: "Meridian", lang: "zh-Hant", published: at},
		}),
	}
	for name, data := range maps {
		wellFormed(t, data)
		golden(t, name, data)
	}
}

func TestStoriesPerPart(t *testing.T) {
	for languages, want := range map[int]int64{0: 1000, 1: 1000, 4: 250, 40: 25, 100000: 1} {
		if got := storiesPerPart(languages); got != want {
			t.Errorf("%d languages: %d, want %d", languages, got, want)
		}
	}
}
