package desk

import (
	"net/http"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/release"
	"depesche/internal/translate"
)

// unitFinding is what is said of a row: one sentence, one repair, or that it is right.
type unitFinding struct {
	checkItem
	Key          string // names it among the page's findings
	Use, UseWord string // the whole text as it should read, and what the button says
	MayAside     bool
}

// findings fills in what the checks say of a row. That it is stale, the row says itself, with the buttons for it.
// A note is for the list, unless it is mended by a press.
func (b *bench) findings(u *unitRow, row translate.Row) {
	for _, x := range b.found[row.Address] {
		if x.Severity == check.Note && (x.Fix == "" || !b.may) || u.Stale && (x.Code == "stale_segment" || x.Code == "stale_fact") {
			continue
		}
		f := unitFinding{checkItem: b.desk.checkItem(b.frame, x, b.ed, b.story), Key: x.Code + " " + string(row.Address)}
		if o, ok := b.checked.WentPast(x); ok {
			f.Aside = b.words.T("desk.aside.by", "name", o.ByName, "reason", o.Reason)
		} else if b.may {
			f.MayAside = x.Severity == check.Warn
			if x.Fix != "" {
				f.Use, f.UseWord = x.Fix, b.repairWord(row.Target.Plain(), x.Fix)
			}
		}
		u.Findings = append(u.Findings, f)
	}
}

// repairWord says what a repair puts in, where that is one short piece.
func (b *bench) repairWord(text, fix string) string {
	var in []string
	for _, op := range document.DiffWords(text, fix) {
		if op.Kind == document.OpInsert {
			in = append(in, strings.TrimSpace(op.Text))
		}
	}
	if len(in) == 1 && in[0] != "" && len([]rune(in[0])) <= 30 {
		return b.words.T("desk.translate.use", "text", in[0])
	}
	return b.words.T("desk.translate.repair")
}

// keyed takes a finding's key apart.
func keyed(key string) (code string, addr document.Address) {
	code, rest, _ := strings.Cut(key, " ")
	return code, document.Address(rest)
}

// unitAside goes past a finding of a row, for the reason that was given beside it.
func (d *Desk) unitAside(r *http.Request, b translate.Work, key string) error {
	code, addr := keyed(key)
	return d.Releases.SetAside(r.Context(), who(r), release.Override{Edition: b.Edition.ID, Code: code, Address: addr, Reason: value(r, "aside."+key)})
}
