package check

import (
	"slices"
	"strings"

	"depesche/internal/lang"
)

// negation compares whether both sides deny something. Words are counted in two kinds: plain ones
// ("not", "nicht", "не"), and those that deny by what they mean ("failed", "without", "unmöglich",
// "verbot"), which stand for a plain one as often as translators want. An alarm needs a plain one on
// one side and nothing of either kind on the other.
func (r *run) negation(p *pair) {
	from, okA := negating[r.OriginalLang.Base()]
	to, okB := negating[r.Lang.Base()]
	if !okA || !okB || r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	a, b := from.count(p.a), to.count(p.b)
	f := Finding{Code: "negation_lost", Severity: Warn, Address: p.src.Address, Excerpt: clip(p.b), Args: []any{"source", a.word, "from", r.OriginalLang}, SourceSpot: a.word}
	switch {
	case a.plain > 0 && to.broken(p.b) && !from.broken(p.a):
		// "ніколи" without "не" before the verb.
	case a.plain > 0 && b.plain == 0 && b.meant == 0:
		if a.weak == a.plain {
			f.Severity = Note
		}
	case a.plain == 0 && a.meant == 0 && b.plain > 0:
		f = Finding{Code: "negation_added", Severity: Note, Address: p.src.Address, Excerpt: clip(p.b), Args: []any{"target", b.word}, Spot: b.word}
	case a.plain > b.plain+b.meant:
		f.Severity = Note
	default:
		return
	}
	r.add(f)
}

// denying is what a language denies with.
type denying struct {
	plain []string // words
	weak  []string // plain words that as often deny nothing: "no" in "no doubt"
	// meant are words, stems that end in "*" and endings that begin with it, whose sense denies.
	meant []string
	// harmless are words, as in meant, that look so and deny nothing: "und", "under".
	harmless []string
	// helped are words that deny only with one of the particles in the same sentence.
	helped, particles []string
	// idle are phrases with a plain word that deny nothing: "not only", "не только".
	idle []string
}

// denials are the negations of a text.
type denials struct {
	plain, weak, meant int
	word               string // the first plain one
}

func (d denying) count(text string) denials {
	var out denials
	lower := strings.ReplaceAll(lowered(text), "’", "'")
	for _, phrase := range d.idle {
		lower = strings.ReplaceAll(lower, phrase, " ")
	}
	for w := range strings.FieldsFuncSeq(lower, func(r rune) bool { return !isWordRune(r) && r != '\'' }) {
		w = strings.Trim(w, "'")
		switch {
		case slices.Contains(d.plain, w) || strings.HasSuffix(w, "n't"):
			out.plain++
			if out.word == "" {
				out.word = w
			}
		case slices.Contains(d.weak, w):
			out.plain++
			out.weak++
			if out.word == "" {
				out.word = w
			}
		case slices.ContainsFunc(d.meant, func(m string) bool { return fits(w, m) }) && !slices.ContainsFunc(d.harmless, func(m string) bool { return fits(w, m) }):
			out.meant++
		}
	}
	return out
}

// broken reports whether a text has a word that denies only beside a particle, and no particle.
func (d denying) broken(text string) bool {
	lower := lowered(text)
	needs := false
	for w := range strings.FieldsFuncSeq(lower, func(r rune) bool { return !isWordRune(r) }) {
		if slices.Contains(d.particles, w) {
			return false
		}
		needs = needs || slices.Contains(d.helped, w)
	}
	return needs
}

func fits(w, pattern string) bool {
	if stem, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(w, stem)
	}
	if end, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(w, end)
	}
	return w == pattern
}

