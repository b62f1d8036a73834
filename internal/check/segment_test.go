package check

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// sentences are what the drawn documents are made of: right and wrong translations of one another.
var sentences = map[lang.Tag][]string{
	"en": {"“We will not leave,” said Daniel Sturridge in Liverpool.", "The council bought 1,077 trees for 9.5 million.", "Iryna Koval lives in Germany.", "Nobody came. The mayor said nothing. He left."},
	"uk": {"«Ми не підемо», — сказав Деніел Старрідж у Ліверпулі.", "Рада купила 1077 дерев за 9,5 млн.", "Ірина Коваль живе в Німеччині.", "Ніхто не прийшов. Міський голова нічого не сказав. Він пішов.", "Рада купила 1770 дерев за 9,5 млн.", "«Ми підемо, — сказав Деніел Шевченко у Ліверпулі.", "*unknown The council bought trees", "Ніхто ніхто прийшов,"},
}

func drawDoc(t *rapid.T, l lang.Tag, label string) document.Doc {
	text := func(name string) document.Inline {
		out := document.Text(rapid.SampledFrom(sentences[l]).Draw(t, label+name))
		switch rapid.IntRange(0, 3).Draw(t, label+name+" mark") {
		case 0:
			out[0].Marks = []document.Mark{{Type: document.Link, Href: "https://example.org/a"}}
		case 1:
			out[0].Marks = []document.Mark{{Type: document.SourceRef, Source: "s1"}}
		}
		return out
	}
	d := document.Doc{Headline: rapid.SampledFrom(sentences[l]).Draw(t, label+" headline"), Lead: text(" lead")}
	for i := range rapid.IntRange(0, 5).Draw(t, label+" blocks") {
		d.Blocks = append(d.Blocks, document.Block{ID: document.ID(fmt.Sprintf("p%d", i)), Kind: document.Paragraph, Text: text(fmt.Sprint(" ", i))})
	}
	return d.Normal()
}

// perEdition are the codes of what is said of an edition as a whole, or of a block.
var perEdition = []string{
	"attribution_without_source", "sources_not_referenced", "speech_without_source", "headline_long", "headline_ends_with_period",
	"headline_number", "headline_name", "headline_surer", "name_two_ways", "no_headline", "empty_block", "teaser_long",
}

// TestSegmentIsEdition holds that what is said while typing is what the checklist says.
func TestSegmentIsEdition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		original := drawDoc(t, "en", "original")
		in := Input{Lang: "uk", Doc: drawDoc(t, "uk", "edition"), OriginalLang: "en", Story: complete,
			Terms: []Term{{Source: []string{"council"}, Target: []string{"рада", "ради"}, Forbidden: []string{"голова"}}}}
		if rapid.Bool().Draw(t, "translation") {
			in.Original = &original
		}
		all := Edition(in)
		for _, s := range append(document.Places(in.Doc), document.Places(original)...) {
			var want, here []Finding
			for _, f := range all {
				if f.Address != s.Address {
					continue
				}
				here = append(here, f)
				if !slices.Contains(perEdition, f.Code) {
					want = append(want, f)
				}
			}
			if diff := cmp.Diff(here, At(in, s.Address), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("at %s:\n%s", s.Address, diff)
			}
			if diff := cmp.Diff(want, Segment(in, s.Address)); diff != "" {
				t.Fatalf("%s:\n%s", s.Address, diff)
			}
		}
	})
}

// TestPreparedIsSegment holds that a story that was read once says of each text that is typed into it
// what one read anew says.
func TestPreparedIsSegment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		original := drawDoc(t, "en", "original")
		in := Input{Lang: "uk", Doc: drawDoc(t, "uk", "edition"), OriginalLang: "en", Original: &original, Story: complete}
		prepared := Prepare(in)
		for range rapid.IntRange(1, 4).Draw(t, "texts") {
			at := rapid.SampledFrom(document.Places(in.Doc)).Draw(t, "place").Address
			text := document.Text(rapid.SampledFrom(sentences["uk"]).Draw(t, "text"))
			doc, err := document.WithSegment(in.Doc, at, text)
			if err != nil {
				t.Fatal(err)
			}
			typed := in
			typed.Doc = doc
			if diff := cmp.Diff(Segment(typed, at), prepared.Segment(at, text)); diff != "" {
				t.Fatalf("%s:\n%s", at, diff)
			}
		}
	})
}

// sixty is a translation of 60 paragraphs made of the parallel sentences.
func sixty() Input {
	doc, original := document.Doc{Headline: "Вирубка"}, document.Doc{Headline: "Felling"}
	for i := range 60 {
		id := document.ID(fmt.Sprintf("p%d", i))
		var a, b string
		for j := range 4 {
			a += sentences["en"][(i+j)%4] + " "
			b += sentences["uk"][(i+j)%4] + " "
		}
		original.Blocks = append(original.Blocks, document.Block{ID: id, Kind: document.Paragraph, Text: document.Text(a)})
		doc.Blocks = append(doc.Blocks, document.Block{ID: id, Kind: document.Paragraph, Text: document.Text(b)})
	}
	doc, original = doc.Normal(), original.Normal()
	return Input{Lang: "uk", Doc: doc, Original: &original, OriginalLang: "en", Story: complete}
}

func BenchmarkSixtySegments(b *testing.B) {
	in := sixty()
	for b.Loop() {
		Edition(in)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(time.Millisecond)/float64(b.N), "ms/edition")
}

func BenchmarkSegment(b *testing.B) {
	in := sixty()
	for b.Loop() {
		Segment(in, "p30/text")
	}
}

func BenchmarkAt(b *testing.B) {
	in := sixty()
	for b.Loop() {
		At(in, "p30/text")
	}
}

func BenchmarkPreparedSegment(b *testing.B) {
	in := sixty()
	p := Prepare(in)
	s, _ := in.Doc.Segment("p30/text")
	text := s.Text.Plain()
	for i := 0; b.Loop(); i++ {
		p.Segment("p30/text", document.Text(text[:len(text)-i%9]))
	}
}
