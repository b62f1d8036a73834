package port

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/lang"
	"depesche/internal/port/wptext"
	"depesche/internal/port/wxr"
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
	family  map[string][]string   // the other way round
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

// look reads all exports once. Whatever makes one unreadable shows here, before anything is written.
func (im *importer) look(ctx context.Context, files []File, s *scrap) (*index, error) {
	x := &index{
		scrap: s, authors: map[string]authorInfo{}, terms: map[string]*wxr.Term{}, byTerm: map[string]string{},
		joined: map[string]string{}, family: map[string][]string{}, termIn: map[string]lang.Tag{}, slugs: map[string]lang.Tag{},
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
			return &BrokenError{File: f.Name, Line: wrong.Line, Reason: wrong.Reason}
		case cutOff(err):
			return &BrokenError{File: f.Name, Line: r.Line(), Reason: "the compressed file is cut off or damaged"}
		case err != nil:
			return fmt.Errorf("%s: line %d: %w", f.Name, r.Line(), err)
		}
		if err := part(r, p); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
}

// cutOff recognises a compressed file that ends early or was changed.
func cutOff(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) ||
		errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.As(err, &corrupt)
}

// meet refuses exports of two sites: their posts' numbers would be taken for each other.
func (x *index) meet(site wxr.Site, named bool) error {
	if x.site == (wxr.Site{}) {
		x.site = site
		return nil
	}
	a, b := siteHost(x.site), siteHost(site)
	if !named && a != "" && b != "" && a != b {
		return &twoSitesError{b, a}
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
	var kind byte
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

func (x *index) guest(it *wxr.Item) {
	slug := strings.TrimPrefix(it.Slug, "cap-")
	name := first(it.MetaValue("cap-display_name"), it.Title)
	info := authorInfo{name: name, slug: slug, about: it.MetaValue("cap-description")}
	x.authors["guest:"+slug] = info
	if login := it.MetaValue("cap-user_login"); login != "" {
		x.authors["guest:"+login] = info
	}
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
