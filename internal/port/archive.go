package port

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/media"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// Exported says what is in an archive.
type Exported struct {
	Stories, Editions, Revisions, Pages, Pictures int
}

// Export writes everything that the paper has, in formats that anyone can read without us: a tar
// archive compressed by gzip, whose README.txt says what is where. It is one moment's state, taken
// while others work. No password, session or other secret is in it; what isn't published yet is.
// progress counts stories and pictures.
func Export(ctx context.Context, rooms Rooms, w io.Writer, progress Progress) (Exported, error) {
	z := gzip.NewWriter(w)
	x := &exporter{rooms: rooms, tar: tar.NewWriter(z), now: rooms.DB.Now(), progress: progress}
	err := rooms.DB.Snapshot(ctx, func(q db.Conn) error { return x.all(ctx, q) })
	if err == nil {
		err = errors.Join(x.tar.Close(), z.Close())
	}
	if err != nil {
		return Exported{}, fmt.Errorf("export: %w", err)
	}
	return x.out, nil
}

type exporter struct {
	rooms       Rooms
	tar         *tar.Writer
	now         time.Time
	progress    Progress
	done, total int64
	paper       publication.Paper
	names       names
	out         Exported
}

func (x *exporter) all(ctx context.Context, q db.Conn) error {
	if err := x.file("README.txt", []byte(archiveReadme)); err != nil {
		return err
	}
	n, err := x.rooms.Stories.Count(ctx, q)
	if err != nil {
		return err
	}
	x.total = n
	if err := x.house(ctx, q); err != nil {
		return err
	}
	if err := x.stories(ctx, q); err != nil {
		return err
	}
	if err := x.pictures(ctx, q); err != nil {
		return err
	}
	if err := x.stream("redirects.jsonl", func(w io.Writer) error { return x.redirects(ctx, q, w) }); err != nil {
		return err
	}
	return x.stream("audit.jsonl", func(w io.Writer) error { return x.audit(ctx, q, w) })
}

func (x *exporter) step() {
	if x.done++; x.progress != nil {
		x.progress(x.done, max(x.done, x.total))
	}
}

func (x *exporter) file(name string, b []byte) error {
	return x.put(name, int64(len(b)), bytes.NewReader(b))
}

