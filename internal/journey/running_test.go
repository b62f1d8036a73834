//go:build browser

package journey

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/page"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// coverage is a story that runs live.
type coverage struct {
	*newsroom
	story  story.ID
	lang   lang.Tag
	desk   string // its screen
	path   string // where readers have it
	number int64
}

// covered has a story run live, with so many entries.
func (n *newsroom) covered(l lang.Tag, headline, text string, entries int) *coverage {
	n.t.Helper()
	ctx, a, sys := n.t.Context(), n.app, actor.System("test")
	must := func(err error) {
		n.t.Helper()
		if err != nil {
			n.t.Fatal(err)
		}
	}
	sections, err := a.Publication.Sections(ctx, a.DB.Read())
	must(err)
	authors, err := a.People.Authors(ctx, a.DB.Read())
	must(err)
	c := &coverage{newsroom: n, lang: l}
	must(a.DB.Write(ctx, func(tx *db.Tx) error {
		st, err := a.Stories.CreateTx(ctx, tx, sys, story.NewStory{Kind: story.News, OriginalLang: l, Section: sections[0].ID, Authors: []people.AuthorID{authors[0].ID}})
		if err != nil {
			return err
		}
		at := tx.Now().Add(-time.Hour)
		doc := document.Doc{Headline: headline, Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text(text)}}}
		_, _, err = a.Editions.Import(ctx, tx, sys, edition.Imported{Story: st.ID, Lang: l, Doc: doc, Published: &at, Why: "test"})
		c.story, c.number = st.ID, st.Number
		return err
	}))
	_, err = a.Live.Start(ctx, sys, c.story, true)
	must(err)
	e, err := a.Editions.ByLanguage(ctx, a.DB.Read(), c.story, l)
	must(err)
	c.path, c.desk = page.ArticlePath(l, c.number, e.Slug), fmt.Sprintf("/desk/live/%d", c.number)
	for i := range entries {
		c.post(fmt.Sprintf("%d. %s", i+1, text))
	}
	return c
}

func (c *coverage) post(text string) live.Posted {
	c.t.Helper()
	return c.postOf(time.Time{}, text)
}

