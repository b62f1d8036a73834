package lang

import "strings"

// letters maps a small letter, or several, to Latin ones. Where a letter is written differently at
// the start of a word, that form stands in initial.
type letters struct {
	all, initial map[string]string
	longest      int // runes in the longest key
}

// table reads "from to from to …"; "-" as to means: leave out. Keys beginning with "^" are for the
// start of a word.
func table(pairs string) letters {
	t := letters{all: map[string]string{}, initial: map[string]string{}, longest: 1}
	fields := strings.Fields(pairs)
	for i := 0; i+1 < len(fields); i += 2 {
		from, to := fields[i], strings.TrimPrefix(fields[i+1], "-")
		into := t.all
		if rest, ok := strings.CutPrefix(from, "^"); ok {
			from, into = rest, t.initial
		}
		into[from] = to
		t.longest = max(t.longest, len([]rune(from)))
	}
	return t
}

// with returns a copy of t in which other's letters win.
func (t letters) with(pairs string) letters {
	out, other := table(""), table(pairs)
	for _, from := range []letters{t, other} {
		for k, v := range from.all {
			out.all[k] = v
		}
		for k, v := range from.initial {
			out.initial[k] = v
		}
		out.longest = max(out.longest, from.longest)
	}
	return out
}

// The tables by language. Latin ones hold only what differs from leaving the accents out.
var (
	// ukrainian is the Cabinet of Ministers' table of 27 January 2010, no. 55; the letters that
	// only Russian has come after it.
	ukrainian = table(`а a б b в v г h ґ g д d е e є ie ^є ye ж zh з z зг zgh и y і i ї i ^ї yi й i ^й y
		к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ь - ю iu ^ю yu я ia ^я ya
		ё io ^ё yo ъ - ы y э e ў u`)
	russian = table(`а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t
		у u ф f х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya
		і i ї yi є ye ґ g ў u ј j љ lj њ nj ћ c ђ dj џ dzh ѓ gj ќ kj ѕ dz ѣ e ѳ f ѵ i
		ә a ғ g қ q ң ng ө o ұ u ү u һ h ӣ i ӯ u ҳ h ҷ j җ j ҡ q ҙ z ҫ s ӈ ng`)
	belarusian = russian.with(`г h е ye ё yo ў w и y`)
	bulgarian  = russian.with(`х h щ sht ъ a ь y`)
	serbian    = table(`а a б b в v г g д d ђ dj е e ж z з z и i ј j к k л l љ lj м m н n њ nj о o п p р r
		с s т t ћ c у u ф f х h ц c ч c џ dz ш s`)
	macedonian = russian.with(`ѓ gj ѕ dz ј j љ lj њ nj ќ kj џ dj х h ц c`)
	kazakh     = russian.with(`ң n`)
	tajik      = russian.with(`ғ gh ъ -`)
	uzbek      = russian.with(`ў o ъ - х x`)

	greek = table(`α a β v γ g γγ ng γξ nx γχ nch δ d ε e ζ z η i θ th ι i κ k λ l μ m μπ mp ^μπ b ν n
		ξ x ο o ου ou π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o`)
	georgian = table(`ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u
		ფ p ქ k ღ gh ყ q შ sh ჩ ch ც ts ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h`)
	armenian = table(`ա a բ b գ g դ d ե e ^ե ye զ z է e ը y թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh
		ճ ch մ m յ y ն n շ sh ո o ^ո vo ու u ^ու u չ ch պ p ջ j ռ r ս s վ v տ t ր r ց ts ւ v փ p ք k և ev օ o ֆ f`)

	arabic = table(`ا a ^ال al ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع -
		^ع a غ gh ف f ق q ك k ل l م m ن n ه h و w ي y ى a ة a ء - أ a ^أو u إ i ^إي i آ a ؤ u ئ i
		َ a ِ i ُ u ً an ٍ in ٌ un ّ - ْ - ـ - ٰ a
		پ p چ ch ژ zh گ g ک k ی y ڤ v ٹ t ڈ d ڑ r ں n ہ h ھ h ے e ۆ o ێ e ڕ r ڵ l ە a
		ټ t ډ d ړ r ښ sh ږ zh ځ z څ ts ڼ n ې e ۍ i ئ i`)
	persian = arabic.with(`^او u و v ث s ذ z ض z ^ال al ة e ^آ a`)

	hebrew = table(`א a ב v ^ב b ג g ד d ה h ו o ^ו v ז z ח h ט t י i ^י y כ kh ^כ k ך kh ל l מ m ם m נ n ן n
		ס s ע a פ f ^פ p ף f צ ts ץ ts ק k ר r ש sh ת t ׳ - ״ -`)

	german  = table(`ä ae ö oe ü ue ß ss`)
	danish  = table(`æ ae ø oe å aa`)
	latin   = table(`ß ss æ ae œ oe ø o ł l đ d ð d þ th ħ h ı i ŋ ng ə e ŧ t ſ s ĸ k ŀ l ĳ ij ŉ n ɓ b ɗ d ɛ e ɔ o ƙ k`)
	byBase  = map[Tag]letters{"uk": ukrainian, "ru": russian, "be": belarusian, "bg": bulgarian, "sr": serbian, "bs": serbian, "hr": serbian, "mk": macedonian, "kk": kazakh, "tg": tajik, "uz": uzbek, "fa": persian, "ps": persian, "ur": persian, "ckb": persian, "de": german, "lb": german, "gsw": german, "da": danish}
	scripts = []letters{latin, greek, georgian, armenian, arabic, hebrew}
)

// cyrillicOf chooses the table for Cyrillic words in a text of another script, by the letters that
// only some languages have.
func cyrillicOf(s string) letters {
	switch {
	case strings.ContainsAny(s, "їЇєЄґҐ"):
		return ukrainian
	case strings.ContainsAny(s, "ўЎ"):
		return belarusian
	case strings.ContainsAny(s, "іІ"):
		return ukrainian
	case strings.ContainsAny(s, "ђЂћЋџЏ"):
		return serbian
	case strings.ContainsAny(s, "ѓЃќЌѕЅ"):
		return macedonian
	}
	return russian
}
