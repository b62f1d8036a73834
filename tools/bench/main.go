// Command bench measures what the issues ask for and prints it as docs/performance.md: run it by
// `make bench`. Go's own benchmarks are run for what is measured inside one process; the rest is
// measured on the built binary as an operator would start it.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/tools/figures"
)

var (
	stories   = flag.Int("stories", 10_000, "stories in the paper that is measured")
	rounds    = flag.Int("rounds", 7, "rounds of the comparison with nginx")
	seconds   = flag.Int("seconds", 8, "seconds that each server is asked in a round")
	out       = flag.String("out", "docs/performance.md", "file to write, or - for the screen only")
	only      = flag.String("only", "", "measure one part alone: inside, served, weight, pictures, nginx, live, visible, large, binary; or growth, which is for itself")
	large     = flag.Int("large", 100_000, "stories in the large paper")
	languages = flag.String("languages", "de,uk,en", "of the large paper")
	words     = flag.Int("words", 120, "of its stories, median")
	paper     = flag.String("paper", "", "folder of a large paper that is there already")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "depesche-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "depesche")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, "./cmd/depesche")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return err
	}
	var lines []figures.Row
	for _, part := range []struct {
		name    string
		measure func() ([]figures.Row, error)
	}{
		{"inside", func() ([]figures.Row, error) { return inside(ctx) }},
		{"served", func() ([]figures.Row, error) { return served(ctx, bin, filepath.Join(dir, "paper")) }},
		{"weight", func() ([]figures.Row, error) { return weight(ctx, bin) }},
		{"pictures", func() ([]figures.Row, error) { return uploads(ctx, bin, dir) }},
		{"nginx", func() ([]figures.Row, error) { return besideNginx(ctx, bin, dir) }},
		{"live", func() ([]figures.Row, error) { return runningStory(ctx, bin, dir) }},
		{"visible", func() ([]figures.Row, error) { return visible(ctx, bin, dir) }},
		{"large", func() ([]figures.Row, error) { return largePaper(ctx, bin, dir) }},
		{"growth", func() ([]figures.Row, error) { return growth(ctx, bin, dir) }},
		{"binary", func() ([]figures.Row, error) { return binarySize(bin) }},
	} {
		if *only != part.name && (*only != "" || part.name == "growth") {
			continue
		}
		more, err := part.measure()
		if err != nil {
			return err
		}
		lines = append(lines, more...)
	}
	if *only == "growth" {
		return figures.Report{Title: "A paper that grows", Command: "make bench-large", Head: figures.Row{"what", "to reach", "measured"}, Rows: lines}.Write(*out)
	}
	return figures.Report{Title: "Performance", Command: "make bench", Head: figures.Row{"what", "to reach", "measured"}, Rows: lines}.Write(*out)
}

// benchmarks are those whose result the report shows, by package and name. {stories} stands for the
// flag of that name.
var benchmarks = []struct{ pkg, name, what, reach, metric string }{
	{"./internal/reader", "BenchmarkArticle", "article rendered from the database, {stories} stories, SQLite: the whole request without a cache, median", "under 2 ms", "µs-median"},
	{"./internal/reader", "BenchmarkFront", "front rendered from the database, {stories} stories, SQLite, median", "", "µs-median"},
	{"./internal/edition", "BenchmarkSave/sqlite", "save of a 60-block edition with revision, event and audit, waiting for the disk, SQLite, median", "under 10 ms", "ms/median"},
	{"./internal/edition", "BenchmarkSave/postgres", "the same on PostgreSQL, median", "under 20 ms", "ms/median"},
	{"./internal/port", "BenchmarkImport/1000", "import of a WordPress export of 1,000 posts", "at least 1,000 posts/s", "posts/s"},
	{"./internal/port", "BenchmarkImport/10000", "import of 10,000 posts", "at least 1,000 posts/s", "posts/s"},
	{"./internal/port", "BenchmarkImport/50000", "import of 50,000 posts", "at least 1,000 posts/s", "posts/s"},
	{"./internal/port", "BenchmarkImport/1000", "peak heap while importing 1,000 posts", "flat", "MB-peak-heap"},
	{"./internal/port", "BenchmarkImport/50000", "peak heap while importing 50,000 posts", "flat", "MB-peak-heap"},
	{"./internal/document", "BenchmarkWriteHTML60", "body of 60 blocks as HTML", "", "ns/op"},
	{"./internal/document", "BenchmarkMerge60", "three-way merge of 60 blocks", "", "ns/op"},
	{"./internal/check", "BenchmarkSixtySegments", "all checks of a translation of 60 segments of four sentences", "under 20 ms", "ns/op"},
	{"./internal/check", "BenchmarkPreparedSegment", "the checks of one of them while somebody types", "", "ns/op"},
}

