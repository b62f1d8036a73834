package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/problem"
)

func TestSamplesThatAreValid(t *testing.T) {
	for _, name := range samples(t, "valid_*.json") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data := read(t, name)
			d, err := Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			if err := Validate(d); err != nil {
				t.Fatal(err)
			}
			out, err := d.Encode()
			if err != nil {
				t.Fatal(err)
			}
			var want, got bytes.Buffer
			if err := json.Compact(&want, data); err != nil {
				t.Fatal(err)
			}
			got.Write(out)
			// "text" and "media" may come in another order than Go writes them: compare the values.
			var a, b any
			if err := errors.Join(json.Unmarshal(want.Bytes(), &a), json.Unmarshal(got.Bytes(), &b)); err != nil {
				t.Fatal(err)
			}
			must(t, cmp.Diff(a, b), "comes back changed")
			must(t, cmp.Diff(d, Clean(d, counter("new"))), "Clean changes a valid document")
		})
	}
}

func TestSamplesThatAreInvalid(t *testing.T) {
	type expected struct {
		Key     string  `json:"key"`
		Address Address `json:"address"`
	}
	for _, name := range samples(t, "invalid_*.json") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			var s struct {
				Expect []expected      `json:"expect"`
				Doc    json.RawMessage `json:"doc"`
			}
			if err := json.Unmarshal(read(t, name), &s); err != nil {
				t.Fatal(err)
			}
			d, err := Parse(s.Doc)
			var got []expected
			if wrong := (*ParseError)(nil); errors.As(err, &wrong) {
				got = append(got, expected{Key: wrong.Key})
			}
			if err == nil {
				err = Validate(d)
			}
			if wrong := (*ValidationError)(nil); errors.As(err, &wrong) {
				for i, p := range wrong.Problems {
					e := expected{p.Key, p.Address}
					if i < len(s.Expect) && s.Expect[i].Address == "" {
						e.Address = ""
					}
					got = append(got, e)
				}
			}
			must(t, cmp.Diff(s.Expect, got), "problems")
			if problem.KindOf(err) != problem.Invalid {
				t.Errorf("kind is %v", problem.KindOf(err))
			}
		})
	}
}

func samples(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "docs", pattern))
	if err != nil || len(names) < 12 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	return names
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat(`{"blocks":[`, 20) + strings.Repeat(`]}`, 20)
	many := `{"blocks":[` + strings.TrimSuffix(strings.Repeat(`{"id":"a","kind":"rule"},`, MaxBlocks+1), ",") + `]}`
	long := `{"blocks":[{"id":"a","kind":"paragraph","text":[{"text":"` + strings.Repeat("ü", MaxText+1) + `"}]}]}`
	items := `{"blocks":[{"id":"a","kind":"list","items":[` + strings.TrimSuffix(strings.Repeat(`{"id":"i"},`, MaxItems+1), ",") + `]}]}`
	for name, tc := range map[string]struct{ in, key string }{
		"nothing":                 {"", KeySyntax},
		"a list":                  {"[]", KeySyntax},
		"a text":                  {`"x"`, KeySyntax},
		"half a document":         {`{"blocks":[`, KeySyntax},
		"two documents":           {`{"blocks":[]}{"blocks":[]}`, KeySyntax},
		"something behind":        {`{"blocks":[]}x`, KeySyntax},
		"bytes that aren't UTF-8": {"{\"headline\":\"\xff\",\"blocks\":[]}", KeySyntax},
		"a field twice":           {`{"headline":"a","headline":"b","blocks":[]}`, KeyDuplicateField},
		"another spelling":        {`{"Headline":"a","blocks":[]}`, KeyUnknownField},
		"a field of a block":      {`{"level":2,"blocks":[]}`, KeyUnknownField},
		"depth":                   {deep, KeyTooDeep},
		"size":                    {`{"headline":"` + strings.Repeat("x", MaxBytes) + `","blocks":[]}`, KeyTooLarge},
		"blocks":                  {many, KeyTooManyBlocks},
		"a long text":             {long, KeyTooLong},
		"many items":              {items, KeyTooMany},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(tc.in))
			var wrong *ParseError
			if !errors.As(err, &wrong) || wrong.Key != tc.key {
				t.Fatalf("got %v, want %s", err, tc.key)
			}
		})
	}
}

func TestParseKeepsTextOfTheFullLength(t *testing.T) {
	in := `{"blocks":[{"id":"a","kind":"paragraph","text":[{"text":"` + strings.Repeat("ü", MaxText) + `"}]}]}`
	if _, err := Parse([]byte(in)); err != nil {
		t.Fatal(err)
	}
}

func TestEncodeRefusesWhatParseWould(t *testing.T) {
	d := Doc{}
	for i := range 30 {
		d.Blocks = append(d.Blocks, Block{ID: ID(rune('a' + i)), Kind: Paragraph, Text: Text(strings.Repeat("x", MaxText))})
	}
	var wrong *ValidationError
	if _, err := d.Encode(); !errors.As(err, &wrong) || wrong.Problems[0].Key != KeyTooLarge {
		t.Fatal(err)
	}
}

func TestEncodeOfNothing(t *testing.T) {
	out, err := Doc{}.Encode()
	if err != nil || string(out) != `{"blocks":[]}` {
		t.Fatalf("%s, %v", out, err)
	}
}

func TestEncodeParseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDoc(counter("g")).Draw(t, "doc")
		data, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		must(t, cmp.Diff(d, got), "comes back changed")
	})
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"valid_*.json", "invalid_*.json"} {
		names, _ := filepath.Glob(filepath.Join("testdata", "docs", pattern))
		for _, name := range names {
			f.Add(read(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data)
		if err != nil {
			return
		}
		out, err := d.Encode()
		if err != nil {
			return // escaping may have made it larger than the limit
		}
		again, err := Parse(out)
		if err != nil {
			t.Fatal(err)
		}
		must(t, cmp.Diff(d, again), "comes back changed")
		if err := Validate(Clean(d, counter("new"))); err != nil {
			t.Fatal(err)
		}
	})
}

func TestNormal(t *testing.T) {
	strong, em := Mark{Type: Strong}, Mark{Type: Emphasis}
	for name, tc := range map[string]struct{ in, want Inline }{
		"nothing":              {Inline{}, nil},
		"empty spans":          {Inline{{Text: ""}, {Text: "a"}, {Text: "", Marks: []Mark{strong}}}, Inline{{Text: "a"}}},
		"equal neighbours":     {Inline{{Text: "a"}, {Text: "b"}, {Text: "c", Marks: []Mark{em}}, {Text: "d", Marks: []Mark{em}}}, Inline{{Text: "ab"}, {Text: "cd", Marks: []Mark{em}}}},
		"round an empty span":  {Inline{{Text: "a"}, {Text: "", Marks: []Mark{em}}, {Text: "b"}}, Inline{{Text: "ab"}}},
		"order of marks":       {Inline{{Text: "a", Marks: []Mark{em, strong}}, {Text: "b", Marks: []Mark{strong, em}}}, Inline{{Text: "ab", Marks: []Mark{strong, em}}}},
		"a mark twice":         {Inline{{Text: "a", Marks: []Mark{em, em}}}, Inline{{Text: "a", Marks: []Mark{em}}}},
		"no marks":             {Inline{{Text: "a", Marks: []Mark{}}}, Inline{{Text: "a"}}},
		"line breaks":          {Inline{{Text: "a\r\nb\rc\u2028d\ve"}}, Inline{{Text: "a\nb\nc\nd\ne"}}},
		"tabs and controls":    {Inline{{Text: "a\tb\x00\x1b[0mc\u009f"}}, Inline{{Text: "a b[0mc"}}},
		"composition":          {Inline{{Text: "e"}, {Text: "\u0301"}}, Inline{{Text: "é"}}},
		"what XML can't carry": {Inline{{Text: "a\ufffe\uffff"}}, Inline{{Text: "a"}}},
		"bytes":                {Inline{{Text: "a\xffb"}}, Inline{{Text: "a\ufffdb"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := tc.in.Normal()
			must(t, cmp.Diff(tc.want, got), "normal form")
			must(t, cmp.Diff(got, got.Normal()), "not stable")
		})
	}
}

func TestNormalIsStableAndLeavesItsInputAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genWild().Draw(t, "doc")
		before := d.Clone()
		once := d.Normal()
		must(t, cmp.Diff(before, d), "input changed")
		must(t, cmp.Diff(once, once.Normal()), "not stable")
	})
}

func TestSafeHref(t *testing.T) {
	for href, want := range map[string]bool{
		"https://example.org": true, "HTTP://example.org/a?b=c#d": true, "https://münchen.example/ä": true, "mailto:a@b.c": true, "tel:+380": true,
		"https://example.org/@user": true, "https://[::1]:8080/": true,
		"": false, "x": false, "//example.org": false, "https:": false, "https://": false, "https:///x": false, "https://:80": false, "https://a@b": false,
		"https:/\\x": false, "javascript:alert(1)": false, " javascript:alert(1)": false, "java\nscript:x": false, "data:text/html,x": false,
		"vbscript:x": false, "file:///x": false, "blob:https://x": false, "ftp://x": false, "https://a b": false, "https://a\u202eb": false,
		"https://a\u200bb": false, "https://a\"b": false, "mailto:": false, "mailto:?body=x": false, "tel:": false, "https://" + strings.Repeat("a", MaxHref): false,
	} {
		if got := SafeHref(href); got != want {
			t.Errorf("SafeHref(%.60q) = %v", href, got)
		}
	}
}

func TestParseInline(t *testing.T) {
	for _, in := range []string{`[]`, `[{"text":"Vier "},{"text":"Beamte","marks":[{"type":"strong"}]}]`} {
		got, err := ParseInline([]byte(in))
		if err != nil || string(got.Encode()) != in {
			t.Errorf("%s came back as %s: %v", in, got.Encode(), err)
		}
	}
	for _, in := range []string{``, `null`, `{}`, `"a"`, `[`, `[]]`, `[{"text":"a"}],"kind":"rule"`, `[{"text":"a","x":1}]`, `[{"Text":"a"}]`, `[{"text":"` + strings.Repeat("a", MaxText+1) + `"}]`} {
		if got, err := ParseInline([]byte(in)); err == nil {
			t.Errorf("%.60s was read as %s", in, got.Encode())
		} else if problem.KindOf(err) != problem.Invalid {
			t.Errorf("%.60s: %v", in, err)
		}
	}
}
