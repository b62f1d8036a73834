package reader

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/translate"
)

// newsroom is a world in which everything is done as the desk does it.
type newsroom struct {
	*world
	releases *release.Service
	rd       *Reader
	said     int // makes texts that were never there
	out      []story.ID
	covered  []story.ID // run live, or did
	entries  []story.ID
	pictures []media.ID
	topics   []topic.ID
	authors  []people.AuthorID
	rubrics  []publication.SectionID
	pages    []publication.PageID
	known    map[string]bool // every address that was ever seen
	done     map[string]int
	rand     *rand.Rand
}

func oneOf[T any](n *newsroom, list ...T) T { return list[n.rand.IntN(len(list))] }

func newsroomOf(w *world) *newsroom {
	w.t.Helper()
	w.drawing().setUp()
	n := &newsroom{
		world: w, known: map[string]bool{}, done: map[string]int{}, topics: []topic.ID{w.nato}, authors: []people.AuthorID{w.olena},
		rubrics: slices.Sorted(maps.Values(w.sections)),
	}
	work := translate.New(w.d, w.Editions)
	n.releases = release.New(w.d, w.stories, w.Editions, w.Corrections, w.Publication, w.Media, work, nil)
	n.running(work)
	n.rd = New(w.Deps)
	w.handler = n.rd
	return n
}

// try does what may be refused: most acts are, in some states of the paper.
func (n *newsroom) try(what string, err error) {
	if err == nil {
		n.done[what]++
	}
}

// fresh is a reader that keeps nothing.
func (n *newsroom) fresh() *Reader {
	d := n.Deps
	d.CacheBytes = 1
	return deaf(d)
}

type page3 struct {
	status int
	header http.Header
	body   string
}

func ask(rd *Reader, path string) page3 {
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://paper.example"+path, nil)
	rd.ServeHTTP(rec, r)
	return page3{rec.Code, rec.Header(), rec.Body.String()}
}

var address = regexp.MustCompile(`(?:href="|<loc>|<link>)(?:https://paper\.example)?(/[^"<#]*)`)

// learn follows the paper's own links from the fronts, so that every page is among the known ones, and
// returns those that it has read.
func (n *newsroom) learn(from *Reader) map[string]page3 {
	queue := []string{"/sitemap.xml", "/sitemap-1.xml", "/sitemap-news.xml", "/robots.txt", "/de/", "/uk/", "/en/", "/pl/", "/text/de/", "/de/corrections/", "/de/nothing", "/de/archive/2024-10-23/"}
	seen, pages := map[string]bool{}, map[string]page3{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] || strings.HasPrefix(path, "/desk") || strings.HasPrefix(path, "/media/") || strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/placard/") || path == "/" {
			continue
		}
		seen[path], n.known[path] = true, true
		if strings.HasPrefix(path, "/text/") && path != "/text/de/" && !strings.Contains(path, "/de/1/") {
			continue // the same pages again
		}
		pages[path] = ask(from, path)
		for _, m := range address.FindAllStringSubmatch(pages[path].body, -1) {
			if len(seen)+len(queue) < 400 {
				queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
	}
	return pages
}

// holds compares all that readers are shown with what is rendered anew.
func (n *newsroom) holds(t *rapid.T, after string) {
	fresh := n.fresh()
	anew := n.learn(fresh)
	for _, path := range slices.Sorted(maps.Keys(n.known)) {
		want, ok := anew[path]
		if !ok {
			want = ask(fresh, path)
		}
		got := ask(n.rd, path)
		if want.status != got.status || want.body != got.body || fmt.Sprint(want.header) != fmt.Sprint(got.header) {
			t.Fatalf("after %s: %s is %d in memory and %d anew\n%s", after, path, got.status, want.status, difference(got, want))
		}
	}
}

func difference(a, b page3) string {
	if fmt.Sprint(a.header) != fmt.Sprint(b.header) {
		return fmt.Sprintf("%v\n%v", a.header, b.header)
	}
	i := 0
	for i < min(len(a.body), len(b.body)) && a.body[i] == b.body[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, min(i-80, len(s))):min(len(s), i+120)] }
	return fmt.Sprintf("memory: …%s\nanew:   …%s", cut(a.body), cut(b.body))
}

