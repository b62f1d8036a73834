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

// growth is how much longer a text of the original is to be expected in the edition's language: as
// languages are, and, the more there is of it, as the rest of this translation is.
func (r *run) growth() (float64, bool) {
	usual, ok := r.usualGrowth()
	if !ok || r.Original == nil {
		return 1, false
	}
	if r.grown == nil {
		r.grown = &grown{}
		here := map[document.Address]document.Inline{}
		for _, s := range document.Segments(r.Doc) {
			here[s.Address] = s.Text
		}
		for _, s := range document.Segments(*r.Original) {
			r.grown.add(s.Text, here[s.Address], usual, 1)
		}
	}
	return (usualSigns*usual + r.grown.here) / (usualSigns + r.grown.there), true
}

// usualGrowth is how much longer texts are in the edition's language.
func (r *run) usualGrowth() (float64, bool) {
	a, okA := extent[r.OriginalLang.Base()]
	b, okB := extent[r.Lang.Base()]
	if !okA || !okB {
		return 1, false
	}
	return b / a, true
}

// grown is how much both sides have of segments that are there on both, and whose lengths are such that
// they are translations of each other.
type grown struct{ there, here float64 }

// add counts a text of the original so often, with the edition's, if it has one.
func (g *grown) add(there, here document.Inline, usual, times float64) {
	if la, lb := float64(signs(there.Plain())), float64(signs(here.Plain())); lb > tooShort*usual*la && lb < tooLong*usual*la {
		g.there, g.here = g.there+times*la, g.here+times*lb
	}
}

// usualSigns is for how many signs of the original what is usual counts.
const usualSigns = 600

// The lengths that good translations don't have, as parts of what is to be expected, for texts of
// forty letters and more.
const (
	tooShort, muchTooShort = 0.55, 0.36
	tooLong, muchTooLong   = 1.9, 2.6
	lengthSays             = 40
	lengthSure             = 90 // for a warning: a short headline may say it in half the words
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
	case la >= lengthSure && (ratio < muchTooShort || ratio > muchTooLong):
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
		if inAWord(r) {
			n++
		}
	}
	return n
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
