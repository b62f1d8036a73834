package id_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"depesche/internal/id"
)

var form = regexp.MustCompile(`^[0-7][0-9a-hjkmnp-tv-z]{25}$`)

func TestNewSortsByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := time.UnixMilli(rapid.Int64Range(0, 1<<48-1).Draw(t, "a"))
		b := time.UnixMilli(rapid.Int64Range(0, 1<<48-1).Draw(t, "b"))
		x, y := id.New(a), id.New(b)
		if !form.MatchString(x) || !id.Valid(x) {
			t.Fatalf("bad form %q", x)
		}
		if a.Before(b) && x >= y || b.Before(a) && y >= x {
			t.Fatalf("%v %s and %v %s sort differently", a, x, b, y)
		}
		if got, ok := id.Time(x); !ok || !got.Equal(a) {
			t.Fatalf("time of %s is %v, want %v", x, got, a)
		}
	})
}

func TestNewAscendsWithinAMillisecond(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	made := make([]string, 20_000)
	for i := range made {
		made[i] = id.New(now)
	}
	if !slices.IsSorted(made) {
		t.Error("IDs of one millisecond don't ascend")
	}
	if n := len(slices.Compact(made)); n != len(made) {
		t.Errorf("%d doubles", len(made)-n)
	}
}

func TestNewIsSafeForManyGoroutines(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	const each = 1000
	made := make(chan string, 8*each)
	for range 8 {
		go func() {
			for range each {
				made <- id.New(now)
			}
		}()
	}
	seen := map[string]bool{}
	for range 8 * each {
		seen[<-made] = true
	}
	if len(seen) != 8*each {
		t.Errorf("%d distinct of %d", len(seen), 8*each)
	}
}

func TestValid(t *testing.T) {
	for s, want := range map[string]bool{
		"":                            false,
		"01jdc8z5k0abcdefghjkmnpqrs":  true,
		"01JDC8Z5K0ABCDEFGHJKMNPQRS":  false,
		"81jdc8z5k0abcdefghjkmnpqrs":  false,
		"01jdc8z5k0abcdefghijkmnpqr":  false,
		"01jdc8z5k0abcdefghjkmnpqrst": false,
		"../../../../../etc/passwd00": false,
	} {
		if got := id.Valid(s); got != want {
			t.Errorf("Valid(%q) = %v", s, got)
		}
	}
}

func TestShortAndToken(t *testing.T) {
	if s := id.Short(6); !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{6}$`).MatchString(s) {
		t.Errorf("Short: %q", s)
	}
	a, b := id.Token(), id.Token()
	if a == b || !regexp.MustCompile(`^[0-9A-Za-z_-]{43}$`).MatchString(a) {
		t.Errorf("Token: %q, %q", a, b)
	}
}

func BenchmarkNew(b *testing.B) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for b.Loop() {
		id.New(now)
	}
}
