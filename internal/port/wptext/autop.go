package wptext

import (
	"regexp"
	"strings"
)

// blockTags begin and end paragraphs by themselves.
var blockTags = set("table thead tfoot caption col colgroup tbody tr td th div dl dd dt ul ol li pre form map area blockquote address " +
	"style p h1 h2 h3 h4 h5 h6 hr fieldset legend section article aside hgroup header footer nav figure figcaption details menu summary " +
	"script textarea main center iframe video audio object")

// verbatim hold line breaks that mean nothing, or that a browser sees to itself.
var verbatim = set("pre script style textarea svg")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// Autop sets paragraphs and line breaks into a text in which they are empty lines and line ends, as
// WordPress does when it shows a post. It adds <p> and <br> only: a browser closes the paragraphs.
func Autop(s string) string {
	if !strings.Contains(s, "\n") {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + len(s)/16)
	edge := true // nothing but blocks before
	for s != "" {
		i := strings.IndexAny(s, "<\n")
		if i < 0 {
			out.WriteString(s)
			break
		}
		if i > 0 {
			if text := s[:i]; strings.Trim(text, " \t") != "" {
				edge = false
			}
			out.WriteString(s[:i])
			s = s[i:]
		}
		if s[0] == '\n' {
			s = lineEnd(&out, s, edge)
			continue
		}
		tag, name, closing := cutTag(s)
		s = s[len(tag):]
		out.WriteString(strings.ReplaceAll(tag, "\n", " "))
		switch {
		case name == "":
			edge = edge && strings.HasPrefix(tag, "<!--")
		case verbatim[name] && !closing:
			end := closeOf(s, name)
			out.WriteString(s[:end])
			s, edge = s[end:], true
		case blockTags[name], name == "br":
			edge = true
		default:
			edge = false
		}
	}
	return out.String()
}

// lineEnd reads the white space at the beginning of s, which begins with a line end, and writes what
// it means.
func lineEnd(out *strings.Builder, s string, edge bool) string {
	n := len(s) - len(strings.TrimLeft(s, " \t\n"))
	lines := strings.Count(s[:n], "\n")
	s = s[n:]
	switch {
	case edge || s == "" || beginsBlock(s):
		out.WriteByte('\n')
	case lines > 1:
		out.WriteString("\n<p>")
	default:
		out.WriteString("<br>\n")
	}
	return s
}

func beginsBlock(s string) bool {
	if s[0] != '<' {
		return false
	}
	_, name, _ := cutTag(s)
	return blockTags[name] || name == "br"
}

// cutTag returns the tag or comment at the beginning of s, which begins with <, and its name in
// small letters; "" if it is none.
func cutTag(s string) (tag, name string, closing bool) {
	if strings.HasPrefix(s, "<!--") {
		if end := strings.Index(s, "-->"); end >= 0 {
			return s[:end+3], "", false
		}
		return s[:1], "", false
	}
	i := 1
	if i < len(s) && s[i] == '/' {
		closing, i = true, 2
	}
	from := i
	for i < len(s) && (isLetter(s[i]) || i > from && (s[i] >= '0' && s[i] <= '9' || s[i] == '-' || s[i] == ':')) {
		i++
	}
	if i == from {
		return s[:1], "", false
	}
	name = strings.ToLower(s[from:i])
	quote := byte(0)
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return s[:i+1], name, closing
		}
	}
	return s[:1], "", false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// closeOf returns the index behind the tag that closes name, or the end of s.
func closeOf(s, name string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], "</")
		if i < 0 {
			return len(s)
		}
		from += i
		if tag, n, _ := cutTag(s[from:]); n == name {
			return from + len(tag)
		}
		from += 2
	}
}

// alone finds an address that has a line, or a paragraph, for itself.
var alone = regexp.MustCompile(`(?m)(^[ \t]*|<p>\s*)(https?://[^\s<>"\[\]]+)([ \t]*$|\s*</p>)`)

// mayStandAlone is a quick look before the slow one: most addresses stand in a link.
func mayStandAlone(s string) bool {
	for i := 0; ; {
		n := strings.Index(s[i:], "http")
		if n < 0 {
			return false
		}
		i += n
		before := strings.TrimRight(s[:i], " \t")
		if before == "" || before[len(before)-1] == '\n' || before[len(before)-1] == '>' {
			return true
		}
		i += len("http")
	}
}

// autoembed makes players and links of addresses alone on a line, as WordPress does.
func autoembed(s string) string {
	if !mayStandAlone(s) {
		return s
	}
	return alone.ReplaceAllStringFunc(s, func(m string) string {
		p := alone.FindStringSubmatch(m)
		return p[1] + frame(p[2], "") + p[3]
	})
}
