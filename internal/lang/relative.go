package lang

import (
	"strings"
	"time"
)

// Relative writes when then was, seen from now, as a reader wants to know it: under an hour "vor 5
// Minuten", today "Heute, 14:20 Uhr", yesterday "Gestern", older "21. Oktober", in another year
// with the year. Both times are in the zone of now. The words come from w where it speaks t,
// otherwise from the CLDR. What lies ahead is written with its date and time.
func (t Tag) Relative(now, then time.Time, w *Words) string {
	then = then.In(now.Location())
	age := now.Sub(then)
	switch days := daysBetween(then, now); {
	case age < -time.Minute:
		return t.ahead(now, then)
	case age < time.Hour:
		return t.minutesAgo(int64(max(age, 0)/time.Minute), w)
	case days == 0:
		return t.UpperFirst(t.dayWord("today", w)) + t.comma() + t.Clock(then)
	case days == 1:
		return t.UpperFirst(t.dayWord("yesterday", w))
	case then.Year() == now.Year():
		return t.Date(then, Day)
	}
	return t.Date(then, Plain)
}

// RelativeUntil is when [Tag.Relative] first writes something else of then than it does now, in
// whatever language; the zero time is never.
func RelativeUntil(now, then time.Time) time.Time {
	then = then.In(now.Location())
	y, m, d := now.Date()
	midnight := time.Date(y, m, d+1, 0, 0, 0, 0, now.Location())
	newYear := time.Date(y+1, 1, 1, 0, 0, 0, 0, now.Location())
	switch age := now.Sub(then); {
	case age < -time.Minute:
		// It isn't ahead any more when it is less than a minute off.
		if near := then.Add(-time.Minute); near.Before(midnight) {
			return near
		}
		return midnight
	case age < time.Hour:
		return then.Add(max(age, 0).Truncate(time.Minute) + time.Minute)
	case daysBetween(then, now) <= 1:
		return midnight
	case then.Year() == now.Year():
		return newYear
	}
	return time.Time{}
}

// RelativeExact is [Tag.Relative] with the time of day for yesterday and before, as the desk shows it.
func (t Tag) RelativeExact(now, then time.Time, w *Words) string {
	then = then.In(now.Location())
	days := daysBetween(then, now)
	switch {
	case days == 1:
		return t.UpperFirst(t.dayWord("yesterday", w)) + t.comma() + t.Clock(then)
	case days > 1 && then.Year() == now.Year():
		return t.Date(then, Day) + t.comma() + t.Clock(then)
	case days > 1:
		return t.Date(then, Moment)
	}
	return t.Relative(now, then, w)
}

func (t Tag) ahead(now, then time.Time) string {
	rel := dataOf(t).Relative
	switch days := daysBetween(now, then); {
	case days == 0:
		return t.UpperFirst(rel["today"]["other"]) + t.comma() + t.Clock(then)
	case days == 1:
		return t.UpperFirst(rel["tomorrow"]["other"]) + t.comma() + t.Clock(then)
	case now.Year() == then.Year():
		return t.Date(then, Day) + t.comma() + t.Clock(then)
	}
	return t.Date(then, Moment)
}

func (t Tag) minutesAgo(n int64, w *Words) string {
	speaks := w.speaks(t)
	if n == 0 {
		if speaks && w.Has("reader.just_now") {
			return w.T("reader.just_now")
		}
		return t.UpperFirst(dataOf(t).Relative["now"]["other"])
	}
	if speaks && w.Has("reader.min_ago") {
		return t.UpperFirst(w.T("reader.min_ago", "n", n))
	}
	forms := dataOf(t).Relative["minutes"]
	form := forms[t.Plural(n)]
	if form == "" {
		form = forms["other"]
	}
	return t.UpperFirst(strings.Replace(form, "{0}", t.Number(n), 1))
}

// dayWord is "today" or "yesterday".
func (t Tag) dayWord(which string, w *Words) string {
	if key := "reader." + which; w.speaks(t) && w.Has(key) {
		return w.T(key)
	}
	return dataOf(t).Relative[which]["other"]
}

// comma stands between a day and a time.
func (t Tag) comma() string {
	switch t.Script() {
	case "Arab":
		return "، "
	case "Hans", "Hant", "Jpan", "Kore", "Thai", "Laoo", "Khmr", "Mymr":
		return " "
	}
	return ", "
}

// daysBetween counts the midnights from a to b, both in the same zone.
func daysBetween(a, b time.Time) int {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(b).Sub(day(a)) / (24 * time.Hour))
}
