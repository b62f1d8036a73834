package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/needs"
	"depesche/internal/release"
	"depesche/internal/story"
)

var chiefActor = actor.Actor{ID: "01hchef0000000000000000000", Name: "Carla Chief", Role: string(actor.Chief)}

// free is an address that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// varnish starts one before the newsroom, with the VCL of the documentation.
func varnish(t *testing.T, program, at, backend string) {
	t.Helper()
	vcl, err := os.ReadFile("../../docs/varnish.vcl")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(backend)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "paper.vcl")
	if err := os.WriteFile(file, []byte(strings.Replace(string(vcl), `.port = "8080"`, `.port = "`+port+`"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-F", "-n", filepath.Join(dir, "v"), "-a", at, "-f", file, "-s", "malloc,16m", "-T", "none", "-p", "http_gzip_support=off"}
	if os.Getuid() == 0 {
		args = append([]string{"-j", "none"}, args...)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program, args...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // it was told to end
		if t.Failed() {
			t.Log(said.String())
		}
	})
	until(t, "varnishd listens", func() bool {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", at)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// until waits for what happens beside, half a minute at most.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(30 * time.Second); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("it never is so that %s", what)
		}
	}
}

// held is what the checklist has against a release.
func held(err error) any {
	var h *release.HeldError
	errors.As(err, &h)
	if h == nil {
		return nil
	}
	return h.Open
}

// TestVarnish looks at the paper through a real Varnish with xkey, as docs/running.md sets it up: it
// answers by itself, and forgets what is published, corrected and withdrawn.
func TestVarnish(t *testing.T) {
	program := needs.Program(t, "varnishd", "varnish varnish-modules")
	at := free(t)
	cfg := config.Default(t.TempDir())
	cfg.Front, cfg.FrontURL = "varnish", []string{"http://" + at}
	a, err := New(t.Context(), cfg, quiet(), Options{Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	n := &newsroom{App: a, t: t}
	n.run()
	n.found()
	varnish(t, program, at, strings.TrimPrefix(n.url, "http://"))

	get := func(path string) (status int, text string, hit bool) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+at+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, inner := range []string{"Surrogate-Key", "Surrogate-Control", "Xkey"} {
			if res.Header.Get(inner) != "" {
				t.Errorf("%s: readers are shown %s", path, inner)
			}
		}
		// Varnish names the request that brought the page as well, if it had it.
		return res.StatusCode, string(body), strings.Contains(res.Header.Get("X-Varnish"), " ")
	}
	kept := func(path string) {
		t.Helper()
		until(t, path+" comes from Varnish", func() bool { _, _, hit := get(path); return hit })
	}
	sections, err := n.Publication.Sections(t.Context(), n.DB.Read())
	if err != nil {
		t.Fatal(err)
	}
	authors, err := n.People.Authors(t.Context(), n.DB.Read())
	if err != nil {
		t.Fatal(err)
	}
	st, err := n.Stories.Create(t.Context(), chiefActor, story.NewStory{Kind: story.News, OriginalLang: "uk", Section: sections[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	st.Authors = append(st.Authors, authors[0].ID)
	if st, err = n.Stories.SaveDetails(t.Context(), chiefActor, st); err != nil {
		t.Fatal(err)
	}
	e, err := n.Editions.Create(t.Context(), chiefActor, st.ID, "uk")
	if err != nil {
		t.Fatal(err)
	}
	write := func(number int) {
		t.Helper()
		saved, err := n.Editions.Save(t.Context(), chiefActor, edition.Save{Edition: e.ID, Base: e.Revision, Doc: document.Doc{
			Headline: "Рада засідає", Slug: "rada",
			Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text(fmt.Sprintf("У понеділок прийшли %d людей.", number))}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		e = saved.Edition
	}
	act := func(cmd release.Command) {
		t.Helper()
		now, err := n.Editions.ByID(t.Context(), n.DB.Read(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if cmd.Act != release.Withdraw {
			cmd.Override = []release.Override{{Edition: now.ID, Code: "no_topic", Reason: "Test"}}
		}
		cmd.Story, cmd.Editions = st.ID, []release.Choice{{Edition: now.ID, Version: now.Version}}
		if _, err := n.Releases.Act(t.Context(), chiefActor, cmd); err != nil {
			t.Fatalf("%v: %+v", err, held(err))
		}
		if e, err = n.Editions.ByID(t.Context(), n.DB.Read(), e.ID); err != nil {
			t.Fatal(err)
		}
	}
	const front, article, feed, other = "/uk/", "/uk/1/rada", "/uk/feed.rss", "/robots.txt"
	kept(front)
	write(1077)
	act(release.Command{Act: release.Publish})
	until(t, "the front tells of the story", func() bool { _, text, _ := get(front); return strings.Contains(text, article) })
	for _, path := range []string{front, article, feed} {
		kept(path)
	}
	write(1099)
	act(release.Command{Act: release.Correct, Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"uk": "Прийшли 1099 людей."}}})
	for _, path := range []string{article, feed} {
		until(t, path+" is corrected", func() bool { _, text, _ := get(path); return strings.Contains(text, "1099") })
	}
	kept(article)
	if status, text, _ := get(article + "?utm_source=x"); status != http.StatusOK || !strings.Contains(text, "1099") {
		t.Errorf("what others count by makes another page: %d", status)
	}
	act(release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{"uk": "Помилка."}})
	until(t, "the story is withdrawn", func() bool { status, _, _ := get(article); return status == http.StatusGone })
	for _, path := range []string{front, feed} {
		until(t, path+" doesn't tell of it", func() bool { _, text, _ := get(path); return !strings.Contains(text, "rada") })
	}
	kept(article)
	if status, _, _ := get(other); status != http.StatusOK {
		t.Errorf("%s: %d", other, status)
	}
	if failed, err := n.Jobs.GivenUp(t.Context()); err != nil || len(failed) > 0 {
		t.Errorf("jobs gave up: %v %v", failed, err)
	}
}
