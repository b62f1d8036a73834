package register

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"depesche/internal/lang"
)

// The columns of a CSV file, in any order; the first line names them.
//
//	id            the entry's; empty or missing for a new one
//	kind          person, place, body, work or term; term if it is missing
//	note          who or what it is
//	keep          yes if it isn't translated
//	<lang>        the spelling: uk, de, pt-BR; of Indonesian, id.text
//	<lang>.gender m, f, n or pl
//	<lang>.forms, <lang>.others   lists, parted by " | "
//	<lang>.forbidden              a list; a reason follows behind " :: "
//	<lang>.remark
//
// A sign that would part a list stands with a backslash before it. A field that a spreadsheet would take
// for a formula begins with an apostrophe, which is taken off again.
const (
	colID, colKind, colNote, colKeep                          = "id", "kind", "note", "keep"
	colGender, colForms, colOthers, colForbidden, colRemarkOf = "gender", "forms", "others", "forbidden", "remark"
)

var columnsOfLang = []string{colGender, colForms, colOthers, colForbidden, colRemarkOf}

func writeCSV(w *bufio.Writer, list []Entry) error {
	if _, err := w.WriteString("\ufeff"); err != nil { // Excel takes it for another encoding without
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	langs := langsOf(list)
	head := []string{colID, colKind, colNote, colKeep}
	for _, l := range langs {
		name := string(l)
		if name == colID {
			name += ".text" // Indonesian
		}
		head = append(head, name)
		for _, c := range columnsOfLang {
			head = append(head, string(l)+"."+c)
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, e := range list {
		keep := ""
		if e.Keep {
			keep = "yes"
		}
		row := []string{string(e.ID), string(e.Kind), e.Note, keep}
		for _, l := range langs {
			w := e.Words[l]
			var never []string
			for _, f := range w.Forbidden {
				text := escape(f.Text)
				if f.Reason != "" {
					text += " :: " + escape(f.Reason)
				}
				never = append(never, text)
			}
			row = append(row, w.Text, string(w.Gender), joinList(w.Forms), joinList(w.Others), strings.Join(never, " | "), w.Remark)
		}
		for i := range row {
			row[i] = defuse(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), w.Flush())
}

// formula are the signs that a spreadsheet takes a field that begins with them for a formula.
const formula = "=+-@\t\r＝＋－＠"

// defuse makes a formula text by an apostrophe before it; arm takes it off.
func defuse(s string) string {
	if rest := strings.TrimLeft(s, "'"); rest != "" && strings.ContainsRune(formula, firstRune(rest)) {
		return "'" + s
	}
	return s
}

func arm(s string) string {
	if rest := strings.TrimLeft(s, "'"); rest != "" && rest != s && strings.ContainsRune(formula, firstRune(rest)) {
		return s[1:]
	}
	return s
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

var escaper = strings.NewReplacer(`\`, `\\`, `|`, `\|`, `::`, `\:\:`)

func escape(s string) string { return escaper.Replace(s) }

func joinList(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = escape(s)
	}
	return strings.Join(out, " | ")
}

// splitList parts a list, and what belongs to one entry of it at "::".
func splitList(s string) [][2]string {
	var out [][2]string
	var parts [2]strings.Builder
	at := 0
	end := func() {
		if text := strings.TrimSpace(parts[0].String()); text != "" {
			out = append(out, [2]string{text, strings.TrimSpace(parts[1].String())})
		}
		parts[0].Reset()
		parts[1].Reset()
		at = 0
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			parts[at].WriteByte(s[i])
		case s[i] == '|':
			end()
		case strings.HasPrefix(s[i:], "::") && at == 0:
			at = 1
			i++
		default:
			parts[at].WriteByte(s[i])
		}
	}
	end()
	return out
}

func readCSV(in *bufio.Reader, rem *remarks, each func(Entry, int) error) error {
	r := csv.NewReader(in)
	r.Comma = comma(in)
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	var cols []column
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return badFile("problem.register_csv", "line", wrong.Line)
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		if !slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			continue
		}
		for _, s := range row {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				return badFile("problem.register_encoding", "line", line)
			}
		}
		if cols == nil {
			if cols, err = header(row, rem); err != nil {
				return err
			}
			continue
		}
		e := fromRow(cols, row, line, rem)
		if len(e.Words) == 0 {
			rem.add(line, "register.remark.empty", "line", line)
			continue
		}
		if err := each(e, line); err != nil {
			return err
		}
	}
	if cols == nil {
		return badFile("problem.register_no_language")
	}
	return nil
}

// decoded takes a mark of UTF-8 off and turns UTF-16 into UTF-8, if it has a mark or begins as XML; wide
// says that it did.
func decoded(in *bufio.Reader) (out *bufio.Reader, wide bool, err error) {
	start, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	utf16 := func(e unicode.Endianness) *bufio.Reader {
		return bufio.NewReaderSize(unicode.UTF16(e, unicode.UseBOM).NewDecoder().Reader(in), 64<<10)
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		_, err = in.Discard(3)
		if err != nil {
			return nil, false, err
		}
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("<\x00")):
		return utf16(unicode.LittleEndian), true, nil
	case bytes.HasPrefix(start, []byte("\xfe\xff")), bytes.HasPrefix(start, []byte("\x00<")):
		return utf16(unicode.BigEndian), true, nil
	}
	return bufio.NewReaderSize(in, 64<<10), false, nil
}

// comma is what parts the fields of the first line: Excel writes semicolons where the comma parts
// decimals.
func comma(in *bufio.Reader) rune {
	start, _ := in.Peek(16 << 10) // what can't be read, the reader says
	start = bytes.TrimLeft(start, "\r\n")
	if end := bytes.IndexAny(start, "\r\n"); end >= 0 {
		start = start[:end]
	}
	best, n := ',', bytes.Count(start, []byte(","))
	for _, c := range ";\t" {
		if m := bytes.Count(start, []byte(string(c))); m > n {
			best, n = c, m
		}
	}
	return best
}

// column is what a field of a row means: one of the entry's, or one of a language's.
type column struct {
	lang lang.Tag
	name string
}

func header(row []string, rem *remarks) ([]column, error) {
	cols := make([]column, len(row))
	langs := 0
	for i, s := range row {
		s = strings.TrimSpace(s)
		low := strings.ToLower(s)
		if slices.Contains([]string{colID, colKind, colNote, colKeep}, low) {
			cols[i].name = low
			continue
		}
		tag, part, _ := strings.Cut(s, ".")
		part = strings.ToLower(part)
		l, err := lang.Parse(strings.ReplaceAll(tag, "_", "-"))
		if err != nil || part != "" && part != "text" && !slices.Contains(columnsOfLang, part) {
			if s != "" {
				rem.add(1, "register.remark.column", "name", clip(s))
			}
			continue
		}
		if part == "" || part == "text" {
			langs++
			part = "text"
		}
		cols[i] = column{l, part}
	}
	if langs == 0 {
		return nil, badFile("problem.register_no_language")
	}
	return cols, nil
}

func fromRow(cols []column, row []string, line int, rem *remarks) Entry {
	e := Entry{Words: map[lang.Tag]Word{}}
	for i, s := range row {
		s = arm(strings.TrimSpace(s))
		if i >= len(cols) || s == "" {
			continue
		}
		c := cols[i]
		if c.lang == "" {
			e.field(c.name, s, line, rem)
			continue
		}
		w := e.Words[c.lang]
		switch c.name {
		case "text":
			w.Text = s
		case colGender:
			w.Gender = readGender(s, line, rem)
		case colForms:
			w.Forms = texts(splitList(s))
		case colOthers:
			w.Others = texts(splitList(s))
		case colForbidden:
			for _, p := range splitList(s) {
				w.Forbidden = append(w.Forbidden, Forbidden{p[0], p[1]})
			}
		case colRemarkOf:
			w.Remark = s
		}
		e.Words[c.lang] = w
	}
	for l, w := range e.Words {
		if w.empty() {
			delete(e.Words, l)
		}
	}
	return e
}

func (e *Entry) field(name, s string, line int, rem *remarks) {
	switch name {
	case colID:
		e.ID = ID(s)
	case colKind:
		e.Kind = readKind(s, line, rem)
	case colNote:
		e.Note = s
	case colKeep:
		e.Keep = slices.Contains([]string{"yes", "true", "1", "x", "ja", "так", "oui", "tak", "да"}, strings.ToLower(s))
	}
}

func texts(list [][2]string) (out []string) {
	for _, p := range list {
		out = append(out, p[0])
	}
	return out
}

func readKind(s string, line int, rem *remarks) Kind {
	k := Kind(strings.ToLower(strings.TrimSpace(s)))
	if alias, ok := map[Kind]Kind{"organisation": Body, "organization": Body, "title": Work, "people": Person, "location": Place}[k]; ok {
		k = alias
	}
	if !slices.Contains(Kinds, k) {
		rem.add(line, "register.remark.kind", "kind", clip(s))
		return Term
	}
	return k
}

func readGender(s string, line int, rem *remarks) Gender {
	g := Gender(strings.ToLower(s))
	if alias, ok := map[Gender]Gender{"masculine": Masculine, "feminine": Feminine, "neuter": Neuter, "plural": Plural, "other": Plural}[g]; ok {
		g = alias
	}
	if !slices.Contains(Genders, g) {
		rem.add(line, "register.remark.gender", "gender", clip(s))
		return Unknown
	}
	return g
}

// clip shortens what a stranger wrote for a remark.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
