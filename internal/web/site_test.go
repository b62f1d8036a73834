package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"depesche/internal/problem"
	"depesche/internal/web"
)

type held struct{}

func (held) Error() string             { return "held" }
func (held) ProblemKind() problem.Kind { return problem.Invalid }

// site answers errors with "status key ref" and collects its log.
func site(log io.Writer) *web.Site {
	return &web.Site{
		Log: slog.New(slog.NewTextHandler(log, nil)),
		ErrorPage: func(w http.ResponseWriter, _ *http.Request, status int, err *problem.Error, ref string) {
			w.WriteHeader(status)
			fmt.Fprintf(w, "%d %s %s", status, err.Key, ref)
		},
	}
}

func TestErrorsBecomePages(t *testing.T) {
	var log bytes.Buffer
	s := site(&log)
	for name, c := range map[string]struct {
		err    error
		want   string // a pattern
		logged bool
	}{
		"missing":          {problem.New(problem.NotFound, "problem.not_found"), `^404 problem\.not_found $`, false},
		"wrapped":          {fmt.Errorf("show: %w", problem.New(problem.Gone, "problem.gone")), `^410 problem\.gone $`, false},
		"without a word":   {problem.New(problem.Conflict, ""), `^409 problem\.conflict $`, false},
		"a room's own":     {fmt.Errorf("publish: %w", held{}), `^422 problem\.invalid $`, false},
		"outer kind wins":  {problem.Wrap(problem.Forbidden, "problem.no", problem.New(problem.NotFound, "x")), `^403 problem\.no $`, false},
		"too often":        {problem.New(problem.TooMany, "problem.too_many_requests"), `^429 problem\.too_many_requests $`, false},
		"too large":        {fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 3}), `^413 problem\.too_large $`, false},
		"not now":          {problem.New(problem.Unavailable, "problem.disk_full"), `^503 problem\.disk_full [0-9A-Z]{6}$`, true},
		"took too long":    {context.DeadlineExceeded, `^503 problem\.unavailable [0-9A-Z]{6}$`, true},
		"our fault":        {errors.New("secret detail"), `^500 problem\.internal [0-9A-Z]{6}$`, true},
		"panic":            {nil, `^500 problem\.internal [0-9A-Z]{6}$`, true},
		"panic with a 404": {nil, `^500 problem\.internal [0-9A-Z]{6}$`, true},
	} {
		t.Run(name, func(t *testing.T) {
			log.Reset()
			h := s.Handle(func(w http.ResponseWriter, r *http.Request) error {
				w.Header().Set("Content-Length", "7")
				w.Header().Set("Cache-Control", "public")
				switch name {
				case "panic":
					panic("secret detail")
				case "panic with a 404":
					panic(problem.New(problem.NotFound, "problem.not_found"))
				}
				return c.err
			})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/a?token=hidden", nil))
			body := w.Body.String()
			if !regexp.MustCompile(c.want).MatchString(body) {
				t.Errorf("answered %q", body)
			}
			if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Length") != "" {
				t.Errorf("headers: %v", w.Header())
			}
			lines := strings.Count(log.String(), "\n")
			if c.logged != (lines == 1) || strings.Contains(log.String(), "hidden") {
				t.Errorf("log: %s", &log)
			}
			if i := strings.LastIndexByte(body, ' '); c.logged && !strings.Contains(log.String(), "ref="+body[i+1:]) {
				t.Errorf("reference of %q isn't in the log: %s", body, &log)
			}
		})
	}
}

func TestReaderWhoLeftIsNoError(t *testing.T) {
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	h := site(&log).Handle(func(_ http.ResponseWriter, r *http.Request) error { return r.Context().Err() })
	h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	if w.Body.Len() > 0 || log.Len() > 0 {
		t.Errorf("answered %q, logged %q", w.Body, &log)
	}
}

func TestReaderWhoBreaksOffIsNoError(t *testing.T) {
	var log bytes.Buffer
	broke := make(chan error, 1)
	srv := httptest.NewServer(site(&log).Handle(func(w http.ResponseWriter, _ *http.Request) error {
		part := bytes.Repeat([]byte("much "), 1<<13)
		for {
			if _, err := w.Write(part); err != nil {
				err = fmt.Errorf("write a page: %w", err)
				broke <- err
				return err
			}
		}
	}))
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if err := <-broke; errors.Is(err, context.Canceled) {
		t.Fatalf("a fault that Go's server names itself: %v", err)
	}
	srv.Close() // the log is written by then
	if log.Len() > 0 {
		t.Errorf("log: %s", &log)
	}
}

func TestHalfAPageIsCutOff(t *testing.T) {
	var log bytes.Buffer
	srv := httptest.NewServer(site(&log).Handle(func(w http.ResponseWriter, _ *http.Request) error {
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		return errors.New("then it broke")
	}))
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("read %q as if it were whole", b)
	}
	srv.Close() // the log is written by then
	if !strings.Contains(log.String(), "then it broke") {
		t.Errorf("log: %s", &log)
	}
}

func TestWithoutErrorPage(t *testing.T) {
	s := &web.Site{}
	w := httptest.NewRecorder()
	s.Handle(func(http.ResponseWriter, *http.Request) error { return errors.New("secret") }).
		ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
