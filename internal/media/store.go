package media

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// store has the room's SQL.
type store struct{}

func stale() error { return problem.New(problem.Conflict, "problem.stale") }

// guarded turns "no row was changed" into the answer to a stale save.
func guarded(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return stale()
	}
	return err
}

const columns = `id, format, width, height, bytes, sha256, file_name, kind, credit, focus_x, focus_y, crop, widths, formats,
	state, uploaded_by, version, created_at`

func scan(r *sql.Rows) (p Picture, err error) {
	var sha string
	var widths db.JSON[[]int]
	var formats db.JSON[[]string]
	var created db.Time
	err = r.Scan(&p.ID, &p.Format, &p.Width, &p.Height, &p.Bytes, &sha, &p.FileName, &p.Kind, &p.Credit, &p.FocusX, &p.FocusY,
		&p.Crop, &widths, &formats, &p.State, &p.UploadedBy, &p.Version, &created)
	p.Widths, p.Formats, p.Created = widths.V, formats.V, created.Time
	p.Generation = generation(sha, p.Crop)
	return p, err
}

func (s store) byIDs(ctx context.Context, q db.Conn, ids []ID) ([]Picture, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	marks, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM picture WHERE deleted_at IS NULL AND id IN `+marks+` ORDER BY id DESC`, args...)
	list, err := db.Collect(rows, err, scan)
	if err != nil {
		return nil, err
	}
	return list, s.addTexts(ctx, q, list)
}

func (s store) list(ctx context.Context, q db.Conn, f Filter) ([]Picture, error) {
	where := []string{"deleted_at IS NULL"}
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	if f.Before != "" {
		add("id < ?", string(f.Before))
	}
	// The words are folded on both sides, so the engines' different LIKE are one here.
	fields := strings.Fields(entry.Folded(f.Text))
	if strings.TrimSpace(f.Text) != "" && len(fields) == 0 {
		return nil, nil // nothing but signs: nothing is found by them
	}
	for _, word := range fields[:min(len(fields), 10)] {
		add("words LIKE ?", "%"+word+"%")
	}
	if f.NoCredit {
		where = append(where, "credit = ''")
	}
	if f.NoAlt {
		where = append(where, "NOT EXISTS (SELECT 1 FROM picture_text t WHERE t.picture_id = picture.id AND t.alt <> '')")
	}
	args = append(args, f.Limit)
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM picture WHERE `+strings.Join(where, " AND ")+
		` ORDER BY id DESC LIMIT $`+strconv.Itoa(len(args)), args...)
	list, err := db.Collect(rows, err, scan)
	if err != nil {
		return nil, err
	}
	return list, s.addTexts(ctx, q, list)
}

func (store) addTexts(ctx context.Context, q db.Conn, list []Picture) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]ID, len(list))
	at := map[ID]int{}
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, i
		list[i].Texts = map[lang.Tag]Text{}
	}
	marks, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `SELECT picture_id, lang, caption, alt, credit FROM picture_text WHERE picture_id IN `+marks, args...)
	type row struct {
		id   ID
		lang lang.Tag
		text Text
	}
	texts, err := db.Collect(rows, err, func(r *sql.Rows) (x row, err error) {
		err = r.Scan(&x.id, &x.lang, &x.text.Caption, &x.text.Alt, &x.text.Credit)
		return x, err
	})
	for _, x := range texts {
		list[at[x.id]].Texts[x.lang] = x.text
	}
	return err
}

func (store) bySHA(ctx context.Context, q db.Conn, sha string) (id ID, err error) {
	err = q.QueryRowContext(ctx, `SELECT id FROM picture WHERE sha256 = $1 AND deleted_at IS NULL`, sha).Scan(&id)
	return id, db.One(err)
}

func (store) sha(ctx context.Context, q db.Conn, id ID) (sha string, err error) {
	err = q.QueryRowContext(ctx, `SELECT sha256 FROM picture WHERE id = $1`, string(id)).Scan(&sha)
	return sha, db.One(err)
}

func (s store) insert(ctx context.Context, tx *db.Tx, p Picture, sha string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO picture (id, format, width, height, bytes, sha256, file_name, kind, credit, focus_x, focus_y, crop, widths,
			formats, state, uploaded_by, version, created_at, words)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18)`,
		string(p.ID), p.Format, p.Width, p.Height, p.Bytes, sha, p.FileName, string(p.Kind), p.Credit, p.FocusX, p.FocusY, p.Crop,
		db.AsJSON(p.Widths), db.AsJSON(p.Formats), string(p.State), p.UploadedBy, db.Time{Time: tx.Now()}, p.words())
	if err != nil {
		return err
	}
	return s.putTexts(ctx, tx, p)
}

func (store) putTexts(ctx context.Context, tx *db.Tx, p Picture) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM picture_text WHERE picture_id = $1`, string(p.ID)); err != nil {
		return err
	}
	for l, x := range p.Texts {
		_, err := tx.ExecContext(ctx, `INSERT INTO picture_text (picture_id, lang, caption, alt, credit) VALUES ($1, $2, $3, $4, $5)`,
			string(p.ID), string(l), x.Caption, x.Alt, x.Credit)
		if err != nil {
			return err
		}
	}
	return nil
}

// update stores what people say of a picture, and with rendered what was rendered of a new crop. What
// a job has rendered meanwhile of the same crop stays.
func (s store) update(ctx context.Context, tx *db.Tx, p Picture, rendered bool) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE picture SET kind = $1, credit = $2, focus_x = $3, focus_y = $4, words = $5, version = version + 1
		WHERE id = $6 AND version = $7 AND deleted_at IS NULL`,
		string(p.Kind), p.Credit, p.FocusX, p.FocusY, p.words(), string(p.ID), p.Version)
	if err := guarded(res, err); err != nil {
		return err
	}
	if rendered {
		_, err := tx.ExecContext(ctx, `UPDATE picture SET crop = $1, widths = $2, formats = $3, state = $4 WHERE id = $5`,
			p.Crop, db.AsJSON(p.Widths), db.AsJSON(p.Formats), string(p.State), string(p.ID))
		if err != nil {
			return err
		}
	}
	return s.putTexts(ctx, tx, p)
}

// rendered stores formats and state of a picture that is there and has the crop and state of p; it reports
// whether it was so. Who did the same work later takes nothing back. The version stays: nobody who has the form
// open has lost anything.
func (store) rendered(ctx context.Context, tx *db.Tx, p Picture, formats []string, state State) (bool, error) {
	res, err := tx.ExecContext(ctx, `
		UPDATE picture SET formats = $1, state = $2 WHERE id = $3 AND crop = $4 AND state = $5 AND deleted_at IS NULL`,
		db.AsJSON(formats), string(state), string(p.ID), p.Crop, string(p.State))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func (store) delete(ctx context.Context, tx *db.Tx, id ID, version int64) error {
	res, err := tx.ExecContext(ctx, `UPDATE picture SET deleted_at = $1, version = version + 1 WHERE id = $2 AND version = $3 AND deleted_at IS NULL`,
		db.Time{Time: tx.Now()}, string(id), version)
	return guarded(res, err)
}
