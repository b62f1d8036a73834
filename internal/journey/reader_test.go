//go:build browser

package journey

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/app"
)

// kinds are the reader's pages of one language, as addresses look.
var kinds = []struct {
	name    string
	address *regexp.Regexp
}{
	{"front", regexp.MustCompile(`^/[a-z]{2}/$`)},
	{"article", regexp.MustCompile(`^/[a-z]{2}/\d+/[^/]+$`)},
	{"topic", regexp.MustCompile(`^/[a-z]{2}/topic/[^/]+/$`)},
	{"author", regexp.MustCompile(`^/[a-z]{2}/author/[^/]+/$`)},
	{"archive", regexp.MustCompile(`^/[a-z]{2}/archive/[\d-]+/$`)},
	{"corrections", regexp.MustCompile(`^/[a-z]{2}/corrections/$`)},
	{"page", regexp.MustCompile(`^/[a-z]{2}/page/[^/]+/$`)},
	{"section", regexp.MustCompile(`^/[a-z]{2}/[^/]+/$`)},
}

var hrefs = regexp.MustCompile(`href="(/[^"#]*)"`)

// pages follows the links of one language from its front and returns the addresses by kind.
func (n *newsroom) pages(lang string) map[string][]string {
	n.t.Helper()
	out, seen := map[string][]string{}, map[string]bool{}
	for todo := []string{"/" + lang + "/"}; len(todo) > 0; todo = todo[1:] {
		kind := slices.IndexFunc(kinds, func(k struct {
			name    string
			address *regexp.Regexp
		}) bool {
			return k.address.MatchString(todo[0])
		})
		if seen[todo[0]] || kind < 0 {
			continue
		}
		seen[todo[0]] = true
		out[kinds[kind].name] = append(out[kinds[kind].name], todo[0])
		_, body, head := n.get(todo[0])
		if to := head.Get("Location"); to != "" {
			todo = append(todo, strings.TrimPrefix(to, n.url))
		}
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			if strings.HasPrefix(m[1], "/"+lang+"/") {
				todo = append(todo, m[1])
			}
		}
	}
	return out
}

// sample is one page of each kind, the richest article among them.
func (n *newsroom) sample(lang string) []string {
	n.t.Helper()
	all := n.pages(lang)
	var out []string
	for _, k := range kinds {
		list := all[k.name]
		if len(list) == 0 {
			n.t.Errorf("the demo has no %s in %s", k.name, lang)
			continue
		}
		best, size := "", 0
		for _, address := range list {
			if _, body, _ := n.get(address); len(body) > size {
				best, size = address, len(body)
			}
		}
		out = append(out, best)
	}
	return out
}

func (p *tab) width(w int64) { p.t.Helper(); p.do(chromedp.EmulateViewport(w, 800)) }

// fits wants that nothing scrolls sideways.
func (p *tab) fits(what string) {
	p.t.Helper()
	if over := p.js(`document.documentElement.scrollWidth - innerWidth`); over != "0" && !strings.HasPrefix(over, "-") {
		p.t.Errorf("%s is %s px too wide: %s", what, over, p.js(`[...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".vh")).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join("\n")`))
	}
}

func (p *tab) prefers(feature, value string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
		return err
	}))
}

// TestReader looks at the demo paper as its readers do.
func TestReader(t *testing.T) {
	t.Parallel()
	n := demo(t)
	for _, step := range []struct {
		name string
		do   func(*testing.T, *newsroom)
	}{
		{"every page on every width", everyPage}, {"languages", switchLanguage}, {"without scripts", readWithoutScripts},
		{"by keyboard", readByKeyboard}, {"by finger", readByFinger}, {"stays light", staysLight}, {"sharing and menus", shareAndMenus}, {"nothing moves", nothingMoves},
		{"reporting errors", reportErrors}, {"the demo's desk", demoDesk},
	} {
		t.Run(step.name, func(t *testing.T) {
			here := *n
			here.t = t
			step.do(t, &here)
		})
	}
}

func everyPage(t *testing.T, n *newsroom) {
	p := n.visitor()
	p.atStart(shiftWatch)
	for _, l := range []string{"de", "uk", "en", "fr"} {
		for _, address := range n.sample(l) {
			for _, w := range []int64{320, 390, 1280} {
				p.width(w)
				if w == 320 {
					if status := p.open(address); status != http.StatusOK {
						t.Errorf("%s answers %d", address, status)
					}
					p.until(`document.fonts.status === "loaded"`)
				}
				p.fits(fmt.Sprintf("%s at %d", address, w))
			}
			p.sound(address)
			p.equal(`[...document.images].filter(i => !i.hasAttribute("width") || !i.hasAttribute("height")).length`, "0")
			p.goes(chromedp.Reload())
			p.until(`document.fonts.status === "loaded" && [...document.images].every(i => i.complete || i.loading === "lazy")`)
			p.settle()
			if p.js(`jumped < 0.001`) != "true" {
				t.Errorf("%s jumps by %s while it comes", address, p.js(`jumped`))
			}
		}
	}
	p.width(320)
	for _, address := range n.pages("de")["article"] {
		p.open(address)
		p.fits(address + " at 320")
	}
	p.prefers("prefers-color-scheme", "dark")
	for _, address := range n.sample("de") {
		p.open(address)
		if got := p.js(dimness); got != "dark" {
			t.Errorf("%s in the dark: %s", address, got)
		}
	}
}

