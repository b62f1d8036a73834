package register

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Format is how a register is written into a file.
type Format string

// The formats. TBX is written as ISO 30042:2019, style DCA, dialect Basic; read are DCT and the
// TBX-Basic of 2008 (martif), too.
const (
	CSV Format = "csv"
	TBX Format = "tbx"
)

// The bounds of a file: bytes, and entries.
const (
	maxFile    = 64 << 20
	maxEntries = 100_000
)

// Report says what became of a file.
type Report struct {
	Read, New, Changed, Same int
	// Remarks are what wasn't understood, the first of each sort and place.
	Remarks []Remark
	// More are how many further remarks there were.
	More int
}

// Remark is something of a file that wasn't understood: a word key with its arguments, and the line.
type Remark struct {
	Line int
	Key  string
	Args []any
}

const maxRemarks = 200

// remarks collects remarks, those about the same thing once.
type remarks struct {
	list []Remark
	seen map[string]bool
	more int
}

func (r *remarks) add(line int, key string, args ...any) {
	what := key + fmt.Sprint(args...)
	if r.seen[what] {
		return
	}
	if len(r.list) >= maxRemarks {
		r.more++
		return
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	r.seen[what] = true
	r.list = append(r.list, Remark{line, key, args})
}

// problems of a file as a whole.
func badFile(key string, args ...any) error { return problem.New(problem.Invalid, key, args...) }

// limited fails where a file is too large, instead of ending it early.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, problem.New(problem.TooMany, "problem.too_large")
	}
	return n, err
}

// read reads a file of either format and calls each for its entries, which aren't tidy yet.
func read(file io.Reader, rem *remarks, each func(e Entry, line int) error) error {
	in, wide, err := decoded(bufio.NewReader(&limited{file, maxFile}))
	if err != nil {
		return err
	}
	start, err := in.Peek(4096)
	if err != nil && err != io.EOF { //nolint:errorlint // bufio says it plainly
		return err
	}
	start = bytes.TrimLeft(start, " \r\n\t")
	if bytes.HasPrefix(start, []byte("<")) {
		return readTBX(in, wide, rem, each)
	}
	return readCSV(in, rem, each)
}

// Import takes in a file of names and terms, CSV or TBX. An entry is known again by its ID, then by
// language, spelling and kind, unless the notes say that somebody else is meant; what the file says in
// a language takes the place of what was there, and other languages stay. Taking in the same file
// again changes nothing. What can't be taken is left out and stands in the report. A language that is
// none of the paper's is taken for the one of them that it is a variety of: en-US for en.
func (s *Service) Import(ctx context.Context, a actor.Actor, file io.Reader, paper []lang.Tag) (Report, error) {
	if !MayEdit(a) {
		return Report{}, forbidden()
	}
	var out Report
	var rem remarks
	var batch []lined
	flush := func() error {
		list := batch
		batch = nil
		return s.take(ctx, a, list, &out, &rem)
	}
	err := read(file, &rem, func(e Entry, line int) error {
		if out.Read++; out.Read > maxEntries {
			return badFile("problem.too_many", "n", maxEntries)
		}
		e.Words = inPaper(e.Words, paper)
		if batch = append(batch, lined{e, line}); len(batch) >= 200 {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	out.Remarks, out.More = rem.list, rem.more
	if err != nil {
		return out, fmt.Errorf("import into the register: %w", err)
	}
	return out, nil
}

// inPaper puts words under the paper's own tags.
func inPaper(words map[lang.Tag]Word, paper []lang.Tag) map[lang.Tag]Word {
	out := make(map[lang.Tag]Word, len(words))
	for l, w := range words {
		if slices.Contains(paper, l) {
			out[l] = w
		}
	}
	langs := Entry{Words: words}.Langs()
	for _, l := range langs {
		to := l
		if base := l.Base(); !slices.Contains(paper, l) && slices.Contains(paper, base) {
			to = base
		}
		if _, taken := out[to]; !taken {
			out[to] = words[l]
		}
	}
	return out
}

// lined is an entry with the line of the file that it begins in.
type lined struct {
	Entry
	line int
}

// take stores entries of a file in one transaction.
func (s *Service) take(ctx context.Context, a actor.Actor, list []lined, out *Report, rem *remarks) error {
	var ready []lined
	for _, x := range list {
		e, err := tidy(x.Entry)
		if err != nil {
			for _, f := range problem.FieldsOf(err) {
				rem.add(x.line, "register.remark.refused", "entry", x.Title("", ""), "field", f.Name)
			}
			continue
		}
		ready = append(ready, lined{e, x.line})
	}
	if len(ready) == 0 {
		return nil
	}
	var made, changed, same int
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		made, changed, same = 0, 0, 0
		for _, x := range ready {
			what, err := s.takeOne(ctx, tx, a, x.Entry)
			if err != nil {
				return err
			}
			switch what {
			case isNew:
				made++
			case isChanged:
				changed++
			case isSame:
				same++
			}
		}
		if made+changed == 0 {
			return nil
		}
		detail := map[string]int{"new": made, "changed": changed}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "register.import", Subject: "register", Detail: detail}); err != nil {
			return err
		}
		return s.changed(ctx, tx, "register")
	})
	out.New, out.Changed, out.Same = out.New+made, out.Changed+changed, out.Same+same
	return err
}

