package app

import (
	"testing"

	"depesche/internal/config"
	"depesche/internal/engine/bergamot"
	"depesche/internal/engine/bergamot/store"
	"depesche/internal/lang"
)

// TestEnginesHaveWords: what a paper can install, and what is asked of it, has a name on the screen.
func TestEnginesHaveWords(t *testing.T) {
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	en := words.In("en")
	cfg := config.Default(t.TempDir())
	for kind, k := range engineKinds(cfg, bergamot.New(store.Open(store.Dir(cfg.Data)), bergamot.Options{})) {
		if key := "desk.engines.kind." + kind; !en.Has(key) {
			t.Errorf("%s has no word", key)
		}
		for _, f := range k.Fields {
			if key := "desk.engines.field." + f.Name; !en.Has(key) {
				t.Errorf("%s of %s has no word", key, kind)
			}
			for _, o := range f.Options {
				if key := "desk.engines.option." + o; o != "" && !en.Has(key) {
					t.Errorf("%s of %s has no word", key, kind)
				}
			}
		}
	}
}
