//go:build browser

package journey

import "strings"

// soundness says what is wrong with a page for those who don't see it or have no mouse.
const soundness = `(() => {
	const out = [], ids = new Map();
	for (const e of document.querySelectorAll("[id]")) ids.set(e.id, (ids.get(e.id) ?? 0) + 1);
	for (const [id, n] of ids) if (n > 1) out.push("the ID " + id + " stands " + n + " times");
	const shown = e => e.getClientRects().length > 0;
	const label = e => e.getAttribute("aria-label") || e.title || (e.getAttribute("aria-labelledby") ?? "").split(" ").map(i => document.getElementById(i)?.textContent ?? "").join("") ||
		[...(e.labels ?? [])].map(l => l.textContent).join("") || e.textContent || [...e.querySelectorAll("img")].map(i => i.alt).join("");
	for (const e of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea, [role=button], [role=textbox]"))
		if (shown(e) && !label(e).trim()) out.push("without a name: " + e.outerHTML.slice(0, 120));
	for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls]"))
		for (const a of ["aria-describedby", "aria-labelledby", "aria-controls"])
			for (const id of (e.getAttribute(a) ?? "").split(/\s+/).filter(Boolean))
				if (!document.getElementById(id)) out.push(a + " leads nowhere: " + e.outerHTML.slice(0, 120));
	for (const a of document.querySelectorAll('a[href^="#"]'))
		if (a.hash.length > 1 && !document.getElementById(decodeURIComponent(a.hash.slice(1)))) out.push("leads nowhere: " + a.outerHTML.slice(0, 120));
	for (const i of document.images) if (!i.hasAttribute("alt")) out.push("a picture without alt: " + i.outerHTML.slice(0, 120));
	if (!document.documentElement.lang) out.push("no language");
	if (!document.title.trim()) out.push("no title");
	if (document.querySelectorAll("h1").length !== 1) out.push(document.querySelectorAll("h1").length + " headings of the page");
	let last = 0;
	for (const h of document.querySelectorAll("main h1, main h2, main h3, main h4, main h5, main h6")) {
		if (!shown(h)) continue;
		const level = Number(h.tagName[1]);
		if (last && level > last + 1) out.push("after a heading " + last + " comes " + h.outerHTML.slice(0, 120));
		last = level;
	}
	if (!document.querySelector("main")) out.push("no main part");
	return out.join("\n");
})()`

// sound wants that the page on the screen is whole for everyone.
func (p *tab) sound(what string) {
	p.t.Helper()
	if got := p.js(soundness); got != "" {
		p.t.Errorf("%s: %s", what, strings.ReplaceAll(got, "\n", "\n\t"))
	}
}

// shiftWatch counts how much of a page jumps while it comes, from its first moment on.
const shiftWatch = `window.jumped = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) jumped += e.value }).observe({type: "layout-shift", buffered: true});`
