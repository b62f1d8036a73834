package correction

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"depesche/internal/db"
	"depesche/internal/lang"
)

// FactLangs is the fact that [Service.Langs] notes.
const FactLangs = "corrections"

// Langs returns the languages of the paper in which [Service.List] lists something. It is one
// statement that an index answers.
func (s *Service) Langs(ctx context.Context, q db.Conn) (map[lang.Tag]bool, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT l.lang FROM publication_language AS l
		WHERE EXISTS (SELECT 1 FROM correction_text AS t`+shown+` WHERE t.lang = l.lang)`)
	langs, err := db.Collect(rows, err, func(r *sql.Rows) (l lang.Tag, err error) {
		err = r.Scan(&l)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("languages with corrections: %w", err)
	}
	db.NoteFact(q, FactLangs, func() string {
		slices.Sort(langs)
		return fmt.Sprint(langs)
	})
	out := map[lang.Tag]bool{}
	for _, l := range langs {
		out[l] = true
	}
	return out, nil
}
