//go:build browser

package journey

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/edition"
)

// tabTo presses Tab until the wanted element has the focus. On the way nothing may hide where one is.
func (p *tab) tabTo(selector string) {
	p.t.Helper()
	for range 150 {
		p.keys(kb.Tab)
		if p.js(fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) == "true" {
			return
		}
		p.visibleFocus()
	}
	p.t.Fatalf("Tab doesn't reach %s\n%s", selector, p.where())
}

// visibleFocus wants a mark at what has the focus, and wants it on the screen.
func (p *tab) visibleFocus() {
	p.t.Helper()
	if got := p.js(`(() => {
		const e = document.activeElement;
		// A date's parts and its calendar mark the focus inside the field.
		if (!e || e === document.body || e.matches(".ProseMirror, [type=date], [type=time]")) return "";
		const s = getComputedStyle(e), r = e.getBoundingClientRect();
		const label = e.outerHTML.slice(0, 120);
		if (s.outlineStyle === "none" && s.boxShadow === "none") return "no mark at the focus: " + label;
		if (r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) return "the focus is off the screen: " + label;
		return ""
	})()`); got != "" {
		p.t.Error(got)
	}
}

func (p *tab) enter() int { p.t.Helper(); return p.goes(p.pressing(kb.Enter)) }

// pressing is a key as a step that leads to another page.
func (p *tab) pressing(key string, modifiers ...chromedp.Modifier) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range key {
			if err := press(ctx, target, r, modifiers); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestKeyboardOnly writes and releases a story without a mouse.
func TestKeyboardOnly(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.visitor()
	p.open("/desk/")
	p.until(`document.activeElement.name === "email"`)
	p.keys(chiefMail + kb.Tab + password)
	p.enter()
	p.equal(`location.pathname`, "/desk/")

	p.until(exists(`[data-key=n]`))
	p.goes(p.pressing("n"))
	p.until(`document.activeElement.name === "headline"`)
	p.keys("Nur mit Tasten")
	p.tabTo("[name=section]")
	p.keys("City")
	p.equal(`document.activeElement.selectedOptions[0].textContent`, "City")
	p.tabTo("main form .primary")
	p.enter()
	p.writes()
	id := p.editionID()

	// One who has begun a story goes on writing.
	p.until(`document.activeElement.matches(".ProseMirror")`)
	p.caretIn("lead")
	p.keys("Es geht ohne Maus." + kb.Enter + "Jeder Absatz." + kb.Enter + "/")
	p.until(exists(`#editor-menu:not([hidden]) [role=option]`))
	p.keys("Quo" + kb.Enter)
	p.keys("Ich habe keine Maus.")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	n.stands(id, "Jeder Absatz.\n\n> Ich habe keine Maus.")

	p.tabTo(`.panel .tabs a:not([aria-current])`)
	p.enter()
	p.tabTo(`[name=authors]`)
	p.keys(" ")
	p.equal(`document.querySelector("[name=authors]").checked`, "true")
	p.tabTo(`[name=new_topics]`)
	p.keys("Barrieren")
	p.tabTo(`.form-end .primary`)
	p.enter()
	p.shows("Saved")
	p.tabTo(`header.bar .primary`)
	p.enter()
	p.equal(`document.querySelector("[name=edition]").checked`, "true")
	for p.js(`[...document.querySelectorAll("[name^='override.']")].some(f => !f.value)`) == "true" {
		p.tabTo(`[name^="override."]`)
		p.keys("Ist so gemeint")
	}
	p.tabTo(`.form-end button.primary`)
	p.enter()
	p.shows("Published")
	if got := n.edition(id).State; got != edition.Published {
		t.Errorf("%s\n%s", got, p.where())
	}
}

// caretIn goes up from the end of the text until the caret is in a field of the head.
func (p *tab) caretIn(field string) {
	p.t.Helper()
	for range 30 {
		p.settle()
		if p.js(`(n => (n?.nodeType === 1 ? n : n?.parentElement)?.closest("[data-kind]")?.dataset.kind)(getSelection().anchorNode)`) == field {
			p.keys(kb.End)
			return
		}
		p.keys(kb.ArrowUp)
	}
	p.t.Fatalf("the arrow keys don't lead to the %s", field)
}

// TestTheListStaysUnderTheHand saves while the focus is in the checklist: what the save brings
// changes the list around the link, and the link keeps the focus.
func TestTheListStaysUnderTheHand(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	id := p.newStory("de", "Das Rathaus")
	p.caret("[data-kind=lead]", -1)
	p.keys("Ein Satz.")
	p.saved()
	p.keys(" Das Haus ist teuer und TODO.")
	p.run(`const a = document.querySelector("#checklist a"); a.focus(); window.held = a`)
	p.until(`document.querySelector("#checklist").innerText.includes("TODO")`)
	p.equal(`document.activeElement === window.held && window.held.isConnected`, "true")
	n.stands(id, "")
	p.equal(`document.querySelector(".ProseMirror [data-kind=lead]").textContent`, "Ein Satz. Das Haus ist teuer und TODO.")
}
