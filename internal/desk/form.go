package desk

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/web"
)

// field is one labelled control, with what was typed and what is wrong with it.
type field struct {
	ID, Label, Hint, Type, Value, Error string
	Lang, Dir, Auto                     string
	Optional, Required, Serif, Focus    bool
	Rows, Max                           int
	Choices                             []choice
}

type choice struct {
	Value, Word, Hint, Lang string
	On                      bool
}

// with puts the first sentence of a refused form that is about the field beside it, and names the field
// in the list above the form.
func (f field) with(errs []fieldError) field {
	for i, e := range errs {
		if e.Name != f.ID {
			continue
		}
		if f.Error == "" {
			f.Error = e.Text
		}
		errs[i].Label = f.Label
		// A field of one language, name.uk, has its sisters on the page.
		if _, tag, ok := strings.Cut(f.ID, "."); ok {
			if t, err := lang.Parse(tag); err == nil {
				errs[i].Label += ", " + t.OwnName()
			}
		}
	}
	return f
}

func (f field) in(t lang.Tag) field {
	f.Lang, f.Dir = t.String(), t.Dir()
	return f
}

func textField(id, label, value string) field {
	return field{ID: id, Label: label, Value: value, Type: "text"}
}

func areaField(id, label, value string, rows int) field {
	return field{ID: id, Label: label, Value: value, Type: "textarea", Rows: rows}
}

func selectField(id, label, value string, choices []choice) field {
	f := field{ID: id, Label: label, Type: "select", Choices: append([]choice(nil), choices...)}
	for i := range f.Choices {
		f.Choices[i].On = f.Choices[i].Value == value
	}
	return f
}

func checkField(id, label string, on []string, choices []choice) field {
	f := field{ID: id, Label: label, Type: "checkbox", Choices: append([]choice(nil), choices...)}
	for i := range f.Choices {
		f.Choices[i].On = contains(on, f.Choices[i].Value)
	}
	return f
}

// maxForm bounds a form's body: an edition of 5,000 blocks fits in.
const maxForm = 6 << 20

func parse(w http.ResponseWriter, r *http.Request) error { return web.ParseForm(w, r, maxForm) }

// value is a field as it was typed, without the ends' white space.
func value(r *http.Request, name string) string { return strings.TrimSpace(r.PostFormValue(name)) }

func number(r *http.Request, name string) int64 {
	n, _ := strconv.ParseInt(r.PostFormValue(name), 10, 64)
	return n
}

func tags(list []string) []lang.Tag {
	var out []lang.Tag
	for _, s := range list {
		if t, err := lang.Parse(s); err == nil {
			out = append(out, t)
		}
	}
	return out
}

func tagStrings(list []lang.Tag) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = t.String()
	}
	return out
}

// wordChoices offers values under the words that the catalogue has for them.
func wordChoices[T ~string](f *frame, prefix string, values []T) []choice {
	out := make([]choice, 0, len(values))
	for _, v := range values {
		out = append(out, choice{Value: string(v), Word: f.words.T(prefix + string(v))})
	}
	return out
}

// langChoices offers languages by their own names, sorted as the screen's language sorts.
func langChoices(ui lang.Tag, list []lang.Tag) []choice {
	out := make([]choice, 0, len(list))
	for _, t := range list {
		out = append(out, choice{Value: t.String(), Word: t.OwnName(), Hint: t.NameIn(ui), Lang: t.String()})
	}
	return out
}

// allLanguages are the languages that a paper can be published in: those whose dates and numbers
// we know, sorted by their own names.
func allLanguages(ui lang.Tag) []lang.Tag {
	list := append([]lang.Tag(nil), lang.Known()...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].OwnName() < list[j].OwnName() })
	return list
}

func sectionChoices(sections []publication.Section, ui lang.Tag, p publication.Paper, empty string) []choice {
	out := []choice{}
	if empty != "" {
		out = append(out, choice{Word: empty})
	}
	for _, s := range sections {
		if s.Active {
			out = append(out, choice{Value: string(s.ID), Word: sectionName(s, ui, p.MainLang)})
		}
	}
	return out
}

// sectionName is the section's name in the wanted language, else in the paper's main one, else any.
// direction is which way a row goes: 1 is down.
func direction(r *http.Request) int {
	if value(r, "by") == "-1" {
		return -1
	}
	return 1
}

// nameIn is the first name that there is: in the language, in the main one, in any; else the ID.
func nameIn[N any](names map[lang.Tag]N, of func(N) string, id string, want, main lang.Tag) string {
	for _, t := range append([]lang.Tag{want, main}, sortedTags(names)...) {
		if name := of(names[t]); name != "" {
			return name
		}
	}
	return id
}

func sectionName(s publication.Section, want, main lang.Tag) string {
	return nameIn(s.Names, func(n publication.Name) string { return n.Name }, string(s.ID), want, main)
}

func sortedTags[V any](m map[lang.Tag]V) []lang.Tag {
	out := make([]lang.Tag, 0, len(m))
	for t := range m {
		out = append(out, t)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

const messageCookie = "depesche_message"

// say keeps a sentence for the next screen: a key of the catalogue with its arguments, never text,
// so that nobody can put words into our mouth.
func (d *Desk) say(w http.ResponseWriter, key string, args ...string) {
	raw, err := json.Marshal(append([]string{key}, args...))
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: messageCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/desk/", MaxAge: 30, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (d *Desk) takeMessage(r *http.Request, w *lang.Words) *message {
	c, err := r.Cookie(messageCookie)
	if err != nil || len(c.Value) > 2000 {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil || len(list) == 0 || !strings.HasPrefix(list[0], "desk.said.") || !w.Has(list[0]) {
		return nil
	}
	args := make([]any, 0, len(list))
	for _, a := range list[1:] {
		args = append(args, a)
	}
	return &message{Text: w.T(list[0], args...)}
}

// errNoSuchTime and errTwice say what is wrong with a time in the nights when clocks change.
var (
	errNoSuchTime = errors.New("the time doesn't exist on that day")
	errTwice      = errors.New("the time comes twice on that day")
)

// momentWord is the word for what is wrong with a moment.
func momentWord(err error) string {
	switch {
	case errors.Is(err, errNoSuchTime):
		return "problem.no_such_time"
	case errors.Is(err, errTwice):
		return "problem.twice_such_time"
	}
	return "problem.bad_time"
}

// moment joins the two fields of a date and a time in the paper's zone. Both empty: nil. In the two
// nights when clocks change it refuses what isn't one moment.
func moment(date, clock string, loc *time.Location) (*time.Time, error) {
	if date == "" && clock == "" {
		return nil, nil
	}
	layout := "2006-01-02 15:04"
	if strings.Count(clock, ":") == 2 {
		layout = "2006-01-02 15:04:05"
	}
	t, err := time.ParseInLocation(layout, date+" "+clock, loc)
	if err != nil {
		return nil, err
	}
	if t.Format(layout) != date+" "+clock {
		return nil, errNoSuchTime
	}
	for _, shift := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour} { // as far as clocks are set anywhere
		if t.Add(shift).Format(layout) == date+" "+clock || t.Add(-shift).Format(layout) == date+" "+clock {
			return nil, errTwice
		}
	}
	t = t.UTC()
	return &t, nil
}
