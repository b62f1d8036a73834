// Package document is the text of an edition: its head (kicker, headline, lead, teaser, picture)
// and a list of typed blocks, each with an identity that outlives edits, moves and translations.
// It is pure: no database, no clock, no HTML from outside is kept.
//
// A document is stored as the JSON of [Doc]. HTML, plain text, teasers and search text are derived
// from it and can be thrown away.
package document

// Doc is the whole text of an edition in one language.
//
// The head's fields are segments like any block's text; their addresses are the Addr… constants.
type Doc struct {
	Kicker   string `json:"kicker,omitempty"`
	Headline string `json:"headline,omitempty"`
	// Lead stands under the headline and may carry source references.
	Lead Inline `json:"lead,omitempty"`
	// Teaser is what lists and feeds show. Empty means: derived from the lead or the first
	// paragraphs by [Teaser].
	Teaser string `json:"teaser,omitempty"`
	// Slug is the readable part of the address. Empty means: derived from the headline.
	Slug string `json:"slug,omitempty"`
	// Picture is the one above the text. Nil means none.
	Picture *Picture `json:"picture,omitempty"`
	Blocks  []Block  `json:"blocks"`
}

// ID names a block, a list item, a table row or cell, or a picture within one document. It is made
// once and travels through edits, moves and into every translation. 1 to 40 characters of
// [A-Za-z0-9_-]; unique in a document.
type ID string

// Kind says what a block is.
type Kind string

// The kinds of block.
const (
	Paragraph Kind = "paragraph"
	Heading   Kind = "heading" // Level 2 to 4
	List      Kind = "list"
	Quotation Kind = "quotation"
	PictureK  Kind = "picture" // exactly one picture
	Gallery   Kind = "gallery" // two or more pictures
	Table     Kind = "table"
	FactBox   Kind = "factbox"
	Embed     Kind = "embed"
	Rule      Kind = "rule"
)

// Block is one typed part of the text. Only the fields of its kind are set; [Validate] refuses the
// others.
type Block struct {
	ID   ID   `json:"id"`
	Kind Kind `json:"kind"`

	// Level is 2 to 4 for a heading.
	Level int `json:"level,omitempty"`
	// Text is the text of a paragraph, heading or quotation.
	Text Inline `json:"text,omitempty"`

	// Ordered and Items belong to a list.
	Ordered bool   `json:"ordered,omitempty"`
	Items   []Item `json:"items,omitempty"`

	// Speaker, Source, Original and OriginalLang belong to a quotation: who said it, the ID of the
	// story's source record, and the original wording with its BCP 47 language.
	Speaker      string `json:"speaker,omitempty"`
	Source       string `json:"source,omitempty"`
	Original     string `json:"original,omitempty"`
	OriginalLang string `json:"originalLang,omitempty"`

	// Pictures belong to a picture (one) or gallery (two or more).
	Pictures []Picture `json:"pictures,omitempty"`

	// Header and Rows belong to a table; Header says that the first row is one. All rows have the
	// same number of cells.
	Header bool  `json:"header,omitempty"`
	Rows   []Row `json:"rows,omitempty"`

	// Title and Blocks belong to a fact box; inside are paragraphs and lists only.
	Title  string  `json:"title,omitempty"`
	Blocks []Block `json:"blocks,omitempty"`

	// Embed belongs to an embed.
	Embed *EmbedRef `json:"embed,omitempty"`
}

// Item is an entry of a list.
type Item struct {
	ID   ID     `json:"id"`
	Text Inline `json:"text,omitempty"`
}

// Row is a row of a table.
type Row struct {
	ID    ID     `json:"id"`
	Cells []Cell `json:"cells"`
}

// Cell is a cell of a table.
type Cell struct {
	ID   ID     `json:"id"`
	Text Inline `json:"text,omitempty"`
}

// Picture places a picture of the library in the text, with this edition's words for it.
type Picture struct {
	ID ID `json:"id"`
	// Media is the ID of the picture in the library.
	Media string `json:"media"`
	// Caption, Alt and Credit are this edition's; empty Alt or Credit means: the library's.
	Caption Inline `json:"caption,omitempty"`
	Alt     string `json:"alt,omitempty"`
	Credit  string `json:"credit,omitempty"`
}

// EmbedRef is foreign content, shown as a picture that loads on a click.
type EmbedRef struct {
	// URL is the page that the reader would open, https, its host on the publication's allow-list.
	URL string `json:"url"`
	// Title says what is there; required, since it is all that most readers see.
	Title string `json:"title"`
	// Media is the ID of a picture of the library to show, or empty.
	Media string `json:"media,omitempty"`
}

// Inline is running text: spans with marks. Neighbouring spans never have equal marks (see
// [Inline.Normal]). "\n" in a span's text is a line break.
type Inline []Span

// Span is a run of text with the same marks.
type Span struct {
	Text  string `json:"text"`
	Marks []Mark `json:"marks,omitempty"`
}

// MarkType says what a mark means.
type MarkType string

// The types of mark, in the order in which they nest from outside to inside.
const (
	SourceRef MarkType = "source" // Source: ID of the story's source record
	StoryLink MarkType = "story"  // Story: ID of the story, leads to the reader's language
	Link      MarkType = "link"   // Href: http, https, mailto or tel
	Foreign   MarkType = "lang"   // Lang: BCP 47
	Strong    MarkType = "strong"
	Emphasis  MarkType = "emphasis"
)

// Mark is a property of a span. Link and StoryLink exclude each other.
type Mark struct {
	Type   MarkType `json:"type"`
	Href   string   `json:"href,omitempty"`
	Story  string   `json:"story,omitempty"`
	Source string   `json:"source,omitempty"`
	Lang   string   `json:"lang,omitempty"`
}

// Address names a segment within a document: "<ID>/<field>", never a position.
type Address string

// The addresses of the head's segments.
const (
	AddrKicker   Address = "head/kicker"
	AddrHeadline Address = "head/headline"
	AddrLead     Address = "head/lead"
	AddrTeaser   Address = "head/teaser"
	AddrSlug     Address = "head/slug"
)
