// Package xliff writes and reads the work of a translation as XLIFF 2.1 (OASIS Standard, 13 February
// 2018): what offices and programs of translators exchange. It is pure: files in, files out.
//
// A segment of an edition is a unit of one segment; its id is the segment's address with a dot for the
// slash, since an id may hold none. Marks are paired codes, whose original data is the mark as it stands
// in a document. The revisions that were taken out stand in the metadata module.
package xliff

import (
	"strings"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// File is a translation taken out, or brought back.
type File struct {
	From, To lang.Tag
	// Edition names the translation, as the file's "original" attribute does.
	Edition string
	// SourceRev and TargetRev are the revisions that were taken out; 0 if the file doesn't say.
	SourceRev, TargetRev int64
	Units                []Unit
}

// State is how far a segment is, in the words of the standard.
type State string

// The states of a segment (XLIFF 2.1, 4.3.1.24).
const (
	Initial    State = "initial"
	Translated State = "translated"
	Reviewed   State = "reviewed"
	Final      State = "final"
)

// Unit is one segment of the edition.
type Unit struct {
	Address        document.Address
	Source, Target document.Inline
	State          State
	Notes          []Note
	// Fixed says that it isn't to be translated: it stands in the file for its context.
	Fixed bool
}

// Note is a remark for whoever translates. Category is a word for programs: "context", "register",
// "finding", "changed".
type Note struct{ Category, Text string }

const (
	core     = "urn:oasis:names:tc:xliff:document:2.0"
	later    = "urn:oasis:names:tc:xliff:document:2.2"
	metadata = "urn:oasis:names:tc:xliff:metadata:2.0"
)

func unitID(a document.Address) string { return strings.Replace(string(a), "/", ".", 1) }

// addressOf is the address that a unit's name or id stands for. Programs keep ids and may drop names.
func addressOf(name, id string) document.Address {
	if strings.Contains(name, "/") {
		return document.Address(name)
	}
	return document.Address(strings.Replace(id, ".", "/", 1))
}
