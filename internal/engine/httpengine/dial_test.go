package httpengine

import (
	"errors"
	"testing"

	"depesche/internal/engine"
)

// TestClosed: engines live in the house and outside, but not where clouds keep their machines' secrets.
func TestClosed(t *testing.T) {
	for address, want := range map[string]error{
		"127.0.0.1:5000": nil, "10.0.0.7:80": nil, "192.168.1.2:11434": nil, "[::1]:80": nil, "[fd12::1]:80": nil, "8.8.8.8:443": nil, "/run/x.sock": nil,
		"169.254.169.254:80": errMetadata, "169.254.170.2:80": errMetadata, "[::ffff:169.254.169.254]:80": errMetadata, "[fe80::1%eth0]:80": errMetadata,
		"[fd00:ec2::254]:80": errMetadata, "100.100.100.200:80": errMetadata,
		"[64:ff9b::a9fe:a9fe]:80": errMetadata, "[::169.254.169.254]:80": errMetadata, "168.63.129.16:80": errMetadata, "192.0.0.192:80": errMetadata,
		"[fd20:ce::254]:80": errMetadata, "[64:ff9b::808:808]:443": nil, "[2a00::a9fe:a9fe]:443": nil,
	} {
		if err := closed("tcp", address, nil); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
	}
}

// TestAskClosed: it is refused where the connection is made, whatever name or settings led there, and not
// tried again.
func TestAskClosed(t *testing.T) {
	c := New(Options{Name: "test", Billed: true, Base: "http://169.254.169.254", Pace: Pace{Tries: 1000}})
	_, err := c.Ask(t.Context(), Call{Body: "x", Costs: true})
	if e := fault(t, err); e.Trouble != engine.Refused || e.Sent || !errors.Is(e, errMetadata) {
		t.Errorf("%+v", e)
	}
}
