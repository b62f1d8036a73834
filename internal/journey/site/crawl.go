package site

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Answer is what stands at an address.
type Answer struct {
	Path   string // from the root, with the query
	Status int
	Kind   string // the media type, without parameters
	Head   http.Header
	Body   string
	From   []string // who leads there
}

// HTML reports whether it is a page.
func (a *Answer) HTML() bool { return a.Status == http.StatusOK && a.Kind == "text/html" }

// Doc is the page as browsers read it.
func (a *Answer) Doc() *html.Node {
	n, err := html.Parse(strings.NewReader(a.Body))
	if err != nil {
		panic(err) // a strings.Reader never fails, and HTML has no wrong text
	}
	return n
}

// start is where those begin who know nothing of a paper but its host.
var start = []string{"/", "/robots.txt", "/favicon.ico", "/site.webmanifest"}

// Crawl asks for the starting addresses and for each that an answer leads to within base: links,
// pictures in all their sizes, what feeds, sitemaps, robots.txt, the manifest and structured data name.
// It follows redirects as links.
func Crawl(h http.Handler, base string) map[string]*Answer {
	out := map[string]*Answer{}
	type step struct{ to, from string }
	var todo []step
	for _, s := range start {
		todo = append(todo, step{s, "the start"})
	}
	for ; len(todo) > 0; todo = todo[1:] {
		to, from := todo[0].to, todo[0].from
		if a, ok := out[to]; ok {
			a.From = append(a.From, from)
			continue
		}
		a := Ask(h, base, to)
		a.From, out[to] = []string{from}, a
		for _, l := range a.Links(base) {
			todo = append(todo, step{l, to})
		}
	}
	return out
}

// Ask asks as a browser would that takes no coding and names no language.
func Ask(h http.Handler, base, path string) *Answer {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, base+path, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	return &Answer{Path: path, Status: w.Code, Kind: kind, Head: w.Header(), Body: w.Body.String()}
}

// Links are the addresses within base that the answer names, from the root, each once.
func (a *Answer) Links(base string) []string {
	var out []string
	add := func(to string) {
		u, err := url.Parse(strings.TrimSpace(to))
		if err != nil || u.Opaque != "" || u.Host != "" && u.Scheme+"://"+u.Host != base || u.Host == "" && !strings.HasPrefix(u.Path, "/") {
			return
		}
		path := u.EscapedPath()
		if u.RawQuery != "" || u.ForceQuery {
			path += "?" + u.RawQuery
		}
		if path == "" {
			path = "/"
		}
		if !slices.Contains(out, path) && !strings.HasPrefix(path, "/desk") {
			out = append(out, path)
		}
	}
	if to := a.Head.Get("Location"); to != "" {
		add(to)
	}
	switch {
	case a.Status != http.StatusOK:
	case a.Kind == "text/html":
		linksOf(a.Doc(), add)
	case strings.HasSuffix(a.Kind, "xml"):
		linksOfXML(a.Body, add)
	case strings.HasSuffix(a.Kind, "json"):
		var v any
		if json.Unmarshal([]byte(a.Body), &v) == nil {
			linksOfJSON(v, add)
		}
	case a.Path == "/robots.txt":
		for _, m := range regexp.MustCompile(`(?m)^Sitemap: (.*)$`).FindAllStringSubmatch(a.Body, -1) {
			add(m[1])
		}
	}
	return out
}

func linksOf(root *html.Node, add func(string)) {
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, at := range n.Attr {
			switch at.Key {
			case "href", "src", "poster", "action", "data-src":
				add(at.Val)
			case "srcset":
				for c := range strings.SplitSeq(at.Val, ",") {
					u, _, _ := strings.Cut(strings.TrimSpace(c), " ")
					add(u)
				}
			case "content":
				if p := Attr(n, "property"); p == "og:url" || p == "og:image" || p == "article:author" {
					add(at.Val)
				}
			}
		}
		if n.Data == "script" && Attr(n, "type") == "application/ld+json" {
			var v any
			if json.Unmarshal([]byte(Text(n)), &v) == nil {
				linksOfJSON(v, add)
			}
		}
	}
}

// linksOfJSON takes every text that is an address; "@id" only names a thing.
func linksOfJSON(v any, add func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			switch s, isText := x.(string); {
			case isText && key == "content_html":
				if root, err := html.Parse(strings.NewReader(s)); err == nil {
					linksOf(root, add)
				}
			case isText && (strings.HasPrefix(key, "@") || key == "id" || key == "scope"):
			case isText && (strings.HasPrefix(s, "http") || strings.HasPrefix(s, "/")):
				add(s)
			default:
				linksOfJSON(x, add)
			}
		}
	case []any:
		for _, x := range v {
			linksOfJSON(x, add)
		}
	}
}

// linksOfXML reads feeds and sitemaps.
func linksOfXML(body string, add func(string)) {
	dec := xml.NewDecoder(strings.NewReader(body))
	in := ""
	for {
		tok, err := dec.Token()
		if err != nil {
			return
		}
		switch t := tok.(type) {
		case xml.StartElement:
			in = t.Name.Local
			for _, at := range t.Attr {
				if (at.Name.Local == "href" || at.Name.Local == "url") && at.Name.Space == "" {
					add(at.Value)
				}
			}
		case xml.CharData:
			text := strings.TrimSpace(string(t))
			switch in {
			case "loc", "link", "url", "icon", "logo", "uri":
				if text != "" {
					add(text)
				}
			case "encoded", "content":
				if root, err := html.Parse(strings.NewReader(text)); err == nil {
					linksOf(root, add)
				}
			}
		case xml.EndElement:
			in = ""
		}
	}
}

// Attr is an attribute of an element, "" if it has none.
func Attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Text is all text in an element.
func Text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

var (
	number = regexp.MustCompile(`^\d+$`)
	day    = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	made   = regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`)
)

// Shape is what kind of page stands at a path: what is one story's, person's or day's is left out of it.
// Pages of one shape come from one template.
func Shape(path string) string {
	path, query, asks := strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, p := range parts {
		before := ""
		if i > 0 {
			before = parts[i-1]
		}
		switch {
		case strings.Contains(p, "feed."):
		case i == 1 && len(p) == 2:
			parts[i] = "{lang}"
		case before == "media":
			parts[i] = "{}"
		case number.MatchString(p), day.MatchString(p), made.MatchString(p):
			parts[i] = "{}"
		case i == 2 && p != "" && parts[1] == "{lang}" && !slices.Contains([]string{"topic", "author", "page", "archive", "corrections", "search"}, p) && len(parts) < 5:
			parts[i] = "{section}"
		case i == 3 && (before == "{}" || before == "topic" || before == "author" || before == "page") && parts[1] == "{lang}":
			parts[i] = "{}"
		}
	}
	out := strings.Join(parts, "/")
	if asks {
		keys, _, _ := strings.Cut(query, "=")
		out += "?" + keys
	}
	return out
}
