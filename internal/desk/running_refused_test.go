package desk_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// anEntryIsSentAgain with another text, after a lost answer: nothing second goes out, and the new text stands in the
// form of the first and in the box, for the writer to say what it is.
func anEntryIsSentAgain(t *testing.T, w *world) {
	c := w.covered()
	_, screen := c.get(c.desk)
	form := fields(t, screen, c.desk+"/entries")
	form.Set("text", "Перша заміна: виходить Коваль.")
	if status, to := c.post(c.desk+"/entries", form); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, to)
	}
	form.Set("text", "Перша заміна: виходить Коваленко.")
	if status, said := c.script(c.desk+"/entries", form); status != http.StatusConflict {
		t.Errorf("a script is told %d %s", status, said)
	}
	status, body := c.post(c.desk+"/entries", form)
	if status != http.StatusConflict || !strings.Contains(body, `data-sent="`+form.Get("sent")+`"`) {
		t.Errorf("%d", status)
	}
	box := fields(t, body, c.desk+"/entries")
	if box.Get("text") != form.Get("text") || box.Get("sent") == form.Get("sent") {
		t.Errorf("the box has %v", box)
	}
	row := between(body, `<ol class="entries">`, `<li class="live-row`)
	row += between(body, `<li class="live-row`, `<li class="live-row`)
	if !strings.Contains(row, "<details open>") || !strings.Contains(row, "Коваленко.</textarea>") || !strings.Contains(row, ">Перша заміна: виходить Коваль.</p>") {
		t.Errorf("the first one's form: %s", row)
	}
	n, err := strconv.ParseInt(between(row, `data-entry="`, `"`), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	fix := shown(row, "edition", "base")
	fix.Set("act", "amend")
	fix.Set("text."+fix.Get("edition"), form.Get("text"))
	c.done(n, fix)
	if got := c.read("uk"); strings.Count(got, ">Перша заміна: виходить Ковал") != 1 || !strings.Contains(got, "Коваленко.</p>") {
		t.Error("it isn't what readers see, or not once")
	}
	box.Set("text", "Друга заміна.")
	if status, _ := c.post(c.desk+"/entries", box); status != http.StatusSeeOther || !strings.Contains(c.read("uk"), ">Друга заміна.</p>") {
		t.Errorf("another entry: %d", status)
	}
}

// anEntryIsGone while somebody else is at work on it: it stays withdrawn, and what was typed is shown.
func anEntryIsGone(t *testing.T, w *world) {
	c := w.covered()
	n := c.write(url.Values{"text": {"Тренер пішов у відставку."}})
	c.done(n, url.Values{"act": {"begin"}, "beside": {"de"}})
	row := c.row(n, "de")
	mend := shown(row, "edition", "base")
	mend.Set("act", "correct")
	mend.Set("text."+mend.Get("edition"), "Тренера відсторонено на два тижні.")
	mend.Set("correction."+mend.Get("edition"), "Тренер нікуди не пішов.")
	other := row[strings.Index(row, `class="other"`):]
	translated := shown(other, "edition", "base", "source_rev")
	translated.Set("act", "translation")
	translated.Set("beside", "de")
	translated.Set("unit."+between(other, `name="unit.`, `"`), "Der Trainer ist zurückgetreten.")
	why := fmt.Sprintf("why.%d.uk", n)
	out := url.Values{"act": {"withdraw"}, why: {" "}}
	status, body := c.turn(n, out)
	if again := between(body, `id="e`+strconv.FormatInt(n, 10)+`"`, `<li class="live-row`); status != http.StatusUnprocessableEntity || !strings.Contains(again, `<details open><summary class="button small quiet">Zurückziehen`) {
		t.Errorf("nobody says why: %d %s", status, again)
	}
	out.Set(why, "Повідомлення було хибним.")
	c.done(n, out)
	for _, x := range []struct {
		form  url.Values
		typed []string
	}{
		{mend, []string{"Тренера відсторонено на два тижні.</textarea>", "Тренер нікуди не пішов.</textarea>"}},
		{translated, []string{"Der Trainer ist zurückgetreten.</textarea>"}},
		{out, nil},
	} {
		status, body := c.turn(n, x.form)
		if status != http.StatusConflict || !strings.Contains(body, "Der Eintrag ist inzwischen zurückgezogen.") {
			t.Errorf("%s: %d", x.form.Get("act"), status)
		}
		for _, s := range x.typed {
			if strings.Count(body, s) != 1 {
				t.Errorf("%s: the screen has %s %d times", x.form.Get("act"), s, strings.Count(body, s))
			}
		}
	}
	if strings.Contains(c.read("uk"), "Тренер пішов") || strings.Contains(c.read("uk"), "Тренера відсторонено") || strings.Contains(c.read("de"), "Der Trainer ist") {
		t.Error("readers see it")
	}
}

// anOlderPageIsKept: who works on an older page of entries comes back to it.
func anOlderPageIsKept(t *testing.T, w *world) {
	c := w.covered()
	n := c.write(url.Values{"text": {"Свисток."}, "happened": {"00:00"}})
	for range 30 {
		c.write(url.Values{"text": {"Грають."}})
	}
	_, screen := c.get(c.desk + "?beside=-")
	older := strings.ReplaceAll(between(screen, `rel="next" href="`, `"`), "&amp;", "&")
	_, screen = c.get(older)
	action := c.desk + "/entries/" + strconv.FormatInt(n, 10) + "?before="
	_, rest, there := strings.Cut(screen, `action="`+action)
	if !there {
		t.Fatalf("%s has no form of the entry", older)
	}
	before, _, _ := strings.Cut(rest, `"`)
	form := shown(rest, "entry_version", "beside")
	form.Set("act", "settle")
	status, body := c.post(action+before, url.Values{"act": {"nothing"}, "beside": {"-"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, `id="e`+strconv.FormatInt(n, 10)+`"`) {
		t.Errorf("refused, it shows another page: %d", status)
	}
	if status, to := c.post(action+before, form); status != http.StatusSeeOther || to != older+"#e"+strconv.FormatInt(n, 10) {
		t.Errorf("%d %s, not %s", status, to, older)
	}
}
