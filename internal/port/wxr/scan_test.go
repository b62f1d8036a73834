package wxr

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// event is what both scanners tell of a file.
type event struct{ Start, End, Text, Attrs string }

// strict reads as encoding/xml does.
func strict(src string) ([]event, error) {
	d := xml.NewDecoder(strings.NewReader(src))
	var out []event
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		name := func(n xml.Name) string {
			if n.Space != "" {
				return n.Space + ":" + n.Local
			}
			return n.Local
		}
		switch v := tok.(type) {
		case xml.StartElement:
			e := event{Start: name(v.Name)}
			for _, a := range v.Attr {
				e.Attrs += name(a.Name) + "=" + a.Value + ";"
			}
			out = append(out, e)
		case xml.EndElement:
			out = append(out, event{End: name(v.Name)})
		case xml.CharData:
			out = addText(out, string(v))
		}
	}
}

func addText(out []event, s string) []event {
	if s == "" {
		return out
	}
	if n := len(out) - 1; n >= 0 && out[n].Text != "" {
		out[n].Text += s
		return out
	}
	return append(out, event{Text: s})
}

// patient reads as we do.
func patient(src string) ([]event, error) {
	s := newScanner(strings.NewReader(src))
	var out []event
	for {
		k, err := s.next()
		if err != nil {
			return nil, err
		}
		switch k {
		case eofToken:
			for i := range out {
				out[i].Text, _, _ = clean(out[i].Text)
			}
			return out, nil
		case textToken:
			out = addText(out, string(s.chunk))
		case endToken:
			out = append(out, event{End: s.name})
		case startToken:
			e := event{Start: s.name}
			for _, a := range s.attrs {
				e.Attrs += a.name + "=" + a.value + ";"
			}
			out = append(out, e)
		}
	}
}

// FuzzScanner holds that where encoding/xml accepts a file, both see the same in it.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0"?><a b="c&amp;d" e='"'><!-- x --><f/>t&#65;&#x42;<![CDATA[<&]]]]><![CDATA[>]]></a>`,
		"<a>\r\n\r</a>", "<a  \n b = 'c' ></a >", "<!DOCTYPE a [<!ENTITY b 'c>'>]><a>x</a>", "<a:b xmlns:a='u' a:c='d'/>", "<a>]]</a>", "<?p x?><a/>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<14 {
			return
		}
		got, err := patient(src)
		want, strictErr := strict(src)
		if strictErr != nil || odd(src) {
			return
		}
		if err != nil {
			t.Fatalf("encoding/xml reads it, we don't: %v", err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// odd is what encoding/xml reads in its own way, and no export has.
func odd(src string) bool { return oddities.MatchString(src) }

var oddities = regexp.MustCompile(`<![^A-Za-z\[-]|<!\[[^C]`)

// FuzzReader holds that whatever comes in, reading ends, and what is told is clean text.
func FuzzReader(f *testing.F) {
	f.Add(head + `<item><title>a</title><content:encoded><![CDATA[x]]></content:encoded><category domain="c" nicename="d">e</category></item>` + tail)
	f.Add(head + "<item><title>a & b <c d</title><wp:comment><wp:x/></wp:comment></item>" + tail)
	f.Add("\xff\xfe<\x00r\x00s\x00s\x00>\x00")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<16 {
			return
		}
		items, _, _ := read(t, src)
		for _, it := range items {
			for _, s := range []string{it.Title, it.Content, it.Link, it.ID} {
				if again, _, _ := clean(s); again != s {
					t.Fatalf("%q isn't clean", s)
				}
			}
		}
	})
}

func FuzzUnserialize(f *testing.F) {
	f.Add(`a:2:{s:2:"en";i:1;s:2:"de";a:1:{i:0;s:3:"x"y";}}`)
	f.Add(`a:1:{s:5:"width";d:7.0999999999999996;}`)
	f.Fuzz(func(t *testing.T, src string) { Unserialize(src) })
}

func TestUnserialize(t *testing.T) {
	v, ok := Unserialize(`a:3:{s:2:"en";i:12;i:0;s:6:"ä"b;x";s:1:"m";a:2:{i:1;b:1;i:2;N;}}`)
	want := map[string]any{"en": int64(12), "0": `ä"b;x`, "m": map[string]any{"1": true, "2": nil}}
	if diff := cmp.Diff(want, v); !ok || diff != "" {
		t.Error(ok, diff)
	}
	for _, bad := range []string{"", "x", "a:1:{", `s:5:"abc";`, `a:99999999:{}`, `O:8:"stdClass":0:{}`, "i:1;i:2;", strings.Repeat("a:1:{i:0;", 100)} {
		if _, ok := Unserialize(bad); ok {
			t.Errorf("%q passes", bad)
		}
	}
}
