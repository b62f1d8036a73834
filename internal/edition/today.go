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
