//go:build browser

package journey

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hostile are texts that break into pages that don't take care, each for another place in them.
var hostile = struct{ headline, lead, text, source, alt, credit, topic, author, correction, reason string }{
	headline:   `</title><script>pwned(1)</script>"><img src=x onerror=pwned(2)>`,
	lead:       `${7*7} </script><svg onload=pwned(3)> javascript:pwned(4)`,
	text:       `--><iframe srcdoc="<script>parent.pwned(5)</script>"></iframe> ]]> &lt;b&gt;`,
	source:     `"><script src=//böse.example/x.js></script>`,
	alt:        `" onload="pwned(6)" x="`,
	credit:     `'><style>body{display:none}</style>`,
	topic:      `<marquee>пастка</marquee>`,
	author:     `Bobby "); DROP TABLE edition;--`,
	correction: `</script><script>pwned(7)</script> %00 \u0000 \\`,
	reason:     `<a href="javascript:pwned(8)">warum</a>`,
}

// TestHostileTexts writes them everywhere and reads them everywhere: they are text.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	trap := func(p *tab) { p.atStart(`window.pwned = n => console.error("code ran: " + n)`) }
	trap(p)
	p.open("/desk/authors/new")
	p.fill("name.de", hostile.author)
	p.send()
	id := p.newStory("de", hostile.headline)
	p.caret("[data-kind=lead]", -1)
	p.insert(hostile.lead)
	p.keys(kb.Enter)
	p.insert(hostile.text)
	p.mark("#tools button", "Picture")
	p.click(`#tools [data-test-mark]`)
	p.until(exists(`dialog[open] input[type=file]`))
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`dialog[open] input[type=file]`), []string{onDisk(t, `"><img src=x onerror=pwned(9)>.jpg`, photo(t, 400, 300))}))
	p.until(exists(`.ProseMirror figure img`))
	p.run(`document.querySelector(".ProseMirror figure input").focus()`)
	p.insert(hostile.alt)
	p.keys(kb.Tab)
	p.insert(hostile.credit)
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	if e := n.edition(id); e.Headline != hostile.headline || e.Doc.Blocks[0].Text.Plain() != hostile.text {
		t.Errorf("the texts were changed: %q, %q", e.Headline, e.Doc.Blocks[0].Text.Plain())
	}
	p.follow(`.panel a[href*="/sources/new"]`)
	p.fill("name", hostile.source)
	p.fill("url", "https://quelle.example/?a=1&b=%22%3E")
	p.fill("claim.de", hostile.text)
	p.send()
	p.follow(`.panel .tabs a:not([aria-current])`)
	p.chooseWord("section", "City")
	p.tickWord("authors", hostile.author)
	p.fill("new_topics", strings.ReplaceAll(hostile.topic, ";", " "))
	p.send()
	p.follow(`header.bar .primary`)
	p.overrideAll(hostile.reason)
	p.send()
	p.shows("Published")

	p.open("/desk/editions/" + string(id))
	p.writes()
	p.caret(".ProseMirror > p", -1)
	p.keys(" Neu.")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	p.open("/desk/stories/1/release?act=correct")
	p.fill("text."+string(id), hostile.correction)
	p.overrideAll(hostile.reason)
	p.send()
	p.shows("The correction is out")
	for _, path := range []string{"/desk/", "/desk/stories", "/desk/stories/1", "/desk/pictures", "/desk/topics", "/desk/authors", "/desk/editions/" + string(id) + "/revisions", "/desk/editions/" + string(id) + "/preview", "/desk/editions/" + string(id)} {
		if status := p.open(path); status != http.StatusOK {
			t.Errorf("%s answers %d", path, status)
		}
		p.until(`document.readyState === "complete"`)
	}

	reader := n.visitor()
	trap(reader)
	all := n.pages("de")
	if len(all["article"]) != 1 || len(all["author"]) == 0 || len(all["topic"]) == 0 || len(all["corrections"]) == 0 {
		t.Errorf("readers find %v", all)
	}
	for kind, list := range all {
		for _, address := range list {
			if status := reader.open(address); status != http.StatusOK {
				t.Errorf("%s answers %d", address, status)
			}
			reader.until(`document.readyState === "complete"`)
			reader.equal(`getComputedStyle(document.body).display !== "none"`, "true")
			if kind == "article" {
				reader.equal(`document.querySelector("h1").textContent.trim()`, hostile.headline)
				reader.shows(hostile.correction)
				reader.shows(hostile.source)
			}
			reader.equal(`document.querySelectorAll("iframe, marquee, [onload], [onerror], a[href^='javascript:']").length`, "0")
		}
	}
	for _, feed := range []string{"rss", "atom", "json"} {
		n.becomes("/de/feed."+feed, "pwned", true)
		if kind := n.parses("/de/feed." + feed); kind != "" {
			t.Errorf("feed.%s: %s", feed, kind)
		}
	}
	if kind := n.parses("/sitemap-news.xml"); kind != "" {
		t.Errorf("news sitemap: %s", kind)
	}
}

// parses says what keeps a program from reading what stands at an address, or "".
func (n *newsroom) parses(path string) string {
	n.t.Helper()
	body := n.page(path)
	var err error
	if strings.HasSuffix(path, ".json") {
		err = wholeJSON(body)
	} else {
		err = wholeXML(body)
	}
	if err != nil {
		return fmt.Sprintf("%v\n%s", err, body)
	}
	return ""
}

func wholeJSON(body string) error {
	var v any
	return json.Unmarshal([]byte(body), &v)
}

func wholeXML(body string) error {
	for d := xml.NewDecoder(strings.NewReader(body)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
