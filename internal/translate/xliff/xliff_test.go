package xliff

import (
	"bytes"
	"encoding/xml"
	"errors"

	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/document"
	"depesche/internal/problem"
)

var sourceRef = document.Mark{Type: document.SourceRef, Source: "01src"}

var logging = File{
	From: "uk", To: "de", Edition: "01ed", SourceRev: 4, TargetRev: 7,
	Units: []Unit{
		{
			Address: document.AddrHeadline, Source: document.Text("На Харківщині зрубали 1077 дерев"), Target: document.Text("1.077 Bäume gefällt"), State: Translated,
			Notes: []Note{{"context", "Headline"}, {"register", "Харківщина = Region Charkiw"}},
		},
		{
			Address: "b1/text",
			Source: document.Inline{
				{Text: "Слідчі ", Marks: []document.Mark{sourceRef}}, {Text: "довели", Marks: []document.Mark{sourceRef, {Type: document.Strong}}}, {Text: ",\nщо <так> & «ні»."},
			},
			Target: document.Inline{{Text: "Die Ermittler "}, {Text: "beweisen", Marks: []document.Mark{sourceRef}}, {Text: " es."}},
			State:  Reviewed,
		},
		{Address: "b2/original", Source: document.Text("Never"), Fixed: true},
		{Address: "b3/text", Source: document.Text("Ще ніхто не переклав.")},
	},
}

func TestRoundTrip(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, logging); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, b.Bytes())
	got, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	want := logging
	want.Units = append([]Unit{}, want.Units...)
	for i := range want.Units {
		if want.Units[i].State == "" {
			want.Units[i].State = Initial
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// wellFormed holds a file to what the standard asks of ids and codes: an id stands once, a code of the
// translation that has an id of the original is the same code, references lead somewhere.
func wellFormed(t interface{ Errorf(string, ...any) }, file []byte) {
	type code struct {
		ID    string `xml:"id,attr"`
		Ref   string `xml:"dataRefStart,attr"`
		Inner []code `xml:"pc"`
	}
	type unit struct {
		ID   string `xml:"id,attr"`
		Data []struct {
			ID string `xml:"id,attr"`
		} `xml:"originalData>data"`
		Source []code `xml:"segment>source>pc"`
		Target []code `xml:"segment>target>pc"`
	}
	var x struct {
		Version string `xml:"version,attr"`
		Units   []unit `xml:"file>unit"`
	}
	if err := xml.Unmarshal(file, &x); err != nil {
		t.Errorf("%v\n%s", err, file)
		return
	}
	if x.Version != "2.1" {
		t.Errorf("version %q", x.Version)
	}
	units := map[string]bool{}
	for _, u := range x.Units {
		if units[u.ID] || strings.ContainsAny(u.ID, "/ ") {
			t.Errorf("the id of unit %q", u.ID)
		}
		units[u.ID] = true
		data := map[string]bool{}
		for _, d := range u.Data {
			data[d.ID] = true
		}
		var look func(list []code, seen map[string]string)
		look = func(list []code, seen map[string]string) {
			for _, c := range list {
				if _, twice := seen[c.ID]; twice || !data[c.Ref] {
					t.Errorf("unit %s: code %q with data %q", u.ID, c.ID, c.Ref)
				}
				seen[c.ID] = c.Ref
				look(c.Inner, seen)
			}
		}
		source, target := map[string]string{}, map[string]string{}
		look(u.Source, source)
		look(u.Target, target)
		for id, ref := range target {
			if was, ok := source[id]; ok && was != ref {
				t.Errorf("unit %s: code %s is %s in the original, %s here", u.ID, id, was, ref)
			}
		}
	}
}

func inlines() *rapid.Generator[document.Inline] {
	marks := []document.Mark{
		sourceRef, {Type: document.SourceRef, Source: "s2"}, {Type: document.StoryLink, Story: "st"}, {Type: document.Link, Href: `https://example.org/?a=1&b="<x>"`},
		{Type: document.Foreign, Lang: "fr"}, {Type: document.Strong}, {Type: document.Emphasis},
	}
	return rapid.Custom(func(t *rapid.T) document.Inline {
		var out document.Inline
		for range rapid.IntRange(0, 5).Draw(t, "spans") {
			s := document.Span{Text: rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune("абв xyz <>&\"'\n\t]]>\u00a0\u202f\u0001\u200d\ufffe🙂")), rapid.Rune())).Draw(t, "text")}
			for _, m := range marks {
				if rapid.IntRange(0, 3).Draw(t, "mark") == 0 {
					s.Marks = append(s.Marks, m)
				}
			}
			out = append(out, s)
		}
		return out.Normal()
	})
}

func TestAnythingComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := File{From: "uk", To: "de", Edition: "e", SourceRev: 1, TargetRev: 2, Units: []Unit{{
			Address: "b1/text", Source: inlines().Draw(t, "source"), Target: inlines().Draw(t, "target"), State: Translated,
		}}}
		if len(want.Units[0].Target) == 0 {
			want.Units[0].State = Initial
		}
		var b bytes.Buffer
		if err := Write(&b, want); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, b.Bytes())
		file := b.String()
		got, err := Read(&b)
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", diff, file)
		}
	})
}

