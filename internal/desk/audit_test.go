package desk_test

import (
	"net/url"
	"strings"
	"testing"

	"depesche/internal/audit"
	"depesche/internal/lang"
)

// administratorsSeeWhoDidWhat, and nobody else but the chief editor does.
func administratorsSeeWhoDidWhat(t *testing.T, w *world) {
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	en, seen := words.In("en"), map[string]bool{}
	for before := ""; ; {
		list, err := audit.List(t.Context(), w.DB.Read(), "", 500, before)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			seen[e.Act], before = true, e.ID
		}
		if len(list) < 500 {
			break
		}
	}
	for act := range seen {
		did, release := strings.CutPrefix(act, "release.")
		if !en.Has("desk.audit."+act) && (!release || !en.Has("desk.release.did."+did)) {
			t.Errorf("%s is recorded and has no word", act)
		}
	}

	status, page := w.get("/desk/audit")
	if status != 200 || strings.Count(page, "<time ") != 50 || !strings.Contains(page, `rel="next"`) {
		t.Fatalf("status %d, %d entries", status, strings.Count(page, "<time "))
	}
	newest := between(page, `<time datetime="`, `"`)
	_, older := w.get(strings.ReplaceAll(between(page, `rel="next" href="`, `"`), "&amp;", "&"))
	if at := between(older, `<time datetime="`, `"`); at == "" || at > newest {
		t.Errorf("older than %s is %q", newest, at)
	}
	_, page = w.get("/desk/audit?act=release.withdraw")
	if n := strings.Count(page, "<time "); n != 2 {
		t.Errorf("%d withdrawals in the demo paper", n)
	}
	only := strings.ReplaceAll(between(page, `<a class="button small quiet" href="`, `"`), "&amp;", "&")
	if _, page = w.get(only); strings.Count(page, "<time ") < 2 || strings.Contains(page, `<p class="intro"></p>`) {
		t.Errorf("%s: %d entries about a withdrawn story", only, strings.Count(page, "<time "))
	}
	for _, path := range []string{"/desk/audit?until=1999-01-01", "/desk/audit?who=nobody"} {
		if status, page = w.get(path); status != 200 || !strings.Contains(page, `class="empty"`) {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _ = w.get("/desk/audit?until=nonsense&before=~~&subject=%27"); status != 200 {
		t.Errorf("nonsense in the address: %d", status)
	}
	for email, want := range map[string]int{"chief@meridian.example": 200, "editor@meridian.example": 403, "translator@meridian.example": 403} {
		w.client = w.signIn(email)
		if status, _ := w.get("/desk/audit"); status != want {
			t.Errorf("%s: %d", email, status)
		}
	}
}

// oldAddressesAreSeen, made and taken back, and what is wrong is said beside its field.
func oldAddressesAreSeen(t *testing.T, w *world) {
	const list = "/desk/redirects"
	for _, wrong := range []struct{ path, target, field string }{
		{"ohne-strich", "/de/", "path"}, {"/alt", "", "target"}, {"/alt", "https://example.org/", "target"}, {"/alt", "/alt", "target"}, {"<script>alert(1)</script>", "/de/", "path"},
	} {
		status, page := w.post(list, url.Values{"path": {wrong.path}, "target": {wrong.target}})
		kept := fields(t, page, list)
		if status != 422 || said(t, page, wrong.field+"-error") == "" || kept.Get("path") != wrong.path || kept.Get("target") != wrong.target {
			t.Errorf("%q to %q: %d, says %q, keeps %q", wrong.path, wrong.target, status, said(t, page, wrong.field+"-error"), kept)
		}
	}
	if status, to := w.post(list, url.Values{"path": {w.url + "/alt/seite.html?p=1"}, "target": {w.url + "/de/"}}); status != 303 {
		t.Fatalf("saving: %d %s", status, to)
	}
	if status, to := w.getNoDesk("/alt/seite.html?p=1"); status/100 != 3 || to != "/de/" {
		t.Errorf("the old address: %d %s", status, to)
	}
	_, page := w.get(list + "?q=SEITE")
	remove := strings.ReplaceAll(between(page, `<a class="button small quiet" href="`, `"`), "&amp;", "&")
	status, page := w.get(remove)
	if status != 200 {
		t.Fatalf("%s: %d", remove, status)
	}
	if status, _ := w.post(remove, fields(t, page, remove)); status != 303 {
		t.Errorf("deleting: %d", status)
	}
	if status, _ := w.getNoDesk("/alt/seite.html?p=1"); status != 404 {
		t.Errorf("the old address is deleted and answers %d", status)
	}
	w.client = w.signIn("editor@meridian.example")
	if status, _ := w.get(list); status != 403 {
		t.Errorf("an editor: %d", status)
	}
}
