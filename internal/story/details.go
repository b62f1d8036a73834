package story

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/events"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

// maxParts bounds authors, topics and sources of one story.
const maxParts = 100

// Changed is what a story.changed event says.
type Changed struct {
	Story  ID    `json:"story"`
	Number int64 `json:"number"`
	// Act is what was done: story.create, story.details, story.source …
	Act string `json:"act"`
	// Was is where the story stood before its details were changed.
	Was *Filed `json:"was,omitempty"`
}

// Filed is where a story stands: what lists hold it.
type Filed struct {
	Section publication.SectionID `json:"section"`
	Topics  []topic.ID            `json:"topics"`
	Authors []people.AuthorID     `json:"authors"`
}

// FiledAs is where the story stands.
func (s Story) FiledAs() Filed { return Filed{s.Section, s.Topics, s.Authors} }

// Create makes a story without text; its number is the next free one.
func (s *Service) Create(ctx context.Context, a actor.Actor, n NewStory) (Story, error) {
	var st Story
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		st, err = s.CreateTx(ctx, tx, a, n)
		return err
	})
	return st, err
}

// CreateTx is Create within an act of another room.
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx, a actor.Actor, n NewStory) (Story, error) {
	began := moment(n.At, tx.Now())
	st := Story{
		ID: ID(id.New(began)), Kind: n.Kind, Section: n.Section, OriginalLang: n.OriginalLang, Embargo: n.Embargo,
		Authors: unique(n.Authors), Topics: unique(n.Topics), Version: 1, CreatedBy: a.ID, Created: began, Updated: began, LiveOf: n.LiveOf,
	}
	if !actor.May(a, actor.Write, actor.Scope{Lang: st.OriginalLang, Section: string(st.Section), Own: true}) {
		return Story{}, problem.New(problem.Forbidden, "problem.may_not_write")
	}
	if err := valid(ctx, tx, st); err != nil {
		return Story{}, err
	}
	var err error
	if st.Number, err = nextNumber(ctx, tx); err != nil {
		return Story{}, fmt.Errorf("number of a new story: %w", err)
	}
	if err := insert(ctx, tx, st); err != nil {
		return Story{}, fmt.Errorf("story %d: %w", st.Number, err)
	}
	return st, s.tell(ctx, tx, a, "story.create", st, n)
}

// SaveDetails stores kind, section, original language, embargo, authors and topics, guarded by
// st.Version: if somebody changed them meanwhile it is problem.Conflict. The original language can't
// change once something is written. Cards of editions that are out follow in the same act; so while one
// is out, or waits to go out, it takes the right to publish, and neither section nor by-line can be
// taken away.
func (s *Service) SaveDetails(ctx context.Context, a actor.Actor, st Story) (Story, error) {
	var out Story
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.SaveDetailsTx(ctx, tx, a, st)
		return err
	})
	return out, err
}

// SaveDetailsTx is SaveDetails within an act of another room.
func (s *Service) SaveDetailsTx(ctx context.Context, tx *db.Tx, a actor.Actor, in Story) (Story, error) {
	old, err := s.ByID(ctx, tx, in.ID)
	if err != nil {
		return Story{}, fmt.Errorf("story %s: %w", in.ID, err)
	}
	if err := s.MayWrite(ctx, tx, a, old); err != nil {
		return Story{}, err
	}
	st := old
	st.Version, st.Kind, st.Section, st.OriginalLang, st.Embargo = in.Version, in.Kind, in.Section, in.OriginalLang, in.Embargo
	st.Authors, st.Topics = unique(in.Authors), unique(in.Topics)
	if err := valid(ctx, tx, st); err != nil {
		return Story{}, err
	}
	if st.OriginalLang != old.OriginalLang {
		if err := mayTurn(ctx, tx, old.ID); err != nil {
			return Story{}, err
		}
	}
	if err := update(ctx, tx, st); err != nil {
		return Story{}, fmt.Errorf("story %d: %w", st.Number, err)
	}
	st.Version, st.Updated = in.Version+1, tx.Now()
	if err := moveEntries(ctx, tx, st); err != nil {
		return Story{}, fmt.Errorf("entries of story %d: %w", st.Number, err)
	}
	if s.watcher != nil {
		if err := s.mayChangeShown(ctx, tx, a, old, st); err != nil {
			return Story{}, err
		}
		if err := s.watcher.StoryChanged(ctx, tx, st); err != nil {
			return Story{}, fmt.Errorf("story %d: what is made of it: %w", st.Number, err)
		}
	}
	was := old.FiledAs()
	return st, s.tellOf(ctx, tx, a, Changed{Act: "story.details", Was: &was}, st, map[string]any{"before": details(old), "after": details(st)})
}

// Discard deletes a story in which nothing is written any more, with its sources and details. It is the
// end of discarding its last edition, which asks whether a may.
func (s *Service) Discard(ctx context.Context, tx *db.Tx, a actor.Actor, st Story) error {
	if err := drop(ctx, tx, st.ID); err != nil {
		return fmt.Errorf("discard story %d: %w", st.Number, err)
	}
	return s.tell(ctx, tx, a, "story.discard", st, map[string]any{"number": st.Number, "details": details(st)})
}

