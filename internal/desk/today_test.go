package desk_test

import (
	"net/url"
	"strings"
	"testing"
)

// whatNeedsSomebody is shown to those who can do it, whatever part of the board they look at.
func whatNeedsSomebody(t *testing.T, w *world) {
	waiting := w.edition(42, "uk") // of the demo paper: in review
	href := `class="need" data-tone="amber" href="/desk/editions/` + string(waiting.ID)
	for _, c := range []struct {
		email string
		want  bool
	}{{"chief@meridian.example", true}, {"translator@meridian.example", false}, {"advertising@meridian.example", false}} {
		w.client = w.signIn(c.email)
		for _, path := range []string{"/desk/", "/desk/?show=mine", "/desk/?show=check"} {
			status, page := w.get(path)
			if got := strings.Contains(page, href); status != 200 || got != c.want {
				t.Errorf("%s at %s: status %d, the edition in review needs them: %v", c.email, path, status, got)
			}
		}
	}
	// A story without a headline has a name in lists all the same.
	w.client = w.signIn("admin@meridian.example")
	status, to := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "kind": {"news"}})
	if status != 303 {
		t.Fatalf("a story without a headline: %d", status)
	}
	_, _ = w.get(to)
	if _, list := w.get("/desk/stories.json"); strings.Contains(list, `"headline":""`) {
		t.Errorf("a story without a name: %s", list)
	}
}

// aCorrectionIsSeenOnTheBoard, and the languages that don't tell it are asked for it.
func aCorrectionIsSeenOnTheBoard(t *testing.T, w *world) {
	_, page := w.get("/desk/stories/1/release?act=correct")
	form := fields(t, page, "/desk/stories/1/release")
	told, other := w.edition(1, "de"), w.edition(1, "en")
	form["edition"] = []string{string(told.ID)}
	form.Set("text."+string(told.ID), "In einer früheren Fassung stand eine andere Zahl.")
	for name := range form {
		if strings.HasPrefix(name, "override") {
			form.Set(name, "weil es so ist")
		}
	}
	if status, body := w.post("/desk/stories/1/release", form); status != 303 {
		t.Fatalf("correcting: %d %s", status, between(body, `class="form-errors"`, "</ul>"))
	}
	href := `class="need" data-tone="amber" href="/desk/editions/` + string(other.ID) + `"`
	for email, want := range map[string]bool{"chief@meridian.example": true, "advertising@meridian.example": false} {
		w.client = w.signIn(email)
		_, page = w.get("/desk/")
		if again := strings.ReplaceAll(href, string(other.ID), string(w.edition(1, "fr").ID)); strings.Contains(page, again) {
			t.Errorf("%s is asked once more for French: one correction takes all the room", email)
		}
		if got := strings.Contains(page, href); got != want {
			t.Errorf("%s is asked for the correction in English: %v", email, got)
		}
		if !strings.Contains(page, `<span class="tag" data-tone="signal">`) {
			t.Errorf("%s doesn't see that the story was corrected today", email)
		}
	}
}
