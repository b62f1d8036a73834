//go:build browser

package journey

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/publication"
)

// TestRightToLeft writes, releases and reads a story in Arabic.
func TestRightToLeft(t *testing.T) {
	t.Parallel()
	n := founded(t)
	paper, err := n.app.Publication.Paper(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paper.Languages = append(paper.Languages, publication.Language{Tag: "ar", Active: true})
	if _, err := n.app.Publication.SavePaper(t.Context(), actor.System("test"), paper); err != nil {
		t.Fatal(err)
	}
	sections, err := n.app.Publication.Sections(t.Context(), n.app.DB.Read())
	if err != nil {
		t.Fatal(err)
	}
	sections[0].Names[lang.Tag("ar")] = publication.Name{Name: "المدينة", Slug: "almadina"}
	if _, err := n.app.Publication.SaveSection(t.Context(), actor.System("test"), sections[0]); err != nil {
		t.Fatal(err)
	}

	p := n.chief()
	id := p.newStory("ar", "الجسر مغلق حتى أيار")
	p.equal(`getComputedStyle(document.querySelector(".ProseMirror")).direction`, "rtl")
	p.equal(`getComputedStyle(document.body).direction`, "ltr")
	p.caret("[data-kind=lead]", -1)
	p.insert("تغلق المدينة الجسر.")
	p.keys(kb.Enter)
	p.insert("العمل يستمر 12 شهرا.")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	n.stands(id, "العمل يستمر 12 شهرا.")
	p.follow(`.panel .tabs a:not([aria-current])`)
	p.chooseWord("section", "City")
	p.tickWord("authors", "Jana Roth")
	p.fill("new_topics", "جسور")
	p.send()
	p.follow(`header.bar .primary`)
	p.overrideAll("مقصود")
	p.send()
	p.shows("Published")

	reader := n.visitor()
	reader.width(320)
	for _, address := range []string{"/ar/1/" + n.edition(id).Slug, "/ar/", "/ar/almadina/", "/ar/corrections/"} {
		if status := reader.open(address); status != http.StatusOK {
			t.Errorf("%s answers %d", address, status)
		}
		reader.equal(`document.documentElement.dir`, "rtl")
		reader.fits(address)
	}
	for _, w := range []int64{390, 1280} {
		n.comesStill("/ar/1/"+n.edition(id).Slug, w)
		n.comesStill("/ar/", w)
	}
	reader.open("/ar/1/" + n.edition(id).Slug)
	reader.equal(`(h => innerWidth - h.getBoundingClientRect().right < h.getBoundingClientRect().left + 1)(document.querySelector("h1 span") ?? document.querySelector("h1"))`, "true")
}
