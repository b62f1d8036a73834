package drawing

import (
	"errors"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	red   = "ff0000"
	blue  = "0000ff"
	white = "ffffff"
	black = "000000"
)

// Each drawing is 120 by 64 and painted at its size; want has colours by place.
func TestPaint(t *testing.T) {
	for name, tc := range map[string]struct {
		in   string
		want map[[2]int]string
	}{
		"ground":       {``, map[[2]int]string{{0, 0}: white, {119, 63}: white}},
		"default fill": {`<rect width="20" height="20"/>`, map[[2]int]string{{10, 10}: black, {25, 10}: white}},
		"light theme": {
			`<style>.a{fill:red}@media(prefers-color-scheme:dark){.a{fill:lime}}@media(prefers-color-scheme:light){.b{fill:#00f}}</style><rect class="a" width="20" height="20"/><rect class="a b" x="40" width="20" height="20"/>`,
			map[[2]int]string{{10, 10}: red, {50, 10}: blue},
		},
		"the stronger rule": {
			`<style>#x{fill:red}rect.a{fill:#00f}.a{fill:lime}g > .c{fill:red}g .c{stroke:none}</style><rect id="x" class="a" fill="black" width="20" height="20"/><rect class="a" x="40" width="20" height="20"/><g><rect class="c" x="80" width="20" height="20"/></g><rect class="a" style="fill:red" x="100" width="20" height="20"/>`,
			map[[2]int]string{{10, 10}: red, {50, 10}: blue, {90, 10}: red, {110, 10}: red},
		},
		"inherited":  {`<g fill="red"><rect width="20" height="20"/><rect x="40" width="20" height="20" fill="currentColor" color="#00f"/></g>`, map[[2]int]string{{10, 10}: red, {50, 10}: blue}},
		"not drawn":  {`<defs><rect width="20" height="20"/></defs><rect display="none" width="20" height="20"/><rect visibility="hidden" width="20" height="20"/><rect fill="none" width="20" height="20"/>`, map[[2]int]string{{10, 10}: white}},
		"turned":     {`<g transform="translate(60 30) rotate(90)"><g transform="scale(2)"><path d="M0 0h10v5h-10z" fill="red"/></g></g>`, map[[2]int]string{{55, 40}: red, {65, 40}: white, {55, 52}: white}},
		"stroke":     {`<g transform="scale(2)"><path d="M5 5H50" stroke="red" stroke-width="4" fill="none"/></g>`, map[[2]int]string{{50, 7}: red, {50, 13}: red, {50, 16}: white, {8, 10}: white}},
		"caps":       {`<path d="M20 20H60" stroke="red" stroke-width="20" stroke-linecap="square"/>`, map[[2]int]string{{12, 13}: red, {8, 20}: white}},
		"dashes":     {`<path d="M0 10H100" stroke="red" stroke-width="10" stroke-dasharray="20 20"/>`, map[[2]int]string{{10, 10}: red, {30, 10}: white, {50, 10}: red}},
		"round rect": {`<rect width="40" height="40" rx="20" fill="red"/>`, map[[2]int]string{{20, 20}: red, {2, 2}: white, {38, 38}: white, {20, 1}: red, {1, 20}: red}},
		"circles":    {`<circle cx="20" cy="20" r="15" fill="red"/><ellipse cx="80" cy="20" rx="30" ry="10" fill="#00f"/>`, map[[2]int]string{{20, 6}: red, {7, 7}: white, {55, 20}: blue, {80, 33}: white}},
		"arcs":       {`<path d="M10 32a20 20 0 0140 0z" fill="red"/><path d="M70 32A20 20 0 1 0 110 32z" fill="#00f"/>`, map[[2]int]string{{30, 15}: red, {30, 40}: white, {90, 50}: blue, {90, 25}: white}},
		"curves":     {`<path d="M0 64Q60-64 120 64z" fill="red"/>`, map[[2]int]string{{60, 10}: red, {10, 10}: white}},
		"polygons":   {`<polygon points="0,0 40,0 0,40" fill="red"/><polyline points="60 0 100 0 60 40" fill="#00f"/><line x1="0" y1="60" x2="120" y2="60" stroke="black" stroke-width="4"/>`, map[[2]int]string{{10, 10}: red, {30, 30}: white, {65, 10}: blue, {60, 60}: black}},
		"again":      {`<defs><rect id="r" width="10" height="10"/></defs><use href="#r" x="20" fill="red"/><use href="#r" transform="translate(40 0)" fill="#00f"/><use href="#none"/>`, map[[2]int]string{{25, 5}: red, {45, 5}: blue, {5, 5}: white}},
		"see-through": {
			`<rect width="20" height="20" fill="red" fill-opacity=".5"/><g opacity="0.5"><rect x="40" width="20" height="20"/><rect x="40" width="20" height="20"/></g><rect x="80" width="20" height="20" fill="rgba(255,0,0,50%)"/>`,
			map[[2]int]string{{10, 10}: "ff7f7f", {50, 10}: "7f7f7f", {90, 10}: "ff7f7f"},
		},
		"gradient": {
			`<linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="#00f"/></linearGradient><rect width="120" height="30" fill="url(#g)"/><radialGradient id="r" gradientUnits="userSpaceOnUse" cx="60" cy="50" r="10"><stop offset="50%" stop-color="#00f"/><stop offset="50%" stop-color="red"/></radialGradient><rect y="34" width="120" height="30" fill="url(#r)"/>`,
			map[[2]int]string{{0, 5}: "fe0001", {60, 5}: "7e0081", {119, 5}: "0100fe", {60, 50}: blue, {80, 50}: red},
		},
		"percentages": {`<rect width="50%" height="100%" fill="red"/>`, map[[2]int]string{{55, 60}: red, {65, 60}: white}},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Clean([]byte(svg(tc.in)))
			if err != nil {
				t.Fatal(err)
			}
			img, err := Paint(d.SVG, 120, 64)
			if err != nil {
				t.Fatal(err)
			}
			for at, want := range tc.want {
				if got := hexOf(img.NRGBAAt(at[0], at[1])); got != want {
					t.Errorf("at %v: %s, want %s", at, got, want)
				}
			}
		})
	}
}

