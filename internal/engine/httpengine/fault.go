package httpengine

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"depesche/internal/engine"
)

// Fault is how an adapter reads an answer of a service that isn't a translation.
type Fault struct {
	Trouble engine.Trouble
	// Retry says that the same request may do well soon.
	Retry bool
	// After is how long the service asks to be left alone, 0 if it doesn't say. Retry-After is read by
	// the client.
	After time.Duration
	// Code and Message are the service's own; both are cleaned before anybody sees them.
	Code, Message string
	// Worked says that the service may have done, and charged, the work.
	Worked bool
}

// Refusal is the cause of an error that a service answered with: its status, its own code and message,
// as far as they may be shown.
type Refusal struct {
	Status        int
	Code, Message string
}

// Error is "HTTP 400 INVALID_ARGUMENT: …".
func (r *Refusal) Error() string {
	text := "HTTP " + strconv.Itoa(r.Status)
	if r.Code != "" {
		text += " " + r.Code
	}
	if r.Message != "" {
		text += ": " + r.Message
	}
	return text
}

// Plain is the reading of a status that the whole web shares. Adapters begin with it and put right
// what their service means otherwise.
func Plain(a Answer) Fault {
	switch {
	case a.Status == http.StatusTooManyRequests:
		return Fault{Trouble: engine.Busy, Retry: true}
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		return Fault{Trouble: engine.Key}
	case a.Status == http.StatusPaymentRequired:
		return Fault{Trouble: engine.Quota}
	case a.Status == http.StatusRequestEntityTooLarge, a.Status == http.StatusRequestURITooLong:
		return Fault{Trouble: engine.TooLong}
	case a.Status == http.StatusServiceUnavailable, a.Status == 529:
		return Fault{Trouble: engine.Busy, Retry: true}
	case a.Status == http.StatusInternalServerError, a.Status == http.StatusBadGateway, a.Status == http.StatusGatewayTimeout:
		return Fault{Trouble: engine.Busy, Retry: true, Worked: true}
	case a.Status >= 500:
		return Fault{Trouble: engine.Busy, Worked: true}
	case a.Status >= 300 && a.Status < 400:
		return Fault{Trouble: engine.Refused, Code: "redirect", Message: "the service has moved to another address"}
	default:
		return Fault{Trouble: engine.Refused}
	}
}

// Read unmarshals a body and says whether it is JSON of that shape.
func Read(body []byte, into any) bool { return json.Unmarshal(body, into) == nil }

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if n, err := strconv.Atoi(v); err == nil {
		return min(max(time.Duration(n), 0), 7*24*3600) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return min(max(t.Sub(now), 0), 7*24*time.Hour)
	}
	return 0
}

// longestMessage is how much of a service's message an operator is shown.
const longestMessage = 200

// clean makes a service's message fit for an operator: one line, short, and none at all if it tells
// of the text that was sent, since a story's text is no matter for logs.
func clean(message string, said []string) string {
	message = strings.Join(strings.FieldsFunc(message, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if message == "" || !utf8.ValidString(message) || quotes(message, said) {
		return ""
	}
	if runes := []rune(message); len(runes) > longestMessage {
		return string(runes[:longestMessage]) + " …"
	}
	return message
}

// window is the length from which a run of characters is taken to be quoted from a text.
const window = 12

// quotes tells whether message has one of the short texts of said, or a run of window characters of
// a longer one.
func quotes(message string, said []string) bool {
	m := []rune(strings.ToLower(message))
	for _, s := range said {
		s = strings.ToLower(strings.TrimSpace(s))
		n := utf8.RuneCountInString(s)
		if n >= 4 && n <= window && strings.Contains(string(m), s) {
			return true
		}
		if n <= window {
			continue
		}
		for i := 0; i+window <= len(m); i++ {
			if strings.Contains(s, string(m[i:i+window])) {
				return true
			}
		}
	}
	return false
}

// code keeps a service's code if it looks like one.
func code(s string) string {
	if len(s) > 60 || strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._- ", r)
	}) {
		return ""
	}
	return s
}
