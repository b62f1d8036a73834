package events

import (
	"encoding/json"
	"time"

	"depesche/internal/db"
)

// Put is [Append] for a paper that is made in bulk: of what happened at a time. What is older at now
// than events are kept is left away.
func Put(b *db.Bulk, id string, at, now time.Time, kind, subject string, data any) error {
	if now.Sub(at) >= keep {
		return nil
	}
	text := []byte("{}")
	if data != nil {
		var err error
		if text, err = json.Marshal(data); err != nil {
			return err
		}
	}
	return b.Put("event", "id, kind, subject, data, created_at", id, kind, subject, string(text), db.Time{Time: at})
}
