package engine

import (
	"encoding/json"
	"time"

	"depesche/internal/lang"
)

// Kind is a family of engines that a paper can install.
type Kind struct {
	// Fields are its settings, in the order of the form. Their words are desk.engines.field.<name>.
	Fields []Field
	// Key says whether it has one.
	Key KeyUse
	// Files says that what it works with is put in on the server.
	Files bool
	// Make builds an engine of that name. It asks nobody. settings are a JSON object of the fields; its
	// errors are shown to an operator. It is called again when the settings have changed, while the
	// engine before may still be at work: what weighs much is shared within the kind.
	Make func(name string, settings json.RawMessage, key string) (Engine, error)
}

// KeyUse says what a kind needs of a key.
type KeyUse int

// The uses of a key. A long one has lines: a file of a service account.
const (
	KeyNone KeyUse = iota
	KeyOptional
	KeyRequired
	KeyLong
)

// FieldType says how a setting is typed, and what it is in JSON: a string, a number, true or false.
type FieldType string

// The types of setting. A Choice is one of Options.
const (
	TextField   FieldType = "text"
	URLField    FieldType = "url"
	NumberField FieldType = "number"
	CheckField  FieldType = "check"
	ChoiceField FieldType = "choice"
)

// Field is a setting of a kind.
type Field struct {
	Name     string
	Type     FieldType
	Required bool
	// Default is what stands in an empty form.
	Default string
	Options []string
}

// ID names an engine of the paper.
type ID string

// Period is how long a quota lasts.
type Period string

// The periods, both in UTC.
const (
	Month Period = "month"
	Day   Period = "day"
)

// Installed is an engine that the paper has.
type Installed struct {
	ID   ID
	Name string
	Kind string
	// Settings are the values of the kind's fields as they were typed.
	Settings map[string]string
	// HasKey says that there is one. Nobody sees it again.
	HasKey  bool
	Enabled bool
	// Price is that of a million characters, in cents.
	Price int64
	// Quota is how many characters it may be sent in a Period, 0 for no bound.
	Quota   int64
	Period  Period
	Version int64
	Created time.Time

	sealed []byte
}

// Health is how it went the last time.
type Health struct {
	Worked, Failed *time.Time
	// Trouble is that of the last failure, "" if it has worked since. Reason is for an operator.
	Trouble Trouble
	Reason  string
	Trace   string
	// Rest is until when it is left alone.
	Rest *time.Time
}

// State is an engine of the paper with what is known of it.
type State struct {
	Installed
	Info   Info
	Health Health
	// Unmade says that no engine could be made of the settings, so that little is known of it: Health says why.
	Unmade bool
	// Bare says that its kind's files aren't there yet, so that it translates nothing.
	Bare bool
	// Used are the characters of the quota's period.
	Used int64
	// Characters, Requests and Cost are those of the month; Cost is in millionths of a cent.
	Characters, Requests, Cost int64
}

// Usage is what an engine was asked on a day for a pair.
type Usage struct {
	Day                        string // 2026-11-27, in UTC
	Engine                     ID
	Pair                       string
	Characters, Requests, Cost int64
}

// Troubles of the service's own.
const (
	// Unanswered: the text was sent to an engine that charges for it, and nobody saw the answer.
	Unanswered Trouble = "unanswered"
	// Sealed: its key can't be opened any more and must be typed anew.
	Sealed Trouble = "sealed"
	// Off: it was switched off or removed while it drafted.
	Off Trouble = "off"
	// None: the paper has no engine for this pair.
	None Trouble = "none"
)

// ParsePair reads "uk-de", and "pt-BR-zh-Hant" where only one cut makes two of the languages given.
func ParsePair(s string, langs []lang.Tag) (Pair, bool) {
	for _, from := range langs {
		for _, to := range langs {
			if p := (Pair{From: from, To: to}); from != to && p.String() == s {
				return p, true
			}
		}
	}
	return Pair{}, false
}
