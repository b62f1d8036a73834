// Package wptext turns the text of a WordPress post, as it lies in WordPress's database, into HTML
// of the kind that browsers are shown: block comments, shortcodes, addresses alone on a line and
// line breaks become what WordPress makes of them, and what themes and plug-ins left behind is
// taken out. It is pure. Whatever isn't understood is in the remarks; text is never lost.
package wptext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Remark is something in a post that has no place in a document, or that was read in one way of
// several.
type Remark struct {
	Key  string `json:"key"`
	Text string `json:"text,omitempty"` // what it was about: the shortcode, the address, the words taken out
}

// The keys of a [Remark].
const (
	RemarkShortcode = "remark.shortcode" // taken out; the text inside is kept
	RemarkBlock     = "remark.block"     // a block that WordPress fills when it shows the page
	RemarkMedia     = "remark.media"     // a recording, kept as a link
	RemarkPicture   = "remark.picture"   // a picture that isn't in the library, kept as a link
	RemarkEmbed     = "remark.embed"     // foreign content, kept as a link
	RemarkDebris    = "remark.debris"    // words of a theme or plug-in, taken out
	RemarkDepth     = "remark.depth"     // markup nested beyond all measure: only its text is kept
)

// Attachment is a file of the site's media library.
type Attachment struct {
	ID, URL, Title, Caption, Description, Alt, Credit string
}

// Picture is a picture's place in a text.
type Picture struct {
	ID      string // of the attachment, if the text says so
	Src     string
	Alt     string
	Caption string // HTML
	Credit  string
}

// Env is what a post's text refers to. Nil functions know nothing.
type Env struct {
	Attachment func(id string) (Attachment, bool)
	// Attached are the pictures uploaded to the post, in their order: a gallery without a list
	// shows them.
	Attached func() []string
	// Block returns the text of a reusable block.
	Block func(id string) (string, bool)
	// Picture reports whether the picture has a place in the library.
	Picture func(Picture) bool
	// Embed reports whether the address may be embedded.
	Embed func(url string) bool
}

// Result is a post's text as HTML. The src of each img is "picture:N", where N is an index of
// Pictures.
type Result struct {
	HTML     string
	Pictures []Picture
	Remarks  []Remark
}

// maxRemarks bounds what is said of one post.
const maxRemarks = 60

type remarks struct{ list []Remark }

func (r *remarks) add(key, text string) {
	m := Remark{Key: key, Text: shorten(text, 200)}
	if len(r.list) < maxRemarks && !slices.Contains(r.list, m) {
		r.list = append(r.list, m)
	}
}

// shorten cuts s to one line of n characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	for i := range s {
		if n--; n == 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// HTML reads a post's text.
func HTML(content string, env Env) Result {
	c := &converter{env: env}
	text := c.content(content, 0)
	return c.dom(text)
}

type converter struct {
	remarks
	env      Env
	pictures []Picture
}

// content makes HTML of a text with blocks or without.
func (c *converter) content(text string, depth int) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if hasBlocks(text) {
		return c.blocks(text, depth)
	}
	return c.classic(text)
}

// classic makes HTML of a text of the time before blocks, or of one outside of them.
func (c *converter) classic(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	// A page's end is a paragraph's; it is the one comment that shows.
	text = strings.ReplaceAll(text, "<!--nextpage-->", "\n\n")
	return Autop(autoembed(c.shortcodes(text)))
}

func (e Env) attachment(id string) (Attachment, bool) {
	if e.Attachment == nil || id == "" {
		return Attachment{}, false
	}
	return e.Attachment(id)
}
