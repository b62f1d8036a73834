package page

import "html/template"

// Article is a story's page in one language.
type Article struct {
	Frame
	Old      string // said above the headline of an old story
	Section  Link
	Kicker   string
	Headline string
	Lead     template.HTML
	Behind   string // said while the story was corrected and this edition isn't mended yet
	Fixed    *Link  // leads to a correction that the reader must not miss

	By        []Part
	Published Moment
	Updated   *Moment
	Sources   []Part
	Version   string
	Raw       *Tongue // machine text that nobody checked: leads to the original
	Editions  Tongues

	Picture     *Figure
	Body        template.HTML
	Live        *Live  // the story runs, or ran
	AllAuthors  string // by-line in full, if the head's is cut
	Corrections []Correction
	SourceList  []Source
	Share       Share
	Topics      []Link
	Report      string // where an error is reported; "": nowhere
}

// Whole reports whether the page shows the story's own text: older entries of a running one stand alone.
func (v *Article) Whole() bool { return v.Live == nil || v.Live.Last }

// Part is an element of a list within a sentence: what stands before it, and it.
type Part struct {
	Before string
	Link
}

// Correction is what was wrong and is now right. Headline and Href are its story's, on the page of
// corrections.
type Correction struct {
	ID       string
	At       Moment
	Text     string
	Headline string
	Href     string
}

// Source is who says so.
type Source struct {
	ID     string
	Name   string
	Title  string
	Href   string
	Lang   string // of what the link leads to, if it isn't the page's
	InLang string // said after the link: "auf Französisch"
	Note   string // date, claim, how it came
}

// Share holds the links by which a story is passed on.
type Share struct {
	Mail, Telegram, WhatsApp, Facebook string
}

// Front is the first page of a language.
type Front struct {
	Frame
	Live    []LiveBlock
	Lead    *Card
	Second  []Card
	Latest  []Card
	Archive string
	Strips  []Strip
}

// Strip is a section on the front: one story large, the others in up to two columns.
type Strip struct {
	Section Link
	All     string // what the link to the section says
	First   Card
	Columns [][]Card
}

// List is a page of stories: a section, a topic, an author, a day.
type List struct {
	Frame
	Above   string // what kind of list it is, over the heading
	Heading string
	About   string
	Before  *Link // the day before and after, of an archive
	After   *Link
	Empty   string // what is said when there is no story
	Cards   []Card
	Newer   string
	Older   string
}

// Corrections is the page of corrections.
type Corrections struct {
	Frame
	Entries []Correction
	Older   string
}

// Static is a lasting page.
type Static struct {
	Frame
	Heading string
	Body    template.HTML
	Updated Moment
}

// Notice says why there is no page: not found, withdrawn, an error.
type Notice struct {
	Frame
	Heading  string
	Lines    []string
	Editions []Tongue // the story in other languages

	Corrections []Correction // of a withdrawn story
	Latest      []Card
}

// Chooser is where a reader whose language we don't know chooses one.
type Chooser struct {
	Frame
	Choices []Tongue
}
