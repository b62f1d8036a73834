package desk

import (
	"depesche/internal/correction"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/register"
	"depesche/internal/translate"
)

type unitRow struct {
	N, Lines                            int
	Address, Field, Source, Text, Label string
	Lang, Dir, SourceLang, SourceDir    string
	SourceRev                           int64
	Head, Stale, MayConfirm, May        bool
	Alone                               bool   // the original has nothing there
	Reason, ReasonTyped                 string // why it differs: as stored, and as typed and refused
	Then, Now                           []part // of a stale one: its original as it was and as it is
	ThenHead, NowHead                   string
	Parts                               []part // the source, with its marks
	Shown                               []part // the target, as a row shows it that isn't being written in
	Was                                 string // the stored text, Text may be what was typed
	State, Mark, StateWord, Fact, Error string
	Origin                              string // where the text came from, if not by hand
	TermsWord, Count                    string
	CountOver                           bool
	Weight                              string // of a stale one
	Heavy                               bool   // it is stale, and the original says something else now
	Changed, ChangedWhy                 string // what a stale one is told
	Diff                                []document.Op
	Findings                            []unitFinding
	Reports                             []reportCard // of readers, at the first segment of their block
	Glosses                             []gloss
	Offers                              []offer
	MayPropose                          bool
	Spots                               []spotJSON
}

// gloss is a name or a term of the original, and what is right for it.
type gloss struct{ Source, Target, Never string }

// unitMarks are the marks of unit states, as shapes of the guide.
var unitMarks = map[translate.State]string{
	translate.Missing: "none", translate.Machine: "unchecked", translate.Edited: "review", translate.Reviewed: "approved", translate.Stale: "stale",
	translate.Adapted: "approved", translate.Added: "approved", translate.Dropped: "withdrawn", translate.Orphan: "withdrawn",
}

// row makes what the screen shows of the row at place i.
func (b *bench) row(i int) unitRow {
	row := b.work.Rows[i]
	u := unitRow{
		N: i + 1, Address: string(row.Address), Field: string(row.Field), SourceRev: row.SourceRev, Source: document.InlineMarkdown(row.Source), Text: document.InlineMarkdown(row.Target),
		Head: string(row.Field) == "headline", State: string(row.State), Mark: unitMarks[row.State], May: b.may,
		Lang: b.ed.Lang.String(), Dir: b.ed.Lang.Dir(), SourceLang: b.work.From.String(), SourceDir: b.work.From.Dir(),
	}
	u.Was, u.Alone = u.Text, len(row.Source) == 0
	switch row.State {
	case translate.Adapted, translate.Added, translate.Dropped:
		u.Reason = row.Reason
	}
	u.Label = b.words.T("desk.translate.segment", "n", u.N, "lang", b.ed.Lang.NameIn(b.tag))
	u.Lines = 1 + max(len(u.Text), len(u.Source))/90
	u.StateWord = b.words.T("desk.unit." + string(row.State))
	u.Fact = b.kindWord(fieldKind(row))
	u.Origin = b.origin(row)
	u.MayConfirm = b.may && row.State != translate.Reviewed
	u.MayPropose = b.may && b.engines && !u.Alone
	if row.State == translate.Stale {
		b.stale(&u, row)
	}
	b.texts(&u, row)
	b.findings(&u, row)
	b.glosses(&u, row)
	b.offers(&u, row)
	b.reportsAt(&u, i)
	if most := textMax[row.Field]; most > 0 && len(row.Target) > 0 {
		n := len([]rune(row.Target.Plain()))
		u.Count, u.CountOver = b.words.T("desk.translate.count", "n", n, "max", most), n > most
	}
	return u
}

// textMax is how long a text should be at most, as the editor advises.
var textMax = map[document.Field]int{document.FieldHeadline: 65, document.FieldTeaser: 160}

// texts fills in both texts with their marks and spots.
func (b *bench) texts(u *unitRow, row translate.Row) {
	source, target := row.Source.Plain(), row.Target.Plain()
	var mine, theirs []spot
	if source != "" && target != "" {
		x, y := check.ComparedNumbers(b.work.From, source, b.ed.Lang, target)
		theirs, mine = numberSpots(x), numberSpots(y)
	} else {
		theirs, mine = numberSpots(check.Numbers(b.work.From, source)), numberSpots(check.Numbers(b.ed.Lang, target))
	}
	for _, h := range b.terms[row.Address] {
		theirs = append(theirs, spot{From: h.Start, To: h.End, Kind: spotTerm, Title: b.right(h)})
	}
	for _, h := range b.spelt[row.Address] {
		mine = append(mine, spot{From: h.Start, To: h.End, Kind: spotTerm, Title: h.Target.Text})
	}
	for _, x := range b.found[row.Address] {
		if x.Severity == check.Note {
			continue
		}
		said := b.words.T(x.Word(), x.Args...)
		if s, ok := findSpot(target, x.Spot, said); ok && !covers(mine, s) {
			mine = append(mine, s)
		}
		if s, ok := findSpot(source, x.SourceSpot, said); ok && !covers(theirs, s) {
			theirs = append(theirs, s)
		}
	}
	u.Parts, u.Shown, u.Spots = spotted(row.Source, theirs), spotted(row.Target, mine), spotsJSON(target, mine)
	if u.Stale {
		then, now := diffSpots(u.Diff)
		u.Then, u.Now = spotted(row.SourceThen, then), spotted(row.Source, append(now, theirs...))
	}
}

