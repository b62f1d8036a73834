package translate

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
)

const draftingColumns = `id, edition_id, state, source_rev, wanted, again, total, done, failures, by_id, by_name, begun_at, ended_at`

func scanDrafting(row interface{ Scan(...any) error }) (Drafting, error) {
	var d Drafting
	var wanted, failures []byte
	var begun db.Time
	var ended db.NullTime
	err := row.Scan(&d.ID, &d.Edition, &d.State, &d.SourceRev, &wanted, &d.Again, &d.Total, &d.Done, &failures, &d.ByID, &d.ByName, &begun, &ended)
	if err != nil {
		return Drafting{}, db.One(err)
	}
	d.Begun, d.Ended = begun.Time, ended.Ptr()
	if err := json.Unmarshal(wanted, &d.Wanted); err != nil {
		return Drafting{}, fmt.Errorf("drafting %s: %w", d.ID, err)
	}
	if err := json.Unmarshal(failures, &d.Failures); err != nil {
		return Drafting{}, fmt.Errorf("drafting %s: %w", d.ID, err)
	}
	return d, nil
}

func insertDrafting(ctx context.Context, tx *db.Tx, d Drafting) (Drafting, error) {
	d.ID = DraftingID(id.New(tx.Now()))
	if d.Wanted == nil {
		d.Wanted = []document.Address{}
	}
	wanted, err := json.Marshal(d.Wanted)
	if err != nil {
		return Drafting{}, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO drafting (id, edition_id, state, source_rev, wanted, again, total, by_id, by_name, begun_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.ID, d.Edition, d.State, d.SourceRev, string(wanted), d.Again, d.Total, d.ByID, d.ByName, db.Time{Time: d.Begun})
	if err != nil {
		return Drafting{}, fmt.Errorf("drafting of edition %s: %w", d.Edition, err)
	}
	return d, nil
}

// draftings returns the newest drafting of each edition.
func draftings(ctx context.Context, q db.Conn, ids []edition.ID) (map[edition.ID]Drafting, error) {
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT `+draftingColumns+` FROM drafting d
		WHERE d.edition_id IN `+list+` AND NOT EXISTS (
			SELECT 1 FROM drafting later WHERE later.edition_id = d.edition_id AND (later.begun_at, later.id) > (d.begun_at, d.id))`, args...)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (Drafting, error) { return scanDrafting(r) })
	if err != nil {
		return nil, fmt.Errorf("draftings: %w", err)
	}
	out := make(map[edition.ID]Drafting, len(all))
	for _, d := range all {
		out[d.Edition] = d
	}
	return out, nil
}

func draftingByID(ctx context.Context, q db.Conn, d DraftingID) (Drafting, error) {
	return scanDrafting(q.QueryRowContext(ctx, `SELECT `+draftingColumns+` FROM drafting WHERE id = $1`, d))
}

// note stores how far an open drafting is. It reports false if it isn't open any more.
func note(ctx context.Context, tx *db.Tx, d Drafting) (bool, error) {
	failures, err := json.Marshal(d.Failures)
	if err != nil {
		return false, err
	}
	if d.Failures == nil {
		failures = []byte("[]")
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE drafting SET state = 'working', total = $2, done = $3, failures = $4 WHERE id = $1 AND ended_at IS NULL`,
		d.ID, d.Total, d.Done, string(failures))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// end closes an open drafting. It reports false if it was closed already.
func end(ctx context.Context, tx *db.Tx, d Drafting, state DraftingState) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE drafting SET state = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL`,
		d.ID, state, db.Time{Time: tx.Now()})
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
