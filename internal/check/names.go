package check

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// name is a word of a text that seems to be one of a person, a place or a body.
type name struct {
	token
	sound sound
	// firm says that it stands as names do: with a capital that nothing else gives it.
	firm bool
	// known says that the story has it on both sides, beside that it stands next to a word with a
	// capital that both sides have: a first name.
	known, beside bool
	settled       bool // the story has it on both sides more than once, in the same segments
	again         bool // its side has it in other segments too
}

// names compares the names of both sides. That a name of the original has nothing on the other side
// happens in good translations, where "he" or "the president" stands for it. That the other side has
// a name instead that the original hasn't is what an exchange looks like.
func (r *run) names(p *pair) {
	if r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	lost := r.unheard(p, true)
	if len(lost) == 0 {
		return
	}
	gained := r.unheard(p, false)
	lost, gained = r.rendered(p, lost, gained)
	if a, b, severity, ok := exchanged(p, lost, gained); ok {
		r.add(Finding{Code: "name_differs", Severity: severity, Address: p.src.Address, Spot: b.text, SourceSpot: a.text,
			Excerpt: excerpt(p.b, b.from, b.to), Args: []any{"source", a.text, "from", r.OriginalLang, "target", b.text}})
		return
	}
	if i := slices.IndexFunc(lost, func(n name) bool { return n.firm && n.settled && !n.initial }); i >= 0 {
		a := lost[i]
		r.add(Finding{Code: "name_missing", Severity: Note, Address: p.src.Address, SourceSpot: a.text, Excerpt: clip(p.b), Args: []any{"source", a.text, "from", r.OriginalLang}})
	}
}

// exchanged returns a pair of names that look as if one stood for the other, the surest there is: a
// warning where both stand as names do, or where more speaks for the one that doesn't.
func exchanged(p *pair, lost, gained []name) (a, b name, severity Severity, ok bool) {
	best := 0
	for _, x := range lost {
		for _, y := range gained {
			if s := suspicion(p, x, y); s > best {
				best, a, b = s, x, y
			}
		}
	}
	severity = Note
	if best >= suspect {
		severity = Warn
	}
	return a, b, severity, best >= remark
}

// The suspicions that are worth a note and a warning.
const remark, suspect = 3, 5

// How far apart, as a part of the text, names stand that aren't one for the other, in texts of some
// length: in a short one each language has its own order.
const (
	far     = 0.5
	longWay = 300
)

// suspicion weighs a pair of names of which the one may stand for the other.
func suspicion(p *pair, a, b name) int {
	apart := math.Abs(float64(a.from)/float64(len(p.a)) - float64(b.from)/float64(len(p.b)))
	n := 0
	for _, x := range []name{a, b} {
		switch {
		case x.firm:
			n += 2
		case !x.initial || a.initial && b.initial && (a.beside && b.beside && a.known || a.settled):
			n++ // a German word with a capital, a name that begins the sentence on both sides
		}
	}
	if a.known {
		n++
	}
	if a.beside && b.beside {
		n++
	}
	if apart > far && len(p.a) > longWay {
		n--
	}
	if b.known && b.again && !a.settled {
		n-- // somebody of the story is named where the original has a pronoun
	}
	if !a.firm && !a.known && !a.beside || !b.firm && !b.beside && !a.known {
		return 0
	}
	return n
}

// unheard returns the names of one side that nothing on the other side sounds like.
func (r *run) unheard(p *pair, source bool) []name {
	l, other, text := r.Lang, r.OriginalLang, p.b
	theirText := p.a
	if source {
		l, other, text, theirText = other, l, p.a, p.b
	}
	mine, theirs := r.tale.spoken(l, text), r.tale.spoken(other, theirText)
	loud := l.Base() != "de" && titled(mine.tokens)
	var out []name
	for i, t := range mine.tokens {
		if !mine.named[i] || heardIn(mine.sounds[i], mine.sounds, theirs.tokens, theirs.sounds) || exonym(l, t.lower, other, theirs.tokens) {
			continue
		}
		n := name{token: t, sound: mine.sounds[i]}
		n.known = r.tale.knows(n, l)
		n.settled = source && r.settled(n)
		n.known = n.known || n.settled
		n.again = r.tale.again(l, t.lower)
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(mine.tokens) && isCapital(mine.tokens[j].text) && strings.TrimSpace(text[min(t.to, mine.tokens[j].to):max(t.from, mine.tokens[j].from)]) == "" {
				n.beside = n.beside || heardIn(mine.sounds[j], mine.sounds, theirs.tokens, theirs.sounds)
			}
		}
		switch {
		case loud:
			n.firm = n.known || n.beside
		case t.initial:
			n.firm = !r.tale.small(l, t.lower) && r.tale.within(l, t.lower) && (l.Base() != "de" || n.beside)
		default:
			n.firm = looksLikeName(l, text, mine.tokens, i, n.beside)
		}
		if !n.firm && (t.initial && r.tale.small(l, t.lower) || !looksLikeName(l, text, mine.tokens, i, true)) {
			continue
		}
		out = append(out, n)
	}
	return out
}

