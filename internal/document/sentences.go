package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"

	"depesche/internal/lang"
)

// Sentences cuts a text in a language into its sentences, each with the space behind it, so that
// together they are the text. It follows Unicode's rules and knows in addition what those can't: the
// language's abbreviations, ordinal numbers and initials, after which no sentence ends. In doubt it
// doesn't cut: a sentence too long is better than half a one.
func Sentences(s string, l lang.Tag) []string {
	var out []string
	for it := sentences.FromString(s); it.Next(); {
		next := it.Value()
		if n := len(out) - 1; n >= 0 && !strings.HasSuffix(out[n], "\n") {
			// « Non ! » has spaces within its quotation marks.
			closing := len(next) - len(strings.TrimLeftFunc(next, func(r rune) bool { return isClosing(r) && r != '“' && r != '"' && r != '\'' }))
			if closing > 0 {
				closing = len(next) - len(strings.TrimLeft(next[closing:], " \u00a0\u202f"))
				out[n], next = out[n]+next[:closing], next[closing:]
			}
			if next == "" {
				continue
			}
		}
		if n := len(out) - 1; n >= 0 && goesOn(out[n], next, l) {
			out[n] += next
		} else {
			out = append(out, next)
		}
	}
	return out
}

// goesOn reports whether what Unicode takes for two sentences is one.
func goesOn(before, next string, l lang.Tag) bool {
	if strings.HasSuffix(before, "\n") {
		return false
	}
	if strings.TrimFunc(next, func(r rune) bool { return unicode.IsSpace(r) || isClosing(r) }) == "" {
		return true
	}
	for _, r := range next {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if unicode.IsLower(r) {
				return true // „Komm!“ sagte er
			}
			break
		}
	}
	end := strings.TrimRightFunc(before, func(r rune) bool { return unicode.IsSpace(r) || isClosing(r) })
	if strings.HasSuffix(end, "..") {
		return false
	}
	word, ok := strings.CutSuffix(end, ".")
	if !ok {
		return false
	}
	if i := strings.LastIndexFunc(word, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.In(r, unicode.Ps, unicode.Pi) || r == '„' || r == '"'
	}); i >= 0 {
		_, n := utf8.DecodeRuneInString(word[i:])
		word = word[i+n:]
	}
	return isAbbreviation(word, l)
}

func isClosing(r rune) bool {
	return unicode.In(r, unicode.Pe, unicode.Pf) || r == '"' || r == '\'' || r == '“'
}

// isAbbreviation reports whether a full stop behind the word belongs to it.
func isAbbreviation(word string, l lang.Tag) bool {
	if word == "" {
		return false
	}
	base := string(l.Base())
	if isNumber(word) {
		return ordinalPoint[base] && (utf8.RuneCountInString(word) <= 2 || strings.Contains(word, "."))
	}
	if ordinalPoint[base] && strings.Trim(word, "IVX") == "" {
		return true // Heinrich VIII.
	}
	if strings.Contains(word, ".") {
		return true // U.S., z.B., т.д.
	}
	if r, n := utf8.DecodeRuneInString(word); n == len(word) && unicode.IsLetter(r) && (unicode.IsUpper(r) || unicode.IsLower(r)) {
		return !slices.Contains(oneLetterWords[base], word)
	}
	if i := strings.LastIndexAny(word, "-–"); i >= 0 && i+1 < len(word) {
		word = word[i+1:] // US-Präs.
	}
	word = strings.ToLower(word)
	return abbreviations[base][word] || abbreviations[""][word] || withoutVowel(word)
}

func isNumber(s string) bool {
	for _, r := range s {
		if !unicode.IsDigit(r) && r != '.' && r != ',' {
			return false
		}
	}
	return true
}

// withoutVowel are clippings such as "Mrd", "грн", "gcht" that no table has. In Slavic languages
// there are words like that, all short.
func withoutVowel(word string) bool {
	n := 0
	for _, r := range word {
		if !unicode.In(r, unicode.Latin, unicode.Cyrillic) || strings.ContainsRune(vowels, r) {
			return false
		}
		n++
	}
	return n >= 2 && n <= 5 && !wordsWithoutVowel[word]
}

const vowels = "aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿāēīōūăąęėįųůőűışаеёєиіїоуыэюяў"

