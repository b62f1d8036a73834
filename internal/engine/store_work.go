package engine

import (
	"context"
	"database/sql"

	"depesche/internal/db"
	"depesche/internal/document"
)

// sentRow is a text that was sent to an engine that charges for it.
type sentRow struct {
	address document.Address
	engine  ID
	hash    string
	trouble Trouble
}

func (store) sent(ctx context.Context, q db.Conn, work string) ([]sentRow, error) {
	rows, err := q.QueryContext(ctx, `SELECT address, engine_id, hash, trouble FROM engine_sent WHERE work = $1`, work)
	return db.Collect(rows, err, func(r *sql.Rows) (x sentRow, err error) {
		err = r.Scan(&x.address, &x.engine, &x.hash, &x.trouble)
		return x, err
	})
}

// send notes that a text is about to be sent, and returns false if it was noted before.
func (store) send(ctx context.Context, tx *db.Tx, work string, x sentRow) (bool, error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO engine_sent (work, address, engine_id, hash, trouble, at) VALUES ($1, $2, $3, $4, '', $5)
		ON CONFLICT (work, address, engine_id) DO UPDATE SET hash = excluded.hash, trouble = '', at = excluded.at
		WHERE engine_sent.hash <> excluded.hash`,
		work, string(x.address), string(x.engine), x.hash, db.Time{Time: tx.Now()})
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func (store) settle(ctx context.Context, tx *db.Tx, work string, a document.Address, id ID, t Trouble) error {
	_, err := tx.ExecContext(ctx, `UPDATE engine_sent SET trouble = $1 WHERE work = $2 AND address = $3 AND engine_id = $4`,
		string(t), work, string(a), string(id))
	return err
}

func (store) unsend(ctx context.Context, tx *db.Tx, work string, a document.Address, id ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM engine_sent WHERE work = $1 AND address = $2 AND engine_id = $3`, work, string(a), string(id))
	return err
}

// unsendUnanswered lets what has no answer be asked again, of every engine.
func (store) unsendUnanswered(ctx context.Context, tx *db.Tx, work string) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM engine_sent WHERE work = $1
			AND NOT EXISTS (SELECT 1 FROM engine_result r WHERE r.work = engine_sent.work AND r.address = engine_sent.address AND r.hash = engine_sent.hash)`, work)
	return err
}

// storedResult is a [Drafted] as it is kept.
type storedResult struct {
	hash string
	Drafted
}

func (store) results(ctx context.Context, q db.Conn, work string) ([]storedResult, error) {
	rows, err := q.QueryContext(ctx, `SELECT hash, answer FROM engine_result WHERE work = $1`, work)
	return db.Collect(rows, err, func(r *sql.Rows) (x storedResult, err error) {
		var answer db.JSON[Drafted]
		err = r.Scan(&x.hash, &answer)
		x.Drafted = answer.V
		return x, err
	})
}

func (store) putResult(ctx context.Context, tx *db.Tx, work, hash string, d Drafted) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO engine_result (work, address, hash, answer, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (work, address) DO UPDATE SET hash = excluded.hash, answer = excluded.answer, at = excluded.at`,
		work, string(d.Address), hash, db.AsJSON(d), db.Time{Time: tx.Now()})
	return err
}

func (store) forget(ctx context.Context, tx *db.Tx, work string) error {
	for _, table := range []string{"engine_result", "engine_sent"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE work = $1`, work); err != nil {
			return err
		}
	}
	return nil
}
