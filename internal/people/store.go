package people

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"depesche/internal/actor"
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

// ---- staff

const staffColumns = `s.id, s.name, s.email, s.role, s.langs, s.sections, s.ui_lang, s.password, s.active, s.version, s.created_at, s.updated_at`

func scanStaff(r interface{ Scan(...any) error }, more ...any) (st Staff, password string, err error) {
	var langs db.JSON[[]lang.Tag]
	var sections db.JSON[[]string]
	var created, updated db.Time
	err = r.Scan(append([]any{
		&st.ID, &st.Name, &st.Email, &st.Role, &langs, &sections, &st.UILang, &password, &st.Active, &st.Version, &created, &updated,
	}, more...)...)
	st.Langs, st.Sections, st.HasPassword = langs.V, sections.V, password != ""
	st.Created, st.Updated = created.Time, updated.Time
	return st, password, err
}

// staff returns all, by name, or those of a role.
func (store) staff(ctx context.Context, q db.Conn, role Role) ([]Staff, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+staffColumns+` FROM staff s WHERE $1 = '' OR s.role = $1 ORDER BY s.id`, string(role))
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Staff, error) {
		st, _, err := scanStaff(r)
		return st, err
	})
	slices.SortStableFunc(list, func(a, b Staff) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return list, err
}

// staffBy returns the one whose column (id or email) has the value, with the stored password hash.
func (store) staffBy(ctx context.Context, q db.Conn, column, value string) (Staff, string, error) {
	st, password, err := scanStaff(q.QueryRowContext(ctx, `SELECT `+staffColumns+` FROM staff s WHERE s.`+column+` = $1`, value))
	return st, password, db.One(err)
}

func (store) insertStaff(ctx context.Context, tx *db.Tx, st Staff, password string) error {
	now := db.Time{Time: tx.Now()}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO staff (id, name, email, role, langs, sections, ui_lang, password, active, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)`,
		string(st.ID), st.Name, st.Email, string(st.Role), db.AsJSON(st.Langs), db.AsJSON(st.Sections), string(st.UILang),
		password, st.Active, now, now)
	return err
}

func (store) updateStaff(ctx context.Context, tx *db.Tx, st Staff) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE staff SET name = $1, email = $2, role = $3, langs = $4, sections = $5, ui_lang = $6, active = $7,
			version = version + 1, updated_at = $8
		WHERE id = $9 AND version = $10`,
		st.Name, st.Email, string(st.Role), db.AsJSON(st.Langs), db.AsJSON(st.Sections), string(st.UILang), st.Active,
		db.Time{Time: tx.Now()}, string(st.ID), st.Version)
	return guarded(res, err)
}

func (store) putPassword(ctx context.Context, tx *db.Tx, id StaffID, hash string) error {
	_, err := tx.ExecContext(ctx, `UPDATE staff SET password = $1, updated_at = $2 WHERE id = $3`,
		hash, db.Time{Time: tx.Now()}, string(id))
	return err
}

// lockAndCountAdmins counts the active administrators as they will be after this transaction. It
// first writes a row that everybody who takes an administrator away writes, so that of two who take
// away each other the second sees what the first did.
func (store) lockAndCountAdmins(ctx context.Context, tx *db.Tx) (n int, err error) {
	_, err = tx.ExecContext(ctx, `
		INSERT INTO setting (key, value) VALUES ('people.admins', $1)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, tx.Now().Format(time.RFC3339Nano))
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM staff WHERE role = $1 AND active AND password <> ''`, string(actor.Admin)).Scan(&n)
	return n, db.One(err)
}

// ---- sessions

func (store) session(ctx context.Context, q db.Conn, hash string) (Session, Staff, error) {
	var x Session
	var created, seen, expires db.Time
	st, _, err := scanStaff(q.QueryRowContext(ctx, `
		SELECT `+staffColumns+`, x.token_hash, x.staff_id, x.agent, x.created_at, x.seen_at, x.expires_at
		FROM session x JOIN staff s ON s.id = x.staff_id
		WHERE x.token_hash = $1`, hash), &x.ID, &x.Staff, &x.Agent, &created, &seen, &expires)
	x.Created, x.Seen, x.Expires = created.Time, seen.Time, expires.Time
	return x, st, db.One(err)
}

func (store) sessions(ctx context.Context, q db.Conn, id StaffID, now time.Time) ([]Session, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT token_hash, staff_id, agent, created_at, seen_at, expires_at FROM session
		WHERE staff_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, token_hash`, string(id), db.Time{Time: now})
	return db.Collect(rows, err, func(r *sql.Rows) (x Session, err error) {
		var created, seen, expires db.Time
		err = r.Scan(&x.ID, &x.Staff, &x.Agent, &created, &seen, &expires)
		x.Created, x.Seen, x.Expires = created.Time, seen.Time, expires.Time
		return x, err
	})
}

func (store) insertSession(ctx context.Context, tx *db.Tx, x Session) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO session (token_hash, staff_id, created_at, seen_at, expires_at, agent) VALUES ($1, $2, $3, $4, $5, $6)`,
		x.ID, string(x.Staff), db.Time{Time: x.Created}, db.Time{Time: x.Seen}, db.Time{Time: x.Expires}, x.Agent)
	return err
}

func (store) touchSession(ctx context.Context, tx *db.Tx, x Session) error {
	_, err := tx.ExecContext(ctx, `UPDATE session SET seen_at = $1, expires_at = $2 WHERE token_hash = $3`,
		db.Time{Time: x.Seen}, db.Time{Time: x.Expires}, x.ID)
	return err
}

