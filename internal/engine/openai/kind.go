package openai

import (
	"net/http"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// Kind is a language model, as a paper installs it. All engines of the kind ask with client; nil is a sound one.
func Kind(client *http.Client) engine.Kind {
	return engine.Kind{
		Key: engine.KeyOptional,
		Fields: []engine.Field{
			{Name: "endpoint", Type: engine.URLField, Required: true, Default: "http://127.0.0.1:11434/v1"},
			{Name: "model", Type: engine.TextField, Required: true},
			{Name: "languages", Type: engine.TextField, Required: true},
			{Name: "formality", Type: engine.ChoiceField, Options: []string{"", "more", "less"}},
			{Name: "instructions", Type: engine.TextField},
			{Name: "characters", Type: engine.NumberField},
			{Name: "context", Type: engine.NumberField},
			{Name: "in_house", Type: engine.CheckField},
		},
		Make: httpengine.Make(New, client, func(c *Config) *httpengine.Secret { return &c.Key }),
	}
}
