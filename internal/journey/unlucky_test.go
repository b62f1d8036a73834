//go:build browser

package journey

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/edition"
)

// TestNothingTypedIsLostTranslating: the line is cut, the session ends, the server starts anew, and a second
// tab changes the same segment.
func TestNothingTypedIsLostTranslating(t *testing.T) {
	t.Parallel()
	n := founded(t)
	_, english := arrested(t, n)
	screen := "/desk/editions/" + string(english.ID) + "/translate"
	p := n.signedIn(enaMail, password)
	p.pardon("ERR_", "status of 401", "status of 409")
	const row = `document.querySelector("tr.unit[data-address='p2/text'] `
	stands := func(id edition.ID, text string) bool {
		seg, _ := n.doc(id).Segment("p2/text")
		return strings.HasSuffix(seg.Text.Plain(), text)
	}
	stored := func(text string) {
		t.Helper()
		if !p.eventually(func() bool { return stands(english.ID, text) }) {
			seg, _ := n.doc(english.ID).Segment("p2/text")
			t.Fatalf("%q isn't stored, but %q\n%s", text, seg.Text.Plain(), p.where())
		}
	}
	p.open(screen)
	p.run(row + `.unit-shown").focus()`)

	// The line is cut, and when it is back nobody is signed in any more.
	other := p.another()
	other.open("/desk/")
	p.offline(true)
	p.keys(kb.End + " One.")
	p.shows("No connection.")
	other.follow(`form[action="/desk/sign-out"] button`)
	p.offline(false)
	p.keys("s", chromedp.ModifierCtrl)
	p.shows("You are signed out. Your text is safe on this device.")
	other.fill("email", enaMail)
	other.fill("password", password)
	other.send()
	p.keys("s", chromedp.ModifierCtrl)
	stored(" One.")

	p.keys(" Two.")
	n.restart()
	p.keys("s", chromedp.ModifierCtrl)
	stored(" One. Two.")

	// A second tab changes the segment while this one is cut off.
	other.open(screen)
	p.offline(true)
	p.keys(" Three.")
	p.equal(row+`.unit-text").textContent.endsWith("Two. Three.")`, "true")
	other.run(row + `.unit-shown").focus()`)
	other.keys(kb.End + " Other.")
	other.keys("s", chromedp.ModifierCtrl)
	stored(" Two. Other.")
	p.offline(false)
	p.until(row + `.clash-note")`)
	p.keys(" Four.")
	p.keys("s", chromedp.ModifierCtrl)
	p.equal(row+`.clash-note .serif").textContent.endsWith("Other.")`, "true")
	other.open("/desk/") // it would take over what a page that goes has left
	p.open(screen)
	p.until(row + `.clash-note")`)
	p.equal(row+`:is(.unit-text, .unit-shown):not([hidden])").textContent.endsWith("Three. Four.")`, "true")
	if !stands(english.ID, " Other.") {
		t.Error("what was typed stands over what the other tab stored, and nobody chose")
	}
	p.click(`tr.unit[data-address="p2/text"] .clash-note button`)
	stored(" Two. Three. Four.")
	if p.js(`document.querySelector(".clash-note")`) != "null" {
		t.Error("it is still asked")
	}
}
