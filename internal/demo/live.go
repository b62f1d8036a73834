package demo

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Running is a story of the demo that runs live.
type Running struct {
	Story   string        `json:"story"`
	At      When          `json:"at"`
	Entries []RunningText `json:"entries"` // in the order in which they come
}

// RunningText is an entry in its languages. It comes in the story's original language, and its translations a
// minute later each.
type RunningText struct {
	At     When            `json:"at"`
	Pinned bool            `json:"pinned"`
	Texts  map[string]Said `json:"texts"`
}

// Said is what an entry says in a language: Text is a paragraph.
type Said struct {
	Headline string `json:"headline"`
	Text     string `json:"text"`
}

// runs are the acts of a story that runs live.
func (l *loader) runs(r Running, t *teller) []act {
	out := []act{{r.At.At(l.now), r.Story + ": live", func(ctx context.Context) error {
		st, err := t.running()
		if err == nil {
			_, err = l.Live.Start(ctx, t.by(actor.Chief), st, true)
		}
		return err
	}}}
	for i, e := range r.Entries {
		what := fmt.Sprintf("%s: entry %d", r.Story, i+1)
		out = append(out, act{e.At.At(l.now), what, func(ctx context.Context) error { return t.entry(ctx, e) }})
	}
	return out
}

func (s Said) doc(block document.ID) document.Doc {
	return document.Doc{Headline: s.Headline, Blocks: []document.Block{{ID: block, Kind: document.Paragraph, Text: document.Text(s.Text)}}}
}

// entry posts an entry and its translations.
func (t *teller) entry(ctx context.Context, e RunningText) error {
	st, err := t.running()
	if err != nil {
		return err
	}
	boss := t.by(actor.Chief)
	block := document.ID(id.New(t.DB.Now()))
	original := t.story.Original
	p, err := t.Live.Post(ctx, boss, live.Post{
		Live: st, Lang: lang.Tag(original), Sent: id.New(t.DB.Now()), Pinned: e.Pinned, Doc: e.Texts[original].doc(block),
	})
	if err != nil {
		return err
	}
	for _, l := range sortedKeys(e.Texts) {
		if l == original {
			continue
		}
		ed, err := t.Editions.Create(ctx, boss, p.Entry.Story, lang.Tag(l))
		if err != nil {
			return err
		}
		in := live.Translation{Edition: ed.ID, Base: ed.Revision, SourceRev: p.Edition.Revision, Reason: "Demo",
			Texts: map[document.Address]document.Inline{document.Address(string(block) + "/text"): document.Text(e.Texts[l].Text)}}
		if h := e.Texts[l].Headline; h != "" {
			in.Texts[document.AddrHeadline] = document.Text(h)
		}
		if _, err := t.Live.SendTranslation(ctx, boss, in); err != nil {
			return fmt.Errorf("in %s: %w", l, err)
		}
	}
	return nil
}

// running is the story's ID.
func (t *teller) running() (story.ID, error) {
	st, ok := t.stories[t.story.Key]
	if !ok {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return st.ID, nil
}
