package demo

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"depesche/internal/actor"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/register"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/translate"
)

// Clock is the clock of a demo's database: while the stories are told as they happened, it stands
// where they happened; afterwards it is the system's.
type Clock struct {
	mu    sync.Mutex
	stand time.Time
}

// Now returns the moment of the act that is being loaded, else the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stand.IsZero() {
		return time.Now()
	}
	c.stand = c.stand.Add(time.Millisecond)
	return c.stand
}

func (c *Clock) travel(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stand = t
}

// Rooms are what the demo is loaded through: the same doors that journalists use.
type Rooms struct {
	DB          *db.DB
	Publication *publication.Service
	People      *people.Service
	Topics      *topic.Service
	Media       *media.Service
	Stories     *story.Service
	Editions    *edition.Service
	Releases    *release.Service
	Corrections *correction.Service
	Translate   *translate.Service
	Register    *register.Service
	Live        *live.Service
}

// Options say how the demo is loaded.
type Options struct {
	BaseURL string
	// Password is every account's.
	Password string
	// Step is told how many of how many acts are done; nil means nobody asks.
	Step func(done, total int)
}

// Load makes the demo paper in an empty database: set up, staffed, and every story written,
// published, corrected and withdrawn at its own time, through the rooms, so that its history is as
// true as any other.
func Load(ctx context.Context, rooms Rooms, clock *Clock, o Options) error {
	content, err := Read()
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	defer clock.travel(time.Time{})
	l := &loader{Rooms: rooms, content: content, now: now, options: o,
		sections: map[string]publication.SectionID{}, topics: map[string]topic.ID{}, authors: map[string]people.AuthorID{},
		staff: map[string]actor.Actor{}, accounts: map[string]actor.Actor{}, pictures: map[string]media.ID{}, stories: map[string]story.Story{}, names: map[string]Text{}}
	clock.travel(time.Date(2024, 1, 8, 8, 0, 0, 0, time.UTC))
	if err := l.house(ctx); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	acts, err := l.plan(ctx)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for i, a := range acts {
		clock.travel(a.at)
		if err := a.do(ctx); err != nil {
			return fmt.Errorf("demo: %s: %w", a.what, err)
		}
		if o.Step != nil {
			o.Step(i+1, len(acts))
		}
	}
	return nil
}

type loader struct {
	Rooms
	content Content
	now     time.Time
	options Options

	sections map[string]publication.SectionID
	topics   map[string]topic.ID
	authors  map[string]people.AuthorID
	names    map[string]Text        // of authors
	staff    map[string]actor.Actor // by role
	accounts map[string]actor.Actor // by key
	pictures map[string]media.ID
	stories  map[string]story.Story
}

// act is one thing that somebody did at a time.
type act struct {
	at   time.Time
	what string
	do   func(context.Context) error
}

// house sets up the paper: languages, sections, people, topics, pages, pictures.
func (l *loader) house(ctx context.Context) error {
	p := l.content.Paper
	var langs []lang.Tag
	for _, x := range p.Languages {
		langs = append(langs, lang.Tag(x.Lang))
	}
	boss := actor.System("demo")
	err := l.DB.Write(ctx, func(tx *db.Tx) error {
		if err := l.Publication.SetUp(ctx, tx, publication.Setup{Name: p.Languages[0].Name, Languages: langs, MainLang: lang.Tag(p.MainLang), TimeZone: p.TimeZone, BaseURL: l.options.BaseURL}); err != nil {
			return err
		}
		for _, s := range p.Staff {
			if s.Role == string(actor.Admin) {
				_, err := l.People.FirstAdmin(ctx, tx, people.NewStaff{Name: s.Name, Email: s.Email, UILang: lang.Tag(s.UILang), Password: l.options.Password})
				return err
			}
		}
		return fmt.Errorf("no administrator among the staff")
	})
	if err != nil {
		return err
	}
	paper, err := l.Publication.Paper(ctx)
	if err != nil {
		return err
	}
	for i, x := range p.Languages {
		paper.Languages[i].Name, paper.Languages[i].About = x.Name, x.About
	}
	paper.EmbedHosts = p.EmbedHosts
	if _, err := l.Publication.SavePaper(ctx, boss, paper); err != nil {
		return err
	}
	if err := l.named(ctx, boss); err != nil {
		return err
	}
	if err := l.hire(ctx, boss); err != nil {
		return err
	}
	if err := l.pages(ctx, boss); err != nil {
		return err
	}
	if err := l.spell(ctx, boss); err != nil {
		return err
	}
	return l.draw(ctx, boss)
}

