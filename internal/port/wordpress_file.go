package port

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/port/wptext"
	"depesche/internal/port/wxr"
)

// none is the key of the section of posts without a category.
const none = "category/"

// noSection is what that section is called.
var noSection = map[lang.Tag]string{"de": "Allgemein", "en": "General", "uk": "Загальне", "fr": "Général", "pl": "Ogólne", "ru": "Общее"}

// uncategorised are the names of the category that WordPress gives to posts without one.
var uncategorised = setOf("uncategorized|uncategorised|allgemein|unkategorisiert|non-classe|non-classifiee|bez-rubriki|bez-kategorii|без-рубрики|без-категорії|sin-categoria|senza-categoria")

// file decides where a story is filed: the category's topmost parent is the section, the category
// itself and all others are topics, as the tags are.
func (im *importer) file(e *arrival) {
	var cats, tags []string
	names := map[string]string{}
	var writers []wxr.Ref
	for _, r := range e.item.Refs {
		slug := first(r.Slug, strings.ToLower(r.Name))
		if nameOf(r.Name, slug) == "" {
			continue // nothing to see in it
		}
		switch r.Domain {
		case "category":
			if key := "category/" + slug; !slices.Contains(cats, key) {
				cats = append(cats, key)
				names[key] = r.Name
			}
		case "post_tag", "tag":
			if key := "post_tag/" + slug; !slices.Contains(tags, key) {
				tags = append(tags, key)
				names[key] = r.Name
			}
		case "author":
			writers = append(writers, r)
		}
	}
	primary := im.primary(e.item, cats)
	root := im.topmost(primary)
	e.section = e.want(im.term(kindSection, root, names[root], e.lang))
	for _, key := range append(cats, tags...) {
		if key == root || strings.HasPrefix(key, "category/") && uncategorised[strings.TrimPrefix(key, "category/")] {
			continue
		}
		if len(e.topics) < 100 {
			e.topics = append(e.topics, e.want(im.term(kindTopic, key, names[key], e.lang)))
		}
	}
	im.sign(e, writers)
}

func (e *arrival) want(w wanted) nameKey {
	e.wants = append(e.wants, w)
	return w.nameKey
}

// primary is the category that a post belongs to above all: the one that its editor said, else the
// first that says anything.
func (im *importer) primary(it *wxr.Item, cats []string) string {
	for _, field := range []string{"_yoast_wpseo_primary_category", "rank_math_primary_category"} {
		if key := im.index.byTerm[it.MetaValue(field)]; slices.Contains(cats, key) {
			return key
		}
	}
	for _, c := range cats {
		if !uncategorised[strings.TrimPrefix(c, "category/")] {
			return c
		}
	}
	if len(cats) > 0 {
		return cats[0]
	}
	return none
}

// topmost follows a category's parents.
func (im *importer) topmost(key string) string {
	for range 20 {
		t := im.index.terms[key]
		if t == nil || t.Parent == "" || im.index.terms["category/"+t.Parent] == nil {
			return key
		}
		key = "category/" + t.Parent
	}
	return key
}

// term is a category or tag that a post is filed under. Terms that are translations of each other
// are one.
func (im *importer) term(kind, key, name string, l lang.Tag) wanted {
	head := first(im.index.joined[key], key)
	w := wanted{nameKey: nameKey{kind, head}, lang: l, names: map[lang.Tag]label{}}
	add := func(key, name string, l lang.Tag) {
		_, slug, _ := strings.Cut(key, "/")
		if t := im.index.terms[key]; t != nil {
			name = first(t.Name, name)
		}
		if key == none {
			name, slug = first(noSection[l], noSection["en"]), ""
		}
		w.names[l] = label{name: nameOf(name, slug), slug: slug}
		w.paths = append(w.paths, im.termPaths(key, l)...)
	}
	for _, member := range im.index.family[head] {
		add(member, "", im.matchLang(im.index.termIn[member]))
	}
	if _, ok := w.names[l]; !ok {
		add(key, name, l)
	}
	return w
}

// termPaths are the addresses of a term's page, as WordPress makes them unless told otherwise.
func (im *importer) termPaths(key string, l lang.Tag) []oldPath {
	taxonomy, slug, _ := strings.Cut(key, "/")
	if slug == "" {
		return nil
	}
	root := strings.TrimRight(im.base.EscapedPath(), "/")
	base := root + "/tag/"
	if taxonomy == "category" {
		base = root + "/category/"
	}
	chain := slug
	t := im.index.terms[key]
	for n, p := 0, t; p != nil && p.Parent != "" && n < 20; n++ {
		chain = p.Parent + "/" + chain
		p = im.index.terms["category/"+p.Parent]
	}
	var out []oldPath
	for _, p := range []string{base + chain + "/", base + slug + "/"} {
		if goodPath(p) && !slices.Contains(out, oldPath{p, l}) {
			out = append(out, oldPath{p, l})
		}
	}
	if t != nil && taxonomy == "category" && t.ID != "" {
		out = append(out, oldPath{root + "/?cat=" + t.ID, l})
	}
	return out
}

// sign decides who stands in the by-line: the authors that a plug-in lists, else the one with whose
// account it was written.
func (im *importer) sign(e *arrival, writers []wxr.Ref) {
	add := func(info authorInfo, login string) {
		name := nameOf(info.name, "")
		if local, _, isMail := strings.Cut(name, "@"); isMail && local != "" {
			e.remark(RemarkAuthor, local)
			name = local // an address isn't for readers
		}
		if name == "" {
			return
		}
		w := wanted{nameKey: nameKey{kindAuthor, first(info.slug, login, name)}, lang: e.lang}
		slug := slugOf(info.slug)
		w.names = map[lang.Tag]label{e.lang: {name: name, slug: slug, about: cut(wptext.Plain(info.about), entry.Note)}}
		if slug != "" { // else WordPress has another in the address, and we don't know it
			w.paths = []oldPath{{strings.TrimRight(im.base.EscapedPath(), "/") + "/author/" + info.slug + "/", e.lang}}
		}
		if !slices.Contains(e.authors, w.nameKey) && len(e.authors) < 50 {
			e.authors = append(e.authors, e.want(w))
		}
	}
	for _, r := range writers {
		slug := strings.TrimPrefix(r.Slug, "cap-")
		info, ok := im.index.authors["guest:"+slug]
		if !ok {
			if info, ok = im.index.authors[slug]; !ok {
				info, ok = im.index.authors[r.Name]
			}
		}
		if !ok {
			info = authorInfo{name: first(r.Name, slug), slug: slug}
		}
		add(info, slug)
	}
	if len(e.authors) > 0 {
		return
	}
	if login := e.item.Creator; login != "" {
		info, ok := im.index.authors[login]
		if !ok || info.name == "" {
			info = authorInfo{name: login, slug: login}
		}
		add(info, login)
	}
	if len(e.authors) == 0 {
		// Somebody has to answer for it: the house that it comes from.
		e.remark(RemarkAuthor, e.item.Creator)
		add(authorInfo{name: first(im.index.site.Title, im.paper.Name)}, "site")
	}
}

// nameOf makes a name of what a site has as one, or of the part of its address.
func nameOf(name, slug string) string {
	// What is only markup is the name all the same.
	return first(cleanName(wptext.Plain(name)), cleanName(name), cleanName(slug))
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return shorten(s, n)
}

// cleanName makes a name that the rooms take: one line, visible, not too long.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef, r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if !entry.Visible(s) {
		return ""
	}
	return cut(s, entry.Name)
}
