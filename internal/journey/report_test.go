//go:build browser

package journey

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"depesche/internal/app"
	"depesche/internal/correction"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// reportErrors is a reader's report from the words she marks to the correction that closes it, and what
// somebody is told who sends too many.
func reportErrors(t *testing.T, n *newsroom) {
	const number = 14
	uk, de := n.live(number, "uk"), n.live(number, "de")
	n.formsFit(fmt.Sprintf("/report/de/%d", number))
	r := n.reportsMarked(uk, "Обидва <i>відомства</i>? Лише одне.")
	n.reportsTooMuch(fmt.Sprintf("/report/de/%d", number), r.Story)

	// The translator into German has it beside that very segment.
	p := n.signedIn("translator@meridian.example", app.DemoPassword)
	p.open("/desk/editions/" + string(de.Edition.ID) + "/translate")
	note := fmt.Sprintf(`[...document.querySelectorAll(".report-note")].find(x => x.innerText.includes(%q))`, r.Said)
	p.until(note)
	p.equal(note+`.closest("tr.unit").dataset.address`, string(r.Block)+"/text")
	card := "#report-" + string(r.ID)
	p.equal(exists(card+" mark")+`.textContent`, r.Quote)
	p.equal(`[...document.querySelectorAll("`+card+` button")].some(b => b.value === "correct")`, "false") // he may not release
	p.follow(card + ` [value=taken]`)
	p.until(exists(card + `[data-state=taken]`))

	n.correctsReport(uk, r)
}

func (n *newsroom) live(number int64, l lang.Tag) edition.Live {
	n.t.Helper()
	live, err := n.app.Editions.Published(n.t.Context(), n.app.DB.Read(), number, l)
	if err != nil {
		n.t.Fatal(err)
	}
	return live
}

// formsFit looks at the form on a small phone, as a page and as text alone.
func (n *newsroom) formsFit(path string) {
	n.t.Helper()
	p := n.visitor()
	p.do(chromedp.EmulateViewport(320, 700, chromedp.EmulateMobile, chromedp.EmulateTouch))
	for _, address := range []string{path, "/text" + path, path + "?block=head", path + "?sent", "/text" + path + "?sent"} {
		if status := p.open(address); status != http.StatusOK {
			n.t.Errorf("%s answers %d", address, status)
		}
		p.fits(address)
		p.sound(address)
		if got := p.js(small); got != "" {
			n.t.Errorf("%s: too small for a finger:\n%s", address, got)
		}
	}
}

// sendsReport presses the button until the form is taken, or refused with these words: who has only just
// been given it is asked to read what she wrote.
func (p *tab) sendsReport(refused string) (taken bool) {
	p.t.Helper()
	said, mail := p.js(exists("#said")+".value"), p.js(exists("#mail")+".value")
	if !p.eventually(func() bool {
		status := p.follow(".ask button")
		if taken = p.js(`location.search`) == "?sent"; taken {
			return true
		}
		if status != http.StatusTooManyRequests {
			p.t.Fatalf("answered with %d\n%s", status, p.where())
		}
		p.equal(exists("#said")+".value", said)
		p.equal(exists("#mail")+".value", mail)
		return refused != "" && strings.Contains(p.js(exists(".ask .wrong")+".textContent"), refused)
	}) {
		p.t.Fatalf("neither taken nor refused\n%s", p.where())
	}
	return taken
}

// reportsMarked marks words in the first paragraph and reports them.
func (n *newsroom) reportsMarked(of edition.Live, said string) correction.Report {
	n.t.Helper()
	p := n.visitor()
	p.pardon("status of 429")
	p.open(fmt.Sprintf("/uk/%d/%s", of.Story.Number, of.Edition.Slug))
	p.until(exists(".err a"))
	p.run(`const text = document.querySelector(".txt > p[id]").firstChild, at = text.data.indexOf("обидва");
		getSelection().setBaseAndExtent(text, at, text, at + "обидва відомства".length)`)
	p.until(exists(".txt .here"))
	p.follow(".txt .here")
	p.equal(exists(".ask blockquote")+".textContent", "обидва відомства")
	p.fill("said", said)
	p.fill("mail", "chytachka@example.org")
	if !p.sendsReport("") {
		n.t.Fatalf("refused\n%s", p.where())
	}
	p.shows("Дякуємо")
	p.follow("main .btn")
	p.equal(`location.pathname.split("/")[2]`, fmt.Sprint(of.Story.Number))
	all, err := n.app.Corrections.OpenReports(n.t.Context(), n.app.DB.Read(), of.Story.ID)
	if err != nil || len(all) != 1 {
		n.t.Fatalf("%+v %v", all, err)
	}
	r := all[0]
	if first := of.Doc.Blocks[0].ID; r.Said != said || r.Block != first || r.Quote != "обидва відомства" || r.Mails[0] != "chytachka@example.org" {
		n.t.Errorf("%+v", r)
	}
	return r
}

