package app

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine/enginetest"
	"depesche/internal/lang"
	"depesche/internal/translate"
)

// book is what a fake service translates with: phrases, the longest first. What it doesn't know it leaves.
type book map[string]string

// says makes a service speak by the book. The service hands over what it swaps the case of, tags
// and entities untouched, which is undone first.
func (b book) says(texts []string) []string {
	phrases := slices.SortedFunc(maps.Keys(b), func(x, y string) int { return len(y) - len(x) })
	out := make([]string, len(texts))
	for i, t := range texts {
		t = enginetest.Swap(t, true)
		for _, p := range phrases {
			t = strings.ReplaceAll(t, p, b[p])
		}
		out[i] = t
	}
	return out
}

var german = book{
	"Зеленський звільнив посадовців":    "Selenski entlässt Beamte",
	"Рішення ухвалили 14 листопада.":    "Die Entscheidung fiel am 14. November.",
	"На відбудову дадуть ":              "Für den Wiederaufbau gibt es ",
	"1077 млн гривень":                  "1077 Mio. Hrywnja",
	", повідомляє ":                     ", meldet ",
	"«Суспільне»":                       "„Suspilne“",
	"Ми не зупинимося.":                 "Wir werden nicht aufhören.<script>alert(1)</script><img src=x onerror=alert(2)>",
	"Володимир Зеленський":              "Wolodymyr Selenski",
	"Посади втратили три посадовці.":    "Drei Beamte verloren ihre Posten.",
	"Посади втратили чотири посадовці.": "Vier Beamte verloren ihre Posten.",
}

// english leaves the name to the glossary, and gets the sum wrong.
var english = book{
	" звільнив посадовців":           " dismisses officials",
	"Рішення ухвалили 14 листопада.": "The decision was made on 14 November.",
	"На відбудову дадуть ":           "Reconstruction gets ",
	"1077 млн гривень":               "1707 million hryvnias",
	", повідомляє ":                  ", reports ",
	"«Суспільне»":                    "“Suspilne”",
	"Ми не зупинимося.":              "We will not stop.",
	"Володимир ":                     "Volodymyr ",
	"zELENSKY":                       "Zelensky",
	"Посади втратили три посадовці.": "Three officials lost their posts.",
}

const names = "kind,uk,uk.forms,de,de.forbidden,en,ru\n" +
	"person,Зеленський,Зеленського | Зеленському | Зеленським,Selenskyj,Selenski,Zelensky,Зеленский\n"

// told is the story: %s is how many officials it were.
const told = `{"headline":"Зеленський звільнив посадовців","lead":[{"text":"Рішення ухвалили 14 листопада."}],"blocks":[
{"id":"b1","kind":"paragraph","text":[{"text":"На відбудову дадуть "},{"text":"1077 млн гривень","marks":[{"type":"link","href":"https://example.org/budget"}]},{"text":", повідомляє "},{"text":"«Суспільне»","marks":[{"type":"source","source":"SOURCE"}]},{"text":"."}]},
{"id":"b2","kind":"quotation","text":[{"text":"Ми не зупинимося."}],"speaker":"Володимир Зеленський"},
{"id":"b3","kind":"paragraph","text":[{"text":"Посади втратили NUMBER посадовці."}]}]}`

// newspaper is the story of [TestTranslatedStory] as far as it is.
type newspaper struct {
	*browser
	number, writing, source string
	at                      map[lang.Tag]string // the translations' addresses at the desk
	apertium                bool
}

// TestTranslatedStory is the way of a story through all languages, by the desk's own forms: drafted by the
// engines that the paper has, checked, reviewed, released together; then the original changes, and what
// that means is known at once, held, told to readers and mended.
func TestTranslatedStory(t *testing.T) {
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		n := opened(t, o)
		libre, deepl := enginetest.StartLibreTranslate(t), enginetest.StartDeepL(t)
		libre.Always(enginetest.Play{Texts: german.says})
		deepl.Always(enginetest.Play{Texts: english.says})
		p := &newspaper{browser: n.signIn(adminMail)}
		p.installs(libre.URL, deepl.URL)
		p.uploads("/desk/register/import", "names.csv", names)
		p.browser = n.signIn(chiefMail)
		p.written()
		p.drafted()
		p.reviewed()
		p.out()
		p.changed()
		p.mended()
	})
}