func (l *loader) named(ctx context.Context, boss actor.Actor) error {
	p := l.content.Paper
	existing, err := l.Publication.Sections(ctx, l.DB.Read())
	if err != nil {
		return err
	}
	if len(existing) > 0 {
		return fmt.Errorf("the paper has sections already")
	}
	for _, s := range p.Sections {
		names := map[lang.Tag]publication.Name{}
		for t, n := range s.Name {
			names[lang.Tag(t)] = publication.Name{Name: n, Slug: s.Slug[t]}
		}
		saved, err := l.Publication.SaveSection(ctx, boss, publication.Section{Active: true, Names: names})
		if err != nil {
			return fmt.Errorf("section %s: %w", s.Key, err)
		}
		l.sections[s.Key] = saved.ID
	}
	for _, tp := range p.Topics {
		names := map[lang.Tag]topic.Name{}
		for t, n := range tp.Name {
			names[lang.Tag(t)] = topic.Name{Name: n, Slug: tp.Slug[t]}
		}
		saved, err := l.Topics.Save(ctx, boss, topic.Topic{Kind: topic.Kind(tp.Kind), Active: true, Names: names})
		if err != nil {
			return fmt.Errorf("topic %s: %w", tp.Key, err)
		}
		l.topics[tp.Key] = saved.ID
	}
	for _, a := range p.Authors {
		names := map[lang.Tag]people.AuthorName{}
		for t, n := range a.Name {
			names[lang.Tag(t)] = people.AuthorName{Name: n, Slug: a.Slug[t], About: a.About[t]}
		}
		saved, err := l.People.SaveAuthor(ctx, boss, people.Author{Kind: people.Kind(a.Kind), Active: true, Names: names})
		if err != nil {
			return fmt.Errorf("author %s: %w", a.Key, err)
		}
		l.authors[a.Key], l.names[a.Key] = saved.ID, a.Name
	}
	return nil
}

func (l *loader) hire(ctx context.Context, boss actor.Actor) error {
	for _, s := range l.content.Paper.Staff {
		var st people.Staff
		var err error
		if s.Role == string(actor.Admin) {
			st, err = l.People.StaffByEmail(ctx, s.Email)
		} else {
			n := people.NewStaff{Name: s.Name, Email: s.Email, Role: people.Role(s.Role), UILang: lang.Tag(s.UILang), Password: l.options.Password}
			for _, t := range s.Langs {
				n.Langs = append(n.Langs, lang.Tag(t))
			}
			for _, sec := range s.Sections {
				n.Sections = append(n.Sections, string(l.sections[sec]))
			}
			st, err = l.People.CreateStaff(ctx, boss, n)
		}
		if err != nil {
			return fmt.Errorf("staff %s: %w", s.Key, err)
		}
		l.accounts[s.Key] = st.Actor()
		if _, taken := l.staff[s.Role]; !taken { // the first of a role is the one with the widest field
			l.staff[s.Role] = st.Actor()
		}
	}
	return nil
}

func (l *loader) pages(ctx context.Context, boss actor.Actor) error {
	for _, p := range l.content.Pages {
		for _, t := range sortedKeys(p.Title) {
			blocks, err := document.ParseMarkdown(p.Body[t], numbered("b"))
			if err != nil {
				return fmt.Errorf("page %s in %s: %w", p.Key, t, err)
			}
			body, err := document.Doc{Headline: p.Title[t], Blocks: blocks}.Encode()
			if err != nil {
				return err
			}
			if _, err := l.Publication.SavePage(ctx, boss, publication.Page{Key: p.Key, Lang: lang.Tag(t), Slug: p.Slug[t], Title: p.Title[t], Body: body, Footer: true}); err != nil {
				return fmt.Errorf("page %s in %s: %w", p.Key, t, err)
			}
		}
	}
	return nil
}

func (l *loader) draw(ctx context.Context, boss actor.Actor) error {
	for _, p := range l.content.Pictures {
		texts := map[lang.Tag]media.Text{}
		for t, alt := range p.Alt {
			texts[lang.Tag(t)] = media.Text{Alt: alt, Credit: p.Credit[t]}
		}
		pic, err := l.Media.AddDrawing(ctx, boss, media.Upload{Name: p.Key + ".svg", R: bytes.NewReader(p.SVG), Kind: media.Illustration, Credit: p.Credit[l.content.Paper.MainLang], Texts: texts})
		if err != nil {
			return fmt.Errorf("picture %s: %w", p.Key, err)
		}
		if pic.FocusX != p.FocusX || pic.FocusY != p.FocusY {
			pic.FocusX, pic.FocusY = p.FocusX, p.FocusY
			if pic, err = l.Media.Save(ctx, boss, pic); err != nil {
				return fmt.Errorf("picture %s: %w", p.Key, err)
			}
		}
		l.pictures[p.Key] = pic.ID
	}
	return nil
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// numbered gives the blocks of parallel texts parallel IDs: b1, b2 …
func numbered(prefix string) func() document.ID {
	n := 0
	return func() document.ID {
		n++
		return document.ID(fmt.Sprintf("%s%d", prefix, n))
	}
}
