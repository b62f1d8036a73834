package publication

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
)

// store has the room's SQL, and the time zones it has read from the disk: they take longer than the
// paper's rows.
type store struct{ zones *sync.Map }

// location returns a time zone. One that was renamed since it was stored is UTC: late is better than
// not at all.
func (s store) location(name string) *time.Location {
	if l, ok := s.zones.Load(name); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	s.zones.Store(name, l)
	return l
}

func (s store) paper(ctx context.Context, q db.Conn) (Paper, error) {
	var p Paper
	var look db.JSON[Look]
	var hosts db.JSON[[]string]
	var updated db.Time
	err := q.QueryRowContext(ctx, `
		SELECT name, main_lang, time_zone, base_url, look, embed_hosts, error_reports, version, updated_at
		FROM publication WHERE id = 'paper'`).
		Scan(&p.Name, &p.MainLang, &p.TimeZone, &p.BaseURL, &look, &hosts, &p.ErrorReports, &p.Version, &updated)
	if err != nil {
		return Paper{}, db.One(err)
	}
	p.Look, p.EmbedHosts, p.Updated = look.V, hosts.V, updated.Time
	p.Location = s.location(p.TimeZone)
	rows, err := q.QueryContext(ctx, `
		SELECT lang, active, name, about, machine_out FROM publication_language ORDER BY position, lang`)
	p.Languages, err = db.Collect(rows, err, func(r *sql.Rows) (l Language, err error) {
		err = r.Scan(&l.Tag, &l.Active, &l.Name, &l.About, &l.MachineOut)
		return l, err
	})
	return p, err
}

func (s store) insertPaper(ctx context.Context, tx *db.Tx, p Paper) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO publication (id, name, main_lang, time_zone, base_url, look, embed_hosts, error_reports, version, updated_at)
		VALUES ('paper', $1, $2, $3, $4, $5, $6, $7, 1, $8)`,
		p.Name, string(p.MainLang), p.TimeZone, p.BaseURL, db.AsJSON(p.Look), db.AsJSON(p.EmbedHosts), p.ErrorReports, db.Time{Time: p.Updated})
	if err != nil {
		return err
	}
	return s.putLanguages(ctx, tx, p.Languages)
}

func (s store) updatePaper(ctx context.Context, tx *db.Tx, p Paper) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE publication SET name = $1, main_lang = $2, time_zone = $3, base_url = $4, look = $5,
			embed_hosts = $6, error_reports = $7, version = version + 1, updated_at = $8
		WHERE id = 'paper' AND version = $9`,
		p.Name, string(p.MainLang), p.TimeZone, p.BaseURL, db.AsJSON(p.Look), db.AsJSON(p.EmbedHosts), p.ErrorReports,
		db.Time{Time: p.Updated}, p.Version)
	if err := guarded(res, err); err != nil {
		return err
	}
	return s.putLanguages(ctx, tx, p.Languages)
}

func (store) putLanguages(ctx context.Context, tx *db.Tx, list []Language) error {
	for i, l := range list {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO publication_language (lang, position, active, name, about, machine_out)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (lang) DO UPDATE SET position = excluded.position, active = excluded.active,
				name = excluded.name, about = excluded.about, machine_out = excluded.machine_out`,
			string(l.Tag), i+1, l.Active, l.Name, l.About, l.MachineOut)
		if err != nil {
			return err
		}
	}
	return nil
}

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

// ---- sections

// sections returns all, in their order, or the one with the ID.
func (store) sections(ctx context.Context, q db.Conn, id SectionID) ([]Section, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT s.id, s.position, s.active, s.version, n.lang, n.name, n.slug
		FROM section s LEFT JOIN section_name n ON n.section_id = s.id
		WHERE $1 = '' OR s.id = $1
		ORDER BY s.position, s.id, n.lang`, string(id))
	type row struct {
		Section
		lang, name, slug sql.NullString
	}
	list, err := db.Collect(rows, err, func(r *sql.Rows) (x row, err error) {
		err = r.Scan(&x.ID, &x.Position, &x.Active, &x.Version, &x.lang, &x.name, &x.slug)
		return x, err
	})
	if err != nil {
		return nil, err
	}
	var out []Section
	for _, x := range list {
		if len(out) == 0 || out[len(out)-1].ID != x.ID {
			x.Names = map[lang.Tag]Name{}
			out = append(out, x.Section)
		}
		if x.lang.Valid {
			out[len(out)-1].Names[lang.Tag(x.lang.String)] = Name{Name: x.name.String, Slug: x.slug.String}
		}
	}
	return out, nil
}

