package deepl

import (
	"net/http"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// Kind is DeepL, as a paper installs it. All engines of the kind ask with client; nil is a sound one.
func Kind(client *http.Client) engine.Kind {
	return engine.Kind{
		Key: engine.KeyRequired,
		Fields: []engine.Field{
			{Name: "endpoint", Type: engine.URLField},
			{Name: "formality", Type: engine.ChoiceField, Options: []string{"", "prefer_more", "prefer_less"}},
			{Name: "model", Type: engine.ChoiceField, Options: []string{"", "quality_optimized", "prefer_quality_optimized", "latency_optimized"}},
			{Name: "varieties", Type: engine.TextField},
		},
		Make: httpengine.Make(New, client, func(c *Config) *httpengine.Secret { return &c.Key }),
	}
}