// rendered takes out what may be one name after all, spelled as it isn't said, or written out here
// and by its first letters there.
func (r *run) rendered(p *pair, lost, gained []name) (a, b []name) {
	for _, x := range lost {
		i := slices.IndexFunc(gained, func(y name) bool { return r.renders(x, y) })
		if i < 0 {
			if !spelledOut(x, p.b, p.a) {
				a = append(a, x)
			}
			continue
		}
		gained = slices.Delete(gained, i, i+1)
	}
	for _, y := range gained {
		if !spelledOut(y, p.a, p.b) {
			b = append(b, y)
		}
	}
	return a, b
}

// renders reports whether one name may be the other's: the story has both together more than once,
// or they sound roughly alike and the story doesn't say otherwise.
func (r *run) renders(a, b name) bool {
	r.tale.load()
	if x, y := r.tale.original.words[a.lower], r.tale.edition.words[b.lower]; x != nil && y != nil && together(x.at, y.at) > 1 {
		return true
	}
	if !a.firm || !b.firm || a.settled {
		return false
	}
	short, long := cutAdjective(a.sound), cutAdjective(b.sound)
	return a.sound.roughly(b.sound) || b.sound.roughly(a.sound) || short.roughly(long) || long.roughly(short)
}

// settled reports whether the story has the name on both sides more than once, in the same segments.
func (r *run) settled(a name) bool {
	x := r.tale.original.words[a.lower]
	return x != nil && len(x.at) > 1 && slices.ContainsFunc(r.tale.edition.order, func(c *capital) bool {
		return together(x.at, c.at) > 1 && (a.sound.roughly(c.sound) || c.sound.roughly(a.sound))
	})
}

// together counts the segments that both lists have.
func together(a, b []int) int {
	n := 0
	for _, x := range a {
		if slices.Contains(b, x) {
			n++
		}
	}
	return n
}

// cutAdjective is the sound without the ending that makes an adjective of a name: Єльський.
func cutAdjective(s sound) sound {
	i := strings.LastIndex(s.plain, "sk")
	if s.latin || i < 2 || len(s.plain)-i > 6 {
		return s
	}
	return soundOf("en", s.plain[:i])
}

// spelledOut reports whether the other text has a word of capitals more than this one, with the
// name's first letter in it: LSU is the University of Louisiana.
func spelledOut(n name, other, own string) bool {
	theirs := acronym.FindAllString(other, -1)
	if len(theirs) <= len(acronym.FindAllString(own, -1)) {
		return false
	}
	return slices.ContainsFunc(theirs, func(w string) bool {
		return !strings.Contains(own, w) && strings.Contains(strings.ToLower(lang.Transliterate("uk", w)), n.sound.plain[:1])
	})
}

var acronym = regexp.MustCompile(`\p{Lu}{2,}`)

// heardIn reports whether one of the words sounds like the name. One that another name of the same
// text sounds more like is theirs.
func heardIn(s sound, among []sound, tokens []token, heard []sound) bool {
	for i, h := range heard {
		alike := isCapital(tokens[i].text) && len(h.plain) > 2 && (s.like(h) || h.like(s)) || s.sure(h) || h.sure(s)
		if alike && !slices.ContainsFunc(among, func(o sound) bool { return o.nearer(h, s) }) {
			return true
		}
	}
	return false
}

// nearer reports whether heard is s rather than the other.
func (s sound) nearer(heard, other sound) bool {
	if s.plain == other.plain || other.plain == heard.plain || commonPrefix(s.plain, other.plain) >= 4 || commonPrefix(heard.plain, other.plain) >= 4 {
		return false
	}
	if s.plain == heard.plain {
		return true
	}
	return len(s.plain) > 3 && (s.like(heard) || heard.like(s)) && min(s.distance(heard), heard.distance(s)) < min(other.distance(heard), heard.distance(other))
}

// shortestName is how many letters a word needs to be looked for as a name: short ones sound like
// too much.
const shortestName = 4

// mayBeName reports whether the word has the form of a name, and isn't one of those that languages
// write so though they translate them.
func mayBeName(l lang.Tag, t token) bool {
	if utf8.RuneCountInString(t.text) < shortestName {
		return false
	}
	first, n := utf8.DecodeRuneInString(t.text)
	if !unicode.IsUpper(first) {
		return false
	}
	second, _ := utf8.DecodeRuneInString(t.text[n:])
	return unicode.IsLower(second) && !isCommon(l, t.lower)
}

