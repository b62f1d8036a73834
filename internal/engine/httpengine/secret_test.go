package httpengine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretShowsItself(t *testing.T) {
	const key = "hush-4711"
	type settings struct {
		Key    Secret
		hidden Secret
	}
	s := settings{Key: NewSecret(key), hidden: NewSecret(key)}
	var said bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%p"} {
		fmt.Fprintf(&said, verb+"\n", s)
		fmt.Fprintf(&said, verb+"\n", &s)
		fmt.Fprintf(&said, verb+"\n", s.Key)
		fmt.Fprintf(&said, verb+"\n", s.hidden)
		fmt.Fprintf(&said, verb+"\n", []any{s, &s.Key})
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&said, nil), slog.NewJSONHandler(&said, nil)} {
		slog.New(h).Info("settings", "key", s.Key, "all", s)
	}
	out, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	said.Write(out)
	fmt.Fprint(&said, errors.New(s.Key.String()))
	hex := fmt.Sprintf("%x", key)
	if text := said.String(); strings.Contains(text, key) || strings.Contains(text, hex) {
		t.Errorf("the key is printed:\n%s", text)
	}
	if !strings.Contains(said.String(), stars) {
		t.Error("no stars either: nothing was printed")
	}
}

func TestSecretIsRead(t *testing.T) {
	var s struct{ Key Secret }
	if err := json.Unmarshal([]byte(`{"Key":"hush"}`), &s); err != nil {
		t.Fatal(err)
	}
	if s.Key.Reveal() != "hush" || s.Key.IsZero() || !s.Key.Equal(NewSecret("hush")) {
		t.Error("the key isn't what was read")
	}
	if !NewSecret("").IsZero() || NewSecret("").String() != "" {
		t.Error("no key is a key")
	}
	written, err := json.Marshal(s)
	if err != nil || json.Unmarshal(written, &s) != nil || !s.Key.IsZero() {
		t.Errorf("written and read again it is %q by %s", s.Key.Reveal(), written)
	}
	if json.Unmarshal([]byte(`{"Key":7}`), &s) == nil {
		t.Error("a number is taken for a key")
	}
}
