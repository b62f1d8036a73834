package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
	"time"
)

//go:embed words/*.json
var wordFiles embed.FS

// fallback is the language whose words are shown where the wanted one lacks a catalogue or a key.
const fallback Tag = "en"

// Catalogue holds the words of our screens in all languages they were written in.
type Catalogue struct{ byTag map[Tag]*Words }

// Words are the words of our screens in one language. The zero of *Words has none.
type Words struct {
	tag      Tag
	texts    map[string]message
	fallback *Words
}

// message is one text, and its forms by plural category if it has several: there are ten thousand, and
// hardly any has.
type message struct {
	other pieces
	forms map[string]pieces // with "other" among them, or nil
}

// pieces is a text cut at its placeholders: text, name, text, name, … text.
type pieces []string

// LoadWords reads the catalogues of the product, words/<area>.<language>.json. The format is that
// of go-i18n: a text, or an object of texts by plural category; placeholders are {name}. A test
// holds that each key is in one file and in all six languages.
func LoadWords() (*Catalogue, error) {
	files, err := fs.Sub(wordFiles, "words")
	if err != nil {
		return nil, err
	}
	return ReadWords(files)
}

// ReadWords reads catalogues from files, as [LoadWords] does from the product's own.
func ReadWords(files fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	c := &Catalogue{byTag: map[Tag]*Words{}}
	for _, name := range names {
		if err := c.read(files, name); err != nil {
			return nil, fmt.Errorf("words %s: %w", name, err)
		}
	}
	main := c.byTag[fallback]
	if main == nil {
		return nil, fmt.Errorf("words: no catalogue in %s", fallback)
	}
	for t, w := range c.byTag {
		if t != fallback {
			w.fallback = main
		}
	}
	return c, nil
}

