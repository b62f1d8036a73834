package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/story"
	"depesche/internal/web"
)

type revisionsView struct {
	frame
	ID, Where, Headline, Lang, Older string
	Revisions                        []revisionRow
}

const revisionsPerPage = 50

func (d *Desk) revisions(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	revs, err := d.Editions.Revisions(r.Context(), d.DB.Read(), ed.ID, before, revisionsPerPage+1)
	if err != nil {
		return err
	}
	v := revisionsView{frame: d.frame(r, "desk.revisions", "/desk/stories"), ID: string(ed.ID), Headline: ed.Headline, Lang: ed.Lang.String()}
	v.Where = v.where(s, ed)
	if len(revs) > revisionsPerPage {
		revs = revs[:revisionsPerPage]
		v.Older = r.URL.Path + "?" + url.Values{"before": {strconv.FormatInt(revs[len(revs)-1].Number, 10)}}.Encode()
	}
	v.Revisions = revisionRows(&v.frame, revs, ed)
	for i := range v.Revisions {
		v.Revisions[i].OnB, v.Revisions[i].OnA = i == 0, i == 1
	}
	return d.show(w, r, http.StatusOK, "revisions", v)
}

// where names the story and the language above a screen's title.
func (f *frame) where(s story.Story, ed edition.Edition) string {
	return f.words.T("desk.story.n", "n", strconv.FormatInt(s.Number, 10)) + ", " + ed.Lang.NameIn(f.tag)
}

type compareView struct {
	frame
	ID, Where, Lang, TextDir string
	A                        int64
	MayRestore               bool
	Changes                  []changeRow
}

type changeRow struct {
	Kind, Label, Change string
	Parts               [][]document.Op
}

func (d *Desk) compare(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	a, _ := strconv.ParseInt(r.URL.Query().Get("a"), 10, 64)
	b, _ := strconv.ParseInt(r.URL.Query().Get("b"), 10, 64)
	if a > b {
		a, b = b, a
	}
	changes, err := d.Editions.Compare(r.Context(), d.DB.Read(), ed.ID, a, b)
	if err != nil {
		return err
	}
	v := compareView{frame: d.frame(r, "desk.compare", "/desk/stories"), ID: string(ed.ID), Lang: ed.Lang.String(), TextDir: ed.Lang.Dir(), A: a}
	v.Title = v.words.T("desk.compare.title", "a", strconv.FormatInt(a, 10), "b", strconv.FormatInt(b, 10))
	v.Where, v.MayRestore = v.where(s, ed), mayWrite(who(r), ed, s)
	for _, c := range changes {
		if c.Change == document.Same && !c.Moved {
			continue
		}
		if c.ID == "" {
			for _, seg := range c.Segments {
				if seg.Differs() {
					v.Changes = append(v.Changes, changeRow{Kind: string(seg.Field), Change: "changed", Label: v.kindWord(string(seg.Field)), Parts: [][]document.Op{seg.Ops}})
				}
			}
			if slices.Contains(c.Fields, "picture") {
				v.Changes = append(v.Changes, changeRow{Kind: "picture", Change: "changed", Label: v.kindWord("picture"), Parts: [][]document.Op{{{Kind: document.OpEqual, Text: v.words.T("desk.compare.picture")}}}})
			}
			continue
		}
		row := changeRow{Kind: string(c.Kind), Change: string(c.Change), Label: v.kindWord(string(c.Kind))}
		if c.Moved && c.Change == document.Same {
			row.Change = "moved"
		}
		for _, seg := range c.Segments {
			row.Parts = append(row.Parts, seg.Ops)
		}
		if len(c.Segments) == 0 && c.New != nil {
			row.Parts = [][]document.Op{{{Kind: document.OpEqual, Text: document.BlockMarkdown(*c.New)}}}
		}
		v.Changes = append(v.Changes, row)
	}
	return d.show(w, r, http.StatusOK, "compare", v)
}

