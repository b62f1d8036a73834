package correction

import (
	"errors"
	"time"

	"depesche/internal/audit"
	"depesche/internal/db"
)

// Put stores a correction that was made at a time by somebody, for a paper that is made in bulk.
func Put(b *db.Bulk, c ID, n Note, by string, at time.Time, auditID string) error {
	when := db.Time{Time: at}
	err := b.Put("correction", "id, story_id, release_id, prominent, by_id, at", c, n.Story, n.Release, n.Prominent, by, when)
	for _, t := range n.Texts {
		err = errors.Join(err, b.Put("correction_text", "correction_id, lang, text, edition_id, at", c, t.Lang, t.Text, t.Edition, when))
	}
	return errors.Join(err, audit.Put(b, auditID, at, audit.Entry{
		Actor: by, Act: "correction.record", Subject: "story:" + string(n.Story),
		Detail: map[string]any{"correction": c, "release": n.Release, "prominent": n.Prominent, "texts": n.Texts},
	}))
}
