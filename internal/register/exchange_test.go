package register_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/register"
)

// anyEntry draws an entry as it is stored.
func anyEntry(t *rapid.T) register.Entry {
	text := rapid.OneOf(rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.S), 1, 12, 40), rapid.StringMatching(`[=+@'|:\\;,"& <>а-я-]{1,9}`))
	list := rapid.SliceOfN(text, 0, 3)
	e := register.Entry{Kind: rapid.SampledFrom(register.Kinds).Draw(t, "kind"), Keep: rapid.Bool().Draw(t, "keep"), Note: text.Draw(t, "note"), Words: map[lang.Tag]register.Word{}}
	for _, l := range rapid.SliceOfNDistinct(rapid.SampledFrom([]lang.Tag{"uk", "de", "en", "pt-BR", "id"}), 1, 3, rapid.ID).Draw(t, "langs") {
		w := register.Word{Text: text.Draw(t, "text"), Gender: rapid.SampledFrom(register.Genders).Draw(t, "gender"), Forms: list.Draw(t, "forms"), Others: list.Draw(t, "others"), Remark: text.Draw(t, "remark")}
		for _, f := range list.Draw(t, "forbidden") {
			w.Forbidden = append(w.Forbidden, register.Forbidden{Text: f, Reason: rapid.OneOf(rapid.Just(""), text).Draw(t, "reason")})
		}
		e.Words[l] = w
	}
	stored, err := register.Tidy(e)
	if err != nil { // by chance forbidden what is right, or all of spaces
		for l := range e.Words {
			e.Words[l] = register.Word{Text: "w" + e.Words[l].Text, Remark: e.Words[l].Remark}
		}
		if stored, err = register.Tidy(e); err != nil {
			t.Fatal(err)
		}
	}
	return stored
}

var (
	written   = cmp.Options{cmpopts.EquateEmpty()}
	oneSpaced = cmp.Transformer("spaces", func(s string) string { return strings.Join(strings.Fields(s), " ") })
)

// What goes out comes in again, whatever people typed.
func TestRoundTrip(t *testing.T) {
	for _, f := range []register.Format{register.CSV, register.TBX} {
		t.Run(string(f), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want := []register.Entry{anyEntry(t), anyEntry(t)}
				for i := range want {
					want[i].ID = register.ID(fmt.Sprintf("01m8f7903y992fds2qxehqfga%d", i))
				}
				b, err := register.WriteFile(f, want)
				if err != nil {
					t.Fatal(err)
				}
				got, rem, err := register.ReadFile(bytes.NewReader(b))
				opts := written
				if f == register.TBX {
					opts = append(opts, oneSpaced) // XML keeps no runs of spaces, and neither do we
				}
				if diff := cmp.Diff(want, got, opts); diff != "" || err != nil || len(rem) > 0 {
					t.Fatalf("%v %v %s\n%s", err, rem, diff, b)
				}
			})
		})
	}
}

// No field of an export is a formula to a spreadsheet.
func TestNoFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, err := register.WriteFile(register.CSV, []register.Entry{anyEntry(t)})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range slices.Concat(rows...) {
			if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
				t.Fatalf("%q", s)
			}
		}
	})
}

func one(t *testing.T, text string) (register.Entry, []register.Remark) {
	t.Helper()
	list, rem, err := register.ReadFile(strings.NewReader(text))
	if err != nil || len(list) != 1 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	return list[0], rem
}

