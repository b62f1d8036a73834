package desk_test

import (
	"net/url"
	"strings"
	"testing"
)

// topicsAreFoundAndJoined: a list of names is searched in all languages, and two topics become one.
func topicsAreFoundAndJoined(t *testing.T, w *world) {
	_, page := w.get("/desk/topics?q=NATO")
	nato := "/desk/topics/" + between(page, `<a class="title" href="/desk/topics/`, `"`)
	if strings.Count(page, `<th scope="row">`) != 1 || !strings.Contains(page, `>NATO<`) {
		t.Fatalf("%d topics are called NATO", strings.Count(page, `<th scope="row">`))
	}
	if _, page = w.get("/desk/topics?q=zzzz"); !strings.Contains(page, `class="empty"`) || !strings.Contains(page, `value="zzzz"`) {
		t.Error("nothing is found, and nothing says so")
	}
	if status, _ := w.post("/desk/topics/new", url.Values{"kind": {"organisation"}, "name.de": {"Nordatlantikpakt"}, "active": {"1"}}); status != 303 {
		t.Fatalf("new topic: %d", status)
	}
	_, page = w.get("/desk/topics?q=nordatlantik")
	twice := "/desk/topics/" + between(page, `<a class="title" href="/desk/topics/`, `"`)
	if _, page = w.get(twice); !strings.Contains(page, `href="`+twice+`/merge"`) {
		t.Fatal("a topic's form doesn't lead to joining")
	}
	for _, wrong := range []string{"", "01hkm1bv0bc3dzdpda6twgb43z", strings.TrimPrefix(twice, "/desk/topics/")} {
		if status, page := w.post(twice+"/merge", url.Values{"into": {wrong}}); status != 422 || !strings.Contains(page, `class="form-errors"`) {
			t.Errorf("into %q: %d", wrong, status)
		}
	}
	status, to := w.post(twice+"/merge", url.Values{"into": {strings.TrimPrefix(nato, "/desk/topics/")}})
	if status != 303 || to != nato {
		t.Fatalf("joining: %d %s", status, to)
	}
	if status, _ := w.get(twice); status != 404 {
		t.Errorf("what was joined answers %d", status)
	}
	if status, to := w.getNoDesk("/de/topic/nordatlantikpakt/"); status != 301 && status != 308 || !strings.Contains(to, "/de/topic/nato/") {
		t.Errorf("its address: %d %s", status, to)
	}
	w.client = w.signIn("reporter@meridian.example")
	if status, _ := w.get(nato + "/merge"); status != 403 {
		t.Errorf("a reporter is asked into what a topic goes: %d", status)
	}
}

// getNoDesk is a reader's request; it answers where a redirect leads.
func (w *world) getNoDesk(path string) (int, string) {
	w.Helper()
	res, err := w.client.Get(w.url + path)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode, res.Header.Get("Location")
}
