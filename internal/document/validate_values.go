package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SafeHref reports whether a link may lead to href: http or https with a host and without user
// name, mailto or tel, written without spaces, control, invisible or direction characters and
// without what would have to be escaped in an address.
func SafeHref(href string) bool {
	if len(href) > MaxHref || !utf8.ValidString(href) || strings.ContainsFunc(href, notInHref) {
		return false
	}
	scheme, rest, ok := strings.Cut(href, ":")
	if !ok {
		return false
	}
	switch strings.ToLower(scheme) {
	case "mailto", "tel":
		return rest != "" && rest[0] != '?' && rest[0] != '#'
	case "http", "https":
		rest, ok := strings.CutPrefix(rest, "//")
		host := rest
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			host = rest[:i]
		}
		return ok && host != "" && host[0] != ':' && !strings.Contains(host, "@")
	}
	return false
}

func notInHref(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f || strings.IndexByte("\"<>\\^`{|}", byte(r)) >= 0
	}
	return r <= 0x9f ||
		unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar || isForbidden(r)
}

func validEmbed(url string) bool {
	return len(url) > 8 && strings.EqualFold(url[:8], "https://") && SafeHref(url)
}

// validLang is the form of a BCP 47 tag, whether or not there is such a language.
func validLang(tag string) bool {
	if len(tag) > MaxLang {
		return false
	}
	for i, sub := range strings.Split(tag, "-") {
		if len(sub) == 0 || len(sub) > 8 || i == 0 && len(sub) < 2 {
			return false
		}
		for _, c := range []byte(sub) {
			if !isLetter(c) && (i == 0 || !isDigit(c)) {
				return false
			}
		}
	}
	return true
}

// validRef is the form of an ID of another room.
func validRef(s string) bool { return validName(s, MaxRef) }

func validName(s string, max int) bool {
	if s == "" || len(s) > max {
		return false
	}
	for _, c := range []byte(s) {
		if !isLetter(c) && !isDigit(c) && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// validSlug is letters, figures and hyphens between them, all small.
func validSlug(s string) bool {
	if longer(s, MaxSlug) || strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-") {
		return false
	}
	for _, r := range s {
		if r != '-' && !inSlug(r) {
			return false
		}
	}
	return true
}

func inSlug(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)) && unicode.ToLower(r) == r
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// firstRunes cuts s after n characters.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
