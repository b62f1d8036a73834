// Package raster reads strangers' pictures: what they are, told by their content and never by their
// name; whether they may be decoded without harm; what they say about themselves; and their pixels,
// upright, in sRGB, at the size that is wanted. It knows no database and keeps nothing.
package raster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"depesche/internal/problem"
)

// The formats that are read, as they are stored.
const (
	JPEG = "jpeg"
	PNG  = "png"
	GIF  = "gif"
	WebP = "webp"
)

// Bounds on what is decoded. A picture within them is far larger than any screen.
const (
	MaxBytes  = 40 << 20
	MaxPixels = 100_000_000
	// maxMemory is what the decoder may need for one picture. Only rare forms reach it before the
	// pixels do: sixteen bits a channel, progressive JPEG without chroma subsampling.
	maxMemory = 600 << 20
	// maxShape is how much longer than wide a picture may be.
	maxShape = 60
	// A file that claims more pixels per byte than this is empty or a bomb; a sheet of one colour
	// below calm pixels is let through.
	maxPerByte  = 4000
	calm        = 4_000_000
	maxScans    = 64   // of a progressive JPEG: each goes over all pixels again
	maxScanWork = 1500 // scans times megapixels
)

// Header is what a file says before its pixels are decoded.
type Header struct {
	Format string
	// Width and Height are as stored, before turning.
	Width, Height int
	Size          int64
	// Orientation is EXIF's, 1 to 8; 1 is upright.
	Orientation int
	profile     []byte // ICC
	memory      int64  // what decoding needs, about
	scans       int
}

// Upright returns width and height after turning.
func (h Header) Upright() (width, height int) {
	if h.Orientation >= 5 {
		return h.Height, h.Width
	}
	return h.Width, h.Height
}

func wrongType(what string) error {
	return problem.New(problem.Invalid, "problem.picture_wrong_type", "name", what)
}

func tooLarge(cause error) error {
	return &problem.Error{Kind: problem.Invalid, Key: "problem.picture_too_large", Args: []any{"mb", MaxBytes >> 20}, Cause: cause}
}

func bomb(cause error) error { return problem.Wrap(problem.Invalid, "problem.picture_bomb", cause) }

func broken(cause error) error {
	return problem.Wrap(problem.Invalid, "problem.picture_broken", cause)
}

// Read looks at a file without decoding its pixels. It refuses with problem.Invalid and one of the
// keys problem.picture_wrong_type, picture_too_large, picture_bomb and picture_broken.
func Read(r io.ReadSeeker) (Header, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return Header{}, err
	}
	if size > MaxBytes {
		return Header{}, tooLarge(fmt.Errorf("%d bytes", size))
	}
	start := make([]byte, min(size, 512))
	if err := readAt(r, 0, start); err != nil {
		return Header{}, err
	}
	h := Header{Format: Sniff(start), Size: size, Orientation: 1}
	switch h.Format {
	case JPEG:
		err = h.readJPEG(r)
	case PNG:
		err = h.readPNG(r)
	case GIF:
		err = h.readGIF(r)
	case WebP:
		err = h.readWebP(r)
	default:
		return Header{}, wrongType(h.Format)
	}
	if err != nil {
		var known *problem.Error
		if errors.As(err, &known) {
			return Header{}, err
		}
		return Header{}, broken(err)
	}
	return h, h.check()
}

// check says whether the pixels may be decoded.
func (h Header) check() error {
	w, ht := int64(h.Width), int64(h.Height)
	if w < 1 || ht < 1 {
		return broken(fmt.Errorf("%d by %d", w, ht))
	}
	pixels := w * ht
	what := fmt.Errorf("%s of %d by %d in %d bytes, decoded %d bytes", h.Format, w, ht, h.Size, h.memory)
	switch {
	case pixels > MaxPixels || w > 1<<16 || ht > 1<<16:
		return tooLarge(what)
	case pixels > calm && pixels/max(1, h.Size) > maxPerByte:
		return bomb(what)
	case h.scans > maxScans || int64(h.scans)*pixels/1_000_000 > maxScanWork:
		return bomb(fmt.Errorf("%w, %d scans", what, h.scans))
	case h.memory > maxMemory:
		return tooLarge(what)
	case max(w, ht) > maxShape*min(w, ht):
		return problem.Wrap(problem.Invalid, "problem.picture_shape", what)
	}
	return nil
}