type fate int

const (
	isNew fate = iota
	isChanged
	isSame
)

func (s *Service) takeOne(ctx context.Context, tx *db.Tx, a actor.Actor, e Entry) (fate, error) {
	old, ok, taken, err := s.known(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	if !ok {
		if !isOurs(string(e.ID)) || taken {
			e.ID = ID(id.New(tx.Now()))
		}
		e.State, e.ChangedBy, e.Amends = Approved, a.ID, ""
		return isNew, s.store().insert(ctx, tx, e)
	}
	next := old.clone()
	if e.Note != "" {
		next.Note = e.Note
	}
	next.Kind, next.Keep, next.State, next.ChangedBy = e.Kind, e.Keep, Approved, a.ID
	for l, w := range e.Words {
		next.Words[l] = w
	}
	if sameEntry(old, next) {
		return isSame, nil
	}
	return isChanged, s.store().update(ctx, tx, next)
}

// known finds the entry that e is about. taken says that e's ID is somebody's proposal.
func (s *Service) known(ctx context.Context, tx *db.Tx, e Entry) (old Entry, ok, taken bool, err error) {
	var ids []ID
	if isOurs(string(e.ID)) {
		ids = append(ids, e.ID)
	}
	list, err := s.store().entries(ctx, tx, ids)
	if err != nil {
		return Entry{}, false, false, err
	}
	if len(list) > 0 && list[0].Amends == "" {
		return list[0], true, false, nil
	}
	taken = len(list) > 0
	for _, l := range e.Langs() {
		if ids, err = s.store().named(ctx, tx, e.Kind, l, e.Words[l].Text); err != nil {
			return Entry{}, false, false, err
		}
		if list, err = s.store().entries(ctx, tx, ids); err != nil {
			return Entry{}, false, false, err
		}
		// The one with the same note first, then one that says no more than its name.
		for _, meant := range []func(Entry) bool{
			func(o Entry) bool { return o.Note == e.Note },
			func(o Entry) bool { return o.Note == "" || e.Note == "" },
		} {
			if i := slices.IndexFunc(list, meant); i >= 0 {
				return list[i], true, taken, nil
			}
		}
	}
	return Entry{}, false, taken, nil
}

// isOurs reports whether an ID may be one that this program made.
func isOurs(s string) bool {
	return len(s) == id.Len && strings.Trim(s, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}

func sameEntry(a, b Entry) bool {
	if a.Kind != b.Kind || a.Note != b.Note || a.Keep != b.Keep || a.State != b.State || len(a.Words) != len(b.Words) {
		return false
	}
	for l, x := range a.Words {
		y, ok := b.Words[l]
		if !ok || x.Text != y.Text || x.Gender != y.Gender || x.Remark != y.Remark || !slices.Equal(x.Forms, y.Forms) ||
			!slices.Equal(x.Others, y.Others) || !slices.Equal(x.Forbidden, y.Forbidden) {
			return false
		}
	}
	return true
}

// Export writes all entries that hold, and returns how many there are.
func (s *Service) Export(ctx context.Context, q db.Conn, w io.Writer, f Format) (int, error) {
	list, err := s.store().approved(ctx, q)
	if err == nil {
		switch out := bufio.NewWriter(w); f {
		case CSV:
			err = writeCSV(out, list)
		case TBX:
			err = writeTBX(out, list)
		default:
			err = problem.New(problem.Invalid, "problem.choice")
		}
	}
	if err != nil {
		return 0, fmt.Errorf("export the register: %w", err)
	}
	return len(list), nil
}

// langsOf are all languages of the entries.
func langsOf(list []Entry) []lang.Tag {
	seen := map[lang.Tag]bool{}
	var out []lang.Tag
	for _, e := range list {
		for l := range e.Words {
			if !seen[l] {
				seen[l] = true
				out = append(out, l)
			}
		}
	}
	slices.Sort(out)
	return out
}
