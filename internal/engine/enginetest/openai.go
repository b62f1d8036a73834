package enginetest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Model is a fake of a server with a language model behind OpenAI's chat interface.
type Model struct {
	*Service
	// Open asks for no key.
	Open bool
	// Names are the models there are; empty: the server has no list.
	Names []string
	// Refuses are parameters that the server doesn't take.
	Refuses []string
	// Puts is how the model puts its answer, given the JSON that was asked for; nil is as asked.
	Puts func(answer string) string
	// Window is how many characters of a request the model reads; what is beyond is lost without a word,
	// as Ollama does it. 0 is no bound.
	Window int
	// Finish is the reason why it ended; "" is "stop".
	Finish string
	// Stubborn takes terms only when it is reminded.
	Stubborn bool
}

// StartModel starts one with the models of these names.
func StartModel(t testing.TB, names ...string) *Model {
	m := &Model{Names: names}
	m.Service = newService(t, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /v1/chat/completions", m.translation)
		mux.HandleFunc("GET /v1/models", m.models)
	})
	return m
}

func (m *Model) refuse(w http.ResponseWriter, status int, kind, code, message string) {
	answer(w, Play{}, status, map[string]any{"error": map[string]any{"message": message, "type": kind, "code": code, "param": nil}})
}

func (m *Model) allowed(w http.ResponseWriter, r *http.Request) bool {
	good := m.Open || r.Header.Get("Authorization") == "Bearer "+Key
	if !good {
		m.refuse(w, http.StatusUnauthorized, "invalid_request_error", "invalid_api_key", "Incorrect API key provided: "+Key[:4]+"***")
	}
	return good
}

type modelTask struct {
	Terms []struct {
		Source string `json:"source"`
		Target string `json:"target"`
	} `json:"terms"`
	Segments []struct {
		ID   int    `json:"id"`
		Text string `json:"text"`
	} `json:"segments"`
}

func (m *Model) translation(w http.ResponseWriter, r *http.Request) {
	body := m.read(r, true)
	p, done := m.begin(w, r)
	if done || !m.allowed(w, r) {
		return
	}
	var params map[string]json.RawMessage
	var q struct {
		Model    string
		Messages []struct{ Role, Content string }
	}
	if json.Unmarshal(body, &params) != nil || json.Unmarshal(body, &q) != nil || len(q.Messages) != 2 || q.Messages[0].Role != "system" {
		m.complain("model: %s", body)
		m.refuse(w, http.StatusBadRequest, "invalid_request_error", "", "Bad request")
		return
	}
	for _, name := range m.Refuses {
		if _, there := params[name]; there {
			m.refuse(w, http.StatusBadRequest, "invalid_request_error", "unsupported_parameter", fmt.Sprintf("Unsupported parameter: '%s' is not supported with this model.", name))
			return
		}
	}
	if len(m.Names) > 0 && !slices.Contains(m.Names, q.Model) {
		answer(w, Play{}, http.StatusNotFound, map[string]string{"error": fmt.Sprintf("model '%s' not found", q.Model)})
		return
	}
	var t modelTask
	if err := json.Unmarshal([]byte(q.Messages[1].Content), &t); err != nil || len(t.Segments) == 0 {
		m.complain("model: the task isn't one: %v", err)
		m.refuse(w, http.StatusBadRequest, "invalid_request_error", "", "Bad request")
		return
	}
	content := m.speak(p, t, strings.Contains(q.Messages[0].Content, "An earlier translation"))
	finish := m.Finish
	if finish == "" {
		finish = "stop"
	}
	answer(w, p, http.StatusOK, map[string]any{
		"model":   q.Model,
		"choices": []map[string]any{{"index": 0, "message": map[string]string{"role": "assistant", "content": content}, "finish_reason": finish}},
		"usage":   map[string]int{"prompt_tokens": len(body) / 4, "completion_tokens": len(content) / 4},
	})
}

// speak answers as it was asked, with what fits into the window.
func (m *Model) speak(p Play, t modelTask, reminded bool) string {
	var texts []string
	room := m.Window
	for _, s := range t.Segments {
		text := []rune(s.Text)
		if m.Window > 0 {
			text = text[:min(len(text), room)]
			room -= len(text)
		}
		texts = append(texts, string(text))
	}
	terms := map[string]string{}
	for _, term := range t.Terms {
		if !m.Stubborn || reminded {
			terms[EscapeForHTML(term.Source)] = html.EscapeString(term.Target)
		}
	}
	var list []map[string]any
	for i, s := range m.translate(p, texts, true, terms) {
		id := i + 1
		if i < len(t.Segments) {
			id = t.Segments[i].ID
		}
		list = append(list, map[string]any{"id": id, "text": s})
	}
	b, err := json.Marshal(map[string]any{"translations": list})
	if err != nil {
		panic(err)
	}
	if m.Puts != nil {
		return m.Puts(string(b))
	}
	return string(b)
}

func (m *Model) models(w http.ResponseWriter, r *http.Request) {
	m.read(r, false)
	if !m.allowed(w, r) {
		return
	}
	if len(m.Names) == 0 {
		http.NotFound(w, r)
		return
	}
	list := []map[string]string{}
	for _, n := range m.Names {
		list = append(list, map[string]string{"id": n, "object": "model"})
	}
	answer(w, Play{}, http.StatusOK, map[string]any{"object": "list", "data": list})
}
