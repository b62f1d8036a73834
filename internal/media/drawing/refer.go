package drawing

import (
	"errors"
	"strings"

	"depesche/internal/problem"
)

// checkReferences makes sure that each <use> shows a part of the drawing, never itself, and that
// all of them together show no more than a browser can draw.
func checkReferences(root *node) error {
	ids := map[string]*node{}
	var walk func(n *node) error
	walk = func(n *node) error {
		if id := n.attr("id"); id != "" {
			if ids[id] != nil {
				return broken(errors.New("the ID " + id + " twice"))
			}
			ids[id] = n
		}
		for _, c := range n.children {
			if err := walk(c); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(root); err != nil {
		return err
	}
	c := counter{ids: ids, drawn: map[*node]int{}, open: map[*node]bool{}}
	n, err := c.count(root)
	if err == nil && n > maxDrawn {
		err = problem.New(problem.Invalid, "problem.picture_bomb")
	}
	return err
}

// counter counts what a node shows, with all that its references show.
type counter struct {
	ids   map[string]*node
	drawn map[*node]int
	open  map[*node]bool
}

var errCircle = errors.New("a part of the drawing shows itself")

func (c *counter) count(n *node) (int, error) {
	if v, ok := c.drawn[n]; ok {
		return v, nil
	}
	if c.open[n] {
		return 0, broken(errCircle)
	}
	c.open[n] = true
	defer delete(c.open, n)
	sum := 1
	add := func(x *node) error {
		v, err := c.count(x)
		// Held at the bound, so that no number of them can overflow.
		sum = min(sum+v, maxDrawn+1)
		return err
	}
	for _, child := range n.children {
		if err := add(child); err != nil {
			return 0, err
		}
	}
	for _, ref := range references(n) {
		// What isn't there is drawn as nothing.
		if to := c.ids[ref]; to != nil {
			if err := add(to); err != nil {
				return 0, err
			}
		}
	}
	c.drawn[n] = sum
	return sum, nil
}

// references returns the IDs that a node's attributes lead to.
func references(n *node) []string {
	var out []string
	for _, a := range n.attrs {
		switch {
		case a.name == "href":
			out = append(out, strings.TrimPrefix(a.value, "#"))
		case a.name == "style" || paints[a.name]:
			for rest := a.value; ; {
				_, after, ok := strings.Cut(rest, "url(#")
				if !ok {
					break
				}
				id, tail, _ := strings.Cut(after, ")")
				out, rest = append(out, id), tail
			}
		}
	}
	return out
}
