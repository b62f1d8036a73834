package live

import (
	"context"
	"fmt"
	"slices"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
)

// Post is a new entry.
type Post struct {
	Live     story.ID
	Lang     lang.Tag
	Sent     string    // what the sender calls it: the same text, sent again, is the same entry
	Happened time.Time // zero: now
	Pinned   bool
	Doc      document.Doc
	Sources  []story.Source
	// HandIn leaves it to somebody else to send it out; so does who may not.
	HandIn bool
	// Reason goes past all warnings of the checklist; "" lets them hold the entry.
	Reason string
}

// Posted is what became of a [Post].
type Posted struct {
	Entry   Entry
	Edition edition.Edition
	Release release.ID // "" if it was handed in
	Again   bool       // it had come before
}

// future is how far ahead of now an entry may have happened: clocks differ.
const future = 5 * time.Minute

// SentError says that something else came under the same name before, and stands: the answer was lost, and the text
// was changed before it was sent again. Whether that is another entry or a change of the first, only the writer
// knows. Sent under another name it is another.
type SentError struct {
	Before Posted
	Base   int64 // the revision that came then
}

func (e *SentError) Error() string {
	return fmt.Sprintf("entry %d was sent under the same name", e.Before.Entry.Number)
}

// Post writes an entry and sends it out, in one act: what is acknowledged is with the readers. Where the writer
// may not publish, or wishes so, it is handed in for review.
//
// It refuses with problem.Conflict if the story doesn't run live, with a [*SentError], with problem.Forbidden if the
// writer may not write in it, and with a [*release.HeldError] if the checklist holds the entry; then nothing is stored.
func (s *Service) Post(ctx context.Context, a actor.Actor, in Post) (Posted, error) {
	var out Posted
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.PostTx(ctx, tx, a, in)
		return err
	})
	if problem.Is(err, problem.Conflict) {
		// The same may have been sent twice at once.
		if again, e := s.sentBefore(ctx, s.db.Read(), in); e == nil || problem.Is(e, problem.Conflict) {
			return again, e
		}
	}
	return out, err
}

// PostTx is Post within an act of another room.
func (s *Service) PostTx(ctx context.Context, tx *db.Tx, a actor.Actor, in Post) (Posted, error) {
	out, err := s.post(ctx, tx, a, in)
	if err != nil {
		return Posted{}, fmt.Errorf("entry of story %s: %w", in.Live, err)
	}
	return out, nil
}

func (s *Service) post(ctx context.Context, tx *db.Tx, a actor.Actor, in Post) (Posted, error) {
	parent, err := s.stories.ByID(ctx, tx, in.Live)
	if err != nil {
		return Posted{}, err
	}
	if err := s.editions.May(ctx, tx, a, parent, in.Lang, actor.Write); err != nil {
		return Posted{}, err
	}
	var f problem.Fields
	if in.Sent = entry.Key(&f, "sent", in.Sent); f.Err() != nil {
		return Posted{}, f.Err()
	}
	if before, err := s.sentBefore(ctx, tx, in); !problem.Is(err, problem.NotFound) {
		return before, err
	}
	c, err := s.Of(ctx, tx, in.Live)
	if err != nil {
		return Posted{}, err
	}
	if !c.Running() {
		return Posted{}, problem.New(problem.Conflict, "problem.live_ended")
	}
	en, e, err := s.write(ctx, tx, a, parent, in)
	if err != nil {
		return Posted{}, err
	}
	out := Posted{Entry: en, Edition: e}
	if in.HandIn || !s.maySend(ctx, tx, a, en, e) {
		out.Edition, err = s.editions.MoveTx(ctx, tx, a, e.ID, e.Version, edition.ActReview)
		return out, err
	}
	r, err := s.send(ctx, tx, a, e, release.Publish, in.Reason, nil)
	if err != nil {
		return Posted{}, err
	}
	out.Release = r.ID
	out.Edition, err = s.editions.ByID(ctx, tx, e.ID)
	return out, err
}

// write makes the entry's story and its text.
func (s *Service) write(ctx context.Context, tx *db.Tx, a actor.Actor, parent story.Story, in Post) (Entry, edition.Edition, error) {
	now := tx.Now()
	happened := in.Happened.UTC().Truncate(time.Millisecond)
	if in.Happened.IsZero() {
		happened = now
	}
	if err := plausible(happened, now); err != nil {
		return Entry{}, edition.Edition{}, err
	}
	authors, err := s.byline(ctx, tx, a, parent)
	if err != nil {
		return Entry{}, edition.Edition{}, err
	}
	st, err := s.stories.CreateTx(ctx, tx, a, story.NewStory{
		Kind: parent.Kind, OriginalLang: in.Lang, Section: parent.Section, Authors: authors, LiveOf: parent.ID,
	})
	if err != nil {
		return Entry{}, edition.Edition{}, err
	}
	en := Entry{
		Story: st.ID, Live: parent.ID, Number: st.Number, Original: in.Lang, Happened: happened, Pinned: in.Pinned, Version: 1, By: a.ID,
	}
	if err := insertEntry(ctx, tx, en, in.Sent); err != nil {
		return Entry{}, edition.Edition{}, err
	}
	for _, src := range in.Sources {
		src.ID = ""
		if _, err := s.stories.SaveSourceTx(ctx, tx, a, st.ID, src); err != nil {
			return Entry{}, edition.Edition{}, err
		}
	}
	e, err := s.editions.CreateTx(ctx, tx, a, st.ID, in.Lang)
	if err != nil {
		return Entry{}, edition.Edition{}, err
	}
	saved, err := s.editions.SaveTx(ctx, tx, a, edition.Save{Edition: e.ID, Base: e.Revision, Doc: in.Doc})
	return en, saved.Edition, err
}

