package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/id"
	"depesche/internal/jobs"
	"depesche/internal/media/drawing"
	"depesche/internal/media/raster"
	"depesche/internal/problem"
)

// Upload takes a picture in. A file that is there already is not taken again: its picture is
// returned as it is. When it returns, the picture can be shown in all widths as JPEG; WebP follows as
// a job. A photograph of twelve megapixels takes less than a second.
//
// It refuses with problem.Invalid: per field (kind, credit, caption.<lang>, alt.<lang>,
// credit.<lang>), or for the file with a key problem.picture_wrong_type (its argument "name" says
// what it is, or is ""), picture_too_large, picture_bomb, picture_shape, picture_broken, and
// problem.drawing_refused ("name": what was found) for a drawing.
func (s *Service) Upload(ctx context.Context, a actor.Actor, u Upload) (Picture, error) {
	return s.take(ctx, a, u, false)
}

// AddDrawing is [Service.Upload] for a drawing: any other file is refused.
func (s *Service) AddDrawing(ctx context.Context, a actor.Actor, u Upload) (Picture, error) {
	return s.take(ctx, a, u, true)
}

func (s *Service) take(ctx context.Context, a actor.Actor, u Upload, drawingOnly bool) (Picture, error) {
	if !actor.May(a, actor.EditPictures, actor.Scope{}) {
		return Picture{}, forbidden()
	}
	var f problem.Fields
	p := Picture{Kind: u.Kind, Credit: u.Credit, Texts: u.Texts, FocusX: 500, FocusY: 500, FileName: fileName(u.Name), UploadedBy: a.ID}
	guessed := p.Kind == ""
	if guessed {
		p.Kind = Photo
	}
	p = checkFields(&f, p)
	if err := f.Err(); err != nil {
		return Picture{}, err
	}
	file, err := spool(u.R, s.maxBytes)
	if err != nil {
		return Picture{}, fmt.Errorf("take in %q: %w", p.FileName, err)
	}
	defer file.Close()
	if there, err := s.store().bySHA(ctx, s.db.Read(), file.sha); err == nil {
		return s.ByID(ctx, s.db.Read(), there)
	} else if !problem.Is(err, problem.NotFound) {
		return Picture{}, fmt.Errorf("take in %q: %w", p.FileName, err)
	}
	p.ID, p.Bytes = ID(id.New(s.db.Now())), file.size
	p.Generation = generation(file.sha, "")
	isDrawing, err := file.isDrawing()
	switch {
	case err != nil:
	case isDrawing || drawingOnly:
		if guessed {
			p.Kind = Illustration
		}
		p, err = s.draw(ctx, p, file)
	default:
		lang := u.Lang
		if lang == "" {
			lang = a.UILang
		}
		p, err = s.develop(ctx, p, file, func(p Picture, m raster.Meta) Picture { return offer(p, m, lang) })
	}
	if err == nil {
		err = s.insert(ctx, a, p, file.sha)
	}
	if err != nil {
		s.forget(p.ID)
		if problem.Is(err, problem.Conflict) { // the same file, taken in at the same time
			if there, err := s.store().bySHA(ctx, s.db.Read(), file.sha); err == nil {
				return s.ByID(ctx, s.db.Read(), there)
			}
		}
		return Picture{}, fmt.Errorf("take in %q: %w", p.FileName, err)
	}
	return s.ByID(ctx, s.db.Read(), p.ID)
}

func (s *Service) insert(ctx context.Context, a actor.Actor, p Picture, sha string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.store().insert(ctx, tx, p, sha); err != nil {
			return err
		}
		if p.State == Rendering {
			if err := jobs.Enqueue(ctx, tx, renderJob{Picture: p.ID, Generation: p.Generation}); err != nil {
				return err
			}
		}
		return tell(ctx, tx, a, "picture.upload", p.ID, map[string]any{"file": p.FileName, "format": p.Format, "width": p.Width, "height": p.Height})
	})
}

// forget deletes the files of a picture that didn't come to be. What can't be deleted now, the
// weekly sweep finds.
func (s *Service) forget(id ID) {
	s.kept.forget(id)
	if err := s.sweep(context.Background(), id); err != nil {
		s.log.Warn("files of a refused picture are left", "picture", string(id), "err", err)
	}
}