func (x *exporter) put(name string, size int64, r io.Reader) error {
	err := x.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size, ModTime: x.now, Format: tar.FormatPAX})
	if err == nil {
		_, err = io.Copy(x.tar, r)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (x *exporter) json(name string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return x.file(name, b.Bytes())
}

// stream writes a file whose size isn't known: on disk first, since an archive names it before.
func (x *exporter) stream(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp("", "depesche-export-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := write(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return x.put(name, size, f)
}

func (x *exporter) stories(ctx context.Context, q db.Conn) error {
	for last := int64(0); ; {
		list, err := x.rooms.Stories.After(ctx, q, last, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, id := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			st, err := x.rooms.Stories.ByID(ctx, q, id)
			if err != nil {
				return err
			}
			if err := x.story(ctx, q, st); err != nil {
				return fmt.Errorf("story %d: %w", st.Number, err)
			}
			last = st.Number
			x.step()
		}
	}
}

func (x *exporter) story(ctx context.Context, q db.Conn, st story.Story) error {
	dir := fmt.Sprintf("stories/%06d/", st.Number)
	editions, err := x.rooms.Editions.OfStory(ctx, q, st.ID)
	if err != nil {
		return err
	}
	out, err := x.describe(ctx, q, st, editions)
	if err != nil {
		return err
	}
	if err := x.json(dir+"story.json", out); err != nil {
		return err
	}
	x.out.Stories++
	for i, e := range editions {
		doc := e.Doc
		if e.PublishedRev != 0 && e.PublishedRev != e.Revision {
			if doc, err = x.rooms.Editions.RevisionDoc(ctx, q, e.ID, e.PublishedRev); err != nil {
				return err
			}
		}
		body, err := doc.Encode()
		if err != nil {
			return err
		}
		if err := x.file(dir+string(e.Lang)+".json", body); err != nil {
			return err
		}
		if err := x.file(dir+string(e.Lang)+".md", x.markdown(st, out.Editions[i], doc)); err != nil {
			return err
		}
		if err := x.revisions(ctx, q, dir+string(e.Lang)+".revisions.jsonl", out.Editions[i]); err != nil {
			return err
		}
		x.out.Editions++
	}
	return nil
}

// revisions writes all that an edition ever said, the first first. Most have a few; they are held in
// memory until they are many.
func (x *exporter) revisions(ctx context.Context, q db.Conn, name string, e editionOut) error {
	write := func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for n := int64(1); n <= e.Revision; n += 50 {
			list, err := x.rooms.Editions.Revisions(ctx, q, e.ID, n+50, 50)
			if err != nil {
				return err
			}
			for i := len(list) - 1; i >= 0; i-- {
				r := list[i]
				if r.Number < n {
					continue
				}
				doc, err := x.rooms.Editions.RevisionDoc(ctx, q, e.ID, r.Number)
				if err != nil {
					return err
				}
				if err := enc.Encode(revisionOut{r.Number, r.Parent, string(r.Kind), r.ByID, r.ByName, r.Why, r.At, doc}); err != nil {
					return err
				}
				x.out.Revisions++
			}
		}
		return nil
	}
	if e.Revision > 50 {
		return x.stream(name, write)
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return x.file(name, b.Bytes())
}

func (x *exporter) pictures(ctx context.Context, q db.Conn) error {
	if x.rooms.Media == nil {
		return nil
	}
	for before := media.ID(""); ; {
		list, err := x.rooms.Media.List(ctx, q, media.Filter{Before: before, Limit: 100})
		if err != nil || len(list) == 0 {
			return err
		}
		x.total += int64(len(list))
		for _, p := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := x.picture(ctx, p); err != nil {
				return fmt.Errorf("picture %s: %w", p.ID, err)
			}
			x.step()
		}
		before = list[len(list)-1].ID
	}
}

func (x *exporter) picture(ctx context.Context, p media.Picture) error {
	dir := "pictures/" + string(p.ID) + "/"
	out := pictureOf(p)
	f, err := x.rooms.Media.Original(ctx, p.ID)
	switch {
	case problem.Is(err, problem.NotFound):
		out.Missing = true // better an archive that says so than none
	case err != nil:
		return err
	default:
		defer f.Close()
		out.File = "original." + extension(p.Format)
		if err := x.put(dir+out.File, f.Size, f); err != nil {
			return err
		}
	}
	x.out.Pictures++
	return x.json(dir+"picture.json", out)
}

func extension(format string) string {
	if format == "jpeg" {
		return "jpg"
	}
	return strings.ToLower(format)
}

func (x *exporter) redirects(ctx context.Context, q db.Conn, w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for after := ""; ; {
		list, err := x.rooms.Publication.Redirects(ctx, q, after, 1000)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, r := range list {
			if err := enc.Encode(map[string]any{"path": r.Path, "target": r.Target, "created": r.Created}); err != nil {
				return err
			}
		}
		after = list[len(list)-1].Path
	}
}

func (x *exporter) audit(ctx context.Context, q db.Conn, w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for before := ""; ; {
		list, err := audit.List(ctx, q, "", 1000, before)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, r := range list {
			if err := enc.Encode(map[string]any{"id": r.ID, "actor": r.Actor, "act": r.Act, "subject": r.Subject, "detail": r.Detail, "at": r.At}); err != nil {
				return err
			}
		}
		before = list[len(list)-1].ID
	}
}

// page writes a static page.
func (x *exporter) page(p publication.Page) (pageOut, error) {
	out := pageOut{ID: string(p.ID), Key: p.Key, Lang: p.Lang, Slug: p.Slug, Title: p.Title, Position: p.Position, Footer: p.Footer, Updated: p.Updated}
	out.File = "pages/" + string(p.Lang) + "/" + p.Key
	if err := x.file(out.File+".json", p.Body); err != nil {
		return out, err
	}
	doc, err := document.Parse(p.Body)
	if err != nil { // an empty page is no document
		doc = document.Doc{Headline: p.Title}
	}
	x.out.Pages++
	return out, x.file(out.File+".md", []byte("# "+p.Title+"\n\n"+document.Markdown(doc.Blocks)+"\n"))
}
