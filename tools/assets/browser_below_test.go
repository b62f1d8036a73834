//go:build browser

package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses the mouse at a place of the page, given as two expressions.
func (p *tab) press(x, y string) {
	p.t.Helper()
	var at [2]float64
	for i, js := range []string{x, y} {
		if _, err := fmt.Sscan(p.text(js), &at[i]); err != nil {
			p.t.Fatalf("%s: %v", js, err)
		}
	}
	p.do(chromedp.MouseClickXY(at[0], at[1]))
	p.settle()
}

// The empty space below a text is the text's; teaser and slug don't swallow what is typed there.
func TestEditorBelowTheText(t *testing.T) {
	p := browse(t)
	p.write()
	last := func() string {
		d := p.doc()
		return plain(d.Blocks[len(d.Blocks)-1].Text)
	}
	middle := `(() => { const r = document.querySelector(".ProseMirror").getBoundingClientRect(); return r.left + r.width / 2 })()`
	p.run(`document.querySelector("[data-kind=slug]").scrollIntoView({block: "center"})`)
	p.press(middle, `document.querySelector("[data-kind=teaser]").getBoundingClientRect().top - 40`)
	p.keys("A")
	if got := last(); got != "Die Entscheidung fällt später.A" {
		t.Errorf("pressed between text and teaser: %q", got)
	}
	p.run(`scrollTo(0, document.body.scrollHeight)`)
	for i, below := range []string{
		`document.querySelector("[data-kind=slug]").getBoundingClientRect().bottom + 30`,
		`document.querySelector(".doc-hint").getBoundingClientRect().bottom - 4`,
	} {
		p.press(middle, below)
		p.keys("B")
		if got := last(); !strings.HasSuffix(got, strings.Repeat("B", i+1)) {
			t.Errorf("pressed below at %s: %q", below, got)
		}
	}
	p.equal(`document.querySelector("[data-kind=slug]").textContent + document.querySelector("[data-kind=teaser]").textContent`, "")

	// The fields themselves are reached by pressing on them, and the slug takes only what it may hold.
	p.press(middle, `(r => (r.top + r.bottom) / 2)(document.querySelector("[data-kind=slug]").getBoundingClientRect())`)
	p.keys("Selenskyj Hofft!  noch ")
	p.equal(`document.querySelector("[data-kind=slug]").textContent`, "selenskyj-hofft-noch-")
	p.equal(`JSON.parse(new FormData(document.getElementById("edition-form")).get("doc")).slug`, "selenskyj-hofft-noch")
	p.caret("#b-b1", 0)
	p.keys(kb.End, chromedp.ModifierCtrl)
	p.keys("C")
	if got := last(); !strings.HasSuffix(got, "BBC") {
		t.Errorf("at the end: %q", got)
	}
	p.saved()
}

// What the server refuses is said at its place, and the caret stays where one writes.
func TestEditorRefusalAtItsPlace(t *testing.T) {
	p := browse(t)
	p.write()
	p.desk("mode=422")
	p.caret("#b-b5", -1)
	p.keys(" x")
	p.keys("s", chromedp.ModifierCtrl)
	p.until(`document.getElementById("saved").textContent === "Not saved: The disk is full"`)
	p.until(`document.querySelector("#b-b1[data-refused] + .refusal")?.textContent === "The disk is full"`)
	p.keys("y")
	if d := p.doc(); !strings.HasSuffix(plain(d.Blocks[len(d.Blocks)-1].Text), " xy") {
		t.Errorf("typed on: %q", plain(d.Blocks[len(d.Blocks)-1].Text))
	}
	p.run(`document.querySelector("#messages .message button").click()`)
	p.equal(`getSelection().anchorNode.parentElement.closest(".block").id`, "b-b1")
	p.desk("mode=")
	p.keys("z")
	p.saved()
	p.equal(`document.querySelectorAll(".refusal").length`, "0")
}