// postOf posts what happened at a time; zero is now.
func (c *coverage) postOf(happened time.Time, text string) live.Posted {
	c.t.Helper()
	p, err := c.app.Live.Post(c.t.Context(), actor.System("test"), live.Post{
		Live: c.story, Lang: c.lang, Sent: id.New(time.Now()), Reason: "test", Happened: happened,
		Doc: document.Doc{Blocks: []document.Block{{ID: document.ID(id.New(time.Now())), Kind: document.Paragraph, Text: document.Text(text)}}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

func (c *coverage) withdraw(p live.Posted) {
	c.t.Helper()
	if err := c.app.Live.Withdraw(c.t.Context(), actor.System("test"), p.Entry.Story, map[lang.Tag]string{c.lang: "Falsch."}); err != nil {
		c.t.Fatal(err)
	}
}

// writesEntry writes an entry at the desk by keyboard alone and returns its number.
func (p *tab) writesEntry(text string) string {
	p.t.Helper()
	p.until(`customElements.get("depesche-running")`)
	p.run(`document.querySelector("#write textarea[name=text]").focus()`)
	p.insert(text)
	p.goes(p.pressing(kb.Enter, chromedp.ModifierCtrl))
	return p.js(fmt.Sprintf(`[...document.querySelectorAll(".live-row")].find(r => r.textContent.includes(%q)).dataset.entry`, text))
}

const barText = `(document.querySelector(".more-live:not([hidden]) button") ?? {}).textContent`

// TestRunningStory has a story run live at the desk while a reader has its page open.
func TestRunningStory(t *testing.T) {
	t.Parallel()
	n := founded(t)
	c := n.covered("de", "Hochwasser in der Altstadt", "Das Wasser steht am Markt und steigt weiter, die Brücke ist für alle gesperrt.", 12)
	c.post("Ein langer Eintrag. " + strings.Repeat("Die Feuerwehr pumpt Keller aus. ", 60))
	reader := n.visitor()
	reader.pardon(append(refusals, "net::ERR", "status of 503")...)
	reader.width(390)
	if status := reader.open(c.path); status != http.StatusOK {
		t.Fatalf("%s answers %d", c.path, status)
	}
	reader.until(`document.querySelectorAll(".entry").length === 13`)
	// She is in the middle of the page, and what she reads stays where it is.
	reader.run(`document.querySelectorAll(".entry")[6].scrollIntoView({block: "start"})`)
	reader.run(`window.held = document.querySelectorAll(".entry")[6]; window.top0 = held.getBoundingClientRect().top`)
	const moved = `Math.round(Math.abs(held.getBoundingClientRect().top - top0))`

	chief := n.chief()
	chief.pardon(refusals...)
	chief.open(c.desk)
	number := chief.writesEntry("Der Pegel fällt seit einer Stunde.")
	reader.until(barText + ` === "1 neuer Eintrag"`)
	reader.equal(moved, "0")
	reader.equal(`document.getElementById("e`+number+`")`, "null")
	reader.equal(`document.getElementById("live-say").textContent`, "1 neuer Eintrag")
	newest := chief.writesEntry("Die Schule öffnet morgen.")
	reader.until(barText + ` === "2 neue Einträge"`)
	reader.equal(moved, "0")
	reader.click(".more-live button")
	reader.until(exists("#e" + number))
	reader.equal(`document.activeElement.id`, "e"+newest)
	reader.equal(`document.querySelectorAll(".entry").length`, "15")
	reader.equal(barText, "undefined")

	// A correction is told where the entry stands.
	row := "#e" + number
	chief.click(row + ` .row-acts details:first-of-type summary`)
	e := chief.js(fmt.Sprintf(`document.querySelector(%q).value`, row+` [name=edition]`))
	chief.fill("text."+e, "Der Pegel fällt seit zwei Stunden.")
	chief.fill("correction."+e, "Er fällt seit zwei Stunden, nicht seit einer.")
	chief.run(fmt.Sprintf(`document.getElementsByName(%q)[0].focus()`, "text."+e))
	chief.goes(chief.pressing(kb.Enter, chromedp.ModifierCtrl))
	chief.until(`"#" + document.activeElement.id === "` + row + `"`)
	reader.until(fmt.Sprintf(`document.querySelector(%q)?.textContent.includes("seit zwei Stunden.")`, row+" .txt"))
	reader.equal(fmt.Sprintf(`document.querySelector(%q).textContent.includes("nicht seit einer")`, row+" .mend"), "true")
	reader.sound("a running story")

	// What is withdrawn goes from pages that are open.
	chief.click(row + ` .row-acts details:last-of-type summary`)
	chief.fill("why."+strings.TrimPrefix(row, "#e")+".de", "Der Pegel wurde falsch gemeldet.")
	chief.follow(row + ` button[value=withdraw]`)
	chief.until(`"#" + document.activeElement.id === "` + row + `"`)
	reader.until(exists(row) + ` === null`)
	reader.hides("seit zwei Stunden")
}

// TestRunningStorySoFar: what was withdrawn or corrected isn't left to stand in the story so far of open pages.
func TestRunningStorySoFar(t *testing.T) {
	t.Parallel()
	n := founded(t)
	c := n.covered("de", "Wahlabend", "Die Lokale haben geschlossen.", 1)
	ctx, sys := t.Context(), actor.System("test")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	wrong, mended, third := c.post("Die Partei führt."), c.post("Drei Sitze gehen verloren."), c.post("Die Liste tritt nicht an.")
	for _, p := range []live.Posted{wrong, mended, third} {
		_, err := c.app.Live.Settle(ctx, sys, p.Entry.Story, p.Entry.Version, time.Time{}, true)
		must(err)
	}
	reader := n.visitor()
	reader.pardon("net::ERR", "status of 503", "status 503")
	reader.open(c.path)
	const rows = `[...document.querySelectorAll(".box.live li a")].map(a => a.textContent).join(" ")`
	reader.equal(rows, "Die Liste tritt nicht an. Drei Sitze gehen verloren. Die Partei führt.")
	c.post("Die ersten Zahlen sind da.")
	reader.until(barText + ` === "1 neuer Eintrag"`) // it listens
	c.withdraw(wrong)
	reader.until(rows + ` === "Die Liste tritt nicht an. Drei Sitze gehen verloren."`)
	doc := mended.Edition.Doc
	doc.Blocks[0].Text = document.Text("Zwei Sitze gehen verloren.")
	_, err := c.app.Live.Amend(ctx, sys, live.Amend{Edition: mended.Edition.ID, Base: mended.Edition.Revision, Doc: doc, Reason: "test", Correction: "Es sind zwei, nicht drei."})
	must(err)
	reader.until(rows + ` === "Die Liste tritt nicht an. Zwei Sitze gehen verloren."`)
	// What is too long to be told is looked for on the page itself.
	c.post("Das Protokoll: " + strings.Repeat("Der Saal ist voll. ", 5000))
	reader.until(barText + ` === "2 neue Einträge"`)
	reader.equal(rows, "Die Liste tritt nicht an. Zwei Sitze gehen verloren.")
	c.withdraw(third)
	c.withdraw(mended)
	reader.until(`!document.querySelector(".box.live")`)
	reader.sound("the story so far of an open page")
}

// TestRunningStoryIsSentOnce: what was sent isn't in the box to be sent again, and what couldn't be sent is.
func TestRunningStoryIsSentOnce(t *testing.T) {
	t.Parallel()
	n := founded(t)
	c := n.covered("de", "Wahlabend", "Die Lokale haben geschlossen.", 1)
	chief := n.chief()
	chief.pardon(append(refusals, "net::ERR")...)
	const box, rows = `document.querySelector("#write textarea").value`, `[...document.querySelectorAll(".live-row")].filter(r => r.textContent.includes(%q)).length`
	chief.open("/desk/live")
	chief.follow(`a[href="` + c.desk + `"]`)
	chief.writesEntry("Die erste Hochrechnung ist da.")
	chief.equal(box, "")
	chief.goes(chromedp.NavigateBack())
	chief.equal(`location.pathname`, "/desk/live") // no page stays behind whose box was sent

	// Nobody answers: the page stays, and the same is sent again.
	chief.open(c.desk)
	chief.until(`customElements.get("depesche-running")`)
	chief.run(`document.querySelector("#write textarea").focus()`)
	chief.insert("Die Beteiligung steigt.")
	name := chief.js(`document.querySelector("#write [name=sent]").value`)
	n.line.cut()
	chief.do(chief.pressing(kb.Enter, chromedp.ModifierCtrl))
	chief.until(exists(`[data-name=unsent][data-tone=amber]`))
	chief.insert(" Stark.")
	chief.equal(box, "Die Beteiligung steigt. Stark.")
	chief.equal(`document.querySelector("#write [name=sent]").value`, name)
	chief.equal(`document.querySelector("#write button.primary").hasAttribute("aria-busy")`, "false")
	n.line.mend()
	chief.goes(chief.pressing(kb.Enter, chromedp.ModifierCtrl))
	chief.equal(fmt.Sprintf(rows, "Die Beteiligung steigt. Stark."), "1")
	chief.equal(box, "")

	// It arrived, its answer didn't, and the text was changed meanwhile: it becomes the new text of the first.
	name = chief.js(`document.querySelector("#write [name=sent]").value`)
	if _, err := n.app.Live.Post(t.Context(), actor.System("test"), live.Post{
		Live: c.story, Lang: "de", Sent: name, Reason: "test",
		Doc: document.Doc{Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text("Ein Lokal öffnet spät.")}}},
	}); err != nil {
		t.Fatal(err)
	}
	chief.pardon("status of 409")
	chief.run(`document.querySelector("#write textarea").focus()`)
	chief.insert("Zwei Lokale öffnen spät.")
	chief.goes(chief.pressing(kb.Enter, chromedp.ModifierCtrl))
	chief.equal(box, "Zwei Lokale öffnen spät.")
	chief.kept("Zwei Lokale öffnen spät.")
	const form = `document.querySelector(".live-row details[open] form")`
	chief.equal(form+`.querySelector("textarea").value`, "Zwei Lokale öffnen spät.")
	chief.follow(`.live-row details[open] button[value=amend]`)
	chief.equal(fmt.Sprintf(rows, "Zwei Lokale öffnen spät."), "1")
	chief.equal(fmt.Sprintf(rows, "Ein Lokal öffnet spät."), "0")
	chief.until(`customElements.get("depesche-running")`)
	chief.drafted("Zwei Lokale öffnen spät.", false)
	chief.equal(box, "")

	// A translation is begun by keyboard, and written on at once.
	number := chief.js(`document.querySelector(".live-row").dataset.entry`)
	if _, err := n.app.Translate.Begin(t.Context(), actor.System("test"), c.story, "uk"); err != nil {
		t.Fatal(err)
	}
	chief.open(c.desk + "?beside=uk")
	chief.until(`customElements.get("depesche-running")`)
	chief.run(`document.querySelector(".other button").focus()`)
	chief.goes(chief.pressing(kb.Enter))
	chief.until(`document.activeElement.localName === "textarea" && document.activeElement.closest(".other").id === "e` + number + `-other"`)

	// Without scripts the browser doesn't fill the box again, either.
	chief = chief.another()
	chief.withoutScripts()
	chief.open(c.desk)
	chief.run(`document.querySelector("#write textarea").focus()`)
	chief.insert("Die Auszählung läuft.")
	chief.follow("#write button.primary")
	chief.equal(fmt.Sprintf(rows, "Die Auszählung läuft."), "1")
	chief.goes(chromedp.NavigateBack())
	chief.equal(box, "")
}

// TestRunningStoryIsMissed loses the connection, and catches up.
func TestRunningStoryIsMissed(t *testing.T) {
	t.Parallel()
	n := founded(t)
	c := n.covered("de", "Wahlabend", "Die Lokale haben geschlossen.", 3)
	wrong := c.post("Die Partei führt.")
	reader := n.visitor()
	reader.pardon("net::ERR", "status of 503", "status 503")
	reader.open(c.path)
	reader.until(exists(".more-live"))
	c.post("Die ersten Zahlen sind da.")
	reader.until(barText + ` === "1 neuer Eintrag"`) // it listens
	n.line.cut()
	reader.until(`document.querySelector(".stream > .by:not(.vh)").textContent.startsWith("Keine Verbindung seit ")`)
	c.withdraw(wrong)
	c.post("Die Hälfte ist ausgezählt.")
	n.line.mend()
	reader.until(barText + ` === "2 neue Einträge"`)
	reader.until(fmt.Sprintf(`document.getElementById("e%d") === null`, wrong.Entry.Number))
	reader.until(`document.querySelector(".stream > .by:not(.vh)").textContent === ""`)
	reader.shows("Die Lokale haben geschlossen.")

	// What happened before all that stands here is no older page's: there is none.
	first := c.postOf(time.Now().Add(-time.Hour), "Der Wahltag beginnt.")
	reader.until(barText + ` === "3 neue Einträge"`)
	reader.click(".more-live button")
	reader.until(fmt.Sprintf(`[...document.querySelectorAll(".entry")].pop().id === "e%d"`, first.Entry.Number))
}

// TestRunningStoryWithoutScripts is whole for who has no scripts, page after page, and as text alone.
func TestRunningStoryWithoutScripts(t *testing.T) {
	t.Parallel()
	n := founded(t)
	c := n.covered("de", "Streik", "Die Züge stehen.", 25)
	reader := n.visitor()
	reader.withoutScripts()
	reader.width(320)
	for _, path := range []string{c.path, "/text" + c.path} {
		if status := reader.open(path); status != http.StatusOK {
			t.Fatalf("%s answers %d", path, status)
		}
		reader.shows("25. Die Züge stehen.")
		reader.fits(path)
		reader.follow(`a[rel=next][href*="before="]`)
		reader.shows("\n1. Die Züge stehen.")
		reader.fits(path + ", older")
	}
	reader.open(c.path)
	reader.follow(".entry .at a")
	reader.equal(`document.querySelectorAll("h1").length`, "1")
	reader.shows("25. Die Züge stehen.")
	reader.fits("an entry")
}

// TestRunningStoryInPrint is as wide as its head, and no colour stands beside its pictures.
func TestRunningStoryInPrint(t *testing.T) {
	t.Parallel()
	n := founded(t)
	c := n.covered("de", "Streik", "Die Züge stehen.", 3)
	reader := n.visitor()
	reader.width(1280)
	reader.open(c.path)
	reader.run(`document.querySelector(".art").insertAdjacentHTML("beforeend", "<figure><img alt=''></figure>")`)
	reader.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	reader.equal(`document.querySelector(".stream").getBoundingClientRect().width === document.querySelector(".art h1").parentElement.getBoundingClientRect().width`, "true")
	reader.equal(`getComputedStyle(document.querySelector(".art figure:last-child img")).backgroundColor`, "rgba(0, 0, 0, 0)")
}

// TestRunningStoryRightToLeft is in Arabic.
func TestRunningStoryRightToLeft(t *testing.T) {
	t.Parallel()
	n := founded(t)
	sys := actor.System("test")
	paper, err := n.app.Publication.Paper(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paper.Languages = append(paper.Languages, publication.Language{Tag: "ar", Active: true})
	if _, err := n.app.Publication.SavePaper(t.Context(), sys, paper); err != nil {
		t.Fatal(err)
	}
	c := n.covered("ar", "الجسر مغلق", "تغلق المدينة الجسر.", 3)
	reader := n.visitor()
	reader.width(320)
	reader.open(c.path)
	reader.equal(`getComputedStyle(document.querySelector(".entry")).direction`, "rtl")
	reader.until(exists(".more-live"))
	c.post("فتحت المدينة الجسر.")
	reader.until(barText)
	reader.equal(`getComputedStyle(document.querySelector(".more-live")).direction`, "rtl")
	reader.fits("a running story in Arabic")
	reader.click(".more-live button")
	reader.shows("فتحت المدينة الجسر.")
	reader.sound("a running story in Arabic")
	chief := n.chief()
	chief.open(c.desk)
	chief.equal(`getComputedStyle(document.querySelector(".row-text")).direction`, "rtl")
	chief.width(390)
	chief.fits("the desk's screen of it")
}
