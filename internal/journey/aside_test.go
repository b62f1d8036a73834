//go:build browser

package journey

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// TestThatsRightByKey: with keys alone a translator says why a finding is none, it comes back when the
// text changes, and a stale segment is accepted as still right.
func TestThatsRightByKey(t *testing.T) {
	t.Parallel()
	n := founded(t)
	original, english := arrested(t, n)
	p := n.signedIn(enaMail, password)
	p.open("/desk/editions/" + string(english.ID) + "/translate")
	const row = `document.querySelector("tr.unit[data-address='p2/text'] `
	p.run(row + `.unit-shown").focus()`)
	p.keys(kb.End + " They found nothing nothing.")
	p.until(row + `.finding-aside")`)
	p.keys("a", chromedp.ModifierAlt)
	p.until(`document.activeElement.matches(".aside-why input")`)
	p.keys("A saying" + kb.Enter)
	p.until(row + `.finding[data-aside]")?.innerText.includes("A saying")`)
	p.equal(`document.activeElement.closest("tr").dataset.address`, "p2/text")
	p.keys(" Indeed.")
	p.until(row + `.finding-aside") && !` + row + `.finding[data-aside]")`)

	// The third paragraph says the same in other words.
	doc := n.doc(original.ID)
	doc.Blocks[2].Text = document.Text("Троє посадовців затримано.")
	if _, err := n.app.Editions.Save(t.Context(), actor.System("test"), edition.Save{Edition: original.ID, Base: n.edition(original.ID).Revision, Doc: doc}); err != nil {
		t.Fatal(err)
	}
	const stale = `document.querySelector("tr.unit[data-address='p3/text'] `
	p.until(stale + `.state").dataset.state === "stale"`)
	p.run(stale + `:is(.unit-shown, .unit-text)").focus()`)
	p.keys("r", chromedp.ModifierAlt)
	p.until(stale + `.state").dataset.state === "reviewed"`)
	if got, _ := n.doc(english.ID).Segment("p3/text"); got.Text.Plain() != "Three officials were detained." {
		t.Errorf("accepting it changed it: %q", got.Text.Plain())
	}
}
