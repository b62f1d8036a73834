package edition

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// Card is what lists, feeds and sitemaps show of a published edition.
type Card struct {
	Edition   ID
	Story     story.ID
	Number    int64
	Lang      lang.Tag
	Section   publication.SectionID
	Kind      story.Kind
	Slug      string
	Kicker    string
	Headline  string
	Teaser    string
	Picture   *document.Picture // the one above the text, else the first in it, else nil
	Published time.Time
	Updated   *time.Time
}

// List chooses cards of one language, newest first. Of Section, Topic and Author at most the first
// that is set is used.
type List struct {
	Lang     lang.Tag
	Section  publication.SectionID
	Topic    topic.ID
	Author   people.AuthorID
	From, To time.Time // published in [From, To); zero: no bound
	Before   Cursor
	Limit    int // 0 means 20; never more than 1000
}

// Cursor is a place in a list, safe in addresses. "" is the beginning; a page's next cursor is "" if
// there is no more.
type Cursor string

// CursorAt is the place just behind an entry of a list that is ordered by time and ID.
func CursorAt(at time.Time, id string) Cursor {
	return Cursor(strconv.FormatInt(at.UnixMilli(), 36) + "-" + id)
}

// far is behind all times that can be stored.
var far = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Place returns the entry that the cursor stands behind; the beginning is behind all of time. A
// cursor that we didn't make is problem.Invalid.
func (c Cursor) Place() (time.Time, string, error) {
	if c == "" {
		return far, "", nil
	}
	ms, rest, ok := strings.Cut(string(c), "-")
	n, err := strconv.ParseInt(ms, 36, 64)
	if !ok || err != nil || n < 0 || n > far.UnixMilli() || !id.Valid(rest) {
		return time.Time{}, "", problem.New(problem.Invalid, "problem.cursor")
	}
	return time.UnixMilli(n).UTC(), rest, nil
}

const cardColumns = `c.edition_id, c.story_id, c.number, c.lang, c.section_id, c.kind, c.slug, c.kicker, c.headline, c.teaser,
	c.picture, c.published_at, c.updated_at`

func scanCard(r *sql.Rows) (Card, error) {
	var c Card
	var picture db.JSON[*document.Picture]
	var published db.Time
	var updated db.NullTime
	err := r.Scan(&c.Edition, &c.Story, &c.Number, &c.Lang, &c.Section, &c.Kind, &c.Slug, &c.Kicker, &c.Headline, &c.Teaser,
		&picture, &published, &updated)
	c.Picture, c.Published, c.Updated = picture.V, published.Time, updated.Ptr()
	return c, err
}

// query is the statement for a list. Each of its shapes walks one index in its order and stops
// after a page; TestCardsUseIndexes holds that.
func (l List) query(limit int) (string, []any, error) {
	at, last, err := l.Before.Place()
	if err != nil {
		return "", nil, err
	}
	if !l.To.IsZero() && !l.To.After(at) {
		at, last = l.To, ""
	}
	var from string
	args := []any{l.Lang, db.Time{Time: at}, last, limit}
	switch {
	case l.Section != "":
		from = `FROM card c WHERE c.lang = $1 AND (c.published_at, c.edition_id) < ($2, $3) AND c.section_id = $5`
		args = append(args, l.Section)
	case l.Topic != "":
		from = `FROM card_topic c0 JOIN card c ON c.edition_id = c0.edition_id
			WHERE c0.lang = $1 AND (c0.published_at, c0.edition_id) < ($2, $3) AND c0.topic_id = $5`
		args = append(args, l.Topic)
	case l.Author != "":
		from = `FROM card_author c0 JOIN card c ON c.edition_id = c0.edition_id
			WHERE c0.lang = $1 AND (c0.published_at, c0.edition_id) < ($2, $3) AND c0.author_id = $5`
		args = append(args, l.Author)
	default:
		from = `FROM card c WHERE c.lang = $1 AND (c.published_at, c.edition_id) < ($2, $3)`
	}
	of := "c"
	if strings.Contains(from, "c0") {
		of = "c0"
	}
	if !l.From.IsZero() {
		args = append(args, db.Time{Time: l.From})
		from += fmt.Sprintf(` AND %s.published_at >= $%d`, of, len(args))
	}
	return `SELECT ` + cardColumns + ` ` + from +
		fmt.Sprintf(` ORDER BY %[1]s.published_at DESC, %[1]s.edition_id DESC LIMIT $4`, of), args, nil
}

// Cards returns a page of the list and the cursor of the next.
func (s *Service) Cards(ctx context.Context, q db.Conn, l List) ([]Card, Cursor, error) {
	size := pageSize(l.Limit, 20)
	query, args, err := l.query(size + 1)
	if err != nil {
		return nil, "", err
	}
	rows, err := q.QueryContext(ctx, query, args...)
	cards, err := db.Collect(rows, err, scanCard)
	if err != nil {
		return nil, "", fmt.Errorf("cards in %s: %w", l.Lang, err)
	}
	l.note(q, cards, s.db.Now())
	if len(cards) <= size {
		return cards, "", nil
	}
	cards = cards[:size]
	end := cards[size-1]
	return cards, CursorAt(end.Published, string(end.Edition)), nil
}