// kindWords are the words of those kinds and fields that have none of their own in a text's margin.
var kindWords = map[string]string{
	string(document.Heading): "desk.kind.heading", string(document.FieldText): "island.label_paragraph", string(document.FieldItem): "island.label_list",
	string(document.FieldCell): "island.label_table", string(document.FieldTitle): "island.label_headline", string(document.FieldSpeaker): "island.speaker",
	string(document.FieldOriginal): "island.original", string(document.FieldCaption): "island.empty_caption", string(document.FieldAlt): "island.alt",
	string(document.FieldCredit): "island.credit",
}

// kindWord names a block's kind or a segment's field in the margin of a text, in short.
func (f *frame) kindWord(kind string) string {
	if key, ok := kindWords[kind]; ok {
		return f.words.T(key)
	}
	return f.words.T("island.label_" + kind)
}

type revisionView struct {
	frame
	ID, Where, Lang, TextDir string
	N                        int64
	MayRestore               bool
	Parts                    []partRow
}

type partRow struct {
	Kind, Label string
	Level       int
	Texts       []string
}

func (d *Desk) revision(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	n, _ := strconv.ParseInt(r.PathValue("n"), 10, 64)
	doc, err := d.Editions.RevisionDoc(r.Context(), d.DB.Read(), ed.ID, n)
	if err != nil {
		return err
	}
	v := revisionView{frame: d.frame(r, "desk.revisions", "/desk/stories"), ID: string(ed.ID), N: n, Lang: ed.Lang.String(), TextDir: ed.Lang.Dir()}
	v.Title = v.words.T("desk.revision.n", "n", strconv.FormatInt(n, 10))
	v.Where, v.MayRestore = v.where(s, ed), mayWrite(who(r), ed, s) && n != ed.Revision
	v.Parts = docParts(&v.frame, doc)
	return d.show(w, r, http.StatusOK, "revision", v)
}

// docParts is a document to look at: each block with its kind and its texts.
func docParts(f *frame, doc document.Doc) []partRow {
	var out []partRow
	at := map[string]int{}
	for _, seg := range document.Segments(doc) {
		block := string(seg.Block)
		text := seg.Text.Plain()
		if strings.TrimSpace(text) == "" {
			continue
		}
		kind := string(seg.Kind)
		if seg.Block == "" || seg.Kind == "" {
			kind, block = string(seg.Field), string(seg.Address)
		}
		i, ok := at[block]
		if !ok {
			i = len(out)
			at[block] = i
			out = append(out, partRow{Kind: kind, Label: f.kindWord(kind)})
		}
		out[i].Texts = append(out[i].Texts, text)
	}
	for _, b := range doc.Blocks {
		if i, ok := at[string(b.ID)]; ok {
			out[i].Level = b.Level
		}
	}
	return out
}

type restoreView struct {
	frame
	ID string
	N  int64
}

func (d *Desk) restoreForm(w http.ResponseWriter, r *http.Request) error {
	ed, _, err := d.editionOf(r)
	if err != nil {
		return err
	}
	n, _ := strconv.ParseInt(r.PathValue("n"), 10, 64)
	v := restoreView{frame: d.frame(r, "desk.revisions", "/desk/stories"), ID: string(ed.ID), N: n}
	v.Title = v.words.T("desk.restore.title", "n", strconv.FormatInt(n, 10))
	return d.show(w, r, http.StatusOK, "restore", v)
}

func (d *Desk) restore(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	n, _ := strconv.ParseInt(r.PathValue("n"), 10, 64)
	f := d.frame(r, "desk.revisions", "")
	why := f.words.T("desk.restore.why", "n", strconv.FormatInt(n, 10))
	if _, err := d.Editions.Restore(r.Context(), who(r), edition.ID(r.PathValue("id")), n, why); err != nil {
		return err
	}
	d.say(w, "desk.said.restored", "n", strconv.FormatInt(n, 10))
	return web.SeeOther(w, r, "/desk/editions/"+r.PathValue("id"))
}

func itoa(n int) string { return strconv.Itoa(n) }
