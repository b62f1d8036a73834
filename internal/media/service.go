package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/jobs"
	"depesche/internal/media/raster"
	"depesche/internal/media/webp"
	"depesche/internal/problem"
)

// Service takes pictures in, renders and finds them.
type Service struct {
	db      *db.DB
	files   blob.Store
	encoder *webp.Encoder
	vips    string // path of vipsthumbnail, or ""
	log     *slog.Logger
	// maxBytes is the largest file that is taken.
	maxBytes int64
	// turn is held while a picture is decoded: one at a time, since each can take some hundred
	// megabytes.
	turn chan struct{}
	kept kept
}

// New returns the library. It costs no memory until the first picture.
func New(d *db.DB, files blob.Store, o Options) (*Service, error) {
	s := &Service{db: d, files: files, encoder: webp.New(o.CacheDir), log: o.Log, turn: make(chan struct{}, 1), maxBytes: raster.MaxBytes}
	if o.MaxBytes > 0 {
		s.maxBytes = min(o.MaxBytes, raster.MaxBytes)
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	switch o.VIPS {
	case "-":
	case "":
		s.vips, _ = exec.LookPath("vipsthumbnail") // none is fine: then there is no AVIF
	default:
		path, err := exec.LookPath(o.VIPS)
		if err != nil {
			return nil, fmt.Errorf("pictures: %w", err)
		}
		s.vips = path
	}
	return s, nil
}

// Close frees the encoder.
func (s *Service) Close(ctx context.Context) error {
	s.kept.clear()
	return s.encoder.Close(ctx)
}

// Work registers the room's jobs: WebP and AVIF of what was taken in or cropped, also if its
// job is gone, and the sweeping of files that nothing refers to any more.
func (s *Service) Work(r *jobs.Runner) {
	jobs.Handle(r, func(ctx context.Context, j renderJob) error { return s.finish(ctx, j.Picture, j.Generation) })
	jobs.Handle(r, func(ctx context.Context, j avifJob) error { return s.makeAVIF(ctx, j.Picture, j.Generation) })
	jobs.Handle(r, func(ctx context.Context, j sweepJob) error { return s.sweep(ctx, j.Picture) })
	jobs.Handle(r, func(ctx context.Context, _ orphansJob) error { return s.sweepOrphans(ctx) })
	r.Periodic(7*24*time.Hour, orphansJob{})
	jobs.Handle(r, func(ctx context.Context, _ unfinishedJob) error { return s.resume(ctx) })
	r.Periodic(time.Hour, unfinishedJob{})
	jobs.Handle(r, func(ctx context.Context, _ noAVIFJob) error { return s.resumeAVIF(ctx) })
	r.Periodic(7*24*time.Hour, noAVIFJob{})
}

// The jobs' data. Generation tells a job that comes late that the crop is another by now.
type (
	renderJob struct {
		Picture    ID     `json:"picture"`
		Generation string `json:"generation"`
	}
	avifJob struct {
		Picture    ID     `json:"picture"`
		Generation string `json:"generation"`
	}
	sweepJob struct {
		Picture ID `json:"picture"`
	}
	orphansJob struct{}
)

func (renderJob) Kind() string  { return "media.render" }
func (avifJob) Kind() string    { return "media.avif" }
func (sweepJob) Kind() string   { return "media.sweep" }
func (orphansJob) Kind() string { return "media.orphans" }

func (s *Service) store() store { return store{} }

func forbidden() error { return problem.New(problem.Forbidden, "problem.forbidden") }

// tell records the act and lets the other rooms know, in the act's own transaction.
func tell(ctx context.Context, tx *db.Tx, a actor.Actor, act string, id ID, detail any) error {
	subject := "picture:" + string(id)
	if err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: subject, Detail: detail}); err != nil {
		return err
	}
	return events.Append(ctx, tx, "picture.changed", subject, nil)
}

// List returns pictures, the newest first.
func (s *Service) List(ctx context.Context, q db.Conn, f Filter) ([]Picture, error) {
	f.Limit = max(1, min(f.Limit, 500))
	list, err := s.store().list(ctx, q, f)
	if err != nil {
		return nil, fmt.Errorf("pictures: %w", err)
	}
	return list, nil
}

