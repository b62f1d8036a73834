package reader

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/pagecache"
)

// Front is what stands in front of this server, keeps its answers by itself, and is told what to
// forget: see the package purge.
type Front interface {
	// Lines are the header lines that tell it how long it may keep an answer and by which words it can
	// be told to forget it.
	Lines(words []string, keep time.Duration) []pagecache.Field
	// Forget tells it to forget what has one of the words, or all.
	Forget(ctx context.Context, words []string, all bool) error
}

// frontKeeps is how long something in front may keep what it is told to forget when it becomes false:
// what it is told can be lost.
const frontKeeps = time.Hour

// front adds the lines for what stands in front. Only what is kept here is kept there.
func (rd *Reader) front(p *pagecache.Page, b *body) {
	if rd.Front == nil || !p.Keep || b.cache != "" && b.cache != revalidate {
		return
	}
	keep := frontKeeps
	if !b.until.IsZero() {
		keep = max(0, min(keep, b.until.Sub(rd.Clock.Now())))
	}
	words := make([]string, 0, len(p.Tags)+len(p.Facts))
	for _, t := range p.Tags {
		words = append(words, Word(t))
	}
	for _, f := range p.Facts {
		words = append(words, Word(f.Tag))
	}
	slices.Sort(words)
	words = slices.Compact(words) // a fact may be read twice
	p.Own = append(p.Own, rd.Front.Lines(words, keep.Truncate(time.Second))...)
}

// Word is the tag as a server in front knows it.
func Word(t pagecache.Tag) string {
	return "d" + strings.ToLower(strconv.FormatUint(uint64(t), 36))
}
