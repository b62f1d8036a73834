package lang

import (
	"strings"
	"time"
)

// DateStyle says how much of a date is written.
type DateStyle int

// The styles, each with the German and the Ukrainian form.
const (
	// Long is for running text: "23. Oktober 2024", "23 жовтня 2024 року".
	Long DateStyle = iota
	// Plain is for lists and heads: "23. Oktober 2024", "23 жовтня 2024".
	Plain
	// Moment is Plain with the time: "23. Oktober 2024, 14:20 Uhr".
	Moment
	// Full has the day of the week: "Mittwoch, 23. Oktober 2024".
	Full
	// Day leaves the year out: "23. Oktober".
	Day
	// DayShort is Day for narrow columns: "23. Okt.".
	DayShort
	// Medium is Plain with the month cut short: "23. Okt. 2024".
	Medium
	// Month has no day: "Oktober 2024", "жовтень 2024".
	Month
	// Numeric is in figures: "23.10.2024".
	Numeric
	// Weekday is the day's name alone: "Mittwoch".
	Weekday
)

// datePatterns are the house's patterns where they differ from the CLDR's (design guide, section
// 10). In a pattern, "_" is a no-break space.
var datePatterns = map[Tag]map[string]string{
	"de":    {"clock": "H:mm_'Uhr'"},
	"de-AT": {"clock": "H:mm_'Uhr'"},
	"de-CH": {"clock": "H:mm_'Uhr'"},
	"lb":    {"clock": "H:mm_'Auer'"},
	"uk":    {"long": "d MMMM y 'року'", "plain": "d MMMM y", "full": "EEEE, d MMMM y 'року'", "medium": "d MMM y", "month": "LLLL y", "clock": "H:mm"},
	"ru":    {"long": "d MMMM y 'года'", "plain": "d MMMM y", "full": "EEEE, d MMMM y 'года'", "medium": "d MMM y", "month": "LLLL y", "clock": "H:mm"},
	"be":    {"long": "d MMMM y 'года'", "plain": "d MMMM y", "full": "EEEE, d MMMM y 'года'", "medium": "d MMM y", "month": "LLLL y", "clock": "H:mm"},
	"pl":    {"long": "d MMMM y 'r.'", "plain": "d MMMM y", "full": "EEEE, d MMMM y 'r.'", "clock": "H:mm", "join": "{1}, {0}"},
	"en":    {"full": "EEEE, d MMMM y", "clock": "H:mm"},
	"en-US": {"clock": "h:mm_a"},
	"fr":    {"clock": "H_'h'_mm"},
	"fr-CA": {"clock": "H_'h'_mm"},
	"fr-CH": {"clock": "H_'h'_mm"},
	"ar":    {"clock": "H:mm"},
	"fa":    {"join": "{1}، {0}"},
	// The Thai year is the Buddhist one, see yearOf; its era needn't be said in the news.
	"th":      {"long": "d MMMM y", "full": "EEEEที่ d MMMM y", "join": "{1} {0}", "clock": "H:mm น."},
	"zh-Hant": {"clock": "H:mm"},
}

// dayHalves are the house's words for a.m. and p.m.
var dayHalves = map[Tag][2]string{"en-US": {"a.m.", "p.m."}}

// Date writes the date of at, in the zone of at.
func (t Tag) Date(at time.Time, style DateStyle) string {
	switch style {
	case Moment:
		return strings.Replace(strings.Replace(t.pattern("join"), "{1}", t.Date(at, Plain), 1), "{0}", t.Clock(at), 1)
	case Numeric:
		return t.format(at, t.pattern("short"))
	case Weekday:
		return dataOf(t).DaysAlone[at.Weekday()]
	}
	return t.format(at, t.pattern(patternNames[style]))
}

var patternNames = map[DateStyle]string{Long: "long", Plain: "plain", Full: "full", Day: "day", DayShort: "dayShort", Medium: "medium", Month: "month"}

