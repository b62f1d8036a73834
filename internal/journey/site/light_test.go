package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// textBudget is what a page of text alone may weigh, as it is coded when it is first asked for.
const textBudget = 5000

// TestTextAloneIsLight weighs every page of the paper's text alone. A paper's article is as long as somebody
// wrote it and may weigh more by its own words; none of the demo's does.
func TestTextAloneIsLight(t *testing.T) {
	all := whole(t)
	weighed, heaviest, of := 0, 0, ""
	for _, a := range sorted(all) {
		if !strings.HasPrefix(a.Path, "/text/") || !a.HTML() {
			continue
		}
		n := packed(t, a.Path)
		if n > textBudget {
			t.Errorf("%s: %d bytes, %d are allowed", a.Path, n, textBudget)
		}
		if weighed++; n > heaviest {
			heaviest, of = n, a.Path
		}
	}
	if weighed < 400 {
		t.Errorf("only %d pages were weighed", weighed)
	}
	t.Logf("%d pages, the heaviest %d bytes: %s", weighed, heaviest, of)
}

// packed is what the page weighs in gzip, as it is sent.
func packed(t *testing.T, path string) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	theSite.app.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%s: %d %v", path, w.Code, w.Header())
	}
	return w.Body.Len()
}
