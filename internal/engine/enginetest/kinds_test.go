package enginetest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"depesche/internal/engine"
	"depesche/internal/engine/azure"
	"depesche/internal/engine/deepl"
	. "depesche/internal/engine/enginetest"
	"depesche/internal/engine/google"
	"depesche/internal/engine/libretranslate"
	"depesche/internal/engine/modernmt"
	"depesche/internal/engine/openai"
)

// What a form has typed makes an engine, and every field of a form is a setting.
func TestKindsAreMadeFromSettings(t *testing.T) {
	client := &http.Client{}
	for name, c := range map[string]struct {
		kind     engine.Kind
		settings string
		key      string
	}{
		deepl.Name:          {deepl.Kind(client), `{"formality":"prefer_more","varieties":"en-US, pt-BR"}`, "k:fx"},
		google.Name:         {google.Kind(client), `{"location":"europe-west1","glossary":"g","glossary_from":"uk","glossary_to":"de"}`, StartGoogle(t).Account()},
		azure.Name:          {azure.Kind(client), `{"region":"westeurope"}`, "k"},
		libretranslate.Name: {libretranslate.Kind(client), `{"endpoint":"http://localhost:5000","in_house":true,"texts":20}`, ""},
		modernmt.Name:       {modernmt.Kind(client), `{"memories":"12 34"}`, "k"},
		openai.Name:         {openai.Kind(client), `{"endpoint":"http://localhost:11434/v1","model":"gemma","languages":"uk de en","context":-1}`, ""},
	} {
		e, err := c.kind.Make("mine", json.RawMessage(c.settings), c.key)
		if err != nil || e.Info().Kind != name || e.Info().Name != "mine" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.key != "" {
			if _, err := c.kind.Make("mine", json.RawMessage(c.settings), ""); err == nil {
				t.Errorf("%s is made without a key", name)
			}
		}
		if _, err := c.kind.Make("mine", json.RawMessage(`{"endpoint":7}`), c.key); err == nil || c.key != "" && strings.Contains(err.Error(), c.key) {
			t.Errorf("%s with an address that is a number: %v", name, err)
		}
		// A field that the settings don't know would be typed in vain.
		for _, f := range c.kind.Fields {
			if !knows(c.kind, f.Name, c.key) {
				t.Errorf("%s has no setting %q", name, f.Name)
			}
		}
	}
}

// knows tells whether a wrong type under that name is complained of.
func knows(k engine.Kind, field, key string) bool {
	bad, err := json.Marshal(map[string]any{field: map[string]int{"x": 1}})
	if err != nil {
		return false
	}
	_, err = k.Make("mine", bad, key)
	return err != nil && strings.HasPrefix(err.Error(), "settings:")
}
