//go:build browser

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The islands in a real browser, on the gallery's pages and before its pretended desk.

// tab is one page of the browser, and what a test does with it.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
}

// watch collects what must not happen on any page: errors of scripts and breaches of the policy.
const watch = `window.wrong = [];
addEventListener("error", e => wrong.push(e.message));
addEventListener("unhandledrejection", e => wrong.push("rejected: " + (e.reason && e.reason.stack || e.reason)));
document.addEventListener("securitypolicyviolation", e => wrong.push("policy: " + e.violatedDirective + " " + e.blockedURI));`

// browser is the one that all tests open their tabs in.
var browser context.Context

func TestMain(m *testing.M) {
	opts := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	if path := os.Getenv("DEPESCHE_CHROMIUM"); path != "" {
		opts = append(opts, chromedp.ExecPath(path))
	}
	ctx, endAllocator := chromedp.NewExecAllocator(context.Background(), append(opts, chromedp.WindowSize(1440, 974))...)
	ctx, endBrowser := chromedp.NewContext(ctx)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		fmt.Fprintln(os.Stderr, "no browser:", err)
		os.Exit(1)
	}
	browser = ctx
	code := m.Run()
	endBrowser()
	endAllocator()
	os.Exit(code)
}

// browse opens a tab before a pretended desk of the test's own.
func browse(t *testing.T) *tab {
	t.Helper()
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	g, err := newGallery(root)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(g.handler())
	t.Cleanup(srv.Close)
	// A tab of its own in the common browser; the pretended desk's own port keeps their storage apart.
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx, url: srv.URL}
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch})
		return err
	}))
	t.Cleanup(func() {
		if wrong := p.text(`JSON.stringify(window.wrong || [])`); wrong != "[]" {
			t.Errorf("on the page: %s", wrong)
		}
	})
	return p
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) open(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.url + path))
}

// write opens the writing screen and waits for the editor.
func (p *tab) write() {
	p.t.Helper()
	p.open("/write")
	p.until(`document.querySelector(".ProseMirror") !== null`)
}

// text evaluates to a string; "" if the page is gone.
func (p *tab) text(js string) string {
	s, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`String(`+js+`)`))
	if err != nil {
		return ""
	}
	return s
}

func (p *tab) run(js string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](`(() => {`+js+`; return true})()`)); err != nil {
		p.t.Fatalf("%s: %v", js, err)
	}
}

