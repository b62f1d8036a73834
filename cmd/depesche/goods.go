package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
		Stories: a.Stories, Editions: a.Editions, Releases: a.Releases, Corrections: a.Corrections,
	}
}

type backupCmd struct {
	config.Config
	To string `required:"" help:"File to write, or - for standard output." placeholder:"FILE"`
}

// Run saves everything, also while the newsroom is running.
func (c backupCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, func(a *app.App) error {
		bar := newBar(os.Stderr, "Saving files")
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
	f, err := os.CreateTemp(filepath.Dir(name), ".depesche-")
	if err != nil {
		return out, err
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
	config.Config
	From string `required:"" help:"The backup." placeholder:"FILE" type:"existingfile"`
}

// Run brings a backup into an empty newsroom.
func (c restoreCmd) Run(ctx context.Context) error {
	f, err := os.Open(c.From)
	if err != nil {
		return err
	}
	defer f.Close()
	return withApp(ctx, c.Config, func(a *app.App) error {
		bar := newBar(os.Stderr, "Bringing files back")
		defer bar.Done()
		kept, err := port.Restore(ctx, a.DB, a.Blobs, f, bar.Bytes)
		if err != nil {
			return err
		}
		bar.Done()
		fmt.Fprintf(os.Stderr, "%d rows of %d tables and %d files are back. Start with: depesche serve --data %s\n", kept.Rows, kept.Tables, kept.Files, c.Data)
		return nil
	})
}

type importCmd struct {
	Wordpress importWordpressCmd `cmd:"" help:"Exports of WordPress (WXR files), one or several of one site."`
}

type importWordpressCmd struct {
	config.Config
	Files []string `arg:"" type:"existingfile" help:"Export files; several of one site together."`
	Fetch bool     `help:"Fetch pictures from the old site."`
	Lang  string   `help:"Language of items that don't name one; otherwise the site's, or the paper's main one." placeholder:"LANG"`
	JSON  bool     `name:"json" help:"Print the report as JSON."`
}

// Run takes exports in and prints what became of them. It can be run again as often as one likes.
func (c importWordpressCmd) Run(ctx context.Context) error {
	files, err := port.Files(c.Files...)
	if err != nil {
		return err
	}
	var in lang.Tag
	if c.Lang != "" {
		if in, err = lang.Parse(c.Lang); err != nil {
			return fmt.Errorf("--lang: %w", err)
		}
	}
	return withApp(ctx, c.Config, func(a *app.App) error {
		if ready, err := a.Publication.Ready(ctx); err != nil {
			return err
		} else if !ready {
			return fmt.Errorf("this paper isn't set up yet: run `depesche serve --data %s` and open the address it shows", c.Data)
		}
		bar := newBar(os.Stderr, "Taking in")
		defer bar.Done()
		o := port.Options{Lang: in, Progress: bar.Bytes}
		if c.Fetch {
			client := fetch.New(fetch.Options{MaxBytes: c.MaxUpload << 20})
			defer client.Close()
			o.Fetch = func(ctx context.Context, url string) (io.ReadCloser, error) {
				f, err := client.Get(ctx, url)
				if err != nil {
					return nil, err
				}
				return f.Body, nil
			}
		}
		report, err := port.ImportWordPress(ctx, rooms(a), files, o)
		bar.Done()
		if err != nil {
			return err
		}
		if c.JSON {
			enc := json.NewEncoder(os.Stdout)
			enc.SetIndent("", "  ")
			err = enc.Encode(report)
		} else {
			err = report.WriteText(os.Stdout)
		}
		if err == nil && !report.Complete() {
			return errPartly
		}
		return err
	})
}

type exportCmd struct {
	config.Config
	To string `required:"" help:"File to write (.tar.gz), or - for standard output." placeholder:"FILE"`
}

// Run writes everything in formats that others can read, also while the newsroom is running.
func (c exportCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, func(a *app.App) error {
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