var wordsWithoutVowel = map[string]bool{
	"krk": true, "prst": true, "smrt": true, "vlk": true, "krv": true, "trh": true, "vrch": true, "trn": true, "srp": true, "hrb": true, "dlh": true,
	"srb": true, "grb": true, "rt": true, "čtvrť": true, "čtvrt": true, "hmm": true, "psst": true, "pst": true, "tv": true, "тв": true,
	"нкв": true, "ввп": true, "снг": true, "ссср": true, "срср": true, "зсу": true, "сбу": true, "фсб": true, "кгб": true, "мвс": true, "мвд": true,
	"мзс": true, "нбрб": true, "дтп": true, "тцк": true, "впл": true, "хттп": true, "cdc": true, "bbc": true, "cnn": true, "fbi": true, "dvd": true, "pkw": true,
	"lkw": true, "ddr": true, "brd": true, "spd": true, "cdu": true, "fdp": true, "bnd": true, "kgb": true, "fsb": true, "zdf": true, "ndr": true, "wdr": true,
	"mdr": true, "swr": true, "dpp": true, "psl": true, "tvn": true, "tvp": true, "nfl": true, "nhl": true, "gdp": true, "nhs": true, "mps": true, "kgv": true,
	"tgv": true, "sncf": true, "cgt": true, "rn": true, "psg": true, "lng": true, "lgbt": true, "html": true, "sms": true, "gps": true,
}

// ordinalPoint are the languages that write "23." for the 23rd.
var ordinalPoint = set("de cs sk da nb nn no fi is hu pl sl hr bs sr mk et lv lt tr hsb dsb lb fo")

