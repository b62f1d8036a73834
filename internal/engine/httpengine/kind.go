package httpengine

import (
	"encoding/json"
	"fmt"
	"net/http"

	"depesche/internal/engine"
)

// Make returns what makes engines of a kind: from the settings as JSON and the key, which has a place of
// its own in them, a Config, looked at whole, and from that an engine that asks with client.
func Make[C interface{ Validate() error }, E engine.Engine](build func(name string, c C, client *http.Client) E, client *http.Client, place func(*C) *Secret) func(string, json.RawMessage, string) (engine.Engine, error) {
	return func(name string, settings json.RawMessage, key string) (engine.Engine, error) {
		var c C
		if len(settings) > 0 {
			if err := json.Unmarshal(settings, &c); err != nil {
				return nil, fmt.Errorf("settings: %w", err)
			}
		}
		*place(&c) = NewSecret(key)
		if err := c.Validate(); err != nil {
			return nil, err
		}
		return build(name, c, client), nil
	}
}
