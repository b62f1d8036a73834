package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/fetch"
	"depesche/internal/lang"
	"depesche/internal/port"
)

func rooms(a *app.App) port.Rooms {
	return port.Rooms{
		DB: a.DB, Files: a.Blobs, Publication: a.Publication, People: a.People, Topics: a.Topics, Media: a.Media,
		Stories: a.Stories, Editions: a.Editions, Releases: a.Releases, Corrections: a.Corrections, Live: a.Live,
	}
}

type backupCmd struct {
	config.Store
	To string `required:"" help:"File to write, or - for standard output." placeholder:"FILE"`
}

// Help teaches.
func (backupCmd) Help() string {
	return `One archive: the whole database as of one moment, and all files. It holds accounts with their
password hashes, so keep it as you keep the database. Bring it back with depesche restore.

Examples:

    depesche backup --data /srv/paper --to paper-2026-11-27.backup
    depesche backup --data /srv/paper --to - | ssh vault 'cat > paper.backup'`
}

// Run saves everything, also while the newsroom is running.
func (c backupCmd) Run(ctx context.Context) error {
	return withPaper(ctx, c.Config(), func(a *app.App) error {
		bar := newBar(os.Stderr, "Saving")
		defer bar.Done()
		kept, err := toFile(c.To, func(w io.Writer) (port.Kept, error) {
			return port.Backup(ctx, a.DB, a.Blobs, w, bar.Bytes)
		})
		if err != nil {
			return err
		}
		bar.Done()
		fmt.Fprintf(os.Stderr, "%d rows of %d tables and %d files are in %s.\n", kept.Rows, kept.Tables, kept.Files, c.To)
		return nil
	})
}

// toFile writes into a temporary file beside the target and puts it there when it is whole and on
// the disk.
func toFile[T any](name string, write func(io.Writer) (T, error)) (out T, err error) {
	if name == "-" {
		return write(os.Stdout)
	}
	dir := filepath.Dir(name)
	if st, err := os.Stat(name); err == nil && st.IsDir() {
		return out, fmt.Errorf("--to: %s is a folder; name a file", name)
	}
	f, err := os.CreateTemp(dir, ".depesche-")
	if errors.Is(err, fs.ErrNotExist) {
		return out, fmt.Errorf("--to: the folder %s isn't there; make it, or name another", dir)
	}
	if err != nil {
		return out, fmt.Errorf("--to: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if out, err = write(f); err != nil {
		return out, err
	}
	if err = f.Sync(); err != nil {
		return out, err
	}
	if err = f.Close(); err != nil {
		return out, err
	}
	return out, os.Rename(f.Name(), name)
}

type restoreCmd struct {
	config.Store
	From string `required:"" help:"The backup." placeholder:"FILE" type:"existingfile"`
}

// Help teaches.
func (restoreCmd) Help() string {
	return `The whole archive is checked before anything is written. The newsroom must be empty: a new data folder,
and a new database where it is PostgreSQL. A backup from either database is taken by either.

Examples:

    depesche restore --data /srv/new --from paper.backup
    depesche restore --data /srv/new --database postgres://depesche@localhost/new --from paper.backup`
}

// Run brings a backup into an empty newsroom.
func (c restoreCmd) Run(ctx context.Context) error {
	f, err := os.Open(c.From)
	if err != nil {
		return err
	}
	defer f.Close()
	return withApp(ctx, c.Config(), func(a *app.App) error {
		bar := newBar(os.Stderr, "Bringing files back")
		defer bar.Done()
		kept, err := port.Restore(ctx, a.DB, a.Blobs, f, bar.Bytes)
		if err != nil {
			return err
		}
		bar.Done()
		where := "--data " + c.Data
		if c.Database != "" {
			where += " and the same --database"
		}
		fmt.Fprintf(os.Stderr, "%d rows of %d tables and %d files are back. Start with depesche serve %s\n", kept.Rows, kept.Tables, kept.Files, where)
		return nil
	})
}

type importCmd struct {
	Wordpress importWordpressCmd `cmd:"" help:"Exports of WordPress (WXR files), one or several of one site."`
}

type importWordpressCmd struct {
	config.Store
	Files      []string `arg:"" type:"existingfile" help:"Export files; several of one site together. A ZIP archive stands for those in it."`
	Fetch      bool     `help:"Fetch pictures from the old site."`
	OwnNetwork bool     `help:"Pictures may lie on a server of your own network too (127.0.0.1, 10.0.0.0/8 and the like); otherwise links in an export can't make this machine ask there."`
	MaxUpload  int64    `help:"Largest picture file fetched, in megabytes." default:"40" env:"DEPESCHE_MAX_UPLOAD"`
	Lang       string   `help:"Language of items that don't name one; otherwise the site's, or the paper's main one." placeholder:"LANG"`
	Origin     string   `help:"Name of the site, by which its next export is recognised; otherwise its web address. Give one if the address has changed, or if two sites have the same." placeholder:"NAME"`
	Report     string   `help:"Write all that was not understood into FILE, item by item, as it happens; .csv for spreadsheets, .jsonl for programs, or .txt. A file that is there is continued." placeholder:"FILE"`
	JSON       bool     `name:"json" help:"Print the report as JSON."`
}

// Help teaches.
func (importWordpressCmd) Help() string {
	return `Posts become stories with sections, topics and authors, pages become static pages, old addresses lead
to the new ones. It can be run again as often as you like: what came in once isn't doubled, what was
edited at the desk isn't overwritten, and one that was interrupted goes on. The newsroom may be
serving meanwhile. Make the exports in WordPress under Tools, Export, All content.

Examples:

    depesche import wordpress --data /srv/paper export.xml
    depesche import wordpress --data /srv/paper --fetch --report remarks.csv export-*.xml

Exit codes: 0 all was taken in and understood; 3 it came in, and there are remarks to read; 1 it was
stopped, or the files were refused: the message says in which line and why.`
}

// Validate refuses before anything is done.
func (c importWordpressCmd) Validate() error {
	if err := config.CheckMaxUpload(c.MaxUpload); err != nil || c.Report == "" {
		return err
	}
	if err := port.CheckRemarks(c.Report); err != nil {
		return fmt.Errorf("--report: %w", err)
	}
	return nil
}

// Run takes exports in and prints what became of them. It can be run again as often as one likes.
func (c importWordpressCmd) Run(ctx context.Context) error {
	files, err := port.Files(c.Files...)
	if err != nil {
		return err
	}
	o := port.Options{Origin: c.Origin}
	if c.Lang != "" {
		if o.Lang, err = lang.Parse(c.Lang); err != nil {
			return fmt.Errorf("--lang: %w", err)
		}
	}
	cfg := c.Config()
	cfg.MaxUpload = c.MaxUpload
	return withPaper(ctx, cfg, func(a *app.App) error {
		if ready, err := a.Publication.Ready(ctx); err != nil {
			return err
		} else if !ready {
			return fmt.Errorf("this paper isn't set up yet: run `depesche serve --data %s` and open the address it shows", c.Data)
		}
		if c.Fetch {
			f := fetch.Options{MaxBytes: c.MaxUpload << 20}
			if c.OwnNetwork {
				f.Reachable = func(a netip.Addr) bool { a = a.Unmap(); return fetch.Public(a) || a.IsPrivate() || a.IsLoopback() }
			}
			client := fetch.New(f)
			defer client.Close()
			o.Fetch = func(ctx context.Context, url string) (io.ReadCloser, error) {
				f, err := client.Get(ctx, url)
				if err != nil {
					return nil, err
				}
				return f.Body, nil
			}
		}
		report, err := c.takeIn(ctx, rooms(a), files, o)
		if err != nil && !report.Begun() {
			return err
		}
		if perr := c.print(os.Stdout, report); err == nil {
			err = perr
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "The import was stopped. What the report tells of has come in; run the same command again, and it goes on from there.")
			return err
		}
		if !report.Complete() {
			return errPartly
		}
		return nil
	})
}

