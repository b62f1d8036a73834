package app

import "testing"

// TestPercent: as much garbage as lives beside the pages, at least eight megabytes, never more than as much
// as lives.
func TestPercent(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		live, pages int64
		want        int
	}{
		{0, 0, 100},
		{20 * mb, 0, 100},
		{40 * mb, 20 * mb, 50},
		{80 * mb, 64 * mb, 20},
		{200 * mb, 196 * mb, 4}, // eight of 200
		{4 * mb, 0, 100},
		{10 * mb, 30 * mb, 80}, // pages came since the last collection
	} {
		if got := percent(c.live, c.pages); got != c.want {
			t.Errorf("of %d MB, %d of them pages: %d %%, want %d", c.live/mb, c.pages/mb, got, c.want)
		}
	}
}
