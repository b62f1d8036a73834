package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"
	"strconv"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/jobs"
	"depesche/internal/media/raster"
	"depesche/internal/problem"
)

// How well renditions keep the picture. 82 and 78 look alike.
const (
	jpegQuality = 82
	webpQuality = 78
	// wholeWidth is the width of what is shown to those who choose a crop.
	wholeWidth = 960
)

// decode returns the part of a picture at the largest width that is rendered, and the size of the
// whole upright picture. It waits for its turn.
func (s *Service) decode(ctx context.Context, r io.ReadSeeker, h raster.Header, part raster.Part) (base *image.NRGBA, w, ht int, err error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, 0, 0, ctx.Err()
	}
	p, err := raster.Decode(r, h)
	if err != nil {
		return nil, 0, 0, err
	}
	w, ht = p.Upright()
	widths := widthsFor(part.Size(w, ht))
	return p.Scaled(part, widths[len(widths)-1]), w, ht, nil
}

func (s *Service) put(ctx context.Context, key string, data []byte) error {
	return s.files.Put(ctx, key, bytes.NewReader(data))
}

func (s *Service) putJPEGs(ctx context.Context, p Picture, base *image.NRGBA) error {
	for _, w := range slices.Backward(p.Widths) {
		if err := s.putJPEG(ctx, fileKey(p.ID, p.Generation, w, jpg), p.at(base, w)); err != nil {
			return err
		}
	}
	return nil
}

// at returns what p shows at a width, of a larger rendering of it.
func (p Picture) at(img *image.NRGBA, width int) *image.NRGBA {
	w, h := p.Shown()
	return raster.Shrunk(img, width, raster.HeightAt(width, w, h))
}

func (s *Service) putJPEG(ctx context.Context, key string, img *image.NRGBA) error {
	var b bytes.Buffer
	if err := raster.WriteJPEG(&b, img, jpegQuality); err != nil {
		return err
	}
	return s.files.Put(ctx, key, &b)
}

// Finish makes now what is left to make of a picture, instead of waiting for the job.
func (s *Service) Finish(ctx context.Context, id ID) error {
	p, err := s.ByID(ctx, s.db.Read(), id)
	if err != nil {
		return err
	}
	return s.finish(ctx, id, p.Generation)
}

// finish makes the WebPs of a picture whose crop is still that of the generation. Done twice, it
// does the same again.
func (s *Service) finish(ctx context.Context, id ID, generation string) error {
	p, err := s.ByID(ctx, s.db.Read(), id)
	if problem.Is(err, problem.NotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	if p.Generation != generation || p.State != Rendering {
		return nil
	}
	err = s.makeWebP(ctx, p)
	if problem.Is(err, problem.NotFound) || problem.Is(err, problem.Invalid) {
		s.log.Error("a picture's original can't be read", "picture", string(id), "err", err)
		return s.rendered(ctx, p, p.Formats, Failed)
	}
	if err != nil {
		return fmt.Errorf("render picture %s: %w", id, err)
	}
	if s.vips == "" {
		s.kept.forget(id)
	}
	return s.rendered(ctx, p, []string{jpg, webpEx}, Ready)
}

// makeWebP makes the WebPs by vipsthumbnail, in a fifth of the time and outside of our memory, or
// where that isn't, or can't, by the encoder in the binary.
func (s *Service) makeWebP(ctx context.Context, p Picture) error {
	if s.vips != "" {
		err := s.byVIPS(ctx, p, webpEx, "[Q="+strconv.Itoa(webpQuality)+",effort=4,strip]")
		if err == nil || ctx.Err() != nil || problem.Is(err, problem.NotFound) || problem.Is(err, problem.Invalid) || problem.Is(err, problem.Unavailable) {
			return err
		}
		s.log.Warn("vipsthumbnail makes no WebP", "picture", string(p.ID), "err", err)
	}
	base, err := s.pixels(ctx, p)
	if err != nil {
		return err
	}
	for _, w := range slices.Backward(p.Widths) {
		base = p.at(base, w) // from one width to the next: each is a step of a third
		data, err := s.encoder.Encode(ctx, base, webpQuality)
		if err != nil {
			return fmt.Errorf("at %d: %w", w, err)
		}
		if err := s.put(ctx, fileKey(p.ID, p.Generation, w, webpEx), data); err != nil {
			return err
		}
	}
	return nil
}

// reopen decodes the part of the original that p's crop shows.
func (s *Service) reopen(ctx context.Context, p Picture) (*image.NRGBA, error) {
	f, err := s.Original(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := raster.Read(f)
	if err != nil {
		return nil, err
	}
	raster.ReadMeta(f, &h)
	part, _ := parseCrop(p.Crop)
	base, _, _, err := s.decode(ctx, f, h, part)
	return base, err
}

// rendered stores what there is of a picture now, unless its crop has changed meanwhile.
func (s *Service) rendered(ctx context.Context, p Picture, formats []string, state State) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		done, err := s.store().rendered(ctx, tx, p, formats, state)
		if err != nil || !done {
			return err
		}
		if s.vips != "" && state == Ready && !slices.Contains(formats, avif) {
			if err := jobs.Enqueue(ctx, tx, avifJob{Picture: p.ID, Generation: p.Generation}, jobs.MaxAttempts(3)); err != nil {
				return err
			}
		}
		return tell(ctx, tx, actor.System("media"), "picture.rendered", p.ID, map[string]any{"formats": formats})
	})
	if err != nil {
		return fmt.Errorf("picture %s is rendered: %w", p.ID, err)
	}
	return nil
}

