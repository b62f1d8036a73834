package reader

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"depesche/internal/page"
)

const home = "https://paper.example"

// doc is a page as a browser sees it.
type doc struct {
	path       string
	nodes      []*html.Node
	alternates map[string]string
	canonical  string
	noindex    bool
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func value(n *html.Node, key string) string { v, _ := attr(n, key); return v }

func textContent(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textContent(c))
	}
	return b.String()
}

func read(t testing.TB, path, text string) doc {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := doc{path: path, alternates: map[string]string{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		d.nodes = append(d.nodes, n)
		switch {
		case n.Data == "link" && value(n, "rel") == "canonical":
			d.canonical = value(n, "href")
		case n.Data == "link" && value(n, "rel") == "alternate" && value(n, "hreflang") != "":
			d.alternates[value(n, "hreflang")] = value(n, "href")
		case n.Data == "meta" && value(n, "name") == "robots":
			d.noindex = strings.Contains(value(n, "content"), "noindex")
		}
	}
	return d
}

// crawl follows every link within the paper, from the root on.
func (w *world) crawl() map[string]doc {
	w.t.Helper()
	seen := map[string]doc{}
	todo := []string{"/"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if _, ok := seen[path]; ok {
			continue
		}
		res := w.get(path)
		if res.StatusCode == http.StatusFound && strings.HasSuffix(path, "/archive/") {
			todo = append(todo, res.Header.Get("Location"))
			continue
		}
		if res.StatusCode != http.StatusOK {
			w.t.Errorf("a link leads to %s: %d %s", path, res.StatusCode, res.Header.Get("Location"))
			continue
		}
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			seen[path] = doc{}
			continue
		}
		d := read(w.t, path, res.text)
		seen[path] = d
		for _, n := range d.nodes {
			for _, key := range []string{"href", "src"} {
				u, err := url.Parse(value(n, key))
				if err != nil || value(n, key) == "" || strings.HasPrefix(strings.TrimPrefix(u.Path, page.TextPrefix), page.ReportPrefix) || // no page: see report_test.go
					u.Scheme != "" && home != u.Scheme+"://"+u.Host || u.Opaque != "" || u.Path == "" {
					continue
				}
				u.Scheme, u.Host, u.Fragment = "", "", ""
				if strings.HasPrefix(u.Path, "/") {
					todo = append(todo, u.String())
				} else {
					w.t.Errorf("%s: a link that isn't from the root: %s", path, u)
				}
			}
		}
	}
	return seen
}

func TestEveryPage(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		for i := range 25 {
			langs := [][]string{{"de", "uk", "en"}, {"uk"}, {"uk", "de"}}[i%3]
			w.publish(fmt.Sprintf("Meldung %d", i+1), []string{"politics", "business"}[i%2], evening.Add(-time.Duration(i)*7*time.Hour), tags(langs)...)
		}
		pages := w.crawl()
		if len(pages) < 60 {
			t.Errorf("only %d pages found", len(pages))
		}
		for _, d := range pages {
			if len(d.nodes) == 0 {
				continue
			}
			checkHead(t, d, pages)
			checkStructure(t, d)
			checkSafety(t, d)
			checkData(t, d)
		}
	})
}

// checkHead wants every page to be canonical for itself, and every alternate to return.
func checkHead(t *testing.T, d doc, pages map[string]doc) {
	t.Helper()
	if d.canonical != home+strings.TrimPrefix(d.path, "/text") {
		t.Errorf("%s says it is %s", d.path, d.canonical)
	}
	if len(d.alternates) == 0 {
		return
	}
	if d.alternates["x-default"] == "" || len(d.alternates) < 3 {
		t.Errorf("%s: alternates %v", d.path, d.alternates)
	}
	self := false
	for l, to := range d.alternates {
		self = self || to == home+d.path
		other, ok := pages[strings.TrimPrefix(to, home)]
		if !ok {
			t.Errorf("%s in %s isn't there: %s", d.path, l, to)
			continue
		}
		if fmt.Sprint(other.alternates) != fmt.Sprint(d.alternates) {
			t.Errorf("%s has %v, but %s has %v", d.path, d.alternates, to, other.alternates)
		}
	}
	if !self {
		t.Errorf("%s isn't among its own alternates %v", d.path, d.alternates)
	}
}

