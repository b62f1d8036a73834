package desk_test

import (
	"net/url"
	"strings"
	"testing"

	"depesche/internal/register"
)

// namesAreProposedAndApproved: a translator proposes, an editor approves; a spelling that a rule
// proposes is taken without a script; a file comes in and goes out.
func namesAreProposedAndApproved(t *testing.T, w *world) {
	admin := w.client
	w.client = w.signIn("translator@meridian.example")
	form := url.Values{"kind": {"person"}, "note": {"Bürgermeister"}, "spelling.uk": {"Віталій Кличко"}, "gender.uk": {"m"}, "take": {"de=Witalij Klytschko"}}
	status, page := w.post("/desk/register/new", form)
	if status != 200 || !strings.Contains(page, `value="Witalij Klytschko"`) || !strings.Contains(page, `value="Віталій Кличко"`) {
		t.Fatalf("a proposal taken: %d", status)
	}
	form.Del("take")
	form["spelling.de"], form["forbidden.de"] = []string{"Vitali Klitschko"}, []string{"Vitalij Klitschko :: Mischform\nWitali Klitschko"}
	if status, to := w.post("/desk/register/new", form); status != 303 || to != "/desk/register" {
		t.Fatalf("proposed: %d %s", status, to)
	}
	_, page = w.get("/desk/register?state=proposed&q=klitschko")
	if strings.Count(page, `<th scope="row">`) != 1 || !strings.Contains(page, "Bürgermeister") || strings.Contains(page, `action="/desk/register/import"`) {
		t.Fatal("the proposal isn't in the list, or a translator may import")
	}
	one := "/desk/register/" + between(page, `<a class="title" href="/desk/register/`, `"`)
	_, page = w.get(one)
	if strings.Contains(page, one+"/approve") || !strings.Contains(page, "Mischform") || !strings.Contains(page, one+"/delete") {
		t.Error("what a translator sees of her own proposal")
	}
	if status, _ := w.post(one+"/approve", url.Values{"version": {"1"}}); status != 403 {
		t.Errorf("a translator approves: %d", status)
	}
	w.client = admin
	if _, page = w.get(one); !strings.Contains(page, one+"/approve") || !strings.Contains(page, `name="take" value="en=Vitalii Klychko"`) {
		t.Error("an editor isn't offered to approve, or to take a spelling")
	}
	if status, to := w.post(one+"/approve", url.Values{"version": {"1"}}); status != 303 || to != one {
		t.Errorf("approved: %d %s", status, to)
	}
	if status, _ := w.post(one, url.Values{"kind": {"person"}, "version": {"1"}, "spelling.de": {"x"}}); status != 409 {
		t.Errorf("a stale form: %d", status)
	}
	if status, page := w.post(one, url.Values{"kind": {"person"}, "version": {"2"}, "others.de": {"x"}}); status != 422 || !strings.Contains(page, `class="form-errors"`) {
		t.Errorf("without a spelling: %d", status)
	}
	registerGoods(t, w, one)
	if _, page = w.get(one + "/delete"); !strings.Contains(page, "Klitschko") {
		t.Error("deleting doesn't ask")
	}
	if status, _ := w.post(one+"/delete", url.Values{"version": {"2"}}); status != 303 {
		t.Errorf("deleted: %d", status)
	}
	if status, _ := w.get(one); status != 404 {
		t.Errorf("what was deleted: %d", status)
	}
}

func registerGoods(t *testing.T, w *world, one string) {
	t.Helper()
	for _, format := range []string{"csv", "tbx"} {
		status, file := w.get("/desk/register/export?format=" + format)
		if status != 200 || !strings.Contains(file, "Vitali Klitschko") {
			t.Fatalf("%s: %d", format, status)
		}
		if status, page := w.upload("/desk/register/import", "names", file); status != 200 || !strings.Contains(page, `role="status"`) {
			t.Errorf("%s again: %d", format, status)
		}
	}
	e, err := w.Register.ByID(t.Context(), w.DB.Read(), register.ID(strings.TrimPrefix(one, "/desk/register/")))
	if err != nil || e.Version != 2 {
		t.Errorf("taking in what went out changed it: %d, %v", e.Version, err)
	}
	for file, want := range map[string]int{"a,b\nc,d": 422, "de\n\xff\n": 422, "": 422, "de,Wert\nSpree,1\n": 200} {
		if status, page := w.upload("/desk/register/import", "names", file); status != want || want == 200 && !strings.Contains(page, "Wert") {
			t.Errorf("%q: %d", file, status)
		}
	}
	if status, _ := w.get("/desk/register/export?format=xls"); status != 404 {
		t.Errorf("a format that isn't there: %d", status)
	}
}
