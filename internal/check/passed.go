package check

import (
	"slices"
	"strings"

	"depesche/internal/document"
)

// Fine is a group of checks that were made and found nothing.
type Fine struct {
	Name string
	Args []any // of its word: how many there are
}

// Word returns the key of what is fine.
func (f Fine) Word() string { return "check.ok." + f.Name }

// Passed returns the groups of checks that were made and found nothing: what can be said to be fine.
// A group that had nothing to look at isn't there. Names and sources are counted where there are any.
func Passed(in Input, findings []Finding) []Fine {
	var out []Fine
	for _, g := range groups {
		bad := slices.ContainsFunc(findings, func(f Finding) bool { return slices.Contains(g.codes, f.Code) })
		if bad || !g.made(in) {
			continue
		}
		switch g.name {
		case "names":
			out = append(out, countedNames(in))
		case "carried":
			out = append(out, carried(*in.Original)...)
		default:
			out = append(out, Fine{Name: g.name})
		}
	}
	return out
}

// countedNames says how many names both sides have. A first name with its surname is one.
func countedNames(in Input) Fine {
	r := newRun(in)
	var seen []sound
	for _, s := range document.Segments(*in.Original) {
		if s.Fixed {
			continue
		}
		text := s.Text.Plain()
		words := r.tale.spoken(in.OriginalLang, text)
		for i, t := range words.tokens {
			followed := i+1 < len(words.tokens) && isCapital(words.tokens[i+1].text) && strings.TrimSpace(text[t.to:words.tokens[i+1].from]) == ""
			n := name{token: t, sound: words.sounds[i]}
			if followed || !mayBeName(in.OriginalLang, t) || !r.tale.within(in.OriginalLang, t.lower) || !r.tale.knows(n, in.OriginalLang) {
				continue
			}
			if !slices.ContainsFunc(seen, n.sound.alike) {
				seen = append(seen, n.sound)
			}
		}
	}
	if len(seen) < 2 {
		return Fine{Name: "names"}
	}
	return Fine{Name: "names_n", Args: []any{"n", len(seen)}}
}

// carried says how many sources of the original the edition refers to as well, and that all other
// marks are there.
func carried(original document.Doc) []Fine {
	sources, others := map[string]bool{}, false
	for _, s := range document.Segments(original) {
		for _, m := range marksOf(s.Text).list {
			if m.key.Type == document.SourceRef {
				sources[m.key.Source] = true
			} else {
				others = true
			}
		}
	}
	switch n := len(sources); {
	case n == 0 || n == 1 && others:
		return []Fine{{Name: "carried"}}
	case n == 2:
		return carriedWith(Fine{Name: "carried_two"}, others)
	default:
		return carriedWith(Fine{Name: "carried_n", Args: []any{"n", n}}, others)
	}
}

func carriedWith(f Fine, links bool) []Fine {
	if !links {
		return []Fine{f}
	}
	return []Fine{f, {Name: "carried_links"}}
}
