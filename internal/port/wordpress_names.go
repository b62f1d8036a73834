package port

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

// nameKey is what the site calls a section, a topic or an author.
type nameKey struct{ kind, key string }

// knownName is what that is here, and in which languages it has a name.
type knownName struct {
	id    string
	langs map[lang.Tag]bool
	fresh bool // was made just now
}

// wanted is something with a name that a post needs, with its name in the post's language.
type wanted struct {
	nameKey
	lang  lang.Tag
	names map[lang.Tag]label // in all languages that the site has it in
	paths []oldPath          // of its page there
}

type label struct{ name, slug, about string }

type oldPath struct {
	path string
	lang lang.Tag
}

// name makes sure that all that the entries need is there.
func (im *importer) name(ctx context.Context, list []*arrival) error {
	var want []wanted
	for _, e := range list {
		for _, w := range e.wants {
			k := im.names[w.nameKey]
			if (k == nil || !k.langs[w.lang]) && !slices.ContainsFunc(want, func(o wanted) bool { return o.nameKey == w.nameKey && o.lang == w.lang }) {
				want = append(want, w)
			}
		}
	}
	if len(want) == 0 {
		return nil
	}
	var fresh map[nameKey]*knownName
	var made naming
	err := im.rooms.DB.Write(ctx, func(tx *db.Tx) error {
		fresh, made = map[nameKey]*knownName{}, naming{im: im, ctx: ctx, tx: tx}
		for _, w := range want {
			known := fresh[w.nameKey]
			if known == nil {
				known = im.names[w.nameKey]
			}
			k, err := made.one(w, known)
			if err != nil {
				return fmt.Errorf("%s %s: %w", w.kind, w.key, err)
			}
			fresh[w.nameKey] = k
		}
		return nil
	})
	if err != nil {
		return err
	}
	for key, k := range fresh {
		im.names[key] = k
	}
	im.report.Sections.add(made.sections)
	im.report.Topics.add(made.topics)
	im.report.Authors.add(made.authors)
	im.report.Redirects += made.redirects
	return nil
}

func (m *Made) add(o Made) { m.New += o.New; m.Found += o.Found }

// naming makes sections, topics and authors in one transaction.
type naming struct {
	im                        *importer
	ctx                       context.Context
	tx                        *db.Tx
	sections, topics, authors Made
	redirects                 int
	people                    []people.Author
	read                      bool
}

// one finds or makes what is wanted.
func (n *naming) one(w wanted, known *knownName) (*knownName, error) {
	if known == nil {
		back, err := recall(n.ctx, n.tx, n.im.origin, w.kind, []string{w.key})
		if err != nil {
			return nil, err
		}
		if r, ok := back[w.key]; ok {
			known = &knownName{id: r.Own}
		}
	}
	var out *knownName
	var err error
	count := &n.sections
	switch w.kind {
	case kindSection:
		out, err = n.section(w, known)
	case kindTopic:
		count = &n.topics
		out, err = n.topic(w, known)
	case kindAuthor:
		count = &n.authors
		out, err = n.writer(w, known)
	}
	if err != nil || known != nil && out.id == known.id {
		return out, err
	}
	if known == nil && out.fresh {
		count.New++
	} else if known == nil {
		count.Found++
	}
	if err := remember(n.ctx, n.tx, n.im.origin, w.kind, w.key, imported{Own: out.id}); err != nil {
		return nil, err
	}
	for _, p := range w.paths {
		if !goodPath(p.path) {
			continue
		}
		if err := n.im.rooms.Publication.AddRedirect(n.ctx, n.tx, p.path, w.kind+":"+out.id+":"+string(p.lang)); err != nil {
			return nil, err
		}
		n.redirects++
	}
	return out, nil
}

// gone drops the knowledge of something that was deleted here since.
func gone(err error) bool { return problem.Is(err, problem.NotFound) }

func (n *naming) section(w wanted, known *knownName) (*knownName, error) {
	pub := n.im.rooms.Publication
	s := publication.Section{Active: true, Names: map[lang.Tag]publication.Name{}}
	var err error
	if known != nil {
		if s, err = pub.SectionByID(n.ctx, n.tx, publication.SectionID(known.id)); err != nil && !gone(err) {
			return nil, err
		}
	}
	if s.ID == "" { // one of the paper's own by that name
		list, err := pub.Sections(n.ctx, n.tx)
		if err != nil {
			return nil, err
		}
		for _, have := range list {
			if sameName(w, func(l lang.Tag) string { return have.Names[l].Name }) {
				s = have
				break
			}
		}
	}
	fresh, changed := s.ID == "", false
	if s.Names == nil {
		s = publication.Section{Active: true, Names: map[lang.Tag]publication.Name{}}
	}
	for _, l := range sortedKeys(w.names) {
		if _, ok := s.Names[l]; ok {
			continue
		}
		slug, err := n.free(w.names[l], l, func(slug string) (bool, error) {
			_, err := pub.SectionBySlug(n.ctx, n.tx, l, slug)
			return free(err)
		})
		if err != nil {
			return nil, err
		}
		s.Names[l], changed = publication.Name{Name: w.names[l].name, Slug: slug}, true
	}
	if changed {
		if s, err = pub.SaveSectionTx(n.ctx, n.tx, n.im.o.Actor, s); err != nil {
			return nil, err
		}
	}
	return knownAs(string(s.ID), sortedKeys(s.Names), fresh), nil
}

