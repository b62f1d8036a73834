//go:build browser

package journey

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/edition"
)

// TestRevisions compares two revisions and takes the older one back.
func TestRevisions(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	id := p.newStory("de", "Haushalt")
	p.caret("[data-kind=lead]", -1)
	p.keys("Der Haushalt steht." + kb.Enter + "Er umfasst 40 Millionen Euro." + kb.Enter + "Das ist mehr als zuletzt.")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	first := n.edition(id).Revision
	p.caret(lastBlock, -1)
	p.keys(kb.Enter + "Die Opposition klagt.")
	p.run(`const w = document.createTreeWalker(document.querySelector(".ProseMirror > p"), NodeFilter.SHOW_TEXT); w.nextNode();
		const i = w.currentNode.data.indexOf("40"); getSelection().setBaseAndExtent(w.currentNode, i, w.currentNode, i + 2)`)
	p.settle()
	p.keys("50")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	n.stands(id, "Er umfasst 50 Millionen Euro.\n\nDas ist mehr als zuletzt.\n\nDie Opposition klagt.")

	p.follow(`.panel a[href$="/revisions"]`)
	p.tick("a", fmt.Sprint(first))
	p.tick("b", fmt.Sprint(n.edition(id).Revision))
	p.follow(`form .form-end .primary`)
	p.equal(`[...document.querySelectorAll(".diff del")].map(e => e.textContent).join()`, "40")
	p.until(`[...document.querySelectorAll(".diff ins")].map(e => e.textContent).join("|").startsWith("50|Die Opposition klagt.")`)
	p.hides("Das ist mehr als zuletzt.")
	p.click(`[data-open]`)
	p.until(exists(`dialog[open]`))
	p.equal(`document.activeElement.innerText.trim()`, "Cancel")
	p.follow(`dialog[open] .primary`)
	p.writes()
	n.stands(id, "Er umfasst 40 Millionen Euro.\n\nDas ist mehr als zuletzt.")
	if rev := n.edition(id).Revision; rev != first+2 && rev <= first {
		t.Errorf("restored as revision %d", rev)
	}
}

// TestSchedule sets a moment, and at that moment the story goes out.
func TestSchedule(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	p.pardon(refusals...)
	id := p.newStory("de", "Punkt acht")
	p.caret("[data-kind=lead]", -1)
	p.keys("Das Amt öffnet." + kb.Enter + "Um acht." + kb.Enter)
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	p.follow(`.panel .tabs a:not([aria-current])`)
	p.chooseWord("section", "City")
	p.tickWord("authors", "Jana Roth")
	p.fill("new_topics", "Amt")
	p.send()
	p.open("/desk/stories/1/release?act=schedule")
	p.equal(`[...document.querySelectorAll("[name=edition]:checked")].length`, "1")
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	when := func(at time.Time) {
		p.run(`document.querySelector("[name=time]").step = 1`) // the field offers minutes; the server takes seconds
		p.choose("date", at.In(berlin).Format("2006-01-02"))
		p.choose("time", at.In(berlin).Format("15:04:05"))
		p.overrideAll("Ist so")
	}
	when(time.Now().Add(-time.Hour))
	if status := p.send(); status != http.StatusUnprocessableEntity {
		t.Fatalf("a time that is past is answered with %d", status)
	}
	at := time.Now().Add(5 * time.Second).Truncate(time.Second)
	when(at)
	p.send()
	p.shows("The release is scheduled")
	if time.Now().Before(at) && n.edition(id).State != edition.Scheduled {
		t.Fatalf("it is %s", n.edition(id).State)
	}
	const path = "/de/1/" // leads to the address with the slug, once there is one
	if status, _, _ := n.get(path); status != http.StatusNotFound && time.Now().Before(at) {
		t.Errorf("before its time readers get %d", status)
	}
	if !p.eventually(func() bool { status, _, _ := n.get(path); return status == http.StatusMovedPermanently }) {
		t.Fatalf("it is %s, and it should have gone out at %s", n.edition(id).State, at)
	}
	if time.Now().Before(at) {
		t.Error("it went out before its time")
	}
	if e := n.edition(id); e.Published == nil || e.Published.Sub(at).Abs() > time.Second {
		t.Errorf("it went out at %v, and should have at %v", e.Published, at)
	}
	n.becomes("/de/", "Punkt acht", true)
}

// TestTheServerStartsAnew writes on while the house is renewed behind one's back.
func TestTheServerStartsAnew(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	p.pardon("ERR_", "presence")
	id := p.newStory("de", "Umbau")
	p.caret("[data-kind=lead]", -1)
	p.keys("Vorher.")
	p.saved()
	n.restart()
	p.keys(" Nachher.")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	if got := n.doc(id).Lead.Plain(); got != "Vorher. Nachher." {
		t.Errorf("the lead is %q", got)
	}
	p.open("/desk/")
	p.shows("Umbau")
}

// TestSignedOutWhileWriting loses the session, keeps the text, and goes on after signing in again.
func TestSignedOutWhileWriting(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	p.pardon("status of 401")
	id := p.newStory("de", "Abgemeldet")
	p.caret("[data-kind=lead]", -1)
	p.keys("Noch da.")
	p.saved()
	other := p.another()
	other.open("/desk/")
	other.follow(`form[action="/desk/sign-out"] button`)
	p.keys(" Und das auch.")
	p.until(`document.getElementById("saved").dataset.state === "waiting"`)
	p.shows("You are signed out. Your text is safe on this device.")
	other.fill("email", chiefMail)
	other.fill("password", password)
	other.send()
	other.equal(`location.pathname`, "/desk/")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	if got := n.doc(id).Lead.Plain(); got != "Noch da. Und das auch." {
		t.Errorf("the lead is %q", got)
	}
}
