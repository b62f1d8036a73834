//go:build browser

package journey

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/edition"
)

// bridge is the story that goes out in three languages: its segments, original first.
var bridge = []struct{ de, uk, en string }{
	{"Die Brücke bleibt bis Mai gesperrt", "Міст закритий до травня", "The bridge stays closed until May"},
	{"Laut Bauamt kostet die Reparatur 12 Millionen Euro.", "За даними управління, ремонт коштує 12 мільйонів євро.", "According to the building office, the repair costs 12 million euros."},
	{"Zwei Pfeiler sind gerissen.", "Дві опори тріснули.", "Two piers have cracked."},
	{"Ein Riss im Pfeiler", "Тріщина в опорі", "A crack in the pier"},
	{"Stadtarchiv", "Міський архів", "City archive"},
}

// inOne is what a segment says in one language.
func inOne(de, lang string) (string, bool) {
	for _, s := range bridge {
		if s.de == de {
			return map[string]string{"uk": s.uk, "en": s.en}[lang], true
		}
	}
	return "", false
}

type published struct {
	*newsroom
	chief  *tab
	number string
	id     map[string]edition.ID
	path   map[string]string
}

// TestThreeLanguages is a story's life: written, translated, out in one release, corrected, withdrawn.
func TestThreeLanguages(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := &published{newsroom: n, chief: n.chief(), id: map[string]edition.ID{}, path: map[string]string{}}
	for _, step := range []struct {
		name string
		do   func(*testing.T, *published)
	}{
		{"write it", writeBridge}, {"mend what the checklist stops", mendBridge}, {"translate it", translateBridge},
		{"release it", releaseBridge}, {"readers find it", readBridge}, {"correct it", correctBridge}, {"the others follow", followBridge}, {"withdraw it", withdrawBridge},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.do(t, p) }) {
			t.FailNow()
		}
	}
}

func writeBridge(t *testing.T, s *published) {
	p := s.chief
	p.t = t
	s.id["de"] = p.newStory("de", bridge[0].de)
	p.caret("[data-kind=lead]", -1)
	p.insert(bridge[1].de)
	p.keys(kb.Enter)
	p.insert(bridge[2].de)
	p.mark("#tools button", "Picture")
	p.run(`document.querySelector('#tools [data-test-mark]').click()`)
	p.until(exists(`dialog[open] input[type=file]`))
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`dialog[open] input[type=file]`), []string{onDisk(t, "riss.jpg", photo(t, 900, 600))}))
	p.until(exists(`.ProseMirror figure img`))
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	p.until(`document.querySelectorAll("#checklist [data-severity=error]").length === 5`)
	if got := s.doc(s.id["de"]); len(got.Blocks) != 2 || got.Blocks[1].Pictures[0].Media == "" {
		t.Fatalf("blocks %+v", got.Blocks)
	}
}

