package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"depesche/internal/problem"
)

// SeeOther sends the browser on to url after a form was taken.
func SeeOther(w http.ResponseWriter, r *http.Request, url string) error {
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// HTML answers with a page.
func HTML(w http.ResponseWriter, status int, page []byte) error {
	return write(w, status, "text/html; charset=utf-8", page)
}

// JSON answers with v. Unless the header says otherwise nobody keeps it.
func JSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	return write(w, status, "application/json", append(b, '\n'))
}

// write ignores that the reader may have gone: nobody is left to be told.
func write(w http.ResponseWriter, status int, contentType string, b []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	w.Write(b)
	return nil
}

// formMemory is what of an upload is held in memory; the rest waits in temporary files, which
// net/http removes after the request.
const formMemory = 1 << 20

// ParseForm reads a form, with files or without, of at most maxBytes. Too large is
// [problem.TooMany]; unreadable, or text that isn't UTF-8 or has a NUL, which no database takes, is
// [problem.Invalid].
func ParseForm(w http.ResponseWriter, r *http.Request, maxBytes int64) error {
	r.Body = Bound(r.Body, maxBytes)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = r.ParseMultipartForm(formMemory)
	} else {
		err = r.ParseForm()
	}
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &limit):
		return problem.Wrap(problem.TooMany, "problem.too_large", err)
	case err != nil:
		return problem.Wrap(problem.Invalid, "problem.invalid", err)
	}
	for name, values := range r.Form {
		for _, v := range append([]string{name}, values...) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return problem.New(problem.Invalid, "problem.bad_characters")
			}
		}
	}
	return nil
}
