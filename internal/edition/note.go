package edition

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// What this room notes of its reads, see [db.Note]: a story's cards as "story", its page as "text", a
// feed's texts as "edition", the newest stories of a list as "cards", its older pages as "past", the
// places of a range of stories as "numbers", and as facts what of the paper has stories at all.
const (
	FactSections = "sections:" // and a language: [Service.FilledSections]
	FactLangs    = "langs:"    // and a list's [List.what]: [Service.FilledLangs]

	// NumbersPerNote is of how many stories a note of [Service.Places] tells.
	NumbersPerNote = 500

	// PastAfter is how long ago a page of a list must end to be one of the past.
	PastAfter = time.Minute
)

// what is the section, topic or author that the list is of; "" for all stories.
func (l List) what() string {
	switch {
	case l.Section != "":
		return "section/" + string(l.Section)
	case l.Topic != "":
		return "topic/" + string(l.Topic)
	case l.Author != "":
		return "author/" + string(l.Author)
	}
	return ""
}

// scope names the list in its language, whatever the page of it.
func (l List) scope() string { return string(l.Lang) + "/" + l.what() }

// note tells of a page of the list. One that begins at the newest story changes with each that comes;
// an older one only when a story comes into the past or leaves it.
func (l List) note(q db.Conn, cards []Card, now time.Time) {
	at, _, err := l.Before.Place()
	if err != nil {
		return
	}
	if !l.To.IsZero() && l.To.Before(at) {
		at = l.To
	}
	if at.After(now.Add(-PastAfter)) {
		db.Note(q, "cards", l.scope())
	} else {
		db.Note(q, "past", l.scope())
	}
	for _, c := range cards {
		db.Note(q, "story", c.Story)
	}
}

func joined[T ~string](list []T) string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// Standing is where a story stands: the lists that hold it, and the languages it is out in.
type Standing struct {
	Number int64
	Lists  []List // in no language: of its section, topics and authors, and of all stories
	Out    map[lang.Tag]time.Time
}

// StandingOf returns where the story stands now, for those who keep pages of lists. It reads what the
// lists are made from; of a story that was deleted there is nothing.
func (s *Service) StandingOf(ctx context.Context, q db.Conn, id story.ID) (Standing, error) {
	out := Standing{Lists: []List{{}}, Out: map[lang.Tag]time.Time{}}
	st, err := s.stories.ByID(ctx, q, id)
	if err != nil {
		return out, err
	}
	out.Number = st.Number
	out.Lists = append(out.Lists, ListsOf(st.Section, st.Topics, st.Authors)...)
	cards, err := s.Siblings(ctx, q, []story.ID{id})
	if err != nil {
		return out, fmt.Errorf("cards of story %s: %w", id, err)
	}
	for _, c := range cards[id] {
		out.Out[c.Lang] = c.Published
	}
	return out, nil
}

// ListsOf are the lists of a section, topics and authors, in no language.
func ListsOf(section publication.SectionID, topics []topic.ID, authors []people.AuthorID) []List {
	var out []List
	if section != "" {
		out = append(out, List{Section: section})
	}
	for _, t := range topics {
		out = append(out, List{Topic: t})
	}
	for _, a := range authors {
		out = append(out, List{Author: a})
	}
	return out
}

// In is the list in a language.
func (l List) In(t lang.Tag) List {
	l.Lang = t
	return l
}

// Scope names the list in its language as its reads are noted, and What without it.
func (l List) Scope() string { return l.scope() }

// What is the section, topic or author that the list is of; "" for all stories.
func (l List) What() string { return l.what() }
