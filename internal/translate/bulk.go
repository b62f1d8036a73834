package translate

import (
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// Said is what was said of a segment of a translation, for a paper that is made in bulk.
type Said struct {
	Edition, Source      edition.ID
	Address              document.Address
	SourceRev, TargetRev int64
	By                   string
	At                   time.Time
}

// Written are the segments of a translation that somebody wrote over then, as [Service.TextSaved] finds
// them.
func Written(then, now document.Doc) []document.Address { return changed(then, now) }

// Put stores that a segment was written.
func Put(b *db.Bulk, s Said) error {
	return b.Put("unit", "edition_id, address, source_id, source_rev, target_rev, answer, reason, draft_id, by_id, at",
		s.Edition, s.Address, s.Source, s.SourceRev, s.TargetRev, AnswerEdited, "", nil, s.By, db.Time{Time: s.At})
}

// PutCorrected stores that a correction changed a fact in a segment of an original.
func PutCorrected(b *db.Bulk, id, auditID string, a actor.Actor, original edition.ID, addr document.Address, from, to int64, release string, at time.Time) error {
	weight := check.Fact.String()
	err := b.Put("source_change", "id, edition_id, address, from_rev, to_rev, since_rev, weight, release_id, by_id, by_name, at",
		id, original, addr, from, to, to, weight, release, a.ID, a.Name, db.Time{Time: at})
	if err != nil {
		return err
	}
	return audit.Put(b, auditID, at, audit.Entry{Actor: a.ID, Act: "translate.weight", Subject: "edition:" + string(original), Detail: map[string]any{
		"address": addr, "from": from, "to": to, "weight": weight,
	}})
}
