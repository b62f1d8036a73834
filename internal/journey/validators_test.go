//go:build browser && validators

package journey

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/journey/site"
)

// The validators are other people's programs: the Nu HTML checker, axe, Lighthouse, the schemas of
// sitemaps, the vocabulary of schema.org. `make check-slow` brings them and names their folder.

// tool is the path of a file among the validators.
func tool(t *testing.T, path ...string) string {
	t.Helper()
	dir := os.Getenv("DEPESCHE_VALIDATORS")
	if dir == "" {
		t.Fatal("DEPESCHE_VALIDATORS names no folder; run make check-slow")
	}
	return filepath.Join(append([]string{dir}, path...)...)
}

// paper is the one newsroom that all validators look at.
var paper struct {
	once   sync.Once
	room   *newsroom
	pages  map[string]*site.Answer // of readers
	desk   map[string]*site.Answer
	failed bool
}

func validated(t *testing.T) *newsroom {
	t.Helper()
	paper.once.Do(func() {
		paper.failed = true
		dir, err := os.MkdirTemp("", "depesche-validators-")
		if err != nil {
			t.Fatal(err)
		}
		lasting = append(lasting, func() { _ = os.RemoveAll(dir) })
		cfg := config.Default(dir)
		n := &newsroom{t: t, cfg: cfg, build: func(cfg config.Config, log *slog.Logger) (*app.App, error) {
			return site.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
		}}
		n.cfg.Addr, n.cfg.LogLevel = "127.0.0.1:0", "warn"
		n.start()
		lasting = append(lasting, n.end)
		paper.room = n
		paper.pages = site.Crawl(n.app.Handler(), n.url)
		for _, path := range []string{"/de/99999/nirgendwo", "/uk/nichoho/", "/ar/99999/la-shay", "/nowhere"} {
			a := site.Ask(n.app.Handler(), n.url, path)
			a.Path = path
			paper.pages[path] = a
		}
		paper.desk = n.crawlDesk(t)
		paper.failed = false
	})
	if paper.failed {
		t.Fatal("the paper didn't open")
	}
	here := *paper.room
	here.t = t
	return &here
}

// perShape is how many desk screens of one kind are looked at.
const perShape = 3

// crawlDesk follows the links of the desk as the one who sees most.
func (n *newsroom) crawlDesk(t *testing.T) map[string]*site.Answer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: patience}
	out := map[string]*site.Answer{}
	ask := func(method, path string, form url.Values) *site.Answer {
		req, err := http.NewRequestWithContext(t.Context(), method, n.url+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(res.Body); err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
		return &site.Answer{Path: path, Status: res.StatusCode, Kind: kind, Head: res.Header, Body: b.String()}
	}
	out["/desk/sign-in"] = ask(http.MethodGet, "/desk/sign-in", nil)
	out["/desk/setup"] = ask(http.MethodGet, "/desk/setup", nil)
	ask(http.MethodPost, "/desk/sign-in", url.Values{"email": {"admin@meridian.example"}, "password": {app.DemoPassword}})
	shapes := map[string]int{}
	for todo := []string{"/desk/", "/desk/menu", "/desk/nowhere"}; len(todo) > 0; todo = todo[1:] {
		path := todo[0]
		if shape := site.Shape(path); out[path] != nil || shapes[shape] == perShape {
			continue
		} else {
			shapes[shape]++
		}
		a := ask(http.MethodGet, path, nil)
		if a.Kind != "text/html" {
			continue
		}
		out[path] = a
		for node := range a.Doc().Descendants() {
			to := site.Attr(node, "href")
			if node.Data == "a" && strings.HasPrefix(to, "/desk/") {
				to, _, _ = strings.Cut(to, "#")
				todo = append(todo, to)
			}
		}
	}
	return out
}

// lasting is what ends with the package.
var lasting []func()

func init() {
	afterAll = func() {
		for _, f := range slices.Backward(lasting) {
			f()
		}
	}
}

// remark is what the Nu HTML checker says of a page.
type remark struct {
	Type, SubType, URL, Message, Extract string
	LastLine                             int
}