// installs sets the engines up by their forms, and the order for English.
func (p *newspaper) installs(libre, deepl string) {
	p.t.Helper()
	_, err := exec.LookPath("apertium")
	p.apertium = err == nil
	add := func(kind string, more url.Values) {
		form := controls(p.t, p.sees("/desk/engines/new?kind="+kind), "/desk/engines/new")
		maps.Copy(form, more)
		p.sends("/desk/engines/new", form)
	}
	add("libretranslate", url.Values{"name": {"Libre"}, "setting.endpoint": {libre}, "key": {enginetest.Key}})
	if p.apertium {
		add("apertium", url.Values{"name": {"Apertium"}})
	}
	add("deepl", url.Values{"name": {"DeepL"}, "setting.endpoint": {deepl}, "key": {enginetest.Key}})
	p.sends("/desk/engines/orders", url.Values{"from": {"uk"}, "to": {"en"}})
	for _, e := range p.list("DeepL") {
		for range 2 {
			p.sends("/desk/engines/"+e+"/move", url.Values{"pair": {"uk-en"}, "by": {"-1"}})
		}
	}
	if page := p.sees("/desk/engines"); strings.Contains(page, enginetest.Key) {
		p.t.Error("the key is on the page")
	}
	for _, query := range []string{`SELECT detail FROM audit`, `SELECT data FROM event`, `SELECT settings FROM engine`, `SELECT sealed FROM engine WHERE sealed IS NOT NULL`} {
		if p.holds(query, enginetest.Key) {
			p.t.Errorf("%s tells the key", query)
		}
	}
	if !p.holds(`SELECT settings FROM engine`, libre) {
		p.t.Error("what was typed isn't found where it must be")
	}
	form := controls(p.t, p.sees("/desk/settings"), "/desk/settings")
	form.Set("machine.ru", "1")
	p.sends("/desk/settings", form)
	if controls(p.t, p.sees("/desk/settings"), "/desk/settings").Get("machine.ru") == "" {
		p.t.Error("that unchecked machine text may go out wasn't kept")
	}
}

// holds reports whether a text stands in what a query brings.
func (p *newspaper) holds(query, text string) bool {
	p.t.Helper()
	rows, err := p.DB.Read().QueryContext(p.t.Context(), query)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	found := false
	for rows.Next() {
		var value []byte
		if err := rows.Scan(&value); err != nil {
			p.t.Fatal(err)
		}
		found = found || bytes.Contains(value, []byte(text))
	}
	if err := rows.Err(); err != nil {
		p.t.Fatal(err)
	}
	return found
}

// list are the addresses of the engines of a name.
func (p *newspaper) list(name string) []string {
	p.t.Helper()
	order, err := p.Engines.Order(p.t.Context(), p.DB.Read(), "")
	if err != nil {
		p.t.Fatal(err)
	}
	var out []string
	for _, e := range order.Engines {
		if e.Name == name {
			out = append(out, string(e.ID))
		}
	}
	return out
}

func (p *newspaper) document(number string) string {
	return strings.NewReplacer("SOURCE", p.source, "NUMBER", number).Replace(told)
}