// Siblings returns the cards of all languages that each story is out in, by language. A story that
// isn't out is left away.
func (s *Service) Siblings(ctx context.Context, q db.Conn, ids []story.ID) (map[story.ID][]Card, error) {
	out := map[story.ID][]Card{}
	db.Note(q, "story", ids...)
	for chunk := range slices.Chunk(ids, 500) {
		list, args := db.In(1, chunk)
		rows, err := q.QueryContext(ctx, `SELECT `+cardColumns+` FROM card c WHERE c.story_id IN `+list+` ORDER BY c.story_id, c.lang`, args...)
		cards, err := db.Collect(rows, err, scanCard)
		if err != nil {
			return nil, fmt.Errorf("cards of %d stories: %w", len(chunk), err)
		}
		for _, c := range cards {
			out[c.Story] = append(out[c.Story], c)
		}
	}
	return out, nil
}

// CardsOf returns one card of each story that is out: in the first language of prefer that it is
// out in, else in the one it went out in first. For links between stories.
func (s *Service) CardsOf(ctx context.Context, q db.Conn, ids []story.ID, prefer ...lang.Tag) (map[story.ID]Card, error) {
	all, err := s.Siblings(ctx, q, ids)
	out := make(map[story.ID]Card, len(all))
	for st, cards := range all {
		out[st] = choose(cards, prefer)
	}
	return out, err
}

func choose(cards []Card, prefer []lang.Tag) Card {
	for _, l := range prefer {
		for _, c := range cards {
			if c.Lang == l {
				return c
			}
		}
	}
	return slices.MinFunc(cards, func(a, b Card) int { return a.Published.Compare(b.Published) })
}

// CardsByID returns the cards of those of the editions that are out.
func CardsByID(ctx context.Context, q db.Conn, ids []ID) (map[ID]Card, error) {
	out := map[ID]Card{}
	for chunk := range slices.Chunk(ids, 500) {
		list, args := db.In(1, chunk)
		rows, err := q.QueryContext(ctx, `SELECT `+cardColumns+` FROM card c WHERE c.edition_id IN `+list, args...)
		cards, err := db.Collect(rows, err, scanCard)
		if err != nil {
			return nil, fmt.Errorf("cards of %d editions: %w", len(chunk), err)
		}
		for _, c := range cards {
			db.Note(q, "story", c.Story)
			out[c.Edition] = c
		}
	}
	return out, nil
}

// PutCard writes the card of an edition that is out anew from its published revision and its story.
func (s *Service) PutCard(ctx context.Context, tx *db.Tx, id ID) error {
	e, err := s.ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	st, err := s.stories.ByID(ctx, tx, e.Story)
	if err != nil {
		return err
	}
	doc, err := s.RevisionDoc(ctx, tx, id, e.PublishedRev)
	if err != nil {
		return err
	}
	return s.putCard(ctx, tx, st, e, doc)
}

func (s *Service) putCard(ctx context.Context, tx *db.Tx, st story.Story, e Edition, doc document.Doc) error {
	if st.LiveOf != "" {
		return s.firstCard(ctx, tx, st, e, doc)
	}
	for _, table := range []string{"card_author", "card_topic"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE edition_id = $1`, e.ID); err != nil {
			return fmt.Errorf("card of edition %s: %w", e.ID, err)
		}
	}
	return s.firstCard(ctx, tx, st, e, doc)
}

// cardInto are a card's columns, cardValues what all but the last three hold.
const cardInto = "edition_id, story_id, number, lang, section_id, kind, slug, kicker, headline, teaser, picture, published_at, updated_at"

func cardValues(st story.Story, e Edition, doc document.Doc) []any {
	return []any{e.ID, st.ID, st.Number, e.Lang, string(st.Section), st.Kind, e.Slug, doc.Kicker, doc.Headline, document.Teaser(doc, e.Lang, teaserLength)}
}

// cardPicture is the document's first picture as a card keeps it, "" for none.
func cardPicture(doc document.Doc) (string, error) {
	p := firstPicture(doc)
	if p == nil {
		return "", nil
	}
	v, err := db.AsJSON(p).Value()
	text, _ := v.(string)
	return text, err
}

// firstCard is putCard for an edition that has none.
func (s *Service) firstCard(ctx context.Context, tx *db.Tx, st story.Story, e Edition, doc document.Doc) error {
	if e.State != Published || e.Published == nil {
		return problem.New(problem.Conflict, "problem.state_act", "state", string(e.State), "act", string(ActPublish))
	}
	if st.LiveOf != "" {
		return s.lines.EntryOut(ctx, tx, st, e, doc)
	}
	picture, err := cardPicture(doc)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO card (`+cardInto+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (edition_id) DO UPDATE
		SET section_id = excluded.section_id, kind = excluded.kind, slug = excluded.slug, kicker = excluded.kicker,
			headline = excluded.headline, teaser = excluded.teaser, picture = excluded.picture,
			published_at = excluded.published_at, updated_at = excluded.updated_at`,
		append(cardValues(st, e, doc), picture, db.Time{Time: *e.Published}, db.NullOf(e.Updated))...)
	if err != nil {
		return fmt.Errorf("card of edition %s: %w", e.ID, err)
	}
	for _, author := range st.Authors {
		if _, err := tx.ExecContext(ctx, `INSERT INTO card_author (author_id, lang, published_at, edition_id) VALUES ($1, $2, $3, $4)`,
			author, e.Lang, db.Time{Time: *e.Published}, e.ID); err != nil {
			return fmt.Errorf("card of edition %s: %w", e.ID, err)
		}
	}
	for _, t := range st.Topics {
		if _, err := tx.ExecContext(ctx, `INSERT INTO card_topic (topic_id, lang, published_at, edition_id) VALUES ($1, $2, $3, $4)`,
			t, e.Lang, db.Time{Time: *e.Published}, e.ID); err != nil {
			return fmt.Errorf("card of edition %s: %w", e.ID, err)
		}
	}
	return nil
}

// Freshen notes that what the story's page shows in the language is new as of a moment, though its text isn't:
// an entry of a running story. Lists, feeds and sitemaps say so.
func (s *Service) Freshen(ctx context.Context, tx *db.Tx, st story.ID, l lang.Tag, at time.Time) error {
	if err := s.stories.Touch(ctx, tx, st); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE edition SET updated_at = $3 WHERE story_id = $1 AND lang = $2 AND state = 'published'`,
		`UPDATE card SET updated_at = $3 WHERE story_id = $1 AND lang = $2`,
	} {
		if _, err := tx.ExecContext(ctx, query, st, l, db.Time{Time: at}); err != nil {
			return fmt.Errorf("%s edition of story %s: %w", l, st, err)
		}
	}
	return nil
}

