//go:build browser

package journey

import (
	"bytes"
	"image"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"depesche/internal/media"
)

const maker = "Kamera-des-Fotografen"

func TestAPicture(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	p.pardon(refusals...)
	file := photo(t, 1500, 1000, shotAt(maker)...)
	if !bytes.Contains(file, []byte(maker)) {
		t.Fatal("the camera's words aren't in the file")
	}

	// A file that is no picture is refused by name, and the good one beside it is taken.
	p.open("/desk/pictures")
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`#file`), []string{onDisk(t, "kein.jpg", []byte("nothing like a picture")), onDisk(t, "klein.jpg", photo(t, 40, 30))}))
	p.click(`depesche-upload form .primary`)
	p.until(`document.querySelector(".uploads .failed")?.textContent.includes("kein.jpg was not uploaded") && document.querySelector(".uploads a")?.textContent.includes("klein.jpg")`)

	p.upload(onDisk(t, "hafen.jpg", file))
	id := media.ID(path.Base(p.path()))
	p.shows("1,000 × 1,500")

	// In the story it is stopped until the library, or the story, says whose it is and what it shows.
	ed := p.newStory("de", "Der Hafen wird größer")
	p.caret("[data-kind=lead]", -1)
	p.insert("Das neue Becken ist fertig.")
	p.keys(kb.Enter)
	p.insert("Am Freitag kommen die ersten Schiffe.")
	p.mark("#tools button", "Picture")
	p.click(`#tools [data-test-mark]`)
	p.until(`[...document.querySelectorAll("dialog[open] .picker button")].some(b => b.innerText.includes("hafen.jpg"))`)
	p.run(`[...document.querySelectorAll("dialog[open] .picker button")].find(b => b.innerText.includes("hafen.jpg")).click()`)
	p.click(`dialog[open] [value=take]`)
	p.until(exists(`.ProseMirror figure img`))
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	for _, word := range []string{"The picture has no alternative text", "The picture has no credit"} {
		p.until(`document.querySelector("#checklist").innerText.includes("` + word + `")`)
	}

	cropByKeyboard(t, n, p, id)
	p.open("/desk/editions/" + string(ed))
	p.writes()
	if got := strings.Join(p.checks("error"), " "); strings.Contains(got, "picture") {
		t.Errorf("still stopped: %s", got)
	}
	p.follow(`.panel .tabs a:not([aria-current])`)
	p.chooseWord("section", "City")
	p.tickWord("authors", "Jana Roth")
	p.fill("new_topics", "Hafen")
	p.send()
	p.follow(`header.bar .primary`)
	p.overrideAll("Ist so")
	p.send()
	p.shows("Published")

	reader := n.visitor()
	address := "/de/1/" + n.edition(ed).Slug
	n.becomes(address, ".webp", true)
	reader.open(address)
	reader.until(`[...document.images].some(i => i.complete && i.naturalWidth > 0 && i.alt === "Kräne am Becken")`)
	reader.until(`document.querySelector("img").currentSrc.endsWith(".webp")`)
	// What the page says of its width is true, within a tenth: else phones fetch too much, or screens too little.
	reader.until(`(i => i.naturalWidth > 0 && Math.abs(i.naturalWidth - i.clientWidth) <= i.clientWidth / 10)(document.querySelector("main img"))`)
	reader.shows("Mia Foto")
	renditions(t, n, reader)
}

// cropByKeyboard chooses focus and frame with the arrow keys and fills in the library's words.
func cropByKeyboard(t *testing.T, n *newsroom, p *tab, id media.ID) {
	t.Helper()
	p.open("/desk/pictures/" + string(id))
	p.until(`document.querySelector(".crop-focus") && document.querySelector(".crop img").naturalWidth > 0`)
	p.run(`document.querySelector(".crop-focus").focus()`)
	p.keys(kb.ArrowRight + kb.ArrowRight + kb.ArrowUp)
	p.click(`depesche-crop .buttons .button`)
	p.equal(`document.activeElement.className`, "crop-frame")
	p.keys(kb.ArrowLeft)
	p.keys(kb.ArrowDown, chromedp.ModifierShift)
	p.fill("alt.de", "Kräne am Becken")
	p.click(`main form .form-end .primary`)
	p.until(`document.activeElement.matches("[name=credit]:invalid")`)
	p.fill("credit", "Mia Foto")
	p.send()
	p.shows("Saved")
	pic, err := n.app.Media.ByID(t.Context(), n.app.DB.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	if pic.FocusX != 520 || pic.FocusY != 490 || pic.Crop != "90,100,800,810" {
		t.Errorf("focus %d,%d crop %q", pic.FocusX, pic.FocusY, pic.Crop)
	}
}

// renditions fetches every file that the page offers and looks into it.
func renditions(t *testing.T, n *newsroom, reader *tab) {
	t.Helper()
	list := strings.Fields(reader.js(`[...document.querySelectorAll("source, img")].flatMap(e => (e.srcset || "").split(",").map(s => s.trim().split(" ")[0]).concat(e.getAttribute("src") || [])).filter(Boolean).join(" ")`))
	kinds := map[string]bool{}
	for _, address := range list {
		status, body, head := n.get(address)
		kind := head.Get("Content-Type")
		kinds[kind] = true
		if status != http.StatusOK || !strings.Contains(head.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %s", address, status, head.Get("Cache-Control"))
		}
		for _, secret := range []string{"Exif", maker, "GPS", "xmpmeta"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s tells %q", address, secret)
			}
		}
		if kind == "image/jpeg" {
			if c, _, err := image.DecodeConfig(strings.NewReader(body)); err != nil || c.Height <= c.Width {
				t.Errorf("%s is %d × %d, %v: it stands upright", address, c.Width, c.Height, err)
			}
		}
	}
	if !kinds["image/webp"] || !kinds["image/jpeg"] || len(list) < 4 {
		t.Errorf("the page offers %q", list)
	}
}
