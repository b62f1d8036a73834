package placard

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
)

//go:embed fonts/*.ttf.br
var embedded embed.FS

// The two voices: serif is for what readers read, sans for everything else. Scripts that have one
// font here speak with it in both.
const (
	serif = "serif"
	sans  = "sans"
)

// byScript are the embedded fonts of scripts that the two voices lack.
var byScript = map[language.Script]string{
	language.Arabic: "arabic", language.Hebrew: "hebrew", language.Armenian: "armenian", language.Georgian: "georgian",
	language.Devanagari: "devanagari", language.Bengali: "bengali", language.Gurmukhi: "gurmukhi", language.Tamil: "tamil",
	language.Telugu: "telugu", language.Sinhala: "sinhala", language.Thai: "thai", language.Lao: "lao",
	language.Khmer: "khmer", language.Myanmar: "myanmar", language.Ethiopic: "ethiopic",
}

// all are the names of the embedded fonts, in the order in which a sign is looked for.
var all = append([]string{serif, sans}, slices.Sorted(maps.Values(byScript))...)

// Fonts draws placards, one at a time. It costs no memory until the first.
type Fonts struct {
	system system

	mu     sync.Mutex
	faces  map[string]*font.Face
	shaper shaping.HarfbuzzShaper
	split  shaping.Segmenter
	wrap   shaping.LineWrapper
}

// NewFonts returns the embedded fonts, and for scripts that are too large to be embedded (Chinese,
// Japanese, Korean) those in dir and those that the system has, which are looked for when they are
// first needed. cache keeps the list of the system's fonts between starts.
func NewFonts(dir, cache string, log *slog.Logger) *Fonts {
	return &Fonts{system: system{dir: dir, cache: cache, log: log}, faces: map[string]*font.Face{}}
}

// face returns an embedded font.
func (f *Fonts) face(name string) *font.Face {
	if x := f.faces[name]; x != nil {
		return x
	}
	x, err := unpack(name)
	if err != nil {
		panic(err) // a file of ours, which a test opens
	}
	f.faces[name] = x
	return x
}

func unpack(name string) (*font.Face, error) {
	packed, err := embedded.ReadFile("fonts/" + name + ".ttf.br")
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(brotli.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	face, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	return face, nil
}

// chooser finds the font of each letter, for the shaper.
type chooser struct {
	fonts  *Fonts
	voice  string
	others *systemFonts // or nil
	script language.Script
}

func (c *chooser) SetScript(s language.Script) { c.script = s }

// ResolveFace returns the font of the voice, of the script, or of the system that has the letter; if
// none has, the voice's, whose lack the shaping then shows.
func (c *chooser) ResolveFace(r rune) *font.Face {
	main := c.fonts.face(c.voice)
	if own, ok := byScript[c.script]; ok {
		// Its own signs before the voice's: they sit on its line.
		if face := c.fonts.face(own); has(face, r) {
			return face
		}
	}
	if has(main, r) {
		if c.others == nil || !wide(c.script) || !wideSign(r) {
			return main
		}
	}
	if c.others != nil {
		c.others.find.SetScript(c.script)
		if face := c.others.find.ResolveFace(r); face != nil && has(face, r) {
			return face
		}
	}
	for _, name := range all { // a sign of one script in a text of another
		if face := c.fonts.face(name); has(face, r) {
			return face
		}
	}
	return main
}

func has(f *font.Face, r rune) bool {
	_, ok := f.NominalGlyph(r)
	return ok
}

// wide reports whether the script is one of those that are set in squares.
func wide(s language.Script) bool {
	switch s {
	case language.Han, language.Hiragana, language.Katakana, language.Hangul, language.Bopomofo:
		return true
	}
	return false
}

// wideSign reports whether a sign between such letters fills a square too.
func wideSign(r rune) bool {
	return r == '“' || r == '”' || r == '‘' || r == '’' || r == '…' || r == '—' || r == '·'
}
