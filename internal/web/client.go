package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

type clientKey struct{}

// Proxies are the networks of servers in front of us whose word on a client's address we take.
type Proxies []netip.Prefix

// ParseProxies reads networks and addresses: 10.0.0.0/8, 127.0.0.1.
func ParseProxies(list []string) (Proxies, error) {
	var out Proxies
	for _, s := range list {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(s)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is neither an address nor a network", s)
		}
		out = append(out, netip.PrefixFrom(a, a.BitLen()))
	}
	return out, nil
}

func (p Proxies) trusts(a netip.Addr) bool {
	for _, n := range p {
		if n.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// Clients finds out who asks. X-Forwarded-For counts only as far as trusted servers wrote it: it is
// read from its end, and the first address that isn't one of theirs is the client's.
func (p Proxies) Clients(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		addr := peer(r)
		if p.trusts(addr) {
			hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			for i := len(hops) - 1; i >= 0 && p.trusts(addr); i-- {
				a, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
				if err != nil {
					break
				}
				addr = a
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, addr)))
	})
}

func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, _ := netip.ParseAddr(host)
	return a
}

// RealIP is the client's address, for limits and logs.
func RealIP(r *http.Request) string {
	if a, ok := r.Context().Value(clientKey{}).(netip.Addr); ok && a.IsValid() {
		return a.Unmap().String()
	}
	return peer(r).Unmap().String()
}

// Limiter gives each key a pace: burst at once, then one every interval. It remembers at most max
// keys; when it is full, those that haven't been seen the longest go, since theirs are full again.
type Limiter struct {
	every time.Duration
	burst int
	max   int
	now   func() time.Time

	mu   sync.Mutex
	keys map[string]*pace
}

type pace struct {
	*rate.Limiter
	seen time.Time
}

// NewLimiter returns a limiter on the clock now.
func NewLimiter(every time.Duration, burst, max int, now func() time.Time) *Limiter {
	return &Limiter{every: every, burst: burst, max: max, now: now, keys: map[string]*pace{}}
}

// Allow takes one from the key's allowance and reports whether there was one.
func (l *Limiter) Allow(key string) bool {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.keys[key]
	if p == nil {
		if len(l.keys) >= l.max {
			l.forget(now)
		}
		p = &pace{Limiter: rate.NewLimiter(rate.Every(l.every), l.burst)}
		l.keys[key] = p
	}
	p.seen = now
	return p.AllowN(now, 1)
}

// forget drops the keys whose allowance is whole again, and if that isn't enough, the oldest.
func (l *Limiter) forget(now time.Time) {
	oldest, at := "", now
	for k, p := range l.keys {
		if now.Sub(p.seen) > l.every*time.Duration(l.burst) {
			delete(l.keys, k)
		} else if !p.seen.After(at) {
			oldest, at = k, p.seen
		}
	}
	if len(l.keys) >= l.max {
		delete(l.keys, oldest)
	}
}
