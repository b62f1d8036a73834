//go:build browser

package journey

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses the mouse in the middle of what is there, without a way to it.
func (p *tab) press(selector string) {
	p.t.Helper()
	middle := fmt.Sprintf(`(r => [r.left + r.width / 2, r.top + r.height / 2])(document.querySelector(%q).getBoundingClientRect())`, selector)
	var x, y float64
	if _, err := fmt.Sscanf(p.js(middle+`.join(" ")`), "%g %g", &x, &y); err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.MouseClickXY(x, y))
}

// TestPressedSegment: one press sets the caret in a segment that nobody was in; what a save brings takes
// the keyboard nowhere.
func TestPressedSegment(t *testing.T) {
	t.Parallel()
	n := founded(t)
	helped(t, n)
	p := n.chief()
	drafted(t, n, p)
	p.until(`document.querySelectorAll(".state[data-state=machine]").length === 2`)
	p.until(`!document.querySelector("#drafting[data-open]")`)

	p.press(`#u-2 .unit-shown`)
	p.until(`document.activeElement.matches("#u-2 .unit-text")`)
	p.until(`document.querySelector("#u-2").ariaCurrent === "true"`)
	p.keys(kb.End + " Ende.")
	p.equal(`document.activeElement.textContent`, felled[1].engine+" Ende.")

	// What is typed is stored while one is at the terms already.
	p.press(`#u-1 .unit-shown`)
	p.until(`document.activeElement.matches("#u-1 .unit-text")`)
	p.keys(kb.End + "!")
	p.keys("g", chromedp.ModifierCtrl)
	p.until(`document.querySelector("#u-1 .state").dataset.state === "edited"`)
	p.equal(`document.activeElement.dataset.insert`, "Region Charkiw")
	p.keys(kb.Escape)
	p.until(`document.activeElement.matches("#u-1 .unit-text")`)

	// Where nobody writes, the keys are the current segment's.
	p.run(`document.activeElement.blur()`)
	p.keys(kb.Enter, chromedp.ModifierCtrl)
	p.until(`document.querySelector("#u-1 .state").dataset.state === "reviewed"`)
	p.until(`document.activeElement.matches("#u-2 .unit-text")`)

	// The text comes before what stands below it.
	p.keys(kb.Tab)
	p.equal(`document.activeElement.matches("#u-2 .unit-marks button")`, "true")
}
