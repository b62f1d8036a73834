package correction_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

var text = document.Doc{Headline: "Titel de", Blocks: []document.Block{
	{ID: "b1", Kind: document.Paragraph, Text: document.Text("Es waren 1077 Bäume.")},
	{ID: "b2", Kind: document.List, Items: []document.Item{{ID: "b2a", Text: document.Text("Eichen")}, {ID: "b2b", Text: document.Text("Buchen")}}},
	{ID: "b3", Kind: document.Rule},
}}

// says has a reader of the German edition report something.
func (w *world) says(t *testing.T, said, mail string, more ...func(*correction.NewReport)) error {
	t.Helper()
	defer w.clock.Advance(time.Second)
	live := edition.Live{Edition: w.of["de"], Story: w.story, Doc: text}
	n := correction.NewReport{Block: "b1", Revision: 1, Given: w.clock.Now(), Said: said, Mail: mail}
	for _, f := range more {
		f(&n)
	}
	return w.corrections.Take(t.Context(), live, text, n)
}

func (w *world) open(t *testing.T) []correction.Report {
	t.Helper()
	list, err := w.corrections.OpenReports(t.Context(), w.d.Read(), w.story.ID)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, query string) (n int) {
	t.Helper()
	must(t, d.Read().QueryRowContext(t.Context(), query).Scan(&n))
	return n
}

func TestReportIsTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.says(t, "Es waren 1177.", "leser@example.org", func(n *correction.NewReport) { n.Quote = "1077 Bäume" }))
		w.clock.Advance(time.Minute)
		must(t, w.says(t, " es WAREN  1177. ", "zweite@example.org"))
		must(t, w.says(t, "Die Eichen fehlen.", "", func(n *correction.NewReport) { n.Block, n.Quote = "b2", "nowhere" }))
		must(t, w.says(t, "Der Titel ist falsch.", "", func(n *correction.NewReport) { n.Block = correction.Head }))
		list := w.open(t)
		if len(list) != 3 {
			t.Fatalf("%+v", list)
		}
		r := list[0]
		if r.Times != 2 || r.Said != "Es waren 1177." || r.Passage != "Es waren 1077 Bäume." || r.Quote != "1077 Bäume" || r.Revision != 1 ||
			r.State != correction.ReportOpen || r.Lang != "de" || len(r.Mails) != 2 || !r.First.Equal(noon) || r.Last.Equal(noon) {
			t.Errorf("%+v", r)
		}
		if list[1].Passage != "Eichen\nBuchen" || list[1].Quote != "" || list[2].Passage != "Titel de" {
			t.Errorf("%+v", list[1:])
		}
		// One event and one entry a report, none of them with what was said.
		for _, table := range []string{"event", "audit"} {
			column := map[string]string{"event": "kind", "audit": "act"}[table]
			if n := count(t, w.d, `SELECT COUNT(*) FROM `+table+` WHERE `+column+` = 'report.made'`); n != 3 {
				t.Errorf("%d in %s", n, table)
			}
		}
		if n := count(t, w.d, `SELECT COUNT(*) FROM audit WHERE detail LIKE '%1177%' OR detail LIKE '%example.org%'`); n != 0 {
			t.Error("the audit keeps what a reader said")
		}
	})
}

func TestReportIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, err := range map[string]error{
			"said":  w.says(t, " \u200b ", ""),
			"said ": w.says(t, strings.Repeat("x", correction.MaxSaid+1), ""),
			"mail":  w.says(t, "x", "nobody"),
			"mail ": w.says(t, "x", "A <a@example.org>"),
			"mail?": w.says(t, "x", "a@example.org?bcc=all@example.org"),
			"mail%": w.says(t, "x", "a%0d%0abcc:b@example.org"),
			"mail#": w.says(t, "x", "a#b@example.org"),
			"mailn": w.says(t, "x", "a@example.org\r\nBcc: b@example.org"),
			"mail<": w.says(t, "x", "a@example.org,b@example.org"),
			"mailo": w.says(t, "x", "a\u202egro@example.org"),
			"mail.": w.says(t, "x", "root@localhost"),
			"maill": w.says(t, "x", strings.Repeat("a", 255)+"@example.org"),
			"said1": w.says(t, "x\x1b[2J", ""),
			"said2": w.says(t, "x\ufffe", ""),
			"said3": w.says(t, "\u200b\u200f\u2060", ""),
			"block": w.says(t, "x", "", func(n *correction.NewReport) { n.Block = "b3" }),
			"bloc ": w.says(t, "x", "", func(n *correction.NewReport) { n.Block = "gone" }),
		} {
			if f := problem.FieldsOf(err); len(f) != 1 || !strings.HasPrefix(f[0].Name, name[:3]) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(w.open(t)) != 0 {
			t.Error("something was taken")
		}
	})
}

// A flood of different texts fills a day's measure, and no more; what is there is still counted.
func TestReportsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		taken := 0
		for i := range 300 {
			err := w.says(t, fmt.Sprintf("Unsinn %d", i), fmt.Sprintf("a%d@example.org", i))
			switch {
			case err == nil:
				taken++
			case !problem.Is(err, problem.TooMany):
				t.Fatal(err)
			}
		}
		for i := range 100 {
			must(t, w.says(t, "Unsinn 0", fmt.Sprintf("b%d@example.org", i)))
		}
		list := w.open(t)
		if taken == 0 || taken > 100 || len(list) != taken || list[0].Times != 101 || len(list[0].Mails) > 20 {
			t.Errorf("%d were taken, %d are there, the first %+v", taken, len(list), list[0])
		}
		w.clock.Advance(25 * time.Hour)
		must(t, w.says(t, "Noch etwas", ""))
	})
}