// covers reports whether a number that differs is marked there already.
func covers(spots []spot, s spot) bool {
	for _, o := range spots {
		if o.Kind == spotBad && o.From <= s.From && s.To <= o.To {
			return true
		}
	}
	return false
}

// stale fills in what a stale row is told: what changed, when and by whom, and what it means.
func (b *bench) stale(u *unitRow, row translate.Row) {
	u.Stale, u.Heavy = true, row.Change.Weight == check.Fact
	u.Weight = row.Change.Weight.String()
	u.StateWord = b.words.T("desk.unit.stale_" + u.Weight)
	u.Diff = document.DiffWords(row.SourceThen.Plain(), row.Source.Plain())
	u.ThenHead = b.words.T("desk.translate.then", "n", row.MadeFrom)
	u.NowHead = b.words.T("desk.translate.now")
	u.Changed = b.words.T("desk.translate.changed")
	if t, ok := b.turned[row.Address]; ok {
		u.Changed = b.words.T("desk.translate.changed_at", "time", b.at(t.At), "name", t.ByName)
		u.NowHead = b.words.T("desk.translate.now_at", "n", t.Revision)
	}
	var why []string
	for _, key := range row.Change.Why {
		if b.words.Has(key) {
			why = append(why, b.words.T(key))
		}
	}
	said := []string{b.words.T("desk.translate.weight_" + u.Weight)}
	if len(why) > 0 {
		said = append(said, b.tag.UpperFirst(b.tag.List(why))+".")
	}
	if row.Change.Decided != "" {
		said = append(said, b.words.T("desk.weight.decided", "name", row.Change.Decided))
	}
	if row.At != nil && row.ByHand {
		said = append(said, b.words.T("desk.translate.yours_of", "time", b.at(*row.At)))
	}
	u.ChangedWhy = strings.Join(said, " ")
}

// right says what is right for a name or a term, and what is never.
func (b *bench) right(h register.Hit) string {
	g := b.gloss(h)
	if g.Never == "" {
		return g.Target
	}
	return b.words.T("desk.translate.gloss", "right", g.Target, "never", g.Never)
}

func (b *bench) gloss(h register.Hit) gloss {
	var never []string
	for _, f := range h.Target.Forbidden {
		never = append(never, f.Text)
	}
	right := append([]string{h.Target.Text}, h.Target.Others...)
	return gloss{Source: h.Source.Text, Target: strings.Join(right, ", "), Never: strings.Join(never, ", ")}
}

// glosses are the row's names and terms, each once, and how many are as the register has them.
func (b *bench) glosses(u *unitRow, row translate.Row) {
	seen := map[gloss]bool{}
	for _, h := range b.terms[row.Address] {
		if g := b.gloss(h); !seen[g] {
			seen[g] = true
			u.Glosses = append(u.Glosses, g)
		}
	}
	if len(u.Glosses) == 0 || len(row.Target) == 0 {
		return
	}
	missing := 0
	for _, x := range b.found[row.Address] {
		if x.Code == "term_missing" || x.Code == "term_forbidden" {
			missing++
		}
	}
	u.TermsWord = b.words.T("desk.translate.terms_of", "n", max(0, len(u.Glosses)-missing), "total", len(u.Glosses))
}

// fieldKind is what a segment is called: the head's part, or the kind of the block it is in.
func fieldKind(row translate.Row) string {
	if row.Kind == "" {
		return string(row.Field)
	}
	return string(row.Kind)
}

// reportsAt puts what readers reported at a block beside the first of its segments.
func (b *bench) reportsAt(u *unitRow, i int) {
	block := b.blockOf(b.work.Rows[i].Address)
	if len(b.reports[block]) == 0 || b.work.Rows[i].Address == document.AddrKicker {
		return
	}
	for _, before := range b.work.Rows[:i] {
		if before.Address != document.AddrKicker && b.blockOf(before.Address) == block {
			return
		}
	}
	u.Reports = b.reports[block]
}

// blockOf is the block of a segment, of the original or, where that has it no more, of the translation.
func (b *bench) blockOf(addr document.Address) document.ID {
	if _, ok := b.work.Source.Doc.Segment(addr); ok {
		return correction.BlockOf(b.work.Source.Doc, addr)
	}
	return correction.BlockOf(b.ed.Doc, addr)
}
