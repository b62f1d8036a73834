package drawing

import (
	"slices"
	"strings"
)

// look is what the attributes and styles of an element, and those above it, make of it, by property.
type look map[string]string

// inherited are the properties that an element hands down.
var inherited = set("fill", "stroke", "color", "stroke-width", "stroke-miterlimit", "stroke-dashoffset", "stroke-dasharray",
	"fill-opacity", "stroke-opacity", "fill-rule", "stroke-linecap", "stroke-linejoin", "visibility")

// sheet holds the rules of a drawing's styles as they are on a light ground.
type sheet struct{ rules []rule }

type rule struct {
	steps        []step // from the element itself outwards
	weight       int
	declarations []attr
}

// step is one part of a selector: an element, and how far above the one before it stands.
type step struct {
	name, id string
	classes  []string
	parent   bool // directly above
}

// readSheet collects the rules of all styles in the tree, which have been cleaned.
func readSheet(root *node) sheet {
	var s sheet
	var walk func(*node)
	walk = func(n *node) {
		if n.name == "style" {
			s.add(n.text)
		}
		for _, c := range n.children {
			walk(c)
		}
	}
	walk(root)
	slices.SortStableFunc(s.rules, func(a, b rule) int { return a.weight - b.weight })
	return s
}

func (s *sheet) add(css string) {
	for css != "" {
		head, rest, ok := strings.Cut(css, "{")
		if !ok {
			return
		}
		if strings.HasPrefix(head, "@media") {
			inner, after, ok := strings.Cut(rest, "}}")
			if !ok { // an empty block
				_, css, _ = strings.Cut(rest, "}")
				continue
			}
			if strings.Contains(head, ":light") {
				s.add(inner + "}")
			}
			css = after
			continue
		}
		body, after, _ := strings.Cut(rest, "}")
		for one := range strings.SplitSeq(head, ",") {
			r := rule{declarations: declared(body)}
			r.steps, r.weight = readSelector(one)
			s.rules = append(s.rules, r)
		}
		css = after
	}
}

func declared(body string) []attr {
	var out []attr
	for d := range strings.SplitSeq(body, ";") {
		if name, value, ok := strings.Cut(d, ":"); ok {
			out = append(out, attr{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return out
}

// readSelector reads a selector of the form that [selectors] lets through.
func readSelector(s string) (steps []step, weight int) {
	parent := false
	words := strings.Fields(strings.ReplaceAll(s, ">", " > "))
	for _, word := range slices.Backward(words) {
		if word == ">" {
			parent = true
			continue
		}
		st := step{parent: parent}
		parent = false
		for word != "" {
			end := strings.IndexAny(word[1:], ".#") + 1
			if end == 0 {
				end = len(word)
			}
			switch part := word[:end]; part[0] {
			case '.':
				st.classes, weight = append(st.classes, part[1:]), weight+100
			case '#':
				st.id, weight = part[1:], weight+10_000
			default:
				st.name, weight = part, weight+1
			}
			word = word[end:]
		}
		steps = append(steps, st)
	}
	return steps, weight
}

func (st step) fits(n *node) bool {
	if st.name != "" && st.name != n.name || st.id != "" && st.id != n.attr("id") {
		return false
	}
	have := strings.Fields(n.attr("class"))
	return !slices.ContainsFunc(st.classes, func(c string) bool { return !slices.Contains(have, c) })
}

func fits(steps []step, n *node) bool {
	if !steps[0].fits(n) {
		return false
	}
	if len(steps) == 1 {
		return true
	}
	for up := n.parent; up != nil; up = up.parent {
		if fits(steps[1:], up) {
			return true
		}
		if steps[1].parent {
			return false
		}
	}
	return false
}

// of returns the look of an element, given that of what it stands in.
func (s sheet) of(n *node, above look) look {
	l := look{}
	for name, value := range above {
		if inherited[name] {
			l[name] = value
		}
	}
	put := func(d attr) {
		if properties[d.name] != nil && d.value != "inherit" {
			l[d.name] = d.value
		}
	}
	for _, a := range n.attrs {
		put(a)
	}
	for _, r := range s.rules {
		if len(r.steps) > 0 && fits(r.steps, n) {
			for _, d := range r.declarations {
				put(d)
			}
		}
	}
	for _, d := range declared(n.attr("style")) {
		put(d)
	}
	return l
}
