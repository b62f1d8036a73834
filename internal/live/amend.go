package live

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// Amend is a new text of an entry's edition.
type Amend struct {
	Edition edition.ID
	Base    int64 // the revision that the writer started from
	Doc     document.Doc
	// Correction is told to readers: what was wrong and is right now. "" for a misprint, and for what isn't out.
	Correction string
	Reason     string // goes past all warnings; see [Post]
	HandIn     bool   // only store it
}

// Amend stores a new text of an entry and sends it out, in one act: as a correction that readers are told of, or
// as a minor change; what wasn't out goes out. What others changed meanwhile is joined; where both changed the same
// block it is an [*edition.ClashError] with both texts. What was withdrawn meanwhile is problem.Conflict.
func (s *Service) Amend(ctx context.Context, a actor.Actor, in Amend) (edition.Edition, error) {
	var out edition.Edition
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		saved, err := s.editions.SaveTx(ctx, tx, a, edition.Save{Edition: in.Edition, Base: in.Base, Doc: in.Doc})
		if err != nil {
			return err
		}
		if _, err := s.Entry(ctx, tx, saved.Edition.Story); err != nil {
			return err
		}
		if err := standing(saved.Edition); err != nil {
			return err
		}
		if out = saved.Edition; in.HandIn {
			return nil
		}
		out, err = s.bringOut(ctx, tx, a, out, in.Correction, "", in.Reason)
		return err
	})
	if err != nil {
		return edition.Edition{}, fmt.Errorf("amend edition %s: %w", in.Edition, err)
	}
	return out, nil
}

// standing refuses what was withdrawn: whoever mends or translates it didn't know, and would bring it back.
func standing(e edition.Edition) error {
	if e.State == edition.Withdrawn {
		return problem.New(problem.Conflict, "problem.live_withdrawn")
	}
	return nil
}

// bringOut sends an edition's newest text out, whatever its state asks for.
func (s *Service) bringOut(ctx context.Context, tx *db.Tx, a actor.Actor, e edition.Edition, text string, of correction.ID, reason string) (edition.Edition, error) {
	act, fix := release.Publish, (*release.CorrectionInput)(nil)
	switch {
	case e.State == edition.Published && strings.TrimSpace(text) != "":
		act, fix = release.Correct, &release.CorrectionInput{Of: of, Texts: map[lang.Tag]string{e.Lang: text}}
	case e.State == edition.Published:
		act = release.Minor
	}
	if _, err := s.send(ctx, tx, a, e, act, reason, fix); err != nil {
		return edition.Edition{}, err
	}
	return s.editions.ByID(ctx, tx, e.ID)
}

// Translation is what a person says of the whole of an entry's translation.
type Translation struct {
	Edition    edition.ID
	Base       int64 // the revision of the translation that was shown
	SourceRev  int64 // and of the original
	Texts      map[document.Address]document.Inline
	Correction string // told to readers, where the original was corrected; "" if there is nothing to tell
	Reason     string // goes past all warnings; see [Post]
}

// SendTranslation stores the texts of a translation, notes that the actor has read it beside its original, and
// sends it out: one act. It refuses as [translate.Service.Review] does, with a [*release.HeldError], and with
// problem.Conflict if it or its original was withdrawn.
func (s *Service) SendTranslation(ctx context.Context, a actor.Actor, in Translation) (edition.Edition, error) {
	var out edition.Edition
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := s.translate.Work(ctx, tx, in.Edition)
		if err != nil {
			return err
		}
		if _, err := s.Entry(ctx, tx, w.Edition.Story); err != nil {
			return err
		}
		if err := cmp.Or(standing(w.Edition), standing(w.Source)); err != nil {
			return err
		}
		for _, row := range w.Rows {
			text, ok := in.Texts[row.Address]
			if !ok {
				continue
			}
			u := translate.Unit{
				Edition: in.Edition, Address: row.Address, Text: text, Answer: translate.AnswerReviewed, SourceRev: in.SourceRev, Base: in.Base,
			}
			if _, err := s.translate.ConfirmTx(ctx, tx, a, u); err != nil {
				return err
			}
		}
		e, err := s.editions.ByID(ctx, tx, in.Edition)
		if err != nil {
			return err
		}
		if e, err = s.translate.ReviewTx(ctx, tx, a, e.ID, e.Version, nil); err != nil {
			return err
		}
		of, err := s.owed(ctx, tx, e)
		if err != nil {
			return err
		}
		if of == "" {
			in.Correction = ""
		}
		out, err = s.bringOut(ctx, tx, a, e, in.Correction, of, in.Reason)
		return err
	})
	if err != nil {
		return edition.Edition{}, fmt.Errorf("translation %s: %w", in.Edition, err)
	}
	return out, nil
}

