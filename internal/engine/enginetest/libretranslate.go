package enginetest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// LibreTranslate is a fake of a LibreTranslate server. As the real one does, it takes the escapes out
// of finished HTML.
type LibreTranslate struct {
	*Service
	// Texts and Characters are BATCH_LIMIT and CHAR_LIMIT, 0 is none. Silent hides the second.
	Texts, Characters int
	Silent            bool
	// Open asks for no key.
	Open bool
	// Mended leaves escapes in.
	Mended bool
}

// LibreTargets are what the fake translates, by source.
var LibreTargets = map[string][]string{
	"de": {"en"}, "en": {"de", "pb", "pt", "uk", "zh", "zt"}, "pb": {"en"}, "pt": {"en"}, "uk": {"de", "en"}, "zh": {"en"}, "zt": {"en"},
}

// StartLibreTranslate starts one.
func StartLibreTranslate(t testing.TB) *LibreTranslate {
	l := &LibreTranslate{}
	l.Service = newService(t, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /translate", l.translation)
		mux.HandleFunc("GET /languages", l.languages)
		mux.HandleFunc("GET /frontend/settings", l.settings)
	})
	return l
}

func (l *LibreTranslate) refuse(w http.ResponseWriter, status int, message string) {
	answer(w, Play{}, status, map[string]string{"error": message})
}

func (l *LibreTranslate) translation(w http.ResponseWriter, r *http.Request) {
	body := l.read(r, true)
	p, done := l.begin(w, r)
	if done {
		return
	}
	var q struct {
		Q                      []string
		Source, Target, Format string
		Key                    string `json:"api_key"`
	}
	if err := json.Unmarshal(body, &q); err != nil || len(q.Q) == 0 {
		l.complain("LibreTranslate: %v: %s", err, body)
		l.refuse(w, http.StatusBadRequest, "Invalid request: missing q parameter")
		return
	}
	size := Characters(q.Q...)
	switch {
	case q.Key != "" && q.Key != Key:
		l.refuse(w, http.StatusForbidden, "Invalid API key")
	case q.Key == "" && !l.Open:
		l.refuse(w, http.StatusBadRequest, "Please contact the server operator to get an API key")
	case l.Texts > 0 && len(q.Q) > l.Texts:
		l.refuse(w, http.StatusBadRequest, fmt.Sprintf("Invalid request: request (%d) exceeds text limit (%d)", len(q.Q), l.Texts))
	case l.Characters > 0 && size > l.Characters:
		l.refuse(w, http.StatusBadRequest, fmt.Sprintf("Invalid request: request (%d) exceeds text limit (%d)", size, l.Characters))
	case LibreTargets[q.Source] == nil:
		l.refuse(w, http.StatusBadRequest, q.Source+" is not supported")
	case !slices.Contains(LibreTargets[q.Source], q.Target):
		l.refuse(w, http.StatusBadRequest, fmt.Sprintf("%s (%s) is not available as a target language from %s (%s)", q.Target, q.Target, q.Source, q.Source))
	default:
		answer(w, p, http.StatusOK, map[string]any{"translatedText": l.finished(p, q.Q)})
	}
}

var anyTag = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

// finished translates the text between the tags with its entities read, as the real server's parser
// does, writes it as HTML, and takes all escapes out of that.
func (l *LibreTranslate) finished(p Play, texts []string) []string {
	var out []string
	for _, t := range texts {
		var b strings.Builder
		write := func(s string) { b.WriteString(EscapeForHTML(Swap(html.UnescapeString(s), false))) }
		at := 0
		for _, m := range anyTag.FindAllStringIndex(t, -1) {
			write(t[at:m[0]])
			b.WriteString(strings.ToLower(t[m[0]:m[1]]))
			at = m[1]
		}
		write(t[at:])
		done := b.String()
		if !l.Mended {
			done = html.UnescapeString(done)
		}
		out = append(out, done)
	}
	l.translate(Play{}, texts, true, nil) // for what it costs
	if p.Texts != nil {
		out = p.Texts(out)
	}
	return out
}

// EscapeForHTML writes plain text as HTML.
func EscapeForHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func (l *LibreTranslate) languages(w http.ResponseWriter, r *http.Request) {
	l.read(r, false)
	list := []map[string]any{}
	for source, targets := range LibreTargets {
		list = append(list, map[string]any{"code": source, "name": source, "targets": targets})
	}
	answer(w, Play{}, http.StatusOK, list)
}

func (l *LibreTranslate) settings(w http.ResponseWriter, r *http.Request) {
	l.read(r, false)
	if l.Silent {
		http.NotFound(w, r)
		return
	}
	limit := l.Characters
	if limit == 0 {
		limit = -1
	}
	answer(w, Play{}, http.StatusOK, map[string]any{"charLimit": limit, "keyRequired": !l.Open})
}
