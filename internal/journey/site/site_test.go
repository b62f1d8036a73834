package site

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"depesche/internal/app"
	"depesche/internal/config"
)

// base is where the paper says it is.
const base = "http://127.0.0.1:8080"

// theSite is built and read through once for all tests.
var theSite struct {
	once sync.Once
	app  *app.App
	all  map[string]*Answer
	err  error
}

func whole(t *testing.T) map[string]*Answer {
	t.Helper()
	theSite.once.Do(func() {
		dir, err := os.MkdirTemp("", "depesche-site-")
		if err != nil {
			theSite.err = err
			return
		}
		cfg := config.Default(dir)
		cfg.Addr, cfg.LogLevel = strings.TrimPrefix(base, "http://"), "warn"
		if theSite.app, theSite.err = Open(t.Context(), cfg, slog.New(slog.NewTextHandler(os.Stderr, nil))); theSite.err == nil {
			theSite.all = Crawl(theSite.app.Handler(), base)
		}
	})
	if theSite.err != nil {
		t.Fatal(theSite.err)
	}
	return theSite.all
}

func TestMain(m *testing.M) {
	code := m.Run()
	if a := theSite.app; a != nil {
		if err := a.Close(); err != nil {
			fmt.Println(err)
			code = 1
		}
		_ = os.RemoveAll(a.Config.Data)
	}
	os.Exit(code)
}

// sorted are the answers in the order of their addresses, so that a failing test says the same twice.
func sorted(all map[string]*Answer) []*Answer {
	var out []*Answer
	for _, path := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[path])
	}
	return out
}

// TestNoLinkIsBroken: whatever names an address of the paper names one that is there, without a detour.
// The newest day of the archive is the only one that is named by what it is.
func TestNoLinkIsBroken(t *testing.T) {
	all := whole(t)
	shapes := map[string]int{}
	for _, a := range sorted(all) {
		shapes[Shape(a.Path)]++
		from := a.From[:min(3, len(a.From))]
		switch {
		case a.Status == http.StatusOK:
		case a.Path == "/favicon.ico", a.Path == "/" && a.Status == http.StatusFound:
		case a.Status == http.StatusFound && strings.HasSuffix(a.Path, "/archive/"):
			for _, to := range a.Links(base) {
				if all[to].Status != http.StatusOK {
					t.Errorf("%s leads to %s, which answers %d", a.Path, to, all[to].Status)
				}
			}
		default:
			t.Errorf("%s answers %d %s; named by %v", a.Path, a.Status, a.Head.Get("Location"), from)
		}
	}
	for shape, n := range shapes {
		t.Log(shape, n)
	}
	if len(all) < 500 {
		t.Errorf("only %d addresses", len(all))
	}
}
