package httpengine

import (
	"encoding/json"
	"slices"
	"testing"

	"depesche/internal/problem"
)

func TestEndpoint(t *testing.T) {
	for _, c := range []struct {
		value string
		open  bool
		want  string
	}{
		{"https://api.example.org/v2", false, ""},
		{"http://127.0.0.1:5000", false, ""},
		{"http://translate:5000", false, ""},
		{"http://mt.example.org", true, ""},
		{"http://mt.example.org", false, "problem.url"},
		{"", true, "problem.required"},
		{"mt.example.org", true, "problem.url"},
		{"ftp://mt.example.org", true, "problem.url"},
		{"https://mt.example.org/?key=1", true, "problem.url"},
		{"https://me:hush@mt.example.org", true, "problem.url_login"},
		{"http://169.254.169.254/latest", true, "problem.url"},
		{"http://[fd00:ec2::254]", true, "problem.url"},
		{"http://[fe80::1]", true, "problem.url"},
	} {
		var f problem.Fields
		Endpoint(&f, "endpoint", c.value, c.open)
		got := ""
		for _, x := range problem.FieldsOf(f.Err()) {
			got = x.Key
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.value, got, c.want)
		}
	}
}

func TestInHouse(t *testing.T) {
	for address, want := range map[string]bool{
		"http://localhost:5000": true, "http://[::1]:8080/v1": true, "http://10.1.2.3": true, "http://ollama:11434": true,
		"https://api.example.org": false, "http://8.8.8.8": false, "": false, "http://[::ffff:127.0.0.1]": true,
	} {
		if got := InHouse(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestListsInSettings(t *testing.T) {
	for in, want := range map[string]Tags{
		`"uk, de;EN-gb  ?"`: {"uk", "de", "en-GB", "?"}, `["uk","pt-br"]`: {"uk", "pt-BR"}, `""`: nil, `null`: nil,
	} {
		var got Tags
		if err := json.Unmarshal([]byte(in), &got); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is %q, %v", in, got, err)
		}
	}
	var got Words
	if json.Unmarshal([]byte(`7`), &got) == nil {
		t.Error("a number is taken for a list")
	}
}
