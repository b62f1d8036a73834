package memory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/memory/tmx"
	"depesche/internal/problem"
)

// batch is how many pairs are written in one transaction: enough to be quick, since those of a batch
// that share a page of the index write it once, and few enough that others who write wait a second or two.
const batch = 8000

// maxName bounds the name of an import, in characters.
const maxName = 120

// ImportOptions say what is taken from a TMX file.
type ImportOptions struct {
	// Name is the memory's: units of the same number under the same name replace each other.
	Name string
	// Langs are the paper's languages. A file's en-GB is our en if the paper has no en-GB.
	Langs []lang.Tag
	// From and To limit what is taken to one pair; "" to all.
	From, To lang.Tag
	// Progress is told how many bytes were read. May be nil.
	Progress func(read int64)
}

// ImportReport says what became of a file.
type ImportReport struct {
	Units                     int // in the file
	Added, Changed, Unchanged int // pairs
	// Reasons counts what was left out.
	Reasons tmx.Reasons
}

// Import takes in a TMX file. The same file again changes nothing, and a newer one changes what changed.
//
// Each unit is remembered for each pair of its source language and another; where any language may be
// the source, for all pairs. It is written in transactions of some thousand pairs: who breaks it off
// keeps those that are whole, and begins again without harm. An error comes with the report of what
// was taken in before.
func (s *Service) Import(ctx context.Context, a actor.Actor, file io.Reader, o ImportOptions) (ImportReport, error) {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return ImportReport{}, problem.New(problem.Forbidden, "problem.forbidden")
	}
	if r := []rune(o.Name); len(r) > maxName {
		o.Name = string(r[:maxName])
	}
	counted := &counter{r: file}
	in := importing{service: s, o: o, file: tmx.NewReader(counted)}
	in.report.Reasons = in.file.Reasons
	err := in.all(ctx, func() {
		if o.Progress != nil {
			o.Progress(counted.n)
		}
	})
	if in.report.Added+in.report.Changed > 0 {
		// Broken off or not, what came in came in.
		aerr := s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			return audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "memory.import", Subject: "memory:" + o.Name, Detail: map[string]any{
				"name": o.Name, "added": in.report.Added, "changed": in.report.Changed,
			}})
		})
		err = errors.Join(err, aerr)
	}
	if err != nil {
		return in.report, fmt.Errorf("import of %s: %w", o.Name, err)
	}
	return in.report, nil
}

type importing struct {
	service *Service
	o       ImportOptions
	file    *tmx.Reader
	waiting []row
	report  ImportReport
}

func (in *importing) all(ctx context.Context, progress func()) error {
	for {
		u, err := in.file.Next()
		if errors.Is(err, io.EOF) {
			err = in.write(ctx)
			progress()
			return err
		}
		if err != nil {
			// What stands before the fault is good.
			return errors.Join(err, in.write(ctx))
		}
		in.report.Units++
		in.add(u)
		if len(in.waiting) >= in.service.batch {
			if err := in.write(ctx); err != nil {
				return err
			}
			progress()
		}
	}
}

func (in *importing) write(ctx context.Context) error {
	if len(in.waiting) == 0 {
		return nil
	}
	var got kept
	err := in.service.db.Write(ctx, func(tx *db.Tx) (err error) {
		rows := slices.Clone(in.waiting)
		for i := range rows {
			if rows[i].At.IsZero() {
				rows[i].At = tx.Now()
			}
		}
		got, err = in.service.keep(ctx, tx, rows)
		return err
	})
	if err != nil {
		return err
	}
	in.report.Added += got.added
	in.report.Changed += got.changed
	in.report.Unchanged += got.unchanged
	in.waiting = in.waiting[:0]
	return nil
}

// add makes pairs of a unit.
func (in *importing) add(u tmx.Unit) {
	reasons := in.file.Reasons
	texts := map[lang.Tag]tmx.Variant{}
	for _, v := range u.Variants {
		l, ok := in.fold(v.Lang)
		if !ok {
			reasons[tmx.Language]++
			continue
		}
		if _, ok := texts[l]; ok {
			reasons[tmx.Double]++
			continue
		}
		texts[l] = v
	}
	if len(texts) < 2 {
		reasons[tmx.Single]++
		return
	}
	langs := slices.Sorted(maps.Keys(texts))
	sources := langs
	if u.Source != "" && u.Source != tmx.All {
		l, ok := in.fold(u.Source)
		if _, has := texts[l]; !ok || !has {
			reasons[tmx.NoSource]++
			return
		}
		sources = []lang.Tag{l}
	}
	for _, from := range sources {
		for _, to := range langs {
			if from != to && (in.o.From == "" || in.o.From == from) && (in.o.To == "" || in.o.To == to) {
				in.waiting = append(in.waiting, in.row(u, from, to, texts))
			}
		}
	}
}

func (in *importing) row(u tmx.Unit, from, to lang.Tag, texts map[lang.Tag]tmx.Variant) row {
	r := row{Entry: Entry{
		From: from, To: to, Source: texts[from].Text, Target: texts[to].Text, Imported: in.o.Name, ByName: u.By, At: u.Changed,
	}}
	if r.At.IsZero() {
		r.At = u.Created
	}
	if name := []rune(r.ByName); len(name) > maxName {
		r.ByName = string(name[:maxName])
	}
	id := []string{"tmx", in.o.Name, u.ID, string(from), string(to)}
	if u.ID == "" {
		id = append(id, Normal(r.Source.Plain()), Normal(r.Target.Plain()))
	}
	r.same = int64(hash(id...)) //nolint:gosec // the bits count
	return r
}

// fold returns the paper's language that a file's is. Without languages of a paper it is the file's.
func (in *importing) fold(s string) (lang.Tag, bool) {
	t, err := lang.Parse(s)
	if err != nil {
		return "", false
	}
	if len(in.o.Langs) == 0 || slices.Contains(in.o.Langs, t) {
		return t, true
	}
	if slices.Contains(in.o.Langs, t.Base()) {
		return t.Base(), true
	}
	for _, l := range in.o.Langs {
		if l.Base() == t.Base() && l.Script() == t.Script() {
			return l, true
		}
	}
	return "", false
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
