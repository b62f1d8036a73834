package desk

import (
	"net/url"
	"strings"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// word is an argument of a word that is itself a word of the catalogue.
type word struct {
	Key  string
	Args []any
}

// sentence is what a person reads of a complaint.
func sentence(w *lang.Words, key string, args []any) string {
	out := make([]any, len(args))
	for i, a := range args {
		if inner, ok := a.(word); ok {
			a = w.T(inner.Key, inner.Args...)
		}
		out[i] = a
	}
	return w.T(key, out...)
}

// unreadable complains that the Markdown of a field can't be read, with its line where it has several.
func unreadable(wrong *problem.Fields, name, src string, err error) {
	m, ok := as[*document.MarkdownError](err)
	switch {
	case !ok:
		wrong.Add(name, "problem.document", src)
	case strings.Contains(src, "\n"):
		wrong.Add(name, "document.markdown_line", src, "line", m.Line, "what", word{m.Key, m.Args()})
	default:
		wrong.Add(name, m.Key, src, m.Args()...)
	}
}

// documentFields is what a document was refused for as complaints about the fields of a form. field
// names the one that an address stands in, "" for none. Any other error it returns as it is.
func documentFields(err error, field func(document.Address) string) error {
	var wrong problem.Fields
	if v, ok := as[*document.ValidationError](err); ok {
		for _, p := range v.Problems {
			wrong.Add(field(p.Address), p.Key, "", p.Args()...)
		}
	}
	if p, ok := as[*document.ParseError](err); ok {
		wrong.Add(field(p.Place()), p.Key, "", p.Args()...)
	}
	if told := wrong.Err(); told != nil {
		return told
	}
	return err
}

// draft is a text as somebody wrote it, in the editor or in the form that needs no script.
type draft struct {
	doc  document.Doc
	base int64 // the revision that it was typed over
	// Of the plain form: what was typed, the document that its entries showed, and the entry that each
	// block was typed in.
	form  url.Values
	shown document.Doc
	entry map[document.ID]string
}

// stored is the text as it is.
func stored(ed edition.Edition) draft { return draft{doc: ed.Doc, base: ed.Revision} }

// wrong puts what the document was refused for beside the entries of the plain form.
func (d draft) wrong(err error) error { return documentFields(err, d.field) }

// field is the name of the entry that an address stands in.
func (d draft) field(a document.Address) string {
	id, name, _ := strings.Cut(string(a), "/")
	switch {
	case a == document.AddrPicture:
		return "picture.media"
	case id == "head":
		return name
	case id == "":
		return ""
	case d.doc.Picture != nil && string(d.doc.Picture.ID) == id:
		switch document.Field(name) {
		case document.FieldAlt, document.FieldCaption, document.FieldCredit:
			return "picture." + name
		}
		return "picture.media"
	}
	for _, b := range d.doc.Blocks {
		if string(b.ID) != id && !within(b, id) {
			continue
		}
		if entry, ok := d.entry[b.ID]; ok {
			return entry
		}
		return "block." + string(b.ID)
	}
	return ""
}
