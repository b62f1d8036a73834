package translate

import (
	"context"
	"database/sql"
	"fmt"

	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/story"
)

// units reads what was said of the segments of translations.
func units(ctx context.Context, q db.Conn, ids []edition.ID) (map[edition.ID]map[document.Address]unit, error) {
	type stored struct {
		edition edition.ID
		address document.Address
		unit    unit
	}
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT edition_id, address, source_rev, target_rev, answer, reason, COALESCE(draft_id, ''), by_id, at FROM unit
		WHERE edition_id IN `+list, args...)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (stored, error) {
		var s stored
		var at db.Time
		err := r.Scan(&s.edition, &s.address, &s.unit.SourceRev, &s.unit.TargetRev, &s.unit.Answer, &s.unit.Reason, &s.unit.Draft, &s.unit.ByID, &at)
		s.unit.At = at.Time
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("units: %w", err)
	}
	out := map[edition.ID]map[document.Address]unit{}
	for _, s := range all {
		if out[s.edition] == nil {
			out[s.edition] = map[document.Address]unit{}
		}
		out[s.edition][s.address] = s.unit
	}
	return out, nil
}

func putUnit(ctx context.Context, tx *db.Tx, target, source edition.ID, addr document.Address, u unit) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO unit (edition_id, address, source_id, source_rev, target_rev, answer, reason, draft_id, by_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8, ''), $9, $10)
		ON CONFLICT (edition_id, address) DO UPDATE
		SET source_id = excluded.source_id, source_rev = excluded.source_rev, target_rev = excluded.target_rev,
			answer = excluded.answer, reason = excluded.reason, draft_id = excluded.draft_id, by_id = excluded.by_id, at = excluded.at`,
		target, addr, source, u.SourceRev, u.TargetRev, u.Answer, u.Reason, string(u.Draft), u.ByID, db.Time{Time: u.At})
	if err != nil {
		return fmt.Errorf("unit %s of edition %s: %w", addr, target, err)
	}
	return nil
}

// begunFrom returns, for each translation, the newest revision its source had when it was begun.
func begunFrom(ctx context.Context, q db.Conn, ids []edition.ID) (map[edition.ID]int64, error) {
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT t.id, COALESCE(MAX(r.number), 1)
		FROM edition t
		JOIN story s ON s.id = t.story_id
		JOIN edition o ON o.story_id = s.id AND o.lang = s.original_lang
		JOIN revision first ON first.edition_id = t.id AND first.number = 1
		LEFT JOIN revision r ON r.edition_id = o.id AND r.at <= first.at
		WHERE t.id IN `+list+`
		GROUP BY t.id`, args...)
	out := map[edition.ID]int64{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id edition.ID
		var n int64
		err := r.Scan(&id, &n)
		out[id] = n
		return struct{}{}, err
	})
	return out, err
}

// newestRevision returns the number of the original's newest revision.
func newestRevision(ctx context.Context, q db.Conn, st story.Story) (id edition.ID, number int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, revision FROM edition WHERE story_id = $1 AND lang = $2`, st.ID, st.OriginalLang).
		Scan(&id, &number)
	return id, number, db.One(err)
}

// decisions returns what was said of the changes of originals, the newest first.
func decisions(ctx context.Context, q db.Conn, originals []edition.ID) (map[edition.ID][]decision, error) {
	type stored struct {
		edition edition.ID
		decision
	}
	list, args := db.In(1, originals)
	rows, err := q.QueryContext(ctx, `
		SELECT edition_id, address, from_rev, to_rev, weight, by_name FROM source_change WHERE edition_id IN `+list+` ORDER BY id DESC`, args...)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (stored, error) {
		var s stored
		var weight string
		err := r.Scan(&s.edition, &s.Address, &s.From, &s.To, &weight, &s.ByName)
		if weight == check.Fact.String() {
			s.Weight = check.Fact
		}
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("decided changes: %w", err)
	}
	out := map[edition.ID][]decision{}
	for _, s := range all {
		out[s.edition] = append(out[s.edition], s.decision)
	}
	return out, nil
}
