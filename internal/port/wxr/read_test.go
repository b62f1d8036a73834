package wxr

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const (
	head = `<?xml version="1.0" encoding="UTF-8"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>`
	tail = `</channel></rss>`
)

// read returns all items of an export.
func read(t testing.TB, src string) ([]*Item, *Reader, error) {
	t.Helper()
	r := NewReader(strings.NewReader(src))
	items, err := all(r)
	return items, r, err
}

func all(r *Reader) ([]*Item, error) {
	var items []*Item
	for {
		p, err := r.Next()
		if errors.Is(err, io.EOF) {
			return items, nil
		}
		if err != nil {
			return items, err
		}
		if p.Item != nil {
			items = append(items, p.Item)
		}
	}
}

func TestRead(t *testing.T) {
	r := NewReader(iotest.OneByteReader(strings.NewReader("\ufeff" + `<?xml version="1.0"?>
<!-- WordPress --><rss version="2.0" xmlns:w="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>A &amp; B</title><link>https://a.example</link><image><title>Logo</title><link>https://other.example</link></image>
<w:author><w:author_login><![CDATA[anna]]></w:author_login><w:author_display_name>Anna K.</w:author_display_name></w:author>
<w:category><w:term_id>3</w:term_id><w:category_nicename>news</w:category_nicename><w:cat_name>News</w:cat_name></w:category>
<w:tag><w:tag_slug>nato</w:tag_slug><w:tag_name>NATO</w:tag_name></w:tag>
<w:term><w:term_taxonomy>language</w:term_taxonomy><w:term_slug>de</w:term_slug><w:termmeta><w:meta_key>x</w:meta_key></w:termmeta></w:term>
<item><title>Eins</title><content:encoded><![CDATA[<p>a ]]]]><![CDATA[> b</p>]]></content:encoded><dc:creator>anna</dc:creator>
<category domain="category" nicename="news"><![CDATA[News]]></category><w:post_id>7</w:post_id>
<w:postmeta><w:meta_key>k</w:meta_key><w:meta_value>v&#x20AC;</w:meta_value></w:postmeta>
<w:comment><w:comment_content>x</w:comment_content><w:commentmeta><w:meta_key>y</w:meta_key></w:commentmeta></w:comment></item>
</channel></rss>
`)))
	var parts []Part
	for {
		p, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p)
	}
	want := []Part{
		{Author: &Author{Login: "anna", Name: "Anna K."}},
		{Term: &Term{ID: "3", Taxonomy: "category", Slug: "news", Name: "News"}},
		{Term: &Term{Taxonomy: "post_tag", Slug: "nato", Name: "NATO"}},
		{Term: &Term{Taxonomy: "language", Slug: "de"}},
		{Item: &Item{
			Line: 8, ID: "7", Title: "Eins", Creator: "anna", Content: "<p>a ]]> b</p>",
			Refs: []Ref{{"category", "news", "News"}}, Meta: []Meta{{"k", "v€"}}, Comments: 1,
		}},
	}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Site{Title: "A & B", Link: "https://a.example"}, r.Site()); diff != "" {
		t.Error(diff)
	}
	if got := r.Repairs(); len(got) > 0 {
		t.Errorf("repaired what was right: %v", got)
	}
}

