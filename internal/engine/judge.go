package engine

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// garbled says that an answer can't be a translation of the source, whatever the engine: it is empty,
// out of all proportion, without a letter, or the source itself.
func garbled(pair Pair, source, target string) bool {
	source, target = strings.TrimSpace(source), strings.TrimSpace(target)
	n, m := utf8.RuneCountInString(source), utf8.RuneCountInString(target)
	if m == 0 || m > document.MaxText {
		return true
	}
	if !strings.ContainsFunc(target, unicode.IsLetter) {
		return true
	}
	dense, wide := dense(pair.To) && !dense(pair.From), dense(pair.From) && !dense(pair.To)
	least, most := float64(n)/4, float64(n)*4
	if dense {
		least = float64(n) / 12
	}
	if wide {
		most = float64(n) * 12
	}
	if float64(m) > most+20 || n >= 20 && float64(m) < least {
		return true
	}
	return pair.From.Base() != pair.To.Base() && source == target && words(source) >= 4
}

// dense are languages whose signs are words.
func dense(t lang.Tag) bool {
	switch t.Base() {
	case "zh", "ja", "ko":
		return true
	}
	return false
}

// words counts those written in small letters: names may be the same in two languages.
func words(s string) int {
	n := 0
	for _, w := range strings.Fields(s) {
		if r, _ := utf8.DecodeRuneInString(strings.TrimFunc(w, unicode.IsPunct)); unicode.IsLower(r) {
			n++
		}
	}
	return n
}

// longest is how much of an answer is looked at, so that none can cost more than a story would.
func longest(sent string) int { return 20*len(sent) + 4096 }

// rest is how long an engine is left alone after it failed.
func rest(e *Error) time.Duration {
	bound := func(least, most time.Duration) time.Duration { return min(max(e.After, least), most) }
	switch e.Trouble {
	case Busy:
		return bound(time.Minute, time.Hour)
	case Quota:
		return bound(time.Hour, 24*time.Hour)
	case Key, Sealed:
		return 24 * time.Hour // a new key ends it
	case Gone:
		return bound(30*time.Second, 10*time.Minute)
	}
	return 0
}

// failure is what an engine's error says. An error of another type is taken for a request that was
// refused, and may have been charged.
func failure(name string, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Engine: name, Trouble: Refused, Sent: true, Err: err}
}
