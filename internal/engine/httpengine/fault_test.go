package httpengine

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"depesche/internal/engine"
)

func TestPlain(t *testing.T) {
	for status, want := range map[int]Fault{
		400: {Trouble: engine.Refused},
		401: {Trouble: engine.Key},
		402: {Trouble: engine.Quota},
		403: {Trouble: engine.Key},
		413: {Trouble: engine.TooLong},
		429: {Trouble: engine.Busy, Retry: true},
		500: {Trouble: engine.Busy, Retry: true, Worked: true},
		503: {Trouble: engine.Busy, Retry: true},
		504: {Trouble: engine.Busy, Retry: true, Worked: true},
		505: {Trouble: engine.Busy, Worked: true},
		529: {Trouble: engine.Busy, Retry: true},
	} {
		if got := Plain(Answer{Status: status}); got != want {
			t.Errorf("%d is %+v, want %+v", status, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for v, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "soon": 0, "99999999999999": 7 * 24 * time.Hour,
		"Fri, 27 Nov 2026 12:00:30 GMT": 30 * time.Second, "Fri, 27 Nov 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {v}}, now); got != want {
			t.Errorf("%q is %v, want %v", v, got, want)
		}
	}
}

func TestCleanMessages(t *testing.T) {
	said := []string{"Президент підписав закон про мови в четвер увечері.", "Рада", ""}
	for _, c := range [][2]string{
		{"Value for 'target_lang' not supported.", "Value for 'target_lang' not supported."},
		{"two\n lines\x00here", "two lines here"},
		{"Cannot translate text: ПІДПИСАВ ЗАКОН про мови", ""},
		{"bad word Рада", ""},
		{"not valid \xff", ""},
		{strings.Repeat("long ", 100), strings.Repeat("long ", 40) + " …"},
	} {
		if got := clean(c[0], said); got != c[1] {
			t.Errorf("%q becomes %q, want %q", c[0], got, c[1])
		}
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{"INVALID_ARGUMENT": "INVALID_ARGUMENT", "400036": "400036", "a<b>": "", "немає": ""} {
		if got := code(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}
