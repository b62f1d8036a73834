package db

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"depesche/internal/problem"
)

// The words for what a database can refuse.
const (
	keyTaken     = "problem.taken"              // the value is already there
	keyReference = "problem.reference"          // still in use, or what it belongs to is gone
	keyValue     = "problem.value"              // a value the schema doesn't allow
	keyBusy      = "problem.database_busy"      // too much at once, try again
	keyFull      = "problem.disk_full"          // the disk is full
	keyDisk      = "problem.disk_fault"         // the disk can't be read or written
	keyReadOnly  = "problem.database_read_only" // a stand-by server, or a file without rights
	keyAway      = "problem.database_away"      // can't be reached
	keyNotFound  = "problem.not_found"
)

// One gives the error of a single row's Scan its kind: no row is [problem.NotFound].
func One(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return problem.Wrap(problem.NotFound, keyNotFound, err)
	}
	return fault(err)
}

// fault gives a driver's error its kind, by code and never by text. Errors that have a kind, and
// those of the context, stay what they are.
func fault(err error) error {
	var kinded interface{ ProblemKind() problem.Kind }
	if err == nil || errors.As(err, &kinded) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	k, key := classify(err)
	if key == "" {
		return err
	}
	return problem.Wrap(k, key, err)
}

func classify(err error) (problem.Kind, string) {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return classifySQLite(lite.Code())
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return classifyPostgres(pg.Code)
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return problem.Unavailable, keyFull
	}
	var connect *pgconn.ConnectError
	var network net.Error
	var file *os.PathError
	switch {
	case errors.As(err, &file): // before the network: the system's error numbers pass for its errors
		return problem.Unavailable, keyDisk
	case errors.As(err, &connect), errors.As(err, &network),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, sql.ErrConnDone), errors.Is(err, syscall.ECONNRESET):
		return problem.Unavailable, keyAway
	}
	return problem.Internal, ""
}

func classifySQLite(code int) (problem.Kind, string) {
	switch code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return problem.Conflict, keyTaken
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return problem.Conflict, keyReference
	case lib.SQLITE_CONSTRAINT_CHECK:
		return problem.Invalid, keyValue
	}
	switch code & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return problem.Unavailable, keyBusy
	case lib.SQLITE_FULL:
		return problem.Unavailable, keyFull
	case lib.SQLITE_IOERR, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_CANTOPEN:
		return problem.Unavailable, keyDisk
	case lib.SQLITE_READONLY:
		return problem.Unavailable, keyReadOnly
	}
	return problem.Internal, ""
}

func classifyPostgres(code string) (problem.Kind, string) {
	switch code {
	case "23505", "23P01":
		return problem.Conflict, keyTaken
	case "23503", "23001":
		return problem.Conflict, keyReference
	case "23514":
		return problem.Invalid, keyValue
	case "40001", "40P01", "55P03", "57014", "53200", "53400":
		return problem.Unavailable, keyBusy
	case "53100":
		return problem.Unavailable, keyFull
	case "58030", "XX001", "XX002":
		return problem.Unavailable, keyDisk
	case "25006":
		return problem.Unavailable, keyReadOnly
	case "53300", "57P01", "57P02", "57P03", "57P05":
		return problem.Unavailable, keyAway
	}
	if len(code) == 5 && code[:2] == "08" {
		return problem.Unavailable, keyAway
	}
	return problem.Internal, ""
}

// lostRace reports whether the transaction did nothing and may well succeed if run again.
func lostRace(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		c := lite.Code() & 0xff
		return c == lib.SQLITE_BUSY || c == lib.SQLITE_LOCKED
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01":
			return true
		case "0A000": // a cached plan is out of date, since a newer node migrated; pgx has dropped it now
			return true
		}
	}
	return false
}
