package drawing

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depesche/internal/problem"
)

func svg(inner string) string {
	return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 120 64">` + inner + `</svg>`
}

func TestClean(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"shapes", svg(`<g id="a" transform="translate(1 2) rotate(-7)"><path d="M0 0H10v-1.5e2Z" class="p q"/><rect x="0" width="10" height="1" fill="#fff"/></g>`),
			`<g id="a" transform="translate(1 2) rotate(-7)"><path d="M0 0H10v-1.5e2Z" class="p q"/><rect x="0" width="10" height="1" fill="#fff"/></g>`},
		{"styles", svg("<style>\n.p, .q > g {fill: #fff; stroke-width:2} /* note */ @media (prefers-color-scheme: dark) { .p{fill:rgb(0,0,0)} }</style>"),
			`<style>.p,.q &gt; g{fill:#fff;stroke-width:2}@media(prefers-color-scheme:dark){.p{fill:rgb(0,0,0)}}</style>`},
		{"local references", svg(`<defs><circle id="c" r="1"/><linearGradient id="l"><stop offset="0" stop-color="red"/></linearGradient></defs><use xlink:href="#c"/><rect fill="url(#l)" clip-path="url(#x)"/>`),
			`<defs><circle id="c" r="1"/><linearGradient id="l"><stop offset="0" stop-color="red"/></linearGradient></defs><use href="#c"/><rect fill="url(#l)" clip-path="url(#x)"/>`},
		{"words for people", svg(`<title>A &lt;b&gt; "c"</title><text x="1 2" font-size="12">Jan <tspan>2024</tspan> end</text>`),
			`<title>A &lt;b&gt; &quot;c&quot;</title><text x="1 2" font-size="12">Jan <tspan>2024</tspan> end</text>`},
		{"programs' notes", `<?xml version="1.0"?><!-- made by me -->` + strings.Replace(svg(`<metadata><x/></metadata><ink:view xmlns:ink="http://www.inkscape.org/x"><script/></ink:view><g ink:label="x" xmlns:ink="http://www.inkscape.org/x" style="fill:none;-inkscape-stroke:none" data-x="1"/>`), "<svg", `<svg version="1.1"`, 1),
			`<g style="fill:none"/>`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, err := Clean([]byte(tc.in))
			if err != nil {
				t.Fatal(err)
			}
			want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 64" width="120" height="64">` + tc.want + `</svg>`
			if string(d.SVG) != want {
				t.Errorf("got  %s\nwant %s", d.SVG, want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, inner := range []string{
		`<script>alert(1)</script>`, `<script xlink:href="x.js"/>`, `<SCRIPT/>`,
		`<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>1</script></body></foreignObject>`,
		`<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>`,
		`<script xmlns="">alert(1)</script>`,
		`<image href="https://evil.example/x.png"/>`, `<image href="data:image/png;base64,AAAA"/>`, `<feImage/>`, `<filter id="f"/>`, `<iframe/>`,
		`<a href="javascript:alert(1)"><rect/></a>`, `<a href="#x"/>`, `<video/>`, `<audio/>`,
		`<animate attributeName="href" to="javascript:alert(1)"/>`, `<set attributeName="onload" to="x"/>`, `<animateTransform/>`, `<handler/>`,
		`<rect onclick="alert(1)"/>`, `<rect onload="alert(1)"/>`, `<rect ONLOAD="x"/>`, `<g onbegin="x"/>`,
		`<use href="https://evil.example/x.svg#a"/>`, `<use href="other.svg#a"/>`, `<use xlink:href="data:image/svg+xml,x#a"/>`, `<use href="//x#a"/>`, `<use href=""/>`,
		`<rect href="#a"/>`, `<rect fill="url(https://evil.example/)"/>`, `<rect fill="url('#a')"/>`, `<rect fill="URL(//x)"/>`, `<rect fill="url(#a) url(http://x)"/>`,
		`<rect fill="expression(alert(1))"/>`, `<rect style="background:url(//x)"/>`, `<rect style="fill:url(//x)"/>`, `<rect style="behavior:url(x)"/>`, `<rect style="fill:red}@import 'x'"/>`,
		`<rect style="f\69ll:red"/>`, `<rect style="position:fixed"/>`, `<rect style="fill:var(--x)"/>`,
		`<style>@import url(//x);</style>`, `<style>@font-face{font-family:x;src:url(//x)}</style>`, `<style>.a{fill:url(//x)}</style>`, `<style>.a{fill:red</style>`,
		`<style>*{fill:red}</style>`, `<style>.a[href]{fill:red}</style>`, `<style>.a{}}.b{}</style>`, `<style>@media print{.a{fill:red}}</style>`, `<style>@media(prefers-color-scheme:dark){@media(prefers-color-scheme:dark){.a{fill:red}}}</style>`,
		`<style><![CDATA[</style><script>alert(1)</script>]]></style>`, `<style>.a{fill:\75rl(//x)}</style>`, `<style>.a{content:"x"}</style>`, `<style>a{fill:red}@keyframes x{}</style>`,
		`<path d="M0 0 url(x)"/>`, `<rect width="calc(1px)"/>`, `<rect id="a b"/>`, `<rect transform="translate(1) url(x)"/>`, `<rect unknown="1"/>`,
	} {
		if d, err := Clean([]byte(svg(inner))); err == nil {
			t.Errorf("%s became %s", inner, d.SVG)
		} else if !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", inner, err)
		}
	}
	for name, file := range map[string]string{
		"nothing":        "",
		"HTML":           "<html><body/></html>",
		"no namespace":   `<svg viewBox="0 0 1 1"/>`,
		"no size":        `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"no end":         `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g>`,
		"infinite":       `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e999 9"/>`,
		"huge":           `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30000 9"/>`,
		"two":            svg("") + svg(""),
		"entities":       `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + svg(`<title>&b;</title>`),
		"outside entity": `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + svg(`<title>&a;</title>`),
		"other encoding": `<?xml version="1.0" encoding="utf-7"?>` + svg(""),
		"deep":           svg(strings.Repeat("<g>", 5000) + strings.Repeat("</g>", 5000)),
		"itself":         svg(`<g id="a"><use href="#a"/></g>`),
		"each other":     svg(`<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>`),
		"in a circle":    svg(`<mask id="m"><rect mask="url(#m)"/></mask>`),
		"large":          svg(strings.Repeat(`<rect width="1"/>`, MaxBytes/10)),
		"same ID":        svg(`<g id="a"/><g id="a"/>`),
	} {
		if d, err := Clean([]byte(file)); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %.80s, %v", name, d.SVG, err)
		}
	}
}

