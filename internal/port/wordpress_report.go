package port

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"depesche/internal/document"
	"depesche/internal/port/wptext"
	"depesche/internal/port/wxr"
)

// Report is what became of an import.
type Report struct {
	Origin string       `json:"origin"`
	Files  []FileReport `json:"files"`

	Stories  Tally `json:"stories"`  // stories, whatever their languages
	Editions Tally `json:"editions"` // one a post
	Pages    Tally `json:"pages"`
	Pictures Tally `json:"pictures"`
	// What was made or found of these.
	Sections  Made `json:"sections"`
	Topics    Made `json:"topics"`
	Authors   Made `json:"authors"`
	Redirects int  `json:"redirects"`

	Comments int            `json:"comments"` // in the exports; they aren't taken in
	Left     map[string]int `json:"left"`     // items that aren't taken in, by type or state
	Remarks  map[string]int `json:"remarks"`  // of all items, by key

	// Items are the first thousand with remarks.
	Items []ItemReport `json:"items"`
	More  int          `json:"more,omitempty"` // items with remarks beyond those
}

// FileReport is one export.
type FileReport struct {
	Name    string       `json:"name"`
	Items   int          `json:"items"`
	Repairs []wxr.Repair `json:"repairs,omitempty"`
}

// Tally counts things by what became of them.
type Tally struct {
	New     int `json:"new"`
	Changed int `json:"changed"` // came in before, and again since they changed
	Same    int `json:"same"`    // came in before
	Kept    int `json:"kept"`    // changed there, but somebody has written in them here
	Refused int `json:"refused"` // couldn't be taken in; the remarks say why
}

// Made counts what was made anew and what was there.
type Made struct {
	New   int `json:"new"`
	Found int `json:"found"`
}

// ItemReport is what is to be said of one item.
type ItemReport struct {
	File    string          `json:"file,omitempty"`
	Line    int64           `json:"line,omitempty"`
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type,omitempty"`
	Title   string          `json:"title,omitempty"`
	Address string          `json:"address,omitempty"` // the old one
	Story   int64           `json:"story,omitempty"`   // its number here
	Remarks []wptext.Remark `json:"remarks"`
}

// The keys of remarks on items, beside those of wptext and document.
const (
	RemarkRefused   = "remark.refused"     // not taken in, and why
	RemarkComments  = "remark.comments"    // comments that stay behind
	RemarkUntitled  = "remark.untitled"    // the headline was made from the text
	RemarkUndated   = "remark.undated"     // published without a date: a draft here
	RemarkFuture    = "remark.future"      // would have gone out later: a draft here
	RemarkPrivate   = "remark.private"     // was protected: a draft here
	RemarkPageDraft = "remark.page_draft"  // a page that wasn't out: a draft story here
	RemarkType      = "remark.type"        // a plug-in's kind of post, taken for a story
	RemarkLanguage  = "remark.language"    // isn't one of the paper's
	RemarkTwice     = "remark.twice"       // another post has the story's language: a story of its own
	RemarkAuthor    = "remark.author"      // without a name of its own
	RemarkFetch     = "remark.fetch"       // a picture that couldn't be had, and why
	RemarkRecording = "remark.recording"   // a recording beside the text, kept as a link
	RemarkKept      = "remark.kept"        // changed there, but written in here since
	RemarkEmpty     = "remark.empty"       // nothing in it: not taken in
	RemarkNested    = "remark.page_nested" // a page below another stands beside it now
)

// maxItems is how many items with remarks a report keeps: enough for a screen, not for the memory.
const maxItems = 1000

func newReport(files []File) Report {
	r := Report{Left: map[string]int{}, Remarks: map[string]int{}}
	for _, f := range files {
		r.Files = append(r.Files, FileReport{Name: f.Name})
	}
	return r
}

func (r *Report) add(it ItemReport) {
	for _, m := range it.Remarks {
		r.Remarks[m.Key]++
	}
	if len(r.Items) < maxItems {
		r.Items = append(r.Items, it)
	} else {
		r.More++
	}
}

// Complete reports whether everything was taken in and understood.
func (r Report) Complete() bool { return len(r.Remarks) == 0 }

