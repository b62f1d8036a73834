package correction

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/story"
)

const columns = `c.id, c.story_id, t.edition_id, t.lang, t.at, c.prominent, t.text`

func scan(r *sql.Rows) (Correction, error) {
	var c Correction
	var at db.Time
	err := r.Scan(&c.ID, &c.Story, &c.Edition, &c.Lang, &at, &c.Prominent, &c.Text)
	c.At = at.Time
	return c, err
}

// OfStory returns the story's corrections as the language tells them, newest first.
func (s *Service) OfStory(ctx context.Context, q db.Conn, st story.ID, l lang.Tag) ([]Correction, error) {
	db.Note(q, "story", st)
	rows, err := q.QueryContext(ctx, ofStoryQuery, st, l)
	list, err := db.Collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("corrections of story %s in %s: %w", st, l, err)
	}
	newest(list)
	return list, nil
}

// ofStoryQuery begins at the stories: SQLite, which takes a CROSS JOIN as the order to go in, would otherwise go
// through all that was ever told in the language. Nor is it ordered by t.at, whose index would lead there.
const ofStoryQuery = `
	SELECT ` + columns + `
	FROM correction c CROSS JOIN correction_text t
	WHERE t.correction_id = c.id AND t.lang = $2 AND c.story_id = $1
	ORDER BY c.id DESC`

// All returns the story's corrections in all languages they are told in, newest first: for the desk.
func (s *Service) All(ctx context.Context, q db.Conn, st story.ID) ([]Correction, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+columns+`
		FROM correction c JOIN correction_text t ON t.correction_id = c.id
		WHERE c.story_id = $1
		ORDER BY c.at DESC, c.id DESC, t.lang`, st)
	list, err := db.Collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("corrections of story %s: %w", st, err)
	}
	return list, nil
}

// shown is where a language tells of a correction: the card k of its story or, where an entry of a running story was
// corrected, of that one. What isn't out isn't shown.
const shown = `
	JOIN correction c ON c.id = t.correction_id
	JOIN story s ON s.id = c.story_id
	JOIN edition e ON e.id = t.edition_id AND e.state = 'published'
	JOIN card k ON k.story_id = COALESCE(s.live_of, s.id) AND k.lang = t.lang`

// listQuery walks the language's index and stops after a page.
const listQuery = `
	SELECT ` + columns + `, k.edition_id, CASE WHEN s.live_of IS NULL THEN 0 ELSE s.number END
	FROM correction_text t` + shown + `
	WHERE t.lang = $1 AND (t.at, t.correction_id) < ($2, $3)
	ORDER BY t.at DESC, t.correction_id DESC LIMIT $4`

// List returns the corrections of a language whose editions are out, newest first, and the cursor
// of the next page. A correction of what was withdrawn isn't listed: its address tells why.
func (s *Service) List(ctx context.Context, q db.Conn, l lang.Tag, before edition.Cursor, limit int) ([]Entry, edition.Cursor, error) {
	at, last, err := before.Place()
	if err != nil {
		return nil, "", err
	}
	if limit <= 0 || limit > 1000 {
		limit = 20
	}
	rows, err := q.QueryContext(ctx, listQuery, l, db.Time{Time: at}, last, limit+1)
	list, err := db.Collect(rows, err, scanEntry)
	if err != nil {
		return nil, "", fmt.Errorf("corrections in %s: %w", l, err)
	}
	var next edition.Cursor
	if len(list) > limit {
		list = list[:limit]
		next = edition.CursorAt(list[limit-1].At, string(list[limit-1].ID))
	}
	db.Note(q, "corrections", l)
	entries, err := withCards(ctx, q, list)
	return entries, next, err
}

func scanEntry(r *sql.Rows) (Entry, error) {
	var e Entry
	var at db.Time
	err := r.Scan(&e.ID, &e.Story, &e.Edition, &e.Lang, &at, &e.Prominent, &e.Text, &e.Card.Edition, &e.Number)
	e.At = at.Time
	return e, err
}

func withCards(ctx context.Context, q db.Conn, list []Entry) ([]Entry, error) {
	ids := make([]edition.ID, len(list))
	for i, e := range list {
		ids[i] = e.Card.Edition
	}
	cards, err := edition.CardsByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, e := range list {
		if card, ok := cards[e.Card.Edition]; ok {
			e.Card = card
			out = append(out, e)
		}
	}
	return out, nil
}

// Debt is an edition that is out and doesn't yet tell of a correction of its story.
type Debt struct {
	Correction ID
	At         time.Time
	Prominent  bool
	// Mended says that what readers see of the edition has the facts of the corrected original; it
	// doesn't tell of the correction all the same.
	Mended bool
	Card   edition.Card
}

// Owed lists editions that were sent out, or scheduled, before a correction made since then and don't
// tell of it, the newest correction first. Readers of such an edition are told that the story was
// corrected until it is mended.
func (s *Service) Owed(ctx context.Context, q db.Conn, since time.Time, limit int) ([]Debt, error) {
	return owed(ctx, q, owedSince, db.Time{Time: since}, limit)
}

