// Testpg runs a command with a PostgreSQL server of its own:
//
//	go run ./tools/testpg -- go test ./...
//
// It uses the newest of Debian's PostgreSQL that is installed (/usr/lib/postgresql/*/bin) or the
// one in PATH, in a temporary folder, on a free loopback port, and sets DEPESCHE_TEST_POSTGRES for
// the command. It doesn't wait for the disk unless -durable says so, which measurements do.
// Afterwards nothing of it is left. PostgreSQL doesn't run as root, so root runs it as the user
// postgres.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	durable := flag.Bool("durable", false, "wait for the disk, as a server in earnest does")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: testpg [-durable] -- command [argument ...]")
		os.Exit(2)
	}
	code, err := run(flag.Args(), *durable)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testpg:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(args []string, durable bool) (code int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := start(ctx, durable)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()

	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "DEPESCHE_TEST_POSTGRES="+s.address())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}

type server struct {
	bin, dir string
	port     int
	as       *syscall.Credential // nil: whoever we are
	process  *exec.Cmd
	log      *os.File
}

func start(ctx context.Context, durable bool) (s *server, err error) {
	s = &server{}
	if s.bin, err = binaries(); err != nil {
		return nil, err
	}
	if s.as, err = unprivileged(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "depesche-testpg-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	if s.as != nil {
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			return s, err
		}
	}
	data := filepath.Join(s.dir, "data")
	// How the server sorts doesn't matter: db gives each text column its collation.
	out, err := s.command(ctx, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync").CombinedOutput()
	if err != nil {
		return s, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if s.port, err = freePort(ctx); err != nil {
		return s, err
	}
	if s.log, err = os.Create(filepath.Join(s.dir, "log")); err != nil {
		return s, err
	}
	settings := []string{"-D", data, "-p", strconv.Itoa(s.port), "-k", s.dir, "-c", "listen_addresses=127.0.0.1",
		"-c", "max_connections=200", "-c", "shared_buffers=64MB"}
	if !durable {
		settings = append(settings, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	s.process = s.command(context.WithoutCancel(ctx), "postgres", settings...)
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.process.Start(); err != nil {
		return s, err
	}
	return s, s.waitReady(ctx)
}

// command runs in the folder, since the user postgres may not read ours, and in a process group
// of its own, so that Ctrl-C reaches it through us.
func (s *server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	return cmd
}

func (s *server) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if s.command(ctx, "pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(s.port)).Run() == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			log, _ := os.ReadFile(s.log.Name())
			return fmt.Errorf("the server doesn't come up: %w\n%s", ctx.Err(), log)
		}
	}
}

func (s *server) address() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", s.port)
}

func (s *server) stop() error {
	if s.process != nil && s.process.Process != nil {
		// SIGQUIT ends it at once; there is nothing to be kept.
		if err := s.process.Process.Signal(syscall.SIGQUIT); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		_ = s.process.Wait() // its exit code says that it was ended
	}
	if s.log != nil {
		s.log.Close()
	}
	return os.RemoveAll(s.dir)
}

// binaries returns the folder of the newest PostgreSQL.
func binaries() (string, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	dirs = slices.DeleteFunc(dirs, func(d string) bool {
		_, err := os.Stat(filepath.Join(d, "initdb"))
		return err != nil
	})
	if len(dirs) > 0 {
		return slices.MaxFunc(dirs, func(a, b string) int { return version(a) - version(b) }), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", errors.New("PostgreSQL isn't installed; on Debian: apt-get install -y postgresql")
}

func version(dir string) int {
	n, _ := strconv.Atoi(strings.Split(dir, "/")[4])
	return n
}

func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root needs the user postgres to run it: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func freePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close() //nolint:errcheck // nothing was sent over it
	return l.Addr().(*net.TCPAddr).Port, nil
}
