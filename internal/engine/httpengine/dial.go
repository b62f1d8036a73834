package httpengine

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// errMetadata says that an address is none where engines live. Machines in the house are: an engine beside
// the newsroom is what many have.
var errMetadata = errors.New("at this address clouds keep the secrets of their machines, no engine")

// metadata are the addresses besides those of a link: Alibaba's, Azure's, Oracle's, Amazon's and Google's.
var metadata = []netip.Addr{
	netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("168.63.129.16"), netip.MustParseAddr("192.0.0.192"),
	netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("fd20:ce::254"),
}

// translated are the networks whose addresses have an IPv4 one in their last bytes.
var translated = []netip.Prefix{netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("::/96")}

// closed refuses a connection to such an address. It sees what a name has led to, whoever answered for it.
func closed(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil //nolint:nilerr // no address of the Internet: a socket on this machine
	}
	a := at.Addr().Unmap().WithZone("")
	for _, p := range translated {
		if b := a.As16(); p.Contains(a) && a != netip.IPv6Loopback() {
			a = netip.AddrFrom4([4]byte(b[12:]))
		}
	}
	if a.IsLinkLocalUnicast() || slices.Contains(metadata, a) {
		return errMetadata
	}
	return nil
}

// Transport is that of engines which are given no client of their own.
var Transport = &http.Transport{
	Proxy:                  http.ProxyFromEnvironment,
	DialContext:            (&net.Dialer{Timeout: 10 * time.Second, Control: closed}).DialContext,
	ForceAttemptHTTP2:      true,
	TLSHandshakeTimeout:    10 * time.Second,
	MaxResponseHeaderBytes: 64 << 10,
	MaxIdleConnsPerHost:    4,
	IdleConnTimeout:        30 * time.Second,
}

// metadataHost reports whether a host is plainly such an address.
func metadataHost(host string) bool {
	return closed("", net.JoinHostPort(host, "80"), nil) != nil
}
