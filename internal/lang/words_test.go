package lang

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// spoken are the languages in which every word of our screens must be there.
var spoken = []Tag{"de", "en", "fr", "pl", "ru", "uk"}

func loadWords(t testing.TB) *Catalogue {
	t.Helper()
	c, err := LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWordsAreWhole(t *testing.T) {
	c := loadWords(t)
	all := map[string]bool{}
	for _, l := range spoken {
		for _, k := range c.In(l).Keys() {
			all[k] = true
		}
	}
	if len(all) < 250 {
		t.Fatalf("%d keys, the catalogue is not there", len(all))
	}
	for _, l := range spoken {
		w := c.In(l)
		for key := range all {
			m, ok := w.texts[key]
			if !ok {
				t.Errorf("%s has no word for %s", l, key)
				continue
			}
			if diff := cmp.Diff(placeholders(c.In("en").texts[key]), placeholders(m)); diff != "" {
				t.Errorf("%s %s: placeholders differ from English:\n%s", l, key, diff)
			}
			checkForms(t, l, key, m)
		}
	}
}

// A key in two files would be said as the one read last says it.
func TestWordsAreSaidOnce(t *testing.T) {
	names, err := wordFiles.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]string{}
	for _, f := range names {
		raw, err := wordFiles.ReadFile("words/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]json.RawMessage
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		_, language, _ := strings.Cut(f.Name(), ".")
		for key := range texts {
			if other := in[language+key]; other != "" {
				t.Errorf("%s is in %s and in %s", key, other, f.Name())
			}
			in[language+key] = f.Name()
		}
	}
}

// all are the message's texts by plural category.
func (m message) all() map[string]pieces {
	if m.forms == nil {
		return map[string]pieces{"other": m.other}
	}
	return m.forms
}

func placeholders(m message) []string {
	var out []string
	for _, text := range m.all() {
		for i := 1; i < len(text); i += 2 {
			if !slices.Contains(out, text[i]) {
				out = append(out, text[i])
			}
		}
	}
	slices.Sort(out)
	return out
}

// checkForms wants a form for each category that numbers take in the language and no other, and
// each number shown. French "many" is for millions and may be left out.
func checkForms(t *testing.T, l Tag, key string, m message) {
	t.Helper()
	if len(m.all()) == 1 {
		return
	}
	need := l.Plurals()
	need["other"] = true
	for category := range need {
		if _, ok := m.all()[category]; !ok {
			t.Errorf("%s %s: no form for %q", l, key, category)
		}
	}
	for category := range m.all() {
		if !need[category] && (l != "fr" || category != "many") {
			t.Errorf("%s %s: %s has no category %q", l, key, l, category)
		}
	}
}

// clumsy is typewriter's typography.
var clumsy = regexp.MustCompile(`["']|\.\.\.|--|  |^ | $|[^\x{00a0}\x{202f},] [?!;:»]|« `)

func TestWordsAreWellSet(t *testing.T) {
	c := loadWords(t)
	for _, l := range spoken {
		for key, m := range c.In(l).texts {
			for _, text := range m.all() {
				s := text.source()
				if s == "" || clumsy.MatchString(s) {
					t.Errorf("%s %s: %q", l, key, s)
				}
				if tidy := l.Tidy(s); !strings.Contains(s, "## ") && spaceless(tidy) != spaceless(s) {
					t.Errorf("%s %s: %q should be %q", l, key, s, tidy)
				}
			}
		}
	}
}

// spaceless leaves the spaces out: whether a label needs a no-break space its place decides.
func spaceless(s string) string {
	return strings.Map(func(r rune) rune {
		if isSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestT(t *testing.T) {
	c := loadWords(t)
	day := time.Date(2024, 10, 23, 14, 20, 0, 0, time.UTC)
	for _, tt := range []struct {
		lang Tag
		key  string
		args []any
		want string
	}{
		{"de", "reader.menu", nil, "Menü"},
		{"de-AT", "reader.menu", nil, "Menü"},
		{"el", "reader.menu", nil, "Menu"},
		{"de", "desk.board.stale", []any{"n", 1}, "1 Segment"},
		{"de", "desk.board.stale", []any{"n", 1077}, "1.077 Segmente"},
		{"uk", "desk.board.stale", []any{"n", 1}, "1 сегмент"},
		{"uk", "desk.board.stale", []any{"n", 22}, "22 сегменти"},
		{"uk", "desk.board.stale", []any{"n", 11}, "11 сегментів"},
		{"uk", "desk.board.stale", []any{"n", 1021}, "1021 сегмент"},
		{"pl", "desk.board.stale", []any{"n", int64(12)}, "12 segmentów"},
		{"fr", "desk.board.stale", []any{"n", 0}, "0 segment"},
		{"fr", "desk.board.stale", []any{"n", 1000000}, "1\u202f000\u202f000 de segments"},
		{"fr", "reader.photo", []any{"name", "AFP"}, "Photo\u00a0: AFP"},
		{"uk", "reader.accessed", []any{"date", day}, "переглянуто 23\u00a0жовтня 2024"},
		{"en", "reader.by_many", nil, "By {name}"},
		{"de", "problem.too_many", []any{12}, "Zu viele, höchstens 12"},
		{"de", "desk.said.uploaded", []any{"n", "1"}, "1 Bild ist in der Bibliothek"},
		{"de", "check.lang_mismatch", []any{"found", Tag("uk")}, "Das liest sich wie eine andere Sprache: Ukrainisch"},
		{"uk", "desk.story.n", []any{"n", "4812"}, "Матеріал № 4812"},
		{"uk", "problem.embargo", []any{"time", day}, "Ембарго ще діє: 23\u00a0жовтня 2024, 14:20"},
		{"en", "reader.nothing_of_the_kind", nil, "reader.nothing_of_the_kind"},
		{"en", "reader.by_many", []any{"name", "{name}"}, "By {name}"},
	} {
		if got := c.In(tt.lang).T(tt.key, tt.args...); got != tt.want {
			t.Errorf("%s %s %v: %q, want %q", tt.lang, tt.key, tt.args, got, tt.want)
		}
	}
	if before, after := c.In("de").Around("reader.all_from", "section"); before != "Alle aus " || after != "" {
		t.Errorf("Around: %q, %q", before, after)
	}
}

func TestVersion(t *testing.T) {
	c := loadWords(t)
	for _, tt := range []struct {
		ui       Tag
		v        Version
		of       Tag
		who, chk string
		want     string
	}{
		{"de", HumanChecked, "uk", "", "der Redaktion", "Aus dem Ukrainischen übersetzt, geprüft von der Redaktion"},
		{"de", Original, "uk", "", "", "Original, auf Ukrainisch"},
		{"de", MachineChecked, "uk", "", "N", "Maschinell aus dem Ukrainischen übersetzt, geprüft von N"},
		{"de", Machine, "uk", "", "", "Maschinell übersetzt, nicht geprüft"},
		{"de", Human, "uk", "N", "", "Aus dem Ukrainischen übersetzt von N"},
		{"de", Human, "eo", "N", "", "Übersetzt von N; Original: Esperanto"},
		{"uk", Original, "uk", "", "", "Оригінал, українською"},
		{"uk", HumanChecked, "sk", "", "N", "Переклад зі словацької, перевірка: N"},
		{"en", MachineChecked, "uk", "", "N", "Machine translation from Ukrainian, checked by N"},
		{"en", HumanChecked, "uk", "M", "N", "Translated from Ukrainian by M, checked by N"},
		{"fr", Human, "uk", "N", "", "Traduit de l’ukrainien par N"},
		{"fr", HumanChecked, "fr", "", "N", "Traduit du français, relecture\u00a0: N"},
		{"pl", MachineChecked, "uk", "", "N", "Tłumaczenie maszynowe z ukraińskiego, sprawdzenie: N"},
		{"ru", Human, "uk", "", "", "Перевод с украинского"},
		{"en", Human, "pt-BR", "", "", "Translated from Portuguese"},
		{"en", Human, "nn", "", "", "Translated from Norwegian"},
	} {
		if got := c.In(tt.ui).Version(tt.v, tt.of, tt.who, tt.chk); got != tt.want {
			t.Errorf("%s %s of %s: %q, want %q", tt.ui, tt.v, tt.of, got, tt.want)
		}
	}
	if got := c.In("de").InLang("eo"); got != "Sprache: Esperanto" {
		t.Errorf("InLang(eo) = %q", got)
	}
}

func TestReadWordsRefuses(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"no English":    {"a.de.json": {Data: []byte(`{"a":"b"}`)}},
		"no language":   {"a.json": {Data: []byte(`{}`)}},
		"open brace":    {"a.en.json": {Data: []byte(`{"a":"b {c"}`)}},
		"no other":      {"a.en.json": {Data: []byte(`{"a":{"one":"b"}}`)}},
		"no category":   {"a.en.json": {Data: []byte(`{"a":{"other":"b","two or so":"c"}}`)}},
		"no JSON":       {"a.en.json": {Data: []byte(`{`)}},
		"wrong subtags": {"a.x y.json": {Data: []byte(`{}`)}},
	} {
		if _, err := ReadWords(files); err == nil {
			t.Errorf("%s: read without complaint", name)
		}
	}
}

func TestForms(t *testing.T) {
	w := loadWords(t).In("de")
	if got := w.Forms("reader.by_many"); got != "Von {name}" {
		t.Errorf("%v", got)
	}
	want := map[string]string{"one": "vor {n} Minute", "other": "vor {n} Minuten"}
	if diff := cmp.Diff(any(want), w.Forms("reader.min_ago")); diff != "" {
		t.Error(diff)
	}
	if got := w.Forms("nobody.has.it"); got != "nobody.has.it" {
		t.Errorf("%v", got)
	}
}
