package check

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// extent is how many letters and figures a text has in a language where English has one, counted on
// the articles that docs/checks.md calls tuned.
var extent = map[lang.Tag]float64{"en": 1, "de": 1.22, "fr": 1.19, "pl": 1.19, "ru": 1.13, "uk": 1.08, "es": 1.18}

// variance is that of the length of a translation, per letter of its source, on the same articles.
const variance = 3.3

// growth is how much longer a text of the original is to be expected in the edition's language.
func (r *run) growth() (float64, bool) {
	a, okA := extent[r.OriginalLang.Base()]
	b, okB := extent[r.Lang.Base()]
	if !okA || !okB {
		return 1, false
	}
	return b / a, true
}

// The lengths that good translations don't have, as parts of what is to be expected, for texts of
// forty letters and more.
const (
	tooShort, muchTooShort = 0.55, 0.36
	tooLong, muchTooLong   = 1.9, 2.6
	lengthSays             = 40
)

// omitted looks for what was left out: a whole sentence, or so much that the length is out of
// proportion.
func (r *run) omitted(p *pair) {
	c, ok := r.growth()
	if !ok {
		return
	}
	if at, severity, ok := r.sentenceLost(p, c); ok {
		r.add(Finding{Code: "sentence_missing", Severity: severity, Address: p.src.Address, Excerpt: clip(at), SourceSpot: strings.TrimSpace(at), Args: []any{"text", clip(strings.TrimSpace(at))}})
		return
	}
	la, lb := float64(signs(p.a)), float64(signs(p.b))
	if la < lengthSays {
		return
	}
	f := Finding{Address: p.src.Address, Excerpt: clip(p.b), Args: []any{"percent", int(math.Round(100 * lb / (c * la)))}}
	switch ratio := lb / (c * la); {
	case ratio < muchTooShort || ratio > muchTooLong:
		f.Severity = Warn
	case ratio < tooShort || ratio > tooLong:
	default:
		return
	}
	f.Code = "length_short"
	if lb > c*la {
		f.Code = "length_long"
	}
	r.add(f)
}