// looksLikeName reports whether the word at i stands like a name. In German every noun has a capital;
// those that are none have an article or an adjective before them or a noun's ending.
func looksLikeName(l lang.Tag, text string, tokens []token, i int, eager bool) bool {
	if l.Base() != "de" {
		return !tokens[i].initial || utf8.RuneCountInString(tokens[i].text) > shortestName
	}
	w := tokens[i].lower
	ends := germanNouns
	if eager {
		ends = ends[:8]
	}
	if i == 0 || slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(w, end) }) {
		return false
	}
	before := tokens[i-1]
	if isCapital(before.text) && !before.initial {
		return strings.TrimSpace(text[before.to:tokens[i].from]) == ""
	}
	if beforeNouns[before.lower] {
		return false
	}
	if eager {
		return true
	}
	return beforeNames[before.lower] || !slices.ContainsFunc(adjectives, func(end string) bool { return strings.HasSuffix(before.lower, end) })
}

var (
	germanNouns = strings.Fields("ung ungen heit keit schaft innen tion tionen tät nis tum ment en ern ler rer ger ismus ik ft cht keiten te zeit tag jahr saal haus spiel trainer")
	beforeNouns = setOf("der die das den dem des ein kein mein dein sein ihr unser im am zum zur vom beim ins ans mehr viel zwei drei vier fünf sechs sieben acht neun zehn zu ohne als pro per eine einen einem einer eines seine ihre keine")
	beforeNames = setOf("gegen neben zwischen wegen haben hatten hatte habe hätte hätten wurde wurden würde würden werden sagte sagten sagen erklärte erklärten meinte fügte teilte berichtete berichteten nannte könnte könnten konnte konnten sollte sollten wollte wollten müsste müssen können waren wäre wären über unter hinter oder aber heute gestern laut herrn frauen twitterte schrieb gewann erzielte besiegte traf wie sowie")
	adjectives  = strings.Fields("en er es em ne ge le he")
)

// exonym reports whether the word is a country's or a people's and the other side has that country
// under its own name: "Deutschland" and "німецький".
func exonym(l lang.Tag, word string, other lang.Tag, theirs []token) bool {
	codes := countriesOf(l, word)
	if word[0] < utf8.RuneSelf && l.Base() != "en" {
		codes = append(codes, countriesOf("en", word)...) // Rapid Vienna
	}
	for _, code := range codes {
		for _, t := range theirs {
			if slices.Contains(countriesOf(other, t.lower), code) || other != "en" && t.text[0] < utf8.RuneSelf && slices.Contains(countriesOf("en", t.lower), code) {
				return true
			}
		}
	}
	return false
}

// isCommon reports whether the word is, or is made of, one of those that have a capital in names of
// bodies and offices but are translated. A short beginning wants a usual ending.
func isCommon(l lang.Tag, w string) bool {
	for _, stem := range commonIn(l.Base())[firstLetters(w)] {
		rest, ok := strings.CutPrefix(w, stem)
		if ok && (utf8.RuneCountInString(stem) > 5 || rest == "" || endings[rest] || l.Script() == "Cyrl" && inflectsCommon(stem, rest) || l.Base() == "pl" && len(rest) < 5) {
			return true
		}
	}
	return false
}

// inflectsCommon reports whether a Cyrillic word may be made of the beginning: one of three letters has
// a short ending, or one that makes nouns and adjectives. Меркель isn't made of "мер".
func inflectsCommon(stem, rest string) bool {
	switch n := utf8.RuneCountInString(stem); {
	case n < 3:
		return false
	case n > 3 || utf8.RuneCountInString(rest) < 4:
		return true
	}
	return slices.ContainsFunc(cyrillicSuffixes, func(s string) bool { return strings.Contains(rest, s) })
}

var cyrillicSuffixes = strings.Fields("ськ цьк ск цк льн ичн ічн іон ион ств ість ост ник ник ова ува нн")

// firstLetters is what the beginnings of common words are looked up by.
func firstLetters(w string) string {
	_, n := utf8.DecodeRuneInString(w)
	_, m := utf8.DecodeRuneInString(w[n:])
	return w[:n+m]
}

var commonTables sync.Map // lang.Tag → map[string][]string

func commonIn(l lang.Tag) map[string][]string {
	if t, ok := commonTables.Load(l); ok {
		return t.(map[string][]string)
	}
	table := map[string][]string{}
	for _, stem := range common[l] {
		table[firstLetters(stem)] = append(table[firstLetters(stem)], stem)
	}
	commonTables.Store(l, table)
	return table
}

var endings = setOf("en er ern em es n innen in s es e ed er ers ing al als y ies ly n en ns x aux elle nt o a os as al ales ion ions ity ment ian ians le les re res é ée és in ine ive ar ary que is ón or ores")