func (store) endSession(ctx context.Context, tx *db.Tx, hash string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE token_hash = $1`, hash)
	return err
}

// endSessions ends all of somebody's but the one with the hash keep.
func (store) endSessions(ctx context.Context, tx *db.Tx, id StaffID, keep string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE staff_id = $1 AND token_hash <> $2`, string(id), keep)
	return err
}

// tidySessions drops what has run out, and of the person's own all but the keep last used.
func (store) tidySessions(ctx context.Context, tx *db.Tx, id StaffID, now time.Time, keep int) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE expires_at <= $1`, db.Time{Time: now}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM session WHERE staff_id = $1 AND token_hash NOT IN (
			SELECT token_hash FROM session WHERE staff_id = $1 ORDER BY seen_at DESC, token_hash LIMIT $2)`, string(id), keep)
	return err
}

// ---- authors

// authors returns those with the IDs, or all.
func (store) authors(ctx context.Context, q db.Conn, ids []AuthorID) ([]Author, error) {
	where, args := "", []any{}
	if ids != nil {
		where, args = db.In(1, ids)
		where = `WHERE a.id IN ` + where
	}
	rows, err := q.QueryContext(ctx, `
		SELECT a.id, a.staff_id, a.kind, a.active, a.version, a.created_at, n.lang, n.name, n.slug, n.about
		FROM author a LEFT JOIN author_name n ON n.author_id = a.id `+where+`
		ORDER BY a.id, n.lang`, args...)
	type row struct {
		Author
		lang, name, slug, about sql.NullString
	}
	list, err := db.Collect(rows, err, func(r *sql.Rows) (x row, err error) {
		var created db.Time
		var staff sql.NullString
		err = r.Scan(&x.ID, &staff, &x.Kind, &x.Active, &x.Version, &created, &x.lang, &x.name, &x.slug, &x.about)
		x.StaffID, x.Created = StaffID(staff.String), created.Time
		return x, err
	})
	if err != nil {
		return nil, err
	}
	var out []Author
	for _, x := range list {
		if len(out) == 0 || out[len(out)-1].ID != x.ID {
			x.Names = map[lang.Tag]AuthorName{}
			out = append(out, x.Author)
		}
		if x.lang.Valid {
			out[len(out)-1].Names[lang.Tag(x.lang.String)] = AuthorName{Name: x.name.String, Slug: x.slug.String, About: x.about.String}
		}
	}
	return out, nil
}

func (s store) author(ctx context.Context, q db.Conn, id AuthorID) (Author, error) {
	list, err := s.authors(ctx, q, []AuthorID{id})
	if err == nil && len(list) == 0 {
		err = db.One(sql.ErrNoRows)
	}
	if err != nil {
		return Author{}, err
	}
	return list[0], nil
}

func (store) authorIDBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (id AuthorID, err error) {
	err = q.QueryRowContext(ctx, `SELECT author_id FROM author_name WHERE lang = $1 AND slug = $2`, string(l), slug).Scan(&id)
	return id, db.One(err)
}

const authorOfQuery = `SELECT id FROM author WHERE staff_id = $1 ORDER BY active DESC, id LIMIT 1`

func (store) authorIDOf(ctx context.Context, q db.Conn, staff StaffID) (id AuthorID, err error) {
	err = q.QueryRowContext(ctx, authorOfQuery, string(staff)).Scan(&id)
	return id, db.One(err)
}

const kindsNamedQuery = `
	SELECT a.kind FROM author a JOIN author_name n ON n.author_id = a.id WHERE n.lang = $1 AND n.name = $2
	UNION SELECT 'person' FROM staff WHERE name = $2`

// kindsNamed returns the different kinds of those who are called name.
func (store) kindsNamed(ctx context.Context, q db.Conn, l lang.Tag, name string) ([]Kind, error) {
	rows, err := q.QueryContext(ctx, kindsNamedQuery, string(l), name)
	return db.Collect(rows, err, func(r *sql.Rows) (k Kind, err error) {
		err = r.Scan(&k)
		return k, err
	})
}

func (store) insertAuthor(ctx context.Context, tx *db.Tx, a Author) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO author (id, staff_id, kind, active, version, created_at) VALUES ($1, $2, $3, $4, 1, $5)`,
		string(a.ID), nullable(a.StaffID), string(a.Kind), a.Active, db.Time{Time: tx.Now()})
	return err
}

func (store) updateAuthor(ctx context.Context, tx *db.Tx, a Author) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE author SET staff_id = $1, kind = $2, active = $3, version = version + 1 WHERE id = $4 AND version = $5`,
		nullable(a.StaffID), string(a.Kind), a.Active, string(a.ID), a.Version)
	return guarded(res, err)
}

func nullable(id StaffID) sql.NullString { return sql.NullString{String: string(id), Valid: id != ""} }

func (store) putAuthorNames(ctx context.Context, tx *db.Tx, a Author) error {
	// All at once away and in again, so that two names of one author can trade their addresses.
	if _, err := tx.ExecContext(ctx, `DELETE FROM author_name WHERE author_id = $1`, string(a.ID)); err != nil {
		return err
	}
	for _, l := range sorted(a.Names) {
		n := a.Names[l]
		var taken int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM author_name WHERE lang = $1 AND slug = $2`, string(l), n.Slug).Scan(&taken)
		if err != nil {
			return db.One(err)
		}
		if taken > 0 {
			return entry.SlugTaken("slug."+string(l), n.Slug)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO author_name (author_id, lang, name, slug, about) VALUES ($1, $2, $3, $4, $5)`,
			string(a.ID), string(l), n.Name, n.Slug, n.About)
		if err != nil {
			return err
		}
	}
	return nil
}

func sorted[V any](m map[lang.Tag]V) []lang.Tag {
	out := make([]lang.Tag, 0, len(m))
	for t := range m {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}
