package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"os"
	"strings"
	"unicode"

	"depesche/internal/document"
	"depesche/internal/memory/tmx"
)

// The pair that is measured.
const (
	from = "uk"
	to   = "de"
)

// corpus makes as many segments as one wants out of a thousand human translations of news. What is
// common in the language stays as it is: its small words, their order, its punctuation. Long words
// become others, as rare as rare words are: half of them from a vocabulary whose frequencies fall as
// Zipf says, a part from the few words that a story keeps coming back to, a part stay. So that phrases
// recur as they do in a newsroom, one segment in twenty is an earlier one again, which the memory takes
// for what it has, and one in thirty is an earlier one with some words changed.
type corpus struct {
	source, target [][]string // words of the translations
	vocabulary     [2][]string
	random         *rand.Rand
	zipf           *rand.Zipf
	story          [2][]string
	left           int // segments of the story
	made           [][2]string
}

func newCorpus(file string, seed uint64) (*corpus, error) {
	c := &corpus{random: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // to be the same in every run
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var heads, tails [2][]string
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var line map[string]string
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		a, b := strings.Fields(line[from]), strings.Fields(line[to])
		c.source, c.target = append(c.source, a), append(c.target, b)
		for side, words := range [2][]string{a, b} {
			for _, w := range words {
				if r := []rune(w); long(w) {
					heads[side] = append(heads[side], string(r[:len(r)/2]))
					tails[side] = append(tails[side], string(r[len(r)/2:]))
				}
			}
		}
	}
	const words = 150_000
	for side := range 2 {
		for range words {
			c.vocabulary[side] = append(c.vocabulary[side], c.one(heads[side])+c.one(tails[side]))
		}
	}
	c.zipf = rand.NewZipf(c.random, 1.1, 20, words-1)
	return c, in.Err()
}

func (c *corpus) one(list []string) string { return list[c.random.IntN(len(list))] }

// long words say what a sentence is about.
func long(w string) bool {
	n := 0
	for _, r := range w {
		if !unicode.IsLetter(r) {
			return false
		}
		n++
	}
	return n >= 5
}

// next returns a segment and its translation.
func (c *corpus) next() [2]string {
	if c.left == 0 {
		c.left = 12 + c.random.IntN(25)
		for side := range 2 {
			c.story[side] = nil
			for range 25 {
				c.story[side] = append(c.story[side], c.vocabulary[side][c.random.IntN(len(c.vocabulary[side]))])
			}
		}
	}
	c.left--
	if n := len(c.made); n > 0 {
		switch c.random.IntN(60) {
		case 0, 1, 2:
			return c.made[c.random.IntN(n)]
		case 3, 4:
			old := c.made[c.random.IntN(n)]
			return [2]string{c.edit(old[0], 1+c.random.IntN(3)), c.edit(old[1], 1)}
		}
	}
	i, j := c.random.IntN(len(c.source)), c.random.IntN(len(c.source))
	pair := [2]string{c.vary(0, c.source[i], c.source[j]), c.vary(1, c.target[i], c.target[j])}
	if len(c.made) < 20_000 {
		c.made = append(c.made, pair)
	} else if c.random.IntN(20) == 0 {
		c.made[c.random.IntN(len(c.made))] = pair
	}
	return pair
}

// vary makes a sentence out of one, or of the halves of two.
func (c *corpus) vary(side int, a, b []string) string {
	words := append([]string{}, a...)
	if c.random.IntN(2) == 0 && len(a) > 5 && len(b) > 5 {
		words = append(append([]string{}, a[:len(a)/2]...), b[len(b)/2:]...)
	}
	for i, w := range words {
		switch {
		case strings.ContainsAny(w, "0123456789"):
			words[i] = strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return '0' + rune(c.random.IntN(10))
				}
				return r
			}, w)
		case long(w):
			switch c.random.IntN(10) {
			case 0, 1, 2, 3, 4:
				words[i] = c.vocabulary[side][c.zipf.Uint64()]
			case 5, 6:
				words[i] = c.one(c.story[side])
			}
		}
	}
	return strings.Join(words, " ")
}

// edit changes a text as an editor does: a word becomes another, one goes, one comes, a number changes.
func (c *corpus) edit(s string, changes int) string {
	words := strings.Fields(s)
	for range changes {
		i := c.random.IntN(len(words))
		switch c.random.IntN(4) {
		case 0:
			words = append(words[:i:i], append([]string{c.vocabulary[0][c.zipf.Uint64()]}, words[i:]...)...)
		case 1:
			if len(words) > 4 {
				words = append(words[:i:i], words[i+1:]...)
			}
		default:
			words[i] = c.vocabulary[0][c.zipf.Uint64()]
		}
	}
	return strings.Join(words, " ")
}

// write writes segments as TMX until n of them are different, and gives each to keep.
func (c *corpus) write(w *tmx.Writer, n int, keep func(i int, pair [2]string)) error {
	different := make(map[[2]uint64]bool, n)
	seed := maphash.MakeSeed()
	for i := 0; len(different) < n; i++ {
		pair := c.next()
		different[[2]uint64{maphash.String(seed, pair[0]), maphash.String(seed, pair[1])}] = true
		keep(i, pair)
		err := w.Write(tmx.Unit{ID: fmt.Sprint(i), Source: from, Variants: []tmx.Variant{
			{Lang: from, Text: document.Text(pair[0])}, {Lang: to, Text: document.Text(pair[1])},
		}})
		if err != nil {
			return err
		}
	}
	return w.Close()
}
