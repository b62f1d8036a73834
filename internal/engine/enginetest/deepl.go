package enginetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/engine"
)

// DeepL is a fake of DeepL's API. Where DeepL's own description of it is at hand (the test material
// beside the repository), every request is held against it.
type DeepL struct {
	*Service
	// Unauthorized is the status of a wrong key: 403 as DeepL's description has it, 401 as its own
	// mock server.
	Unauthorized int
	glossaries   []deeplGlossary
	made         int
	// NoGlossaries refuses every request for one, as a key without that scope.
	NoGlossaries bool
}

type deeplGlossary struct {
	ID      string        `json:"glossary_id"`
	Name    string        `json:"name"`
	Created string        `json:"creation_time"`
	Dicts   []deeplDict   `json:"dictionaries"`
	terms   []engine.Term // of its one dictionary
}

type deeplDict struct {
	Source  string `json:"source_lang"`
	Target  string `json:"target_lang"`
	Entries string `json:"entries,omitempty"`
	Format  string `json:"entries_format,omitempty"`
	Count   int    `json:"entry_count,omitempty"`
}

// DeepLSources and DeepLTargets are what the fake translates.
var (
	DeepLSources = []string{"DE", "EN", "ES", "FR", "PL", "PT", "RU", "UK", "ZH"}
	DeepLTargets = []string{"DE", "EN-GB", "EN-US", "ES", "FR", "PL", "PT-BR", "PT-PT", "RU", "UK", "ZH-HANS", "ZH-HANT"}
	formal       = []string{"DE", "ES", "FR", "PL", "PT-BR", "PT-PT", "RU"}
)

// StartDeepL starts one.
func StartDeepL(t testing.TB) *DeepL {
	d := &DeepL{Unauthorized: http.StatusForbidden}
	d.Service = newService(t, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /v2/translate", d.translation)
		mux.HandleFunc("GET /v2/languages", d.languages)
		mux.HandleFunc("GET /v2/usage", d.usage)
		mux.HandleFunc("GET /v3/glossaries", d.list)
		mux.HandleFunc("POST /v3/glossaries", d.create)
		mux.HandleFunc("DELETE /v3/glossaries/{id}", d.remove)
	})
	d.validate = openAPI(t, "deepl/openapi.yaml")
	return d
}

func (d *DeepL) say(w http.ResponseWriter, status int, message string) {
	w.Header().Set("X-Trace-ID", "0f1e2d3c4b5a")
	answer(w, Play{}, status, map[string]string{"message": message})
}

func (d *DeepL) allowed(w http.ResponseWriter, r *http.Request) bool {
	if r.Header.Get("Authorization") != "DeepL-Auth-Key "+Key {
		d.say(w, d.Unauthorized, "Invalid auth key.")
		return false
	}
	return true
}

type deeplRequest struct {
	Text        []string `json:"text"`
	Source      string   `json:"source_lang"`
	Target      string   `json:"target_lang"`
	Context     string   `json:"context"`
	Formality   string   `json:"formality"`
	Tags        string   `json:"tag_handling"`
	TagsVersion string   `json:"tag_handling_version"`
	Glossary    string   `json:"glossary_id"`
	Model       string   `json:"model_type"`
	ShowBilled  bool     `json:"show_billed_characters"`
}

