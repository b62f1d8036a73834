package apertium

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"depesche/internal/engine"
	"depesche/internal/needs"
)

// onLoopback starts apertium-apy where nobody else can reach it: it has no option for its address.
const onLoopback = `
import sys
import tornado.netutil, tornado.tcpserver
bind = tornado.netutil.bind_sockets
def loopback(port, address=None, *args, **kw):
    sockets = bind(0, '127.0.0.1')
    print('port', sockets[0].getsockname()[1], flush=True)
    return sockets
tornado.tcpserver.bind_sockets = loopback
sys.argv = ['apertium-apy', '-j', '1', '-t', '60', sys.argv[1]]
from apertium_apy.apy import main
main()
`

// server starts a real apertium-apy over a folder of modes, and returns its address.
func server(t *testing.T, modes string) string {
	t.Helper()
	installed(t, "rus-ukr", "ukr-rus", "eng-spa", "spa-eng")
	python := "/usr/bin/python3" // whose packages Debian's are
	if err := exec.CommandContext(t.Context(), python, "-c", "import apertium_apy").Run(); err != nil {
		needs.Missing(t, "apertium", "apertium-apy (Debian: apertium-apy)")
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), python, "-c", onLoopback, modes)
	cmd.Dir = t.TempDir()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	alone(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait() // it was killed
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if port, ok := strings.CutPrefix(lines.Text(), "port "); ok {
			return "http://127.0.0.1:" + port
		}
	}
	t.Fatal("apertium-apy ended by itself")
	return ""
}

func apy(t *testing.T, base string) *APY {
	t.Helper()
	a, err := NewAPY("apy", base+"/")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// mendedModes is a folder of all modes, without the step that crashes.
func mendedModes(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files, err := filepath.Glob("/usr/share/apertium/modes/*.mode")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f)), broken.ReplaceAll(raw, []byte(`cg-proc -w -1 -n '$1'`)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAPY(t *testing.T) {
	a := apy(t, server(t, mendedModes(t)))
	list, err := a.Pairs(t.Context())
	if err != nil || !slices.Contains(list, pair("ru-uk")) || !slices.Contains(list, pair("es-en")) {
		t.Fatalf("%v, %v", list, err)
	}
	res, err := a.Translate(t.Context(), engine.Request{Pair: pair("en-es"), Texts: []string{`The <b id="m1">president</b> said &lt;no&gt;.`, "The xyzzyx."}})
	if err != nil || !strings.Contains(res.Texts[0], `<b id="m1">presidente`) || !strings.HasSuffix(res.Texts[0], "&lt;no&gt;.") || !slices.Contains(res.Unknown[1], "xyzzyx") || strings.Contains(res.Texts[1], "*") {
		t.Errorf("%+v, %v", res, err)
	}
	if _, err := a.Translate(t.Context(), engine.Request{Pair: pair("de-uk"), Texts: []string{"Ja"}}); !is(err, engine.Unsupported) {
		t.Errorf("%v", err)
	}
	all := news(t)
	var group sync.WaitGroup
	for _, p := range []string{"ru-uk", "uk-ru", "en-es", "es-en"} {
		group.Go(func() {
			r := engine.Request{Pair: pair(p)}
			for _, x := range all[:40] {
				r.Texts = append(r.Texts, strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(x[string(pair(p).From)]))
			}
			res, err := a.Translate(t.Context(), r)
			if err != nil || len(res.Texts) != 40 || slices.Contains(res.Texts, "") {
				t.Errorf("%s: %d, %v", p, len(res.Texts), err)
			}
		})
	}
	group.Wait()
}

// TestAPYWhosePipelineBreaks is the server with Debian's own pipelines: it says so, or it works.
func TestAPYWhosePipelineBreaks(t *testing.T) {
	a := apy(t, server(t, "/usr/share/apertium/modes"))
	res, err := a.Translate(t.Context(), engine.Request{Pair: pair("ru-uk"), Texts: []string{"Верховная рада Украины приняла в четверг новый закон о выборах."}})
	if err == nil && (len(res.Texts) != 1 || res.Texts[0] == "") || err != nil && !is(err, engine.Busy) {
		t.Errorf("%+v, %v", res, err)
	}
	if _, err := a.Translate(t.Context(), engine.Request{Pair: pair("en-es"), Texts: []string{"The law."}}); err != nil {
		t.Errorf("the other pairs: %v", err)
	}
}

// What a server says that isn't as it should be.
func TestAPYTroubles(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   engine.Trouble
	}{
		"out of order":   {503, `{"status":"error","code":503,"message":"Service Unavailable","explanation":"internal error"}`, engine.Busy},
		"no such pair":   {400, `{"status":"error","code":400,"explanation":"That pair is not installed"}`, engine.Unsupported},
		"another server": {404, `<html>`, engine.Refused},
		"moved":          {301, ``, engine.Refused},
		"a proxy":        {502, `<html>`, engine.Gone},
		"not JSON":       {200, `<html>`, engine.Garbled},
		"another form":   {200, `{"responseData":[1]}`, engine.Garbled},
		"too few":        {200, `{"responseData":{"translatedText":"<p>x<\/p>"}}`, engine.Garbled},
		"nothing":        {200, `{"responseData":{}}`, engine.Garbled},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/listPairs" {
				_, _ = w.Write([]byte(`{"responseData":[{"sourceLanguage":"rus","targetLanguage":"ukr"},{"sourceLanguage":"x!","targetLanguage":"ukr"}]}`))
				return
			}
			if r.Method != http.MethodPost || r.PostFormValue("langpair") != "rus|ukr" || r.PostFormValue("format") != "html" || r.PostFormValue("q") != page(ask.Texts) {
				t.Errorf("%s %v", r.Method, r.PostForm)
			}
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		if _, err := apy(t, s.URL).Translate(t.Context(), ask); !is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		s.Close()
		if _, err := apy(t, s.URL).Pairs(t.Context()); !is(err, engine.Gone) {
			t.Errorf("closed: %v", err)
		}
	}
}

func TestLeaves(t *testing.T) {
	for base, want := range map[string]bool{
		"http://127.0.0.1:2737": false, "http://[::1]:1": false, "http://10.1.2.3": false, "http://localhost:2737": false, "http://apertium": false, "http://mt.lan": false,
		"https://beta.apertium.org/apy": true, "http://8.8.8.8": true,
	} {
		if got := apy(t, base).Info().Leaves; got != want {
			t.Errorf("%s: %v", base, got)
		}
	}
	for _, base := range []string{"", "127.0.0.1:2737", "file:///x", "http://"} {
		if _, err := NewAPY("a", base); err == nil {
			t.Errorf("%q is taken", base)
		}
	}
}
