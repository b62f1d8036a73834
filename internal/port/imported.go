package port

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"depesche/internal/db"
	"depesche/internal/story"
)

// The kinds of things that are remembered as imported.
const (
	kindStory   = "story" // by the post's number; own_id is the story's ID
	kindPage    = "page"
	kindSection = "section" // by taxonomy/slug, as topics
	kindTopic   = "topic"
	kindAuthor  = "author"
	kindPicture = "picture" // by a:<attachment> or u:<hash of the address>
)

// imported is what is remembered of a thing that came in from elsewhere.
type imported struct {
	Own    string
	SHA256 string
}

// recall returns what is known of those of the foreign IDs that came in before. A story that was deleted
// since isn't known any more: it comes in again.
func recall(ctx context.Context, q db.Conn, origin, kind string, foreign []string) (map[string]imported, error) {
	out := map[string]imported{}
	for chunk := range slices.Chunk(foreign, 500) {
		in, args := db.In(3, chunk)
		rows, err := q.QueryContext(ctx, `
			SELECT foreign_id, own_id, sha256 FROM imported
			WHERE origin = $1 AND kind = $2 AND foreign_id IN `+in, append([]any{origin, kind}, args...)...)
		_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
			var id string
			var i imported
			err := r.Scan(&id, &i.Own, &i.SHA256)
			out[id] = i
			return struct{}{}, err
		})
		if err != nil {
			return nil, fmt.Errorf("what was imported: %w", err)
		}
	}
	if kind != kindStory {
		return out, nil
	}
	var ids []story.ID
	for _, i := range out {
		ids = append(ids, story.ID(i.Own))
	}
	slices.Sort(ids)
	there, err := story.Known(ctx, q, slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("what was imported: %w", err)
	}
	maps.DeleteFunc(out, func(_ string, i imported) bool { return !slices.Contains(there, story.ID(i.Own)) })
	return out, nil
}

// remember notes what a foreign thing is here, or what was read of it last.
func remember(ctx context.Context, tx *db.Tx, origin, kind, foreign string, i imported) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO imported (origin, kind, foreign_id, own_id, sha256, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (origin, kind, foreign_id) DO UPDATE SET own_id = excluded.own_id, sha256 = excluded.sha256, at = excluded.at`,
		origin, kind, foreign, i.Own, i.SHA256, db.Time{Time: tx.Now()})
	if err != nil {
		return fmt.Errorf("remember %s %s: %w", kind, foreign, err)
	}
	return nil
}

// noted is a thing to be remembered.
type noted struct {
	foreign string
	imported
}

// rememberAll is [remember] for many things of one kind, each once.
func rememberAll(ctx context.Context, tx *db.Tx, origin, kind string, list []noted) error {
	for chunk := range slices.Chunk(list, 200) {
		args := []any{origin, kind, db.Time{Time: tx.Now()}}
		var rows strings.Builder
		for i, n := range chunk {
			if i > 0 {
				rows.WriteString(", ")
			}
			fmt.Fprintf(&rows, "($1, $2, $%d, $%d, $%d, $3)", len(args)+1, len(args)+2, len(args)+3)
			args = append(args, n.foreign, n.Own, n.SHA256)
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO imported (origin, kind, foreign_id, own_id, sha256, at) VALUES `+rows.String()+`
			ON CONFLICT (origin, kind, foreign_id) DO UPDATE SET own_id = excluded.own_id, sha256 = excluded.sha256, at = excluded.at`, args...)
		if err != nil {
			return fmt.Errorf("remember %d of kind %s: %w", len(chunk), kind, err)
		}
	}
	return nil
}

// hasImported reports whether anything of the kind came in from the origin.
func hasImported(ctx context.Context, q db.Conn, origin, kind string) (bool, error) {
	var yes bool
	err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM imported WHERE origin = $1 AND kind = $2)`, origin, kind).Scan(&yes)
	return yes, db.One(err)
}
