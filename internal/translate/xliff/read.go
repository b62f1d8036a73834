package xliff

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Bounds of a file that is brought in.
const (
	MaxBytes = 32 << 20
	maxUnits = 20_000
	maxDepth = 64 // of nested elements
)

// Read reads a file that was taken out by [Write] and has been through other programs since: they split
// segments, join them, turn paired codes into single ones and put their own marks and elements in. What
// it can't read at all is problem.Invalid. Codes that it doesn't know lose their mark and keep their
// text.
func Read(r io.Reader) (File, error) {
	limited := &io.LimitedReader{R: r, N: MaxBytes + 1}
	// UTF-16 has to have its mark (XML 1.0, 4.3.3), so by the time the declaration is read it is UTF-8.
	dec := xml.NewDecoder(transform.NewReader(limited, unicode.BOMOverride(transform.Nop)))
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return in, nil
		}
		return charset.NewReaderLabel(label, in)
	}
	rd := &reader{dec: dec}
	err := rd.document()
	switch {
	case limited.N <= 0:
		return File{}, problem.New(problem.Invalid, "problem.xliff_too_large", "n", MaxBytes>>20)
	case err == nil:
		return rd.file, nil
	case problem.Is(err, problem.Invalid):
		return File{}, err
	}
	return File{}, problem.Wrap(problem.Invalid, "problem.xliff_unreadable", err)
}

type reader struct {
	dec   *xml.Decoder
	file  File
	depth int
}

// next returns the next token that means something here.
func (r *reader) next() (xml.Token, error) {
	for {
		t, err := r.dec.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		switch t.(type) {
		case xml.StartElement:
			if r.depth++; r.depth > maxDepth {
				return nil, errors.New("nested too deeply")
			}
			return t, nil
		case xml.EndElement:
			r.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		}
	}
}

