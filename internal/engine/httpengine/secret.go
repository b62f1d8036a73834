package httpengine

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// stars stand for a secret wherever it is printed.
const stars = "*****"

// Secret is a key that shows itself to nobody who doesn't ask by name: printed with whatever verb,
// logged, or marshalled it is stars. It is read from JSON as a plain string. The zero value is no
// key.
type Secret struct {
	// A pointer, since fmt prints what stands in the unexported fields of others without asking it.
	value *string
}

// NewSecret keeps s; "" is no key.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{value: &s}
}

// Reveal returns the key itself. It goes into a request and nowhere else.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no key.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal reports whether both are the same key.
func (s Secret) Equal(t Secret) bool { return s.Reveal() == t.Reveal() }

// String returns stars, or "" if there is no key.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return stars
}

// GoString returns what String returns.
func (s Secret) GoString() string { return s.String() }

// Format writes what String returns, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// LogValue is what a log gets.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON writes what String returns: settings keep keys elsewhere.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalJSON takes the key itself. Stars are no key: settings that were written and read again have
// lost theirs, and don't get a wrong one.
func (s *Secret) UnmarshalJSON(b []byte) error {
	var v string
	if err := json.Unmarshal(b, &v); err != nil {
		return fmt.Errorf("a key is a string: %w", err)
	}
	if v == stars {
		v = ""
	}
	*s = NewSecret(v)
	return nil
}

// scrub puts stars where one of the keys stands in text, as it is or as an address writes it.
func scrub(text string, secrets []Secret) string {
	for _, s := range secrets {
		if s.IsZero() {
			continue
		}
		for _, form := range []string{s.Reveal(), url.QueryEscape(s.Reveal()), url.PathEscape(s.Reveal())} {
			text = strings.ReplaceAll(text, form, stars)
		}
	}
	return text
}
