package edition

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Live is what a reader's page shows of a published edition.
type Live struct {
	Edition  Edition      // its Doc is empty: the newest may be further than what is out
	Story    story.Story  // with authors, topics and sources
	Doc      document.Doc // of the published revision
	Siblings []Card       // all languages it is out in, itself included, by language
	Check    Check        // of the published revision; zero if nobody checked that one
}

// Version is what readers are told of where the text comes from.
func (l Live) Version() lang.Version {
	switch checked := l.Check.Revision != 0; {
	case checked && l.Edition.Made == MadeHuman:
		return lang.HumanChecked
	case checked && l.Edition.Made == MadeMachine:
		return lang.MachineChecked
	}
	return lang.Version(l.Edition.Made)
}

// GoneError says that an edition was withdrawn, for the page that tells readers so.
type GoneError struct {
	Edition  ID
	Story    story.ID
	Number   int64
	Lang     lang.Tag
	Slug     string // of its address
	At       time.Time
	Why      string // in the edition's language
	Siblings []Card // the languages it is still out in
	Entry    bool   // of a running story, whose Siblings these are
}

// Error names the story.
func (e *GoneError) Error() string {
	return fmt.Sprintf("story %d in %s was withdrawn", e.Number, e.Lang)
}

// ProblemKind is problem.Gone.
func (e *GoneError) ProblemKind() problem.Kind { return problem.Gone }

// Published returns what readers see of the story in the language. If it isn't out it is
// problem.NotFound, if it was withdrawn a [*GoneError].
//
// It costs four statements, each on a unique index, and the decoding of one document, however many
// stories there are: it is on the way of every page that isn't in memory.
func (s *Service) Published(ctx context.Context, q db.Conn, number int64, l lang.Tag) (Live, error) {
	st, err := s.stories.ByNumber(ctx, q, number)
	if err != nil {
		return Live{}, fmt.Errorf("story %d: %w", number, err)
	}
	db.Note(q, "text", st.ID)
	e, err := scan(q.QueryRowContext(ctx, `
		SELECT `+columns("e.", "r.body", "e.published_rev")+`
		FROM edition e LEFT JOIN revision r ON r.edition_id = e.id AND r.number = e.published_rev
		WHERE e.story_id = $1 AND e.lang = $2`, st.ID, l))
	if err != nil {
		return Live{}, fmt.Errorf("story %d in %s: %w", number, l, err)
	}
	siblings, err := s.Siblings(ctx, q, []story.ID{st.ID})
	if err != nil {
		return Live{}, err
	}
	switch {
	case e.State == Withdrawn && e.Withdrawn != nil:
		return Live{}, &GoneError{
			Edition: e.ID, Story: st.ID, Number: number, Lang: l, Slug: e.Slug,
			At: *e.Withdrawn, Why: e.WithdrawnWhy, Siblings: siblings[st.ID],
		}
	case e.State != Published:
		return Live{}, fmt.Errorf("story %d in %s: %w", number, l, problem.New(problem.NotFound, "problem.not_found"))
	}
	live := Live{Story: st, Doc: e.Doc, Siblings: siblings[st.ID]}
	e.Doc = document.Doc{}
	live.Edition = e
	if e.Check.Revision == e.PublishedRev {
		live.Check = e.Check
	}
	return live, nil
}

// Address is what a link to an edition needs.
type Address struct {
	Number int64
	Lang   lang.Tag
	Slug   string
}

// AddressOf returns where readers find the story in the language, out or withdrawn, for redirects
// from old addresses: problem.NotFound if it never was out.
func (s *Service) AddressOf(ctx context.Context, q db.Conn, st story.ID, l lang.Tag) (Address, error) {
	db.Note(q, "text", st)
	a := Address{Lang: l}
	err := q.QueryRowContext(ctx, `
		SELECT s.number, e.slug FROM edition e JOIN story s ON s.id = e.story_id
		WHERE e.story_id = $1 AND e.lang = $2 AND e.state IN ('published', 'withdrawn')`, st, l).Scan(&a.Number, &a.Slug)
	return a, db.One(err)
}

// Newest returns when an edition in the language last went out or was changed for readers, for
// feeds' and sitemaps' dates; the zero time if none is out.
func (s *Service) Newest(ctx context.Context, q db.Conn, l lang.Tag) (time.Time, error) {
	db.Note(q, "cards", List{Lang: l}.scope())
	var at db.Time
	err := q.QueryRowContext(ctx, `SELECT published_at FROM card WHERE lang = $1 ORDER BY published_at DESC, edition_id DESC LIMIT 1`, l).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return at.Time, db.One(err)
}
