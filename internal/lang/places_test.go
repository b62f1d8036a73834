package lang

import "testing"

func TestPlaces(t *testing.T) {
	for tag, want := range map[Tag][2]string{
		"de": {"Deutschland", "Wien"}, "en": {"Germany", "Vienna"}, "uk": {"Німеччина", "Відень"}, "de-AT": {"Deutschland", "Wien"},
	} {
		if p := tag.Places(); p["DE"] != want[0] || p["Europe/Vienna"] != want[1] {
			t.Errorf("%s: %q, %q", tag, p["DE"], p["Europe/Vienna"])
		}
	}
	if p := Tag("tlh").Places(); len(p) != 0 {
		t.Errorf("unknown language: %d places", len(p))
	}
}
