package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/coreos/go-systemd/v22/daemon"

	"depesche/internal/app"
	"depesche/internal/config"
)

type serveCmd struct {
	config.Config
}

// Help teaches.
func (serveCmd) Help() string {
	return `Until the paper is set up, an address with a one-time token is in the log: open it in a browser.
Ctrl C or SIGTERM ends it; requests under way are finished.

Examples:

    depesche serve --data /srv/paper
    depesche serve --data /srv/paper --addr :8080 --trusted-proxies 127.0.0.1
    depesche serve --data /srv/paper --addr :80 --tls-addr :443 --acme-hosts paper.example
    depesche serve --data /srv/paper --database postgres://depesche@localhost/paper`
}

// Run serves until it is told to stop.
func (c serveCmd) Run(ctx context.Context) error {
	log := c.Logger(os.Stderr)
	at, err := sockets(ctx, c.Config)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c.Config, log, app.Options{})
	if err != nil {
		return errors.Join(err, closeAll(at))
	}
	defer a.Close() //nolint:errcheck // the server's own error is the one to tell
	token, err := a.SetupToken(ctx)
	if err != nil {
		return err
	}
	stopping := context.AfterFunc(ctx, func() { tell(log, daemon.SdNotifyStopping) })
	defer stopping()
	return a.RunAt(ctx, at, func() {
		addresses := shown(at, c.Config)
		log.Info("serving", "address", strings.Join(addresses, " "), "data", c.Data, "database", a.DB.Engine())
		if token != "" {
			log.Info("this paper isn't set up yet; open the address below, it works once", "address", addresses[0]+"/desk/setup?token="+token)
		}
		tell(log, daemon.SdNotifyReady)
	})
}

// listen opens an address that a setting gives.
func listen(ctx context.Context, addr, setting string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use; choose another with %s, for example %s 127.0.0.1:8090", addr, setting, setting)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: give an address of this machine and a port, as 127.0.0.1:8080 or :8080: %w", setting, err)
	}
	return l, nil
}

type demoCmd struct {
	Addr string `help:"Address to listen on." default:"127.0.0.1:8080" env:"DEPESCHE_ADDR"`
	Data string `help:"Folder to keep the demo in; without it, the demo is forgotten when it ends." type:"path" placeholder:"DIR"`
}

// Help teaches.
func (demoCmd) Help() string {
	return `It prints the addresses and a sign-in for each role. Nothing is asked of the network.

Examples:

    depesche demo
    depesche demo --addr 127.0.0.1:8090 --data /tmp/meridian`
}

// Run shows the demo paper.
func (c demoCmd) Run(ctx context.Context) error {
	l, err := listen(ctx, c.Addr, "--addr")
	if err != nil {
		return err
	}
	cfg := config.Default(c.Data)
	cfg.Addr, cfg.LogLevel = publicAddr(l), "warn"
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "depesche-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cfg.Data = dir
	}
	bar := newBar(os.Stderr, "Writing, translating and publishing the demo paper")
	a, err := app.NewDemo(ctx, cfg, cfg.Logger(os.Stderr), c.Data != "", bar.Step)
	bar.Done()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer a.Close() //nolint:errcheck // the server's own error is the one to tell
	return a.Run(ctx, l, func() { printDemo(os.Stdout, "http://"+publicAddr(l), c.Data) })
}

// publicAddr is the listener's address as a browser on this machine reaches it.
func publicAddr(l net.Listener) string {
	addr := l.Addr().String()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func printDemo(w io.Writer, base, data string) {
	accounts, err := app.DemoAccounts()
	if err != nil {
		slog.Error("demo accounts", "err", err)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nMeridian is on the air.\n\n  For readers   %s/\n  The desk      %s/desk/\n\n", base, base)
	fmt.Fprintf(&b, "  Sign in at the desk; the password is always: %s\n\n", app.DemoPassword)
	for _, acc := range accounts {
		fmt.Fprintf(&b, "  %-12s  %s\n", acc.Role, acc.Email)
	}
	if data == "" {
		b.WriteString("\nThis paper is forgotten when the demo ends; keep it with --data DIR.\n")
	}
	b.WriteString("End it with Ctrl C.\n")
	fmt.Fprint(w, b.String())
}