// draw stores a drawing, cleaned, beside its original.
func (s *Service) draw(ctx context.Context, p Picture, file *spooled) (Picture, error) {
	if file.size > drawing.MaxBytes {
		return p, tooLarge(drawing.MaxBytes)
	}
	data, err := file.all()
	if err != nil {
		return p, err
	}
	d, err := drawing.Clean(data)
	if err != nil {
		return p, err
	}
	if err := s.put(ctx, originalKey(p.ID), data); err != nil {
		return p, err
	}
	p.Format, p.Width, p.Height, p.State, p.Formats = svg, d.Width, d.Height, Ready, []string{svg}
	if err := s.put(ctx, drawingKey(p.ID, p.Generation), d.SVG); err != nil {
		return p, err
	}
	return p, s.share(ctx, &p, d.SVG)
}

// develop decodes a picture and stores its original and its JPEGs.
func (s *Service) develop(ctx context.Context, p Picture, file *spooled, offered func(Picture, raster.Meta) Picture) (Picture, error) {
	h, err := raster.Read(file)
	var much *problem.Error
	if errors.As(err, &much) && much.Key == keyTooLarge {
		much.Args = []any{"mb", s.maxBytes >> 20}
	}
	if err != nil {
		return p, err
	}
	p = offered(p, raster.ReadMeta(file, &h))
	base, w, ht, err := s.decode(ctx, file, h, raster.Whole)
	if err != nil {
		return p, err
	}
	p.Format, p.Width, p.Height = h.Format, w, ht
	p.State, p.Formats, p.Widths = Rendering, []string{jpg}, widthsFor(w, ht)
	if err := file.rewind(); err != nil {
		return p, err
	}
	if err := s.files.Put(ctx, originalKey(p.ID), file); err != nil {
		return p, err
	}
	if err := s.putJPEGs(ctx, p, base); err != nil {
		return p, err
	}
	if err := s.putJPEG(ctx, wholeKey(p.ID), p.at(base, wholeWidth)); err != nil {
		return p, err
	}
	s.kept.put(p, base)
	return p, nil
}

// spooled is an upload in a file of its own, which is gone when it is closed.
type spooled struct {
	*os.File
	size int64
	sha  string
	gone bool // its name is
}

// spool writes an upload to a file, so that many at once don't fill the memory.
func spool(r io.Reader, most int64) (*spooled, error) {
	f, err := os.CreateTemp("", "depesche-upload-")
	if err != nil {
		return nil, diskError(err)
	}
	out := &spooled{File: f}
	// While it is open, where the system lets one: no kill leaves it behind.
	out.gone = os.Remove(f.Name()) == nil
	sum := sha256.New()
	out.size, err = io.Copy(f, io.TeeReader(io.LimitReader(r, most+1), sum))
	switch {
	case err != nil:
		err = diskError(err)
	case out.size > most:
		err = tooLarge(most)
	}
	if err != nil {
		out.Close()
		return nil, err
	}
	out.sha = hex.EncodeToString(sum.Sum(nil))
	return out, nil
}

const keyTooLarge = "problem.picture_too_large"

// tooLarge says how large a file may be, in megabytes.
func tooLarge(most int64) error {
	return problem.New(problem.Invalid, keyTooLarge, "mb", most>>20)
}

func diskError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return problem.Wrap(problem.Unavailable, "problem.disk_full", err)
	}
	return err
}

// Close closes the file and deletes it.
func (s *spooled) Close() error {
	err := s.File.Close()
	if !s.gone {
		err = errors.Join(err, os.Remove(s.Name()))
	}
	return err
}

func (s *spooled) rewind() error {
	_, err := s.Seek(0, io.SeekStart)
	return err
}

func (s *spooled) all() ([]byte, error) {
	if err := s.rewind(); err != nil {
		return nil, err
	}
	return io.ReadAll(s)
}

// isDrawing reports whether the file is XML, by its first bytes: everything else is not for the
// parser of drawings.
func (s *spooled) isDrawing() (bool, error) {
	if err := s.rewind(); err != nil {
		return false, err
	}
	start := make([]byte, 512)
	n, err := io.ReadFull(s, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	switch raster.Sniff(trimStart(start[:n])) {
	case "SVG", "XML":
		return true, nil
	}
	return false, nil
}

// trimStart takes a byte order mark and blanks away.
func trimStart(b []byte) []byte {
	for len(b) > 0 {
		switch {
		case len(b) >= 3 && string(b[:3]) == "\xef\xbb\xbf":
			b = b[3:]
		case b[0] == ' ' || b[0] == '\n' || b[0] == '\r' || b[0] == '\t':
			b = b[1:]
		case len(b) >= 4 && string(b[:4]) == "<!--":
			return []byte("<svg") // a comment before the root: the parser shall say what it is
		default:
			return b
		}
	}
	return b
}
