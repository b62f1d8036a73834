//go:build browser

package journey

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/edition"
	"depesche/internal/engine/enginetest"
	"depesche/internal/lang"
)

// TestDraftedByAnEngine: a story is drafted by an engine that was set up at the desk, reviewed and
// released; its original changes, the others are told, one is mended and tells of the correction.
func TestDraftedByAnEngine(t *testing.T) {
	t.Parallel()
	n := founded(t)
	deepl := enginetest.StartDeepL(t)
	for de, there := range map[string]string{
		"Der Rat tagt":                 "The council meets",
		"Im Saal wurde lange geredet.": "They talked for long in the hall.",
		"Am Ende gehen drei":           "In the end three leave",
	} {
		deepl.Says(de, there)
	}
	admin := n.signedIn(adminMail, password)
	admin.open("/desk/engines/new?kind=deepl")
	admin.fill("name", "DeepL")
	admin.fill("setting.endpoint", deepl.URL)
	admin.fill("key", enginetest.Key)
	admin.send()
	admin.shows("DeepL")

	p := n.chief()
	de := p.newStory("de", "Der Rat tagt")
	p.caret("[data-kind=lead]", -1)
	p.insert("Im Saal wurde lange geredet.")
	p.keys(kb.Enter)
	p.insert("Am Ende gehen drei")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	p.follow(`.panel .tabs a:not([aria-current])`)
	p.chooseWord("section", "City")
	p.tickWord("authors", "Jana Roth")
	p.send()

	// One click, and the drafts stand in the screen.
	number := n.numberOf(de)
	p.open("/desk/editions/" + string(de))
	p.follow(`header.bar [value=translate]`)
	en := n.inLanguage(de, "en")
	screen := "/desk/editions/" + string(en) + "/translate"
	if !p.eventually(func() bool {
		p.open(screen)
		return p.js(`document.querySelectorAll(".unit-state .state[data-state=machine]").length`) == "3"
	}) {
		t.Fatalf("nothing is drafted\n%s", p.where())
	}
	p.shows("In the end three leave")
	p.shows("DeepL")
	p.follow(`header.bar [value=review]`)
	p.follow(`header.bar [value=approve]`)
	p.open("/desk/stories/" + number + "/release")
	p.overrideAll("Ist so gemeint")
	p.send()
	p.shows("Published")
	page := fmt.Sprintf("/en/%s/%s", number, n.edition(en).Slug)
	n.becomes(page, "checked by Carla Chief", true)

	// Three become four.
	p.open("/desk/editions/" + string(de))
	p.writes()
	p.caret(".ProseMirror > p[data-kind=paragraph], .ProseMirror > [data-kind=paragraph]", -1)
	p.keys(kb.Backspace + kb.Backspace + kb.Backspace + kb.Backspace)
	p.keys("vier")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	p.open(screen)
	p.equal(`document.querySelectorAll("tr.unit .state[data-state=stale]").length`, "1")
	p.equal(`document.querySelector("tr.unit .state[data-state=stale]").dataset.weight`, "fact")
	p.equal(`document.querySelector("tr.unit:has(.state[data-state=stale])").innerText.includes("vier")`, "true")
	p.open("/desk/stories/" + number + "/release?act=correct&from=" + string(de))
	p.tick("edition", string(de))
	p.fill("text."+string(de), "Vier und nicht drei gehen.")
	p.overrideAll("Ist so gemeint")
	p.send()
	n.becomes(page, "The original was corrected", true)

	// Mended, checked again, and told.
	p.open(screen)
	p.until(`document.querySelector("tr.unit[aria-current]")`)
	p.run(`document.querySelector("tr.unit:has(.state[data-state=stale]) .unit-shown").focus()`)
	p.keys("a", chromedp.ModifierCtrl)
	p.insert("In the end four leave")
	p.keys(kb.Enter, chromedp.ModifierCtrl)
	p.until(`!document.querySelector("tr.unit .state[data-state=stale]")`)
	p.open(screen)
	p.follow(`header.bar [value=check]`)
	p.open("/desk/stories/" + number + "/release?from=" + string(en))
	p.equal(`document.querySelector(".tabs [aria-current]").textContent`, "Correct")
	p.tick("edition", string(en))
	p.fill("text."+string(en), "Four leave, not three.")
	p.overrideAll("Ist so gemeint")
	p.send()
	n.becomes(page, "The original was corrected", false)
	n.becomes(page, "In the end four ", true)
	n.becomes(page, "Four leave, not three.", true)
	n.becomes(page, "checked by Carla Chief", true)
}

// numberOf is the number of an edition's story.
func (n *newsroom) numberOf(id edition.ID) string {
	n.t.Helper()
	st, err := n.app.Stories.ByID(n.t.Context(), n.app.DB.Read(), n.edition(id).Story)
	if err != nil {
		n.t.Fatal(err)
	}
	return fmt.Sprint(st.Number)
}

// inLanguage is the edition of the same story in another language.
func (n *newsroom) inLanguage(id edition.ID, l lang.Tag) edition.ID {
	n.t.Helper()
	e, err := n.app.Editions.ByLanguage(n.t.Context(), n.app.DB.Read(), n.edition(id).Story, l)
	if err != nil {
		n.t.Fatal(err)
	}
	return e.ID
}
