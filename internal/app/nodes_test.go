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
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
	"depesche/internal/story"
)

// TestNodesForgetTogether: a second server on the same database shows what the first published, and no
// page of it shows what the first withdrew, in any coding, a second after it was acknowledged there.
func TestNodesForgetTogether(t *testing.T) {
	o := dbtest.Postgres(t)
	one := opened(t, o)
	cfg := config.Default(t.TempDir())
	cfg.Database = o.URL
	a, err := New(t.Context(), cfg, quiet(), Options{Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	two := &newsroom{App: a, t: t}
	two.run()
	sections, err := one.Publication.Sections(t.Context(), one.DB.Read())
	if err != nil {
		t.Fatal(err)
	}
	authors, err := one.People.Authors(t.Context(), one.DB.Read())
	if err != nil {
		t.Fatal(err)
	}
	st, err := one.Stories.Create(t.Context(), chiefActor, story.NewStory{Kind: story.News, OriginalLang: "uk", Section: sections[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	st.Authors = append(st.Authors, authors[0].ID)
	if _, err = one.Stories.SaveDetails(t.Context(), chiefActor, st); err != nil {
		t.Fatal(err)
	}
	e, err := one.Editions.Create(t.Context(), chiefActor, st.ID, "uk")
	if err != nil {
		t.Fatal(err)
	}
	saved, err := one.Editions.Save(t.Context(), chiefActor, edition.Save{Edition: e.ID, Base: e.Revision, Doc: document.Doc{
		Headline: "Рада засідає", Slug: "rada",
		Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text("У понеділок прийшли 1077 людей.")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/uk/", "/text/uk/", "/uk/1/rada", "/uk/feed.rss", "/uk/feed.atom", "/uk/feed.json", "/uk/land/", "/uk/author/olena-rybak/", "/sitemap.xml", "/sitemap-news.xml"}
	tells := func(n *newsroom, path, coding string) bool {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if coding != "" {
			r.Header.Set("Accept-Encoding", coding)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		text := unpacked(t, res.Header.Get("Content-Encoding"), b)
		return res.StatusCode == http.StatusOK && (strings.Contains(text, "/uk/1/rada") || strings.Contains(text, "1077"))
	}
	act := func(cmd release.Command) time.Time {
		t.Helper()
		now, err := one.Editions.ByID(t.Context(), one.DB.Read(), saved.Edition.ID)
		if err != nil {
			t.Fatal(err)
		}
		if cmd.Act == release.Publish {
			cmd.Override = []release.Override{{Edition: now.ID, Code: "no_topic", Reason: "Test"}}
		}
		cmd.Story, cmd.Editions = st.ID, []release.Choice{{Edition: now.ID, Version: now.Version}}
		if _, err := one.Releases.Act(t.Context(), chiefActor, cmd); err != nil {
			t.Fatalf("%v: %+v", err, held(err))
		}
		return time.Now()
	}
	seen := func(want bool, since time.Time) {
		t.Helper()
		for _, path := range paths {
			if tells(one, path, "") != want {
				t.Errorf("%s of the node that did it: %v expected", path, want)
			}
		}
		for _, path := range paths {
			for _, coding := range []string{"", "gzip", "br", "zstd"} {
				until(t, path+" follows on the other node", func() bool { return tells(two, path, coding) == want })
			}
		}
		t.Logf("all pages of the other node followed within %s", time.Since(since))
	}
	for range 2 {
		for _, path := range paths { // all are in memory, on both
			for _, coding := range []string{"", "gzip", "br", "zstd"} {
				tells(one, path, coding)
				tells(two, path, coding)
			}
		}
		seen(true, act(release.Command{Act: release.Publish}))
		seen(false, act(release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{"uk": "Помилка."}}))
	}
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
