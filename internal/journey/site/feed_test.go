package site

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/text/language"
)

// element is a part of a feed with all that stands in it, in order.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

const (
	atomNS    = "http://www.w3.org/2005/Atom"
	dcNS      = "http://purl.org/dc/elements/1.1/"
	contentNS = "http://purl.org/rss/1.0/modules/content/"
	mediaNS   = "http://search.yahoo.com/mrss/"
)

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the children of a name; space "" is a feed's own vocabulary.
func (e element) all(space, name string) []element {
	var out []element
	for _, c := range e.Children {
		if c.XMLName.Space == space && c.XMLName.Local == name {
			out = append(out, c)
		}
	}
	return out
}

func (e element) text(space, name string) string {
	if all := e.all(space, name); len(all) > 0 {
		return strings.TrimSpace(all[0].Text)
	}
	return ""
}

// feedRules collects what is wrong with one feed.
type feedRules struct {
	t    *testing.T
	path string
}

func (r feedRules) want(holds bool, format string, args ...any) {
	r.t.Helper()
	if !holds {
		r.t.Errorf("%s: %s", r.path, fmt.Sprintf(format, args...))
	}
}

func (r feedRules) address(what, s string) {
	r.t.Helper()
	u, err := url.Parse(s)
	r.want(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && ascii(s), "%s is no address: %q", what, s)
}

// counted wants between least and most of the children; most < 0 is any number.
func (r feedRules) counted(e element, space, name string, least, most int) {
	r.t.Helper()
	n := len(e.all(space, name))
	r.want(n >= least && (most < 0 || n <= most), "%s has %d of %s", e.XMLName.Local, n, name)
}

// only wants no other children than those named, each as "space name".
func (r feedRules) only(e element, names ...string) {
	r.t.Helper()
	for _, c := range e.Children {
		name := strings.TrimSpace(c.XMLName.Space + " " + c.XMLName.Local)
		known := false
		for _, n := range names {
			known = known || n == name
		}
		r.want(known, "%s has a %s, which the format doesn't know", e.XMLName.Local, name)
	}
}

// TestFeeds holds every feed of the paper against its format. What the W3C's Feed Validation Service asks
// can't be run here; its rules are written down from the documents that it cites.
func TestFeeds(t *testing.T) {
	count := map[string]int{}
	for _, a := range sorted(whole(t)) {
		_, format, isFeed := strings.Cut(a.Path, "feed.")
		if !isFeed || a.Status != 200 {
			continue
		}
		count[format]++
		r := feedRules{t, a.Path}
		switch format {
		case "rss":
			rssRules(r, a)
		case "atom":
			atomRules(r, a)
		case "json":
			jsonRules(r, a)
		}
	}
	for _, format := range []string{"rss", "atom", "json"} {
		if count[format] < 50 {
			t.Errorf("only %d feeds as %s", count[format], format)
		}
	}
}

func (r feedRules) parse(a *Answer) element {
	r.t.Helper()
	var root element
	if err := xml.Unmarshal([]byte(a.Body), &root); err != nil {
		r.t.Fatalf("%s: %v", a.Path, err)
	}
	return root
}

// self wants the feed to say where it stands, as the validation service recommends.
func (r feedRules) self(links []element, kind string) {
	r.t.Helper()
	for _, l := range links {
		if l.attr("rel") == "self" {
			r.want(l.attr("href") == base+r.path && l.attr("type") == kind, "says that it stands at %s as %s", l.attr("href"), l.attr("type"))
			return
		}
	}
	r.want(false, "doesn't say where it stands")
}

// rssRules are those of the RSS 2.0 specification (rssboard.org/rss-specification) and of the RSS
// Advisory Board's best practices profile.
func rssRules(r feedRules, a *Answer) {
	r.t.Helper()
	r.want(a.Kind == "application/rss+xml", "is sent as %s", a.Kind)
	root := r.parse(a)
	r.want(root.XMLName.Local == "rss" && root.attr("version") == "2.0", "isn't RSS 2.0")
	r.counted(root, "", "channel", 1, 1)
	c := root.all("", "channel")[0]
	r.only(c, "title", "link", "description", "language", "lastBuildDate", "generator", "ttl", atomNS+" link", "image", "item")
	for _, name := range []string{"title", "link", "description", "language"} {
		r.counted(c, "", name, 1, 1)
		r.want(c.text("", name) != "", "%s is empty", name)
	}
	r.address("link", c.text("", "link"))
	_, err := language.Parse(c.text("", "language"))
	r.want(err == nil, "language %q", c.text("", "language"))
	r.self(c.all(atomNS, "link"), "application/rss+xml")
	for _, img := range c.all("", "image") {
		// "title" and "link" should be the channel's, so that a reader shows one name.
		r.only(img, "url", "title", "link")
		r.address("the image's url", img.text("", "url"))
		r.want(img.text("", "title") == c.text("", "title") && img.text("", "link") == c.text("", "link"), "the image is of another channel: %s, %s", img.text("", "title"), img.text("", "link"))
	}
	seen := map[string]bool{}
	for _, item := range c.all("", "item") {
		rssItemRules(r, item)
		guid := item.text("", "guid")
		r.want(!seen[guid], "the guid %s stands twice", guid)
		seen[guid] = true
	}
}

