package register

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// store has the room's SQL.
type store struct{}

// The uses of a row of register_form.
const (
	useInflected = "inflected"
	useOther     = "other"
	useForbidden = "forbidden"
)

const entryColumns = `id, kind, note, keep, state, amends, amends_version, version, created_by, created_at, changed_by, changed_at`

func scanEntry(rows *sql.Rows) (e Entry, err error) {
	var created, changed db.Time
	err = rows.Scan(&e.ID, &e.Kind, &e.Note, &e.Keep, &e.State, &e.Amends, &e.AmendsVersion, &e.Version,
		&e.CreatedBy, &created, &e.ChangedBy, &changed)
	e.Created, e.Changed, e.Words = created.Time, changed.Time, map[lang.Tag]Word{}
	return e, err
}

// find returns the IDs that the filter chooses, in the order of lists.
func (store) find(ctx context.Context, q db.Conn, f Filter) ([]ID, error) {
	where, args := []string{"1 = 1"}, []any{}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.Kind != "" {
		where = append(where, `e.kind = `+arg(string(f.Kind)))
	}
	if f.State != "" {
		where = append(where, `e.state = `+arg(string(f.State)))
	}
	if f.Lang != "" {
		where = append(where, `EXISTS (SELECT 1 FROM register_word w WHERE w.entry_id = e.id AND w.lang = `+arg(string(f.Lang))+`)`)
	}
	if f.Lacks != "" {
		where = append(where, `NOT EXISTS (SELECT 1 FROM register_word w WHERE w.entry_id = e.id AND w.lang = `+arg(string(f.Lacks))+`)`)
	}
	if f.Amends != "" {
		where = append(where, `e.amends = `+arg(string(f.Amends)))
	}
	if text := entry.Folded(f.Text); text != "" {
		like := arg("%" + text + "%")
		where = append(where, `(EXISTS (SELECT 1 FROM register_word w WHERE w.entry_id = e.id AND w.folded LIKE `+like+`)
			OR EXISTS (SELECT 1 FROM register_form x WHERE x.entry_id = e.id AND x.folded LIKE `+like+`))`)
	}
	if f.After != "" {
		after := arg(string(f.After))
		where = append(where, `(e.sort_key, e.id) > (SELECT a.sort_key, a.id FROM register_entry a WHERE a.id = `+after+`)`)
	}
	limit := ""
	if f.Limit > 0 {
		limit = ` LIMIT ` + arg(f.Limit)
	}
	rows, err := q.QueryContext(ctx, `SELECT e.id FROM register_entry e WHERE `+strings.Join(where, " AND ")+` ORDER BY e.sort_key, e.id`+limit, args...)
	return db.Collect(rows, err, func(r *sql.Rows) (id ID, err error) { return id, r.Scan(&id) })
}

// count counts the entries in the state.
func (store) count(ctx context.Context, q db.Conn, st State) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) FROM register_entry WHERE state = $1`, string(st)).Scan(&n)
	return n, db.One(err)
}

// entries returns those of the IDs that there are, in their order.
func (s store) entries(ctx context.Context, q db.Conn, ids []ID) ([]Entry, error) {
	var out []Entry
	for part := range slices.Chunk(ids, 400) {
		in, args := db.In(1, part)
		list, err := s.load(ctx, q, `id IN `+in, `entry_id IN `+in, args)
		if err != nil {
			return nil, err
		}
		byID := map[ID]Entry{}
		for _, e := range list {
			byID[e.ID] = e
		}
		for _, id := range part {
			if e, ok := byID[id]; ok {
				out = append(out, e)
			}
		}
	}
	return out, nil
}

// approved returns all entries that hold.
func (s store) approved(ctx context.Context, q db.Conn) ([]Entry, error) {
	return s.load(ctx, q, `state = $1`, `entry_id IN (SELECT id FROM register_entry WHERE state = $1)`, []any{string(Approved)})
}

// versions are those of all entries that hold.
func (store) versions(ctx context.Context, q db.Conn) (map[ID]int64, error) {
	out := map[ID]int64{}
	rows, err := q.QueryContext(ctx, `SELECT id, version FROM register_entry WHERE state = $1`, string(Approved))
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var v int64
		err := r.Scan(&id, &v)
		out[id] = v
		return struct{}{}, err
	})
	return out, err
}

func (store) load(ctx context.Context, q db.Conn, ofEntries, ofWords string, args []any) ([]Entry, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+entryColumns+` FROM register_entry WHERE `+ofEntries+` ORDER BY sort_key, id`, args...)
	list, err := db.Collect(rows, err, scanEntry)
	if err != nil {
		return nil, err
	}
	byID := make(map[ID]map[lang.Tag]Word, len(list))
	for _, e := range list {
		byID[e.ID] = e.Words
	}
	type wordRow struct {
		id ID
		l  lang.Tag
		Word
	}
	rows, err = q.QueryContext(ctx, `SELECT entry_id, lang, spelling, gender, remark FROM register_word WHERE `+ofWords, args...)
	words, err := db.Collect(rows, err, func(r *sql.Rows) (w wordRow, err error) {
		return w, r.Scan(&w.id, &w.l, &w.Text, &w.Gender, &w.Remark)
	})
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		if in := byID[w.id]; in != nil {
			in[w.l] = w.Word
		}
	}
	type formRow struct {
		id             ID
		l              lang.Tag
		as, text, note string
	}
	rows, err = q.QueryContext(ctx, `SELECT entry_id, lang, use_as, form, reason FROM register_form WHERE `+ofWords+` ORDER BY entry_id, lang, use_as, position`, args...)
	forms, err := db.Collect(rows, err, func(r *sql.Rows) (f formRow, err error) {
		return f, r.Scan(&f.id, &f.l, &f.as, &f.text, &f.note)
	})
	if err != nil {
		return nil, err
	}
	for _, f := range forms {
		in := byID[f.id]
		if in == nil {
			continue
		}
		w := in[f.l]
		switch f.as {
		case useInflected:
			w.Forms = append(w.Forms, f.text)
		case useOther:
			w.Others = append(w.Others, f.text)
		case useForbidden:
			w.Forbidden = append(w.Forbidden, Forbidden{f.text, f.note})
		}
		in[f.l] = w
	}
	return list, nil
}

func (s store) entry(ctx context.Context, q db.Conn, id ID) (Entry, error) {
	list, err := s.entries(ctx, q, []ID{id})
	if err == nil && len(list) == 0 {
		err = db.One(sql.ErrNoRows)
	}
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

// named returns the entries of the kind with the spelling in the language.
func (store) named(ctx context.Context, q db.Conn, k Kind, l lang.Tag, text string) ([]ID, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT w.entry_id FROM register_word w JOIN register_entry e ON e.id = w.entry_id
		WHERE w.lang = $1 AND w.folded = $2 AND w.spelling = $3 AND e.kind = $4 AND e.amends = '' ORDER BY w.entry_id`,
		string(l), entry.Folded(text), text, string(k))
	return db.Collect(rows, err, func(r *sql.Rows) (id ID, err error) { return id, r.Scan(&id) })
}