// ByID returns the picture, or problem.NotFound if it isn't there or was deleted.
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Picture, error) {
	db.Note(q, "picture", id)
	list, err := s.store().byIDs(ctx, q, []ID{id})
	if err == nil && len(list) == 0 {
		err = problem.New(problem.NotFound, "problem.not_found")
	}
	if err != nil {
		return Picture{}, fmt.Errorf("picture %s: %w", id, err)
	}
	return list[0], nil
}

// ByIDs returns those of the IDs that there are.
func (s *Service) ByIDs(ctx context.Context, q db.Conn, ids []ID) (map[ID]Picture, error) {
	db.Note(q, "picture", ids...)
	out := make(map[ID]Picture, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), 500)]
		ids = ids[len(part):]
		list, err := s.store().byIDs(ctx, q, part)
		if err != nil {
			return nil, fmt.Errorf("pictures: %w", err)
		}
		for _, p := range list {
			out[p.ID] = p
		}
	}
	return out, nil
}

// Used asks the rooms above whether a picture is used anywhere, or only in what was saved since, if that isn't zero.
type Used func(ctx context.Context, q db.Conn, id ID, since time.Time) (bool, error)

// clockRoom is more than the clocks of nodes differ by.
const clockRoom = time.Hour

// Delete takes a picture away, with all its files, unless it is used (problem.Conflict) or has
// changed since version.
func (s *Service) Delete(ctx context.Context, a actor.Actor, id ID, version int64, used Used) error {
	if !actor.May(a, actor.DeletePictures, actor.Scope{}) {
		return forbidden()
	}
	// All texts are gone through beside the writers, who would wait for it in a large paper.
	began := s.db.Now()
	if err := unused(ctx, s.db.Read(), id, time.Time{}, used); err != nil {
		return fmt.Errorf("delete picture %s: %w", id, err)
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := unused(ctx, tx, id, began.Add(-clockRoom), used); err != nil {
			return err
		}
		if err := s.store().delete(ctx, tx, id, version); err != nil {
			return err
		}
		if err := jobs.Enqueue(ctx, tx, sweepJob{Picture: id}); err != nil {
			return err
		}
		return tell(ctx, tx, a, "picture.delete", id, map[string]string{"file": p.FileName, "credit": p.Credit})
	})
	if err != nil {
		return fmt.Errorf("delete picture %s: %w", id, err)
	}
	return nil
}

func unused(ctx context.Context, q db.Conn, id ID, since time.Time, used Used) error {
	busy, err := used(ctx, q, id, since)
	if err == nil && busy {
		err = problem.New(problem.Conflict, "problem.picture_in_use")
	}
	return err
}

// sweep deletes the files of a picture that nothing refers to: all of one that was deleted, those of
// former crops of one that is there.
func (s *Service) sweep(ctx context.Context, id ID) error {
	keep := ""
	p, err := s.ByID(ctx, s.db.Read(), id)
	switch {
	case err == nil:
		keep = folder(id) + p.Generation + "/"
	case !problem.Is(err, problem.NotFound):
		return err
	}
	var doomed []string
	err = s.files.List(ctx, folder(id), func(i blob.Info) error {
		whole := i.Key == originalKey(id) || i.Key == wholeKey(id)
		if keep == "" || !whole && !hasPrefix(i.Key, keep) {
			doomed = append(doomed, i.Key)
		}
		return nil
	})
	for _, key := range doomed {
		err = errors.Join(err, s.files.Delete(ctx, key))
	}
	if err != nil {
		return fmt.Errorf("sweep picture %s: %w", id, err)
	}
	return nil
}

// sweepOrphans deletes files without a picture: an upload that was killed leaves them. Young ones may
// belong to an upload at work.
func (s *Service) sweepOrphans(ctx context.Context) error {
	young := s.db.Now().Add(-24 * time.Hour)
	byPicture := map[ID]bool{} // true: an old file was seen, none that is young
	err := s.files.List(ctx, "media/", func(i blob.Info) error {
		id := pictureOf(i.Key)
		old, seen := byPicture[id]
		byPicture[id] = (old || !seen) && i.Modified.Before(young)
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for orphans: %w", err)
	}
	for id, old := range byPicture {
		if !old || id == "" {
			continue
		}
		if _, err := s.ByID(ctx, s.db.Read(), id); problem.Is(err, problem.NotFound) {
			if err := s.sweep(ctx, id); err != nil {
				return err
			}
			s.log.Info("files without a picture deleted", "picture", string(id))
		} else if err != nil {
			return err
		}
	}
	return nil
}
