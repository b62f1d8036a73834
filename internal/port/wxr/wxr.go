// Package wxr reads WordPress exports (WXR, "WordPress eXtended RSS") as they really are: as a
// stream, a post at a time, in bounded memory, with the mistakes that plug-ins and editors leave in
// them. What can be repaired is repaired and counted; what can't is refused with its line. It is
// pure: it knows no database and writes nothing.
package wxr

import "strconv"

// Site is what an export says of the site it was taken from.
type Site struct {
	Title       string
	Link        string
	Description string
	Language    string
	BaseSite    string // of a network of sites, the network's address
	BaseBlog    string
	Version     string // of the format
	Generator   string
}

// Author is somebody with an account on the site.
type Author struct {
	ID, Login, Email, Name, First, Last string
}

// Term is an entry of a taxonomy: a category, a tag, or whatever a plug-in keeps there.
type Term struct {
	ID          string
	Taxonomy    string // category, post_tag, nav_menu, language, post_translations …
	Slug        string
	Parent      string // slug of another term of the taxonomy, or ""
	Name        string
	Description string
}

// Ref is an item's being filed under a term.
type Ref struct{ Domain, Slug, Name string }

// Meta is a custom field of an item.
type Meta struct{ Key, Value string }

// Item is a post, page, attachment, menu entry or whatever else WordPress keeps as a post. All text
// is as it stands in WordPress's database.
type Item struct {
	Line int64 // where it begins in the export

	ID, Type, Status, Parent string
	Title, Link, GUID, Slug  string
	Creator                  string // login
	Content, Excerpt         string
	Password                 string
	PubDate                  string // RFC 2822
	Date, DateGMT            string // 2006-01-02 15:04:05, or zeros
	AttachmentURL            string
	MenuOrder                string

	Refs     []Ref
	Meta     []Meta
	Comments int

	// TooLarge names what exceeded the limits, with its size; the item is incomplete then.
	TooLarge string
}

// MetaValue returns the first field of that name, or "".
func (it *Item) MetaValue(key string) string {
	for _, m := range it.Meta {
		if m.Key == key {
			return m.Value
		}
	}
	return ""
}

// Part is the next thing in an export: one of the three is set.
type Part struct {
	Author *Author
	Term   *Term
	Item   *Item
}

// Limits of what is held of one item. WordPress sites' longest posts have some hundred kilobytes.
const (
	MaxField = 8 << 20
	maxItem  = 24 << 20
	maxMeta  = 4000
	maxRefs  = 2000
	maxTag   = 64 << 10
)

// SyntaxError says where and why an export can't be read.
type SyntaxError struct {
	Line   int64
	Reason string
}

// Error names line and reason.
func (e *SyntaxError) Error() string {
	return "line " + strconv.FormatInt(e.Line, 10) + ": " + e.Reason
}

// Repair is a kind of mistake that was put right while reading.
type Repair struct {
	Key  string // repair.ampersand …
	Line int64  // of the first one
	N    int64  // how many
}

// The keys of a [Repair].
const (
	RepairAmpersand = "repair.ampersand" // a bare & in text
	RepairEntity    = "repair.entity"    // a named entity that XML doesn't know
	RepairLess      = "repair.less"      // a bare < in text
	RepairControl   = "repair.control"   // characters that XML forbids, dropped
	RepairBytes     = "repair.bytes"     // bytes that aren't UTF-8, read as Windows-1252
	RepairEncoding  = "repair.encoding"  // another encoding than the one declared
	RepairMarkup    = "repair.markup"    // HTML that wasn't wrapped or escaped
	RepairDoctype   = "repair.doctype"   // a document type with declarations, ignored
)
