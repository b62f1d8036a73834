// Package demo is the newsroom that `depesche demo` shows: a paper called Meridian with its
// stories, pictures and people, and the way they get into a fresh database.
//
// The content is data under content/, checked by this package's tests; [Read] reads it without a
// database or a clock.
package demo

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Text is one text in several languages.
type Text map[string]string

// Content is everything the demo paper consists of. References between its parts are keys: of a
// section, a topic, an author, a picture (its file's name) or a story (its file's name without the
// number).
type Content struct {
	Paper    Paper
	Pages    []Page
	Pictures []Picture
	// Stories are in the order of their numbers.
	Stories []Story
	// Register is a file of names and terms, as the register takes it.
	Register []byte
	Work     Work
}

// Paper is the publication with its sections, topics and people.
type Paper struct {
	MainLang   string     `json:"mainLang"`
	TimeZone   string     `json:"timeZone"`
	EmbedHosts []string   `json:"embedHosts"`
	Languages  []Language `json:"languages"`
	Sections   []Named    `json:"sections"`
	Topics     []Named    `json:"topics"`
	Authors    []Named    `json:"authors"`
	Staff      []Staff    `json:"staff"`
}

// Language is one the paper is published in, with the paper's name and line in it.
type Language struct {
	Lang  string `json:"lang"`
	Name  string `json:"name"`
	About string `json:"about"`
}

// Named is a section, topic or author: a key with a name and a slug per language.
type Named struct {
	Key string `json:"key"`
	// Kind is a topic's or an author's.
	Kind string `json:"kind"`
	Name Text   `json:"name"`
	Slug Text   `json:"slug"`
	// About is an author's.
	About Text `json:"about"`
}

// Staff is an account. Its password is the loader's business.
type Staff struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  string `json:"role"`
	// Langs and Sections limit what the account may touch; empty means all.
	Langs    []string `json:"langs"`
	Sections []string `json:"sections"`
	UILang   string   `json:"uiLang"`
	// Author is the by-line of the account, or empty.
	Author string `json:"author"`
}

// Page is a static page, with its text in Markdown per language.
type Page struct {
	Key   string
	Title Text
	Slug  Text
	Body  Text
}

// Picture is a drawing of the house.
type Picture struct {
	Key string `json:"key"`
	// FocusX and FocusY are thousandths from the left and upper edge.
	FocusX int  `json:"focusX"`
	FocusY int  `json:"focusY"`
	Alt    Text `json:"alt"`
	// Credit is the library's; all drawings share it.
	Credit Text   `json:"-"`
	Width  int    `json:"-"`
	Height int    `json:"-"`
	SVG    []byte `json:"-"`
}

// Story is one piece of news with all its editions.
type Story struct {
	Key    string `json:"-"`
	Number int64  `json:"-"`

	Kind     string   `json:"kind"`
	Section  string   `json:"section"`
	Original string   `json:"original"`
	Authors  []string `json:"authors"`
	Topics   []string `json:"topics"`
	Picture  string   `json:"picture"`
	// Published is when the original first went out; zero for a story that never did.
	Published When `json:"published"`
	// Timeless stories name no real event: a loader may move all their times by the same amount.
	Timeless    bool               `json:"timeless"`
	Sources     []Source           `json:"sources"`
	Editions    map[string]Edition `json:"editions"`
	Corrections []Correction       `json:"corrections"`
}

// Source is who says so.
type Source struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	URL      string `json:"url"`
	Lang     string `json:"lang"`
	Date     string `json:"date"`
	Accessed string `json:"accessed"`
	// Names is what a language calls it where that isn't its own name.
	Names Text `json:"names"`
	Title Text `json:"title"`
	Claim Text `json:"claim"`
	// How says how a source without a link came to the desk.
	How Text `json:"how"`
}

// Edition is the story in one language. Lead, Caption and Body are Markdown of package document.
type Edition struct {
	State string `json:"state"`
	// Made is how the text came about, in the words of the edition table.
	Made string `json:"made"`
	// Translator and CheckedBy are keys of authors.
	Translator  string `json:"translator"`
	CheckedBy   string `json:"checkedBy"`
	PublishedAt When   `json:"publishedAt"`
	UpdatedAt   When   `json:"updatedAt"`
	ScheduledAt When   `json:"scheduledAt"`
	WithdrawnAt When   `json:"withdrawnAt"`
	// WithdrawnWhy is told to readers, in the edition's language.
	WithdrawnWhy string `json:"withdrawnWhy"`

	Kicker   string `json:"-"`
	Headline string `json:"-"`
	Lead     string `json:"-"`
	Teaser   string `json:"-"`
	Caption  string `json:"-"`
	Alt      string `json:"-"`
	Body     string `json:"-"`
}

// Correction is what was wrong and is now right.
type Correction struct {
	At When `json:"at"`
	// Headline: the headline or a number was wrong, so it is told under the lead too.
	Headline bool `json:"headline"`
	Texts    Text `json:"texts"`
	// Was gives, per language, the text that is right and the one that stood in its place before.
	Was map[string]map[string]string `json:"was"`
}

// First returns the edition as it was first published, with what was corrected later still wrong.
func (s Story) First(lang string) Edition {
	e := s.Editions[lang]
	for _, c := range s.Corrections {
		for right, wrong := range c.Was[lang] {
			for _, text := range []*string{&e.Headline, &e.Lead, &e.Teaser, &e.Caption, &e.Body} {
				*text = strings.ReplaceAll(*text, right, wrong)
			}
		}
	}
	return e
}

// When is a moment: a fixed one, or a distance from the moment of loading, so that a story can be
// scheduled for "in two hours" whenever the demo is started.
type When struct {
	fixed time.Time
	after time.Duration
	set   bool
}

// IsZero reports that no moment was given.
func (w When) IsZero() bool { return !w.set }

// Relative reports that the moment depends on when it is asked for.
func (w When) Relative() bool { return w.set && w.fixed.IsZero() }

// At is the moment in UTC, for a demo that is loaded now.
func (w When) At(now time.Time) time.Time {
	if !w.set {
		return time.Time{}
	}
	if w.fixed.IsZero() {
		return now.Add(w.after).UTC()
	}
	return w.fixed
}

// UnmarshalJSON reads "2024-10-23T14:20:00+02:00", "+2h" or "-40m".
func (w *When) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	if s == "" {
		return fmt.Errorf("demo: empty time")
	}
	if s[0] == '+' || s[0] == '-' {
		d, err := time.ParseDuration(s)
		if err != nil {
			return fmt.Errorf("demo: time %q: %w", s, err)
		}
		*w = When{after: d, set: true}
		return nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fmt.Errorf("demo: time %q: %w", s, err)
	}
	*w = When{fixed: t.UTC(), set: true}
	return nil
}
