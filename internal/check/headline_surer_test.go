package check

import (
	"testing"

	"depesche/internal/document"
	"depesche/internal/lang"
)

func TestHeadlineSurer(t *testing.T) {
	for _, tc := range []struct {
		from     lang.Tag
		original string
		to       lang.Tag
		head     string
		word     string // "" if nothing is said
	}{
		{"uk", "Зеленський сподівається на запрошення до НАТО", "de", "Selenskyj wird in die Nato eingeladen", "сподівається"},
		{"uk", "Зеленський сподівається на запрошення до НАТО", "de", "Selenskyj hofft auf Einladung in die Nato", ""},
		{"uk", "Понад 300 тисяч людей можуть виїхати з України", "en", "More than 300,000 people leave Ukraine", "можуть"},
		{"uk", "Понад 300 тисяч людей можуть виїхати з України", "en", "More than 300,000 people could leave Ukraine", ""},
		{"de", "Ex-Beamter soll Millionen verschwiegen haben", "fr", "Un ancien fonctionnaire aurait dissimulé des millions", ""},
		{"de", "Ex-Beamter soll Millionen verschwiegen haben", "pl", "Były urzędnik ukrył miliony", "soll"},
		{"en", "Minister accused of fraud", "ru", "Министр — мошенник", "accused"},
		{"ru", "Министр ушёл", "en", "Minister may be gone", ""},
		{"cs", "Ministr možná odejde", "de", "Minister geht", ""}, // no words of that language are known
	} {
		original := document.Doc{Headline: tc.original, Blocks: []document.Block{{ID: "p", Kind: document.Paragraph, Text: document.Text("Text.")}}}
		doc := original
		doc.Headline = tc.head
		got := ""
		for _, f := range Edition(Input{Lang: tc.to, Doc: doc, Original: &original, OriginalLang: tc.from, Story: complete}) {
			if f.Code == "headline_surer" {
				if f.Severity != Note {
					t.Errorf("%s: it holds something up", tc.head)
				}
				got = f.SourceSpot
			}
		}
		if got != tc.word {
			t.Errorf("%q for %q: says %q, want %q", tc.head, tc.original, got, tc.word)
		}
	}
}
