package lang

// Months returns the names of the months in the forms that the CLDR has: as they stand in a date,
// short, and alone.
func (t Tag) Months() [][]string {
	d := dataOf(t)
	return [][]string{d.Months, d.MonthsAlone, d.MonthsShort}
}

// Weekdays returns the names of the days of the week, Sunday first, as they stand in a date and alone.
func (t Tag) Weekdays() [][]string {
	d := dataOf(t)
	return [][]string{d.Days, d.DaysAlone}
}
