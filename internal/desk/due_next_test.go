package desk_test

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"depesche/internal/document"
	"depesche/internal/edition"
)

// whatIsDueComesFirst on Today, what the checklist stops is red there, and what waits for somebody is counted
// beside every screen.
func whatIsDueComesFirst(t *testing.T, w *world) {
	w.client = w.signIn("chief@meridian.example")
	waiting, err := w.Releases.Waiting(t.Context(), w.DB.Read(), 1)
	if err != nil || len(waiting) == 0 {
		t.Fatalf("nothing waits: %v", err)
	}
	// Touched after all that waits: what was touched last stands below it.
	review := w.edition(42, "uk")
	doc := review.Doc
	doc.Blocks = append(doc.Blocks, document.Block{ID: "leak", Kind: document.Paragraph, Text: document.Text("spot_img spot_img")})
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := w.post("/desk/editions/"+string(review.ID)+"/save.json", url.Values{"base": {strconv.FormatInt(review.Revision, 10)}, "doc": {string(raw)}}); status != 200 {
		t.Fatalf("saving: %d %s", status, body)
	}
	if now := w.edition(42, "uk").State; now != edition.Review {
		t.Fatalf("the edition is %s", now)
	}
	_, page := w.get("/desk/")
	rows := strings.Split(between(page, "<tbody>", "</tbody>"), "<tr ")[1:]
	place := func(story string) int {
		for i, row := range rows {
			if strings.Contains(row, `data-story="`+story+`"`) {
				return i
			}
		}
		return -1
	}
	if first, touched := place(string(waiting[0].Story)), place(string(review.Story)); first != 0 || touched < 1 {
		t.Errorf("what goes out next stands in row %d, what was touched last in %d", first, touched)
	}
	cell := `data-tone="signal" href="/desk/editions/` + string(review.ID) + `"`
	if _, again := w.get("/desk/?show=check"); !strings.Contains(page, cell) || !strings.Contains(again, cell) {
		t.Errorf("the edition that the checklist stops isn't red: no %s", cell)
	}

	for _, c := range []struct {
		email string
		want  bool
	}{{"chief@meridian.example", true}, {"advertising@meridian.example", false}} {
		w.client = w.signIn(c.email)
		for _, path := range []string{"/desk/", "/desk/pictures"} {
			if _, page := w.get(path); strings.Contains(between(page, `href="/desk/"`, "</li>"), `class="count"`) != c.want {
				t.Errorf("%s at %s: what waits is counted: %v", c.email, path, !c.want)
			}
		}
	}
	w.client = w.signIn("admin@meridian.example")
}
