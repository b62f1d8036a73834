package translate

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
)

// Evidence is how far what an engine drafted was from what readers saw.
type Evidence struct {
	Engine         string
	From, To       lang.Tag
	Segments       int
	Untouched      int // went out as they were drafted
	Words, Changed int // of what went out; put in, taken out or replaced
}

// Share is how many words in hundred were changed.
func (e Evidence) Share() float64 {
	if e.Words == 0 {
		return 0
	}
	return 100 * float64(e.Changed) / float64(e.Words)
}

// WentOut notes how far the text that goes out in the revision is from what engines drafted for it. A
// draft counts once, when its segment first goes out, and only if it was made from the wording that
// the segment was translated from. Release calls it.
func (s *Service) WentOut(ctx context.Context, tx *db.Tx, e edition.Edition, doc document.Doc, revision int64) error {
	if e.Made == edition.MadeOriginal {
		return nil
	}
	drafts, err := openDrafts(ctx, tx, e.ID)
	if err != nil || len(drafts) == 0 {
		return err
	}
	source, err := s.editions.Original(ctx, tx, e.Story)
	if err != nil {
		return err
	}
	all, err := units(ctx, tx, []edition.ID{e.ID})
	if err != nil {
		return err
	}
	out := segments(doc)
	at := s.wordings(ctx, tx, source)
	counted := map[string]bool{} // the newest draft of each engine
	for _, d := range drafts {
		seg, ok := out[d.Address]
		u, known := all[e.ID][d.Address]
		if key := d.Engine + " " + string(d.Address); !ok || !known || counted[key] {
			continue
		} else {
			counted[key] = true
		}
		from, err := at(d.SourceRev, d.Address)
		if err != nil {
			return err
		}
		made, err := at(u.SourceRev, d.Address)
		if err != nil {
			return err
		}
		if !equal(from, made) {
			continue
		}
		changed, of := distance(d.Text.Plain(), seg.Text.Plain())
		_, err = tx.ExecContext(ctx, `
			INSERT INTO evidence (draft_id, revision, words, changed, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (draft_id) DO NOTHING`, d.ID, revision, of, changed, db.Time{Time: tx.Now()})
		if err != nil {
			return fmt.Errorf("evidence of draft %s: %w", d.ID, err)
		}
	}
	return nil
}

// openDrafts returns the drafts of engines that haven't been compared with what went out, newest first.
func openDrafts(ctx context.Context, q db.Conn, e edition.ID) ([]Draft, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+draftColumns+` FROM draft
		WHERE edition_id = $1 AND kind = 'engine' AND engine <> '' AND NOT EXISTS (SELECT 1 FROM evidence v WHERE v.draft_id = draft.id)
		ORDER BY id DESC`, e)
	list, err := db.Collect(rows, err, scanDraft)
	if err != nil {
		return nil, fmt.Errorf("drafts of edition %s: %w", e, err)
	}
	return list, nil
}

// Evidence sums up, for each engine and pair of languages, what went out since a moment; the pairs in
// the order of their languages, in each the engine that was changed least first.
func (s *Service) Evidence(ctx context.Context, q db.Conn, since time.Time) ([]Evidence, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT d.engine, d.from_lang, d.to_lang, COUNT(*), SUM(CASE WHEN v.changed = 0 THEN 1 ELSE 0 END), SUM(v.words), SUM(v.changed)
		FROM evidence v JOIN draft d ON d.id = v.draft_id
		WHERE v.at >= $1
		GROUP BY d.engine, d.from_lang, d.to_lang
		ORDER BY d.from_lang, d.to_lang, SUM(v.changed) * 1.0 / (SUM(v.words) + 1), d.engine`, db.Time{Time: since})
	list, err := db.Collect(rows, err, func(r *sql.Rows) (e Evidence, err error) {
		return e, r.Scan(&e.Engine, &e.From, &e.To, &e.Segments, &e.Untouched, &e.Words, &e.Changed)
	})
	if err != nil {
		return nil, fmt.Errorf("evidence since %s: %w", since.Format(time.RFC3339), err)
	}
	return list, nil
}
