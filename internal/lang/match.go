package lang

import (
	"strings"

	"golang.org/x/text/language"
)

// Match chooses among the offered languages the one that a browser asks for in its
// Accept-Language header, or fallback if it asks for none of them. A wish for "be" isn't answered
// with Russian, nor one for "de" with English: a reader is led only to a language she named, in
// whatever variety and script.
func Match(accept string, offered []Tag, fallback Tag) Tag {
	if len(accept) > 1000 {
		accept = accept[:strings.LastIndexByte(accept[:1000], ',')+1]
	}
	wanted, weights, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return fallback
	}
	for i, want := range wanted {
		if weights[i] <= 0 {
			continue
		}
		if t, ok := among(want, offered); ok {
			return t
		}
	}
	return fallback
}

// among returns the offered variety nearest to want, of the same language.
func among(want language.Tag, offered []Tag) (Tag, bool) {
	base, conf := want.Base()
	if conf == language.No {
		return "", false
	}
	var same []language.Tag
	var index []int
	for i, t := range offered {
		parsed, err := language.Parse(string(t))
		if err != nil {
			continue
		}
		if b, _ := parsed.Base(); b == base || kin[b.String()+" "+base.String()] {
			same, index = append(same, parsed), append(index, i)
		}
	}
	if len(same) == 0 {
		return "", false
	}
	_, at, _ := language.NewMatcher(same).Match(want)
	return offered[index[at]], true
}

// kin are pairs of codes, offered and wanted, for what readers take as one language.
var kin = map[string]bool{"nb no": true, "nn no": true, "nb nn": true, "nn nb": true}
