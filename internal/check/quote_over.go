package check

import (
	"strings"
	"unicode/utf8"

	"depesche/internal/document"
)

// partner says what is known of the other half of a lone quotation mark.
type partner int

const (
	_ partner = iota // none
	// likelyPartner: the next text with marks begins with one, as each paragraph of a long speech does.
	likelyPartner
	hasPartner
)

// longestSpeech is over how many texts one speech may run.
const longestSpeech = 8

// partners finds out which lone marks of a document's texts belong together: words of a person that
// run over paragraphs open each of them anew, or only the first, and close once.
func partners(d document.Doc) map[document.Address]partner {
	out := map[document.Address]partner{}
	var speech []document.Address // the texts of the speech that is open, those with marks
	since, sure := 0, hasPartner
	var opened rune // the mark it was opened with
	// The last text that opens has its partner where the speech ends; of those before it may as well be
	// that their end was lost.
	settle := func(last partner) {
		for i, at := range speech {
			out[at] = likelyPartner
			if i == len(speech)-1 {
				out[at] = last
			}
		}
		speech = nil
	}
	for _, s := range document.Segments(d) {
		if s.Field != document.FieldText && s.Field != document.FieldItem && s.Field != document.FieldLead {
			continue
		}
		if since++; since > longestSpeech {
			speech = nil
		}
		text := s.Text.Plain()
		if !strings.ContainsFunc(text, isDouble) {
			continue
		}
		c := quotesIn(text)
		switch {
		case c.odd >= 0 && c.open:
			if !c.leading {
				speech = nil
			}
			speech, since = append(speech, s.Address), 0
			opened, _ = utf8.DecodeRuneInString(text[c.odd:])
			sure = hasPartner
		case c.odd >= 0:
			if len(speech) > 0 {
				out[s.Address] = hasPartner
				settle(sure)
			}
		case c.leading:
			settle(likelyPartner)
		case c.double > 0 && (len(speech) == 0 || strings.ContainsRune(text, opened)):
			sure = likelyPartner // another quotation; one within the speech would have other marks
		}
	}
	return out
}

// elsewhere returns the partners of the edition's lone marks, made when they are first wanted.
func (r *run) elsewhere() map[document.Address]partner {
	if r.partners == nil {
		r.partners = partners(r.Doc)
	}
	return r.partners
}