func (n *newsroom) text(l lang.Tag) document.Doc {
	n.said++
	words := map[lang.Tag][2]string{"de": {"Der Rat tagt", "Am Montag kamen %d Menschen."}, "uk": {"Рада засідає", "У понеділок прийшли %d людей."}, "en": {"The council meets", "On Monday %d people came."}}[l]
	number := 1000 + n.said
	d := document.Doc{
		Headline: fmt.Sprintf("%s %d", words[0], number),
		Blocks:   []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text(fmt.Sprintf(words[1], number))}},
	}
	if len(n.pictures) > 0 && n.said%2 == 0 {
		d.Picture = &document.Picture{Media: string(n.pictures[n.said%len(n.pictures)]), Alt: fmt.Sprint("Bild ", number), Credit: "N"}
	}
	if len(n.out) > 0 && n.said%3 == 0 {
		d.Blocks = append(d.Blocks, document.Block{ID: "p2", Kind: document.Paragraph, Text: document.Inline{
			{Text: fmt.Sprint("Mehr ", number), Marks: []document.Mark{{Type: document.StoryLink, Story: string(n.out[n.said%len(n.out)])}}},
		}})
	}
	return d
}

// write saves a new text in the language; the edition is begun if there is none.
func (n *newsroom) write(ctx context.Context, st story.ID, l lang.Tag) (edition.Edition, error) {
	e, err := n.Editions.ByLanguage(ctx, n.d.Read(), st, l)
	if err != nil {
		if e, err = n.Editions.Create(ctx, chief, st, l); err != nil {
			return e, err
		}
	}
	saved, err := n.Editions.Save(ctx, chief, edition.Save{Edition: e.ID, Base: e.Revision, Doc: n.text(l)})
	return saved.Edition, err
}

func (n *newsroom) act(ctx context.Context, cmd release.Command, editions ...edition.Edition) error {
	for _, e := range editions {
		now, err := n.Editions.ByID(ctx, n.d.Read(), e.ID)
		if err != nil {
			return err
		}
		cmd.Story = now.Story
		cmd.Editions = append(cmd.Editions, release.Choice{Edition: now.ID, Version: now.Version})
	}
	_, err := n.releases.Act(ctx, chief, cmd)
	return err
}

// begin begins a story.
func (n *newsroom) begin(ctx context.Context) (story.ID, error) {
	if n.rand == nil {
		n.rand = rand.New(rand.NewPCG(1, 0))
	}
	st, err := n.stories.Create(ctx, chief, story.NewStory{
		Kind: story.News, OriginalLang: "de", Section: oneOf(n, n.rubrics...), Authors: []people.AuthorID{oneOf(n, n.authors...)}, Topics: []topic.ID{oneOf(n, n.topics...)},
	})
	if err == nil {
		n.out = append(n.out, st.ID)
	}
	return st.ID, err
}

