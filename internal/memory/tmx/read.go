package tmx

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"
)

// Reader reads a file unit by unit.
type Reader struct {
	// Reasons counts what was left out so far.
	Reasons Reasons

	dec    *xml.Decoder
	guard  *guard
	depth  int
	begun  bool   // the root was read
	ended  bool   // and its end
	source string // of the header
}

// NewReader returns a reader of the file r, in UTF-8, UTF-16 or what its first line names.
//
// Nothing outside of the file is read, and a file that declares entities is refused: they are how a
// small file becomes a large one.
func NewReader(r io.Reader) *Reader {
	text, known := decoded(r)
	g := &guard{r: bufio.NewReaderSize(text, 64<<10)}
	d := xml.NewDecoder(g)
	d.CharsetReader = charsetReader(known)
	return &Reader{Reasons: Reasons{}, dec: d, guard: g}
}

// Next returns the next unit, and io.EOF behind the last. Any other error says that the file can't be
// read on, with the line; what came before it is good.
func (r *Reader) Next() (Unit, error) {
	for {
		t, err := r.token()
		if err != nil {
			return Unit{}, err
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch {
		case !r.begun:
			if start.Name.Local != "tmx" {
				return Unit{}, r.fail(KeyNotTMX, "it begins with <"+start.Name.Local+">")
			}
			r.begun = true
		case start.Name.Local == "header":
			r.source = attr(start, "srclang")
		case start.Name.Local == "body":
		case start.Name.Local == "tu":
			return r.unit(start)
		default:
			if err := r.aside(start); err != nil {
				return Unit{}, err
			}
		}
	}
}

// token returns the next one, with the bounds of a stranger's file.
func (r *Reader) token() (xml.Token, error) {
	r.guard.from = r.guard.n
	t, err := r.dec.Token()
	if err != nil {
		return nil, r.readError(err)
	}
	switch t := t.(type) {
	case xml.StartElement:
		if r.ended {
			return nil, r.fail(KeyBroken, "something stands behind the end")
		}
		if r.depth++; r.depth > maxDepth {
			return nil, r.fail(KeyTooDeep, "elements stand in each other too deep")
		}
	case xml.EndElement:
		if r.depth--; r.depth == 0 {
			r.ended = true
		}
	case xml.Directive:
		if strings.Contains(strings.ToUpper(string(t)), "<!ENTITY") {
			return nil, r.fail(KeyEntities, "it declares entities")
		}
	}
	return t, nil
}

func (r *Reader) readError(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF) && r.ended:
		return io.EOF
	case errors.Is(err, io.EOF):
		return r.fail(KeyNotTMX, "the file is empty, or no XML")
	case errors.Is(err, errToken):
		return r.fail(KeyTooDeep, err.Error())
	case errors.As(err, &syntax) && !r.begun:
		return r.fail(KeyNotTMX, syntax.Msg)
	case errors.As(err, &syntax):
		return fileError(KeyBroken, syntax.Line, syntax.Msg)
	case !r.begun:
		return r.fail(KeyNotTMX, err.Error())
	}
	return err
}

func (r *Reader) fail(key, cause string) error {
	line, _ := r.dec.InputPos()
	return fileError(key, line, cause)
}

// aside passes over an element that has no text of ours.
func (r *Reader) aside(start xml.StartElement) error {
	switch start.Name.Local {
	case "prop":
		r.Reasons[Property]++
	case "note", "ude", "map":
	default:
		r.Reasons[Element]++
	}
	return r.skip()
}

// skip passes over the element that was begun.
func (r *Reader) skip() error {
	for until := r.depth - 1; r.depth > until; {
		if _, err := r.token(); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) unit(start xml.StartElement) (Unit, error) {
	u := Unit{ID: attr(start, "tuid"), Source: attr(start, "srclang"), By: attr(start, "changeid")}
	if u.Source == "" {
		u.Source = r.source
	}
	if u.By == "" {
		u.By = attr(start, "creationid")
	}
	u.Created, u.Changed = moment(attr(start, "creationdate")), moment(attr(start, "changedate"))
	inside := r.depth
	for r.depth >= inside {
		t, err := r.token()
		if err != nil {
			return Unit{}, err
		}
		child, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if child.Name.Local != "tuv" {
			if err := r.aside(child); err != nil {
				return Unit{}, err
			}
			continue
		}
		if err := r.variant(&u, child); err != nil {
			return Unit{}, err
		}
	}
	return u, nil
}

// variant reads a unit's text in one language.
func (r *Reader) variant(u *Unit, start xml.StartElement) error {
	v := Variant{Lang: attr(start, "lang")}
	// The text's own dates are nearer to it than the unit's.
	if t := moment(attr(start, "changedate")); t.After(u.Changed) {
		u.Changed = t
	}
	if t := moment(attr(start, "creationdate")); u.Created.IsZero() {
		u.Created = t
	}
	if by := attr(start, "changeid"); u.By == "" {
		u.By = by
	}
	if by := attr(start, "creationid"); u.By == "" {
		u.By = by
	}
	long := false
	inside := r.depth
	for r.depth >= inside {
		t, err := r.token()
		if err != nil {
			return err
		}
		child, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if child.Name.Local != "seg" {
			if err := r.aside(child); err != nil {
				return err
			}
			continue
		}
		text, fits, err := r.segment(child)
		if err != nil {
			return err
		}
		long = long || !fits
		if len(v.Text) == 0 {
			v.Text = text
		}
	}
	switch {
	case long:
		r.Reasons[TooLong]++
	case v.Lang == "":
		r.Reasons[NoLanguage]++
	case len(v.Text) == 0:
		r.Reasons[Empty]++
	case len(u.Variants) == maxVariants:
		r.Reasons[TooMany]++
	default:
		u.Variants = append(u.Variants, v)
	}
	return nil
}

// attr returns an attribute by its name without a namespace: xml:lang and the older lang are one.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

func moment(s string) time.Time {
	for _, form := range []string{dateForm, "20060102T150405", time.RFC3339, "20060102", time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1970 && t.Year() < 3000 {
			return t.UTC()
		}
	}
	return time.Time{}
}
