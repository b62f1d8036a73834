package desk_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"depesche/internal/engine"
	"depesche/internal/lang"
)

// apertiumServer answers as an apertium-apy does that makes capitals of what it gets.
func apertiumServer(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var data any
		switch r.URL.Path {
		case "/listPairs":
			data = []map[string]string{{"sourceLanguage": "deu", "targetLanguage": "ukr"}}
		case "/translate":
			data = map[string]string{"translatedText": "<p>" + strings.ToUpper(between(r.PostFormValue("q"), "<p>", "</p>")) + "</p>"}
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"responseData": data}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// enginesAreSetUp is what an administrator does with engines, and nobody else.
func enginesAreSetUp(t *testing.T, w *world) {
	server := apertiumServer(t)
	admin := w.client
	w.client = w.signIn("chief@meridian.example")
	for _, path := range []string{"/desk/engines", "/desk/engines/new?kind=apertium"} {
		if status, _ := w.get(path); status != http.StatusForbidden {
			t.Errorf("%s for a chief editor: %d", path, status)
		}
	}
	if status, _ := w.post("/desk/engines/new", url.Values{"kind": {"apertium"}, "name": {"X"}}); status != http.StatusForbidden {
		t.Errorf("saving by a chief editor: %d", status)
	}
	w.client = admin
	status, page := w.get("/desk/engines")
	if status != http.StatusOK || !strings.Contains(page, `class="empty"`) || !strings.Contains(page, "/desk/engines/new?kind=apertium-apy") {
		t.Fatalf("%d %s", status, page)
	}
	says := w.Words.In(lang.Tag(between(page, `<html lang="`, `"`)))
	if status, _ := w.get("/desk/engines/new?kind=perpetuum"); status != http.StatusNotFound {
		t.Errorf("a kind that there isn't: %d", status)
	}

	// A form that is refused says why and keeps what was typed.
	_, page = w.get("/desk/engines/new?kind=apertium-apy")
	form := fields(t, page, "/desk/engines/new")
	form.Set("name", "Haus")
	form.Set("setting.url", "gopher://x")
	form.Set("price", "many")
	if status, page = w.post("/desk/engines/new", form); status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="gopher://x"`) || !strings.Contains(page, `id="price-error"`) {
		t.Errorf("%d %s", status, page)
	}
	form.Set("setting.url", server.URL)
	form.Set("price", "20,5")
	form.Set("quota", "40")
	if status, to := w.post("/desk/engines/new", form); status != http.StatusSeeOther || to != "/desk/engines" {
		t.Fatalf("%d %s", status, to)
	}
	_, page = w.get("/desk/engines")
	one := "/desk/engines/" + between(page, `class="title" href="/desk/engines/`, `"`)
	if !strings.Contains(page, says.T("desk.engines.untried")) || !strings.Contains(page, says.T("desk.engines.stays")) || !strings.Contains(page, `<progress class="meter" max="100" value="0"`) {
		t.Error(page)
	}
	_, page = w.get(one)
	if form = fields(t, page, one); form.Get("price") != "20.50" || form.Get("quota") != "40" || form.Get("setting.url") != server.URL {
		t.Errorf("%v", form)
	}

	// Trying shows the answer, or the trouble in words.
	try := url.Values{"from": {"de"}, "to": {"uk"}, "sentence": {"Guten <b>Tag</b>"}}
	if status, page = w.post(one+"/try", try); status != http.StatusOK || !strings.Contains(page, `<b lang="uk" dir="ltr">GUTEN`) || strings.Contains(page, "<b>TAG") {
		t.Errorf("%d %s", status, between(page, `class="note"`, "</div>"))
	}
	for trouble, change := range map[engine.Trouble]url.Values{"unsupported": {"from": {"uk"}, "to": {"de"}}, "quota": {"sentence": {"Und noch einer"}}} {
		other := url.Values{"from": {"de"}, "to": {"uk"}, "sentence": {"Tag"}}
		for k, v := range change {
			other[k] = v
		}
		if status, page = w.post(one+"/try", other); status != http.StatusOK || !strings.Contains(page, says.T("desk.engines.trouble."+string(trouble))) || !strings.Contains(page, says.T("desk.engines.do."+string(trouble))) {
			t.Errorf("%s: %d %s", trouble, status, between(page, `class="note"`, "</div>"))
		}
	}
	for _, bad := range []url.Values{{"from": {"de"}, "to": {"de"}, "sentence": {"Tag"}}, {"from": {"de"}, "to": {"uk"}}, {"from": {"de"}, "to": {"uk"}, "sentence": {strings.Repeat("x", 301)}}} {
		if status, page = w.post(one+"/try", bad); status != http.StatusUnprocessableEntity || !strings.Contains(page, `class="form-errors"`) {
			t.Errorf("%v: %d", bad, status)
		}
	}
	form.Set("quota", "")
	if status, page = w.post(one, form); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, page)
	}
	server.Close()
	if _, page = w.post(one+"/try", try); !strings.Contains(page, says.T("desk.engines.trouble.gone")) {
		t.Error(page)
	}
	if _, page = w.get("/desk/engines"); !strings.Contains(page, says.T("desk.engines.do.gone")) || strings.Contains(page, "<progress") || strings.Contains(page, `/move"`) {
		t.Error(page)
	}
	engineLeftOut(t, w, one)
	if status, _ = w.post(one, form); status != http.StatusConflict {
		t.Errorf("a version that is gone: %d", status)
	}
	engineOrders(t, w, one)
	embeddedIsBare(t, w)
	if _, page = w.get("/desk/audit?act=engine.save"); !strings.Contains(page, `href="`+one+`"`) || !strings.Contains(page, "Zweite") {
		t.Error("the log doesn't tell of the engines")
	}
	engineRemoved(t, w, one)
}

