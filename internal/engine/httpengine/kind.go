package httpengine

import (
	"encoding/json"
	"fmt"

	"depesche/internal/engine"
)

// Make returns what makes engines of a kind: from the settings as JSON and the key a Config, looked at
// whole, and from that an engine.
func Make[C interface{ Validate() error }](secret func(*C, Secret), build func(name string, c C) engine.Engine) func(string, json.RawMessage, string) (engine.Engine, error) {
	return func(name string, settings json.RawMessage, key string) (engine.Engine, error) {
		var c C
		if len(settings) > 0 {
			if err := json.Unmarshal(settings, &c); err != nil {
				return nil, fmt.Errorf("settings: %w", err)
			}
		}
		secret(&c, NewSecret(key))
		if err := c.Validate(); err != nil {
			return nil, err
		}
		return build(name, c), nil
	}
}
