package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"depesche/internal/correction"
	"depesche/internal/document"
)

// reported has a reader of a story's edition report something at a block.
func (w *world) reported(t *testing.T, number int64, lang string, block document.ID, said, mail string) correction.Report {
	t.Helper()
	e := w.edition(number, lang)
	live, err := w.Editions.Published(t.Context(), w.DB.Read(), number, e.Lang)
	if err != nil {
		t.Fatal(err)
	}
	n := correction.NewReport{Block: block, Revision: e.PublishedRev, Said: said, Mail: mail}
	if err := w.Corrections.Take(t.Context(), live, live.Doc, n); err != nil {
		t.Fatal(err)
	}
	list, err := w.Corrections.OpenReports(t.Context(), w.DB.Read(), live.Story.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Said == said {
			return r
		}
	}
	t.Fatalf("no report among %+v", list)
	return correction.Report{}
}

// readersReport: what a reader reports in one language is seen at that block in each, moved and answered.
func readersReport(t *testing.T, w *world) {
	const number = 14
	var block document.ID
	for _, b := range w.edition(number, "uk").Doc.Blocks {
		if b.Kind == document.Paragraph {
			block = b.ID
			break
		}
	}
	r := w.reported(t, number, "uk", block, "Дерев було <b>більше</b>", "leser@example.org")
	has := func(path string, all ...string) string {
		t.Helper()
		_, page := w.get(path)
		for _, s := range all {
			if !strings.Contains(page, s) {
				t.Errorf("%s lacks %s", path, s)
			}
		}
		return page
	}
	said := "Дерев було &lt;b&gt;більше&lt;/b&gt;"
	german := w.edition(number, "de")
	has("/desk/editions/"+string(w.edition(number, "uk").ID), said, "mailto:leser@example.org?subject=", `data-show="`+string(block)+`/text"`)
	has("/desk/editions/"+string(german.ID), said, "#b-"+string(block))
	page := has("/desk/editions/"+string(german.ID)+"/translate", said, "report-note", `id="report-`+string(r.ID))
	row := between(page, `data-address="`+string(block)+`/text"`, "</tr>")
	if !strings.Contains(row, "report-note") || strings.Count(page, "report-note") != 1 {
		t.Errorf("the report isn't at its block: %s", row)
	}
	has("/desk/editions/"+string(german.ID)+"/around.json", "reportsHTML", string(r.ID))
	has("/desk/", `href="/desk/reports"`, `class="count"`)
	has("/desk/reports", said, `name="to" value="taken"`)
	move := func(version, to string) (int, string) {
		return w.post("/desk/reports/"+string(r.ID), url.Values{"version": {version}, "to": {to}, "back": {"/desk/editions/" + string(german.ID)}})
	}
	if status, to := move("1", "taken"); status != http.StatusSeeOther || to != "/desk/editions/"+string(german.ID) {
		t.Errorf("%d %s", status, to)
	}
	if status, _ := move("1", "spam"); status != http.StatusConflict {
		t.Errorf("an old version: %d", status)
	}
	has("/desk/reports", `name="to" value="open"`)
	if status, to := move("2", "corrected"); status != http.StatusSeeOther || !strings.HasSuffix(to, "/release?act=correct&from="+string(r.Edition)) {
		t.Errorf("%d %s", status, to)
	}
	if _, page := w.get("/desk/reports"); strings.Contains(page, said) {
		t.Error("it is still open")
	}
	has("/desk/reports?show=closed", said)
}
