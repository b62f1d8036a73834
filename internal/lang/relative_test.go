package lang_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"depesche/internal/lang"
)

// Until the end that is told nothing changes, and it doesn't lie behind the first change by more than
// a clock's smallest step.
func TestRelativeUntil(t *testing.T) {
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	de := lang.Tag("de")
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMilli(rapid.Int64Range(1_700_000_000_000, 1_900_000_000_000).Draw(t, "now")).In(zone)
		unit := rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "unit")
		then := now.Add(-unit * time.Duration(rapid.IntRange(-500, 500).Draw(t, "ago")))
		text := func(at time.Time) string { return de.Relative(at, then, words.In(de)) }
		until := lang.RelativeUntil(now, then)
		if until.IsZero() {
			if later := now.AddDate(30, 0, 0); text(later) != text(now) {
				t.Fatalf("%v seen at %v: %q becomes %q", then, now, text(now), text(later))
			}
			return
		}
		if !until.After(now) {
			t.Fatalf("%v seen at %v ends at %v", then, now, until)
		}
		for _, share := range []int64{0, 1, 3, 7, 9, 10} {
			at := now.Add(time.Duration(int64(until.Sub(now)-time.Millisecond) / 10 * share))
			if text(at) != text(now) {
				t.Fatalf("%v seen at %v: %q, told to be so until %v, is %q at %v", then, now, text(now), until, text(at), at)
			}
		}
	})
}
