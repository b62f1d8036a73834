package edition

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
)

// Aside is a finding that stood set aside when a translation was reviewed.
type Aside struct {
	Code    string           `json:"code"`
	Address document.Address `json:"address,omitempty"`
	Reason  string           `json:"reason"`
	By      string           `json:"by"`
}

// Reviewed is the record of a review: who read which revision beside which revision of the original, and what
// was set aside. One that was carried over by an approval has no revision of the original.
type Reviewed struct {
	Revision  int64
	SourceRev int64
	ByID, By  string
	At        time.Time
	Aside     []Aside
}

// Reviews returns the records of the edition's reviews, the newest first.
func (s *Service) Reviews(ctx context.Context, q db.Conn, id ID) ([]Reviewed, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT revision, source_rev, by_id, by_name, at, aside FROM revision_check WHERE edition_id = $1 ORDER BY revision DESC`, id)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Reviewed, error) {
		var v Reviewed
		var at db.Time
		var aside []byte
		if err := r.Scan(&v.Revision, &v.SourceRev, &v.ByID, &v.By, &at, &aside); err != nil {
			return Reviewed{}, err
		}
		v.At = at.Time
		return v, json.Unmarshal(aside, &v.Aside)
	})
	if err != nil {
		return nil, fmt.Errorf("reviews of edition %s: %w", id, err)
	}
	return list, nil
}

// checked notes the check of e's newest revision, if it isn't checked already.
func checked(ctx context.Context, tx *db.Tx, a actor.Actor, e Edition, sourceRev int64, aside []Aside) (Edition, error) {
	if e.Check.Revision == e.Revision {
		return e, nil
	}
	if aside == nil {
		aside = []Aside{}
	}
	body, err := json.Marshal(aside)
	if err != nil {
		return Edition{}, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO revision_check (edition_id, revision, by_id, by_name, at, source_rev, aside) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Revision, a.ID, a.Name, db.Time{Time: tx.Now()}, sourceRev, string(body))
	e.Check = Check{e.Revision, a.Name}
	return e, err
}
