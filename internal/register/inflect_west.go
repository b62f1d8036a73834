package register

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The places of the Polish tables are those of the Ukrainian ones.
var polish = &grammar{cases: 7, soft: softPolish, mobile: []string{"e", "ie"}, agrees: agreesPolish, after: true, rules: table(7, `
ki,gi | m | A | 0 | - ego emu -,ego m m - | e ch m e,ch mi ch e
i | m | A | 0 | - ego emu -,ego m m - | e ch m e,ch mi ch e
y | m | A | 1 | y ego emu y,ego ym ym y | e ych ym e,ych ymi ych e
ka,ga | f | A | 1 | a iej iej ą ą iej a | ie ich im ie,ich imi ich ie
a | f | A | 1 | a ej ej ą ą ej a | e ych,ich ym,im e,ych ymi,imi ych,ich e
ie | n | A | 2 | ie iego iemu ie im im ie | ie ich im ie imi ich ie
e | n | A | 1 | e ego emu e ym ym e | e ych ym e ymi ych e
ie | p | A | 2 | - | ie ich im ie,ich imi ich ie
e | p | A | 1 | - | e ych ym e,ych ymi ych e
owa,ewa,ina | f | P | 1 | a ej,y ej,~e ą,ę ą ej,~e a,o | e ych ym e ymi ych e
ski,cki,dzki,ki,gi | m | | 0 | - ego emu -,ego m m - | e ch m e,ch mi ch e
i,y | m | P | 1 | i,y ego,iego emu,iemu ego,iego ym,im ym,im i,y | owie ych,ich ym,im ych ymi ych owie
y | m | | 1 | y ego emu y,ego ym ym y | e ych ym e,ych ymi ych e
ska,cka,dzka | f | | 1 | a iej iej ą ą iej a | ie ich im ie ich imi ich ie
ia,ja | f | | 1 | a i,ii i,ii ę ą i,ii o | e %,i,ii om e ami ach e
ca,cza,sza,rza,dza,ża,la | fm | | 1 | a y,i y,i ę ą y,i o | e % om e,y ami ach e
a | fm | | 1 | a y,i ~e ę ą ~e o | y,i % om y,i,% ami ach y
ek | m | | 2 | ek ka,ku kowi,ku ka,ek kiem ku ku | ki,kowie ków kom ki,ków kami kach ki
iec | m | | 3 | iec ca,ńca cowi,ńcowi ca,iec,ńca cem,ńcem cu,ńcu cu,cze | ce,cy ców com ce,ców cami cach ce
ów | m | | 2 | ów owa,owu owowi ów,owa owem owie owie | owy owów owom owy owami owach owy
ń,ś,ć,ź | m | | 1 | - | -
ść | f | | 2 | ść ści ści ść ścią ści ści | ści ści ściom ści ściami ściach ści
sz,cz,ż,rz | f | | 0 | - y y - ą y y | e y om e ami ach e
l | f | | 0 | - i i - ą i i | e i om e ami ach e
c,cz,sz,rz,ż,dz,l,j | m | | 0 | - a,u owi,u a,- em u u | e,y,owie ów,y,i om e,y,ów,y ami ach e
k,g | m | | 0 | - a,u owi,u a,- iem u u | i,owie ów om i,ów ami ach i
b,h,d,f,ł,m,n,p,q,r,s,t,w,z,v,x | m | | 0 | - a,u owi,u a,- em ~e,u ~e,u | y,i,owie ów om y,ów ami ach y
ko | m | P | 1 | o i,a ~e,owi ę,a ą,iem ~e,u o | owie ów om ów ami ach owie
o | m | P | 1 | o y,i,a ~e,owi ę,a ą,em ~e,u o | owie ów om ów ami ach owie
um | n | | 2 | um um um um um um um | a ów om a ami ach a
ie | n | | 1 | e a u e em u e | a %,- om a ami ach a
e | n | | 1 | e a u e em u e | a %,y om a ami ach a
o | n | | 1 | o a u o em,iem ~e,u o | a % om a ami ach a
ce | p | | 1 | - | e -,y,ów om e ami ach e
y | p | | 1 | - | y %,ów om y,ów ami ach y
i | p | | 1 | - | i %,ów om i,ów ami ach i
e | p | | 1 | - | e %,ów,y,i om e,ów ami ach e
a | p | | 1 | - | a %,ów om a ami ach a
`)}

func init() {
	// Soft consonants show their softness by an "i" before a vowel: Poznań, Poznania.
	var soft []rule
	for _, pair := range []string{"ń n", "ś s", "ć c", "ź z"} {
		from, to, _ := strings.Cut(pair, " ")
		soft = append(soft, table(7, strings.NewReplacer("FROM", from, "TO", to).Replace(`
FROM | m | | 1 | FROM TOia,TOiu TOiowi,TOiu FROM,TOia TOiem TOiu TOiu | TOie,TOiowie TOi,TOiów TOiom TOie,TOi,TOiów TOiami TOiach TOie
FROM | f | | 1 | FROM TOi TOi FROM TOią TOi TOi | TOie,TOi TOi TOiom TOie,TOi TOiami TOiach TOie`))...)
	}
	rules := polish.rules[:0:0]
	for _, r := range polish.rules {
		if ends(r.ending, "ń", "ś", "ź") || r.ending == "ć" {
			if r.cut == 1 && len(soft) > 0 {
				rules, soft = append(rules, soft...), nil
			}
			continue
		}
		rules = append(rules, r)
	}
	polish.rules = rules
}

