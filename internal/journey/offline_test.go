//go:build browser

package journey

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/release"
)

// keeps waits until the reader's device keeps a page.
func (p *tab) keeps(path string) {
	p.t.Helper()
	if !p.eventually(func() bool {
		p.run(fmt.Sprintf(`window.there = undefined; caches.open("depesche-pages-1").then(c => c.match(%q)).then(r => window.there = Boolean(r))`, path))
		return p.js(`window.there`) == "true"
	}) {
		p.t.Fatalf("%s isn't kept\n%s", path, p.where())
	}
}

// TestOffline reads, loses the connection, and reads again.
func TestOffline(t *testing.T) {
	t.Parallel()
	n := demo(t)
	articles := n.pages("de")["article"]
	read, withdrawn, never := articles[0], articles[1], articles[2]
	p := n.visitor()
	p.pardon("status of 503", "status 503", "status of 410", "net::ERR")
	p.open(read)
	text := p.js(`document.querySelector(".txt").textContent`)
	p.keeps(read)
	p.until(`navigator.serviceWorker.controller`)
	p.open(withdrawn)
	p.keeps(withdrawn)

	n.line.cut()
	p.open(read)
	p.until(exists(".kept"))
	p.shows("Keine Verbindung. Stand: ")
	if got := p.js(`document.querySelector(".txt").textContent`); got != text || text == "" {
		t.Errorf("kept: %q\nread: %q", got, text)
	}
	p.until(`document.fonts.status === "loaded" && [...document.images].filter(i => i.loading !== "lazy").every(i => i.complete && i.naturalWidth > 0)`)
	p.width(320)
	p.fits("a kept page")
	p.sound("a kept page")

	// By its short address, and by one with other words, it is found as well.
	short := read[:strings.LastIndex(read, "/")]
	for _, address := range []string{short, short + "/frueher"} {
		p.open(address)
		p.until(exists(".kept"))
		p.equal(`document.querySelector(".txt").textContent`, text)
	}

	// What was never read isn't there, and the page says what is.
	p.open(never)
	p.equal(`document.querySelector("h1").textContent`, "Keine Verbindung")
	p.equal(`getComputedStyle(document.querySelector("h1")).fontFamily.split(",")[0]`, "Piazzolla")
	p.until(exists(`main a[href="` + read + `"]`))
	p.fits("the page for what isn't kept")
	p.sound("the page for what isn't kept")
	p.follow(`main a[href="` + read + `"]`)
	p.until(exists(".kept"))
	p.open("/uk/")
	p.equal(`document.querySelector("h1").textContent`, "Немає з’єднання")

	// Back on the line, pages come from the paper, and what it withdrew is gone from the device as well.
	n.line.mend()
	p.open(read)
	p.equal(exists(".kept"), "null")
	n.withdraw(withdrawn)
	if status := p.open(withdrawn); status != http.StatusGone {
		t.Errorf("withdrawn: %d", status)
	}
	p.eventually(func() bool {
		p.run(fmt.Sprintf(`window.there = undefined; caches.open("depesche-pages-1").then(c => c.match(%q)).then(r => window.there = Boolean(r))`, withdrawn))
		return p.js(`window.there`) == "false"
	})
	n.line.cut()
	p.open(withdrawn)
	p.equal(`document.querySelector("h1").textContent`, "Keine Verbindung")
	n.line.mend()

	// The desk is none of its business.
	p.open("/desk/sign-in")
	p.keepsNot("/desk/sign-in")

	// The reader removes everything.
	p.open("/offline/de/")
	p.until(exists(`main a[href="` + read + `"]`))
	p.follow(`main a[href="/offline/de/forget"]`)
	p.until(`location.pathname === "/offline/de/"`)
	p.equal(exists(`main a[href="`+read+`"]`), "null")
	p.keepsNot(read)

	// The operator doesn't want it any more.
	p.open(read)
	p.keeps(read)
	n.cfg.KeepNothing = true
	n.restart()
	p.open(read)
	if !p.eventually(func() bool {
		p.run(`window.left = undefined; Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(([r, c]) => window.left = r.length + c.filter(n => n.startsWith("depesche-")).length)`)
		return p.js(`window.left`) == "0"
	}) {
		t.Error("something stays on the device of readers of a paper that keeps nothing")
	}
}

func (p *tab) keepsNot(path string) {
	p.t.Helper()
	p.run(fmt.Sprintf(`window.there = undefined; caches.match(%q).then(r => window.there = Boolean(r))`, path))
	p.until(`window.there !== undefined`)
	p.equal(`window.there`, "false")
}

// withdraw takes a story back in the language of its address.
func (n *newsroom) withdraw(address string) {
	n.t.Helper()
	words := strings.Split(address, "/")
	var number int64
	if _, err := fmt.Sscan(words[2], &number); err != nil {
		n.t.Fatal(err)
	}
	ctx, q := n.t.Context(), n.app.DB.Read()
	l := lang.Tag(words[1])
	live, err := n.app.Editions.Published(ctx, q, number, l)
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.app.Releases.Act(ctx, actor.System("test"), release.Command{
		Story: live.Story.ID, Act: release.Withdraw, Editions: []release.Choice{{Edition: live.Edition.ID, Version: live.Edition.Version}},
		Why: map[lang.Tag]string{l: "Die Quelle war erfunden."},
	}); err != nil {
		n.t.Fatal(err)
	}
}
