package quantity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenSort byte

const (
	wordToken tokenSort = iota
	figureToken
	signToken
)

// token is a word, a number in figures or a sign.
type token struct {
	from, to int
	sort     tokenSort
	space    bool   // something blank stands before it
	low      string // words and signs: small letters, one kind of apostrophe
	fig      *figure
	capital  bool
}

// scan cuts a text into tokens.
func (t *tables) scan(text string) []token {
	out := make([]token, 0, len(text)/5)
	space := true
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r) || r == '\u200e' || r == '\u200f' || r == '\u200b' || r == '\u2060' || r == '\u00ad':
			space = space || r != '\u00ad' && r != '\u2060'
			i += size
			continue
		case digitOf(r) >= 0:
			f, end := readFigure(t.habits, text, i)
			out = append(out, token{from: i, to: end, sort: figureToken, space: space, fig: &f})
			i = end
		case r == '.' && space && fractionBehind(text[i+1:]):
			digits, end := run(text, i+1)
			f := figure{values: []Value{parse(digits, len(digits))}, digits: digits, places: len(digits)}
			out = append(out, token{from: i, to: end, sort: figureToken, space: true, fig: &f})
			i = end
		case unicode.IsLetter(r):
			end := t.wordEnd(text, i)
			out = append(out, token{from: i, to: end, sort: wordToken, space: space, low: lower(text[i:end]), capital: unicode.IsUpper(r)})
			i = end
		default:
			out = append(out, token{from: i, to: i + size, sort: signToken, space: space, low: text[i : i+size]})
			i += size
		}
		space = false
	}
	return out
}

// wordEnd is where the word that begins at i ends. An apostrophe is part of it, unless the language
// writes small words with one: "d’euros".
func (t *tables) wordEnd(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			i += size
		case isApostrophe(r):
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if !unicode.IsLetter(next) {
				return i
			}
			i += size
			if t.elides {
				return i
			}
		default:
			return i
		}
	}
	return i
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' }

// lower makes small letters, ё an е, and every apostrophe the curved one.
func lower(s string) string {
	s = strings.ToLower(s)
	if strings.ContainsAny(s, "'ʼ`ё\u0301\u00ad") {
		s = alike.Replace(s)
	}
	return s
}

var alike = strings.NewReplacer("'", "’", "ʼ", "’", "`", "’", "ё", "е", "\u0301", "", "\u00ad", "")

// fractionBehind reports whether figures begin the text: ".5".
func fractionBehind(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }
