package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/memory/tmx"
)

type memoryCmd struct {
	Import memoryImportCmd `cmd:"" help:"Take in translation memories of other programs (TMX files)."`
	Export memoryExportCmd `cmd:"" help:"Write the translation memory as TMX 1.4b."`
	Stats  memoryStatsCmd  `cmd:"" help:"Count what is remembered, by languages."`
}

// Help teaches.
func (memoryCmd) Help() string {
	return `The memory is what translators confirmed, segment by segment, and what came in from other programs.

Examples:

    depesche memory import old.tmx --data /srv/paper
    depesche memory export --to paper.tmx --data /srv/paper
    depesche memory stats --data /srv/paper`
}

type memoryImportCmd struct {
	config.Store
	Files []string `arg:"" type:"existingfile" help:"TMX files."`
	From  string   `help:"Take only what was translated from this language." placeholder:"LANG"`
	To    string   `help:"Take only what was translated into this language." placeholder:"LANG"`
	Name  string   `help:"Name of the memory, by which its next file is recognised; otherwise the file's." placeholder:"NAME"`
}

// Help teaches.
func (memoryImportCmd) Help() string {
	return `Pairs of the paper's languages are taken, whatever country a file writes behind them. It can be run again
as often as you like: what came in once isn't doubled, and what has changed in the file is changed. The
newsroom may be serving meanwhile.

Examples:

    depesche memory import --data /srv/paper old.tmx
    depesche memory import --data /srv/paper --from uk --to de agency-*.tmx

Exit codes: 0 all was taken in and understood; 3 it came in, and something was left out: the report says
what; 1 it was stopped, or a file can't be read: the message says in which line.`
}

// Run takes files in and prints what became of each.
func (c memoryImportCmd) Run(ctx context.Context) error {
	from, to, err := pairOf(c.From, c.To)
	if err != nil {
		return err
	}
	return withPaper(ctx, c.Config(), func(a *app.App) error {
		p, err := a.Publication.Paper(ctx)
		if err != nil {
			return err
		}
		partly := false
		for _, name := range c.Files {
			o := memory.ImportOptions{Name: c.Name, Langs: p.Active(), From: from, To: to}
			if o.Name == "" {
				o.Name = filepath.Base(name)
			}
			report, err := takeIn(ctx, a.Memory, name, o)
			if report.Units > 0 || err == nil {
				if perr := printImport(os.Stdout, name, report); perr != nil {
					return errors.Join(err, perr)
				}
			}
			if err != nil {
				if report.Added+report.Changed > 0 {
					fmt.Fprintln(os.Stderr, "The import was stopped. What the report tells of has come in; run the same command again, and nothing is doubled.")
				}
				return fmt.Errorf("%s: %w", name, err)
			}
			partly = partly || len(report.Reasons) > 0
		}
		if partly {
			return errPartly
		}
		return nil
	})
}

func pairOf(from, to string) (f, t lang.Tag, err error) {
	if from != "" {
		if f, err = lang.Parse(from); err != nil {
			return "", "", fmt.Errorf("--from: %w", err)
		}
	}
	if to != "" {
		if t, err = lang.Parse(to); err != nil {
			return "", "", fmt.Errorf("--to: %w", err)
		}
	}
	return f, t, nil
}

func takeIn(ctx context.Context, m *memory.Service, name string, o memory.ImportOptions) (memory.ImportReport, error) {
	f, err := os.Open(name)
	if err != nil {
		return memory.ImportReport{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return memory.ImportReport{}, err
	}
	bar := newBar(os.Stderr, "Taking in")
	defer bar.Done()
	o.Progress = func(read int64) { bar.Bytes(read, st.Size()) }
	return m.Import(ctx, shell, f, o)
}

// leftOut says in words what a report counts.
var leftOut = map[tmx.Reason]string{
	tmx.Code:       "formatting codes that have no mark here (their text is kept)",
	tmx.SubText:    "texts within formatting codes, such as footnotes",
	tmx.Element:    "elements that TMX doesn't know (their text is kept)",
	tmx.Property:   "notes of other programs (<prop>)",
	tmx.TooLong:    "texts that are too long",
	tmx.TooMany:    "texts beyond the 200th language of a unit",
	tmx.NoLanguage: "texts without a language",
	tmx.Empty:      "texts without words",
	tmx.Single:     "units with fewer than two texts in the paper's languages",
	tmx.Language:   "texts in languages that the paper doesn't have",
	tmx.NoSource:   "units without a text in the language they were translated from",
	tmx.Double:     "second texts in one language",
	tmx.BadAddress: "links that lead nowhere a link may lead (their text is kept)",
}

func printImport(w io.Writer, name string, r memory.ImportReport) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\t%d units\t+%d new, %d changed, %d unchanged pairs\n", name, r.Units, r.Added, r.Changed, r.Unchanged)
	if err := t.Flush(); err != nil || len(r.Reasons) == 0 {
		return err
	}
	fmt.Fprintln(w, "Left out:")
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		fmt.Fprintf(t, "  %d\t%s\n", r.Reasons[reason], leftOut[reason])
	}
	return t.Flush()
}

type memoryExportCmd struct {
	config.Store
	Pair string `help:"Only one pair of languages, uk-de." placeholder:"FROM-TO"`
	To   string `help:"File to write, or - for standard output." placeholder:"FILE" default:"-"`
}

// Help teaches.
func (memoryExportCmd) Help() string {
	return `Examples:

    depesche memory export --data /srv/paper > paper.tmx
    depesche memory export --data /srv/paper --pair uk-de --to uk-de.tmx`
}

// Run writes the memory, also while the newsroom is running.
func (c memoryExportCmd) Run(ctx context.Context) error {
	o := memory.ExportOptions{Version: version}
	if c.Pair != "" {
		from, to, ok := strings.Cut(c.Pair, "-")
		if !ok || from == "" || to == "" {
			return fmt.Errorf("--pair: %q isn't two languages, like uk-de", c.Pair)
		}
		var err error
		if o.From, o.To, err = pairOf(from, to); err != nil {
			return fmt.Errorf("--pair: %w", err)
		}
	}
	return withPaper(ctx, c.Config(), func(a *app.App) error {
		bar := newBar(os.Stderr, "Writing")
		defer bar.Done()
		o.Progress = func(n int) { bar.Step(n, 0) }
		n, err := toFile(c.To, func(w io.Writer) (int, error) { return a.Memory.Export(ctx, a.DB.Read(), w, o) })
		if err != nil {
			return err
		}
		bar.Done()
		fmt.Fprintf(os.Stderr, "%d pairs were written.\n", n)
		return nil
	})
}

type memoryStatsCmd struct{ config.Store }

// Run counts what is remembered.
func (c memoryStatsCmd) Run(ctx context.Context) error {
	return withPaper(ctx, c.Config(), func(a *app.App) error {
		list, err := a.Memory.Stats(ctx, a.DB.Read())
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprint(w, "pair\tconfirmed\timported\n")
		for _, p := range list {
			fmt.Fprintf(w, "%s-%s\t%d\t%d\n", p.From, p.To, p.Confirmed, p.Imported)
		}
		return w.Flush()
	})
}
