package check

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// name is a word of a text that seems to be one of a person, a place or a body.
type name struct {
	token
	sound sound
	// known says that the story has it on both sides, beside that it stands next to a word with a
	// capital that both sides have: a first name.
	known, beside bool
}

// names compares the names of both sides. That a name of the original has nothing on the other side
// happens in good translations, where "he" or "the president" stands for it. That the other side has
// a name instead that the original hasn't is what an exchange looks like.
func (r *run) names(p *pair) {
	if r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	lost, gained := r.unmatched(p)
	if len(lost) == 0 {
		return
	}
	a := surest(lost)
	f := Finding{Code: "name_missing", Severity: Note, Address: p.src.Address, Excerpt: clip(p.b)}
	if len(gained) > 0 {
		f.Code = "name_differs"
		b := surest(gained)
		if x, y, ok := exchanged(p, lost, gained); ok {
			a, b, f.Severity = x, y, Warn
		}
		f.Spot, f.Excerpt = b.text, excerpt(p.b, b.from, b.to)
		f.Args = []any{"source", a.text, "from", r.OriginalLang, "target", b.text}
	} else {
		f.Args = []any{"source", a.text, "from", r.OriginalLang}
	}
	f.SourceSpot = a.text
	if len(gained) == 0 && !a.known {
		return // nothing says that it is a name at all
	}
	r.add(f)
}

// exchanged returns a pair of names that look as if one stood for the other: at about the same place,
// and either the story has the first on both sides, or both stand beside a name that is right.
func exchanged(p *pair, lost, gained []name) (a, b name, ok bool) {
	const near = 0.3
	for _, a := range lost {
		for _, b := range gained {
			apart := float64(a.from)/float64(len(p.a)) - float64(b.from)/float64(len(p.b))
			if (a.known || a.beside && b.beside) && apart < near && apart > -near {
				return a, b, true
			}
		}
	}
	return name{}, name{}, false
}

func surest(list []name) name {
	if i := slices.IndexFunc(list, func(n name) bool { return n.known && n.beside }); i >= 0 {
		return list[i]
	}
	if i := slices.IndexFunc(list, func(n name) bool { return n.known }); i >= 0 {
		return list[i]
	}
	if i := slices.IndexFunc(list, func(n name) bool { return n.beside }); i >= 0 {
		return list[i]
	}
	return list[0]
}

// unmatched returns the names of either side that nothing on the other side sounds like.
func (r *run) unmatched(p *pair) (lost, gained []name) {
	a, b := p.words()
	soundsA, soundsB := r.tale.soundsOf(r.OriginalLang, a), r.tale.soundsOf(r.Lang, b)
	lost = r.without(r.OriginalLang, p.a, a, soundsA, r.Lang, b, soundsB, r.OriginalLang.Base() == "de")
	lost = slices.DeleteFunc(lost, func(n name) bool { return n.initial && (!n.known || !r.tale.within(r.OriginalLang, n.lower)) })
	if len(lost) == 0 {
		return nil, nil
	}
	known := slices.ContainsFunc(lost, func(n name) bool { return n.known })
	first := slices.ContainsFunc(lost, func(n name) bool { return n.known && n.from < opening })
	gained = r.without(r.Lang, p.b, b, soundsB, r.OriginalLang, a, soundsA, known)
	if !first {
		gained = slices.DeleteFunc(gained, func(n name) bool { return n.initial && !n.known })
	}
	// Two that nothing else speaks for may be one after all, spelled as it isn't said.
	for i := 0; i < len(lost); i++ {
		if r.OriginalLang.Base() == "de" && !looksLikeName(r.OriginalLang, p.a, a, slices.IndexFunc(a, func(t token) bool { return t.from == lost[i].from }), false) {
			continue
		}
		j := slices.IndexFunc(gained, func(n name) bool { return lost[i].sound.roughly(n.sound) || n.sound.roughly(lost[i].sound) })
		if j >= 0 {
			lost, gained = slices.Delete(lost, i, i+1), slices.Delete(gained, j, j+1)
			i--
		}
	}
	return lost, gained
}

// soundsOf returns the sound of each word.
func (t *tale) soundsOf(l lang.Tag, tokens []token) []sound {
	out := make([]sound, len(tokens))
	for i, tok := range tokens {
		out[i] = t.sound(l, tok.lower)
	}
	return out
}

// sound is the word's, made once for all places where it stands.
func (t *tale) sound(l lang.Tag, lower string) sound {
	key := heardWord{l, lower}
	if s, ok := t.heard[key]; ok {
		return s
	}
	s := soundOf(l, lower)
	if t.heard == nil {
		t.heard = map[heardWord]sound{}
	}
	t.heard[key] = s
	return s
}

type heardWord struct {
	lang lang.Tag
	word string
}