// plausible refuses a time that can only be a mistyped one.
func plausible(happened, now time.Time) error {
	var f problem.Fields
	if happened.After(now.Add(future)) {
		f.Add("happened", "problem.time_future", happened.Format(time.RFC3339))
	}
	return f.Err()
}

// byline signs an entry with its writer; who has no by-line of the own stands behind the story's.
func (s *Service) byline(ctx context.Context, q db.Conn, a actor.Actor, parent story.Story) ([]people.AuthorID, error) {
	own, err := s.people.AuthorOf(ctx, q, people.StaffID(a.ID))
	if problem.Is(err, problem.NotFound) {
		return parent.Authors, nil
	}
	if err != nil {
		return nil, err
	}
	return []people.AuthorID{own.ID}, nil
}

// MaySend reports whether a may send an entry of the story out in the language.
func (s *Service) MaySend(ctx context.Context, q db.Conn, a actor.Actor, parent story.Story, l lang.Tag) bool {
	parent.LiveOf, parent.CreatedBy = parent.ID, a.ID // an entry that a is about to write
	return s.editions.May(ctx, q, a, parent, l, actor.Publish) == nil && s.editions.May(ctx, q, a, parent, l, actor.Review) == nil
}

func (s *Service) maySend(ctx context.Context, q db.Conn, a actor.Actor, en Entry, e edition.Edition) bool {
	st, err := s.stories.ByID(ctx, q, en.Story)
	return err == nil && s.editions.May(ctx, q, a, st, e.Lang, actor.Publish) == nil &&
		s.editions.May(ctx, q, a, st, e.Lang, actor.Review) == nil
}

// send does a release of one edition, past all warnings if there is a reason for it.
func (s *Service) send(ctx context.Context, tx *db.Tx, a actor.Actor, e edition.Edition, act release.Act, reason string, fix *release.CorrectionInput) (release.Release, error) {
	cmd := release.Command{Story: e.Story, Act: act, Editions: []release.Choice{{Edition: e.ID, Version: e.Version}}, Correct: fix}
	if reason != "" {
		list, err := s.releases.ChecklistOf(ctx, tx, e.ID)
		if err != nil {
			return release.Release{}, err
		}
		for _, c := range list.Editions {
			for _, f := range c.Findings {
				if f.Severity == check.Warn {
					cmd.Override = append(cmd.Override, release.Override{Edition: e.ID, Code: f.Code, Address: f.Address, Reason: reason})
				}
			}
		}
	}
	return s.releases.ActTx(ctx, tx, a, cmd)
}

// sentBefore returns the entry that came under the same name and says the same, or problem.NotFound if none came;
// one that says something else is a [*SentError].
func (s *Service) sentBefore(ctx context.Context, q db.Conn, in Post) (Posted, error) {
	en, err := entrySent(ctx, q, in.Live, in.Sent)
	if err != nil {
		return Posted{}, err
	}
	e, err := s.editions.Original(ctx, q, en.Story)
	if err != nil {
		return Posted{}, err
	}
	out := Posted{Entry: en, Edition: e, Again: true}
	same, err := s.same(ctx, q, out, in)
	if err != nil {
		return Posted{}, err
	}
	if !same {
		return Posted{}, problem.Wrap(problem.Conflict, "problem.live_sent", &SentError{out, min(written, e.Revision)})
	}
	return out, nil
}

// same reports whether what came before is what is posted, whatever became of it since.
func (s *Service) same(ctx context.Context, q db.Conn, before Posted, in Post) (bool, error) {
	en := before.Entry
	settled := en.Version > 1
	if !settled && (en.Pinned != in.Pinned || !in.Happened.IsZero() && !en.Happened.Equal(in.Happened.Truncate(time.Millisecond))) {
		return false, nil
	}
	if said, err := s.says(ctx, q, before.Edition, in.Doc); err != nil || !said {
		return false, err
	}
	return s.credits(ctx, q, en, in.Sources)
}

// written is the revision that holds what was posted: the first may be what an edition begins with, nothing.
const written = 2

// says reports whether an edition began as the text, whatever became of it since.
func (s *Service) says(ctx context.Context, q db.Conn, e edition.Edition, doc document.Doc) (bool, error) {
	doc = doc.Normal()
	want := document.Markdown(doc.Blocks)
	for n := int64(1); n <= min(written, e.Revision); n++ {
		was, err := s.editions.RevisionDoc(ctx, q, e.ID, n)
		if err != nil {
			return false, err
		}
		if was.Headline == doc.Headline && document.Markdown(was.Blocks) == want {
			return true, nil
		}
	}
	return false, nil
}

// credits reports whether an entry has the sources of a post; what was added since doesn't matter.
func (s *Service) credits(ctx context.Context, q db.Conn, en Entry, want []story.Source) (bool, error) {
	if len(want) == 0 {
		return true, nil
	}
	has, err := s.stories.SourcesOf(ctx, q, []story.ID{en.Story})
	if err != nil {
		return false, err
	}
	for _, src := range want {
		if !slices.ContainsFunc(has[en.Story], func(h story.Source) bool { return h.Name == src.Name && h.URL == src.URL }) {
			return false, nil
		}
	}
	return true, nil
}

func recordEntry(ctx context.Context, tx *db.Tx, a actor.Actor, act string, en Entry, detail any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: "story:" + string(en.Story), Detail: detail})
}
