package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"depesche/internal/assets"
)

// gallery serves the desk's components and islands with sample data and a pretended desk behind them,
// for looking at and for the browser tests. Nothing of it ships.
type gallery struct {
	set   *assets.Set
	pages *template.Template

	mu    sync.Mutex
	doc   map[string]any
	saved map[int]map[string]any // by revision
	rev   int
	// mode is what the pretended desk does: "" works, "401" session gone, "503" trouble,
	// "422" refuses, "drop" breaks the connection.
	mode   string
	units  []map[string]string
	submit map[string]string
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func newGallery(root string) (*gallery, error) {
	dist := filepath.Join(root, "internal/desk/dist")
	set, err := assets.Load(os.DirFS(dist), "/desk/assets/")
	if err != nil {
		return nil, err
	}
	g := &gallery{set: set}
	src := filepath.Join(root, "internal/desk/assets")
	svg := func(prefix string) func(string) (template.HTML, error) {
		return func(name string) (template.HTML, error) {
			b, err := os.ReadFile(filepath.Join(src, "icons", prefix+name+".svg"))
			return template.HTML(bytes.TrimSpace(b)), err //nolint:gosec // our own drawings
		}
	}
	g.pages, err = template.New("").Funcs(template.FuncMap{"url": set.URL, "icon": svg(""), "mark": svg("state-")}).ParseGlob(filepath.Join(src, "gallery", "*.html"))
	if err != nil {
		return nil, err
	}
	if err := g.reset(); err != nil {
		return nil, err
	}
	return g, nil
}

// serveGallery serves until the process is ended.
func serveGallery(ctx context.Context, root, addr string) error {
	g, err := newGallery(root)
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/ : today states write translate pictures gate; ?theme=dark ?rtl=1\n", l.Addr())
	context.AfterFunc(ctx, func() { _ = l.Close() })
	if err := http.Serve(l, g.handler()); ctx.Err() == nil { //nolint:gosec // for looking at, on this machine
		return err
	}
	return nil
}

func (g *gallery) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/desk/assets/", g.set.Handler())
	mux.HandleFunc("GET /{page}", g.page)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/states", http.StatusSeeOther) })
	mux.HandleFunc("POST /fake/save.json", g.save)
	mux.HandleFunc("POST /fake/units.json", g.unit)
	mux.HandleFunc("POST /fake/presence", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, map[string]any{"people": []any{map[string]any{"name": "Translator, French", "initials": "FR", "tone": "violet", "block": "b2"}}})
	})
	mux.HandleFunc("GET /fake/pictures.json", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, map[string]any{"pictures": []any{library("m1"), library("m2")}})
	})
	mux.HandleFunc("POST /fake/pictures.json", func(w http.ResponseWriter, r *http.Request) {
		_, header, err := r.FormFile("file")
		if err != nil || strings.Contains(header.Filename, "bad") {
			answer(w, 422, map[string]any{"errors": []any{map[string]string{"field": "file", "message": "This is not a picture"}}})
			return
		}
		answer(w, 201, library("m3"))
	})
	mux.HandleFunc("GET /fake/stories.json", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, map[string]any{"stories": []any{map[string]string{"id": "st42", "headline": "Was im Juli geschah", "lang": "de", "section": "Politik", "date": "11.07.2024"}}})
	})
	mux.HandleFunc("GET /fake/media/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800" width="1200" height="800"><rect width="1200" height="800" fill="#e0f1ee"/><ellipse cx="480" cy="430" rx="300" ry="160" fill="#00655a"/><circle cx="470" cy="340" r="60" fill="#b0211b"/><rect x="820" y="180" width="220" height="500" fill="#b9dcd5"/></svg>`))
	})
	mux.HandleFunc("POST /fake/submit", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		g.mu.Lock()
		g.submit = map[string]string{}
		for k := range r.PostForm {
			g.submit[k] = r.PostForm.Get(k)
		}
		g.mu.Unlock()
		http.Redirect(w, r, "/write", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /fake/control", g.control)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	})
}

func library(id string) map[string]any {
	return map[string]any{"id": id, "thumb": "/fake/media/" + id + ".svg", "alt": "Zeichnung: ein Tisch", "credit": "Redaktion", "caption": "Tisch", "name": id + ".svg", "width": 1200, "height": 800}
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

const sample = `{"kicker":"Ukraine und Nato","headline":"Selenskyj hofft noch in Bidens Amtszeit auf Einladung in die Nato",
"lead":[{"text":"Der ukrainische Präsident Wolodymyr Selenskyj möchte vor dem Ende der Amtszeit von US-Präsident Joe Biden eine Einladung zum Nato-Beitritt erhalten. "},{"text":"Das berichtet die französische Zeitung „Le Monde“.","marks":[{"type":"source","source":"lemonde"}]}],
"blocks":[
{"id":"b1","kind":"paragraph","text":[{"text":"Selenskyj sieht darin einen möglichen Wendepunkt auf dem Weg zum Ende des Krieges. Eine Einladung würde es Kyjiw erlauben, aus einer Position der Stärke in Verhandlungen mit Moskau zu gehen."}]},
{"id":"b2","kind":"paragraph","text":[{"text":"Der Präsident wirbt bei den Verbündeten um Unterstützung, vor allem in den Vereinigten Staaten. Er hofft dem Bericht zufolge, dass Biden den entscheidenden Schritt macht."}]},
{"id":"h1","kind":"heading","level":2,"text":[{"text":"Washington bleibt zurückhaltend"}]},
{"id":"b3","kind":"paragraph","text":[{"text":"Die Wahrscheinlichkeit, dass es so kommt, ist "},{"text":"laut „Le Monde“","marks":[{"type":"source","source":"lemonde"}]},{"text":" gering. Die US-Regierung fürchte, ein beschleunigter Beitritt könne Russland zu einer weiteren Eskalation veranlassen."}]},
{"id":"b4","kind":"paragraph","text":[{"text":"Analysten erwarten, dass es Selenskyj angesichts der politischen Lage schwer haben wird, den Plan umzusetzen."}]},
{"id":"f1","kind":"factbox","title":"Wie ein Staat eingeladen wird","blocks":[{"id":"f2","kind":"paragraph","text":[{"text":"Nach Artikel 10 des Nordatlantikvertrags können die Mitglieder jeden europäischen Staat zum Beitritt einladen. Der Beschluss muss einstimmig fallen."}]}]},
{"id":"l1","kind":"list","items":[{"id":"i1","text":[{"text":"Antrag"}]},{"id":"i2","text":[{"text":"Beschluss"}]}]},
{"id":"q1","kind":"quotation","text":[{"text":"Wir geben nicht auf."}],"speaker":"Wolodymyr Selenskyj","original":"Ми не здаємося.","originalLang":"uk"},
{"id":"t1","kind":"table","header":true,"rows":[{"id":"r1","cells":[{"id":"c1","text":[{"text":"Jahr"}]},{"id":"c2","text":[{"text":"Mitglieder"}]}]},{"id":"r2","cells":[{"id":"c3","text":[{"text":"2024"}]},{"id":"c4","text":[{"text":"32"}]}]}]},
{"id":"g1","kind":"picture","pictures":[{"id":"g2","media":"m1","caption":[{"text":"Am Tisch ist ein Platz frei."}]}]},
{"id":"e1","kind":"embed","embed":{"url":"https://www.example.org/map","title":"Karte der Mitglieder"}},
{"id":"x1","kind":"rule"},
{"id":"b5","kind":"paragraph","text":[{"text":"Die Entscheidung fällt später."}]}]}`

func (g *gallery) reset() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.doc = nil
	if err := json.Unmarshal([]byte(sample), &g.doc); err != nil {
		return err
	}
	g.rev, g.mode, g.submit, g.units = 12, "", nil, nil
	g.saved = map[int]map[string]any{g.rev: g.doc}
	return nil
}

// control is how a test makes the pretended desk behave, and looks at what it holds.
func (g *gallery) control(w http.ResponseWriter, r *http.Request) {
	if mode, ok := r.URL.Query()["mode"]; ok {
		g.mu.Lock()
		g.mode = mode[0]
		g.mu.Unlock()
	}
	if r.URL.Query().Has("reset") {
		_ = g.reset()
	}
	// long=300 makes the text that long.
	if n, _ := strconv.Atoi(r.URL.Query().Get("long")); n > 0 {
		g.mu.Lock()
		for i := range n {
			g.doc["blocks"] = append(g.doc["blocks"].([]any), map[string]any{"id": fmt.Sprintf("n%d", i), "kind": "paragraph", "text": []any{map[string]any{"text": strings.Repeat("Ein Satz, der etwas sagt. ", 12)}}})
		}
		g.mu.Unlock()
	}
	// theirs=ID&text=… is a colleague who changes a paragraph.
	if id := r.URL.Query().Get("theirs"); id != "" {
		g.mu.Lock()
		doc := clone(g.doc)
		for _, b := range doc["blocks"].([]any) {
			if block := b.(map[string]any); block["id"] == id {
				block["text"] = []any{map[string]any{"text": r.URL.Query().Get("text")}}
			}
		}
		g.rev++
		g.doc, g.saved[g.rev] = doc, doc
		g.mu.Unlock()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	answer(w, 200, map[string]any{"doc": g.doc, "revision": g.rev, "submit": g.submit, "units": g.units})
}

func clone(doc map[string]any) map[string]any {
	data, _ := json.Marshal(doc)
	var out map[string]any
	_ = json.Unmarshal(data, &out)
	return out
}

func (g *gallery) save(w http.ResponseWriter, r *http.Request) {
	var sent map[string]any
	if err := json.Unmarshal([]byte(r.PostFormValue("doc")), &sent); err != nil {
		answer(w, 400, map[string]any{"message": err.Error()})
		return
	}
	base, _ := strconv.Atoi(r.PostFormValue("base"))
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.mode == "drop" {
		panic(http.ErrAbortHandler) // the connection breaks
	}
	if status, err := strconv.Atoi(g.mode); err == nil {
		answer(w, status, map[string]any{"errors": []any{map[string]string{"field": "b1/text", "message": "The disk is full"}}})
		return
	}
	merged, clashes := mergeBlocks(g.saved[base], sent, g.doc)
	if len(clashes) > 0 {
		answer(w, 409, map[string]any{"version": g.rev + 18, "revision": g.rev, "doc": merged, "clashes": clashes})
		return
	}
	out := map[string]any{"savedAt": time.Now().UTC().Format(time.RFC3339), "checklistHTML": `<h2>Checklist <span class="tag" data-tone="accent">saved</span></h2>`, "findings": []any{}}
	if !reflect.DeepEqual(merged, sent) {
		out["doc"] = merged
	}
	g.rev++
	g.doc, g.saved[g.rev] = merged, merged
	out["revision"], out["version"] = g.rev, g.rev+18
	answer(w, 200, out)
}

// mergeBlocks is enough of a merge to pretend: paragraphs by their IDs, in the sent order.
func mergeBlocks(base, mine, theirs map[string]any) (map[string]any, []any) {
	byID := func(doc map[string]any) map[string]any {
		m := map[string]any{}
		for _, b := range doc["blocks"].([]any) {
			m[b.(map[string]any)["id"].(string)] = b
		}
		return m
	}
	was, now := byID(base), byID(theirs)
	merged := clone(mine)
	var clashes []any
	for i, b := range merged["blocks"].([]any) {
		id := b.(map[string]any)["id"].(string)
		switch {
		case now[id] == nil || reflect.DeepEqual(was[id], now[id]) || reflect.DeepEqual(b, now[id]):
		case reflect.DeepEqual(was[id], b):
			merged["blocks"].([]any)[i] = now[id]
		default:
			clashes = append(clashes, map[string]any{"address": id, "mine": b, "theirs": now[id], "by": "Editor, English", "at": time.Now().UTC().Format(time.RFC3339)})
		}
	}
	return merged, clashes
}

func (g *gallery) unit(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	got := map[string]string{}
	for k := range r.PostForm {
		got[k] = r.PostForm.Get(k)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if status, err := strconv.Atoi(g.mode); err == nil {
		answer(w, status, map[string]any{"revision": g.rev, "theirs": []map[string]string{{"text": "Ihr Text"}}, "by": "Editor"})
		return
	}
	if got["act"] == "check" {
		answer(w, 200, map[string]any{"notesHTML": "", "spots": []any{}})
		return
	}
	g.rev++
	g.units = append(g.units, got)
	answer(w, 200, map[string]any{"revision": g.rev, "version": g.rev, "progress": "39 of 41 confirmed", "meterHTML": `<svg class="meter" viewBox="0 0 41 1" aria-label="39 of 41 confirmed"></svg>`, "stateHTML": `<span class="state" data-state="reviewed">Confirmed</span>`})
}

func (g *gallery) page(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("page")
	g.mu.Lock()
	view := galleryView(name, g.doc, g.rev)
	g.mu.Unlock()
	view["Theme"], view["RTL"] = r.URL.Query().Get("theme"), r.URL.Query().Has("rtl")
	var b bytes.Buffer
	if err := g.pages.ExecuteTemplate(&b, name+".html", view); err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

type galleryState struct{ State, Word string }

type galleryCell struct {
	Lang, State, Word, Fact, Tone string
	Original                      bool
}

func galleryView(name string, doc map[string]any, rev int) map[string]any {
	states := []galleryState{{"draft", "Draft"}, {"review", "In review"}, {"approved", "Approved"}, {"scheduled", "Scheduled"}, {"published", "Published"}, {"stale", "Stale"}, {"unchecked", "Unchecked"}, {"withdrawn", "Withdrawn"}}
	type lang struct{ Tag, Name, Out string }
	langs := []lang{{"uk", "Українська", "23"}, {"de", "Deutsch", "19"}, {"en", "English", "17"}, {"fr", "Français", "8"}, {"pl", "Polski", "11"}}
	cell := func(state, fact, tone string, original bool) galleryCell {
		word := ""
		for _, s := range states {
			if s.State == state {
				word = s.Word
			}
		}
		return galleryCell{State: state, Word: word, Fact: fact, Tone: tone, Original: original}
	}
	type row struct {
		Title, Section, Tag, Original string
		On                            bool
		Cells                         []galleryCell
	}
	rows := []row{
		{"Selenskyj hofft noch in Bidens Amtszeit auf Einladung in die Nato", "Politics", "Correction 18:05", "Ukrainian", true, []galleryCell{cell("published", "18:05, rev. 7", "", true), cell("stale", "2 segments, live", "amber", false), cell("published", "18:09, rev. 5", "", false), cell("stale", "2 segments, live", "amber", false), cell("review", "31 of 31", "", false)}},
		{"1.077 Bäume illegal gefällt: Ermittlungen in der Region Charkiw", "Environment", "", "Ukrainian", false, []galleryCell{cell("scheduled", "18:30, rev. 4", "", true), cell("review", "1 error, 1 stale", "signal", false), cell("scheduled", "18:30, rev. 2", "", false), cell("unchecked", "DeepL, 41 of 41", "violet", false), cell("draft", "12 of 41", "", false)}},
		{"Kiew oder Kyjiw? Wie wir Orte schreiben", "Language", "", "German", false, []galleryCell{cell("review", "22 of 22", "", false), cell("published", "12:00, rev. 3", "", true), cell("draft", "9 of 22", "", false), {State: "none"}, cell("unchecked", "embedded, 22", "violet", false)}},
		{"Früherer Stadtbeamter in Odesa soll 9,5 Millionen Hrywnja verschwiegen haben", "Courts", "", "Ukrainian", false, []galleryCell{cell("published", "yesterday", "", true), cell("published", "yesterday", "", false), cell("published", "yesterday", "", false), cell("withdrawn", "by chief editor", "", false), cell("approved", "ready", "", false)}},
	}
	for i := range rows {
		for j := range rows[i].Cells {
			rows[i].Cells[j].Lang = langs[j].Name
		}
	}
	return map[string]any{
		"Title": name + " | Depesche", "Editor": name == "write" || name == "translate", "States": states, "Langs": langs, "Rows": rows,
		"Doc": doc, "Headline": doc["headline"], "Base": rev, "Version": rev + 18, "Pictures": map[string]any{"m1": library("m1")},
		"Thumbs": []string{"/fake/media/1.svg", "/fake/media/2.svg", "/fake/media/3.svg"},
	}
}
