package media

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"depesche/internal/media/webp"
	"depesche/internal/problem"
)

const (
	avifQuality = 52
	// avifTime bounds the making of all of a picture's files.
	avifTime = 5 * time.Minute
	// vipsMemory bounds the child's address space, in KiB. It maps far more than it uses.
	vipsMemory = 2 << 20
)

// makeAVIF has vipsthumbnail make the AVIFs.
func (s *Service) makeAVIF(ctx context.Context, id ID, generation string) error {
	p, err := s.ByID(ctx, s.db.Read(), id)
	if problem.Is(err, problem.NotFound) || err == nil && (p.Generation != generation || p.State != Ready) || s.vips == "" {
		return nil
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, avifTime)
	defer cancel()
	if err := s.byVIPS(ctx, p, avif, "[Q="+strconv.Itoa(avifQuality)+",effort=4,strip]"); err != nil {
		return fmt.Errorf("AVIF of picture %s: %w", id, err)
	}
	s.kept.forget(id)
	return s.rendered(ctx, p, []string{jpg, webpEx, avif}, Ready)
}

// byVIPS has vipsthumbnail make a picture's files of a format, in children with bounds on time and
// memory. It gets our own rendering, never the stranger's file.
func (s *Service) byVIPS(ctx context.Context, p Picture, ext, options string) error {
	base, err := s.pixels(ctx, p)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "depesche-vips-")
	if err != nil {
		return diskError(err)
	}
	defer os.RemoveAll(dir)
	for i := len(p.Widths) - 1; i >= 0; i-- {
		w := p.Widths[i]
		base = p.at(base, w)
		in, out := filepath.Join(dir, "in.png"), filepath.Join(dir, strconv.Itoa(w)+"."+ext)
		if err := writePNG(in, base); err != nil {
			return diskError(err)
		}
		if err := s.runVIPS(ctx, dir, in, out+options, w); err != nil {
			return fmt.Errorf("at %d: %w", w, err)
		}
		data, err := os.ReadFile(out)
		if err == nil && ext == webpEx {
			data, err = webp.Bare(data)
		}
		if err != nil {
			return fmt.Errorf("at %d: %w", w, err)
		}
		if err := s.put(ctx, fileKey(p.ID, p.Generation, w, ext), data); err != nil {
			return err
		}
	}
	return nil
}

func writePNG(name string, img *image.NRGBA) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	// Unpacked: it is read once, a moment later.
	err = (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(f, img)
	if err2 := f.Close(); err == nil {
		err = err2
	}
	return err
}

func (s *Service) runVIPS(ctx context.Context, dir, in, out string, width int) error {
	// The shell sets the bound, then becomes the program; its arguments are ours alone.
	script := `ulimit -v ` + strconv.Itoa(vipsMemory) + ` && exec "$0" "$@"`
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", script, s.vips, in, "--size", strconv.Itoa(width)+"x", "-o", out)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir, "VIPS_CONCURRENCY=1"}
	cmd.WaitDelay = time.Second
	said, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %.300s", filepath.Base(s.vips), err, said)
	}
	return nil
}
