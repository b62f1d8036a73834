package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"

	"depesche/internal/app"
	"depesche/internal/config"
)

// sockets are where the server listens: those that systemd holds for us, else the addresses of the settings.
// All are opened before anything else is done, so that a taken port is told at once.
func sockets(ctx context.Context, c config.Config) (app.Listeners, error) {
	at, err := inherited()
	if err != nil || at.Kept {
		return at, err
	}
	l, err := listen(ctx, c.Addr, "--addr")
	if err != nil {
		return at, err
	}
	at.Plain = append(at.Plain, l)
	if c.TLSAddr == "" {
		return at, nil
	}
	if l, err = listen(ctx, c.TLSAddr, "--tls-addr"); err != nil {
		return at, errors.Join(err, closeAll(at))
	}
	at.TLS = append(at.TLS, l)
	return at, nil
}

// tlsSocket is the FileDescriptorName of a socket for HTTPS; all others are for HTTP.
const tlsSocket = "https"

// inherited are the sockets of the unit depesche.socket and its like.
func inherited() (app.Listeners, error) {
	var at app.Listeners
	names, err := activation.ListenersWithNames()
	if err != nil {
		return at, fmt.Errorf("sockets from systemd: %w", err)
	}
	for name, list := range names {
		at.Kept = true
		if name == tlsSocket {
			at.TLS = append(at.TLS, list...)
		} else {
			at.Plain = append(at.Plain, list...)
		}
	}
	return at, nil
}

func closeAll(at app.Listeners) error {
	var errs []error
	for _, l := range append(at.Plain, at.TLS...) {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// shown are the addresses as a browser reaches them, the first one to be opened first: by the name that
// there is a certificate for, else from this machine.
func shown(at app.Listeners, c config.Config) (addresses []string) {
	for _, l := range at.TLS {
		addr := publicAddr(l)
		if _, port, err := net.SplitHostPort(addr); err == nil && len(c.ACMEHosts) > 0 {
			addr = strings.TrimSuffix(net.JoinHostPort(c.ACMEHosts[0], port), ":443")
		}
		addresses = append(addresses, "https://"+addr)
	}
	for _, l := range at.Plain {
		addresses = append(addresses, "http://"+publicAddr(l))
	}
	return addresses
}

// tell says to systemd, where it started us, how far we are.
func tell(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("systemd isn't told", "state", state, "err", err)
	}
}
