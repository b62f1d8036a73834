package lang

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Closed ends a sentence that its writer left open, so that another can follow. Quotation marks and
// brackets behind its last mark count as part of it. Thai and Lao end a sentence with a space.
func (t Tag) Closed(sentence string) string {
	sentence = strings.TrimSpace(sentence)
	bare := strings.TrimRight(sentence, "\"'”’“»›«‹」』)]")
	last, _ := utf8.DecodeLastRuneInString(bare)
	if bare == "" || unicode.Is(unicode.Sentence_Terminal, last) || last == '…' {
		return sentence
	}
	switch t.Base() {
	case "th", "lo":
		return sentence
	case "zh", "ja", "yue":
		return sentence + "。"
	case "hi", "bn", "mr", "ne":
		return sentence + "।"
	case "ur":
		return sentence + "۔"
	case "hy":
		return sentence + "։"
	}
	return sentence + "."
}

// ISODate writes a day, a month or a year as records have them (2024-10-23, 2024-10, 2024), and ""
// for anything else. Days and months are in the style Plain.
func (t Tag) ISODate(iso string) string {
	if at, err := time.Parse("2006-01-02", iso); err == nil {
		return t.Date(at, Plain)
	}
	if at, err := time.Parse("2006-01", iso); err == nil {
		return t.Date(at, Month)
	}
	if at, err := time.Parse("2006", iso); err == nil {
		return at.Format("2006")
	}
	return ""
}