// written is the original, with its section, author and source.
func (p *newspaper) written() {
	p.t.Helper()
	p.writing = p.sends("/desk/stories/new", url.Values{"lang": {"uk"}, "headline": {"Зеленський звільнив посадовців"}, "kind": {"news"}})
	_, after, _ := strings.Cut(p.sees(p.writing), `href="/desk/stories/`)
	p.number, _, _ = strings.Cut(after, `"`)
	story := "/desk/stories/" + p.number
	p.sends(story+"/sources/new", url.Values{"name": {"Суспільне"}, "kind": {"paper"}, "url": {"https://example.org/suspilne"}, "lang": {"uk"}, "claim.uk": {"скільки дадуть"}})
	_, after, _ = strings.Cut(p.sees(story), story+"/sources/")
	for strings.HasPrefix(after, "new") {
		_, after, _ = strings.Cut(after, story+"/sources/")
	}
	p.source, _, _ = strings.Cut(after, `/`)
	p.source, _, _ = strings.Cut(p.source, `"`)
	p.saves(p.document("три"))
	form := controls(p.t, p.sees(story), story)
	sections, err := p.Publication.Sections(p.t.Context(), p.DB.Read())
	if err != nil {
		p.t.Fatal(err)
	}
	authors, err := p.People.Authors(p.t.Context(), p.DB.Read())
	if err != nil {
		p.t.Fatal(err)
	}
	form.Set("section", string(sections[0].ID))
	form.Set("authors", string(authors[0].ID))
	form.Set("new_topics", "Відбудова")
	p.sends(story, form)
}

// saves the original as the editor does.
func (p *newspaper) saves(doc string) {
	p.t.Helper()
	ed := p.edition("uk")
	p.asks(p.writing+"/save.json", url.Values{"base": {itoa(ed.Revision)}, "doc": {doc}})
}