const frame = `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="uk" trgLang="de"><file id="f" original="e">%s</file></xliff>`

// TestOtherPrograms reads what programs of translators make of a file.
func TestOtherPrograms(t *testing.T) {
	strong := []document.Mark{{Type: document.Strong}}
	const data = `<originalData><data id="d1">{"type":"strong"}</data><data id="d2">&lt;b&gt;</data></originalData>`
	for name, c := range map[string]struct {
		units string
		want  document.Inline
		state State
	}{
		"segmented anew": {
			`<unit id="b1.text"><segment state="final"><source>Раз.</source><target>Eins.</target></segment><ignorable><source> </source></ignorable><segment state="translated"><source>Два.</source><target>Zwei.</target></segment></unit>`,
			document.Text("Eins. Zwei."), Translated,
		},
		"single codes across segments": {
			`<unit id="b1.text">` + data + `<segment><source>a</source><target><sc id="1" dataRef="d1"/>Eins. </target></segment><segment><source>b</source><target>Zwei<ec startRef="1"/>.</target></segment></unit>`,
			document.Inline{{Text: "Eins. Zwei", Marks: strong}, {Text: "."}}, Initial,
		},
		"marks and codes of its own": {
			`<unit id="x" name="b1/text">` + data + `<segment><source>a</source><target><mrk id="m1" type="term">Ein</mrk>s <pc id="9" dataRefStart="d2">zwei</pc> <pc id="1" dataRefStart="d1">drei</pc><ph id="2"/></target></segment></unit>`,
			document.Inline{{Text: "Eins zwei "}, {Text: "drei", Marks: strong}}, Initial,
		},
		"groups, foreign elements, CDATA": {
			`<group id="g"><x:y xmlns:x="urn:x"><unit id="no"/></x:y><group id="h"><unit id="b1.text"><z xmlns="urn:z">no</z><segment><source>a</source><target><![CDATA[1 < 2]]><cp hex="0007"/></target></segment></unit></group></group>`,
			document.Inline{{Text: "1 < 2\a"}}.Normal(), Initial,
		},
		"nothing but what stands between": {
			`<unit id="b1.text"><ignorable><source> </source></ignorable><segment><source>a</source></segment></unit>`, nil, Initial,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Read(strings.NewReader(strings.Replace(frame, "%s", c.units, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Units) != 1 || f.Units[0].Address != "b1/text" || f.Units[0].State != c.state {
				t.Fatalf("%+v", f.Units)
			}
			if diff := cmp.Diff(c.want, f.Units[0].Target); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOtherEncodings(t *testing.T) {
	text := `<?xml version="1.0" encoding="UTF-16"?>` + strings.Replace(frame, "%s", `<unit id="b1.text"><segment><source>Ґ</source><target>Ü</target></segment></unit>`, 1)
	file := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		file = append(file, byte(u), byte(u>>8))
	}
	f, err := Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Units[0].Source.Plain() + f.Units[0].Target.Plain(); got != "ҐÜ" {
		t.Errorf("%q", got)
	}
}

func TestUnreadable(t *testing.T) {
	for name, c := range map[string]struct{ file, key string }{
		"empty":           {"", "problem.xliff_unreadable"},
		"no XML":          {"Hello", "problem.xliff_unreadable"},
		"cut":             {`<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="uk" trgLang="de"><file>`, "problem.xliff_unreadable"},
		"something else":  {`<html></html>`, "problem.xliff_other"},
		"XLIFF 1.2":       {`<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"></xliff>`, "problem.xliff_version"},
		"no language":     {`<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="uk"></xliff>`, "problem.xliff_unreadable"},
		"two files":       {strings.Replace(strings.Replace(frame, "%s", "", 1), "</xliff>", `<file id="g"/></xliff>`, 1), "problem.xliff_files"},
		"entities":        {`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + strings.Replace(frame, "%s", `<unit id="b1.text"><segment><source>&b;</source></segment></unit>`, 1), "problem.xliff_unreadable"},
		"nested too deep": {strings.Replace(frame, "%s", strings.Repeat(`<group id="g">`, 100)+strings.Repeat(`</group>`, 100), 1), "problem.xliff_unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.file))
			p, ok := errors.AsType[*problem.Error](err)
			if !ok || p.Kind != problem.Invalid || p.Key != c.key {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := Read(endless{}); problem.KindOf(err) != problem.Invalid {
		t.Errorf("a file without an end: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, logging); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(strings.Replace(frame, "%s", `<unit id="b1.text"><segment><source>a<sc id="1"/></source><target><ec startRef="1"/><cp hex="FFFFFFFF"/></target></segment></unit>`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := Write(&out, file); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&out); err != nil {
			t.Fatalf("what was read can't be read once it is written: %v", err)
		}
	})
}