// checks are the words of the checklist with this weight.
func (p *tab) checks(severity string) []string {
	p.t.Helper()
	var out []string
	if err := json.Unmarshal([]byte(p.js(`JSON.stringify([...document.querySelectorAll("#checklist [data-severity=`+severity+`] > span, .checks-in [data-severity=`+severity+`] > span")].map(s => s.textContent))`)), &out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// shown is the selector of "Show" at the finding that says this.
func (p *tab) shown(word string) string {
	p.t.Helper()
	link := fmt.Sprintf(`[...document.querySelectorAll("#checklist li, .checks-in li")].find(l => l.innerText.includes(%q))?.querySelector("a")`, word)
	p.until(link)
	return p.js(`["href", "data-show", "data-quote"].filter(n => ` + link + `.hasAttribute(n))
		.reduce((s, n) => s + "[" + n + "=" + JSON.stringify(` + link + `.getAttribute(n)) + "]", "li a")`)
}

func mendBridge(t *testing.T, s *published) {
	p := s.chief
	p.t = t
	p.pardon(refusals...)
	// Nothing can go out yet, and the dialogue says why.
	p.follow(`header.bar [value=release]`)
	p.equal(`document.querySelector("[name=edition]").disabled`, "true")
	if got := p.checks("error"); len(got) != 5 {
		t.Errorf("the dialogue stops for %q", got)
	}
	if status := p.follow(p.shown("author")); status != http.StatusOK || !strings.HasPrefix(p.path(), "/desk/stories/") {
		t.Fatalf("the link leads to %s", p.path())
	}
	p.tickWord("authors", "Jana Roth")
	p.chooseWord("section", "City")
	p.send()
	p.open("/desk/editions/" + string(s.id["de"]))
	p.writes()

	// The source, by the link beside the finding's list; then the words that rest on it.
	p.follow(`.panel a[href*="/sources/new"]`)
	p.fill("name", "Bauamt")
	p.choose("kind", "authority")
	p.fill("url", "https://amt.example/bericht")
	p.choose("date", "2026-11-20")
	p.fill("claim.de", "Die Reparatur kostet 12 Millionen Euro.")
	p.send()
	p.writes()
	p.click(p.shown("source"))
	p.equal(`document.activeElement.classList.contains("ProseMirror")`, "true")
	p.caret("[data-kind=lead]", -1)
	p.keys(" @")
	p.until(exists(`#editor-menu:not([hidden]) [role=option]`))
	p.keys(kb.Enter + kb.Backspace)

	// The picture's words, where the finding leads to.
	p.click(p.shown("alternative text"))
	p.until(`document.activeElement.closest("figure")`)
	p.insert(bridge[3].de)
	p.keys(kb.Tab)
	p.insert(bridge[4].de)
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	if got := p.checks("error"); len(got) > 0 {
		t.Fatalf("still stopped by %q\n%s", got, p.where())
	}
	pic := s.doc(s.id["de"]).Blocks[1].Pictures[0]
	if pic.Alt != bridge[3].de || pic.Credit != bridge[4].de {
		t.Errorf("the picture says %q, %q", pic.Alt, pic.Credit)
	}
	s.number = p.js(`document.querySelector('.panel a[href*="/sources/"]').getAttribute("href").split("/")[3]`)
}

func translateBridge(t *testing.T, s *published) {
	s.chief.t = t
	oles := s.signedIn(olesMail, password)
	for _, who := range []struct {
		lang string
		*tab
	}{{"uk", oles}, {"en", s.chief}} {
		p := who.tab
		p.t = t
		p.open("/desk/stories/" + s.number)
		p.follow(fmt.Sprintf(`form:has([name=lang][value=%s]) button`, who.lang))
		p.until(`document.querySelector("tr.unit[aria-current]")`)
		s.id[who.lang] = p.editionID()
		p.translate(who.lang)
		p.goes(chromedp.Click(chromedp.CSS(`header.bar [value=review]`)))
		p.equal(`document.querySelector(".messages").innerText.trim()`, "Sent for review")
		if got := s.edition(s.id[who.lang]).State; got != edition.Review {
			t.Fatalf("%s is %s", who.lang, got)
		}
	}
	if oles.js(exists(`header.bar [value=approve]`)) != "null" {
		t.Error("the translator is offered to approve his own work")
	}
	for _, l := range []string{"uk", "en"} {
		s.chief.open("/desk/editions/" + string(s.id[l]) + "/translate")
		s.chief.follow(`header.bar [value=approve]`)
		if got := s.edition(s.id[l]).State; got != edition.Approved {
			t.Fatalf("%s is %s", l, got)
		}
	}
	s.chief.open("/desk/editions/" + string(s.id["de"]))
	s.chief.writes()
	s.chief.follow(`header.bar [value=review]`)
	s.chief.follow(`header.bar [value=approve]`)
}

// translate goes through the rows with the keyboard alone.
func (p *tab) translate(lang string) {
	p.t.Helper()
	p.run(`document.querySelector("tr.unit[aria-current] .unit-shown").focus()`)
	count := p.js(`document.querySelectorAll("tr.unit").length`)
	marked := 0
	for done := 1; fmt.Sprint(done-1) != count; done++ {
		source := p.js(`document.activeElement.closest("tr").querySelector(".unit-source").innerText.trim()`)
		text, ok := inOne(source, lang)
		if !ok {
			p.t.Fatalf("a segment that nobody wrote: %q", source)
		}
		p.keys("a", chromedp.ModifierCtrl)
		p.insert(text)
		if p.js(`document.activeElement.closest("tr").querySelectorAll("[data-mark]").length`) == "1" {
			// The reference to the source: the mark is put round the words by its key.
			p.keys("a", chromedp.ModifierCtrl)
			p.keys("1", chromedp.ModifierAlt|chromedp.ModifierShift)
			p.equal(`document.activeElement.querySelector(".claim").textContent`, text)
			marked++
		}
		p.keys(kb.Enter, chromedp.ModifierCtrl)
		p.until(fmt.Sprintf(`document.querySelectorAll(".unit-state .state[data-state=reviewed]").length === %d`, done))
	}
	p.equal(`document.getElementById("units-progress").textContent`, count+" of "+count+" translated")
	// Each row shows its text as readers see it.
	p.equal(`document.querySelectorAll(".unit-text .claim").length`, fmt.Sprint(marked))
	p.equal(`[...document.querySelectorAll("tr.unit textarea")].filter(e => e.checkVisibility({opacityProperty: true})).length`, "0")
}

func releaseBridge(t *testing.T, s *published) {
	p := s.chief
	p.t = t
	p.open("/desk/stories/" + s.number + "/release")
	p.equal(`[...document.querySelectorAll("[name=edition]:checked")].length`, "3")
	for _, l := range []string{"de", "uk", "en"} {
		if got := s.checklist(l); len(got) == 0 {
			t.Fatalf("no warning in %s: nothing to go past", l)
		}
	}
	// A warning without a reason stops all three.
	if status := p.send(); status != http.StatusUnprocessableEntity {
		t.Fatalf("answered with %d", status)
	}
	p.shows("Nothing went out")
	p.equal(`[...document.querySelectorAll("[name=edition]:checked")].length`, "3")
	for _, l := range []string{"de", "uk", "en"} {
		if s.edition(s.id[l]).State == edition.Published {
			t.Fatalf("%s went out", l)
		}
	}
	names := strings.Split(p.js(`[...document.querySelectorAll("[name^='override.']")].map(f => f.name).join()`), ",")
	for _, name := range names {
		p.equal(fmt.Sprintf(`document.querySelector('[name=%q]').getAttribute("aria-invalid")`, name), "true")
		p.fill(name, "Das Thema wird noch angelegt")
	}
	p.send()
	p.shows("Published")
	for _, l := range []string{"de", "uk", "en"} {
		e := s.edition(s.id[l])
		if e.State != edition.Published {
			t.Fatalf("%s is %s\n%s", l, e.State, p.where())
		}
		s.path[l] = fmt.Sprintf("/%s/%s/%s", l, s.number, e.Slug)
	}
	p.open("/desk/stories/" + s.number)
	p.shows("Published: German, English and Ukrainian")
}

func (s *published) checklist(l string) []string {
	s.t.Helper()
	list, err := s.app.Releases.Checklist(s.t.Context(), s.app.DB.Read(), s.edition(s.id[l]).Story)
	if err != nil {
		s.t.Fatal(err)
	}
	c, _ := list.Of(s.id[l])
	var out []string
	for _, f := range c.Findings {
		out = append(out, f.Code)
	}
	return out
}

func readBridge(t *testing.T, s *published) {
	reader := person(t, s.url)
	for _, l := range []string{"de", "uk", "en"} {
		headline, _ := inOne(bridge[0].de, l)
		if l == "de" {
			headline = bridge[0].de
		}
		if status := reader.open(s.path[l]); status != http.StatusOK {
			t.Errorf("%s answers %d", s.path[l], status)
		}
		reader.equal(`document.querySelector("h1").textContent.trim()`, headline)
		reader.equal(`document.documentElement.lang`, l)
		reader.equal(`[...document.querySelectorAll("link[rel=alternate][hreflang]")].map(a => a.hreflang).sort().join()`, "de,en,uk,x-default")
		reader.shows("2026")
		for _, list := range []string{"/" + l + "/", "/" + l + "/feed.rss", "/" + l + "/feed.atom", "/" + l + "/feed.json", "/" + l + "/" + sectionSlug[l] + "/"} {
			s.becomes(list, headline, true)
		}
		s.becomes("/sitemap-news.xml", headline, true)
	}
	siteMap := s.wholeSitemap()
	for _, l := range []string{"de", "uk", "en"} {
		if !strings.Contains(siteMap, `hreflang="`+l+`" href="`+s.url+s.path[l]) {
			t.Errorf("the sitemap has no alternate %s\n%s", l, siteMap)
		}
	}
}

var sectionSlug = map[string]string{"de": "stadt", "uk": "misto", "en": "city"}

// wholeSitemap is the sitemap with its parts.
func (n *newsroom) wholeSitemap() string {
	n.t.Helper()
	all := n.page("/sitemap.xml")
	for _, part := range strings.Split(all, "<loc>")[1:] {
		if loc, _, _ := strings.Cut(part, "</loc>"); strings.Contains(loc, "/sitemap-") {
			all += n.page(strings.TrimPrefix(loc, n.url))
		}
	}
	return all
}

func correctBridge(t *testing.T, s *published) {
	p := s.chief
	p.t = t
	p.open("/desk/editions/" + string(s.id["de"]))
	p.writes()
	p.run(`const w = document.createTreeWalker(document.querySelector("[data-kind=lead]"), NodeFilter.SHOW_TEXT);
		document.querySelector(".ProseMirror").focus();
		while (w.nextNode()) { const i = w.currentNode.data.indexOf("12"); if (i >= 0) getSelection().setBaseAndExtent(w.currentNode, i, w.currentNode, i + 2) }`)
	p.settle()
	p.keys("21")
	p.saved()
	p.goes(chromedp.Reload())
	p.shows("The newest text is not out yet")
	// The other languages know which of their sentences rests on the changed one.
	p.open("/desk/")
	p.until(`document.querySelectorAll(".board .state[data-state=stale]").length === 2`)

	p.open("/desk/stories/" + s.number + "/release?act=correct&from=" + string(s.id["de"]))
	p.tick("edition", string(s.id["de"]))
	// With the wrong number the others can't go along: a correction that corrects nothing.
	for _, l := range []string{"uk", "en"} {
		p.equal(fmt.Sprintf(`document.querySelector('[name=edition][value=%q]').disabled`, s.id[l]), "true")
	}
	if status := p.send(); status != http.StatusUnprocessableEntity {
		t.Fatalf("a correction without words is answered with %d", status)
	}
	p.fill("text."+string(s.id["de"]), "Die Reparatur kostet 21 Millionen Euro, nicht 12.")
	p.overrideAll("Wird gleich übersetzt")
	p.send()
	p.shows("The correction is out")

	reader := person(t, s.url)
	reader.open(s.path["de"])
	reader.shows("21 Millionen Euro")
	reader.shows("Die Reparatur kostet 21 Millionen Euro, nicht 12.")
	reader.until(`[...document.querySelectorAll('script[type="application/ld+json"]')].some(s => /"correction"[^]*nicht 12/.test(s.textContent))`)
	reader.open(s.path["en"])
	reader.shows("12 million euros")
	reader.shows("The original was corrected on")
	for path, text := range map[string]string{"/de/corrections/": "nicht 12.", "/de/feed.atom": "nicht 12.", "/de/feed.rss": "nicht 12.", "/de/feed.json": "nicht 12."} {
		s.becomes(path, text, true)
	}
}

// overrideAll gives a reason for each warning of the dialogue.
func (p *tab) overrideAll(why string) {
	p.t.Helper()
	for _, name := range strings.Split(p.js(`[...document.querySelectorAll("[name^='override.']")].map(f => f.name).join()`), ",") {
		if name != "" {
			p.fill(name, why)
		}
	}
}

// followBridge mends the translations: the row that is stale, and no other.
func followBridge(t *testing.T, s *published) {
	p := s.chief
	p.t = t
	for _, l := range []struct{ lang, was, is string }{{"en", "12 million", "21 million"}, {"uk", "12 мільйонів", "21 мільйон"}} {
		p.open("/desk/editions/" + string(s.id[l.lang]) + "/translate")
		p.until(`document.querySelector("tr.unit[aria-current]")`)
		p.equal(`document.querySelectorAll("tr.unit .state[data-state=stale]").length`, "1")
		p.equal(`document.querySelector("tr.unit[aria-current] .state").dataset.state`, "stale")
		p.equal(`document.querySelector("tr.unit[aria-current] .unit-source ins").textContent`, "21")
		p.equal(`document.querySelector("tr.unit[aria-current] .unit-source del").textContent`, "12")
		old := p.js(`document.querySelector("tr.unit[aria-current] .unit-shown").textContent`)
		p.run(`document.querySelector("tr.unit[aria-current] .unit-shown").focus()`)
		p.keys("a", chromedp.ModifierCtrl)
		p.insert(strings.Replace(old, l.was, l.is, 1))
		// The whole was typed anew: the reference to the source goes round it again.
		p.keys("a", chromedp.ModifierCtrl)
		p.keys("1", chromedp.ModifierAlt|chromedp.ModifierShift)
		p.keys(kb.Enter, chromedp.ModifierCtrl)
		p.until(`!document.querySelector("tr.unit .state[data-state=stale]")`)
	}
	p.open("/desk/")
	p.equal(`document.querySelectorAll(".board .state[data-state=stale]").length`, "0")
	// The dialogue offers to tell the correction that stands in German already.
	p.open("/desk/stories/" + s.number + "/release?from=" + string(s.id["en"]))
	p.equal(`document.querySelector(".tabs [aria-current]").textContent`, "Correct")
	p.until(`document.querySelector("[name=of]").selectedOptions[0].textContent.includes("nicht 12.")`)
	p.tick("edition", string(s.id["en"]))
	p.tick("edition", string(s.id["uk"]))
	p.tick("edition", string(s.id["de"]))
	p.fill("text."+string(s.id["de"]), "Noch einmal dasselbe.")
	p.fill("text."+string(s.id["en"]), "The repair costs 21 million euros, not 12.")
	p.fill("text."+string(s.id["uk"]), "Ремонт коштує 21 мільйон євро, а не 12.")
	p.overrideAll("Das Thema wird noch angelegt")
	if status := p.send(); status != http.StatusUnprocessableEntity {
		t.Fatalf("telling a correction twice is answered with %d", status)
	}
	p.shows("German: this correction stands there already")
	p.click(fmt.Sprintf(`[name=edition][value=%q]`, s.id["de"]))
	p.send()
	p.shows("The correction is out")
	s.becomes(s.path["en"], "21 million", true)
	s.becomes(s.path["uk"], "21 мільйон", true)
	s.becomes("/uk/corrections/", "21 мільйон", true)
	reader := person(t, s.url)
	reader.open(s.path["en"])
	reader.shows("The repair costs 21 million euros, not 12.")
	reader.hides("costs 12 million")
	reader.hides("The original was corrected on")
	reader.open(s.path["de"])
	reader.equal(`document.body.innerText.split("nicht 12.").length - 1`, "1")
}

func withdrawBridge(t *testing.T, s *published) {
	p := s.chief
	p.t = t
	p.open("/desk/stories/" + s.number + "/release?act=withdraw")
	p.until(`document.activeElement.innerText.trim() === "Cancel"`)
	p.equal(`document.querySelectorAll("[name=edition]:checked").length`, "3")
	if status := p.send(); status != http.StatusUnprocessableEntity {
		t.Fatalf("a withdrawal without reasons is answered with %d", status)
	}
	why := map[string]string{"de": "Die Zahlen waren falsch.", "uk": "Цифри були хибні.", "en": "The figures were wrong."}
	for l, text := range why {
		p.fill("text."+string(s.id[l]), text)
	}
	p.send()
	p.shows("Withdrawn everywhere")

	reader := person(t, s.url)
	reader.pardon("status of 410")
	for _, l := range []string{"de", "uk", "en"} {
		if status := reader.open(s.path[l]); status != http.StatusGone {
			t.Errorf("%s answers %d", s.path[l], status)
		}
		reader.shows(why[l])
		for _, list := range []string{"/" + l + "/", "/" + l + "/feed.rss", "/" + l + "/feed.atom", "/" + l + "/feed.json", "/" + l + "/" + sectionSlug[l] + "/", "/" + l + "/author/jana-roth/", "/" + l + "/author/yana-rot/", "/sitemap-news.xml"} {
			s.becomes(list, s.path[l], false)
		}
	}
	if siteMap := s.wholeSitemap(); strings.Contains(siteMap, "/"+s.number+"/") {
		t.Errorf("still in the sitemap:\n%s", siteMap)
	}
	p.open("/desk/")
	p.until(`document.querySelectorAll(".board .state[data-state=withdrawn]").length === 3`)
}
