package app

import (
	"path/filepath"

	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/engine"
	"depesche/internal/engine/apertium"
	"depesche/internal/engine/azure"
	"depesche/internal/engine/bergamot"
	"depesche/internal/engine/deepl"
	"depesche/internal/engine/google"
	"depesche/internal/engine/libretranslate"
	"depesche/internal/engine/modernmt"
	"depesche/internal/engine/openai"
)

// engineKinds are the engines that a paper can install. A new one is a line here, and its words
// desk.engines.kind.<kind> and desk.engines.field.<field>.
func engineKinds(cfg config.Config, embedded *bergamot.Engine) map[string]engine.Kind {
	return map[string]engine.Kind{
		bergamot.Kind:       embedded.Kind(),
		"apertium":          apertium.Kind(apertium.Options{Cache: filepath.Join(cfg.Cache(), "apertium")}),
		"apertium-apy":      apertium.APYKind(),
		azure.Name:          azure.Kind(nil),
		deepl.Name:          deepl.Kind(nil),
		google.Name:         google.Kind(nil),
		libretranslate.Name: libretranslate.Kind(nil),
		modernmt.Name:       modernmt.Kind(nil),
		openai.Name:         openai.Kind(nil),
	}
}

func engines(d *db.DB, cfg config.Config, embedded *bergamot.Engine) (*engine.Service, error) {
	vault, err := engine.NewVault(cfg.Data, cfg.SecretKey)
	if err != nil {
		return nil, err
	}
	s := engine.NewService(d, vault, engineKinds(cfg, embedded))
	return s, s.Sweep()
}
