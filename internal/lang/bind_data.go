package lang

import (
	"strings"
	"unicode/utf8"
)

// binding is what a language keeps on one line.
type binding struct {
	// small are the one-letter words that don't stand at a line's end.
	small map[string]bool
	// units stand after a number, before stand before one.
	units, before map[string]bool
	// scale are the units that a further unit follows: "12 млн грн".
	scale map[string]bool
	// titles stand before a name.
	titles map[string]bool
	// short are abbreviations of several letters; begin is how many letters the first of them has at
	// most.
	short []abbreviation
	begin int

	// heads are the bytes that words of small, before, scale and titles begin with, quotation marks
	// included, and longest is the length of the longest of them: see [binding.may].
	heads   [256]bool
	longest int
}

// everywhere are the units that all languages have.
const everywhere = "% ‰ ° °C € $ £ ¥ ₴ ₽ ₺ ₪ ₹ kg g mg t km m cm mm km² m² km/h m/s ha l ml W kW MW GW TW kWh MWh GWh TWh V A Hz MHz GHz kB MB GB TB s min EUR USD GBP CHF UAH PLN RUB"

func bind(small, units, before, scale, titles string, short ...string) *binding {
	b := &binding{small: words(small), units: words(everywhere + " " + units), before: words("§ §§ № " + before), scale: words(scale), titles: words(titles)}
	for _, s := range short {
		b.short = append(b.short, abbreviated(s))
		first, _, _ := strings.Cut(s, ".")
		b.begin = max(b.begin, utf8.RuneCountInString(first))
	}
	for _, set := range []map[string]bool{b.small, b.before, b.scale, b.titles, words("h « „ “ ‚ ‘ \" ' ( [ ¿ ¡")} {
		for w := range set {
			b.heads[w[0]] = true
			b.heads[strings.ToUpper(w)[0]] = true
			b.longest = max(b.longest, len(w))
		}
	}
	return b
}

