package memory_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/memory"
)

// news returns human translations of news: a thousand segments in twelve languages.
func news(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open("../../../shared/data/parallel-news/ntrex-news.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the parallel news aren't here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []map[string]string
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var line map[string]string
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	if err := in.Err(); err != nil || len(out) < 500 {
		t.Fatalf("%d segments, %v", len(out), err)
	}
	return out
}

// edits are what happens to a segment between one story and the next.
var edits = []struct {
	name string
	edit func(words []string, other []string, r *rand.Rand) []string
}{
	{"one word changed", changed(1)},
	{"two words changed", changed(2)},
	{"three words changed", changed(3)},
	{"a word put in", func(w, other []string, r *rand.Rand) []string {
		return slices.Insert(w, r.IntN(len(w)), other[r.IntN(len(other))])
	}},
	{"two words put in, one taken out", func(w, other []string, r *rand.Rand) []string {
		for range 2 {
			w = slices.Insert(w, r.IntN(len(w)), other[r.IntN(len(other))])
		}
		i := r.IntN(len(w))
		return slices.Delete(w, i, i+1)
	}},
	{"a number changed or put in", func(w, _ []string, r *rand.Rand) []string {
		for i := range w {
			if strings.ContainsAny(w[i], "0123456789") {
				w[i] = fmt.Sprint(r.IntN(5000))
				return w
			}
		}
		return slices.Insert(w, r.IntN(len(w)), fmt.Sprint(r.IntN(5000)))
	}},
	{"the end cut off", func(w, _ []string, r *rand.Rand) []string { return w[:max(1, len(w)*(8+r.IntN(2))/10)] }},
}

func changed(n int) func([]string, []string, *rand.Rand) []string {
	return func(w, other []string, r *rand.Rand) []string {
		for range n {
			w[r.IntN(len(w))] = other[r.IntN(len(other))]
		}
		return w
	}
}

// TestRecall holds that the index finds what a look at every unit finds: of edited segments for which
// there is a match of 75 per cent and more, at least 95 in 100 get one as good as the best.
func TestRecall(t *testing.T) {
	lines := news(t)
	d := dbtest.Open(t)
	m := memory.New(d)
	r := rand.New(rand.NewPCG(3, 3)) //nolint:gosec // the same in every run
	for _, pair := range [][2]string{{"uk", "de"}, {"en", "pl"}} {
		t.Run(pair[0]+"-"+pair[1], func(t *testing.T) {
			var pairs, sources []string
			for _, l := range lines {
				sources = append(sources, l[pair[0]])
				pairs = append(pairs, l[pair[0]], l[pair[1]])
			}
			file := strings.NewReplacer(`"uk"`, `"`+pair[0]+`"`, `"de"`, `"`+pair[1]+`"`).Replace(tmxOf(pairs...))
			if _, err := m.Import(t.Context(), admin, strings.NewReader(file), memory.ImportOptions{Name: "news"}); err != nil {
				t.Fatal(err)
			}
			best := memory.Best(sources)
			for _, e := range edits {
				var texts []string
				for range 100 {
					a, b := lines[r.IntN(len(lines))][pair[0]], lines[r.IntN(len(lines))][pair[0]]
					texts = append(texts, strings.Join(e.edit(strings.Fields(a), strings.Fields(b), r), " "))
				}
				true75, found := recall(t.Context(), t, m, best, pair, texts)
				t.Logf("%s: %d of %d", e.name, found, true75)
				if true75 < 40 || 100*found < 95*true75 {
					t.Errorf("%s: only %d of %d were found", e.name, found, true75)
				}
			}
		})
	}
}

func recall(ctx context.Context, t *testing.T, m *memory.Service, best func(string) int, pair [2]string, texts []string) (true75, found int) {
	t.Helper()
	q := memory.Query{From: lang.Tag(pair[0]), To: lang.Tag(pair[1])}
	for i, text := range texts {
		q.Segments = append(q.Segments, memory.Segment{Address: document.Address(fmt.Sprint(i)), Text: document.Text(text)})
	}
	got, err := m.Matches(ctx, memory.DBOf(m).Read(), q)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		top := best(text)
		if top < 75 {
			continue
		}
		true75++
		if list := got[document.Address(fmt.Sprint(i))]; len(list) > 0 && list[0].Score >= top {
			found++
		}
	}
	return true75, found
}
