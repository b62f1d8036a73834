// Command firstview looks at pages as somebody does who was never here, over three kinds of line, with
// the fonts asked for in the page's head and without, and prints when there is something to read and
// whether it is in the paper's own letters: docs/decisions/0322-fonts-are-preloaded.md.
//
//	go run ./cmd/depesche demo --addr 127.0.0.1:8090
//	go run ./tools/firstview http://127.0.0.1:8090/de/1 http://127.0.0.1:8090/uk/1
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// visits is how often each page is looked at; medians are told.
const visits = 9

// line is a connection: bits each second, milliseconds to and fro, and how much slower the device is
// than this machine.
type line struct {
	name    string
	bits    float64
	latency float64
	slower  float64
}

var lines = []line{{"Slow 4G", 1.6e6, 150, 4}, {"Fast 4G", 9e6, 60, 4}, {"Wi-Fi", 30e6, 20, 1}}

var preload = regexp.MustCompile(`<link rel="preload"[^>]*>\n`)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "firstview: name addresses of pages")
		os.Exit(2)
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "firstview:", err)
		os.Exit(1)
	}
}

func run(addresses []string) error {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return err
	}
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.Flag("headless", "new"), chromedp.Flag("disable-gpu", true))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	if err := chromedp.Do(ctx); err != nil {
		return err
	}
	fmt.Println("| page | line | fonts | first text | largest | own letters |\n| --- | --- | --- | --- | --- | --- |")
	for _, address := range addresses {
		at, err := url.Parse(address)
		if err != nil {
			return err
		}
		for _, fonts := range []string{"preloaded", "found in the sheet"} {
			front := httptest.NewServer(between(at, fonts == "preloaded"))
			for _, l := range lines {
				if err := look(ctx, front.URL+at.RequestURI(), at.Path, fonts, l); err != nil {
					front.Close()
					return err
				}
			}
			front.Close()
		}
	}
	return nil
}

// between stands before the paper, and takes the preloads out of its pages.
func between(at *url.URL, with bool) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: at.Scheme, Host: at.Host})
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(res *http.Response) error {
			if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
				return nil
			}
			html, err := io.ReadAll(res.Body)
			if err != nil {
				return err
			}
			if !with {
				html = preload.ReplaceAll(html, nil)
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			if _, err := z.Write(html); err != nil {
				return err
			}
			if err := z.Close(); err != nil {
				return err
			}
			res.Body = io.NopCloser(&b)
			res.Header.Set("Content-Encoding", "gzip")
			res.Header.Set("Content-Length", strconv.Itoa(b.Len()))
			return nil
		},
	}
}

// figures is what one visit found.
type figures struct {
	First   float64 `json:"first"`
	Largest float64 `json:"largest"`
	Own     bool    `json:"own"`
}

// watch notes the largest text or picture while the page comes.
const watch = `new PerformanceObserver(l => { for (const e of l.getEntries()) window.largest = e.startTime }).observe({type: "largest-contentful-paint", buffered: true})`

// seen tells the times, and whether the headline is as wide as in the paper's letters.
const seen = `(() => {
	const wide = family => { const e = document.createElement("span"); e.style.cssText = "position:absolute;white-space:nowrap;font:640 34px " + family;
		e.textContent = document.querySelector("h1").textContent; document.body.append(e); const w = e.getBoundingClientRect().width; e.remove(); return w };
	return {first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0, largest: window.largest ?? 0, own: Math.abs(wide("Piazzolla,PF") - wide("PF")) > 0.5};
})()`

func look(parent context.Context, address, path, fonts string, l line) error {
	var first, largest []float64
	own := 0
	for range visits {
		f, err := visit(parent, address, l)
		if err != nil {
			return fmt.Errorf("%s over %s: %w", address, l.name, err)
		}
		first, largest = append(first, f.First), append(largest, f.Largest)
		if f.Own {
			own++
		}
	}
	fmt.Printf("| %s | %s | %s | %.0f ms | %.0f ms | %d of %d |\n", path, l.name, fonts, median(first), median(largest), own, visits)
	return nil
}

func visit(parent context.Context, address string, l line) (figures, error) {
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	defer stop()
	if err := chromedp.Do(ctx); err != nil {
		return figures{}, err
	}
	ctx, end := context.WithTimeout(ctx, time.Minute)
	defer end()
	err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		rules := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Latency: l.latency, DownloadThroughput: l.bits / 8, UploadThroughput: l.bits / 8}}}
		if _, err := cdp.Call(ctx, target, network.EmulateNetworkConditionsByRule, rules); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: l.slower})
		return err
	}))
	if err != nil {
		return figures{}, err
	}
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error { return atStart(ctx, target, watch) }), chromedp.Navigate(address)); err != nil {
		return figures{}, err
	}
	for {
		done, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && document.fonts.status === "loaded" && window.largest > 0`))
		if err != nil {
			return figures{}, err
		}
		if done {
			return chromedp.Run(ctx, chromedp.Evaluate[figures](seen))
		}
		select {
		case <-ctx.Done():
			return figures{}, errors.New("the page doesn't come")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

func atStart(ctx context.Context, target *chromedp.Target, source string) error {
	_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
	return err
}