// A billion laughs with <use>: each of ten groups shows the one before ten times.
func TestBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<g id="g0"><rect/></g>`)
	for i := 1; i < 10; i++ {
		b.WriteString(`<g id="g` + string(rune('0'+i)) + `">` + strings.Repeat(`<use href="#g`+string(rune('0'+i-1))+`"/>`, 10) + `</g>`)
	}
	_, err := Clean([]byte(svg(b.String())))
	var p *problem.Error
	if !errors.As(err, &p) || p.Key != "problem.picture_bomb" {
		t.Error(err)
	}
}

func TestHouseDrawings(t *testing.T) {
	files, err := filepath.Glob("../../demo/content/pictures/*.svg")
	if err != nil || len(files) == 0 {
		t.Skip("no drawings of the demo")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Clean(data)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		if d.Width != 1200 || len(d.SVG) < len(data)*9/10 {
			t.Errorf("%s: %d wide, %d of %d bytes", filepath.Base(file), d.Width, len(d.SVG), len(data))
		}
	}
}

// Whatever comes out is XML of known elements, goes through again unchanged, and leads nowhere.
func FuzzClean(f *testing.F) {
	f.Add(svg(`<g id="a" style="fill:red"><use href="#b"/><path d="M0 0"/></g><style>.a{fill:url(#x)}</style>`))
	f.Add(svg(`<text>a<tspan>b</tspan></text><title>&lt;script&gt;</title>`))
	f.Add(svg(`<style>@media(prefers-color-scheme:dark){.p{fill:#fff}}</style>`))
	f.Fuzz(func(t *testing.T, in string) {
		d, err := Clean([]byte(in))
		if err != nil {
			return
		}
		again, err := Clean(d.SVG)
		if err != nil || string(again.SVG) != string(d.SVG) {
			t.Fatalf("not stable: %q\nthen %q, %v", d.SVG, again.SVG, err)
		}
		x := xml.NewDecoder(strings.NewReader(string(d.SVG)))
		for {
			token, err := x.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("%v in %q", err, d.SVG)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if !elements[e.Name.Local] || e.Name.Space != nsSVG {
				t.Fatalf("<%s> in %q", e.Name.Local, d.SVG)
			}
			for _, a := range e.Attr {
				low := strings.ToLower(a.Value)
				if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") ||
					formOf[a.Name.Local] != formAny && (strings.Contains(low, "javascript") && strings.Contains(low, ":") || strings.Contains(low, "//")) && a.Name.Local != "xmlns" {
					t.Fatalf("%s=%q in %q", a.Name.Local, a.Value, d.SVG)
				}
			}
		}
	})
}
