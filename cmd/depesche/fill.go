package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/demo"
	"depesche/internal/demo/fill"
	"depesche/internal/lang"
)

type fillCmd struct {
	config.Store
	Stories       int        `required:"" help:"Stories that the paper has in the end." placeholder:"N"`
	Languages     []lang.Tag `help:"Languages, the main one first." default:"de,uk,en" placeholder:"LANG,…"`
	Seed          uint64     `help:"The same seed makes the same paper." default:"1"`
	Words         int        `help:"Words of a story, median." default:"250"`
	Until         time.Time  `help:"Day on which the newest story goes out; otherwise the last hour that is over." format:"2006-01-02" placeholder:"DATE"`
	BaseURL       string     `help:"Address of a paper that is made." default:"http://127.0.0.1:8080"`
	IntoRealPaper bool       `help:"Also fill a paper that people have set up. Readers see these stories among the real ones, and there is no way back but a backup."`
}

// Help teaches.
func (fillCmd) Help() string {
	return `For measuring and for trying out: stories whose words mean nothing, in editions as originals and
translations, over years of dates, with topics, sources, pictures, updates and corrections. Into an
empty data folder or database it brings the demo's sections, people and pictures along; accounts are
the demo's, so keep such a paper away from strangers. It can be stopped; the same command goes on, and
with more stories it adds an archive before what is there.

Examples:

    depesche fill --data /tmp/large --stories 100000 --languages de,uk,en
    depesche fill --database postgres://depesche@localhost/large --data /tmp/large --stories 1000000 --languages en`
}

// Validate refuses before anything is done.
func (c fillCmd) Validate() error {
	switch {
	case c.Stories < 1 || c.Stories > 20_000_000:
		return errors.New("--stories: between 1 and 20,000,000")
	case c.Words < 20 || c.Words > 5000:
		return errors.New("--words: between 20 and 5,000")
	case !c.Until.IsZero() && c.Until.After(time.Now()):
		return errors.New("--until: lies ahead")
	}
	for i, l := range c.Languages {
		if tag, err := lang.Parse(string(l)); err != nil || tag != l {
			return fmt.Errorf("--languages: %q is no language", l)
		}
		for _, other := range c.Languages[:i] {
			if l == other {
				return fmt.Errorf("--languages: %s is there twice", l)
			}
		}
	}
	if err := fill.Check(c.Languages); err != nil {
		return fmt.Errorf("--languages: %w", err)
	}
	return nil
}

// Run fills the paper.
func (c fillCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config(), func(a *app.App) error {
		bar := newBar(os.Stderr, "Filling in stories")
		defer bar.Done()
		o := fill.Options{
			Stories: c.Stories, Languages: c.Languages, Seed: c.Seed, Words: c.Words, Until: c.Until, Into: c.IntoRealPaper,
			House: demo.Options{BaseURL: c.BaseURL, Password: app.DemoPassword}, Step: bar.Step,
		}
		began := time.Now()
		out, err := fill.Run(ctx, demoRooms(a), o)
		bar.Done()
		if errors.Is(err, fill.ErrRealPaper) {
			return fmt.Errorf("%w; if that is what you want, add --into-real-paper", err)
		}
		if err != nil {
			if n := out.Stories - out.Before; n > 0 {
				fmt.Fprintf(os.Stderr, "%d of %d stories are in; run the same command again, and it goes on from there.\n", out.Stories, c.Stories)
			}
			return err
		}
		took := time.Since(began)
		fmt.Fprintf(os.Stderr, "%d stories are in, %d of them new, in %d rows, after %s (%.0f stories a second).\n",
			out.Stories, out.Stories-out.Before, out.Rows, took.Round(100*time.Millisecond), float64(out.Stories-out.Before)/took.Seconds())
		if out.SetUp {
			fmt.Fprintf(os.Stderr, "Start with depesche serve --data %s, and sign in as %s with the password: %s\n", c.Data, demo.Admin, app.DemoPassword)
		}
		return nil
	})
}

func demoRooms(a *app.App) demo.Rooms {
	return demo.Rooms{
		DB: a.DB, Publication: a.Publication, People: a.People, Topics: a.Topics, Media: a.Media, Stories: a.Stories,
		Editions: a.Editions, Releases: a.Releases, Corrections: a.Corrections, Translate: a.Translate, Register: a.Register,
	}
}
