// Package apertium drafts with Apertium: the command on this machine, or an apertium-apy over HTTP. It
// is rule-based, fast and rough; a draft for a person, no more.
//
// Texts go as HTML, a paragraph each: most marks come back at their words (decision 0211).
package apertium

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"depesche/internal/engine"
	"depesche/internal/lang"
)

// limits of a request: more than a second of work, less than any time-out.
var limits = engine.Limits{Texts: 50, Characters: 20000}

// page writes texts as one document.
func page(texts []string) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString("<p>" + t + "</p>\n")
	}
	return b.String()
}

var paragraph = regexp.MustCompile(`(?s)<p>(.*?)</p>`)

var errParagraphs = errors.New("the answer has another number of paragraphs, as when its pipeline breaks off")

// read parts an answer into the texts asked for, without the marks that Apertium puts at words it
// doesn't know, and with the full stops that it eats.
func read(asked []string, answer string) (texts []string, unknown [][]string, err error) {
	parts := paragraph.FindAllStringSubmatch(answer, -1)
	if len(parts) != len(asked) {
		return nil, nil, fmt.Errorf("%w: %d of %d", errParagraphs, len(parts), len(asked))
	}
	for i, p := range parts {
		t, words := unmark(asked[i], p[1])
		texts = append(texts, stops(asked[i], t))
		unknown = append(unknown, words)
	}
	return texts, unknown, nil
}

var (
	marked = regexp.MustCompile(`(^|[\s\p{Zs}>("'«„“‘\[\-–—/@])([*#@])([\pL\pN][\pL\pM\pN'’\-]*)`)
	queued = regexp.MustCompile(`([\pL\pN])#(\s)`) // between the words of an expression
)

// unmark takes the marks away: * for a word that isn't in the dictionary, @ for one without a
// translation, # for one without the form that was wanted. What stands so in the source is its own.
func unmark(source, target string) (string, []string) {
	text := plain(source)
	var words []string
	target = marked.ReplaceAllStringFunc(target, func(m string) string {
		p := marked.FindStringSubmatch(m)
		if strings.Contains(text, p[2]+p[3]) {
			return m
		}
		if !slices.Contains(words, p[3]) {
			words = append(words, p[3])
		}
		return p[1] + p[3]
	})
	if !strings.ContainsRune(text, '#') {
		target = queued.ReplaceAllString(target, "$1$2")
	}
	return target, words
}

var tag = regexp.MustCompile(`<[^>]*>`)

func plain(fragment string) string { return html.UnescapeString(tag.ReplaceAllString(fragment, "")) }

// stops gives a text the full stop back that the source begins or ends with.
func stops(source, target string) string {
	s, t := strings.TrimSpace(plain(source)), strings.TrimSpace(plain(target))
	if s == "" || t == "" {
		return target
	}
	if strings.HasSuffix(s, ".") && !endsSentence(t) {
		end := len(target)
		for {
			rest := strings.TrimRightFunc(target[:end], unicode.IsSpace)
			open := strings.LastIndexByte(rest, '<')
			if !strings.HasSuffix(rest, ">") || open < 0 {
				end = len(rest)
				break
			}
			end = open
		}
		target = target[:end] + "." + target[end:]
	}
	if strings.HasPrefix(s, ".") && !strings.HasPrefix(t, ".") {
		target = "." + target
	}
	return target
}

func endsSentence(s string) bool {
	return strings.ContainsAny(s[len(s)-1:], ".!?:;") || strings.HasSuffix(s, "…")
}

// tagOf is the language of a code of Apertium's: "ukr", "eng_US".
func tagOf(code string) (lang.Tag, bool) {
	t, err := lang.Parse(strings.ReplaceAll(code, "_", "-"))
	return t, err == nil
}

// pairOf is the direction of a mode's name, "rus-ukr". Others are for those who write dictionaries.
func pairOf(mode string) (engine.Pair, bool) {
	a, b, ok := strings.Cut(mode, "-")
	if !ok || strings.Contains(b, "-") {
		return engine.Pair{}, false
	}
	from, ok1 := tagOf(a)
	to, ok2 := tagOf(b)
	return engine.Pair{From: from, To: to}, ok1 && ok2 && from != to
}

func pairs(modes map[engine.Pair]string) []engine.Pair {
	var out []engine.Pair
	for p := range modes {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b engine.Pair) int { return strings.Compare(a.String(), b.String()) })
	return out
}
