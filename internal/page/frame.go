package page

import (
	"html/template"

	"depesche/internal/lang"
)

// Frame is what stands around every page's content, and its head.
type Frame struct {
	Lang lang.Tag
	Dir  string

	Title       string // of the window: the headline and the paper's name
	Description string
	Canonical   string // "" for a page that has no lasting address
	NoIndex     bool
	Alternates  []Alternate // all of them or none, this page and x-default included
	Feed        Feed        // of the list the page shows, or of the front
	Graph       Graph
	Data        Data // JSON-LD

	Style   Style
	Preload []string // the font files of the language's script
	Players []string // the origins that embeds are loaded from, on a click

	Paper     string // the paper's name in the language
	Home      string
	Languages Tongues // of the bar: this page in another language, or that language's front
	Sections  []Link
	Foot      []Link
	Year      string
	Other     string // the same page as text alone, or whole; "": there is none
	Text      bool   // this is the page as text alone
	Preview   string // what the bar of a preview says; "": a reader's page
}

func (f *Frame) frame() *Frame { return f }

// CSP is the policy under which the page is sent.
func (f *Frame) CSP() string { return f.Style.CSP(f.Players...) }

// Link leads somewhere. Current marks the place where the reader is.
type Link struct {
	Text    string
	Href    string
	Current bool
	Word    bool // Text is a word of the interface, not the paper's

	Lang lang.Tag // of Text, where it isn't the page's
	Dir  string   // where it differs from the page's
}

// Tongue is a language that a page is offered in, called as it calls itself.
type Tongue struct {
	Lang    lang.Tag
	Dir     string // only where it differs from the page's
	Name    string
	Href    string
	Current bool
}

// Tongues is a language switch: few are shown at once, the others behind "All languages".
type Tongues struct {
	Here  string // the code of the current one: "DE"
	Shown []Tongue
	More  []Tongue
}

// All are the languages in their order.
func (t Tongues) All() []Tongue { return append(t.Shown[:len(t.Shown):len(t.Shown)], t.More...) }

// Alternate says where the page is in another language; Lang is "x-default" for the choice.
type Alternate struct {
	Lang string
	Href string
}

// Feed is announced in the head, in three formats.
type Feed struct {
	Title string
	Base  string // its address without the format; "": there is none
}

// Graph is what others show when the page is shared.
type Graph struct {
	Type      string // article, website, profile
	Title     string
	Locale    string
	Others    []string // locales of the other editions
	Image     *GraphImage
	Published string
	Modified  string
	Section   string
	Tags      []string
	Authors   []string // addresses of their pages
	Names     []string // of the authors
}

// GraphImage is the picture of a shared page.
type GraphImage struct {
	URL           string
	Width, Height int
	Alt           string
}

// Moment is a time as it is shown and as machines read it.
type Moment struct {
	ISO  string
	Text string
}

// Image is a picture at one place: its files, the size it takes, and where its subject is.
type Image struct {
	Src           string
	Srcset        string // of JPEG
	WebP, AVIF    string // srcsets of these; "" for drawings, and where they aren't made yet
	Sizes         string
	Width, Height int
	Alt           string
	First         bool   // the page begins with it: it is loaded before anything else
	Lazy          bool   // it is loaded when the reader comes near
	Focus         string // classes x0 … x10, y0 … y10
}

// Figure is a picture with what is said below it.
type Figure struct {
	Image   Image
	Caption template.HTML
	Credit  string
}

// Card is a story in a list. Level is the one of its headline.
type Card struct {
	Href     string
	Headline string
	Kicker   string
	Teaser   string
	Image    *Image
	Time     Moment
	Updated  string // "Aktualisiert um 18:05 Uhr", instead of the time
	Running  bool   // live
}
