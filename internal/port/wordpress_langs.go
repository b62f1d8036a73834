package port

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/lang"
	"depesche/internal/port/wxr"
)

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
			x.family[head] = append(x.family[head], member)
		}
	}
}
