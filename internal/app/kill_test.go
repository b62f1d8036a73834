package app

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/engine/enginetest"
	"depesche/internal/story"
	"depesche/internal/translate"
)

const killedEnv = "DEPESCHE_KILLED_NEWSROOM"

// killable is a newsroom on a database that waits for the disk, and what another process opens it by.
func killable(t *testing.T, o db.Options) (*newsroom, config.Config) {
	t.Helper()
	n := &newsroom{t: t, url: "http://127.0.0.1"}
	cfg := config.Default(t.TempDir())
	cfg.Addr = "127.0.0.1:0"
	if cfg.Database = o.URL; o.URL == "" {
		cfg.Database = config.Default(cfg.Data).Database
	}
	n.opens(cfg)
	n.found()
	return n, cfg
}

// victim is the newsroom that is killed, if this process is one of [newsroom.child], and nil otherwise.
func victim(t *testing.T) *newsroom {
	t.Helper()
	where := os.Getenv(killedEnv)
	if where == "" {
		return nil
	}
	var cfg config.Config
	must(t, json.Unmarshal([]byte(where), &cfg))
	n := &newsroom{t: t}
	n.opens(cfg)
	return n
}

// serves goes on until it is killed.
func (n *newsroom) serves() {
	n.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(n.t.Context(), "tcp", "127.0.0.1:0")
	must(n.t, err)
	n.t.Fatal(n.Run(n.t.Context(), l, nil))
}

// child is this test in a process of its own, whose [victim] is the newsroom.
func child(t *testing.T, cfg config.Config) *exec.Cmd {
	t.Helper()
	where, err := json.Marshal(cfg)
	must(t, err)
	test, _, _ := strings.Cut(t.Name(), "/")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	// What it can't take away itself goes with this test.
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir(), killedEnv+"="+string(where))
	return cmd
}

// kills ends the process in the middle of what it does.
func kills(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("it ended by itself")
	}
}

const killedStories, killedParagraphs = 6, 4

// TestNewsroomIsKilledWhileDrafting kills the whole server while a service that charges drafts, again
// and again: what was answered stands once, what wasn't is told, and nothing is paid for twice.
func TestNewsroomIsKilledWhileDrafting(t *testing.T) {
	if n := victim(t); n != nil {
		n.serves()
		return
	}
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		deepl := enginetest.StartDeepL(t)
		answering := make(chan struct{}, 4*killedStories)
		deepl.Always(enginetest.Play{Texts: func(texts []string) []string {
			answering <- struct{}{}
			return texts
		}})
		n, cfg := killable(t, o)
		n.ordered(deepl.URL)
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
		for _, after := range []int{1, 2, 4} {
			killed(t, cfg, answering, after)
		}
		n.opens(cfg)
		n.run()
		b := &browser{newsroom: n}
		b.until("all draftings end", func() bool { return n.count(`SELECT COUNT(*) FROM drafting WHERE ended_at IS NULL`) == 0 })
		n.countedOnce(deepl)
		n.asksAgain(b)
	})
}

func (n *newsroom) opens(cfg config.Config) {
	n.t.Helper()
	a, err := New(n.t.Context(), cfg, quiet(), Options{})
	if err != nil {
		n.t.Fatal(err)
	}
	n.App = a
}

var (
	killedAdmin = actor.Actor{ID: "a", Name: "Ada Admin", Role: string(actor.Admin)}
	killedChief = actor.Actor{ID: "c", Name: "Carla Chief", Role: string(actor.Chief)}
)

// ordered has stories drafted in two languages by the service.
func (n *newsroom) ordered(url string) {
	n.t.Helper()
	ctx, key := n.t.Context(), enginetest.Key
	if _, err := n.Engines.Save(ctx, killedAdmin, engine.Installed{Name: "DeepL", Kind: "deepl", Enabled: true, Settings: map[string]string{"endpoint": url}}, &key); err != nil {
		n.t.Fatal(err)
	}
	for i := range killedStories {
		ed, err := n.Editions.Begin(ctx, killedChief, story.NewStory{Kind: story.News, OriginalLang: "uk"}, fmt.Sprintf("Новина %d", i))
		if err != nil {
			n.t.Fatal(err)
		}
		doc := ed.Doc
		for k := range killedParagraphs {
			doc.Blocks = append(doc.Blocks, document.Block{ID: document.ID(fmt.Sprint("b", k)), Kind: document.Paragraph, Text: document.Text(fmt.Sprintf("Абзац %d новини %d.", k, i))})
		}
		if _, err := n.Editions.Save(ctx, killedChief, edition.Save{Edition: ed.ID, Base: ed.Revision, Doc: doc}); err != nil {
			n.t.Fatal(err)
		}
		if _, err := n.Translate.Begin(ctx, killedChief, ed.Story, "de", "en"); err != nil {
			n.t.Fatal(err)
		}
	}
}

