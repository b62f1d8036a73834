package port

import (
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
