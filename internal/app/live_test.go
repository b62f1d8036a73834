package app

import (
	"bufio"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
)

// TestStoppingWaitsForNoOpenPage: a stream would hold the server's stop up until it is cut off, which is an error.
func TestStoppingWaitsForNoOpenPage(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default(t.TempDir())
	cfg.Addr = l.Addr().String()
	a, err := New(ctx, cfg, slog.New(slog.DiscardHandler), Options{Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	base := "http://" + cfg.Addr
	if err := a.DB.Write(ctx, func(tx *db.Tx) error {
		return a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Kurier", Languages: []lang.Tag{"de"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: base})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.People.CreateStaff(ctx, actor.System("test"), people.NewStaff{Name: "Carla Chief", Email: "chief@kurier.example", Role: actor.Chief, Password: "between the lines", UILang: "en"}); err != nil {
		t.Fatal(err)
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- a.Run(run, l, nil) }()

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	res, err := c.PostForm(base+"/desk/sign-in", url.Values{"email": {"chief@kurier.example"}, "password": {"between the lines"}}) //nolint:noctx // the server of this test
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	res, err = c.Get(base + "/desk/events") //nolint:noctx // it ends with the server
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	in := bufio.NewScanner(res.Body)
	for in.Scan() && in.Text() != "event: hello" {
	}
	if in.Text() != "event: hello" {
		t.Fatalf("no stream: %s", res.Status)
	}
	stop()
	for in.Scan() {
	}
	if err := in.Err(); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the house ended: %v", err)
	}
}
