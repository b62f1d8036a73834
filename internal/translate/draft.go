package translate

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
)

// DraftID names a draft.
type DraftID string

// Draft is what was offered for a segment. It is kept as it came.
type Draft struct {
	ID        DraftID
	Edition   edition.ID
	Address   document.Address
	SourceRev int64 // the original's revision that it was made from
	From, To  lang.Tag
	Origin
	Placed bool // it stood in the edition
	At     time.Time
}

const draftColumns = `id, edition_id, address, source_rev, from_lang, to_lang, kind, engine, model, through, alike, body, placed, at`

func scanDraft(r *sql.Rows) (Draft, error) {
	var d Draft
	var body []byte
	var at db.Time
	err := r.Scan(&d.ID, &d.Edition, &d.Address, &d.SourceRev, &d.From, &d.To, &d.Source, &d.Engine, &d.Model, &d.Through, &d.Alike,
		&body, &d.Placed, &at)
	if err != nil {
		return Draft{}, err
	}
	d.At = at.Time
	if err := json.Unmarshal(body, &d.Text); err != nil {
		return Draft{}, fmt.Errorf("draft %s: %w", d.ID, err)
	}
	return d, nil
}

// putDraft stores d under an ID of its own.
func putDraft(ctx context.Context, tx *db.Tx, d Draft) (DraftID, error) {
	body, err := json.Marshal(d.Text)
	if err != nil {
		return "", err
	}
	d.ID = DraftID(id.New(tx.Now()))
	_, err = tx.ExecContext(ctx, `
		INSERT INTO draft (`+draftColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		d.ID, d.Edition, d.Address, d.SourceRev, d.From, d.To, d.Source, d.Engine, d.Model, d.Through, d.Alike,
		string(body), d.Placed, db.Time{Time: tx.Now()})
	if err != nil {
		return "", fmt.Errorf("draft for %s of edition %s: %w", d.Address, d.Edition, err)
	}
	return d.ID, nil
}

// placed notes that a draft of this segment was put in. One of another segment is no draft of it.
func placed(ctx context.Context, tx *db.Tx, target edition.ID, addr document.Address, d DraftID) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE draft SET placed = TRUE WHERE id = $1 AND edition_id = $2 AND address = $3`, d, target, addr)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// draftsIn returns the drafts that units of the editions were made from.
func draftsIn(ctx context.Context, q db.Conn, ids []edition.ID) (map[DraftID]Draft, error) {
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT `+draftColumns+` FROM draft
		WHERE id IN (SELECT draft_id FROM unit WHERE draft_id IS NOT NULL AND edition_id IN `+list+`)`, args...)
	all, err := db.Collect(rows, err, scanDraft)
	if err != nil {
		return nil, fmt.Errorf("drafts: %w", err)
	}
	out := make(map[DraftID]Draft, len(all))
	for _, d := range all {
		out[d.ID] = d
	}
	return out, nil
}

// Drafts returns all that was offered for segments of the edition, the newest first.
func (s *Service) Drafts(ctx context.Context, q db.Conn, edition edition.ID) ([]Draft, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+draftColumns+` FROM draft WHERE edition_id = $1 ORDER BY id DESC`, edition)
	return db.Collect(rows, err, scanDraft)
}

// Proposals returns what engines proposed for segments whose source is worded as it was then, the newest
// first.
func (s *Service) Proposals(ctx context.Context, q db.Conn, w Work) ([]Draft, error) {
	all, err := s.Drafts(ctx, q, w.Edition.ID)
	if err != nil {
		return nil, err
	}
	at := s.wordings(ctx, q, w.Source)
	var out []Draft
	for _, d := range all {
		if d.Placed || d.Source != FromEngine {
			continue
		}
		then, err := at(d.SourceRev, d.Address)
		if err != nil {
			return nil, err
		}
		now, err := at(w.Source.Revision, d.Address)
		if err != nil {
			return nil, err
		}
		if len(now) > 0 && equal(then, now) {
			out = append(out, d)
		}
	}
	return out, nil
}

// wordings returns what looks up how a segment of the original was worded in a revision; it reads each
// revision once.
func (s *Service) wordings(ctx context.Context, q db.Conn, source edition.Edition) func(rev int64, addr document.Address) (document.Inline, error) {
	then := map[int64]map[document.Address]document.Segment{source.Revision: segments(source.Doc)}
	return func(rev int64, addr document.Address) (document.Inline, error) {
		if then[rev] == nil {
			was, err := s.editions.RevisionDoc(ctx, q, source.ID, rev)
			if err != nil {
				return nil, err
			}
			then[rev] = segments(was)
		}
		return then[rev][addr].Text, nil
	}
}
