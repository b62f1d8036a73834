package id_test

import (
	"testing"
	"time"

	"depesche/internal/id"
)

func TestDerived(t *testing.T) {
	at := time.Date(2024, 10, 23, 12, 0, 0, 0, time.UTC)
	a := id.Derived(at, "wordpress:https://example.org 12")
	if !id.Valid(a) || a != id.Derived(at, "wordpress:https://example.org 12") {
		t.Errorf("%q isn't an ID, or isn't the same twice", a)
	}
	if a == id.Derived(at, "wordpress:https://example.org 13") {
		t.Error("two seeds, one ID")
	}
	if got, ok := id.Time(a); !ok || !got.Equal(at) {
		t.Errorf("its time is %v", got)
	}
	if b := id.Derived(at.Add(time.Millisecond), "x"); b <= a {
		t.Errorf("%q doesn't sort behind %q", b, a)
	}
	old := id.Derived(time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC), "x")
	if got, ok := id.Time(old); !ok || got.UnixMilli() != 0 {
		t.Errorf("before 1970: %v", got)
	}
}
