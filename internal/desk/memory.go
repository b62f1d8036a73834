package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/problem"
	"depesche/internal/web"
)

// memoryView is the translation memory: where a phrase stands in it, and the way in and out.
type memoryView struct {
	frame
	Phrase   field
	From, To field
	Asked    bool
	Rows     []memoryRow
	More     string
	MayEdit  bool
	Report   []string // of an import
	Export   string
}

type memoryRow struct {
	From, To       string
	Source, Target []memoryPiece
	About, Href    string
	Lang, By, At   string
	Delete         string
}

// memoryPiece is a run of text; Found says that it is what was looked for.
type memoryPiece struct {
	Text  string
	Found bool
}

const hitsPerPage = 25

// maxTMX bounds a file that is sent through the browser, in megabytes. Larger ones are for the command.
const maxTMX = 200

func (d *Desk) memory(w http.ResponseWriter, r *http.Request) error {
	return d.showMemory(w, r, nil, nil)
}

func (d *Desk) showMemory(w http.ResponseWriter, r *http.Request, report []string, refused error) error {
	if err := allow(r, actor.Translate, actor.Scope{}); err != nil {
		return err
	}
	query := r.URL.Query()
	v := memoryView{
		frame: d.frame(r, "desk.memory.title", "/desk/translations"), Report: report,
		MayEdit: actor.May(who(r), actor.EditSettings, actor.Scope{}), Asked: query.Has("q") && report == nil,
	}
	from, to := v.memoryPair(query)
	phrase := strings.TrimSpace(query.Get("q"))
	if v.Asked {
		if err := d.addHits(r, &v, from, to, phrase); err != nil {
			if !userError(err) {
				return err
			}
			refused = errors.Join(refused, err)
			v.Asked = false
		}
	}
	v.setErrors(refused)
	choices := langChoices(v.tag, v.paper.Active())
	v.Phrase = field{ID: "q", Label: v.words.T("desk.memory.phrase"), Type: "search", Value: phrase, Required: true, Auto: "off"}.with(v.Errors)
	v.From = selectField("from", v.words.T("desk.memory.from"), from.String(), choices)
	v.To = selectField("to", v.words.T("desk.memory.to"), to.String(), choices)
	v.Export = "/desk/memory.tmx?" + url.Values{"from": {from.String()}, "to": {to.String()}}.Encode()
	return d.show(w, r, statusOf(refused), "memory", v)
}

// memoryPair is the pair that was asked for, or the paper's first two languages.
func (f *frame) memoryPair(query url.Values) (from, to lang.Tag) {
	active := f.paper.Active()
	from, to = f.paper.MainLang, f.paper.MainLang
	for _, t := range active {
		if t != from {
			to = t
			break
		}
	}
	if t := lang.Tag(query.Get("from")); slices.Contains(active, t) {
		from = t
	}
	if t := lang.Tag(query.Get("to")); slices.Contains(active, t) {
		to = t
	}
	return from, to
}

func (d *Desk) addHits(r *http.Request, v *memoryView, from, to lang.Tag, phrase string) error {
	ctx := r.Context()
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 32)
	hits, next, err := d.Memory.Concordance(ctx, d.DB.Read(), memory.Search{From: from, To: to, Phrase: phrase, Before: memory.ID(before), Limit: hitsPerPage})
	if err != nil {
		return err
	}
	names := auditNames{Desk: d, f: &v.frame, told: map[string]auditRow{}}
	back := url.Values{"q": {phrase}, "from": {from.String()}, "to": {to.String()}}
	for _, h := range hits {
		row := memoryRow{
			From: from.String(), To: to.String(), Source: piecesOf(h.Source, h.InSource), Target: piecesOf(h.Target, h.InTarget),
			By: h.ByName, At: v.exactly(h.At), About: h.Imported, Lang: v.UI,
		}
		if h.Edition != "" {
			about := names.about(ctx, "edition:"+string(h.Edition))
			row.About, row.Href, row.Lang = about.About, about.Href, about.Lang
		}
		if v.MayEdit {
			row.Delete = fmt.Sprintf("/desk/memory/%d/delete?%s", h.ID, back.Encode())
		}
		v.Rows = append(v.Rows, row)
	}
	if next != 0 {
		back.Set("before", strconv.FormatInt(int64(next), 10))
		v.More = "/desk/memory?" + back.Encode()
	}
	return nil
}

