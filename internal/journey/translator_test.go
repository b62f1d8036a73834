//go:build browser

package journey

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/engine/enginetest"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/register"
)

// felled is the story that is translated: what the engine makes of each segment, and what is right.
var felled = []struct{ uk, engine, de string }{
	{"На Харківщині зрубали 1077 дерев", "In der Charkiw-Oblast wurden 1.770 Bäume gefällt", "In der Region Charkiw wurden 1.077 Bäume gefällt"},
	{"Збитки оцінили в 12 млн грн.", "Schaden wurden geschätzt in 12 Millionen Hrywnja.", "Der Schaden wird auf 12 Millionen Hrywnja geschätzt."},
}

// helped sets up what a translator is helped with: an engine on the settings' screen, a name of the register,
// a pair of the memory.
func helped(t *testing.T, n *newsroom) *enginetest.LibreTranslate {
	t.Helper()
	libre := enginetest.StartLibreTranslate(t)
	libre.Always(enginetest.Play{Texts: func(texts []string) []string {
		for i, text := range texts {
			for _, s := range felled {
				text = strings.ReplaceAll(text, enginetest.Swap(s.uk, false), s.engine)
			}
			texts[i] = text
		}
		return texts
	}})
	admin := n.signedIn(adminMail, password)
	admin.open("/desk/engines/new?kind=libretranslate")
	admin.fill("name", "Haus")
	admin.fill("setting.endpoint", libre.URL)
	admin.fill("key", enginetest.Key)
	if status := admin.send(); status != http.StatusOK || admin.path() != "/desk/engines" {
		t.Fatalf("the engine: %d at %s\n%s", status, admin.path(), admin.where())
	}
	sys := actor.System("test")
	if _, err := n.app.Register.Save(t.Context(), sys, register.Entry{Kind: register.Place, State: register.Approved, Words: map[lang.Tag]register.Word{
		"uk": {Text: "Харківщина"}, "de": {Text: "Region Charkiw", Forbidden: []register.Forbidden{{Text: "Charkiw-Oblast"}}},
	}}); err != nil {
		t.Fatal(err)
	}
	tmx := `<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="paragraph" o-tmf="x" adminlang="en" srclang="uk" datatype="plaintext"/><body><tu>` +
		`<tuv xml:lang="uk"><seg>` + felled[1].uk + `</seg></tuv><tuv xml:lang="de"><seg>` + felled[1].de + `</seg></tuv></tu></body></tmx>`
	if _, err := n.app.Memory.Import(t.Context(), sys, strings.NewReader(tmx), memory.ImportOptions{Name: "alt.tmx", Langs: []lang.Tag{"uk", "de"}}); err != nil {
		t.Fatal(err)
	}
	return libre
}

// drafted is a Ukrainian story whose German draft an engine is making.
func drafted(t *testing.T, n *newsroom, p *tab) edition.ID {
	t.Helper()
	p.newStory("uk", felled[0].uk)
	p.caret("[data-kind=lead]", -1)
	p.insert(felled[1].uk)
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	p.follow(`a[href^="/desk/stories/"]`)
	p.follow(`form:has([name=lang][value=de]) button`)
	p.until(`document.querySelector("tr.unit[aria-current]")`)
	return p.editionID()
}

// tabsTo presses Tab until the focus is where it says.
func (p *tab) tabsTo(selector string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	for range 120 {
		if p.js(fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) == "true" {
			return
		}
		p.keys(kb.Tab, modifiers...)
	}
	p.t.Fatalf("Tab doesn't lead to %s\n%s", selector, p.where())
}