func rssItemRules(r feedRules, item element) {
	r.t.Helper()
	r.only(item, "title", "link", "guid", "pubDate", atomNS+" updated", dcNS+" creator", "category", atomNS+" link", mediaNS+" content", "description", contentNS+" encoded")
	for _, name := range []string{"title", "link", "guid", "pubDate"} {
		r.counted(item, "", name, 1, 1)
		r.want(item.text("", name) != "", "an item's %s is empty", name)
	}
	r.counted(item, contentNS, "encoded", 0, 1)
	r.counted(item, "", "description", 0, 1)
	r.address("an item's link", item.text("", "link"))
	if g := item.all("", "guid")[0]; g.attr("isPermaLink") != "false" {
		r.address("a guid", g.Text)
	}
	_, err := mail.ParseDate(item.text("", "pubDate"))
	r.want(err == nil, "pubDate: %v", err)
	r.want(!strings.ContainsAny(item.text("", "title"), "<>"), "markup in a title: %s", item.text("", "title"))
	for _, m := range item.all(mediaNS, "content") {
		r.address("a picture", m.attr("url"))
		r.want(m.attr("medium") == "image", "a picture's medium is %q", m.attr("medium"))
	}
	// The feed's newest link comes first and names the page; the others are languages.
	for _, l := range item.all(atomNS, "link") {
		r.want(l.attr("rel") == "alternate" && l.attr("hreflang") != "", "an item's atom:link: %v", l.Attrs)
		r.address("an item's atom:link", l.attr("href"))
	}
	r.content(item.text(contentNS, "encoded"))
}

// unwanted can't be in a feed's HTML: readers of feeds drop it or are harmed by it.
var unwanted = regexp.MustCompile(`(?i)<(script|style|iframe|object|embed|form|input|button|link|meta|base)\b|\son[a-z]+\s*=|\sstyle\s*=|javascript:`)

// content wants the HTML of an entry to stand for itself: no address that needs a page around it.
func (r feedRules) content(s string) {
	r.t.Helper()
	r.want(!unwanted.MatchString(s), "unfit for a feed: %s", unwanted.FindString(s))
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		r.t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, key := range []string{"href", "src"} {
			if to := Attr(n, key); to != "" && !strings.HasPrefix(to, "mailto:") {
				r.address("in the text, "+key, to)
			}
		}
		if n.Data == "img" {
			_, has := attrOf(n, "alt")
			r.want(has, "a picture without alt")
		}
	}
}

