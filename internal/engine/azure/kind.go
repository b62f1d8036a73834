package azure

import (
	"net/http"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// Kind is Microsoft's Translator, as a paper installs it. All engines of the kind ask with client; nil is a sound one.
func Kind(client *http.Client) engine.Kind {
	return engine.Kind{
		Key: engine.KeyRequired,
		Fields: []engine.Field{
			{Name: "region", Type: engine.TextField},
			{Name: "category", Type: engine.TextField},
			{Name: "varieties", Type: engine.TextField},
			{Name: "endpoint", Type: engine.URLField},
		},
		Make: httpengine.Make(New, client, func(c *Config) *httpengine.Secret { return &c.Key }),
	}
}
