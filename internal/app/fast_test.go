package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/fastpath"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/story"
)

var anyDate = regexp.MustCompile(`Date: [^\r]*\r\n`)

// raw sends a request and returns all that comes back, but the time; the order of the head's lines says
// nothing.
func raw(t *testing.T, addr, request string) string {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(anyDate.ReplaceAllString(string(b), "Date: now\r\n"), "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// besideNetHTTP is a paper with a story that is out, where it is reached, and where net/http alone answers.
func besideNetHTTP(t *testing.T) (a *App, fast, slow string) {
	t.Helper()
	cfg := config.Default(t.TempDir())
	cfg.TrustedProxies = []string{"127.0.0.1"}
	a, err := New(t.Context(), cfg, quiet(), Options{Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	oneStory(t, a)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended, started := make(chan error, 1), make(chan struct{})
	go func() { ended <- a.Run(ctx, l, func() { close(started) }) }()
	<-started
	alone := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		alone.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a, l.Addr().String(), alone.Listener.Addr().String()
}

// What readers get from memory is what net/http would have sent them, the head's lines among it, and so it is for
// whoever speaks TLS to a proxy.
func TestFromMemoryAsByNetHTTP(t *testing.T) {
	t.Parallel()
	a, fast, slow := besideNetHTTP(t)
	tag := regexp.MustCompile(`Etag: ([^\r]*)\r\n`)
	memory := 0
	for _, target := range []string{"/de/", "/de/1/der-fluss-ist-wieder-sauber", "/de/feed.xml", "/de/1", "/nothing"} {
		for _, coding := range []string{"", "gzip", "gzip, deflate, br, zstd"} {
			for _, more := range []string{"", "X-Forwarded-Proto: https\r\n"} {
				request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: paper.example\r\nConnection: close\r\nAccept-Encoding: %s\r\n%s\r\n", target, coding, more)
				raw(t, fast, request) // now it may lie in memory
				if _, ok := a.inMemory.Page(&fastpath.Request{Target: []byte(target), AcceptEncoding: []byte(coding)}); ok {
					memory++
				}
				requests := []string{request, strings.Replace(request, "GET", "HEAD", 1)}
				if m := tag.FindStringSubmatch(raw(t, slow, request)); m != nil {
					requests = append(requests, strings.Replace(request, "\r\n\r\n", "\r\nIf-None-Match: "+m[1]+"\r\n\r\n", 1))
				}
				for _, r := range requests {
					if got, want := raw(t, fast, r), raw(t, slow, r); got != want {
						t.Errorf("%s\n%s\nnet/http:\n%s", r, headOf(got), headOf(want))
					}
				}
			}
		}
	}
	if memory < 6 {
		t.Errorf("only %d answers lay in memory", memory)
	}
}

func headOf(s string) string {
	head, body, _ := strings.Cut(s, "\r\n\r\n")
	return fmt.Sprintf("%s\n%d bytes", head, len(body))
}

// oneStory makes a paper with a story that is out.
func oneStory(t *testing.T, a *App) {
	t.Helper()
	ctx, who := t.Context(), actor.System("test")
	at := time.Now().Add(-time.Hour)
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		err := a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Meridian", Languages: []lang.Tag{"de"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "https://paper.example"})
		if err != nil {
			return err
		}
		st, err := a.Stories.CreateTx(ctx, tx, who, story.NewStory{Kind: story.News, OriginalLang: "de", At: at})
		if err != nil {
			return err
		}
		_, _, err = a.Editions.Import(ctx, tx, who, edition.Imported{Story: st.ID, Lang: "de", Published: &at, Doc: document.Doc{
			Headline: "Der Fluss ist wieder sauber", Lead: document.Text("Nach zehn Jahren."),
			Blocks: []document.Block{{ID: "b1", Kind: document.Paragraph, Text: document.Text(strings.Repeat("Am Ufer stehen wieder Angler. ", 40))}},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
