package edition

import (
	"context"
	"sort"
	"time"

	"depesche/internal/db"
	"depesche/internal/lang"
)

// OutSince counts, for each of the languages, the editions that went out since a moment and are
// still out. One short read of an index a language.
func (s *Service) OutSince(ctx context.Context, q db.Conn, since time.Time, langs []lang.Tag) (map[lang.Tag]int, error) {
	out := map[lang.Tag]int{}
	for _, l := range langs {
		var n int
		err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM card WHERE lang = $1 AND published_at >= $2`, l, db.Time{Time: since}).Scan(&n)
		if err != nil {
			return nil, err
		}
		out[l] = n
	}
	return out, nil
}

// PictureUsed reports whether a text of an edition, the newest or the published one, places the
// picture. It reads all texts: about a second for 100,000 editions, and it is asked only before a
// picture is deleted. With since it reads those alone that were saved from then on, or are out in another text
// than the newest.
func (s *Service) PictureUsed(ctx context.Context, q db.Conn, media string, since time.Time) (bool, error) {
	query, args := usedQuery, []any{`%"media":"` + media + `"%`}
	if !since.IsZero() {
		query, args = usedSinceQuery, append(args, db.Time{Time: since})
	}
	var used bool
	err := q.QueryRowContext(ctx, query, args...).Scan(&used)
	return used, err
}

const (
	usedQuery = `
		SELECT EXISTS (SELECT 1 FROM edition WHERE body LIKE $1)
		    OR EXISTS (SELECT 1 FROM edition e JOIN revision r ON r.edition_id = e.id AND r.number = e.published_rev
		               WHERE e.published_rev IS NOT NULL AND e.published_rev <> e.revision AND r.body LIKE $1)`
	// What was withdrawn since was out before.
	usedSinceQuery = `
		SELECT EXISTS (SELECT 1 FROM edition WHERE saved_at >= $2 AND body LIKE $1)
		    OR EXISTS (SELECT 1 FROM edition e JOIN revision r ON r.edition_id = e.id AND r.number = e.published_rev
		               WHERE e.state = 'published' AND e.published_rev <> e.revision AND r.body LIKE $1)`
)

// At is somebody and where that person is.
type At struct {
	Edition ID
	Here
}

// Everyone lists who has which edition open on this node, the longest there first.
func (s *Service) Everyone() []At {
	p := &s.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(p.now())
	var out []At
	for id, people := range p.rows {
		for _, h := range people {
			out = append(out, At{Edition: id, Here: h})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Since.Before(out[j].Since) })
	return out
}
