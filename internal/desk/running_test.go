package desk_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"depesche/internal/edition"
	"depesche/internal/page"
	"depesche/internal/story"
)

// covered is the demo's running story at the desk, in Ukrainian, and what readers see of it.
type covered struct {
	*world
	st   story.Story
	desk string // its screen
}

func (w *world) covered() covered {
	w.Helper()
	list, err := w.Live.Running(w.Context(), w.DB.Read())
	if err != nil || len(list) != 1 {
		w.Fatalf("%d stories run live, %v", len(list), err)
	}
	st, err := w.Stories.ByID(w.Context(), w.DB.Read(), list[0].Story)
	if err != nil {
		w.Fatal(err)
	}
	return covered{w, st, "/desk/live/" + strconv.FormatInt(st.Number, 10)}
}

// as is the same, seen by somebody else.
func (c covered) as(email string) covered {
	inner := *c.world
	inner.client = inner.signIn(email)
	c.world = &inner
	return c
}

// read is the story as readers of a language see it.
func (c covered) read(lang string) string {
	c.Helper()
	e := c.edition(c.st.Number, lang)
	_, body := c.get(page.ArticlePath(e.Lang, c.st.Number, e.Slug))
	return strings.ReplaceAll(body, "\u00a0", " ")
}

// write posts a new entry as the form of the screen does, and returns its number.
func (c covered) write(more url.Values) (number int64) {
	c.Helper()
	_, screen := c.get(c.desk)
	form := fields(c.T, screen, c.desk+"/entries")
	for k, v := range more {
		form[k] = v
	}
	if status, to := c.post(c.desk+"/entries", form); status != http.StatusSeeOther || !strings.HasPrefix(to, c.desk+"?beside=") || !strings.HasSuffix(to, "&sent="+form.Get("sent")) {
		c.Fatalf("%d %s", status, to)
	}
	err := c.DB.Read().QueryRowContext(c.Context(), `SELECT s.number FROM live_entry e JOIN story s ON s.id = e.story_id WHERE e.sent = $1`, form.Get("sent")).Scan(&number)
	if err != nil {
		c.Fatal(err)
	}
	return number
}

// row is an entry on the screen, beside its translation into a language.
func (c covered) row(n int64, beside string) string {
	c.Helper()
	_, screen := c.get(c.desk + "?beside=" + beside)
	row := between(screen, `id="e`+strconv.FormatInt(n, 10)+`"`, `<li class="live-row`)
	if row == "" {
		c.Fatalf("no row of entry %d", n)
	}
	return row
}

