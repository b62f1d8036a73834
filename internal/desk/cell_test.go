package desk

import (
	"testing"
	"time"

	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/translate"
)

// TestCellSaysWhatCountsFirst: what readers are told wrongly before what a machine wrote, that before how
// far it is; what somebody has sent for review isn't unlooked at.
func TestCellSaysWhatCountsFirst(t *testing.T) {
	catalogue, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	f := frame{words: catalogue.In("en"), tag: "en", loc: time.UTC, now: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC)}
	out := time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	for _, c := range []struct {
		state                   edition.State
		p                       translate.Progress
		want, word, tone, facts string
	}{
		{edition.Draft, translate.Progress{Total: 5, Done: 2, Missing: 3}, "draft", "Draft", "", "2 of 5"},
		{edition.Draft, translate.Progress{Total: 5, Done: 1, Machine: 4}, "unchecked", "Unchecked", "violet", "4 of 5"},
		{edition.Review, translate.Progress{Total: 5, Done: 4, Machine: 1}, "review", "In review", "", "4 of 5"},
		{edition.Draft, translate.Progress{Total: 5, Machine: 4, Stale: 1}, "stale", "Stale", "amber", "1 segment"},
		{edition.Draft, translate.Progress{Total: 5, Machine: 3, Stale: 2, Facts: 1}, "stale", "Stale (fact)", "signal", "2 segments"},
		{edition.Approved, translate.Progress{Total: 5, Done: 5, Orphan: 1, Facts: 1}, "stale", "Stale (fact)", "signal", "1 segment"},
		{edition.Published, translate.Progress{Total: 5, Done: 5}, "published", "Published", "", "2\u00a0Jan"},
		{edition.Published, translate.Progress{Total: 5, Machine: 5}, "published", "Published", "violet", "2\u00a0Jan, unchecked"},
		{edition.Withdrawn, translate.Progress{Total: 5, Machine: 4, Stale: 1}, "withdrawn", "Withdrawn", "", "0 of 5"},
	} {
		var cell boardCell
		fillCell(&f, &cell, false, edition.Cell{Edition: "e", State: c.state, Published: &out}, c.p)
		if cell.State != c.want || cell.Word != c.word || cell.Tone != c.tone || cell.Fact != c.facts {
			t.Errorf("%s, %+v: %s, %q, %q, %q", c.state, c.p, cell.State, cell.Word, cell.Tone, cell.Fact)
		}
	}
}

func TestCreditOfAMachine(t *testing.T) {
	catalogue, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	f := frame{words: catalogue.In("en")}
	for _, c := range []struct {
		e    edition.Edition
		want string
	}{
		{edition.Edition{Made: edition.MadeMachine}, "Machine translation, not checked"},
		{edition.Edition{Made: edition.MadeMachine, Translator: "Ena"}, f.words.T("desk.credit.button", "name", "Ena")},
		{edition.Edition{Made: edition.MadeMachine, Check: edition.Check{Revision: 3, By: "Ena"}}, f.words.T("desk.credit.none")},
		{edition.Edition{Made: edition.MadeHuman}, f.words.T("desk.credit.none")},
	} {
		if got := f.creditWord(c.e); got != c.want {
			t.Errorf("%+v: %q, want %q", c.e.Made, got, c.want)
		}
	}
}
