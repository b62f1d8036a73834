package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	acmedb "github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"golang.org/x/net/dns/dnsmessage"

	"depesche/internal/clock"
	"depesche/internal/web"
)

// authority is Let's Encrypt's own small server. It looks names up at names, and comes back to the ports.
func authority(t *testing.T, plainPort, tlsPort int) (dir *httptest.Server, roots *x509.CertPool) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	quiet := log.New(io.Discard, "", 0)
	store := acmedb.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "for tests"}})
	check := va.New(quiet, plainPort, tlsPort, false, names(t), store)
	front := wfe.New(quiet, store, check, issuer, []string{"authority.example"}, false, false, 1, 1)
	dir = httptest.NewTLSServer(front.Handler())
	t.Cleanup(dir.Close)
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	return dir, roots
}

// names is a name server, by TCP, for which every host is this machine.
func names(t *testing.T) string {
	t.Helper()
	l, _ := listen(t)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for length := [2]byte{}; ; {
					if _, err := io.ReadFull(c, length[:]); err != nil {
						return
					}
					q := make([]byte, binary.BigEndian.Uint16(length[:]))
					if _, err := io.ReadFull(c, q); err != nil {
						return
					}
					a := named(q)
					_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...)) //nolint:gosec // short
				}
			}()
		}
	}()
	return l.Addr().String()
}

func named(question []byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) != 1 {
		return nil
	}
	m.Response, m.Additionals = true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}

func listen(t *testing.T) (l net.Listener, port int) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l, l.Addr().(*net.TCPAddr).Port
}

// opens serves h at a plain door and one of TLS.
func opens(t *testing.T, plain, secure net.Listener, c web.Certificates, h http.Handler) {
	t.Helper()
	lead := c.ToTLS(secure.Addr(), h)
	at80 := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // where no port is said
		r.Host, _, _ = strings.Cut(r.Host, ":")
		lead.ServeHTTP(w, r)
	})
	serve(t, web.Door{Listener: plain, Handler: at80}, web.Door{Listener: secure, Handler: h, TLS: c.Config})
}

// serve answers at the doors until the test is over.
func serve(t *testing.T, doors ...web.Door) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error)
	go func() { ended <- web.Serve(ctx, web.Opening{Log: slog.New(slog.DiscardHandler)}, doors...) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// client reaches every host at the two listeners.
func client(t *testing.T, roots *x509.CertPool, plain, secure net.Listener) *http.Client {
	t.Helper()
	tr := &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			to := plain.Addr().String()
			if _, port, _ := net.SplitHostPort(addr); port != "80" {
				to = secure.Addr().String()
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		},
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

var paper = web.SecurityHeaders("", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, r.Proto+" "+r.RequestURI)
}))

// A certificate is obtained from a real authority, in each of the two ways, and kept for the next start.
func TestObtain(t *testing.T) {
	for way, open := range map[string]bool{"tls-alpn-01": true, "http-01": false} {
		t.Run(way, func(t *testing.T) {
			plain, plainPort := listen(t)
			secure, tlsPort := listen(t)
			if !open {
				gone, port := listen(t)
				_ = gone.Close()
				tlsPort = port
			}
			dir, roots := authority(t, plainPort, tlsPort)
			acme := web.ACME{Hosts: []string{"Paper.example"}, Directory: dir.URL + wfe.DirectoryPath, Folder: t.TempDir(), Client: dir.Client()}
			opens(t, plain, secure, acme.Obtain(), paper)
			c := client(t, roots, plain, secure)
			res, err := c.Get("http://paper.example/de/?a=b") //nolint:noctx // the server of this test
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, _ := io.ReadAll(res.Body)
			if string(body) != "HTTP/2.0 /de/?a=b" || res.Header.Get("Strict-Transport-Security") == "" || res.Request.URL.Scheme != "https" {
				t.Errorf("%s %q %v", res.Request.URL, body, res.Header)
			}
			if _, err := c.Get("https://other.example/"); err == nil { //nolint:noctx,bodyclose // fails
				t.Error("a certificate for a host that isn't ours")
			}
			dir.Close() // the next start needs nobody
			plain2, _ := listen(t)
			secure2, _ := listen(t)
			opens(t, plain2, secure2, acme.Obtain(), paper)
			again, err := client(t, roots, plain2, secure2).Get("https://paper.example/") //nolint:noctx // the server of this test
			if err != nil {
				t.Fatalf("from the folder: %v", err)
			}
			again.Body.Close()
		})
	}
}

