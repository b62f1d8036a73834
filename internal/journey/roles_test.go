//go:build browser

package journey

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
)

// TestTwoTranslators are at the same segment: the second one sees both texts.
func TestTwoTranslators(t *testing.T) {
	t.Parallel()
	n := founded(t)
	a := n.chief()
	a.newStory("de", "Ein Titel")
	a.caret("[data-kind=lead]", -1)
	a.keys("Ein Satz.")
	a.keys("s", chromedp.ModifierCtrl)
	a.saved()
	a.open("/desk/stories/1")
	a.follow(`form:has([name=lang][value=en]) button`)
	a.until(exists(`tr.unit[aria-current]`))
	id := a.editionID()
	b := n.signedIn(adminMail, password)
	b.pardon("status of 409")
	b.atStart(`delete window.EventSource`) // whoever hears of the other's text in time has nothing to choose
	b.open("/desk/editions/" + string(id) + "/translate")
	b.until(exists(`tr.unit[aria-current]`))

	for row, text := range map[int]string{1: "A headline", 2: "A sentence."} {
		p := a
		if row == 2 {
			p = b // different segments: both are stored without a question
		}
		p.run(fmt.Sprintf(`document.querySelector("#u-%d :is(.unit-shown, .unit-text)").focus()`, row))
		p.keys(text)
		p.keys(kb.Enter, chromedp.ModifierCtrl)
		p.until(fmt.Sprintf(`document.querySelector("#u-%d .state").dataset.state === "reviewed"`, row))
	}
	b.run(`document.querySelector("#u-1 :is(.unit-shown, .unit-text)").focus()`)
	b.keys("Another headline")
	b.keys(kb.Enter, chromedp.ModifierCtrl)
	b.until(exists(`#u-1 .clash-note`))
	b.shows("A headline")
	b.equal(`document.querySelector("#u-1 .unit-text").textContent`, "Another headline")
	if got := n.edition(id).Headline; got != "A headline" {
		t.Errorf("before the choice the headline is %q", got)
	}
	b.run(`document.querySelector("#u-1 .clash-note button").click()`)
	b.until(`document.querySelector("#u-1 .state").dataset.state === "reviewed"`)
	if e := n.edition(id); e.Headline != "Another headline" || e.Doc.Lead.Plain() != "A sentence." {
		t.Errorf("%q, %q", e.Headline, e.Doc.Lead.Plain())
	}
}

// TestRoles: what one may not do isn't offered, and is refused to those who do it all the same.
func TestRoles(t *testing.T) {
	t.Parallel()
	n := founded(t)
	_, err := n.app.People.CreateStaff(t.Context(), actor.System("test"), people.NewStaff{
		Name: "Rita Reporter", Email: "rita@kurier.example", Role: actor.Reporter, Password: password, UILang: "uk", Langs: []lang.Tag{"de"},
	})
	if err != nil {
		t.Fatal(err)
	}
	rita := n.signedIn("rita@kurier.example", password)
	rita.equal(`document.documentElement.lang`, "uk") // her screens speak her language
	id := rita.newStory("de", "Von Rita")
	rita.caret("[data-kind=lead]", -1)
	rita.keys("Ein Satz.")
	rita.keys("s", chromedp.ModifierCtrl)
	rita.until(`document.getElementById("saved").dataset.state === "saved"`)
	rita.equal(`document.querySelectorAll("header.bar [value=release], header.bar [value=approve]").length`, "0")
	rita.follow(`header.bar [value=review]`)
	if got := n.edition(id).State; got != edition.Review {
		t.Fatalf("%s", got)
	}
	rita.pardon("status of 403")
	rita.open("/desk/stories/1/release")
	rita.equal(`document.querySelectorAll("[name=edition]:not([disabled])").length`, "0")
	rita.run(`document.querySelectorAll("form [disabled]").forEach(e => e.disabled = false); document.querySelector("[name=edition]").checked = true`)
	rita.send()
	if got := n.edition(id).State; got == edition.Published {
		t.Error("a reporter sent it out")
	}
	for _, path := range []string{"/desk/staff", "/desk/settings"} {
		if status := rita.open(path); status != http.StatusForbidden {
			t.Errorf("%s answers a reporter with %d", path, status)
		}
	}

	oles := n.signedIn(olesMail, password)
	oles.pardon("status of 403")
	oles.open("/desk/editions/" + string(id))
	oles.until(exists(".ProseMirror"))
	oles.equal(`document.querySelector(".ProseMirror").isContentEditable`, "false")
	oles.equal(`[...document.querySelectorAll("header.bar button")].map(b => b.value).join()`, "translate")
	oles.run(`window.answered = 0; fetch(document.querySelector("depesche-editor").dataset.save, {method: "POST", headers: {Accept: "application/json"},
		body: new URLSearchParams({doc: JSON.stringify({headline: "Von Oles", blocks: []}), base: "1", version: "1"})}).then(r => window.answered = r.status)`)
	oles.until(`window.answered`)
	oles.equal(`window.answered`, "403")
	if got := n.edition(id).Headline; got != "Von Rita" {
		t.Errorf("the headline is %q", got)
	}
}
