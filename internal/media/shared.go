package media

import (
	"bytes"
	"context"
	"errors"
	"math"

	"depesche/internal/media/drawing"
	"depesche/internal/media/raster"
)

// A drawing is shared as a JPEG of this width, since messengers and search engines understand no
// drawings. One that is much taller or flatter is of no use to them.
const (
	sharedWidth     = 1200
	leastSharedTall = 300
	mostSharedTall  = 2400
)

// share makes the JPEG of a drawing that readers' browsers don't need. Without it the drawing is
// shown all the same, so that what can't be painted is no fault.
func (s *Service) share(ctx context.Context, p *Picture, svgData []byte) error {
	tall := int(math.Round(sharedWidth * float64(p.Height) / float64(p.Width)))
	if tall < leastSharedTall || tall > mostSharedTall {
		return nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	img, err := drawing.Paint(svgData, sharedWidth, tall)
	if errors.Is(err, drawing.ErrUnpainted) {
		s.log.Info("a drawing has no picture for sharing", "picture", string(p.ID), "why", err)
		return nil
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := raster.WriteJPEG(&b, img, jpegQuality); err != nil {
		return err
	}
	if err := s.put(ctx, fileKey(p.ID, p.Generation, sharedWidth, jpg), b.Bytes()); err != nil {
		return err
	}
	p.Formats, p.Widths = append(p.Formats, jpg), []int{sharedWidth}
	return nil
}

// Shared returns the address and the size of the JPEG to be shown where a link is shared: about 1200
// wide, or "" if there is none.
func (p Picture) Shared() (address string, w, h int) {
	address = p.URL(sharedWidth, jpg)
	w, h = p.Shown()
	if address == "" || w <= 0 {
		return "", 0, 0
	}
	wide := p.Widths[len(p.Widths)-1]
	for _, x := range p.Widths {
		if x >= sharedWidth {
			wide = x
			break
		}
	}
	return address, wide, int(math.Round(float64(wide) * float64(h) / float64(w)))
}
