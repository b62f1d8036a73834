package desk

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A household has as many IPv6 addresses as it likes: tries at the door are counted by its network.
func TestClientIsCountedByItsNetwork(t *testing.T) {
	at := func(address string) string {
		r := httptest.NewRequest(http.MethodPost, "/desk/sign-in", nil)
		r.RemoteAddr = address
		return client(r).Address
	}
	if a, b := at("[2001:db8::1]:4711"), at("[2001:db8::ffff:2]:4712"); a != b {
		t.Errorf("%q and %q are of one network", a, b)
	}
	if a, b := at("[2001:db8::1]:4711"), at("[2001:db8:0:1::1]:4711"); a == b {
		t.Errorf("%q is that of another network, too", a)
	}
}
