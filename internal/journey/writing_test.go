//go:build browser

package journey

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/edition"
)

// newStory begins a story through the form and waits for the editor.
func (p *tab) newStory(lang, headline string) edition.ID {
	p.t.Helper()
	p.open("/desk/stories/new")
	p.choose("lang", lang)
	p.fill("headline", headline)
	p.send()
	p.writes()
	return p.editionID()
}

// editionID is the edition of the screen one is on.
func (p *tab) editionID() edition.ID {
	p.t.Helper()
	rest, ok := strings.CutPrefix(p.path(), "/desk/editions/")
	if !ok {
		p.t.Fatalf("no edition's screen\n%s", p.where())
	}
	id, _, _ := strings.Cut(rest, "/")
	return edition.ID(id)
}

// writes waits until the editor stands.
func (p *tab) writes() { p.t.Helper(); p.until(exists(".ProseMirror")) }

// saved waits until the server has all that was typed.
func (p *tab) saved() {
	p.t.Helper()
	p.until(`document.getElementById("saved").dataset.state === "saved" && /^Saved/.test(document.getElementById("saved").textContent)`)
}

// caret puts the caret into a block, at an offset of its first text (-1: the end).
func (p *tab) caret(selector string, offset int) {
	p.t.Helper()
	p.until(exists(selector))
	p.run(fmt.Sprintf(`
		document.querySelector(".ProseMirror").focus();
		const el = document.querySelector(%q);
		el.scrollIntoView({block: "center"});
		const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
		const nodes = []; while (walk.nextNode()) nodes.push(walk.currentNode);
		const at = %d, node = at < 0 ? nodes[nodes.length-1] : nodes[0];
		getSelection().collapse(node || el, node ? (at < 0 ? node.length : at) : 0)`, selector, offset))
	p.settle()
}

// settle lets the browser tell the editor of a new selection.
func (p *tab) settle() {
	p.t.Helper()
	p.run(`window.settled = false; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => window.settled = true)))`)
	p.until(`window.settled`)
}

// lastBlock is the block before teaser and slug.
const lastBlock = `.ProseMirror > [data-kind]:nth-last-child(3)`

// doc is what the server has of an edition.
func (n *newsroom) doc(id edition.ID) document.Doc {
	n.t.Helper()
	return n.edition(id).Doc
}

func (n *newsroom) edition(id edition.ID) edition.Edition {
	n.t.Helper()
	e, err := n.app.Editions.ByID(n.t.Context(), n.app.DB.Read(), id)
	if err != nil {
		n.t.Fatal(err)
	}
	return e
}

// stands compares the server's text of an edition, as Markdown, with what it shall be.
func (n *newsroom) stands(id edition.ID, want string) {
	n.t.Helper()
	if diff := cmp.Diff(want, document.Markdown(n.doc(id).Blocks)); diff != "" {
		n.t.Errorf("the server's text (-want +got)\n%s", diff)
	}
}

func TestWriteAndSave(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	id := p.newStory("de", "Die Brücke bleibt gesperrt")
	p.equal(`document.querySelector("[data-kind=headline]").textContent`, "Die Brücke bleibt gesperrt")

	p.caret("[data-kind=lead]", -1)
	p.insert("Die Stadt sperrt die Brücke bis Mai.")
	p.keys(kb.Enter)
	p.keys(`Der "alte" Bau ist marode -- das sagt das Amt.` + kb.Enter)
	p.keys("## Was jetzt kommt" + kb.Enter)
	p.keys("- Umleitung" + kb.Enter + "Neubau" + kb.Enter + kb.Enter)
	p.keys("Kosten: ")
	p.keys("b", chromedp.ModifierCtrl)
	p.keys("12 Millionen")
	p.keys("b", chromedp.ModifierCtrl)
	p.keys(" Euro.")
	p.saved()
	want := "Der „alte“ Bau ist marode – das sagt das Amt.\n\n## Was jetzt kommt\n\n- Umleitung\n- Neubau\n\nKosten: **12 Millionen** Euro."
	n.stands(id, want)

	// A source: through its form, then at the sentence.
	p.follow(`.panel a[href*="/sources/new"]`)
	p.fill("name", "Bauamt")
	p.choose("kind", "authority")
	p.fill("url", "https://amt.example/brief")
	p.fill("claim.de", "Der Bau ist marode.")
	p.send()
	p.writes()
	p.shows("Bauamt")
	p.caret(".ProseMirror > p", -1)
	p.keys(" @Bau")
	p.until(`document.querySelector("#editor-menu:not([hidden]) [role=option]")`)
	p.keys(kb.Enter)
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	first := n.doc(id).Blocks[0]
	marked := ""
	for _, s := range first.Text {
		for _, m := range s.Marks {
			if m.Type == document.SourceRef {
				marked += s.Text
			}
		}
	}
	if marked != "Der „alte“ Bau ist marode – das sagt das Amt." {
		t.Errorf("the source stands for %q of %q", marked, first.Text.Plain())
	}
	if got := strings.TrimSpace(first.Text.Plain()); got != "Der „alte“ Bau ist marode – das sagt das Amt." {
		t.Errorf("after the @ the paragraph is %q", got)
	}

	before := n.edition(id)
	p.goes(chromedp.Reload())
	p.writes()
	p.equal(`[...document.querySelectorAll(".ProseMirror li")].map(l => l.textContent).join()`, "Umleitung,Neubau")
	p.equal(`document.querySelector(".ProseMirror strong").textContent`, "12 Millionen")
	p.saved()
	if diff := cmp.Diff(before.Doc, n.doc(id)); diff != "" {
		t.Errorf("opening the text changed it\n%s", diff)
	}
	if after := n.edition(id); after.Revision != before.Revision {
		t.Errorf("opening the text made revision %d of %d", after.Revision, before.Revision)
	}
}

