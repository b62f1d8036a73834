package page

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"depesche/internal/pagecache"
)

// fullFront is a front of a paper with many sections, while many stories run. No two words are the same.
func fullFront(s *Site, sections, running, entries, latest int) *Front {
	r := rand.New(rand.NewPCG(1, 2))
	words := func(n int) string {
		var b strings.Builder
		for range n {
			for range 7 {
				b.WriteRune('а' + rune(r.IntN(32)))
			}
			b.WriteByte(' ')
		}
		return b.String()
	}
	n := 0
	card := func() Card {
		n++
		return Card{Headline: words(9), Href: fmt.Sprintf("/uk/%d/%x", n, r.Uint64())}
	}
	v := &Front{Frame: s.frame("Меридіан", "", where{s.Lang: FrontPath(s.Lang)})}
	v.Sections = nil
	lead := card()
	lead.Teaser = words(30)
	v.Lead, v.Second = &lead, []Card{card(), card()}
	for range latest {
		v.Latest = append(v.Latest, card())
	}
	for i := range sections {
		name := Link{Text: words(2), Href: fmt.Sprintf("/uk/rubryka-%d/", i)}
		v.Sections = append(v.Sections, name)
		v.Strips = append(v.Strips, Strip{Section: name, First: card(), Columns: [][]Card{{card()}}})
	}
	for range running {
		b := LiveBlock{Headline: words(9), Href: "/uk/1/x"}
		for i := range entries {
			b.Entries = append(b.Entries, LiveLink{Text: words(9), Href: fmt.Sprintf("/uk/1/x/%d", i)})
		}
		v.Live = append(v.Live, b)
	}
	return v
}

// However much there is for a front, as text alone it weighs what it may, and is as full as that allows.
func TestFrontOfTextAloneStaysLight(t *testing.T) {
	p := testPages(t)
	s := sampleSite(p, "uk").AsText()
	for _, c := range []struct{ sections, running, entries, latest int }{
		{0, 0, 0, 0}, {3, 1, 2, 2}, {12, 1, 3, 6}, {12, 20, 5, 6}, {40, 3, 5, 6}, {300, 100, 5, 6},
	} {
		v := fullFront(s, c.sections, c.running, c.entries, c.latest)
		var got, all bytes.Buffer
		if err := errors.Join(p.RenderFront(&got, v), p.render(&all, "front", v)); err != nil {
			t.Fatal(err)
		}
		n := pagecache.Weight(got.Bytes())
		t.Logf("%+v: %d bytes of %d", c, n, pagecache.Weight(all.Bytes()))
		switch whole := pagecache.Weight(all.Bytes()) <= textBudget; {
		case whole && got.String() != all.String():
			t.Errorf("%+v: something is left out for nothing", c)
		case n > textBudget, !whole && n < textBudget-300: // the longest line
			t.Errorf("%+v: %d bytes, %d are allowed", c, n, textBudget)
		}
		if !strings.Contains(got.String(), v.Lead.Headline) {
			t.Errorf("%+v: the lead is left out", c)
		}
		if c.sections < 20 && c.running > 0 && !strings.Contains(got.String(), v.Live[0].Headline) {
			t.Errorf("%+v: no running story is left", c)
		}
		if len(v.Strips) != c.sections || c.running > 0 && len(v.Live[0].Entries) != c.entries {
			t.Errorf("%+v: the view itself was changed", c)
		}
	}
}
