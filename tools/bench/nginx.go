package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/tools/figures"
)

// besideNginx serves the reference article by nginx and by us, the same bytes under headers as long, and lets
// wrk ask each in turn.
func besideNginx(ctx context.Context, bin, dir string) ([]figures.Row, error) {
	if missing := lacks("nginx", "wrk"); missing != "" {
		return []figures.Row{{"article from memory beside nginx's static file", "", "not run here: " + missing + " is missing"}}, nil
	}
	where := filepath.Join(dir, "nginx")
	if err := os.MkdirAll(where, 0o755); err != nil { //nolint:gosec // nginx's workers are somebody else
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // they go through it
		return nil, err
	}
	plain, secure, err := ours(ctx, bin, where)
	if err != nil {
		return nil, err
	}
	defer plain.stop()
	defer secure.stop()
	page, err := article(ctx, plain.addr)
	if err != nil {
		return nil, err
	}
	off, err := nginx(ctx, where, "off", page, "")
	if err != nil {
		return nil, err
	}
	defer off.stop()
	cached, err := nginx(ctx, where, "max=10000 inactive=1h", page, "")
	if err != nil {
		return nil, err
	}
	defer cached.stop()
	tls, err := nginx(ctx, where, "max=10000 inactive=1h", page, "ssl")
	if err != nil {
		return nil, err
	}
	defer tls.stop()
	for _, s := range []*server{plain, off, cached} {
		if err := s.same(ctx, page); err != nil {
			return nil, err
		}
	}
	got, err := alternate(ctx, page.path, []*server{off, cached, plain})
	if err != nil {
		return nil, err
	}
	encrypted, err := alternate(ctx, page.path, []*server{tls, secure})
	if err != nil {
		return nil, err
	}
	rows := compared(fmt.Sprintf("reference article from memory, %d keep-alive connections, gzip, %.1f KB with its head", connections, float64(page.size())/1000), got[0], got[1], got[2])
	rows = append(rows, comparedTLS(encrypted[0], encrypted[1])...)
	many, err := manyReaders(ctx, plain, page)
	return append(rows, many...), err
}

// connections and threads are wrk's.
const connections, threads = 64, 2

func lacks(programs ...string) string {
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			return p
		}
	}
	return ""
}

// server is a server that runs.
type server struct {
	name, addr string
	tls        bool
	cmd        *exec.Cmd
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
}

func freeAddr(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func begun(ctx context.Context, name string, tls bool, addr string, cmd *exec.Cmd) (*server, error) {
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{name: name, addr: addr, tls: tls, cmd: cmd}
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			return s, c.Close()
		}
		if time.Now().After(end) {
			s.stop()
			return nil, fmt.Errorf("%s doesn't answer: %w", name, err)
		}
	}
}

// ours serves the demo paper, once plain and once with TLS.
func ours(ctx context.Context, bin, where string) (plain, secure *server, err error) {
	data := filepath.Join(where, "meridian")
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, nil, err
	}
	demo := exec.CommandContext(ctx, bin, "demo", "--data", data, "--addr", addr)
	if plain, err = begun(ctx, "demo", false, addr, demo); err != nil {
		return nil, nil, err
	}
	// It listens before its paper is told; once it answers it can end.
	if err := untilAnswers(ctx, "http://"+addr+"/healthz"); err != nil {
		return nil, nil, err
	}
	plain.stop()
	if plain, err = begun(ctx, "ours", false, addr, exec.CommandContext(ctx, bin, "serve", "--data", data, "--addr", addr, "--log-level", "error")); err != nil {
		return nil, nil, err
	}
	if err := certificate(where); err != nil {
		return nil, nil, err
	}
	other, err := freeAddr(ctx)
	if err != nil {
		return nil, nil, err
	}
	encrypted, err := freeAddr(ctx)
	if err != nil {
		return nil, nil, err
	}
	secure, err = begun(ctx, "ours, TLS", true, encrypted, exec.CommandContext(ctx, bin, "serve", "--data", data, "--addr", other, "--tls-addr", encrypted,
		"--tls-cert", filepath.Join(where, "cert.pem"), "--tls-key", filepath.Join(where, "key.pem"), "--log-level", "error"))
	return plain, secure, err
}

