package check

import (
	"slices"
	"strings"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// doubts are the words by which a headline says less than that it is so: that it may be, is hoped for,
// planned, alleged. An asterisk stands for any ending. A word behind a tilde has other uses: it counts as
// a doubt of the translation, but isn't held to be one of the original.
var doubts = map[lang.Tag][]string{
	"de": {"soll", "sollen", "sollte*", "~will", "~wollen", "wollte*", "~kann", "~können", "könnte*", "möchte*", "dürfte*", "hofft", "hoffen", "hoffte*", "hoffnung*", "plant", "planen", "~plan", "pläne*", "angeblich*", "mutmaßlich*", "offenbar", "~wohl", "vielleicht", "~möglich*", "droht", "drohen", "erwägt", "erwägen", "verdacht*", "verdächtig*", "wünscht", "~fordert", "~fordern", "versucht", "~warnt", "~warnen"},
	"en": {"may", "might", "could", "would", "~should", "~can", "~will", "wants", "want", "hopes", "hope", "hoped", "hoping", "plans", "~plan", "planned", "planning", "seeks", "seek", "aims", "aim", "alleged*", "reportedly", "suspected", "suspect*", "accused", "likely", "~possibl*", "perhaps", "considers", "considering", "expected", "~set", "~to", "~urges", "~calls", "wishes", "tries", "trying", "~warns", "~warn", "fears", "fear"},
	"es": {"puede*", "podría*", "podrá*", "quiere*", "~espera*", "esperanza*", "planea*", "~plan*", "~busca*", "pretende*", "presunt*", "supuest*", "quizá*", "~posible*", "probable*", "debería*", "intenta*", "sospech*", "acusad*", "desea*", "amenaza*", "~pide*", "~advierte*", "teme*"},
	"fr": {"peut", "peuvent", "pourra*", "pourrai*", "pourrait", "serait", "seraient", "aurait", "auraient", "devrait", "devraient", "veut", "veulent", "souhaite*", "espère*", "espoir*", "envisage*", "prévoit", "prévoient", "~projet*", "présumé*", "soupçon*", "accusé*", "peut-être", "~possible*", "probable*", "~cherche*", "tente*", "menace*", "~demande*", "craint", "craignent"},
	"pl": {"może", "mogą", "mógłby", "mogłaby", "mogłoby", "mogliby", "chce", "chcą", "chciał*", "planuj*", "~plan*", "nadziej*", "rzekom*", "podobno", "prawdopodobn*", "~możliw*", "podejrz*", "oskarż*", "powinien", "powinna", "powinno", "powinni", "zamierza*", "~stara", "próbuj*", "grozi*", "domaga*", "obawia*", "~ma", "~mają"},
	"ru": {"может", "могут", "мог", "могла", "могли", "~бы", "хочет", "хотят", "хотел*", "планиру*", "~план*", "надеет*", "надеют*", "надежд*", "якобы", "~возможн*", "вероятн*", "подозрева*", "обвиня*", "~должен", "~должна", "~должно", "~должны", "намерен*", "собирает*", "пытает*", "грозит*", "~требу*", "опаса*", "предполагаем*"},
	"uk": {"може", "можуть", "міг", "могла", "могли", "~б", "~би", "хоче", "хочуть", "хотів", "хотіла", "планує*", "планують", "~план*", "сподіва*", "надія*", "надії", "нібито", "~можлив*", "ймовірн*", "імовірн*", "підозрю*", "звинувач*", "~має", "~мають", "~мусить", "намагаєт*", "прагне", "прагнуть", "збираєт*", "загрожує*", "~вимага*", "побоюєт*"},
}

// headlineSurer notes that a translated headline says for certain what the original's headline doubts.
// It is a note: languages doubt in many ways, and this knows the words, not the moods of verbs.
func (r *run) headlineSurer(head string) {
	mine, theirs := doubts[r.Lang.Base()], doubts[r.OriginalLang.Base()]
	if mine == nil || theirs == nil {
		return
	}
	word, ok := hedged(theirs, r.Original.Headline, false)
	if !ok {
		return
	}
	if _, ok := hedged(mine, head, true); ok {
		return
	}
	r.add(Finding{Code: "headline_surer", Severity: Note, Address: document.AddrHeadline, Excerpt: head, SourceSpot: word, Args: []any{"text", word}})
}

// hedged returns the first of the words in a text, those behind a tilde only where any will do.
func hedged(words []string, text string, any bool) (string, bool) {
	for _, t := range tokensOf(text) {
		if slices.ContainsFunc(words, func(w string) bool {
			w, weak := strings.CutPrefix(w, "~")
			stem, open := strings.CutSuffix(w, "*")
			return (any || !weak) && (t.lower == stem || open && strings.HasPrefix(t.lower, stem))
		}) {
			return t.text, true
		}
	}
	return "", false
}
