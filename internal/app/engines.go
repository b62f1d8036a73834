package app

import (
	"path/filepath"

	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/engine"
	"depesche/internal/engine/apertium"
)

// engineKinds are the engines that a paper can install. A new one is a line here, and its words
// desk.engines.kind.<kind> and desk.engines.field.<field>.
func engineKinds(cfg config.Config) map[string]engine.Kind {
	return map[string]engine.Kind{
		"apertium":     apertium.Kind(apertium.Options{Cache: filepath.Join(cfg.Cache(), "apertium")}),
		"apertium-apy": apertium.APYKind(),
	}
}

func engines(d *db.DB, cfg config.Config) (*engine.Service, error) {
	vault, err := engine.NewVault(cfg.Data, cfg.SecretKey)
	if err != nil {
		return nil, err
	}
	s := engine.NewService(d, vault, engineKinds(cfg))
	return s, s.Sweep()
}