// inside runs the Go benchmarks, each package once.
func inside(ctx context.Context) ([]figures.Row, error) {
	results := map[string]map[string]string{}
	var pkgs []string
	for _, b := range benchmarks {
		if !slices.Contains(pkgs, b.pkg) {
			pkgs = append(pkgs, b.pkg)
		}
	}
	for _, pkg := range pkgs {
		var names []string
		for _, b := range benchmarks {
			if name, _, _ := strings.Cut(b.name, "/"); b.pkg == pkg && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		fmt.Fprintln(os.Stderr, "measuring", pkg)
		var text bytes.Buffer
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^("+strings.Join(names, "|")+")$", "-benchtime", benchtime(pkg), "-timeout", "30m", pkg)
		cmd.Env = append(os.Environ(), "DEPESCHE_BENCH_STORIES="+strconv.Itoa(*stories))
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&text, os.Stderr), os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("%s: %w", pkg, err)
		}
		results[pkg] = parse(text.String())
	}
	var lines []figures.Row
	for _, b := range benchmarks {
		got, ok := results[b.pkg][b.name+" "+b.metric]
		if !ok {
			got = "not run here"
		}
		what := strings.ReplaceAll(b.what, "{stories}", strconv.Itoa(*stories))
		lines = append(lines, figures.Row{what, b.reach, human(got, b.metric)})
	}
	return lines, nil
}

var procs = regexp.MustCompile(`-\d+$`)

// benchtime lets an import run once: it is long enough by itself.
func benchtime(pkg string) string {
	if pkg == "./internal/port" {
		return "1x"
	}
	return "1s"
}

// parse reads the lines of go test -bench into "Name metric" → value.
func parse(text string) map[string]string {
	got := map[string]string{}
	for l := range strings.Lines(text) {
		f := strings.Fields(l)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := procs.ReplaceAllString(f[0], "")
		for i := 2; i+1 < len(f); i += 2 {
			got[name+" "+f[i+1]] = f[i]
		}
	}
	return got
}

func human(value, metric string) string {
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	switch metric {
	case "ns/op":
		return time.Duration(v).Round(time.Microsecond).String()
	case "µs-median":
		return time.Duration(v * 1000).Round(10 * time.Microsecond).String()
	case "ms/median":
		return strconv.FormatFloat(v, 'f', 1, 64) + " ms"
	case "posts/s":
		return strconv.FormatFloat(v, 'f', 0, 64) + " posts/s"
	case "MB-peak-heap":
		return strconv.FormatFloat(v, 'f', 1, 64) + " MB"
	}
	return value + " " + metric
}

// served starts `depesche serve` on a paper of many stories.
func served(ctx context.Context, bin, data string) ([]figures.Row, error) {
	fmt.Fprintln(os.Stderr, "filling a paper with", *stories, "stories")
	if err := fill(ctx, data, *stories); err != nil {
		return nil, err
	}
	var starts []time.Duration
	var idle int64
	for range 5 {
		took, rss, err := start(ctx, bin, data)
		if err != nil {
			return nil, err
		}
		starts, idle = append(starts, took), max(idle, rss)
	}
	n := strconv.Itoa(*stories)
	return []figures.Row{
		{"cold start of `serve` with " + n + " stories, to the first page (median of 5)", "under 500 ms", figures.Median(starts).Round(time.Millisecond).String()},
		{"memory of `serve` after that, idle for 10 s (highest of 5, resident)", "under 60 MB", fmt.Sprintf("%.1f MB", float64(idle)/1e6)},
	}, nil
}