func (s store) section(ctx context.Context, q db.Conn, id SectionID) (Section, error) {
	list, err := s.sections(ctx, q, id)
	if err == nil && (id == "" || len(list) == 0) {
		err = db.One(sql.ErrNoRows)
	}
	if err != nil {
		return Section{}, err
	}
	return list[0], nil
}

func (store) sectionIDBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (id SectionID, err error) {
	err = q.QueryRowContext(ctx, `SELECT section_id FROM section_name WHERE lang = $1 AND slug = $2`, string(l), slug).Scan(&id)
	return id, db.One(err)
}

func (store) insertSection(ctx context.Context, tx *db.Tx, s Section) error {
	var last int
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(position), 0) FROM section`).Scan(&last); err != nil {
		return db.One(err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO section (id, position, active, version) VALUES ($1, $2, $3, 1)`,
		string(s.ID), last+1, s.Active)
	return err
}

func (store) updateSection(ctx context.Context, tx *db.Tx, s Section) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE section SET active = $1, version = version + 1 WHERE id = $2 AND version = $3`,
		s.Active, string(s.ID), s.Version)
	return guarded(res, err)
}

// place gives a section another position in the order.
func (store) place(ctx context.Context, tx *db.Tx, id SectionID, position int) error {
	_, err := tx.ExecContext(ctx, `UPDATE section SET position = $1 WHERE id = $2`, position, string(id))
	return err
}

func (store) putSectionNames(ctx context.Context, tx *db.Tx, s Section) error {
	// All at once away and in again, so that two names of one section can trade their addresses.
	if _, err := tx.ExecContext(ctx, `DELETE FROM section_name WHERE section_id = $1`, string(s.ID)); err != nil {
		return err
	}
	for _, l := range sorted(s.Names) {
		n := s.Names[l]
		var taken int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM section_name WHERE lang = $1 AND slug = $2`, string(l), n.Slug).Scan(&taken)
		if err != nil {
			return db.One(err)
		}
		if taken > 0 {
			return entry.SlugTaken("slug."+string(l), n.Slug)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO section_name (section_id, lang, name, slug) VALUES ($1, $2, $3, $4)`,
			string(s.ID), string(l), n.Name, n.Slug)
		if err != nil {
			return err
		}
	}
	return nil
}

func (store) deleteSection(ctx context.Context, tx *db.Tx, id SectionID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM section WHERE id = $1`, string(id))
	return err
}

// ---- pages

const pageColumns = `id, key, lang, slug, title, body, position, footer, version, updated_at`

func scanPage(r interface{ Scan(...any) error }) (p Page, err error) {
	var body string
	var updated db.Time
	err = r.Scan(&p.ID, &p.Key, &p.Lang, &p.Slug, &p.Title, &body, &p.Position, &p.Footer, &p.Version, &updated)
	p.Body, p.Updated = json.RawMessage(body), updated.Time
	return p, err
}

func (store) pages(ctx context.Context, q db.Conn, l lang.Tag) ([]Page, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+pageColumns+` FROM static_page WHERE $1 = '' OR lang = $1 ORDER BY position, key, lang`, string(l))
	return db.Collect(rows, err, func(r *sql.Rows) (Page, error) { return scanPage(r) })
}

func (store) page(ctx context.Context, q db.Conn, id PageID) (Page, error) {
	p, err := scanPage(q.QueryRowContext(ctx, `SELECT `+pageColumns+` FROM static_page WHERE id = $1`, string(id)))
	return p, db.One(err)
}