// acts are what happens in a newsroom.
func (n *newsroom) acts(t *rapid.T) map[string]func(context.Context) error {
	pick := func(list int) int { return n.rand.IntN(max(1, list)) }
	anyStory := func() story.ID {
		if len(n.out) == 0 {
			return ""
		}
		return n.out[pick(len(n.out))]
	}
	anyLang := func() lang.Tag { return oneOf(n, []lang.Tag{"de", "uk", "en"}...) }
	anEdition := func(ctx context.Context) (edition.Edition, error) {
		list, err := n.Editions.OfStory(ctx, n.d.Read(), anyStory())
		if err != nil || len(list) == 0 {
			return edition.Edition{}, cmp.Or(err, error(errMissing))
		}
		return list[pick(len(list))], nil
	}
	rewritten := func(ctx context.Context, cmd release.Command) error {
		e, err := anEdition(ctx)
		if err != nil {
			return err
		}
		if e, err = n.write(ctx, e.Story, e.Lang); err != nil {
			return err
		}
		if cmd.Act == release.Correct {
			cmd.Correct = &release.CorrectionInput{Prominent: n.rand.IntN(2) == 0, Texts: map[lang.Tag]string{e.Lang: fmt.Sprint("Es waren ", 1000+n.said, ".")}}
		}
		return n.act(ctx, cmd, e)
	}
	begin := n.begin
	all := map[string]func(context.Context) error{
		"publish": func(ctx context.Context) error {
			st, err := begin(ctx)
			if err != nil {
				return err
			}
			de, err := n.write(ctx, st, "de")
			if err != nil {
				return err
			}
			return n.act(ctx, release.Command{Act: release.Publish}, de)
		},
		"publish a translation": func(ctx context.Context) error {
			st, l := anyStory(), oneOf(n, []lang.Tag{"uk", "en"}...)
			return n.d.Write(ctx, func(tx *db.Tx) error {
				n.said++
				at := tx.Now()
				_, _, err := n.Editions.Import(ctx, tx, chief, edition.Imported{
					Story: st, Lang: l, Doc: n.text(l), Published: &at, Why: "test", Translator: oneOf(n, []string{"Olena Marko", "Niemand"}...),
					Made: oneOf(n, []edition.Made{edition.MadeHuman, edition.MadeMachine}...),
				})
				return err
			})
		},
		"import an old story": func(ctx context.Context) error {
			st, err := begin(ctx)
			if err != nil {
				return err
			}
			return n.d.Write(ctx, func(tx *db.Tx) error {
				at := tx.Now().Add(-time.Duration(1+n.rand.IntN(900)) * time.Hour)
				_, _, err := n.Editions.Import(ctx, tx, chief, edition.Imported{Story: st, Lang: "de", Doc: n.text("de"), Published: &at, Why: "test"})
				return err
			})
		},
		"save":    func(ctx context.Context) error { _, err := n.write(ctx, anyStory(), anyLang()); return err },
		"minor":   func(ctx context.Context) error { return rewritten(ctx, release.Command{Act: release.Minor}) },
		"update":  func(ctx context.Context) error { return rewritten(ctx, release.Command{Act: release.Update}) },
		"correct": func(ctx context.Context) error { return rewritten(ctx, release.Command{Act: release.Correct}) },
		"withdraw": func(ctx context.Context) error {
			e, err := anEdition(ctx)
			if err != nil {
				return err
			}
			return n.act(ctx, release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{e.Lang: "Falsch."}}, e)
		},
		"republish": func(ctx context.Context) error {
			e, err := anEdition(ctx)
			if err != nil {
				return err
			}
			return n.act(ctx, release.Command{Act: release.Publish}, e)
		},
		"schedule": func(ctx context.Context) error {
			st, err := begin(ctx)
			if err != nil {
				return err
			}
			de, err := n.write(ctx, st, "de")
			if err != nil {
				return err
			}
			if err := n.act(ctx, release.Command{Act: release.Schedule, At: n.clock.Now().Add(time.Hour)}, de); err != nil {
				return err
			}
			n.holds(t, "scheduling")
			n.clock.Advance(time.Duration(60+n.rand.IntN(5000)) * time.Minute)
			_, err = n.releases.RunDue(ctx)
			return err
		},
		"details": func(ctx context.Context) error {
			st, err := n.stories.ByID(ctx, n.d.Read(), anyStory())
			if err != nil {
				return err
			}
			st.Section = n.rubrics[pick(len(n.rubrics))]
			st.Topics = nil
			for _, id := range n.topics {
				if n.rand.IntN(2) == 0 {
					st.Topics = append(st.Topics, id)
				}
			}
			st.Authors = []people.AuthorID{n.authors[pick(len(n.authors))]}
			_, err = n.stories.SaveDetails(ctx, chief, st)
			return err
		},
		"source": func(ctx context.Context) error {
			n.said++
			_, err := n.stories.SaveSource(ctx, chief, anyStory(), story.Source{Kind: story.Paper, Name: fmt.Sprint("Zeitung ", n.said), URL: "https://example.org/"})
			return err
		},
		"credit": func(ctx context.Context) error {
			e, err := anEdition(ctx)
			if err != nil {
				return err
			}
			_, err = n.Editions.SaveCredit(ctx, chief, e.ID, e.Version, oneOf(n, []string{"Olena Marko", "Jemand", "Chefin"}...))
			return err
		},
		"check": func(ctx context.Context) error {
			return n.d.Write(ctx, func(tx *db.Tx) error {
				e, err := n.Editions.ByLanguage(ctx, tx, anyStory(), "uk")
				if err == nil {
					_, err = n.Editions.MarkChecked(ctx, tx, chief, e, 1, nil)
				}
				return err
			})
		},
		"section": func(ctx context.Context) error {
			sec, err := n.Publication.SectionByID(ctx, n.d.Read(), n.rubrics[pick(len(n.rubrics))])
			if err != nil {
				return err
			}
			n.said++
			sec.Names["de"] = publication.Name{Name: fmt.Sprint("Ressort ", n.said), Slug: fmt.Sprint("ressort-", n.said)}
			sec.Active = n.rand.IntN(4) > 0
			_, err = n.Publication.SaveSection(ctx, chief, sec)
			return err
		},
		"new topic": func(ctx context.Context) error {
			n.said++
			tp, err := n.Topics.Save(ctx, chief, topic.Topic{Kind: topic.Person, Active: true, Names: map[lang.Tag]topic.Name{"de": {Name: fmt.Sprint("Thema ", n.said), Slug: fmt.Sprint("thema-", n.said)}}})
			if err == nil {
				n.topics = append(n.topics, tp.ID)
			}
			return err
		},
		"topic": func(ctx context.Context) error {
			tp, err := n.Topics.ByID(ctx, n.d.Read(), n.topics[pick(len(n.topics))])
			if err != nil {
				return err
			}
			n.said++
			tp.Names["de"] = topic.Name{Name: fmt.Sprint("Sache ", n.said), Slug: fmt.Sprint("sache-", n.said)}
			tp.Active = n.rand.IntN(4) > 0
			_, err = n.Topics.Save(ctx, chief, tp)
			return err
		},
		"merge topics": func(ctx context.Context) error {
			if len(n.topics) < 2 {
				return errMissing
			}
			i := 1 + pick(len(n.topics)-1)
			err := n.Topics.Merge(ctx, chief, n.topics[i], n.topics[0], n.Editions.MoveTopic)
			if err == nil {
				n.topics = slices.Delete(n.topics, i, i+1)
			}
			return err
		},
		"author": func(ctx context.Context) error {
			a, err := n.People.AuthorByID(ctx, n.d.Read(), n.authors[pick(len(n.authors))])
			if err != nil {
				return err
			}
			n.said++
			a.Names["de"] = people.AuthorName{Name: fmt.Sprint("Olena ", n.said), Slug: fmt.Sprint("olena-", n.said), About: fmt.Sprint("Schreibt ", n.said)}
			_, err = n.People.SaveAuthor(ctx, chief, a)
			return err
		},
		"new author": func(ctx context.Context) error {
			n.said++
			a, err := n.People.SaveAuthor(ctx, chief, people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{
				"de": {Name: fmt.Sprint("Neue ", n.said), Slug: fmt.Sprint("neue-", n.said)}, "uk": {Name: "Jemand", Slug: fmt.Sprint("n-", n.said)},
			}})
			if err == nil {
				n.authors = append(n.authors, a.ID)
			}
			return err
		},
		"staff": func(ctx context.Context) error {
			n.said++
			_, err := n.People.CreateStaff(ctx, admin, people.NewStaff{Name: oneOf(n, []string{"Jemand", "Niemand", "Chefin"}...), Email: fmt.Sprintf("n%d@paper.example", n.said), Role: "reporter"})
			return err
		},
		"settings": func(ctx context.Context) error {
			paper, err := n.Publication.PaperIn(ctx, n.d.Read())
			if err != nil {
				return err
			}
			n.said++
			paper.Name = fmt.Sprint("Meridian ", n.said)
			paper.Languages = slices.DeleteFunc(paper.Languages, func(l publication.Language) bool { return l.Tag == "en" })
			if n.rand.IntN(2) == 0 {
				paper.Languages = append(paper.Languages, publication.Language{Tag: "en", Active: true})
			}
			_, err = n.Publication.SavePaper(ctx, admin, paper)
			return err
		},
		"page": func(ctx context.Context) error {
			n.said++
			body, err := json.Marshal(document.Doc{Headline: "Seite", Blocks: []document.Block{{ID: "p", Kind: document.Paragraph, Text: document.Text(fmt.Sprint("Text ", n.said))}}}.Normal())
			if err != nil {
				return err
			}
			p, err := n.Publication.SavePage(ctx, admin, publication.Page{Key: fmt.Sprint("k", n.said), Lang: "de", Slug: fmt.Sprint("seite-", n.said), Title: fmt.Sprint("Seite ", n.said), Body: body, Footer: true})
			if err == nil {
				n.pages = append(n.pages, p.ID)
			}
			return err
		},
		"delete page": func(ctx context.Context) error {
			if len(n.pages) == 0 {
				return errMissing
			}
			id := n.pages[pick(len(n.pages))]
			p, err := n.Publication.PageByID(ctx, n.d.Read(), id)
			if err != nil {
				return err
			}
			return n.Publication.DeletePage(ctx, admin, id, p.Version)
		},
		"redirect": func(ctx context.Context) error {
			n.said++
			return n.Publication.SaveRedirect(ctx, admin, fmt.Sprint("/alt/", n.said), "/de/")
		},
		"picture": func(ctx context.Context) error {
			img := image.NewRGBA(image.Rect(0, 0, 640, 400))
			n.said++
			for i := range img.Pix {
				img.Pix[i] = byte(i * n.said)
			}
			img.Set(1, 1, color.White)
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, nil); err != nil {
				return err
			}
			p, err := n.Media.Upload(ctx, chief, media.Upload{Name: "a.jpg", R: &b})
			if err == nil {
				n.pictures = append(n.pictures, p.ID)
			}
			return err
		},
		"picture's text": func(ctx context.Context) error {
			if len(n.pictures) == 0 {
				return errMissing
			}
			p, err := n.Media.ByID(ctx, n.d.Read(), n.pictures[pick(len(n.pictures))])
			if err != nil {
				return err
			}
			n.said++
			p.Credit = fmt.Sprint("Fotografin ", n.said)
			_, err = n.Media.Save(ctx, chief, p)
			return err
		},
		"time": func(context.Context) error {
			n.clock.Advance(oneOf(n, []time.Duration{time.Second, time.Minute, 7 * time.Minute, time.Hour, 9 * time.Hour, 30 * time.Hour, 400 * 24 * time.Hour}...))
			return nil
		},
	}
	maps.Copy(all, n.liveActs())
	return all
}

