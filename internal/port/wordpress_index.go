package port

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/lang"
	"depesche/internal/port/wptext"
	"depesche/internal/port/wxr"
	"depesche/internal/problem"
)

// index is what the first reading of the exports leaves for the second: who wrote, what things are
// filed under, where files lie, which posts are translations of which. It holds some fifty bytes a
// post in memory; the rest is on disk.
type index struct {
	site    wxr.Site
	scrap   *scrap
	authors map[string]authorInfo // by login; guests by "guest:" and slug
	terms   map[string]*wxr.Term  // by taxonomy/slug
	byTerm  map[string]string     // term's number -> taxonomy/slug
	joined  map[string]string     // taxonomy/slug -> that of the term it is a translation of
	termIn  map[string]lang.Tag   // taxonomy/slug -> its language, where known
	slugs   map[string]lang.Tag   // languages by the name the site has for them

	files  map[int64]place  // attachments
	byURL  map[uint64]int64 // hash of a file's address -> attachment
	blocks map[int64]place  // reusable blocks
	upload []pair           // post, attachment: sorted

	posts  []post // by number
	byPath []int32
	groups map[string]*group
}

type authorInfo struct{ name, slug, about string }

type pair struct{ parent, child int64 }

// post is what is known of a post before it is read the second time.
type post struct {
	id   int64
	path uint64 // hash of its address
	when int64  // in milliseconds
	kind byte   // 's': becomes a story that is out, 'd': a draft, 'p': a page
	in   *group
	// twice says that another post of the same story has its language.
	twice bool
}

// group is posts that are the same story in several languages.
type group struct {
	key     string
	members []member
}

type member struct {
	id   int64
	lang lang.Tag
	when int64
	from bool // made from another
}

// original is the post the others are made from, as far as the site says, else the first.
func (g *group) original() member {
	return slices.MinFunc(g.members, func(a, b member) int {
		if a.from != b.from {
			if a.from {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.when, b.when), cmp.Compare(a.id, b.id))
	})
}

// look reads all exports once. Whatever makes one unreadable shows here, before anything is written.
func (im *importer) look(ctx context.Context, files []File, s *scrap) (*index, error) {
	x := &index{
		scrap: s, authors: map[string]authorInfo{}, terms: map[string]*wxr.Term{}, byTerm: map[string]string{},
		joined: map[string]string{}, termIn: map[string]lang.Tag{}, slugs: map[string]lang.Tag{},
		files: map[int64]place{}, byURL: map[uint64]int64{}, blocks: map[int64]place{},
		groups: map[string]*group{},
	}
	for i, f := range files {
		err := im.each(ctx, f, func(r *wxr.Reader, p wxr.Part) error {
			if p.Item != nil {
				im.report.Files[i].Items++
				im.report.Comments += p.Item.Comments
			}
			return im.lookAt(x, p)
		}, func(r *wxr.Reader) error {
			im.report.Files[i].Repairs = r.Repairs()
			return x.meet(r.Site(), im.o.Origin != "")
		})
		if err != nil {
			return nil, err
		}
	}
	return x, x.finish()
}

// each reads one export.
func (im *importer) each(ctx context.Context, f File, part func(*wxr.Reader, wxr.Part) error, end func(*wxr.Reader) error) error {
	file, err := f.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	r := wxr.NewReader(im.bytes.reader(file))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := r.Next()
		var wrong *wxr.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			return end(r)
		case errors.As(err, &wrong):
			return &problem.Error{
				Kind: problem.Invalid, Key: "problem.import_broken", Args: []any{"file", f.Name, "line", wrong.Line, "reason", wrong.Reason},
				Cause: fmt.Errorf("%s: %w", f.Name, wrong),
			}
		case err != nil:
			return fmt.Errorf("%s: line %d: %w", f.Name, r.Line(), err)
		}
		if err := part(r, p); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
}

// meet refuses exports of two sites: their posts' numbers would be taken for each other.
func (x *index) meet(site wxr.Site, named bool) error {
	if x.site == (wxr.Site{}) {
		x.site = site
		return nil
	}
	a, b := siteHost(x.site), siteHost(site)
	if !named && a != "" && b != "" && a != b {
		return problem.Wrap(problem.Invalid, "problem.import_two_sites",
			fmt.Errorf("it is an export of %s, the one before of %s: import one site after the other", b, a))
	}
	return nil
}