// DropCard takes the edition's card out of every list.
func (s *Service) DropCard(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM card WHERE edition_id = $1`, id)
	return err
}

// teaserLength is how long a teaser that nobody wrote may be, in characters: three lines of a list.
const teaserLength = 200

func firstPicture(doc document.Doc) *document.Picture {
	if doc.Picture != nil {
		return doc.Picture
	}
	for _, b := range doc.Blocks {
		if len(b.Pictures) > 0 {
			return &b.Pictures[0]
		}
	}
	return nil
}

// StoryChanged writes the cards of the story's editions that are out anew: they show its section and
// kind and stand in the lists of its topics and authors.
func (s *Service) StoryChanged(ctx context.Context, tx *db.Tx, st story.Story) error {
	editions, err := s.OfStory(ctx, tx, st.ID)
	if err != nil {
		return err
	}
	for _, e := range editions {
		if e.State != Published {
			continue
		}
		doc, err := s.RevisionDoc(ctx, tx, e.ID, e.PublishedRev)
		if err != nil {
			return err
		}
		if err := s.putCard(ctx, tx, st, e, doc); err != nil {
			return err
		}
	}
	return nil
}

// MoveTopic puts the topic into in the place of from in all stories, and in the lists that readers see.
// It is a [topic.Mover].
func (s *Service) MoveTopic(ctx context.Context, tx *db.Tx, from, into topic.ID) error {
	if err := s.stories.MoveTopic(ctx, tx, from, into); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO card_topic (topic_id, lang, published_at, edition_id)
		SELECT $1, lang, published_at, edition_id FROM card_topic WHERE topic_id = $2
		ON CONFLICT DO NOTHING`, into, from)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM card_topic WHERE topic_id = $1`, from)
	}
	if err != nil {
		return fmt.Errorf("cards about topic %s: %w", from, err)
	}
	return nil
}

// ShownIn returns the languages that the story is out in, or waits to go out in.
func (s *Service) ShownIn(ctx context.Context, q db.Conn, st story.ID) ([]lang.Tag, error) {
	rows, err := q.QueryContext(ctx, `SELECT lang FROM edition WHERE story_id = $1 AND state IN ('published', 'scheduled') ORDER BY lang`, st)
	return db.Collect(rows, err, func(r *sql.Rows) (l lang.Tag, err error) { return l, r.Scan(&l) })
}

// SourceUsed reports whether the newest or the published text of an edition refers to the source.
func (s *Service) SourceUsed(ctx context.Context, q db.Conn, st story.ID, source string) (bool, error) {
	editions, err := s.OfStory(ctx, q, st)
	if err != nil {
		return false, err
	}
	for _, e := range editions {
		if refersTo(e.Doc, source) {
			return true, nil
		}
		if !e.Changed() {
			continue
		}
		doc, err := s.RevisionDoc(ctx, q, e.ID, e.PublishedRev)
		if err != nil {
			return false, err
		}
		if refersTo(doc, source) {
			return true, nil
		}
	}
	return false, nil
}

func refersTo(doc document.Doc, source string) bool {
	for _, seg := range document.Segments(doc) {
		for _, span := range seg.Text {
			for _, m := range span.Marks {
				if m.Type == document.SourceRef && m.Source == source {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(doc.Blocks, func(b document.Block) bool { return b.Source == source })
}
