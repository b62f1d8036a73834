package fill

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// told is a story as it happens.
type told struct {
	story story.Story // without number and version
	out   time.Time   // when all its editions went out; zero: never
	texts []text      // the original's first
	act   release.Act // what was done later: Update, Correct, Withdraw or ""
	then  time.Time
	block document.ID // in which a text was changed
	wrong bool        // readers are told at the top
}

// text is an edition.
type text struct {
	lang   lang.Tag
	credit string // of a translation
	doc    document.Doc
	later  document.Inline // what stands in told.block since then
	notice string          // of the correction, or why it was withdrawn
}

// scene is what stories happen in: the paper's own sections, topics, authors and pictures.
type scene struct {
	seed     uint64
	langs    []lang.Tag
	voices   map[lang.Tag]*voice
	sections []publication.Section
	topics   []topic.Topic
	authors  []people.Author
	pictures []string
	words    int // of a story, median
}

// clockwork is when stories happen: n stories up to an end, evenly but for a draw.
type clockwork struct {
	end  time.Time
	gap  time.Duration
	from int // the first story's index
	to   int
}

func (c clockwork) at(seed uint64, i int) time.Time {
	r := rand.New(rand.NewPCG(seed, uint64(i)<<1|1)) //nolint:gosec // a paper isn't a secret, and i is an index
	back := time.Duration(c.to-i)*c.gap - time.Duration(r.Float64()*0.9*float64(c.gap))
	return c.end.Add(-back).Truncate(time.Second)
}

// until publication a story takes three hours, and each edition its part of them.
const (
	begun  = -3 * time.Hour
	wrote  = 20 * time.Minute
	credit = 5 * time.Minute
)

// tell plans the i-th story. The same scene tells the same.
func (s *scene) tell(c clockwork, i int) told {
	r := rand.New(rand.NewPCG(s.seed, uint64(i)<<1)) //nolint:gosec // see clockwork.at
	at := c.at(s.seed, i)
	t := told{out: at, story: story.Story{
		ID: s.storyID(c, i), Kind: kinds[r.IntN(len(kinds))], OriginalLang: s.original(r), Section: s.sections[zipf(r, len(s.sections))].ID,
		Created: at.Add(begun),
	}}
	for _, n := range distinct(r, len(s.authors), 1+r.IntN(5)/4) {
		t.story.Authors = append(t.story.Authors, s.authors[n].ID)
	}
	about := distinct(r, len(s.topics), 1+r.IntN(4))
	for _, n := range about {
		t.story.Topics = append(t.story.Topics, s.topics[n].ID)
	}
	if r.IntN(250) == 0 {
		t.out = time.Time{}
	}
	langs := []lang.Tag{t.story.OriginalLang}
	for _, l := range s.langs {
		if l != t.story.OriginalLang && r.IntN(100) < 85 && !t.out.IsZero() {
			langs = append(langs, l)
		}
	}
	s.sources(r, &t, at)
	shape := s.shape(r, c, i)
	for _, l := range langs {
		x := text{lang: l, doc: s.write(shape, l, t.story)}
		if l != t.story.OriginalLang {
			x.credit = s.authors[shape.translator].Names[l].Name
		}
		if len(about) > 0 {
			x.doc.Kicker = s.topics[about[0]].Names[l].Name
		}
		t.texts = append(t.texts, x)
	}
	s.later(r, c, &t)
	return t
}

// kinds are as often as they are in a paper.
var kinds = []story.Kind{story.News, story.News, story.News, story.News, story.News, story.News, story.Report, story.Report, story.Analysis, story.Interview, story.Opinion, story.Explainer}

func (s *scene) storyID(c clockwork, i int) story.ID {
	return story.ID(id.Derived(c.at(s.seed, i).Add(begun), fmt.Sprintf("fill %d %d", s.seed, i)))
}

