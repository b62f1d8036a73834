package db

import (
	"context"
	"database/sql"
)

// Notebook is told what is read through a [Noted] connection, so that whoever keeps what was made of
// it knows when to forget it.
type Notebook interface {
	// Note is told of one thing, or list of things, that was looked at: what it is and which. Of one
	// that isn't there as well: it may be there later.
	Note(what, which string)

	// Fact is told of something that follows from many things and changes seldom, with its value: the
	// sections that have a story, say.
	Fact(name, value string)
}

// Noted returns q with a notebook: what is read through it is noted there.
func Noted(q Conn, b Notebook) Conn { return noted{q, b} }

type noted struct {
	Conn
	book Notebook
}

func (n noted) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if w, ok := n.book.(interface{ Statement(string) }); ok {
		w.Statement(query)
	}
	return n.Conn.QueryContext(ctx, query, args...)
}

func (n noted) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if w, ok := n.book.(interface{ Statement(string) }); ok {
		w.Statement(query)
	}
	return n.Conn.QueryRowContext(ctx, query, args...)
}

// Note tells q's notebook, if it has one, that these were looked at. Each room notes what its reads
// depend on; reader.Invalidate says which events make them false.
func Note[ID ~string](q Conn, what string, which ...ID) {
	n, ok := q.(noted)
	if !ok {
		return
	}
	for _, id := range which {
		n.book.Note(what, string(id))
	}
}

// NoteFact tells q's notebook, if it has one, of a fact. value is asked only then.
func NoteFact(q Conn, name string, value func() string) {
	if n, ok := q.(noted); ok {
		n.book.Fact(name, value())
	}
}