func (c *Catalogue) read(files fs.FS, name string) error {
	_, language, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".json"), ".")
	if !ok {
		return fmt.Errorf("the name is not <area>.<language>.json")
	}
	t, err := Parse(language)
	if err != nil {
		return err
	}
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var texts map[string]json.RawMessage
	if err := json.Unmarshal(raw, &texts); err != nil {
		return err
	}
	w := c.byTag[t]
	if w == nil {
		w = &Words{tag: t, texts: map[string]message{}}
		c.byTag[t] = w
	}
	for key, value := range texts {
		if w.texts[key], err = parseMessage(value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

func parseMessage(raw json.RawMessage) (message, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		t, err := parsePieces(text)
		return message{other: t}, err
	}
	var forms map[string]string
	if err := json.Unmarshal(raw, &forms); err != nil {
		return message{}, err
	}
	if _, ok := forms["other"]; !ok {
		return message{}, fmt.Errorf("no form for %q", "other")
	}
	m := message{forms: map[string]pieces{}}
	for category, text := range forms {
		if !categories[category] {
			return message{}, fmt.Errorf("%q is no plural category", category)
		}
		t, err := parsePieces(text)
		if err != nil {
			return message{}, err
		}
		m.forms[category] = t
	}
	m.other = m.forms["other"]
	return m, nil
}

var categories = words("zero one two few many other")

func parsePieces(text string) (pieces, error) {
	var t pieces
	for {
		before, rest, ok := strings.Cut(text, "{")
		t = append(t, before)
		if !ok {
			return t, nil
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok || name == "" {
			return nil, fmt.Errorf("a brace without its end in %q", text)
		}
		t = append(t, name)
		text = after
	}
}

// Languages lists the languages that have a catalogue, in the order of their tags.
func (c *Catalogue) Languages() []Tag {
	out := make([]Tag, 0, len(c.byTag))
	for t := range c.byTag {
		out = append(out, t)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// In returns the words in t, or in the language t is a variety of, or in English.
func (c *Catalogue) In(t Tag) *Words {
	for _, t := range []Tag{t, nearest(t), t.Base()} {
		if w := c.byTag[t]; w != nil {
			return w
		}
	}
	return c.byTag[fallback]
}

// Tag returns the language of the words.
func (w *Words) Tag() Tag { return w.tag }

func (w *Words) speaks(t Tag) bool { return w != nil && w.tag.Base() == t.Base() }

// T returns the text of key with its placeholders filled from args, which are pairs of name and
// value; a number alone is "n". Whole numbers are written as the language writes them, so what
// names something (a year, a story's number) is passed as text; a [time.Time] is written as a
// date, under the name "time" with the hour, a [Tag] as the language's name. "n" chooses the plural form, be it number or text. A
// key that this language lacks is taken from English; one that nobody has is returned itself, so
// that it is seen and found.
func (w *Words) T(key string, args ...any) string {
	if len(args) == 1 {
		if n, ok := whole(args[0]); ok {
			args = []any{"n", n}
		}
	}
	for ; w != nil; w = w.fallback {
		if m, ok := w.texts[key]; ok {
			return m.choose(w.tag, args).fill(w.tag, args)
		}
	}
	return key
}

// Around returns what stands before and after the placeholder name in the text of key, so that a
// page can put an element there: "Von <a>…</a>". A text without it is all before.
func (w *Words) Around(key, name string, args ...any) (before, after string) {
	const mark = "\x00"
	text := w.T(key, append(args, name, mark)...)
	before, after, _ = strings.Cut(text, mark)
	return before, after
}

// Has reports whether the language itself has a text for key.
func (w *Words) Has(key string) bool {
	if w == nil {
		return false
	}
	_, ok := w.texts[key]
	return ok
}

// Keys lists the keys the language has, sorted.
func (w *Words) Keys() []string {
	out := make([]string, 0, len(w.texts))
	for k := range w.texts {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// Forms returns the text of key as it was written, placeholders and all: a string, or a
// map[string]string of plural categories. It is for islands, which fill in and choose themselves.
func (w *Words) Forms(key string) any {
	for ; w != nil; w = w.fallback {
		m, ok := w.texts[key]
		if !ok {
			continue
		}
		if len(m.forms) < 2 {
			return m.other.source()
		}
		forms := make(map[string]string, len(m.forms))
		for category, text := range m.forms {
			forms[category] = text.source()
		}
		return forms
	}
	return key
}

func (m message) choose(t Tag, args []any) pieces {
	if len(m.forms) > 1 {
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] != "n" {
				continue
			}
			n, ok := whole(args[i+1])
			if s, text := args[i+1].(string); text {
				var err error
				n, err = strconv.ParseInt(s, 10, 64)
				ok = err == nil
			}
			if ok {
				if form, ok := m.forms[t.Plural(n)]; ok {
					return form
				}
			}
		}
	}
	return m.other
}

func (tp pieces) fill(t Tag, args []any) string {
	if len(tp) == 1 {
		return tp[0]
	}
	var b strings.Builder
	for i, part := range tp {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		b.WriteString(argument(t, part, args))
	}
	return b.String()
}

// source is the text as it was written.
func (tp pieces) source() string {
	var b strings.Builder
	for i, part := range tp {
		if i%2 == 1 {
			part = "{" + part + "}"
		}
		b.WriteString(part)
	}
	return b.String()
}

// argument writes the value of name. One that wasn't given stays visible as {name}.
func argument(t Tag, name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		if n, ok := whole(args[i+1]); ok {
			return t.Number(n)
		}
		switch v := args[i+1].(type) {
		case string:
			return v
		case Tag:
			return v.NameIn(t)
		case time.Time:
			if name == "time" {
				return t.Date(v, Moment)
			}
			return t.Date(v, Plain)
		case float64:
			return t.Decimal(v, 1)
		}
		return fmt.Sprint(args[i+1])
	}
	return "{" + name + "}"
}

func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint64:
		return int64(min(v, 1<<62)), true
	}
	return 0, false
}
