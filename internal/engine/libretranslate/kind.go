package libretranslate

import (
	"net/http"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// Kind is LibreTranslate, as a paper installs it. All engines of the kind ask with client; nil is a sound one.
func Kind(client *http.Client) engine.Kind {
	return engine.Kind{
		Key: engine.KeyOptional,
		Fields: []engine.Field{
			{Name: "endpoint", Type: engine.URLField, Required: true, Default: "http://127.0.0.1:5000"},
			{Name: "in_house", Type: engine.CheckField},
			{Name: "texts", Type: engine.NumberField},
			{Name: "characters", Type: engine.NumberField},
		},
		Make: httpengine.Make(New, client, func(c *Config) *httpengine.Secret { return &c.Key }),
	}
}
