package desk_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"depesche/internal/db"
)

// translationsAreTaken: the list says who has what, and lets it be taken, handed over and given back.
func translationsAreTaken(t *testing.T, w *world) {
	_, writing := w.post("/desk/stories/new", url.Values{"lang": {"de"}, "headline": {"Der Rat tagt wieder"}, "kind": {"news"}})
	_, page := w.get(writing)
	number := between(page, `href="/desk/stories/`, `"`)
	_, translating := w.post("/desk/stories/"+number+"/editions", url.Values{"lang": {"en"}})
	assign := strings.TrimSuffix(translating, "translate") + "assign"
	mine := func() bool {
		_, page := w.get("/desk/translations?mine=1")
		return strings.Contains(page, translating)
	}
	if mine() {
		t.Error("what nobody took is somebody's")
	}
	if status, to := w.post(assign, url.Values{"act": {"take"}, "back": {"/desk/translations?mine=1"}}); status != 303 || to != "/desk/translations?mine=1" {
		t.Fatalf("%d %s", status, to)
	}
	if !mine() {
		t.Error("what was taken isn't mine")
	}
	_, page = w.get("/desk/translations?lang=en")
	if !strings.Contains(page, `action="`+assign+`"`) || !strings.Contains(page, `name="act" value="give"`) {
		t.Error("the list doesn't let it be given back")
	}
	if status, _ := w.post(assign, url.Values{"act": {"due"}, "date": {"2031-02-31"}, "time": {"10:00"}}); status != 422 {
		t.Errorf("a day there isn't: %d", status)
	}
	if status, _ := w.post(assign, url.Values{"act": {"due"}, "date": {"2031-02-03"}, "time": {"10:00"}}); status != 303 {
		t.Errorf("a due time: %d", status)
	}
	// What is due comes first in the lists, and its time is in the form.
	for _, list := range []string{"/desk/translations", "/desk/translations?lang=en"} {
		_, page := w.get(list)
		rows := strings.Split(page, "<tr data-edition=")[1:]
		at := slices.IndexFunc(rows, func(row string) bool { return strings.Contains(row, translating) })
		if at < 0 || strings.Count(page, `href="`+translating+`"`) != 1 {
			t.Errorf("%s: %d rows, the one that is due is not there, or not once", list, len(rows))
			continue
		}
		// The demo's own are due earlier.
		if slices.ContainsFunc(rows[:at], func(row string) bool { return !strings.Contains(row, `<time`) }) {
			t.Errorf("%s: what has no due time stands before what has one", list)
		}
		if row := rows[at]; !strings.Contains(row, `name="date" value="2031-02-03"`) || !strings.Contains(row, `name="time" value="10:00"`) || !strings.Contains(row, `name="back" value="`+list+`"`) {
			t.Errorf("%s: %s", list, row)
		}
	}
	if status, to := w.post(assign, url.Values{"act": {"due"}, "date": {""}, "time": {""}, "back": {"/desk/translations?lang=en"}}); status != 303 || to != "/desk/translations?lang=en" {
		t.Errorf("no due time: %d %s", status, to)
	}
	if _, page := w.get("/desk/translations?lang=en"); strings.Contains(page, `value="2031-02-03"`) {
		t.Error("the due time is still there")
	}
	if status, _ := w.post(assign, url.Values{"act": {"hand"}, "to": {"nobody"}}); status != 404 {
		t.Errorf("to nobody: %d", status)
	}
	if status, _ := w.post(assign, url.Values{"act": {"give"}}); status != 303 || mine() {
		t.Errorf("given back: %d", status)
	}
}

// enginesAreCompared: what was changed of their drafts is a picture and a table.
func enginesAreCompared(t *testing.T, w *world) {
	if status, page := w.get("/desk/translations/engines"); status != 200 || !strings.Contains(page, `class="empty"`) {
		t.Fatalf("%d", status)
	}
	err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, s := range []string{
			`INSERT INTO draft (id, edition_id, address, source_rev, kind, engine, from_lang, to_lang, body, placed, at)
				SELECT 'd1', MIN(id), 'a/text', 1, 'engine', '<Kobold>', 'de', 'en', '[]', TRUE, '2026-01-01T00:00:00.000Z' FROM edition`,
			`INSERT INTO evidence (draft_id, revision, words, changed, at) VALUES ('d1', 1, 40, 10, '9999-01-01T00:00:00.000Z')`,
		} {
			if _, err := tx.ExecContext(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, page := w.get("/desk/translations/engines?months=12")
	if chart := between(page, `<svg class="chart"`, `</svg>`); !strings.Contains(chart, `width="100"`) || !strings.Contains(chart, "&lt;Kobold&gt;") {
		t.Errorf("chart %s", chart)
	}
	if table := between(page, `<tbody>`, `</tbody>`); !strings.Contains(table, "25") || !strings.Contains(table, "&lt;Kobold&gt;") {
		t.Errorf("table %s", table)
	}
}
