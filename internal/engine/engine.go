// Package engine is what drafts translations: programs of our own and services of others behind one
// interface. What an engine returns is a stranger's text: it is parsed, compared with what it was
// given and cleaned before anybody sees it.
package engine

import (
	"context"
	"fmt"
	"time"

	"depesche/internal/lang"
)

// Engine drafts translations of texts. It is safe for many goroutines.
type Engine interface {
	// Info says what it is and what may be asked of it. It costs nothing.
	Info() Info
	// Pairs returns what it translates now. It may ask a service.
	Pairs(ctx context.Context) ([]Pair, error)
	// Translate returns one text for each of r.Texts, in their order. It is called with no more than
	// Info().Limits allow, and tries again by itself where the service says that this helps. Its errors
	// are *Error; a text that alone failed is "" in the result, and named in Failed.
	Translate(ctx context.Context, r Request) (Result, error)
}

// Pair is a direction.
type Pair struct{ From, To lang.Tag }

// String returns "uk-de".
func (p Pair) String() string { return string(p.From) + "-" + string(p.To) }

// Info is what an engine declares.
type Info struct {
	// Name is the one the paper gave it, unique in the paper; Kind the family: "bergamot", "deepl".
	Name, Kind string
	// HTML says that texts are well-formed HTML fragments of balanced inline elements, and come back as
	// such; otherwise they are plain text.
	HTML bool
	// Leaves says that text leaves the house: the engine is a service on somebody else's machine.
	Leaves bool
	// Billed says that each character is paid for, or counts against a quota.
	Billed bool
	// Context, Terms: it makes use of Request.Context, of Request.Terms.
	Context, Terms bool
	Limits         Limits
}

// Limits bound one request; 0 means no bound.
type Limits struct {
	Texts      int // texts in a request
	Characters int // Unicode code points of all texts of a request
	Bytes      int // of the request's body as sent, its frame included
}

// Request is what an engine is asked.
type Request struct {
	Pair  Pair
	Texts []string
	// Context is the story around the texts, in the source's language, plain; "" if there is none.
	Context string
	Terms   []Term
}

// Term is a name or term with the spelling it must have in the translation.
type Term struct{ Source, Target string }

// Result is what an engine answered.
type Result struct {
	Texts []string
	// Failed are the indexes of texts that the engine could not translate.
	Failed []int
	// Unknown are, by text, the words that it had no translation for and left as they were; nil if it
	// doesn't say.
	Unknown [][]string
	// Through is the language in between, "" if the engine went the straight way.
	Through lang.Tag
	// Model is what spoke, as the engine calls it; "" if it doesn't say.
	Model string
	// Billed are the characters that the service says it charged; where it says nothing, those sent.
	Billed int64
}

// Trouble is why an engine failed, for the program.
type Trouble string

// The troubles.
const (
	Busy        Trouble = "busy"        // too many requests, starting, out of order: later it may work
	Quota       Trouble = "quota"       // what was paid for is used up
	Key         Trouble = "key"         // the key is wrong, or may not do this
	Unsupported Trouble = "unsupported" // not this pair of languages
	TooLong     Trouble = "too_long"    // a text is longer than it takes
	Refused     Trouble = "refused"     // the service refused the request for another reason
	Garbled     Trouble = "garbled"     // the answer isn't one
	Gone        Trouble = "gone"        // can't be reached, or broke off
)

// Error is how an engine fails. Its text may be shown to an operator: it holds neither a key nor a
// text of a story.
type Error struct {
	Engine  string // Info.Name
	Trouble Trouble
	// After is when asking again makes sense, 0 if unknown.
	After time.Duration
	// Trace is the service's own name for the request, "" if it gave none.
	Trace string
	// Sent says that the service may have taken, and charged, the request before it failed.
	Sent bool
	Err  error
}

// Error says which engine failed and how.
func (e *Error) Error() string { return fmt.Sprintf("engine %s: %s: %v", e.Engine, e.Trouble, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