func TestRepairs(t *testing.T) {
	for name, c := range map[string]struct{ title, want, key string }{
		"ampersand":        {"A & B?x=1&y=2&amp;z", "A & B?x=1&y=2&z", RepairAmpersand},
		"unknown entity":   {"1&nosuch;2", "1&nosuch;2", RepairAmpersand},
		"HTML entity":      {"a&nbsp;b &mdash; c", "a\u00a0b — c", RepairEntity},
		"less":             {"1 < 2 <3 a <b and c", "1 < 2 <3 a <b and c", RepairLess},
		"control":          {"a\x00\x08b\x1f&#0;&#x1B;c\ufffe", "abc", RepairControl},
		"surrogate":        {"a&#xD83D;b", "ab", RepairControl},
		"Windows-1252":     {"Gr\xfc\xdfe \x96 \x84x\x93", "Grüße – „x“", RepairBytes},
		"HTML unwrapped":   {`a <b class="x">c</b><br/> d<title>e</title>`, `a <b class="x">c</b><br/> d<title>e</title>`, RepairMarkup},
		"nothing to do":    {"&lt;b&gt; &#8230; &quot;x&apos;", `<b> … "x'`, ""},
		"line ends":        {"a\r\nb\rc", "a\nb\nc", ""},
		"CDATA and text":   {"a<![CDATA[&amp;<]]>b&amp;<![CDATA[]]>", "a&amp;<b&", ""},
		"comment":          {"a<!-- > - ->-->b", "ab", ""},
		"bidi, zero width": {"\u202eabc\u200b👩‍👩‍👧", "\u202eabc\u200b👩‍👩‍👧", ""},
	} {
		t.Run(name, func(t *testing.T) {
			items, r, err := read(t, head+"<item><title>"+c.title+"</title></item>"+tail)
			if err != nil {
				t.Fatal(err)
			}
			if items[0].Title != c.want {
				t.Errorf("%q, want %q", items[0].Title, c.want)
			}
			var keys []string
			for _, x := range r.Repairs() {
				keys = append(keys, x.Key)
			}
			if got := strings.Join(keys, " "); got != c.key {
				t.Errorf("repaired %q, want %q", got, c.key)
			}
		})
	}
}

// TestRefusals are what can't be read, each with its line and a reason that says what to do.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		line int64
		says string
	}{
		"empty":          {"", 1, "no channel"},
		"a web page":     {"<!DOCTYPE html>\n<html><body>Sign in</body></html>", 2, "begins with <html>"},
		"JSON":           {`{"db": []}`, 1, "not a WordPress export"},
		"Atom":           {`<feed xmlns="http://www.w3.org/2005/Atom"></feed>`, 1, "begins with <feed>"},
		"cut in an item": {head + "<item><title>a</title>\n<item", 2, "incomplete"},
		"cut in CDATA":   {head + "<item>\n<content:encoded><![CDATA[abc", 2, "incomplete"},
		"cut between":    {head + "<item></item>\n", 2, "incomplete"},
		"wrong end":      {head + "\n<item><title>a</title></channel></rss>", 2, "</channel> stands where </item>"},
		"field not shut": {head + "<item><title>a\n<wp:postmeta></wp:postmeta></item>" + tail, 2, "isn't closed before <wp:postmeta>"},
		"item not shut":  {head + "<item><title>a</title><item></item>" + tail, 1, "isn't closed"},
		"spliced":        {head + tail + "\n" + head + tail, 2, "behind </channel>"},
		"encoding":       {`<?xml version="1.0" encoding="klingon-1"?><rss/>`, 1, "klingon-1"},
		"endless tag":    {head + "<item " + strings.Repeat("x ", maxTag) + "></item>" + tail, 1, "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read(t, c.src)
			var wrong *SyntaxError
			if !errors.As(err, &wrong) {
				t.Fatalf("error %v", err)
			}
			if c.says == "not a WordPress export" {
				c.says = "isn't a WordPress export"
			}
			if wrong.Line != c.line || !strings.Contains(wrong.Reason, c.says) {
				t.Errorf("%v, want line %d and %q", wrong, c.line, c.says)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	body := `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>Київ – Grüße</title></item></channel></rss>`
	latin := `<rss><channel><item><title>Grüße – „Straße“</title></item></channel></rss>`
	encoded := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	zipped := func(s string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte(s))
		w.Close()
		return b.String()
	}
	for name, c := range map[string]struct{ src, want, key string }{
		"UTF-16 with mark": {encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + body)), "Київ – Grüße", ""},
		"UTF-16 without":   {encoded(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + body)), "Київ – Grüße", ""},
		"Windows-1251":     {encoded(charmap.Windows1251.NewEncoder().String(`<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><title>Київ</title></item></channel></rss>`)), "Київ", ""},
		"declared wrongly": {`<?xml version="1.0" encoding="ISO-8859-1"?>` + body, "Київ – Grüße", RepairEncoding},
		"not as declared":  {`<?xml version="1.0" encoding="UTF-8"?>` + encoded(charmap.Windows1252.NewEncoder().String(latin)), "Grüße – „Straße“", RepairBytes},
		"gzip":             {zipped(`<?xml version="1.0"?>` + body), "Київ – Grüße", ""},
		"UTF-16 only told": {`<?xml version="1.0" encoding="UTF-16"?>` + body, "Київ – Grüße", RepairEncoding},
	} {
		t.Run(name, func(t *testing.T) {
			items, r, err := read(t, c.src)
			if err != nil {
				t.Fatal(err)
			}
			if items[0].Title != c.want {
				t.Errorf("%q, want %q", items[0].Title, c.want)
			}
			key := ""
			for _, x := range r.Repairs() {
				key += x.Key
			}
			if key != c.key {
				t.Errorf("repaired %q, want %q", key, c.key)
			}
		})
	}
}

