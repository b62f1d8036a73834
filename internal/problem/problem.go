// Package problem says what went wrong in three voices: a [Kind] for the program, a key of the
// word catalogue for the person, a cause for us.
package problem

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is what a program can do about an error.
type Kind int

// Internal is our own fault and what every error is that has no kind.
const (
	Internal    Kind = iota
	NotFound         // there is no such thing, or none that one may know of
	Gone             // there was, and it was taken away on purpose
	Invalid          // what was entered can't be taken as it is; see [FieldsOf]
	Conflict         // it has changed, or is taken, or is in use
	Forbidden        // one may not
	TooMany          // too much, too often, too large
	Unavailable      // not now: try again
)

var names = [...]string{"internal", "not found", "gone", "invalid", "conflict", "forbidden", "too many", "unavailable"}

// String returns the kind's name for logs.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(names) {
		return fmt.Sprintf("kind %d", int(k))
	}
	return names[k]
}

// Error is an error with a kind. Key is a word of the catalogue ("problem.…") and Args its
// arguments; Cause is never shown to anyone outside.
type Error struct {
	Kind   Kind
	Key    string
	Args   []any
	Fields []Field
	Cause  error
}

// Field is what is wrong with one entry of a form. Value is what was typed, so that the form can
// show it again.
type Field struct {
	Name  string
	Key   string
	Args  []any
	Value string
}

// New returns an error of the kind, told to people by the word key.
func New(k Kind, key string, args ...any) *Error {
	return &Error{Kind: k, Key: key, Args: args}
}

// Wrap gives cause a kind and a word. It returns an *Error, never nil: don't call it without a cause.
func Wrap(k Kind, key string, cause error) *Error {
	return &Error{Kind: k, Key: key, Cause: cause}
}

// With returns a copy of e that also complains about field.
func (e *Error) With(field Field) *Error {
	out := *e
	out.Fields = append(append([]Field(nil), e.Fields...), field)
	return &out
}

// Error is for logs. It has the kind, the key, the names of the fields and the cause, but not
// what was typed.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Key != "" {
		b.WriteString(" (" + e.Key + ")")
	}
	for i, f := range e.Fields {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		b.WriteString(sep + f.Name + " " + f.Key)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// ProblemKind is how an error type of another room tells its kind without being an *Error:
// [*release.HeldError] is Invalid, [*edition.ClashError] is Conflict.
func (e *Error) ProblemKind() Kind { return e.Kind }

// KindOf returns the kind of the outermost error in err's chain that has one, and Internal if none
// has. Any error type may have one by a method ProblemKind() Kind.
func KindOf(err error) Kind {
	var k interface {
		error
		ProblemKind() Kind
	}
	if errors.As(err, &k) {
		return k.ProblemKind()
	}
	return Internal
}

// Is reports whether err is of the kind. Nil is of none.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// FieldsOf returns what is wrong with which entry, or nil.
func FieldsOf(err error) []Field {
	var p *Error
	if errors.As(err, &p) {
		return p.Fields
	}
	return nil
}

// Fields collects what is wrong with a form, so that a person hears everything at once. The zero
// value is ready.
type Fields struct {
	list  []Field
	other error
}

// Add complains about the entry name, with the word key.
func (f *Fields) Add(name, key, value string, args ...any) {
	f.list = append(f.list, Field{Name: name, Key: key, Args: args, Value: value})
}

// Has reports whether there was already a complaint about the entry name.
func (f *Fields) Has(name string) bool {
	for _, x := range f.list {
		if x.Name == name {
			return true
		}
	}
	return false
}

// Err returns an Invalid error with all complaints, or nil if there are none.
func (f *Fields) Err() error {
	if f.other != nil {
		return f.other
	}
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "problem.invalid", Fields: f.list}
}

// Merge takes over what another form's part complained of. An error that isn't Invalid, or names no
// entries, is kept as it is and is what [Fields.Err] returns: it isn't about the form.
func (f *Fields) Merge(err error) {
	if err == nil {
		return
	}
	if list := FieldsOf(err); Is(err, Invalid) && len(list) > 0 {
		f.list = append(f.list, list...)
		return
	}
	if f.other == nil {
		f.other = err
	}
}