func siteHost(s wxr.Site) string {
	u, err := url.Parse(first(s.BaseBlog, s.Link, s.BaseSite))
	if err != nil {
		return ""
	}
	return bareHost(u) + strings.TrimRight(u.Path, "/")
}

func bareHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Host), "www.") }

func (im *importer) lookAt(x *index, p wxr.Part) error {
	switch {
	case p.Author != nil:
		a := p.Author
		x.authors[a.Login] = authorInfo{name: first(a.Name, strings.TrimSpace(a.First+" "+a.Last)), slug: a.Login}
	case p.Term != nil:
		x.term(p.Term)
	case p.Item != nil:
		return im.lookAtItem(x, p.Item)
	}
	return nil
}

func (x *index) term(t *wxr.Term) {
	key := t.Taxonomy + "/" + t.Slug
	switch t.Taxonomy {
	case "category", "post_tag":
		x.terms[key] = t
		if t.ID != "" {
			x.byTerm[t.ID] = key
		}
		t.Description = ""
	case "language": // Polylang
		if v, ok := wxr.Unserialize(t.Description); ok {
			if m, ok := v.(map[string]any); ok {
				if locale, ok := m["locale"].(string); ok {
					x.slugs[t.Slug] = tagOf(locale)
				}
			}
		}
	case "term_translations": // Polylang: which terms are the same in which languages
		x.terms[key] = t
	}
}

// tagOf reads what sites call languages: de_DE, pt-br, ua.
func tagOf(s string) lang.Tag {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	parts := strings.Split(s, "-")
	if len(parts) > 2 { // de-DE-formal
		s = parts[0] + "-" + parts[1]
	}
	if own, ok := misnamed[strings.ToLower(s)]; ok {
		return own
	}
	t, err := lang.Parse(s)
	if err != nil {
		if t, err = lang.Parse(parts[0]); err != nil {
			return ""
		}
	}
	return t
}

// misnamed are languages called by their country.
var misnamed = map[string]lang.Tag{"ua": "uk", "cz": "cs", "gr": "el", "dk": "da", "jp": "ja", "cn": "zh", "kr": "ko", "by": "be", "ge": "ka", "al": "sq"}

func (im *importer) lookAtItem(x *index, it *wxr.Item) error {
	id, _ := strconv.ParseInt(it.ID, 10, 64)
	if id <= 0 {
		return nil
	}
	switch it.Type {
	case "attachment":
		return x.attachment(id, it)
	case "wp_block":
		at, err := x.scrap.put([]byte(it.Content))
		x.blocks[id] = at
		return err
	case "guest-author": // Co-Authors Plus
		x.guest(it)
		return nil
	}
	kind := byte(0)
	switch what, _ := im.fate(it); what {
	case becomesStory:
		kind = 'd'
		if it.Status == "publish" && it.Password == "" {
			kind = 's'
		}
	case becomesPage:
		kind = 'p'
	default:
		return nil
	}
	l := x.langOf(it)
	if l != "" {
		l = im.matchLang(l)
	}
	p := post{id: id, kind: kind, when: math.MaxInt64}
	if at := im.dateOf(it); !at.IsZero() {
		p.when = at.UnixMilli()
	}
	if path, _, ok := pathOf(it.Link); ok {
		p.path = hashOf(path)
	}
	if key, from := groupOf(it); key != "" {
		g := x.groups[key]
		if g == nil {
			g = &group{key: key}
			x.groups[key] = g
		}
		p.in = g
		g.members = append(g.members, member{id: id, lang: l, when: p.when, from: from})
	}
	x.posts = append(x.posts, p)
	return nil
}

// attachment notes a file of the media library.
func (x *index) attachment(id int64, it *wxr.Item) error {
	a := wptext.Attachment{
		ID: it.ID, URL: first(it.AttachmentURL, it.GUID), Title: it.Title,
		Caption: it.Excerpt, Description: it.Content, Alt: it.MetaValue("_wp_attachment_image_alt"),
	}
	if meta, ok := wxr.Unserialize(it.MetaValue("_wp_attachment_metadata")); ok {
		a.Credit = creditOf(meta)
	}
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	at, err := x.scrap.put(b)
	if err != nil {
		return err
	}
	x.files[id] = at
	if a.URL != "" {
		x.byURL[hashOf(fileKey(a.URL))] = id
	}
	if parent, _ := strconv.ParseInt(it.Parent, 10, 64); parent > 0 && (isImage(a.URL) || len(it.MetaValue("_wp_attachment_metadata")) > 0) {
		x.upload = append(x.upload, pair{parent, id})
	}
	return nil
}

