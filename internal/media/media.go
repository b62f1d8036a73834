// Package media is the library of pictures: what comes in is decoded, turned upright, freed of
// what it tells about places, and made anew in a few widths as JPEG and WebP; the original is kept
// and never shown. Drawings (SVG) are taken apart and written anew from what is known to be
// harmless.
package media

import (
	"io"
	"log/slog"
	"time"

	"depesche/internal/lang"
)

// ID names a picture for ever.
type ID string

// Kind says what a picture is.
type Kind string

// The kinds.
const (
	Photo        Kind = "photo"
	Illustration Kind = "illustration"
	Graphic      Kind = "graphic"
)

// Kinds are all kinds, in the order in which screens list them.
var Kinds = []Kind{Photo, Illustration, Graphic}

// State says how far the making of a picture's files is.
type State string

// The states. A picture that is rendering can be shown already, in fewer widths and formats.
const (
	Ready     State = "ready"
	Rendering State = "rendering"
	Failed    State = "failed"
)

// Picture is one of the library.
type Picture struct {
	ID     ID
	Format string // of the original: jpeg, png, webp, gif, svg
	// Width and Height are the original's as shown, after turning, before the crop.
	Width, Height int
	Bytes         int64
	FileName      string // as the uploader called it
	Kind          Kind
	// Credit is required before the picture may be used; see [Picture.Usable].
	Credit string
	// FocusX and FocusY are thousandths of the uncropped width and height.
	FocusX, FocusY int
	// Crop is "" or "x,y,w,h" in thousandths: what may be shown.
	Crop string
	// Widths and Formats are what is rendered of the present crop. Formats: jpg, webp, avif, svg.
	Widths  []int
	Formats []string
	State   State
	// Generation is a part of the files' address. It changes with the crop, and can't be guessed
	// without the original: what a crop hides isn't found by trying.
	Generation string
	UploadedBy string
	Version    int64
	Created    time.Time
	Texts      map[lang.Tag]Text
}

// Text is the library's words for a picture in one language. Empty Credit means the picture's own.
type Text struct{ Caption, Alt, Credit string }

// Upload is a file to take in. What it says itself about caption, credit and alternative text fills
// those of the fields that are empty here; what it says in no language is taken to be in Lang, and
// without that in the language of the actor's screens.
type Upload struct {
	Name   string
	R      io.Reader
	Kind   Kind // empty means photo, or illustration for a drawing
	Credit string
	Lang   lang.Tag
	Texts  map[lang.Tag]Text
}

// Filter chooses pictures for [Service.List], newest first.
type Filter struct {
	// Text is searched in names, credits, captions and alternative texts; every word must occur.
	Text string
	// NoCredit and NoAlt ask for those that can't be used yet.
	NoCredit, NoAlt bool
	// Before is the ID of the last picture of the page before.
	Before ID
	Limit  int
}

// File is an open rendition. Close it.
type File struct {
	io.ReadSeekCloser
	Type     string // for Content-Type
	Size     int64
	Modified time.Time
}

// DrawingPolicy is the Content-Security-Policy that a drawing is to be served with. It has been
// cleaned before; this holds even if something was overlooked.
const DrawingPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

// Options is what the library is built with.
type Options struct {
	// CacheDir keeps the compiled WebP encoder between starts; empty means: compile at each start.
	CacheDir string
	// MaxBytes is the largest file that is taken, at most and by default 40 MB.
	MaxBytes int64
	// VIPS is the path of vipsthumbnail, which makes AVIF, and WebP faster; empty means: look on PATH; "-" means: none.
	VIPS string
	Log  *slog.Logger
}
