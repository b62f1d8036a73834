package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// nothingCanGo: where no language can go out, it is said before somebody presses, with the way to each reason.
func nothingCanGo(t *testing.T, w *world) {
	status, to := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "kind": {"news"}})
	if status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, to)
	}
	_, page := w.get(to)
	_, page = w.get("/desk/stories/" + between(page, `href="/desk/stories/`, `"`) + "/release")
	id := strings.TrimPrefix(to, "/desk/editions/")
	for _, want := range []string{`id="none-goes"`, `<a href="#release-` + id + `"`, `<li id="release-` + id + `"`, `disabled aria-describedby="none-goes"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, between(page, `<ul class="release">`, "</form>"))
		}
	}
	if _, page = w.get("/desk/stories/1/release?act=correct"); strings.Contains(page, "none-goes") {
		t.Error("a story of which languages can go")
	}
}
