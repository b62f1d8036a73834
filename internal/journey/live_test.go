//go:build browser

package journey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/story"
	"depesche/internal/translate"
)

const enaMail = "ena@kurier.example" // translates into English

// officials is a story whose third paragraph will turn out to be wrong.
var officials = []struct{ id, uk, en string }{
	{"p1", "Суд розглядав справу два дні.", "The court heard the case for two days."},
	{"p2", "Слідчі працювали в Одесі.", "Investigators worked in Odesa."},
	{"p3", "Затримано троє посадовців.", "Three officials were detained."},
}

// arrested writes and translates it, and returns the original and the English edition.
func arrested(t *testing.T, n *newsroom) (original, english edition.Edition) {
	t.Helper()
	ctx, a, sys := t.Context(), n.app, actor.System("test")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := a.People.CreateStaff(ctx, sys, people.NewStaff{Name: "Ena English", Email: enaMail, Role: actor.Translator, Langs: []lang.Tag{"en"}, Password: password, UILang: "en"})
	must(err)
	original, err = a.Editions.Begin(ctx, sys, story.NewStory{Kind: story.News, OriginalLang: "uk"}, "Справа в Одесі")
	must(err)
	doc := document.Doc{Headline: "Справа в Одесі"}
	for _, p := range officials {
		doc.Blocks = append(doc.Blocks, document.Block{ID: document.ID(p.id), Kind: document.Paragraph, Text: document.Text(p.uk)})
	}
	saved, err := a.Editions.Save(ctx, sys, edition.Save{Edition: original.ID, Base: original.Revision, Doc: doc})
	must(err)
	begun, err := a.Translate.Begin(ctx, sys, original.Story, "en")
	must(err)
	say := func(at document.Address, text string) {
		t.Helper()
		_, err := a.Translate.Confirm(ctx, sys, translate.Unit{Edition: begun[0].ID, Address: at, Text: document.Text(text), Answer: translate.AnswerReviewed})
		must(err)
	}
	say("head/headline", "A case in Odesa")
	for _, p := range officials {
		say(document.Address(p.id+"/text"), p.en)
	}
	return saved.Edition, begun[0]
}

// TestCorrectionReachesOpenDesks changes a fact of an original while a translator has the translation open and
// writes in it, and the board is open elsewhere: it is seen there without a reload, and nothing else changes.
func TestCorrectionReachesOpenDesks(t *testing.T) {
	t.Parallel()
	n := founded(t)
	original, english := arrested(t, n)

	chief := n.chief()
	board := chief.another()
	board.open("/desk/")
	cell := fmt.Sprintf(`document.querySelector('.board a.cell[href^="/desk/editions/%s"] .state')`, english.ID)
	board.until(cell + `.dataset.state === "draft"`)
	chief.open("/desk/editions/" + string(original.ID))
	chief.writes()
	ena := n.signedIn(enaMail, password)
	ena.open("/desk/editions/" + string(english.ID) + "/translate")
	row := func(id string) string { return `document.querySelector('tr.unit[data-address="` + id + `/text"]')` }
	ena.until(row("p3") + `.querySelector(".state").dataset.state === "reviewed"`)
	board.run(`new MutationObserver(() => { if (!window.seenAt && ` + cell + `?.dataset.weight === "fact") window.seenAt = Date.now(); })
		.observe(document.body, {subtree: true, childList: true, attributes: true})`)
	chief.run(`window.fetched = fetch; window.fetch = async (...a) => { const r = await fetched(...a); if (String(a[0]).endsWith("/save.json")) window.savedAt = Date.now(); return r; }`)

	// The translator is in the middle of a sentence.
	ena.run(row("p1") + `.querySelector(".unit-shown").focus()`)
	ena.until(`document.activeElement.closest("tr")?.dataset.address === "p1/text"`)
	ena.keys("a", chromedp.ModifierCtrl)
	ena.insert("The court had been hearing the case for")

	// What the rows look like, and when what one waits for is there.
	ena.run(`
		window.was = [...document.querySelectorAll("tr.unit")].filter(r => !["p1/text", "p3/text"].includes(r.dataset.address)).map(r => r.outerHTML);
		new MutationObserver(() => { if (!window.seenAt && ` + row("p3") + `.querySelector('.state[data-weight="fact"]')) window.seenAt = Date.now(); })
			.observe(document.body, {subtree: true, childList: true, attributes: true})`)
	chief.until(`[...document.querySelectorAll(".ProseMirror *")].some(e => e.textContent === "` + officials[2].uk + `")`)
	chief.run(`document.querySelector(".ProseMirror").focus();
		const walk = document.createTreeWalker(document.querySelector(".ProseMirror"), NodeFilter.SHOW_TEXT);
		let node; while ((node = walk.nextNode()) && !node.data.includes("троє")) ;
		const at = node.data.indexOf("троє"); getSelection().setBaseAndExtent(node, at, node, at + 4)`)
	chief.settle()
	chief.insert("четверо")
	chief.keys("s", chromedp.ModifierCtrl)
	chief.saved()

	ena.until(`window.seenAt`)
	ena.equal(row("p3")+`.querySelector(".state").dataset.state`, "stale")
	ena.equal(row("p3")+`.querySelector(".unit-source del").textContent`, "троє")
	ena.equal(row("p3")+`.querySelector(".unit-source ins").textContent`, "четверо")
	ena.equal(row("p3")+`.querySelector(".unit-shown").textContent`, officials[2].en)
	ena.equal(`[...document.querySelectorAll("tr.unit .state[data-state=stale]")].length`, "1")
	// Nothing else has changed, least of all what she writes and where.
	ena.equal(`[...document.querySelectorAll("tr.unit")].filter(r => !["p1/text", "p3/text"].includes(r.dataset.address)).every((r, i) => r.outerHTML === window.was[i])`, "true")
	ena.equal(`document.activeElement.closest("tr")?.dataset.address`, "p1/text")
	ena.insert(" two days.")
	ena.equal(row("p1")+`.querySelector(".ProseMirror").textContent`, "The court had been hearing the case for two days.")

	board.until(`window.seenAt`)
	board.equal(cell+`.closest("a").dataset.tone`, "signal")
	chief.until(`document.querySelector("#changes-place ins")?.textContent === "четверо"`)
	// One browser has one line, whatever the number of its tabs.
	asked := 0
	for _, p := range []*tab{chief, board} {
		p.mu.Lock()
		asked += len(slices.DeleteFunc(slices.Clone(p.asked), func(u string) bool { return !strings.Contains(u, "/desk/events") }))
		p.mu.Unlock()
	}
	if asked == 0 || asked > 3 { // signing in and the way to the text are pages of their own
		t.Errorf("the browser of two tabs opened %d streams", asked)
	}
	saved, _ := strconv.Atoi(chief.js(`window.savedAt`))
	for _, x := range []struct {
		where string
		tab   *tab
	}{{"the translator's row", ena}, {"the board's cell", board}} {
		seen, _ := strconv.Atoi(x.tab.js(`window.seenAt`))
		t.Logf("from the save's answer until it stands in %s: %d ms", x.where, seen-saved)
	}
	ena.until(row("p1") + `.querySelector(".state").dataset.state === "edited"`)
	ena.equal(row("p3")+`.querySelector(".state").dataset.state`, "stale")
}