func TestCSVOfOthers(t *testing.T) {
	want := named(register.Term, "uk", "гривня", "de", "Hrywnja", "de", "!Griwna", "de", "!Rubel")
	want.ID = ""
	want.Words["de"] = register.Word{Text: "Hrywnja", Gender: "f", Forbidden: []register.Forbidden{{"Griwna", "russisch"}, {"Rubel", ""}}}
	text := "uk;de;de.gender;de.forbidden;Wert\r\nгривня;Hrywnja;feminine;Griwna :: russisch | Rubel;7\r\n;;;;\r\n"
	wide, err := utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []string{text, "\ufeff" + text, wide, strings.ReplaceAll(text, ";", "\t"), strings.ReplaceAll(text, ";", ","), "\r\n" + text} {
		e, rem := one(t, tc)
		if diff := cmp.Diff(want, e, written); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]register.Remark{{Line: 1, Key: "register.remark.column", Args: []any{"name", "Wert"}}}, rem); diff != "" {
			t.Error(diff)
		}
	}
	e, rem := one(t, "ID,Kind,de_AT,de_AT.gender\n7,planet,Paradeiser,x\n")
	if e.Kind != register.Term || e.Words["de-AT"].Text != "Paradeiser" || len(rem) != 2 {
		t.Errorf("%+v %v", e, rem)
	}
	western, err := charmap.Windows1252.NewEncoder().String("de;fr\nZürich;Zurich\n")
	if err != nil {
		t.Fatal(err)
	}
	for text, key := range map[string]string{
		western:                 "problem.register_encoding",
		"d\x00e\x00,\x00u\x00k": "problem.register_encoding",
		"Wort,Bedeutung\na,b":   "problem.register_no_language",
		"":                      "problem.register_no_language",
		"de,uk\n\"a":            "problem.register_csv",
	} {
		_, _, err := register.ReadFile(strings.NewReader(text))
		if p := problemKey(err); p != key {
			t.Errorf("%q: %v, want %s", text, err, key)
		}
	}
	if _, _, err := register.ReadFile(strings.NewReader("de\n\"" + strings.Repeat("a", 65<<20))); !problem.Is(err, problem.TooMany) {
		t.Errorf("65 MB: %v", err)
	}
}

func problemKey(err error) string {
	var p *problem.Error
	if errors.As(err, &p) {
		return p.Key
	}
	return ""
}

