package port

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

const archiveReadme = `This is everything a newsroom run on Depesche has, as of one moment.

  paper.json               the paper: name, languages, look, sections, topics, authors, pages, staff
  stories/<number>/        a story
    story.json             its section, authors, topics, sources, corrections, releases and editions;
                           whether it runs live, or of which running story it is an entry
    <language>.json        an edition's text as a document: the one readers see, of a draft the newest
    <language>.md          the same as Markdown, with what belongs to it in front
    <language>.revisions.jsonl   everything the edition ever said, a revision a line, the first first
  pages/<language>/        static pages: imprint, about …, as documents and as Markdown
  pictures/<id>/           picture.json with credit and words, and the original file
  redirects.jsonl          old addresses and what they lead to
  audit.jsonl              who did what, the newest first

Text is UTF-8. Times are UTC (RFC 3339). Languages are BCP 47 tags. A line of a .jsonl file is a JSON
object. IDs are opaque; the same ID is the same thing everywhere in the archive. A document is a head
(kicker, headline, lead, teaser, picture) and a list of blocks, each with an ID, a kind (paragraph,
heading, list, quotation, picture, gallery, table, factbox, embed, rule) and the fields of its kind;
text is a list of spans with marks. In Markdown, links to media:, story: and source: mean a picture,
a story or a source of this archive. Redirects lead to a path, or to "story:<id>:<language>" and the
like. Passwords and sessions are left out; accounts are listed without them.
`

func pictureOf(p media.Picture) pictureOut {
	out := pictureOut{
		ID: p.ID, FileName: p.FileName, Format: p.Format, Width: p.Width, Height: p.Height, Kind: p.Kind, Credit: p.Credit,
		Focus: [2]int{p.FocusX, p.FocusY}, Crop: p.Crop, UploadedBy: p.UploadedBy, Created: p.Created, Texts: map[lang.Tag]pictureFor{},
	}
	for l, t := range p.Texts {
		out.Texts[l] = pictureFor{Caption: t.Caption, Alt: t.Alt, Credit: t.Credit}
	}
	return out
}

// names are what sections, topics and authors are called, for the heads of Markdown files.
type names struct {
	sections map[publication.SectionID]map[lang.Tag]nameOut
	topics   map[topic.ID]map[lang.Tag]nameOut
	authors  map[people.AuthorID]map[lang.Tag]nameOut
}

// house writes the paper with all that has a name.
func (x *exporter) house(ctx context.Context, q db.Conn) error {
	p, err := x.rooms.Publication.PaperIn(ctx, q)
	if err != nil {
		return err
	}
	x.paper = p
	x.names = names{map[publication.SectionID]map[lang.Tag]nameOut{}, map[topic.ID]map[lang.Tag]nameOut{}, map[people.AuthorID]map[lang.Tag]nameOut{}}
	out := paperOut{
		Depesche: 1, Created: x.now, Name: p.Name, MainLang: p.MainLang, TimeZone: p.TimeZone, BaseURL: p.BaseURL, Look: p.Look, EmbedHosts: orEmpty(p.EmbedHosts),
		Languages: []languageOut{}, Sections: []sectionOut{}, Topics: []topicOut{}, Authors: []authorOut{}, Pages: []pageOut{}, Staff: []staffOut{},
	}
	for _, l := range p.Languages {
		out.Languages = append(out.Languages, languageOut{l.Tag, l.Active, l.Name, l.About, l.MachineOut})
	}
	if err := x.named(ctx, q, &out); err != nil {
		return err
	}
	pages, err := x.rooms.Publication.AllPages(ctx, q)
	if err != nil {
		return err
	}
	for _, pg := range pages {
		o, err := x.page(pg)
		if err != nil {
			return err
		}
		out.Pages = append(out.Pages, o)
	}
	staff, err := x.rooms.People.Staff(ctx)
	if err != nil {
		return err
	}
	for _, s := range staff {
		out.Staff = append(out.Staff, staffOut{s.ID, s.Name, s.Email, s.Role, s.Langs, s.Sections, s.Active, s.Created})
	}
	return x.json("paper.json", out)
}