// owed is the newest correction that an edition of an entry doesn't tell of yet, or "".
func (s *Service) owed(ctx context.Context, q db.Conn, e edition.Edition) (correction.ID, error) {
	c, err := s.Owed(ctx, q, e)
	if problem.Is(err, problem.NotFound) {
		return "", nil
	}
	return c.ID, err
}

// Owed returns the newest correction of an entry's original that the edition, which is out, doesn't tell of yet, or
// problem.NotFound.
func (s *Service) Owed(ctx context.Context, q db.Conn, e edition.Edition) (correction.Correction, error) {
	none := problem.New(problem.NotFound, "problem.not_found")
	if !e.Out() || e.FirstPublished == nil {
		return correction.Correction{}, none
	}
	all, err := s.corrections.All(ctx, q, e.Story)
	if err != nil {
		return correction.Correction{}, err
	}
	told := map[correction.ID]bool{}
	for _, c := range all {
		told[c.ID] = told[c.ID] || c.Lang == e.Lang
	}
	for _, c := range all { // the newest first
		if !told[c.ID] && c.At.After(*e.FirstPublished) {
			return c, nil
		}
	}
	return correction.Correction{}, none
}

// Withdraw takes an entry back in all languages in which readers see it, or that wait to go out; why is told to
// readers in each. Who may withdraw it in one language only is refused.
func (s *Service) Withdraw(ctx context.Context, a actor.Actor, id story.ID, why map[lang.Tag]string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.Entry(ctx, tx, id); err != nil {
			return err
		}
		if err := s.stories.Touch(ctx, tx, id); err != nil {
			return err
		}
		editions, err := s.editions.OfStory(ctx, tx, id)
		if err != nil {
			return err
		}
		cmd := release.Command{Story: id, Act: release.Withdraw, Why: why}
		for _, e := range editions {
			if edition.Can(e.State, edition.ActWithdraw) {
				cmd.Editions = append(cmd.Editions, release.Choice{Edition: e.ID, Version: e.Version})
			}
		}
		if len(cmd.Editions) == 0 && len(editions) > 0 {
			if err := standing(editions[0]); err != nil {
				return err
			}
		}
		_, err = s.releases.ActTx(ctx, tx, a, cmd)
		return err
	})
	if err != nil {
		return fmt.Errorf("withdraw entry %s: %w", id, err)
	}
	return nil
}

// Settle says when an entry happened and whether it is pinned, guarded by version. Readers see it at once, in all
// languages, so it takes the right to publish.
func (s *Service) Settle(ctx context.Context, a actor.Actor, id story.ID, version int64, happened time.Time, pinned bool) (Entry, error) {
	var out Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		en, err := s.Entry(ctx, tx, id)
		if err != nil {
			return err
		}
		st, err := s.stories.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.May(ctx, tx, a, st, st.OriginalLang, actor.Publish); err != nil {
			return err
		}
		if en.Version != version {
			return problem.New(problem.Conflict, "problem.live_changed")
		}
		before := en
		if !happened.IsZero() {
			en.Happened = happened.UTC().Truncate(time.Millisecond)
		}
		en.Pinned = pinned
		if err := plausible(en.Happened, tx.Now()); err != nil {
			return err
		}
		if out, err = updateEntry(ctx, tx, en); err != nil {
			return err
		}
		lines, err := moveLines(ctx, tx, out)
		if err != nil {
			return err
		}
		for _, ln := range lines {
			if err := told(ctx, tx, ln); err != nil {
				return err
			}
		}
		if err := events.Append(ctx, tx, "live.state", "story:"+string(en.Live), Happened{Story: en.Live}); err != nil {
			return err
		}
		return recordEntry(ctx, tx, a, "live.settle", out, map[string]any{"before": before, "after": out})
	})
	if err != nil {
		return Entry{}, fmt.Errorf("settle entry %s: %w", id, err)
	}
	return out, nil
}
