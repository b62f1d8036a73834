package register

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"depesche/internal/lang"
	"depesche/internal/problem"
)

const (
	tbxNamespace = "urn:iso:std:iso:30042:ed-2"
	xmlNamespace = "http://www.w3.org/XML/1998/namespace"
	// idPrefix makes our IDs, which begin with a figure, names of XML.
	idPrefix = "e-"
	// keepSubset marks what isn't translated, for which the dialect has no category.
	keepSubset = "do-not-translate"
)

// The categories of TBX-Basic that we use.
const (
	catSubject  = "subjectField"
	catMeaning  = "definition"
	catSubset   = "projectSubset"
	catPart     = "partOfSpeech"
	catGender   = "grammaticalGender"
	catNumber   = "grammaticalNumber"
	catType     = "termType"
	catStatus   = "administrativeStatus"
	catNote     = "note"
	preferred   = "preferredTerm-admn-sts"
	admitted    = "admittedTerm-admn-sts"
	deprecated  = "deprecatedTerm-admn-sts"
	superseded  = "supersededTerm-admn-sts"
	typeVariant = "variant"
)

var genderNames = map[Gender]string{Masculine: "masculine", Feminine: "feminine", Neuter: "neuter", Plural: "other"}

// tbxWriter writes elements and keeps the first error.
type tbxWriter struct {
	w   *bufio.Writer
	err error
}

func (t *tbxWriter) raw(s string) {
	if t.err == nil {
		_, t.err = t.w.WriteString(s)
	}
}

func (t *tbxWriter) text(s string) {
	if t.err == nil {
		t.err = xml.EscapeText(t.w, []byte(s))
	}
}

// put writes an element with a category and a text; an empty text writes nothing.
func (t *tbxWriter) put(element, category, text string) {
	if text == "" {
		return
	}
	t.raw("<" + element)
	if category != "" {
		t.raw(` type="` + category + `"`)
	}
	t.raw(">")
	t.text(text)
	t.raw("</" + element + ">")
}

func writeTBX(w *bufio.Writer, list []Entry) error {
	t := &tbxWriter{w: w}
	t.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="` + tbxNamespace + `">` + "\n" +
		`<tbxHeader><fileDesc><sourceDesc><p>The register of names and terms of a newsroom, written by Depesche</p></sourceDesc></fileDesc></tbxHeader>` + "\n<text><body>\n")
	for _, e := range list {
		t.entry(e)
	}
	t.raw("</body></text>\n</tbx>\n")
	return errors.Join(t.err, w.Flush())
}

func (t *tbxWriter) entry(e Entry) {
	t.raw(`<conceptEntry id="` + idPrefix)
	t.text(string(e.ID))
	t.raw(`">`)
	if e.Keep {
		t.put("admin", catSubset, keepSubset)
	}
	t.put("descrip", catSubject, string(e.Kind))
	t.put("descrip", catMeaning, e.Note)
	for _, l := range e.Langs() {
		w := e.Words[l]
		t.raw("\n" + `<langSec xml:lang="` + string(l) + `">`)
		t.put("note", "", w.Remark)
		t.term(e, w.Gender, w.Text, "", preferred, "")
		for _, f := range w.Others {
			t.term(e, "", f, "", admitted, "")
		}
		for _, f := range w.Forms {
			t.term(e, "", f, typeVariant, admitted, "")
		}
		for _, f := range w.Forbidden {
			t.term(e, "", f.Text, "", deprecated, f.Reason)
		}
		t.raw("</langSec>")
	}
	t.raw("\n</conceptEntry>\n")
}

func (t *tbxWriter) term(e Entry, g Gender, text, kind, status, note string) {
	part := "noun"
	if e.Kind.Name() {
		part = "properNoun"
	}
	t.raw("<termSec>")
	t.put("term", "", text)
	t.put("termNote", catPart, part)
	t.put("termNote", catGender, genderNames[g])
	t.put("termNote", catType, kind)
	t.put("termNote", catStatus, status)
	t.put("note", "", note)
	t.raw("</termSec>")
}

// element is an element of an entry of any of the dialects.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Inner   []element  `xml:",any"`
}

func (x element) attr(space, name string) string {
	for _, a := range x.Attrs {
		if a.Name.Local == name && (space == "" || a.Name.Space == space || a.Name.Space == "xml") {
			return a.Value
		}
	}
	return ""
}

// category is what the element is about: its type, or in the style DCT its name.
func (x element) category() string {
	if t := x.attr("", "type"); t != "" {
		return t
	}
	return x.XMLName.Local
}

// text is all text within, one space between words.
func (x element) text() string {
	var b strings.Builder
	b.WriteString(x.Text)
	for _, i := range x.Inner {
		b.WriteString(" " + i.text())
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// readTBX reads entry by entry, so that only one is in memory.
func readTBX(in io.Reader, wide bool, rem *remarks, each func(Entry, int) error) error {
	d := xml.NewDecoder(in)
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if wide { // what the declaration says is past
			return in, nil
		}
		return charset.NewReaderLabel(label, in)
	}
	root := ""
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) && root != "" {
			return nil
		}
		if err != nil {
			return badXML(d, err)
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if root == "" {
			if root = start.Name.Local; root != "tbx" && root != "martif" && root != "TBX" {
				return badFile("problem.register_not_tbx", "name", clip(root))
			}
		}
		if start.Name.Local != "conceptEntry" && start.Name.Local != "termEntry" {
			continue
		}
		line, _ := d.InputPos()
		var x element
		if err := d.DecodeElement(&x, &start); err != nil {
			return badXML(d, err)
		}
		e := fromTBX(x, line, rem)
		if len(e.Words) == 0 {
			rem.add(line, "register.remark.empty", "line", line)
			continue
		}
		if err := each(e, line); err != nil {
			return err
		}
	}
}