// Sniff names the format of a file by its first bytes. What we don't read it names for people
// ("HEIC", "PDF"), or "".
func Sniff(b []byte) string {
	has := func(at int, s string) bool { return len(b) >= at+len(s) && string(b[at:at+len(s)]) == s }
	switch {
	case has(0, "\xff\xd8\xff"):
		return JPEG
	case has(0, "\x89PNG\r\n\x1a\n"):
		return PNG
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return GIF
	case has(0, "RIFF") && has(8, "WEBP"):
		return WebP
	}
	for _, x := range []struct {
		at         int
		sign, name string
	}{
		{4, "ftypheic", "HEIC"}, {4, "ftypheix", "HEIC"}, {4, "ftypmif1", "HEIF"}, {4, "ftypmsf1", "HEIF"},
		{4, "ftypavif", "AVIF"}, {4, "ftypavis", "AVIF"}, {4, "ftypcrx", "RAW"}, {4, "ftyp", "MP4"},
		{0, "II*\x00", "TIFF"}, {0, "MM\x00*", "TIFF"}, {0, "8BPS", "PSD"}, {0, "BM", "BMP"}, {0, "%PDF", "PDF"},
		{0, "\x00\x00\x00\x0cJXL ", "JPEG XL"}, {0, "\xff\x0a", "JPEG XL"}, {0, "\x00\x00\x00\x0cjP  ", "JPEG 2000"},
		{0, "PK\x03\x04", "ZIP"}, {0, "\x00\x00\x01\x00", "ICO"}, {0, "<svg", "SVG"}, {0, "<?xml", "XML"}, {0, "<!DOCTYPE html", "HTML"}, {0, "<html", "HTML"},
	} {
		if has(x.at, x.sign) {
			return x.name
		}
	}
	return ""
}

func readAt(r io.ReadSeeker, at int64, b []byte) error {
	if _, err := r.Seek(at, io.SeekStart); err != nil {
		return err
	}
	_, err := io.ReadFull(r, b)
	return err
}

// readPNG walks the chunks before the pixels.
func (h *Header) readPNG(r io.ReadSeeker) error {
	var ihdr [8 + 25]byte
	if err := readAt(r, 0, ihdr[:]); err != nil {
		return err
	}
	if string(ihdr[12:16]) != "IHDR" {
		return errors.New("no IHDR")
	}
	w, ht := binary.BigEndian.Uint32(ihdr[16:]), binary.BigEndian.Uint32(ihdr[20:])
	if w > 1<<30 || ht > 1<<30 {
		return tooLarge(fmt.Errorf("PNG of %d by %d", w, ht))
	}
	h.Width, h.Height = int(w), int(ht)
	depth, colour, interlaced := ihdr[24], ihdr[25], ihdr[28] != 0
	perPixel := int64(1)
	if colour&2 != 0 && colour&1 == 0 || colour&4 != 0 { // colour or alpha
		perPixel = 4
	}
	if depth == 16 {
		perPixel *= 2
	}
	h.memory = int64(w) * int64(ht) * perPixel
	if interlaced {
		h.memory *= 2 // each pass is a picture of its own before it is spread out
	}
	return h.pngProfile(r)
}

// pngProfile looks for iCCP, which stands before the pixels.
func (h *Header) pngProfile(r io.ReadSeeker) error {
	at := int64(8)
	var head [8]byte
	for range 100 {
		if readAt(r, at, head[:]) != nil {
			return nil //nolint:nilerr // the decoder will say so
		}
		n, kind := int64(binary.BigEndian.Uint32(head[:4])), string(head[4:])
		switch kind {
		case "IDAT", "IEND":
			return nil
		case "iCCP":
			if n > maxProfile {
				return nil
			}
			chunk := make([]byte, n)
			if readAt(r, at+8, chunk) == nil {
				h.profile = inflateProfile(chunk)
			}
		}
		at += 12 + n
	}
	return nil
}

func (h *Header) readGIF(r io.ReadSeeker) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	c, err := gif.DecodeConfig(r)
	h.Width, h.Height, h.memory = c.Width, c.Height, int64(c.Width)*int64(c.Height)
	return err
}

// readWebP reads the chunks of the container.
func (h *Header) readWebP(r io.ReadSeeker) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	c, err := webp.DecodeConfig(r)
	if err != nil {
		return err
	}
	h.Width, h.Height, h.memory = c.Width, c.Height, 5*int64(c.Width)*int64(c.Height)
	at := int64(12)
	var head [8]byte
	for range 100 {
		if readAt(r, at, head[:]) != nil {
			return nil //nolint:nilerr // the decoder will say so
		}
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "ANIM", "ANMF":
			return wrongType("animated WebP")
		case "ICCP":
			if n <= maxProfile {
				b := make([]byte, n)
				if readAt(r, at+8, b) == nil {
					h.profile = b
				}
			}
		case "VP8 ", "VP8L":
			return nil
		}
		at += 8 + n + n&1
	}
	return nil
}

// decode returns the pixels as stored.
func (h Header) decode(r io.ReadSeeker) (img image.Image, err error) {
	defer func() {
		// A decoder that panics on a crafted file has found its file broken, no more.
		if p := recover(); p != nil {
			img, err = nil, broken(fmt.Errorf("decoder: %v", p))
		}
	}()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	switch h.Format {
	case JPEG:
		img, err = decodeJPEG(r)
	case PNG:
		img, err = png.Decode(r)
	case GIF:
		img, err = gif.Decode(r)
	case WebP:
		img, err = webp.Decode(r)
	default:
		return nil, wrongType(h.Format)
	}
	if err != nil {
		return nil, broken(err)
	}
	return img, nil
}
