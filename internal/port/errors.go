package port

import (
	"context"
	"errors"
	"fmt"

	"depesche/internal/problem"
)

// BrokenError says that a file can't be read, where, and why. It is problem.Invalid.
type BrokenError struct {
	File   string
	Line   int64
	Reason string
}

// Error names file, line and reason.
func (e *BrokenError) Error() string { return fmt.Sprintf("%s: line %d: %s", e.File, e.Line, e.Reason) }

// ProblemKind says that the file is to blame.
func (e *BrokenError) ProblemKind() problem.Kind { return problem.Invalid }

// twoSitesError says that files aren't of one site.
type twoSitesError struct{ this, before string }

func (e *twoSitesError) Error() string {
	return fmt.Sprintf("it is an export of %s, the one before of %s: import one site after the other", e.this, e.before)
}

func (e *twoSitesError) ProblemKind() problem.Kind { return problem.Invalid }

// otherError says that a number belongs to another post already.
type otherError struct{ number, headline string }

func (e *otherError) Error() string {
	return fmt.Sprintf("another post with the number %s came in from this site before (%s): if it is another site's, name the site by an origin of its own", e.number, e.headline)
}

func (e *otherError) ProblemKind() problem.Kind { return problem.Conflict }

// reasons are what the rooms refuse, in the report's words: those of the catalogue speak to the one
// who uploads.
var reasons = map[string]string{
	"problem.picture_wrong_type": "no picture that can be read: JPEG, PNG, WebP, GIF or SVG",
	"problem.picture_too_large":  "its file is too large, or it has more than 100 million pixels",
	"problem.picture_bomb":       "it needs more memory than a stranger's file is given",
	"problem.picture_shape":      "too narrow for its length",
	"problem.picture_broken":     "damaged",
	"problem.drawing_refused":    "a drawing with something in it that has no place in a picture",
	"problem.disk_full":          "the disk is full",
}

// reason says why something couldn't be had or taken in, for the report: the innermost cause, without
// the way that it came.
func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "it took too long"
	}
	var p *problem.Error
	if errors.As(err, &p) {
		if r := reasons[p.Key]; r != "" {
			return r
		}
		if p.Cause == nil {
			return p.Error()
		}
		err = p.Cause
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
