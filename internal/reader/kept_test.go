package reader

import (
	"net/http"
	"strings"
	"testing"
)

// The worker has words for each of the paper's languages, may ask the paper alone, and is asked for anew each time.
func TestWorker(t *testing.T) {
	each(t, func(w *world) {
		if res := w.get("/sw.js"); res.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("before there is a paper: %d", res.StatusCode)
		}
		w.setUp()
		res := w.get("/sw.js")
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/javascript; charset=utf-8" ||
			res.Header.Get("Content-Security-Policy") != workerPolicy || res.Header.Get("Cache-Control") != revalidate {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
		for _, s := range []string{`"de":{"offline":"Keine Verbindung","kept":"Stand: {date}"`, `"uk":{"offline":"Немає з’єднання"`, `"en":{`, "/desk/*"} {
			if !strings.Contains(res.text, s) {
				t.Errorf("the worker lacks %s", s)
			}
		}
		if strings.Contains(res.text, `"pl":`) {
			t.Error("a language that the paper has no longer")
		}
		w.has("/de/", `data-keep="/sw.js"`)
		w.has("/offline/de/", `<div id="kept">`, `content="noindex"`)
		w.leads("/offline/de/forget", "/offline/de/", http.StatusMovedPermanently)
		for _, missing := range []string{"/offline/", "/offline/fr/", "/text/sw.js"} {
			if res := w.get(missing); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", missing, res.StatusCode)
			}
		}
		w.Pages.KeepNothing()
		w.handler = New(w.Deps) // it is a setting of the server's start
		if res := w.get("/sw.js"); !strings.Contains(res.text, "unregister") || strings.Contains(res.text, "respondWith") {
			t.Errorf("the worker of a paper that keeps nothing:\n%s", res.text)
		}
		w.lacks("/de/", "/sw.js")
	})
}
