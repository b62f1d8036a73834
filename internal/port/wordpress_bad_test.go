package port_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/port"
	"depesche/internal/problem"
)

// TestImportRefusesBrokenFiles holds that nothing comes in of a file that can't be read to its end,
// nor of those beside it.
func TestImportRefusesBrokenFiles(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de", "uk")
		before := rows(t, d)
		good, err := os.ReadFile(oldPaper)
		if err != nil {
			t.Fatal(err)
		}
		for name, src := range map[string][]byte{
			"cut off":         good[:len(good)-100],
			"cut in the text": good[:len(good)/2],
			"empty":           nil,
			"compressed, cut": compressed(t, good)[:500],
			"a web page":      []byte("<!doctype html><title>Sign in</title>"),
			"a picture":       []byte("\x89PNG\r\n\x1a\n\x00\x00"),
			"two in one":      append(bytes.Clone(good), good...),
			"a wrong end":     bytes.Replace(good, []byte("</item>"), []byte("</post>"), 1),
		} {
			files := []port.File{memory("good.xml", good), memory("bad.xml", src)}
			_, err := port.ImportWordPress(t.Context(), r, files, port.Options{})
			if !problem.Is(err, problem.Invalid) || !strings.Contains(err.Error(), "bad.xml") || !strings.Contains(err.Error(), "line ") {
				t.Errorf("%s: %v", name, err)
			}
			if diff := cmp.Diff(before, rows(t, d)); diff != "" {
				t.Fatalf("%s:\n%s", name, diff)
			}
		}
	})
}

func compressed(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func memory(name string, b []byte) port.File {
	return port.File{Name: name, Size: int64(len(b)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

func TestImportRefusesTwoSites(t *testing.T) {
	r := paper(t, dbtest.OpenClock(t, steady), "de")
	a, err := os.ReadFile(export(t, post("1", "a", "b", isOut)))
	if err != nil {
		t.Fatal(err)
	}
	b := bytes.ReplaceAll(a, []byte("alt.example"), []byte("neu.example"))
	_, err = port.ImportWordPress(t.Context(), r, []port.File{memory("a", a), memory("b", b)}, port.Options{})
	if !problem.Is(err, problem.Invalid) {
		t.Errorf("%v", err)
	}
}

// TestImportRefusesItems holds that one post that can't be taken in doesn't keep out the others.
func TestImportRefusesItems(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de")
		rep := take(t, r, port.Options{}, export(t,
			post("1", "Eins", "Gut.", isOut),
			post("2", "Zu groß", strings.Repeat("x", 9<<20), isOut),
			post("3", "Zu lang", strings.Repeat("wort ", 1<<20), isOut),
			post("4", "Zu viel", strings.Repeat("<p>x</p>", 6000), isOut),
			post("5", "Fünf", "Auch gut.", isOut),
			post("6", strings.Repeat("T", 300_000), "Titel", isOut),
			post("7", "Sieben", strings.Repeat("<div>", 5000)+"tief"+strings.Repeat("</div>", 5000), isOut),
		))
		if rep.Editions.New != 3 || rep.Editions.Refused != 4 || rep.Stories.New != 3 {
			t.Errorf("%+v", rep.Editions)
		}
		for _, it := range rep.Items {
			if len(it.Remarks) == 0 || it.ID == "" || it.Line == 0 {
				t.Errorf("%+v", it)
			}
		}
		if w := world(t, r); !strings.Contains(w, "tief") {
			t.Error("the deep one's text is lost")
		}
		again := take(t, r, port.Options{}, export(t, post("1", "Eins", "Gut.", isOut)))
		if again.Editions.Same != 1 {
			t.Errorf("again %+v", again.Editions)
		}
	})
}

// TestImportNasty puts every naughty string into every field.
func TestImportNasty(t *testing.T) {
	raw, err := os.ReadFile(shared(t, "nasty", "blns.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de")
		var items []string
		for i, s := range list {
			items = append(items, el("wp:post_id", fmt.Sprint(i+1))+el("title", s)+el("content:encoded", s+"\n\nEnde "+fmt.Sprint(i))+el("excerpt:encoded", s)+
				el("link", "https://alt.example/"+s)+el("guid", s)+el("dc:creator", s)+el("wp:post_name", s)+el("wp:post_type", "post")+isOut+
				"<category domain=\"category\" nicename=\""+attr(s)+"\"><![CDATA["+strings.ReplaceAll(s, "]]>", "")+"]]></category>"+
				"<category domain=\"post_tag\" nicename=\""+attr(s)+"\"><![CDATA["+strings.ReplaceAll(s, "]]>", "")+"]]></category>"+
				"<category domain=\"author\" nicename=\""+attr(s)+"\"><![CDATA["+strings.ReplaceAll(s, "]]>", "")+"]]></category>")
		}
		path := export(t, items...)
		rep := take(t, r, port.Options{}, path)
		if rep.Editions.New != len(list) {
			t.Errorf("%+v of %d", rep.Editions, len(list))
			for _, it := range rep.Items {
				for _, m := range it.Remarks {
					if m.Key == port.RemarkRefused {
						t.Errorf("%q: %s", it.Title, m.Text)
					}
				}
			}
		}
		w := &teller{t: t, r: r, q: d.Read()}
		for i, st := range w.all() {
			e, err := r.Editions.ByLanguage(t.Context(), w.q, st.ID, "de")
			if err != nil {
				t.Fatal(err)
			}
			if e.Headline == "" || len(st.Authors) == 0 || st.Section == "" {
				t.Errorf("%q: headline %q, authors %v, section %q", list[i], e.Headline, st.Authors, st.Section)
			}
			// What stands in an open script or comment no browser shows either.
			ends := fmt.Sprint("Ende ", i)
			if n := len(e.Doc.Blocks); (n == 0 || !strings.HasSuffix(e.Doc.Blocks[n-1].Plain(), ends)) && !strings.Contains(list[i], "<") {
				t.Errorf("%q: the text has %d blocks and doesn't end with %q", list[i], n, ends)
			}
		}
		if again := take(t, r, port.Options{}, path); again.Editions.Same != len(list) {
			t.Errorf("again %+v", again.Editions)
		}
	})
}

var attrEscapes = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;")

func attr(s string) string { return attrEscapes.Replace(s) }
