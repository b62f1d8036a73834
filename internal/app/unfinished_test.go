package app

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net"
	"strings"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/check"
	"depesche/internal/clock"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/port"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
)

// TestRestoredPaperFinishesItsWork takes a backup while a picture is still being rendered and a story
// waits for its hour. The queue isn't in the backup; both are done all the same.
func TestRestoredPaperFinishesItsWork(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	from, err := New(ctx, config.Default(t.TempDir()), quiet(), Options{Clock: clock.Fixed(noon), Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	headline, picture := waiting(t, ctx, from, noon.Add(time.Hour))
	var archive bytes.Buffer
	if _, err := port.Backup(ctx, from.DB, from.Blobs, &archive, nil); err != nil {
		t.Fatal(err)
	}
	to, err := New(ctx, config.Default(t.TempDir()), quiet(), Options{Clock: clock.Fixed(noon.Add(2 * time.Hour)), Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := port.Restore(ctx, to.DB, to.Blobs, bytes.NewReader(archive.Bytes()), nil); err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	woken, end := to.DB.Signals("events")
	defer end()
	running, stop := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- to.Run(running, l, nil) }()
	for {
		_, front := fetched(t, to.Handler(), "/de/")
		out := strings.Contains(front, headline)
		p, err := to.Media.ByID(ctx, to.DB.Read(), picture)
		if err != nil {
			t.Fatal(err)
		}
		if out && p.State == media.Ready {
			break
		}
		select {
		case <-woken:
		case <-ctx.Done():
			t.Fatalf("the story is out: %t, the picture is %s", out, p.State)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// waiting makes a paper with a picture that isn't rendered and a story that goes out at a moment, and
// returns the story's headline.
func waiting(t *testing.T, ctx context.Context, a *App, at time.Time) (string, media.ID) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	who := actor.Actor{ID: "c", Name: "Chefin", Role: string(actor.Chief), UILang: "de"}
	must(a.DB.Write(ctx, func(tx *db.Tx) error {
		return a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Meridian", Languages: []lang.Tag{"de"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "http://127.0.0.1"})
	}))
	section, err := a.Publication.SaveSection(ctx, actor.System("test"), publication.Section{Active: true, Names: map[lang.Tag]publication.Name{"de": {Name: "Politik", Slug: "politik"}}})
	must(err)
	author, err := a.People.SaveAuthor(ctx, actor.System("test"), people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{"de": {Name: "Mia Berg", Slug: "mia-berg"}}})
	must(err)
	var file bytes.Buffer
	must(png.Encode(&file, image.NewGray(image.Rect(0, 0, 400, 300))))
	p, err := a.Media.Upload(ctx, who, media.Upload{Name: "a.png", R: &file, Credit: "Mia Berg"})
	must(err)
	if p.State != media.Rendering {
		t.Fatalf("the picture is %s", p.State)
	}
	var e edition.Edition
	must(a.DB.Write(ctx, func(tx *db.Tx) error {
		st, err := a.Stories.CreateTx(ctx, tx, who, story.NewStory{Kind: story.News, OriginalLang: "de", Section: section.ID, Authors: []people.AuthorID{author.ID}})
		if err != nil {
			return err
		}
		e, _, err = a.Editions.Import(ctx, tx, who, edition.Imported{Story: st.ID, Lang: "de", Doc: document.Doc{
			Headline: "Der Fluss ist wieder sauber", Lead: document.Text("Nach zehn Jahren."),
			Blocks: []document.Block{{ID: "b1", Kind: document.Paragraph, Text: document.Text("Am Ufer stehen wieder Angler.")}},
		}})
		return err
	}))
	list, err := a.Releases.Checklist(ctx, a.DB.Read(), e.Story)
	must(err)
	cmd := release.Command{Story: e.Story, Act: release.Schedule, At: at, Editions: []release.Choice{{Edition: e.ID, Version: e.Version}}}
	found, ok := list.Of(e.ID)
	if !ok {
		t.Fatal("no checklist")
	}
	for _, f := range found.Findings {
		if f.Severity == check.Warn {
			cmd.Override = append(cmd.Override, release.Override{Edition: e.ID, Code: f.Code, Address: f.Address, Reason: "test"})
		}
	}
	_, err = a.Releases.Act(ctx, who, cmd)
	must(err)
	return e.Doc.Headline, p.ID
}
