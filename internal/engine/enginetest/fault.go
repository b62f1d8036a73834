package enginetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"depesche/internal/engine"
)

// Fault returns the engine's error that err is, and fails the test if it is none or tells a fake's
// key.
func Fault(t testing.TB, err error) *engine.Error {
	t.Helper()
	var e *engine.Error
	if !errors.As(err, &e) {
		t.Fatalf("not an engine's error: %v", err)
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		if said := fmt.Sprintf("%v %+v %#v", cause, cause, cause); strings.Contains(said, Key) {
			t.Errorf("the key is in %s", said)
		}
	}
	return e
}

// Case is how an engine should take what its service does.
type Case struct {
	Name  string
	Play  Play
	Want  engine.Error // Trouble, Sent, After
	Tries int          // requests that the service then saw
}

// Holds asks e for a translation while its service always plays c, and compares. No error may quote
// the text.
func (c Case) Holds(t testing.TB, e engine.Engine, s *Service, p engine.Pair) {
	t.Helper()
	const text = "Закон про мови у четвер увечері"
	s.Always(c.Play)
	before := len(s.Translations())
	_, err := e.Translate(t.Context(), engine.Request{Pair: p, Texts: []string{text, "Так, закон"}})
	if err == nil {
		t.Fatal("no error")
	}
	f := Fault(t, err)
	if f.Trouble != c.Want.Trouble || f.Sent != c.Want.Sent || f.After != c.Want.After || f.Engine != e.Info().Name {
		t.Errorf("%+v, want %+v", f, c.Want)
	}
	if strings.Contains(err.Error(), "Закон") {
		t.Errorf("the story's text is in %v", err)
	}
	if n := len(s.Translations()) - before; n != c.Tries {
		t.Errorf("%d requests, want %d", n, c.Tries)
	}
}

// Echo is a message that a careless service might answer with.
const Echo = "key " + Key + " may not translate Закон про мови у четвер"
