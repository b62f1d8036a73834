package google

import (
	"net/http"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// Kind is Google's Cloud Translation, as a paper installs it. All engines of the kind ask with client; nil is a sound one.
func Kind(client *http.Client) engine.Kind {
	return engine.Kind{
		Key: engine.KeyLong,
		Fields: []engine.Field{
			{Name: "project", Type: engine.TextField},
			{Name: "location", Type: engine.TextField, Default: "global"},
			{Name: "model", Type: engine.TextField},
			{Name: "glossary", Type: engine.TextField},
			{Name: "glossary_from", Type: engine.TextField},
			{Name: "glossary_to", Type: engine.TextField},
			{Name: "varieties", Type: engine.TextField},
			{Name: "endpoint", Type: engine.URLField},
			{Name: "token_url", Type: engine.URLField},
		},
		Make: httpengine.Make(New, client, func(c *Config) *httpengine.Secret { return &c.Key }),
	}
}
