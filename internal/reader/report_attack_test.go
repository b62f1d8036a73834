package reader

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"depesche/internal/correction"
	"depesche/internal/web"
)

const attackedForm = "/report/de/1"

// attacked publishes a story and returns what fills in the form for it, which may be sent now.
func (w *world) attacked() (filled func(said string) url.Values) {
	w.t.Helper()
	w.setUp()
	w.publish("Falsche Zahl", "politics", evening, "de")
	token := w.form(attackedForm)
	w.clock.Advance(time.Minute)
	return func(said string) url.Values { return url.Values{"token": {token}, "block": {"head"}, "said": {said}} }
}

// Who sends too much is told so, with all that was typed, and when to try again. What the head of a
// request says of where it comes from changes nothing, unless a proxy of ours says it.
func TestReportsOfOneAddress(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		fill := map[string]func(said string) url.Values{}
		for n := range 5 { // a story has a measure of its own
			w.publish(fmt.Sprintf("Falsche Zahl %d", n+1), "politics", evening, "de")
			token := w.form(fmt.Sprintf("/report/de/%d", n+1))
			fill[fmt.Sprintf("/report/de/%d", n+1)] = func(said string) url.Values {
				return url.Values{"token": {token}, "block": {"head"}, "said": {said}}
			}
		}
		w.clock.Advance(time.Minute)
		told := func(head func(i int) []string, from, to string) (taken int) {
			for i := range 2 * reportBurst {
				form := fill[to](fmt.Sprintf("Unsinn %d von %s", i, from))
				form.Set("mail", "leser@example.org")
				out := w.sends(to, from, form, head(i)...)
				switch body := out.Body.String(); {
				case out.Code == http.StatusSeeOther:
					taken++
				case out.Code != http.StatusTooManyRequests || out.Header().Get("Retry-After") != "600" || out.Header().Get("Cache-Control") != "no-store":
					t.Errorf("%d %v", out.Code, out.Header())
				case !strings.Contains(body, "in zehn Minuten") || !strings.Contains(body, form.Get("said")) || !strings.Contains(body, "leser@example.org"):
					t.Errorf("what was typed is lost:\n%s", body)
				}
			}
			return taken
		}
		forged := func(i int) []string {
			a := fmt.Sprintf("203.0.113.%d", i)
			return []string{"X-Forwarded-For", a, "X-Real-IP", a, "Forwarded", "for=" + a, "CF-Connecting-IP", a, "True-Client-IP", a}
		}
		if n := told(forged, "192.0.2.1", "/report/de/1"); n != reportBurst {
			t.Errorf("without a proxy %d were taken", n)
		}
		w.handler = web.Behind([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, w.handler)
		if n := told(forged, "192.0.2.2", "/report/de/2"); n != reportBurst {
			t.Errorf("past the proxy %d were taken", n)
		}
		written := func(i int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("203.0.113.%d, 192.0.2.3", i)} }
		if n := told(written, "10.0.0.1", "/report/de/3"); n != reportBurst {
			t.Errorf("through the proxy, with addresses of her own before hers, %d were taken", n)
		}
		whole := func(i int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("2001:db8::%x", i)} }
		if n := told(whole, "10.0.0.1", "/report/de/4"); n != reportBurst {
			t.Errorf("from one network of a household %d were taken", n)
		}
		w.clock.Advance(reportEvery)
		if out := w.sends("/report/de/5", "192.0.2.1", fill["/report/de/5"]("Noch etwas")); out.Code != http.StatusSeeOther {
			t.Errorf("later: %d", out.Code)
		}
	})
}

