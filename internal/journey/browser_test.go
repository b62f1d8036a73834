//go:build browser

package journey

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is the one Chromium of the package; each person gets a context of its own in it, which is
// as good as a browser of their own.
var browser context.Context

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	path := os.Getenv("DEPESCHE_CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); path == "" && err == nil {
			path = found
		}
	}
	if path == "" {
		fmt.Println("NOT RUN: no Chromium on the path and none in DEPESCHE_CHROMIUM")
		return 0
	}
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.WindowSize(1440, 974),
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("lang", "en-US"), chromedp.Flag("accept-lang", "en-US"),
	)
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Println("Chromium does not start:", err)
		return 1
	}
	browser = ctx
	defer afterAll()
	return m.Run()
}

// afterAll ends what tests left standing for each other.
var afterAll = func() {}

// tab is one page of a person's browser, and what a journey does with it.
type tab struct {
	t    *testing.T
	ctx  context.Context
	url  string // of the newsroom
	stop context.CancelFunc

	mu sync.Mutex
	// wrong is what must not happen on any page: errors of scripts, breaches of the policy, pages of
	// other houses, answers that nobody expected.
	wrong   []string
	pardons []string
	asked   []string // all addresses that the page asked for
}

// patience is how long anything may take on a machine that has other things to do as well.
const patience = 30 * time.Second

// person opens a browser that has never been here.
func person(t *testing.T, base string) *tab {
	t.Helper()
	return newTab(t, base, browser, chromedp.WithNewBrowserContext())
}

// another opens a further tab for the same person. The first must stay open.
func (p *tab) another() *tab {
	p.t.Helper()
	return newTab(p.t, p.url, p.ctx)
}

func newTab(t *testing.T, base string, parent context.Context, opts ...chromedp.ContextOption) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(parent, opts...)
	p := &tab{t: t, ctx: ctx, url: base, stop: stop}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		stop()
		t.Fatal(err)
	}
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	t.Cleanup(func() { p.end() })
	return p
}

// end closes the tab and says what was wrong on it.
func (p *tab) end() {
	p.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.wrong {
		if !slices.ContainsFunc(p.pardons, func(s string) bool { return strings.Contains(w, s) }) {
			p.t.Errorf("in the browser: %s", w)
		}
	}
	p.wrong = nil
}

// pardon lets something pass that a journey brings about on purpose.
func (p *tab) pardon(what ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pardons = append(p.pardons, what...)
}

// hear runs in the loop that reads the browser's messages.
func (p *tab) hear(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		p.wrong = append(p.wrong, "script: "+text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			p.wrong = append(p.wrong, fmt.Sprintf("console: %s", e.Args[0].Value))
		}
	case *log.EventEntryAdded:
		// A page's stream breaks off with the house that it comes from, and comes again by itself.
		if e.Entry.Level == log.EntryLevelError && !(strings.Contains(e.Entry.URL, "/desk/events") && strings.Contains(e.Entry.Text, "net::ERR_")) {
			p.wrong = append(p.wrong, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		p.asked = append(p.asked, e.Request.URL)
		if u, err := url.Parse(e.Request.URL); err == nil && (u.Scheme == "http" || u.Scheme == "https") && "http://"+u.Host != p.url {
			p.wrong = append(p.wrong, "asked another house: "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 500 {
			p.wrong = append(p.wrong, fmt.Sprintf("status %d: %s", e.Response.Status, e.Response.URL))
		}
	}
}

// refusals are the answers to forms that a journey fills in wrongly on purpose; the browser logs
// them as errors.
var refusals = []string{"status of 403", "status of 409", "status of 410", "status of 422"}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(p.ctx); err != nil { // opens the tab with a context that outlives the step
		p.t.Fatal(err)
	}
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v\n%s", err, p.where())
	}
}

// where says what is to be seen, for those who read a failed test.
func (p *tab) where() string {
	text := p.js(`document.body?.innerText.slice(0, 4000)`)
	return fmt.Sprintf("at %s\n%s", p.js(`location.href`), text)
}

// open leads to an address of the newsroom and returns the answer's status.
func (p *tab) open(path string) int {
	p.t.Helper()
	return p.goes(chromedp.Navigate(p.url + path))
}

// goes does something that leads to another page, waits for that page and returns its status.
func (p *tab) goes(steps ...chromedp.Action[chromedp.Void]) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(p.ctx); err != nil {
		p.t.Fatal(err)
	}
	res, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		p.t.Fatalf("no other page came: %v\n%s", err, p.where())
	}
	if res == nil { // a page out of the browser's own cache
		return 200
	}
	return int(res.Status)
}

// follow clicks what leads to another page.
func (p *tab) follow(selector string) int {
	p.t.Helper()
	p.until(exists(selector))
	return p.goes(chromedp.Click(chromedp.CSS(selector)))
}

func (p *tab) click(selector string) {
	p.t.Helper()
	p.until(exists(selector))
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

func exists(selector string) string { return fmt.Sprintf(`document.querySelector(%q)`, selector) }

// js evaluates to a string; "" if the page is gone.
func (p *tab) js(expression string) string {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string](`String(`+expression+`)`))
	if err != nil {
		return ""
	}
	return s
}

func (p *tab) run(statements string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(() => {`+statements+`; return true})()`)); err != nil {
		p.t.Fatalf("%s: %v", statements, err)
	}
}

// until waits for something to become true on the page.
func (p *tab) until(expression string) {
	p.t.Helper()
	if !p.eventually(func() bool { return p.js(`Boolean(`+expression+`)`) == "true" }) {
		p.t.Fatalf("never became true: %s\n%s", expression, p.where())
	}
}

func (p *tab) eventually(holds func() bool) bool {
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if holds() {
			return true
		}
		select {
		case <-p.ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
	return false
}

func (p *tab) equal(expression, want string) {
	p.t.Helper()
	if got := p.js(expression); got != want {
		p.t.Errorf("%s\n got %q\nwant %q", expression, got, want)
	}
}

// seen is the page's text as people read it: a space is a space, whether lines break there or not.
const seen = `document.body?.innerText.replace(/[\u00a0\u202f]/g, " ").replaceAll("\u2060", "")`

// plain is [seen] of a text.
var plain = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "")

// shows waits for a text to stand on the page.
func (p *tab) shows(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf(seen+`?.includes(%q)`, plain.Replace(text)))
}

func (p *tab) hides(text string) {
	p.t.Helper()
	if p.js(fmt.Sprintf(seen+`.includes(%q)`, plain.Replace(text))) != "false" {
		p.t.Errorf("%q stands on the page\n%s", text, p.where())
	}
}

func (p *tab) path() string { return p.js(`location.pathname`) }

// withoutScripts switches the pages' scripts off; what the test evaluates still runs.
func (p *tab) withoutScripts() {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// conditions are what both older and newer browsers read: offline once stood beside the rules and was
// required there, now it stands in each.
type conditions struct {
	Offline                  bool                  `json:"offline"`
	MatchedNetworkConditions []*network.Conditions `json:"matchedNetworkConditions"`
}

// offline takes the browser's network away or gives it back, and tells the page so.
func (p *tab) offline(on bool) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		rules := []*network.Conditions{}
		if on {
			rules = append(rules, &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
		}
		command := cdp.Command[conditions, network.EmulateNetworkConditionsByRuleResult]{Method: network.EmulateNetworkConditionsByRule.Method}
		if _, err := cdp.Call(ctx, target, command, conditions{Offline: on, MatchedNetworkConditions: rules}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: on, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

// atStart runs a script in each page before its own.
func (p *tab) atStart(source string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
		return err
	}))
}
