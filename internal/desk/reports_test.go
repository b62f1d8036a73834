package desk_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/correction"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// reported has a reader of a story's edition report something at a block.
func (w *world) reported(t *testing.T, number int64, lang string, block document.ID, said, mail string) correction.Report {
	t.Helper()
	e := w.edition(number, lang)
	live, err := w.Editions.Published(t.Context(), w.DB.Read(), number, e.Lang)
	if err != nil {
		t.Fatal(err)
	}
	n := correction.NewReport{Block: block, Revision: e.PublishedRev, Given: time.Now(), Said: said, Mail: mail}
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
	r := w.reported(t, number, "uk", block, "Дерев було <b>більше</b> \u202eсаме", "leser@example.org")
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
	// Whatever way its letters run, it turns no others round.
	said := `dir="auto">Дерев було &lt;b&gt;більше&lt;/b&gt; ` + "\u202eсаме"
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
	if status, to := move("2", "corrected"); status != http.StatusSeeOther || to != "/desk/editions/"+string(german.ID) {
		t.Errorf("%d %s", status, to)
	}
	if _, page := w.get("/desk/reports"); strings.Contains(page, said) {
		t.Error("it is still open")
	}
	has("/desk/reports?show=closed", said)
	w.correctsReported(t, number, block)
}

// correctsReported: who corrects is led to the text, then to the release, and what goes out closes the report.
func (w *world) correctsReported(t *testing.T, number int64, block document.ID) {
	t.Helper()
	r, other := w.reported(t, number, "uk", block, "Дерев було менше", ""), w.reported(t, number, "uk", block, "Слово зайве", "")
	path, german := "/desk/reports/"+string(r.ID), w.edition(number, "de")
	correct := func(version, at string) string {
		t.Helper()
		status, to := w.post(path, url.Values{"version": {version}, "to": {"correct"}, "at": {at}})
		if status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, to)
		}
		return to
	}
	if to := correct("1", ""); to != "/desk/editions/"+string(r.Edition)+"#b-"+string(block) {
		t.Errorf("of an unchanged text: %s", to)
	}
	if to := correct("2", string(german.ID)); to != "/desk/editions/"+string(german.ID)+"#b-"+string(block) {
		t.Errorf("at another language: %s", to)
	}
	doc := german.Doc
	for i, b := range doc.Blocks {
		if b.ID == block {
			doc.Blocks[i].Text = append(document.Text("Berichtigt: "), b.Text...)
		}
	}
	if _, err := w.Editions.Save(t.Context(), actor.System("test"), edition.Save{Edition: german.ID, Base: german.Revision, Doc: doc}); err != nil {
		t.Fatal(err)
	}
	dialogue := fmt.Sprintf("/desk/stories/%d/release", number)
	ticked := func(query string, id correction.ReportID, want bool) {
		t.Helper()
		_, page := w.get(dialogue + query)
		if box := between(page, `<input type="checkbox" name="report" value="`+string(id), "<span"); box == "" || strings.Contains(box, " checked") != want || !strings.Contains(page, box+`<span dir="auto">`) {
			t.Errorf("%s: %q", query, box)
		}
	}
	to := correct("3", string(german.ID))
	if to != dialogue+"?act=correct&from="+string(german.ID)+"&report="+string(r.ID) {
		t.Errorf("of a changed text: %s", to)
	}
	ticked("?act=correct&report="+string(r.ID), r.ID, true)
	ticked("?act=update", r.ID, true) // it is hers, and that place is changed
	ticked("?act=update", other.ID, false)
	ticked("?act=correct&report="+string(other.ID), other.ID, true)
	if _, page := w.get(dialogue + "?act=withdraw"); strings.Contains(page, `name="report"`) {
		t.Error("withdrawing settles reports")
	}
	now := w.edition(number, "de")
	form := url.Values{"act": {"correct"}, "from": {string(now.ID)}, "edition": {string(now.ID)}, "version." + string(now.ID): {fmt.Sprint(now.Version)}, "report": {string(r.ID)}}
	if status, _ := w.post(dialogue, form); status != http.StatusUnprocessableEntity || w.stateOf(t, r) != correction.ReportTaken {
		t.Errorf("without a text: %d", status)
	}
	form.Set("text."+string(now.ID), "Wir hatten die Zahl der Bäume falsch angegeben.")
	if status, page := w.post(dialogue, form); status != http.StatusSeeOther || w.stateOf(t, r) != correction.ReportCorrected || w.stateOf(t, other) != correction.ReportOpen {
		t.Errorf("%d %s", status, page)
	}
}

func (w *world) stateOf(t *testing.T, r correction.Report) correction.ReportState {
	t.Helper()
	r, err := w.Corrections.ReportByID(t.Context(), w.DB.Read(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r.State
}