func softPolish(stem string) string {
	for _, pair := range []string{"st ści", "sł śl", "zd ździ", "sn śni", "ch sz", "k c", "g dz", "t ci", "d dzi", "r rz", "ł l", "s si", "z zi", "n ni", "b bi", "p pi", "m mi", "w wi", "f fi", "v vi"} {
		from, to, _ := strings.Cut(pair, " ")
		if rest, ok := strings.CutSuffix(stem, from); ok {
			return rest + to
		}
	}
	return stem
}

func agreesPolish(w, next string) bool {
	switch {
	case ends(w, "ki", "gi", "ny", "wy", "ły", "ty", "ry", "zy", "ni"):
		return !ends(next, "a", "o", "e", "y", "i")
	case ends(w, "ka", "ga", "na", "wa", "ła", "ra", "ta", "za"):
		return ends(next, "a", "ść")
	case ends(w, "e"):
		return ends(next, "e", "o", "y", "i", "um", "a") && !ends(w, "nie", "cie")
	}
	return false
}

// The places of the German tables are nominative, genitive, dative, accusative.
var german = &grammar{cases: 4, soft: umlaut, agrees: agreesGerman, plainNames: true, rules: table(4, `
e | mfnp | A | 1 | e,er,es en,er en,er,em e,en,es | e,en en,er en e,en
er | mfnp | A | 2 | er,e en en,em en | e,en en,er en e,en
es | mfnp | A | 2 | es,e en en,em es,e | e,en en,er en e,en
s,ß,x,z,ce | mfnp | P | 0 | - - - - | - - - -
a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,t,u,v,w,y,ä,ö,ü,é,á,í,ó,ú,ł,ń,ć,č,š,ž | mfnp | P | 0 | - s - - | s s s s
in | f | | 0 | - - - - | nen nen nen nen
e | f | | 0 | - - - - | n n n n
el,er | f | | 0 | - - - - | n n n n
ung,heit,keit,schaft,ion,tät,ik,ur,ei,anz,enz | f | | 0 | - - - - | en en en en
a,i,o,u,y | f | | 0 | - - - - | s,-en s s s
b,c,d,f,g,h,j,k,l,m,n,p,r,s,t,v,w,x,z,ß | f | | 0 | - -,s - - | en,~e en,~e en,~en en,~e
e | m | | 0 | - n,s n,- n,- | n n n n
ent,ant,ist,ot,at,oge,arch | m | | 0 | - en,s,es en,- en,- | en en en en
el,er,en | mn | | 0 | - s - - | -,~ -,~ -,n,~,~n -,~
s,ß,x,z | mn | | 0 | - es,- -,e - | e,~e e,~e en,~en e,~e
a,e,i,o,u,y | mn | | 0 | - s,- - - | s s s s
b,c,d,f,g,h,j,k,l,m,n,p,q,r,t,v,w | m | | 0 | - s,es,- -,e - | e,~e,s e,~e,s en,~en,s e,~e,s
b,c,d,f,g,h,j,k,l,m,n,p,q,r,t,v,w | n | | 0 | - s,es,- -,e - | e,~er,er,s e,~er,er,s en,~ern,ern,s e,~er,er,s
e,n,s | p | | 0 | - | - - -,n -
a,b,c,d,f,g,h,i,k,l,m,o,p,r,t,u | p | | 0 | - | - - -,n -
`)}

func umlaut(stem string) string {
	for at := len(stem); at > 0; {
		r, n := utf8.DecodeLastRuneInString(stem[:at])
		at -= n
		if to := map[rune]string{'a': "ä", 'o': "ö", 'u': "ü"}[r]; to != "" && at > 0 {
			if prev, _ := utf8.DecodeLastRuneInString(stem[:at]); r == 'u' && prev == 'a' {
				return stem[:at-1] + "äu" + stem[at+n:]
			}
			return stem[:at] + to + stem[at+n:]
		}
		if strings.ContainsRune("eiäöüy", r) {
			break
		}
	}
	return stem
}

func agreesGerman(w, next string) bool {
	r, _ := utf8.DecodeRuneInString(next)
	return ends(w, "e", "er", "es") && unicode.IsUpper(r) && !ends(w, "ie", "ier", "eer")
}

// The places of the English, French and Spanish tables are the two numbers alone. A possessive "'s"
// is a word of its own to whoever looks for names.
var english = &grammar{cases: 1, agrees: func(string, string) bool { return true }, rules: table(1, `
ay,ey,oy,uy | mfnp | | 0 | - | s
y | mfnp | | 1 | y | ies
s,x,z,ch,sh | mfnp | | 0 | - | es
a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,t,u,v,w | mfnp | | 0 | - | s
`)}

var french = &grammar{cases: 1, rules: table(1, `
s,x,z | mfnp | | 0 | - | -
al,ail | mfnp | | 0 | - | s
eau,eu | mfnp | | 0 | - | x
a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,t,u,v,w,y,é,è | mfnp | | 0 | - | s
`)}

var spanish = &grammar{cases: 1, rules: table(1, `
z | mfnp | | 1 | z | ces
ón | mfnp | | 2 | ón | ones
a,e,i,o,u,é,á,ó | mfnp | | 0 | - | s
s,x | mfnp | | 0 | - | -,es
b,c,d,f,g,h,j,k,l,m,n,p,q,r,t,v,w,y | mfnp | | 0 | - | es
`)}