func badXML(d *xml.Decoder, err error) error {
	var p *problem.Error
	if errors.As(err, &p) {
		return err // of the reader below
	}
	line, _ := d.InputPos()
	e := problem.New(problem.Invalid, "problem.register_tbx", "line", line)
	e.Cause = err
	return e
}

func fromTBX(x element, line int, rem *remarks) Entry {
	e := Entry{Words: map[lang.Tag]Word{}, Kind: Term}
	e.ID = ID(strings.TrimPrefix(x.attr("", "id"), idPrefix))
	said := false
	for _, i := range x.Inner {
		switch i.XMLName.Local {
		case "langSec", "langSet":
			l, err := lang.Parse(i.attr(xmlNamespace, "lang"))
			if err != nil {
				rem.add(line, "register.remark.language", "lang", clip(i.attr(xmlNamespace, "lang")))
				continue
			}
			proper := e.lang(l, i, line, rem)
			if proper && !said {
				e.Kind = Body // a name, of whatever
			}
		case "descripGrp", "adminGrp":
			for _, inner := range i.Inner {
				said = e.concept(inner, line, rem) || said
			}
		default:
			said = e.concept(i, line, rem) || said
		}
	}
	for l, w := range e.Words {
		if w.empty() || w.Text == "" {
			delete(e.Words, l)
		}
	}
	return e
}

// concept reads what is said of the whole entry, and reports whether it was the kind.
func (e *Entry) concept(x element, line int, rem *remarks) bool {
	switch text := x.text(); x.category() {
	case catSubject:
		k := readKind(text, line, &remarks{}) // subject fields of others are no kinds
		if strings.EqualFold(string(k), text) || k != Term {
			e.Kind = k
			return true
		}
		rem.add(line, "register.remark.subject", "name", clip(text))
	case catMeaning:
		e.Note = text
	case catSubset:
		if text == keepSubset {
			e.Keep = true
			return false
		}
		rem.add(line, "register.remark.category", "name", catSubset)
	case catNote:
		if e.Note == "" {
			e.Note = text
		}
	case "Translation needed": // as the Translate Toolkit writes it
		e.Keep = strings.EqualFold(text, "no")
	default:
		rem.add(line, "register.remark.category", "name", clip(x.category()))
	}
	return false
}

// lang reads what is said in a language, and reports whether it says that this is a name.
func (e *Entry) lang(l lang.Tag, x element, line int, rem *remarks) (proper bool) {
	w := e.Words[l]
	for _, i := range x.Inner {
		switch i.XMLName.Local {
		case "termSec", "tig", "ntig":
			t := readTerm(i, line, rem)
			proper = proper || t.proper
			w.take(t)
		case "descripGrp", "descrip", "definition":
			if text := i.text(); w.Remark == "" {
				w.Remark = text
			}
		case catNote:
			w.Remark = i.text()
		default:
			rem.add(line, "register.remark.category", "name", clip(i.category()))
		}
	}
	e.Words[l] = w
	return proper
}

// tbxTerm is a term with its notes.
type tbxTerm struct {
	text, status, kind, note string
	gender                   Gender
	proper                   bool
}

func (w *Word) take(t tbxTerm) {
	switch {
	case t.text == "":
	case t.status == deprecated || t.status == superseded:
		w.Forbidden = append(w.Forbidden, Forbidden{t.text, t.note})
	case t.kind == typeVariant && t.status != preferred:
		w.Forms = append(w.Forms, t.text)
	case w.Text == "" && t.status != admitted:
		w.Text, w.Gender = t.text, t.gender
	case t.status == preferred:
		w.Others = append([]string{w.Text}, w.Others...)
		w.Text, w.Gender = t.text, t.gender
	case w.Text == "":
		w.Text, w.Gender = t.text, t.gender
	default:
		w.Others = append(w.Others, t.text)
	}
}

func readTerm(x element, line int, rem *remarks) (t tbxTerm) {
	for _, i := range x.Inner {
		switch text := i.text(); i.category() {
		case "term":
			t.text = text
		case "termGrp", "termNoteGrp", "adminGrp", "descripGrp": // of 2008, groups of the same
			inner := readTerm(i, line, rem)
			t.merge(inner)
		case catStatus, "normativeAuthorization":
			t.status = statusOf(text)
		case catType:
			t.kind = text
		case catPart:
			t.proper = strings.EqualFold(text, "properNoun") || strings.EqualFold(text, "proper noun")
		case catGender:
			if t.gender == Unknown {
				t.gender = readGender(text, line, rem)
			}
		case catNumber:
			if text == "plural" {
				t.gender = Plural
			}
		case catNote:
			t.note = text
		default:
			rem.add(line, "register.remark.category", "name", clip(i.category()))
		}
	}
	return t
}

func (t *tbxTerm) merge(o tbxTerm) {
	for _, p := range []struct{ to, from *string }{{&t.text, &o.text}, {&t.status, &o.status}, {&t.kind, &o.kind}, {&t.note, &o.note}} {
		if *p.from != "" {
			*p.to = *p.from
		}
	}
	if o.gender != Unknown {
		t.gender = o.gender
	}
	t.proper = t.proper || o.proper
}

// statusOf reads a status with or without its tail, as dialects write it.
func statusOf(s string) string {
	for _, known := range []string{preferred, admitted, deprecated, superseded} {
		if s == known || s == strings.TrimSuffix(known, "-admn-sts") {
			return known
		}
	}
	return ""
}
