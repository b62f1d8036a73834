package google

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// read tells what Google means. A 403 may be a matter of the minute, of the day, or of who one is; of
// the faults of its own only 503 is worth asking again.
func (e *Engine) read(a httpengine.Answer) httpengine.Fault {
	f := httpengine.Plain(a)
	var body struct {
		Error struct {
			Status  string `json:"status"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if httpengine.Read(a.Body, &body) {
		f.Code, f.Message = body.Error.Status, body.Error.Message
	}
	said := strings.ToLower(f.Message)
	switch a.Status {
	case http.StatusForbidden, http.StatusTooManyRequests:
		switch {
		case strings.Contains(said, "daily limit exceeded"), strings.Contains(said, "per day"):
			f.Trouble, f.Retry, f.After = engine.Quota, false, untilMidnight(e.clock.Now())
		case strings.Contains(said, "rate limit exceeded"):
			f.Trouble, f.Retry = engine.Busy, true
		}
	case http.StatusBadRequest:
		switch {
		case strings.Contains(said, "too long"), strings.Contains(said, "too large"), strings.Contains(said, "exceeds"):
			f.Trouble = engine.TooLong
		case strings.Contains(said, "language"):
			f.Trouble = engine.Unsupported
		}
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		f.Retry = false
	}
	return f
}

// untilMidnight is how long it is until Google's day ends, which is that of its home.
func untilMidnight(now time.Time) time.Duration {
	there, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		there = time.FixedZone("PST", -8*3600)
	}
	local := now.In(there)
	y, m, d := local.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, there).Sub(now)
}

func unauthorised(err error) bool {
	var r *httpengine.Refusal
	return errors.As(err, &r) && r.Status == http.StatusUnauthorized
}