func (s store) insert(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO register_entry (`+entryColumns+`, sort_key) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $8, $9, $10)`,
		string(e.ID), string(e.Kind), e.Note, e.Keep, string(e.State), string(e.Amends), e.AmendsVersion, e.ChangedBy, db.Time{Time: tx.Now()}, sortKey(e))
	if err != nil {
		return err
	}
	return s.putWords(ctx, tx, e)
}

func (s store) update(ctx context.Context, tx *db.Tx, e Entry) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE register_entry SET kind = $1, note = $2, keep = $3, state = $4, sort_key = $5, changed_by = $6, changed_at = $7, version = version + 1
		WHERE id = $8 AND version = $9`,
		string(e.Kind), e.Note, e.Keep, string(e.State), sortKey(e), e.ChangedBy, db.Time{Time: tx.Now()}, string(e.ID), e.Version)
	if err := changedOne(res, err); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM register_word WHERE entry_id = $1`, string(e.ID)); err != nil {
		return err
	}
	return s.putWords(ctx, tx, e)
}

func changedOne(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return problem.New(problem.Conflict, "problem.stale")
	}
	return err
}

// delete takes the entry out, and the proposals to change it.
func (store) delete(ctx context.Context, tx *db.Tx, id ID, version int64) error {
	res, err := tx.ExecContext(ctx, `DELETE FROM register_entry WHERE id = $1 AND version = $2`, string(id), version)
	if err := changedOne(res, err); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM register_entry WHERE amends = $1`, string(id))
	return err
}

func (store) putWords(ctx context.Context, tx *db.Tx, e Entry) error {
	for _, l := range e.Langs() {
		w := e.Words[l]
		_, err := tx.ExecContext(ctx, `INSERT INTO register_word (entry_id, lang, spelling, folded, gender, remark) VALUES ($1, $2, $3, $4, $5, $6)`,
			string(e.ID), string(l), w.Text, entry.Folded(w.Text), string(w.Gender), w.Remark)
		if err != nil {
			return err
		}
		put := func(as string, at int, text, reason string) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO register_form (entry_id, lang, use_as, position, form, folded, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				string(e.ID), string(l), as, at, text, entry.Folded(text), reason)
			return err
		}
		for i, f := range w.Forms {
			if err := put(useInflected, i, f, ""); err != nil {
				return err
			}
		}
		for i, f := range w.Others {
			if err := put(useOther, i, f, ""); err != nil {
				return err
			}
		}
		for i, f := range w.Forbidden {
			if err := put(useForbidden, i, f.Text, f.Reason); err != nil {
				return err
			}
		}
	}
	return nil
}

// sortKey orders entries by what they are called in the first of their languages, in plain Latin
// letters, so that all scripts stand in one alphabet.
func sortKey(e Entry) string {
	for _, l := range e.Langs() {
		return entry.Folded(lang.Transliterate(l, e.Words[l].Text))
	}
	return ""
}

// generation is what the register was counted up to by its last change, 0 before the first.
func (store) generation(ctx context.Context, q db.Conn) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE(MAX(generation), 0) FROM register_state`).Scan(&n)
	return n, db.One(err)
}

func (store) countUp(ctx context.Context, tx *db.Tx) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO register_state (one, generation) VALUES (1, 1)
		ON CONFLICT (one) DO UPDATE SET generation = register_state.generation + 1`)
	return err
}