var negating = map[lang.Tag]denying{
	"en": {
		plain: strings.Fields("not never cannot nor neither nobody nothing nowhere none"),
		weak:  strings.Fields("no"),
		meant: strings.Fields(`without fail* refus* den* reject* hardly barely scarcely unable unlikely lack* prevent* avoid* ban banned bans banning prohibit* forbid* forbade
			absen* unless until impossib* illegal* unlawful* un* disagree* disprov* dislike* inab* incap* inacc* insuff* ineff* inexp* invis* inval* impract* irre* non no-one rarely seldom ceas*
			declin* block* cancel* doubt* ignor* neglect* object* unwilling wrong instead missing hinder* ineligible landlocked yet less least out impenetr* obliq* stay`),
		harmless: strings.Fields(`under* unite* unit units union* univ* unique* uncle* denmark dense* dental dent* underst* unanim*`),
		idle:     []string{"not only", "not just", "not merely", "no doubt", "whether or not", "if not", "not least", "no. "},
	},
	"de": {
		plain: strings.Fields("nicht nie niemals niemand niemanden niemandem nichts keine kein keinen keinem keiner keines keins nirgends keinerlei keinesfalls keineswegs weder"),
		meant: strings.Fields(`ohne un* miss* verbot* verbiet* verweiger* weiger* abgelehn* ablehn* lehnte* lehnt scheiter* fehl* mangel* kaum selten verhinder* vermeid* dementier* bestritt* bestreit* leugn* statt
			anstatt *los *lose *losen *loser *loses *losigkeit zweifel* wenig* ausgeschlossen verzicht* versäum* hinder* gehindert* *frei negativ* mangels unbeh* vergeb* entfall* entgang* abgel* unterlass* falsch nein illegal* inak* inkomp* irr*`),
		harmless: strings.Fields(`und unter* uns unser* uni* ungar* ungefähr* unten untät* mission* missbrauch* verfehl* erste* lehnte zulos klos los *schloss* los* *lose`),
		idle:     []string{"nicht nur", "nicht zuletzt", "nicht bloß", "wenn nicht gar"},
	},
	"fr": {
		plain: strings.Fields("pas jamais aucun aucune rien nul nulle ni"),
		weak:  strings.Fields("ne n non guère plus personne"),
		meant: strings.Fields(`sans inca* inco* insu* inut* inv* imp* irré* illég* dés* refus* rejet* interdi* empêch* évit* échou* échec* manqu* absen* peu rarement sauf hors nier nié niant défaut cess*
			impossib* dépourvu* exclu* plutôt`),
		harmless: strings.Fields(`impor* impress* invest* invit* imprim* impl* impos* impôt* dés désert* désorm* désign* désir* import* impact* inconn* incon* cess* indus* inven*`),
		idle:     []string{"non seulement", "n'est-ce pas", "ne serait-ce"},
	},
	"pl": {
		plain:    strings.Fields("nie nigdy nikt nikogo nikomu nikim nic niczego niczym żaden żadna żadne żadnego żadnej żadnych żadnym żadnymi ani nigdzie"),
		weak:     strings.Fields("brak"),
		meant:    strings.Fields(`bez nie* brak* odm* zakaz* odrzuc* zabr* uniemożliw* unik* zaprzecz* trudno mało rzadko dopiero wbrew oprócz zamiast prócz wyklucz* zanim ledwo zaledwie przesta* zaprzest* powstrzym*`),
		harmless: strings.Fields(`niektó* niedziel* niemiec* niemcy niedawn* niem* niego niej niebie* nieco niech niebaw* zabra* odmien* odmó* bezp* niesi* nieść niezw* niebiesk*`),
		helped:   strings.Fields("nigdy nikt nikogo nikomu nic niczego żaden żadna żadnego żadnej żadnych nigdzie ani"), particles: strings.Fields("nie bez brak niemożliwe"),
		idle: []string{"nie tylko", "nie mniej", "nie lada"},
	},
	"ru": {
		plain:    strings.Fields("не нет никогда никто никого никому никем ничего ничто ничем ничему никакой никакого никакая никаких никакие никакой ни нельзя нигде некому нечего"),
		meant:    strings.Fields(`без бес* без* не* отказ* отверг* отклон* отриц* опроверг* запре* лиш* едва трудно мало вряд редко кроме вместо исключ* предотвра* избе* препят* отсутств* невозможно предстоит стороной обойд* категорич*`),
		harmless: strings.Fields(`недел* некото* несколько недавн* нефт* небо* неб* нес* нему ней него нею неё нерв* лишь безопас* бесед* беспл* нем* нейтр* нередко небольш* немного немец* немал*`),
		helped:   strings.Fields("никогда никто никого никому ничего ничто никакой никакого никаких никакие нигде ни"), particles: strings.Fields("не нет нельзя без невозможно нечего"),
		idle: []string{"не только", "не просто", "не менее", "чуть не", "едва не", "не раз ", "тем не менее"},
	},
	"uk": {
		plain:    strings.Fields("не ні ніколи ніхто нікого нікому ніким нічого ніщо нічим нічому жоден жодна жодне жодного жодної жодних жодні жодному жодним ніде немає нема ані ніяк ніякого ніяких ніякий"),
		meant:    strings.Fields(`без без* не* відмов* відкин* відхил* запереч* спрост* заборон* позбав* ледь навряд важко мало рідко крім окрім замість виключ* запобі* уник* перешкод* бракує бракувало відсутн* неможлив*`),
		harmless: strings.Fields(`недав* неділ* нещодав* небо* неб* нафт* нес* нему неї нею нього нерв* безпе* немов неначе невелик* невдовз* негай* недал* нехай німец* немал* безкош* незабар* незваж*`),
		helped:   strings.Fields("ніколи ніхто нікого нікому нічого ніщо жоден жодна жодного жодної жодних ніде ніяких ніякого"), particles: strings.Fields("не ні немає нема без неможливо"),
		idle: []string{"не тільки", "не лише", "не просто", "не менш", "ледь не", "мало не", "тим не менш"},
	},
	"es": {
		plain:    strings.Fields("no nunca jamás nadie nada ningún ninguna ninguno ninguno ni tampoco"),
		meant:    strings.Fields(`sin inca* incon* insu* inv* imp* irre* des* neg* niega* rechaz* prohib* imped* impid* evit* fracas* falt* carec* ausen* apenas salvo excepto hasta poco pocas pocos dejar dejó dejado`),
		harmless: strings.Fields(`desde después despu* descu* destin* desp* dest* desa* desc* impor* impuls* invers* invest* inves* invit* impac* imper* hasta impl* impu*`),
		idle:     []string{"no solo", "no sólo", "no obstante", "no solamente"},
	},
}