// endless repeats a text n times without being in memory.
func endless(before, text string, n int, after string) io.Reader {
	return io.MultiReader(strings.NewReader(before), &repeated{text: text, n: n}, strings.NewReader(after))
}

type repeated struct {
	text string
	n    int
	rest string
}

func (r *repeated) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		if r.rest == "" {
			if r.n == 0 {
				break
			}
			r.n--
			r.rest = r.text
		}
		k := copy(b[n:], r.rest)
		r.rest = r.rest[k:]
		n += k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestBounds feeds what would fill the memory of a careless reader.
func TestBounds(t *testing.T) {
	kb := strings.Repeat("x", 1024)
	for name, c := range map[string]struct {
		r     io.Reader
		large bool
	}{
		"100 MB of CDATA":      {endless(head+"<item><title>a</title><content:encoded><![CDATA[", kb, 100<<10, "]]></content:encoded></item>"+tail), true},
		"100 MB of text":       {endless(head+"<item><title>a</title><content:encoded>", kb, 100<<10, "</content:encoded></item>"+tail), true},
		"100 MB of fields":     {endless(head+"<item><title>a</title>", "<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>"+kb+"</wp:meta_value></wp:postmeta>", 90<<10, "</item>"+tail), true},
		"100 MB of comments":   {endless(head+"<item><title>a</title>", "<wp:comment><wp:comment_content>"+kb+"</wp:comment_content></wp:comment>", 100<<10, "</item>"+tail), false},
		"an endless comment":   {endless(head+"<!--", kb, 100<<10, "--><item><title>a</title></item>"+tail), false},
		"an endless doctype":   {endless("<!DOCTYPE rss [", `<!ENTITY x "`+kb+`">`, 50<<10, "]><rss><channel><item><title>a</title></item>"+tail), false},
		"a million categories": {endless(head+"<item><title>a</title>", `<category domain="category" nicename="c">x</category>`, 1<<20, "</item>"+tail), true},
	} {
		t.Run(name, func(t *testing.T) {
			items, err := all(NewReader(c.r))
			if err != nil {
				t.Fatal(err)
			}
			if len(items) != 1 || items[0].Title != "a" || items[0].TooLarge != "" != c.large {
				t.Errorf("%d items, title %q, too large: %q", len(items), items[0].Title, items[0].TooLarge)
			}
			if held := size(items[0]); held > maxItem+MaxField {
				t.Errorf("%d MB are held", held>>20)
			}
		})
	}
}

func size(it *Item) int {
	n := len(it.Content) + len(it.Title)
	for _, m := range it.Meta {
		n += len(m.Key) + len(m.Value) + 32
	}
	return n + len(it.Refs)*48
}

// TestBillionLaughs holds that entities of a document type mean nothing.
func TestBillionLaughs(t *testing.T) {
	items, r, err := read(t, `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<rss><channel><item><title>&lol2;</title></item></channel></rss>`)
	if err != nil {
		t.Fatal(err)
	}
	if items[0].Title != "&lol2;" {
		t.Errorf("%q", items[0].Title)
	}
	if len(r.Repairs()) == 0 {
		t.Error("nobody was told")
	}
}

// TestDeep nests markup a million deep.
func TestDeep(t *testing.T) {
	r := NewReader(endless(head+"<item><title>a</title><content:encoded>", "<div>", 1<<20, ""))
	if _, err := all(r); err == nil {
		t.Error("an unclosed field passes")
	}
	items, err := all(NewReader(io.MultiReader(
		endless(head+"<item><title>a</title><content:encoded>", "<div>", 1<<20, ""), endless("", "</div>", 1<<20, "</content:encoded></item>"+tail))))
	if err != nil || len(items) != 1 {
		t.Errorf("%d items, %v", len(items), err)
	}
}
