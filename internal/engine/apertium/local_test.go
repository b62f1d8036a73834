package apertium

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"depesche/internal/document"
	"depesche/internal/engine"
	"depesche/internal/engine/markup"
	"depesche/internal/lang"
	"depesche/internal/needs"
)

// installed skips the test where the pair isn't.
func installed(t *testing.T, modes ...string) {
	t.Helper()
	needs.Program(t, "apertium", "apertium apertium-rus-ukr apertium-eng-spa apertium-apy")
	for _, m := range modes {
		if _, err := os.Stat("/usr/share/apertium/modes/" + m + ".mode"); err != nil {
			needs.Missing(t, "apertium", "the pair "+m+" (Debian: apertium-rus-ukr apertium-eng-spa)")
		}
	}
}

func news(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open("../../../../shared/data/parallel-news/ntrex-news.jsonl")
	if err != nil {
		t.Skip("needs shared/data/parallel-news")
	}
	defer f.Close()
	var out []map[string]string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var x map[string]string
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

func pair(s string) engine.Pair {
	from, to, _ := strings.Cut(s, "-")
	return engine.Pair{From: lang.Tag(from), To: lang.Tag(to)}
}

// emphasised is a segment with a mark on a word in its middle.
func emphasised(text string) document.Inline {
	words := strings.Split(text, " ")
	n := len(words) / 2
	if n == 0 {
		return document.Inline{{Text: text}}
	}
	return document.Inline{
		{Text: strings.Join(words[:n], " ") + " "},
		{Text: words[n], Marks: []document.Mark{{Type: document.Strong}}},
		{Text: strings.TrimSuffix(" "+strings.Join(words[n+1:], " "), " ")},
	}.Normal()
}

// TestNews puts real news through the real thing: every segment comes back, with its full stop, mostly
// with its mark, and without Apertium's own signs.
func TestNews(t *testing.T) {
	installed(t, "rus-ukr", "ukr-rus", "eng-spa", "spa-eng")
	l := NewLocal("apertium", Options{Cache: t.TempDir()})
	all := news(t)
	for _, p := range []string{"ru-uk", "uk-ru", "en-es", "es-en"} {
		t.Run(p, func(t *testing.T) {
			var in []document.Inline
			for i := 0; i < len(all); i += 8 {
				in = append(in, emphasised(all[i][string(pair(p).From)]))
			}
			n, lost, unknown := 0, 0, 0
			for part := range slices.Chunk(in, l.Info().Limits.Texts) {
				r := engine.Request{Pair: pair(p)}
				for _, x := range part {
					r.Texts = append(r.Texts, markup.HTML(x).Text)
				}
				res, err := l.Translate(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				for i, x := range part {
					if n++; slices.Contains(res.Failed, i) {
						continue
					}
					a := markup.HTML(x).Read(res.Texts[i])
					lost += len(a.Lost)
					unknown += len(res.Unknown[i])
					text := a.Text.Plain()
					if text == "" || strings.HasSuffix(x.Plain(), ".") && !endsSentence(text) {
						t.Errorf("%q became %q", x.Plain(), text)
					}
					for _, w := range strings.Fields(text) {
						if strings.ContainsAny(w[:1], "*@#") && !strings.Contains(x.Plain(), w) {
							t.Errorf("%q in %q", w, text)
						}
					}
				}
			}
			t.Logf("%d segments, %d marks lost, %d unknown words", n, lost, unknown)
			if lost*100 > n*10 || unknown == 0 {
				t.Errorf("%d of %d marks lost, %d unknown words", lost, n, unknown)
			}
		})
	}
}

func TestPairsAreWhatIsInstalled(t *testing.T) {
	installed(t, "rus-ukr", "ukr-rus", "eng-spa", "spa-eng")
	list, err := NewLocal("a", Options{}).Pairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"ru-uk", "uk-ru", "en-es", "es-en"} {
		if !slices.Contains(list, pair(p)) {
			t.Errorf("%s is missing in %v", p, list)
		}
	}
	if _, err := NewLocal("a", Options{}).Translate(t.Context(), engine.Request{Pair: pair("de-uk"), Texts: []string{"Ja"}}); !is(err, engine.Unsupported) {
		t.Errorf("%v", err)
	}
	if _, err := NewLocal("a", Options{Command: "no-such-command"}).Pairs(t.Context()); !is(err, engine.Gone) {
		t.Errorf("%v", err)
	}
}

func is(err error, want engine.Trouble) bool {
	var e *engine.Error
	return errors.As(err, &e) && e.Trouble == want
}

// fake is a house of Apertium's whose command is a script.
func fake(t *testing.T, script string) *Local {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "modes"), 0o750); err != nil {
		t.Fatal(err)
	}
	pipeline := `lt-proc -w 'x' | cg-proc -w 'rus-ukr.rlx.bin' | apertium-tagger -g $2 'rus-ukr.prob' | lt-proc $1 'y'`
	command := filepath.Join(dir, "apertium")
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "modes", "rus-ukr.mode"), []byte(pipeline), 0o600), os.WriteFile(command, []byte("#!/bin/sh\n"+script), 0o700)); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return NewLocal("fake", Options{Command: command, Data: dir, Cache: filepath.Join(dir, "cache"), Patience: 30 * time.Second})
}

var ask = engine.Request{Pair: engine.Pair{From: "ru", To: "uk"}, Texts: []string{"Один.", "Два"}}