func TestLoseTheConnection(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	id := p.newStory("de", "Hochwasser")
	p.caret("[data-kind=lead]", -1)
	p.keys("Der Pegel steigt." + kb.Enter + "Es regnet.")
	p.saved()
	n.stands(id, "Es regnet.")

	// The browser knows that it is offline.
	p.pardon("ERR_INTERNET_DISCONNECTED")
	p.offline(true)
	p.keys(" Immer noch.")
	p.until(`document.getElementById("saved").dataset.state === "waiting"`)
	p.equal(`document.getElementById("saved").textContent`, "On this device, 1 change waits")
	p.shows("You can go on writing")
	const release = `document.querySelector("[name=act][value=release]")`
	p.until(release + `.disabled && ` + release + `.getAttribute("aria-describedby") === "saved"`)
	p.keys(kb.Enter + "Die Feuerwehr kommt.")
	p.until(`document.getElementById("saved").textContent === "On this device, 2 changes wait"`)
	n.stands(id, "Es regnet.")
	p.offline(false)
	p.saved()
	p.until(`!` + release + `.disabled && !document.querySelector("#messages > .message")`)
	n.stands(id, "Es regnet. Immer noch.\n\nDie Feuerwehr kommt.")

	// The server is gone, the tab is closed, and later both are back.
	q := p.another()
	q.pardon("ERR_")
	q.open("/desk/editions/" + string(id))
	q.writes()
	q.caret(lastBlock, -1)
	n.line.cut()
	q.keys(" Der Strom ist weg.")
	q.until(`document.getElementById("saved").dataset.state === "waiting"`)
	q.keys(kb.Enter + "Alle sind sicher.")
	q.until(`document.getElementById("saved").textContent === "On this device, 2 changes wait"`)
	q.kept("Alle sind sicher.")
	q.end()
	p.alone() // or the last thing the tab sends arrives after all
	n.line.mend()
	n.stands(id, "Es regnet. Immer noch.\n\nDie Feuerwehr kommt.")

	r := p.another()
	r.open("/desk/editions/" + string(id))
	r.writes()
	r.shows("Your unsaved text of")
	r.saved()
	r.equal(`document.querySelector('`+lastBlock+`').textContent`, "Alle sind sicher.")
	n.stands(id, "Es regnet. Immer noch.\n\nDie Feuerwehr kommt. Der Strom ist weg.\n\nAlle sind sicher.")
	r.goes(chromedp.Reload())
	r.writes()
	r.hides("Your unsaved text of")

	// Of two tabs on the text one goes away with what it couldn't send: the other takes it in.
	s := p.another()
	s.pardon("ERR_")
	s.open("/desk/editions/" + string(id))
	s.writes()
	s.offline(true)
	s.run(refuse) // in its last moment it would be online again
	s.caret(lastBlock, -1)
	s.keys(" Auch die Katze.")
	s.until(`document.getElementById("saved").dataset.state === "waiting"`)
	s.kept("Auch die Katze.")
	r.goes(chromedp.Reload())
	r.writes()
	s.end()
	r.until(`document.querySelector(".ProseMirror").textContent.includes("Auch die Katze.")`)
	r.saved()
	if !r.eventually(func() bool {
		return strings.HasSuffix(document.Markdown(n.doc(id).Blocks), "Alle sind sicher. Auch die Katze.")
	}) {
		t.Errorf("the server has\n%s", document.Markdown(n.doc(id).Blocks))
	}
}

