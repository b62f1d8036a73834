// Package publication is the paper: its name, languages, look and addresses, its sections, its
// static pages (imprint, about, privacy) and the redirects from addresses it once had.
package publication

import (
	"encoding/json"
	"slices"
	"time"

	"depesche/internal/lang"
)

// SectionID names a section for ever.
type SectionID string

// PageID names a static page in one language.
type PageID string

// Paper is the publication.
type Paper struct {
	Name     string
	MainLang lang.Tag
	// TimeZone is the IANA name; Location is made from it when the paper is read.
	TimeZone string
	Location *time.Location
	// BaseURL is the address that readers know, without a slash at the end.
	BaseURL string
	// Languages are in the order of the switch. One that is retired stays here, not Active.
	Languages  []Language
	Look       Look
	EmbedHosts []string
	// ErrorReports says that readers may report errors in stories.
	ErrorReports bool
	Version      int64
	Updated      time.Time
}

// Language is one the paper is or was published in.
type Language struct {
	Tag    lang.Tag
	Active bool
	// Name is the paper's name in this language; empty means the main one.
	Name string
	// About is one line for feeds and meta data.
	About string
	// MachineOut says that unchecked machine text may go out.
	MachineOut bool
}

// Active returns the languages the paper is published in, in order.
func (p Paper) Active() []lang.Tag {
	var out []lang.Tag
	for _, l := range p.Languages {
		if l.Active {
			out = append(out, l.Tag)
		}
	}
	return out
}

// Has reports whether the paper is published in the language.
func (p Paper) Has(t lang.Tag) bool { return slices.Contains(p.Active(), t) }

// Language returns the paper's entry for t, and false if it never had that language.
func (p Paper) Language(t lang.Tag) (Language, bool) {
	i := slices.IndexFunc(p.Languages, func(l Language) bool { return l.Tag == t })
	if i < 0 {
		return Language{}, false
	}
	return p.Languages[i], true
}

// NameIn returns the paper's name in the language.
func (p Paper) NameIn(t lang.Tag) string {
	if l, ok := p.Language(t); ok && l.Name != "" {
		return l.Name
	}
	return p.Name
}

// AboutIn returns the paper's line in the language, or "".
func (p Paper) AboutIn(t lang.Tag) string {
	l, _ := p.Language(t)
	return l.About
}

// Look is what a paper may change of the design. Colours are #rrggbb; empty means the design's own.
type Look struct {
	Accent      string `json:"accent,omitempty"`
	Accent2     string `json:"accent2,omitempty"`
	Wash        string `json:"wash,omitempty"`
	AccentDark  string `json:"accentDark,omitempty"`
	Accent2Dark string `json:"accent2Dark,omitempty"`
	WashDark    string `json:"washDark,omitempty"`
	// SystemFonts leaves the embedded fonts away.
	SystemFonts bool `json:"systemFonts,omitempty"`
}

// Section is a part of the paper.
type Section struct {
	ID SectionID
	// Position is its place in the order, from 1. It is changed by [Service.MoveSection] only.
	Position int
	Active   bool
	Version  int64
	// Names are by language. A section without a name in a language has no page there.
	Names map[lang.Tag]Name
}

// Name is how something is called in a language, and the part of its address.
type Name struct{ Name, Slug string }

// Page is a static page in one language. Pages of the same Key are the same page in several.
type Page struct {
	ID PageID
	// Key is imprint, about, how, privacy, contact or a free word of [a-z0-9-].
	Key  string
	Lang lang.Tag
	// Slug may be left empty when a page is saved for the first time: it is made from the title.
	Slug, Title string
	// Body is the JSON of a document; empty means: no text. It must be a JSON object here and is
	// validated by the caller, who knows documents.
	Body     json.RawMessage
	Position int
	Footer   bool // stands below each page of its language
	Version  int64
	Updated  time.Time
}

// Redirect is an old address and where it leads: /path, or "section:<id>:<lang>" and the like,
// which the reader turns into the present address.
type Redirect struct {
	Path, Target string
	Created      time.Time
}

// Setup is what the first start asks for. The fields of its problems are name, langs, main, zone
// and base.
type Setup struct {
	Name      string
	Languages []lang.Tag
	MainLang  lang.Tag
	TimeZone  string
	BaseURL   string
}
