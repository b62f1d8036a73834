package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/lang"
)

// article is one of the news: its lines, each in all languages.
type article struct {
	name  string
	lines []map[string]string
	first int // the line of the file it begins with, from 1
	seed  uint64
	tuned bool // the checks were made while looking at it
}

// readNews reads the articles in their order. Every other one, from the first, is for tuning.
func readNews(file string) ([]article, error) {
	rows, err := readRows[map[string]string](file)
	if err != nil {
		return nil, err
	}
	var out []article
	for i, row := range rows {
		if len(out) == 0 || out[len(out)-1].name != row["doc"] {
			out = append(out, article{name: row["doc"], first: i + 1, tuned: len(out)%2 == 0, seed: uint64(len(out))})
		}
		a := &out[len(out)-1]
		a.lines = append(a.lines, row)
	}
	return out, nil
}

func readRows[T any](file string) (out []T, err error) {
	f, err := os.Open(file) //nolint:gosec // named by who runs it
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row T
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, lines.Err()
}

// input is the article as an edition: its first line is the headline, and each of the others a
// paragraph; by is how many lines make a paragraph.
func (a article) input(p pair, by int) check.Input {
	source, target := a.document(p.from, by), a.document(p.to, by)
	return check.Input{
		Lang: p.to, Doc: target, Original: &source, OriginalLang: p.from,
		Story: check.Story{HasAuthor: true, HasSection: true, Topics: 1},
	}
}

func (a article) document(l lang.Tag, by int) document.Doc {
	d := document.Doc{Headline: a.lines[0][string(l)]}
	rest := a.lines[1:]
	for i := 0; i < len(rest); i += by {
		var texts []string
		for _, line := range rest[i:min(i+by, len(rest))] {
			texts = append(texts, strings.TrimSpace(line[string(l)]))
		}
		d.Blocks = append(d.Blocks, document.Block{ID: blockID(i), Kind: document.Paragraph, Text: document.Text(strings.Join(texts, " "))})
	}
	return d.Normal()
}

func blockID(i int) document.ID { return document.ID(fmt.Sprintf("p%d", i)) }
