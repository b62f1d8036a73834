// Package entry looks at what people type into a form before it is stored: it trims, brings
// letters into one form (NFC), and complains about what can't be taken, beside the entry it stands
// in. What passes comes back from the database and in every feed exactly as it went in.
package entry

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Limits that are the same everywhere, in characters.
const (
	Name = 200  // of a person, section, topic, file
	Word = 80   // a slug or a key
	Note = 2000 // a caption, something about a person
	Long = 10_000
)

// The words for what is wrong.
const (
	Required   = "problem.required"
	TooLong    = "problem.too_long"       // argument: the limit
	Characters = "problem.bad_characters" // control characters and the like
	BadSlug    = "problem.slug"           // argument: none
	Digits     = "problem.slug_digits"
	Reserved   = "problem.slug_reserved"
	Taken      = "problem.taken"
	Before     = "problem.taken_before" // argument: name
	BadEmail   = "problem.email"
	BadLang    = "problem.language"
	Choice     = "problem.choice" // not one of those offered
)

// Line returns the text of an entry of one line, in its stored form.
func Line(f *problem.Fields, name, value string, limit int) string {
	return text(f, name, value, limit, false)
}

// Lines is [Line] for text that may have line breaks; "\r\n" becomes "\n".
func Lines(f *problem.Fields, name, value string, limit int) string {
	return text(f, name, strings.ReplaceAll(value, "\r\n", "\n"), limit, true)
}

// Must is [Line] for what can't be left empty. Text without anything to see counts as empty.
func Must(f *problem.Fields, name, value string, limit int) string {
	out := Line(f, name, value, limit)
	if !f.Has(name) && !Visible(out) {
		f.Add(name, Required, value)
	}
	return out
}

func text(f *problem.Fields, name, value string, limit int, lines bool) string {
	// Measured before it is normalised, so that megabytes cost nothing.
	if len(value) > 8*limit+64 {
		f.Add(name, TooLong, clip(value), limit)
		return clip(value)
	}
	out := norm.NFC.String(strings.TrimFunc(value, blank))
	if !utf8.ValidString(value) || strings.IndexFunc(out, func(r rune) bool { return forbidden(r, lines) }) >= 0 {
		f.Add(name, Characters, value)
		return out
	}
	if utf8.RuneCountInString(out) > limit {
		f.Add(name, TooLong, value, limit)
	}
	return out
}

// SlugTaken is the error of a slug that something else has.
func SlugTaken(field, slug string) error {
	return (&problem.Error{Kind: problem.Conflict, Key: Taken}).With(problem.Field{Name: field, Key: Taken, Value: slug})
}

// TakenBefore is the error of a slug that something else, called name, had before, so that old
// addresses lead there.
func TakenBefore(field, slug, name string) error {
	args := []any{"name", name}
	return problem.New(problem.Conflict, Before, args...).With(problem.Field{Name: field, Key: Before, Args: args, Value: slug})
}

// clip keeps the start of something far too long for the form that shows it again.
func clip(s string) string {
	const keep = 64 << 10
	if len(s) > keep {
		s = s[:keep]
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// forbidden are the characters that XML, PostgreSQL or a mail's head can't carry.
func forbidden(r rune, lines bool) bool {
	if lines && (r == '\n' || r == '\t') {
		return false
	}
	return unicode.IsControl(r) || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef ||
		!lines && (r == '\u2028' || r == '\u2029')
}

// Visible reports whether s holds anything that can be seen.
func Visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Mn, unicode.Zs) &&
			r != '\u3164' && r != '\u115f' && r != '\u1160' && r != '\uffa0' && r != '\u2800'
	}) >= 0
}

// Slug returns the part of an address: small letters, figures and hyphens, of any script, not
// figures only and none of the reserved words. An empty one is made from title; where that gives
// nothing, as for a name in Chinese, it is fallback.
func Slug(f *problem.Fields, name, value string, l lang.Tag, title, fallback string, reserved ...string) string {
	given := value != ""
	out := norm.NFC.String(strings.TrimFunc(value, blank))
	if out == "" {
		given = false
		if out = l.Slug(title, 60); out == "" {
			out = fallback
		}
	}
	if slices.Contains(reserved, out) {
		if given {
			f.Add(name, Reserved, value)
			return out
		}
		out = fallback
	}
	switch {
	case utf8.RuneCountInString(out) > Word:
		f.Add(name, TooLong, clip(value), Word)
	case !slugForm(out):
		f.Add(name, BadSlug, value)
	case strings.IndexFunc(out, func(r rune) bool { return !unicode.IsDigit(r) }) < 0:
		f.Add(name, Digits, value)
	}
	return out
}

func slugForm(s string) bool {
	if s == "" || !utf8.ValidString(s) || s[0] == '-' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for _, r := range s {
		small := unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsTitle(r)
		if !small && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && r != '-' {
			return false
		}
	}
	return true
}

// Key returns a word of [a-z0-9-].
func Key(f *problem.Fields, name, value string) string {
	out := strings.TrimFunc(value, blank)
	switch {
	case out == "":
		f.Add(name, Required, value)
	case len(out) > Word:
		f.Add(name, TooLong, clip(value), Word)
	case !slugForm(out) || strings.IndexFunc(out, func(r rune) bool { return r > unicode.MaxASCII }) >= 0:
		f.Add(name, BadSlug, value)
	}
	return out
}

// Email returns an address of mail in lower case. It looks at the form only: whether somebody
// reads it, only a mail shows.
func Email(f *problem.Fields, name, value string) string {
	out := strings.ToLower(Must(f, name, value, 254))
	if f.Has(name) {
		return out
	}
	a, err := mail.ParseAddress(out)
	if err != nil || a.Address != out || a.Name != "" || strings.ContainsAny(out, " \"<>()[]") {
		f.Add(name, BadEmail, value)
	}
	return out
}

// Lang returns the canonical form of a language's tag.
func Lang(f *problem.Fields, name string, value lang.Tag) lang.Tag {
	t, err := lang.Parse(string(value))
	if err != nil {
		f.Add(name, BadLang, clip(string(value)))
		return value
	}
	return t
}

// Folded is text for finding: without case, without marks, one space between words. Two texts that
// a hurried person would call the same are equal when folded.
func Folded(parts ...string) string {
	var b strings.Builder
	for _, r := range cases.Fold().String(norm.NFKD.String(strings.Join(parts, " "))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
