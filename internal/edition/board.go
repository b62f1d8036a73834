package edition

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// BoardFilter chooses rows of the board. Empty fields choose all.
type BoardFilter struct {
	Mine       string // staff ID: stories begun, signed or written in by that person
	NeedsCheck bool   // an edition (in Lang, if given) is in review, or out with unpublished changes
	Text       string // all of its words occur in a headline, or it is the story's number
	Section    publication.SectionID
	Lang       lang.Tag   // has an edition in it
	State      State      // has an edition in that state (in Lang, if given)
	Stories    []story.ID // only these; empty: all
	Before     Cursor
	Limit      int // 0 means 50

	found []story.ID // only these, entries of running stories left out; empty: all
}

// BoardRow is a story on the board.
type BoardRow struct {
	Story        story.ID
	Number       int64
	Kind         story.Kind
	Section      publication.SectionID
	OriginalLang lang.Tag
	Headline     string   // the original's, else that of the first begun that has one
	HeadlineLang lang.Tag // what it is written in
	Embargo      *time.Time
	CreatedBy    string
	Updated      time.Time
	Cells        map[lang.Tag]Cell
}

// Cell is an edition on the board.
type Cell struct {
	Edition      ID
	State        State
	Headline     string
	Version      int64
	Revision     int64
	PublishedRev int64
	Made         Made
	Translator   string
	Saved        time.Time
	Scheduled    *time.Time
	Published    *time.Time
	Updated      *time.Time
	Withdrawn    *time.Time
}

// Changed is [Edition.Changed].
func (c Cell) Changed() bool { return c.PublishedRev != 0 && c.PublishedRev != c.Revision }

// Board lists stories, the last touched first, and the cursor of the next page.
func (s *Service) Board(ctx context.Context, q db.Conn, f BoardFilter) ([]BoardRow, Cursor, error) {
	size := pageSize(f.Limit, 50)
	var rows []BoardRow
	looked := 0
	for cursor := f.Before; ; {
		// Headlines are looked through here and not in the database: it can't fold people's text.
		chunk := size + 1 - len(rows)
		if f.Text != "" {
			chunk = maxPage
		}
		batch, err := boardRows(ctx, q, f, cursor, chunk)
		if err != nil {
			return nil, "", fmt.Errorf("board: %w", err)
		}
		if err := fillCells(ctx, q, batch); err != nil {
			return nil, "", fmt.Errorf("board: %w", err)
		}
		for _, r := range batch {
			if r.matches(f.Text) {
				rows = append(rows, r)
			}
		}
		if len(rows) > size {
			end := rows[size-1]
			return rows[:size], CursorAt(end.Updated, string(end.Story)), nil
		}
		if len(batch) < chunk {
			return rows, "", nil
		}
		if looked++; f.Text != "" && looked == textBatches {
			if f.found, err = headlined(ctx, q, f.Text); err != nil {
				return nil, "", fmt.Errorf("board: %w", err)
			}
		}
		end := batch[len(batch)-1]
		cursor = CursorAt(end.Updated, string(end.Story))
	}
}

func boardRows(ctx context.Context, q db.Conn, f BoardFilter, before Cursor, limit int) ([]BoardRow, error) {
	at, last, err := before.Place()
	if err != nil {
		return nil, err
	}
	page := []any{db.Time{Time: at}, last, limit}
	var edge []any
	if f.scattered() {
		if edge, err = touched(ctx, q, page[:2]...); err != nil {
			return nil, err
		}
	}
	if edge != nil {
		// What there is much of fills a page from what was touched last; what there is little of is looked for by itself.
		query, args := f.query(false, edge, page...)
		if rows, err := collectRows(q.QueryContext(ctx, query, args...)); err != nil || len(rows) == limit {
			return rows, err
		}
	}
	query, args := f.query(edge != nil, nil, page...)
	return collectRows(q.QueryContext(ctx, query, args...))
}

const touchedQuery = `
	SELECT updated_at, id FROM story WHERE (updated_at, id) < ($1, $2) ORDER BY updated_at DESC, id DESC LIMIT 1 OFFSET 2000`