// until waits for something to become true on the page.
func (p *tab) until(js string) {
	p.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for time.Now().Before(deadline) {
		if p.text(`Boolean(`+js+`)`) == "true" {
			return
		}
		select {
		case <-p.ctx.Done():
			p.t.Fatalf("waiting for %s: %v", js, p.ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.t.Fatalf("never became true: %s\nsaved line: %s\nwrong: %s", js, p.text(`document.getElementById("saved")?.textContent`), p.text(`JSON.stringify(wrong)`))
}

func (p *tab) equal(js, want string) {
	p.t.Helper()
	if got := p.text(js); got != want {
		p.t.Errorf("%s\n got %q\nwant %q", js, got, want)
	}
}

// keys presses keys as a keyboard does: a key that the page has taken types nothing. (chromedp's own
// KeyEvent sends the character by itself, which arrives all the same.)
func (p *tab) keys(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range keys {
			for _, k := range kb.Encode(r) {
				if k.Type == kb.KeyChar {
					continue
				}
				for _, m := range modifiers {
					k.Modifiers |= int64(m)
				}
				if k.Type != kb.KeyUp {
					k.Type = kb.KeyDown
					if k.Modifiers&^int64(chromedp.ModifierShift) != 0 {
						k.Text, k.UnmodifiedText = "", ""
					} else if k.Text == "" && (r == '\r' || r >= ' ' && r < 0x7f) {
						k.Text = string(r)
					}
				}
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *k); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// caret puts the caret into a block, at an offset of its first text (-1: the end).
func (p *tab) caret(selector string, offset int) {
	p.t.Helper()
	p.run(fmt.Sprintf(`
		document.querySelector(".ProseMirror").focus();
		const el = document.querySelector(%q);
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

// doc is the text as the form would send it.
func (p *tab) doc() document {
	p.t.Helper()
	var d document
	if err := json.Unmarshal([]byte(p.text(`new FormData(document.getElementById("edition-form")).get("doc")`)), &d); err != nil {
		p.t.Fatal(err)
	}
	return d
}

type document struct {
	Headline string
	Blocks   []block
}

type block struct {
	ID, Kind string
	Level    int
	Ordered  bool
	Text     []span
	Items    []struct {
		ID   string
		Text []span
	}
	Rows []struct {
		Cells []struct {
			ID   string
			Text []span
		}
	}
	Blocks []block
}

type span struct {
	Text  string
	Marks []map[string]string
}

func plain(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (d document) index(id string) int {
	for i, b := range d.Blocks {
		if b.ID == id {
			return i
		}
	}
	return -1
}

// desk makes the pretended desk behave, and reads what it holds.
func (p *tab) desk(query string) string {
	p.t.Helper()
	return p.text(`(() => { const r = new XMLHttpRequest(); r.open("POST", "/fake/control?` + query + `", false); r.send(); return r.responseText })()`)
}

func (p *tab) saved() {
	p.t.Helper()
	p.until(`document.getElementById("saved").dataset.state === "saved" && /^Saved/.test(document.getElementById("saved").textContent)`)
}

func TestEditorHoldsTheDocument(t *testing.T) {
	p := browse(t)
	p.write()
	var want, got any
	if err := json.Unmarshal([]byte(sample), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(p.text(`new FormData(document.getElementById("edition-form")).get("doc")`)), &got); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	if string(a) != string(b) {
		t.Errorf("the editor changed the text\n got %s\nwant %s", b, a)
	}
	p.equal(`[...new FormData(document.getElementById("edition-form")).keys()].sort().join()`, "base,doc,version")
	p.equal(`document.querySelectorAll(".miss").length`, "1")
	p.equal(`document.querySelector('[data-kind=headline]').dataset.count`, "65 of 65 characters")
	p.run(`document.querySelector("[data-show]").click()`)
	p.equal(`getSelection().toString()`, "Analysten erwarten")
	p.until(`document.querySelector("#people .avatar")?.title === "Translator, French"`)
}

func TestEditorSplitsAndJoins(t *testing.T) {
	p := browse(t)
	p.write()
	p.caret("#b-b1", 9)
	p.keys(kb.Enter)
	d := p.doc()
	i := d.index("b1")
	if got := plain(d.Blocks[i].Text); got != "Selenskyj" {
		t.Errorf("first half is %q", got)
	}
	if next := d.Blocks[i+1]; next.ID == "b1" || !strings.HasPrefix(plain(next.Text), " sieht") {
		t.Errorf("second half is %+v", next)
	}
	p.keys(kb.Backspace)
	if d = p.doc(); !strings.HasPrefix(plain(d.Blocks[d.index("b1")].Text), "Selenskyj sieht") {
		t.Errorf("joined: %+v", d.Blocks[i])
	}
	p.caret("#b-b2", 0)
	p.keys(kb.Enter)
	if d = p.doc(); d.index("b2") != i+2 || len(d.Blocks[i+1].Text) != 0 {
		t.Errorf("Enter at the start must leave the ID with the text: %+v", d.Blocks[i:i+3])
	}
	p.keys("z", chromedp.ModifierCtrl)
	p.caret("#b-b2", 3)
	p.keys(kb.ArrowUp, chromedp.ModifierAlt)
	if d = p.doc(); d.index("b2") != i || d.index("b1") != i+1 {
		t.Errorf("moved up: %d %d", d.index("b2"), d.index("b1"))
	}
	p.keys(kb.ArrowDown, chromedp.ModifierAlt)
	p.caret("#b-b1", 0)
	p.keys(kb.Backspace)
	p.equal(`document.querySelector("[data-kind=lead]").textContent.endsWith("„Le Monde“.")`, "true")
	// In the head Enter leads on; at the end of the lead it opens a line.
	p.caret("[data-kind=kicker]", -1)
	p.caret("[data-kind=headline]", -1)
	p.keys("!")
	if d = p.doc(); !strings.HasSuffix(d.Headline, "!") {
		t.Errorf("headline %q", d.Headline)
	}
	p.caret("[data-kind=lead]", -1)
	p.keys(kb.Enter)
	p.keys("Neu")
	if d = p.doc(); plain(d.Blocks[0].Text) != "Neu" || d.index("b1") != 1 {
		t.Errorf("first line: %+v", d.Blocks[0])
	}
}

func TestEditorSigns(t *testing.T) {
	p := browse(t)
	p.write()
	p.caret("#b-b5", -1)
	p.keys(kb.Enter)
	last := func() string { d := p.doc(); return plain(d.Blocks[len(d.Blocks)-1].Text) }
	p.keys(`"Geht's," sagte er -- "so...`)
	if got, want := last(), "„Geht’s,“ sagte er – „so…"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.keys("z", chromedp.ModifierCtrl)
	if got, want := last(), "„Geht’s,“ sagte er – „so..."; got != want {
		t.Errorf("undone: got %q, want %q", got, want)
	}
	p.keys(kb.Enter)
	p.keys("## Titel")
	d := p.doc()
	if b := d.Blocks[len(d.Blocks)-1]; b.Kind != "heading" || b.Level != 2 || plain(b.Text) != "Titel" {
		t.Errorf("heading: %+v", b)
	}
	p.keys(kb.Enter)
	p.keys("- eins")
	p.keys(kb.Enter)
	p.keys("zwei")
	p.keys(kb.Enter)
	p.keys(kb.Enter)
	p.keys("---")
	p.keys("Ende")
	d = p.doc()
	n := len(d.Blocks)
	if d.Blocks[n-3].Kind != "list" || len(d.Blocks[n-3].Items) != 2 || d.Blocks[n-2].Kind != "rule" || plain(d.Blocks[n-1].Text) != "Ende" {
		t.Errorf("list, rule, text: %+v", d.Blocks[n-3:])
	}
	p.keys(kb.Enter)
	p.keys("> Zitat")
	if d = p.doc(); d.Blocks[len(d.Blocks)-1].Kind != "quotation" {
		t.Errorf("quotation: %+v", d.Blocks[len(d.Blocks)-1])
	}
}

func TestEditorMenus(t *testing.T) {
	p := browse(t)
	p.write()
	p.caret("#b-b5", -1)
	p.keys(kb.Enter)
	p.keys("/tab")
	p.until(`document.querySelector("#editor-menu:not([hidden]) [role=option]")?.textContent === "Table"`)
	p.keys(kb.Enter)
	p.keys("A")
	p.keys(kb.Tab)
	p.keys("B")
	p.keys(kb.Enter)
	p.keys("C")
	d := p.doc()
	b := d.Blocks[len(d.Blocks)-1]
	if b.Kind != "table" || len(b.Rows) != 3 || plain(b.Rows[0].Cells[1].Text) != "B" || plain(b.Rows[1].Cells[1].Text) != "C" {
		t.Errorf("table: %+v", b)
	}
	p.run(`[...document.querySelectorAll("#tools button")].find(b => b.textContent === "Column after").click()`)
	if d = p.doc(); len(d.Blocks[len(d.Blocks)-1].Rows[0].Cells) != 3 {
		t.Errorf("column added: %+v", d.Blocks[len(d.Blocks)-1])
	}
	p.caret("#b-b4", -1)
	p.keys(" @nord")
	p.until(`document.querySelector("#editor-menu:not([hidden]) [role=option]")?.textContent.startsWith("Nordatlantik")`)
	p.keys(kb.Enter)
	d = p.doc()
	if s := d.Blocks[d.index("b4")].Text[0]; len(s.Marks) != 1 || s.Marks[0]["source"] != "treaty" || strings.Contains(s.Text, "@") {
		t.Errorf("source: %+v", s)
	}
	p.caret("#b-b1", 3)
	p.keys("k", chromedp.ModifierCtrl)
	p.until(`document.querySelector("dialog[open] input")`)
	p.keys("juli")
	p.until(`document.querySelector("dialog[open] .found button")`)
	p.run(`document.querySelector("dialog[open] .found button").click(); document.querySelector("dialog[open] .primary").click()`)
	d = p.doc()
	if s := d.Blocks[d.index("b1")].Text[0]; s.Text != "Selenskyj" || s.Marks[0]["story"] != "st42" {
		t.Errorf("story link: %+v", s)
	}
}

func TestEditorPastes(t *testing.T) {
	p := browse(t)
	p.write()
	word, err := os.ReadFile("../../internal/desk/assets/editor/testdata/word.html")
	if err != nil {
		t.Fatal(err)
	}
	paste := func(html, text string) {
		t.Helper()
		h, _ := json.Marshal(html)
		x, _ := json.Marshal(text)
		p.run(fmt.Sprintf(`const d = new DataTransfer(); if (%s) d.setData("text/html", %s); d.setData("text/plain", %s);
			document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true}))`, h, h, x))
	}
	p.caret("#b-b5", -1)
	p.keys(kb.Enter)
	paste(string(word), "x")
	d := p.doc()
	var kinds []string
	for _, b := range d.Blocks[d.index("b5")+1:] {
		kinds = append(kinds, b.Kind)
	}
	if got, want := strings.Join(kinds, " "), "heading paragraph list list paragraph table"; got != want {
		t.Errorf("pasted %q, want %q", got, want)
	}
	p.caret("[data-kind=kicker]", -1)
	paste("<p><b>eins</b></p><p>zwei</p>", "eins zwei")
	p.equal(`document.querySelector("[data-kind=kicker]").textContent`, "Ukraine und Natoeins zwei")
	p.caret("#b-i1", -1)
	paste("<ul><li>a</li><li>b</li></ul>", "a b")
	d = p.doc()
	if b := d.Blocks[d.index("l1")]; len(b.Items) != 3 || plain(b.Items[0].Text) != "Antraga" || b.Items[0].ID != "i1" || b.Items[2].ID != "i2" {
		t.Errorf("into a list: %+v", b.Items)
	}
	p.caret("#b-c4", -1)
	paste("", "eins\nzwei")
	d = p.doc()
	if got := plain(d.Blocks[d.index("t1")].Rows[1].Cells[1].Text); got != "32eins\nzwei" {
		t.Errorf("into a cell: %q", got)
	}
	seen := map[string]bool{}
	for _, b := range d.Blocks {
		if seen[b.ID] {
			t.Errorf("ID %s is there twice", b.ID)
		}
		seen[b.ID] = true
	}
}

func TestEditorCopiesWithinTheText(t *testing.T) {
	p := browse(t)
	p.write()
	before := len(p.doc().Blocks)
	p.run(`const pm = document.querySelector(".ProseMirror"); pm.focus();
		const a = document.querySelector("#b-b1"), b = document.querySelector("#b-b2");
		getSelection().setBaseAndExtent(a.firstChild, 0, b.firstChild, b.firstChild.length)`)
	p.settle()
	p.run(`window.clip = new DataTransfer();
		document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("copy", {clipboardData: clip, bubbles: true, cancelable: true}))`)
	p.caret("#b-b5", -1)
	p.keys(kb.Enter)
	p.run(`document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", {clipboardData: clip, bubbles: true, cancelable: true}))`)
	d := p.doc()
	if len(d.Blocks) != before+2 || d.index("b1") != 0 || d.index("b2") != 1 {
		t.Errorf("%d blocks, b1 at %d, b2 at %d", len(d.Blocks), d.index("b1"), d.index("b2"))
	}
	seen := map[string]bool{}
	for _, b := range d.Blocks {
		if b.ID == "" || seen[b.ID] {
			t.Errorf("ID %q is there twice", b.ID)
		}
		seen[b.ID] = true
	}
}

func TestEditorSaves(t *testing.T) {
	p := browse(t)
	p.write()
	p.caret("#b-b5", -1)
	p.keys(" Bald.")
	p.saved()
	if held := p.desk(""); !strings.Contains(held, "später. Bald.") || !strings.Contains(held, `"revision":13`) {
		t.Errorf("the desk holds %s", held)
	}
	p.equal(`document.getElementById("checklist").textContent`, "Checklist saved")
	p.equal(`document.querySelectorAll(".miss").length`, "0")

	// A colleague changes another block: both are in.
	p.desk("theirs=b2&text=Anders.")
	p.keys(" Ja.")
	p.keys("s", chromedp.ModifierCtrl)
	p.until(`document.querySelector("#b-b2").textContent === "Anders."`)
	p.saved()
	if held := p.desk(""); !strings.Contains(held, "Bald. Ja.") || !strings.Contains(held, "Anders.") {
		t.Errorf("after merging the desk holds %s", held)
	}
	// Undo takes back mine and leaves theirs.
	p.keys("z", chromedp.ModifierCtrl)
	p.equal(`document.querySelector("#b-b2").textContent`, "Anders.")

	// The form goes with the text as it is, after it was saved.
	p.caret("#b-b5", -1)
	p.keys("!")
	p.run(`document.querySelector("button[value=review]").click()`)
	p.until(`performance.getEntriesByType("navigation")[0].type && document.querySelector(".ProseMirror") && !document.querySelector("#b-b5").textContent.includes("?")`)
	p.until(`(() => { const r = new XMLHttpRequest(); r.open("POST", "/fake/control", false); r.send(); return JSON.parse(r.responseText).submit?.act === "review" })()`)
	if held := p.desk(""); strings.Count(held, `!\"}`) != 1 {
		t.Errorf("submitted: %s", held)
	}
}

func TestEditorSurvives(t *testing.T) {
	p := browse(t)
	p.write()
	for _, mode := range []string{"drop", "503", "401"} {
		p.desk("mode=" + mode)
		p.caret("#b-b5", -1)
		p.keys(" " + mode)
		p.keys("s", chromedp.ModifierCtrl)
		p.until(`document.getElementById("saved").dataset.state === "waiting"`)
		p.equal(`document.getElementById("saved").textContent`, "On this device, 1 change waits")
		if mode == "401" {
			p.until(`document.querySelector("#messages a")?.target === "_blank"`)
		}
		// The page goes away; the next one has the text.
		p.write()
		p.until(`document.querySelector("#b-b5").textContent.includes(" ` + mode + `")`)
		p.desk("mode=")
		p.until(`dispatchEvent(new Event("online")) && document.getElementById("saved").dataset.state === "saved"`)
		if held := p.desk(""); !strings.Contains(held, " "+mode) {
			t.Errorf("%s: the desk holds %s", mode, held)
		}
	}
	// What the server refuses stays in the text and is said.
	p.desk("mode=422")
	p.caret("#b-b5", -1)
	p.keys(" x")
	p.keys("s", chromedp.ModifierCtrl)
	p.until(`document.getElementById("saved").textContent === "Not saved: The disk is full"`)
	p.desk("mode=")
	p.caret("#b-b5", -1)
	p.keys("y")
	p.saved()
	// Nothing is left behind once the server has it.
	p.until(`indexedDB.databases && (window.left ??= (indexedDB.open("depesche").onsuccess = e => { e.target.result.transaction("drafts").objectStore("drafts").count().onsuccess = c => window.drafts = c.target.result }), window.drafts === 0)`)
}

func TestEditorClash(t *testing.T) {
	for _, choice := range []string{"mine", "theirs", "both"} {
		t.Run(choice, func(t *testing.T) {
			p := browse(t)
			p.write()
			p.desk("theirs=b5&text=Die+Entscheidung+ist+gefallen.")
			p.caret("#b-b5", -1)
			p.keys(" Vielleicht.")
			p.keys("s", chromedp.ModifierCtrl)
			p.until(`document.querySelector("dialog[open] .clash")`)
			p.equal(`document.querySelectorAll("dialog .clash .text")[1].textContent.includes("Die Entscheidung ist gefallen.")`, "true")
			p.run(`document.querySelector("dialog input[value=` + choice + `]").click(); document.querySelector("dialog .primary").click()`)
			p.saved()
			d := p.doc()
			var got []string
			for _, b := range d.Blocks[d.index("b5"):] {
				got = append(got, plain(b.Text))
			}
			want := map[string]string{
				"mine":   "Die Entscheidung fällt später. Vielleicht.",
				"theirs": "Die Entscheidung ist gefallen.",
				"both":   "Die Entscheidung fällt später. Vielleicht.|Die Entscheidung ist gefallen.",
			}[choice]
			if strings.Join(got, "|") != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestEditorHoldsBackAForm(t *testing.T) {
	p := browse(t)
	p.write()
	p.desk("mode=drop")
	p.caret("#b-b5", -1)
	p.keys(" Nein.")
	p.run(`document.querySelector("button[value=review]").click()`)
	p.until(`document.getElementById("saved").dataset.state === "waiting" && document.querySelector("#messages .message")`)
	if held := p.desk("mode="); !strings.Contains(held, `"submit":null`) {
		t.Errorf("the form went without its text: %s", held)
	}
}

// TestEditorTakesWholeSelections: everything selected and typed over, cut, or pasted over, is one act that
// leaves a document the schema knows, and undo brings all of it back.
func TestEditorTakesWholeSelections(t *testing.T) {
	p := browse(t)
	p.write()
	before := p.text(`new FormData(document.getElementById("edition-form")).get("doc")`)
	for _, key := range []string{kb.Delete, "x", kb.Backspace} {
		p.caret("#b-b3", 3)
		p.keys("a", chromedp.ModifierCtrl)
		p.settle()
		p.keys(key)
		p.settle()
		p.equal(`["kicker","headline","lead","teaser","slug"].map(f => document.querySelectorAll(".ProseMirror > [data-kind=" + f + "]").length).join()`, "1,1,1,1,1")
		after := p.text(`new FormData(document.getElementById("edition-form")).get("doc")`)
		if after == before {
			t.Error("nothing happened")
		}
		p.keys("z", chromedp.ModifierCtrl)
		p.equal(`new FormData(document.getElementById("edition-form")).get("doc")`, before)
	}
}

// TestEditorIsQuick types into a text of 300 blocks. The bound is far above what is seen (about 5 ms a
// key), so that it fails for an algorithm and not for a busy machine.
func TestEditorIsQuick(t *testing.T) {
	p := browse(t)
	p.open("/gate")
	p.desk("long=300")
	p.write()
	p.caret("#b-b5", -1)
	// A turn of the event loop after each letter, so that the editor takes it in as it is typed.
	p.run(`window.took = 0; (async () => { for (let i = 0; i < 50; i++) {
		const t = performance.now();
		document.execCommand("insertText", false, "a");
		await null;
		took += performance.now() - t;
		await new Promise(f => setTimeout(f));
	} window.ready = true })()`)
	p.until(`window.ready`)
	took := p.text(`Math.round(took / 50 * 100) / 100`)
	t.Logf("%s ms a key with 300 blocks", took)
	ms, err := strconv.ParseFloat(took, 64)
	if err != nil || ms > 100 {
		t.Errorf("%s ms a key", took)
	}
}
