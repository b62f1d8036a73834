package wptext

import (
	"html"
	"strings"
)

// code is a shortcode in a text: [name a="b"]inner[/name].
type code struct {
	name     string
	attrs    map[string]string
	plain    []string // attributes without a name
	tag      string   // as written
	from, to int      // of the tag, in the text
	inner    int      // where its content ends; 0: it has none
	end      int      // behind the closing tag
	alone    bool     // nothing else is in its line
	escaped  bool     // [[name]] is how one writes [name]
}

// shortcodes replaces the shortcodes of a text.
func (c *converter) shortcodes(s string) string {
	if !strings.Contains(s, "[") {
		return s
	}
	return c.expand(s, find(s), 0)
}

// maxNested bounds shortcodes within each other.
const maxNested = 40

// expand writes s with its shortcodes replaced; list is in the order of s.
func (c *converter) expand(s string, list []code, depth int) string {
	if len(list) == 0 {
		return s
	}
	var out strings.Builder
	pos := 0
	for i := 0; i < len(list); i++ {
		sc := list[i]
		if sc.from < pos {
			continue
		}
		out.WriteString(s[pos:sc.from])
		if sc.escaped {
			out.WriteString(s[sc.from+1 : sc.to-1])
			pos = sc.to
			continue
		}
		inner := ""
		end := sc.to
		if sc.end > 0 {
			// Those inside, moved to where their text begins.
			var within []code
			for _, o := range list[i+1:] {
				if o.from >= sc.inner {
					break
				}
				o.from, o.to = o.from-sc.to, o.to-sc.to
				if o.end > 0 {
					o.inner, o.end = o.inner-sc.to, o.end-sc.to
				}
				within = append(within, o)
			}
			inner, end = s[sc.to:sc.inner], sc.end
			if depth < maxNested {
				inner = c.expand(inner, within, depth+1)
			}
		}
		out.WriteString(c.replace(sc, inner))
		pos = end
	}
	out.WriteString(s[pos:])
	return out.String()
}

// find lists the shortcodes of s in order, each with its end where it has one. Tags of HTML are no
// place for them.
func find(s string) []code {
	var list []code
	open := map[string][]int{} // by name, indexes in list of those without an end
	for i := 0; i < len(s); {
		switch {
		case s[i] == '<':
			tag, _, _ := cutTag(s[i:])
			i += len(tag)
			continue
		case s[i] != '[':
			n := strings.IndexAny(s[i:], "<[")
			if n < 0 {
				return settle(s, list)
			}
			i += n
			continue
		}
		sc, closing, ok := parse(s, i)
		if !ok {
			i++
			continue
		}
		i = sc.to
		if !closing {
			if !sc.escaped {
				open[sc.name] = append(open[sc.name], len(list))
			}
			list = append(list, sc)
			continue
		}
		stack := open[sc.name]
		if len(stack) == 0 {
			list = append(list, code{name: "/" + sc.name, tag: sc.tag, from: sc.from, to: sc.to})
			continue
		}
		k := stack[len(stack)-1]
		list[k].inner, list[k].end = sc.from, sc.to
		// What was opened since and isn't closed yet can't be closed outside of it.
		for name, st := range open {
			for len(st) > 0 && st[len(st)-1] >= k {
				st = st[:len(st)-1]
			}
			open[name] = st
		}
	}
	return settle(s, list)
}

// settle leaves away what only looks like a shortcode.
func settle(s string, list []code) []code {
	out := list[:0]
	for _, sc := range list {
		sc.alone = isAlone(s, sc)
		if sc.escaped || sc.is() {
			out = append(out, sc)
		}
	}
	return out
}

func isAlone(s string, sc code) bool {
	before := strings.TrimRight(s[:sc.from], " \t")
	after := strings.TrimLeft(s[max(sc.to, sc.end):], " \t")
	return (before == "" || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, ">")) &&
		(after == "" || strings.HasPrefix(after, "\n") || strings.HasPrefix(after, "<"))
}

// parse reads the shortcode's tag at index i of s.
func parse(s string, i int) (sc code, closing, ok bool) {
	end := strings.IndexByte(s[i:min(len(s), i+4000)], ']')
	if end < 0 {
		return code{}, false, false
	}
	body := s[i+1 : i+end]
	sc.from, sc.to = i, i+end+1
	if strings.HasPrefix(body, "[") { // [[name]]
		if sc.to < len(s) && s[sc.to] == ']' && isNameOf(strings.Fields(body[1:]+" ")) {
			sc.to++
			sc.escaped, sc.tag = true, s[i:sc.to]
			return sc, false, true
		}
		return code{}, false, false
	}
	sc.tag = s[i:sc.to]
	if strings.Contains(body, "[") {
		return code{}, false, false
	}
	if closing = strings.HasPrefix(body, "/"); closing {
		body = body[1:]
	}
	n := 0
	for n < len(body) && (isLetter(body[n]) || n > 0 && (body[n] >= '0' && body[n] <= '9' || body[n] == '_' || body[n] == '-')) {
		n++
	}
	if n == 0 || n < len(body) && !strings.ContainsRune(" \t\n\u00a0=/", rune(body[n])) && !strings.HasPrefix(body[n:], "\u00a0") {
		return code{}, false, false
	}
	sc.name = body[:n]
	if closing {
		return sc, true, strings.TrimSpace(body[n:]) == ""
	}
	sc.attrs, sc.plain = attributes(strings.TrimSuffix(strings.TrimSpace(body[n:]), "/"))
	return sc, false, true
}

func isNameOf(words []string) bool {
	return len(words) > 0 && words[0] != "" && strings.Trim(words[0], "abcdefghijklmnopqrstuvwxyz0123456789_-/") == ""
}

// quotes are what stands around attributes in texts that were typeset on their way.
var quotes = strings.NewReplacer("&quot;", `"`, "&#8220;", `"`, "&#8221;", `"`, "&#8243;", `"`, "“", `"`, "”", `"`, "″", `"`, "„", `"`,
	"&#039;", "'", "&#8216;", "'", "&#8217;", "'", "\u00a0", " ", "&nbsp;", " ")

// attributes reads what stands behind a shortcode's name: a="b" a='b' a=b "b" b.
func attributes(s string) (named map[string]string, plain []string) {
	s = quotes.Replace(s)
	for {
		s = strings.TrimLeft(s, " \t\n")
		if s == "" {
			return named, plain
		}
		i := strings.IndexAny(s, "= \t\n\"'")
		if i > 0 && s[i] == '=' {
			var v string
			key := strings.ToLower(s[:i])
			v, s = value(s[i+1:])
			if named == nil {
				named = map[string]string{}
			}
			if _, twice := named[key]; !twice {
				named[key] = html.UnescapeString(v)
			}
			continue
		}
		var v string
		v, s = value(strings.TrimPrefix(s, "="))
		plain = append(plain, html.UnescapeString(v))
	}
}

func value(s string) (v, rest string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : end+1], s[end+2:]
		}
		return s[1:], ""
	}
	if i := strings.IndexAny(s, " \t\n"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// Unshort takes the shortcodes out of a short text, such as an excerpt; what they enclose stays.
func Unshort(s string) string {
	c := &converter{}
	for _, sc := range find(s) {
		if known[sc.name] {
			return "" // a gallery or a player instead of words
		}
	}
	return c.shortcodes(s)
}
