package db

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Held is a lock that lasts as long as its process lives and wants it.
type Held struct {
	conn *pgx.Conn // PostgreSQL's: the lock is its session's
	file *os.File
	key  int64
}

// Hold takes the lock called name for this process, or returns nil if another holds it. A process
// that dies lets go at once. On SQLite, who opens a lock's file at the very moment in which it is given
// back may hold it beside another: a name that is used again keeps people from stumbling, not data from
// harm.
func (d *DB) Hold(ctx context.Context, name string) (*Held, error) {
	if d.engine == SQLite {
		f, err := tryLockFile(d.path + "." + name)
		if f == nil || err != nil {
			return nil, err
		}
		return &Held{file: f}, nil
	}
	h := fnv.New64a()
	h.Write([]byte(name))
	held := &Held{key: int64(h.Sum64())}
	var err error
	if held.conn, err = pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig); err != nil {
		return nil, fault(err)
	}
	var ok bool
	err = held.conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", held.key).Scan(&ok)
	if err != nil || !ok {
		return nil, errors.Join(fault(err), held.conn.Close(ctx))
	}
	return held, nil
}

// Check returns an error if the lock was lost, as by a broken connection.
func (h *Held) Check(ctx context.Context) error {
	if h.conn == nil {
		return nil
	}
	return fault(h.conn.Ping(ctx))
}

// Release gives the lock back, and takes the trace of it from the disk.
func (h *Held) Release() {
	if h.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), releaseWithin)
		defer cancel()
		// The server ends a session some time after it was left, and the lock with it: so it is given back
		// first, or the next one finds it held.
		_, _ = h.conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", h.key)
		_ = h.conn.Close(ctx)
		return
	}
	os.Remove(h.file.Name())
	h.file.Close()
}

// young is how old a lock's file is at least when it is swept: its process has long taken the lock.
const young = time.Minute

// SweepHolds takes the traces of locks from the disk whose names begin with prefix and whose
// processes died.
func (d *DB) SweepHolds(prefix string) error {
	if d.engine != SQLite {
		return nil
	}
	left, err := filepath.Glob(globEscape.Replace(d.path) + "." + prefix + "*")
	if err != nil {
		return err
	}
	for _, name := range left {
		st, err := os.Stat(name)
		if err != nil || time.Since(st.ModTime()) < young {
			continue
		}
		f, err := tryLockFile(name)
		if err != nil {
			return fmt.Errorf("sweep locks: %w", err)
		}
		if f != nil {
			(&Held{file: f}).Release()
		}
	}
	return nil
}

var globEscape = strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`, `\`, `\\`)
