// Package web is what all HTTP doors share: handlers that return errors, errors that become pages,
// forms, limits and security headers.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"

	"depesche/internal/id"
	"depesche/internal/problem"
)

// Handler answers a request or returns an error, and then has written nothing.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Site turns the errors of its handlers into answers. A nil ErrorPage answers in plain text.
type Site struct {
	Log *slog.Logger

	// ErrorPage writes the page for people. err has a kind and a key always; ref is set for our own
	// faults, stands in the log too, and is what a person can read to the technician.
	ErrorPage func(w http.ResponseWriter, r *http.Request, status int, err *problem.Error, ref string)
}

// Handle adapts h. An error becomes a status and a page; our own faults, panics among them, also
// become one line in the log. Nothing is answered or logged when the reader has gone away.
func (s *Site) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &tracked{ResponseWriter: w}
		if err := s.run(h, t, r); err != nil {
			s.Fail(t, r, err)
		}
	})
}

func (s *Site) run(h Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			err = &panicked{p, debug.Stack()}
		}
	}()
	return h(w, r)
}

// Fail answers with err, as [Site.Handle] does for a handler that returned it.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	t, _ := w.(*tracked)
	if t != nil && t.gone || r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	p, status := Describe(err), Status(err)
	ref := ""
	if status >= http.StatusInternalServerError {
		ref = id.Short(6)
		s.report(r, err, p, ref)
	}
	if t != nil && t.written {
		// Half a page can't be taken back; cutting the connection at least says that it is half.
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	for _, name := range []string{"Content-Length", "Content-Encoding", "Etag", "Last-Modified"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	switch status {
	case http.StatusTooManyRequests:
		h.Set("Retry-After", "30")
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	}
	if s.ErrorPage != nil {
		s.ErrorPage(w, r, status, p, ref)
		return
	}
	text := http.StatusText(status)
	if ref != "" {
		text += " (" + ref + ")"
	}
	http.Error(w, text, status)
}

// report logs the path without its query, which may hold a token.
func (s *Site) report(r *http.Request, err error, p *problem.Error, ref string) {
	if s.Log == nil {
		return
	}
	level := slog.LevelError
	if p.Kind == problem.Unavailable {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{
		slog.String("ref", ref), slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Any("error", err),
	}
	var fall *panicked
	if errors.As(err, &fall) {
		attrs = append(attrs, slog.String("stack", string(fall.stack)))
	}
	s.Log.LogAttrs(r.Context(), level, "request failed", attrs...)
}

type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func (p *panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// words has a kind's general word, for errors that have none of their own.
var words = map[problem.Kind]string{
	problem.Internal:    "problem.internal",
	problem.NotFound:    "problem.not_found",
	problem.Gone:        "problem.gone",
	problem.Invalid:     "problem.invalid",
	problem.Conflict:    "problem.conflict",
	problem.Forbidden:   "problem.forbidden",
	problem.TooMany:     "problem.too_many_requests",
	problem.Unavailable: "problem.unavailable",
}

// Describe returns err as it is told to people: with a kind and a word, whatever it was.
func Describe(err error) *problem.Error {
	var fall *panicked
	if errors.As(err, &fall) {
		return problem.Wrap(problem.Internal, words[problem.Internal], err)
	}
	if tooLarge(err) {
		return problem.Wrap(problem.TooMany, "problem.too_large", err)
	}
	if errors.Is(err, context.DeadlineExceeded) && problem.KindOf(err) == problem.Internal {
		return problem.Wrap(problem.Unavailable, words[problem.Unavailable], err)
	}
	k := problem.KindOf(err)
	var p *problem.Error
	if errors.As(err, &p) && p.Kind == k && p.Key != "" {
		return p
	}
	return problem.Wrap(k, words[k], err)
}

// Status returns the HTTP status that tells err.
func Status(err error) int {
	if tooLarge(err) {
		return http.StatusRequestEntityTooLarge
	}
	switch Describe(err).Kind {
	case problem.NotFound:
		return http.StatusNotFound
	case problem.Gone:
		return http.StatusGone
	case problem.Invalid:
		return http.StatusUnprocessableEntity
	case problem.Conflict:
		return http.StatusConflict
	case problem.Forbidden:
		return http.StatusForbidden
	case problem.TooMany:
		return http.StatusTooManyRequests
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func tooLarge(err error) bool {
	var limit *http.MaxBytesError
	return errors.As(err, &limit)
}

// tracked knows whether anything was answered, and whether the reader broke off meanwhile.
type tracked struct {
	http.ResponseWriter
	written, gone bool
}

func (t *tracked) WriteHeader(status int) {
	if status >= 200 {
		t.written = true
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *tracked) Write(b []byte) (int, error) {
	t.written = true
	n, err := t.ResponseWriter.Write(b)
	var broken *net.OpError // of the connection: what the handler may not write isn't one
	t.gone = t.gone || errors.As(err, &broken)
	return n, err
}

// Unwrap is for http.ResponseController: flushing, deadlines.
func (t *tracked) Unwrap() http.ResponseWriter { return t.ResponseWriter }
