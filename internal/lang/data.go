package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed cldr/*.json
var cldr embed.FS

// data is what the CLDR says of one language; tools/cldr writes it.
type data struct {
	Months      []string                     `json:"months"`
	MonthsShort []string                     `json:"monthsShort"`
	MonthsAlone []string                     `json:"monthsAlone"`
	Days        []string                     `json:"days"`
	DaysShort   []string                     `json:"daysShort"`
	DaysAlone   []string                     `json:"daysAlone"`
	DayHalves   []string                     `json:"dayHalves"`
	Patterns    map[string]string            `json:"patterns"`
	Relative    map[string]map[string]string `json:"relative"`
	Lists       map[string]string            `json:"lists"`
	Number      numberData                   `json:"number"`
	Quotes      []string                     `json:"quotes"`
	Bytes       map[string]string            `json:"bytes"`
	Names       map[string]string            `json:"names"`

	months map[string]bool // the names that may stand beside a day's number, small, without stop
}

type numberData struct {
	Decimal string `json:"decimal"`
	Group   string `json:"group"`
	Minus   string `json:"minus"`
	Percent string `json:"percent"`
	Sizes   []int  `json:"sizes"`
	Least   int    `json:"least"`
	Digits  string `json:"digits"`
}

// entry is one file of the folder cldr, read when first needed: a paper uses a handful of eighty.
type entry struct {
	script     string
	data       func() *data
	typography func() Typography
	plural     func() *plurals
	patterns   func() map[string]string
}

var registry struct {
	once    sync.Once
	entries map[Tag]*entry
}

// entries holds every language we have data for.
func entries() map[Tag]*entry {
	registry.once.Do(func() {
		files, err := cldr.ReadDir("cldr")
		if err != nil {
			panic(err) // embedded: can only fail if the build is broken
		}
		registry.entries = make(map[Tag]*entry, len(files))
		for _, f := range files {
			t := Tag(strings.TrimSuffix(f.Name(), ".json"))
			registry.entries[t] = &entry{
				script:     scriptOf(t),
				data:       sync.OnceValue(func() *data { return load(t) }),
				typography: sync.OnceValue(func() Typography { return typographyOf(t) }),
				plural:     sync.OnceValue(func() *plurals { return pluralsOf(t) }),
				patterns:   sync.OnceValue(func() map[string]string { return patternsOf(t) }),
			}
		}
	})
	return registry.entries
}

func load(t Tag) *data {
	raw, err := cldr.ReadFile("cldr/" + string(t) + ".json")
	if err != nil {
		panic(err)
	}
	if t.Base() == "uk" {
		// The house writes the apostrophe as U+2019 (design guide, section 10); CLDR has U+02BC.
		raw = []byte(strings.ReplaceAll(string(raw), "ʼ", "’"))
	}
	var d data
	if err := json.Unmarshal(raw, &d); err != nil {
		panic(fmt.Sprintf("lang: cldr/%s.json: %v", t, err))
	}
	d.months = map[string]bool{}
	for _, names := range [][]string{d.Months, d.MonthsShort} {
		for _, m := range names {
			d.months[strings.ToLower(strings.TrimSuffix(m, "."))] = true
		}
	}
	return &d
}

// nearest returns the language among those we have data for whose habits t follows: "de-LI"
// follows "de", "zh-TW" follows "zh-Hant", an unknown one follows English.
func nearest(t Tag) Tag {
	all := entries()
	if all[t] != nil {
		return t
	}
	if near, ok := relatives[t.Base()]; ok {
		return near
	}
	if withScript := t.Base() + "-" + Tag(scriptOf(t)); all[withScript] != nil {
		return withScript
	}
	parts := strings.Split(string(t), "-")
	if t.Base() == "es" && len(parts) > 1 && latinAmerica[parts[len(parts)-1]] {
		return "es-419"
	}
	if len(parts) > 1 && parts[0] == "en" && (parts[len(parts)-1] == "PH" || parts[len(parts)-1] == "PR") {
		return "en-US"
	}
	if base := Tag(parts[0]); all[base] != nil {
		return base
	}
	return "en"
}

// relatives are languages without data of their own that have a near one with data.
var relatives = map[Tag]Tag{"crh": "tr", "tt": "ru", "ba": "ru", "ce": "ru", "rm": "de-CH", "gsw": "de-CH", "yi": "he", "no": "nb", "tl": "fil"}

var latinAmerica = words("AR BO BR BZ CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE 419")

func entryOf(t Tag) *entry {
	all := entries()
	if e := all[t]; e != nil {
		return e
	}
	return all[nearest(t)]
}

func dataOf(t Tag) *data { return entryOf(t).data() }

// Known lists the languages that have data of their own, in no order.
func Known() []Tag {
	all := entries()
	out := make([]Tag, 0, len(all))
	for t := range all {
		out = append(out, t)
	}
	return out
}
