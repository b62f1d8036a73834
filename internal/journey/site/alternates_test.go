package site

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// head is what a page's head says of itself and of the same in other languages.
type head struct {
	canonical  string
	alternates map[string]string
	noindex    bool
	lang       string
}

func headOf(root *html.Node) head {
	h := head{alternates: map[string]string{}}
	for n := range root.Descendants() {
		switch {
		case n.Data == "html" && n.Type == html.ElementNode:
			h.lang = Attr(n, "lang")
		case n.Data == "link" && Attr(n, "rel") == "canonical":
			h.canonical = Attr(n, "href")
		case n.Data == "link" && Attr(n, "rel") == "alternate" && Attr(n, "hreflang") != "":
			h.alternates[Attr(n, "hreflang")] = Attr(n, "href")
		case n.Data == "meta" && Attr(n, "name") == "robots":
			h.noindex = strings.Contains(Attr(n, "content"), "noindex")
		}
	}
	return h
}

// TestAlternatesReturn: each page that search engines may keep says where it stands itself, each
// language that it names is a page that is there, canonical, in that language and names it back, and
// there is one for readers of all other languages. (Google Search Central, "Tell Google about localized
// versions of your page".)
func TestAlternatesReturn(t *testing.T) {
	all := whole(t)
	heads := map[string]head{}
	for _, a := range all {
		if a.HTML() {
			heads[base+a.Path] = headOf(a.Doc())
		}
	}
	sets := 0
	for _, address := range slices.Sorted(maps.Keys(heads)) {
		h := heads[address]
		if h.canonical == "" && !h.noindex {
			t.Errorf("%s isn't canonical for itself or another", address)
		}
		if target, ok := heads[h.canonical]; h.canonical != "" && (!ok || target.canonical != h.canonical) {
			t.Errorf("%s has %s as its canonical address, which isn't canonical", address, h.canonical)
		}
		if len(h.alternates) == 0 {
			continue
		}
		sets++
		if h.alternates["x-default"] == "" || h.canonical == address && h.alternates[h.lang] != address && h.alternates["x-default"] != address {
			t.Errorf("%s in %s has the alternates %v", address, h.lang, h.alternates)
		}
		for l, to := range h.alternates {
			other, ok := heads[to]
			switch {
			case !ok:
				t.Errorf("%s has %s in %s, which isn't there", address, to, l)
			case l != "x-default" && other.lang != l:
				t.Errorf("%s has %s in %s, which is in %s", address, to, l, other.lang)
			case l != "x-default" && other.canonical != to:
				t.Errorf("%s has %s in %s, which has another canonical address: %s", address, to, l, other.canonical)
			case h.canonical == address && !maps.Equal(other.alternates, h.alternates):
				t.Errorf("%s has %v, but %s has %v", address, h.alternates, to, other.alternates)
			}
		}
	}
	if sets < 200 {
		t.Errorf("only %d pages with alternates", sets)
	}
}

// TestSitemapsSayWhatPagesSay: the sitemaps name every page that may be kept, and with the alternates
// that the page itself names.
func TestSitemapsSayWhatPagesSay(t *testing.T) {
	all := whole(t)
	named := map[string]map[string]string{}
	for _, a := range sorted(all) {
		if !strings.HasPrefix(a.Path, "/sitemap") || a.Path == "/sitemap-news.xml" {
			continue
		}
		for _, u := range readSitemap(t, a).URLs {
			alternates := map[string]string{}
			for _, l := range u.Links {
				alternates[l.Lang] = l.Href
			}
			if named[u.Loc] != nil {
				t.Errorf("%s stands twice in the sitemaps", u.Loc)
			}
			named[u.Loc] = alternates
		}
	}
	for address, alternates := range named {
		a := all[strings.TrimPrefix(address, base)]
		if a == nil || a.Status != http.StatusOK {
			t.Errorf("the sitemap names %s, which isn't there", address)
			continue
		}
		h := headOf(a.Doc())
		if h.noindex || h.canonical != address || !maps.Equal(h.alternates, alternates) {
			t.Errorf("the sitemap names %s with %v; the page has %v, canonical %s, noindex %v", address, alternates, h.alternates, h.canonical, h.noindex)
		}
	}
	for _, a := range sorted(all) {
		// Parts of a list and days of the archive are found from their first pages, entries of a running story on it.
		if Shape(a.Path) == "/{lang}/{}/{}/{}" || !a.HTML() || strings.Contains(a.Path, "?") || strings.Contains(a.Path, "/archive/") || a.Path == "/" {
			continue
		}
		if h := headOf(a.Doc()); !h.noindex && h.canonical == base+a.Path && named[base+a.Path] == nil {
			t.Errorf("%s is in no sitemap", a.Path)
		}
	}
}