// start runs the server until its first front page and ten seconds more.
func start(ctx context.Context, bin, data string) (time.Duration, int64, error) {
	const addr = "127.0.0.1:18089"
	cmd := exec.CommandContext(ctx, bin, "serve", "--data", data, "--addr", addr, "--log-level", "error")
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	for {
		res, err := get(ctx, "http://"+addr+"/en/", false)
		if err == nil && res.status == http.StatusOK {
			break
		}
		if time.Since(began) > 30*time.Second {
			return 0, 0, errors.New("the server doesn't answer")
		}
		time.Sleep(2 * time.Millisecond)
	}
	took := time.Since(began)
	time.Sleep(10 * time.Second)
	rss, err := resident(cmd.Process.Pid)
	return took, rss, err
}

// resident is a process's resident memory in bytes.
func resident(pid int) (int64, error) { return memory(pid, "VmRSS:") }

// memory is what the system says of a process under a name, in bytes.
func memory(pid int, name string) (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return fieldOf(string(raw), name)
}

func fieldOf(status, name string) (int64, error) {
	for l := range strings.Lines(status) {
		if f := strings.Fields(l); len(f) >= 2 && f[0] == name {
			kb, err := strconv.ParseInt(f[1], 10, 64)
			return kb * 1024, err
		}
	}
	return 0, errors.New("no " + name)
}

type answer struct {
	status int
	body   []byte
}

func get(ctx context.Context, url string, zipped bool) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	if zipped {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, body}, err
}

// weight measures the demo's reference story as it is sent.
func weight(ctx context.Context, bin string) ([]figures.Row, error) {
	const addr = "127.0.0.1:18090"
	cmd := exec.CommandContext(ctx, bin, "demo", "--addr", addr)
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	var lines []figures.Row
	for {
		if _, err := get(ctx, "http://"+addr+"/healthz", false); err == nil {
			break
		}
		if time.Since(began) > 2*time.Minute {
			return nil, errors.New("the demo doesn't answer")
		}
		time.Sleep(10 * time.Millisecond)
	}
	lines = append(lines, figures.Row{"`depesche demo` to its first page, every story told anew", "within seconds", time.Since(began).Round(10 * time.Millisecond).String()})
	for _, l := range []string{"de", "uk", "en", "fr"} {
		res, err := get(ctx, "http://"+addr+"/"+l+"/1", false)
		if err != nil || res.status != http.StatusOK {
			return nil, fmt.Errorf("reference story in %s: %d %w", l, res.status, err)
		}
		var zip bytes.Buffer
		z, err := gzip.NewWriterLevel(&zip, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := z.Write(res.body); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		lines = append(lines, figures.Row{"reference article in " + l + ", HTML with its CSS, gzip", "at most 14 KB", fmt.Sprintf("%.1f KB", float64(zip.Len())/1000)})
	}
	return lines, nil
}

func binarySize(bin string) ([]figures.Row, error) {
	st, err := os.Stat(bin)
	if err != nil {
		return nil, err
	}
	return []figures.Row{{"the binary, linux/" + runtime.GOARCH + ", CGO_ENABLED=0", "", fmt.Sprintf("%.1f MB", float64(st.Size())/1e6)}}, nil
}

// open builds the rooms on a data folder.
func open(ctx context.Context, data string) (*app.App, error) {
	cfg := config.Default(data)
	cfg.LogLevel = "error"
	return app.New(ctx, cfg, cfg.Logger(os.Stderr), app.Options{})
}
