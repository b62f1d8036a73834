package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"depesche/internal/problem"
)

// ParseError says why bytes are no document. Key is one of the Key… constants; Offset counts bytes
// and Field is the name of the field concerned, where there is one.
type ParseError struct {
	Key    string
	Field  string
	Offset int64
	Cause  error
}

// Error is for logs; a person is told the word of Key.
func (e *ParseError) Error() string {
	s := fmt.Sprintf("%s at byte %d", e.Key, e.Offset)
	if e.Field != "" {
		s += fmt.Sprintf(" (%q)", e.Field)
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the JSON decoder's error, if that is where it came from.
func (e *ParseError) Unwrap() error { return e.Cause }

// ProblemKind tells the edge that the input is to blame.
func (e *ParseError) ProblemKind() problem.Kind { return problem.Invalid }

// Parse reads a document from its JSON. It is strict: an unknown or doubled field, another spelling
// of a field's name, bytes that aren't UTF-8, anything after the document and whatever exceeds the
// limits is refused with a [*ParseError].
//
// The document comes in its normal form (see [Doc.Normal]), but isn't validated: what an old
// revision or an import holds can be read even if today's [Validate] would refuse it.
func Parse(data []byte) (Doc, error) {
	if len(data) > MaxBytes {
		return Doc{}, &ParseError{Key: KeyTooLarge, Offset: int64(len(data))}
	}
	if !utf8.Valid(data) {
		return Doc{}, &ParseError{Key: KeySyntax, Cause: errors.New("invalid UTF-8")}
	}
	if err := scan(data); err != nil {
		return Doc{}, err
	}
	var d Doc
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return Doc{}, decodeError(err, dec.InputOffset())
	}
	if p := overLimit(&d); p != nil {
		return Doc{}, &ParseError{Key: p.Key, Field: string(p.Address), Offset: int64(len(data))}
	}
	return d.Normal(), nil
}

// ParseInline reads the running text of one segment from its JSON, as strictly as [Parse], in normal
// form and not validated.
func ParseInline(data []byte) (Inline, error) {
	const before, after = `{"blocks":[{"id":"b","kind":"paragraph","text":`, `}]}`
	if err := scanInline(data); err != nil {
		return nil, err
	}
	d, err := Parse(slices.Concat([]byte(before), data, []byte(after)))
	if parse, ok := errors.AsType[*ParseError](err); ok {
		parse.Offset = max(0, parse.Offset-int64(len(before)))
	}
	if err != nil || len(d.Blocks) != 1 {
		return nil, err
	}
	return d.Blocks[0].Text, nil
}

// scanInline refuses what isn't one list, so that nothing can reach out of its place.
func scanInline(data []byte) error {
	if t := bytes.TrimLeft(data, " \t\r\n"); len(t) == 0 || t[0] != '[' || !json.Valid(data) {
		return &ParseError{Key: KeySyntax, Cause: errors.New("no list of spans")}
	}
	return nil
}

// Encode returns the text's canonical JSON, as it stands in a document.
func (in Inline) Encode() []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(append(Inline{}, in.Normal()...)); err != nil {
		panic(err) // strings and lists of them: there is nothing that can't be encoded
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// Encode returns the document's canonical JSON: in normal form, without white space, fields in the
// order of the types. Equal documents give equal bytes. It refuses what [Parse] would not take back.
func (d Doc) Encode() ([]byte, error) {
	d = d.Normal()
	if p := overLimit(&d); p != nil {
		return nil, &ValidationError{Problems: []Problem{*p}}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("encode document: %w", err)
	}
	if out := bytes.TrimSuffix(buf.Bytes(), []byte("\n")); len(out) <= MaxBytes {
		return out, nil
	}
	return nil, &ValidationError{Problems: []Problem{{Key: KeyTooLarge}}}
}

// scan checks what the decoder lets pass: depth, doubled names, names in another spelling, and
// anything after the document. It runs before decoding, so that depth can't cost a stack.
func scan(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	type level struct {
		object bool
		value  bool // the next token of an object is a value
		names  map[string]bool
	}
	var stack []level
	for {
		tok, err := dec.Token()
		if err != nil {
			return decodeError(err, dec.InputOffset())
		}
		var top *level
		if len(stack) > 0 {
			top = &stack[len(stack)-1]
		}
		if name, ok := tok.(string); ok && top != nil && top.object && !top.value {
			switch {
			case top.names[name]:
				return &ParseError{Key: KeyDuplicateField, Field: name, Offset: dec.InputOffset()}
			case !fieldNames[name]:
				return &ParseError{Key: KeyUnknownField, Field: name, Offset: dec.InputOffset()}
			}
			top.names[name], top.value = true, true
			continue
		}
		if top != nil {
			top.value = false
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			if len(stack) == MaxDepth {
				return &ParseError{Key: KeyTooDeep, Offset: dec.InputOffset()}
			}
			stack = append(stack, level{object: tok == json.Delim('{'), names: map[string]bool{}})
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			break
		}
	}
	if _, err := dec.Token(); err != io.EOF {
		return &ParseError{Key: KeySyntax, Offset: dec.InputOffset(), Cause: errors.New("more than one document")}
	}
	return nil
}

// decodeError gives an error of encoding/json its key.
func decodeError(err error, offset int64) error {
	out := &ParseError{Key: KeySyntax, Offset: offset, Cause: err}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		out.Field, out.Offset = wrongType.Field, wrongType.Offset
	}
	// The decoder has no type for this one.
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		out.Key, out.Field = KeyUnknownField, strings.Trim(name, `"`)
	}
	return out
}

// fieldNames holds every name that stands in a document's JSON.
var fieldNames = namesOf(reflect.TypeFor[Doc](), map[string]bool{}, map[reflect.Type]bool{})

func namesOf(t reflect.Type, names map[string]bool, seen map[reflect.Type]bool) map[string]bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return namesOf(t.Elem(), names, seen)
	case reflect.Struct:
		if seen[t] {
			return names
		}
		seen[t] = true
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names[name] = true
			namesOf(f.Type, names, seen)
		}
	}
	return names
}

// overLimit returns the first limit that d exceeds, or nil.
func overLimit(d *Doc) *Problem {
	var over *Problem
	blocks := 0
	tell := func(key string, addr Address, is bool) {
		if is && over == nil {
			over = &Problem{Address: addr, Key: key}
		}
	}
	visitBlocks(d.Blocks, func(b *Block) {
		blocks++
		tell(KeyTooManyBlocks, "", blocks > MaxBlocks)
		tell(KeyTooMany, address(b.ID, "items"), len(b.Items) > MaxItems)
		tell(KeyTooMany, address(b.ID, "rows"), len(b.Rows) > MaxRows)
		tell(KeyTooMany, address(b.ID, "pictures"), len(b.Pictures) > MaxPictures)
		for i := range b.Rows {
			tell(KeyTooMany, address(b.Rows[i].ID, "cells"), len(b.Rows[i].Cells) > MaxCells)
		}
	})
	visit(d, func(p part) {
		tell(KeyTooLong, p.Address, p.tooLong())
	})
	return over
}

func (p part) tooLong() bool {
	if p.Plain != nil {
		return longer(*p.Plain, MaxText)
	}
	if len(*p.Inline) > MaxSpans {
		return true
	}
	n := 0
	for _, s := range *p.Inline {
		n += len(s.Text)
	}
	return n > MaxText && longer(p.Inline.Plain(), MaxText)
}

// longer reports whether s has more than n characters, without counting where bytes will do.
func longer(s string, n int) bool { return len(s) > n && utf8.RuneCountInString(s) > n }
