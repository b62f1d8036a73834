package desk

import (
	"strings"
	"testing"

	"depesche/internal/engine"
	"depesche/internal/lang"
)

// A key that is there is kept, replaced or taken away, and never in the form.
func TestEngineKey(t *testing.T) {
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		use                    engine.KeyUse
		has                    bool
		kind                   string
		required, change, none bool
	}{
		{engine.KeyNone, false, "", false, false, true},
		{engine.KeyOptional, false, "password", false, false, false},
		{engine.KeyOptional, true, "password", false, true, false},
		{engine.KeyRequired, false, "password", true, false, false},
		{engine.KeyRequired, true, "password", false, false, false},
		{engine.KeyLong, false, "textarea", true, false, false},
	} {
		v := engineView{frame: frame{words: words.In("en")}}
		v.engineKey(c.use, engine.Installed{HasKey: c.has}, true)
		if closed := (&engineView{frame: v.frame}); c.has {
			if closed.engineKey(c.use, engine.Installed{HasKey: true}, false); !strings.Contains(closed.Key.Hint, "Type the key anew") {
				t.Errorf("%+v: that its key can’t be opened isn’t said: %q", c, closed.Key.Hint)
			}
		}
		if (v.Key == nil) != c.none || (v.KeyChange != nil) != c.change {
			t.Errorf("%+v: %v, %v", c, v.Key, v.KeyChange)
			continue
		}
		if v.Key != nil && (v.Key.Type != c.kind || v.Key.Required != c.required || v.Key.Value != "") {
			t.Errorf("%+v: %+v", c, v.Key)
		}
	}
}

// Each trouble has its words, what to do among them.
func TestEveryTroubleHasWords(t *testing.T) {
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	all := []engine.Trouble{engine.Busy, engine.Quota, engine.Key, engine.Unsupported, engine.TooLong, engine.Refused, engine.Garbled, engine.Gone, engine.Unanswered, engine.Sealed, engine.Off, engine.None}
	for _, tag := range words.Languages() {
		for _, trouble := range all {
			if trouble != engine.None && !words.In(tag).Has("desk.draft.trouble."+string(trouble)) {
				t.Errorf("%s: desk.draft.trouble.%s", tag, trouble)
			}
			for _, key := range []string{"desk.engines.trouble.", "desk.engines.do."} {
				if !words.In(tag).Has(key + string(trouble)) {
					t.Errorf("%s: %s%s", tag, key, trouble)
				}
			}
		}
	}
}

func TestSums(t *testing.T) {
	for in, want := range map[string]int64{"": 0, "20": 2000, "20.5": 2050, "20,50": 2050, ".5": 50, "x": -1, "-1": -1, "1.234": -1, "9999999999": -1, "1.000.000": -1} {
		if got := cents(in); got != want {
			t.Errorf("%q: %d cents, want %d", in, got, want)
		}
	}
	for in, want := range map[string]int64{"": 0, "500000": 500000, "500 000": 500000, "1.000.000": 1000000, "1'000": 1000, "x": -1, "-5": -5} {
		if got := amount(in); got != want {
			t.Errorf("%q: %d characters, want %d", in, got, want)
		}
	}
	if money(2050) != "20.50" || money(0) != "" || positive(-1) != "" {
		t.Error("what is shown isn't what is typed")
	}
}
