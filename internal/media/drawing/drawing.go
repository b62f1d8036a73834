// Package drawing takes SVG drawings apart and writes them anew from what is known to be harmless:
// shapes, paints and plain styles. A script, a handler, an animation, text of another language
// inside, or anything that points outside the drawing makes it refused, by name. What only drawing
// programs read (their metadata, comments) is left out.
package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"depesche/internal/problem"
)

// Bounds on what is taken. The house's drawings have about 10 kB and 200 shapes.
const (
	MaxBytes   = 2 << 20
	maxShapes  = 30_000
	maxDepth   = 40
	maxDrawn   = 100_000 // shapes after each <use> stands for what it shows
	maxSide    = 20_000
	maxAttrLen = 500_000
)

const (
	nsSVG   = "http://www.w3.org/2000/svg"
	nsXLink = "http://www.w3.org/1999/xlink"
	nsXML   = "http://www.w3.org/XML/1998/namespace"
	nsHTML  = "http://www.w3.org/1999/xhtml"
)

// Drawing is one that was taken apart and put together again.
type Drawing struct {
	SVG           []byte
	Width, Height int
}

// refused says what was found that can't stay, by its name in the file.
func refused(what string) error {
	if len(what) > 60 {
		what = what[:60]
	}
	return problem.New(problem.Invalid, "problem.drawing_refused", "name", strings.ToValidUTF8(what, "\ufffd"))
}

func broken(cause error) error {
	return problem.Wrap(problem.Invalid, "problem.picture_broken", cause)
}

// node is an element with what may stay of it.
type node struct {
	name     string
	attrs    []attr
	children []*node
	text     string // of title, desc, text, tspan and style
	parent   *node
}

type attr struct{ name, value string }

func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// Clean returns the drawing. It refuses with problem.Invalid and one of the keys
// problem.drawing_refused (with what), picture_broken, picture_too_large and picture_bomb.
func Clean(svg []byte) (Drawing, error) {
	if len(svg) > MaxBytes {
		return Drawing{}, problem.New(problem.Invalid, "problem.picture_too_large", "mb", MaxBytes>>20)
	}
	root, err := parse(svg)
	if err != nil {
		return Drawing{}, err
	}
	if err := checkReferences(root); err != nil {
		return Drawing{}, err
	}
	w, h, err := size(root)
	if err != nil {
		return Drawing{}, err
	}
	var b bytes.Buffer
	write(&b, root, true)
	return Drawing{SVG: b.Bytes(), Width: w, Height: h}, nil
}

// parse builds the tree of what may stay.
func parse(svg []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(svg))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	var root, at *node
	shapes, depth := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, broken(err)
		}
		switch t := token.(type) {
		case xml.Directive: // <!DOCTYPE …> with its entities
			return nil, refused("<!" + firstWord(string(t)))
		case xml.StartElement:
			if leftOut(t.Name) {
				if err := d.Skip(); err != nil {
					return nil, broken(err)
				}
				continue
			}
			if shapes, depth = shapes+1, depth+1; shapes > maxShapes || depth > maxDepth {
				return nil, problem.New(problem.Invalid, "problem.picture_bomb")
			}
			n, err := element(t, at)
			if err != nil {
				return nil, err
			}
			switch {
			case at != nil:
				at.children = append(at.children, n)
			case root != nil:
				return nil, broken(errors.New("two roots"))
			case n.name != "svg":
				return nil, broken(fmt.Errorf("<%s> is the root", n.name))
			default:
				root = n
			}
			at = n
		case xml.EndElement:
			if at.name == "style" {
				if at.text, err = cleanCSS(at.text); err != nil {
					return nil, err
				}
			}
			at, depth = at.parent, depth-1
		case xml.CharData:
			if at != nil && holdsText[at.name] {
				if at.name == "text" || at.name == "tspan" {
					// Text and its parts stand in an order.
					at.children = append(at.children, &node{text: string(t), parent: at})
				} else {
					at.text += string(t)
				}
			}
		}
	}
	if root == nil {
		return nil, broken(errors.New("no <svg>"))
	}
	return root, nil
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// leftOut are elements that nobody sees: other programs' notes.
func leftOut(n xml.Name) bool {
	return n.Space == nsSVG && n.Local == "metadata" || n.Space != nsSVG && n.Space != "" && n.Space != nsHTML
}