// original is the first language most often.
func (s *scene) original(r *rand.Rand) lang.Tag {
	if r.IntN(100) < 60 {
		return s.langs[0]
	}
	return s.langs[r.IntN(len(s.langs))]
}

// zipf draws one of n, the first most often, as topics are in a paper.
func zipf(r *rand.Rand, n int) int {
	if n < 2 {
		return 0
	}
	return int(rand.NewZipf(r, 1.2, 3, uint64(n-1)).Uint64()) //nolint:gosec // below n
}

// distinct draws up to want different ones.
func distinct(r *rand.Rand, n, want int) []int {
	var out []int
	for range want {
		x := zipf(r, n)
		known := false
		for _, y := range out {
			known = known || x == y
		}
		if !known && n > 0 {
			out = append(out, x)
		}
	}
	return out
}

func (s *scene) sources(r *rand.Rand, t *told, at time.Time) {
	for n := range 1 + r.IntN(3) {
		src := story.Source{
			ID:   id.Derived(t.story.Created.Add(time.Minute), string(t.story.ID)+" source "+strconv.Itoa(n)),
			Kind: story.SourceKinds[r.IntN(len(story.SourceKinds))], URL: fmt.Sprintf("https://source.example/%s/%d", at.Format("2006/01/02"), r.IntN(1_000_000)),
			Lang: t.story.OriginalLang, Date: at.Format(time.DateOnly), Accessed: at.Format(time.DateOnly), Texts: map[lang.Tag]story.SourceText{},
		}
		src.Name = name(r, "en", 3)
		seed := r.Uint64()
		for _, l := range s.langs {
			own := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // see clockwork.at
			src.Texts[l] = story.SourceText{Title: s.voices[l].sentence(own, 4, 9), Claim: s.voices[l].says(own, 1)}
		}
		t.story.Sources = append(t.story.Sources, src)
	}
}

// later decides what became of a story that went out: of ten, one is updated; of fifty, one corrected; of
// a thousand, one withdrawn.
func (s *scene) later(r *rand.Rand, c clockwork, t *told) {
	draw, block, wait := r.IntN(1000), r.Uint64(), r.Float64()
	t.wrong = r.IntN(5) == 0
	var able []document.ID
	for _, b := range t.texts[0].doc.Blocks {
		if b.Kind == document.Paragraph && len(b.Text) == 1 {
			able = append(able, b.ID)
		}
	}
	then := t.out.Add(time.Hour + time.Duration(wait*wait*float64(70*time.Hour))).Truncate(time.Second)
	if t.out.IsZero() || then.After(c.end) || len(able) == 0 {
		return
	}
	switch {
	case draw < 100:
		t.act = release.Update
	case draw < 120:
		t.act = release.Correct
	case draw < 121:
		t.act = release.Withdraw
	default:
		return
	}
	t.then, t.block = then, able[block%uint64(len(able))]
	for i := range t.texts {
		x := &t.texts[i]
		own := rand.New(rand.NewPCG(block, 1)) //nolint:gosec // see clockwork.at
		x.later, x.notice = document.Text(s.voices[x.lang].says(own, 2+own.IntN(3))), s.voices[x.lang].says(own, 2)
	}
}

// changed is the document since then.
func (x text) changed(block document.ID) document.Doc {
	doc := x.doc
	doc.Blocks = append([]document.Block(nil), doc.Blocks...)
	for i := range doc.Blocks {
		if doc.Blocks[i].ID == block {
			doc.Blocks[i].Text = x.later
		}
	}
	return doc
}

// length draws how many words a story has: most are short, some very long.
func (s *scene) length(r *rand.Rand) int {
	n := float64(s.words) * math.Exp(0.55*r.NormFloat64())
	return int(min(max(n, float64(s.words)/5), float64(s.words)*6))
}

// made is how an edition came to be.
func made(t told, l lang.Tag) edition.Made {
	if l == t.story.OriginalLang {
		return edition.MadeOriginal
	}
	return edition.MadeHuman
}
