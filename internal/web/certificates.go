package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"depesche/internal/clock"
)

// Certificates are what a door with TLS shows, and what they need of the plain one beside it.
type Certificates struct {
	Config *tls.Config
	// Ours reports whether there is a certificate for the name.
	Ours func(host string) bool
	// Name is one of the names, for those who come by another; "" if none is a whole one.
	Name string
	// Plain answers on the plain door what the authority asks there, and lets h answer the rest; nil: it asks
	// nothing.
	Plain func(h http.Handler) http.Handler
}

// ACME says whom to obtain certificates from.
type ACME struct {
	Hosts     []string
	Email     string       // where the authority writes to; may be ""
	Directory string       // the authority; "" is Let's Encrypt
	Folder    string       // where keys and certificates are kept
	Client    *http.Client // nil: the usual one
}

// Obtain has certificates for the hosts made and renewed by themselves: the first time somebody asks for
// the host, proved on the plain door (http-01) or on that of TLS itself (tls-alpn-01).
func (a ACME) Obtain() Certificates {
	var hosts []string
	for _, h := range a.Hosts {
		hosts = append(hosts, strings.ToLower(strings.TrimSuffix(h, ".")))
	}
	m := &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		Cache:      autocert.DirCache(a.Folder),
		HostPolicy: autocert.HostWhitelist(hosts...),
		Email:      a.Email,
		Client:     &acme.Client{DirectoryURL: a.Directory, HTTPClient: a.Client, UserAgent: "depesche"},
	}
	if a.Directory == "" {
		m.Client.DirectoryURL = autocert.DefaultACMEDirectory
	}
	c := m.TLSConfig()
	c.MinVersion = tls.VersionTLS12
	return Certificates{
		Config: c,
		Ours:   func(host string) bool { return slices.Contains(hosts, host) },
		Name:   hosts[0],
		Plain:  m.HTTPHandler,
	}
}

// CertificateFiles reads the certificate with its chain, and its key. Files that are exchanged for newer ones
// are read again within a minute; those that can't be read then change nothing.
func CertificateFiles(cert, key string, c clock.Clock, log *slog.Logger) (Certificates, error) {
	f := &certificateFiles{cert: cert, key: key, clock: c, log: log}
	if err := f.load(); err != nil {
		return Certificates{}, err
	}
	name := ""
	for _, n := range f.leaf.DNSNames {
		if !strings.HasPrefix(n, "*") {
			name = n
			break
		}
	}
	return Certificates{
		Config: &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.get(), nil }},
		Ours:   func(host string) bool { f.get(); return f.names(host) },
		Name:   name,
	}, nil
}

type certificateFiles struct {
	cert, key string
	clock     clock.Clock
	log       *slog.Logger

	mu     sync.Mutex
	pair   *tls.Certificate
	leaf   *x509.Certificate
	of     [2]time.Time // when the files were written
	looked time.Time
}

func (f *certificateFiles) names(host string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.leaf.VerifyHostname(host) == nil
}

// get returns the certificate that the files hold now.
func (f *certificateFiles) get() *tls.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.clock.Now(); now.Sub(f.looked) >= time.Minute {
		f.looked = now
		if of, err := f.written(); err != nil || of != f.of {
			if err == nil {
				err = f.read(of)
			}
			if err != nil {
				f.log.Error("the certificate's files can't be read; the one from before is shown", "err", err)
			}
		}
	}
	return f.pair
}

func (f *certificateFiles) load() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looked = f.clock.Now()
	of, err := f.written()
	if err != nil {
		return err
	}
	return f.read(of)
}

func (f *certificateFiles) written() (of [2]time.Time, err error) {
	for i, name := range []string{f.cert, f.key} {
		st, err := os.Stat(name)
		if err != nil {
			return of, err
		}
		of[i] = st.ModTime()
	}
	return of, nil
}

func (f *certificateFiles) read(of [2]time.Time) error {
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("%s and %s: %w", f.cert, f.key, err)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return fmt.Errorf("%s: %w", f.cert, err)
	}
	f.pair, f.leaf, f.of = &pair, leaf, of
	return nil
}

// ToTLS leads those who came by the plain door to the one of TLS at the address, under the name they came by if
// that is ours. Whoever came encrypted through a proxy that we trust is answered by h.
func (c Certificates) ToTLS(tlsDoor net.Addr, h http.Handler) http.Handler {
	port := ""
	if _, p, err := net.SplitHostPort(tlsDoor.String()); err == nil && p != "443" {
		port = p
	}
	lead := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if IsHTTPS(r) {
			h.ServeHTTP(w, r)
			return
		}
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if host = strings.ToLower(strings.TrimSuffix(host, ".")); !c.Ours(host) {
			host = c.Name
		}
		if host == "" || !strings.HasPrefix(r.RequestURI, "/") {
			http.Error(w, "there is no such site here", http.StatusMisdirectedRequest)
			return
		}
		if port != "" {
			host = net.JoinHostPort(host, port)
		}
		code := http.StatusMovedPermanently
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			code = http.StatusPermanentRedirect
		}
		w.Header().Set("Location", "https://"+host+r.RequestURI)
		w.WriteHeader(code)
	})
	if c.Plain == nil {
		return lead
	}
	return c.Plain(lead)
}

// CheckHosts refuses names that no authority gives a certificate for.
func CheckHosts(hosts []string) error {
	for _, h := range hosts {
		if h == "" || strings.ContainsAny(h, "*/: ") || net.ParseIP(h) != nil {
			return fmt.Errorf("%q is no name that a certificate can be obtained for: give names such as paper.example", h)
		}
	}
	if len(hosts) == 0 {
		return errors.New("no name to obtain a certificate for")
	}
	return nil
}
