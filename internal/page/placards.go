package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/placard"
	"depesche/internal/problem"
	"depesche/internal/publication"
)

// Placards draws the pictures of shared pages and keeps them. Those that aren't there are drawn when
// they are asked for, one at a time: an address on a page never leads to nothing.
type Placards struct {
	db    *db.DB
	pages *Pages
	files blob.Store
	log   *slog.Logger
	turn  chan struct{}
	wait  chan struct{} // who waits for it
	drawn atomic.Int64
}

// placardQueue is how many may wait for a placard to be drawn before others are sent away.
const placardQueue = 32

// NewPlacards returns the placards of the pages' paper. files may be emptied at any time.
func NewPlacards(p *Pages, d *db.DB, files blob.Store, log *slog.Logger) *Placards {
	return &Placards{db: d, pages: p, files: files, log: log, turn: make(chan struct{}, 1), wait: make(chan struct{}, placardQueue)}
}

// Drawn is how many placards were drawn since the start.
func (p *Placards) Drawn() int64 { return p.drawn.Load() }

// Work registers the job that draws what goes out.
func (p *Placards) Work(r *jobs.Runner) {
	jobs.Handle(r, func(ctx context.Context, j placard.Wanted) error {
		_, err := p.open(ctx, j.Lang, strconv.FormatInt(j.Number, 10), nil)
		if _, gone := GoneOf(err); gone || IsMissing(err) {
			return nil // taken back meanwhile
		}
		return err
	})
}

// Placard is a drawn file. Hash is that of what is drawn.
type Placard struct {
	Data []byte
	Type string
	Hash string
}

var placardAddress = regexp.MustCompile(`^([A-Za-z0-9-]{2,35})/(paper|[1-9][0-9]{0,17}|section-[0-9a-z]{26})-([a-z2-7]{16})\.(?:jpg|png)$`)

// Open returns the placard behind an address below [PlacardPrefix] as it is now; book is told what it depends
// on. Of a story that was withdrawn it returns an error for [GoneOf], of what isn't out
// problem.NotFound.
//
// An address of old leads to the placard of now: a headline that was wrong is nowhere to be had.
func (p *Placards) Open(ctx context.Context, address string, book db.Notebook) (Placard, error) {
	m := placardAddress.FindStringSubmatch(address)
	if m == nil {
		return Placard{}, problem.New(problem.NotFound, "problem.not_found")
	}
	l, err := lang.Parse(m[1])
	if err != nil || string(l) != m[1] {
		return Placard{}, problem.New(problem.NotFound, "problem.not_found")
	}
	return p.open(ctx, l, m[2], book)
}

func (p *Placards) open(ctx context.Context, l lang.Tag, what string, book db.Notebook) (Placard, error) {
	var spec placard.Spec
	err := p.db.Snapshot(ctx, func(q db.Conn) error {
		if book != nil {
			q = db.Noted(q, book)
		}
		var err error
		spec, err = p.spec(ctx, q, l, what)
		return err
	})
	if err != nil {
		return Placard{}, err
	}
	data, err := p.file(ctx, spec)
	return Placard{Data: data, Type: spec.Type(), Hash: spec.Hash()}, err
}

// spec says what is drawn for it now.
func (p *Placards) spec(ctx context.Context, q db.Conn, l lang.Tag, what string) (placard.Spec, error) {
	s, err := p.pages.Site(ctx, q, l)
	if err != nil {
		return placard.Spec{}, err
	}
	if what == placardPaper {
		return s.paperPlacard(), nil
	}
	if id, ok := strings.CutPrefix(what, placardSection); ok {
		sec, err := p.pages.rooms.Publication.SectionByID(ctx, q, publication.SectionID(id))
		if err == nil && sec.Names[l].Name == "" {
			err = problem.New(problem.NotFound, "problem.not_found")
		}
		return s.sectionPlacard(sec), err
	}
	number, err := strconv.ParseInt(what, 10, 64)
	if err != nil {
		return placard.Spec{}, problem.New(problem.NotFound, "problem.not_found")
	}
	live, err := p.pages.rooms.Editions.Published(ctx, q, number, l)
	if err != nil {
		return placard.Spec{}, err
	}
	f, err := s.gather(ctx, q, live)
	if err != nil {
		return placard.Spec{}, err
	}
	return s.storyPlacard(f), nil
}

func placardKey(s placard.Spec) string { return "placard/" + s.Hash() + "." + s.Ext() }

// file returns the drawn file, and draws it if nobody has.
func (p *Placards) file(ctx context.Context, s placard.Spec) ([]byte, error) {
	if data, err := p.kept(ctx, s); err == nil || !problem.Is(err, problem.NotFound) {
		return data, err
	}
	select {
	case p.wait <- struct{}{}:
		defer func() { <-p.wait }()
	default:
		return nil, problem.New(problem.Unavailable, "problem.unavailable")
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if data, err := p.kept(ctx, s); err == nil || !problem.Is(err, problem.NotFound) {
		return data, err // drawn while we waited
	}
	data, err := p.draw(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := p.files.Put(ctx, placardKey(s), bytes.NewReader(data)); err != nil {
		// It is a cache: a full disk keeps nobody from seeing it.
		p.log.WarnContext(ctx, "a placard isn't kept", "err", err)
	}
	if p.drawn.Add(1)%sweepEvery == 0 {
		p.sweep(ctx)
	}
	return data, nil
}

// mostKept is more than any placard.
const mostKept = 4 << 20

func (p *Placards) kept(ctx context.Context, s placard.Spec) ([]byte, error) {
	f, _, err := p.files.Open(ctx, placardKey(s))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostKept))
}

func (p *Placards) draw(ctx context.Context, s placard.Spec) ([]byte, error) {
	var photo image.Image
	if s.Picture != "" {
		var err error
		if photo, err = p.photo(ctx, s.Picture); err != nil {
			return nil, fmt.Errorf("placard: %w", err)
		}
	}
	data, err := p.pages.rooms.Placards.Draw(s, photo)
	if errors.Is(err, placard.ErrLetters) {
		p.log.InfoContext(ctx, "a placard lacks its words", "lang", string(s.Lang), "err", err)
		err = nil
	}
	return data, err
}

// photo reads one of our own renditions; nil without an error if it isn't there any more, or can't be
// read: the placard has its headline then.
func (p *Placards) photo(ctx context.Context, name string) (image.Image, error) {
	f, err := p.pages.rooms.Media.Open(ctx, name)
	if problem.Is(err, problem.NotFound) {
		return nil, nil //nolint:nilnil // see above
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		p.log.ErrorContext(ctx, "a rendition can't be read", "picture", name, "err", err)
		return nil, nil //nolint:nilerr,nilnil // see above
	}
	return img, nil
}

// What nobody asked for anew is drawn again when it is: so old files go.
const (
	sweepEvery = 256
	placardAge = 30 * 24 * time.Hour
)

func (p *Placards) sweep(ctx context.Context) {
	var old []string
	before := p.db.Now().Add(-placardAge)
	err := p.files.List(ctx, "placard/", func(i blob.Info) error {
		if i.Modified.Before(before) {
			old = append(old, i.Key)
		}
		return nil
	})
	for _, key := range old {
		err = errors.Join(err, p.files.Delete(ctx, key))
	}
	if err != nil {
		p.log.WarnContext(ctx, "old placards are left", "err", err)
	}
}