// dimness is "dark" if light text stands on a dark page, with enough between them.
const dimness = `(() => {
	const paint = document.createElement("canvas").getContext("2d");
	const light = colour => {
		paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const page = [document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor).find(c => c !== "rgba(0, 0, 0, 0)");
	if (!page) return "no background";
	const back = light(page), text = light(getComputedStyle(document.querySelector("h1")).color);
	return back < 0.1 && (text + 0.05) / (back + 0.05) > 7 ? "dark" : page + " " + text;
})()`

func switchLanguage(t *testing.T, n *newsroom) {
	p := n.visitor()
	p.open("/")
	p.equal(`location.pathname`, "/en/")
	articles := n.pages("de")["article"]
	// A story that is there in all four languages leads to itself in each.
	for _, address := range articles {
		p.open(address)
		if p.js(`document.querySelectorAll("link[rel=alternate][hreflang]").length`) == "5" {
			break
		}
	}
	number := strings.Split(p.path(), "/")[2]
	for _, l := range []string{"uk", "en", "fr", "de"} {
		p.follow(`header a[hreflang=` + l + `]`)
		p.equal(`document.documentElement.lang`, l)
		p.equal(`location.pathname.split("/").slice(1, 3).join("/")`, l+"/"+number)
	}
	// On a phone the languages are behind their name.
	p.width(390)
	p.open(p.path())
	p.click(`header .tongue summary`)
	p.follow(`header .tongue a[hreflang=uk]`)
	p.equal(`location.pathname.split("/").slice(1, 3).join("/")`, "uk/"+number)
	// The old slug leads to the right one, once.
	status, _, head := n.get("/uk/" + number + "/an-old-slug")
	if to := head.Get("Location"); status != http.StatusMovedPermanently || !strings.HasSuffix(to, p.path()) {
		t.Errorf("an old slug: %d to %s, want %s", status, to, p.path())
	}
}

func readWithoutScripts(t *testing.T, n *newsroom) {
	with, without := n.visitor(), n.visitor()
	without.withoutScripts()
	// What the scripts add: buttons of the share box. All else is there without them.
	const text = `(() => { const b = document.body.cloneNode(true); b.querySelectorAll("script, .share button, .share [role=status]").forEach(e => (e.closest("li") ?? e).remove()); return b.textContent.replace(/\s+/g, " ").trim() })()`
	for _, address := range n.sample("de") {
		with.open(address)
		without.open(address)
		if a, b := with.js(text), without.js(text); a != b || len(b) < 100 {
			t.Errorf("%s differs without scripts\n%s\n%s", address, b, a)
		}
		without.until(`[...document.images].every(i => i.loading === "lazy" || i.complete && i.naturalWidth > 0)`)
	}
	without.open(n.pages("de")["article"][0])
	without.equal(`[...document.querySelectorAll(".share a")].every(a => /^(https|mailto):/.test(a.href))`, "true")
	without.width(390)
	without.click(`header .tongue summary`)
	without.equal(`document.querySelector("header .tongue").open`, "true")
	without.pardon("status of 404")
	if status := without.open("/de/99999/nirgendwo"); status != http.StatusNotFound {
		t.Errorf("nothing there is answered with %d", status)
	}
	without.until(`document.querySelector("h1") && document.querySelector('a[href="/de/"]')`)
}

func readByKeyboard(t *testing.T, n *newsroom) {
	p := n.visitor()
	p.open(n.pages("de")["article"][0])
	p.keys(kb.Tab)
	p.equal(`document.activeElement.className`, "skip")
	p.until(`document.activeElement.getBoundingClientRect().top >= 0`)
	p.keys(kb.Enter)
	p.until(`location.hash === "#main"`)
	stops := 0
	for range 120 {
		p.keys(kb.Tab)
		if p.js(`document.activeElement === document.body`) == "true" {
			break
		}
		p.visibleFocus()
		stops++
	}
	if stops < 5 {
		t.Errorf("%d stops behind the skip link", stops)
	}
}

// demoDesk signs in as each role and opens the screens that its menus lead to; as administrator, who
// sees most, all of them, on a phone as well.
func demoDesk(t *testing.T, n *newsroom) {
	accounts, err := app.DemoAccounts()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		p := n.signedIn(a.Email, app.DemoPassword)
		seen := map[string]bool{}
		todo, most := []string{"/desk/menu"}, 6
		if a.Role == "admin" {
			most = 40
		}
		for len(todo) > 0 && len(seen) < most {
			path := todo[0]
			todo = todo[1:]
			if seen[path] {
				continue
			}
			seen[path] = true
			if status := p.open(path); status != http.StatusOK {
				t.Errorf("%s opens %s and gets %d", a.Role, path, status)
			}
			p.fits(a.Role + " at " + path)
			p.sound(path)
			if a.Role == "admin" {
				p.width(390)
				p.fits(path + " on a phone")
				p.width(1440)
			}
			todo = append(todo, strings.Fields(p.js(`[...document.querySelectorAll(".side a, nav a, .sublist a, .board tbody tr:nth-child(-n+2) a")].map(a => a.getAttribute("href")).filter(h => h.startsWith("/desk/") && !h.includes("?")).join(" ")`))...)
		}
		p.end()
	}
}