func TestTBXOfOthers(t *testing.T) {
	basic2008 := `<?xml version="1.0" encoding="windows-1252"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en-US"><martifHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></martifHeader><text><body>
<termEntry id="c5"><descripGrp><descrip type="subjectField">body</descrip></descripGrp><descrip type="definition">who &amp; what</descrip>
<langSet xml:lang="en-US"><ntig><termGrp><term>Supreme <hi>Court</hi></term><termNote type="partOfSpeech">properNoun</termNote></termGrp></ntig></langSet>
<langSet xml:lang="de"><tig><term>Oberster Gerichtshof</term><termNote type="grammaticalGender">masculine</termNote><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig>
<tig><term>Supreme Court</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
<tig><term>H` + "\xf6" + `chstgericht</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote><note>heißt anders</note></tig></langSet>
<langSet xml:lang="!"><tig><term>?</term></tig></langSet></termEntry></body></text></martif>`
	basic2008 = strings.Replace(basic2008, "heißt", "hei\xdft", 1)
	dct := `<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
<conceptEntry id="c5"><min:subjectField>body</min:subjectField><basic:definition>who &#38; what</basic:definition>
<langSec xml:lang="en-US"><termSec><term>Supreme Court</term><min:partOfSpeech>properNoun</min:partOfSpeech></termSec></langSec>
<langSec xml:lang="de"><termSec><term>Supreme Court</term><min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec>
<termSec><term>Oberster Gerichtshof</term><basic:grammaticalGender>masculine</basic:grammaticalGender><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
<termSec><term>Höchstgericht</term><min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus><note>heißt anders</note></termSec></langSec>
<langSec xml:lang="!"><termSec><term>?</term></termSec></langSec></conceptEntry></body></text></tbx>`
	want := register.Entry{ID: "c5", Kind: register.Body, Note: "who & what", Words: map[lang.Tag]register.Word{
		"en-US": {Text: "Supreme Court"},
		"de":    {Text: "Oberster Gerichtshof", Gender: "m", Others: []string{"Supreme Court"}, Forbidden: []register.Forbidden{{"Höchstgericht", "heißt anders"}}},
	}}
	for _, text := range []string{basic2008, dct} {
		e, rem := one(t, text)
		if diff := cmp.Diff(want, e, written); diff != "" || len(rem) != 1 || rem[0].Key != "register.remark.language" {
			t.Error(diff, rem)
		}
	}
	bomb := `<!DOCTYPE tbx [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><tbx><text><body><conceptEntry><langSec xml:lang="de"><termSec><term>&b;</term></termSec></langSec></conceptEntry></body></text></tbx>`
	for text, key := range map[string]string{bomb: "problem.register_tbx", "<html></html>": "problem.register_not_tbx", "<tbx><text>": "problem.register_tbx", "<": "problem.register_tbx"} {
		if _, _, err := register.ReadFile(strings.NewReader(text)); problemKey(err) != key {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestTBXInUTF16: programs for terms write it, with a mark or without.
func TestTBXInUTF16(t *testing.T) {
	text := `<?xml version="1.0" encoding="UTF-16"?><martif type="TBX"><text><body><termEntry><langSet xml:lang="uk"><tig><term>Луцьк</term></tig></langSet>` +
		`<langSet xml:lang="de"><tig><term>Luzk</term></tig></langSet></termEntry></body></text></martif>`
	for name, form := range map[string]utf16.BOMPolicy{"mark": utf16.UseBOM, "none": utf16.IgnoreBOM} {
		for _, e := range []utf16.Endianness{utf16.LittleEndian, utf16.BigEndian} {
			wide, err := utf16.UTF16(e, form).NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			if got, rem := one(t, wide); got.Words["uk"].Text != "Луцьк" || got.Words["de"].Text != "Luzk" || len(rem) > 0 {
				t.Errorf("%s, %v: %+v, %v", name, e, got, rem)
			}
		}
	}
}

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), register.New(d)
		take := func(s *register.Service, text string, want register.Report) {
			t.Helper()
			got, err := s.Import(ctx, editor, strings.NewReader(text), []lang.Tag{"de", "uk", "en"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(register.Report{}, "Remarks")); diff != "" {
				t.Errorf("%s %+v", diff, got.Remarks)
			}
		}
		file := "kind,note,uk,de\nperson,Boxer,Кличко,Klitschko\nperson,Bürgermeister,Кличко,Klytschko\nplace,,Київ,Kyjiw\n"
		take(s, file, register.Report{Read: 3, New: 3})
		take(s, file, register.Report{Read: 3, Same: 3})
		take(s, "kind,uk,en-US\nplace,Київ,Kyiv\n", register.Report{Read: 1, Changed: 1})
		take(s, "kind,uk,uk.forbidden\nplace,Київ,Київ\n", register.Report{Read: 1})
		kyiv, err := s.List(ctx, d.Read(), register.Filter{Text: "kyiv"})
		if err != nil || len(kyiv) != 1 || kyiv[0].Words["de"].Text != "Kyjiw" || kyiv[0].Words["en"].Text != "Kyiv" {
			t.Fatalf("%+v %v", kyiv, err)
		}
		if _, err := s.Import(ctx, translator, strings.NewReader(file), nil); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by a translator: %v", err)
		}
		for _, f := range []register.Format{register.CSV, register.TBX} {
			var b bytes.Buffer
			if n, err := s.Export(ctx, d.Read(), &b, f); err != nil || n != 3 {
				t.Fatal(n, err)
			}
			take(s, b.String(), register.Report{Read: 3, Same: 3})
			empty := register.New(dbtest.Open(t))
			take(empty, b.String(), register.Report{Read: 3, New: 3})
			take(empty, b.String(), register.Report{Read: 3, Same: 3})
		}
		if _, err := s.Export(ctx, d.Read(), &bytes.Buffer{}, "xls"); !problem.Is(err, problem.Invalid) {
			t.Error(err)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("uk;de\nгривня;Hrywnja\n"))
	f.Add([]byte(`<tbx><text><body><conceptEntry id="e-1"><langSec xml:lang="de"><termSec><term>a</term></termSec></langSec></conceptEntry></body></text></tbx>`))
	f.Add([]byte("\xff\xfed\x00e\x00\n\x00a\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, _, err := register.ReadFile(bytes.NewReader(b))
		if err != nil {
			if k := problem.KindOf(err); k == problem.Internal {
				t.Fatalf("an error without a word: %v", err)
			}
			return
		}
		for _, format := range []register.Format{register.CSV, register.TBX} {
			out, err := register.WriteFile(format, list)
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := register.ReadFile(bytes.NewReader(out))
			if err != nil && len(list) > 0 || len(again) != len(list) {
				t.Fatalf("%d of %d come back from %s: %v\n%s", len(again), len(list), format, err, out)
			}
		}
	})
}