// piecesOf cuts a text at what was found in it.
func piecesOf(in document.Inline, found [][2]int) []memoryPiece {
	text := in.Plain()
	var out []memoryPiece
	at := 0
	for _, f := range found {
		if f[0] > at {
			out = append(out, memoryPiece{Text: text[at:f[0]]})
		}
		out = append(out, memoryPiece{Text: text[f[0]:f[1]], Found: true})
		at = f[1]
	}
	if at < len(text) {
		out = append(out, memoryPiece{Text: text[at:]})
	}
	return out
}

// importMemory takes a TMX file in and shows what became of it.
func (d *Desk) importMemory(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditSettings, actor.Scope{}); err != nil {
		return err
	}
	r.Body = web.Bound(r.Body, maxTMX<<20)
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "multipart/form-data" {
		return problem.New(problem.Invalid, "problem.invalid")
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return problem.New(problem.Invalid, "problem.tmx_upload", "mb", maxTMX)
		}
		return problem.Wrap(problem.Invalid, "problem.invalid", err)
	}
	defer r.MultipartForm.RemoveAll() //nolint:errcheck // the system cleans its temporary folder
	file, head, err := r.FormFile("file")
	if err != nil {
		var wrong problem.Fields
		wrong.Add("file", "problem.required", "")
		return d.showMemory(w, r, nil, wrong.Err())
	}
	defer file.Close()
	p, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	report, err := d.Memory.Import(r.Context(), who(r), file, memory.ImportOptions{Name: filepath.Base(head.Filename), Langs: p.Active()})
	if err != nil && !userError(err) {
		return err
	}
	return d.showMemory(w, r, d.importTold(r, report), err)
}

// importTold are the lines of a report.
func (d *Desk) importTold(r *http.Request, report memory.ImportReport) []string {
	words := d.Words.In(d.uiLang(r))
	out := []string{words.T("desk.memory.report", "added", report.Added, "changed", report.Changed, "same", report.Unchanged)}
	for _, reason := range slices.Sorted(maps.Keys(report.Reasons)) {
		out = append(out, words.T("desk.memory.left."+string(reason))+": "+strconv.Itoa(report.Reasons[reason]))
	}
	return out
}

func (d *Desk) exportMemory(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditSettings, actor.Scope{}); err != nil {
		return err
	}
	f := d.frame(r, "desk.memory.title", "/desk/translations")
	from, to := f.memoryPair(r.URL.Query())
	w.Header().Set("Content-Type", "application/x-tmx+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("%s-%s.tmx", from, to)}))
	_, err := d.Memory.Export(r.Context(), d.DB.Read(), w, memory.ExportOptions{From: from, To: to})
	return err
}

func (d *Desk) memoryEntry(ctx context.Context, r *http.Request) (memory.Entry, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 32)
	if err != nil {
		return memory.Entry{}, notFound()
	}
	return d.Memory.ByID(ctx, d.DB.Read(), memory.ID(n))
}

// memoryBack is the search that one came from.
func memoryBack(r *http.Request) string {
	q := r.URL.Query()
	return "/desk/memory?" + url.Values{"q": {q.Get("q")}, "from": {q.Get("from")}, "to": {q.Get("to")}}.Encode()
}

func (d *Desk) askMemory(w http.ResponseWriter, r *http.Request, refused error) error {
	if err := allow(r, actor.EditSettings, actor.Scope{}); err != nil {
		return err
	}
	e, err := d.memoryEntry(r.Context(), r)
	if err != nil {
		return err
	}
	name := document.Shorten(e.Source.Plain(), e.From, 80)
	return d.removal(w, r, refused, name, "/desk/translations", "desk.delete.memory", "desk.memory.delete", memoryBack(r), 0)
}

func (d *Desk) deleteMemory(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	e, err := d.memoryEntry(r.Context(), r)
	if err != nil {
		return err
	}
	if err := d.Memory.Delete(r.Context(), who(r), e.ID); err != nil {
		return err
	}
	d.say(w, "desk.said.deleted")
	return web.SeeOther(w, r, memoryBack(r))
}
