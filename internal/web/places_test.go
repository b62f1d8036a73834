package web_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"depesche/internal/web"
)

// Doors share their places: who floods all of them at once gets no more connections than one door has, and everybody
// is answered in turn.
func TestAFloodAtAllDoors(t *testing.T) {
	const most, each = 6, 12
	plain, _ := listen(t)
	second, _ := listen(t)
	secure, _ := listen(t)
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", t.TempDir()+"/door")
	if err != nil {
		t.Fatal(err)
	}
	var inside, peak atomic.Int64
	full, next := make(chan struct{}, 1), make(chan struct{})
	h := http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) {
		n := inside.Add(1)
		for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
		}
		if n >= most {
			select {
			case full <- struct{}{}:
			default:
			}
		}
		<-next
		inside.Add(-1)
	})
	c := &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}, MinVersion: tls.VersionTLS13}
	doors := []web.Door{{Listener: plain, Handler: h}, {Listener: second, Handler: h}, {Listener: secure, Handler: h, TLS: c}, {Listener: socket, Handler: h}}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error)
	go func() { ended <- web.Serve(ctx, web.Opening{Log: slog.New(slog.DiscardHandler), Most: most}, doors...) }()
	var flood errgroup.Group
	for _, d := range doors {
		for range each {
			flood.Go(func() error { return askOnce(t, d) })
		}
	}
	<-full
	close(next)
	if err := flood.Wait(); err != nil {
		t.Error(err)
	}
	if n := peak.Load(); n > most+int64(len(doors)) {
		t.Errorf("%d connections at once, %d are allowed", n, most)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func askOnce(t *testing.T, d web.Door) error {
	conn, err := (&net.Dialer{}).DialContext(t.Context(), d.Listener.Addr().Network(), d.Listener.Addr().String())
	if err != nil {
		return err
	}
	defer conn.Close()
	if d.TLS != nil {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}) //nolint:gosec // whoever floods doesn't ask
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return fmt.Errorf("%s: %w", d.Listener.Addr(), err)
	}
	return res.Body.Close()
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	from := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, from, from, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
