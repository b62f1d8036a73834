package enginetest

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
)

// ModernMT is a fake of ModernMT.
type ModernMT struct {
	*Service
	// Memories are those there are; a hint at another is refused.
	Memories []string
}

// ModernLanguages are what the fake translates.
var ModernLanguages = []string{"de", "en-GB", "en-US", "es-419", "es-ES", "fr", "pl", "pt-BR", "pt-PT", "ru", "uk", "zh-CN", "zh-TW"}

// StartModernMT starts one.
func StartModernMT(t testing.TB) *ModernMT {
	m := &ModernMT{}
	m.Service = newService(t, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /translate", m.translation)
		mux.HandleFunc("GET /translate/languages", m.languages)
	})
	return m
}

func (m *ModernMT) refuse(w http.ResponseWriter, status int, kind, message string) {
	answer(w, Play{}, status, map[string]any{"status": status, "error": map[string]string{"type": kind, "message": message}})
}

func (m *ModernMT) allowed(w http.ResponseWriter, r *http.Request) bool {
	good := r.Header.Get("MMT-ApiKey") == Key
	if !good {
		m.refuse(w, http.StatusUnauthorized, "UnauthorizedException", "Invalid api key")
	}
	return good
}

func (m *ModernMT) translation(w http.ResponseWriter, r *http.Request) {
	body := m.read(r, true)
	p, done := m.begin(w, r)
	if done || !m.allowed(w, r) {
		return
	}
	var q struct {
		Source, Target, Format string
		Q                      []string
		Hints                  []string
		Timeout                int
	}
	if err := json.Unmarshal(body, &q); err != nil || len(q.Q) == 0 || r.Header.Get("X-HTTP-Method-Override") != "GET" || q.Format != "text/html" || q.Timeout <= 0 {
		m.complain("ModernMT: %v: %s", err, body)
		m.refuse(w, http.StatusBadRequest, "ParameterParsingException", "Missing parameter q")
		return
	}
	for _, h := range q.Hints {
		if !slices.Contains(m.Memories, h) {
			m.refuse(w, http.StatusBadRequest, "ParameterParsingException", "Unknown memory")
			return
		}
	}
	switch {
	case len(q.Q) > 128:
		m.complain("ModernMT: %d texts", len(q.Q))
		m.refuse(w, http.StatusBadRequest, "ParameterParsingException", "Too many texts, the limit is 128")
	case !slices.Contains(ModernLanguages, q.Source), !slices.Contains(ModernLanguages, q.Target):
		m.refuse(w, http.StatusBadRequest, "UnsupportedLanguageException", "Unsupported language pair")
	default:
		list := []map[string]any{}
		for i, t := range m.translate(p, q.Q, true, nil) {
			n := 0
			if i < len(q.Q) {
				n = Characters(q.Q[i])
			}
			list = append(list, map[string]any{"translation": t, "characters": n, "billedCharacters": n, "billed": true})
		}
		answer(w, p, http.StatusOK, map[string]any{"status": 200, "data": list})
	}
}

func (m *ModernMT) languages(w http.ResponseWriter, r *http.Request) {
	m.read(r, false)
	if m.allowed(w, r) {
		answer(w, Play{}, http.StatusOK, map[string]any{"status": 200, "data": ModernLanguages})
	}
}