// bindings are the habits by language, from the design guide's table and each language's usage.
var bindings = map[Tag]*binding{
	"de": bind("", "Uhr Prozent Prozentpunkte Promille Grad Euro Cent Dollar Pfund Franken Rubel Złoty Hrywnja Million Millionen Milliarde Milliarden Billion Billionen Tsd. Mio. Mrd. Mio Mrd Kilometer Meter Zentimeter Quadratkilometer Quadratmeter Hektar Tonnen Kilogramm Gramm Liter Kilowattstunden Megawatt Gigawatt Stundenkilometer km/h Jahre Mark",
		"Nr. Art. Abs. S. Kap. Ziff. Artikel Seite Absatz", "Mio. Mrd. Tsd. Mio Mrd", "Dr. Prof. Hl. St.",
		"z. B.", "d. h.", "u. a.", "i. d. R.", "o. Ä.", "u. Ä.", "v. a.", "z. T.", "s. o.", "s. u.", "u. U.", "i. A.", "m. E.", "z. Zt.", "v. Chr.", "n. Chr."),
	"uk": bind("в у з і й а о я є", "млн млрд трлн тис. тис грн гривень гривні гривня гривню євро дол. доларів долара долари рублів злотих фунтів відсотків відсотки відсоток відсотка км м см мм кг г т л га год хв с кВт МВт ГВт р. рр. року рік році роки років ст. ос. осіб людей тонн кілометрів метрів гектарів",
		"№№ ст. п. пп. с. стор. розд. гл. т. ч. м. вул. буд. кв.", "млн млрд трлн тис. тис", "", "т. д.", "т. п.", "т. зв.", "т. ч.", "н. е.", "к. с."),
	"ru": bind("в к о с у и а я", "млн млрд трлн тыс. тыс руб. рублей рубля рубль евро долл. долларов доллара гривен гривны гривна злотых фунтов процентов процента процент км м см мм кг г т л га ч мин с кВт МВт ГВт г. гг. года год году годы лет чел. человек тонн километров метров гектаров",
		"№№ ст. п. пп. с. стр. гл. т. ч. г. ул. д. кв.", "млн млрд трлн тыс. тыс", "", "т. д.", "т. п.", "т. е.", "т. н.", "т. к.", "н. э.", "и. о."),
	"be": bind("у ў з і й а о я к", "млн млрд трлн тыс. тыс руб. рублёў еўра долараў працэнтаў км м см мм кг г т л га г. гг. года год годзе чал. чалавек",
		"№№ арт. п. с. т. ч. г. вул.", "млн млрд трлн тыс. тыс", "", "г. д.", "г. зн.", "н. э."),
	"en": bind("", "per cent percent p.m. a.m. pm am million billion trillion m bn tn euros euro dollars dollar pounds pence hryvnia hryvnias roubles rubles kilometres kilometers metres meters miles hectares tonnes tons kilograms litres degrees",
		"No. Nos. p. pp. vol. ch. Article Section", "million billion trillion m bn tn", "Mr Mrs Ms Mr. Mrs. Ms. Dr Dr. Prof. St St. Sir"),
	"fr": bind("", "h min s millions million milliards milliard mille euros euro dollars dollar livres hryvnias roubles francs km m cm kg tonnes kilomètres mètres hectares degrés points ans Mo Go Ko ko To",
		"n° no p. pp. art. chap. vol. t.", "millions milliards M€ Md€", "M. MM. Mme Mmes Mlle Dr Me Mgr", "p. ex.", "c.-à-d.", "av. J.-C.", "apr. J.-C."),
	"pl": bind("i w z o u a", "mln mld bln tys. tys zł zł. gr euro dol. dolarów dolara hrywien hrywny rubli funtów proc. procent procenta km m cm mm kg g t l ha godz. min sek. r. roku rok lat osób ton kilometrów metrów hektarów",
		"nr str. s. art. ust. pkt poz. ul. godz. r.", "mln mld bln tys. tys", "", "m. in.", "p. o.", "b. r.", "n. e."),
	"cs": bind("k s v z o u a i", "mil. mld. tis. milionů milion miliard miliardy tisíc Kč korun eur eura dolarů procent hodin hod. min let km m cm kg g t l ha",
		"č. s. str. čl. odst. ul.", "mil. mld. tis. milionů miliard tisíc", "", "t. j.", "n. l.", "př. n. l."),
	"sk": bind("k s v z o u a i", "mil. mld. tis. miliónov milión miliárd tisíc Sk eur eura dolárov percent hodín hod. min rokov km m cm kg g t l ha",
		"č. s. str. čl. ods. ul.", "mil. mld. tis. miliónov miliárd tisíc", "", "t. j.", "n. l."),
	"ar": bind("", "مليون مليار ألف آلاف تريليون ملايين مليارات دولار دولارا يورو هريفنيا جنيه ريال درهم كم كلم كيلومترا كيلومتر متر مترا كيلو طن طنا هكتار بالمئة عاما سنة شخص شخصا", "رقم ص. المادة", "مليون مليار ألف تريليون ملايين مليارات", "د."),
	"es": bind("y o a e u", "millones millón mil euros euro dólares dólar libras por km m kg h toneladas kilómetros metros hectáreas grados años", "n.º núm. p. pp. art. cap. vol.", "millones mil", "Sr. Sra. Dr. Dra. D. Dña.", "p. ej.", "EE. UU.", "a. C.", "d. C."),
	"it": bind("", "milioni milione miliardi miliardo mila euro dollari sterline km m kg ore tonnellate chilometri metri ettari gradi anni per", "n. p. pp. art. cap. vol.", "milioni miliardi mila", "dott. sig. sig.ra on. prof."),
	"bg": bind("в с и у о", "млн. млн млрд. млрд хил. хиляди лв. лева лв евро долара долари км м см кг т г. ч. мин процента", "№ чл. ал. с. т. ул.", "млн. млрд. млн млрд хил.", "", "т. е.", "т. н."),
	"sr": bind("у и о а к с", "млн милиона милијарде милијарди хиљада динара евра долара км м кг одсто", "бр. чл. стр. ул.", "млн милиона милијарди хиљада", "", "н. е."),
}

// noBinding serves the languages we know no habits of.
var noBinding = bind("", "", "", "", "")

func bindingOf(t Tag) *binding {
	switch t.Script() {
	case "Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr":
		return nil // no spaces between words, so nothing to bind
	}
	if b := bindings[t.Base()]; b != nil {
		return b
	}
	return noBinding
}
