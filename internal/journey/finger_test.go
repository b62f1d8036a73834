//go:build browser

package journey

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// small are the targets of a page that a finger would miss: lower than 44 px where one presses, links
// in running text excepted. What is covered by something else isn't hit at all.
const small = `[...document.querySelectorAll("a, button, summary")].filter(e => {
	if (!e.checkVisibility() || e.matches(".skip")) return false;
	const menu = document.querySelector(".top details[open]");
	if (menu ? !menu.contains(e) : e.closest(".top details") && e.tagName !== "SUMMARY") return false;
	if (e.closest(".txt, .lead, .about, main p:not([class]), dd:has(a + a, a ~ a), .ref, blockquote, figcaption, article > p, aside.box, li > p") && !e.matches(".btn, summary")) return false;
	e.scrollIntoView({block: "center"});
	const r = e.getClientRects()[0], x = r.left + r.width / 2, y = r.top + r.height / 2;
	const hit = at => { const t = document.elementFromPoint(x, at); return t === e || e.contains(t) };
	let high = 0;
	for (const way of [-1, 1]) for (let d = way < 0 ? 0 : 1; d < 50 && hit(y + way * d); d++) high++;
	e.dataset.high = high;
	return high < 44;
}).map(e => e.dataset.high + "px " + e.outerHTML.slice(0, 120)).join("\n")`

// readByFinger presses on a phone.
func readByFinger(t *testing.T, n *newsroom) {
	p := n.visitor()
	p.pardon("status of 404")
	p.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	for _, l := range []string{"de", "uk"} {
		for _, address := range append(n.sample(l), "/"+l+"/99999", "/offline/"+l+"/") {
			for _, form := range []string{"", "/text"} {
				status := p.open(form + address)
				if status != http.StatusOK && status != http.StatusNotFound {
					t.Errorf("%s answers %d", form+address, status)
				}
				menus := []string{"none", ".pull:not(.tongue)", ".tongue"}
				if form != "" {
					menus = menus[:1]
				}
				for _, menu := range menus {
					p.run(`document.querySelectorAll(".top details").forEach(d => d.open = d.matches("` + menu + `"))`)
					if got := p.js(small); got != "" {
						t.Errorf("%s%s, menu %q: too small for a finger:\n%s", form, address, menu, got)
					}
				}
			}
		}
	}
}
