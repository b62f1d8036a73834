package web

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

type clientKey struct{}

// client is who asks, as far as proxies that we trust say.
type client struct {
	addr  netip.Addr
	https bool
}

// Behind tells h, by [RealIP] and [IsHTTPS], who asks when one of the proxies passes a request on.
// What anyone else says in those headers counts for nothing.
func Behind(proxies []netip.Prefix, h http.Handler) http.Handler {
	if len(proxies) == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer := peerOf(r)
		if trusted(proxies, peer) {
			c := client{addr: forwardedFor(proxies, peer, r.Header.Values("X-Forwarded-For")), https: r.TLS != nil}
			if p := r.Header.Get("X-Forwarded-Proto"); p != "" {
				c.https = strings.EqualFold(p, "https")
			}
			r = r.WithContext(context.WithValue(r.Context(), clientKey{}, c))
		}
		h.ServeHTTP(w, r)
	})
}

// forwardedFor walks from the nearest proxy to the first address that isn't one: what stands
// before it, the client may have written itself.
func forwardedFor(proxies []netip.Prefix, peer netip.Addr, headers []string) netip.Addr {
	list := strings.Split(strings.Join(headers, ","), ",")
	for _, s := range slices.Backward(list) {
		a, err := netip.ParseAddr(strings.TrimSpace(s))
		if err != nil {
			return peer
		}
		if peer = a.Unmap(); !trusted(proxies, peer) {
			return peer
		}
	}
	return peer
}

func trusted(proxies []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

func peerOf(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // a unix socket
	}
	return ap.Addr().Unmap().WithZone("")
}

// RealIP returns the address of who asks, "" if it can't be known.
func RealIP(r *http.Request) string {
	if a := addrOf(r); a.IsValid() {
		return a.String()
	}
	return ""
}

func addrOf(r *http.Request) netip.Addr {
	if c, ok := r.Context().Value(clientKey{}).(client); ok {
		return c.addr
	}
	return peerOf(r)
}

// IsHTTPS reports whether the browser's connection is encrypted, so that cookies can be Secure.
func IsHTTPS(r *http.Request) bool {
	if c, ok := r.Context().Value(clientKey{}).(client); ok {
		return c.https
	}
	return r.TLS != nil
}

// LimitKey is what one stranger is counted by: the IPv4 address, or the IPv6 network that a
// household gets.
func LimitKey(r *http.Request) string {
	a := addrOf(r)
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