// A tagger that crashes leaves nothing, or what it got, and the exit code 0.
func TestBrokenPipelineIsMended(t *testing.T) {
	for name, stock := range map[string]string{"nothing": "exit 0", "what it got": "exec cat"} {
		l := fake(t, `case "$*" in *cache*) exec sed s/Два/Дві/;; *) `+stock+`;; esac`)
		for range 2 {
			res, err := l.Translate(t.Context(), ask)
			if err != nil || !slices.Equal(res.Texts, []string{"Один.", "Дві"}) || res.Model != "rus-ukr" {
				t.Fatalf("%s: %+v, %v", name, res, err)
			}
		}
		raw, err := os.ReadFile(filepath.Join(l.o.Cache, "modes", "rus-ukr.mode"))
		if want := `lt-proc -w 'x' | cg-proc -w -1 -n 'rus-ukr.rlx.bin' | lt-proc $1 'y'`; err != nil || string(raw) != want {
			t.Errorf("%s, %v", raw, err)
		}
	}
	long := ask
	long.Texts = []string{"Как сообщил вчера вечером председатель"}
	if _, err := fake(t, "exec cat").Translate(t.Context(), long); !is(err, engine.Garbled) {
		t.Errorf("what nobody can mend: %v", err)
	}
	long.Texts = []string{"Два", "Как сообщил вчера вечером председатель"}
	if res, err := fake(t, "exec sed s/Два/Дві/").Translate(t.Context(), long); err != nil || !slices.Equal(res.Failed, []int{1}) || res.Texts[1] != "" || res.Texts[0] != "Дві" {
		t.Errorf("one that breaks off: %+v, %v", res, err)
	}
}

func TestLocalTroubles(t *testing.T) {
	for name, script := range map[string]string{
		"nothing, and exit 0": `exit 0`, "the half": `echo "<p>Один.</p>"`, "more": `cat; echo "<p>x</p>"`, "exit 1": `echo "<p>a</p><p>b</p>"; echo "no such mode" >&2; exit 1`,
		"endless": `yes "<p>x</p>"`, "no paragraphs": `tr -d '<>'`,
	} {
		if _, err := fake(t, script).Translate(t.Context(), ask); !is(err, engine.Garbled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	slow := fake(t, "exec sleep 600")
	slow.o.Patience = 20 * time.Millisecond
	if _, err := slow.Translate(t.Context(), ask); !is(err, engine.Gone) {
		t.Errorf("%v", err)
	}
}

// All of a pipeline ends with the request that nobody waits for any more: only then is nobody left who
// could write into the pipe.
func TestGroupIsKilled(t *testing.T) {
	l := fake(t, `exec 9>"$(dirname "$0")/pipe"; sleep 600 & echo begun >&9; wait`)
	pipe := filepath.Join(l.o.Data, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	said, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		f, err := os.Open(pipe) // waits for the command
		if err != nil {
			ended <- err
			return
		}
		defer f.Close()
		in := bufio.NewReader(f)
		line, _ := in.ReadString('\n')
		said <- line
		cancel()
		_, err = io.Copy(io.Discard, in)
		ended <- err
	}()
	if _, err := l.Translate(ctx, ask); !is(err, engine.Gone) {
		t.Errorf("%v", err)
	}
	select {
	case err := <-ended:
		if line := <-said; err != nil || line != "begun\n" {
			t.Errorf("%q, %v", line, err)
		}
	case <-time.After(30 * time.Second):
		t.Error("its child lives on")
	}
}

func TestUnmark(t *testing.T) {
	for _, c := range []struct{ source, target, want, words string }{
		{"Одно слово", "Одне *слово", "Одне слово", "слово"},
		{"a b", "*a <b>*b</b> (@c) «#d» #e *a", "a <b>b</b> (c) «d» e a", "a b c d e"},
		{"see #metoo and *star @home", "ver #metoo y *star @home", "ver #metoo y *star @home", ""},
		{"take out", "sacar# fuera", "sacar fuera", ""},
		{"5 * 4", "5 * 4", "5 * 4", ""},
		{"a@b.example", "a@b.example", "a@b.example", ""},
	} {
		got, words := unmark(c.source, c.target)
		if got != c.want || strings.Join(words, " ") != c.words {
			t.Errorf("%q: %q, %v", c.target, got, words)
		}
	}
}

func TestStops(t *testing.T) {
	for _, c := range [][3]string{
		{"One.", "Uno", "Uno."}, {"One.", "Uno.", "Uno."}, {"One.", "Uno!", "Uno!"}, {"One", "Uno", "Uno"}, {`<b id="m1">One.</b>`, `<b id="m1">Uno</b>`, `<b id="m1">Uno.</b>`},
		{".One.", "Uno. ", ".Uno. "}, {"One. ", "Uno ", "Uno. "}, {"One.", "", ""}, {"One.", "Uno<br>", "Uno.<br>"},
	} {
		if got := stops(c[0], c[1]); got != c[2] {
			t.Errorf("%q, %q: %q", c[0], c[1], got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Один. <b id=\"m1\">x</b>", "<p>*Один</p>")
	f.Fuzz(func(t *testing.T, asked, answer string) {
		texts, unknown, err := read([]string{asked}, answer)
		if err == nil && (len(texts) != 1 || len(unknown) != 1) {
			t.Errorf("%d, %d", len(texts), len(unknown))
		}
	})
}
