package edition

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/story"
)

const (
	textBatches = 2    // of stories are read whole before all headlines are looked through
	mostFound   = 5000 // stories of which a page is made; what more of them have soon fills a page
)

// headlinesQuery is answered from an index: texts stand between a headline and the rest of its row.
const headlinesQuery = `SELECT headline, story_id FROM edition`

// headlined returns the stories that a text finds in all the paper, and an ID that none has, so that nothing found
// isn't all; or nil if they are many.
func headlined(ctx context.Context, q db.Conn, text string) ([]story.ID, error) {
	found := map[story.ID]struct{}{"": {}}
	if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		var id story.ID
		switch err := q.QueryRowContext(ctx, `SELECT id FROM story WHERE number = $1`, n).Scan(&id); {
		case err == nil:
			found[id] = struct{}{}
		case !errors.Is(err, sql.ErrNoRows):
			return nil, err
		}
	}
	words := strings.Fields(entry.Folded(text))
	if len(words) == 0 {
		return slices.Collect(maps.Keys(found)), nil
	}
	rows, err := q.QueryContext(ctx, headlinesQuery)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var headline string
		var id story.ID
		if err := rows.Scan(&headline, &id); err != nil {
			return nil, err
		}
		if !says(headline, words) {
			continue
		}
		if found[id] = struct{}{}; len(found) > mostFound {
			return nil, nil
		}
	}
	return slices.Collect(maps.Keys(found)), rows.Err()
}

// says reports whether all of the folded words occur in a headline.
func says(headline string, words []string) bool {
	headline = entry.Folded(headline)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(headline, w) })
}

func (r BoardRow) matches(text string) bool {
	if text == "" || strings.TrimSpace(text) == strconv.FormatInt(r.Number, 10) {
		return true
	}
	words := strings.Fields(entry.Folded(text))
	if len(words) == 0 {
		return false
	}
	for _, c := range r.Cells {
		if says(c.Headline, words) {
			return true
		}
	}
	return false
}