func (store) pageBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Page, error) {
	p, err := scanPage(q.QueryRowContext(ctx, `SELECT `+pageColumns+` FROM static_page WHERE lang = $1 AND slug = $2`, string(l), slug))
	return p, db.One(err)
}

func (store) insertPage(ctx context.Context, tx *db.Tx, p Page) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO static_page (id, key, lang, slug, title, body, position, footer, version, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)`,
		string(p.ID), p.Key, string(p.Lang), p.Slug, p.Title, string(p.Body), p.Position, p.Footer, db.Time{Time: tx.Now()})
	return err
}

func (store) updatePage(ctx context.Context, tx *db.Tx, p Page) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE static_page SET key = $1, lang = $2, slug = $3, title = $4, body = $5, position = $6, footer = $7,
			version = version + 1, updated_at = $8
		WHERE id = $9 AND version = $10`,
		p.Key, string(p.Lang), p.Slug, p.Title, string(p.Body), p.Position, p.Footer, db.Time{Time: tx.Now()}, string(p.ID), p.Version)
	return guarded(res, err)
}

func (store) deletePage(ctx context.Context, tx *db.Tx, id PageID, version int64) error {
	res, err := tx.ExecContext(ctx, `DELETE FROM static_page WHERE id = $1 AND version = $2`, string(id), version)
	return guarded(res, err)
}

// ---- redirects

func (store) redirect(ctx context.Context, q db.Conn, path string) (target string, err error) {
	err = q.QueryRowContext(ctx, `SELECT target FROM redirect WHERE path = $1`, path).Scan(&target)
	return target, db.One(err)
}

func (store) redirects(ctx context.Context, q db.Conn, after string, limit int) ([]Redirect, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT path, target, created_at FROM redirect WHERE path > $1 ORDER BY path LIMIT $2`, after, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (x Redirect, err error) {
		var at db.Time
		err = r.Scan(&x.Path, &x.Target, &at)
		x.Created = at.Time
		return x, err
	})
}

func (store) putRedirect(ctx context.Context, tx *db.Tx, path, target string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO redirect (path, target, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (path) DO UPDATE SET target = excluded.target, created_at = excluded.created_at`,
		path, target, db.Time{Time: tx.Now()})
	return err
}

// retarget uses that a thing's name is letters, figures and a colon: nothing LIKE would read as a
// pattern.
func (store) retarget(ctx context.Context, tx *db.Tx, from, into string) error {
	_, err := tx.ExecContext(ctx, `UPDATE redirect SET target = $1 || substr(target, $2) WHERE target LIKE $3`,
		into, len(from)+1, from+":%")
	return err
}

func (store) deleteRedirect(ctx context.Context, tx *db.Tx, path string) (bool, error) {
	res, err := tx.ExecContext(ctx, `DELETE FROM redirect WHERE path = $1`, path)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// ---- the setup token

const tokenSetting = "publication.setup_token"

// tokens are the hashes of those that are worth something, the newest first.
func (store) tokens(ctx context.Context, q db.Conn) ([]string, error) {
	var hashes string
	err := q.QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, tokenSetting).Scan(&hashes)
	return strings.Fields(hashes), db.One(err)
}

// putToken adds one and leaves the newest.
func (store) putToken(ctx context.Context, tx *db.Tx, hash string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO setting (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = substr(excluded.value || ' ' || setting.value, 1, $3)`, tokenSetting, hash, maxTokens*(len(hash)+1))
	return err
}

func (store) dropToken(ctx context.Context, tx *db.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM setting WHERE key = $1`, tokenSetting)
	return err
}

var errNotObject = errors.New("not a JSON object")

// compact returns the JSON object without its blanks; nothing is {}.
func compact(body json.RawMessage) (json.RawMessage, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return json.RawMessage("{}"), nil
	}
	var b bytes.Buffer
	if err := json.Compact(&b, body); err != nil {
		return nil, err
	}
	if b.Bytes()[0] != '{' {
		return nil, errNotObject
	}
	return b.Bytes(), nil
}
