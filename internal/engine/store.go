package engine

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"depesche/internal/db"
	"depesche/internal/problem"
)

// store has the SQL of what the paper has installed.
type store struct{}

const columns = `id, name, kind, settings, sealed, enabled, price, quota, period, version, created_at`

func scan(r *sql.Rows) (e Installed, err error) {
	var settings db.JSON[map[string]string]
	var created db.Time
	err = r.Scan(&e.ID, &e.Name, &e.Kind, &settings, &e.sealed, &e.Enabled, &e.Price, &e.Quota, &e.Period, &e.Version, &created)
	e.Settings, e.Created, e.HasKey = settings.V, created.Time, len(e.sealed) > 0
	return e, err
}

// all returns the engines in the order they were made.
func (store) all(ctx context.Context, q db.Conn) ([]Installed, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM engine ORDER BY id`)
	return db.Collect(rows, err, scan)
}

func (store) one(ctx context.Context, q db.Conn, id ID) (Installed, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM engine WHERE id = $1`, string(id))
	list, err := db.Collect(rows, err, scan)
	if err == nil && len(list) == 0 {
		err = db.One(sql.ErrNoRows)
	}
	if err != nil {
		return Installed{}, err
	}
	return list[0], nil
}

func (store) insert(ctx context.Context, tx *db.Tx, e Installed) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO engine (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)`,
		string(e.ID), e.Name, e.Kind, db.AsJSON(e.Settings), sealedOf(e), e.Enabled, e.Price, e.Quota, string(e.Period), db.Time{Time: tx.Now()})
	return err
}

func (store) update(ctx context.Context, tx *db.Tx, e Installed) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE engine SET name = $1, settings = $2, sealed = $3, enabled = $4, price = $5, quota = $6, period = $7, version = version + 1
		WHERE id = $8 AND version = $9`,
		e.Name, db.AsJSON(e.Settings), sealedOf(e), e.Enabled, e.Price, e.Quota, string(e.Period), string(e.ID), e.Version)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return problem.New(problem.Conflict, "problem.stale")
	}
	return err
}

func sealedOf(e Installed) any {
	if len(e.sealed) == 0 {
		return nil
	}
	return e.sealed
}

func (store) delete(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM engine WHERE id = $1`, string(id))
	return err
}

// orders returns the engines of each pair that has an order, "" for all others.
func (store) orders(ctx context.Context, q db.Conn) (map[string]order, error) {
	type row struct {
		pair string
		id   ID
		out  bool
	}
	rows, err := q.QueryContext(ctx, `SELECT pair, engine_id, left_out FROM engine_order ORDER BY pair, position, engine_id`)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (x row, err error) {
		err = r.Scan(&x.pair, &x.id, &x.out)
		return x, err
	})
	if err != nil {
		return nil, err
	}
	all := map[string]order{}
	for _, x := range list {
		o := all[x.pair]
		if x.out {
			o.out = append(o.out, x.id)
		} else {
			o.in = append(o.in, x.id)
		}
		all[x.pair] = o
	}
	return all, nil
}

func (store) putOrder(ctx context.Context, tx *db.Tx, pair string, o order) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM engine_order WHERE pair = $1`, pair); err != nil {
		return err
	}
	for i, id := range slices.Concat(o.in, o.out) {
		_, err := tx.ExecContext(ctx, `INSERT INTO engine_order (pair, engine_id, position, left_out) VALUES ($1, $2, $3, $4)`, pair, string(id), i, i >= len(o.in))
		if err != nil {
			return err
		}
	}
	return nil
}

func (store) health(ctx context.Context, q db.Conn) (map[ID]Health, error) {
	type row struct {
		id ID
		Health
	}
	rows, err := q.QueryContext(ctx, `SELECT engine_id, worked_at, failed_at, trouble, reason, trace, rest_until FROM engine_health`)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (x row, err error) {
		var worked, failed, until db.NullTime
		err = r.Scan(&x.id, &worked, &failed, &x.Trouble, &x.Reason, &x.Trace, &until)
		x.Worked, x.Failed, x.Rest = worked.Ptr(), failed.Ptr(), until.Ptr()
		return x, err
	})
	out := map[ID]Health{}
	for _, x := range list {
		out[x.id] = x.Health
	}
	return out, err
}

func (store) worked(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO engine_health (engine_id, worked_at, trouble, reason, trace)
		SELECT id, $2, '', '', '' FROM engine WHERE id = $1
		ON CONFLICT (engine_id) DO UPDATE SET worked_at = excluded.worked_at, trouble = '', reason = '', trace = '', rest_until = NULL`,
		string(id), db.Time{Time: tx.Now()})
	return err
}

func (store) failed(ctx context.Context, tx *db.Tx, id ID, e *Error, until *time.Time) error {
	reason := ""
	if e.Err != nil {
		reason = firstRunes(e.Err.Error(), 500)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO engine_health (engine_id, failed_at, trouble, reason, trace, rest_until)
		SELECT id, $2, $3, $4, $5, $6 FROM engine WHERE id = $1
		ON CONFLICT (engine_id) DO UPDATE SET failed_at = excluded.failed_at, trouble = excluded.trouble, reason = excluded.reason,
			trace = excluded.trace, rest_until = excluded.rest_until`,
		string(id), db.Time{Time: tx.Now()}, string(e.Trouble), reason, firstRunes(e.Trace, 200), db.NullOf(until))
	return err
}

func (store) forgetHealth(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM engine_health WHERE engine_id = $1`, string(id))
	return err
}

// use adds to what an engine was asked today. A correction downwards is negative.
func (store) use(ctx context.Context, tx *db.Tx, id ID, pair Pair, characters, requests, price int64) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO engine_usage (day, engine_id, pair, characters, requests, cost) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (day, engine_id, pair) DO UPDATE SET characters = engine_usage.characters + excluded.characters,
			requests = engine_usage.requests + excluded.requests, cost = engine_usage.cost + excluded.cost`,
		dayOf(tx.Now()), string(id), pair.String(), characters, requests, characters*price)
	return err
}

// lock lets nobody else count the engine's characters until the transaction ends.
func (store) lock(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE engine SET version = version WHERE id = $1`, string(id))
	return err
}

// used are the characters, requests and cost of engines since a day.
func (store) used(ctx context.Context, q db.Conn, since string) (map[ID]Usage, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT engine_id, CAST(SUM(characters) AS BIGINT), CAST(SUM(requests) AS BIGINT), CAST(SUM(cost) AS BIGINT) FROM engine_usage
		WHERE day >= $1 GROUP BY engine_id`, since)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (u Usage, err error) {
		err = r.Scan(&u.Engine, &u.Characters, &u.Requests, &u.Cost)
		return u, err
	})
	out := map[ID]Usage{}
	for _, u := range list {
		out[u.Engine] = u
	}
	return out, err
}

// days are the uses since a day, the newest first.
func (store) days(ctx context.Context, q db.Conn, since string) ([]Usage, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT day, engine_id, pair, characters, requests, cost FROM engine_usage WHERE day >= $1 ORDER BY day DESC, engine_id, pair`, since)
	return db.Collect(rows, err, func(r *sql.Rows) (u Usage, err error) {
		err = r.Scan(&u.Day, &u.Engine, &u.Pair, &u.Characters, &u.Requests, &u.Cost)
		return u, err
	})
}

func dayOf(t time.Time) string { return t.UTC().Format("2006-01-02") }

// begin is the first day of the period.
func (p Period) begin(now time.Time) string {
	if p == Day {
		return dayOf(now)
	}
	return now.UTC().Format("2006-01") + "-01"
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