func (d *DeepL) translation(w http.ResponseWriter, r *http.Request) {
	body := d.read(r, true)
	p, done := d.begin(w, r)
	if done || !d.allowed(w, r) {
		return
	}
	if len(body) > 128<<10 {
		d.say(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	var q deeplRequest
	if err := json.Unmarshal(body, &q); err != nil || len(q.Text) == 0 || len(q.Text) > 50 {
		d.complain("DeepL: %d texts, %v", len(q.Text), err)
		d.say(w, http.StatusBadRequest, "Bad request.")
		return
	}
	switch {
	case !slices.Contains(DeepLTargets, q.Target):
		d.say(w, http.StatusBadRequest, "Value for 'target_lang' not supported.")
		return
	case q.Source != "" && !slices.Contains(DeepLSources, q.Source):
		d.say(w, http.StatusBadRequest, "Value for 'source_lang' not supported.")
		return
	case (q.Formality == "more" || q.Formality == "less") && !slices.Contains(formal, q.Target):
		d.say(w, http.StatusBadRequest, "'formality' is not supported for given 'target_lang'.")
		return
	}
	terms, ok := d.glossary(w, q)
	if !ok {
		return
	}
	var list []map[string]any
	for i, t := range d.translate(p, q.Text, q.Tags == "html", terms) {
		one := map[string]any{"detected_source_language": q.Source, "text": t}
		if q.ShowBilled && i < len(q.Text) {
			one["billed_characters"] = Characters(q.Text[i])
		}
		if q.Model != "" {
			one["model_type_used"] = strings.TrimPrefix(q.Model, "prefer_")
		}
		list = append(list, one)
	}
	w.Header().Set("X-Trace-ID", "0f1e2d3c4b5a")
	answer(w, p, http.StatusOK, map[string]any{"translations": list})
}

// glossary is the terms of the one that is asked for.
func (d *DeepL) glossary(w http.ResponseWriter, q deeplRequest) (map[string]string, bool) {
	if q.Glossary == "" {
		return nil, true
	}
	d.mu.Lock()
	i := slices.IndexFunc(d.glossaries, func(g deeplGlossary) bool { return g.ID == q.Glossary })
	var g deeplGlossary
	if i >= 0 {
		g = d.glossaries[i]
	}
	d.mu.Unlock()
	base, _, _ := strings.Cut(q.Target, "-")
	switch {
	case i < 0:
		d.say(w, http.StatusNotFound, "Glossary not found")
		return nil, false
	case q.Source == "":
		d.say(w, http.StatusBadRequest, "Use of a glossary requires the source_lang parameter to be specified")
		return nil, false
	case !strings.EqualFold(g.Dicts[0].Source, q.Source) || !strings.EqualFold(g.Dicts[0].Target, base):
		d.say(w, http.StatusBadRequest, "Languages don't match glossary")
		return nil, false
	}
	out := map[string]string{}
	for _, t := range g.terms {
		out[t.Source] = t.Target
	}
	return out, true
}

func (d *DeepL) languages(w http.ResponseWriter, r *http.Request) {
	d.read(r, false)
	if !d.allowed(w, r) {
		return
	}
	codes := DeepLSources
	if r.URL.Query().Get("type") == "target" {
		codes = DeepLTargets
	}
	list := []map[string]any{}
	for _, c := range codes {
		list = append(list, map[string]any{"language": c, "name": c})
	}
	answer(w, Play{}, http.StatusOK, list)
}

func (d *DeepL) usage(w http.ResponseWriter, r *http.Request) {
	d.read(r, false)
	if d.allowed(w, r) {
		answer(w, Play{}, http.StatusOK, map[string]any{"character_count": d.Charged(), "character_limit": 500000})
	}
}

func (d *DeepL) list(w http.ResponseWriter, r *http.Request) {
	d.read(r, false)
	if !d.allowed(w, r) || d.refused(w) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	answer(w, Play{}, http.StatusOK, map[string]any{"glossaries": append([]deeplGlossary{}, d.glossaries...)})
}

func (d *DeepL) refused(w http.ResponseWriter) bool {
	if d.NoGlossaries {
		w.WriteHeader(http.StatusForbidden)
	}
	return d.NoGlossaries
}

func (d *DeepL) create(w http.ResponseWriter, r *http.Request) {
	body := d.read(r, false)
	if !d.allowed(w, r) || d.refused(w) {
		return
	}
	var g deeplGlossary
	if err := json.Unmarshal(body, &g); err != nil || len(g.Dicts) != 1 || g.Dicts[0].Format != "tsv" || g.Name == "" {
		d.complain("DeepL: a glossary of another shape: %s", body)
		d.say(w, http.StatusBadRequest, "Invalid glossary entries provided")
		return
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(g.Dicts[0].Entries, "\n") {
		source, target, ok := strings.Cut(line, "\t")
		if !ok || source == "" || target == "" || seen[source] || strings.Contains(target, "\t") {
			d.complain("DeepL: glossary line %q", line)
			d.say(w, http.StatusBadRequest, "Invalid glossary entries provided")
			return
		}
		seen[source] = true
		g.terms = append(g.terms, engine.Term{Source: source, Target: target})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.made++
	g.ID = fmt.Sprintf("def3a26b-3e84-45b3-84ae-%012d", d.made)
	g.Created = time.Date(2026, 1, 1, 0, 0, d.made, 0, time.UTC).Format(time.RFC3339)
	g.Dicts[0].Count, g.Dicts[0].Entries, g.Dicts[0].Format = len(g.terms), "", ""
	d.glossaries = append(d.glossaries, g)
	answer(w, Play{}, http.StatusCreated, g)
}

func (d *DeepL) remove(w http.ResponseWriter, r *http.Request) {
	d.read(r, false)
	if !d.allowed(w, r) || d.refused(w) {
		return
	}
	d.Forget(r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}

// Forget takes a glossary away; "" takes all.
func (d *DeepL) Forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.glossaries = slices.DeleteFunc(d.glossaries, func(g deeplGlossary) bool { return id == "" || g.ID == id })
}

// Glossaries are the names of those that there are.
func (d *DeepL) Glossaries() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, g := range d.glossaries {
		out = append(out, g.Name)
	}
	return out
}
