package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/edition"
	"depesche/internal/lang"
	pages "depesche/internal/page"
	"depesche/tools/figures"
)

// mixed is how many articles are asked for at random.
const mixed = 2000

// largePaper measures what may grow with the number of stories, on a paper that `depesche fill` made.
func largePaper(ctx context.Context, bin, dir string) ([]figures.Row, error) {
	data, said, err := paperOf(ctx, bin, dir, *large)
	if err != nil {
		return nil, err
	}
	n, paths, err := articles(ctx, data)
	if err != nil {
		return nil, err
	}
	stories := strconv.Itoa(n) + " stories"
	var rows []figures.Row
	if said != "" {
		rows = append(rows, figures.Row{"`depesche fill`, " + *languages, "", said})
	}
	for _, measure := range []func() ([]figures.Row, error){
		func() ([]figures.Row, error) { return anew(ctx, data, stories, paths) },
		func() ([]figures.Row, error) { return coldStart(ctx, bin, data, stories) },
		func() ([]figures.Row, error) { return hot(ctx, bin, data, dir, paths[:min(mixed, len(paths))]) },
		func() ([]figures.Row, error) { return all(ctx, bin, data, dir, stories, paths) },
		func() ([]figures.Row, error) { return cold(ctx, bin, data, dir, paths[:min(mixed, len(paths))]) },
	} {
		more, err := measure()
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// paperOf is the folder of a paper of n stories: that of -paper, or a new one and what was said when it
// was filled.
func paperOf(ctx context.Context, bin, dir string, n int) (data, said string, err error) {
	if *paper != "" {
		return *paper, "", nil
	}
	data = filepath.Join(dir, "large-"+strconv.Itoa(n))
	cmd := exec.CommandContext(ctx, bin, "fill", "--data", data, "--stories", strconv.Itoa(n), "--languages", *languages, "--words", strconv.Itoa(*words))
	text, err := cmd.CombinedOutput()
	if err != nil {
		return "", "", fmt.Errorf("fill: %w\n%s", err, text)
	}
	for l := range strings.Lines(string(text)) {
		if strings.Contains(l, "stories are in") {
			said = strings.TrimSpace(l)
		}
	}
	return data, said, nil
}

// articles are how many stories there are, and the addresses of all articles in the main language in an
// order that has nothing to do with their age.
func articles(ctx context.Context, data string) (n int, paths []string, err error) {
	return articlesOf(ctx, data, "")
}

func articlesOf(ctx context.Context, data, database string) (n int, paths []string, err error) {
	cfg := config.Default(data)
	cfg.Database, cfg.LogLevel = database, "error"
	a, err := app.New(ctx, cfg, cfg.Logger(os.Stderr), app.Options{})
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	p, err := a.Publication.Paper(ctx)
	if err != nil {
		return 0, nil, err
	}
	if err := a.DB.Read().QueryRowContext(ctx, `SELECT COUNT(*) FROM story`).Scan(&n); err != nil {
		return 0, nil, err
	}
	l := edition.List{Lang: p.MainLang, Limit: 1000}
	for {
		cards, next, err := a.Editions.Cards(ctx, a.DB.Read(), l)
		if err != nil {
			return 0, nil, err
		}
		for _, c := range cards {
			paths = append(paths, pages.ArticlePath(c.Lang, c.Number, c.Slug))
		}
		if l.Before = next; next == "" {
			break
		}
	}
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same each time
	r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	return n, paths, nil
}

// anew says how long an article takes that nobody asked for yet.
func anew(ctx context.Context, data, stories string, paths []string) ([]figures.Row, error) {
	took, err := rendered(ctx, data, paths)
	return []figures.Row{
		{fmt.Sprintf("article rendered anew, %s, sqlite, each of %d once: median", stories, len(took)), "under 1 ms", figures.Median(took).Round(time.Microsecond).String()},
		{"the same, 95 in 100 at most", "", figures.P95(took).Round(time.Microsecond).String()},
	}, err
}

// warmed are asked for first and don't count, counted do.
const warmed, counted = 100, 1000

// rendered asks for articles that nobody asked for yet, one after the other, without a network between, and
// returns how long each took.
func rendered(ctx context.Context, data string, paths []string) (took []time.Duration, err error) {
	a, err := open(ctx, data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	for i, path := range paths[:min(warmed+counted, len(paths))] {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		w := httptest.NewRecorder()
		began := time.Now()
		a.Handler().ServeHTTP(w, r)
		if d := time.Since(began); i >= warmed {
			took = append(took, d)
		}
		if w.Code != http.StatusOK {
			return nil, fmt.Errorf("%s: %d", path, w.Code)
		}
	}
	return took, nil
}

func front() string {
	first, _, _ := strings.Cut(*languages, ",")
	return pages.FrontPath(lang.Tag(first))
}

// coldStart is how long it is from the start to the first front.
func coldStart(ctx context.Context, bin, data, stories string) ([]figures.Row, error) {
	var took []time.Duration
	for range 5 {
		began := time.Now()
		s, err := served1(ctx, bin, data)
		if err != nil {
			return nil, err
		}
		res, err := get(ctx, "http://"+s.addr+front(), true)
		took = append(took, time.Since(began))
		s.stop()
		if err != nil || res.status != http.StatusOK {
			return nil, fmt.Errorf("front: %d %w", res.status, err)
		}
	}
	return []figures.Row{{"cold start of `serve` to the first page, " + stories + " (median of 5)", "under 300 ms", figures.Median(took).Round(time.Millisecond).String()}}, nil
}

// served1 serves the paper on an address of its own.
func served1(ctx context.Context, bin, data string, more ...string) (*server, error) {
	return begin(ctx, os.Stderr, bin, data, append([]string{"--log-level", "error"}, more...)...)
}

func begin(ctx context.Context, said io.Writer, bin, data string, more ...string) (*server, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	args := append([]string{"serve", "--data", data, "--addr", addr}, more...)
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{name: "ours", addr: addr, cmd: cmd}
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if res, err := get(ctx, "http://"+addr+"/healthz", false); err == nil && res.status == http.StatusOK {
			return s, nil
		}
		if time.Now().After(end) {
			s.stop()
			return nil, errors.New("the server doesn't answer")
		}
	}
}

// script makes wrk ask for the paths at random.
func script(dir string, paths []string) (string, error) {
	list, lua := filepath.Join(dir, "paths.txt"), filepath.Join(dir, "mix.lua")
	if err := os.WriteFile(list, []byte(strings.Join(paths, "\n")+"\n"), 0o600); err != nil {
		return "", err
	}
	text := `local paths = {}
for line in io.lines("` + list + `") do paths[#paths + 1] = line end
local threads = 0
function setup(thread) threads = threads + 1; thread:set("seed", threads) end
function init() math.randomseed(seed) end
function request() return wrk.format("GET", paths[math.random(#paths)], {["Accept-Encoding"] = "gzip"}) end
`
	return lua, os.WriteFile(lua, []byte(text), 0o600)
}

// mix has wrk ask the server for a mix of paths.
func (s *server) mix(ctx context.Context, lua string, seconds int) (measured, error) {
	text, err := exec.CommandContext(ctx, "wrk", "-t", strconv.Itoa(threads), "-c", strconv.Itoa(connections), "-d", strconv.Itoa(seconds)+"s", "--latency", "-s", lua, "http://"+s.addr).CombinedOutput() //nolint:gosec // our own server
	if err != nil {
		return measured{}, fmt.Errorf("wrk: %w\n%s", err, text)
	}
	if bad := wrkTrouble.Find(text); bad != nil {
		return measured{}, fmt.Errorf("%s: %s", s.name, bad)
	}
	rate := wrkRate.FindSubmatch(text)
	if rate == nil {
		return measured{}, fmt.Errorf("wrk said\n%s", text)
	}
	var m measured
	if m.perSecond, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		return m, err
	}
	for _, l := range wrkLatency.FindAllSubmatch(text, -1) {
		d, err := time.ParseDuration(string(l[2]))
		if err != nil {
			return m, err
		}
		if string(l[1]) == "99" {
			m.p99 = d
		}
	}
	return m, nil
}

// hot is the memory with all articles of the mix asked for much.
func hot(ctx context.Context, bin, data, dir string, paths []string) ([]figures.Row, error) {
	if missing := lacks("wrk"); missing != "" {
		return nil, nil
	}
	lua, err := script(dir, paths)
	if err != nil {
		return nil, err
	}
	s, err := served1(ctx, bin, data)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	idle, err := resident(s.cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	m, err := s.mix(ctx, lua, 30)
	if err != nil {
		return nil, err
	}
	rss, err := resident(s.cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	program, err := memory(s.cmd.Process.Pid, "RssFile:")
	return []figures.Row{{fmt.Sprintf("memory of `serve` after 30 s of load on %d articles, all hot, resident (right after its start %.1f MB)", len(paths), float64(idle)/1e6), "under 64 MB", fmt.Sprintf("%.1f MB, %.1f of them the program's own file, at %.0f requests/s", float64(rss)/1e6, float64(program)/1e6, m.perSecond)}}, err
}

// pageCache is how many megabytes of pages are kept while all articles are asked for.
const pageCache = 48

// all is the memory, and the speed, of a mix of everything there is.
func all(ctx context.Context, bin, data, dir, stories string, paths []string) ([]figures.Row, error) {
	if missing := lacks("wrk"); missing != "" {
		return nil, nil
	}
	asked := append([]string(nil), paths...)
	for range len(paths) / 20 { // fronts and feeds are asked for more often than any article
		asked = append(asked, front(), front()+"feed.rss", front()+"feed.atom", front()+"feed.json")
	}
	lua, err := script(dir, asked)
	if err != nil {
		return nil, err
	}
	s, err := served1(ctx, bin, data, "--page-cache", strconv.Itoa(pageCache))
	if err != nil {
		return nil, err
	}
	defer s.stop()
	m, err := s.mix(ctx, lua, 60)
	if err != nil {
		return nil, err
	}
	rss, err := resident(s.cmd.Process.Pid)
	what := fmt.Sprintf("60 s of load on all %d articles of a language, front and feeds, caches emptied before, %s", len(paths), stories)
	return []figures.Row{
		{what, "", fmt.Sprintf("%.0f requests/s, p99 %s", m.perSecond, m.p99)},
		{fmt.Sprintf("memory after that, resident, beyond the %d MB of the cache", pageCache), "under 150 MB", fmt.Sprintf("%.1f MB", float64(rss)/1e6-pageCache)},
	}, err
}

// cold is a mix of articles right after a start, beside nginx with the same files.
func cold(ctx context.Context, bin, data, dir string, paths []string) ([]figures.Row, error) {
	if missing := lacks("nginx", "wrk"); missing != "" {
		return []figures.Row{{"cold mix beside nginx", "", "not run here: " + missing + " is missing"}}, nil
	}
	where := filepath.Join(dir, "cold")
	if err := errors.Join(os.MkdirAll(where, 0o755), os.Chmod(dir, 0o755)); err != nil { //nolint:gosec // nginx's workers go through it
		return nil, err
	}
	lua, err := script(dir, paths)
	if err != nil {
		return nil, err
	}
	s, err := served1(ctx, bin, data)
	if err != nil {
		return nil, err
	}
	first, err := fetch(ctx, "http://"+s.addr+paths[0])
	if err != nil {
		s.stop()
		return nil, err
	}
	static, err := nginx(ctx, where, "off", first, "")
	if err != nil {
		s.stop()
		return nil, err
	}
	defer static.stop()
	_, port, _ := strings.Cut(static.addr, ":")
	for _, path := range paths {
		p, err := fetch(ctx, "http://"+s.addr+path)
		if err == nil {
			err = p.keep(filepath.Join(where, "nginx-"+port, "root"))
		}
		if err != nil {
			s.stop()
			return nil, err
		}
	}
	s.stop()
	var us, theirs []measured
	var made []string
	for range 3 {
		t, err := static.mix(ctx, lua, 10)
		if err != nil {
			return nil, err
		}
		m, n, err := rightAfterStart(ctx, bin, data, lua)
		if err != nil {
			return nil, err
		}
		us, theirs, made = append(us, m), append(theirs, t), append(made, n)
	}
	return []figures.Row{
		{fmt.Sprintf("a random one of %d articles over 10 s: nginx static", len(paths)), "", fmt.Sprintf("%.0f requests/s", middle(theirs, perSecond))},
		{"the same by `serve` right after its start, each page still to be rendered", "at least 0.8 ×", fmt.Sprintf("%.0f requests/s, %.2f ×", middle(us, perSecond), ratio(us, theirs, perSecond))},
		{"how many pages were rendered for that, in each of the runs", "each once", strings.Join(made, ", ")},
	}, nil
}

var pagesMade = regexp.MustCompile(`"pages in memory" made=(\d+)`)

// rightAfterStart has nothing in memory and nothing noted to warm; made is how many pages were rendered.
func rightAfterStart(ctx context.Context, bin, data, lua string) (m measured, made string, err error) {
	if err := os.RemoveAll(config.Default(data).Cache()); err != nil {
		return m, "", err
	}
	var said bytes.Buffer
	s, err := begin(ctx, &said, bin, data, "--log-level", "info")
	if err != nil {
		return m, "", err
	}
	m, err = s.mix(ctx, lua, 10)
	s.stop()
	if err != nil {
		return m, "", err
	}
	if n := pagesMade.FindSubmatch(said.Bytes()); n != nil {
		return m, string(n[1]), nil
	}
	return m, "", fmt.Errorf("serve didn't say how many pages it made:\n%s", said.Bytes())
}

// keep writes the page as nginx's gzip_static wants it.
func (p page) keep(root string) error {
	z, err := gzip.NewReader(bytes.NewReader(p.body))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	file := filepath.Join(root, filepath.FromSlash(p.path))
	return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, text, 0o644), os.WriteFile(file+".gz", p.body, 0o644)) //nolint:gosec // read by nginx's workers
}