// OwedBy lists what one edition owes, newest first.
func (s *Service) OwedBy(ctx context.Context, q db.Conn, st story.ID, l lang.Tag) ([]Debt, error) {
	db.Note(q, "text", st)
	return owed(ctx, q, owedBy, st, l)
}

const (
	owedSince = `c.at >= $1 ORDER BY c.at DESC, c.id DESC, k.lang LIMIT $2`
	owedBy    = `c.story_id = $1 AND k.lang = $2 ORDER BY c.at DESC, c.id DESC`
)

// decided is when somebody said that the edition goes out as it is: of a scheduled one when it was
// scheduled, since nobody looked at it again.
const decided = `COALESCE((
	SELECT MAX(r.created_at) FROM release r JOIN release_edition re ON re.release_id = r.id
	WHERE re.edition_id = k.edition_id AND r.act = 'schedule' AND NOT r.cancelled
		AND r.due_at <= k.published_at AND r.done_at >= k.published_at), k.published_at)`

// mended is whether what is out of an edition k has the facts that the original had after the
// correction c: it was checked to go out beside that text or a later one, by when the correction's facts
// were known, or each segment that was corrected has been answered, with what is out.
const mended = `(EXISTS (
		SELECT 1 FROM edition e
		JOIN release_edition x ON x.edition_id = e.id AND x.revision = e.published_rev
		JOIN release r ON r.id = x.release_id AND NOT r.cancelled
		JOIN story s ON s.id = e.story_id
		JOIN edition o ON o.story_id = s.id AND o.lang = s.original_lang
		JOIN release_edition y ON y.release_id = c.release_id AND y.edition_id = o.id
		WHERE e.id = k.edition_id AND x.source_rev >= y.revision
			AND (r.created_at >= c.at OR NOT EXISTS (SELECT 1 FROM source_change ch WHERE ch.release_id = c.release_id)))
	OR EXISTS (SELECT 1 FROM source_change ch WHERE ch.release_id = c.release_id)
		AND NOT EXISTS (
			SELECT 1 FROM source_change ch WHERE ch.release_id = c.release_id AND NOT EXISTS (
				SELECT 1 FROM unit u JOIN edition e ON e.id = u.edition_id
				WHERE u.edition_id = k.edition_id AND u.address = ch.address AND u.source_rev >= ch.since_rev AND u.target_rev <= e.published_rev)))`

// owedQuery goes from the corrections to the cards of their stories, each by an index.
func owedQuery(which string) string {
	return `
		SELECT c.id, c.at, c.prominent, ` + mended + `, k.edition_id
		FROM correction c JOIN card k ON k.story_id = c.story_id AND ` + decided + ` < c.at
		WHERE NOT EXISTS (SELECT 1 FROM correction_text t WHERE t.correction_id = c.id AND t.lang = k.lang) AND ` + which
}

func owed(ctx context.Context, q db.Conn, which string, args ...any) ([]Debt, error) {
	rows, err := q.QueryContext(ctx, owedQuery(which), args...)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Debt, error) {
		var d Debt
		var at db.Time
		err := r.Scan(&d.Correction, &at, &d.Prominent, &d.Mended, &d.Card.Edition)
		d.At = at.Time
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("corrections not told: %w", err)
	}
	ids := make([]edition.ID, len(list))
	for i, d := range list {
		ids[i] = d.Card.Edition
	}
	cards, err := edition.CardsByID(ctx, q, ids)
	for i := range list {
		list[i].Card = cards[ids[i]]
	}
	return list, err
}

// Record inserts a correction, or, if n.Of names one, tells it in further languages. Release does it,
// in the act that brings the mended text out.
func (s *Service) Record(ctx context.Context, tx *db.Tx, a actor.Actor, n Note) (ID, error) {
	now := db.Time{Time: tx.Now()}
	c := n.Of
	if c == "" {
		c = ID(id.New(tx.Now()))
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO correction (id, story_id, release_id, prominent, by_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			c, n.Story, n.Release, n.Prominent, a.ID, now); err != nil {
			return "", fmt.Errorf("correction of story %s: %w", n.Story, err)
		}
	} else if err := ofStory(ctx, tx, c, n.Story); err != nil {
		return "", err
	}
	for _, t := range n.Texts {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO correction_text (correction_id, lang, text, edition_id, at) VALUES ($1, $2, $3, $4, $5)`,
			c, t.Lang, t.Text, t.Edition, now); err != nil {
			return "", fmt.Errorf("correction %s in %s: %w", c, t.Lang, err)
		}
	}
	return c, audit.Record(ctx, tx, audit.Entry{
		Actor: a.ID, Act: "correction.record", Subject: "story:" + string(n.Story),
		Detail: map[string]any{"correction": c, "release": n.Release, "prominent": n.Prominent, "texts": n.Texts},
	})
}

func ofStory(ctx context.Context, q db.Conn, c ID, st story.ID) error {
	var one int
	err := q.QueryRowContext(ctx, `SELECT 1 FROM correction WHERE id = $1 AND story_id = $2`, c, st).Scan(&one)
	if err = db.One(err); err != nil {
		return fmt.Errorf("correction %s of story %s: %w", c, st, err)
	}
	return nil
}
