//go:build browser

package journey

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/edition"
)

// TestWithoutScripts walks the whole way with the browser's scripts switched off: plain forms.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.visitor()
	p.pardon(refusals...)
	p.withoutScripts()
	p.open("/desk/")
	p.fill("email", chiefMail)
	p.fill("password", "not the right one")
	if status := p.send(); status != http.StatusForbidden && status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong password is answered with %d", status)
	}
	p.equal(`document.querySelector("[name=email]").value`, chiefMail)
	p.fill("password", password)
	p.send()
	p.equal(`location.pathname`, "/desk/")

	p.follow(`a[href="/desk/stories/new"]`)
	p.fill("headline", "Ohne Skripte")
	p.choose("lang", "de")
	p.send()
	id := p.editionID()
	p.equal(`document.querySelector(".ProseMirror")`, "null")
	p.fill("lead", "Das Amt hat *gestern* geschlossen.")
	p.fill("more", "Erster Absatz.\n\n## Zwischentitel\n\n- eins\n- zwei")
	p.submit()
	n.stands(id, "Erster Absatz.\n\n## Zwischentitel\n\n- eins\n- zwei")
	if lead := document.InlineMarkdown(n.doc(id).Lead); lead != "Das Amt hat *gestern* geschlossen." {
		t.Errorf("the lead is %q", lead)
	}
	blocks := n.doc(id).Blocks

	// One block is changed; the others keep their text and all keep their identity.
	p.fill("block."+string(blocks[0].ID), "Erster Absatz, **geändert**.")
	p.submit()
	n.stands(id, "Erster Absatz, **geändert**.\n\n## Zwischentitel\n\n- eins\n- zwei")
	if diff := cmp.Diff(blocks[1:], n.doc(id).Blocks[1:]); diff != "" || n.doc(id).Blocks[0].ID != blocks[0].ID {
		t.Errorf("the other blocks changed\n%s", diff)
	}
	// What can't be read comes back as it was typed.
	p.fill("block."+string(blocks[0].ID), "![kein Bild](https://fremd.example/x.jpg)")
	p.fill("slug", "Nicht gültig!")
	p.fill("more", "Noch ein Absatz.")
	if status := p.follow(`form .form-end [value=save]`); status != http.StatusUnprocessableEntity {
		t.Errorf("a foreign picture is answered with %d", status)
	}
	p.equal(fmt.Sprintf(`document.getElementById(%q).value`, "block."+string(blocks[0].ID)), "![kein Bild](https://fremd.example/x.jpg)")
	p.equal(`[...document.querySelectorAll(".field[data-invalid]")].map(f => f.innerText.match(/library/) !== null).join()`, "true")
	p.equal(`document.querySelector("[name=more]").value`, "Noch ein Absatz.")
	p.fill("block."+string(blocks[0].ID), "Erster Absatz.")
	if status := p.follow(`form .form-end [value=save]`); status != http.StatusUnprocessableEntity {
		t.Errorf("a slug with spaces is answered with %d", status)
	}
	p.equal(`document.querySelector(".field[data-invalid] [name]").name`, "slug")
	p.equal(`document.querySelector("[name=slug]").value`, "Nicht gültig!")
	p.fill("slug", "gueltig")
	p.submit()
	n.stands(id, "Erster Absatz.\n\n## Zwischentitel\n\n- eins\n- zwei\n\nNoch ein Absatz.")
	p.choose("move."+string(n.doc(id).Blocks[3].ID), "remove")
	p.submit()

	staleTab(t, n, p, id)
	sourceWithout(t, n, p, id)
	pictureWithout(t, n, p, id)
	releaseWithout(t, n, p, id)
	translateWithout(t, n, p, id)
}

// submit saves the plain form.
func (p *tab) submit() {
	p.t.Helper()
	if status := p.follow(`form .form-end [value=save]`); status != http.StatusOK {
		p.t.Fatalf("saving is answered with %d\n%s", status, p.where())
	}
	p.shows("Saved")
}

// staleTab saves from a page that somebody else has overtaken.
func staleTab(t *testing.T, n *newsroom, p *tab, id edition.ID) {
	t.Helper()
	blocks := n.doc(id).Blocks
	other := p.another()
	other.pardon(refusals...)
	other.withoutScripts()
	other.open("/desk/editions/" + string(id))
	other.fill("block."+string(blocks[1].ID), "## Anderer Titel")
	other.submit()
	p.fill("block."+string(blocks[0].ID), "Meine Fassung.")
	p.submit()
	n.stands(id, "Meine Fassung.\n\n## Anderer Titel\n\n- eins\n- zwei")

	other.open("/desk/editions/" + string(id))
	other.fill("block."+string(blocks[0].ID), "Fassung der anderen.")
	other.submit()
	p.fill("block."+string(blocks[0].ID), "Meine zweite Fassung.")
	p.fill("kicker", "Auch das ging mit")
	if status := p.follow(`form .form-end [value=save]`); status != http.StatusConflict {
		t.Fatalf("a clash is answered with %d\n%s", status, p.where())
	}
	p.shows("Meine zweite Fassung.")
	p.shows("Fassung der anderen.")
	n.stands(id, "Fassung der anderen.\n\n## Anderer Titel\n\n- eins\n- zwei")
	p.tick("clash.0", "both")
	p.send()
	n.stands(id, "Meine zweite Fassung.\n\nFassung der anderen.\n\n## Anderer Titel\n\n- eins\n- zwei")
	if k := n.doc(id).Kicker; k != "Auch das ging mit" {
		t.Errorf("the kicker is %q", k)
	}
	p.choose("move."+string(n.doc(id).Blocks[1].ID), "remove")
	p.submit()
	n.stands(id, "Meine zweite Fassung.\n\n## Anderer Titel\n\n- eins\n- zwei")
}

