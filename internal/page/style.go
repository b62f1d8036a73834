package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"depesche/internal/assets"
	"depesche/internal/lang"
)

//go:embed dist
var dist embed.FS

// AssetPrefix is where the reader serves the built files. The bundler writes it into the style
// sheets, see tools/assets.
const AssetPrefix = "/assets/"

func loadAssets() (*assets.Set, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return assets.Load(sub, AssetPrefix)
}

// Look is what a publication changes of the colours and fonts: six colours as #rrggbb, "" for the
// house's.
type Look struct {
	Accent, Accent2, Wash             string
	AccentDark, Accent2Dark, WashDark string
	SystemFonts                       bool
}

// Style is the style sheet that stands inside a page, and the colours of the browser round it.
type Style struct {
	CSS         template.CSS
	Light, Dark string
	hash        string
}

// The paper's ground in both themes, see assets/reader/base.css.
const (
	paperLight = "#ffffff"
	paperDark  = "#0f1516"
)

// CSP is the content security policy under which a page with this style may be sent: nothing from
// anywhere else but what stands in frames of these origins, and no style or script in the page but
// this one sheet.
func (s Style) CSP(frames ...string) string {
	policy := "default-src 'none'; connect-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; manifest-src 'self'; " +
		"style-src '" + s.hash + "'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	if len(frames) > 0 {
		policy += "; frame-src " + strings.Join(frames, " ")
	}
	return policy
}

// styles makes each sheet once: there are two font sheets, and as many looks as the publication
// tries out.
type styles struct {
	reader string            // of all pages
	more   string            // of all but articles
	text   string            // of pages of text alone
	fonts  map[string]string // by the name of the sheet
	made   sync.Map          // styleKey → Style
}

type styleKey struct {
	sheet string
	plain bool // of an article
	look  Look
}

func (s *styles) load(set *assets.Set) error {
	s.fonts = map[string]string{}
	for _, name := range []string{"fonts-latn", "fonts-base"} {
		if !set.Has(name + ".css") {
			return fmt.Errorf("page: the bundle lacks %s.css", name)
		}
		s.fonts[name] = strings.TrimSpace(string(set.Bytes(name + ".css")))
	}
	for _, name := range []string{"reader.css", "more.css", "text.css", "reader.js", "offline.js", "forget.js"} {
		if !set.Has(name) {
			return fmt.Errorf("page: the bundle lacks %s", name)
		}
	}
	s.reader = strings.TrimSpace(string(set.Bytes("reader.css")))
	s.more = strings.TrimSpace(string(set.Bytes("more.css")))
	s.text = strings.TrimSpace(string(set.Bytes("text.css")))
	return nil
}

// of returns the style of pages in l; article is the one of articles, which have no lists.
func (s *styles) of(l lang.Tag, look Look, article bool) Style {
	if look.SystemFonts {
		return s.make("", article, look)
	}
	return s.make(l.FontSheet(), article, look)
}

// make returns the style with the font sheet of that name, "" for none, or "text" for that of text alone.
func (s *styles) make(sheet string, article bool, look Look) Style {
	key := styleKey{sheet, article, look}
	if st, ok := s.made.Load(key); ok {
		return st.(Style)
	}
	css := s.fonts[sheet] + s.more + s.reader
	switch {
	case sheet == "text":
		css = s.text
	case article:
		css = s.fonts[sheet] + s.reader
	}
	css += look.css()
	sum := sha256.Sum256([]byte(css))
	st, _ := s.made.LoadOrStore(key, Style{
		CSS:   template.CSS(css), // our own files, and colours that colour() let through
		Light: paperLight, Dark: paperDark,
		hash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:]),
	})
	return st.(Style)
}

var hex = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// css overrides the house's colours on screens; print stays black on white. A value that isn't a
// colour is left out, wherever it came from.
func (l Look) css() string {
	light := colours(l.Accent, l.Accent2, l.Wash)
	dark := colours(l.AccentDark, l.Accent2Dark, l.WashDark)
	var out string
	if light != "" {
		out += "@media screen{:root{" + light + "}}"
	}
	if dark != "" {
		out += "@media screen and (prefers-color-scheme:dark){:root{" + dark + "}}"
	} else if light != "" {
		// A light accent alone must not end up on the dark ground: there the house's stays.
		out = strings.Replace(out, "@media screen{", "@media screen and (prefers-color-scheme:light){", 1)
	}
	return out
}

func colours(accent, accent2, wash string) string {
	var b strings.Builder
	for _, c := range [][2]string{{"--accent", accent}, {"--accent2", accent2}, {"--wash", wash}} {
		if hex.MatchString(c[1]) {
			b.WriteString(c[0] + ":" + c[1] + ";")
		}
	}
	return b.String()
}

// preload names the font files that the first screen in l needs, so that they are asked for before
// the style sheet is read, and come together. One that comes too late isn't shown on this page, so
// that nothing moves: docs/decisions/0321-fonts-in-time-or-not-at-all.md.
func (p *Pages) preload(l lang.Tag, look Look) []string {
	if look.SystemFonts {
		return nil
	}
	var names []string
	switch l.FontSet() {
	case lang.FontLatin:
		names = []string{"piazzolla-latn.woff2", "sourcesans-latn.woff2"}
	case lang.FontLatinExtra:
		names = []string{"piazzolla-latn.woff2", "piazzolla-latx.woff2", "sourcesans-latn.woff2", "sourcesans-latx.woff2"}
	case lang.FontCyrillic:
		names = []string{"piazzolla-cyrl.woff2", "piazzolla-base.woff2", "sourcesans-cyrl.woff2", "sourcesans-base.woff2"}
	default:
		return nil // the script's letters come from the system
	}
	for i, n := range names {
		names[i] = p.assets.URL(n)
	}
	return names
}
