package port_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/port"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// world tells all that a paper holds, without what is random in it: everything is called by its name.
func world(t testing.TB, r port.Rooms) string {
	t.Helper()
	w := &teller{t: t, r: r, q: r.DB.Read(), called: map[string]string{}}
	w.names()
	w.stories()
	w.pages()
	w.redirects()
	return w.b.String()
}

type teller struct {
	t      testing.TB
	r      port.Rooms
	q      db.Conn
	b      strings.Builder
	called map[string]string
}

func (w *teller) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// call notes a name and writes it.
func call[N any](w *teller, kind, id string, names map[lang.Tag]N, say func(N) string) {
	var list []string
	for l, n := range names {
		list = append(list, string(l)+" "+say(n))
	}
	sort.Strings(list)
	w.called[id] = strings.Join(list, " | ")
}

func (w *teller) list(kind string, ids []string) {
	var names []string
	for _, id := range ids {
		names = append(names, w.called[id])
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&w.b, "%s: %s\n", kind, n)
	}
}

func (w *teller) names() {
	ctx := w.t.Context()
	sections, err := w.r.Publication.Sections(ctx, w.q)
	w.must(err)
	var ids []string
	for _, s := range sections {
		call(w, "section", string(s.ID), s.Names, func(n publication.Name) string { return n.Name + " /" + n.Slug })
		ids = append(ids, string(s.ID))
	}
	w.list("section", ids)
	topics, err := w.r.Topics.All(ctx, w.q)
	w.must(err)
	ids = nil
	for _, x := range topics {
		call(w, "topic", string(x.ID), x.Names, func(n topic.Name) string { return n.Name + " /" + n.Slug })
		ids = append(ids, string(x.ID))
	}
	w.list("topic", ids)
	authors, err := w.r.People.Authors(ctx, w.q)
	w.must(err)
	ids = nil
	for _, a := range authors {
		call(w, "author", string(a.ID), a.Names, func(n people.AuthorName) string {
			return strings.TrimSpace(n.Name + " /" + n.Slug + " " + n.About)
		})
		ids = append(ids, string(a.ID))
	}
	w.list("author", ids)
}

// all returns the stories by number.
func (w *teller) all() []story.Story {
	var out []story.Story
	for n := int64(0); ; {
		ids, err := w.r.Stories.After(w.t.Context(), w.q, n, 100)
		w.must(err)
		if len(ids) == 0 {
			return out
		}
		for _, id := range ids {
			st, err := w.r.Stories.ByID(w.t.Context(), w.q, id)
			w.must(err)
			out = append(out, st)
			n = st.Number
		}
	}
}

func (w *teller) stories() {
	list := w.all()
	for _, st := range list {
		w.called[string(st.ID)] = fmt.Sprintf("story%d", st.Number)
	}
	for _, st := range list {
		fmt.Fprintf(&w.b, "\n== story %d, %s, original %s, begun %s\n", st.Number, st.Kind, st.OriginalLang, st.Created.Format("2006-01-02 15:04"))
		fmt.Fprintf(&w.b, "section %s\n", w.called[string(st.Section)])
		for _, a := range st.Authors {
			fmt.Fprintf(&w.b, "by %s\n", w.called[string(a)])
		}
		for _, x := range st.Topics {
			fmt.Fprintf(&w.b, "about %s\n", w.called[string(x)])
		}
		editions, err := w.r.Editions.OfStory(w.t.Context(), w.q, st.ID)
		w.must(err)
		for _, e := range editions {
			out := "not out"
			if e.Published != nil {
				out = "out " + e.Published.Format("2006-01-02 15:04") + " as " + e.Slug
			}
			fmt.Fprintf(&w.b, "-- %s, %s, %s, revision %d, %s\n", e.Lang, e.State, e.Made, e.Revision, out)
			w.doc(e.Doc)
		}
	}
}

func (w *teller) doc(d document.Doc) {
	d = document.Rewire(d, document.Wires{Story: func(ref string) string {
		if name := w.called[ref]; name != "" {
			return name
		}
		return "nowhere"
	}, Media: w.media})
	fmt.Fprintf(&w.b, "# %s\n", d.Headline)
	if d.Teaser != "" {
		fmt.Fprintf(&w.b, "teaser: %s\n", d.Teaser)
	}
	if d.Picture != nil {
		fmt.Fprintf(&w.b, "picture: %s\n", document.BlockMarkdown(document.Block{Kind: document.PictureK, Pictures: []document.Picture{*d.Picture}}))
	}
	for _, b := range d.Blocks {
		fmt.Fprintf(&w.b, "[%s] %s\n", b.ID, document.BlockMarkdown(b))
	}
}

// media names a picture by its file.
func (w *teller) media(ref string) string {
	if w.r.Media == nil {
		return ref
	}
	p, err := w.r.Media.ByID(w.t.Context(), w.q, mediaID(ref))
	w.must(err)
	return strings.Map(func(r rune) rune {
		if r == '.' {
			return '-'
		}
		return r
	}, p.FileName)
}

func (w *teller) pages() {
	pages, err := w.r.Publication.AllPages(w.t.Context(), w.q)
	w.must(err)
	slices.SortFunc(pages, func(a, b publication.Page) int { return strings.Compare(string(a.Lang)+a.Slug, string(b.Lang)+b.Slug) })
	for _, p := range pages {
		fmt.Fprintf(&w.b, "\n== page %s/%s (%s): %s\n", p.Lang, p.Slug, p.Key, p.Title)
		w.called[string(p.ID)] = "page " + p.Slug
		d, err := document.Parse(p.Body)
		w.must(err)
		w.doc(d)
	}
}

func (w *teller) redirects() {
	w.b.WriteString("\n")
	for after := ""; ; {
		list, err := w.r.Publication.Redirects(w.t.Context(), w.q, after, 100)
		w.must(err)
		if len(list) == 0 {
			return
		}
		for _, r := range list {
			after = r.Path
			parts := strings.Split(r.Target, ":")
			if len(parts) == 3 {
				parts[1] = w.called[parts[1]]
			}
			fmt.Fprintf(&w.b, "%s -> %s\n", r.Path, strings.Join(parts, " "))
		}
	}
}