// signs counts letters and figures.
func signs(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// The costs of aligning sentences by their length, after Gale and Church: one to one is free, two to
// one is rare, none to one is what we look for.
const (
	costTwo    = 2.6
	costGone   = 3.2
	costAdded  = 4.5
	doubt      = 3.2 // by how much cheaper leaving out is for a note
	mustExceed = 0.8 // by how much leaving out must explain the lengths better
)

// sentenceLost aligns the sentences of both sides by their length and returns the one that has
// nothing on the other side, if that explains the lengths much better than any other way. Where it
// explains them nearly as well, and the translation has fewer sentences, it is a note.
func (r *run) sentenceLost(p *pair, c float64) (string, Severity, bool) {
	if strings.Count(p.a, " ") < 3 || !manySentences(p.a) {
		return "", Note, false
	}
	a, b := document.Sentences(p.a, r.OriginalLang), document.Sentences(p.b, r.Lang)
	if len(a) < 2 || len(a) > 40 || len(b) > 40 {
		return "", Note, false
	}
	la, lb := lengths(a), lengths(b)
	prices := r.pricesOfLoss(p, a)
	gone, costWith := align(la, lb, c, prices)
	_, costWithout := align(la, lb, c, nil)
	if len(gone) > 0 && costWithout-costWith >= mustExceed {
		return a[gone[0]], Warn, true
	}
	if len(b) >= len(a) {
		return "", Note, false
	}
	for i := range prices {
		prices[i] = max(0, prices[i]-doubt)
	}
	if gone, _ = align(la, lb, c, prices); len(gone) == 0 {
		return "", Note, false
	}
	return a[gone[0]], Note, true
}

func manySentences(s string) bool {
	return strings.Count(s, ".")+strings.Count(s, "!")+strings.Count(s, "?")+strings.Count(s, "…") > 1
}

// pricesOfLoss are what it costs to say that a sentence was left out: little if its figures and names
// aren't on the other side, much if they are.
func (r *run) pricesOfLoss(p *pair, sentences []string) []float64 {
	_, theirs := p.words()
	heard := r.tale.soundsOf(r.Lang, theirs)
	out := make([]float64, len(sentences))
	for i, s := range sentences {
		there, gone := 0, 0
		tokens := tokensOf(s)
		for _, t := range tokens {
			switch {
			case t.text[0] >= '0' && t.text[0] <= '9' && len(t.text) > 1:
				if strings.Contains(p.b, t.text) {
					there++
				} else {
					gone++
				}
			case !t.initial && mayBeName(r.OriginalLang, t) && r.OriginalLang.Base() != "de":
				if heardIn(r.tale.sound(r.OriginalLang, t.lower), nil, theirs, heard) {
					there++
				} else if !exonym(r.OriginalLang, t.lower, r.Lang, theirs) {
					gone++
				}
			}
		}
		switch {
		case gone > there:
			out[i] = costGone - 2
		case there > gone:
			out[i] = costGone + 2
		default:
			out[i] = costGone
		}
	}
	return out
}

func lengths(sentences []string) []float64 {
	out := make([]float64, len(sentences))
	for i, s := range sentences {
		out[i] = float64(signs(s))
	}
	return out
}

// align finds the cheapest way to put the sentences of both sides beside each other, and returns
// which of a have nothing there. Without a
// price of loss for each of a, only sentences of b may stand alone.
func align(a, b []float64, c float64, loss []float64) (gone []int, cost float64) {
	type step struct {
		cost   float64
		da, db int
	}
	table := make([][]step, len(a)+1)
	for i := range table {
		table[i] = make([]step, len(b)+1)
		for j := range table[i] {
			if i+j > 0 {
				table[i][j].cost = math.Inf(1)
			}
			try := func(da, db int, price float64) {
				if i >= da && j >= db {
					if cost := table[i-da][j-db].cost + price + mismatch(sum(a[i-da:i]), sum(b[j-db:j]), c); cost < table[i][j].cost {
						table[i][j] = step{cost, da, db}
					}
				}
			}
			try(1, 1, 0)
			try(2, 1, costTwo)
			try(1, 2, costTwo)
			try(3, 1, 2*costTwo)
			try(1, 3, 2*costTwo)
			try(2, 2, 2*costTwo)
			if i > 0 && loss != nil {
				if cost := table[i-1][j].cost + loss[i-1]; cost < table[i][j].cost {
					table[i][j] = step{cost, 1, 0}
				}
			}
			if j > 0 {
				if cost := table[i][j-1].cost + costAdded; cost < table[i][j].cost {
					table[i][j] = step{cost, 0, 1}
				}
			}
		}
	}
	for i, j := len(a), len(b); i > 0 || j > 0; {
		s := table[i][j]
		if s.da+s.db == 0 {
			break // there is no way
		}
		if s.db == 0 {
			gone = append([]int{i - 1}, gone...)
		}
		i, j = i-s.da, j-s.db
	}
	return gone, table[len(a)][len(b)].cost
}

func sum(list []float64) float64 {
	total := 0.0
	for _, v := range list {
		total += v
	}
	return total
}

// mismatch is half the square of how far the lengths are from what is to be expected, in standard
// deviations.
func mismatch(a, b, c float64) float64 {
	if a+b == 0 {
		return 0
	}
	d := (b - c*a) / math.Sqrt(variance*math.Max(a, b/c))
	return d * d / 2
}

// cut looks for a text that breaks off: without the mark that ends the original, behind a word that
// wants another one, or with an ellipsis that the original hasn't.
func (r *run) cut(p *pair) {
	if p.src.Field != document.FieldText && p.src.Field != document.FieldLead && p.src.Field != document.FieldItem && p.src.Field != document.FieldTeaser {
		return
	}
	a, b := lastSign(p.a), lastSign(p.b)
	f := Finding{Code: "cut_off", Severity: Note, Address: p.src.Address, Excerpt: ending(p.b)}
	switch {
	case isEnd(a) && (b == ',' || b == '-' || b == '–' || b == '—') && a != b:
		// Where sentences are parted otherwise, this goes on in the next segment.
	case isEnd(a) && !isEnd(b) && (unicode.IsLetter(b) || unicode.IsDigit(b)):
		if wantsMore(r.Lang, p.b) {
			f.Severity = Warn
		}
	case isEnd(a) && a != '…' && !strings.HasSuffix(bare(p.a), "..") && (b == '…' || strings.HasSuffix(bare(p.b), "...")):
		f.Severity = Warn
	default:
		return
	}
	f.Spot = lastWord(p.b)
	r.add(f)
}

// bare is a text without the marks and spaces that may stand behind its end.
func bare(s string) string {
	return strings.TrimRightFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || isQuote(r) || r == ')' || r == ']'
	})
}

func isQuote(r rune) bool { return strings.ContainsRune(doubleMarks+singleMarks, r) }

func lastSign(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(bare(s))
	return r
}

func isEnd(r rune) bool { return strings.ContainsRune(".!?…:;", r) }

func ending(s string) string {
	if len(s) < 60 {
		return s
	}
	i := len(s) - 60
	for !startsRune(s[i]) {
		i++
	}
	if j := strings.IndexByte(s[i:], ' '); j >= 0 {
		i += j + 1
	}
	return "…" + strings.ReplaceAll(s[i:], "\n", " ")
}

func lastWord(s string) string {
	if i := strings.LastIndexAny(s, " \u00a0\n"); i >= 0 {
		_, n := utf8.DecodeRuneInString(s[i:])
		return s[i+n:]
	}
	return s
}

// wantsMore reports whether the last word can't end a sentence: a conjunction, a preposition, an
// article.
func wantsMore(l lang.Tag, s string) bool {
	return open[l.Base()][strings.ToLower(lastWord(bare(s)))]
}

var open = map[lang.Tag]map[string]bool{
	"en": setOf("the a an and or but of to in on at by with from for that which who because if when as than into"),
	"de": setOf("der die das des dem den ein eine einen einem einer und oder aber von in im mit für dass weil wenn als bei über sowie"),
	"fr": setOf("le la les un une des du de et ou mais à au aux en dans par pour que qui avec sur parce si comme"),
	"pl": setOf("i oraz lub albo ale że który która które w we z ze na do od dla przez przy po o bo gdy jak"),
	"ru": setOf("и или но что который которая которые в во с со на к ко от для по о об из за при когда если как"),
	"uk": setOf("і й та або але що який яка які в у з із на до від для по про за при коли якщо як"),
	"es": setOf("el la los las un una unos y o pero que de del a al en con por para sin sobre como si cuando"),
}

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
