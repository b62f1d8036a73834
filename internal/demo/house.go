package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// House sets a paper up in an empty database with the demo's sections, topics, people, pages and
// pictures, and without a story, in the languages, the first of which is the main one. What the demo
// doesn't name in one of them gets its English name.
func House(ctx context.Context, rooms Rooms, langs []lang.Tag, o Options) error {
	content, err := Read()
	if err != nil {
		return err
	}
	rooms.Register = nil // its names are in the demo's languages
	content.in(langs)
	l := &loader{Rooms: rooms, content: content, options: o,
		sections: map[string]publication.SectionID{}, topics: map[string]topic.ID{}, authors: map[string]people.AuthorID{}, names: map[string]Text{},
		staff: map[string]actor.Actor{}, accounts: map[string]actor.Actor{}, pictures: map[string]media.ID{}, stories: map[string]story.Story{}}
	if err := l.house(ctx); err != nil {
		return fmt.Errorf("demo's house: %w", err)
	}
	return nil
}

// in makes c a paper in other languages.
func (c *Content) in(langs []lang.Tag) {
	var list []Language
	for _, l := range langs {
		at := slices.IndexFunc(c.Paper.Languages, func(x Language) bool { return x.Lang == string(l) })
		if at < 0 {
			list = append(list, Language{Lang: string(l), Name: c.Paper.Languages[0].Name})
			continue
		}
		list = append(list, c.Paper.Languages[at])
	}
	c.Paper.Languages, c.Paper.MainLang = list, string(langs[0])
	for _, all := range [][]Named{c.Paper.Sections, c.Paper.Topics, c.Paper.Authors} {
		for i := range all {
			all[i].Name, all[i].Slug, all[i].About = all[i].Name.in(langs, true), all[i].Slug.in(langs, true), all[i].About.in(langs, false)
		}
	}
	for i := range c.Paper.Staff {
		st := &c.Paper.Staff[i]
		some := st.Langs != nil
		st.Langs = slices.DeleteFunc(slices.Clone(st.Langs), func(l string) bool { return !slices.Contains(langs, lang.Tag(l)) })
		if some && len(st.Langs) == 0 {
			st.Langs = []string{c.Paper.MainLang}
		}
	}
	for i := range c.Pages {
		p := &c.Pages[i]
		p.Title, p.Slug, p.Body = p.Title.in(langs, false), p.Slug.in(langs, false), p.Body.in(langs, false)
	}
	for i := range c.Pictures {
		p := &c.Pictures[i]
		p.Alt, p.Credit = p.Alt.in(langs, true), p.Credit.in(langs, true)
	}
}

// in is the text in those of the languages that it has, or in all of them.
func (t Text) in(langs []lang.Tag, all bool) Text {
	out := maps.Clone(t)
	maps.DeleteFunc(out, func(l, _ string) bool { return !slices.Contains(langs, lang.Tag(l)) })
	for _, l := range langs {
		if _, ok := out[string(l)]; !ok && all && t["en"] != "" {
			out[string(l)] = t["en"]
		}
	}
	return out
}

// Admin is the address of the demo's administrator, by which a demo is known.
const Admin = "admin@meridian.example"