// Clock writes the time of day: "14:20 Uhr", "14 h 20", "2:20 p.m.".
func (t Tag) Clock(at time.Time) string {
	if t.Base() == "fr" && at.Minute() == 0 {
		return t.format(at, "H_'h'")
	}
	return t.format(at, t.pattern("clock"))
}

// pattern returns the house's pattern of that name, else the CLDR's, bound.
func (t Tag) pattern(name string) string { return entryOf(t).patterns()[name] }

func patternsOf(t Tag) map[string]string {
	out := map[string]string{}
	for name, p := range dataOf(t).Patterns {
		out[name] = p
	}
	for name, p := range datePatterns[t] {
		out[name] = p
	}
	if out["plain"] == "" {
		out["plain"] = out["long"]
	}
	out["join"] = strings.ReplaceAll(out["join"], "'", "")
	if !strings.Contains(out["short"], "yyyy") {
		out["short"] = strings.Replace(out["short"], "yy", "y", 1)
	}
	for _, name := range patternNames {
		out[name] = bindPattern(out[name])
	}
	return out
}

// bindPattern keeps the day with its month, and what stands for "year" with the year, on one line.
func bindPattern(p string) string {
	return strings.NewReplacer("d MMM", "d_MMM", "d. MMM", "d._MMM", "d LLL", "d_LLL", "MMMM d", "MMMM_d", "MMM d", "MMM_d", "y '", "y_'", "y\u202f'", "y_'",
		"d 'de' MMM", "d_'de' MMM", "d בMMM", "d_בMMM").Replace(p)
}

// format writes at by a CLDR pattern.
func (t Tag) format(at time.Time, pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); {
		c := pattern[i]
		switch {
		case c == '\'':
			quoted, rest, closed := strings.Cut(pattern[i+1:], "'")
			if quoted == "" && closed {
				quoted = "'" // '' is an apostrophe
			}
			b.WriteString(quoted)
			i = len(pattern) - len(rest)
			if !closed {
				i = len(pattern)
			}
		case c == '_':
			b.WriteString("\u00a0")
			i++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			n := 1
			for i+n < len(pattern) && pattern[i+n] == c {
				n++
			}
			b.WriteString(t.field(at, c, n))
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// field writes one field of a pattern, n letters wide.
func (t Tag) field(at time.Time, letter byte, n int) string {
	d := dataOf(t)
	number := func(v int) string { return t.figures(v, min(n, 2)) }
	switch letter {
	case 'y':
		return t.year(at.Year(), n)
	case 'M', 'L':
		return t.month(at, letter, n)
	case 'd':
		if at.Day() == 1 && t.Base() == "fr" && n == 1 {
			return "1er"
		}
		return number(at.Day())
	case 'E', 'c':
		switch {
		case letter == 'c' && n == 4:
			return d.DaysAlone[at.Weekday()]
		case n == 4:
			return d.Days[at.Weekday()]
		}
		return d.DaysShort[at.Weekday()]
	case 'H':
		return number(at.Hour())
	case 'h':
		return number((at.Hour()+11)%12 + 1)
	case 'm':
		return t.figures(at.Minute(), 2)
	case 'a', 'B', 'b':
		halves := d.DayHalves
		if own, ok := dayHalves[nearest(t)]; ok {
			halves = own[:]
		}
		return halves[at.Hour()/12]
	}
	return ""
}

func (t Tag) month(at time.Time, letter byte, n int) string {
	d, m := dataOf(t), at.Month()-1
	switch {
	case n <= 2:
		return t.figures(int(at.Month()), n)
	case n == 3:
		return d.MonthsShort[m]
	case letter == 'L':
		return d.MonthsAlone[m]
	}
	return d.Months[m]
}

// year writes the year as the language's readers count it.
func (t Tag) year(y, n int) string {
	if t.Base() == "th" {
		y += 543
	}
	if n == 2 {
		return t.figures(y%100, 2)
	}
	return t.figures(y, 1)
}
