package page

import "fmt"

// Data is what a page says to machines, in the words of schema.org, as JSON-LD: things that stand
// for themselves, each in a script of its own, which the simplest reader finds. html/template writes
// them into the page and escapes them for where they stand.
type Data []any

const schemaOrg = "https://schema.org"

type ldRef struct {
	ID string `json:"@id"`
}

type ldThing struct {
	Type string `json:"@type"`
	ID   string `json:"@id,omitempty"`
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

type ldImage struct {
	Type       string `json:"@type"`
	URL        string `json:"url"`
	Width      pixels `json:"width,omitempty"`
	Height     pixels `json:"height,omitempty"`
	Caption    string `json:"caption,omitempty"`
	CreditText string `json:"creditText,omitempty"`
}

// pixels are what schema.org calls a Distance: a number with its unit.
type pixels int

// MarshalText writes both.
func (p pixels) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d px", int(p)), nil }

type ldPublisher struct {
	Type        string   `json:"@type"`
	ID          string   `json:"@id"`
	Name        string   `json:"name"`
	URL         string   `json:"url"`
	Logo        *ldImage `json:"logo,omitempty"`
	Corrections string   `json:"correctionsPolicy,omitempty"`
}

// ldWork is an edition of the story, or a work that it rests on.
type ldWork struct {
	Type      string   `json:"@type"`
	ID        string   `json:"@id,omitempty"`
	Name      string   `json:"name,omitempty"`
	URL       string   `json:"url,omitempty"`
	Lang      string   `json:"inLanguage,omitempty"`
	Published string   `json:"datePublished,omitempty"`
	Publisher *ldThing `json:"publisher,omitempty"`
	Author    *ldThing `json:"author,omitempty"`
}

type ldCorrection struct {
	Type string `json:"@type"`
	Text string `json:"text"`
	At   string `json:"datePublished"`
}

type ldArticle struct {
	Context     string         `json:"@context"`
	Type        string         `json:"@type"`
	ID          string         `json:"@id"`
	URL         string         `json:"url"`
	Page        string         `json:"mainEntityOfPage"`
	Headline    string         `json:"headline"`
	Description string         `json:"description,omitempty"`
	Lang        string         `json:"inLanguage"`
	Published   string         `json:"datePublished"`
	Modified    string         `json:"dateModified"`
	Authors     []ldThing      `json:"author,omitempty"`
	Translator  *ldThing       `json:"translator,omitempty"`
	Publisher   ldPublisher    `json:"publisher"`
	Images      []ldImage      `json:"image,omitempty"`
	Section     string         `json:"articleSection,omitempty"`
	Genre       string         `json:"genre,omitempty"`
	Keywords    []string       `json:"keywords,omitempty"`
	BasedOn     []ldWork       `json:"isBasedOn,omitempty"`
	Citation    []ldWork       `json:"citation,omitempty"`
	Corrections []ldCorrection `json:"correction,omitempty"`
	Original    *ldWork        `json:"translationOfWork,omitempty"`
	Others      []ldWork       `json:"workTranslation,omitempty"`
	Made        string         `json:"digitalSourceType,omitempty"`
	Free        bool           `json:"isAccessibleForFree"`

	CoverageStart string      `json:"coverageStartTime,omitempty"`
	CoverageEnd   string      `json:"coverageEndTime,omitempty"`
	Updates       []ldPosting `json:"liveBlogUpdate,omitempty"`
}

type ldCrumbs struct {
	Context string    `json:"@context"`
	Type    string    `json:"@type"`
	Items   []ldCrumb `json:"itemListElement"`
}

type ldCrumb struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	Name     string `json:"name"`
	Item     string `json:"item,omitempty"`
}

type ldSite struct {
	Context   string      `json:"@context"`
	Type      string      `json:"@type"`
	ID        string      `json:"@id"`
	Name      string      `json:"name"`
	URL       string      `json:"url"`
	Lang      string      `json:"inLanguage"`
	Publisher ldPublisher `json:"publisher"`
}

type ldCollection struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	ID          string   `json:"@id"`
	URL         string   `json:"url"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Lang        string   `json:"inLanguage"`
	PartOf      ldRef    `json:"isPartOf"`
	About       *ldThing `json:"about,omitempty"`
	Entity      any      `json:"mainEntity,omitempty"`
}

type ldList struct {
	Type  string        `json:"@type"`
	Items []ldListEntry `json:"itemListElement"`
}

type ldListEntry struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	URL      string `json:"url"`
}
