package lang

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tidy sets s as the language is set: its quotation marks and apostrophes for typewriter's ones,
// "…" for "...", its dash with its spaces for "--" and " - ", its spaces before punctuation and
// within numbers, no-break spaces where [Tag.Bind] has them. Where the sense isn't certain, what
// was typed stays. No letter and no figure is ever changed, addresses of pages and mail are left
// alone, and tidying twice is tidying once.
//
// For text with marks see [Tag.TidyRuns].
func (t Tag) Tidy(s string) string {
	if s == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, placeholder) {
		return s
	}
	set := typesetter{tag: t, ty: t.Typography()}
	// One round mostly does. What another still changes is given a third and a fourth; a text that
	// doesn't come to rest is left as it was typed.
	text := s
	for range 4 {
		next := set.round(text)
		if next != text {
			text = next
			continue
		}
		if anchors(text) != anchors(s) {
			return s
		}
		return text
	}
	return s
}

// typesetter is one language's way through a text.
type typesetter struct {
	tag Tag
	ty  Typography
}

func (set typesetter) round(s string) string {
	s, kept := protect(s)
	s = squeeze(s)
	if strings.Contains(s, "..") || strings.Contains(s, ". .") {
		s = dots.ReplaceAllString(s, "…")
	}
	s = set.quotes(s)
	s = set.dashes(s)
	s = set.punctuation(s)
	s = set.ellipses(s)
	s = set.numbers(s)
	return restore(set.tag.bindSpaces(s), kept)
}

// web finds addresses of pages and of mail.
var web = regexp.MustCompile(`(?i)(?:https?://|ftp://|www\.)[^\s\pZ\x{2060}<>"«»„“”‘’「」『』…]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/[^\s\pZ\x{2060}<>"«»„“”‘’「」『』…]*`)

// firstPlace is where the private letters begin that stand for addresses while we work.
const firstPlace = 0xF0000

func placeholder(r rune) bool { return r >= firstPlace && r <= 0xFFFFD }

// protect replaces each address by one letter of its own.
func protect(s string) (string, []string) {
	var kept []string
	if !strings.ContainsAny(s, "/@") && !strings.Contains(s, "www.") {
		return s, nil // most texts; looking for addresses costs more than all the rest
	}
	s = web.ReplaceAllStringFunc(s, func(m string) string {
		if len(kept) > 0xFFFD {
			return m
		}
		address := strings.TrimRight(m, ".,;:!?…)'’")
		kept = append(kept, address)
		return string(rune(firstPlace+len(kept)-1)) + m[len(address):]
	})
	return s, kept
}

func restore(s string, kept []string) string {
	if len(kept) == 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if placeholder(r) && int(r-firstPlace) < len(kept) {
			b.WriteString(kept[r-firstPlace])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// anchor tells whether tidying must leave r and its neighbours' order alone: letters and figures.
func anchor(r rune) bool {
	return unicode.IsNumber(r) || unicode.IsLetter(r) && !isApostrophe(r)
}

func anchors(s string) string {
	return strings.Map(func(r rune) rune {
		if anchor(r) {
			return r
		}
		return -1
	}, s)
}

// inWord tells whether r is part of a word, an address or a number.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || placeholder(r)
}

var dots = regexp.MustCompile(`\.{3,}|\. \. \.|…\.{2,}`)

// squeeze makes one space of several, and of a tab; a no-break space among them stays. A line
// doesn't end with a space.
func squeeze(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		last := len(out) - 1
		switch {
		case r == '\n' && last >= 0 && isSpace(out[last]):
			out[last] = r
		case r == '\t' || isSpace(r):
			switch {
			case last < 0 || !isSpace(out[last]):
				if r == '\t' {
					r = ' '
				}
				out = append(out, r)
			case out[last] == ' ' && r != '\t':
				out[last] = r
			}
		default:
			out = append(out, r)
		}
	}
	return string(out)
}

func isSpace(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\u202f' }

// isDash tells whether r is a dash or stands for one between two spaces.
func isDash(r rune) bool { return r == '-' || r == '–' || r == '—' || r == '―' }

// isQuote tells whether r is a quotation mark of any kind.
func isQuote(r rune) bool { return isDouble(r) || isSingle(r) }

func isDouble(r rune) bool { return strings.ContainsRune(`"“”„‟«»「」『』`, r) }

func isSingle(r rune) bool { return strings.ContainsRune(`'‘’‚‛‹›`, r) }

// at is the rune at i, 0 beyond the ends.
func at(runes []rune, i int) rune {
	if i < 0 || i >= len(runes) {
		return 0
	}
	return runes[i]
}

// opens and closes tell whether r is a bracket.
func opens(r rune) bool  { return strings.ContainsRune("([{<", r) }
func closes(r rune) bool { return strings.ContainsRune(")]}>", r) }

// ends tells whether a word or sentence ends before r.
func ends(r rune) bool { return r == 0 || unicode.IsSpace(r) }