// engineLeftOut: an engine, were it the only one, isn't asked for a pair that leaves it out.
func engineLeftOut(t *testing.T, w *world, one string) {
	t.Helper()
	if status, _ := w.post("/desk/engines/orders", url.Values{"from": {"de"}, "to": {"uk"}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	for i, way := range []string{"/leave-out", "/take-in"} {
		if status, to := w.post(one+way, url.Values{"pair": {"de-uk"}}); status != http.StatusSeeOther || to != "/desk/engines#order" {
			t.Fatalf("%s: %d %s", way, status, to)
		}
		order, err := w.Engines.Order(t.Context(), w.DB.Read(), "de-uk")
		if err != nil || len(order.LeftOut) != 1-i || len(order.Engines) != i {
			t.Errorf("%s: %v, %v", way, order, err)
		}
		back := []string{"/take-in", "/leave-out"}[i]
		if _, page := w.get("/desk/engines"); !strings.Contains(page, `action="`+one+back+`"`) {
			t.Errorf("no %s", back)
		}
	}
	w.post("/desk/engines/orders/remove", url.Values{"pair": {"de-uk"}})
}

// engineOrders: buttons move an engine, for all languages and for a pair of its own.
func engineOrders(t *testing.T, w *world, one string) {
	t.Helper()
	_, page := w.get("/desk/engines/new?kind=apertium")
	form := fields(t, page, "/desk/engines/new")
	form.Set("name", "Zweite")
	if status, page := w.post("/desk/engines/new", form); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, page)
	}
	order := func(n int) string { // the names in the n-th table of the orders
		_, page := w.get("/desk/engines")
		_, page, _ = strings.Cut(page, `id="order"`)
		tables := strings.Split(page, "<tbody>")
		if n >= len(tables) {
			return "none"
		}
		table, _, _ := strings.Cut(tables[n], "</tbody>")
		if strings.Index(table, ">Haus<") < strings.Index(table, ">Zweite<") {
			return "Haus Zweite"
		}
		return "Zweite Haus"
	}
	if got := order(1); got != "Haus Zweite" {
		t.Error(got)
	}
	if status, to := w.post("/desk/engines/orders", url.Values{"from": {"de"}, "to": {"uk"}}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, to)
	}
	if status, page := w.post("/desk/engines/orders", url.Values{"from": {"de"}, "to": {"tlh"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, `id="to-error"`) {
		t.Errorf("a language that the paper hasn't: %d", status)
	}
	w.post(one+"/move", url.Values{"pair": {"de-uk"}, "by": {"1"}})
	if a, b := order(1), order(2); a != "Haus Zweite" || b != "Zweite Haus" {
		t.Errorf("%s, %s", a, b)
	}
	w.post(one+"/move", url.Values{"pair": {""}, "by": {"1"}})
	w.post("/desk/engines/orders/remove", url.Values{"pair": {"de-uk"}})
	if a, b := order(1), order(2); a != "Zweite Haus" || b != "none" {
		t.Errorf("%s, %s", a, b)
	}
}

func engineRemoved(t *testing.T, w *world, one string) {
	t.Helper()
	status, page := w.get(one + "/delete")
	if status != http.StatusOK || !strings.Contains(page, "Haus") {
		t.Fatalf("the question: %d", status)
	}
	if status, _ := w.get(one); status != http.StatusOK {
		t.Fatal("asking has removed it")
	}
	if status, to := w.post(one+"/delete", fields(t, page, one+"/delete")); status != http.StatusSeeOther || to != "/desk/engines" {
		t.Errorf("%d %s", status, to)
	}
	if status, _ := w.get(one); status != http.StatusNotFound {
		t.Errorf("it is still there: %d", status)
	}
	for _, path := range []string{one + "/delete", "/desk/engines/new/delete?kind=apertium"} {
		if status, _ := w.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// embeddedIsBare: the embedded engine is set up here and filled on the server; until then the screens say so.
func embeddedIsBare(t *testing.T, w *world) {
	t.Helper()
	_, page := w.get("/desk/engines/new?kind=bergamot")
	if !strings.Contains(page, "depesche engine add") {
		t.Error("the form doesn't tell where its models come from")
	}
	form := fields(t, page, "/desk/engines/new")
	form.Set("name", "Eingebaut")
	if status, page := w.post("/desk/engines/new", form); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, page)
	}
	_, page = w.get("/desk/engines")
	row := between(page, ">Eingebaut<", "</tr>")
	if !strings.Contains(row, w.Words.In(lang.Tag(between(page, `<html lang="`, `"`))).T("desk.engines.bare")) || !strings.Contains(row, "depesche engine add") {
		t.Error(row)
	}
	before := page[:strings.Index(page, ">Eingebaut<")]
	one := "/desk/engines/" + between(before[strings.LastIndex(before, "/desk/engines/"):], "/desk/engines/", `"`)
	_, page = w.get(one + "/delete")
	if status, _ := w.post(one+"/delete", fields(t, page, one+"/delete")); status != http.StatusSeeOther {
		t.Errorf("removing: %d", status)
	}
}
