package apertium

import (
	"encoding/json"

	"depesche/internal/engine"
)

// Kind is the command on this machine. It has nothing to set.
func Kind(o Options) engine.Kind {
	return engine.Kind{Make: func(name string, _ json.RawMessage, _ string) (engine.Engine, error) { return NewLocal(name, o), nil }}
}

// APYKind is an apertium-apy over HTTP.
func APYKind() engine.Kind {
	return engine.Kind{
		Fields: []engine.Field{{Name: "url", Type: engine.URLField, Required: true, Default: "http://127.0.0.1:2737"}},
		Make: func(name string, settings json.RawMessage, _ string) (engine.Engine, error) {
			var s struct{ URL string }
			if err := json.Unmarshal(settings, &s); err != nil {
				return nil, err
			}
			return NewAPY(name, s.URL)
		},
	}
}
