package main

// languages maps our tag to CLDR's locale. "en" is British, as the design guide has it; American
// English is "en-US". A tag that is not here takes its nearest relative's data, see lang's data.go.
var languages = map[string]string{
	"af": "af", "am": "am", "ar": "ar", "az": "az", "be": "be", "bg": "bg", "bn": "bn", "bs": "bs",
	"ca": "ca", "ckb": "ckb", "cs": "cs", "cy": "cy", "da": "da", "de": "de", "de-AT": "de-AT",
	"de-CH": "de-CH", "el": "el", "en": "en-GB", "en-US": "en", "es": "es", "es-419": "es-419",
	"et": "et", "eu": "eu", "fa": "fa", "fi": "fi", "fil": "fil", "fr": "fr", "fr-CA": "fr-CA",
	"fr-CH": "fr-CH", "ga": "ga", "gl": "gl", "he": "he", "hi": "hi", "hr": "hr", "hu": "hu",
	"hy": "hy", "id": "id", "is": "is", "it": "it", "ja": "ja", "ka": "ka", "kk": "kk", "km": "km",
	"ko": "ko", "ku": "ku", "ky": "ky", "lb": "lb", "lo": "lo", "lt": "lt", "lv": "lv", "mk": "mk",
	"mn": "mn", "ms": "ms", "mt": "mt", "my": "my", "nb": "nb", "ne": "ne", "nl": "nl", "nn": "nn",
	"pa": "pa", "pl": "pl", "ps": "ps", "pt": "pt", "pt-PT": "pt-PT", "ro": "ro", "ru": "ru",
	"si": "si", "sk": "sk", "sl": "sl", "so": "so", "sq": "sq", "sr": "sr", "sr-Latn": "sr-Latn",
	"sv": "sv", "sw": "sw", "ta": "ta", "te": "te", "tg": "tg", "th": "th", "ti": "ti", "tk": "tk",
	"tr": "tr", "uk": "uk", "ur": "ur", "uz": "uz", "vi": "vi", "zh": "zh", "zh-Hant": "zh-Hant",
}

// moreNames are languages we have names for, but no data: what a source may be written in.
var moreNames = []string{
	"ab", "an", "as", "ast", "av", "ay", "ba", "bm", "bo", "br", "ce", "ceb", "co", "crh", "cu",
	"cv", "dv", "dz", "ee", "en-AU", "en-CA", "en-GB", "eo", "es-ES", "es-MX", "ff", "fo", "fur",
	"fy", "gd", "gn", "grc", "gsw", "gu", "ha", "haw", "hsb", "ht", "ig", "ilo", "inh", "iu", "jv",
	"kbd", "kl", "kn", "krc", "ks", "la", "lez", "lg", "ln", "lus", "mg", "mi", "ml", "mr", "myv",
	"nds", "ny", "oc", "om", "or", "os", "pt-BR", "qu", "rm", "rn", "rom", "rw", "sa", "sah", "sc",
	"scn", "sd", "se", "sg", "sm", "sn", "st", "su", "szl", "tn", "to", "ts", "tt", "tyv", "udm",
	"ug", "vec", "wo", "xh", "yi", "yo", "yue", "zgh", "zh-Hans", "zu",
}

// scripts and regions are those and regions we have names for; they tell two editions in one language
// apart.
var (
	scripts = []string{"Arab", "Cyrl", "Deva", "Hans", "Hant", "Hebr", "Latn", "Tfng"}
	regions = []string{
		"419", "AE", "AF", "AR", "AT", "AU", "BA", "BD", "BE", "BO", "BR", "BY", "CA", "CD", "CH",
		"CI", "CL", "CM", "CN", "CO", "CY", "DE", "DZ", "EC", "EG", "ES", "ET", "FI", "FR", "GB",
		"GH", "HK", "ID", "IE", "IL", "IN", "IQ", "IR", "IT", "JO", "KE", "KG", "KP", "KR", "KZ",
		"LB", "LI", "LU", "LY", "MA", "MD", "ME", "MK", "ML", "MX", "MY", "NG", "NL", "NZ", "PE",
		"PK", "PL", "PS", "PT", "PY", "RO", "RS", "RU", "SA", "SD", "SG", "SN", "SY", "TN", "TR",
		"TW", "TZ", "UA", "US", "UY", "UZ", "VE", "XK", "YE", "ZA",
	}
)

// placeNames are the languages in which we have the names of countries and cities: those that papers
// of Europe and round it are translated between.
var placeNames = []string{
	"ar", "be", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu", "it", "ka", "kk", "lt",
	"lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk",
}