// TestHTML: the Nu HTML checker finds nothing in any page of the paper, nor in any screen of the desk as it
// is sent.
func TestHTML(t *testing.T) {
	validated(t)
	dir := t.TempDir()
	addresses := map[string]string{}
	for _, all := range []map[string]*site.Answer{paper.pages, paper.desk} {
		for path, a := range all {
			if a.Kind != "text/html" {
				continue
			}
			name := fmt.Sprintf("%05d.html", len(addresses))
			addresses[name] = path
			if err := os.WriteFile(filepath.Join(dir, name), []byte(a.Body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd := exec.CommandContext(t.Context(), "java", "-jar", tool(t, "node_modules", "vnu-jar", "build", "dist", "vnu.jar"), "--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html", dir)
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("the Nu HTML checker: %v\n%s", err, raw)
	}
	var said struct{ Messages []remark }
	if err := json.Unmarshal(raw, &said); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	count := map[string]int{}
	for _, m := range said.Messages {
		path := addresses[filepath.Base(m.URL)]
		if count[m.Message]++; count[m.Message] > 3 {
			continue
		}
		t.Errorf("%s:%d: %s %s\n\t%s", path, m.LastLine, m.Type, m.Message, m.Extract)
	}
	for m, n := range count {
		t.Logf("%d times: %s", n, m)
	}
	t.Logf("%d pages", len(addresses))
	if len(addresses) < 400 {
		t.Errorf("only %d pages", len(addresses))
	}
}

// oneOfEach is the largest page of each kind, for readers of one language.
func oneOfEach(lang string) []string {
	best := map[string]*site.Answer{}
	for path, a := range paper.pages {
		if a.Kind == "text/html" && (strings.HasPrefix(path, "/"+lang+"/") || lang == "de" && (path == "/" || path == "/nowhere")) {
			shape := site.Shape(path) + fmt.Sprint(a.Status)
			if b := best[shape]; b == nil || len(a.Body) > len(b.Body) || len(a.Body) == len(b.Body) && path < b.Path {
				best[shape] = a
			}
		}
	}
	var out []string
	for _, a := range best {
		out = append(out, a.Path)
	}
	slices.Sort(out)
	return out
}

// look is how a page is looked at.
type look struct {
	width  int64
	scheme string
}

// TestAxe: axe finds nothing on any kind of page, for readers or at the desk, light and dark, on a phone and
// on a wide screen.
func TestAxe(t *testing.T) {
	n := validated(t)
	source, err := os.ReadFile(tool(t, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	every := []look{{390, "light"}, {1280, "dark"}, {1280, "light"}, {390, "dark"}}
	t.Run("reader", func(t *testing.T) {
		p := person(t, n.url)
		p.atStart(string(source))
		p.pardon("status of 404", "status of 410", "status of 503")
		for _, l := range []string{"de", "ar", "uk", "en", "fr"} {
			pages := oneOfEach(l)
			if len(pages) < 7 {
				t.Errorf("only %d kinds of pages in %s", len(pages), l)
			}
			for _, path := range pages {
				looks := every
				if l == "uk" || l == "en" || l == "fr" {
					looks = every[:2]
				}
				for _, as := range looks {
					p.axe(path, as)
				}
			}
		}
	})
	t.Run("desk", func(t *testing.T) {
		here := *n
		here.t = t
		p := here.signedIn("admin@meridian.example", app.DemoPassword)
		p.atStart(string(source))
		p.pardon("status of 404", "status of 403", "status of 410")
		seen := map[string]bool{}
		var paths []string
		for path := range paper.desk {
			paths = append(paths, path)
		}
		slices.Sort(paths)
		for _, path := range paths {
			if seen[site.Shape(path)] {
				continue
			}
			seen[site.Shape(path)] = true
			for _, as := range every {
				p.axe(path, as)
			}
		}
		if len(seen) < 30 {
			t.Errorf("only %d kinds of screens", len(seen))
		}
	})
}

// axe opens the page and has it examined. The page is settled before: what moves in is examined where it
// ends. The pages in frames, two editions beside each other, are examined by themselves: together they have
// two of each landmark.
func (p *tab) axe(path string, as look) {
	p.t.Helper()
	p.width(as.width)
	p.prefers("prefers-color-scheme", as.scheme)
	p.open(path)
	p.until(`document.readyState === "complete" && document.fonts.status === "loaded" && !document.getAnimations().some(a => a.playState === "running" && a.effect?.getTiming().iterations !== Infinity)`)
	p.run(`window.examined = ""; axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], iframes: false}).then(
		r => window.examined = r.violations.map(v => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 3).map(n => "\t\t" + n.target.join(" ") + " " + n.html.slice(0, 160) + " " + (n.any[0] ?? n.all[0] ?? n.none[0])?.message).join("\n")).join("\n") || "nothing",
		e => window.examined = "axe failed: " + e)`)
	p.until(`window.examined`)
	if got := p.js(`window.examined`); got != "nothing" {
		p.t.Errorf("%s at %d, %s:\n\t%s", path, as.width, as.scheme, got)
	}
}

// tries is how often Lighthouse may look at a page. It measures time; a machine that does something else
// meanwhile makes a page slower, never quicker.
const tries = 4

// TestLighthouse: the article and the front have 100 in all four categories on a phone, and nothing on them
// moves while they come.
func TestLighthouse(t *testing.T) {
	n := validated(t)
	for _, l := range []string{"de", "uk", "ar"} {
		pages := []string{"/" + l + "/"}
		for _, path := range oneOfEach(l) {
			if site.Shape(path) == "/{lang}/{}/{}" && paper.pages[path].Status == http.StatusOK {
				pages = append(pages, path)
			}
		}
		if len(pages) != 2 {
			t.Fatalf("%s: %v", l, pages)
		}
		for _, path := range pages {
			var wrong []string
			for range tries {
				if wrong = lighthouse(t, n.url+path); len(wrong) == 0 {
					break
				}
			}
			for _, w := range wrong {
				t.Errorf("%s: %s", path, w)
			}
		}
	}
}

// lighthouse says what isn't perfect.
func lighthouse(t *testing.T, address string) []string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "report.json")
	began := time.Now()
	cmd := exec.CommandContext(t.Context(), "node", tool(t, "node_modules", "lighthouse", "cli", "index.js"), address, "--quiet", "--output=json", "--output-path="+out,
		"--only-categories=performance,accessibility,best-practices,seo",
		"--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --user-data-dir="+t.TempDir())
	cmd.Env = append(os.Environ(), "CHROME_PATH="+os.Getenv("DEPESCHE_CHROMIUM"))
	if b, err := cmd.CombinedOutput(); err != nil {
		return []string{fmt.Sprintf("Lighthouse: %v\n%s", err, b)} // its browser was too slow for it
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Version    string `json:"lighthouseVersion"`
		Categories map[string]struct {
			Score     float64
			AuditRefs []struct {
				ID     string
				Weight float64
			}
		}
		Audits map[string]struct {
			Title        string
			Score        *float64
			DisplayValue string
			NumericValue float64
			Details      json.RawMessage
		}
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	var wrong []string
	var scores []string
	for _, name := range []string{"performance", "accessibility", "best-practices", "seo"} {
		c, ok := r.Categories[name]
		scores = append(scores, fmt.Sprintf("%s %.0f", name, c.Score*100))
		if ok && c.Score == 1 {
			continue
		}
		wrong = append(wrong, fmt.Sprintf("%s %.0f", name, c.Score*100))
		for _, ref := range c.AuditRefs {
			if a := r.Audits[ref.ID]; ref.Weight > 0 && a.Score != nil && *a.Score < 1 {
				wrong = append(wrong, fmt.Sprintf("%s: %s, %s %.2f %.600s", ref.ID, a.Title, a.DisplayValue, *a.Score, a.Details))
			}
		}
	}
	if shift := r.Audits["cumulative-layout-shift"].NumericValue; shift != 0 {
		wrong = append(wrong, fmt.Sprintf("it moves by %g", shift))
	}
	t.Logf("%s: Lighthouse %s, %s, layout shift %g, %v", address, r.Version, strings.Join(scores, ", "), r.Audits["cumulative-layout-shift"].NumericValue, time.Since(began).Round(time.Second))
	return wrong
}

// TestSitemapSchemas: the sitemaps are as the protocol's own schema has them, and what they hold of other
// vocabularies as those that tools/validate writes down.
func TestSitemapSchemas(t *testing.T) {
	validated(t)
	maps := 0
	for path, a := range paper.pages {
		if !strings.HasPrefix(path, "/sitemap") {
			continue
		}
		maps++
		name := filepath.Join(t.TempDir(), "sitemap.xml")
		if err := os.WriteFile(name, []byte(a.Body), 0o600); err != nil {
			t.Fatal(err)
		}
		if b, err := exec.CommandContext(t.Context(), "xmllint", "--nonet", "--noout", "--schema", tool(t, "sitemaps.xsd"), name).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%.2000s", path, err, b)
		}
	}
	if maps < 2 {
		t.Errorf("%d sitemaps", maps)
	}
}

var shortType = regexp.MustCompile(`"@type":"schema:`)

// TestVocabulary: each thing that the pages tell machines is one of schema.org, with properties that it has
// and values that these take, as schema-dts has the vocabulary and TypeScript checks it.
func TestVocabulary(t *testing.T) {
	validated(t)
	var b strings.Builder
	b.WriteString("import type {Thing, WithContext} from \"schema-dts\";\n")
	seen := map[string]bool{}
	var names []string
	for path := range paper.pages {
		names = append(names, path)
	}
	slices.Sort(names)
	perKind := map[string]int{}
	for _, path := range names {
		a := paper.pages[path]
		if !a.HTML() {
			continue
		}
		for node := range a.Doc().Descendants() {
			if node.Data != "script" || site.Attr(node, "type") != "application/ld+json" {
				continue
			}
			text := shortType.ReplaceAllString(site.Text(node), `"@type":"`)
			var head struct {
				Type string `json:"@type"`
			}
			if err := json.Unmarshal([]byte(text), &head); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if kind := head.Type + site.Shape(path); !seen[text] && perKind[kind] < 12 {
				seen[text] = true
				perKind[kind]++
				fmt.Fprintf(&b, "// %s\nexport const d%d: WithContext<import(\"schema-dts\").%s> = %s;\n", path, len(seen), head.Type, text)
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d things", len(seen))
	}
	name := tool(t, "vocabulary.ts")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(name)
	cmd := exec.CommandContext(t.Context(), "node", tool(t, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", "--target", "esnext", name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%.6000s", err, out)
	}
}
