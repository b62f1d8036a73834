package desk

import (
	"errors"
	"testing"
	"time"
)

func TestTheHourOfAnEntry(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	on := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", s, kyiv)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		clock, has, now, want string
		err                   error
	}{
		{"14:00", "", "2024-10-23 14:05", "2024-10-23 14:00", nil},
		{"00:30", "", "2024-10-23 13:00", "2024-10-23 00:30", nil},
		{"23:55", "", "2024-10-23 00:10", "2024-10-22 23:55", nil},
		{"15:30", "", "2024-10-23 14:05", "2024-10-23 15:30", nil}, // mistyped: it is refused, not put a day back
		{"00:01", "", "2024-10-23 23:58", "2024-10-23 00:01", nil},
		{"23:55", "2024-10-23 00:05", "2024-10-23 14:00", "2024-10-22 23:55", nil},
		{"00:05", "2024-10-22 23:55", "2024-10-23 14:00", "2024-10-23 00:05", nil},
		{"00:00", "2024-10-23 13:07", "2024-10-23 13:10", "2024-10-23 00:00", nil}, // the midnight to come is nearer
		{"15:30", "2024-10-23 14:05", "2024-10-23 14:10", "2024-10-23 15:30", nil},
		{"09:00", "2024-10-20 10:00", "2024-10-23 14:00", "2024-10-20 09:00", nil},
		{"03:30", "", "2024-10-27 05:00", "", errTwice},      // the clocks were set back
		{"03:30", "", "2024-03-31 05:00", "", errNoSuchTime}, // and forward
		{"23:50", "", "2024-10-27 00:10", "2024-10-26 23:50", nil},
		{"25:00", "", "2024-10-23 14:05", "", nil},
		{"24:00", "2024-10-23 14:05", "2024-10-23 14:05", "", nil},
	} {
		got, err := nearest(c.clock, on(c.has), on(c.now), kyiv)
		if c.want == "" {
			if err == nil || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("%+v: %s, %v", c, got, err)
			}
			continue
		}
		if err != nil || !got.Equal(on(c.want)) {
			t.Errorf("%+v: %s, %v", c, got.In(kyiv), err)
		}
	}
}
