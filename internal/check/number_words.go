package check

import (
	"math/big"
	"regexp"
	"strings"

	"depesche/internal/lang"
)

// scaleWords are the words behind a figure that multiply it, by language; "*" is for all. The longer
// ones come first where one begins another.
var scaleWords = map[lang.Tag][]scaleWord{
	"en": {{"thousand", 3}, {"million", 6}, {"billion", 9}, {"trillion", 12}, {"bn", 9}, {"tn", 12}, {"mn", 6}, {"m", 6}, {"k", 3}, {"b", 9}},
	"de": {{"tausend", 3}, {"tsd", 3}, {"millionen", 6}, {"million", 6}, {"mio", 6}, {"milliarden", 9}, {"milliarde", 9}, {"mrd", 9}, {"billionen", 12}, {"billion", 12}},
	"uk": {{"тисячі", 3}, {"тисяча", 3}, {"тисяч", 3}, {"тис", 3}, {"мільйонів", 6}, {"мільйони", 6}, {"мільйона", 6}, {"мільйон", 6}, {"млн", 6}, {"мільярдів", 9}, {"мільярди", 9}, {"мільярда", 9}, {"мільярд", 9}, {"млрд", 9}, {"трильйонів", 12}, {"трильйони", 12}, {"трильйона", 12}, {"трлн", 12}},
	"ru": {{"тысячи", 3}, {"тысяча", 3}, {"тысяч", 3}, {"тыс", 3}, {"миллионов", 6}, {"миллиона", 6}, {"миллион", 6}, {"млн", 6}, {"миллиардов", 9}, {"миллиарда", 9}, {"миллиард", 9}, {"млрд", 9}, {"триллионов", 12}, {"триллиона", 12}, {"трлн", 12}},
	"fr": {{"mille", 3}, {"milliers", 3}, {"millions", 6}, {"million", 6}, {"milliards", 9}, {"milliard", 9}, {"billions", 12}, {"billion", 12}, {"mds", 9}, {"md", 9}, {"m", 6}},
	"pl": {{"tysięcy", 3}, {"tysiące", 3}, {"tysiąc", 3}, {"tys", 3}, {"milionów", 6}, {"miliony", 6}, {"miliona", 6}, {"milion", 6}, {"mln", 6}, {"miliardów", 9}, {"miliardy", 9}, {"miliarda", 9}, {"miliard", 9}, {"mld", 9}, {"bilionów", 12}, {"biliony", 12}, {"biliona", 12}, {"bln", 12}},
}

type scaleWord struct {
	word  string
	power int64
}

var gapBefore = regexp.MustCompile(`^[\s\x{00a0}\x{202f}-]{0,2}`)

// scaleOf returns the factor of the scale word that the text begins with and the bytes it takes, or
// nil.
func scaleOf(l lang.Tag, rest string) (int, *big.Rat) {
	gap := len(gapBefore.FindString(rest))
	word := strings.ToLower(rest[gap:])
	for _, s := range scaleWords[l.Base()] {
		if !strings.HasPrefix(word, s.word) || startsWithLetter(word[len(s.word):]) {
			continue
		}
		if len(s.word) == 1 && gap > 0 {
			continue // "5 m" is a length, "5m" is money
		}
		factor := new(big.Int).Exp(big.NewInt(10), big.NewInt(s.power), nil)
		return gap + len(s.word), new(big.Rat).SetInt(factor)
	}
	return 0, nil
}

func startsWithLetter(s string) bool {
	for _, r := range s {
		return inWord(r)
	}
	return false
}

// What stands round a figure that good translators write otherwise: times of day, measures that
// people on the other side of a sea don't know, scores. A measure in kilometres or metres is
// compared.
var (
	timeBehind    = regexp.MustCompile(`^(?:[:.h]\s?[0-9]{2}|[\s\x{00a0}\x{202f}]?(?:(?i:[ap]\.?m)\b|Uhr\b|h\b|o[’']clock|hrs?\b|GMT\b|BST\b|EDT\b|PDT\b|год(?:ин[іиу]?|\.)? ))`)
	measureBehind = regexp.MustCompile(`^[\s\x{00a0}\x{202f}-]?(?i:feet|foot|ft\b|inch|yards?\b|yds?\b|miles?\b|mph\b|pounds?\b|lbs?\b|stone\b|acres?\b|ounces?\b|oz\b|gallons?\b|pints?\b|degrees?\b|°|º|Meilen?\b|Fuß\b|Zoll\b|Grad\b|Pfund\b|mil[ei]?\b|stóp\b|cali\b|jard|фут|дюйм|ярд|миль|миля|мили|милі|миля|градус|stopni)`)
	scoreBehind   = regexp.MustCompile(`^\s?[-–:−/]\s?[0-9]`)
	scoreBefore   = regexp.MustCompile(`[0-9]\s?[-–:−/]\s?$`)
)

func vagueAround(before, behind string) bool {
	return timeBehind.MatchString(behind) || measureBehind.MatchString(behind) ||
		scoreBehind.MatchString(behind) || scoreBefore.MatchString(before)
}
