package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/lang"
	"depesche/internal/register"
)

type registerCmd struct {
	Import registerImportCmd `cmd:"" help:"Take in a file of names and terms, TBX or CSV."`
	Export registerExportCmd `cmd:"" help:"Write all names and terms into a file."`
}

// Help teaches.
func (registerCmd) Help() string {
	return `The register is the house's spelling of names and terms in each language.

Examples:

    depesche register import names.csv --data /srv/paper
    depesche register export --format tbx --to names.tbx --data /srv/paper`
}

type registerImportCmd struct {
	config.Store
	File string `arg:"" help:"The file, or - for standard input."`
}

// Help teaches.
func (registerImportCmd) Help() string {
	return `Read are TBX (ISO 30042:2019, and the TBX-Basic of 2008) and CSV in UTF-8. An entry is known again by its ID,
then by language, spelling and kind, so the same file can be taken in twice. What wasn't understood is
listed, and the exit code is 3 then.

The first line of a CSV file names its columns: id, kind (person, place, body, work, term), note, keep;
a language (uk, de) for the spelling; and for each language .gender, .forms, .others, .forbidden, .remark.
Lists are parted by |, the reason why something is forbidden follows after ::

    kind,uk,de,de.forbidden
    term,гривня,Hrywnja,Griwna :: russisch

Example:

    depesche register import names.csv --data /srv/paper`
}

// Run takes a file in.
func (c registerImportCmd) Run(ctx context.Context) error {
	file := io.Reader(os.Stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		file = f
	}
	return withPaper(ctx, c.Config(), func(a *app.App) error {
		paper, err := a.Publication.Paper(ctx)
		if err != nil {
			return err
		}
		rep, err := a.Register.Import(ctx, shell, file, paper.Active())
		if err != nil {
			return err
		}
		words := a.Words.In(lang.Match(config.ShellLang(), a.Words.Languages(), "en"))
		for _, r := range rep.Remarks {
			fmt.Fprintln(os.Stderr, words.T(r.Key, r.Args...))
		}
		if rep.More > 0 {
			fmt.Fprintln(os.Stderr, "… +", rep.More)
		}
		fmt.Fprintln(os.Stderr, words.T("register.imported", "read", rep.Read, "new", rep.New, "changed", rep.Changed, "same", rep.Same))
		if len(rep.Remarks) > 0 {
			return errPartly
		}
		return nil
	})
}

type registerExportCmd struct {
	config.Store
	Format register.Format `required:"" enum:"tbx,csv" placeholder:"FORMAT" help:"tbx or csv."`
	To     string          `default:"-" help:"File to write, or - for standard output." placeholder:"FILE"`
}

// Help teaches.
func (registerExportCmd) Help() string {
	return `TBX is ISO 30042:2019, dialect Basic; CSV is UTF-8 with a mark, as spreadsheets want it. Proposals that
nobody has approved are left out.

Examples:

    depesche register export --format csv --data /srv/paper > names.csv
    depesche register export --format tbx --to names.tbx --data /srv/paper`
}

// Run writes the register.
func (c registerExportCmd) Run(ctx context.Context) error {
	return withPaper(ctx, c.Config(), func(a *app.App) error {
		n, err := toFile(c.To, func(w io.Writer) (int, error) { return a.Register.Export(ctx, a.DB.Read(), w, c.Format) })
		if err != nil {
			return err
		}
		if c.To != "-" {
			fmt.Fprintf(os.Stderr, "%d entries are in %s.\n", n, c.To)
		}
		return nil
	})
}
