package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"depesche/internal/actor"
	"depesche/internal/app"
	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
)

// paper is a paper in one language whose stories say which version of which story they are.
type paper struct {
	*app.App
	who     actor.Actor
	section publication.SectionID
	author  people.AuthorID

	mu   sync.Mutex
	list []*piece
}

// piece is a story. What was acknowledged holds for every request that is sent afterwards.
type piece struct {
	number  int64
	edition edition.ID
	story   story.ID
	rev     int64

	mu        sync.Mutex
	path      string
	begun     int       // the newest version that an act was begun for
	told      []moment  // of each version: when its act was acknowledged
	withdraws bool      // an act to withdraw it is begun
	withdrawn time.Time // acknowledged
}

type moment struct {
	version int
	at      time.Time
}

func found(ctx context.Context, a *app.App) (*paper, error) {
	p := &paper{App: a, who: actor.Actor{ID: "c", Name: "Chefin", Role: string(actor.Chief), UILang: "de"}}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		return a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Dauerlauf", Languages: []lang.Tag{"de"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "http://127.0.0.1"})
	})
	if err != nil {
		return nil, err
	}
	s, err := a.Publication.SaveSection(ctx, actor.System("soak"), publication.Section{Active: true, Names: map[lang.Tag]publication.Name{"de": {Name: "Politik", Slug: "politik"}}})
	if err != nil {
		return nil, err
	}
	au, err := a.People.SaveAuthor(ctx, actor.System("soak"), people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{"de": {Name: "Mia Berg", Slug: "mia-berg"}}})
	p.section, p.author = s.ID, au.ID
	return p, err
}

// text is what a version of a story says; mark stands in it, and nowhere else.
func text(number int64, version int) document.Doc {
	d := document.Doc{Headline: fmt.Sprintf("Bezirk %d repariert seine Brücken", number), Lead: document.Text("Vor dem Winter soll alles fertig sein.")}
	for b := range 12 {
		s := "Der Rat beschloss, die Brücken zu reparieren, und das Amt sagte, dass einige früher öffnen. Wer im Norden wohnt, fährt so lange über die Dörfer."
		if b == 5 {
			s = mark(number, version)
		}
		d.Blocks = append(d.Blocks, document.Block{ID: document.ID(fmt.Sprintf("b%d", b)), Kind: document.Paragraph, Text: document.Text(s)})
	}
	return d
}

func mark(number int64, version int) string {
	return fmt.Sprintf("Meldung %d in der Fassung %d steht hier.", number, version)
}

// publish begins a story and sends it out.
func (p *paper) publish(ctx context.Context) error {
	x := &piece{begun: 1}
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		st, err := p.Stories.CreateTx(ctx, tx, p.who, story.NewStory{Kind: story.News, OriginalLang: "de", Section: p.section, Authors: []people.AuthorID{p.author}})
		if err != nil {
			return err
		}
		e, _, err := p.Editions.Import(ctx, tx, p.who, edition.Imported{Story: st.ID, Lang: "de", Doc: text(st.Number, 1), Why: "soak"})
		x.number, x.story, x.edition, x.rev = st.Number, st.ID, e.ID, e.Revision
		return err
	})
	if err != nil {
		return err
	}
	if err := p.act(ctx, x, release.Command{Act: release.Publish}); err != nil {
		return err
	}
	x.told = append(x.told, moment{1, time.Now()})
	p.mu.Lock()
	p.list = append(p.list, x)
	p.mu.Unlock()
	return nil
}

// correct says in a story what is right.
func (p *paper) correct(ctx context.Context) error {
	x := p.any()
	x.mu.Lock()
	x.begun++
	v := x.begun
	x.mu.Unlock()
	saved, err := p.Editions.Save(ctx, p.who, edition.Save{Edition: x.edition, Base: x.rev, Doc: text(x.number, v)})
	if err != nil {
		return err
	}
	x.rev = saved.Edition.Revision
	err = p.act(ctx, x, release.Command{Act: release.Correct, Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"de": fmt.Sprintf("Die Zahl der Brücken war falsch, nun zum %d. Mal.", v)}}})
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.told = append(x.told, moment{v, time.Now()}); len(x.told) > 50 {
		x.told = x.told[25:]
	}
	return nil
}

// withdraw takes a story back; it stays on the readers' list.
func (p *paper) withdraw(ctx context.Context) error {
	x := p.any()
	x.mu.Lock()
	x.withdraws = true
	x.mu.Unlock()
	if err := p.act(ctx, x, release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{"de": "Die Meldung war falsch."}}); err != nil {
		return err
	}
	x.mu.Lock()
	x.withdrawn = time.Now()
	x.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.list) > 2**stories { // the list stays as long as memory is to stay as large
		p.list = p.list[*stories/2:]
	}
	return nil
}

func (p *paper) act(ctx context.Context, x *piece, cmd release.Command) error {
	cmd.Story = x.story
	list, err := p.Releases.Checklist(ctx, p.DB.Read(), x.story)
	if err != nil {
		return err
	}
	found, ok := list.Of(x.edition)
	if !ok {
		return fmt.Errorf("story %d has no edition", x.number)
	}
	cmd.Editions = []release.Choice{{Edition: x.edition, Version: found.Edition.Version}}
	for _, f := range found.Findings {
		if f.Severity == check.Warn && cmd.Act != release.Withdraw {
			cmd.Override = append(cmd.Override, release.Override{Edition: x.edition, Code: f.Code, Address: f.Address, Reason: "soak"})
		}
	}
	_, err = p.Releases.Act(ctx, p.who, cmd)
	return err
}

// any is one of the stories that are out.
func (p *paper) any() *piece {
	for {
		if x := p.pick(); !x.withdraws {
			return x
		}
	}
}

// pick is any story; a fifth of the readers reads the newest.
func (p *paper) pick() *piece {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.list)
	if rand.IntN(5) == 0 { //nolint:gosec // which one is read
		return p.list[n-1-rand.IntN(min(n, 20))] //nolint:gosec // as above
	}
	return p.list[rand.IntN(n)] //nolint:gosec // as above
}