func sourceWithout(t *testing.T, n *newsroom, p *tab, id edition.ID) {
	t.Helper()
	p.follow(`.panel a[href*="/sources/new"]`)
	p.fill("name", "Amtsblatt")
	p.fill("url", "keine Adresse")
	p.run(`document.querySelector("[name=url]").type = "text"`) // the browser's own check is not the one tried here
	if status := p.send(); status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong address is answered with %d\n%s", status, p.where())
	}
	p.equal(`document.querySelector("[name=name]").value`, "Amtsblatt")
	p.fill("url", "https://amtsblatt.example/7")
	p.fill("claim.de", "Das Amt schließt.")
	p.send()
	p.shows("Amtsblatt")
	src := p.js(`document.querySelector("[data-source]").dataset.source`)
	block := string(n.doc(id).Blocks[0].ID)
	p.fill("block."+block, "[Meine zweite Fassung.](source:"+src+")")
	p.submit()
	if m := n.doc(id).Blocks[0].Text[0].Marks; len(m) != 1 || m[0].Source != src {
		t.Errorf("the reference is %+v", m)
	}
}

// pictureWithout uploads by the plain form and places the picture by its code.
func pictureWithout(t *testing.T, n *newsroom, p *tab, id edition.ID) {
	t.Helper()
	p.open("/desk/pictures")
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`#file`), []string{onDisk(t, "amt.jpg", photo(t, 700, 500))}))
	p.fill("credit", "Mia Foto")
	p.follow(`depesche-upload form .primary`)
	p.shows("1 picture is in the library")
	p.fill("focus_x", "250")
	p.fill("alt.de", "Das geschlossene Amt")
	p.send()
	p.shows("Saved")
	code := path.Base(p.path())
	p.open("/desk/editions/" + string(id))
	p.fill("picture.media", code)
	p.fill("more", "![](media:"+code+")\nVon der anderen Seite")
	p.submit()
	doc := n.doc(id)
	if last := doc.Blocks[len(doc.Blocks)-1]; doc.Picture == nil || doc.Picture.Media != code || last.Kind != document.PictureK || last.Pictures[0].Caption.Plain() != "Von der anderen Seite" {
		t.Errorf("picture %+v, last block %+v", doc.Picture, last)
	}
}

// translateWithout confirms row by row with buttons.
func translateWithout(t *testing.T, n *newsroom, p *tab, id edition.ID) {
	t.Helper()
	p.open("/desk/stories/1")
	p.follow(`form:has([name=lang][value=en]) button`)
	rows := p.js(`document.querySelectorAll("tr.unit").length`)
	first := p.js(`document.querySelector("tr.unit textarea").name`)
	p.fill(first, "Also without scripts")
	p.follow(`tr.unit [name=confirm]`)
	p.shows("Saved")
	p.equal(`document.querySelector("tr.unit .state").dataset.state`, "reviewed")
	p.equal(`document.querySelector("tr.unit textarea").value`, "Also without scripts")
	p.shows("1 of " + rows + " translated")

	// Text that was typed into other rows is stored by the same button.
	second := p.js(`document.querySelectorAll("tr.unit textarea")[1].name`)
	third := p.js(`document.querySelectorAll("tr.unit textarea")[2].name`)
	p.fill(second, "Typed, and not confirmed")
	p.fill(third, "Typed as well")
	p.follow(`#u-3 [name=confirm]`)
	p.equal(`[...document.querySelectorAll("tr.unit .state")].slice(0, 3).map(s => s.dataset.state).join()`, "reviewed,edited,reviewed")
	s := n.edition(id).Story
	en, err := n.app.Editions.ByLanguage(t.Context(), n.app.DB.Read(), s, "en")
	if err != nil {
		t.Fatal(err)
	}
	if en.Headline != "Also without scripts" && en.Doc.Kicker != "Also without scripts" {
		t.Errorf("the English edition is %+v", en.Doc)
	}
}

func releaseWithout(t *testing.T, n *newsroom, p *tab, id edition.ID) {
	t.Helper()
	p.follow(`.panel .tabs a:not([aria-current])`)
	p.chooseWord("section", "City")
	p.tickWord("authors", "Jana Roth")
	p.fill("new_topics", "Amt")
	p.send()
	p.shows("Saved")
	p.follow(`header.bar .primary`)
	p.overrideAll("Ist geprüft")
	p.send()
	p.shows("Published")
	e := n.edition(id)
	if e.State != edition.Published {
		t.Fatalf("%s\n%s", e.State, p.where())
	}
	article := p.js(`document.querySelector('a[href^="/de/"]')?.getAttribute("href")`)
	if !strings.HasSuffix(article, e.Slug) {
		t.Errorf("the story's page leads to %q", article)
	}
	reader := n.visitor()
	reader.withoutScripts()
	if status := reader.open(article); status != http.StatusOK {
		t.Errorf("the reader gets %d", status)
	}
	reader.shows("Meine zweite Fassung.")
	reader.shows("Amtsblatt")
	reader.equal(`document.querySelectorAll("article li, main li").length > 1`, "true")
}