func TestToTLS(t *testing.T) {
	c := web.Certificates{Ours: func(h string) bool { return strings.HasSuffix(h, "paper.example") }, Name: "paper.example"}
	for name, w := range map[string]struct {
		method, target, host, tls string
		code                      int
		location                  string
	}{
		"a page":             {"GET", "/de/?a=b", "www.paper.example", ":443", 301, "https://www.paper.example/de/?a=b"},
		"with a port":        {"HEAD", "/", "PAPER.example.:80", ":443", 301, "https://paper.example/"},
		"to another port":    {"GET", "/", "paper.example:8080", ":8443", 301, "https://paper.example:8443/"},
		"a form":             {"POST", "/desk/sign-in", "paper.example", ":443", 308, "https://paper.example/desk/sign-in"},
		"another's name":     {"GET", "/", "evil.example", ":443", 301, "https://paper.example/"},
		"a name with a user": {"GET", "/", "paper.example@evil.example", ":443", 301, "https://paper.example/"},
		"an address":         {"GET", "/", "127.0.0.1", ":443", 301, "https://paper.example/"},
	} {
		r := httptest.NewRequest(w.method, w.target, nil)
		r.Host = w.host
		got := httptest.NewRecorder()
		addr, err := net.ResolveTCPAddr("tcp", w.tls)
		if err != nil {
			t.Fatal(err)
		}
		c.ToTLS(addr, paper).ServeHTTP(got, r)
		if got.Code != w.code || got.Header().Get("Location") != w.location {
			t.Errorf("%s: %d %s", name, got.Code, got.Header().Get("Location"))
		}
	}
	got := httptest.NewRecorder()
	web.Certificates{Ours: c.Ours}.ToTLS(&net.TCPAddr{Port: 443}, paper).ServeHTTP(got, httptest.NewRequest(http.MethodGet, "/", nil))
	if got.Code != http.StatusMisdirectedRequest {
		t.Errorf("without a name: %d", got.Code)
	}
}

// Files that are exchanged for newer ones are shown within a minute; rubbish in them changes nothing.
func TestCertificateFiles(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "a.pem"), filepath.Join(dir, "a.key")
	if _, err := web.CertificateFiles(cert, key, clock.System, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("files that aren't there")
	}
	now := clock.NewStepping(time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC))
	writeCertificate(t, cert, key, now.Now(), "*.paper.example", "paper.example")
	c, err := web.CertificateFiles(cert, key, now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "paper.example" || !c.Ours("www.paper.example") || !c.Ours("paper.example") || c.Ours("evil.example") {
		t.Errorf("%+v", c)
	}
	first, _ := c.Config.GetCertificate(nil)
	if err := os.WriteFile(key, []byte("half a"), 0o600); err != nil {
		t.Fatal(err)
	}
	now.Advance(time.Minute)
	if got, _ := c.Config.GetCertificate(nil); got != first {
		t.Error("rubbish took the certificate's place")
	}
	writeCertificate(t, cert, key, now.Now(), "new.example")
	if got, _ := c.Config.GetCertificate(nil); got != first {
		t.Error("files are looked at for each reader")
	}
	now.Advance(time.Minute)
	if got, _ := c.Config.GetCertificate(nil); got == first || !c.Ours("new.example") || c.Ours("paper.example") {
		t.Error("the new one isn't shown")
	}
}

// Two doors, of IPv4 and IPv6 perhaps, share a certificate; what net/http notes of each in its
// configuration stays that door's.
func TestDoorsShareACertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "a.pem"), filepath.Join(dir, "a.key")
	writeCertificate(t, cert, key, time.Now(), "paper.example")
	c, err := web.CertificateFiles(cert, key, clock.System, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	chain, err := os.ReadFile(cert)
	if err != nil || !pool.AppendCertsFromPEM(chain) {
		t.Fatal(err)
	}
	one, _ := listen(t)
	other, _ := listen(t)
	serve(t, web.Door{Listener: one, Handler: paper, TLS: c.Config}, web.Door{Listener: other, Handler: paper, TLS: c.Config})
	for _, l := range []net.Listener{one, other} {
		res, err := client(t, pool, l, l).Get("https://paper.example/") //nolint:noctx // the server of this test
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	if len(c.Config.NextProtos) > 0 {
		t.Errorf("a door noted %v in what is the other's too", c.Config.NextProtos)
	}
}

func writeCertificate(t *testing.T, cert, key string, written time.Time, names ...string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: names, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := errors.Join(os.WriteFile(name, pem.EncodeToMemory(b), 0o600), os.Chtimes(name, written, written)); err != nil {
			t.Fatal(err)
		}
	}
}
