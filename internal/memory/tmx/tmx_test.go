package tmx_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"depesche/internal/document"
	"depesche/internal/memory/tmx"
	"depesche/internal/problem"
)

func all(r io.Reader) ([]tmx.Unit, tmx.Reasons, error) {
	in := tmx.NewReader(r)
	var out []tmx.Unit
	for {
		u, err := in.Next()
		if errors.Is(err, io.EOF) {
			return out, in.Reasons, nil
		}
		if err != nil {
			return out, in.Reasons, err
		}
		out = append(out, u)
	}
}

// file is a file with one unit, whose Ukrainian text is seg.
func file(seg string) string {
	return `<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="uk"><prop type="x">y</prop></header><body><tu tuid="1"><note>n</note><tuv xml:lang="uk">` + seg + `</tuv><tuv lang="de"><seg>x</seg></tuv></tu></body></tmx>`
}

func marked(m ...document.Mark) []document.Mark { return m }

func TestSegments(t *testing.T) {
	bold, italic := document.Mark{Type: document.Strong}, document.Mark{Type: document.Emphasis}
	link := document.Mark{Type: document.Link, Href: "https://example.org/?a=1&b"}
	for _, c := range []struct {
		name, seg string
		want      document.Inline
		reasons   tmx.Reasons
	}{
		{"plain", `<seg>А &amp; &lt;Б&gt; &#1042;</seg>`, document.Text("А & <Б> В"), nil},
		{"laid out", "<seg>\n  один\n  два \n</seg>", document.Text("один два"), nil},
		{"kept as it is", "<seg xml:space=\"preserve\">один\nдва</seg>", document.Text("один\nдва"), nil},
		{"bold by code", `<seg>а <bpt i="1">&lt;b></bpt>б<ept i="1">&lt;/b></ept> в</seg>`, document.Inline{{Text: "а "}, {Text: "б", Marks: marked(bold)}, {Text: " в"}}, nil},
		{"bold by type", `<seg><bpt i="1" type="bold">{\b </bpt>б<ept i="1">}</ept></seg>`, document.Inline{{Text: "б", Marks: marked(bold)}}, nil},
		{"highlighted", `<seg><hi type="italic">б<hi type="bold">в</hi></hi></seg>`, document.Inline{{Text: "б", Marks: marked(italic)}, {Text: "в", Marks: marked(bold, italic)}}, nil},
		{"crossing", `<seg><bpt i="1" type="bold"/>а<bpt i="2" type="italic"/>б<ept i="1"/>в<ept i="2"/></seg>`, document.Inline{{Text: "а", Marks: marked(bold)}, {Text: "б", Marks: marked(bold, italic)}, {Text: "в", Marks: marked(italic)}}, nil},
		{"a link", `<seg><bpt i="1">&lt;a href="https://example.org/?a=1&amp;amp;b"></bpt>б<ept i="1"/></seg>`, document.Inline{{Text: "б", Marks: marked(link)}}, nil},
		{"a link to a script", `<seg><bpt i="1">&lt;a href="javascript:alert(1)"></bpt>б<ept i="1"/></seg>`, document.Text("б"), tmx.Reasons{tmx.BadAddress: 1}},
		{"a language", `<seg><bpt i="1">&lt;span lang="fr"></bpt>б<ept i="1"/></seg>`, document.Inline{{Text: "б", Marks: marked(document.Mark{Type: document.Foreign, Lang: "fr"})}}, nil},
		{"a break", `<seg>а<ph type="lb">&lt;br/></ph>б</seg>`, document.Text("а\nб"), nil},
		{"codes aren't text", `<seg>а<ph x="1">{1}</ph>б<it pos="begin">&lt;x></it>в<ut>z</ut></seg>`, document.Text("абв"), tmx.Reasons{tmx.Code: 3}},
		{"a footnote", `<seg>а<ph>&lt;fn><sub>нотатка <hi>х</hi></sub></ph>б</seg>`, document.Text("аб"), tmx.Reasons{tmx.SubText: 1, tmx.Code: 1}},
		{"unknown", `<seg>а <g id="1">б</g></seg>`, document.Text("а б"), tmx.Reasons{tmx.Element: 1}},
		{"an end without a beginning", `<seg>а<ept i="7"/></seg>`, document.Text("а"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			units, reasons, err := all(strings.NewReader(file(c.seg)))
			if err != nil || len(units) != 1 || len(units[0].Variants) != 2 {
				t.Fatalf("%+v, %v", units, err)
			}
			if diff := cmp.Diff(c.want, units[0].Variants[0].Text); diff != "" {
				t.Error(diff)
			}
			want := tmx.Reasons{tmx.Property: 1}
			for r, n := range c.reasons {
				want[r] = n
			}
			if diff := cmp.Diff(want, reasons); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnitsAreRead(t *testing.T) {
	text := `<tmx version="1.4"><header srclang="EN"/><body>
		<tu tuid="a" creationdate="20260102T030405Z" changedate="20260203T040506Z" creationid="Olena" srclang="*all*"><tuv xml:lang="en"><seg>x</seg></tuv><tuv><seg>y</seg></tuv><tuv xml:lang="de"><seg> </seg></tuv></tu>
		<tu><tuv lang="en" creationdate="20250102T030405Z" creationid="Ivan"><seg>z</seg></tuv></tu></body></tmx>`
	got, reasons, err := all(strings.NewReader(text))
	want := []tmx.Unit{
		{ID: "a", Source: "*all*", Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Changed: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), By: "Olena", Variants: []tmx.Variant{{Lang: "en", Text: document.Text("x")}}},
		{Source: "EN", Created: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC), By: "Ivan", Variants: []tmx.Variant{{Lang: "en", Text: document.Text("z")}}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if diff := cmp.Diff(tmx.Reasons{tmx.NoLanguage: 1, tmx.Empty: 1}, reasons); diff != "" {
		t.Error(diff)
	}
}

func TestEncodings(t *testing.T) {
	plain := strings.Replace(file(`<seg>Київ: “Ні”</seg>`), `<?xml version="1.0"?>`, `<?xml version="1.0" encoding="%s"?>`, 1)
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) string {
		s, err := unicode.UTF16(e, bom).NewEncoder().String(fmt.Sprintf(plain, "UTF-16"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	cp1251, err := charmap.Windows1251.NewEncoder().String(fmt.Sprintf(plain, "windows-1251"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"utf-8": fmt.Sprintf(plain, "UTF-8"), "utf-8 with a mark": "\xef\xbb\xbf" + fmt.Sprintf(plain, "utf-8"),
		"utf-16 le": utf16(unicode.LittleEndian, unicode.UseBOM), "utf-16 be": utf16(unicode.BigEndian, unicode.UseBOM),
		"utf-16 le without a mark": utf16(unicode.LittleEndian, unicode.IgnoreBOM), "windows-1251": cp1251,
	} {
		units, _, err := all(strings.NewReader(text))
		if err != nil || len(units) != 1 || units[0].Variants[0].Text.Plain() != "Київ: “Ні”" {
			t.Errorf("%s: %+v, %v", name, units, err)
		}
	}
}

// endless is text without an end.
func endless(s string) io.Reader { return &loop{s: s} }

type loop struct {
	s  string
	at int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.s[l.at:])
	l.at = (l.at + n) % len(l.s)
	return n, nil
}

func TestHostile(t *testing.T) {
	head := `<tmx version="1.4"><header srclang="uk"/><body><tu><tuv xml:lang="uk"><seg>`
	for name, c := range map[string]struct {
		file io.Reader
		key  string
	}{
		"entities":         {strings.NewReader(`<!DOCTYPE tmx [<!ENTITY a "aaaa">]><tmx><body/></tmx>`), tmx.KeyEntities},
		"outside entities": {strings.NewReader(`<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + file("<seg>&a;</seg>")), tmx.KeyEntities},
		"unknown entity":   {strings.NewReader(file("<seg>&hellip;</seg>")), tmx.KeyBroken},
		"depth":            {strings.NewReader(head + strings.Repeat("<hi>", 1000)), tmx.KeyTooDeep},
		"endless depth":    {io.MultiReader(strings.NewReader(head), endless("<hi>")), tmx.KeyTooDeep},
		"an endless text":  {io.MultiReader(strings.NewReader(head), endless("a")), tmx.KeyTooDeep},
		"an endless tag":   {io.MultiReader(strings.NewReader(head+"<hi x='"), endless("a")), tmx.KeyTooDeep},
		"another file":     {strings.NewReader("<html><p>"), tmx.KeyNotTMX},
		"no file":          {strings.NewReader(""), tmx.KeyNotTMX},
		"bytes":            {strings.NewReader("\x00\x01\x02\x89PNG"), tmx.KeyNotTMX},
		"cut":              {strings.NewReader(head + "а"), tmx.KeyBroken},
		"two":              {strings.NewReader(file("<seg>a</seg>") + "<tmx/>"), tmx.KeyBroken},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := all(c.file)
			var p *problem.Error
			if !errors.As(err, &p) || p.Key != c.key || p.Kind != problem.Invalid {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestLongTexts are left out, and the next unit is read.
func TestLongTexts(t *testing.T) {
	units, reasons, err := all(strings.NewReader(file("<seg>" + strings.Repeat("довго ", document.MaxText/5) + "</seg>")))
	if err != nil || len(units) != 1 || len(units[0].Variants) != 1 || reasons[tmx.TooLong] != 1 {
		t.Errorf("%d units, %v, %v", len(units), reasons, err)
	}
}

// TestMemoryIsFlat reads a file of 30 MB and looks at what is held.
func TestMemoryIsFlat(t *testing.T) {
	unit := `<tu><tuv xml:lang="uk"><seg>` + strings.Repeat("слово ", 40) + `</seg></tuv><tuv xml:lang="de"><seg>x</seg></tuv></tu>`
	n := 16 << 20 / len(unit)
	in := tmx.NewReader(io.MultiReader(strings.NewReader(`<tmx><header srclang="uk"/><body>`), io.LimitReader(endless(unit), int64(n*len(unit))), strings.NewReader(`</body></tmx>`)))
	read, most := 0, uint64(0)
	for {
		_, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if read++; read%4000 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if read == 0 || most > 8<<20 {
		t.Errorf("%d units, %d MB held", read, most>>20)
	}
}

// units are drawn as editors and other programs make them.
var units = rapid.Custom(func(t *rapid.T) tmx.Unit {
	text := rapid.Custom(func(t *rapid.T) document.Inline {
		var in document.Inline
		for range rapid.IntRange(1, 5).Draw(t, "spans") {
			s := document.Span{Text: rapid.StringN(1, 20, -1).Draw(t, "text")}
			for _, m := range []document.Mark{{Type: document.Link, Href: "https://example.org/a?b=1&c=2"}, {Type: document.Foreign, Lang: "fr"}, {Type: document.Strong}, {Type: document.Emphasis}} {
				if rapid.Bool().Draw(t, string(m.Type)) {
					s.Marks = append(s.Marks, m)
				}
			}
			in = append(in, s)
		}
		in = append(document.Inline{{Text: "а"}}, append(in, document.Span{Text: "я"})...)
		return in.Normal()
	})
	return tmx.Unit{
		ID: rapid.StringMatching(`[a-z0-9]{1,8}`).Draw(t, "id"), Source: "uk", Created: time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "at"), 0).UTC(),
		Props:    [][2]string{{"x-story", rapid.StringMatching(`[a-z<&" ]*`).Draw(t, "prop")}},
		Variants: []tmx.Variant{{Lang: "uk", Text: text.Draw(t, "uk")}, {Lang: "de", Text: text.Draw(t, "de")}},
	}
})

func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(units, 0, 4).Draw(t, "units")
		var b bytes.Buffer
		w := tmx.NewWriter(&b, tmx.All, `1 "2"`)
		for _, u := range want {
			if err := w.Write(u); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := valid(b.Bytes()); err != nil {
			t.Errorf("%v in\n%s", err, b.String())
		}
		got, _, err := all(&b)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			want[i].Props = nil
		}
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Error(diff)
		}
	})
}

// dtd is what TMX 1.4b lets stand in each element that we write, and which attributes it must and may have.
var dtd = map[string]struct{ parents, must, may []string }{
	"tmx":    {[]string{""}, []string{"version"}, nil},
	"header": {[]string{"tmx"}, []string{"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}, nil},
	"body":   {[]string{"tmx"}, nil, nil},
	"tu":     {[]string{"body"}, nil, []string{"tuid", "creationdate", "changedate", "creationid", "srclang"}},
	"prop":   {[]string{"tu"}, []string{"type"}, nil},
	"tuv":    {[]string{"tu"}, []string{"lang"}, nil},
	"seg":    {[]string{"tuv"}, nil, nil},
	"bpt":    {[]string{"seg"}, []string{"i"}, []string{"type"}},
	"ept":    {[]string{"seg"}, []string{"i"}, nil},
	"ph":     {[]string{"seg"}, nil, []string{"type"}},
}

// valid checks a file of ours against the rules of the DTD.
func valid(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	stack := []string{""}
	open := map[string]bool{}
	variants := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := tok.(type) {
		case xml.StartElement:
			rule, ok := dtd[e.Name.Local]
			if !ok || !slices.Contains(rule.parents, stack[len(stack)-1]) {
				return fmt.Errorf("<%s> in <%s>", e.Name.Local, stack[len(stack)-1])
			}
			var have []string
			for _, a := range e.Attr {
				have = append(have, a.Name.Local)
				if !slices.Contains(rule.must, a.Name.Local) && !slices.Contains(rule.may, a.Name.Local) {
					return fmt.Errorf("<%s %s>", e.Name.Local, a.Name.Local)
				}
				if a.Name.Local == "i" {
					if began := e.Name.Local == "bpt"; open[a.Value] == began {
						return fmt.Errorf("codes of pair %s don't fit", a.Value)
					}
					open[a.Value] = e.Name.Local == "bpt"
				}
			}
			for _, m := range rule.must {
				if !slices.Contains(have, m) {
					return fmt.Errorf("<%s> without %s", e.Name.Local, m)
				}
			}
			switch e.Name.Local {
			case "tu":
				variants = 0
			case "tuv":
				variants++
			case "prop":
				if variants > 0 {
					return errors.New("<prop> behind <tuv>")
				}
			case "seg":
				open = map[string]bool{}
			}
			stack = append(stack, e.Name.Local)
		case xml.EndElement:
			if e.Name.Local == "tu" && variants == 0 {
				return errors.New("<tu> without <tuv>")
			}
			stack = stack[:len(stack)-1]
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte(file(`<seg>а <bpt i="1">&lt;a href="https://x.example"></bpt>б<ept i="1"/><ph><sub>z</sub></ph></seg>`)))
	f.Add([]byte(`<!DOCTYPE tmx [<!ENTITY a "b">]><tmx>`))
	f.Add([]byte("\xff\xfe<\x00t\x00m\x00x\x00>\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		units, _, err := all(bytes.NewReader(raw))
		if err != nil && !problem.Is(err, problem.Invalid) {
			t.Errorf("an error without words: %v", err)
		}
		var b bytes.Buffer
		w := tmx.NewWriter(&b, tmx.All, "1")
		for _, u := range units {
			for _, v := range u.Variants {
				if len(v.Text) == 0 || !cmp.Equal(v.Text, v.Text.Normal()) {
					t.Errorf("a text that isn't normal: %q", v.Text)
				}
			}
			if err := w.Write(u); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again, _, err := all(&b)
		if err != nil || len(again) != len(units) {
			t.Errorf("what was written isn't read: %d units of %d, %v", len(again), len(units), err)
		}
	})
}
