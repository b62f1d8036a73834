package enginetest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Azure is a fake of Microsoft's Translator 3.0.
type Azure struct {
	*Service
	// Region is what a regional resource wants to hear; "" is a global one.
	Region string
	// KeepsMarks leaves the marks of the dynamic dictionary in what comes back.
	KeepsMarks bool
}

// AzureLanguages are what the fake translates.
var AzureLanguages = []string{"de", "en", "es", "fr", "fr-ca", "pl", "pt", "pt-pt", "ru", "sr-Cyrl", "sr-Latn", "uk", "zh-Hans", "zh-Hant"}

// StartAzure starts one.
func StartAzure(t testing.TB) *Azure {
	a := &Azure{}
	a.Service = newService(t, func(mux *http.ServeMux) {
		mux.HandleFunc("POST /translate", a.translation)
		mux.HandleFunc("GET /languages", a.languages)
	})
	return a
}

func (a *Azure) refuse(w http.ResponseWriter, code int, message string) {
	answer(w, Play{}, code/1000, map[string]any{"error": map[string]any{"code": code, "message": message}})
}

var marks = regexp.MustCompile(`<mstrans:dictionary translation="([^"]*)">([^<]*)</mstrans:dictionary>`)

func (a *Azure) translation(w http.ResponseWriter, r *http.Request) {
	body := a.read(r, true)
	w.Header().Set("X-RequestId", "5b2a6c1e-77aa")
	p, done := a.begin(w, r)
	if done {
		return
	}
	q := r.URL.Query()
	var texts []struct {
		Text *string `json:"Text"`
	}
	switch {
	case r.Header.Get("Ocp-Apim-Subscription-Key") != Key, r.Header.Get("Ocp-Apim-Subscription-Region") != a.Region:
		a.refuse(w, 401000, "The request is not authorized because credentials are missing or invalid.")
	case q.Get("api-version") != "3.0":
		a.refuse(w, 400021, "The API version parameter is missing or invalid.")
	case !slices.Contains(AzureLanguages, q.Get("from")):
		a.refuse(w, 400035, "The source language is not valid.")
	case len(q["to"]) != 1 || !slices.Contains(AzureLanguages, q.Get("to")):
		a.refuse(w, 400036, "The target language is not valid.")
	case json.Unmarshal(body, &texts) != nil || len(texts) == 0:
		a.complain("Azure: not a list of texts: %s", body)
		a.refuse(w, 400074, "The body of the request is not valid JSON.")
	default:
		var in []string
		for _, t := range texts {
			if t.Text == nil {
				a.complain("Azure: an element without Text: %s", body)
				a.refuse(w, 400020, "An element is missing its text.")
				return
			}
			in = append(in, *t.Text)
		}
		if len(in) > 1000 || Characters(in...) > 50000 {
			a.complain("Azure: %d texts, %d characters", len(in), Characters(in...))
			a.refuse(w, 400077, "The maximum request size has been exceeded.")
			return
		}
		a.reply(w, p, q.Get("from"), q.Get("to"), in, q.Get("textType") == "html")
	}
}

func (a *Azure) reply(w http.ResponseWriter, p Play, from, to string, in []string, html bool) {
	cost := Characters(in...)
	// Signs that no text has stand for the marked words, which are as good as translated.
	var put []string
	bare := make([]string, len(in))
	for i, t := range in {
		bare[i] = marks.ReplaceAllStringFunc(t, func(mark string) string {
			if from != "en" && to != "en" {
				a.complain("Azure: a dynamic dictionary between %s and %s", from, to)
			}
			m := marks.FindStringSubmatch(mark)
			spoken := m[1]
			if a.KeepsMarks {
				spoken = `<mstrans:dictionary translation="` + m[1] + `">` + m[1] + `</mstrans:dictionary>`
			}
			sign := string(rune(0xE000 + len(put)/2))
			put = append(put, sign, spoken)
			return sign
		})
	}
	back := strings.NewReplacer(put...)
	var list []map[string]any
	for _, t := range a.translate(p, bare, html, nil) {
		list = append(list, map[string]any{"translations": []map[string]any{{"text": back.Replace(t), "to": to}}})
	}
	w.Header().Set("X-Metered-Usage", strconv.Itoa(cost))
	answer(w, p, http.StatusOK, list)
}

func (a *Azure) languages(w http.ResponseWriter, r *http.Request) {
	a.read(r, false)
	if r.Header.Get("Ocp-Apim-Subscription-Key") != "" {
		a.complain("Azure: the key was sent where none is asked for")
	}
	list := map[string]any{}
	for _, l := range AzureLanguages {
		list[l] = map[string]string{"name": l, "nativeName": strings.ToUpper(l), "dir": "ltr"}
	}
	answer(w, Play{}, http.StatusOK, map[string]any{"translation": list})
}
