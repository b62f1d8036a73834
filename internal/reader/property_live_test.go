package reader

import (
	"context"
	"fmt"
	"time"

	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/page"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// running has the world's stories run live.
func (n *newsroom) running(work *translate.Service) {
	n.t.Helper()
	n.Live = live.New(n.d, n.Editions, n.People, n.releases, n.Corrections, work)
	words, err := lang.LoadWords()
	n.must(err)
	n.Pages, err = page.New(words, page.Rooms{
		Publication: n.Publication, People: n.People, Topics: n.Topics, Media: n.Media, Editions: n.Editions, Corrections: n.Corrections, Live: n.Live,
	}, n.clock)
	n.must(err)
}

// liveActs are what happens with running stories. An entry is a story as well: all other acts befall it too.
func (n *newsroom) liveActs() map[string]func(context.Context) error {
	anEntry := func(ctx context.Context) (live.Entry, error) {
		if len(n.entries) == 0 {
			return live.Entry{}, errMissing
		}
		return n.Live.Entry(ctx, n.d.Read(), oneOf(n, n.entries...))
	}
	covered := func() story.ID {
		if len(n.covered) == 0 {
			return ""
		}
		return oneOf(n, n.covered...)
	}
	return map[string]func(context.Context) error{
		"begin live": func(ctx context.Context) error {
			st := covered() // it may go on
			if st == "" || n.rand.IntN(2) == 0 {
				st = oneOf(n, n.out...)
				if len(n.covered) == 0 {
					st = n.out[0]
				}
			}
			_, err := n.Live.Start(ctx, chief, st, n.rand.IntN(2) == 0)
			if err == nil {
				n.covered = append(n.covered, st)
			}
			return err
		},
		"end live": func(ctx context.Context) error {
			c, err := n.Live.Of(ctx, n.d.Read(), covered())
			if err == nil {
				_, err = n.Live.End(ctx, chief, c.Story, c.Version)
			}
			return err
		},
		"entry": func(ctx context.Context) error {
			l := oneOf(n, []lang.Tag{"de", "de", "uk", "en"}...)
			doc := n.text(l)
			if n.rand.IntN(2) == 0 {
				doc.Headline = ""
			}
			in := live.Post{Live: covered(), Lang: l, Sent: id.New(n.clock.Now()), Doc: doc, Pinned: n.rand.IntN(3) == 0, Reason: "Eilig."}
			in.Happened = n.clock.Now().Add(-time.Duration(n.rand.IntN(90)) * time.Minute)
			if n.said%2 == 0 {
				in.Sources = []story.Source{{Kind: story.Authority, Name: fmt.Sprint("Amt ", n.said), URL: "https://example.org/"}}
			}
			p, err := n.Live.Post(ctx, chief, in)
			if err == nil {
				n.entries, n.out = append(n.entries, p.Entry.Story), append(n.out, p.Entry.Story)
			}
			return err
		},
		"correct an entry": func(ctx context.Context) error {
			en, err := anEntry(ctx)
			if err != nil {
				return err
			}
			e, err := n.Editions.Original(ctx, n.d.Read(), en.Story)
			if err != nil {
				return err
			}
			doc := e.Doc
			doc.Blocks[0].Text = n.text(e.Lang).Blocks[0].Text
			in := live.Amend{Edition: e.ID, Base: e.Revision, Doc: doc, Reason: "Eilig."}
			if n.rand.IntN(3) > 0 {
				in.Correction = fmt.Sprint("Es waren ", 1000+n.said, ".")
			}
			_, err = n.Live.Amend(ctx, chief, in)
			return err
		},
		"settle an entry": func(ctx context.Context) error {
			en, err := anEntry(ctx)
			if err != nil {
				return err
			}
			_, err = n.Live.Settle(ctx, chief, en.Story, en.Version, en.Happened.Add(-time.Duration(n.rand.IntN(40))*time.Minute), !en.Pinned)
			return err
		},
		"withdraw an entry": func(ctx context.Context) error {
			en, err := anEntry(ctx)
			if err != nil {
				return err
			}
			return n.Live.Withdraw(ctx, chief, en.Story, map[lang.Tag]string{"de": "Falsch.", "uk": "Хибно.", "en": "Wrong."})
		},
	}
}
