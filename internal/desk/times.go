package desk

import (
	"time"

	"depesche/internal/lang"
)

// iso is the exact time for time[datetime].
func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ago says when something was, as people do: relative, today with the hour, older with the date.
func (f *frame) ago(t time.Time) string {
	return f.tag.Relative(f.now.In(f.loc), t.In(f.loc), f.words)
}

// at is the time of the day, with the date when it isn't today.
func (f *frame) at(t time.Time) string {
	t, now := t.In(f.loc), f.now.In(f.loc)
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04")
	}
	return f.tag.Date(t, lang.DayShort) + ", " + t.Format("15:04")
}

// exactly is the moment to the second, for what is to be proved.
func (f *frame) exactly(t time.Time) string {
	t = t.In(f.loc)
	return f.tag.Date(t, lang.Medium) + ", " + t.Format("15:04:05")
}

// day is the time of today, or the date of another day: for narrow cells.
func (f *frame) day(t time.Time) string {
	t, now := t.In(f.loc), f.now.In(f.loc)
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return f.tag.Date(t, lang.DayShort)
	}
	return f.tag.Date(t, lang.Medium)
}

// until says how long it still is: minutes, in the last minute seconds.
func (f *frame) until(t time.Time) string {
	left := t.Sub(f.now)
	switch {
	case left < time.Minute:
		return f.words.T("desk.in_seconds", "n", max(0, int(left/time.Second)))
	case left < 2*time.Hour:
		return f.words.T("desk.in_minutes", "n", int(left/time.Minute))
	}
	return f.at(t)
}