// reportsTooMuch opens the form again and again without scripts, chooses a place and sends, until she is
// asked to wait; what she typed stands there still.
func (n *newsroom) reportsTooMuch(path string, of story.ID) {
	n.t.Helper()
	const others, most = 27, 4
	n.othersReport(path, others)
	first := n.visitor()
	first.withoutScripts()
	tabs := []*tab{first}
	for range most - 1 {
		tabs = append(tabs, first.another())
	}
	for i, p := range tabs {
		p.pardon("status of 429")
		p.withoutScripts()
		p.open(path)
		p.run(`[...document.querySelectorAll("[name=block]")].at(-1).click()`)
		p.fill("said", fmt.Sprintf("Und noch ein Fehler, der %d.", i+1))
		p.fill("mail", "leser@example.org")
	}
	taken := 1 + others // from this address already
	for _, p := range tabs {
		if !p.sendsReport("in zehn Minuten") {
			break
		}
		p.shows("Danke")
		taken++
	}
	all, err := n.app.Corrections.OpenReports(n.t.Context(), n.app.DB.Read(), of)
	if err != nil || len(all) != taken || taken == 1+others || taken == 1+others+most {
		n.t.Errorf("%d were taken, %d are there, %v", taken, len(all), err)
	}
}

var hiddenToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// othersReport sends so many reports from the same address, as people behind a mobile network's do: forms that
// were read for a while.
func (n *newsroom) othersReport(path string, many int) {
	n.t.Helper()
	forms := make([]url.Values, many)
	for i := range forms {
		token := hiddenToken.FindStringSubmatch(n.page(path))
		if token == nil {
			n.t.Fatalf("%s has no token", path)
		}
		forms[i] = url.Values{"block": {"head"}, "said": {fmt.Sprintf("Auch das stimmt nicht, zum %d.", i+1)}, "token": {html.UnescapeString(token[1])}, "mail": {""}, "website": {""}}
	}
	for _, form := range forms {
		for status := http.StatusTooManyRequests; status == http.StatusTooManyRequests; { // nobody writes that fast
			res, err := http.PostForm(n.url+path, form) //nolint:noctx // of a test's own server
			if err != nil {
				n.t.Fatal(err)
			}
			if err := res.Body.Close(); err != nil {
				n.t.Fatal(err)
			}
			if status = res.StatusCode; status >= http.StatusBadRequest && status != http.StatusTooManyRequests {
				n.t.Fatalf("%s answers %s", path, res.Status)
			}
		}
	}
}

// correctsReport changes the place in the language that was read, and brings the correction out.
func (n *newsroom) correctsReport(of edition.Live, r correction.Report) {
	n.t.Helper()
	p := n.signedIn("chief@meridian.example", app.DemoPassword)
	id, card := of.Edition.ID, "#report-"+string(r.ID)
	desk := "/desk/editions/" + string(id)
	p.open("/desk/reports")
	p.follow(card + " [value=correct]")
	p.equal(`location.pathname + location.hash`, desk+"#b-"+string(r.Block))
	p.writes()
	p.caret(".ProseMirror > p", -1)
	p.keys(" Виправлено.")
	p.keys("s", chromedp.ModifierCtrl)
	if !p.eventually(func() bool {
		text, _ := correction.Passage(n.doc(id), r.Block)
		return strings.HasSuffix(text, "Виправлено.")
	}) {
		n.t.Fatalf("nothing was changed there: %s", document.Markdown(n.doc(id).Blocks))
	}
	p.open(desk)
	p.follow(card + " [value=correct]")
	p.equal(`location.pathname`, fmt.Sprintf("/desk/stories/%d/release", of.Story.Number))
	p.equal(`[...document.querySelectorAll("[name=report]:checked")].map(x => x.value).join()`, string(r.ID))
	p.tick("edition", string(id))
	p.fill("text."+string(id), "Ми помилилися щодо відомств.")
	p.overrideAll("Geprüft")
	p.send()
	reader := fmt.Sprintf("/uk/%d/%s", of.Story.Number, of.Edition.Slug)
	n.becomes(reader, "Ми помилилися щодо відомств.", true)
	p.open("/desk/reports")
	p.equal(exists(card), "null")
	p.open("/desk/reports?show=closed")
	p.until(exists(card + "[data-state=corrected]"))
	p.sound("closed reports")
	if again, err := n.app.Corrections.ReportByID(n.t.Context(), n.app.DB.Read(), r.ID); err != nil || again.State != correction.ReportCorrected {
		n.t.Errorf("%+v %v", again, err)
	}
}