func (x *exporter) named(ctx context.Context, q db.Conn, out *paperOut) error {
	sections, err := x.rooms.Publication.Sections(ctx, q)
	if err != nil {
		return err
	}
	for _, s := range sections {
		n := map[lang.Tag]nameOut{}
		for l, v := range s.Names {
			n[l] = nameOut{Name: v.Name, Slug: v.Slug}
		}
		x.names.sections[s.ID] = n
		out.Sections = append(out.Sections, sectionOut{s.ID, s.Position, s.Active, n})
	}
	topics, err := x.rooms.Topics.All(ctx, q)
	if err != nil {
		return err
	}
	for _, t := range topics {
		n := map[lang.Tag]nameOut{}
		for l, v := range t.Names {
			n[l] = nameOut{Name: v.Name, Slug: v.Slug}
		}
		x.names.topics[t.ID] = n
		out.Topics = append(out.Topics, topicOut{t.ID, t.Kind, t.Active, n})
	}
	authors, err := x.rooms.People.Authors(ctx, q)
	if err != nil {
		return err
	}
	for _, a := range authors {
		n := map[lang.Tag]nameOut{}
		for l, v := range a.Names {
			n[l] = nameOut{v.Name, v.Slug, v.About}
		}
		x.names.authors[a.ID] = n
		out.Authors = append(out.Authors, authorOut{a.ID, a.StaffID, a.Kind, a.Active, n})
	}
	return nil
}

// describe collects all that is known of a story.
// live says that a story runs live, or that it is an entry of one that does.
func (x *exporter) live(ctx context.Context, q db.Conn, st story.Story, out *storyOut) error {
	if x.rooms.Live == nil {
		return nil
	}
	if st.LiveOf != "" {
		e, err := x.rooms.Live.Entry(ctx, q, st.ID)
		out.Entry = &entryOut{st.LiveOf, e.Happened, e.Pinned}
		return err
	}
	c, err := x.rooms.Live.Of(ctx, q, st.ID)
	if problem.Is(err, problem.NotFound) {
		return nil
	}
	out.Live = &liveOut{c.Began, c.Ended, c.Open}
	return err
}

func (x *exporter) describe(ctx context.Context, q db.Conn, st story.Story, editions []edition.Edition) (storyOut, error) {
	out := storyOut{
		ID: st.ID, Number: st.Number, Kind: st.Kind, Section: st.Section, OriginalLang: st.OriginalLang, Embargo: st.Embargo,
		Authors: orEmpty(st.Authors), Topics: orEmpty(st.Topics), CreatedBy: st.CreatedBy, Created: st.Created, Updated: st.Updated,
		Sources: []sourceOut{}, Corrections: []correctionOut{}, Releases: []releaseOut{}, Editions: []editionOut{},
	}
	for _, s := range st.Sources {
		out.Sources = append(out.Sources, sourceOut{s.ID, s.Kind, s.Name, s.URL, s.Lang, s.Date, s.Accessed, s.Texts})
	}
	if x.rooms.Corrections != nil {
		list, err := x.rooms.Corrections.All(ctx, q, st.ID)
		if err != nil {
			return out, err
		}
		for _, c := range list {
			out.Corrections = append(out.Corrections, correctionOut{c.ID, c.Edition, c.Lang, c.At, c.Prominent, c.Text})
		}
	}
	if err := x.live(ctx, q, st, &out); err != nil {
		return out, err
	}
	if err := x.releases(ctx, q, st, &out); err != nil {
		return out, err
	}
	for _, e := range editions {
		o := editionOut{
			ID: e.ID, Lang: e.Lang, State: e.State, Made: e.Made, Headline: e.Headline, Slug: e.Slug, Translator: e.Translator,
			Revision: e.Revision, PublishedRev: e.PublishedRev, FirstPublished: e.FirstPublished, Published: e.Published, Updated: e.Updated,
			Scheduled: e.Scheduled, Withdrawn: e.Withdrawn, WithdrawnWhy: e.WithdrawnWhy, Saved: e.Saved,
		}
		if e.Lang != st.OriginalLang {
			var err error
			if o.Units, err = units(ctx, q, e.ID); err != nil {
				return out, err
			}
			if o.Checks, err = checks(ctx, q, e.ID); err != nil {
				return out, err
			}
		}
		out.Editions = append(out.Editions, o)
	}
	return out, nil
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (x *exporter) releases(ctx context.Context, q db.Conn, st story.Story, out *storyOut) error {
	if x.rooms.Releases == nil {
		return nil
	}
	list, err := x.rooms.Releases.History(ctx, q, st.ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		o := releaseOut{
			ID: string(r.ID), Act: string(r.Act), Due: r.Due, Done: r.Done, Cancelled: r.Cancelled, Why: r.Why,
			By: r.ByID, ByName: r.ByName, Created: r.Created, Editions: []partOut{},
		}
		for _, p := range r.Editions {
			o.Editions = append(o.Editions, partOut{p.Edition, p.Lang, p.Revision})
		}
		for _, v := range r.Overrides {
			o.Overrides = append(o.Overrides, overrideOut{v.Edition, v.Code, v.Address, v.Reason, v.ByID, v.ByName})
		}
		out.Releases = append(out.Releases, o)
	}
	return nil
}

// units are what translators said of a translation's segments, as they are stored: translate's own
// reading computes from them what is stale now, which an archive can't know later.
func units(ctx context.Context, q db.Conn, e edition.ID) ([]unitOut, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT address, source_id, source_rev, target_rev, answer, reason, by_id, at FROM unit
		WHERE edition_id = $1 ORDER BY address`, e)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (u unitOut, err error) {
		var at db.Time
		err = r.Scan(&u.Address, &u.Source, &u.SourceRev, &u.TargetRev, &u.Answer, &u.Reason, &u.By, &at)
		u.At = at.Time
		return u, err
	})
	if err != nil {
		return nil, fmt.Errorf("units of edition %s: %w", e, err)
	}
	return list, nil
}

func checks(ctx context.Context, q db.Conn, e edition.ID) ([]checkOut, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT revision, by_id, by_name, at FROM revision_check WHERE edition_id = $1 ORDER BY revision`, e)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (c checkOut, err error) {
		var at db.Time
		err = r.Scan(&c.Revision, &c.By, &c.ByName, &at)
		c.At = at.Time
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("checks of edition %s: %w", e, err)
	}
	return list, nil
}

