package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed cldr/places/*.json
var placeFiles embed.FS

var placesRead sync.Map // Tag → map[string]string

// Places returns what the language calls countries and the cities that time zones are named after, by
// their codes: "DE", "Europe/Vienna". It is empty for languages that we have no such names in. The
// map is shared: nobody may change it.
func (t Tag) Places() map[string]string {
	t = t.Base()
	if m, ok := placesRead.Load(t); ok {
		return m.(map[string]string)
	}
	m := map[string]string{}
	if raw, err := placeFiles.ReadFile("cldr/places/" + string(t) + ".json"); err == nil {
		if err := json.Unmarshal(raw, &m); err != nil {
			panic(fmt.Sprintf("lang: places of %s: %v", t, err)) // embedded: can only fail if the build is broken
		}
	}
	placesRead.Store(t, m)
	return m
}
