package release

import (
	"errors"

	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/lang"
)

// Put stores a release that was carried out, and that it was, for a paper that is made in bulk.
//
// why is what readers are told of a withdrawal.
func Put(b *db.Bulk, r Release, why map[lang.Tag]string, auditID string) error {
	err := b.Put("release", "id, story_id, act, due_at, done_at, why, by_id, by_name, created_at",
		r.ID, r.Story, r.Act, db.NullOf(r.Due), db.NullOf(r.Done), r.Why, r.ByID, r.ByName, db.Time{Time: r.Created})
	for _, p := range r.Editions {
		err = errors.Join(err, b.Put("release_edition", "release_id, edition_id, revision, source_rev", r.ID, p.Edition, p.Revision, p.SourceRev))
	}
	detail := map[string]any{"release": r.ID, "editions": r.Editions}
	if len(why) > 0 {
		detail["why"] = why
	}
	return errors.Join(err, audit.Put(b, auditID, r.Created, audit.Entry{Actor: r.ByID, Act: "release." + string(r.Act), Subject: "story:" + string(r.Story), Detail: detail}))
}
