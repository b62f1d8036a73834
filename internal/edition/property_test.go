package edition_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// TestNothingTypedIsLost has three people write in one edition in any order, each from the revision
// they last saw, and holds the room to its promise: what a person typed is in the revision that
// save made, or comes back in the error; and every revision that there ever was is still there.
func TestNothingTypedIsLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rapid.Check(t, func(rt *rapid.T) {
			p := &play{w: w, t: t, rt: rt, chain: map[int64]document.Doc{}}
			p.begin()
			for range rapid.IntRange(3, 10).Draw(rt, "steps") {
				p.step(rapid.IntRange(0, len(p.seen)-1).Draw(rt, "who"))
			}
			p.look()
		})
	})
}

type play struct {
	w     world
	t     *testing.T
	rt    *rapid.T
	id    edition.ID
	typed int
	seen  [3]edition.Edition     // what each has open
	chain map[int64]document.Doc // every revision as it was made
}

func (p *play) begin() {
	e := p.w.edition(p.t, doc("Titel", "eins", "zwei", "drei", "vier"))
	p.id = e.ID
	p.chain[e.Revision] = e.Doc
	for i := range p.seen {
		p.seen[i] = e
	}
}

// step has one person change some blocks and save.
func (p *play) step(who int) {
	mine := p.seen[who].Doc.Clone()
	var words []string
	for range rapid.IntRange(0, 2).Draw(p.rt, "edits") {
		words = append(words, p.edit(&mine)...)
	}
	saved, err := p.w.editions.Save(p.t.Context(), chief, edition.Save{Edition: p.id, Base: p.seen[who].Revision, Doc: mine})
	var clash *edition.ClashError
	if errors.As(err, &clash) && len(clash.Clashes) == 0 {
		p.rt.Fatal("a clash of nothing")
	}
	switch {
	case errors.As(err, &clash):
		p.inText(words, mine, clash.Mine, "what comes back")
		if stored := p.w.read(p.t, p.id); stored.Revision != clash.Edition.Revision {
			p.rt.Fatalf("a clash stored revision %d", stored.Revision)
		}
		doc := clash.Merged
		for _, c := range clash.Clashes {
			keep := document.Mine()
			if rapid.Bool().Draw(p.rt, "theirs") {
				keep = document.Theirs()
			}
			if doc, err = document.Resolve(doc, c, keep); err != nil {
				p.rt.Fatal(err)
			}
		}
		if saved, err = p.w.editions.Save(p.t.Context(), chief, edition.Save{Edition: p.id, Base: clash.Edition.Revision, Doc: doc}); err != nil {
			p.rt.Fatalf("settled: %v", err)
		}
	case err != nil:
		p.rt.Fatal(err)
	default:
		p.inText(words, mine, saved.Edition.Doc, "what is stored")
	}
	if saved.Fresh {
		if _, twice := p.chain[saved.Revision.Number]; twice {
			p.rt.Fatalf("revision %d made twice", saved.Revision.Number)
		}
		p.chain[saved.Revision.Number] = saved.Edition.Doc
	}
	p.seen[who] = saved.Edition
}

// edit makes one change and returns the words it wrote.
func (p *play) edit(d *document.Doc) []string {
	p.typed++
	word := fmt.Sprintf("w%d", p.typed)
	block := document.Block{ID: document.ID(fmt.Sprintf("n%d", p.typed)), Kind: document.Paragraph, Text: document.Text(word)}
	at := rapid.IntRange(0, len(d.Blocks)).Draw(p.rt, "at")
	switch what := rapid.SampledFrom([]string{"write", "write", "headline", "insert", "delete", "move"}).Draw(p.rt, "edit"); {
	case what == "headline":
		d.Headline = word
	case what == "insert" || len(d.Blocks) == 0:
		d.Blocks = slices.Insert(d.Blocks, at, block)
	case what == "delete":
		at %= len(d.Blocks)
		d.Blocks = slices.Delete(d.Blocks, at, at+1)
		return nil
	case what == "move":
		at %= len(d.Blocks)
		b := d.Blocks[at]
		d.Blocks = append(slices.Delete(d.Blocks, at, at+1), b)
		return nil
	default:
		d.Blocks[at%len(d.Blocks)].Text = document.Text(word)
	}
	return []string{word}
}

// inText holds that those of the words that stand in mine stand in d.
func (p *play) inText(words []string, mine, d document.Doc, where string) {
	there := map[string]bool{}
	for _, s := range document.Segments(d) {
		there[s.Text.Plain()] = true
	}
	for _, s := range document.Segments(mine) {
		if text := s.Text.Plain(); slices.Contains(words, text) && !there[text] {
			p.rt.Fatalf("%q isn't in %s", text, where)
		}
	}
}

// look holds that the chain is whole and unchanged.
func (p *play) look() {
	for n, want := range p.chain {
		got, err := p.w.editions.RevisionDoc(p.t.Context(), p.w.d.Read(), p.id, n)
		if err != nil {
			p.rt.Fatalf("revision %d: %v", n, err)
		}
		a, errA := want.Encode()
		b, errB := got.Encode()
		if errA != nil || errB != nil || string(a) != string(b) {
			p.rt.Fatalf("revision %d changed:\n%s\n%s", n, a, b)
		}
	}
	e := p.w.read(p.t, p.id)
	if n := p.w.count(p.t, `SELECT COUNT(*) FROM revision WHERE edition_id = $1`, p.id); int64(n) != e.Revision {
		p.rt.Fatalf("%d revisions, the newest is %d", n, e.Revision)
	}
}
