package live

import (
	"context"
	"fmt"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/events"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// EntryOut writes the line that readers see of an entry's edition. It is an [edition.Lines].
func (s *Service) EntryOut(ctx context.Context, tx *db.Tx, st story.Story, e edition.Edition, doc document.Doc) error {
	en, err := s.Entry(ctx, tx, st.ID)
	if err != nil {
		return fmt.Errorf("entry %d: %w", st.Number, err)
	}
	now := tx.Now()
	ln := Line{
		Edition: e.ID, Entry: st.ID, Live: en.Live, Lang: e.Lang, Number: st.Number, Happened: en.Happened, Pinned: en.Pinned,
		Out: true, Headline: headlineOf(doc, e.Lang), Told: now,
	}
	fresh, err := putLine(ctx, tx, ln)
	if err != nil {
		return fmt.Errorf("line of entry %d in %s: %w", st.Number, e.Lang, err)
	}
	// A new entry and a correction make the story new; a misprint doesn't.
	if fresh || e.Updated != nil && e.Updated.Equal(now) {
		if err := s.editions.Freshen(ctx, tx, en.Live, e.Lang, now); err != nil {
			return err
		}
	}
	return told(ctx, tx, ln)
}

// EntryGone takes the line of a withdrawn edition away, if it is an entry's. It is an [edition.Lines].
func (s *Service) EntryGone(ctx context.Context, tx *db.Tx, e edition.Edition) error {
	ln, err := dropLine(ctx, tx, e.ID)
	if problem.Is(err, problem.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("line of edition %s: %w", e.ID, err)
	}
	return told(ctx, tx, ln)
}

func told(ctx context.Context, tx *db.Tx, ln Line) error {
	return events.Append(ctx, tx, "live.entry", "story:"+string(ln.Live),
		Happened{Story: ln.Live, Lang: ln.Lang, Entry: ln.Entry, Edition: ln.Edition, Number: ln.Number})
}