// Save stores kind, credit, focus, crop and words of a picture that has not changed since its
// Version. A new crop is rendered before it returns, under new addresses; those of the old one go a
// day later, when no page shows them any more. The fields of its problems are kind, credit, focus_x,
// focus_y, crop, caption.<lang>, alt.<lang> and credit.<lang>.
func (s *Service) Save(ctx context.Context, a actor.Actor, p Picture) (Picture, error) {
	if !actor.May(a, actor.EditPictures, actor.Scope{}) {
		return Picture{}, forbidden()
	}
	var f problem.Fields
	next := checkFields(&f, p)
	if err := f.Err(); err != nil {
		return Picture{}, err
	}
	old, err := s.ByID(ctx, s.db.Read(), p.ID)
	if err != nil {
		return Picture{}, err
	}
	if old.Version != p.Version { // before the work, not after
		return Picture{}, stale()
	}
	if old.Format == svg {
		next.Crop = ""
	}
	sha, err := s.store().sha(ctx, s.db.Read(), p.ID)
	if err != nil {
		return Picture{}, fmt.Errorf("save picture %s: %w", p.ID, err)
	}
	next.FileName, next.Format, next.Width, next.Height = old.FileName, old.Format, old.Width, old.Height
	next.Widths, next.Formats, next.State, next.Generation = old.Widths, old.Formats, old.State, old.Generation
	cropped := next.Crop != old.Crop
	if cropped {
		next.Generation = generation(sha, next.Crop)
		if next, err = s.crop(ctx, next); err != nil {
			return Picture{}, fmt.Errorf("crop picture %s: %w", p.ID, err)
		}
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error { return s.update(ctx, tx, a, next, cropped) })
	if err != nil {
		return Picture{}, fmt.Errorf("save picture %s: %w", p.ID, err)
	}
	return s.ByID(ctx, s.db.Read(), p.ID)
}

// crop renders the JPEGs of a new crop.
func (s *Service) crop(ctx context.Context, p Picture) (Picture, error) {
	base, err := s.reopen(ctx, p)
	if err != nil {
		return p, err
	}
	p.Widths, p.Formats, p.State = widthsFor(p.Shown()), []string{jpg}, Rendering
	if err := s.putJPEGs(ctx, p, base); err != nil {
		return p, err
	}
	s.kept.put(p, base)
	return p, nil
}

// fallow is how long the files of a former crop stay: pages in caches show them.
const fallow = 24 * time.Hour

func (s *Service) update(ctx context.Context, tx *db.Tx, a actor.Actor, p Picture, cropped bool) error {
	if err := s.store().update(ctx, tx, p, cropped); err != nil {
		return err
	}
	if cropped {
		err := errors.Join(
			jobs.Enqueue(ctx, tx, renderJob{Picture: p.ID, Generation: p.Generation}),
			jobs.Enqueue(ctx, tx, sweepJob{Picture: p.ID}, jobs.Delay(fallow)),
		)
		if err != nil {
			return err
		}
	}
	return tell(ctx, tx, a, "picture.save", p.ID, map[string]any{"credit": p.Credit, "crop": p.Crop})
}