// MoveTopic lets all stories that are about from be about into, once each, in from's place. It is part of
// joining the two, which tells of it.
func (s *Service) MoveTopic(ctx context.Context, tx *db.Tx, from, into topic.ID) error {
	if err := moveTopic(ctx, tx, from, into); err != nil {
		return fmt.Errorf("stories about topic %s: %w", from, err)
	}
	return nil
}

// mayChangeShown refuses what would change a page that is out past its checklist. It asks when the
// story is this act's own already, so that nobody publishes in between.
func (s *Service) mayChangeShown(ctx context.Context, tx *db.Tx, a actor.Actor, old, now Story) error {
	shown, err := s.watcher.ShownIn(ctx, tx, old.ID)
	if err != nil || len(shown) == 0 || a.IsSystem() {
		return err
	}
	for _, st := range []Story{old, now} { // where it is taken from and where it comes to
		if s.may(ctx, tx, a, st, st.OriginalLang, actor.Publish) != nil {
			return problem.New(problem.Forbidden, "problem.may_not_change_shown")
		}
	}
	var f problem.Fields
	if old.Section != "" && now.Section == "" {
		f.Add("section", entry.Required, "")
	}
	if len(old.Authors) > 0 && len(now.Authors) == 0 {
		f.Add("authors", entry.Required, "")
	}
	return f.Err()
}

// mayTurn refuses to make another language the original of a story in which something is written:
// translations remember which edition they were made from.
func mayTurn(ctx context.Context, q db.Conn, st ID) error {
	written, err := hasEditions(ctx, q, st)
	if err == nil && written {
		err = (&problem.Error{Kind: problem.Invalid, Key: "problem.invalid"}).
			With(problem.Field{Name: "original_lang", Key: "problem.original_written"})
	}
	return err
}

// Scope says what of the story an act of a's would touch, as actor.May wants to know it. A story
// is one's own if one began it or stands in its by-line.
func (s *Service) Scope(ctx context.Context, q db.Conn, a actor.Actor, st Story, l lang.Tag) (people.Scope, error) {
	scope := people.Scope{Lang: l, Section: string(st.Section), Own: st.CreatedBy == a.ID}
	var err error
	if st.LiveOf != "" {
		scope.Entry = true
		if scope.Open, err = openLive(ctx, q, st.LiveOf); err != nil {
			return scope, err
		}
	}
	if scope.Own || len(a.Sections) == 0 && !scope.Entry {
		return scope, nil
	}
	scope.Own, err = signedBy(ctx, q, st.ID, a.ID)
	return scope, err
}

// MayWrite refuses with problem.Forbidden if a may not write the story's details.
func (s *Service) MayWrite(ctx context.Context, q db.Conn, a actor.Actor, st Story) error {
	return s.may(ctx, q, a, st, st.OriginalLang, actor.Write)
}

func (s *Service) may(ctx context.Context, q db.Conn, a actor.Actor, st Story, l lang.Tag, acts ...actor.Act) error {
	scope, err := s.Scope(ctx, q, a, st, l)
	if err != nil {
		return err
	}
	for _, act := range acts {
		if actor.May(a, act, scope) {
			return nil
		}
	}
	return problem.New(problem.Forbidden, "problem.may_not_write")
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, a actor.Actor, act string, st Story, detail any) error {
	return s.tellOf(ctx, tx, a, Changed{Act: act}, st, detail)
}

func (s *Service) tellOf(ctx context.Context, tx *db.Tx, a actor.Actor, c Changed, st Story, detail any) error {
	subject := "story:" + string(st.ID)
	if err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: c.Act, Subject: subject, Detail: detail}); err != nil {
		return err
	}
	c.Story, c.Number = st.ID, st.Number
	return events.Append(ctx, tx, "story.changed", subject, c)
}

// details is what the audit keeps of a story.
func details(st Story) map[string]any {
	return map[string]any{
		"kind": st.Kind, "section": st.Section, "original_lang": st.OriginalLang, "embargo": st.Embargo,
		"authors": st.Authors, "topics": st.Topics,
	}
}

func valid(ctx context.Context, q db.Conn, st Story) error {
	var f problem.Fields
	if !slices.Contains(Kinds, st.Kind) {
		f.Add("kind", entry.Choice, string(st.Kind))
	}
	if l, err := lang.Parse(string(st.OriginalLang)); err != nil || l != st.OriginalLang {
		f.Add("original_lang", entry.BadLang, string(st.OriginalLang))
	}
	if st.Section != "" {
		known, err := knownSection(ctx, q, st.Section)
		if err != nil {
			return err
		}
		if !known {
			f.Add("section", "problem.section_gone", string(st.Section))
		}
	}
	if err := validParts(ctx, q, &f, "authors", "author", "problem.author_gone", st.Authors); err != nil {
		return err
	}
	if err := validParts[topic.ID](ctx, q, &f, "topics", "topic", "problem.topic_gone", st.Topics); err != nil {
		return err
	}
	return f.Err()
}

func validParts[T ~string](ctx context.Context, q db.Conn, f *problem.Fields, name, table, key string, ids []T) error {
	if len(ids) > maxParts {
		f.Add(name, "problem.too_many", "", "n", maxParts)
		return nil
	}
	if len(ids) == 0 {
		return nil
	}
	missing, err := unknown(ctx, q, table, ids)
	for _, id := range missing {
		f.Add(name, key, string(id))
	}
	return err
}

// unique keeps the first of each: a name can't stand twice in a by-line.
func unique[T comparable](list []T) []T {
	var out []T
	for _, x := range list {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