// TestTranslatorKeyboardOnly is a draft made ready for review without a mouse.
func TestTranslatorKeyboardOnly(t *testing.T) {
	t.Parallel()
	n := founded(t)
	helped(t, n)
	p := n.chief()
	id := drafted(t, n, p)
	// The rows fill in while one looks on.
	p.until(`document.querySelectorAll(".state[data-state=machine]").length === 2`)
	p.until(`!document.querySelector("#drafting[data-open]")`)

	p.tabsTo(`#u-1 .unit-shown, #u-1 .unit-text`)
	p.until(`document.activeElement.matches("#u-1 .unit-text")`)
	p.equal(`document.querySelector("#u-1 .unit-text .number.bad").textContent`, "1.770")
	p.equal(`document.querySelector("#u-1 .unit-source .term").textContent`, "Харківщині")
	p.equal(`document.querySelector("#u-1 .unit-source .term").title`, "Region Charkiw (never: Charkiw-Oblast)")

	// The repair, and the name from the register's card: there and back.
	p.keys("0", chromedp.ModifierAlt)
	p.until(`document.querySelector("#u-1 .unit-text").textContent.includes("1.077")`)
	p.keys("g", chromedp.ModifierCtrl)
	p.equal(`document.activeElement.dataset.insert`, "Region Charkiw")
	p.keys("g", chromedp.ModifierCtrl)
	p.until(`document.activeElement.matches("#u-1 .unit-text")`)
	p.keys("a", chromedp.ModifierCtrl)
	p.insert(felled[0].de)
	p.until(`!document.querySelector("#u-1 .finding[data-severity=error]")`)
	p.keys(kb.Enter, chromedp.ModifierCtrl)
	p.until(`document.querySelector("#u-1 .state").dataset.state === "reviewed"`)
	p.until(`document.getElementById("units-said").textContent === "Segment 1: Confirmed"`)

	// The second row: what the memory has, and a proposal asked for.
	p.until(`document.activeElement.matches("#u-2 .unit-text")`)
	p.keys("p", chromedp.ModifierAlt)
	p.until(`document.getElementById("units-said").textContent === "Segment 2: a proposal is there"`)
	p.keys("1", chromedp.ModifierAlt)
	p.equal(`document.activeElement.textContent`, felled[1].de)
	p.keys(kb.Enter, chromedp.ModifierCtrl)
	p.until(`document.querySelector("#u-2 .state").dataset.state === "reviewed"`)
	p.equal(`document.querySelector("#u-2 .origin").textContent`, "Import")
	p.equal(`document.querySelector("#units-progress").textContent`, "2 of 2 translated")

	p.tabsTo(`header.bar [value=review]`, chromedp.ModifierShift)
	p.goes(chromedp.KeyEvent(kb.Enter))
	p.shows("Sent for review")
	if got := n.edition(id).State; got != edition.Review {
		t.Errorf("it is %s", got)
	}
	if got := n.doc(id); got.Headline != felled[0].de || got.Lead.Plain() != felled[1].de {
		t.Errorf("%q, %q", got.Headline, got.Lead.Plain())
	}
}

// The server has a row's text, but its answer is lost, and one types on or takes it back: nobody else wrote that,
// on this page or the next.
func TestTranslatorLosesTheAnswer(t *testing.T) {
	t.Parallel()
	n := founded(t)
	helped(t, n)
	p := n.chief()
	p.pardon("status of 409") // where two changed the same row; here it was one
	id := drafted(t, n, p)
	p.until(`document.querySelectorAll(".state[data-state=machine]").length === 2`)
	p.until(`!document.querySelector("#drafting[data-open]")`)
	has := func(want string) {
		t.Helper()
		if !p.eventually(func() bool { return n.doc(id).Headline == want }) {
			t.Fatalf("the server has %q instead of %q\n%s", n.doc(id).Headline, want, p.where())
		}
	}
	alone := func(want string) {
		t.Helper()
		has(want)
		p.drafted("Bäume", false)
		p.equal(`document.querySelector(".clash-note")`, "null")
		p.equal(`document.querySelector("#u-1 .unit-text, #u-1 .unit-shown").textContent`, want)
	}
	lost := func(more, want string) {
		t.Helper()
		p.run(deafen)
		p.keys(more)
		p.keys("s", chromedp.ModifierCtrl)
		has(want)
		p.shows("You can go on writing")
	}
	p.tabsTo(`#u-1 .unit-shown, #u-1 .unit-text`)
	p.until(`document.activeElement.matches("#u-1 .unit-text")`)
	p.keys("a", chromedp.ModifierCtrl)
	p.insert("Bäume.")
	p.keys("s", chromedp.ModifierCtrl)
	alone("Bäume.")

	lost(" Eins.", "Bäume. Eins.")
	p.keys(" Zwei.")
	p.run(`mend()`)
	p.keys("s", chromedp.ModifierCtrl)
	alone("Bäume. Eins. Zwei.")

	lost(" Drei.", "Bäume. Eins. Zwei. Drei.")
	p.keys(strings.Repeat(kb.Backspace, len(" Drei.")))
	p.run(`mend()`)
	p.keys("s", chromedp.ModifierCtrl)
	alone("Bäume. Eins. Zwei.")

	lost(" Vier.", "Bäume. Eins. Zwei. Vier.")
	p.run(refuse)
	p.keys(" Fünf.")
	p.kept("Fünf.")
	p.goes(chromedp.Reload())
	alone("Bäume. Eins. Zwei. Vier. Fünf.")
}

// TestTranslatorWithoutScripts is the same by forms.
func TestTranslatorWithoutScripts(t *testing.T) {
	t.Parallel()
	n := founded(t)
	helped(t, n)
	p := n.chief()
	id := drafted(t, n, p)
	p.until(`document.querySelectorAll(".state[data-state=machine]").length === 2`)
	p.withoutScripts()
	p.open("/desk/editions/" + string(id) + "/translate")
	p.follow(`#u-1 [name=repair]`)
	p.until(`document.querySelector("#u-1 textarea").value.includes("1.077")`)
	p.follow(`#u-2 [name=take]`)
	p.equal(`document.querySelector("#u-2 textarea").value.trim()`, felled[1].de)
	p.fill("text.head/headline", felled[0].de)
	p.follow(`#u-1 [name=confirm]`)
	p.follow(`#u-2 [name=confirm]`)
	p.equal(`document.querySelectorAll(".state[data-state=reviewed]").length`, "2")
	p.follow(`header.bar [value=review]`)
	if got := n.edition(id).State; got != edition.Review {
		t.Errorf("it is %s", got)
	}
}
