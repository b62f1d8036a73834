package memory_test

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/memory/tmx"
	"depesche/internal/problem"
)

// tmxOf is a file with pairs, Ukrainian and German.
func tmxOf(pairs ...string) string {
	var b strings.Builder
	b.WriteString(`<tmx version="1.4"><header srclang="uk" datatype="plaintext" segtype="block" adminlang="en" o-tmf="x" creationtool="x" creationtoolversion="1"/><body>`)
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<tu><tuv xml:lang="uk"><seg>%s</seg></tuv><tuv xml:lang="de"><seg>%s</seg></tuv></tu>`, html.EscapeString(pairs[i]), html.EscapeString(pairs[i+1]))
	}
	return b.String() + `</body></tmx>`
}

func (w *world) take(t *testing.T, name, file string) memory.ImportReport {
	t.Helper()
	r, err := w.memory.Import(t.Context(), admin, strings.NewReader(file), memory.ImportOptions{Name: name, Langs: []lang.Tag{"uk", "de", "en"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func counts(r memory.ImportReport) string {
	return fmt.Sprintf("%d units: +%d ~%d =%d %v", r.Units, r.Added, r.Changed, r.Unchanged, map[tmx.Reason]int(r.Reasons))
}

func TestImportTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		file := tmxOf(council, rat, "Рада", "Parlament", "Рада", "Rat")
		if got := counts(w.take(t, "a", file)); got != "3 units: +3 ~0 =0 map[]" {
			t.Error(got)
		}
		if got := counts(w.take(t, "a", file)); got != "3 units: +0 ~0 =3 map[]" {
			t.Error(got)
		}
		// A unit with a number is known by it.
		named := `<tmx version="1.4"><header srclang="uk"/><body><tu tuid="7"><tuv lang="uk"><seg>Ліс</seg></tuv><tuv lang="de"><seg>%s</seg></tuv></tu></body></tmx>`
		w.take(t, "b", fmt.Sprintf(named, "Wald"))
		if got := counts(w.take(t, "b", fmt.Sprintf(named, "Forst"))); got != "1 units: +0 ~1 =0 map[]" {
			t.Error(got)
		}
		if got := counts(w.take(t, "c", fmt.Sprintf(named, "Gehölz"))); got != "1 units: +1 ~0 =0 map[]" {
			t.Error(got)
		}
		e := w.translation(t)
		got := told(w.matches(t, e, "a/text", "Ліс"))
		if len(got) != 2 || strings.Contains(strings.Join(got, ""), "Wald") {
			t.Error(got)
		}
	})
}

// TestImportOfWhatIsThere holds that a pair comes in once, whatever memory it is in and whoever said it.
func TestImportOfWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		marked := unit(e, "m/text", "", "")
		marked.Source = document.Inline{{Text: "З "}, {Text: "джерелом", Marks: []document.Mark{{Type: document.SourceRef, Source: "s1"}, {Type: document.Emphasis}}}}
		marked.Target = document.Inline{{Text: "Mit "}, {Text: "Quelle", Marks: []document.Mark{{Type: document.Emphasis}}}}
		w.learn(t, unit(e, "a/text", council, rat), unit(e, "b/text", council, rat), marked)
		w.take(t, "old", tmxOf("Два", "Zwei"))
		var file bytes.Buffer
		if n, err := w.memory.Export(t.Context(), w.d.Read(), &file, memory.ExportOptions{}); n != 4 || err != nil {
			t.Fatal(n, err)
		}
		if got := counts(w.take(t, "paper.tmx", file.String())); got != "4 units: +0 ~0 =4 map[property:10]" {
			t.Error(got)
		}
		// The other direction, another spelling and another text are other pairs.
		if got := counts(w.take(t, "b", tmxOf(council, rat, council, rat+"!", strings.ToUpper(council), rat, "Три", "Drei", "Три", "Drei"))); got != "5 units: +3 ~0 =1 map[]" {
			t.Error(got)
		}
		back := strings.NewReplacer(`"uk"`, `"de"`, `"de"`, `"uk"`).Replace(tmxOf(rat, council))
		if got := counts(w.take(t, "c", back)); got != "1 units: +1 ~0 =0 map[]" {
			t.Error(got)
		}
	})
}

func TestImportLanguages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		file := `<tmx version="1.4"><header srclang="EN-US"/><body>
			<tu><tuv xml:lang="en-GB"><seg>forest</seg></tuv><tuv xml:lang="de-AT"><seg>Wald</seg></tuv><tuv xml:lang="UK"><seg>ліс</seg></tuv><tuv xml:lang="fr"><seg>forêt</seg></tuv></tu>
			<tu srclang="*all*"><tuv xml:lang="en"><seg>tree</seg></tuv><tuv xml:lang="de"><seg>Baum</seg></tuv><tuv xml:lang="de-CH"><seg>Baum, Schweiz</seg></tuv></tu>
			<tu srclang="fr"><tuv xml:lang="en"><seg>leaf</seg></tuv><tuv xml:lang="de"><seg>Blatt</seg></tuv></tu>
			<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu>
			</body></tmx>`
		want := "4 units: +4 ~0 =0 map[language:1 no_source:1 second:1 single:1]"
		if got := counts(w.take(t, "x", file)); got != want {
			t.Error(got)
		}
		stats, err := w.memory.Stats(t.Context(), w.d.Read())
		if diff := cmp.Diff([]memory.Pair{{From: "de", To: "en", Imported: 1}, {From: "en", To: "de", Imported: 2}, {From: "en", To: "uk", Imported: 1}}, stats); diff != "" || err != nil {
			t.Errorf("%s %v", diff, err)
		}
	})
}

// TestImportBrokenOff holds that what was read before a fault is there, and that the same file whole
// then doubles nothing.
func TestImportBrokenOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var pairs []string
		for i := range 4500 {
			pairs = append(pairs, fmt.Sprintf("Речення %d тут", i), fmt.Sprintf("Satz %d hier", i))
		}
		file := tmxOf(pairs...)
		cut := file[:strings.Index(file, "Речення 4400")]
		lost := errors.New("the line is dead")
		r, err := w.memory.Import(t.Context(), admin, io.MultiReader(strings.NewReader(cut), failing{lost}), memory.ImportOptions{Name: "a"})
		if !errors.Is(err, lost) || r.Added != 4400 {
			t.Errorf("%s, %v", counts(r), err)
		}
		if got := counts(w.take(t, "a", file)); got != "4500 units: +100 ~0 =4400 map[]" {
			t.Error(got)
		}
		r, err = w.memory.Import(t.Context(), admin, strings.NewReader(cut), memory.ImportOptions{Name: "b"})
		if !problem.Is(err, problem.Invalid) || r.Unchanged != 4400 {
			t.Errorf("%s, %v", counts(r), err)
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestImportNeedsRights(t *testing.T) {
	w := memory.New(dbtest.Open(t))
	for _, role := range []actor.Role{actor.Translator, actor.Reporter, actor.Editor, actor.Chief} {
		_, err := w.Import(t.Context(), actor.Actor{ID: "x", Role: string(role)}, strings.NewReader(tmxOf("а", "b")), memory.ImportOptions{})
		if !problem.Is(err, problem.Forbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// TestThereAndBack holds that an exported memory, taken in by an empty one, matches the same.
func TestThereAndBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		rich := unit(e, "r/text", "", "")
		rich.Source = document.Inline{{Text: "Пише "}, {Text: "«Український тиждень»", Marks: []document.Mark{{Type: document.Link, Href: "https://example.org/?a=1&b=2"}, {Type: document.Emphasis}}}, {Text: "\nі ще <рядок> & край"}}
		rich.Target = document.Inline{
			{Text: "Das schreibt "}, {Text: "Tyschden", Marks: []document.Mark{{Type: document.Link, Href: "https://example.org/de"}, {Type: document.Foreign, Lang: "uk"}}},
			{Text: ", ", Marks: []document.Mark{{Type: document.Strong}}}, {Text: "sagt er", Marks: []document.Mark{{Type: document.Strong}, {Type: document.Emphasis}}},
			{Text: "\nund ein 😀 Ende"},
		}
		bound := unit(e, "b/text", "", "Zielt auf Quelle")
		bound.Source = document.Inline{{Text: "З джерелом", Marks: []document.Mark{{Type: document.SourceRef, Source: "s1"}}}}
		w.learn(t, rich, bound, unit(e, "a/text", council, rat), unit(e, "c/text", "Один", "Eins"))
		w.take(t, "old", tmxOf("Два", "Zwei"))

		var file bytes.Buffer
		n, err := w.memory.Export(t.Context(), w.d.Read(), &file, memory.ExportOptions{Version: "test"})
		if err != nil || n != 5 {
			t.Fatalf("%d, %v", n, err)
		}
		there := memory.New(dbtest.Open(t))
		r, err := there.Import(t.Context(), admin, &file, memory.ImportOptions{Name: "back"})
		if err != nil || r.Added != 5 || len(r.Reasons) != 1 || r.Reasons[tmx.Property] == 0 {
			t.Fatalf("%s, %v", counts(r), err)
		}
		d := memory.DBOf(there)
		for _, text := range []document.Inline{rich.Source, bound.Source, document.Text(council), document.Text("Один"), document.Text("Два"), document.Text("Рада ухвалила закон про державний бюджет на 2028 рік.")} {
			q := memory.Query{From: "uk", To: "de", Segments: []memory.Segment{{Address: "x/text", Text: text}}}
			a, err := w.memory.Matches(t.Context(), w.d.Read(), q)
			if err != nil {
				t.Fatal(err)
			}
			b, err := there.Matches(t.Context(), d.Read(), q)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(short(a["x/text"]), short(b["x/text"])); diff != "" || len(a["x/text"]) == 0 {
				t.Errorf("%q: %s", text.Plain(), diff)
			}
		}
	})
}

type shortMatch struct {
	Score          int
	Source, Target document.Inline
	By             string
	At             string
}

func short(list []memory.Match) []shortMatch {
	var out []shortMatch
	for _, m := range list {
		// A file knows seconds.
		out = append(out, shortMatch{m.Score, m.Source, m.Target, m.ByName, m.At.Format("2006-01-02 15:04:05")})
	}
	return out
}
