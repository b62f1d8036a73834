package demo

import (
	"strings"
	"testing"
)

// TestReferenceStory holds the faults of the page that the product began with put right.
func TestReferenceStory(t *testing.T) {
	var s Story
	for _, x := range content(t).Stories {
		if x.Key == "nato-invitation" {
			s = x
		}
	}
	if len(s.Authors) == 0 || s.Section == "" || s.Published.IsZero() || s.Original != "uk" {
		t.Error("author, section, date or original is missing")
	}
	hopes := map[string]string{"de": "hofft", "uk": "сподівається", "en": "hopes", "fr": "espère"}
	invitation := map[string]string{"de": "Einladung", "uk": "запрошення", "en": "invitation", "fr": "invitation"}
	term := map[string]string{"de": "Amtszeit von US-Präsident Joe Biden", "uk": "каденції президента США Джо Байдена",
		"en": "US President Joe Biden’s term", "fr": "mandat du président américain Joe Biden"}
	if len(s.Editions) != len(hopes) {
		t.Errorf("%d editions", len(s.Editions))
	}
	for lang, ed := range s.Editions {
		if ed.State != "published" {
			t.Errorf("%s: %s", lang, ed.State)
		}
		if !strings.Contains(ed.Headline, hopes[lang]) || !strings.Contains(ed.Headline, invitation[lang]) {
			t.Errorf("%s: the headline claims more than the text: %q", lang, ed.Headline)
		}
		if !strings.Contains(ed.Lead, term[lang]) {
			t.Errorf("%s: the lead doesn't say whose term it is: %q", lang, ed.Lead)
		}
		if !strings.Contains(ed.Lead, "(source:lemonde)") {
			t.Errorf("%s: the lead doesn't lead to who says so", lang)
		}
		if ed.Teaser == "" || strings.HasSuffix(ed.Teaser, "…") {
			t.Errorf("%s: the teaser is cut: %q", lang, ed.Teaser)
		}
		if len(s.Corrections) != 1 || s.Corrections[0].Texts[lang] == "" || !s.Corrections[0].Headline {
			t.Errorf("%s: the correction is missing", lang)
		}
		for _, junk := range []string{"spot_img", "...", "Kiew", "Griwna"} {
			if strings.Contains(ed.Headline+ed.Lead+ed.Body, junk) {
				t.Errorf("%s: %q", lang, junk)
			}
		}
	}
	for _, src := range s.Sources {
		if src.URL == "" || src.Date == "" || src.Lang == "" {
			t.Errorf("source %s: no link, date or language", src.ID)
		}
	}
	if first := s.First("de"); strings.Contains(first.Headline, "Einladung") {
		t.Error("the German headline was right from the beginning, and the correction is about nothing")
	}
}