// script posts a form as a script does.
func (c covered) script(path string, form url.Values) (int, string) {
	c.Helper()
	req, err := http.NewRequestWithContext(c.Context(), http.MethodPost, c.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := c.client.Do(req)
	status, body := c.answer(res, err)
	return status, strings.ReplaceAll(body, `\u0026`, "&")
}

func (c covered) turn(n int64, form url.Values) (int, string) {
	c.Helper()
	return c.post(c.desk+"/entries/"+strconv.FormatInt(n, 10), form)
}

// done is turn for what must succeed.
func (c covered) done(n int64, form url.Values) {
	c.Helper()
	place := "#e" + strconv.FormatInt(n, 10)
	if form.Get("act") == "begin" {
		place += "-other"
	}
	status, to := c.turn(n, form)
	if status != http.StatusSeeOther || !strings.HasSuffix(to, place) {
		c.Errorf("%s: %d %s", form.Get("act"), status, to)
	}
	if _, screen := c.get(to); !strings.Contains(screen, `id="`+place[1:]+`"`) {
		c.Errorf("%s leads to %s, which isn't there", form.Get("act"), place)
	}
}

// shown are the hidden fields of an entry's form as its row has them.
func shown(row string, names ...string) url.Values {
	out := url.Values{}
	for _, name := range names {
		out.Set(name, between(row, `name="`+name+`" value="`, `"`))
	}
	return out
}

// anEntryIsWritten: what is posted is with readers, once; what is refused comes back as it was typed.
func anEntryIsWritten(t *testing.T, w *world) {
	c := w.covered()
	if _, list := c.get("/desk/live"); !strings.Contains(list, `href="`+c.desk+`"`) {
		t.Error("the list doesn't lead to it")
	}
	n := c.write(url.Values{"text": {"Гол на 70-й хвилині: 2:0 > 1:0 & далі."}, "headline": {"2:0"}, "pinned": {"1"}, "source": {"Суддя"}, "how": {"на полі"}})
	number := strconv.FormatInt(n, 10)
	if got := c.read("uk"); !strings.Contains(got, `id="e`+number+`"`) || !strings.Contains(got, "2:0 &gt; 1:0 &amp; далі.") || !strings.Contains(got, "Суддя") {
		t.Error("readers don't see it")
	}
	if row := c.row(n, "-"); !strings.Contains(row, `data-state="published"`) || !strings.Contains(row, `name="pin" value="0"`) {
		t.Errorf("its row: %s", row)
	}
	_, screen := c.get(c.desk)
	form := fields(t, screen, c.desk+"/entries")
	form.Set("text", "Один раз.")
	for range 2 { // the browser lost the answer
		if status, to := c.post(c.desk+"/entries", form); status != http.StatusSeeOther {
			t.Errorf("%d %s", status, to)
		}
		if status, said := c.script(c.desk+"/entries", form); status != http.StatusOK || !strings.HasPrefix(said, `{"to":"`+c.desk+`?beside=`) || !strings.Contains(said, "sent="+form.Get("sent")) {
			t.Errorf("a script is told %d %s", status, said)
		}
	}
	if !strings.Contains(screen, `id="write" method="post" action="`+c.desk+`/entries" autocomplete="off"`) {
		t.Error("the browser fills the box with what was sent")
	}
	if n := strings.Count(c.read("uk"), ">Один раз.</p>"); n != 1 {
		t.Errorf("it is there %d times", n)
	}
	for _, x := range []struct {
		form   url.Values
		status int
		says   []string
	}{
		{url.Values{"headline": {"Лише <заголовок>"}}, http.StatusUnprocessableEntity, []string{`value="Лише &lt;заголовок&gt;"`, `<details class="more" open>`, `id="text-error"`}},
		{url.Values{"text": {"Гол."}, "happened": {"25:99"}}, http.StatusUnprocessableEntity, []string{"Гол.</textarea>", `id="happened-error"`}},
		{url.Values{"text": {"Грають грають далі."}}, http.StatusUnprocessableEntity, []string{"Грають грають далі.</textarea>", `name="reason"`, `data-severity="warning"`}},
	} {
		_, screen := c.get(c.desk)
		form := fields(t, screen, c.desk+"/entries")
		for k, v := range x.form {
			form[k] = v
		}
		status, body := c.post(c.desk+"/entries", form)
		if status != x.status {
			t.Errorf("%v: %d", x.form, status)
		}
		for _, s := range append(x.says, form.Get("sent")) {
			if !strings.Contains(body, s) {
				t.Errorf("%v: the screen lacks %s", x.form, s)
			}
		}
		if what := alive(t, body); what != "" {
			t.Errorf("%v: %s", x.form, what)
		}
	}
	c.write(url.Values{"text": {"Грають грають далі."}, "reason": {"Так і є."}})
}

// anEntryIsCorrected: a correction is told, a misprint isn't, and what others changed meanwhile isn't lost.
func anEntryIsCorrected(t *testing.T, w *world) {
	c := w.covered()
	n := c.write(url.Values{"text": {"На трибуні сорок глядачів."}})
	row := c.row(n, "-")
	form := shown(row, "edition", "base")
	id := form.Get("edition")
	form.Set("text."+id, "На трибуні п’ятдесят глядачів.")
	form.Set("act", "correct")
	status, body := c.turn(n, form)
	if again := between(body, `id="e`+strconv.FormatInt(n, 10)+`"`, `<li class="live-row`); status != http.StatusUnprocessableEntity ||
		!strings.Contains(again, "<details open>") || !strings.Contains(again, "На трибуні п’ятдесят глядачів.</textarea>") || !strings.Contains(again, `id="correction.`+id+`-error"`) {
		t.Errorf("nobody says what was wrong: %d %s", status, again)
	}
	form.Set("correction."+id, "Глядачів було п’ятдесят, а не сорок.")
	c.done(n, form)
	if got := c.read("uk"); !strings.Contains(got, ">На трибуні п’ятдесят глядачів.</p>") || !strings.Contains(got, "Глядачів було п’ятдесят, а не сорок.") {
		t.Error("readers aren't told")
	}
	stale := form
	form = shown(c.row(n, "-"), "edition", "base")
	form.Set("text."+id, "На трибуні п’ятдесят глядачок.")
	form.Set("act", "amend")
	c.done(n, form)
	if got := c.read("uk"); !strings.Contains(got, ">На трибуні п’ятдесят глядачок.</p>") || strings.Count(got, "Глядачів було п’ятдесят") != 1 {
		t.Error("a misprint")
	}
	stale.Set("text."+id, "На трибуні шістдесят.")
	if status, body := c.turn(n, stale); status != http.StatusConflict || !strings.Contains(body, "На трибуні шістдесят.") {
		t.Errorf("an old text: %d", status)
	}
	other := c.edition(42, "de")
	stale.Set("edition", string(other.ID))
	if status, _ := c.turn(n, stale); status != http.StatusNotFound {
		t.Errorf("another story's edition: %d", status)
	}
	if status, _ := c.turn(42, form); status != http.StatusNotFound {
		t.Errorf("another story's number: %d", status)
	}
}

// anEntryIsSettled: its time and its pin are changed by those who may, and not over each other.
func anEntryIsSettled(t *testing.T, w *world) {
	c := w.covered()
	n := c.write(url.Values{"text": {"М’яч у воротах."}})
	form := shown(c.row(n, "-"), "entry_version")
	form.Set("act", "settle")
	form.Set("pin", "1")
	c.done(n, form)
	if status, _ := c.turn(n, form); status != http.StatusConflict {
		t.Errorf("an old version: %d", status)
	}
	row := c.row(n, "-")
	form = shown(row, "entry_version")
	form.Set("act", "settle")
	form.Set("happened", "00:00") // today's; never ahead of now
	c.done(n, form)
	if row := c.row(n, "-"); !strings.Contains(row, `name="happened" value="00:00"`) || !strings.Contains(row, `name="pin" value="0"`) {
		t.Errorf("its row: %s", row)
	}
	form = shown(c.row(n, "-"), "entry_version")
	form.Set("act", "nothing")
	if status, _ := c.turn(n, form); status != http.StatusUnprocessableEntity {
		t.Errorf("no such act: %d", status)
	}
}

// anEntryIsTranslated: begun with a press, sent out beside its original, and behind it after a correction.
func anEntryIsTranslated(t *testing.T, w *world) {
	c := w.covered()
	n := c.write(url.Values{"text": {"Кінець матчу."}})
	c.done(n, url.Values{"act": {"begin"}, "beside": {"de"}})
	row := c.row(n, "de")
	other := row[strings.Index(row, `class="other"`):]
	form := shown(other, "edition", "base", "source_rev")
	e := c.edition(n, "de")
	if string(e.ID) != form.Get("edition") {
		t.Fatalf("beside stands %s, not %s", form.Get("edition"), e.ID)
	}
	unit := "unit." + between(other, `name="unit.`, `"`)
	form.Set("act", "translation")
	form.Set("beside", "de")
	form.Set(unit, "")
	if status, _ := c.turn(n, form); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing written: %d", status)
	}
	form.Set(unit, "Abpfiff.")
	reader := c.as("translator.fr@meridian.example")
	if status, _ := reader.turn(n, form); status != http.StatusForbidden {
		t.Errorf("a translator into French: %d", status)
	}
	c.as("translator@meridian.example").done(n, form) // reporters and translators send out themselves
	if got := c.read("de"); !strings.Contains(got, ">Abpfiff.</p>") {
		t.Error("readers in German don't see it")
	}
	fix := shown(c.row(n, "-"), "edition", "base")
	fix.Set("act", "correct")
	fix.Set("text."+fix.Get("edition"), "Кінець першого тайму.")
	fix.Set("correction."+fix.Get("edition"), "Скінчився лише перший тайм.")
	c.done(n, fix)
	row = c.row(n, "de")
	other = row[strings.Index(row, `class="other"`):]
	if !strings.Contains(other, `data-state="stale"`) || !strings.Contains(other, "Скінчився лише перший тайм.") || !strings.Contains(other, `class="button primary"`) {
		t.Errorf("the translation isn't behind: %s", other)
	}
	form = shown(other, "edition", "base", "source_rev")
	form.Set("act", "translation")
	form.Set("beside", "de")
	form.Set(unit, "Ende der ersten Halbzeit.")
	form.Set("correction."+form.Get("edition"), "Nur die erste Halbzeit ist vorbei.")
	c.done(n, form)
	if got := c.read("de"); !strings.Contains(got, ">Ende der ersten Halbzeit.</p>") || !strings.Contains(got, "Nur die erste Halbzeit ist vorbei.") {
		t.Error("readers in German aren't told")
	}
}

