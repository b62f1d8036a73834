package wptext

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

func hasBlocks(s string) bool { return strings.Contains(s, "<!-- wp:") }

// blockMark is the comment that begins or ends a block: its "/" if it ends one, name, attributes,
// and "/" if there is nothing inside.
var blockMark = regexp.MustCompile(`<!--\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(?s:(\{.*?\})\s+)?(/)?-->`)

// filled are blocks that WordPress fills when it shows a page, and whose absence nobody misses.
var filled = set("spacer nextpage more page-break")

// maxReused bounds blocks that contain each other.
const maxReused = 5

// blocks makes HTML of a text made of blocks. What blocks hold is HTML already; what stands outside
// of them, or in a classic block, has line ends for paragraphs.
func (c *converter) blocks(s string, depth int) string {
	var out strings.Builder
	open, classic := 0, 0 // how deep we are; at which depth a classic block began
	text := func(t string) {
		switch {
		case open == 0, classic > 0:
			out.WriteString(c.classic(t))
		default:
			out.WriteString(autoembed(c.shortcodes(t)))
		}
	}
	for {
		at := blockMark.FindStringSubmatchIndex(s)
		if at == nil {
			text(s)
			return out.String()
		}
		text(s[:at[0]])
		part := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return s[at[2*n]:at[2*n+1]]
		}
		name := strings.TrimPrefix(part(2), "core/")
		switch {
		case part(1) != "":
			if open == classic {
				classic = 0
			}
			open = max(open-1, 0)
		case part(4) != "":
			out.WriteString(c.emptyBlock(name, part(3), depth))
		default:
			open++
			if classic == 0 && (name == "freeform" || name == "shortcode") {
				classic = open
			}
		}
		s = s[at[1]:]
	}
}

// emptyBlock makes HTML of a block without content of its own.
func (c *converter) emptyBlock(name, attrs string, depth int) string {
	var a struct {
		Ref json.Number `json:"ref"`
		URL string      `json:"url"`
		ID  json.Number `json:"id"`
	}
	if attrs != "" {
		// Attributes that aren't as we know them say nothing to us.
		_ = json.Unmarshal([]byte(attrs), &a)
	}
	switch {
	case name == "block" && c.env.Block != nil && depth < maxReused:
		if text, ok := c.env.Block(a.Ref.String()); ok {
			return c.content(text, depth+1)
		}
	case strings.HasSuffix(name, "embed") || strings.HasPrefix(name, "core-embed/"):
		if a.URL != "" {
			return frame(a.URL, "")
		}
	case name == "image" && a.ID != "":
		if att, ok := c.env.attachment(a.ID.String()); ok {
			return figure(att)
		}
	}
	if !filled[name] {
		c.add(RemarkBlock, name)
	}
	return "\n"
}

// number returns the digits of s, "" if there are others.
func number(s string) string {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err != nil || n <= 0 {
		return ""
	}
	return s
}