// children calls fn for each element inside of the one that was just begun.
func (r *reader) children(fn func(xml.StartElement) error) error {
	for {
		t, err := r.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := fn(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

func (r *reader) skip(xml.StartElement) error { return r.children(r.skip) }

func (r *reader) document() error {
	for {
		t, err := r.next()
		if err != nil {
			return err
		}
		root, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if root.Name.Local != "xliff" {
			return problem.New(problem.Invalid, "problem.xliff_other", "found", root.Name.Local)
		}
		if root.Name.Space != core && root.Name.Space != later {
			return problem.New(problem.Invalid, "problem.xliff_version", "found", get(root, "version"))
		}
		if r.file.From, err = lang.Parse(get(root, "srcLang")); err != nil {
			return fmt.Errorf("srcLang: %w", err)
		}
		if r.file.To, err = lang.Parse(get(root, "trgLang")); err != nil {
			return fmt.Errorf("trgLang: %w", err)
		}
		files := 0
		return r.children(func(e xml.StartElement) error {
			if !isCore(e, "file") {
				return r.skip(e)
			}
			if files++; files > 1 {
				return problem.New(problem.Invalid, "problem.xliff_files")
			}
			r.file.Edition = get(e, "original")
			return r.children(r.inFile)
		})
	}
}

func (r *reader) inFile(e xml.StartElement) error {
	switch {
	case isCore(e, "unit"):
		return r.unit(e)
	case isCore(e, "group"):
		return r.children(r.inFile)
	case e.Name.Space == metadata && (e.Name.Local == "metadata" || e.Name.Local == "metaGroup"):
		return r.children(r.inFile)
	case e.Name.Space == metadata && e.Name.Local == "meta":
		s, err := r.plain()
		n, bad := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil || bad != nil {
			return err // a number that isn't one is as good as none
		}
		switch get(e, "type") {
		case "sourceRevision":
			r.file.SourceRev = n
		case "targetRevision":
			r.file.TargetRev = n
		}
		return nil
	}
	return r.skip(e)
}

func (r *reader) unit(e xml.StartElement) error {
	if len(r.file.Units) == maxUnits {
		return problem.New(problem.Invalid, "problem.xliff_too_large", "n", MaxBytes>>20)
	}
	u := Unit{Address: addressOf(get(e, "name"), get(e, "id")), Fixed: get(e, "translate") == "no"}
	data := map[string]string{}
	var source, target spans
	first, translated := true, false
	err := r.children(func(e xml.StartElement) error {
		switch {
		case isCore(e, "notes"):
			return r.children(func(e xml.StartElement) error {
				s, err := r.plain()
				if err == nil && isCore(e, "note") {
					u.Notes = append(u.Notes, Note{get(e, "category"), s})
				}
				return err
			})
		case isCore(e, "originalData"):
			return r.children(func(e xml.StartElement) error {
				s, err := r.plain()
				data[get(e, "id")] = s
				return err
			})
		case isCore(e, "segment"), isCore(e, "ignorable"):
			if isCore(e, "segment") {
				u.State, first = least(u.State, State(get(e, "state")), first), false
			}
			there, err := r.segment(data, &source, &target, isCore(e, "ignorable"))
			translated = translated || there
			return err
		}
		return r.skip(e)
	})
	if err != nil {
		return fmt.Errorf("unit %s: %w", get(e, "id"), err)
	}
	u.Source = source.inline()
	if translated {
		u.Target = target.inline()
	}
	r.file.Units = append(r.file.Units, u)
	return nil
}

// least is the state of a unit in several segments: that of the one that is least far.
func least(a, b State, first bool) State {
	order := map[State]int{Initial: 0, Translated: 1, Reviewed: 2, Final: 3}
	if _, ok := order[b]; !ok {
		b = Initial
	}
	if first || order[b] < order[a] {
		return b
	}
	return a
}

// segment reads source and target, and whether there is a target. What stands between segments and has
// none stands there as in the source.
func (r *reader) segment(data map[string]string, source, target *spans, between bool) (bool, error) {
	there := false
	from := len(source.list)
	err := r.children(func(e xml.StartElement) error {
		switch {
		case isCore(e, "source"):
			return r.inline(source, data, nil)
		case isCore(e, "target"):
			there = true
			return r.inline(target, data, nil)
		}
		return r.skip(e)
	})
	if between && !there {
		target.list = append(target.list, source.list[from:]...)
	}
	return there && !between, err
}

// spans are running text while it is read; open are marks whose codes began and haven't ended, by the
// id of their start.
type spans struct {
	list document.Inline
	open []opened
}

type opened struct {
	id   string
	mark document.Mark
}

func (s *spans) add(text string, marks []document.Mark) {
	if text == "" {
		return
	}
	all := append([]document.Mark{}, marks...)
	for _, o := range s.open {
		all = append(all, o.mark)
	}
	s.list = append(s.list, document.Span{Text: text, Marks: all})
}

func (s *spans) inline() document.Inline { return s.list.Normal() }

// inline reads running text up to the end of the element that was just begun.
func (r *reader) inline(out *spans, data map[string]string, marks []document.Mark) error {
	for {
		t, err := r.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.CharData:
			// A line break of the file is a blank; one of the text is a placeholder.
			out.add(strings.ReplaceAll(string(t), "\n", " "), marks)
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := r.code(t, out, data, marks); err != nil {
				return err
			}
		}
	}
}

func (r *reader) code(e xml.StartElement, out *spans, data map[string]string, marks []document.Mark) error {
	switch {
	case isCore(e, "pc"):
		if m, ok := mark(data[get(e, "dataRefStart")]); ok {
			marks = append(marks[:len(marks):len(marks)], m)
		}
		return r.inline(out, data, marks)
	case isCore(e, "mrk"):
		return r.inline(out, data, marks)
	case isCore(e, "sc"):
		if m, ok := mark(data[get(e, "dataRef")]); ok {
			out.open = append(out.open, opened{get(e, "id"), m})
		}
	case isCore(e, "ec"):
		for i := len(out.open) - 1; i >= 0; i-- {
			if out.open[i].id == get(e, "startRef") {
				out.open = append(out.open[:i], out.open[i+1:]...)
				break
			}
		}
	case isCore(e, "ph"):
		if get(e, "subType") == "xlf:lb" {
			out.add("\n", marks)
		}
	case isCore(e, "cp"):
		if n, err := strconv.ParseUint(get(e, "hex"), 16, 32); err == nil && utf8.ValidRune(rune(n)) { //nolint:gosec // checked by ValidRune
			out.add(string(rune(n)), marks) //nolint:gosec // the same
		}
	}
	return r.skip(e)
}

// mark reads a code's original data. What isn't one of our marks is none.
func mark(data string) (document.Mark, bool) {
	var m document.Mark
	dec := json.NewDecoder(strings.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return document.Mark{}, false
	}
	if dec.More() || m.Type == "" {
		return document.Mark{}, false
	}
	return m, true
}

// plain is the text of the element that was just begun, that of elements inside of it included.
func (r *reader) plain() (string, error) {
	var b strings.Builder
	for depth := 1; depth > 0; {
		t, err := r.next()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			b.Write(t)
		}
	}
	return b.String(), nil
}

func isCore(e xml.StartElement, name string) bool {
	return e.Name.Local == name && (e.Name.Space == core || e.Name.Space == later)
}

func get(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