// What isn't taken doesn't count: who forgets a paragraph, writes too much or mistypes her address however
// often has the whole measure left, and so have all who share an address with her; nor does what a story has
// no more room for.
func TestRefusedReportsDoNotCount(t *testing.T) {
	each(t, func(w *world) {
		filled := w.attacked()
		w.publish("Auch falsch", "politics", evening, "de")
		token := w.form("/report/de/2")
		w.clock.Advance(time.Minute)
		const from = "192.0.2.1"
		wrong := func(said, field, value string) {
			form := filled(said)
			form.Set(field, value)
			if out := w.sends(attackedForm, from, form); out.Code != http.StatusUnprocessableEntity {
				t.Fatalf("%s %.20q: %d", field, value, out.Code)
			}
		}
		for range reportBurst {
			wrong("x", "block", "")
			wrong("x", "said", strings.Repeat("x", correction.MaxSaid+1))
			wrong("x", "mail", "leser")
		}
		for i := range 2 * reportBurst { // the story's measure, from elsewhere
			if out := w.sends(attackedForm, fmt.Sprintf("198.18.0.%d", i), filled(fmt.Sprint("Fehler ", i))); out.Code != http.StatusSeeOther {
				t.Fatalf("%d: %d", i, out.Code)
			}
		}
		for i := range 2 * reportBurst {
			if out := w.sends(attackedForm, from, filled(fmt.Sprint("Noch ein Fehler ", i))); out.Code != http.StatusTooManyRequests || out.Header().Get("Retry-After") != "" {
				t.Fatalf("of a full story: %d %v", out.Code, out.Header())
			}
		}
		taken := 0
		for i := range 2 * reportBurst {
			form := url.Values{"token": {token}, "block": {"head"}, "said": {fmt.Sprint("Fehler ", i)}}
			if w.sends("/report/de/2", from, form).Code == http.StatusSeeOther {
				taken++
			}
		}
		if taken != reportBurst {
			t.Errorf("then %d were taken, not %d", taken, reportBurst)
		}
	})
}

// Another site's page can't have its visitors' browsers report anything: they are shown the form first.
func TestReportFromAnotherSite(t *testing.T) {
	each(t, func(w *world) {
		filled := w.attacked()
		for _, head := range [][]string{
			{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-site", "Origin", "https://old.example.com"},
			{"Origin", "https://evil.example"}, {"Origin", "null"},
		} {
			out := w.sends(attackedForm, "192.0.2.1", filled("Kauft <b>Uhren</b>"), head...)
			body := out.Body.String()
			if out.Code != http.StatusForbidden || !strings.Contains(body, "Kauft &lt;b&gt;Uhren") || !strings.Contains(body, "von einer fremden Seite") {
				t.Errorf("%v: %d %s", head, out.Code, body)
			}
		}
		if n := w.reportRows(); n != 0 {
			t.Errorf("%d were taken", n)
		}
		for i, head := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "none"}, {"Origin", "http://example.com"}, {}} {
			if out := w.sends(attackedForm, "192.0.2.1", filled(fmt.Sprint("Fehler ", i)), head...); out.Code != http.StatusSeeOther {
				t.Errorf("%v: %d", head, out.Code)
			}
		}
	})
}

// A form that is sent again and again, from wherever, is one report.
func TestReportIsReplayed(t *testing.T) {
	each(t, func(w *world) {
		filled := w.attacked()
		for i := range 50 {
			form := filled([]string{"Es sind mehr.", " es  sind MEHR. ", "Es sind mehr.\r\n"}[i%3])
			form.Set("mail", fmt.Sprintf("a%d@example.org", i))
			if out := w.sends(attackedForm, fmt.Sprintf("198.18.0.%d", i), form); out.Code != http.StatusSeeOther {
				t.Fatalf("%d: %d %s", i, out.Code, out.Body)
			}
		}
		var rows, times, mails int
		w.must(w.d.Read().QueryRowContext(t.Context(), `SELECT COUNT(*), SUM(times), (SELECT COUNT(*) FROM report_mail) FROM report`).Scan(&rows, &times, &mails))
		if rows != 1 || times != 50 || mails > 20 {
			t.Errorf("%d reports, said %d times, %d addresses", rows, times, mails)
		}
	})
}

