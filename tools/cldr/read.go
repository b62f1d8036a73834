package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// language is what internal/lang reads back; its data.go has the same fields.
type language struct {
	Months      []string          `json:"months"`      // within a date: "жовтня"
	MonthsShort []string          `json:"monthsShort"` // "жовт."
	MonthsAlone []string          `json:"monthsAlone"` // alone: "жовтень"
	Days        []string          `json:"days"`        // from Sunday
	DaysShort   []string          `json:"daysShort"`
	DaysAlone   []string          `json:"daysAlone"`
	DayHalves   []string          `json:"dayHalves"` // a.m., p.m.
	Patterns    map[string]string `json:"patterns"`
	Relative    map[string]forms  `json:"relative"`
	Lists       map[string]string `json:"lists"`
	Number      number            `json:"number"`
	Quotes      []string          `json:"quotes"` // outer, nested
	Bytes       map[string]string `json:"bytes"`
	Names       map[string]string `json:"names"` // of languages; with a hyphen before: of scripts and regions
}

var fieldOrder = []string{"months", "monthsShort", "monthsAlone", "days", "daysShort", "daysAlone",
	"dayHalves", "patterns", "relative", "lists", "number", "quotes", "bytes", "names"}

// forms holds a text by plural category, or under "other" one that has no number.
type forms map[string]string

type number struct {
	Decimal string `json:"decimal"`
	Group   string `json:"group"`
	Minus   string `json:"minus"`
	Percent string `json:"percent"` // the pattern, {0} for the number
	Sizes   []int  `json:"sizes"`   // of the last group and of those before
	Least   int    `json:"least"`   // digits before the first separator that are needed to group
	Digits  string `json:"digits,omitempty"`
}

type source struct{ dir string }

// read decodes the part at path of main/<locale>/<file> in package pkg.
func (s source) read(pkg, locale, file string, into any, path ...string) error {
	raw, err := os.ReadFile(filepath.Join(s.dir, pkg, "main", locale, file))
	if err != nil {
		return err
	}
	for _, key := range append([]string{"main", locale}, path...) {
		var m map[string]json.RawMessage
		if err := json.Unmarshal(raw, &m); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if raw = m[key]; raw == nil {
			return fmt.Errorf("%s has no %q", file, key)
		}
	}
	return json.Unmarshal(raw, into)
}

func (s source) language(locale string) (language, error) {
	var l language
	for _, step := range []func(string, *language) error{s.calendar, s.fields, s.lists, s.numbers, s.quotes, s.bytes, s.names} {
		if err := step(locale, &l); err != nil {
			return l, err
		}
	}
	return l, nil
}

type widths struct {
	Wide, Abbreviated map[string]string
}

func (s source) calendar(locale string, l *language) error {
	var c struct {
		Months, Days struct {
			Format     widths
			StandAlone widths `json:"stand-alone"`
		}
		DayPeriods               struct{ Format widths }
		DateFormats, TimeFormats map[string]any
		DateTimeFormats          struct {
			Long             string
			AvailableFormats map[string]any
		}
	}
	if err := s.read("cldr-dates-full", locale, "ca-gregorian.json", &c, "dates", "calendars", "gregorian"); err != nil {
		return err
	}
	l.Months, l.MonthsShort, l.MonthsAlone = months(c.Months.Format.Wide), months(c.Months.Format.Abbreviated), months(c.Months.StandAlone.Wide)
	l.Days, l.DaysShort, l.DaysAlone = days(c.Days.Format.Wide), days(c.Days.Format.Abbreviated), days(c.Days.StandAlone.Wide)
	l.DayHalves = []string{c.DayPeriods.Format.Abbreviated["am"], c.DayPeriods.Format.Abbreviated["pm"]}
	short := c.DateTimeFormats.AvailableFormats
	l.Patterns = map[string]string{
		"full": text(c.DateFormats["full"]), "long": text(c.DateFormats["long"]), "short": text(c.DateFormats["short"]),
		"day": text(short["MMMMd"]), "dayShort": text(short["MMMd"]), "medium": text(short["yMMMd"]),
		"month": text(short["yMMMM"]), "clock": text(c.TimeFormats["short"]), "join": c.DateTimeFormats.Long,
	}
	for name, p := range l.Patterns {
		if p == "" {
			return fmt.Errorf("no pattern for %s", name)
		}
	}
	return nil
}

