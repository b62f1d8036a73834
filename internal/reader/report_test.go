package reader

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"depesche/internal/correction"
)

// sends posts a form as from an address, with more lines of its head.
func (w *world) sends(path, from string, form url.Values, head ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = from + ":1234"
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	out := httptest.NewRecorder()
	w.handler.ServeHTTP(out, r)
	return out
}

var aToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// form asks for the form and returns its token.
func (w *world) form(path string) string {
	w.t.Helper()
	m := aToken.FindStringSubmatch(w.get(path).text)
	if m == nil {
		w.t.Fatalf("no token in %s", path)
	}
	return m[1]
}

func (w *world) reportRows() (n int) {
	w.t.Helper()
	w.must(w.d.Read().QueryRowContext(w.t.Context(), `SELECT COUNT(*) FROM report`).Scan(&n))
	return n
}

func TestReport(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Falsche Zahl", "politics", evening, "de", "uk")
		w.has("/de/1/falsche-zahl-de", `href="/report/de/1"`, "Fehler melden")
		w.lacks("/de/1/falsche-zahl-de", "token")
		res := w.get("/report/de/1")
		if res.StatusCode != http.StatusOK || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
		w.has("/report/de/1", `name="block" value="head"`, `content="noindex"`, `name="said"`, "Falsche Zahl de")
		w.lacks("/report/de/1?block=head&quote=Falsche", `type="radio"`)
		w.has("/report/de/1?block=head&quote=Falsche", `<input type="hidden" name="quote" value="Falsche">`)
		w.lacks("/report/de/1?block=head&quote=nowhere", "nowhere")
		w.has("/report/de/1?block=nowhere", `type="radio"`)
		token := w.form("/report/de/1")
		w.clock.Advance(time.Minute)
		out := w.sends("/report/de/1", "192.0.2.1", url.Values{"token": {token}, "block": {"head"}, "said": {"Es sind mehr."}, "mail": {"leser@example.org"}})
		if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/report/de/1?sent" || out.Header().Get("Set-Cookie") != "" {
			t.Fatalf("%d %v %s", out.Code, out.Header(), out.Body)
		}
		w.has("/report/de/1?sent", "Danke")
		list, err := w.Corrections.OpenReports(t.Context(), w.d.Read(), st.ID)
		w.must(err)
		if len(list) != 1 || list[0].Said != "Es sind mehr." || list[0].Mails[0] != "leser@example.org" || list[0].Block != correction.Head {
			t.Errorf("%+v", list)
		}
	})
}

// Who reads text alone reports there, and stays there.
func TestReportAsTextAlone(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Falsche Zahl", "politics", evening, "de")
		const form = "/text/report/de/1"
		w.has("/text/de/1/falsche-zahl-de", `href="`+form+`"`)
		w.has(form, `action="`+form+`"`, `href="/text/de/1/falsche-zahl-de"`, `value="head"`)
		w.lacks(form, "<script", `action="/report`)
		token := w.form(form)
		w.clock.Advance(time.Minute)
		out := w.sends(form, "192.0.2.1", url.Values{"token": {token}, "block": {"head"}, "said": {""}})
		if body := out.Body.String(); out.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `action="`+form+`"`) {
			t.Errorf("%d %s", out.Code, body)
		}
		out = w.sends(form, "192.0.2.1", url.Values{"token": {token}, "block": {"head"}, "said": {"Es sind mehr."}})
		if to := out.Header().Get("Location"); out.Code != http.StatusSeeOther || to != form+"?sent" {
			t.Fatalf("%d %s", out.Code, to)
		}
		w.has(form+"?sent", "Danke", `href="/text/de/1/falsche-zahl-de"`)
		if list, err := w.Corrections.OpenReports(t.Context(), w.d.Read(), st.ID); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
		for _, missing := range []string{"/text/report/de/9", "/text/text/report/de/1", "/textreport/de/1"} {
			if res := w.get(missing); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", missing, res.StatusCode)
			}
		}
	})
}