func TestReportMoves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		german := actor.Actor{ID: "t1", Name: "T. Deutsch", Role: string(actor.Translator), Langs: []lang.Tag{"uk"}}
		stranger := actor.Actor{ID: "t2", Name: "F. Fremd", Role: string(actor.Translator), Langs: []lang.Tag{"fr"}}
		must(t, w.says(t, "Es waren 1177.", "leser@example.org"))
		r := w.open(t)[0]
		if _, err := w.corrections.Move(t.Context(), stranger, r.ID, r.Version, correction.ReportTaken); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
		if _, err := w.corrections.Move(t.Context(), german, r.ID, r.Version, "gone"); !problem.Is(err, problem.Invalid) {
			t.Error(err)
		}
		_, err := w.corrections.Move(t.Context(), german, r.ID, r.Version, correction.ReportTaken)
		must(t, err)
		if _, err := w.corrections.Move(t.Context(), chief, r.ID, r.Version, correction.ReportSpam); !problem.Is(err, problem.Conflict) {
			t.Error(err)
		}
		r = w.open(t)[0]
		if r.State != correction.ReportTaken || r.ByName != german.Name {
			t.Errorf("%+v", r)
		}
		_, err = w.corrections.Move(t.Context(), chief, r.ID, r.Version, correction.ReportCorrected)
		must(t, err)
		if len(w.open(t)) != 0 {
			t.Error("it is still open")
		}
		closed, _, err := w.corrections.Reports(t.Context(), w.d.Read(), true, "", 10)
		must(t, err)
		if len(closed) != 1 || closed[0].Closed == nil || len(closed[0].Mails) != 1 || closed[0].Headline != "Titel de" {
			t.Errorf("%+v", closed)
		}
		if _, err := w.corrections.Move(t.Context(), chief, r.ID, closed[0].Version, correction.ReportOpen); !problem.Is(err, problem.Conflict) {
			t.Error(err)
		}
		// Who was given the form before saw what is corrected now.
		must(t, w.says(t, "Es waren 1177.", "spaet@example.org", func(n *correction.NewReport) { n.Given = noon }))
		if len(w.open(t)) != 0 || count(t, w.d, `SELECT COUNT(*) FROM report_mail`) != 1 {
			t.Error("it is open again")
		}
		// Said again after that it is still wrong.
		must(t, w.says(t, "Es waren 1177.", ""))
		if again := w.open(t); len(again) != 1 || again[0].Times != 3 || again[0].ByName != "" {
			t.Errorf("%+v", again)
		}
		// Of spam no address is kept, and said again it stays closed.
		r = w.open(t)[0]
		_, err = w.corrections.Move(t.Context(), chief, r.ID, r.Version, correction.ReportSpam)
		must(t, err)
		must(t, w.says(t, "Es waren 1177.", "leser@example.org"))
		if len(w.open(t)) != 0 || count(t, w.d, `SELECT COUNT(*) FROM report_mail`) != 0 {
			t.Error("spam came back")
		}
	})
}

func TestReportsAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.says(t, "Eins", "eins@example.org"))
		must(t, w.says(t, "Zwei", "zwei@example.org"))
		r := w.open(t)[0]
		_, err := w.corrections.Move(t.Context(), chief, r.ID, r.Version, correction.ReportNoFault)
		must(t, err)
		for _, step := range []struct {
			after          time.Duration
			mails, reports int
		}{{29 * 24 * time.Hour, 2, 2}, {2 * 24 * time.Hour, 1, 2}, {60 * 24 * time.Hour, 0, 2}, {280 * 24 * time.Hour, 0, 1}} {
			w.clock.Advance(step.after)
			must(t, w.corrections.Forget(t.Context()))
			if m, n := count(t, w.d, `SELECT COUNT(*) FROM report_mail`), count(t, w.d, `SELECT COUNT(*) FROM report`); m != step.mails || n != step.reports {
				t.Errorf("after %v more: %d addresses of %d, %d reports of %d", step.after, m, step.mails, n, step.reports)
			}
		}
	})
}

func TestReportsWait(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.says(t, "Eins", ""))
		must(t, w.says(t, "Zwei", ""))
		waiting, err := w.corrections.Waiting(t.Context(), w.d.Read())
		must(t, err)
		if waiting[correction.Place{Lang: "de"}] != 2 || len(waiting) != 1 {
			t.Errorf("%v", waiting)
		}
		list, next, err := w.corrections.Reports(t.Context(), w.d.Read(), false, "", 1)
		must(t, err)
		if len(list) != 1 || next == "" {
			t.Fatalf("%v %q", list, next)
		}
		rest, next, err := w.corrections.Reports(t.Context(), w.d.Read(), false, next, 1)
		must(t, err)
		if len(rest) != 1 || next != "" || rest[0].ID == list[0].ID {
			t.Errorf("%v %q", rest, next)
		}
		key, err := w.corrections.ReportKey(t.Context())
		must(t, err)
		if again, err := w.corrections.ReportKey(t.Context()); err != nil || again != key || len(key) < 20 {
			t.Errorf("%q %q %v", key, again, err)
		}
	})
}