// text reads a pattern that CLDR gives plainly or with its numbering system.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		s, _ := v["_value"].(string)
		return s
	}
	return ""
}

func months(m map[string]string) []string {
	out := make([]string, 12)
	for i := range out {
		out[i] = m[fmt.Sprint(i+1)]
	}
	return out
}

func days(m map[string]string) []string {
	out := make([]string, 7)
	for i, d := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		out[i] = m[d]
	}
	return out
}

func (s source) fields(locale string, l *language) error {
	var f map[string]map[string]any
	if err := s.read("cldr-dates-full", locale, "dateFields.json", &f, "dates", "fields"); err != nil {
		return err
	}
	word := func(field, key string) forms {
		w, _ := f[field][key].(string)
		return forms{"other": w}
	}
	count := func(field string) forms {
		out := forms{}
		all, _ := f[field]["relativeTime-type-past"].(map[string]any)
		for k, v := range all {
			out[strings.TrimPrefix(k, "relativeTimePattern-count-")] = v.(string)
		}
		return out
	}
	l.Relative = map[string]forms{
		"now": word("second", "relative-type-0"), "today": word("day", "relative-type-0"),
		"yesterday": word("day", "relative-type--1"), "tomorrow": word("day", "relative-type-1"),
		"minutes": count("minute"), "hours": count("hour"), "days": count("day"),
	}
	return nil
}

func (s source) lists(locale string, l *language) error {
	var p map[string]map[string]string
	if err := s.read("cldr-misc-full", locale, "listPatterns.json", &p, "listPatterns"); err != nil {
		return err
	}
	and, or := p["listPattern-type-standard"], p["listPattern-type-or"]
	l.Lists = map[string]string{"two": and["2"], "start": and["start"], "middle": and["middle"], "end": and["end"], "orTwo": or["2"], "orEnd": or["end"]}
	return nil
}

func (s source) numbers(locale string, l *language) error {
	var n map[string]any
	if err := s.read("cldr-numbers-full", locale, "numbers.json", &n, "numbers"); err != nil {
		return err
	}
	system, _ := n["defaultNumberingSystem"].(string)
	part := func(name string) map[string]any {
		m, _ := n[name+"-numberSystem-"+system].(map[string]any)
		return m
	}
	symbols := part("symbols")
	str := func(m map[string]any, key string) string { v, _ := m[key].(string); return v }
	l.Number = number{Decimal: str(symbols, "decimal"), Group: str(symbols, "group"), Minus: str(symbols, "minusSign"), Sizes: []int{3, 3}, Least: 1}
	_, _ = fmt.Sscan(fmt.Sprint(n["minimumGroupingDigits"]), &l.Number.Least) // one digit where there is none
	pattern, _, _ := strings.Cut(str(part("decimalFormats"), "standard"), ".")
	if groups := strings.Split(pattern, ","); len(groups) > 2 {
		l.Number.Sizes = []int{len(groups[2]), len(groups[1])}
	}
	percent, _, _ := strings.Cut(str(part("percentFormats"), "standard"), ";")
	percent = strings.ReplaceAll(percent, "%", str(symbols, "percentSign"))
	first, last := strings.IndexAny(percent, "#0"), strings.LastIndexAny(percent, "#0")
	l.Number.Percent = percent[:first] + "{0}" + percent[last+1:]
	return s.digits(system, l)
}