// Begun reports whether anything came in, or was found to be here, before an error ended the import.
func (r Report) Begun() bool {
	none := Tally{}
	return r.Editions != none || r.Pages != none || r.Pictures != none || len(r.Items) > 0 || len(r.Left) > 0
}

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "From %s\n", strings.TrimPrefix(r.Origin, "wordpress:"))
	for _, f := range r.Files {
		fmt.Fprintf(b, "  %s: %d items\n", f.Name, f.Items)
		for _, x := range f.Repairs {
			fmt.Fprintf(b, "    repaired %d times, first in line %d: %s\n", x.N, x.Line, repairWords[x.Key])
		}
	}
	fmt.Fprintln(b)
	for _, row := range []struct {
		name string
		t    Tally
	}{{"Stories", r.Stories}, {"Editions", r.Editions}, {"Static pages", r.Pages}, {"Pictures", r.Pictures}} {
		fmt.Fprintf(b, "%-14s%s\n", row.name, row.t)
	}
	for _, row := range []struct {
		name string
		m    Made
	}{{"Sections", r.Sections}, {"Topics", r.Topics}, {"Authors", r.Authors}} {
		fmt.Fprintf(b, "%-14s%d new, %d known\n", row.name, row.m.New, row.m.Found)
	}
	fmt.Fprintf(b, "%-14s%d new\n", "Old addresses", r.Redirects)
	if r.Comments > 0 {
		fmt.Fprintf(b, "%-14s%d, not taken in\n", "Comments", r.Comments)
	}
	for _, k := range sortedKeys(r.Left) {
		fmt.Fprintf(b, "Left out      %d × %s\n", r.Left[k], k)
	}
	if len(r.Remarks) > 0 {
		fmt.Fprintln(b, "\nWhat was not understood, or was decided:")
		for _, k := range sortedKeys(r.Remarks) {
			fmt.Fprintf(b, "%6d × %s\n", r.Remarks[k], words(k))
		}
	}
	for _, it := range r.Items {
		fmt.Fprintln(b)
		writeItem(b, it)
	}
	if r.More > 0 {
		fmt.Fprintf(b, "\n… and %d more items with remarks\n", r.More)
	}
	return b.Flush()
}

// WriteText writes what is to be said of the item for people.
func (it ItemReport) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	writeItem(b, it)
	return b.Flush()
}

func writeItem(b *bufio.Writer, it ItemReport) {
	title := it.Title
	if title == "" {
		title = "(without a title)"
	}
	fmt.Fprintf(b, "%s %s: %s\n", first(it.Type, "item"), it.ID, title)
	if it.Address != "" {
		fmt.Fprintf(b, "  %s\n", it.Address)
	}
	if it.Story > 0 {
		fmt.Fprintf(b, "  story %d\n", it.Story)
	}
	for _, m := range it.Remarks {
		if m.Text == "" {
			fmt.Fprintf(b, "  - %s\n", words(m.Key))
		} else {
			fmt.Fprintf(b, "  - %s: %s\n", words(m.Key), m.Text)
		}
	}
}

// String lists the counts that aren't zero.
func (t Tally) String() string {
	var parts []string
	for _, x := range []struct {
		n    int
		name string
	}{{t.New, "new"}, {t.Changed, "changed"}, {t.Same, "unchanged"}, {t.Kept, "kept as written here"}, {t.Refused, "refused"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", x.n, x.name))
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func words(key string) string {
	if w, ok := remarkWords[key]; ok {
		return w
	}
	return key
}

// The report is read by the operator beside a shell's other words, so it is in their language.
var remarkWords = map[string]string{
	wptext.RemarkShortcode:    "shortcode taken out, the text inside kept",
	wptext.RemarkBlock:        "block that WordPress fills when it shows the page",
	wptext.RemarkMedia:        "recording, kept as a link",
	wptext.RemarkPicture:      "picture not in the library, kept as a link",
	wptext.RemarkEmbed:        "foreign content from a host that may not be embedded, kept as a link",
	wptext.RemarkDebris:       "remains of a theme or plug-in, taken out",
	wptext.RemarkDepth:        "markup nested beyond measure, only its words kept",
	document.RemarkDropped:    "element that is no text, taken out",
	document.RemarkUnknown:    "unknown element, its text kept",
	document.RemarkNestedList: "list within another, flattened",
	document.RemarkTable:      "something in a table's cell, moved behind the table",
	document.RemarkQuotation:  "more than a quotation, its parts kept",
	document.RemarkPicture:    "picture left out",
	document.RemarkEmbed:      "foreign content left out",
	document.RemarkLink:       "unsafe link, its text kept",
	document.RemarkHidden:     "text that the page hid, left out",
	document.RemarkStruck:     "struck text, left out",
	RemarkRefused:             "not taken in",
	RemarkComments:            "comments stay behind",
	RemarkUntitled:            "no title: the headline was made from the text",
	RemarkUndated:             "published without a date: a draft here",
	RemarkFuture:              "would have gone out later: a draft here",
	RemarkPrivate:             "private or protected: a draft here",
	RemarkPageDraft:           "page that wasn't out: a draft story here",
	RemarkType:                "a plug-in's kind of post, taken for a story",
	RemarkLanguage:            "in a language that the paper doesn't have: readers don't see it",
	RemarkTwice:               "another post has this story's language: a story of its own",
	RemarkAuthor:              "author without a name",
	RemarkFetch:               "picture that couldn't be had",
	RemarkRecording:           "recording beside the text, kept as a link",
	RemarkKept:                "changed there, but somebody has written in it here: left as it is",
	RemarkEmpty:               "nothing in it",
	RemarkNested:              "page below another, beside it now",
}

var repairWords = map[string]string{
	wxr.RepairAmpersand: "a bare & in the text",
	wxr.RepairEntity:    "an entity that XML doesn't know",
	wxr.RepairLess:      "a bare < in the text",
	wxr.RepairControl:   "characters that XML forbids, dropped",
	wxr.RepairBytes:     "bytes that aren't UTF-8, read as Windows-1252",
	wxr.RepairEncoding:  "the encoding isn't the one declared: read as UTF-8",
	wxr.RepairMarkup:    "HTML that was neither escaped nor wrapped",
	wxr.RepairDoctype:   "a document type with declarations, ignored",
}
