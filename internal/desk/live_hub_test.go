package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"depesche/internal/events"
	"depesche/internal/problem"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func happen(t *testing.T, h *hub, n int, at time.Time) {
	t.Helper()
	err := h.hear(t.Context(), events.Event{Kind: "edition.saved", At: at, Data: fmt.Appendf(nil, `{"story":"s%d","edition":"e%d","lang":"de","number":%d,"headline":"not for the wire"}`, n, n, n)})
	if err != nil {
		t.Fatal(err)
	}
}

func testHub() *hub { return newHub(func() time.Time { return noon }) }

func openStream(t *testing.T, h *hub, staff, from string) *stream {
	t.Helper()
	s, err := h.stream(staff, from)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stories are those that a stream is told of, in order; "reload" stands for all.
func stories(s *stream) string {
	var out []string
	for line := range strings.Lines(string(s.frames())) {
		if data, ok := strings.CutPrefix(line, `data: {"kind":"edition.saved","story":"`); ok {
			story, _, _ := strings.Cut(data, `"`)
			out = append(out, story)
		} else if strings.HasPrefix(line, `data: {"kind":"reload"}`) {
			out = append(out, "reload")
		} else if strings.HasPrefix(line, "data: ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, " ")
}

func TestStreamGoesOnWhereItWas(t *testing.T) {
	h := testHub()
	for i := range 3 {
		happen(t, h, i, noon)
	}
	after1 := mark{h.node, 1, noon.UnixMilli()}
	other := func(at time.Time) string { return mark{"elsewhere", 99, at.UnixMilli()}.String() }
	for from, want := range map[string]string{
		"":                                  "",
		h.mark().String():                   "",
		after1.String():                     "s1 s2",
		"nonsense":                          "reload",
		h.node + ".99.0":                    "reload", // of a time before a restart, with luck the same name
		other(noon.Add(-time.Hour)):         "reload",
		other(noon.Add(spread)):             "s0 s1 s2", // told twice is harmless
		other(noon.Add(spread + time.Hour)): "",
		h.node + ".1.x":                     "reload",
	} {
		s := openStream(t, h, "a", from)
		if got := stories(s); got != want {
			t.Errorf("from %q: told %q, want %q", from, got, want)
		}
		h.leave(s)
	}
}

func TestWhatIsForgottenIsLookedAtAnew(t *testing.T) {
	h := testHub()
	first := h.mark().String()
	for i := range remembered + 1 {
		happen(t, h, i, noon.Add(time.Duration(i)*time.Second))
	}
	if got := stories(openStream(t, h, "a", first)); got != "reload" {
		t.Errorf("told %q", got)
	}
	if got := stories(openStream(t, h, "a", mark{"elsewhere", 1, noon.Add(spread).UnixMilli()}.String())); got != "reload" {
		t.Errorf("of another node: told %q", got)
	}
	last := mark{h.node, remembered, 0}
	if got, want := stories(openStream(t, h, "a", last.String())), fmt.Sprintf("s%d", remembered); got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestSlowStreamLooksAnew(t *testing.T) {
	h := testHub()
	slow := openStream(t, h, "a", "")
	for i := range waiting + 5 {
		happen(t, h, i, noon)
	}
	if slow.queue != nil {
		t.Errorf("%d are kept for nothing", len(slow.queue))
	}
	_, at, lost := slow.take()
	if !lost || at.seq != waiting+5 {
		t.Errorf("lost %v at %v", lost, at)
	}
	happen(t, h, 7, noon)
	if got := stories(slow); got != "s7" {
		t.Errorf("then told %q", got)
	}
}

func TestTheSameIsToldOnce(t *testing.T) {
	h := testHub()
	s := openStream(t, h, "a", "")
	for _, n := range []int{1, 2, 1, 3} {
		happen(t, h, n, noon)
	}
	if got := stories(s); got != "s2 s1 s3" {
		t.Errorf("told %q", got)
	}
}

func TestOnlyIDsAreTold(t *testing.T) {
	h := testHub()
	s := openStream(t, h, "a", "")
	happen(t, h, 1, noon)
	for _, e := range []events.Event{{Kind: "topic.changed", Data: []byte(`{}`)}, {Kind: "edition.saved", Data: []byte(`[]`)}} {
		if err := h.hear(t.Context(), e); err != nil {
			t.Error(err)
		}
	}
	got := string(s.frames())
	want := fmt.Sprintf("id: %s\nevent: news\ndata: {\"kind\":\"edition.saved\",\"story\":\"s1\",\"edition\":\"e1\",\"lang\":\"de\"}\n\n", mark{h.node, 1, noon.UnixMilli()})
	if got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	h := testHub()
	var last *stream
	for range streamsEach {
		last = openStream(t, h, "a", "")
	}
	if _, err := h.stream("a", ""); !problem.Is(err, problem.TooMany) {
		t.Errorf("one more: %v", err)
	}
	openStream(t, h, "b", "")
	h.leave(last)
	openStream(t, h, "a", "")
	h.close()
	select {
	case <-last.ended:
		t.Error("ended twice")
	default:
	}
	if _, err := h.stream("c", ""); !problem.Is(err, problem.Unavailable) {
		t.Errorf("after the end: %v", err)
	}
	h.leave(last)
	h.close()
}

// FuzzMark: what a browser sends as its place is never more than a reason to look anew.
func FuzzMark(f *testing.F) {
	for _, s := range []string{"", "a.1.2", "..", "a.-1.9223372036854775807", "a.b.c", "-9223372036854775808.0", "1.1", "a.9223372036854775807.-9223372036854775808"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h := testHub()
		happen(t, h, 1, noon)
		for _, from := range []string{s, h.node + "." + s} {
			if m, ok := parseMark(from); ok && m.node+"."+fmt.Sprint(m.seq)+"."+fmt.Sprint(m.ms) != m.String() {
				t.Errorf("%q became %v", from, m)
			}
			missed, _ := h.missed(from)
			if len(missed) > 1 {
				t.Errorf("%q: told %d", from, len(missed))
			}
		}
	})
}
