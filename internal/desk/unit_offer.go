package desk

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/problem"
	"depesche/internal/translate"
)

// offer is a text that a row may take: a match of the memory, or a proposal of an engine.
type offer struct {
	Nth       int    // of the row's offers, from 1
	Key       string // "memory 12", "draft 01…", with the address behind it
	Head      string // "92 %", or the engine's name
	Whence    string
	Parts     []part
	Inline    string
	Diff      []document.Op // from the remembered original to the present one
	Differs   bool          // not the same numbers
	Lang, Dir string
}

// offers fills in what the row may take: not what it has already.
func (b *bench) offers(u *unitRow, row translate.Row) {
	has := row.Target.Plain()
	for _, m := range b.matches[row.Address] {
		if m.Target.Plain() != has {
			u.Offers = append(u.Offers, b.match(row.Address, m, u.Dir))
		}
	}
	for _, draft := range b.drafts[row.Address] {
		if draft.Text.Plain() != has {
			u.Offers = append(u.Offers, b.proposal(draft, u.Dir))
		}
	}
	for i := range u.Offers {
		u.Offers[i].Nth = i + 1
	}
}

func (b *bench) match(addr document.Address, m memory.Match, dir string) offer {
	o := offer{
		Key: "memory " + strconv.FormatInt(int64(m.ID), 10) + " " + string(addr), Head: b.words.T("desk.translate.alike", "n", m.Score),
		Parts: partsOf(m.Target), Inline: string(m.Target.Encode()), Differs: m.NumbersDiffer, Lang: b.ed.Lang.String(), Dir: dir,
		Whence: b.words.T("desk.translate.from_"+m.Origin.String(), "date", b.tag.Date(m.At.In(b.loc), lang.DayShort), "name", m.Imported),
	}
	if m.Score < 100 {
		o.Diff = m.Diff
	}
	return o
}

func (b *bench) proposal(draft translate.Draft, dir string) offer {
	o := offer{
		Key: "draft " + string(draft.ID) + " " + string(draft.Address), Head: draft.Engine,
		Parts: partsOf(draft.Text), Inline: string(draft.Text.Encode()), Lang: b.ed.Lang.String(), Dir: dir,
	}
	if draft.Through != "" {
		o.Whence = b.words.T("desk.translate.through", "lang", draft.Through.NameIn(b.tag))
	}
	return o
}

// offered is an offer that was taken.
type offered struct {
	text   document.Inline
	draft  translate.DraftID
	origin translate.Origin
}

// into notes in an answer what its text was made from.
func (o offered) into(u *translate.Unit) { u.Draft, u.Origin = o.draft, o.origin }

// offerOf looks an offer up by its key. The page says which one was taken, never what it is.
func (d *Desk) offerOf(r *http.Request, b *bench, addr document.Address, key string) (offered, error) {
	kind, rest, _ := strings.Cut(key, " ")
	name, _, _ := strings.Cut(rest, " ")
	gone := problem.New(problem.NotFound, "problem.offer_gone")
	i, err := b.place(addr)
	if err != nil {
		return offered{}, err
	}
	switch kind {
	case "draft":
		all, err := d.Translate.Drafts(r.Context(), d.DB.Read(), b.ed.ID)
		if err != nil {
			return offered{}, err
		}
		for _, draft := range all {
			if string(draft.ID) == name && draft.Address == addr {
				return offered{text: draft.Text, draft: draft.ID}, nil
			}
		}
	case "memory":
		found, err := d.Memory.Matches(r.Context(), d.DB.Read(), b.query(b.work.Rows[i:i+1], 50))
		if err != nil {
			return offered{}, err
		}
		for _, m := range found[addr] {
			if strconv.FormatInt(int64(m.ID), 10) == name {
				return offered{text: m.Target, origin: matchOrigin(m)}, nil
			}
		}
	}
	return offered{}, gone
}

var matchSources = map[memory.Origin]translate.Source{
	memory.Own: translate.OwnSegment, memory.Story: translate.SameStory, memory.Other: translate.OtherStories, memory.Imported: translate.Imported,
}

func matchOrigin(m memory.Match) translate.Origin {
	o := translate.Origin{Source: matchSources[m.Origin], Text: m.Target}
	if m.Score < 100 {
		o.Source, o.Alike = translate.NearMatch, m.Score
	}
	return o
}

// failuresWord says which engines failed, and how.
func (f *frame) failuresWord(list []translate.Failure) string {
	var out []string
	for _, x := range list {
		out = append(out, f.failure(x))
	}
	return strings.Join(out, "; ")
}

// rawInline is a text as the island has it.
func rawInline(in document.Inline) json.RawMessage { return json.RawMessage(in.Encode()) }
