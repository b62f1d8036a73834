//go:build browser

package journey

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// shareAndMenus presses what scripts make better: copying a link says that it is done, menus close as one expects.
func shareAndMenus(t *testing.T, n *newsroom) {
	p := n.visitor()
	p.open(n.pages("de")["article"][0])
	p.equal(`[...document.querySelectorAll(".share li")].filter(l => l.checkVisibility()).map(l => l.textContent).join()`, "Link kopieren,E-Mail,Telegram,WhatsApp,Facebook,Drucken")
	p.until(`document.querySelector(".share [role=status]")`)
	p.click(`.share [value=copy]`)
	p.until(`document.querySelector(".share [role=status]").textContent === "Link kopiert"`)
	p.equal(`document.querySelector(".share [value=copy]").textContent`, "Link kopiert")

	p.width(390)
	p.open(p.path())
	for _, menu := range []string{".pull:not(.tongue)", ".tongue"} {
		open := exists("header "+menu) + `.open`
		p.click("header " + menu + " summary")
		p.equal(open, "true")
		p.keys(kb.Escape)
		p.equal(open, "false")
		p.equal(`document.activeElement.closest("details") === `+exists("header "+menu), "true")
		p.click("header " + menu + " summary")
		p.click("body > footer p")
		p.equal(open, "false")
	}

	// Without scripts nothing is offered that they alone can do.
	without := n.visitor()
	without.withoutScripts()
	without.open(p.path())
	without.equal(`[...document.querySelectorAll(".share li")].filter(l => l.checkVisibility()).map(l => l.textContent).join()`, "E-Mail,Telegram,WhatsApp,Facebook")
}
