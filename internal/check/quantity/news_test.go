package quantity

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// parallelNews are news articles with human translations. Tables and rules were tuned on the
// articles with an even number, in the order in which they appear; the odd ones are for counting.
const parallelNews = "../../../../shared/data/parallel-news/ntrex-news.jsonl"

func readNews(t testing.TB, odd int) []map[string]string {
	t.Helper()
	f, err := os.Open(parallelNews)
	if err != nil {
		t.Skip("the parallel news aren't here")
	}
	defer f.Close()
	var out []map[string]string
	docs := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m map[string]string
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		if _, ok := docs[m["doc"]]; !ok {
			docs[m["doc"]] = len(docs)
		}
		if docs[m["doc"]]%2 == odd {
			out = append(out, m)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

var pairs = func() [][2]lang.Tag {
	var out [][2]lang.Tag
	for _, l := range []lang.Tag{"de", "fr", "pl", "ru", "uk", "es"} {
		out = append(out, [2]lang.Tag{"en", l}, [2]lang.Tag{l, "en"})
	}
	for _, l := range []lang.Tag{"ru", "de", "pl"} {
		out = append(out, [2]lang.Tag{"uk", l}, [2]lang.Tag{l, "uk"})
	}
	return out
}()

func alarm(r Result) bool {
	for _, d := range r.Differences {
		if d.Fault != Converted && d.Fault != Added && !d.Slight {
			return true
		}
	}
	return false
}

// found reports whether a planted fault shows: an alarm, or a remark on a number that is only in the
// target.
func found(r, before Result) bool { return alarm(r) || len(r.Differences) != len(before.Differences) }

// tally counts what the comparison says of one pair of languages.
type tally struct {
	segments, alarms                       int
	digits, digitsFound, drops, dropsFound int
	scales, scalesFound, units, unitsFound int
}

func rate(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// TestNews counts false alarms on good human translations, and how many planted faults are found: a
// digit changed or dropped in any figure of the target, a word of size, a unit or currency swapped.
// With -v it prints the table; NEWS_SHOW=en-de also shows what was said or missed of the articles for
// tuning.
func TestNews(t *testing.T) {
	show := os.Getenv("NEWS_SHOW")
	half := 1
	if show != "" {
		half = 0
	}
	rows := readNews(t, half)
	var sum tally
	for _, p := range pairs {
		if show != "" && show != string(p[0]+"-"+p[1]) && show != "all" {
			continue
		}
		var n tally
		rng := rand.New(rand.NewPCG(1, 2))
		for _, row := range rows {
			a, b := row[string(p[0])], row[string(p[1])]
			if strings.TrimSpace(a) == "" || strings.TrimSpace(b) == "" {
				continue
			}
			n.add(t, p, a, b, rng, show != "")
		}
		t.Logf("%s > %s: %d alarms in %d segments, %.2f in 100; found: digit changed %.1f of 100 (%d), dropped %.1f, size %.1f (%d), unit or currency %.1f (%d)",
			p[0], p[1], n.alarms, n.segments, rate(n.alarms, n.segments), rate(n.digitsFound, n.digits), n.digits, rate(n.dropsFound, n.drops),
			rate(n.scalesFound, n.scales), n.scales, rate(n.unitsFound, n.units), n.units)
		n.hold(t, p)
		sum.alarms += n.alarms
		sum.segments += n.segments
	}
	t.Logf("together %.2f in 100", rate(sum.alarms, sum.segments))
}

func (n *tally) hold(t *testing.T, p [2]lang.Tag) {
	t.Helper()
	for _, bound := range []struct {
		what       string
		rate, most float64
	}{
		{"segments with a false alarm", rate(n.alarms, n.segments), 1},
		{"changed digits missed", 100 - rate(n.digitsFound, n.digits), 2.5},
		{"dropped digits missed", 100 - rate(n.dropsFound, n.drops), 4},
		{"words of size missed", 100 - rate(n.scalesFound, n.scales), 8},
	} {
		if bound.rate > bound.most {
			t.Errorf("%s > %s: %s: %.2f in 100, at most %.2f", p[0], p[1], bound.what, bound.rate, bound.most)
		}
	}
}

func (n *tally) add(t *testing.T, p [2]lang.Tag, a, b string, rng *rand.Rand, show bool) {
	before := Compare(p[0], a, p[1], b)
	n.segments++
	if alarm(before) {
		n.alarms++
		if show {
			t.Logf("ALARM %s\n  %s\n  %s", shown(a, b, before), a, b)
		}
		return
	}
	missed := func(what, text string) {
		if show {
			t.Logf("MISSED %s\n  %s\n  %s", what, a, text)
		}
	}
	try := func(what, text string, of, hits *int) {
		*of++
		if found(Compare(p[0], a, p[1], text), before) {
			*hits++
		} else {
			missed(what, text)
		}
	}
	for i, c := range []byte(b) {
		if c < '0' || c > '9' {
			continue
		}
		x := []byte(b)
		x[i] = '0' + (c-'0'+byte(1+rng.IntN(9)))%10
		try("digit", string(x), &n.digits, &n.digitsFound)
		try("drop", b[:i]+b[i+1:], &n.drops, &n.dropsFound)
	}
	for _, pair := range sizes[p[1]] {
		if i := wordAt(b, pair[0]); i >= 0 {
			try("size", b[:i]+pair[1]+b[i+len(pair[0]):], &n.scales, &n.scalesFound)
		}
	}
	for _, pair := range measuresOf[p[1]] {
		if i := wordAt(b, pair[0]); i >= 0 && behindFigures(b[:i]) {
			try("unit", b[:i]+pair[1]+b[i+len(pair[0]):], &n.units, &n.unitsFound)
		}
	}
}

// sizes and measuresOf are the words that are swapped for planting.
var (
	sizes = map[lang.Tag][][2]string{
		"en": {{"million", "billion"}, {"billion", "million"}, {"thousand", "million"}},
		"de": {{"Millionen", "Milliarden"}, {"Milliarden", "Millionen"}, {"Million", "Milliarde"}, {"Tausend", "Million"}},
		"fr": {{"millions", "milliards"}, {"milliards", "millions"}, {"million", "milliard"}, {"mille", "million"}},
		"es": {{"millones", "mil"}, {"mil millones", "millones"}, {"millón", "mil"}},
		"pl": {{"mln", "mld"}, {"mld", "mln"}, {"miliony", "miliardy"}, {"milionów", "tysięcy"}, {"tysięcy", "milionów"}, {"tys", "mln"}},
		"ru": {{"млн", "млрд"}, {"млрд", "млн"}, {"миллионов", "миллиардов"}, {"миллиардов", "тысяч"}, {"тысяч", "миллионов"}, {"миллиона", "миллиарда"}},
		"uk": {{"млн", "млрд"}, {"млрд", "млн"}, {"мільйонів", "мільярдів"}, {"мільярдів", "тисяч"}, {"тисяч", "мільйонів"}, {"мільйона", "мільярда"}},
	}
	measuresOf = map[lang.Tag][][2]string{
		"en": {{"miles", "yards"}, {"percent", "pounds"}, {"years", "days"}, {"minutes", "hours"}, {"$", "€"}, {"£", "$"}},
		"de": {{"Kilometer", "Meter"}, {"Dollar", "Euro"}, {"Jahre", "Tage"}, {"Minuten", "Stunden"}, {"US-Dollar", "Euro"}},
		"fr": {{"km", "m"}, {"dollars", "euros"}, {"ans", "jours"}, {"minutes", "heures"}},
		"es": {{"km", "m"}, {"dólares", "euros"}, {"años", "días"}, {"minutos", "horas"}},
		"pl": {{"km", "m"}, {"dolarów", "euro"}, {"lat", "dni"}, {"minut", "godzin"}},
		"ru": {{"км", "м"}, {"долларов", "евро"}, {"лет", "дней"}, {"минут", "часов"}},
		"uk": {{"км", "м"}, {"доларів", "євро"}, {"років", "днів"}, {"хвилин", "годин"}},
	}
)

// wordAt finds a whole word.
func wordAt(s, w string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], w)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+len(w):])
		if !unicode.IsLetter(before) && (!unicode.IsLetter(after) || !unicode.IsLetter(first(w))) {
			return i
		}
		from = i + len(w)
	}
}

// behindFigures reports whether a number in figures stands before the word, or the word is a sign.
func behindFigures(s string) bool {
	s = strings.TrimRight(s, " \u00a0\u202f-")
	return s == "" || s[len(s)-1] >= '0' && s[len(s)-1] <= '9' || !unicode.IsLetter(rune(s[len(s)-1])) && s[len(s)-1] < 0x80
}

func shown(a, b string, r Result) string {
	var out []string
	for _, d := range r.Differences {
		s := string(d.Fault)
		if len(d.Source.Values) > 0 {
			s += " " + d.Source.Raw(a)
		}
		if len(d.Target.Values) > 0 {
			s += " / " + d.Target.Raw(b)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}