// A form for what there is no story of is answered with a page, as asking for it is.
func TestReportOfNothing(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Falsche Zahl", "politics", evening, "de")
		for _, path := range []string{"/report/de/99", "/report/xx/1", "/report/"} {
			asked, sent := w.get(path), w.sends(path, "192.0.2.1", url.Values{"said": {"Es sind mehr."}})
			if asked.StatusCode != http.StatusNotFound || sent.Code != http.StatusNotFound || sent.Body.String() != asked.text || sent.Body.Len() == 0 {
				t.Errorf("%s: asked for %d, sent %d with %d bytes of %d", path, asked.StatusCode, sent.Code, sent.Body.Len(), len(asked.text))
			}
		}
	})
}

// What isn't taken is said, with all that was typed still there.
func TestReportIsNotTaken(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Falsche Zahl", "politics", evening, "de", "uk")
		w.publish("Anderes", "politics", evening, "de")
		token, other := w.form("/report/de/1"), w.form("/report/de/2")
		good := func(change ...string) url.Values {
			f := url.Values{"token": {token}, "block": {"head"}, "said": {"Es sind <b>mehr</b>."}, "mail": {"leser@example.org"}}
			for i := 0; i < len(change); i += 2 {
				f.Set(change[i], change[i+1])
			}
			return f
		}
		refused := func(what string, f url.Values, status int, says string) {
			t.Helper()
			out := w.sends("/report/de/1", "192.0.2.7", f)
			body := out.Body.String()
			if out.Code != status || !strings.Contains(body, says) || !strings.Contains(body, "&lt;b&gt;mehr") && f.Get("said") != "" || !strings.Contains(body, `name="token"`) {
				t.Errorf("%s: %d %s", what, out.Code, body)
			}
		}
		refused("at once", good(), http.StatusTooManyRequests, "sehr schnell")
		w.clock.Advance(5 * time.Second)
		refused("no token", good("token", ""), http.StatusConflict, "zu lange")
		refused("another's token", good("token", other), http.StatusConflict, "zu lange")
		refused("a changed token", good("token", "A"+token), http.StatusConflict, "zu lange")
		refused("nothing said", good("said", ""), http.StatusUnprocessableEntity, `aria-describedby="said-wrong"`)
		refused("no address", good("mail", "leser"), http.StatusUnprocessableEntity, "mail-wrong")
		refused("no block", good("block", "gone"), http.StatusUnprocessableEntity, "wrong")
		w.clock.Advance(25 * time.Hour)
		refused("late", good(), http.StatusConflict, "zu lange")
		if n := w.reportRows(); n != 0 {
			t.Errorf("%d were taken", n)
		}
		token = w.form("/report/de/1")
		w.clock.Advance(5 * time.Second)
		if out := w.sends("/report/de/1", "192.0.2.8", good("website", "https://spam.example")); out.Code != http.StatusSeeOther || w.reportRows() != 0 {
			t.Errorf("the trap: %d", out.Code)
		}
		for _, path := range []string{"/report/de/99", "/report/pl/1", "/report/en/1", "/report/de/", "/report/", "/report/de/1/x"} {
			if res := w.get(path); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, res.StatusCode)
			}
		}
		if out := w.sends("/report/de/1", "192.0.2.9", url.Values{"said": {strings.Repeat("x", 1<<20)}}); out.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("a megabyte: %d", out.Code)
		}
	})
}

// A paper may do without.
func TestReportsAreOff(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Falsche Zahl", "politics", evening, "de")
		p, err := w.Publication.Paper(t.Context())
		w.must(err)
		p.ErrorReports = false
		_, err = w.Publication.SavePaper(t.Context(), admin, p)
		w.must(err)
		w.lacks("/de/1/falsche-zahl-de", "/report/")
		if res := w.get("/report/de/1"); res.StatusCode != http.StatusNotFound {
			t.Error(res.StatusCode)
		}
	})
}

// FuzzReportToken opens what strangers send.
func FuzzReportToken(f *testing.F) {
	key := []byte("key")
	f.Add(sign(key, signed{"edition", 3, time.Unix(1_700_000_000, 0)}))
	f.Add("ZWRpdGlvbiAzIDE3MDAwMDAwMDA.x")
	f.Fuzz(func(t *testing.T, token string) {
		if s, ok := open(key, token); ok && sign(key, s) != token {
			t.Errorf("%q is another's", token)
		}
	})
}
