//go:build browser

package journey

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestADraftIsStopped: a draft that takes too long is stopped, the translator finds the sentence in the
// memory and puts it in, and what is missing is drafted after all.
func TestADraftIsStopped(t *testing.T) {
	t.Parallel()
	n := founded(t)
	libre := helped(t, n)
	arrived, release := libre.Hold()
	p := n.chief()
	id := drafted(t, n, p)
	select {
	case <-arrived:
	case <-t.Context().Done():
		t.Fatal("the engine isn't asked")
	}
	p.until(`document.querySelector("#drafting[data-open] [value=cancel]")`)
	p.tabsTo(`#drafting [value=cancel]`)
	p.goes(chromedp.KeyEvent(kb.Enter))
	p.until(`!document.querySelector("#drafting[data-open]")`)
	release()
	p.equal(`document.querySelectorAll(".state[data-state=missing]").length`, "2")

	// Its panel stays in sight beside a text that is longer than the window.
	p.do(chromedp.EmulateViewport(1280, 300))
	p.run(`scrollTo(0, document.documentElement.scrollHeight)`)
	p.until(`scrollY > 0 && Math.abs(document.getElementById("panel").getBoundingClientRect().top - document.querySelector(".bar").getBoundingClientRect().bottom) < 2`)
	p.do(chromedp.EmulateViewport(1280, 800))

	p.tabsTo(`#u-2 .unit-shown, #u-2 .unit-text`)
	p.until(`document.activeElement.matches("#u-2 .unit-text")`)
	p.click(`#panel-tabs a[href="#memory"]`)
	p.click(`#memory-q`)
	p.insert("оцінили")
	p.keys(kb.Enter)
	p.until(`document.querySelector("#memory-found mark")?.textContent === "оцінили"`)
	p.click(`#memory-found [data-insert]`)
	p.until(`document.querySelector("#u-2 .unit-text").textContent === ` + "`" + felled[1].de + "`")
	p.keys(kb.Enter, chromedp.ModifierCtrl)
	p.until(`document.querySelector("#u-2 .state").dataset.state === "reviewed"`)

	p.follow(`#drafting [value=draft]`)
	p.until(`document.querySelector("#u-1 .state").dataset.state === "machine"`)
	if got := n.doc(id); got.Headline != felled[0].engine || got.Lead.Plain() != felled[1].de {
		t.Errorf("%q, %q", got.Headline, got.Lead.Plain())
	}
}
