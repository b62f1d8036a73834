package fill

import (
	"embed"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/demo"
	"depesche/internal/document"
	"depesche/internal/lang"
)

//go:embed words
var words embed.FS

// voice writes in one language: which word follows two others it has from texts of that language.
type voice struct {
	lang   lang.Tag
	words  []string
	begins [][2]int32           // of sentences
	next   map[[2]int32][]int32 // end closes a sentence
	loose  map[int32][]int32    // after one word
}

// end stands behind the last word of a sentence.
const end int32 = -1

// voices returns one for each language there are words for.
func voices() (map[lang.Tag]*voice, error) {
	content, err := demo.Read()
	if err != nil {
		return nil, err
	}
	said := map[lang.Tag][]string{}
	for _, s := range content.Stories {
		for _, l := range slices.Sorted(maps.Keys(s.Editions)) {
			d, err := s.Editions[l].Doc("")
			if err != nil {
				return nil, fmt.Errorf("words of %s: %w", s.Key, err)
			}
			for _, b := range d.Blocks {
				if b.Kind == document.Paragraph {
					said[lang.Tag(l)] = append(said[lang.Tag(l)], document.Sentences(b.Text.Plain(), lang.Tag(l))...)
				}
			}
		}
	}
	for _, l := range []lang.Tag{"pl", "ru"} { // the demo has none in these
		b, err := words.ReadFile("words/" + string(l) + ".txt")
		if err != nil {
			return nil, err
		}
		said[l] = strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	out := map[lang.Tag]*voice{}
	for l, list := range said {
		out[l] = learn(l, list)
	}
	return out, nil
}

func learn(l lang.Tag, sentences []string) *voice {
	v := &voice{lang: l, next: map[[2]int32][]int32{}, loose: map[int32][]int32{}}
	known := map[string]int32{}
	for _, s := range sentences {
		var list []int32
		for i, w := range strings.Fields(s) {
			if w = plainWord(w); w == "" {
				continue
			}
			if i == 0 {
				w = strings.ToLower(w[:firstLen(w)]) + w[firstLen(w):]
			}
			n, ok := known[w]
			if !ok {
				n = int32(len(v.words)) //nolint:gosec // some thousand words
				known[w], v.words = n, append(v.words, w)
			}
			list = append(list, n)
		}
		if len(list) < 4 {
			continue
		}
		v.begins = append(v.begins, [2]int32{list[0], list[1]})
		list = append(list, end)
		for i := 2; i < len(list); i++ {
			pair := [2]int32{list[i-2], list[i-1]}
			v.next[pair] = append(v.next[pair], list[i])
			v.loose[list[i-1]] = append(v.loose[list[i-1]], list[i])
		}
	}
	return v
}

func firstLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// plainWord takes away what would stand alone when words are mixed: quotation marks, brackets, the end
// of a sentence; "" of what holds a figure, since figures are the same in all languages of a story.
func plainWord(w string) string {
	w = strings.Trim(w, "„“”«»‹›\"'()[]–—.!?…:;*\u00a0\u202f")
	for _, r := range w {
		if unicode.IsDigit(r) || strings.ContainsRune("„“”«»()[]", r) {
			return ""
		}
	}
	return w
}

// sentence is one of at least so many words, as a rule of not many more than most.
func (v *voice) sentence(r *rand.Rand, least, most int) string {
	var b strings.Builder
	pair := v.begins[r.IntN(len(v.begins))]
	n := 0
	put := func(w int32) {
		if n > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(v.words[w])
		n++
	}
	put(pair[0])
	put(pair[1])
	for n < most {
		list := v.next[pair]
		if len(list) == 0 || r.IntN(4) == 0 {
			list = v.loose[pair[1]]
		}
		w := end
		if len(list) > 0 {
			w = list[r.IntN(len(list))]
		}
		if w == end {
			if n >= least {
				break
			}
			w = v.begins[r.IntN(len(v.begins))][0]
		}
		put(w)
		pair = [2]int32{pair[1], w}
	}
	return v.lang.UpperFirst(strings.TrimRight(b.String(), ",;:-–— "))
}

// says is so many sentences.
func (v *voice) says(r *rand.Rand, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = v.sentence(r, 6, 10+r.IntN(16)) + "."
	}
	return strings.Join(list, " ")
}