// What a page does to its requests: none is answered, whatever the server made of it; or none comes there.
const (
	deafen = `const real = fetch; window.mend = () => { window.fetch = real }; window.fetch = (...a) => real(...a).then(() => { throw new TypeError("the answer is lost") })`
	refuse = `window.fetch = () => Promise.reject(new TypeError("the request is lost"))`
)

// The server has what was sent, but its answer is lost, and one types on: that isn't somebody else's text, neither
// on this page nor on the next.
func TestLoseTheAnswer(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	id := p.newStory("de", "Hochwasser")
	p.pardon("status of 409") // where two changed the same place; here it was one
	p.caret("[data-kind=lead]", -1)
	p.keys("Der Pegel steigt." + kb.Enter + "Es regnet.")
	p.saved()
	lost := func(more, want string) {
		t.Helper()
		p.run(deafen)
		p.caret(lastBlock, -1)
		p.keys(more)
		p.keys("s", chromedp.ModifierCtrl)
		p.until(`document.getElementById("saved").dataset.state === "waiting"`)
		n.stands(id, want)
	}
	alone := func(want string) {
		t.Helper()
		p.saved()
		p.equal(`document.querySelector("dialog[open]")`, "null")
		p.equal(`document.querySelector('`+lastBlock+`').textContent`, want)
		n.stands(id, want)
	}
	lost(" Immer noch.", "Es regnet. Immer noch.")
	p.keys(" Seit Montag.")
	p.run(`mend()`)
	p.keys("s", chromedp.ModifierCtrl)
	alone("Es regnet. Immer noch. Seit Montag.")

	lost(" Im Tal.", "Es regnet. Immer noch. Seit Montag. Im Tal.")
	p.run(refuse)
	p.keys(" Auch oben.")
	p.kept("Auch oben.")
	p.goes(chromedp.Reload())
	p.writes()
	p.shows("Your unsaved text of")
	alone("Es regnet. Immer noch. Seit Montag. Im Tal. Auch oben.")

	// The line stays away while one types on.
	lost(" Eins.", "Es regnet. Immer noch. Seit Montag. Im Tal. Auch oben. Eins.")
	p.run(refuse)
	for _, more := range []string{"Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht"} {
		p.keys(" " + more + ".")
		p.run(`window.tried = 0; window.fetch = () => { window.tried++; return Promise.reject(new TypeError("the request is lost")) }`)
		p.keys("s", chromedp.ModifierCtrl)
		p.until(`window.tried`)
	}
	p.run(`mend()`)
	p.keys("s", chromedp.ModifierCtrl)
	alone("Es regnet. Immer noch. Seit Montag. Im Tal. Auch oben. Eins. Zwei. Drei. Vier. Fünf. Sechs. Sieben. Acht.")

	// What the server has of it is taken back.
	all := " Immer noch. Seit Montag. Im Tal. Auch oben. Eins. Zwei. Drei. Vier. Fünf. Sechs. Sieben. Acht."
	lost(" Neun.", "Es regnet."+all+" Neun.")
	p.run(`mend()`)
	p.keys(strings.Repeat(kb.Backspace, len(" Neun.")))
	p.keys("s", chromedp.ModifierCtrl)
	alone("Es regnet." + all)
}

