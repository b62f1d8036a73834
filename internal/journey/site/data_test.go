package site

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// things are what a page tells machines.
func things(t *testing.T, a *Answer) []map[string]any {
	t.Helper()
	var out []map[string]any
	for n := range a.Doc().Descendants() {
		if n.Data != "script" || Attr(n, "type") != "application/ld+json" {
			continue
		}
		var v map[string]any
		if err := json.Unmarshal([]byte(Text(n)), &v); err != nil {
			t.Errorf("%s: %v", a.Path, err)
		}
		out = append(out, v)
	}
	return out
}

// TestArticleData holds what an article tells machines against Google Search Central's "Article structured
// data" (nothing is required; author with name and url, dateModified, datePublished, headline and image are
// recommended), "Article: image guidelines" (at least 696 pixels wide, found by crawlers), "Author markup best
// practices" (each author by itself, by name alone, of the right type), and "Breadcrumb structured data".
func TestArticleData(t *testing.T) {
	all := whole(t)
	articles := 0
	for _, a := range sorted(all) {
		if Shape(a.Path) != "/{lang}/{}/{}" || !a.HTML() {
			continue
		}
		var article, crumbs map[string]any
		for _, v := range things(t, a) {
			switch v["@type"] {
			case "NewsArticle", "LiveBlogPosting":
				article = v
			case "BreadcrumbList":
				crumbs = v
			}
		}
		if article == nil || crumbs == nil {
			t.Errorf("%s has no article or no crumbs in its data", a.Path)
			continue
		}
		articles++
		checkArticle(t, a, article, all)
		checkCrumbs(t, a, crumbs)
	}
	if articles < 100 {
		t.Errorf("only %d articles", articles)
	}
}

func checkArticle(t *testing.T, a *Answer, v map[string]any, all map[string]*Answer) {
	t.Helper()
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	if h := text(v, "headline"); h == "" || utf8.RuneCountInString(h) > 200 {
		t.Errorf("%s: headline %q", a.Path, h)
	}
	var at [2]time.Time
	for i, key := range []string{"datePublished", "dateModified"} {
		d, err := time.Parse(time.RFC3339, text(v, key))
		if err != nil {
			t.Errorf("%s: %s: %v", a.Path, key, err)
		}
		at[i] = d
	}
	if at[1].Before(at[0]) {
		t.Errorf("%s was modified %v, before it was published %v", a.Path, at[1], at[0])
	}
	if text(v, "mainEntityOfPage") != base+a.Path || text(v, "inLanguage") != strings.Split(a.Path, "/")[1] {
		t.Errorf("%s: mainEntityOfPage %v, inLanguage %v", a.Path, v["mainEntityOfPage"], v["inLanguage"])
	}
	authors, _ := v["author"].([]any)
	if len(authors) == 0 {
		t.Errorf("%s has no author", a.Path)
	}
	for _, x := range authors {
		au, _ := x.(map[string]any)
		kind, name := text(au, "@type"), text(au, "name")
		if kind != "Person" && kind != "Organization" || name == "" || strings.ContainsAny(name, ",;:") {
			t.Errorf("%s: author %v", a.Path, au)
		}
		if u := text(au, "url"); u != "" && (all[strings.TrimPrefix(u, base)] == nil || all[strings.TrimPrefix(u, base)].Status != http.StatusOK) {
			t.Errorf("%s: the author's page %s isn't there", a.Path, u)
		}
	}
	publisher, _ := v["publisher"].(map[string]any)
	if text(publisher, "name") == "" || text(publisher, "url") == "" {
		t.Errorf("%s: publisher %v", a.Path, publisher)
	}
	images, _ := v["image"].([]any)
	for _, x := range images {
		img, _ := x.(map[string]any)
		width, isPixels := strings.CutSuffix(text(img, "width"), " px")
		if there := all[strings.TrimPrefix(text(img, "url"), base)]; there == nil || there.Status != http.StatusOK || !isPixels || len(width) < 3 || len(width) == 3 && width < "696" {
			t.Errorf("%s: image %v", a.Path, img)
		}
	}
}

func checkCrumbs(t *testing.T, a *Answer, v map[string]any) {
	t.Helper()
	items, _ := v["itemListElement"].([]any)
	if len(items) < 2 {
		t.Errorf("%s: %d crumbs", a.Path, len(items))
	}
	for i, x := range items {
		item, _ := x.(map[string]any)
		if position, _ := item["position"].(float64); int(position) != i+1 || item["name"] == "" || item["item"] == nil && i < len(items)-1 {
			t.Errorf("%s: crumb %v", a.Path, item)
		}
	}
}
