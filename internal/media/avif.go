package media

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"depesche/internal/problem"
)

const (
	avifQuality = 52
	avifTime    = 2 * time.Minute
	// avifMemory bounds the child's address space, in KiB. It maps far more than it uses.
	avifMemory = 2 << 20
)

// makeAVIF has vipsthumbnail make the AVIFs, in a child with bounds on time and memory. It gets our
// own rendering, never the stranger's file.
func (s *Service) makeAVIF(ctx context.Context, id ID, generation string) error {
	p, err := s.ByID(ctx, s.db.Read(), id)
	if problem.Is(err, problem.NotFound) || err == nil && (p.Generation != generation || p.State != Ready) || s.vips == "" {
		return nil
	}
	if err != nil {
		return err
	}
	base, err := s.reopen(ctx, p)
	if err != nil {
		return fmt.Errorf("AVIF of picture %s: %w", id, err)
	}
	dir, err := os.MkdirTemp("", "depesche-avif-")
	if err != nil {
		return diskError(err)
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, avifTime)
	defer cancel()
	for i := len(p.Widths) - 1; i >= 0; i-- {
		w := p.Widths[i]
		base = p.at(base, w)
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, base); err != nil {
			return err
		}
		in, out := filepath.Join(dir, "in.png"), filepath.Join(dir, strconv.Itoa(w)+".avif")
		if err := os.WriteFile(in, b.Bytes(), 0o600); err != nil {
			return diskError(err)
		}
		if err := s.runVIPS(ctx, dir, in, out, w); err != nil {
			return fmt.Errorf("AVIF of picture %s at %d: %w", id, w, err)
		}
		f, err := os.Open(out)
		if err != nil {
			return err
		}
		err = s.files.Put(ctx, fileKey(id, generation, w, avif), f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return s.rendered(ctx, p, []string{jpg, webpEx, avif}, Ready)
}

func (s *Service) runVIPS(ctx context.Context, dir, in, out string, width int) error {
	// The shell sets the bound, then becomes the program; its arguments are ours alone.
	script := `ulimit -v ` + strconv.Itoa(avifMemory) + ` && exec "$0" "$@"`
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", script,
		s.vips, in, "--size", strconv.Itoa(width)+"x", "-o", out+"[Q="+strconv.Itoa(avifQuality)+",effort=4,strip]")
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir, "VIPS_CONCURRENCY=1"}
	cmd.WaitDelay = time.Second
	said, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %.300s", filepath.Base(s.vips), err, said)
	}
	return nil
}
