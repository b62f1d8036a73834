package edition

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// What the reader's lists, feeds and sitemaps ask beyond a page of cards. Each is one statement
// that an index answers, however many stories there are.

// FilledSections returns the sections that have a story out in the language.
func (s *Service) FilledSections(ctx context.Context, q db.Conn, l lang.Tag) (map[publication.SectionID]bool, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT section.id FROM section
		WHERE EXISTS (SELECT 1 FROM card WHERE card.section_id = section.id AND card.lang = $1)`, string(l))
	ids, err := db.Collect(rows, err, scanOne[publication.SectionID])
	db.NoteFact(q, FactSections+string(l), func() string { return joined(ids) })
	return set(ids), err
}

// FilledLangs returns the languages in which the section, topic or author of the list has a story
// out; without one of them, those that have any story.
func (s *Service) FilledLangs(ctx context.Context, q db.Conn, list List) (map[lang.Tag]bool, error) {
	from, id := "card AS c WHERE $1 = ''", ""
	switch {
	case list.Section != "":
		from, id = "card AS c WHERE c.section_id = $1", string(list.Section)
	case list.Topic != "":
		from, id = "card_topic AS c WHERE c.topic_id = $1", string(list.Topic)
	case list.Author != "":
		from, id = "card_author AS c WHERE c.author_id = $1", string(list.Author)
	}
	rows, err := q.QueryContext(ctx, `
		SELECT l.lang FROM publication_language AS l
		WHERE EXISTS (SELECT 1 FROM `+from+` AND c.lang = l.lang)`, id)
	langs, err := db.Collect(rows, err, scanOne[lang.Tag])
	db.NoteFact(q, FactLangs+list.what(), func() string { return joined(langs) })
	return set(langs), err
}

// FirstSince returns when the first story from at on was published in the language, and whether
// there is one.
func (s *Service) FirstSince(ctx context.Context, q db.Conn, l lang.Tag, at time.Time) (time.Time, bool, error) {
	var first db.Time
	var st story.ID
	err := q.QueryRowContext(ctx, `
		SELECT published_at, story_id FROM card WHERE lang = $1 AND published_at >= $2 ORDER BY published_at, edition_id LIMIT 1`,
		string(l), db.Time{Time: at}).Scan(&first, &st)
	if errors.Is(err, sql.ErrNoRows) {
		db.Note(q, "cards", List{Lang: l}.scope())
		return time.Time{}, false, nil
	}
	db.Note(q, "past", List{Lang: l}.scope())
	db.Note(q, "story", st)
	return first.Time, err == nil, db.One(err)
}

// Inside is what a feed shows of an edition beyond its card.
type Inside struct {
	Doc     document.Doc // of the published revision
	Authors []people.AuthorID
	Topics  []topic.ID
}

// InsideOf returns what is inside of the editions that are out, in three statements.
func (s *Service) InsideOf(ctx context.Context, q db.Conn, ids []ID) (map[ID]Inside, error) {
	out := map[ID]Inside{}
	db.Note(q, "edition", ids...)
	if len(ids) == 0 {
		return out, nil
	}
	in, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT e.id, r.body FROM edition AS e
		JOIN revision AS r ON r.edition_id = e.id AND r.number = e.published_rev
		WHERE e.state = 'published' AND e.id IN `+in, args...)
	if _, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var body []byte
		if err := r.Scan(&id, &body); err != nil {
			return struct{}{}, err
		}
		doc, err := decode(body)
		out[id] = Inside{Doc: doc}
		return struct{}{}, err
	}); err != nil {
		return nil, err
	}
	err = s.eachOf(ctx, q, `
		SELECT e.id, a.author_id FROM edition AS e JOIN story_author AS a ON a.story_id = e.story_id
		WHERE e.id IN `+in+` ORDER BY e.id, a.position`, args, func(id ID, of string) {
		if x, ok := out[id]; ok {
			x.Authors = append(x.Authors, people.AuthorID(of))
			out[id] = x
		}
	})
	if err != nil {
		return nil, err
	}
	return out, s.eachOf(ctx, q, `
		SELECT e.id, t.topic_id FROM edition AS e JOIN story_topic AS t ON t.story_id = e.story_id
		WHERE e.id IN `+in+` ORDER BY e.id, t.position`, args, func(id ID, of string) {
		if x, ok := out[id]; ok {
			x.Topics = append(x.Topics, topic.ID(of))
			out[id] = x
		}
	})
}

