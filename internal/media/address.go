package media

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/media/raster"
	"depesche/internal/problem"
)

// Where a picture's files lie in blob storage. The original and the uncropped picture have no
// address for readers.
func folder(id ID) string      { return "media/" + string(id) + "/" }
func originalKey(id ID) string { return folder(id) + "original" }
func wholeKey(id ID) string    { return folder(id) + "whole.jpg" }

func fileKey(id ID, generation string, width int, ext string) string {
	return folder(id) + generation + "/" + strconv.Itoa(width) + "." + ext
}

func drawingKey(id ID, generation string) string { return folder(id) + generation + "/drawing.svg" }

// pictureOf returns the picture that a key belongs to, or "".
func pictureOf(key string) ID {
	rest, ok := strings.CutPrefix(key, "media/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	if !id.Valid(name) {
		return ""
	}
	return ID(name)
}

func hasPrefix(key, prefix string) bool { return strings.HasPrefix(key, prefix) }

const generationLen = 8

// generation names the files of a crop.
func generation(sha, crop string) string {
	sum := sha256.Sum256([]byte(sha + "|" + crop))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:generationLen]
}

var address = regexp.MustCompile(`^([0-9a-z]{26})-([0-9a-z]{8})/([1-9][0-9]{0,3}\.(jpg|webp|avif)|drawing\.svg)$`)

// contentTypes are what the files are served as.
var contentTypes = map[string]string{
	".jpg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
}

// Open opens what stands behind /media/ in an address: "<id>-<generation>/<width>.<ext>" or
// "<id>-<generation>/drawing.svg". What isn't there is problem.NotFound. The content of an address
// never changes. It asks the file store only, not the database.
func (s *Service) Open(ctx context.Context, name string) (File, error) {
	m := address.FindStringSubmatch(name)
	if m == nil {
		return File{}, problem.New(problem.NotFound, "problem.not_found")
	}
	return s.open(ctx, folder(ID(m[1]))+m[2]+"/"+m[3])
}

// Whole opens a JPEG of the picture without its crop, for those who choose another.
func (s *Service) Whole(ctx context.Context, id ID) (File, error) {
	if !validID(id) {
		return File{}, problem.New(problem.NotFound, "problem.not_found")
	}
	return s.open(ctx, wholeKey(id))
}

// Original opens the file as it was taken in, with all that it tells: for archives, never for
// readers.
func (s *Service) Original(ctx context.Context, id ID) (File, error) {
	if !validID(id) {
		return File{}, problem.New(problem.NotFound, "problem.not_found")
	}
	return s.open(ctx, originalKey(id))
}

func validID(x ID) bool { return id.Valid(string(x)) }

func (s *Service) open(ctx context.Context, key string) (File, error) {
	f, info, err := s.files.Open(ctx, key)
	if err != nil {
		return File{}, fmt.Errorf("picture file %s: %w", key, err)
	}
	kind := contentTypes[path.Ext(key)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	return File{ReadSeekCloser: f, Type: kind, Size: info.Size, Modified: info.Modified}, nil
}

// Prefix is where pictures' files are served.
const Prefix = "/media/"

func (p Picture) base() string { return Prefix + string(p.ID) + "-" + p.Generation + "/" }

// URL returns the address of the smallest rendition at least width wide, or of the largest there is;
// "" if there is none of the format ext: jpg, webp, avif. A drawing has one address for ext svg, and
// perhaps one for jpg, which is for those who show links.
func (p Picture) URL(width int, ext string) string {
	if !slices.Contains(p.Formats, ext) {
		return ""
	}
	if ext == svg {
		return p.base() + "drawing.svg"
	}
	for _, w := range p.Widths {
		if w >= width {
			return p.base() + strconv.Itoa(w) + "." + ext
		}
	}
	if len(p.Widths) == 0 {
		return ""
	}
	return p.base() + strconv.Itoa(p.Widths[len(p.Widths)-1]) + "." + ext
}

// SrcSet returns the srcset attribute for the format ext: "/media/…/320.webp 320w, …". It is "" if
// that isn't rendered, and for drawings.
func (p Picture) SrcSet(ext string) string {
	if p.Format == svg || !slices.Contains(p.Formats, ext) {
		return ""
	}
	list := make([]string, len(p.Widths))
	for i, w := range p.Widths {
		list[i] = fmt.Sprintf("%s%d.%s %dw", p.base(), w, ext, w)
	}
	return strings.Join(list, ", ")
}

// Fallback returns the address for the img element itself: a JPEG about 960 wide, or the drawing.
func (p Picture) Fallback() string {
	if p.Format == svg {
		return p.URL(0, svg)
	}
	return p.URL(960, jpg)
}

// Shown returns width and height after the crop.
func (p Picture) Shown() (w, h int) {
	part, _ := parseCrop(p.Crop)
	return part.Size(p.Width, p.Height)
}

// Focus returns the focal point in thousandths of what is shown after the crop.
func (p Picture) Focus() (x, y int) {
	part, _ := parseCrop(p.Crop)
	in := func(v, start, size int) int { return max(0, min(1000, (v-start)*1000/size)) }
	return in(p.FocusX, part.X, part.W), in(p.FocusY, part.Y, part.H)
}

// TextIn returns the words in the language, with the picture's own credit where the language has
// none.
func (p Picture) TextIn(t lang.Tag) Text {
	out := p.Texts[t]
	if out.Credit == "" {
		out.Credit = p.Credit
	}
	return out
}

// Usable reports whether the picture has a credit, without which it may not be shown to readers.
func (p Picture) Usable() bool { return p.Credit != "" }

// leastPart is how small a crop may be, in thousandths of a side.
const leastPart = 50

// parseCrop reads "x,y,w,h". It returns the whole picture, and false, if that is none.
func parseCrop(s string) (raster.Part, bool) {
	if s == "" {
		return raster.Whole, true
	}
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return raster.Whole, false
	}
	var v [4]int
	for i, x := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(x))
		if err != nil || n < 0 || n > 1000 {
			return raster.Whole, false
		}
		v[i] = n
	}
	p := raster.Part{X: v[0], Y: v[1], W: v[2], H: v[3]}
	if p.W < leastPart || p.H < leastPart || p.X+p.W > 1000 || p.Y+p.H > 1000 {
		return raster.Whole, false
	}
	return p, true
}

// cropString is how a part is stored.
func cropString(p raster.Part) string {
	if p == raster.Whole {
		return ""
	}
	return fmt.Sprintf("%d,%d,%d,%d", p.X, p.Y, p.W, p.H)
}