// TestWhatIsKeptIsTrue: after any sequence of acts every page that readers are shown, kept or not, is
// what is rendered anew.
func TestWhatIsKeptIsTrue(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	if was == checks.DefValue { // each check is a paper of its own, and renders thousands of pages
		if err := checks.Value.Set("1"); err != nil {
			t.Fatal(err)
		}
		defer checks.Value.Set(was) //nolint:errcheck // it was there
	}
	done := map[string]int{}
	dbtest.EachEngine(t, func(t *testing.T, open func(clock.Clock) *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			c := clock.NewStepping(evening)
			n := newsroomOf(newWorld(t, open(c), c))
			n.rand = rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
			acts := n.acts(rt)
			for _, name := range []string{"publish", "publish", "publish", "picture", "publish a translation", "new topic", "publish a translation", "update", "correct", "correct", "update", "details", "withdraw", "begin live", "entry", "entry", "entry"} {
				n.try(name, acts[name](t.Context()))
			}
			for _, name := range everyday {
				for range 50 { // whom it falls upon may have nothing left to correct
					if n.done[name] > 0 {
						break
					}
					n.try(name, acts[name](t.Context()))
				}
			}
			for range 20 {
				name := oneOf(n, often(slices.Sorted(maps.Keys(acts)))...)
				n.try(name, acts[name](t.Context()))
				n.holds(rt, name)
				c.Advance(time.Second)
			}
			for what, times := range n.done {
				done[what] += times
			}
		})
	})
	for _, what := range everyday {
		if done[what] == 0 {
			t.Errorf("nobody could %s: %v", what, done)
		}
	}
}

// everyday are acts that each paper has seen, however the dice fall.
var everyday = []string{"publish", "update", "correct", "details", "withdraw", "entry", "correct an entry", "withdraw an entry"}

// often has what happens most in a newsroom several times.
func often(acts []string) []string {
	return append(slices.Clone(acts), "publish", "publish", "publish", "publish a translation", "publish a translation",
		"update", "correct", "withdraw", "details", "entry", "entry", "entry", "correct an entry")
}