// markdown is an edition's text with what belongs to it in front, as YAML.
func (x *exporter) markdown(st story.Story, e editionOut, d document.Doc) []byte {
	var b bytes.Buffer
	b.WriteString("---\n")
	field := func(key string, v any) {
		if s, ok := v.(string); ok && s == "" {
			return
		}
		if t, ok := v.(*time.Time); ok {
			if t == nil {
				return
			}
			v = t.UTC().Format(time.RFC3339)
		}
		j, err := json.Marshal(v) // JSON is YAML
		if err == nil {
			fmt.Fprintf(&b, "%s: %s\n", key, j)
		}
	}
	field("story", st.Number)
	field("lang", e.Lang)
	field("state", e.State)
	field("made", e.Made)
	field("headline", d.Headline)
	field("kicker", d.Kicker)
	field("teaser", d.Teaser)
	field("slug", cmp.Or(e.Slug, d.Slug))
	field("section", nameIn(x.names.sections[st.Section], e.Lang))
	field("authors", namesIn(x.names.authors, st.Authors, e.Lang))
	field("topics", namesIn(x.names.topics, st.Topics, e.Lang))
	field("translator", e.Translator)
	field("published", e.Published)
	field("updated", e.Updated)
	field("withdrawn", e.Withdrawn)
	for i, s := range st.Sources {
		if i == 0 {
			b.WriteString("sources:\n")
		}
		j, err := json.Marshal(map[string]string{"id": s.ID, "name": s.Name, "url": s.URL, "title": s.Texts[e.Lang].Title, "claim": s.Texts[e.Lang].Claim})
		if err == nil {
			fmt.Fprintf(&b, "  - %s\n", j)
		}
	}
	b.WriteString("---\n\n# " + oneLine(d.Headline) + "\n")
	if len(d.Lead) > 0 {
		b.WriteString("\n" + document.InlineMarkdown(d.Lead) + "\n")
	}
	if d.Picture != nil {
		b.WriteString("\n" + document.BlockMarkdown(document.Block{Kind: document.PictureK, Pictures: []document.Picture{*d.Picture}}) + "\n")
	}
	if len(d.Blocks) > 0 {
		b.WriteString("\n" + document.Markdown(d.Blocks) + "\n")
	}
	return b.Bytes()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// nameIn returns the name in the language, else in any.
func nameIn(m map[lang.Tag]nameOut, l lang.Tag) string {
	if n, ok := m[l]; ok {
		return n.Name
	}
	for _, l := range sortedKeys(m) {
		return m[l].Name
	}
	return ""
}

func namesIn[T comparable](all map[T]map[lang.Tag]nameOut, ids []T, l lang.Tag) []string {
	out := []string{}
	for _, id := range ids {
		if n := nameIn(all[id], l); n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