func (n *naming) topic(w wanted, known *knownName) (*knownName, error) {
	room := n.im.rooms.Topics
	t := topic.Topic{Active: true, Kind: topic.Subject, Names: map[lang.Tag]topic.Name{}}
	var err error
	if known != nil {
		if t, err = room.ByID(n.ctx, n.tx, topic.ID(known.id)); err != nil && !gone(err) {
			return nil, err
		}
	}
	for _, l := range sortedKeys(w.names) {
		if t.ID != "" {
			break
		}
		if slug := slugOf(w.names[l].slug); slug != "" {
			have, err := room.BySlug(n.ctx, n.tx, l, slug)
			if err != nil && !gone(err) {
				return nil, err
			}
			// One that was known and is gone was made one with another: its address leads there.
			merged := err == nil && known != nil && have.Names[l].Slug != slug
			if err == nil && (merged || sameName(w, func(l lang.Tag) string { return have.Names[l].Name })) {
				t = have
			}
		}
	}
	fresh, changed := t.ID == "", false
	if t.Names == nil {
		t = topic.Topic{Active: true, Kind: topic.Subject, Names: map[lang.Tag]topic.Name{}}
	}
	for _, l := range sortedKeys(w.names) {
		if _, ok := t.Names[l]; ok {
			continue
		}
		slug, err := n.free(w.names[l], l, func(slug string) (bool, error) {
			_, err := room.BySlug(n.ctx, n.tx, l, slug)
			return free(err)
		})
		if err != nil {
			return nil, err
		}
		t.Names[l], changed = topic.Name{Name: w.names[l].name, Slug: slug}, true
	}
	if changed {
		if t, err = room.SaveTx(n.ctx, n.tx, n.im.o.Actor, t); err != nil {
			return nil, err
		}
	}
	return knownAs(string(t.ID), sortedKeys(t.Names), fresh), nil
}

func (n *naming) writer(w wanted, known *knownName) (*knownName, error) {
	room := n.im.rooms.People
	a := people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{}}
	var err error
	if known != nil {
		if a, err = room.AuthorByID(n.ctx, n.tx, people.AuthorID(known.id)); err != nil && !gone(err) {
			return nil, err
		}
	}
	if a.ID == "" {
		if !n.read {
			if n.people, err = room.Authors(n.ctx, n.tx); err != nil {
				return nil, err
			}
			n.read = true
		}
		for _, have := range n.people {
			if signs(have, w) {
				a = have
				break
			}
		}
	}
	fresh, changed := a.ID == "", false
	if a.Names == nil {
		a = people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{}}
	}
	for _, l := range sortedKeys(w.names) {
		if _, ok := a.Names[l]; ok {
			continue
		}
		slug, err := n.free(w.names[l], l, func(slug string) (bool, error) {
			_, err := room.AuthorBySlug(n.ctx, n.tx, l, slug)
			return free(err)
		})
		if err != nil {
			return nil, err
		}
		a.Names[l], changed = people.AuthorName{Name: w.names[l].name, Slug: slug, About: w.names[l].about}, true
	}
	if changed {
		if a, err = room.SaveAuthorTx(n.ctx, n.tx, n.im.o.Actor, a); err != nil {
			return nil, err
		}
		n.read = false
	}
	return knownAs(string(a.ID), sortedKeys(a.Names), fresh), nil
}

// signs reports whether an author has the name, in whichever language: people are called the same.
func signs(a people.Author, w wanted) bool {
	for _, want := range w.names {
		for _, have := range a.Names {
			if entry.Folded(have.Name) != "" && entry.Folded(have.Name) == entry.Folded(want.name) {
				return true
			}
		}
	}
	return false
}

func sameName(w wanted, have func(lang.Tag) string) bool {
	for l, want := range w.names {
		if f := entry.Folded(have(l)); f != "" && f == entry.Folded(want.name) {
			return true
		}
	}
	return false
}

// knownAs is what is known from now on.
func knownAs(id string, langs []lang.Tag, fresh bool) *knownName {
	k := &knownName{id: id, langs: map[lang.Tag]bool{}, fresh: fresh}
	for _, l := range langs {
		k.langs[l] = true
	}
	return k
}

func free(err error) (bool, error) {
	if gone(err) {
		return true, nil
	}
	return false, err
}

// free returns a slug that nobody has: the site's own, or one made from the name, if need be with a
// number.
func (n *naming) free(x label, l lang.Tag, isFree func(string) (bool, error)) (string, error) {
	slug := slugOf(x.slug)
	if slug == "" {
		slug = l.Slug(x.name, 60)
	}
	if slug == "" {
		return "", nil // the room finds one
	}
	if len(slug) > entry.Word-4 {
		slug = strings.Trim(slug[:entry.Word-4], "-")
	}
	if slices.Contains(publication.Reserved, slug) {
		slug += "-1"
	}
	for i := 1; i < 1000; i++ {
		try := slug
		if i > 1 {
			try += "-" + strconv.Itoa(i)
		}
		if ok, err := isFree(try); err != nil || ok {
			return try, err
		}
	}
	return "", nil
}
