package topic

import (
	"context"
	"database/sql"
	"slices"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// store has the room's SQL.
type store struct{}

// topics returns those with the IDs, or all.
func (store) topics(ctx context.Context, q db.Conn, ids []ID) ([]Topic, error) {
	where, args := "", []any{}
	if ids != nil {
		where, args = db.In(1, ids)
		where = `WHERE t.id IN ` + where
	}
	rows, err := q.QueryContext(ctx, `
		SELECT t.id, t.kind, t.active, t.version, t.created_at, n.lang, n.name, n.slug
		FROM topic t LEFT JOIN topic_name n ON n.topic_id = t.id `+where+`
		ORDER BY t.id, n.lang`, args...)
	type row struct {
		Topic
		lang, name, slug sql.NullString
	}
	list, err := db.Collect(rows, err, func(r *sql.Rows) (x row, err error) {
		var created db.Time
		err = r.Scan(&x.ID, &x.Kind, &x.Active, &x.Version, &created, &x.lang, &x.name, &x.slug)
		x.Created = created.Time
		return x, err
	})
	if err != nil {
		return nil, err
	}
	var out []Topic
	for _, x := range list {
		if len(out) == 0 || out[len(out)-1].ID != x.ID {
			x.Names = map[lang.Tag]Name{}
			out = append(out, x.Topic)
		}
		if x.lang.Valid {
			out[len(out)-1].Names[lang.Tag(x.lang.String)] = Name{Name: x.name.String, Slug: x.slug.String}
		}
	}
	return out, nil
}

func (s store) topic(ctx context.Context, q db.Conn, id ID) (Topic, error) {
	list, err := s.topics(ctx, q, []ID{id})
	if err == nil && len(list) == 0 {
		err = db.One(sql.ErrNoRows)
	}
	if err != nil {
		return Topic{}, err
	}
	return list[0], nil
}

// searched bounds how many a search looks at: who finds more has typed too little.
const searched = 300

// search returns topics with the folded text in a name. Both sides are folded, so the engines'
// different LIKE are one here.
func (store) search(ctx context.Context, q db.Conn, folded string) ([]ID, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT topic_id, MIN(LENGTH(folded)) FROM topic_name WHERE folded LIKE $1
		GROUP BY topic_id ORDER BY 2, 1 LIMIT $2`, "%"+folded+"%", searched)
	return db.Collect(rows, err, func(r *sql.Rows) (id ID, err error) {
		var length int
		err = r.Scan(&id, &length)
		return id, err
	})
}

func (store) idBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (id ID, err error) {
	err = q.QueryRowContext(ctx, `SELECT topic_id FROM topic_name WHERE lang = $1 AND slug = $2`, string(l), slug).Scan(&id)
	return id, db.One(err)
}

func (store) insert(ctx context.Context, tx *db.Tx, t Topic) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO topic (id, kind, active, version, created_at) VALUES ($1, $2, $3, 1, $4)`,
		string(t.ID), string(t.Kind), t.Active, db.Time{Time: tx.Now()})
	return err
}

func (store) update(ctx context.Context, tx *db.Tx, t Topic) error {
	res, err := tx.ExecContext(ctx, `UPDATE topic SET kind = $1, active = $2, version = version + 1 WHERE id = $3 AND version = $4`,
		string(t.Kind), t.Active, string(t.ID), t.Version)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return problem.New(problem.Conflict, "problem.stale")
	}
	return err
}

func (store) delete(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM topic WHERE id = $1`, string(id))
	return err
}

func (store) putNames(ctx context.Context, tx *db.Tx, t Topic) error {
	// All at once away and in again, so that two names of one topic can trade their addresses.
	if _, err := tx.ExecContext(ctx, `DELETE FROM topic_name WHERE topic_id = $1`, string(t.ID)); err != nil {
		return err
	}
	tags := make([]lang.Tag, 0, len(t.Names))
	for l := range t.Names {
		tags = append(tags, l)
	}
	slices.Sort(tags)
	for _, l := range tags {
		n := t.Names[l]
		var taken int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM topic_name WHERE lang = $1 AND slug = $2`, string(l), n.Slug).Scan(&taken)
		if err != nil {
			return db.One(err)
		}
		if taken > 0 {
			return (&problem.Error{Kind: problem.Conflict, Key: entry.Taken}).
				With(problem.Field{Name: "slug." + string(l), Key: entry.Taken, Value: n.Slug})
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO topic_name (topic_id, lang, name, slug, folded) VALUES ($1, $2, $3, $4, $5)`,
			string(t.ID), string(l), n.Name, n.Slug, entry.Folded(n.Name))
		if err != nil {
			return err
		}
	}
	return nil
}
