package httpengine

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// errMetadata says that an address is none where engines live. Machines in the house are: an engine beside
// the newsroom is what many have.
var errMetadata = errors.New("at this address clouds keep the secrets of their machines, no engine")

// metadata are the addresses besides those of a link.
var metadata = []netip.Addr{netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("fd00:ec2::254")}

// closed refuses a connection to such an address. It sees what a name has led to, whoever answered for it.
func closed(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil //nolint:nilerr // no address of the Internet: a socket on this machine
	}
	a := at.Addr().Unmap().WithZone("")
	if a.IsLinkLocalUnicast() || a == metadata[0] || a == metadata[1] {
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