func (p *newspaper) edition(l lang.Tag) edition.Edition {
	p.t.Helper()
	number, err := strconv.ParseInt(p.number, 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	st, err := p.Stories.ByNumber(p.t.Context(), p.DB.Read(), number)
	if err != nil {
		p.t.Fatal(err)
	}
	e, err := p.Editions.ByLanguage(p.t.Context(), p.DB.Read(), st.ID, l)
	if err != nil {
		p.t.Fatal(err)
	}
	return e
}

// rows are what the room knows of a translation.
func (p *newspaper) rows(l lang.Tag) map[document.Address]translate.Row {
	p.t.Helper()
	list, err := p.Translate.Rows(p.t.Context(), p.DB.Read(), p.edition(l).ID)
	if err != nil {
		p.t.Fatal(err)
	}
	out := map[document.Address]translate.Row{}
	for _, r := range list {
		out[r.Address] = r
	}
	return out
}

// drafted is one click, and what stands in the translation screens then.
func (p *newspaper) drafted() {
	p.t.Helper()
	p.sends("/desk/stories/"+p.number+"/editions", url.Values{"lang": {"de", "en", "ru"}})
	p.at = map[lang.Tag]string{}
	for _, l := range []lang.Tag{"de", "en", "ru"} {
		p.at[l] = "/desk/editions/" + string(p.edition(l).ID)
		p.until(string(l)+" is drafted", func() bool { return p.json(p.at[l] + "/drafting.json")["open"] == false })
	}
	by := map[lang.Tag]string{"de": "Libre", "en": "DeepL", "ru": "DeepL"}
	if p.apertium {
		by["ru"] = "Apertium"
	}
	for l, engine := range by {
		for addr, r := range p.rows(l) {
			if r.State != translate.Machine || !r.Unread || r.Origin.Engine != engine {
				p.t.Errorf("%s %s: %s by %s", l, addr, r.State, r.Origin.Engine)
			}
		}
		// Links and sources stand where they stood, on words of their own.
		var marks []document.Mark
		for _, span := range p.rows(l)["b1/text"].Target {
			if len(span.Marks) > 0 && span.Text != "" {
				marks = append(marks, span.Marks...)
			}
		}
		want := []document.Mark{{Type: document.Link, Href: "https://example.org/budget"}, {Type: document.SourceRef, Source: p.source}}
		if !slices.Equal(marks, want) {
			p.t.Errorf("%s has the marks %v", l, marks)
		}
		if s := said(p.sees(p.at[l] + "/translate")); !strings.Contains(s, engine) {
			p.t.Errorf("the screen of %s doesn't say which engine spoke", l)
		}
	}
	// What an engine makes up is text at most: it runs nowhere, and it is found.
	for _, path := range []string{"/translate", "", "/preview", "/both"} {
		if what := alive(p.t, p.sees(p.at["de"]+path)); what != "" {
			p.t.Errorf("%s: the engine's %s is alive", path, what)
		}
	}
	if row := p.row("de", "b2/text"); !strings.Contains(said(row), "looks like code: <script>") {
		p.t.Errorf("nothing is found about the engine's script: %s", said(row))
	}
	p.confirms("de", "b2/text", document.Text("Wir werden nicht aufhören."))
	for l, name := range map[lang.Tag]string{"de": "Selenskyj", "en": "Zelensky", "ru": "Зеленский"} {
		if head, speaker := p.rows(l)["head/headline"].Target.Plain(), p.rows(l)["b2/speaker"].Target.Plain(); !strings.HasPrefix(head, name+" ") || !strings.HasSuffix(speaker, " "+name) {
			p.t.Errorf("%s: %q, %q aren't in the house's spelling", l, head, speaker)
		}
	}
}

func (p *newspaper) json(path string) map[string]any {
	p.t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(p.sees(path)), &out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// row is what stands in a row of a translation's screen.
func (p *newspaper) row(l lang.Tag, addr document.Address) string {
	p.t.Helper()
	root, err := html.Parse(strings.NewReader(p.sees(p.at[l] + "/translate")))
	if err != nil {
		p.t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data == "tr" && attribute(n, "data-address") == string(addr) {
			var b strings.Builder
			if err := html.Render(&b, n); err != nil {
				p.t.Fatal(err)
			}
			return b.String()
		}
	}
	p.t.Fatalf("no row for %s in %s", addr, l)
	return ""
}

// confirms says that a segment is right as text.
func (p *newspaper) confirms(l lang.Tag, addr document.Address, text document.Inline) {
	p.t.Helper()
	p.asks(p.at[l]+"/units.json", url.Values{
		"address": {string(addr)}, "inline": {string(text.Encode())}, "act": {"confirm"},
		"sourceRev": {itoa(p.rows(l)[addr].SourceRev)}, "base": {itoa(p.edition(l).Revision)},
	})
}

// steps presses a button of the translation's screen, which must be there.
func (p *newspaper) steps(l lang.Tag, act string) {
	p.t.Helper()
	page := p.sees(p.at[l] + "/translate")
	if !strings.Contains(page, `name="act" value="`+act+`"`) {
		p.t.Fatalf("the screen of %s has no button for %s", l, act)
	}
	form := controls(p.t, page, p.at[l])
	form.Set("act", act)
	p.sends(p.at[l], form)
}

// reviewed is that the wrong sum stands beside its segment, and what people do with two of the drafts.
func (p *newspaper) reviewed() {
	p.t.Helper()
	for _, addr := range []document.Address{"b1/text", "b3/text"} {
		if row := p.row("en", addr); strings.Contains(said(row), "1707 million hryvnias here") != (addr == "b1/text") {
			p.t.Errorf("beside %s stands %s", addr, said(row))
		}
	}
	if status, page := p.post("/desk/stories/"+p.number+"/release", p.releases("publish", "de")); status != http.StatusUnprocessableEntity || !strings.Contains(said(page), "nobody has checked") {
		p.t.Errorf("unchecked German goes out: %d %s", status, said(page))
	}
	text := slices.Clone(p.rows("en")["b1/text"].Target)
	text[1].Text = "1.077 billion hryvnias"
	p.confirms("en", "b1/text", text)
	for _, l := range []lang.Tag{"de", "en"} {
		p.steps(l, "review")
		p.steps(l, "approve")
		if e := p.edition(l); e.State != edition.Approved || e.Check.By != "Carla Chief" || e.Check.Revision != e.Revision {
			p.t.Errorf("the review of %s: %s %+v", l, e.State, e.Check)
		}
		var beside int64
		if err := p.DB.Read().QueryRowContext(p.t.Context(), `SELECT source_rev FROM revision_check WHERE edition_id = $1`, p.edition(l).ID).Scan(&beside); err != nil || beside != p.edition("uk").Revision {
			p.t.Errorf("%s was read beside revision %d, %v", l, beside, err)
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
