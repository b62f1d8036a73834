package dbtest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"depesche/internal/clock"
	"depesche/internal/db"
)

const (
	killEnv      = "DEPESCHE_KILL_TEST"
	acknowledged = "acknowledged "
)

// EachDurable runs fn on what opens a new database that waits for the disk, on each engine that is there.
func EachDurable(t *testing.T, fn func(t *testing.T, o db.Options)) {
	t.Helper()
	t.Run(db.SQLite, func(t *testing.T) {
		o := SQLite(t)
		o.Loose = false
		fn(t, o)
	})
	if os.Getenv(Env) != "" {
		t.Run(db.Postgres, func(t *testing.T) { fn(t, Postgres(t)) })
	}
}

// Kill starts the same test, which begins with [Victim], as a process of its own, and kills it (SIGKILL) in
// the middle of what comes after so many acknowledgements. It returns all of them.
func Kill(t *testing.T, o db.Options, round, after int) []string {
	t.Helper()
	test, _, _ := strings.Cut(t.Name(), "/")
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	// What it can't take away itself goes with this test.
	child.Env = append(os.Environ(), "TMPDIR="+t.TempDir(), fmt.Sprintf("%s=%d %s %s", killEnv, round, o.Dir, o.URL))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		key, ok := strings.CutPrefix(lines.Text(), acknowledged)
		if !ok {
			t.Log(lines.Text())
			continue
		}
		if keys = append(keys, key); len(keys) == after {
			if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(keys) < after {
		t.Fatalf("%s ended by itself after %d: %v", test, len(keys), err)
	}
	return keys
}

// Victim reports whether this process is one that [Kill] started. Then work is done in it, for ever, on the
// database that is killed, with the round that it is and the way to acknowledge; the test returns
// afterwards. c may be nil.
func Victim(t *testing.T, c clock.Clock, work func(d *db.DB, round string, acknowledge func(key string))) bool {
	t.Helper()
	what := os.Getenv(killEnv)
	if what == "" {
		return false
	}
	round, where, _ := strings.Cut(what, " ")
	dir, url, _ := strings.Cut(where, " ")
	d, err := db.Open(t.Context(), db.Options{Dir: dir, URL: url, Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	work(d, round, func(key string) { fmt.Println(acknowledged + key) })
	return true
}