func attrOf(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// atomRules are those of RFC 4287, sections 3 and 4.
func atomRules(r feedRules, a *Answer) {
	r.t.Helper()
	r.want(a.Kind == "application/atom+xml", "is sent as %s", a.Kind)
	root := r.parse(a)
	r.want(root.XMLName.Space == atomNS && root.XMLName.Local == "feed", "isn't Atom")
	r.only(root, at("title", "subtitle", "id", "updated", "link", "icon", "logo", "generator", "author", "entry", "rights")...)
	for _, name := range []string{"id", "title", "updated"} {
		r.counted(root, atomNS, name, 1, 1)
		r.want(root.text(atomNS, name) != "", "%s is empty", name)
	}
	for _, name := range []string{"subtitle", "icon", "logo", "generator", "rights"} {
		r.counted(root, atomNS, name, 0, 1)
	}
	r.atomID(root)
	r.atomDate(root, "updated")
	r.self(root.all(atomNS, "link"), "application/atom+xml")
	r.atomLinks(root)
	seen := map[string]bool{}
	for _, e := range root.all(atomNS, "entry") {
		r.only(e, at("id", "title", "updated", "published", "author", "category", "link", "summary", "content", "contributor", "rights")...)
		for _, name := range []string{"id", "title", "updated"} {
			r.counted(e, atomNS, name, 1, 1)
		}
		for _, name := range []string{"published", "summary", "content", "rights"} {
			r.counted(e, atomNS, name, 0, 1)
		}
		r.want(e.text(atomNS, "title") != "", "an entry without a title")
		r.atomID(e)
		r.atomDate(e, "updated")
		r.atomDate(e, "published")
		r.atomLinks(e)
		r.want(len(e.all(atomNS, "author"))+len(root.all(atomNS, "author")) > 0, "an entry without an author")
		for _, p := range e.all(atomNS, "author") {
			r.only(p, at("name", "uri", "email")...)
			r.counted(p, atomNS, "name", 1, 1)
			if uri := p.text(atomNS, "uri"); uri != "" {
				r.address("an author's uri", uri)
			}
		}
		for _, c := range e.all(atomNS, "category") {
			r.want(c.attr("term") != "", "a category without a term")
		}
		for _, c := range e.all(atomNS, "content") {
			r.want(c.attr("type") == "html" && len(c.Children) == 0, "content of type %q", c.attr("type"))
			r.content(c.Text)
		}
		// Two entries of one ID would have to differ in their updated.
		r.want(!seen[e.text(atomNS, "id")], "the id %s stands twice", e.text(atomNS, "id"))
		seen[e.text(atomNS, "id")] = true
	}
}

func at(names ...string) []string {
	var out []string
	for _, n := range names {
		out = append(out, atomNS+" "+n)
	}
	return out
}

var tagURI = regexp.MustCompile(`^tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[!-~]+$`) // RFC 4151

// atomID wants an IRI; the paper makes tag URIs and addresses.
func (r feedRules) atomID(e element) {
	r.t.Helper()
	if id := e.text(atomNS, "id"); !tagURI.MatchString(id) {
		r.address("an id", id)
	}
}

func (r feedRules) atomDate(e element, name string) {
	r.t.Helper()
	for _, d := range e.all(atomNS, name) {
		_, err := time.Parse(time.RFC3339, d.Text)
		r.want(err == nil, "%s: %v", name, err)
	}
}

// atomLinks wants every link to have an address, and at most one alternate of a type and language.
func (r feedRules) atomLinks(e element) {
	r.t.Helper()
	seen, alternates := map[string]bool{}, 0
	for _, l := range e.all(atomNS, "link") {
		r.address("a link", l.attr("href"))
		if lang := l.attr("hreflang"); lang != "" {
			_, err := language.Parse(lang)
			r.want(err == nil, "hreflang %q", lang)
		}
		if rel := l.attr("rel"); rel == "alternate" || rel == "" {
			alternates++
			key := l.attr("type") + " " + l.attr("hreflang")
			r.want(!seen[key], "two alternates of %q", key)
			seen[key] = true
		}
	}
	r.want(alternates > 0 || len(e.all(atomNS, "content")) > 0 || e.XMLName.Local == "feed", "an entry with neither content nor alternate")
}

// jsonRules are those of JSON Feed 1.1 (jsonfeed.org/version/1.1).
func jsonRules(r feedRules, a *Answer) {
	r.t.Helper()
	r.want(a.Kind == "application/feed+json", "is sent as %s", a.Kind)
	var f struct {
		Version  string `json:"version"`
		Title    string `json:"title"`
		Home     string `json:"home_page_url"`
		Self     string `json:"feed_url"`
		About    string `json:"description"`
		Icon     string `json:"icon"`
		Language string `json:"language"`
		Items    []struct {
			ID        string   `json:"id"`
			URL       string   `json:"url"`
			Title     string   `json:"title"`
			Content   string   `json:"content_html"`
			Summary   string   `json:"summary"`
			Image     string   `json:"image"`
			Published string   `json:"date_published"`
			Modified  string   `json:"date_modified"`
			Tags      []string `json:"tags"`
			Language  string   `json:"language"`
			Authors   []struct {
				Name string `json:"name"`
				URL  string `json:"url"`
			} `json:"authors"`
		} `json:"items"`
	}
	dec := json.NewDecoder(strings.NewReader(a.Body))
	dec.DisallowUnknownFields() // ours would have to begin with _
	if err := dec.Decode(&f); err != nil {
		r.t.Fatalf("%s: %v", r.path, err)
	}
	r.want(f.Version == "https://jsonfeed.org/version/1.1" && f.Title != "" && f.Items != nil, "version %q, title %q", f.Version, f.Title)
	r.address("home_page_url", f.Home)
	r.want(f.Self == base+r.path, "says that it stands at %s", f.Self)
	if f.Icon != "" {
		r.address("icon", f.Icon)
	}
	_, err := language.Parse(f.Language)
	r.want(err == nil, "language %q", f.Language)
	seen := map[string]bool{}
	for _, i := range f.Items {
		r.want(i.ID != "" && !seen[i.ID], "the id %q is empty or stands twice", i.ID)
		seen[i.ID] = true
		r.want(i.Content != "" && i.Title != "", "%s: no content or no title", i.ID)
		r.address("url", i.URL)
		r.content(i.Content)
		if i.Image != "" {
			r.address("image", i.Image)
		}
		for _, d := range []string{i.Published, i.Modified} {
			_, err := time.Parse(time.RFC3339, d)
			r.want(d == "" || err == nil, "%s: %v", i.ID, err)
		}
		for _, au := range i.Authors {
			r.want(au.Name != "" || au.URL != "", "%s: an author without name and address", i.ID)
		}
	}
}
