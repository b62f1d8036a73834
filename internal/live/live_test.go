package live_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

func TestPost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		before, _, err := w.editions.Cards(t.Context(), w.d.Read(), edition.List{Lang: "de"})
		if err != nil {
			t.Fatal(err)
		}
		first := w.post(t, reporter, st.ID, text("", "Der Bürgermeister spricht."))
		second := w.post(t, editor, st.ID, text("Zweite Meldung", "Mehr folgt."))
		if first.Release == "" || first.Edition.State != edition.Published || second.Edition.Headline != "Zweite Meldung" {
			t.Errorf("%+v, %+v", first, second)
		}
		got := w.lines(t, st.ID, "de")
		if len(got) != 2 || got[0].Number != second.Entry.Number || got[1].Headline != "Der Bürgermeister spricht." {
			t.Errorf("lines %+v", got)
		}
		if !got[1].Happened.Equal(noon.Add(time.Minute)) || got[1].Turn != 1 || !got[1].Out {
			t.Errorf("line %+v", got[1])
		}
		if list := w.lines(t, st.ID, "uk"); len(list) != 0 {
			t.Errorf("in Ukrainian: %v", list)
		}
		// No list knows entries, and the story's own card is as new as the newest of them.
		cards, _, err := w.editions.Cards(t.Context(), w.d.Read(), edition.List{Lang: "de"})
		if err != nil || len(cards) != len(before) || cards[0].Updated == nil || !cards[0].Updated.Equal(noon.Add(2*time.Minute)) {
			t.Errorf("cards %+v, %v", cards, err)
		}
		board, _, err := w.editions.Board(t.Context(), w.d.Read(), edition.BoardFilter{})
		if err != nil || len(board) != 1 || board[0].Story != st.ID {
			t.Errorf("board %+v, %v", board, err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM event WHERE kind = 'live.entry' AND subject = $1`, "story:"+string(st.ID)); n != 2 {
			t.Errorf("%d events", n)
		}
	})
}

// A browser that lost the answer sends the same again; nothing is there twice.
func TestTheSameSentAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		in := live.Post{Live: st.ID, Lang: "de", Sent: id.New(noon), Doc: text("", "Einmal.")}
		var wg sync.WaitGroup
		got := make([]live.Posted, 4)
		errs := make([]error, len(got))
		for i := range got {
			wg.Go(func() { got[i], errs[i] = w.live.Post(t.Context(), reporter, in) })
		}
		wg.Wait()
		again := 0
		for i, p := range got {
			if errs[i] != nil || p.Entry.Story != got[0].Entry.Story {
				t.Errorf("%+v, %v", p, errs[i])
			}
			if p.Again {
				again++
			}
		}
		if n := len(w.lines(t, st.ID, "de")); n != 1 || again != len(got)-1 {
			t.Errorf("%d entries, %d came again", n, again)
		}
		// What was corrected since is still the same.
		doc := got[0].Edition.Doc
		doc.Blocks[0].Text = document.Text("Genau einmal.")
		if _, err := w.live.Amend(t.Context(), reporter, live.Amend{Edition: got[0].Edition.ID, Base: got[0].Edition.Revision, Doc: doc}); err != nil {
			t.Fatal(err)
		}
		if p, err := w.live.Post(t.Context(), reporter, in); err != nil || !p.Again {
			t.Errorf("%+v, %v", p, err)
		}
		// Something else under the same name is the writer's to say what it is: two nearly equal entries aren't sent out.
		linked := text("", "Einmal.")
		linked.Blocks[0].Text[0].Marks = []document.Mark{{Type: document.Link, Href: "https://example.org/"}}
		earlier := in
		earlier.Happened = noon.Add(-time.Hour)
		other := in
		for _, other.Doc = range []document.Doc{text("", "Zweimal."), text("Neu", "Einmal."), linked} {
			w.wasSent(t, other, got[0])
		}
		w.wasSent(t, earlier, got[0])
		sourced := in
		sourced.Sources = []story.Source{{Kind: story.Person, Name: "A judge"}}
		w.wasSent(t, sourced, got[0])
		if n := len(w.lines(t, st.ID, "de")); n != 1 {
			t.Errorf("%d entries", n)
		}
		other.Sent = id.New(noon.Add(time.Second))
		if p, err := w.live.Post(t.Context(), reporter, other); err != nil || p.Again {
			t.Errorf("under another name: %+v, %v", p, err)
		}
	})
}

// wasSent wants the post to be refused because the other came under its name.
func (w *world) wasSent(t *testing.T, in live.Post, before live.Posted) {
	t.Helper()
	_, err := w.live.Post(t.Context(), reporter, in)
	var sent *live.SentError
	if !errors.As(err, &sent) || !problem.Is(err, problem.Conflict) || sent.Before.Entry.Story != before.Entry.Story {
		t.Errorf("%+v: %v", in, err)
	}
}

// Who mends or translates an entry while somebody else withdraws it doesn't bring it back.
func TestWithdrawnStaysWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		p := w.post(t, reporter, st.ID, text("", "Es gab einen Toten."))
		begun, err := w.work.Begin(t.Context(), editor, p.Entry.Story, "uk")
		if err != nil {
			t.Fatal(err)
		}
		why := map[lang.Tag]string{"de": "Falsch."}
		if err := w.live.Withdraw(t.Context(), editor, p.Entry.Story, why); err != nil {
			t.Fatal(err)
		}
		for _, fix := range []string{"", "Es gab einen Verletzten, keinen Toten."} {
			in := live.Amend{Edition: p.Edition.ID, Base: p.Edition.Revision, Doc: text("", "Es gab einen Verletzten."), Correction: fix}
			if _, err := w.live.Amend(t.Context(), reporter, in); !problem.Is(err, problem.Conflict) {
				t.Errorf("mended: %v", err)
			}
		}
		in := live.Translation{Edition: begun[0].ID, Base: begun[0].Revision, SourceRev: p.Edition.Revision, Texts: map[document.Address]document.Inline{"p1/text": document.Text("Є один загиблий.")}}
		if _, err := w.live.SendTranslation(t.Context(), editor, in); !problem.Is(err, problem.Conflict) {
			t.Errorf("translated: %v", err)
		}
		if err := w.live.Withdraw(t.Context(), editor, p.Entry.Story, why); !problem.Is(err, problem.Conflict) {
			t.Errorf("withdrawn twice: %v", err)
		}
		if len(w.lines(t, st.ID, "de"))+len(w.lines(t, st.ID, "uk")) > 0 {
			t.Error("readers see it")
		}
	})
}

// Reporters who write at once lose nothing, and nobody waits for a refusal.
func TestManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		const n = 12
		var wg sync.WaitGroup
		errs := make([]error, n)
		for i := range n {
			wg.Go(func() {
				_, errs[i] = w.live.Post(t.Context(), reporter, live.Post{Live: st.ID, Lang: "de", Sent: id.New(noon), Doc: text("", "Eine von vielen.")})
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if got := len(w.lines(t, st.ID, "de")); got != n {
			t.Errorf("%d of %d are there", got, n)
		}
	})
}

func TestWhoMay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, c := w.running(t, false)
		if _, err := w.live.Start(t.Context(), reporter, w.out(t).ID, true); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a reporter starts: %v", err)
		}
		in := w.post(t, reporter, st.ID, text("", "Zur Ansicht."))
		if in.Release != "" || in.Edition.State != edition.Review || len(w.lines(t, st.ID, "de")) != 0 {
			t.Errorf("handed in: %+v", in)
		}
		out, err := w.live.Amend(t.Context(), editor, live.Amend{Edition: in.Edition.ID, Base: in.Edition.Revision, Doc: in.Edition.Doc})
		if err != nil || out.State != edition.Published {
			t.Fatalf("an editor sends it out: %v, %v", out.State, err)
		}
		why := map[lang.Tag]string{"de": "Falsch."}
		if err := w.live.Withdraw(t.Context(), reporter, in.Entry.Story, why); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a reporter withdraws: %v", err)
		}
		if c, err = w.live.Open(t.Context(), editor, st.ID, c.Version, true); err != nil {
			t.Fatal(err)
		}
		if err := w.live.Withdraw(t.Context(), colleague, in.Entry.Story, why); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a colleague withdraws: %v", err)
		}
		if err := w.live.Withdraw(t.Context(), reporter, in.Entry.Story, why); err != nil {
			t.Errorf("the writer withdraws: %v", err)
		}
		elsewhere := actor.Actor{ID: "e", Role: string(actor.Reporter), Sections: []string{"sports"}}
		if _, err := w.live.Post(t.Context(), elsewhere, live.Post{Live: st.ID, Lang: "de", Sent: "x", Doc: text("", "Sport.")}); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a reporter of another section: %v", err)
		}
		// What was out stays an editor's to send out once it has ended.
		if _, err := w.live.End(t.Context(), editor, st.ID, c.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := w.live.Post(t.Context(), editor, live.Post{Live: st.ID, Lang: "de", Sent: "y", Doc: text("", "Zu spät.")}); !problem.Is(err, problem.Conflict) {
			t.Errorf("after the end: %v", err)
		}
		if _, err := w.live.End(t.Context(), editor, st.ID, c.Version); !problem.Is(err, problem.Conflict) {
			t.Errorf("ends twice: %v", err)
		}
		if again, err := w.live.Start(t.Context(), editor, st.ID, true); err != nil || !again.Running() || !again.Began.Equal(noon) {
			t.Errorf("goes on: %+v, %v", again, err)
		}
	})
}

func TestHeldByTheChecklist(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		stories := w.count(t, `SELECT COUNT(*) FROM story`)
		in := live.Post{Live: st.ID, Lang: "de", Sent: "one", Doc: text("", "Es ist ist doppelt.")}
		_, err := w.live.Post(t.Context(), reporter, in)
		var held *release.HeldError
		if !errors.As(err, &held) || len(held.Open) != 1 || held.Open[0].Code != "double_word" {
			t.Fatalf("%v", err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM story`); n != stories {
			t.Error("something was left behind")
		}
		in.Reason = "So gesagt."
		if out, err := w.live.Post(t.Context(), reporter, in); err != nil || out.Release == "" {
			t.Errorf("past it: %v", err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM override WHERE reason = 'So gesagt.' AND by_id = 'reporter'`); n != 1 {
			t.Error("nobody knows who went past it")
		}
		// Who passes on what others say names them, and then it stands.
		said := live.Post{Live: st.ID, Lang: "de", Sent: "two", Doc: text("", "Das schreibt Le Monde unter Berufung auf eigene Quellen.")}
		if _, err := w.live.Post(t.Context(), reporter, said); !errors.As(err, &held) {
			t.Errorf("without a source: %v", err)
		}
		said.Sources = []story.Source{{Kind: story.Paper, Name: "Le Monde", URL: "https://lemonde.example/1"}}
		if _, err := w.live.Post(t.Context(), reporter, said); err != nil {
			t.Errorf("with its source: %v", err)
		}
	})
}

func TestAmendAndWithdraw(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		p := w.post(t, reporter, st.ID, text("", "Es kamen 300 Menschen."))
		w.clock.Advance(time.Minute)
		doc := text("", "Es kamen 500 Menschen.")
		e, err := w.live.Amend(t.Context(), reporter, live.Amend{Edition: p.Edition.ID, Base: p.Edition.Revision, Doc: doc, Correction: "Es waren 500, nicht 300."})
		if err != nil || e.PublishedRev != e.Revision {
			t.Fatalf("%+v, %v", e, err)
		}
		told, err := w.corrections.OfStory(t.Context(), w.d.Read(), p.Entry.Story, "de")
		if err != nil || len(told) != 1 || told[0].Text != "Es waren 500, nicht 300." {
			t.Errorf("corrections %+v, %v", told, err)
		}
		if ln := w.lines(t, st.ID, "de")[0]; ln.Turn != 2 || ln.Headline != "Es kamen 500 Menschen." {
			t.Errorf("line %+v", ln)
		}
		// The first reader of the old text clashes with it and loses nothing.
		var clash *edition.ClashError
		_, err = w.live.Amend(t.Context(), editor, live.Amend{Edition: e.ID, Base: p.Edition.Revision, Doc: text("", "Es kamen 400 Menschen.")})
		if !errors.As(err, &clash) || clash.Mine.Blocks[0].Text.Plain() != "Es kamen 400 Menschen." {
			t.Errorf("at once: %v", err)
		}
		if err := w.live.Withdraw(t.Context(), editor, p.Entry.Story, map[lang.Tag]string{"de": "Doppelt."}); err != nil {
			t.Fatal(err)
		}
		if len(w.lines(t, st.ID, "de")) != 0 {
			t.Error("it still stands there")
		}
		gone, err := w.live.ToldLast(t.Context(), w.d.Read(), st.ID, "de", 10)
		if err != nil || len(gone) != 1 || gone[0].Out || gone[0].Headline != "" || gone[0].Turn != 3 {
			t.Errorf("open pages are told %+v, %v", gone, err)
		}
		var away *edition.GoneError
		if _, err := w.editions.Published(t.Context(), w.d.Read(), p.Entry.Number, "de"); !errors.As(err, &away) || away.Why != "Doppelt." {
			t.Errorf("its address: %v", err)
		}
		revisions, err := w.editions.Revisions(t.Context(), w.d.Read(), e.ID, 0, 10)
		if err != nil || len(revisions) != 3 {
			t.Errorf("%d revisions, %v", len(revisions), err)
		}
	})
}

func TestSettle(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		a := w.post(t, reporter, st.ID, text("", "Erste."))
		b := w.post(t, reporter, st.ID, text("", "Zweite."))
		en, err := w.live.Settle(t.Context(), reporter, b.Entry.Story, b.Entry.Version, noon.Add(-time.Hour), true)
		if err != nil || !en.Pinned {
			t.Fatal(err)
		}
		if got := w.lines(t, st.ID, "de"); got[0].Number != a.Entry.Number || got[1].Turn != 2 {
			t.Errorf("order %+v", got)
		}
		pinned, err := w.live.Pinned(t.Context(), w.d.Read(), st.ID, "de", 5)
		if err != nil || len(pinned) != 1 || pinned[0].Number != b.Entry.Number {
			t.Errorf("pinned %+v, %v", pinned, err)
		}
		if _, err := w.live.Settle(t.Context(), reporter, b.Entry.Story, b.Entry.Version, time.Time{}, false); !problem.Is(err, problem.Conflict) {
			t.Errorf("over another's change: %v", err)
		}
		if _, err := w.live.Settle(t.Context(), reporter, a.Entry.Story, a.Entry.Version, noon.Add(time.Hour), false); !problem.Is(err, problem.Invalid) {
			t.Errorf("in the future: %v", err)
		}
		// The story moves to another section, and its entries with it.
		st, err = w.stories.ByID(t.Context(), w.d.Read(), st.ID)
		if err != nil {
			t.Fatal(err)
		}
		st.Section = "sports"
		if _, err := w.stories.SaveDetails(t.Context(), chief, st); err != nil {
			t.Fatal(err)
		}
		if moved, err := w.stories.ByID(t.Context(), w.d.Read(), a.Entry.Story); err != nil || moved.Section != "sports" {
			t.Errorf("the entry stands in %s, %v", moved.Section, err)
		}
	})
}

func TestTranslation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		p := w.post(t, reporter, st.ID, text("", "Es kamen 300 Menschen."))
		begun, err := w.work.Begin(t.Context(), translator, p.Entry.Story, "uk")
		if err != nil {
			t.Fatal(err)
		}
		uk := begun[0]
		in := live.Translation{Edition: uk.ID, Base: uk.Revision, SourceRev: p.Edition.Revision,
			Texts: map[document.Address]document.Inline{"p1/text": document.Text("Прийшли 300 людей.")}}
		out, err := w.live.SendTranslation(t.Context(), translator, in)
		if err != nil || out.State != edition.Published || out.Check.By != "T. Lator" {
			t.Fatalf("%+v, %v", out, err)
		}
		if got := w.lines(t, st.ID, "uk"); len(got) != 1 || got[0].Headline != "Прийшли 300 людей." {
			t.Errorf("lines %+v", got)
		}
		// The original is corrected: the translation is stale, and owes its readers a correction.
		w.clock.Advance(time.Minute)
		de, err := w.live.Amend(t.Context(), reporter, live.Amend{
			Edition: p.Edition.ID, Base: p.Edition.Revision, Doc: text("", "Es kamen 500 Menschen."), Correction: "Es waren 500.",
		})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := w.work.Rows(t.Context(), w.d.Read(), uk.ID)
		if err != nil || rows[0].State != translate.Stale {
			t.Errorf("rows %+v, %v", rows, err)
		}
		if c, err := w.live.Owed(t.Context(), w.d.Read(), out); err != nil || c.Text != "Es waren 500." {
			t.Errorf("owes %+v, %v", c, err)
		}
		in.Base, in.SourceRev, in.Correction = out.Revision, de.Revision, "Їх було 500."
		in.Texts = map[document.Address]document.Inline{"p1/text": document.Text("Прийшли 500 людей.")}
		w.clock.Advance(time.Minute)
		if out, err = w.live.SendTranslation(t.Context(), translator, in); err != nil {
			t.Fatal(err)
		}
		if _, err := w.live.Owed(t.Context(), w.d.Read(), out); !problem.Is(err, problem.NotFound) {
			t.Errorf("still owes: %v", err)
		}
		if told, err := w.corrections.OfStory(t.Context(), w.d.Read(), p.Entry.Story, "uk"); err != nil || len(told) != 1 {
			t.Errorf("%+v, %v", told, err)
		}
	})
}

// Whatever is done to entries, readers see those that are out, each once, the latest first, page by page.
func TestLinesAreWhatIsOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, _ := w.running(t, true)
		known := map[int64]live.Entry{}
		gone := map[int64]bool{}
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(1, 4).Draw(r, "acts") {
				w.act(t, r, st.ID, known, gone)
			}
			var want []live.Entry
			for n, en := range known {
				if !gone[n] {
					want = append(want, en)
				}
			}
			slices.SortFunc(want, func(a, b live.Entry) int {
				if c := b.Happened.Compare(a.Happened); c != 0 {
					return c
				}
				if a.Story < b.Story {
					return 1
				}
				return -1
			})
			var got []live.Line
			for cursor := edition.Cursor(""); ; {
				page, next, err := w.live.Lines(t.Context(), w.d.Read(), st.ID, "de", cursor, 3)
				if err != nil {
					r.Fatal(err)
				}
				got = append(got, page...)
				if cursor = next; cursor == "" {
					break
				}
			}
			if len(got) != len(want) {
				r.Fatalf("%d lines, want %d", len(got), len(want))
			}
			for i := range want {
				if got[i].Number != want[i].Number || got[i].Pinned != want[i].Pinned {
					r.Fatalf("line %d is %+v, want %+v", i, got[i], want[i])
				}
			}
		})
	})
}

func (w *world) act(t *testing.T, r *rapid.T, in story.ID, known map[int64]live.Entry, gone map[int64]bool) {
	numbers := make([]int64, 0, len(known))
	for n := range known {
		if !gone[n] {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	if len(numbers) == 0 || rapid.IntRange(0, 2).Draw(r, "act") == 0 {
		p := w.post(t, reporter, in, text("", "Etwas geschieht."))
		known[p.Entry.Number] = p.Entry
		return
	}
	n := rapid.SampledFrom(numbers).Draw(r, "entry")
	if rapid.Bool().Draw(r, "withdraw") {
		if err := w.live.Withdraw(t.Context(), editor, known[n].Story, map[lang.Tag]string{"de": "Falsch."}); err != nil {
			r.Fatal(err)
		}
		gone[n] = true
		return
	}
	at := noon.Add(-time.Duration(rapid.IntRange(0, 5).Draw(r, "minutes")) * time.Minute)
	en, err := w.live.Settle(t.Context(), editor, known[n].Story, known[n].Version, at, rapid.Bool().Draw(r, "pinned"))
	if err != nil {
		r.Fatal(err)
	}
	known[n] = en
}
