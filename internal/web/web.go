// Package web is what all doors of the house share: handlers that return errors, the one place
// where an error becomes a page, the limits on what strangers send, and the headers that protect
// readers and staff.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"depesche/internal/id"
	"depesche/internal/problem"
)

// Handler answers a request or returns the error that it fails with; then it has written nothing.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Site turns the errors of its handlers into answers.
type Site struct {
	Log *slog.Logger
	// ErrorPage shows an error. p is nil for our own faults, which have a reference that stands in
	// the log, too.
	ErrorPage func(w http.ResponseWriter, r *http.Request, status int, p *problem.Error, ref string)
}

// Handle adapts a handler. What a person did wrong becomes a page with its status; our own faults
// and panics become a page with a reference and one line in the log.
func (s *Site) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &watched{ResponseWriter: w}
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler { //nolint:errorlint // the value itself, as net/http does
					panic(v)
				}
				s.fail(seen, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
			}
		}()
		if err := h(seen, r); err != nil {
			s.fail(seen, r, err)
		}
	})
}

func (s *Site) fail(w *watched, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the browser went away; nobody reads an answer
	}
	status := Status(err)
	ref := ""
	var p *problem.Error
	if status == http.StatusInternalServerError {
		ref = id.Short(6)
		s.Log.Error("request failed", "ref", ref, "method", r.Method, "path", r.URL.Path, "err", err)
	} else {
		errors.As(err, &p)
		if p == nil {
			p = problem.New(problem.KindOf(err), defaultKey(problem.KindOf(err)))
		}
		if problem.Is(err, problem.Unavailable) {
			s.Log.Warn("unavailable", "method", r.Method, "path", r.URL.Path, "err", err)
			w.Header().Set("Retry-After", "5")
		}
	}
	if w.begun {
		return // half an answer is out; the connection's end tells the rest
	}
	w.Header().Set("Cache-Control", "no-store")
	s.ErrorPage(w, r, status, p, ref)
}

// defaultKey is the word for errors that say their kind only.
func defaultKey(k problem.Kind) string {
	switch k {
	case problem.NotFound:
		return "problem.not_found"
	case problem.Gone:
		return "problem.gone"
	case problem.Invalid:
		return "problem.invalid"
	case problem.Conflict:
		return "problem.conflict"
	case problem.Forbidden:
		return "problem.forbidden"
	case problem.TooMany:
		return "problem.too_many"
	case problem.Unavailable:
		return "problem.unavailable"
	}
	return "problem.internal"
}

// Status is the HTTP status of an error's kind.
func Status(err error) int {
	switch problem.KindOf(err) {
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

// watched knows whether anything of the answer is out.
type watched struct {
	http.ResponseWriter
	begun bool
}

func (w *watched) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// HTML sends a whole page.
func HTML(w http.ResponseWriter, status int, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	return sent(err)
}

// JSON sends a value.
func JSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err = w.Write(body)
	return sent(err)
}

// sent forgives that the other side hung up.
func sent(err error) error {
	if err != nil {
		return fmt.Errorf("%w: %w", context.Canceled, err)
	}
	return nil
}

// SeeOther answers a form with the page to look at next.
func SeeOther(w http.ResponseWriter, r *http.Request, url string) error {
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// ParseForm reads a form of at most max bytes. Larger ones and such that can't be read are
// problem.Invalid.
func ParseForm(w http.ResponseWriter, r *http.Request, max int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, max)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return problem.Wrap(problem.Invalid, "problem.too_large", err)
		}
		return problem.Wrap(problem.Invalid, "problem.invalid", err)
	}
	return nil
}

// SecurityHeaders sets what every page of ours has; csp is the page's content security policy. A
// handler may set a stricter one of its own.
func SecurityHeaders(csp string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
		next.ServeHTTP(w, r)
	})
}

// CrossOrigin refuses requests that change something and come from another site's page, by
// Sec-Fetch-Site and Origin (https://words.filippo.io/csrf/).
func CrossOrigin(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(next)
}

// Server is an HTTP server with bounds on every client's header and time. The body's time is
// bounded generously: a picture comes over a bad line, too.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute,
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