// anEntryIsWithdrawn in every language at once, and says why.
func anEntryIsWithdrawn(t *testing.T, w *world) {
	c := w.covered()
	n := c.write(url.Values{"text": {"Матч скасовано."}})
	form := url.Values{"act": {"withdraw"}, fmt.Sprintf("why.%d.uk", n): {"Матч триває."}}
	if status, _ := c.as("translator@meridian.example").turn(n, form); status != http.StatusForbidden {
		t.Errorf("a translator withdraws: %d", status)
	}
	c.done(n, form)
	if got := c.read("uk"); strings.Contains(got, "Матч скасовано.") {
		t.Error("it still stands there")
	}
	e := c.edition(c.st.Number, "uk")
	if status, gone := c.get(page.LivePath(e.Lang, c.st.Number, e.Slug, n)); status != http.StatusGone || !strings.Contains(gone, "Матч триває.") {
		t.Errorf("its address: %d", status)
	}
	if row := c.row(n, "-"); !strings.Contains(row, `data-state="withdrawn"`) || strings.Contains(row, `value="withdraw"`) {
		t.Errorf("its row: %s", row)
	}
}

// aStoryRunsAndEnds: who sends entries out is said for each story; what has ended takes none, and may go on.
func aStoryRunsAndEnds(t *testing.T, w *world) {
	c := w.covered()
	act := func(act string) (int, string) {
		_, screen := c.get(c.desk)
		form := fields(t, screen, c.desk)
		form.Set("act", act)
		return c.post(c.desk, form)
	}
	if status, _ := act("open"); status != http.StatusSeeOther { // closed now
		t.Fatalf("%d", status)
	}
	editor := c.as("editor.uk@meridian.example")
	n := editor.write(url.Values{"text": {"Ще перевіряємо."}, "act": {"hand_in"}})
	if e := c.edition(n, "uk"); e.State != edition.Review {
		t.Errorf("handed in it is %s", e.State)
	}
	if strings.Contains(c.read("uk"), "Ще перевіряємо.") {
		t.Error("readers see what was handed in")
	}
	form := shown(c.row(n, "-"), "edition", "base")
	form.Set("act", "amend")
	form.Set("text."+form.Get("edition"), "Перевірено.")
	c.done(n, form)
	if !strings.Contains(c.read("uk"), ">Перевірено.</p>") {
		t.Error("it wasn't sent out")
	}
	_, screen := c.get(c.desk)
	late := fields(t, screen, c.desk+"/entries")
	if status, _ := act("end"); status != http.StatusSeeOther {
		t.Fatalf("%d", status)
	}
	late.Set("text", "Запізно.")
	status, body := c.post(c.desk+"/entries", late)
	if status != http.StatusConflict || !strings.Contains(body, "Запізно.</textarea>") {
		t.Errorf("after the end: %d", status)
	}
	if _, screen := c.get(c.desk); strings.Contains(screen, `id="write"`) {
		t.Error("what has ended may be written in")
	}
	if _, list := c.get("/desk/live"); !strings.Contains(list, `href="`+c.desk+`"`) {
		t.Error("the list forgot it")
	}
	number := strconv.FormatInt(c.st.Number, 10)
	if status, to := c.post("/desk/stories/"+number+"/live", url.Values{"open": {"1"}}); status != http.StatusSeeOther || to != c.desk {
		t.Errorf("%d %s", status, to)
	}
	if status, _ := c.post("/desk/stories/"+number+"/live", nil); status != http.StatusConflict {
		t.Errorf("it runs twice: %d", status)
	}
	if status, _ := c.get("/desk/live/42"); status != http.StatusNotFound {
		t.Errorf("a story that never ran: %d", status)
	}
}