func (s source) digits(system string, l *language) error {
	if system == "latn" {
		return nil
	}
	raw, err := os.ReadFile(filepath.Join(s.dir, "cldr-core", "supplemental", "numberingSystems.json"))
	if err != nil {
		return err
	}
	var all struct {
		Supplemental struct {
			NumberingSystems map[string]struct {
				Digits string `json:"_digits"`
			}
		}
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	l.Number.Digits = all.Supplemental.NumberingSystems[system].Digits
	return nil
}

func (s source) quotes(locale string, l *language) error {
	var d map[string]string
	if err := s.read("cldr-misc-full", locale, "delimiters.json", &d, "delimiters"); err != nil {
		return err
	}
	l.Quotes = []string{d["quotationStart"], d["quotationEnd"], d["alternateQuotationStart"], d["alternateQuotationEnd"]}
	return nil
}

func (s source) bytes(locale string, l *language) error {
	var u map[string]map[string]any
	if err := s.read("cldr-units-full", locale, "units.json", &u, "units", "short"); err != nil {
		return err
	}
	l.Bytes = map[string]string{}
	for key, unit := range map[string]string{"kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte"} {
		l.Bytes[key] = text(u["digital-"+unit]["unitPattern-count-other"])
	}
	return nil
}

func (s source) names(locale string, l *language) error {
	var all map[string]string
	if err := s.read("cldr-localenames-full", locale, "languages.json", &all, "localeDisplayNames", "languages"); err != nil {
		return err
	}
	l.Names = map[string]string{}
	keep := func(tag string) {
		if n := all[tag]; n != "" && n != tag {
			l.Names[tag] = n
		}
	}
	for tag := range languages {
		keep(tag)
	}
	for _, tag := range moreNames {
		keep(tag)
	}
	return s.varieties(locale, l)
}

// varieties adds the names of scripts and regions under "-Latn" and "-AT".
func (s source) varieties(locale string, l *language) error {
	for file, codes := range map[string][]string{"scripts": scripts, "territories": regions} {
		var all map[string]string
		if err := s.read("cldr-localenames-full", locale, file+".json", &all, "localeDisplayNames", file); err != nil {
			return err
		}
		for _, code := range codes {
			if n := all[code]; n != "" && n != code {
				l.Names["-"+code] = n
			}
		}
	}
	return nil
}

// places returns the names of countries and of cities that time zones are named after, by their
// codes: what an edition calls otherwise than its original. Cities of the Americas and of the South
// Seas are called alike nearly everywhere.
func (s source) places(locale string) (map[string]string, error) {
	var all map[string]string
	if err := s.read("cldr-localenames-full", locale, "territories.json", &all, "localeDisplayNames", "territories"); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for code, name := range all {
		if len(code) == 2 && code != "ZZ" && code != "XA" && code != "XB" && name != code {
			out[code] = name
		}
	}
	var zones map[string]map[string]any
	if err := s.read("cldr-dates-full", locale, "timeZoneNames.json", &zones, "dates", "timeZoneNames", "zone"); err != nil {
		return nil, err
	}
	for _, part := range zoneParts {
		for zone, v := range zones[part] {
			names, _ := v.(map[string]any)
			if city, ok := names["exemplarCity"].(string); ok {
				out[part+"/"+zone] = city
			}
		}
	}
	if strings.HasPrefix(locale, "en") {
		return out, s.englishCities(out)
	}
	return out, nil
}

var zoneParts = []string{"Europe", "Asia", "Africa"}

// englishCities adds what English leaves out, since the zone is named so: "Europe/Vienna".
func (s source) englishCities(out map[string]string) error {
	var zones map[string]map[string]any
	if err := s.read("cldr-dates-full", "de", "timeZoneNames.json", &zones, "dates", "timeZoneNames", "zone"); err != nil {
		return err
	}
	for _, part := range zoneParts {
		for zone := range zones[part] {
			if key := part + "/" + zone; out[key] == "" {
				out[key] = strings.ReplaceAll(zone, "_", " ")
			}
		}
	}
	return nil
}