// What isn't out takes no reports, also of who was given the form before.
func TestReportOfWhatIsGone(t *testing.T) {
	each(t, func(w *world) {
		filled := w.attacked()
		st := w.publish("Zurückgezogen", "politics", evening, "de")
		w.publish("Nur ukrainisch", "politics", evening, "uk")
		token := w.form("/report/de/2")
		w.clock.Advance(time.Minute)
		w.withdraw(st, "de", "Die Quelle war erfunden.")
		form := filled("Es sind mehr.")
		for path, status := range map[string]int{"/report/de/2": http.StatusGone, "/text/report/de/2": http.StatusGone, "/report/de/3": http.StatusNotFound} {
			form.Set("token", token)
			if out := w.sends(path, "192.0.2.1", form); out.Code != status || w.get(path).StatusCode != status || strings.Contains(out.Body.String(), "<form") {
				t.Errorf("%s: %d %s", path, out.Code, out.Body)
			}
		}
		for _, block := range []string{"", "b9", "b1/text", "head/headline", "../b1", "b1\u202e", strings.Repeat("b", 9000), "' OR 1=1 --", "\ufffd"} {
			form := filled("Es sind mehr.")
			form.Set("block", block)
			if out := w.sends(attackedForm, "192.0.2."+fmt.Sprint(10+len(block)%90), form); out.Code != http.StatusUnprocessableEntity || !strings.Contains(out.Body.String(), "Es sind mehr.") {
				t.Errorf("block %.20q: %d", block, out.Code)
			}
		}
		if n := w.reportRows(); n != 0 {
			t.Errorf("%d were taken", n)
		}
	})
}

// What nobody sees is refused or does no harm; what isn't text at all never comes as far as the form.
func TestReportOfStrangeCharacters(t *testing.T) {
	each(t, func(w *world) {
		filled := w.attacked()
		for said, status := range map[string]int{
			"Zahl\x1b[2J": http.StatusUnprocessableEntity, "a\u0085b": http.StatusUnprocessableEntity, "\u202e\u2066": http.StatusUnprocessableEntity,
			"Zahl\x00": http.StatusNotFound, "Zahl\xff": http.StatusNotFound,
			"Zahl \u202emehr\u2066": http.StatusSeeOther, "שגיאה במספר": http.StatusSeeOther, "👩\u200d🔬 meint: mehr": http.StatusSeeOther,
		} {
			if out := w.sends(attackedForm, "192.0.2."+fmt.Sprint(len(said)), filled(said)); out.Code != status {
				t.Errorf("%q: %d, want %d", said, out.Code, status)
			}
		}
		megabyte := filled("x")
		megabyte.Set("quote", strings.Repeat("ä", 1<<20))
		out := w.sends(attackedForm, "192.0.2.99", megabyte)
		if out.Code != http.StatusRequestEntityTooLarge || w.reportRows() != 3 {
			t.Errorf("%d, %d were taken", out.Code, w.reportRows())
		}
		// The longest that the form lets a reader type fits, in any script and coded as forms are.
		long := filled(strings.Repeat("語", correction.MaxSaid))
		long.Set("mail", strings.Repeat("a", 60)+"@"+strings.Repeat(strings.Repeat("b", 60)+".", 3)+"example")
		if out := w.sends(attackedForm, "192.0.2.98", long); out.Code != http.StatusSeeOther {
			t.Errorf("the longest: %d %s", out.Code, out.Body)
		}
	})
}

// Posts from many addresses, each with three times of what one may send, leave a day's measure of rows and
// no memory behind.
func TestReportsUnderAttack(t *testing.T) {
	each(t, func(w *world) {
		filled := w.attacked()
		const posts, addresses = 1500, 100
		heap := func() uint64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		before := heap()
		codes := map[int]int{}
		for i := range posts {
			form := filled(fmt.Sprintf("Unsinn %d", i))
			form.Set("mail", fmt.Sprintf("a%d@example.org", i))
			codes[w.sends(attackedForm, fmt.Sprintf("198.18.0.%d", i%addresses), form).Code]++
		}
		if codes[http.StatusSeeOther] != w.reportRows() || w.reportRows() > 100 || codes[http.StatusTooManyRequests]+codes[http.StatusSeeOther] != posts {
			t.Errorf("%v, %d rows", codes, w.reportRows())
		}
		if after := heap(); after > before+8<<20 {
			t.Errorf("%d MB more than before", (after-before)>>20)
		}
	})
}
