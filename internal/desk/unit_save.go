package desk

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// saveUnits stores, without a script, all rows that were changed, and does what the button says that was
// pressed: confirms a row, takes an offer or a repair, goes past a finding, asks for a proposal.
func (d *Desk) saveUnits(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	var wrong problem.Fields
	if err := d.saveTexts(r, ed.ID, &wrong); err != nil {
		return err
	}
	if still := value(r, "still"); still != "" {
		if _, err := d.Translate.StillRight(r.Context(), who(r), ed.ID, document.Address(still), number(r, "rev."+still)); err != nil {
			return err
		}
	}
	said := "desk.said.saved"
	f := d.frame(r, "desk.nav.translations", "")
	b, err := d.bench(r, &f, ed, s)
	if err != nil {
		return err
	}
	addr, word, err := d.pressed(r, b)
	if err != nil {
		if !userError(err) && !problem.Is(err, problem.Unavailable) && !problem.Is(err, problem.NotFound) || problem.Is(err, problem.Forbidden) {
			return err
		}
		at := "text." + string(addr)
		if p := asProblem(err); p != nil && p.Key != "" {
			wrong.Add(at, p.Key, "", p.Args...)
		} else {
			wrong.Merge(renamed(err, at))
		}
	} else if word != "" {
		said = word
	}
	if err := wrong.Err(); err != nil {
		return d.showTranslate(w, r, http.StatusUnprocessableEntity, err)
	}
	d.say(w, said)
	return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID)+"/translate"+b.anchor(addr))
}

// renamed are an operation's field errors, said of a row.
func renamed(err error, name string) error {
	var out problem.Fields
	for _, f := range problem.FieldsOf(err) {
		out.Add(name, f.Key, f.Value, f.Args...)
	}
	return out.Err()
}

func (b *bench) anchor(addr document.Address) string {
	if i, err := b.place(addr); err == nil && addr != "" {
		return "#u-" + itoa(i+1)
	}
	return ""
}

// pressed does what a row's button says, and tells which row it was and what is said of it.
func (d *Desk) pressed(r *http.Request, b *bench) (document.Address, string, error) {
	switch {
	case value(r, "take") != "":
		key := value(r, "take")
		addr := document.Address(key[strings.LastIndexByte(key, ' ')+1:])
		took, err := d.offerOf(r, b, addr, key)
		if err == nil {
			u := translate.Unit{Edition: b.ed.ID, Address: addr, Text: took.text}
			took.into(&u)
			_, err = d.Translate.Confirm(r.Context(), who(r), u)
		}
		return addr, "", err
	case value(r, "repair") != "":
		code, addr := keyed(value(r, "repair"))
		return addr, "", d.repair(r, b, code, addr)
	case value(r, "aside") != "":
		key := value(r, "aside")
		_, addr := keyed(key)
		return addr, "desk.said.aside", d.unitAside(r, b.work, key)
	case value(r, "propose") != "":
		addr := document.Address(value(r, "propose"))
		_, failed, err := d.propose(r, b.ed.ID, addr)
		if problem.Is(err, problem.Unavailable) && len(failed) > 0 {
			err = problem.New(problem.Unavailable, "problem.no_proposal", "why", b.failuresWord(failed))
		}
		return addr, "desk.said.proposed", err
	}
	return "", "", nil
}

// repair puts in what a finding offers.
func (d *Desk) repair(r *http.Request, b *bench, code string, addr document.Address) error {
	i, err := b.place(addr)
	if err != nil {
		return err
	}
	for _, x := range b.found[addr] {
		if x.Code == code && x.Fix != "" {
			_, err = d.Translate.Confirm(r.Context(), who(r), translate.Unit{Edition: b.ed.ID, Address: addr, Text: repaired(b.work.Rows[i].Target, x.Fix)})
			return err
		}
	}
	return problem.New(problem.NotFound, "problem.finding_gone")
}

// repaired is a text that reads as fix does; what stays keeps its marks, and what is new has those of
// the text that it stands in for.
func repaired(in document.Inline, fix string) document.Inline {
	from, to, piece := difference(in.Plain(), fix)
	var out document.Inline
	at, put := 0, false
	for _, s := range in {
		end := at + len(s.Text)
		a, b := min(max(from-at, 0), len(s.Text)), min(max(to-at, 0), len(s.Text))
		text := s.Text[:a]
		if !put && from <= end {
			text, put = text+piece, true
		}
		out = append(out, document.Span{Text: text + s.Text[b:], Marks: s.Marks})
		at = end
	}
	if !put {
		out = append(out, document.Span{Text: piece})
	}
	return out.Normal()
}

// difference is what has to be replaced in a to make it b, between letters.
func difference(a, b string) (from, to int, piece string) {
	x, y := []rune(a), []rune(b)
	start, end := 0, 0
	for start < min(len(x), len(y)) && x[start] == y[start] {
		start++
	}
	for end < min(len(x), len(y))-start && x[len(x)-1-end] == y[len(y)-1-end] {
		end++
	}
	return len(string(x[:start])), len(string(x[:len(x)-end])), string(y[start : len(y)-end])
}

// saveTexts stores the rows that were changed or whose button was pressed. What is wrong with one is noted
// beside it, and the others are stored all the same.
func (d *Desk) saveTexts(r *http.Request, id edition.ID, wrong *problem.Fields) error {
	answers := answersOf(r)
	base := number(r, "base")
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		addr, ok := strings.CutPrefix(name, "text.")
		if !ok {
			continue
		}
		text := unixLines(r.PostFormValue(name))
		said, asked := answers[addr]
		reason := value(r, "reason."+addr)
		if reason != "" && !needsReason(said) {
			wrong.Add(name, "problem.reason_alone", text)
			continue
		}
		if text == unixLines(r.PostFormValue("was."+addr)) && !asked {
			continue
		}
		if reason == "" && needsReason(said) {
			wrong.Add(name, "problem.reason_missing", text)
			continue
		}
		in, err := document.ParseInlineMarkdown(text)
		if err != nil {
			unreadable(wrong, name, text, err)
			continue
		}
		_, err = d.Translate.Confirm(r.Context(), who(r), translate.Unit{
			Edition: id, Address: document.Address(addr), Text: in, Answer: said, Reason: reason, SourceRev: number(r, "rev."+addr), Base: base,
		})
		if err != nil {
			if !userError(err) {
				return err
			}
			if _, ok := as[*edition.ClashError](err); ok {
				wrong.Add(name, "problem.conflict", text)
				continue
			}
			wrong.Merge(documentFields(err, func(a document.Address) string { return unitField(r, a) }))
		}
	}
	return nil
}

// unitField is the row that an address stands in, "" if none was sent for it.
func unitField(r *http.Request, a document.Address) string {
	if name := "text." + string(a); r.PostForm.Has(name) {
		return name
	}
	return ""
}

// unitActs are what the buttons of a row say of its segment.
var unitActs = map[string]translate.Answer{
	"confirm": translate.AnswerReviewed, "adapt": translate.AnswerAdapted, "add": translate.AnswerAdded, "drop": translate.AnswerDropped,
}

// answersOf are the answers whose buttons were pressed, by address.
func answersOf(r *http.Request) map[string]translate.Answer {
	out := map[string]translate.Answer{}
	for act, said := range unitActs {
		if addr := value(r, act); addr != "" {
			out[addr] = said
		}
	}
	return out
}

func needsReason(a translate.Answer) bool {
	return a == translate.AnswerAdapted || a == translate.AnswerAdded || a == translate.AnswerDropped
}
