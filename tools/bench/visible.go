package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"depesche/internal/actor"
	"depesche/internal/app"
	"depesche/internal/check"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	pages "depesche/internal/page"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/tools/figures"
	"depesche/tools/serving"
)

const (
	// shown is how many stories go out while it is measured, of a paper of so many.
	shown, shownOf = 200, 2000
	// between is how long it is from one to the next.
	between = 500 * time.Millisecond
	// longestHidden is when it is given up.
	longestHidden = 10 * time.Second
)

// shownIn are the languages that each of them goes out in.
var shownIn = []lang.Tag{"de", "uk", "en"}

// visible measures how soon a release is seen in all its languages, while the nodes are asked for as much as
// they can answer.
func visible(ctx context.Context, bin, dir string) (rows []figures.Row, err error) {
	if missing := lacks("wrk"); missing != "" {
		return []figures.Row{{"publish to visible", "", "not run here: " + missing + " is missing"}}, nil
	}
	for _, d := range figures.Databases() {
		nodes := 1
		if d.URL != "" {
			nodes = 2
		}
		more, err := visibleOn(ctx, bin, filepath.Join(dir, "visible-"+d.Name), d, nodes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func visibleOn(ctx context.Context, bin, dir string, d figures.Database, nodes int) (rows []figures.Row, err error) {
	args := []string{"fill", "--data", dir, "--stories", strconv.Itoa(shownOf), "--languages", "de,uk,en"}
	if d.URL != "" {
		args = append(args, "--database", d.URL)
	}
	if out, err := exec.CommandContext(ctx, bin, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("fill: %w\n%s", err, out)
	}
	_, paths, err := articlesOf(ctx, dir, d.URL)
	if err != nil {
		return nil, err
	}
	list := slices.Concat(paths, slices.Repeat([]string{"/de/", "/uk/", "/en/", "/de/feed.rss"}, len(paths)/40))
	lua, err := script(dir, list)
	if err != nil {
		return nil, err
	}
	var at []*node
	defer func() {
		for _, n := range at {
			err = errors.Join(err, n.Stop())
		}
	}()
	for i := range nodes {
		folder := dir
		if i > 0 {
			folder += "-" + strconv.Itoa(i)
		}
		n, err := nodeOf(ctx, folder, d.URL)
		if err != nil {
			return nil, err
		}
		at = append(at, n)
	}
	r, err := reporterOf(ctx, at[0].App)
	if err != nil {
		return nil, err
	}
	load, enough := context.WithCancel(ctx)
	loads := loaded(load, at, lua)
	took, acted := make([][]time.Duration, nodes), []time.Duration(nil)
	for i := range shown {
		act, seen, err := r.shows(ctx, i, at)
		if err != nil {
			enough()
			return nil, errors.Join(err, loads.Wait())
		}
		acted = append(acted, act)
		for n := range seen {
			took[n] = append(took[n], seen[n])
		}
		time.Sleep(between)
	}
	enough()
	if err := loads.Wait(); err != nil {
		return nil, err
	}
	what := fmt.Sprintf("publish to visible, %s, %d stories in %d languages, under full load: ", d.Name, shown, len(shownIn))
	rows = append(rows, figures.Row{what + "the release itself, median; 99 in 100", "", both(acted)})
	for n := range took {
		where, reach := "in page, front, feed and sitemaps of the node that took it, from before the release; median; 99 in 100", "99 in 100 under 50 ms"
		if n > 0 {
			where, reach = "the same of another node", "99 in 100 under 1 s"
		}
		rows = append(rows, figures.Row{what + where, reach, both(took[n])})
	}
	return rows, nil
}

func both(took []time.Duration) string {
	return figures.Ms(figures.Median(took)) + "; " + figures.Ms(figures.Quantile(took, 0.99))
}

// node is a newsroom that serves, and who asks it.
type node struct {
	*serving.House
	open *http.Client
}

func nodeOf(ctx context.Context, data, database string) (*node, error) {
	cfg := config.Default(data)
	cfg.Database, cfg.LogLevel = database, "error"
	h, err := serving.Start(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &node{h, &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: 5 * len(shownIn)},
	}}, nil
}

// waiting is who asks meanwhile.
type waiting struct {
	sync.WaitGroup
	mu  sync.Mutex
	err error
}

// Wait says what went wrong with those who asked.
func (w *waiting) Wait() error {
	w.WaitGroup.Wait()
	return w.err
}

// loaded lets wrk ask each node for pages until ctx ends.
func loaded(ctx context.Context, at []*node, lua string) *waiting {
	w := &waiting{}
	for _, n := range at {
		w.Go(func() {
			for ctx.Err() == nil {
				s := server{name: "ours", addr: n.Addr}
				if _, err := s.mix(ctx, lua, 5); err != nil && ctx.Err() == nil {
					w.mu.Lock()
					w.err = errors.Join(w.err, err)
					w.mu.Unlock()
					return
				}
			}
		})
	}
	return w
}

// reporter brings stories out.
type reporter struct {
	*app.App
	who     actor.Actor
	section publication.SectionID
	author  people.AuthorID
}

func reporterOf(ctx context.Context, a *app.App) (*reporter, error) {
	r := &reporter{App: a, who: actor.Actor{ID: "bench", Name: "Bench", Role: string(actor.Chief), UILang: "de"}}
	sections, err := a.Publication.Sections(ctx, a.DB.Read())
	if err != nil {
		return nil, err
	}
	authors, err := a.People.Authors(ctx, a.DB.Read())
	if err != nil {
		return nil, err
	}
	if len(sections) == 0 || len(authors) == 0 {
		return nil, errors.New("the paper has no section or no author")
	}
	r.section, r.author = sections[0].ID, authors[0].ID
	return r, nil
}

// shows brings a story out and asks each node until it is seen there in all languages. Both are counted from
// before the release.
func (r *reporter) shows(ctx context.Context, i int, at []*node) (act time.Duration, seen []time.Duration, err error) {
	cmd, number, err := r.write(ctx, i)
	if err != nil {
		return 0, nil, err
	}
	began := time.Now()
	if _, err := r.Releases.Act(ctx, r.who, cmd); err != nil {
		return 0, nil, err
	}
	act = time.Since(began)
	seen = make([]time.Duration, len(at))
	errs := make([]error, len(at))
	var all sync.WaitGroup
	for n := range at {
		all.Go(func() {
			errs[n] = at[n].seen(ctx, number, i)
			seen[n] = time.Since(began)
		})
	}
	all.Wait()
	return act, seen, errors.Join(errs...)
}

func headline(i int, l lang.Tag) string { return fmt.Sprintf("Bench %d %s", i, l) }

func slug(i int) string { return fmt.Sprintf("bench-%d", i) }

// write writes a story in all languages and says what brings it out.
func (r *reporter) write(ctx context.Context, i int) (cmd release.Command, number int64, err error) {
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		st, err := r.Stories.CreateTx(ctx, tx, r.who, story.NewStory{Kind: story.News, OriginalLang: "de", Section: r.section, Authors: []people.AuthorID{r.author}})
		if err != nil {
			return err
		}
		cmd.Story, number = st.ID, st.Number
		for _, l := range shownIn {
			doc := document.Doc{Headline: headline(i, l), Slug: slug(i), Lead: document.Text("Vor dem Winter soll alles fertig sein.")}
			for b := range 12 {
				doc.Blocks = append(doc.Blocks, document.Block{ID: document.ID("b" + strconv.Itoa(b)), Kind: document.Paragraph, Text: document.Text(strings.Repeat("Der Rat beschloss, die Brücken zu reparieren. ", 4))})
			}
			if _, _, err := r.Editions.Import(ctx, tx, r.who, edition.Imported{Story: st.ID, Lang: l, Doc: doc, Why: "bench"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return cmd, 0, err
	}
	cmd.Act = release.Publish
	list, err := r.Releases.Checklist(ctx, r.DB.Read(), cmd.Story)
	if err != nil {
		return cmd, 0, err
	}
	for _, e := range list.Editions {
		cmd.Editions = append(cmd.Editions, release.Choice{Edition: e.Edition.ID, Version: e.Edition.Version})
		for _, f := range e.Findings {
			if f.Severity == check.Warn {
				cmd.Override = append(cmd.Override, release.Override{Edition: e.Edition.ID, Code: f.Code, Address: f.Address, Reason: "bench"})
			}
		}
	}
	return cmd, number, nil
}

// seen asks for everything that must show the story, all at once, each until it does.
func (n *node) seen(ctx context.Context, number int64, i int) error {
	ctx, cancel := context.WithTimeout(ctx, longestHidden)
	defer cancel()
	var all errgroup.Group
	for _, l := range shownIn {
		path := pages.ArticlePath(l, number, slug(i))
		for _, look := range [][2]string{
			{path, headline(i, l)}, {pages.FrontPath(l), path}, {pages.FrontPath(l) + "feed.rss", path}, {"/sitemap-news.xml", path}, {sitemap, path},
		} {
			all.Go(func() error { return n.tells(ctx, look[0], look[1]) })
		}
	}
	return all.Wait()
}

// sitemap stands for the part of it that has the newest stories.
const sitemap = "/sitemap.xml"

var sitemapPart = regexp.MustCompile(`/sitemap-\d+\.xml`)

func (n *node) tells(ctx context.Context, path, what string) error {
	for {
		status, b, err := n.get(ctx, path)
		if parts := sitemapPart.FindAll(b, -1); path == sitemap && len(parts) > 0 && err == nil {
			status, b, err = n.get(ctx, string(parts[len(parts)-1]))
		}
		if err != nil {
			return fmt.Errorf("%s doesn't show %q: %w", path, what, err)
		}
		if status == http.StatusOK && bytes.Contains(b, []byte(what)) {
			return nil
		}
	}
}

// get asks as readers do, compressed.
func (n *node) get(ctx context.Context, path string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.Addr+path, nil)
	if err != nil {
		return 0, nil, err
	}
	res, err := n.open.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, body, err
}