func (r *run) without(l lang.Tag, text string, mine []token, sounds []sound, other lang.Tag, theirs []token, heard []sound, eager bool) []name {
	var out []name
	loud := l == r.Lang && l.Base() != "de" && titled(mine)
	for i, t := range mine {
		if !mayBeName(l, t) {
			continue
		}
		if heardIn(sounds[i], sounds, theirs, heard) || exonym(l, t.lower, other, theirs) {
			continue
		}
		n := name{token: t, sound: sounds[i]}
		n.known = r.tale.knows(n, l) && (l == r.Lang || looksLikeName(l, text, mine, i, false))
		if !n.known && (t.initial && (!eager || r.tale.small(l, t.lower)) || loud && !eager || !looksLikeName(l, text, mine, i, eager)) {
			continue
		}
		if n.known && t.initial && !eager && !r.tale.within(l, t.lower) {
			continue
		}
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(mine) && isCapital(mine[j].text) && strings.TrimSpace(text[min(t.to, mine[j].to):max(t.from, mine[j].from)]) == "" {
				n.beside = n.beside || heardIn(sounds[j], sounds, theirs, heard)
			}
		}
		out = append(out, n)
	}
	return out
}

// opening is how many bytes the beginning of a sentence has at most, with a first name.
const opening = 30

// heardIn reports whether one of the words sounds like the name. One that stands letter by letter
// among the others is theirs.
func heardIn(s sound, among []sound, tokens []token, heard []sound) bool {
	for i, h := range heard {
		if h.plain != s.plain && commonPrefix(h.plain, s.plain) < 4 && slices.ContainsFunc(among, func(o sound) bool { return o.plain == h.plain }) {
			continue
		}
		if isCapital(tokens[i].text) && (s.like(h) || h.like(s)) || s.sure(h) || h.sure(s) {
			return true
		}
	}
	return false
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
	return !slices.ContainsFunc(adjectives, func(end string) bool { return strings.HasSuffix(before.lower, end) })
}

var (
	germanNouns = strings.Fields("ung ungen heit keit schaft innen tion tionen tät nis tum ment en ern ler rer ger ismus ik ft cht keiten te zeit tag jahr saal haus spiel trainer")
	beforeNouns = setOf("der die das den dem des ein kein mein dein sein ihr unser im am zum zur vom beim ins ans mehr viel zwei drei vier fünf sechs sieben acht neun zehn zu ohne als pro per eine einen einem einer eines seine ihre keine")
	adjectives  = strings.Fields("en er es em ne ge le he")
)

// tale is what the whole story says of its names, read when first needed.
type tale struct {
	in    *Input
	read  bool
	heard map[heardWord]sound
	// original and edition are the words with a capital of either side, each once.
	original, edition capitals
}

// capitals are words with a capital, by their small form; those that one stands in the middle of a
// sentence are true.
type capitals struct {
	words  map[string]bool
	sounds []sound
	order  []string // the words as they come
}

func (t *tale) load() {
	if t.read {
		return
	}
	t.read = true
	if t.in.Original != nil {
		t.original = t.capitalsOf(t.in.OriginalLang, *t.in.Original)
	}
	t.edition = t.capitalsOf(t.in.Lang, t.in.Doc)
}

// knows reports whether the name stands somewhere in the story on both sides.
func (t *tale) knows(n name, l lang.Tag) bool {
	t.load()
	other := t.edition
	if l == t.in.Lang {
		other = t.original
	}
	return slices.ContainsFunc(other.sounds, func(s sound) bool { return n.sound.like(s) || s.like(n.sound) })
}

// within reports whether the word stands with its capital within a sentence of the same side.
func (t *tale) within(l lang.Tag, lower string) bool {
	t.load()
	if l == t.in.Lang {
		return t.edition.words[lower]
	}
	return t.original.words[lower]
}

// small reports whether the same side has the word without a capital too.
func (t *tale) small(l lang.Tag, lower string) bool {
	d := t.in.Doc
	if l != t.in.Lang {
		d = *t.in.Original
	}
	return slices.ContainsFunc(document.Segments(d), func(s document.Segment) bool {
		text := s.Text.Plain()
		return strings.Contains(text, lower) && standsAlone(text, lower)
	})
}

func (t *tale) capitalsOf(l lang.Tag, d document.Doc) capitals {
	out := capitals{words: map[string]bool{}}
	for _, s := range document.Segments(d) {
		for _, w := range largeTokensOf(s.Text.Plain()) {
			if !mayBeName(l, w) {
				continue
			}
			if _, seen := out.words[w.lower]; !seen {
				out.sounds = append(out.sounds, t.sound(l, w.lower))
				out.order = append(out.order, w.lower)
			}
			out.words[w.lower] = out.words[w.lower] || !w.initial
		}
	}
	return out
}

// exonym reports whether the word is a country's or a people's and the other side has that country
// under its own name: "Deutschland" and "німецький".
func exonym(l lang.Tag, word string, other lang.Tag, theirs []token) bool {
	for _, code := range countriesOf(l, word) {
		for _, t := range theirs {
			if slices.Contains(countriesOf(other, t.lower), code) {
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
		if ok && (utf8.RuneCountInString(stem) > 5 || rest == "" || endings[rest] || l.Script() == "Cyrl" && utf8.RuneCountInString(stem) > 2 || l.Base() == "pl" && len(rest) < 5) {
			return true
		}
	}
	return false
}

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