// oneLetterWords can end a sentence.
var oneLetterWords = map[string][]string{"en": {"I"}, "ru": {"я"}, "uk": {"я"}, "be": {"я"}, "bg": {"я"}}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// abbreviations, by language, in small letters and without their full stop; "" is for all.
var abbreviations = map[string]map[string]bool{
	"": set("dr prof st ca vs etc cf nr no mr mrs ms jr sr mt al ed eds vol fig op cit tel inc ltd corp co bros"),
	"de": set(`abb abs abschn abt allg anm art aufl ausg az bd bde bearb begr beil bes betr bez bspw bsp bzgl bzw chr dat ders dez dgl diess dipl
		ehem eigtl einschl entspr erg erw etwa evtl evang evtl exkl fa fam feb ff flg folg forts fr frl gebr geb gef gegr geh gem gen ges gesch gest
		gez ggf ggfs hd hg hl hr hrn hrsg inkl ing insb insbes inzw jan jg jh jhd jhdt jr kap kath kfm kl kol lfd lt mag masch max med
		mill mio min mind mo mod monatl mrd mrz mt mtl nachm nördl nov nr obb od okt orig österr östl pfd phil pol präs priv prot prov qkm rd
		red reg rel rep resp rev sa schr schw sek sept sog soz spez std stdl stellv str strafb südl tägl tel tsd u usf usw utl verf verh
		verl vers versch verw vgl vgl vorm vors wg westl wiss zb ziff zit zt zz zzgl zzt so di mi do`),
	"en": set(`adm apr approx apt assn assoc asst atty aug ave blvd brig bros capt cmdr col comdr conn cpl dec del dept det dist div est esq ext feb
		fla ft gen gov govt hon hwy ind insp jan jul jun kan lieut lt maj mar mass messrs mgr mich minn mme mo mon nov oct okla ore pa penn pres
		pvt rd rep reps res ret rev sat sen sens sept sep sgt spec sq sun supt tenn tex thu thur thurs tue tues univ va vt wed wis wyo yd yr`),
	"fr": set(`adj adm ann apr art av bd bibl boul bull cap cf ch chap coll dép dir div éd éds env ex fasc févr fig hab hon ill janv juil l me min mgr
		mm m nov obs oct pp p par préf qqch qqn réf rem sept soc suiv suppl sv trad v vol`),
	"uk": set(`акад англ бл бульв буд в вид вул г гл гр грн грудн гос див діал доп доц дол ел журн заст зб зв зокр ім ін інж їх кв км кн крб
		кін лат лист літ м млн млрд мін міс мм наб нар напр нім обл ок оп оз п пл пол пор пос поч пп присл пр просп проф пров р ред респ рис рік рр рос рт с
		св сек сел серп симв січ см смт ст стор стол тел тис тов трлн трав ун укр ф фр хв ц ч чл черв шт`),
	"ru": set(`акад англ б бул в вв вып г гг гл гос гр губ д дер дол доп доц др ед ж жен журн зав зам зн им ин инж иск исп кв кн кон коп корп кр л лат
		м мин млн млрд муж наб нар нач наст нем ок окт о обл оз осн отд п пер пл пос пр пред прим просп проф р разд ред рис род рус руб с св сек см
		собр сов соч ср ст стр ст-ца тел тт тов трлн тыс ул фев фр ф ч чел чл шт экз эл янв`),
	"pl": set(`al ang art bp br cd cz dol dot doc dyr dz ew gen godz hab hr im in inż itd itp jw kard kl kol kpt ks lic ln łac m mec mies min mjr
		mies mgr nast nb nlb np nr nt ob obr ok op os p pkt pl pn płk por pos poz pow ppłk prof proc przyp pt r red reż rkp roz rozdz ryc rys rz s św
		sek str syg sz szt śp śr tab tel tj tow tys tyt tzn tzw ul ur w wg wiz wlk woj wsch wyd wym zach zał zb zewn zob zm zw`),
	"es": set(`admón adj apdo art arts atte av avda bco cap cía col cta dcha depto dir dña dpto dra ed ee ej excmo fdo fig gral hnos ing izq izqda lic
		máx mín ntra núm nros págs pág párr pdte pl pp prov prof pról pta pts ref sdad sig sres sr sra srta sta sto tel tfno trad ud uds uu vda vol vols`),
	"it": set(`avv art artt cap cfr cod col dott dottssa ecc ed egr fig geom gent ing lett mons min nn on op pag pagg par prof rag reg rev sec segg seg
		sig sigg sigra spett tel trad vol`),
	"pt": set(`adj art av cap cel cia dep dir dra ed eng esq ex exa exmo fig gen gov hab jr lda max min núm pág págs pres prof profa prov ref rua sra srta
		sr tel trad vol`),
	"nl": set(`afb afd alg art bijv blz bv ca dhr drs enz etc evt excl fa gem geb hfst incl ing jhr jl jkvr kath max mevr min mln mld mr nl nr ong opm
		pag plm prof red resp sr str tel tgv tzt vgl vnl voorz zgn zn`),
	"cs": set(`apod atd atp bc cca č čl čp dr evr gen hl hod ing inž kap kpt kupř mgr mil min mj mld mudr např nám obr odd odst ok okr p plk pol por pozn prof
		př př resp roč s sl sv str tel tis tj tř tzv ul v vyd zast zejm zvl`),
	"sk": set(`ap atď č čl hl hod ing kap min mld mgr napr nám obr odd ods okr p pl por pozn prof r resp s str sv tel tis tj tzv ul zák zv`),
	"bg": set(`бул бълг г гл гр др дол доц ж им кв км лв м мин млн млрд напр нар нем обл ок п пл проф р рис с св сек ст стр т тел тр ул хил ч`),
	"tr": set(`alm apt ar as av bk bkz bl böl bul cad coğ çev der dipl doç dr ecz ed fak gen gör gn hz hst hzl ing is jeol kim kr krş köy lât mad mah
		mat md mim müh müz no nö ör ord öz par prof ppr sf sok sn şb şti tar tb tel tic uzm üni vb vd vol vs yay yy yrd yüz zool`),
	"hu": set(`bek dr du db ea ed főszerk gr id ifj ill jan febr ápr jún júl aug szept okt nov dec kb kft ker kgy krt lásd ld max min mj mn okl
		ol özv pl prof stb szerk szt tc tk tv u ui uo ún ua vö vsz zrt`),
	"sv": set(`anm art avd bl dvs ed el ev exkl f fig forts fr inkl jfr kap kl m m.fl mfl mm mån milj mdr nr obs omkr osv red resp s sek sid st t
		tel tfn tim tr t.ex ung uppl vol ö`),
	"da": set(`adr afs alm art bd bl ca cand dvs eks ekskl evt fig flg forts fr følg gl hhv hr inkl iflg jf jan kap kgl kl maks mfl mht mia mill
		min mio mm mv nr nuv obs ogs osv pct pga red resp sek sml stk str td tlf tidl udg vedr vha`),
	"nb": set(`adr adm art avd bd bl ca dvs ekskl el evt f.eks fig forts fr gml hhv hr inkl jf jfr kap kl maks mill milj mm mrd nr obs osv pga red resp s
		sek st stk tlf tidl vedr vha`),
	"fi": set(`alk em engl ent esim fil hlö huom ilm jatk jne joht kand kapt ko ks luutn m maist mm milj min mr mrd mts n ns nyk oik os p par
		prof puh pvm ransk ruots rva s saks seur sis so sotk synt t tait toim ts tms tri ts ur v vas ven virk vm vrt vs vt ym yms yht`),
	"ro": set(`a alin art av bd bl bul cap conf dl dna dr dvs ed etc ex fig gen ing jud km lt max mil min mld mln nr ob op pag par prof sec sf str tel
		urm vol`),
	"el": set(`αγ αι αρ βλ δηλ δις δρ εκ εκδ εκατ κ κα κκ κεφ κλπ κοιν κτλ λεπ μμ πμ μτφ ν ντ οδ παρ περ π.χ πρβλ σ σελ στρ τ τηλ τόμ υπ χιλ χλμ`),
}
