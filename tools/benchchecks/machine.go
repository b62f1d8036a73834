package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/lang"
)

// machine is what the checks say of Apertium's translations, by direction.
type machine struct{ rows []machineRow }

type machineRow struct {
	name           string
	lines          int
	left, found    int   // lines with words left in the source language; those an alarm stands at
	marks          count // of the same words with Apertium's mark before them
	alarms         int   // lines with any alarm
	spelled, words int   // words left, in all; those that a finding names
}

var directions = []struct {
	key  string
	pair pair
}{{"rus-ukr", pair{"ru", "uk"}}, {"ukr-rus", pair{"uk", "ru"}}, {"eng-spa", pair{"en", "es"}}, {"spa-eng", pair{"es", "en"}}}

// scoreMachine looks at each machine-made line. Which words were left is told by the people's
// translation: a word of the source that stands in the machine's text letter by letter, and not in
// theirs.
func scoreMachine(file string, news []article) (machine, error) {
	rows, err := readRows[map[string]any](file)
	if errors.Is(err, fs.ErrNotExist) {
		return machine{}, nil
	}
	if err != nil {
		return machine{}, err
	}
	var lines []map[string]string
	for _, a := range news {
		lines = append(lines, a.lines...)
	}
	var m machine
	for _, d := range directions {
		r := machineRow{name: d.pair.String()}
		for _, row := range rows {
			i, _ := row["line"].(float64)
			text, _ := row[d.key].(string)
			if text == "" || int(i) >= len(lines) {
				continue
			}
			r.look(d.pair, lines[int(i)], text)
		}
		m.rows = append(m.rows, r)
	}
	return m, nil
}

func (r *machineRow) look(p pair, line map[string]string, text string) {
	r.lines++
	source := line[string(p.from)]
	left := leftWords(source, text, line[string(p.to)], p.to)
	findings := lookAt(p, source, text)
	alarm := slices.ContainsFunc(findings, func(f check.Finding) bool { return f.Severity != check.Note })
	if alarm {
		r.alarms++
	}
	if len(left) == 0 {
		return
	}
	r.left++
	r.words += len(left)
	hit := false
	for _, f := range findings {
		if f.Code == "untranslated" || f.Code == "words_untranslated" || f.Code == "lang_mismatch" {
			hit = hit || f.Severity != check.Note
			for _, w := range left {
				if strings.Contains(f.Spot+fmt.Sprint(f.Args...), w) {
					r.spelled++
				}
			}
		}
	}
	if hit {
		r.found++
	}
	marked := strings.Replace(text, left[0], "*"+left[0], 1)
	r.marks.of++
	if slices.ContainsFunc(lookAt(p, source, marked), func(f check.Finding) bool { return f.Code == "engine_mark" }) {
		r.marks.n++
	}
}

func lookAt(p pair, source, text string) []check.Finding {
	doc := func(s string) document.Doc {
		return document.Doc{Blocks: []document.Block{{ID: "p", Kind: document.Paragraph, Text: document.Text(s)}}}.Normal()
	}
	original := doc(source)
	return check.Segment(check.Input{Lang: p.to, Doc: doc(text), Original: &original, OriginalLang: p.from}, "p/text")
}

var lower = regexp.MustCompile(`\p{L}+`)

func leftWords(source, text, human string, to lang.Tag) []string {
	set := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, w := range lower.FindAllString(s, -1) {
			out[w] = true
		}
		return out
	}
	theirs, people := set(source), set(human)
	var out []string
	for _, w := range lower.FindAllString(text, -1) {
		if len([]rune(w)) > 3 && w == to.Lower(w) && theirs[w] && !people[w] && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (m machine) write(b *strings.Builder) {
	if len(m.rows) == 0 {
		return
	}
	b.WriteString("\n### Real machine output\n\nApertium's translations of the same lines. A word counts as left in the source's language when it has a small letter, stands in the\nsource letter by letter, and people translated it otherwise; between Russian and Ukrainian many of those are words that both languages\nhave. The file was made without Apertium's marks for unknown words, so they are counted on the same lines with the mark put before the\nfirst of these words.\n\n| direction | lines | with words left | of these an alarm says so | words left | named by a finding | marks found | lines with any alarm |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range m.rows {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d of %d | %d |\n", r.name, r.lines, r.left, r.found, r.words, r.spelled, r.marks.n, r.marks.of, r.alarms)
	}
}
