package page

import (
	"context"
	"html/template"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/story"
)

// surroundings is what texts refer to and don't hold: pictures of the library, other stories, and
// what their own story's sources are called.
type surroundings struct {
	pictures map[media.ID]media.Picture
	stories  map[story.ID]edition.Card
	sources  map[string]string
}

// surroundings reads what the documents refer to, for all of them in two statements.
func (s *Site) surroundings(ctx context.Context, q db.Conn, docs ...document.Doc) (surroundings, error) {
	var refs references
	for _, d := range docs {
		refs.add(d)
	}
	var out surroundings
	var err error
	if len(refs.pictures) > 0 {
		if out.pictures, err = s.pages.rooms.Media.ByIDs(ctx, q, refs.pictures); err != nil {
			return out, err
		}
	}
	if len(refs.stories) > 0 {
		out.stories, err = s.linked(ctx, q, refs.stories)
	}
	return out, err
}

// linked finds where links to stories lead: to the reader's language, else to the original's, else
// nowhere.
func (s *Site) linked(ctx context.Context, q db.Conn, ids []story.ID) (map[story.ID]edition.Card, error) {
	all, err := s.pages.rooms.Editions.Siblings(ctx, q, ids)
	out := make(map[story.ID]edition.Card, len(all))
	for id, cards := range all {
		first := cards[0]
		for _, c := range cards {
			if c.Lang == s.Lang {
				out[id] = c
			}
			if c.Published.Before(first.Published) {
				first = c
			}
		}
		if _, here := out[id]; !here && s.Paper.Has(first.Lang) {
			out[id] = first
		}
	}
	return out, err
}

// references are what documents name.
type references struct {
	pictures []media.ID
	stories  []story.ID
}

func (r *references) add(d document.Doc) {
	if d.Picture != nil {
		r.picture(d.Picture.Media)
	}
	r.inline(d.Lead)
	r.blocks(d.Blocks)
	for _, seg := range document.Segments(d) {
		r.inline(seg.Text)
	}
}

func (r *references) blocks(blocks []document.Block) {
	for _, b := range blocks {
		for _, p := range b.Pictures {
			r.picture(p.Media)
		}
		if b.Embed != nil {
			r.picture(b.Embed.Media)
		}
		r.blocks(b.Blocks)
	}
}

func (r *references) picture(id string) {
	if id != "" {
		r.pictures = append(r.pictures, media.ID(id))
	}
}

func (r *references) inline(in document.Inline) {
	for _, span := range in {
		for _, m := range span.Marks {
			if m.Type == document.StoryLink && m.Story != "" {
				r.stories = append(r.stories, story.ID(m.Story))
			}
		}
	}
}

// eagerBlocks is in how many blocks below a head without a picture one is seen without scrolling, or nearly.
const eagerBlocks = 3

func (s *Site) options(around surroundings) document.HTMLOptions {
	o := s.whole(around)
	if s.alone {
		o.Picture, o.EndMark = nil, false
		story := o.Story
		o.Story = func(id string) (string, bool) {
			href, ok := story(id)
			return plain(href), ok
		}
	}
	return o
}

func (s *Site) whole(around surroundings) document.HTMLOptions {
	return document.HTMLOptions{
		Lang: s.Lang, EndMark: true, Bind: true,
		Picture: func(p document.Picture) (document.PictureHTML, bool) {
			img, credit := around.image(s, p)
			if img == nil {
				return document.PictureHTML{}, false
			}
			return document.PictureHTML{
				Src: img.Src, Srcset: img.Srcset, WebP: img.WebP, AVIF: img.AVIF, Sizes: sizesText,
				Width: img.Width, Height: img.Height, Alt: img.Alt, Credit: credit,
			}, true
		},
		Story: func(id string) (string, bool) {
			c, ok := around.stories[story.ID(id)]
			if !ok {
				return "", false
			}
			return CardPath(c), true
		},
		StoryLang: func(id string) lang.Tag { return around.stories[story.ID(id)].Lang },
		Source: func(id string) (href, name string, ok bool) {
			name, ok = around.sources[id]
			return "#" + sourceID(id), name, ok
		},
		Words: document.HTMLWords{
			Load: s.t("reader.load_from", "host", "{host}"), Table: s.t("reader.table"), FactBox: s.t("reader.fact_box"),
			Original: func(l string) string {
				return s.t("reader.original_wording_in", "in", s.Words.InLang(lang.Tag(l))) + ":"
			},
		},
	}
}

// inline is running text as HTML.
func (s *Site) inline(in document.Inline, around surroundings) template.HTML {
	return document.InlineHTML(in, s.options(around))
}

// feedBody is the whole text for programs that know nothing of our style sheet, with the picture
// above it. base is the story's address.
func (s *Site) feedBody(d document.Doc, around surroundings, base string) template.HTML {
	o := s.options(around)
	o.Feed, o.Base, o.EndMark, o.Bind = true, base, false, false
	var out template.HTML
	if d.Picture != nil {
		out = document.FigureHTML(*d.Picture, o)
	}
	if lead := document.InlineHTML(d.Lead, o); lead != "" {
		out += "<p>" + lead + "</p>\n"
	}
	return out + document.HTML(d, o)
}

// image is a picture as it is placed in a text, with its credit; nil if the library hasn't got it.
func (around surroundings) image(s *Site, at document.Picture) (img *Image, credit string) {
	p, ok := around.pictures[mediaID(at)]
	if !ok {
		return nil, ""
	}
	if img = imageOf(p); img == nil {
		return nil, ""
	}
	img.Alt = s.alt(at, p)
	return img, s.credit(at, p)
}

// escapeHTML is text as HTML.
func escapeHTML(s string) string { return template.HTMLEscapeString(s) }