// takeIn imports with a progress bar and a file of remarks.
func (c importWordpressCmd) takeIn(ctx context.Context, r port.Rooms, files []port.File, o port.Options) (out port.Report, err error) {
	if c.Report != "" {
		remarks, oerr := port.OpenRemarks(c.Report)
		if oerr != nil {
			return out, oerr
		}
		defer func() { err = errors.Join(err, remarks.Close()) }()
		o.Item = remarks.Add
	}
	bar := newBar(os.Stderr, "Taking in")
	defer bar.Done()
	o.Progress = bar.Bytes
	return port.ImportWordPress(ctx, r, files, o)
}

func (c importWordpressCmd) print(w io.Writer, report port.Report) error {
	if !c.JSON {
		return report.WriteText(w)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

type exportCmd struct {
	config.Store
	To string `required:"" help:"File to write (.tar.gz), or - for standard output." placeholder:"FILE"`
}

// Help teaches.
func (exportCmd) Help() string {
	return `Stories with all editions and revisions as JSON and Markdown, pages, pictures: for other programs, and
for the day when you leave; README.txt in it explains all. To bring a paper back, use backup and restore.

Example:

    depesche export --data /srv/paper --to paper.tar.gz`
}

// Run writes everything in formats that others can read, also while the newsroom is running.
func (c exportCmd) Run(ctx context.Context) error {
	return withPaper(ctx, c.Config(), func(a *app.App) error {
		bar := newBar(os.Stderr, "Writing stories and pictures")
		defer bar.Done()
		out, err := toFile(c.To, func(w io.Writer) (port.Exported, error) {
			return port.Export(ctx, rooms(a), w, func(done, total int64) { bar.Step(int(done), int(total)) })
		})
		if err != nil {
			return err
		}
		bar.Done()
		fmt.Fprintf(os.Stderr, "%d stories in %d editions with %d revisions, %d pages and %d pictures are in %s.\n", out.Stories, out.Editions, out.Revisions, out.Pages, out.Pictures, c.To)
		return nil
	})
}
