package desk

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"depesche/internal/document"
	"depesche/internal/problem"
	"depesche/internal/translate"
	"depesche/internal/translate/xliff"
	"depesche/internal/web"
)

// fileView is where a translation goes out as a file and comes back, with what became of one that did.
type fileView struct {
	frame
	ID, Where, Lang, LangDir, Source, SourceDir string
	ReadOnly                                    bool
	Done                                        bool
	Taken, Same                                 string
	Refused                                     []refusedRow
	Lost                                        []lostRow
}

type refusedRow struct{ N, Source, Text, Now, Why string }

type lostRow struct{ N, Text, Marks string }

func (d *Desk) fileForm(w http.ResponseWriter, r *http.Request) error {
	v, _, err := d.fileView(r)
	if err != nil {
		return err
	}
	return d.show(w, r, http.StatusOK, "file", v)
}

func (d *Desk) fileView(r *http.Request) (fileView, translate.Work, error) {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return fileView{}, translate.Work{}, err
	}
	work, err := d.Translate.Work(r.Context(), d.DB.Read(), ed.ID)
	if err != nil {
		return fileView{}, translate.Work{}, err
	}
	v := fileView{frame: d.frame(r, "desk.file.title", "/desk/translations"), ID: string(ed.ID), ReadOnly: !mayWrite(who(r), ed, s)}
	v.Title = v.words.T("desk.file.title")
	v.Where = work.Source.Headline + ", " + ed.Lang.NameIn(v.tag)
	v.Lang, v.LangDir, v.Source, v.SourceDir = ed.Lang.String(), ed.Lang.Dir(), work.From.String(), work.From.Dir()
	return v, work, nil
}

// takeOut sends the translation as a file.
func (d *Desk) takeOut(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.file.title", "")
	file, err := d.Translate.File(r.Context(), d.DB.Read(), ed.ID, func(row translate.Row) string { return f.kindWord(fieldKind(row)) }, nil)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := xliff.Write(&b, file); err != nil {
		return err
	}
	name := fmt.Sprintf("%d-%s-%s.xlf", s.Number, file.From, file.To)
	w.Header().Set("Content-Type", "application/xliff+xml; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, err = w.Write(b.Bytes())
	return err
}

// bringIn stores a file that comes back, and says what became of it.
func (d *Desk) bringIn(w http.ResponseWriter, r *http.Request) error {
	form := web.ParseForm(w, r, xliff.MaxBytes+1<<20)
	if form != nil && !problem.Is(form, problem.TooMany) {
		return form
	}
	v, work, err := d.fileView(r)
	if err != nil {
		return err
	}
	if form != nil {
		v.setErrors(problem.New(problem.Invalid, "problem.xliff_too_large", "n", xliff.MaxBytes>>20))
		return d.show(w, r, http.StatusUnprocessableEntity, "file", v)
	}
	back, err := d.broughtIn(r, work)
	if err != nil {
		if !userError(err) || problem.Is(err, problem.Forbidden) {
			return err
		}
		v.setErrors(err)
		return d.show(w, r, statusOf(err), "file", v)
	}
	v.report(work, back)
	return d.show(w, r, http.StatusOK, "file", v)
}

func (d *Desk) broughtIn(r *http.Request, work translate.Work) (translate.Returned, error) {
	in, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		var wrong problem.Fields
		wrong.Add("file", "problem.required", "")
		return translate.Returned{}, wrong.Err()
	}
	if err != nil {
		return translate.Returned{}, problem.Wrap(problem.Invalid, "problem.invalid", err)
	}
	defer in.Close() //nolint:errcheck // it was only read
	f, err := xliff.Read(in)
	if err != nil {
		return translate.Returned{}, err
	}
	return d.Translate.BringIn(r.Context(), who(r), work.Edition.ID, f)
}

// report fills in what became of a file; the work is as it was before.
func (v *fileView) report(work translate.Work, back translate.Returned) {
	v.Done = true
	v.Taken = v.words.T("desk.file.taken", "n", len(back.Taken))
	v.Same = v.words.T("desk.file.same", "n", back.Same)
	numbers, rows := map[document.Address]string{}, map[document.Address]translate.Row{}
	for i, row := range work.Rows {
		numbers[row.Address], rows[row.Address] = itoa(i+1), row
	}
	for _, x := range back.Refused {
		row := rows[x.Address]
		v.Refused = append(v.Refused, refusedRow{N: numbers[x.Address], Source: row.Source.Plain(), Text: x.Text.Plain(), Now: row.Target.Plain(), Why: v.words.T("desk." + x.Why)})
	}
	for _, row := range work.Rows {
		lost := back.Lost[row.Address]
		if len(lost) == 0 {
			continue
		}
		var marks []string
		for _, m := range lost {
			marks = append(marks, v.words.T("desk.mark."+string(m.Type)))
		}
		v.Lost = append(v.Lost, lostRow{N: numbers[row.Address], Text: row.Source.Plain(), Marks: strings.Join(marks, ", ")})
	}
}