// creditOf reads who made a picture from what WordPress read of the file.
func creditOf(meta any) string {
	m, _ := meta.(map[string]any)
	im, _ := m["image_meta"].(map[string]any)
	for _, key := range []string{"credit", "copyright"} {
		if s, _ := im[key].(string); strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

func isImage(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch ext := strings.ToLower(u.Path[strings.LastIndexByte(u.Path, '.')+1:]); ext {
	case "jpg", "jpeg", "png", "gif", "webp", "avif", "svg":
		return true
	}
	return false
}

func (x *index) guest(it *wxr.Item) {
	slug := strings.TrimPrefix(it.Slug, "cap-")
	name := first(it.MetaValue("cap-display_name"), it.Title)
	info := authorInfo{name: name, slug: slug, about: it.MetaValue("cap-description")}
	x.authors["guest:"+slug] = info
	if login := it.MetaValue("cap-user_login"); login != "" {
		x.authors["guest:"+login] = info
	}
}

// langOf returns the language that the item says it is in, or "".
func (x *index) langOf(it *wxr.Item) lang.Tag {
	for _, ref := range it.Refs {
		if ref.Domain != "language" {
			continue
		}
		if l := x.slugs[ref.Slug]; l != "" {
			return l
		}
		return tagOf(ref.Slug)
	}
	if code := it.MetaValue("_wpml_import_language_code"); code != "" {
		return tagOf(code)
	}
	return ""
}

// groupOf returns by what an item and its translations know each other: a term of Polylang's, a
// field of WPML's. from says that it was made from another.
func groupOf(it *wxr.Item) (key string, from bool) {
	for _, ref := range it.Refs {
		if ref.Domain == "post_translations" && ref.Slug != "" {
			return "polylang:" + ref.Slug, false
		}
	}
	if g := it.MetaValue("_wpml_import_translation_group"); g != "" {
		return "wpml:" + g, it.MetaValue("_wpml_import_source_language_code") != ""
	}
	return "", false
}

// finish makes the index ready to be asked.
func (x *index) finish() error {
	slices.SortStableFunc(x.posts, func(a, b post) int { return cmp.Compare(a.id, b.id) })
	x.posts = slices.CompactFunc(x.posts, func(a, b post) bool { return a.id == b.id })
	slices.SortFunc(x.upload, func(a, b pair) int { return cmp.Or(cmp.Compare(a.parent, b.parent), cmp.Compare(a.child, b.child)) })
	x.byPath = make([]int32, 0, len(x.posts))
	for i := range x.posts {
		if x.posts[i].path != 0 {
			x.byPath = append(x.byPath, int32(i))
		}
	}
	slices.SortFunc(x.byPath, func(a, b int32) int { return cmp.Compare(x.posts[a].path, x.posts[b].path) })
	for key, g := range x.groups {
		// One post a language; what a site has beside it is a story of its own.
		slices.SortStableFunc(g.members, func(a, b member) int { return cmp.Or(cmp.Compare(a.when, b.when), cmp.Compare(a.id, b.id)) })
		var kept []member
		for _, m := range g.members {
			if !slices.ContainsFunc(kept, func(k member) bool { return k.lang == m.lang || k.id == m.id }) {
				kept = append(kept, m)
			}
		}
		if g.members = kept; len(kept) < 2 {
			delete(x.groups, key)
		}
	}
	for i := range x.posts {
		if g := x.posts[i].in; g != nil && (len(g.members) < 2 || !slices.ContainsFunc(g.members, func(m member) bool { return m.id == x.posts[i].id })) {
			x.posts[i].in, x.posts[i].twice = nil, len(g.members) > 1
		}
	}
	x.joinTerms()
	return nil
}

// joinTerms reads which categories and tags are the same in several languages.
func (x *index) joinTerms() {
	for _, key := range sortedKeys(x.terms) {
		t := x.terms[key]
		if t.Taxonomy != "term_translations" {
			continue
		}
		delete(x.terms, key)
		v, _ := wxr.Unserialize(t.Description)
		m, _ := v.(map[string]any)
		head := ""
		for _, slug := range sortedKeys(m) {
			l := x.slugs[slug]
			if l == "" {
				l = tagOf(slug)
			}
			id, _ := m[slug].(int64)
			member := x.byTerm[strconv.FormatInt(id, 10)]
			if member == "" || l == "" {
				continue
			}
			x.termIn[member] = l
			if head == "" {
				head = member
			}
			x.joined[member] = head
		}
	}
}

// post returns what is known of a post.
func (x *index) post(id int64) (post, bool) {
	i, ok := slices.BinarySearchFunc(x.posts, id, func(p post, id int64) int { return cmp.Compare(p.id, id) })
	if !ok {
		return post{}, false
	}
	return x.posts[i], true
}

// postAt returns the post with the address.
func (x *index) postAt(path string) (post, bool) {
	h := hashOf(path)
	i, ok := slices.BinarySearchFunc(x.byPath, h, func(i int32, h uint64) int { return cmp.Compare(x.posts[i].path, h) })
	if !ok {
		return post{}, false
	}
	return x.posts[x.byPath[i]], true
}

// attached returns the pictures uploaded to a post.
func (x *index) attached(id int64) []string {
	i, _ := slices.BinarySearchFunc(x.upload, pair{id, 0}, func(a, b pair) int { return cmp.Or(cmp.Compare(a.parent, b.parent), cmp.Compare(a.child, b.child)) })
	var out []string
	for ; i < len(x.upload) && x.upload[i].parent == id && len(out) < 200; i++ {
		out = append(out, strconv.FormatInt(x.upload[i].child, 10))
	}
	return out
}

// file returns what is known of an attachment.
func (x *index) file(id string) (wptext.Attachment, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return wptext.Attachment{}, false
	}
	at, ok := x.files[n]
	if !ok {
		return wptext.Attachment{}, false
	}
	var a wptext.Attachment
	b, err := x.scrap.get(at)
	if err != nil || json.Unmarshal(b, &a) != nil {
		return wptext.Attachment{}, false
	}
	return a, true
}

// fileAt returns the attachment that an address in a text is of, also if it is one of its smaller
// copies.
func (x *index) fileAt(address string) (wptext.Attachment, bool) {
	if len(x.byURL) == 0 {
		return wptext.Attachment{}, false
	}
	id, ok := x.byURL[hashOf(fileKey(address))]
	if !ok {
		return wptext.Attachment{}, false
	}
	return x.file(strconv.FormatInt(id, 10))
}

func (x *index) block(id string) (string, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return "", false
	}
	at, ok := x.blocks[n]
	if !ok {
		return "", false
	}
	b, err := x.scrap.get(at)
	return string(b), err == nil
}

