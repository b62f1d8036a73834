package port

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"depesche/internal/document"
)

// adoptIDs gives the blocks of a text that came in again the IDs that they have in the text that is
// here: links, translations and remarks of people point at them. New blocks get IDs that were never
// used.
func adoptIDs(now, old document.Doc, revision int64) document.Doc {
	now = now.Clone()
	prefix := document.ID("r" + strconv.FormatInt(revision, 36) + "-")
	document.EachID(now.Blocks, func(id *document.ID) { *id = prefix + *id })
	if now.Picture != nil {
		now.Picture.ID = prefix + now.Picture.ID
		if old.Picture != nil {
			now.Picture.ID = old.Picture.ID
		}
	}
	now.Blocks = document.KeepIDs(old.Blocks, now.Blocks)
	return now
}

// adopt gives b, with what is in it as far as it is alike, the IDs of old.
func adopt(b *document.Block, old document.Block) {
	b.ID = old.ID
	for i := range min(len(b.Items), len(old.Items)) {
		b.Items[i].ID = old.Items[i].ID
	}
	for i := range min(len(b.Pictures), len(old.Pictures)) {
		b.Pictures[i].ID = old.Pictures[i].ID
	}
	for i := range min(len(b.Rows), len(old.Rows)) {
		b.Rows[i].ID = old.Rows[i].ID
		for j := range min(len(b.Rows[i].Cells), len(old.Rows[i].Cells)) {
			b.Rows[i].Cells[j].ID = old.Rows[i].Cells[j].ID
		}
	}
	for i := range min(len(b.Blocks), len(old.Blocks)) {
		if b.Blocks[i].Kind == old.Blocks[i].Kind {
			adopt(&b.Blocks[i], old.Blocks[i])
		}
	}
}

// parallelIDs gives the blocks of a translation the IDs of the original's blocks that they were most
// likely made from, by kind, order and length, and IDs of their own to the others.
func parallelIDs(doc, original document.Doc, own string) document.Doc {
	doc = doc.Clone()
	prefix := document.ID(strings.ToLower(own) + "-")
	document.EachID(doc.Blocks, func(id *document.ID) { *id = prefix + *id })
	if doc.Picture != nil {
		doc.Picture.ID = prefix + doc.Picture.ID
		if original.Picture != nil && original.Picture.Media == doc.Picture.Media {
			doc.Picture.ID = original.Picture.ID
		}
	}
	for _, m := range alignBlocks(doc.Blocks, original.Blocks) {
		adopt(&doc.Blocks[m.a], original.Blocks[m.b])
	}
	return doc
}

// match says that block a of one text is block b of another.
type match struct{ a, b int }

// maxAligned bounds the work, which grows with the square.
const maxAligned = 600

// alignBlocks finds the cheapest way to pair two texts' blocks in order. Leaving both out is cheaper
// than pairing two whose lengths differ by more than a third: a wrong pair misleads a translator,
// while a missing one is only more work.
func alignBlocks(a, b []document.Block) []match {
	if len(a) > maxAligned || len(b) > maxAligned {
		return nil
	}
	const skip = 18
	cost := make([][]int, len(a)+1)
	for i := range cost {
		cost[i] = make([]int, len(b)+1)
	}
	fa, fb := featuresOf(a), featuresOf(b)
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a):
				cost[i][j] = skip * (len(b) - j)
			case j == len(b):
				cost[i][j] = skip * (len(a) - i)
			default:
				cost[i][j] = min(cost[i+1][j+1]+pairCost(a[i], b[j], fa[i], fb[j]), cost[i+1][j]+skip, cost[i][j+1]+skip)
			}
		}
	}
	var out []match
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cost[i][j] {
		case cost[i+1][j+1] + pairCost(a[i], b[j], fa[i], fb[j]):
			out = append(out, match{i, j})
			i, j = i+1, j+1
		case cost[i+1][j] + skip:
			i++
		default:
			j++
		}
	}
	return out
}

// features are what a text and its translation have in common: length, and where links lead and
// which figures there are, which no translator changes.
type features struct {
	length int
	fixed  map[string]bool
}

var figures = regexp.MustCompile(`[0-9]{2,}`)

func featuresOf(blocks []document.Block) []features {
	out := make([]features, len(blocks))
	for i, b := range blocks {
		text := b.Plain()
		f := features{length: utf8.RuneCountInString(text), fixed: map[string]bool{}}
		for _, in := range append(inlines(b), b.Text) {
			for _, span := range in {
				for _, m := range span.Marks {
					if to := m.Href + m.Story; to != "" {
						f.fixed[to] = true
					}
				}
			}
		}
		for _, n := range figures.FindAllString(text, -1) {
			f.fixed[n] = true
		}
		out[i] = f
	}
	return out
}

func inlines(b document.Block) []document.Inline {
	var out []document.Inline
	for _, it := range b.Items {
		out = append(out, it.Text)
	}
	for _, p := range b.Pictures {
		out = append(out, p.Caption)
	}
	return out
}

func pairCost(a, b document.Block, fa, fb features) int {
	if a.Kind != b.Kind || len(a.Items) != len(b.Items) || len(a.Pictures) != len(b.Pictures) || len(a.Rows) != len(b.Rows) {
		return 1000
	}
	// Languages differ in length by a third as a rule.
	longer, shorter := max(fa.length, fb.length, 1), min(fa.length, fb.length)
	cost := 100 * (longer - shorter) / (longer + 20)
	if len(fa.fixed) == 0 && len(fb.fixed) == 0 {
		return cost
	}
	for f := range fa.fixed {
		if fb.fixed[f] {
			return cost / 4
		}
	}
	return cost + 15
}