// killed runs the newsroom as a process of its own and kills it as the service makes so many answers.
func killed(t *testing.T, cfg config.Config, answering <-chan struct{}, after int) {
	t.Helper()
	cmd := child(t, cfg)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.After(time.Minute)
	for range after {
		select {
		case <-answering:
		case <-late:
			t.Error("the newsroom doesn't draft")
		}
	}
	kills(t, cmd)
}

func (n *newsroom) count(query string) (out int) {
	n.t.Helper()
	if err := n.DB.Read().QueryRowContext(n.t.Context(), query).Scan(&out); err != nil {
		n.t.Fatal(err)
	}
	return out
}

// countedOnce compares what the service was asked with what the house knows.
func (n *newsroom) countedOnce(deepl *enginetest.DeepL) {
	n.t.Helper()
	asked := map[string]int{}
	for _, r := range deepl.Translations() {
		var q struct {
			Text   []string
			Target string `json:"target_lang"`
		}
		r.JSON(n.t, &q)
		for _, text := range q.Text {
			if asked[q.Target+" "+text]++; asked[q.Target+" "+text] > 1 {
				n.t.Errorf("%s was sent twice for %s", text, q.Target)
			}
		}
	}
	const total = 2 * killedStories * (1 + killedParagraphs)
	told := 0
	list, err := n.Translate.Drafting(n.t.Context(), n.DB.Read(), n.translations()...)
	if err != nil || len(list) != 2*killedStories {
		n.t.Fatalf("%d draftings, %v", len(list), err)
	}
	for _, d := range list {
		for _, f := range d.Failures {
			if f.Trouble != engine.Unanswered {
				n.t.Errorf("%+v", f)
			}
			told += f.N
		}
	}
	drafted := n.count(`SELECT COUNT(*) FROM draft`)
	if drafted+told != total || len(asked) > total || drafted > len(asked) {
		n.t.Errorf("%d of %d segments are drafted, of %d it is told that nobody saw the answer; %d were sent", drafted, total, told, len(asked))
	}
	if n.count(`SELECT COUNT(*) FROM (SELECT 1 FROM draft GROUP BY edition_id, address HAVING COUNT(*) > 1) AS twice`) > 0 {
		n.t.Error("a segment was drafted twice")
	}
	used, err := n.Engines.Usage(n.t.Context(), time.Time{})
	if err != nil || len(used) == 0 {
		n.t.Fatalf("%v, %v", used, err)
	}
	var characters int64
	for _, u := range used {
		characters += u.Characters
	}
	if characters < deepl.Charged() {
		n.t.Errorf("the house counts %d characters, the service %d", characters, deepl.Charged())
	}
}

func (n *newsroom) translations() []edition.ID {
	n.t.Helper()
	rows, err := n.DB.Read().QueryContext(n.t.Context(), `SELECT edition_id FROM drafting`)
	if err != nil {
		n.t.Fatal(err)
	}
	defer rows.Close()
	var out []edition.ID
	for rows.Next() {
		var id edition.ID
		if err := rows.Scan(&id); err != nil {
			n.t.Fatal(err)
		}
		out = append(out, id)
	}
	if err := rows.Err(); err != nil {
		n.t.Fatal(err)
	}
	return out
}

// asksAgain is what people do about answers that nobody saw: then nothing is missing.
func (n *newsroom) asksAgain(b *browser) {
	n.t.Helper()
	all := n.translations()
	for _, id := range all {
		if _, err := n.Translate.Draft(n.t.Context(), killedChief, id, true); err != nil {
			n.t.Fatal(err)
		}
	}
	b.until("all that was missing is drafted", func() bool { return n.count(`SELECT COUNT(*) FROM drafting WHERE ended_at IS NULL`) == 0 })
	progress, err := n.Translate.Progress(n.t.Context(), n.DB.Read(), all...)
	if err != nil {
		n.t.Fatal(err)
	}
	for id, p := range progress {
		if want := (translate.Progress{Total: 1 + killedParagraphs, Machine: 1 + killedParagraphs}); p != want {
			n.t.Errorf("%s: %+v", id, p)
		}
	}
}