// copies is what WordPress puts behind the name of a smaller copy of a picture.
var copies = regexp.MustCompile(`(?:-\d{1,5}x\d{1,5}|-scaled|-rotated)(\.[A-Za-z]{3,5})$`)

// fileKey is what all addresses of one file have in common.
func fileKey(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	return bareHost(u) + copies.ReplaceAllString(u.Path, "$1")
}

func hashOf(s string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, s)
	if n := h.Sum64(); n != 0 {
		return n
	}
	return 1
}

// pathOf returns an address without host, as redirects keep it, and its host.
func pathOf(address string) (path, host string, ok bool) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || u.Host == "" && !strings.HasPrefix(u.Path, "/") {
		return "", "", false
	}
	path = u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path, bareHost(u), path != "/"
}

// dates are the ways in which exports write a moment.
func (im *importer) dateOf(it *wxr.Item) time.Time {
	if t, err := time.Parse(time.DateTime, it.DateGMT); err == nil && t.Year() > 1 {
		return t
	}
	if t, err := time.ParseInLocation(time.DateTime, it.Date, im.paper.Location); err == nil && t.Year() > 1 {
		return t.UTC()
	}
	for _, layout := range []string{time.RFC1123Z, time.RFC1123, time.RFC3339} {
		if t, err := time.Parse(layout, it.PubDate); err == nil && t.Year() > 1 {
			return t.UTC()
		}
	}
	return time.Time{}
}