// element returns what may stay of a start tag.
func element(t xml.StartElement, parent *node) (*node, error) {
	if t.Name.Space != nsSVG || !elements[t.Name.Local] {
		return nil, refused("<" + t.Name.Local + ">")
	}
	n := &node{name: t.Name.Local, parent: parent}
	seen := map[string]bool{}
	for _, a := range t.Attr {
		name, keep, err := attribute(n.name, a)
		if err != nil {
			return nil, err
		}
		if !keep || seen[name] {
			continue
		}
		seen[name] = true
		value := strings.TrimSpace(a.Value)
		if name == "style" {
			if value, err = cleanDeclarations(value); err != nil {
				return nil, err
			}
		}
		n.attrs = append(n.attrs, attr{name, value})
	}
	return n, nil
}

// attribute says whether an attribute stays, and under which name.
func attribute(element string, a xml.Attr) (name string, keep bool, err error) {
	name = a.Name.Local
	switch {
	case a.Name.Space == "xmlns", a.Name.Space == "" && name == "xmlns":
		return "", false, nil // written anew
	case a.Name.Space == nsXLink && name == "href":
	case a.Name.Space == nsXML && name == "lang":
		return "lang", formOf["lang"].MatchString(a.Value), nil
	case a.Name.Space != "":
		return "", false, nil
	case harmless[name], strings.HasPrefix(name, "data-"):
		return "", false, nil
	}
	form := formOf[name]
	if form == nil {
		return "", false, refused(name + "=")
	}
	if len(a.Value) > maxAttrLen || !form.MatchString(strings.TrimSpace(a.Value)) {
		return "", false, refused(name + "=\"" + a.Value + "\"")
	}
	if name == "href" && !mayRefer[element] {
		return "", false, refused("<" + element + " href>")
	}
	if paints[name] && !plainValue(a.Value) {
		return "", false, refused(name + "=\"" + a.Value + "\"")
	}
	return name, true, nil
}

// size returns the size in pixels, of the viewBox where there is one, and sees to it that the root
// has both: without a viewBox a drawing doesn't scale, without a size it has none of its own.
func size(root *node) (w, h int, err error) {
	fw, okW := length(root.attr("width"))
	fh, okH := length(root.attr("height"))
	box := strings.FieldsFunc(root.attr("viewBox"), func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' })
	if len(box) == 4 {
		bw, err1 := strconv.ParseFloat(box[2], 64)
		bh, err2 := strconv.ParseFloat(box[3], 64)
		if err1 != nil || err2 != nil || !(bw > 0) || !(bh > 0) {
			return 0, 0, broken(errors.New("viewBox"))
		}
		if !okW || !okH {
			fw, fh = bw, bh
		}
	} else if !okW || !okH {
		return 0, 0, broken(errors.New("no size"))
	}
	if !(fw >= 1) || !(fh >= 1) || fw > maxSide || fh > maxSide {
		return 0, 0, broken(fmt.Errorf("size %g by %g", fw, fh))
	}
	w, h = int(math.Round(fw)), int(math.Round(fh))
	kept := []attr{}
	for _, a := range root.attrs {
		if a.name != "width" && a.name != "height" && a.name != "viewBox" {
			kept = append(kept, a)
		}
	}
	view := root.attr("viewBox")
	if len(box) != 4 {
		view = fmt.Sprintf("0 0 %g %g", fw, fh)
	}
	root.attrs = append([]attr{{"viewBox", view}, {"width", strconv.Itoa(w)}, {"height", strconv.Itoa(h)}}, kept...)
	return w, h, nil
}

// length reads a length in pixels, with or without the unit.
func length(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	return v, err == nil && v > 0
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", " ", "\r", " ", "\t", " ")

func write(b *bytes.Buffer, n *node, root bool) {
	if n.name == "" {
		b.WriteString(escaper.Replace(n.text))
		return
	}
	b.WriteString("<" + n.name)
	if root {
		b.WriteString(` xmlns="` + nsSVG + `"`)
	}
	for _, a := range n.attrs {
		b.WriteString(" " + a.name + `="` + escaper.Replace(a.value) + `"`)
	}
	if n.text == "" && len(n.children) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	b.WriteString(escaper.Replace(n.text))
	for _, c := range n.children {
		write(b, c, false)
	}
	b.WriteString("</" + n.name + ">")
}
