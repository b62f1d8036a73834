package port

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/publication"
)

// Fetch gets a file from another site. The caller of an import decides how careful it is.
type Fetch func(ctx context.Context, url string) (io.ReadCloser, error)

// Options say how an export is taken in. The zero value is a good one.
type Options struct {
	// Actor is who imports; the zero value is the system.
	Actor actor.Actor
	// Lang is the language of posts that don't say theirs. Empty means: the site's, else the paper's
	// main one.
	Lang lang.Tag
	// Origin names the site, so that posts of the next export are recognised. Empty means: its
	// address.
	Origin string
	// Fetch brings pictures into the library. Nil leaves links in their places; a later import with
	// Fetch puts the pictures there.
	Fetch Fetch
	// Types are the kinds of post, beside post and page, that become stories. Nil means: all that
	// aren't known to be a plug-in's own.
	Types []string
	// Batch is how many items are one transaction; 0 means 100.
	Batch int
	// Progress is told of bytes read; each file is read twice.
	Progress Progress
	// Item is told of each item with remarks, in the order of the exports, but of pages after the
	// stories of their batch; the report keeps the first thousand only. An error ends the import.
	Item func(ItemReport) error
}

// ErrImporting says that another import is under way in this newsroom.
var ErrImporting = errors.New("another import is under way in this newsroom: wait for its end, or end it, and run this again")

// Importer is who imports where no person does.
var Importer = actor.System("import")

// ImportWordPress takes in exports of one WordPress site: posts become stories with their sections,
// topics and authors, pages become static pages, their old addresses lead to the new ones.
//
// First all files are read to their ends. What isn't an export, or is broken beyond repair, is
// refused then, with file, line and reason (problem.Invalid), and nothing is taken in. After that
// each item is taken in whole or not at all; one that can't be is in the report.
//
// It can be repeated and interrupted at any moment: what came in before and hasn't changed is passed
// by, what has changed gets a new revision, unless somebody has written in it since. Memory doesn't
// grow with the exports. The report is right also beside an error.
func ImportWordPress(ctx context.Context, rooms Rooms, files []File, o Options) (Report, error) {
	im := &importer{rooms: rooms, o: o, report: newReport(files), names: map[nameKey]*knownName{}}
	if im.o.Actor.ID == "" {
		im.o.Actor = Importer
	}
	err := im.run(ctx, files)
	if err != nil {
		err = fmt.Errorf("import from WordPress: %w", err)
	}
	return im.report, err
}

type importer struct {
	rooms  Rooms
	o      Options
	report Report
	paper  publication.Paper
	now    time.Time
	index  *index
	origin string
	lang   lang.Tag // of posts that don't say theirs
	base   *url.URL // the site's address
	names  map[nameKey]*knownName
	pics   *pictures
	bytes  counter
}

func (im *importer) run(ctx context.Context, files []File) error {
	if len(files) == 0 {
		return errors.New("no file is named")
	}
	paper, err := im.rooms.Publication.Paper(ctx)
	if err != nil {
		return err
	}
	im.paper, im.now = paper, im.rooms.DB.Now()
	for _, f := range files {
		im.bytes.total += 2 * f.Size
	}
	im.bytes.tell = im.o.Progress

	// Two at once would make everything twice and stumble over each other.
	held, err := im.rooms.DB.Hold(ctx, "import")
	if err != nil {
		return err
	}
	if held == nil {
		return ErrImporting
	}
	defer held.Release()
	scrap, err := newScrap()
	if err != nil {
		return err
	}
	defer scrap.Close()
	if im.index, err = im.look(ctx, files, scrap); err != nil {
		return err
	}
	if err := im.settle(); err != nil {
		return err
	}
	if im.pics, err = newPictures(ctx, im); err != nil {
		return err
	}
	return im.takeIn(ctx, files)
}

// settle decides what holds for the whole import.
func (im *importer) settle() error {
	site := im.index.site
	address := strings.TrimRight(first(site.BaseBlog, site.Link, site.BaseSite), "/")
	if im.origin = im.o.Origin; im.origin == "" {
		if im.origin = address; im.origin == "" {
			im.origin = im.report.Files[0].Name
		}
	}
	im.origin = "wordpress:" + im.origin
	im.report.Origin = im.origin
	var err error
	if im.base, err = url.Parse(address); err != nil || im.base.Host == "" {
		im.base = &url.URL{}
	}
	switch {
	case im.o.Lang != "":
		if im.lang, err = lang.Parse(string(im.o.Lang)); err != nil {
			return fmt.Errorf("language of the posts: %w", err)
		}
		im.lang = im.matchLang(im.lang)
	case site.Language != "":
		if l, err := lang.Parse(strings.ReplaceAll(site.Language, "_", "-")); err == nil {
			im.lang = im.matchLang(l)
		}
	}
	if im.lang == "" {
		im.lang = im.paper.MainLang
	}
	return nil
}

// matchLang returns the paper's language that l is, or the language without its region.
func (im *importer) matchLang(l lang.Tag) lang.Tag {
	if _, ok := im.paper.Language(l); ok {
		return l
	}
	if _, ok := im.paper.Language(l.Base()); ok {
		return l.Base()
	}
	for _, own := range im.paper.Languages {
		if own.Tag.Base() == l.Base() {
			return own.Tag
		}
	}
	return l.Base()
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// counter adds up what is read of several files.
type counter struct {
	done, total int64
	tell        Progress
}

func (c *counter) reader(r io.Reader) io.Reader { return countingReader{r, c} }

type countingReader struct {
	io.Reader
	c *counter
}

func (r countingReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if r.c.done = min(r.c.done+int64(n), r.c.total); r.c.tell != nil {
		r.c.tell(r.c.done, r.c.total)
	}
	return n, err
}

// scrap keeps on disk what is looked up while importing and would be too much for the memory.
type scrap struct {
	file *os.File
	end  int64
	gone bool
}

func newScrap() (*scrap, error) {
	f, err := os.CreateTemp("", "depesche-import-")
	if err != nil {
		return nil, fmt.Errorf("temporary file: %w", err)
	}
	s := &scrap{file: f}
	// While it is open, where the system lets one: no kill leaves it behind.
	s.gone = os.Remove(f.Name()) == nil
	return s, nil
}

// Close also takes the file away.
func (s *scrap) Close() error {
	err := s.file.Close()
	if !s.gone {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}

// put stores b and returns where.
func (s *scrap) put(b []byte) (place, error) {
	at := place{s.end, int32(len(b))}
	n, err := s.file.WriteAt(b, s.end)
	s.end += int64(n)
	return at, err
}

type place struct {
	at   int64
	size int32
}

func (s *scrap) get(p place) ([]byte, error) {
	b := make([]byte, p.size)
	_, err := s.file.ReadAt(b, p.at)
	return b, err
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