func untilAnswers(ctx context.Context, url string) error {
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		res, err := get(ctx, url, false)
		if err == nil && res.status == http.StatusOK {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s doesn't answer: %w", url, err)
		}
	}
}

func certificate(where string) error {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(where, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(filepath.Join(where, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
}

// page is an answer as it is sent: its path, its head's lines and its body, compressed.
type page struct {
	path string
	head http.Header
	body []byte
}

func (p page) size() int {
	var b bytes.Buffer
	_ = p.head.Write(&b) // to memory
	return b.Len() + len("HTTP/1.1 200 OK\r\n\r\n") + len(p.body)
}

// fetch asks as wrk does: one request, nothing unpacked.
func fetch(ctx context.Context, url string) (page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return page{}, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return page{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "gzip") {
		err = fmt.Errorf("%s: %s, %v", url, res.Status, res.Header)
	}
	return page{path: res.Request.URL.EscapedPath(), head: res.Header, body: body}, err
}

// article is the reference article, asked for until it hasn't changed for a while: what is read much is
// compressed anew and smaller.
func article(ctx context.Context, addr string) (page, error) {
	last, err := fetch(ctx, "http://"+addr+"/de/1")
	if err != nil {
		return last, err
	}
	for same := 0; same < 500; time.Sleep(10 * time.Millisecond) {
		p, err := fetch(ctx, "http://"+addr+last.path)
		if err != nil {
			return p, err
		}
		if same++; !bytes.Equal(p.body, last.body) {
			same = 0
		}
		last = p
	}
	return last, nil
}

// same makes sure that the server sends those bytes.
func (s *server) same(ctx context.Context, want page) error {
	got, err := fetch(ctx, "http://"+s.addr+want.path)
	if err == nil && !bytes.Equal(got.body, want.body) {
		err = errors.New("other bytes")
	}
	if err == nil && (got.size()-want.size() > 120 || want.size()-got.size() > 120) {
		err = fmt.Errorf("a head of another length: %d, %d", got.size(), want.size())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

// nginxMakes are the headers that nginx makes itself for a static file.
var nginxMakes = []string{"Content-Type", "Content-Length", "Content-Encoding", "Etag", "Last-Modified", "Date", "Vary", "Connection", "Server"}

// nginx serves the page's file and its compressed form beside it, as its manual says to.
func nginx(ctx context.Context, where, files string, p page, ssl string) (*server, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(where, "nginx-"+port)
	file := filepath.Join(dir, "root", filepath.FromSlash(p.path))
	plain, err := gzip.NewReader(bytes.NewReader(p.body))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, text, 0o644), os.WriteFile(file+".gz", p.body, 0o644)); err != nil { //nolint:gosec // read by nginx's workers
		return nil, err
	}
	var own strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.head)) {
		if !slices.Contains(nginxMakes, name) {
			fmt.Fprintf(&own, "    add_header %s %s;\n", name, strconv.Quote(p.head.Get(name)))
		}
	}
	certs := ""
	if ssl != "" {
		certs = fmt.Sprintf("    ssl_certificate %s; ssl_certificate_key %s; ssl_protocols TLSv1.2 TLSv1.3;\n", filepath.Join(where, "cert.pem"), filepath.Join(where, "key.pem"))
	}
	cache := "open_file_cache off;"
	if files != "off" {
		cache = "open_file_cache " + files + "; open_file_cache_valid 1h;"
	}
	conf := fmt.Sprintf(`worker_processes auto;
pid %[1]s/pid;
error_log %[1]s/error.log;
daemon off;
events { worker_connections 16384; }
http {
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; server_tokens off;
  keepalive_timeout 65; keepalive_requests 1000000000;
  default_type text/html; charset utf-8;
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  %[2]s
  server {
    listen %[3]s %[4]s;
    root %[1]s/root;
    gzip_static on; gzip_vary on;
%[5]s%[6]s  }
}
`, dir, cache, addr, ssl, certs, own.String())
	conffile := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conffile, []byte(conf), 0o600); err != nil {
		return nil, err
	}
	return begun(ctx, "nginx, open_file_cache "+files, ssl != "", addr, exec.CommandContext(ctx, "nginx", "-c", conffile, "-e", filepath.Join(dir, "error.log")))
}
