package app

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
	"depesche/internal/story"
)

// nodes are two servers on one database, with a story that the first acts on.
type nodes struct {
	t        *testing.T
	one, two *newsroom
	edition  edition.ID
}

// councilPaths are where a story tells of the council.
var councilPaths = []string{"/uk/", "/text/uk/", "/uk/1/rada", "/uk/feed.rss", "/uk/feed.atom", "/uk/feed.json", "/uk/land/", "/uk/author/olena-rybak/", "/sitemap.xml", "/sitemap-news.xml"}

var ourCodings = []string{"", "gzip", "br", "zstd"}

// nodesOn starts them; the second reaches the database at its own address.
func nodesOn(t *testing.T, o db.Options, second string) *nodes {
	t.Helper()
	n := &nodes{t: t, one: opened(t, o)}
	cfg := config.Default(t.TempDir())
	cfg.Database = second
	a, err := New(t.Context(), cfg, quiet(), Options{Forgetful: true})
	must(t, err)
	n.two = &newsroom{App: a, t: t}
	n.two.run()
	ctx, one := t.Context(), n.one
	sections, err := one.Publication.Sections(ctx, one.DB.Read())
	must(t, err)
	authors, err := one.People.Authors(ctx, one.DB.Read())
	must(t, err)
	st, err := one.Stories.Create(ctx, chiefActor, story.NewStory{Kind: story.News, OriginalLang: "uk", Section: sections[0].ID})
	must(t, err)
	st.Authors = append(st.Authors, authors[0].ID)
	_, err = one.Stories.SaveDetails(ctx, chiefActor, st)
	must(t, err)
	e, err := one.Editions.Create(ctx, chiefActor, st.ID, "uk")
	must(t, err)
	saved, err := one.Editions.Save(ctx, chiefActor, edition.Save{Edition: e.ID, Base: e.Revision, Doc: document.Doc{
		Headline: "Рада засідає", Slug: "rada",
		Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text("У понеділок прийшли 1077 людей.")}},
	}})
	must(t, err)
	n.edition = saved.Edition.ID
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// act does something with the story on the first node.
func (n *nodes) act(cmd release.Command) {
	n.t.Helper()
	now, err := n.one.Editions.ByID(n.t.Context(), n.one.DB.Read(), n.edition)
	must(n.t, err)
	if cmd.Act == release.Publish {
		cmd.Override = []release.Override{{Edition: now.ID, Code: "no_topic", Reason: "Test"}}
	}
	cmd.Story, cmd.Editions = now.Story, []release.Choice{{Edition: now.ID, Version: now.Version}}
	if _, err := n.one.Releases.Act(n.t.Context(), chiefActor, cmd); err != nil {
		n.t.Fatalf("%v: %+v", err, held(err))
	}
}

func (n *nodes) publish() { n.t.Helper(); n.act(release.Command{Act: release.Publish}) }

func (n *nodes) withdraw() {
	n.t.Helper()
	n.act(release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{"uk": "Помилка."}})
}

// tells reports whether the page tells of the council.
func (n *newsroom) tells(path, coding string) bool {
	n.t.Helper()
	r, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, n.url+path, nil)
	must(n.t, err)
	if coding != "" {
		r.Header.Set("Accept-Encoding", coding)
	}
	res, err := http.DefaultClient.Do(r)
	must(n.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(n.t, err)
	text := unpacked(n.t, res.Header.Get("Content-Encoding"), b)
	return res.StatusCode == http.StatusOK && (strings.Contains(text, "/uk/1/rada") || strings.Contains(text, "1077"))
}

// read has all pages lie in memory on both.
func (n *nodes) read() {
	n.t.Helper()
	for _, path := range councilPaths {
		for _, coding := range ourCodings {
			n.one.tells(path, coding)
			n.two.tells(path, coding)
		}
	}
}

// follows waits until all pages of the second node tell, or don't.
func (n *nodes) follows(want bool) {
	n.t.Helper()
	since := time.Now()
	for _, path := range councilPaths {
		for _, coding := range ourCodings {
			until(n.t, path+" follows on the other node", func() bool { return n.two.tells(path, coding) == want })
		}
	}
	n.t.Logf("all pages of the other node followed within %s", time.Since(since))
}

// TestNodesForgetTogether: a second server on the same database shows what the first published, and no
// page of it shows what the first withdrew, in any coding, a second after it was acknowledged there.
func TestNodesForgetTogether(t *testing.T) {
	o := dbtest.Postgres(t)
	n := nodesOn(t, o, o.URL)
	seen := func(want bool) {
		t.Helper()
		for _, path := range councilPaths {
			if n.one.tells(path, "") != want {
				t.Errorf("%s of the node that did it: %v expected", path, want)
			}
		}
		n.follows(want)
	}
	for range 2 {
		n.read()
		n.publish()
		seen(true)
		n.withdraw()
		seen(false)
	}
}

// A node whose lines to the database are cut sends what it has, and forgets what it missed when they are mended.
func TestNodeMissesNothingThatWasCutOff(t *testing.T) {
	o := dbtest.Postgres(t)
	wire, at := wiredTo(t, o.URL)
	n := nodesOn(t, o, at)
	n.publish()
	n.follows(true)
	n.read()
	wire.cut()
	n.withdraw()
	for _, path := range councilPaths {
		if !n.two.tells(path, "gzip") {
			t.Errorf("%s isn't sent any more while the database is away", path)
		}
	}
	wire.mend()
	n.follows(false)
	n.read()
	n.publish()
	n.follows(true)
}

// A line that is dead without a word, as when a router forgot it, is given up in time.
func TestNodeGivesUpADeadLine(t *testing.T) {
	o := dbtest.Postgres(t)
	wire, at := wiredTo(t, o.URL)
	n := nodesOn(t, o, at)
	t.Cleanup(wire.cut) // so that stopping waits for nobody
	n.publish()
	n.follows(true)
	n.read()
	wire.freeze()
	n.withdraw()
	n.follows(false)
	n.publish()
	n.follows(true)
}

func unpacked(t *testing.T, coding string, b []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(b)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	if b, err = io.ReadAll(r); err != nil {
		t.Fatal(err)
	}
	return string(b)
}
