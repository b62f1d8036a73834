package memory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

const columns = `u.id, u.from_lang, u.to_lang, u.source, u.target, u.exact, u.edition_id, u.address, u.story_id, u.imported, u.by_id, u.by_name, u.at`

func scan(r *sql.Rows) (Entry, error) {
	var e Entry
	var source, target db.JSON[document.Inline]
	var ed sql.NullString
	var at db.Time
	err := r.Scan(&e.ID, &e.From, &e.To, &source, &target, &e.exact, &ed, &e.Address, &e.Story, &e.Imported, &e.ByID, &e.ByName, &at)
	e.Source, e.Target, e.Edition, e.At = source.V, target.V, edition.ID(ed.String), at.Time
	return e, err
}

// holesPerStatement bounds placeholders: SQLite looks for each among all others.
const holesPerStatement = 128

// chunks are the sizes that lists in statements have: few, so that the database knows the statement.
var chunks = []int{holesPerStatement, 64, 32, 8, 2, 1}

// inChunks calls fn with parts of a list whose lengths are among the chunks. The last part is filled up
// with its last entry.
func inChunks[T any](list []T, most int, fn func([]T) error) error {
	for len(list) > 0 {
		part := list[:min(len(list), most)]
		list = list[len(part):]
		size := chunks[0]
		for _, c := range chunks {
			if c >= len(part) {
				size = c
			}
		}
		if len(part) < size {
			part = slices.Grow(slices.Clone(part), size-len(part))
			for len(part) < size {
				part = append(part, part[len(part)-1])
			}
		}
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}

// holes are "$3, $4": n placeholders from the first on.
func holes(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	return b.String()
}

// tuples are "($3, $4), ($5, $6)": rows of width placeholders.
func tuples(first, rows, width int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		b.WriteString(holes(first+i*width, width))
		b.WriteByte(')')
	}
	return b.String()
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// lookUp returns for each key what it leads to, the newest first and no more than limit.
func lookUp[K int32 | int64](ctx context.Context, q db.Conn, in, column, ref string, keys []K, limit int) (map[K][]ID, error) {
	out := make(map[K][]ID, len(keys))
	err := inChunks(keys, holesPerStatement, func(part []K) error {
		// One row a key, since reading rows is what costs. A bound a key keeps a common phrase from
		// making the look-up slow.
		rows, err := q.QueryContext(ctx, `
			WITH k (key) AS (VALUES (CAST($1 AS BIGINT))`+more(len(part))+`)
			SELECT k.key, (SELECT string_agg(CAST(x.ref AS TEXT), ' ')
				FROM (SELECT m.`+ref+` AS ref FROM `+in+` AS m WHERE m.`+column+` = k.key ORDER BY m.`+ref+` DESC LIMIT `+strconv.Itoa(limit)+`) AS x)
			FROM k`, anys(part)...)
		_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
			var k K
			var refs sql.NullString
			if err := r.Scan(&k, &refs); err != nil || !refs.Valid {
				return struct{}{}, err
			}
			var ids []ID
			for s := range strings.FieldsSeq(refs.String) {
				n, err := strconv.ParseInt(s, 10, 64)
				if err != nil {
					return struct{}{}, err
				}
				ids = append(ids, ID(n))
			}
			out[k] = ids
			return struct{}{}, nil
		})
		return err
	})
	return out, err
}

// more are the rows of a list of values behind the first one.
func more(n int) string {
	if n == 1 {
		return ""
	}
	return ", " + tuples(2, n-1, 1)
}

// byIDs returns the units that are there.
func byIDs(ctx context.Context, q db.Conn, ids []ID) (map[ID]Entry, error) {
	out := make(map[ID]Entry, len(ids))
	err := inChunks(ids, holesPerStatement, func(part []ID) error {
		rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM memory_unit AS u WHERE u.id IN (`+holes(1, len(part))+`)`, anys(part)...)
		list, err := db.Collect(rows, err, scan)
		for _, e := range list {
			out[e.ID] = e
		}
		return err
	})
	return out, err
}

// sources calls fn with the sources of the units that are there and of the query's languages: two texts may
// share a hash.
func (query Query) sources(ctx context.Context, q db.Conn, ids []ID, fn func(id ID, exact int64, source document.Inline)) error {
	return inChunks(ids, holesPerStatement, func(part []ID) error {
		args := append([]any{query.From, query.To}, anys(part)...)
		rows, err := q.QueryContext(ctx, `
			SELECT u.id, u.exact, u.source FROM memory_unit AS u
			WHERE u.from_lang = $1 AND u.to_lang = $2 AND u.id IN (`+holes(3, len(part))+`)`, args...)
		var id ID
		var exact int64
		var source db.JSON[document.Inline]
		_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
			err := r.Scan(&id, &exact, &source)
			if err == nil {
				fn(id, exact, source.V)
			}
			return struct{}{}, err
		})
		return err
	})
}

// ByID returns a pair, or problem.NotFound.
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Entry, error) {
	found, err := byIDs(ctx, q, []ID{id})
	if err != nil {
		return Entry{}, fmt.Errorf("memory entry %d: %w", id, err)
	}
	e, ok := found[id]
	if !ok {
		return Entry{}, problem.Wrap(problem.NotFound, "", fmt.Errorf("memory entry %d: %w", id, errGone))
	}
	return e, nil
}

var errGone = errors.New("not remembered")

// Pair is two languages and what is remembered of them.
type Pair struct {
	From, To            lang.Tag
	Confirmed, Imported int64
}

// Stats counts what is remembered, by pair. It reads all of it.
func (s *Service) Stats(ctx context.Context, q db.Conn) ([]Pair, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT from_lang, to_lang, COUNT(edition_id), COUNT(*) - COUNT(edition_id)
		FROM memory_unit GROUP BY from_lang, to_lang ORDER BY from_lang, to_lang`)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (p Pair, err error) {
		err = r.Scan(&p.From, &p.To, &p.Confirmed, &p.Imported)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("count of the memory: %w", err)
	}
	return list, nil
}
