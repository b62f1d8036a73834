package desk_test

import (
	"strings"
	"testing"
)

// deletingAsksFirst: a link leads to the question, the question says what is lost, and only its button
// deletes; what can't be deleted says why there.
func deletingAsksFirst(t *testing.T, w *world) {
	status, edition := w.post("/desk/stories/new", map[string][]string{"lang": {"de"}, "headline": {"Nur ein Versuch"}, "kind": {"news"}})
	if status != 303 {
		t.Fatalf("new story: %d", status)
	}
	_, page := w.get(edition)
	details := between(page, `href="/desk/stories/`, `"`)
	if details == "" {
		t.Fatal("the writing screen doesn't lead to the details")
	}
	number := strings.Trim(details, "/")
	if _, page = w.get("/desk/stories/" + number); !strings.Contains(page, `href="`+edition+`/delete"`) {
		t.Fatal("a draft can't be deleted from its details")
	}
	status, page = w.get(edition + "/delete")
	if status != 200 || !strings.Contains(page, "Nur ein Versuch") {
		t.Fatalf("the question: %d", status)
	}
	if status, _ := w.get(edition); status != 200 {
		t.Fatal("asking has deleted it")
	}
	stale := fields(t, page, edition+"/delete")
	stale.Set("version", "99")
	if status, page = w.post(edition+"/delete", stale); status != 409 || !strings.Contains(page, `class="form-errors"`) {
		t.Errorf("a version that is gone: %d", status)
	}
	_, page = w.get(edition + "/delete")
	if status, to := w.post(edition+"/delete", fields(t, page, edition+"/delete")); status != 303 || to != "/desk/stories" {
		t.Errorf("deleting: %d %s", status, to)
	}
	if status, _ := w.get("/desk/stories/" + number); status != 404 {
		t.Errorf("the story is still there: %d", status)
	}
	if status, to := w.post(edition+"/delete", stale); status != 303 || to != "/desk/stories" {
		t.Errorf("deleting it twice: %d %s", status, to)
	}

	// What is public says that it stays, also to whoever types the address.
	public := "/desk/editions/" + string(w.edition(1, "de").ID)
	if _, page = w.get("/desk/stories/1"); strings.Contains(page, public+"/delete") {
		t.Error("a public edition is offered for deleting")
	}
	if status, page = w.get(public + "/delete"); status != 409 || !strings.Contains(page, `class="form-errors"`) {
		t.Errorf("the question about a public edition: %d", status)
	}

	// A picture that a text shows stays, and its page says why.
	_, list := w.get("/desk/pictures")
	picture := "/desk/pictures/" + between(list, `<li><a href="/desk/pictures/`, `"`)
	_, page = w.get(picture + "/delete")
	if status, page = w.post(picture+"/delete", fields(t, page, picture+"/delete")); status != 409 || !strings.Contains(page, `class="form-errors"`) {
		t.Errorf("a used picture: %d", status)
	}
	if status, _ := w.get(picture); status != 200 {
		t.Error("a used picture is gone")
	}
	w.client = w.signIn("reporter@meridian.example")
	if status, page = w.get(picture); status != 200 || strings.Contains(page, picture+"/delete") {
		t.Errorf("a reporter is offered to delete a picture: %d", status)
	}
}

func between(s, start, end string) string {
	_, rest, ok := strings.Cut(s, start)
	if !ok {
		return ""
	}
	out, _, _ := strings.Cut(rest, end)
	return out
}
