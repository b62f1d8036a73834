package openai

import (
	"encoding/json"
	"errors"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/document"
	"depesche/internal/engine"
	"depesche/internal/lang"
)

// mostTries bounds how often something that begins like JSON is read in vain.
const mostTries = 100

// parse finds the translations in what a model said, by the place of their text. It takes the shape
// that was asked for wherever it stands, since some talk before they answer; a bare list of as many
// strings as there were texts; and a single string for a single text. Of an ID that comes twice the
// text is in doubt, and left out.
func parse(content string, n int) (map[int]string, bool) {
	if at := strings.LastIndex(content, "</think>"); at >= 0 {
		content = content[at+len("</think>"):]
	}
	for at, tries := 0, 0; at < len(content) && tries < mostTries; at++ {
		if content[at] != '{' && content[at] != '[' {
			continue
		}
		tries++
		d := json.NewDecoder(strings.NewReader(content[at:]))
		var raw json.RawMessage
		if d.Decode(&raw) != nil {
			continue
		}
		if out, ok := translations(raw, n); ok {
			return out, true
		}
		at += int(d.InputOffset()) - 1
	}
	return nil, false
}

var errID = errors.New("an ID is a whole number")

// loose is an ID as models write it.
type loose int

// UnmarshalJSON takes 3, 3.0 and "3".
func (l *loose) UnmarshalJSON(b []byte) error {
	var n json.Number
	if err := json.Unmarshal([]byte(strings.Trim(string(b), `"`)), &n); err != nil {
		return err
	}
	f, err := n.Float64()
	if err != nil || f != float64(int(f)) {
		return errID
	}
	*l = loose(f)
	return nil
}

func translations(raw json.RawMessage, n int) (map[int]string, bool) {
	var object struct {
		Translations json.RawMessage `json:"translations"`
	}
	if json.Unmarshal(raw, &object) == nil && object.Translations != nil {
		raw = object.Translations
	}
	var list []struct {
		ID   loose  `json:"id"`
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		out, twice := map[int]string{}, map[int]bool{}
		for _, s := range list {
			i := int(s.ID) - 1
			if _, there := out[i]; there {
				twice[i] = true
			}
			if i >= 0 && i < n {
				out[i] = s.Text
			}
		}
		for i := range twice {
			delete(out, i)
		}
		return out, len(out) > 0
	}
	var bare []string
	if json.Unmarshal(raw, &bare) == nil && len(bare) == n && n > 0 {
		out := map[int]string{}
		for i, s := range bare {
			out[i] = s
		}
		return out, true
	}
	return nil, false
}

// whole tells whether an answer can be all of the source: a model that has no room left loses the end
// of a text without a word. Translators join sentences, but hardly half of them; and a text that
// has fewer and no end was cut.
func whole(p engine.Pair, source, answer string) bool {
	answer = html.UnescapeString(tag.ReplaceAllString(answer, ""))
	if strings.TrimSpace(answer) == "" {
		return strings.TrimSpace(source) == ""
	}
	in, out := count(source, p.From), count(answer, p.To)
	if out*2 < in || out < in && ended(source) && !ended(answer) {
		return false
	}
	return weight(answer)*4 >= weight(source)
}

var tag = regexp.MustCompile(`</?x+0[0-9]*\s*>`)

// count counts the sentences that have a letter or a figure.
func count(s string, l lang.Tag) int {
	n := 0
	for _, sentence := range document.Sentences(s, l) {
		if strings.ContainsFunc(sentence, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// ended tells whether the last sentence of s has its mark.
func ended(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi) || r == '"' || r == '\''
	})
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…。！？؟।", last)
}

// weight is a text's length, in which a Chinese character is as much as three letters.
func weight(s string) int {
	n := 0
	for _, r := range s {
		n++
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			n += 2
		}
	}
	return n
}

var entity = regexp.MustCompile(`&(amp|lt|gt|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});`)

// lostEscapes tells whether the model wrote plain signs where it was given entities.
func lostEscapes(answer string) bool { return !entity.MatchString(answer) }