func checkStructure(t *testing.T, d doc) {
	t.Helper()
	ids := map[string]bool{}
	h1, main, level := 0, 0, 0
	for _, n := range d.nodes {
		if id, ok := attr(n, "id"); ok {
			if ids[id] || id == "" {
				t.Errorf("%s: id %q twice", d.path, id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "h1", "h2", "h3", "h4":
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("%s: h%d follows h%d", d.path, now, level)
			}
			if level = now; now == 1 {
				h1++
			}
			if strings.TrimSpace(textContent(n)) == "" {
				t.Errorf("%s: an empty heading", d.path)
			}
		case "main":
			main++
		case "img":
			if _, ok := attr(n, "alt"); !ok || value(n, "width") == "" || value(n, "height") == "" {
				t.Errorf("%s: a picture without alt or size: %v", d.path, n.Attr)
			}
		case "a", "button", "summary":
			if strings.TrimSpace(textContent(n)) == "" && value(n, "aria-label") == "" {
				t.Errorf("%s: %s without a name: %v", d.path, n.Data, n.Attr)
			}
		case "ul", "ol", "dl", "nav", "section":
			if strings.TrimSpace(textContent(n)) == "" {
				t.Errorf("%s: an empty %s", d.path, n.Data)
			}
		case "html":
			if value(n, "lang") == "" || value(n, "dir") == "" {
				t.Errorf("%s has no language", d.path)
			}
		case "title":
			if textContent(n) == "" {
				t.Errorf("%s has no title", d.path)
			}
		}
	}
	if h1 != 1 || main != 1 {
		t.Errorf("%s: %d h1, %d main", d.path, h1, main)
	}
	for _, n := range d.nodes {
		if to := value(n, "href"); strings.HasPrefix(to, "#") && !ids[to[1:]] {
			t.Errorf("%s: %s leads nowhere", d.path, to)
		}
		if by := value(n, "aria-labelledby"); by != "" && !ids[by] {
			t.Errorf("%s: labelled by nothing: %s", d.path, by)
		}
	}
}

// checkSafety wants nothing in the page that the policy would stop, and nothing loaded from others.
func checkSafety(t *testing.T, d doc) {
	t.Helper()
	for _, n := range d.nodes {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: %s has %s", d.path, n.Data, a.Key)
			}
		}
		if n.Data == "script" && value(n, "src") == "" && value(n, "type") != "application/ld+json" {
			t.Errorf("%s: an inline script", d.path)
		}
		loads := []string{value(n, "src"), value(n, "srcset"), value(n, "poster"), value(n, "data")}
		if n.Data == "link" && !slices.Contains([]string{"canonical", "alternate"}, value(n, "rel")) {
			loads = append(loads, value(n, "href"))
		}
		for _, u := range loads {
			if strings.Contains(u, "//") {
				t.Errorf("%s: %s loads %s", d.path, n.Data, u)
			}
		}
		if n.Data == "iframe" || n.Data == "object" || n.Data == "form" || n.Data == "base" {
			t.Errorf("%s has a %s", d.path, n.Data)
		}
	}
}

func checkData(t *testing.T, d doc) {
	t.Helper()
	for _, n := range d.nodes {
		if n.Data != "script" || value(n, "type") != "application/ld+json" {
			continue
		}
		var data map[string]any
		if err := json.Unmarshal([]byte(textContent(n)), &data); err != nil || data["@context"] != "https://schema.org" || data["@type"] == "" {
			t.Errorf("%s: %v, %v", d.path, err, data)
		}
	}
}
