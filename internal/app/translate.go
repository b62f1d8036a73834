package app

import (
	"context"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/register"
	"depesche/internal/translate"
)

// remembered is the memory as translations use it.
type remembered struct{ *memory.Service }

// Insert returns what may be put in unasked.
func (m remembered) Insert(ctx context.Context, q db.Conn, e edition.Edition, from lang.Tag, segments []engine.Segment) (map[document.Address]translate.Origin, error) {
	ask := memory.Query{From: from, To: e.Lang, Story: e.Story, Edition: e.ID, Limit: 1, Min: 100}
	for _, s := range segments {
		ask.Segments = append(ask.Segments, memory.Segment{Address: s.Address, Text: s.Text})
	}
	found, err := m.Matches(ctx, q, ask)
	if err != nil {
		return nil, err
	}
	out := map[document.Address]translate.Origin{}
	for addr, list := range found {
		for _, match := range list {
			if match.MayInsert() {
				out[addr] = origin(match)
				break
			}
		}
	}
	return out, nil
}

// origin is where a match's text came from, for the segment that takes it.
func origin(m memory.Match) translate.Origin {
	kinds := map[memory.Origin]translate.Source{
		memory.Own: translate.OwnSegment, memory.Story: translate.SameStory, memory.Other: translate.OtherStories, memory.Imported: translate.OtherStories,
	}
	o := translate.Origin{Source: kinds[m.Origin], Text: m.Target}
	if m.Score < 100 {
		o.Source, o.Alike = translate.NearMatch, m.Score
	}
	return o
}

// Learn remembers what a person confirmed.
func (m remembered) Learn(ctx context.Context, tx *db.Tx, told []translate.Learned) error {
	units := make([]memory.Unit, len(told))
	for i, l := range told {
		units[i] = memory.Unit{
			From: l.From, To: l.To, Source: l.Source, Target: l.Target, Story: l.Story, Edition: l.Edition, Address: l.Address,
			SourceRev: l.SourceRev, TargetRev: l.TargetRev, ByID: l.By.ID, ByName: l.By.Name,
		}
	}
	return m.Service.Learn(ctx, tx, units...)
}

// spelling is the register as translations use it.
type spelling struct{ *register.Service }

// Enforce puts spellings right where that is certain.
func (s spelling) Enforce(ctx context.Context, q db.Conn, from, to lang.Tag, source string, text document.Inline) (document.Inline, error) {
	hits, err := s.Hits(ctx, q, from, to, source)
	if err != nil {
		return nil, err
	}
	out, _ := register.Enforce(text, to, hits)
	return out, nil
}