// touched is the place after the 2,000 stories that follow another, nil if no more than they do.
func touched(ctx context.Context, q db.Conn, before ...any) ([]any, error) {
	var at db.Time
	var id string
	err := q.QueryRowContext(ctx, touchedQuery, before...).Scan(&at, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return []any{at, id}, err
}

func collectRows(rows *sql.Rows, err error) ([]BoardRow, error) {
	return db.Collect(rows, err, func(r *sql.Rows) (BoardRow, error) {
		row := BoardRow{Cells: map[lang.Tag]Cell{}}
		var embargo db.NullTime
		var updated db.Time
		err := r.Scan(&row.Story, &row.Number, &row.Kind, &row.Section, &row.OriginalLang, &embargo, &row.CreatedBy, &updated)
		row.Embargo, row.Updated = embargo.Ptr(), updated.Time
		return row, err
	})
}

// scattered reports whether the rows may be many among what was touched last, or few in all the paper.
func (f BoardFilter) scattered() bool {
	if len(f.Stories) > 0 || len(f.found) > 0 || f.NeedsCheck {
		return false
	}
	return f.State == "" && f.Lang != "" || (f.State == "" || f.State == Published) && f.Mine != ""
}

// query returns the statement of a page, which ends at edge if there is one. With few it begins at what there is of
// that which is looked for, and not at what was touched last.
func (f BoardFilter) query(few bool, edge []any, args ...any) (string, []any) {
	from, parts := `story s`, []string{`(s.updated_at, s.id) < ($1, $2)`}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if len(f.Stories) == 0 {
		parts = append(parts, `s.live_of IS NULL`) // entries stand in their running story's list
	}
	for _, only := range [][]story.ID{f.Stories, f.found} {
		if len(only) > 0 {
			list, ids := db.In(len(args)+1, only)
			args, parts = append(args, ids...), append(parts, `s.id IN `+list)
		}
	}
	if f.Section != "" {
		parts = append(parts, `s.section_id = `+arg(f.Section))
	}
	if edge != nil {
		parts = append(parts, `(s.updated_at, s.id) > (`+arg(edge[0])+`, `+arg(edge[1])+`)`)
	}
	begin, must := f.chosenBy(few, arg)
	if begin != "" {
		// SQLite takes a CROSS JOIN as the order to go in, and would otherwise go through all stories.
		from = `(` + begin + `) few CROSS JOIN story s`
		parts = append(parts, `s.id = few.story_id`)
	}
	parts = append(parts, must...)
	return `
		SELECT s.id, s.number, s.kind, COALESCE(s.section_id, ''), s.original_lang, s.embargo_until, s.created_by, s.updated_at
		FROM ` + from + `
		WHERE ` + strings.Join(parts, ` AND `) + `
		ORDER BY s.updated_at DESC, s.id DESC LIMIT $3`, args
}

// chosenBy says which persons and editions stories are chosen by: by a statement that finds them, if they are few,
// and by what each must be besides.
func (f BoardFilter) chosenBy(few bool, arg func(any) string) (begin string, must []string) {
	kinds, has := f.editions(arg)
	me := ""
	if f.Mine != "" {
		me = arg(f.Mine)
	}
	switch {
	case kinds != "":
		begin, has = kinds, ""
	case few && me != "":
		begin, me = `SELECT id AS story_id FROM story WHERE created_by = `+me+`
			UNION SELECT sa.story_id FROM author a CROSS JOIN story_author sa WHERE a.staff_id = `+me+` AND sa.author_id = a.id
			UNION SELECT e.story_id FROM revision r CROSS JOIN edition e WHERE r.by_id = `+me+` AND e.id = r.edition_id`, ""
	case few: // a story has one in a language
		begin, has = `SELECT e.story_id FROM edition e WHERE `+has, ""
	}
	if me != "" {
		must = append(must, `(s.created_by = `+me+`
			OR EXISTS (SELECT 1 FROM story_author sa CROSS JOIN author a WHERE sa.story_id = s.id AND a.id = sa.author_id AND a.staff_id = `+me+`)
			OR EXISTS (SELECT 1 FROM edition e CROSS JOIN revision r WHERE e.story_id = s.id AND r.edition_id = e.id AND r.by_id = `+me+`))`)
	}
	if has != "" {
		must = append(must, `EXISTS (SELECT 1 FROM edition e WHERE e.story_id = s.id AND `+has+`)`)
	}
	return begin, must
}

// editions says which editions a story is chosen by: where kinds of them are few among all, by a statement that finds
// their stories, and by what one of the story's must be.
func (f BoardFilter) editions(arg func(any) string) (kinds, has string) {
	var all []string
	if f.Lang != "" {
		all = append(all, `e.lang = `+arg(f.Lang))
	}
	if f.State != "" {
		all = append(all, `e.state = `+arg(f.State))
	}
	var few []string // as the indexes have them
	switch {
	case f.NeedsCheck:
		few = []string{`e.state = 'review'`, `e.state = 'published' AND e.published_rev <> e.revision`}
	case f.State != "" && f.State != Published:
		few = []string{`e.state <> 'published'`}
	}
	for i, kind := range few {
		few[i] = `SELECT DISTINCT e.story_id FROM edition e WHERE ` + strings.Join(append([]string{kind}, all...), ` AND `)
	}
	return strings.Join(few, ` UNION `), strings.Join(all, ` AND `)
}

func fillCells(ctx context.Context, q db.Conn, batch []BoardRow) error {
	at := make(map[story.ID]*BoardRow, len(batch))
	ids := make([]story.ID, len(batch))
	for i := range batch {
		ids[i] = batch[i].Story
		at[ids[i]] = &batch[i]
	}
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `SELECT `+noText+` FROM edition WHERE story_id IN `+list+` ORDER BY id`, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		e, err := scan(r)
		if err != nil {
			return struct{}{}, err
		}
		row := at[e.Story]
		row.Cells[e.Lang] = Cell{
			Edition: e.ID, State: e.State, Headline: e.Headline, Version: e.Version, Revision: e.Revision,
			PublishedRev: e.PublishedRev, Made: e.Made, Translator: e.Translator, Saved: e.Saved, Scheduled: e.Scheduled,
			Published: e.Published, Updated: e.Updated, Withdrawn: e.Withdrawn,
		}
		if e.Headline != "" && (row.Headline == "" || e.Lang == row.OriginalLang) {
			row.Headline, row.HeadlineLang = e.Headline, e.Lang
		}
		return struct{}{}, nil
	})
	return err
}
