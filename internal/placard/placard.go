// Package placard draws what stands where a page is shared: a picture of 1200 by 630 with the story's
// headline in its script and direction, the paper's name and mark, and the story's picture, as the
// bills outside a news-stand. It is pure: no database, no network; the same placard is the same bytes.
package placard

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"strings"

	"depesche/internal/lang"
)

// The size that those who show links ask for.
const (
	Width  = 1200
	Height = 630
)

// design is a part of every name: raise it when the drawing changes, and all placards are drawn anew.
const design = 2

// Spec is what is drawn, all of it: a placard's name is made from it.
type Spec struct {
	Lang  lang.Tag
	Paper string // the paper's name
	// Section stands above the headline.
	Section string
	// Headline is the story's, or a list's name. Without one the paper's name stands large.
	Headline string
	// About is a line below the paper's large name.
	About string
	// Accent and Wash are colours as #rrggbb; what isn't one is the house's.
	Accent, Wash string
	// Picture names the story's picture, "" for none; FocusX and FocusY are thousandths of it.
	Picture        string
	FocusX, FocusY int
	// Fonts tells placards apart that other fonts of the system would draw, see [Fonts.Mark].
	Fonts string
}

// hashLen is long enough that nobody finds two placards of one name.
const hashLen = 16

// Hash names what is drawn.
func (s Spec) Hash() string {
	raw, err := json.Marshal(struct {
		Design int
		Spec
	}{design, s})
	if err != nil {
		panic(err) // strings and numbers
	}
	sum := sha256.Sum256(raw)
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:hashLen]
}

// Ext is that of the file: a photograph is a JPEG, what has none a PNG.
func (s Spec) Ext() string {
	if s.Picture != "" {
		return "jpg"
	}
	return "png"
}

// Type is the content type of the file.
func (s Spec) Type() string {
	if s.Picture != "" {
		return "image/jpeg"
	}
	return "image/png"
}

// ErrLetters says that a font lacks letters of the headline: the placard is there, without it.
var ErrLetters = errors.New("no font has all letters")

// wellUnder is how large a placard may be: messengers leave larger ones out, or show them late.
const wellUnder = 100 << 10

// Draw draws the placard as a file. photo is the picture that the spec names, or nil, which leaves its
// place out. If the fonts lack letters, the file comes with [ErrLetters] and without the words that
// can't be written: never a box for a letter.
func (f *Fonts) Draw(s Spec, photo image.Image) ([]byte, error) {
	img, lacks := f.image(s, photo)
	var b bytes.Buffer
	if s.Ext() == "png" {
		if err := png.Encode(&b, reduced(img)); err != nil {
			return nil, fmt.Errorf("placard: %w", err)
		}
		return b.Bytes(), lacks
	}
	for _, quality := range []int{86, 78, 70, 60} {
		b.Reset()
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("placard: %w", err)
		}
		if b.Len() <= wellUnder {
			break
		}
	}
	return b.Bytes(), lacks
}
