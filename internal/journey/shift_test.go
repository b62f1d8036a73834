//go:build browser

package journey

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// holdFonts keeps what the page asks of fonts waiting until the returned function is called.
func (p *tab) holdFonts() (release func()) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*.woff2"}}})
		return err
	}))
	return func() {
		p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, fetch.Disable, cdp.Empty{})
			return err
		}))
	}
}

// setOut leads to an address and doesn't wait for its page, which is not done before its fonts are there.
func (p *tab) setOut(path string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.Navigate, page.NavigateParams{URL: p.url + path})
		return err
	}))
}

// comesStill opens a page with its fonts held back until it has been read for a while, as on a bad
// connection, and wants that nothing moves when they arrive.
func (n *newsroom) comesStill(address string, width int64) {
	n.t.Helper()
	p := n.visitor()
	defer p.end()
	p.atStart(shiftWatch)
	p.width(width)
	release := p.holdFonts()
	p.setOut(address)
	p.until(`location.pathname.startsWith("/` + strings.Split(address, "/")[1] + `/") && performance.getEntriesByName("first-contentful-paint").length > 0 && performance.now() > 700`)
	release()
	p.until(`document.readyState === "complete" && document.fonts.status === "loaded" && performance.getEntriesByType("resource").some(r => r.name.endsWith(".woff2") && r.responseEnd > 700)`)
	p.settle()
	moved, err := strconv.ParseFloat(p.js(`jumped`), 64)
	if err != nil || moved > 0.001 {
		n.t.Errorf("%s at %d moves by %.4f when its fonts come (%v)", address, width, moved, err)
	} else {
		n.t.Logf("%.4f %s at %d", moved, address, width)
	}
}

// nothingMoves looks at the story that is there in all languages, and at the fronts.
func nothingMoves(t *testing.T, n *newsroom) {
	for _, l := range []string{"de", "uk", "fr", "en"} {
		status, _, head := n.get("/" + l + "/1")
		article := strings.TrimPrefix(head.Get("Location"), n.url)
		if status != http.StatusMovedPermanently || article == "" {
			t.Fatalf("the demo's first story in %s: %d", l, status)
		}
		for _, w := range []int64{390, 1280} {
			n.comesStill(article, w)
			n.comesStill(fmt.Sprintf("/%s/", l), w)
		}
	}
}
