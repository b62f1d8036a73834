package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/publication"
	"depesche/internal/register"
	"depesche/internal/story"
	"depesche/tools/figures"
)

// names is how many entries the register has.
const names = 1000

// screen measures what an editor waits for who opens a translation of 60 segments: its rows, what the
// memory has for each, names and terms, the checklist. Then a save of one row, and the rows and the
// checklist after it.
func (b bench) screen(ctx context.Context) (rows []figures.Row, err error) {
	folder, err := os.MkdirTemp("", "depesche-screen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	cfg := config.Default(folder)
	cfg.LogLevel = "error"
	if cfg.Database = b.options.URL; cfg.Database == "" {
		cfg.Data = b.options.Dir
	}
	a, err := app.New(ctx, cfg, cfg.Logger(os.Stderr), app.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	ed, err := b.translation(ctx, a)
	if err != nil {
		return nil, err
	}
	var all, parts [5][]time.Duration
	for range *rounds {
		took, err := open(ctx, a, ed.ID)
		if err != nil {
			return nil, err
		}
		for i, t := range took {
			parts[i] = append(parts[i], t)
		}
		all[0] = append(all[0], took[4])
	}
	what := fmt.Sprintf("opening a translation of 60 segments from end to end, register of %d names: rows, matches, names, checklist", names)
	return []figures.Row{
		{what + ", median", "under 200 ms", figures.Ms(figures.Median(all[0]))},
		{"the same, 95th percentile", "", figures.Ms(figures.P95(all[0]))},
		{"of these the rows / the matches / the names / the checklist, medians", "", strings.Join([]string{figures.Ms(figures.Median(parts[0])), figures.Ms(figures.Median(parts[1])), figures.Ms(figures.Median(parts[2])), figures.Ms(figures.Median(parts[3]))}, " / ")},
	}, nil
}

// translation makes a paper if there is none, and a story with its translation.
func (b bench) translation(ctx context.Context, a *app.App) (edition.Edition, error) {
	who := actor.System("bench")
	var ed edition.Edition
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM publication`).Scan(&have); err != nil || have > 0 {
			return err
		}
		return a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Bench", Languages: []lang.Tag{from, to}, MainLang: from, TimeZone: "Europe/Berlin", BaseURL: "http://127.0.0.1:18089"})
	})
	if err != nil {
		return ed, err
	}
	if err := b.names(ctx, a); err != nil {
		return ed, err
	}
	var docs [2]document.Doc
	for i := range 60 {
		s := b.samples[b.random.IntN(len(b.samples))]
		pair := [2]string{s.source, s.target}
		switch i % 4 {
		case 1, 2:
			pair[0] = b.corpus.edit(s.source, 1+b.random.IntN(3))
		case 3:
			pair = b.corpus.next()
		}
		for side := range docs {
			if i == 0 {
				docs[side].Headline = pair[side]
				continue
			}
			docs[side].Blocks = append(docs[side].Blocks, document.Block{ID: document.ID(fmt.Sprintf("b%d", i)), Kind: document.Paragraph, Text: document.Text(pair[side])})
		}
	}
	return ed, a.DB.Write(ctx, func(tx *db.Tx) error {
		st, err := a.Stories.CreateTx(ctx, tx, who, story.NewStory{Kind: story.News, OriginalLang: from})
		if err != nil {
			return err
		}
		for side, l := range []lang.Tag{from, to} {
			if ed, _, err = a.Editions.Import(ctx, tx, who, edition.Imported{Story: st.ID, Lang: l, Doc: docs[side], Why: "bench"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// names fills the register with words that stand in the memory.
func (b bench) names(ctx context.Context, a *app.App) error {
	var file bytes.Buffer
	file.WriteString("kind,uk,de\n")
	for i := range names {
		fmt.Fprintf(&file, "term,%s,%s\n", b.corpus.vocabulary[0][i], b.corpus.vocabulary[1][i])
	}
	r, err := a.Register.Import(ctx, actor.System("bench"), &file, []lang.Tag{from, to})
	if err == nil && r.New+r.Changed+r.Same == 0 {
		err = fmt.Errorf("no names came in: %+v", r)
	}
	return err
}

// open reads what the screen shows and says how long the rows, the matches, the names, the checklist and
// all together took.
func open(ctx context.Context, a *app.App, id edition.ID) (took [5]time.Duration, err error) {
	q := a.DB.Read()
	began := time.Now()
	last := began
	done := func(i int) {
		now := time.Now()
		took[i], took[4], last = now.Sub(last), now.Sub(began), now
	}
	work, err := a.Translate.Work(ctx, q, id)
	if err != nil {
		return took, err
	}
	if len(work.Rows) != 60 {
		return took, fmt.Errorf("%d rows", len(work.Rows))
	}
	done(0)
	ask := memory.Query{From: work.From, To: work.To, Story: work.Edition.Story, Edition: id}
	for _, row := range work.Rows {
		ask.Segments = append(ask.Segments, memory.Segment{Address: row.Address, Text: row.Source})
	}
	found, err := a.Memory.Matches(ctx, q, ask)
	if err != nil {
		return took, err
	}
	if len(found) < 15 {
		return took, fmt.Errorf("only %d of the segments have matches", len(found))
	}
	done(1)
	var hits []register.Hit
	for _, row := range work.Rows {
		more, err := a.Register.Hits(ctx, q, work.From, work.To, row.Source.Plain())
		if err != nil {
			return took, err
		}
		hits = append(hits, more...)
	}
	if len(hits) == 0 {
		return took, errors.New("no name stands in the text")
	}
	done(2)
	_, err = a.Releases.ChecklistOf(ctx, q, id)
	done(3)
	return took, err
}
