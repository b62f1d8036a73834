package desk

import (
	"net/http"
	"time"

	"depesche/internal/problem"
)

// hour reads the time at which an entry happened; has is what the entry has, zero for a new one. "" is now.
func (d *Desk) hour(r *http.Request, has time.Time) (time.Time, error) {
	clock := value(r, "happened")
	if clock == "" {
		return time.Time{}, nil
	}
	f := d.frame(r, "desk.nav.live", "")
	at, err := nearest(clock, has, f.now, f.loc)
	if err != nil {
		var wrong problem.Fields
		wrong.Add("happened", momentWord(err), clock)
		return time.Time{}, wrong.Err()
	}
	return at, nil
}

// nearest is the moment that a time of day without a day means: the one nearest to what the entry has, or for a new
// one to now, so that around midnight yesterday's is yesterday's. Tomorrow's hasn't happened.
func nearest(clock string, has, now time.Time, loc *time.Location) (time.Time, error) {
	days := []int{0, -1, 1}
	if has.IsZero() {
		has, days = now, []int{0, -1}
	}
	y, m, d := has.In(loc).Date()
	var best time.Time
	for _, day := range days {
		at, err := moment(time.Date(y, m, d+day, 12, 0, 0, 0, time.UTC).Format("2006-01-02"), clock, loc)
		if err != nil && day == 0 { // it is no time, or the clocks change today
			return time.Time{}, err
		}
		if err == nil && (day <= 0 || !at.After(now)) && (best.IsZero() || at.Sub(has).Abs() < best.Sub(has).Abs()) {
			best = *at
		}
	}
	return best, nil
}