func hexOf(c color.NRGBA) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, v := range []uint8{c.R, c.G, c.B} {
		b.WriteByte(digits[v>>4])
		b.WriteByte(digits[v&15])
	}
	return b.String()
}

// What can't be painted as browsers do isn't painted at all.
func TestUnpainted(t *testing.T) {
	for _, in := range []string{
		`<text>Wort</text>`, `<clipPath id="c"/><rect clip-path="url(#c)"/>`, `<mask id="m"/><g mask="url(#m)"/>`, `<svg/>`,
		`<rect style="mix-blend-mode:multiply" width="1" height="1"/>`, `<symbol id="s"/><use href="#s"/>`,
		`<path fill-rule="evenodd" d="M0 0h9v9zM1 1h2v2z"/>`, `<path d="M0 0 5"/>`, `<path d="L1 1"/>`, `<rect width="1em" height="1"/>`,
		`<rect fill="hsl(1,2%,3%)" width="1" height="1"/>`, `<rect transform="rotate(1 2)" width="1" height="1"/>`,
		`<path stroke="red" stroke-dasharray=".0001" d="M0 0h100"/>`,
	} {
		d, err := Clean([]byte(svg(in)))
		if err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		if _, err := Paint(d.SVG, 120, 64); !errors.Is(err, ErrUnpainted) {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// A drawing that would take minutes is given up: each of these could be painted, given the time. That a
// twentieth of what one drawing may take ends them shows it sooner.
func TestTooMuchToPaint(t *testing.T) {
	for name, in := range map[string]string{
		"pixels": strings.Repeat(`<rect width="120" height="64"/>`, 29_000),
		"edges":  `<path d="M0 0` + strings.Repeat("V9e9V-9e9", 40_000) + `"/>`,
		"sheets": strings.Repeat(`<g opacity=".5"><rect width="1" height="1"/></g>`, 10_000),
		"dashes": `<g stroke="red" stroke-dasharray=".1">` + strings.Repeat(`<path d="M-9e4 0H9e4"/>`, 9000) + `</g>`,
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Clean([]byte(svg(in)))
			if err != nil {
				t.Fatal(err)
			}
			if _, err = paint(d.SVG, 1200, 640, work{mostPixels / 20, mostRows / 20}); !errors.Is(err, ErrUnpainted) || !errors.Is(err, errTooMuch) {
				t.Error(err)
			}
			if name != "edges" { // whose counting takes less than the others' painting
				return
			}
			if _, err = Paint(d.SVG, 1200, 640); !errors.Is(err, ErrUnpainted) {
				t.Error(err)
			}
		})
	}
}

// The drawings of the house can all be painted.
func TestHousesDrawings(t *testing.T) {
	files, err := filepath.Glob("../../demo/content/pictures/*.svg")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Clean(data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Paint(d.SVG, 300, 160); err != nil {
			t.Errorf("%s: %v", filepath.Base(f), err)
		}
	}
}

// Whatever Clean lets through, Paint takes or leaves.
func FuzzPaint(f *testing.F) {
	for _, s := range []string{
		`<path d="M0 0a1 1 0 01.5.5t3 3S1 1 2 2" stroke="red" stroke-dasharray="1 2 3"/>`, `<rect width="9" height="9" fill="url(#a)"/><linearGradient id="a"/>`,
		`<style>g > .a#b,rect{fill:red}</style><g opacity=".2"><use href="#b"/></g>`, `<path d="M1e300 0L-1e300 0Z0 0" stroke="red"/>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		d, err := Clean([]byte(svg(in)))
		if err != nil {
			return
		}
		img, err := Paint(d.SVG, 60, 32)
		if (err == nil) != (img != nil) || err != nil && !errors.Is(err, ErrUnpainted) {
			t.Error(err)
		}
	})
}