func (s *Service) eachOf(ctx context.Context, q db.Conn, query string, args []any, fn func(ID, string)) error {
	rows, err := q.QueryContext(ctx, query, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var of string
		err := r.Scan(&id, &of)
		fn(id, of)
		return struct{}{}, err
	})
	return err
}

// VersionsOf returns what readers are told of where the texts of the editions come from, of those that are out.
func (s *Service) VersionsOf(ctx context.Context, q db.Conn, ids []ID) (map[ID]lang.Version, error) {
	out := map[ID]lang.Version{}
	if len(ids) == 0 {
		return out, nil
	}
	in, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT e.id, e.made, EXISTS (SELECT 1 FROM revision_check AS k WHERE k.edition_id = e.id AND k.revision = e.published_rev)
		FROM edition AS e WHERE e.state = 'published' AND e.id IN `+in, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var l Live
		var checked bool
		err := r.Scan(&l.Edition.ID, &l.Edition.Made, &checked)
		if checked {
			l.Check.Revision = 1
		}
		out[l.Edition.ID] = l.Version()
		return struct{}{}, err
	})
	return out, err
}

// Place is where an edition is: what a sitemap lists.
type Place struct {
	Number    int64
	Lang      lang.Tag
	Original  lang.Tag
	Slug      string
	Raw       bool // machine text that nobody checked
	Published time.Time
	Updated   *time.Time
}

// Places returns the editions that are out of the stories numbered from (included) to (excluded),
// by number and language. Its notes cost what the range is long.
func (s *Service) Places(ctx context.Context, q db.Conn, from, to int64) ([]Place, error) {
	for n := from / NumbersPerNote; n <= (to-1)/NumbersPerNote; n++ {
		db.Note(q, "numbers", strconv.FormatInt(n, 10))
	}
	rows, err := q.QueryContext(ctx, `
		SELECT s.number, c.lang, s.original_lang, c.slug, c.published_at, c.updated_at,
			e.made = 'machine' AND NOT EXISTS (
				SELECT 1 FROM revision_check AS k WHERE k.edition_id = e.id AND k.revision = e.published_rev)
		FROM story AS s JOIN card AS c ON c.story_id = s.id JOIN edition AS e ON e.id = c.edition_id
		WHERE s.number >= $1 AND s.number < $2
		ORDER BY s.number, c.lang`, from, to)
	return db.Collect(rows, err, func(r *sql.Rows) (Place, error) {
		var p Place
		var published db.Time
		var updated db.NullTime
		err := r.Scan(&p.Number, &p.Lang, &p.Original, &p.Slug, &published, &updated, &p.Raw)
		p.Published, p.Updated = published.Time, updated.Ptr()
		return p, err
	})
}

// LastNumber returns the highest number a story has, 0 if there is none.
func (s *Service) LastNumber(ctx context.Context, q db.Conn) (int64, error) {
	var n sql.NullInt64
	db.Note(q, "numbers", "last")
	err := q.QueryRowContext(ctx, `SELECT max(number) FROM story`).Scan(&n)
	return n.Int64, db.One(err)
}

func scanOne[T ~string](r *sql.Rows) (T, error) {
	var v string
	err := r.Scan(&v)
	return T(v), err
}

func set[T comparable](list []T) map[T]bool {
	out := make(map[T]bool, len(list))
	for _, v := range list {
		out[v] = true
	}
	return out
}