// Upon an answer that was lost: what somebody else wrote meanwhile is asked about, also where one types while the
// server is asked.
func TestLoseTheAnswerBesideAnother(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	id := p.newStory("de", "Hochwasser")
	p.pardon("status of 409")
	p.caret("[data-kind=lead]", -1)
	p.keys("Der Pegel steigt." + kb.Enter + "Es regnet." + kb.Enter + "Die Schule ist zu.")
	p.saved()
	p.run(deafen)
	p.caret(lastBlock, -1)
	p.keys(" Bis Montag.")
	p.keys("s", chromedp.ModifierCtrl)
	p.until(`document.getElementById("saved").dataset.state === "waiting"`)

	q := n.signedIn(adminMail, password)
	q.open("/desk/editions/" + string(id))
	q.writes()
	q.caret(".ProseMirror > p", -1)
	q.keys(" Es hagelt.")
	q.keys("s", chromedp.ModifierCtrl)
	q.saved()
	n.stands(id, "Es regnet. Es hagelt.\n\nDie Schule ist zu. Bis Montag.")

	p.run(`mend(); const line = fetch; window.asked = 0;
		window.fetch = async (...a) => { window.asked++; await new Promise((go) => window.go = go); window.fetch = line; return line(...a) }`)
	p.caret(lastBlock, -1)
	p.keys(" Auch der Hort.")
	p.keys("s", chromedp.ModifierCtrl)
	p.until(`window.asked`)
	p.caret(".ProseMirror > p", -1)
	p.keys(" Es schneit.")
	p.run(`go()`)
	p.until(`document.querySelector("dialog[open] .clash")`)
	p.equal(`String(document.querySelectorAll("dialog[open] .clash").length)`, "1")
	p.shows("Es hagelt.")
	p.click(`dialog[open] [value=both]`)
	p.click(`dialog[open] button[value=save]`)
	p.saved()
	n.stands(id, "Es regnet. Es schneit.\n\nEs regnet. Es hagelt.\n\nDie Schule ist zu. Bis Montag. Auch der Hort.")
}

// kept waits until the browser has a text among the drafts on the device. The line on the screen is a
// moment faster, and a tab that a test closes gets no time to put things in order.
func (p *tab) kept(text string) {
	p.t.Helper()
	p.drafted(text, true)
}

// drafted waits until a text is among the drafts on the device, or isn't.
func (p *tab) drafted(text string, there bool) {
	p.t.Helper()
	p.run(`window.look = (window.look ?? 0) + 1; window.found = undefined`) // what an earlier look finds is no answer
	p.until(fmt.Sprintf(`(window.looking ??= (() => {
		const ask = indexedDB.open("depesche", 1), look = window.look;
		ask.onsuccess = () => {
			const all = ask.result.transaction("drafts").objectStore("drafts").getAll();
			all.onsuccess = () => { if (look === window.look) window.found = JSON.stringify(all.result).includes(%q); window.looking = undefined; ask.result.close() };
		};
		return true;
	})(), window.found === %t)`, text, there))
}

// alone waits until no other tab holds a draft on the device: what was closed is really gone.
func (p *tab) alone() {
	p.t.Helper()
	p.until(`(window.counting ??= (navigator.locks.query().then((q) => {
		window.holding = q.held.filter((l) => l.name.startsWith("depesche draft ")).length;
		window.counting = undefined;
	}), true), window.holding === 1)`)
}

func TestTwoAtOneText(t *testing.T) {
	t.Parallel()
	n := founded(t)
	a := n.chief()
	id := a.newStory("de", "Wahl")
	a.caret("[data-kind=lead]", -1)
	a.keys("Die Wahl ist vorbei." + kb.Enter + "Erstens." + kb.Enter + "Zweitens.")
	a.saved()
	b := n.signedIn(adminMail, password)
	b.pardon("status of 409")
	b.open("/desk/editions/" + string(id))
	b.writes()
	a.until(`document.querySelector("#people .avatar")?.title.startsWith("Ada Admin")`)

	// Different blocks: both are there, and each sees the other's.
	a.caret(".ProseMirror > p", -1)
	a.keys(" Von A.")
	a.saved()
	b.caret(lastBlock, -1)
	b.keys(" Von B.")
	b.saved()
	n.stands(id, "Erstens. Von A.\n\nZweitens. Von B.")
	b.until(`document.querySelector(".ProseMirror > p").textContent === "Erstens. Von A."`)

	// The same block: the second one sees both texts and chooses.
	a.caret(".ProseMirror > p", -1)
	a.keys(" A sagt 10.")
	a.keys("s", chromedp.ModifierCtrl)
	a.saved()
	b.caret(".ProseMirror > p", -1)
	b.keys(" B sagt 20.")
	b.keys("s", chromedp.ModifierCtrl)
	b.until(`document.querySelector("dialog[open] .clash")`)
	b.shows("A sagt 10.")
	b.shows("B sagt 20.")
	b.shows("Carla Chief")
	b.click(`dialog[open] [value=both]`)
	b.click(`dialog[open] button[value=save]`)
	b.saved()
	n.stands(id, "Erstens. Von A. B sagt 20.\n\nErstens. Von A. A sagt 10.\n\nZweitens. Von B.")
	revs, err := n.app.Editions.Revisions(t.Context(), n.app.DB.Read(), id, 0, 50)
	if err != nil || len(revs) < 5 {
		t.Errorf("%d revisions, %v", len(revs), err)
	}
}
