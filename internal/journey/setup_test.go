//go:build browser

package journey

import (
	"net/http"
	"strings"
	"testing"
)

func TestSetUpAPaper(t *testing.T) {
	t.Parallel()
	n := empty(t)
	p := n.visitor()
	p.pardon(refusals...)

	if status := p.open("/"); status != http.StatusForbidden || p.path() != "/desk/setup" {
		t.Fatalf("an empty house answers %d at %s", status, p.path())
	}
	if p.js(exists(`[name="admin"]`)) != "null" {
		t.Fatal("a stranger without the token is asked the questions")
	}
	if status := p.open("/desk/setup?token=guessed"); status != http.StatusForbidden || p.js(exists(`[name="admin"]`)) != "null" {
		t.Fatalf("a guessed token is answered with %d", status)
	}
	token, err := n.app.SetupToken(t.Context())
	if err != nil || token == "" {
		t.Fatalf("token %q, %v", token, err)
	}
	p.open("/desk/setup?token=" + token)
	p.fill("name", "Kurier")
	p.tick("langs", "de")
	p.tick("langs", "uk")
	p.tick("langs", "en")
	p.choose("main", "de")
	p.fill("admin", "Ada Admin")
	p.fill("email", adminMail)
	p.fill("password", "short")
	p.fill("zone", "Nowhere/Land")
	if status := p.send(); status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong form is answered with %d", status)
	}
	p.equal(`[...document.querySelectorAll("[data-invalid] [name]")].map(f => f.name).sort().join()`, "password,zone")
	p.equal(`document.querySelector("[name=name]").value`, "Kurier")
	p.equal(`[...document.querySelectorAll("[name=langs]:checked")].map(f => f.value).sort().join()`, "de,en,uk")
	p.fill("password", password)
	p.fill("zone", "Europe/Kyiv")
	if status := p.send(); status != http.StatusOK || !strings.HasPrefix(p.path(), "/desk/") {
		t.Fatalf("set up: %d at %s\n%s", status, p.path(), p.where())
	}

	late := n.visitor()
	late.open("/desk/setup?token=" + token)
	if late.path() != "/desk/sign-in" {
		t.Errorf("the setup's address still leads to %s", late.path())
	}
	if status, _, _ := n.get("/de/"); status != http.StatusOK {
		t.Errorf("the front answers %d", status)
	}

	p.open("/desk/sections/new")
	for l, name := range map[string]string{"de": "Stadt", "uk": "Місто", "en": "City"} {
		p.fill("name."+l, name)
	}
	p.send()
	p.shows("City")
	p.open("/desk/authors/new")
	for l, name := range map[string]string{"de": "Jana Roth", "uk": "Яна Рот", "en": "Jana Roth"} {
		p.fill("name."+l, name)
	}
	p.send()
	p.shows("Jana Roth")
	p.open("/desk/stories/new")
	p.chooseWord("section", "City")
	p.choose("lang", "uk")
	p.fill("headline", "Перша новина")
	p.send()
	p.until(exists(".ProseMirror"))
	p.equal(`document.querySelector("[data-kind=headline]").textContent`, "Перша новина")
	p.equal(exists("depesche-editor")+`.lang`, "uk")
	p.follow(`.panel .tabs a:not([aria-current])`)
	p.tickWord("authors", "Jana Roth")
	p.send()
	p.equal(`document.querySelector("[name=authors]").checked`, "true")
}
