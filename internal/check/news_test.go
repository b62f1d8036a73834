package check

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"testing"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// parallelNews is 62 news articles with human translations: text that is right. It isn't part of
// the repository.
const parallelNews = "../../../shared/data/parallel-news/ntrex-news.jsonl"

func readNews(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open(parallelNews)
	if err != nil {
		t.Skip("the parallel news aren't here: false alarms can't be counted")
	}
	defer f.Close()
	var out []map[string]string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m map[string]string
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// article makes documents of the news: the first segment of each is its headline.
func articles(rows []map[string]string, l string) []document.Doc {
	var out []document.Doc
	last := ""
	for i, row := range rows {
		if row["doc"] != last {
			last = row["doc"]
			out = append(out, document.Doc{Headline: row[l]})
			continue
		}
		d := &out[len(out)-1]
		d.Blocks = append(d.Blocks, document.Block{
			ID: document.ID(fmt.Sprintf("p%d", i)), Kind: document.Paragraph, Text: document.Text(row[l]),
		})
	}
	for i := range out {
		out[i] = out[i].Normal()
	}
	return out
}

var complete = Story{HasAuthor: true, HasSection: true, Topics: 1}

// TestNewsFalseAlarms counts what the checks say of good human text. The bounds are in findings per
// hundred segments; what is said of a story as a whole is left out, and so is typography in English,
// whose originals have typewriter's quotation marks.
func TestNewsFalseAlarms(t *testing.T) {
	rows := readNews(t)
	// A headline's full stop, its length and an attribution are what the text says, not an alarm.
	bounds := map[string]float64{
		"double_word": 0.2, "mixed_alphabet": 0.2, "placeholder": 0, "template_debris": 0, "markup": 0, "lang_mismatch": 0.3,
		"number_differs": 0.6, "number_missing": 0.6, "unit_differs": 0.1, "currency_differs": 0.1, "percent_points": 0.1,
		"date_differs": 0.3, "clock_differs": 0.2, "untranslated": 0.2,
		"link_bad": 0, "missing_segment": 0, "orphan_segment": 0,
	}
	// What is held against the original sentence by sentence finds other ways to say the same as well:
	// docs/checks.md has the figures, these are the bounds.
	compared := map[string]float64{
		"name_differs": 1.2, "negation_lost": 1.8, "quote_unclosed": 1.3, "words_untranslated": 0.3, "sentence_missing": 0.4,
		"cut_off": 0.3, "length_short": 0.3, "length_long": 0.3, "headline_name": 0.2, "headline_number": 0.3, "engine_mark": 0,
	}
	for _, l := range []lang.Tag{"en", "de", "uk", "fr", "pl", "ru"} {
		t.Run(string(l), func(t *testing.T) {
			docs, originals := articles(rows, string(l)), articles(rows, "en")
			count := map[string]int{}
			for i, d := range docs {
				in := Input{Lang: l, Doc: d, Story: complete}
				if l != "en" {
					in.Original, in.OriginalLang = &originals[i], "en"
				}
				for _, f := range Edition(in) {
					if f.Severity == Note {
						count[f.Code+" (note)"]++
						continue
					}
					count[f.Code]++
					if _, ok := bounds[f.Code]; ok && i%2 == 0 && testing.Verbose() { // the odd articles are for counting only
						t.Logf("%s %v: %s", f.Code, f.Args, f.Excerpt)
					}
				}
			}
			var codes []string
			for code := range count {
				codes = append(codes, code)
			}
			sort.Strings(codes)
			stops := 0.0
			for _, code := range codes {
				rate := 100 * float64(count[code]) / float64(len(rows))
				if most, ok := compared[code]; ok && rate > most {
					t.Errorf("%s cries wolf: %.2f in 100, at most %.2f", code, rate, most)
				}
				t.Logf("%-28s %4d of %d segments, %.2f in 100", code, count[code], len(rows), rate)
				if most, ok := bounds[code]; ok {
					stops += rate
					if rate > most {
						t.Errorf("%s cries wolf: %.2f in 100, at most %.2f", code, rate, most)
					}
				}
			}
			if stops > 2 {
				t.Errorf("all together %.2f in 100", stops)
			}
		})
	}
}

// TestNewsAttribution shows how many articles of a news agency's kind say where they have it from:
// nearly all do, so a rule that found few would be blind.
func TestNewsAttribution(t *testing.T) {
	rows := readNews(t)
	for _, l := range []lang.Tag{"en", "de", "uk", "fr", "pl", "ru"} {
		docs := articles(rows, string(l))
		found := 0
		for _, d := range docs {
			r := &run{Input: Input{Lang: l, Doc: d, Story: complete}, segments: document.Segments(d)}
			attribution(r)
			found += min(len(r.findings), 1)
		}
		t.Logf("%s: %d of %d articles attribute", l, found, len(docs))
		if found*100 < len(docs)*70 {
			t.Errorf("%s: only %d of %d articles", l, found, len(docs))
		}
	}
}
