package desk_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// listening is an open stream of a browser.
type listening struct {
	*testing.T
	res   *http.Response
	lines chan string
}

func (w *world) listen(c *http.Client, from string) *listening {
	w.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/desk/events?since="+url.QueryEscape(from), nil)
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	res, err := c.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	l := &listening{T: w.T, res: res, lines: make(chan string, 100)}
	go func() {
		defer close(l.lines)
		in := bufio.NewScanner(res.Body)
		for in.Scan() {
			l.lines <- in.Text()
		}
	}()
	w.Cleanup(func() {
		cancel()
		res.Body.Close()
	})
	return l
}

// next is the next event that the stream brings, and its data; "" if the stream has ended.
func (l *listening) next() (event, data string) {
	l.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case line, ok := <-l.lines:
			if !ok {
				return "", ""
			}
			if v, is := strings.CutPrefix(line, "event: "); is {
				event = v
			}
			if v, is := strings.CutPrefix(line, "data: "); is {
				return event, v
			}
		case <-late:
			l.Fatal("nothing is told")
		}
	}
}

// pagesHearWhatHappens: what somebody saves is told to open pages, by its IDs alone; a page that was made
// before hears it too; and nothing more when the session has ended.
func pagesHearWhatHappens(t *testing.T, w *world) {
	_, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Zwölf Boote"}, "kind": {"news"}})
	if err := w.Bus.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, page := w.get(writing)
	from, story := between(page, `<meta name="live" content="`, `"`), between(page, `data-story="`, `"`)
	l := w.listen(w.client, from)
	if h := l.res.Header; l.res.StatusCode != http.StatusOK || h.Get("Content-Type") != "text/event-stream; charset=utf-8" || h.Get("X-Accel-Buffering") != "no" || !strings.Contains(h.Get("Cache-Control"), "no-store") || h.Get("Content-Security-Policy") == "" {
		t.Fatalf("%d %v", l.res.StatusCode, h)
	}
	if event, _ := l.next(); event != "hello" {
		t.Fatalf("begins with %s", event)
	}
	if status, body := w.post(writing+"/save.json", url.Values{"base": {"2"}, "doc": {`{"headline":"Dreizehn Boote","blocks":[]}`}}); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if err := w.Bus.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	saved := func(l *listening) {
		t.Helper()
		event, data := l.next()
		var n map[string]string
		if err := json.Unmarshal([]byte(data), &n); err != nil || event != "news" {
			t.Fatalf("%s %s: %v", event, data, err)
		}
		if n["kind"] != "edition.saved" || n["story"] != story || n["edition"] != strings.TrimPrefix(writing, "/desk/editions/") || n["lang"] != "de" || len(n) != 4 {
			t.Errorf("told %s", data)
		}
	}
	saved(l)
	// A page made before hears it, although it listens only now.
	late := w.listen(w.client, from)
	if event, _ := late.next(); event != "hello" {
		t.Fatalf("begins with %s", event)
	}
	saved(late)

	// Who signs out hears nothing more; what others hear goes on.
	other := w.signIn("translator@meridian.example")
	gone := w.listen(other, "")
	if event, _ := gone.next(); event != "hello" {
		t.Fatalf("begins with %s", event)
	}
	if res, err := other.PostForm(w.url+"/desk/sign-out", nil); err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%v", err)
	}
	if event, _ := gone.next(); event != "end" {
		t.Errorf("after the session %s", event)
	}
	if event, _ := gone.next(); event != "" {
		t.Errorf("after the end %s", event)
	}
	if l := w.listen(http.DefaultClient, ""); l.res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %d", l.res.StatusCode)
	}
}

// whatChangedComesAnew: rows of a translation, of the board, and what stands round a text, as the pages have them.
func whatChangedComesAnew(t *testing.T, w *world) {
	_, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Drei Brücken"}, "kind": {"news"}})
	_, page := w.get(writing)
	number, story := between(page, `href="/desk/stories/`, `"`), between(page, `data-story="`, `"`)
	_, translating := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"en"}})
	translation := strings.TrimSuffix(translating, "/translate")
	if status, body := w.post(translation+"/units.json", url.Values{"address": {"head/headline"}, "inline": {spans("Three bridges")}, "act": {"confirm"}, "sourceRev": {"2"}}); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	if status, body := w.post(writing+"/save.json", url.Values{"base": {"2"}, "doc": {`{"headline":"Vier Brücken","blocks":[]}`}}); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	ask := func(path string, v any) {
		t.Helper()
		status, body := w.get(path)
		if status != 200 {
			t.Fatalf("%s: %d", path, status)
		}
		if err := json.Unmarshal([]byte(body), v); err != nil {
			t.Fatal(err)
		}
	}
	var rows struct {
		Rows map[string]struct {
			State, Weight, StateHTML, SourceHTML, NotesHTML string
			SourceRev                                       int64
			Text                                            json.RawMessage
		}
		Revision, SourceRevision       int64
		Progress, MeterHTML, PanelHTML string
	}
	ask(translation+"/rows.json", &rows)
	x := rows.Rows["head/headline"]
	if x.State != "stale" || x.Weight != "fact" || !strings.Contains(x.StateHTML, `data-weight="fact"`) || !strings.Contains(x.SourceHTML, "<del>Drei</del>") || !strings.Contains(x.SourceHTML, "<ins>Vier</ins>") || x.SourceRev != 3 || !strings.Contains(string(x.Text), "Three bridges") || !strings.Contains(x.NotesHTML, `name="still"`) {
		t.Errorf("the row: %+v", x)
	}
	if rows.SourceRevision != 3 || rows.Progress == "" || !strings.Contains(rows.MeterHTML, "<svg") || !strings.Contains(rows.PanelHTML, `href="#u-1"`) {
		t.Errorf("round the rows: %+v", rows)
	}
	var board struct{ Rows map[string]string }
	ask("/desk/board.json?story=unknown&story="+story, &board)
	if row := board.Rows[story]; len(board.Rows) != 1 || !strings.Contains(row, `data-weight="fact"`) || !strings.Contains(row, "Vier Brücken") || !strings.Contains(row, `data-tone="signal"`) {
		t.Errorf("the board's row: %s", row)
	}
	board.Rows = nil
	if ask("/desk/board.json", &board); len(board.Rows) != 0 {
		t.Errorf("%d rows for nothing", len(board.Rows))
	}
	var around struct{ TabsHTML, ChangesHTML string }
	ask(writing+"/around.json", &around)
	if !strings.Contains(around.TabsHTML, `href="`+translation+`"`) || !strings.Contains(around.ChangesHTML, "<ins>Vier</ins>") {
		t.Errorf("round the original: %+v", around)
	}
	ask(translation+"/around.json", &around)
	if strings.TrimSpace(around.ChangesHTML) != "" || !strings.Contains(around.TabsHTML, `href="`+writing+`"`) {
		t.Errorf("round the translation: %+v", around)
	}
	if status, _ := w.get(writing + "/rows.json"); status != 422 {
		t.Errorf("rows of an original: %d", status)
	}
}
