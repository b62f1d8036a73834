package audit

import (
	"encoding/json"
	"time"

	"depesche/internal/db"
)

// Put is [Record] for a paper that is made in bulk; id is as long and sorts as one of the house.
func Put(b *db.Bulk, id string, at time.Time, e Entry) error {
	detail := []byte("{}")
	if e.Detail != nil {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return err
		}
	}
	return b.Put("audit", "id, actor, act, subject, detail, at", id, e.Actor, e.Act, e.Subject, string(detail), db.Time{Time: at})
}
