package lang

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	years  = regexp.MustCompile(`\b(1[0-9]{3}|20[0-9]{2})[-–—](1[0-9]{3}|20[0-9]{2})\b`)
	groups = regexp.MustCompile("[1-9][0-9]{0,2}(?:[ \u00a0\u202f\u2009][0-9]{3})+")
)

// numbers sets percentages, the spaces between thousands, and ranges of years. The figures stay.
func (set typesetter) numbers(s string) string {
	if !strings.ContainsFunc(s, unicode.IsDigit) {
		return s
	}
	s = set.percentages(s)
	s = set.ranges(s)
	return set.thousands(s)
}

// percentages sets the space before "%" in languages that write it after the number.
func (set typesetter) percentages(s string) string {
	space, ok := strings.CutPrefix(strings.TrimSuffix(set.ty.Percent, "%"), "{0}")
	if !ok || !strings.HasSuffix(set.ty.Percent, "%") || !strings.Contains(s, "%") || strings.Trim(space, nbsp+nnbsp) != "" {
		return s
	}
	runes := []rune(s)
	out := make([]rune, 0, len(runes)+2)
	for i, r := range runes {
		if r == '%' && !inWord(at(runes, i+1)) && at(runes, i+1) != '%' {
			number := len(out)
			for number > 0 && isSpace(out[number-1]) {
				number--
			}
			if number > 0 && len(out)-number <= 1 && out[number-1] >= '0' && out[number-1] <= '9' {
				out = append(out[:number], []rune(space)...)
			}
		}
		out = append(out, r)
	}
	return string(out)
}

// ranges joins two years that follow one another by the language's sign.
func (set typesetter) ranges(s string) string {
	if !strings.ContainsAny(s, "-–—") {
		return s
	}
	return replaceAround(years, s, func(m string, before, after rune) string {
		from, to := m[:4], m[len(m)-4:]
		if from >= to || strings.ContainsRune("-–—/.,:+#", before) || strings.ContainsRune("-–—/+", after) {
			return m
		}
		return from + set.ty.Range + to
	})
}

// thousands sets the space between thousands in languages that have one there.
func (set typesetter) thousands(s string) string {
	if set.ty.Group != nbsp && set.ty.Group != nnbsp {
		return s
	}
	return replaceAround(groups, s, func(m string, before, after rune) string {
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, m)
		if len(digits) < set.ty.GroupFrom || inWord(before) || inWord(after) || strings.ContainsRune(".,:-–+/#", before) {
			return m
		}
		return strings.NewReplacer(" ", set.ty.Group, nbsp, set.ty.Group, nnbsp, set.ty.Group, "\u2009", set.ty.Group).Replace(m)
	})
}

// replaceAround is ReplaceAllStringFunc with the runes before and after the match.
func replaceAround(re *regexp.Regexp, s string, f func(m string, before, after rune) string) string {
	var b strings.Builder
	done := 0
	for _, m := range re.FindAllStringIndex(s, -1) {
		before, after := lastRune(s[:m[0]]), firstRune(s[m[1]:])
		b.WriteString(s[done:m[0]])
		b.WriteString(f(s[m[0]:m[1]], before, after))
		done = m[1]
	}
	b.WriteString(s[done:])
	return b.String()
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func lastRune(s string) rune {
	runes := []rune(s[max(0, len(s)-4):])
	if len(runes) == 0 {
		return 0
	}
	return runes[len(runes)-1]
}
