package enginetest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Google is a fake of Cloud Translation v3 and of the place where its tokens are had.
type Google struct {
	*Service
	// TokenStatus is what a request for a token is answered with, unless it is 0.
	TokenStatus int
	// Glossary is the one there is, as in projects/P/locations/L/glossaries/G, with its terms.
	Glossary string
	Terms    map[string]string
	// Missing are texts that are left out of the answer's translation.
	Missing []string
	token   int
	expired int
}

// GoogleLanguages are what the fake translates.
var GoogleLanguages = []string{"de", "en", "es", "fr", "iw", "no", "pl", "pt", "pt-PT", "ru", "uk", "zh", "zh-CN", "zh-TW"}

// StartGoogle starts one.
func StartGoogle(t testing.TB) *Google {
	g := &Google{}
	g.Service = newService(t, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /token", g.tokens)
		mux.HandleFunc("POST /v3/projects/{project}/locations/{call}", g.translation)
		mux.HandleFunc("GET /v3/projects/{project}/locations/{location}/supportedLanguages", g.languages)
	})
	return g
}

var private = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
})

// Account is the file of a service account that the fake takes. [Key] is the name of its private key.
func (g *Google) Account() string {
	b, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "paper", "client_email": "desk@paper.iam.gserviceaccount.com",
		"private_key_id": Key, "private_key": private(), "token_uri": g.URL + "/token",
	})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Expire makes all tokens so far worth nothing.
func (g *Google) Expire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expired = g.token
}

func (g *Google) tokens(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		panic(http.ErrAbortHandler)
	}
	g.mu.Lock()
	g.asked = append(g.asked, Asked{Method: r.Method, Path: r.URL.Path, Query: r.Form, Header: r.Header.Clone()})
	status := g.TokenStatus
	g.token++
	n := g.token
	g.mu.Unlock()
	parts := strings.Split(r.Form.Get("assertion"), ".")
	switch {
	case status != 0:
		answer(w, Play{}, status, map[string]string{"error": "invalid_grant", "error_description": "Invalid JWT Signature. " + Key})
	case r.Form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" || len(parts) != 3:
		g.complain("Google: a token is asked for with %v", r.Form)
		answer(w, Play{}, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
	default:
		answer(w, Play{}, http.StatusOK, map[string]any{"access_token": fmt.Sprintf("ya29.%d-hush", n), "expires_in": 3600, "token_type": "Bearer"})
	}
}

func (g *Google) refuse(w http.ResponseWriter, status int, name, message string) {
	answer(w, Play{}, status, map[string]any{"error": map[string]any{"code": status, "message": message, "status": name}})
}

func (g *Google) allowed(w http.ResponseWriter, r *http.Request) bool {
	var n int
	_, err := fmt.Sscanf(r.Header.Get("Authorization"), "Bearer ya29.%d-hush", &n)
	g.mu.Lock()
	good := err == nil && n > g.expired && n <= g.token
	g.mu.Unlock()
	if !good {
		g.refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
	}
	return good
}

func (g *Google) translation(w http.ResponseWriter, r *http.Request) {
	body := g.read(r, true)
	p, done := g.begin(w, r)
	location, method, _ := strings.Cut(r.PathValue("call"), ":")
	if done || !g.allowed(w, r) {
		return
	}
	var q struct {
		Contents []string
		MIME     string `json:"mimeType"`
		Source   string `json:"sourceLanguageCode"`
		Target   string `json:"targetLanguageCode"`
		Model    string
		Glossary *struct {
			Name       string `json:"glossary"`
			IgnoreCase bool   `json:"ignoreCase"`
		} `json:"glossaryConfig"`
	}
	err := json.Unmarshal(body, &q)
	parent := "projects/" + r.PathValue("project") + "/locations/" + location
	switch {
	case err != nil || method != "translateText" || len(q.Contents) == 0 || q.MIME != "text/html":
		g.complain("Google: %s %v: %s", r.URL.Path, err, body)
		g.refuse(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid request.")
	case len(q.Contents) > 1024 || Characters(q.Contents...) > 30720:
		g.complain("Google: %d texts, %d characters", len(q.Contents), Characters(q.Contents...))
		g.refuse(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Text is too long.")
	case !slices.Contains(GoogleLanguages, q.Source):
		g.refuse(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Source language is invalid.")
	case !slices.Contains(GoogleLanguages, q.Target):
		g.refuse(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Target language is invalid.")
	case q.Model != "" && !strings.HasPrefix(q.Model, parent+"/models/"):
		g.complain("Google: model %s", q.Model)
		g.refuse(w, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid model.")
	case q.Glossary != nil && (location == "global" || q.Glossary.Name != g.Glossary):
		g.refuse(w, http.StatusNotFound, "NOT_FOUND", "Glossary not found.")
	default:
		out := map[string]any{"translations": g.list(p, q.Contents, q.Model, nil)}
		if q.Glossary != nil {
			out["glossaryTranslations"] = g.list(Play{}, q.Contents, q.Model, g.Terms)
		}
		answer(w, p, http.StatusOK, out)
	}
}

// list writes the translations as Google does, with quotation marks as entities.
func (g *Google) list(p Play, texts []string, model string, terms map[string]string) []map[string]any {
	list := []map[string]any{}
	for i, t := range g.translate(p, texts, true, terms) {
		one := map[string]any{"model": model}
		if i >= len(texts) || !slices.Contains(g.Missing, texts[i]) {
			one["translatedText"] = apostrophes(t)
		}
		list = append(list, one)
	}
	return list
}

// apostrophes are entities in Google's HTML, outside tags.
func apostrophes(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range anyTag.FindAllStringIndex(s, -1) {
		b.WriteString(strings.ReplaceAll(s[at:m[0]], "'", html.EscapeString("'")) + s[m[0]:m[1]])
		at = m[1]
	}
	return b.String() + strings.ReplaceAll(s[at:], "'", html.EscapeString("'"))
}

func (g *Google) languages(w http.ResponseWriter, r *http.Request) {
	g.read(r, false)
	if !g.allowed(w, r) {
		return
	}
	list := []map[string]any{}
	for _, l := range GoogleLanguages {
		list = append(list, map[string]any{"languageCode": l, "supportSource": true, "supportTarget": l != "zh"})
	}
	answer(w, Play{}, http.StatusOK, map[string]any{"languages": list})
}
