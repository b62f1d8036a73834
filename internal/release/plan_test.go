package release_test

import (
	"strings"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/release"
)

// TestReleasesOfAnEditionUseIndex holds that what went out of an edition is found by it: everybody else who writes
// waits for the act that asks.
func TestReleasesOfAnEditionUseIndex(t *testing.T) {
	for _, plan := range []string{
		dbtest.Plan(t, release.WentQuery, "e", "r"), dbtest.Plan(t, release.SupersededQuery, "e", "r", db.Time{Time: noon}),
	} {
		if !strings.Contains(plan, "SEARCH re USING INDEX release_edition_edition (edition_id=?)") || strings.Contains(plan, "SCAN re") {
			t.Error(plan)
		}
	}
}
