package httpengine

import (
	"encoding/json"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Endpoint complains about the entry name unless value is the address of a service: http or https,
// a host, maybe a path, nothing else. Where a key travels to a service on the internet, open says
// whether http will do outside the house.
func Endpoint(f *problem.Fields, name, value string, open bool) {
	u, err := url.Parse(strings.TrimSpace(value))
	switch {
	case value == "":
		f.Add(name, "problem.required", value)
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "":
		f.Add(name, "problem.url", value)
	case u.User != nil:
		f.Add(name, "problem.url_login", "")
	case metadataHost(u.Hostname()):
		f.Add(name, "problem.url", value)
	case u.Scheme == "http" && !open && !InHouse(value):
		f.Add(name, "problem.url", value)
	}
}

// InHouse tells whether an address is plainly of this machine or its own network: a loopback or
// private address, or a name without a dot.
func InHouse(endpoint string) bool {
	u, err := url.Parse(strings.TrimSpace(endpoint))
	if err != nil || u.Hostname() == "" {
		return false
	}
	host := u.Hostname()
	if a, err := netip.ParseAddr(host); err == nil {
		a = a.Unmap()
		return a.IsLoopback() || a.IsPrivate()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || !strings.Contains(host, ".")
}

// Keyed complains about the entries endpoint and key of a service that takes nobody without a key. An
// empty address is the service's own.
func Keyed(f *problem.Fields, endpoint string, key Secret) {
	if endpoint != "" {
		Endpoint(f, "endpoint", endpoint, false)
	}
	Required(f, "key", key.Reveal())
}

// Required complains about an entry that is empty.
func Required(f *problem.Fields, name, value string) {
	if strings.TrimSpace(value) == "" {
		f.Add(name, "problem.required", value)
	}
}

// Choice complains unless value is one of those offered.
func Choice(f *problem.Fields, name, value string, offered ...string) {
	for _, o := range offered {
		if value == o {
			return
		}
	}
	f.Add(name, "problem.choice", value)
}

// Host returns the host of an address without its port, "" if it has none.
func Host(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	if h, _, err := net.SplitHostPort(u.Host); err == nil {
		return h
	}
	return u.Host
}

// Varieties complains about what is no language.
func Varieties(f *problem.Fields, name string, tags []lang.Tag) {
	for _, t := range tags {
		if parsed, err := lang.Parse(string(t)); err != nil || parsed != t {
			f.Add(name, "problem.language", string(t))
			return
		}
	}
}

// Tags are languages as settings have them: a list, or a line with commas or blanks between them. What
// is no language stays as it is, for [Varieties] to complain.
type Tags []lang.Tag

// UnmarshalJSON reads either.
func (t *Tags) UnmarshalJSON(b []byte) error {
	var words Words
	if err := words.UnmarshalJSON(b); err != nil {
		return err
	}
	*t = nil
	for _, w := range words {
		tag, err := lang.Parse(w)
		if err != nil {
			tag = lang.Tag(w)
		}
		*t = append(*t, tag)
	}
	return nil
}

// Words are a list in settings, or a line with commas or blanks between them.
type Words []string

// UnmarshalJSON reads either.
func (w *Words) UnmarshalJSON(b []byte) error {
	var line string
	if json.Unmarshal(b, &line) == nil {
		*w = strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
		return nil
	}
	return json.Unmarshal(b, (*[]string)(w))
}

// Word complains about what can't be a part of an address or a header.
func Word(f *problem.Fields, name, value string) {
	for _, r := range value {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.:@/", r) {
			f.Add(name, "problem.value", value)
			return
		}
	}
}

// AtLeast complains about a number below least.
func AtLeast(f *problem.Fields, name string, value, least int) {
	if value < least {
		f.Add(name, "problem.value", strconv.Itoa(value))
	}
}
