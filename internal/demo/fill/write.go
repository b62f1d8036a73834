package fill

import (
	"math/rand/v2"
	"strconv"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// shape is what a story's texts have in common in all languages: they are one another's translations.
type shape struct {
	seed       uint64
	blocks     []part
	picture    string // of the library, above the text
	translator int    // among the authors
}

// part is a block: its kind, how much of it there is, and what it refers to.
type part struct {
	kind     document.Kind
	n        int    // sentences, items or rows
	figures  []int  // of a list or table
	source   int    // of the story's sources, from 1; 0: none
	story    string // another that is linked to
	picture  string
	ordered  bool
	original bool // a quotation tells its original wording
}

// shape draws one of about as many words as length says.
func (s *scene) shape(r *rand.Rand, c clockwork, i int) shape {
	sh := shape{seed: r.Uint64(), translator: r.IntN(len(s.authors))}
	if len(s.pictures) > 0 && r.IntN(10) < 7 {
		sh.picture = s.pictures[zipf(r, len(s.pictures))]
	}
	left := s.length(r)
	for n := 0; left > 0; n++ {
		p := part{kind: document.Paragraph, n: 2 + r.IntN(4)}
		left -= p.n * 14
		if r.IntN(3) == 0 {
			p.source = 1
		}
		if i > c.from && r.IntN(12) == 0 {
			p.story = string(s.storyID(c, i-1-r.IntN(min(i-c.from, 500))))
		}
		if n%4 == 3 && left > 40 {
			sh.blocks = append(sh.blocks, part{kind: document.Heading})
		}
		sh.blocks = append(sh.blocks, p)
		left -= s.between(r, &sh)
	}
	return sh
}

// between puts something else than a paragraph, now and then, and says how many words it takes.
func (s *scene) between(r *rand.Rand, sh *shape) int {
	p := part{n: 3 + r.IntN(4)}
	switch draw := r.IntN(100); {
	case draw < 9:
		p = part{kind: document.Quotation, n: 1 + r.IntN(2), source: 1 + r.IntN(2), original: r.IntN(2) == 0}
	case draw < 13:
		p.kind, p.ordered = document.List, r.IntN(3) == 0
	case draw < 17:
		p.kind, p.n = document.FactBox, 2
	case draw < 19:
		p.kind = document.Table
	case draw < 22 && len(s.pictures) > 0:
		p = part{kind: document.PictureK, picture: s.pictures[zipf(r, len(s.pictures))]}
	default:
		return 0
	}
	for range p.n {
		p.figures = append(p.figures, 2+r.IntN(9000))
	}
	sh.blocks = append(sh.blocks, p)
	return 20 + 10*p.n
}

// write fills the shape with words of a language.
func (s *scene) write(sh shape, l lang.Tag, st story.Story) document.Doc {
	v := s.voices[l]
	r := rand.New(rand.NewPCG(sh.seed, uint64(len(v.words)))) //nolint:gosec // see clockwork.at
	doc := document.Doc{Headline: v.sentence(r, 5, 6+r.IntN(5)), Lead: s.sourced(v.says(r, 1+r.IntN(2)), st, 1)}
	if r.IntN(3) == 0 {
		doc.Teaser = v.says(r, 1)
	}
	if sh.picture != "" {
		doc.Picture = &document.Picture{ID: "lead", Media: sh.picture, Caption: document.Text(v.says(r, 1))}
	}
	for i, p := range sh.blocks {
		doc.Blocks = append(doc.Blocks, s.block(r, v, p, "b"+strconv.Itoa(i+1), st))
	}
	return doc.Normal()
}

func (s *scene) block(r *rand.Rand, v *voice, p part, key string, st story.Story) document.Block {
	b := document.Block{ID: document.ID(key), Kind: p.kind}
	at := func(n int) document.ID { return document.ID(key + "-" + strconv.Itoa(n+1)) }
	switch p.kind {
	case document.Heading:
		b.Level, b.Text = 2, document.Text(v.sentence(r, 3, 6))
	case document.Quotation:
		b.Text, b.Speaker = document.Text(v.says(r, p.n)), person(rand.New(rand.NewPCG(uint64(p.figures[0]), 0)), v.lang) //nolint:gosec // see clockwork.at
		b.Source = st.Sources[(p.source-1)%len(st.Sources)].ID
		if other := st.OriginalLang; p.original && other != v.lang {
			b.Original, b.OriginalLang = s.voices[other].says(r, p.n), string(other)
		}
	case document.List:
		b.Ordered = p.ordered
		for n := range p.n {
			b.Items = append(b.Items, document.Item{ID: at(n), Text: document.Text(v.sentence(r, 4, 10))})
		}
	case document.FactBox:
		b.Title = v.sentence(r, 2, 4)
		for n := range p.n {
			b.Blocks = append(b.Blocks, document.Block{ID: at(n), Kind: document.Paragraph, Text: document.Text(v.says(r, 1))})
		}
	case document.Table:
		b.Header = true
		for n := range p.n + 1 {
			second := v.sentence(r, 1, 2)
			if n > 0 {
				second = v.lang.Number(int64(p.figures[n-1]))
			}
			b.Rows = append(b.Rows, document.Row{ID: at(n), Cells: []document.Cell{
				{ID: at(n) + "-1", Text: document.Text(v.sentence(r, 1, 3))}, {ID: at(n) + "-2", Text: document.Text(second)},
			}})
		}
	case document.PictureK:
		b.Pictures = []document.Picture{{ID: at(0), Media: p.picture, Caption: document.Text(v.says(r, 1))}}
	default:
		b.Text = s.sourced(v.says(r, p.n), st, p.source)
		if p.story != "" {
			b.Text = append(b.Text, document.Span{Text: " "}, document.Span{Text: v.sentence(r, 2, 5), Marks: []document.Mark{{Type: document.StoryLink, Story: p.story}}}, document.Span{Text: "."})
		}
	}
	return b
}

// sourced says of a text's first words where they come from.
func (s *scene) sourced(says string, st story.Story, source int) document.Inline {
	if source == 0 {
		return document.Text(says)
	}
	cut := firstWords(says, 3)
	return document.Inline{
		{Text: says[:cut], Marks: []document.Mark{{Type: document.SourceRef, Source: st.Sources[(source-1)%len(st.Sources)].ID}}},
		{Text: says[cut:]},
	}
}

// firstWords is where the first n words of s end.
func firstWords(s string, n int) int {
	for i, r := range s {
		if r == ' ' {
			if n--; n == 0 {
				return i
			}
		}
	}
	return len(s)
}
