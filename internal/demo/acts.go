package demo

import (
	"context"
	"fmt"
	"sort"
	"time"

	"depesche/internal/actor"
	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// plan lists what happened to all stories, in the order of time; first of all each gets its number.
func (l *loader) plan(_ context.Context) ([]act, error) {
	var begin, acts []act
	tellers := map[string]*teller{}
	for i := range l.content.Stories {
		s := &l.content.Stories[i]
		t := &teller{loader: l, story: s, editions: map[string]edition.ID{}, sources: map[string]string{}, shift: l.shift(s)}
		begin = append(begin, act{t.begun(), s.Key + ": begin", t.begin})
		acts = append(acts, t.acts()...)
		tellers[s.Key] = t
	}
	later, err := l.work(tellers)
	if err != nil {
		return nil, err
	}
	acts = append(acts, later...)
	sort.SliceStable(acts, func(i, j int) bool { return acts[i].at.Before(acts[j].at) })
	return append(begin, acts...), nil
}

// shift moves a story that names no real event close to today, so that the paper looks alive.
func (l *loader) shift(s *Story) time.Duration {
	if !s.Timeless || s.Published.IsZero() || s.Published.Relative() {
		return 0
	}
	// The last that happens to a timeless story happens before this moment, so the newest of them is
	// of today, or in the morning still of yesterday. They keep their distances and their times of day.
	end := time.Date(2024, 10, 23, 14, 30, 0, 0, time.UTC)
	by := l.now.Sub(end).Truncate(24 * time.Hour)
	if by < 0 {
		return 0
	}
	return by
}

// teller tells one story through the rooms.
type teller struct {
	*loader
	story    *Story
	editions map[string]edition.ID
	sources  map[string]string // keys of the file → IDs of the house
	shift    time.Duration
}

func (t *teller) when(w When) time.Time {
	at := w.At(t.now)
	if at.IsZero() || w.Relative() {
		return at
	}
	return at.Add(t.shift)
}

// begun is when the story was begun: three hours before anything of it went out.
func (t *teller) begun() time.Time {
	first := t.when(t.story.Published)
	for _, e := range t.story.Editions {
		for _, w := range []When{e.PublishedAt, e.ScheduledAt} {
			if at := t.when(w); !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	if first.IsZero() || first.After(t.now) {
		first = t.now
	}
	return first.Add(-3 * time.Hour)
}

// order lists the story's languages, the original first.
func (t *teller) order() []string {
	out := []string{t.story.Original}
	for _, l := range sortedKeys(t.story.Editions) {
		if l != t.story.Original {
			out = append(out, l)
		}
	}
	return out
}

func (t *teller) acts() []act {
	name := func(what string) string { return t.story.Key + ": " + what }
	at := t.begun()
	var acts []act
	for i, l := range t.order() {
		acts = append(acts, act{at.Add(time.Duration(i+1) * 20 * time.Minute), name("write " + l), func(ctx context.Context) error { return t.write(ctx, l) }})
	}
	for _, l := range t.order() {
		e := t.story.Editions[l]
		add := func(w When, what string, do func(context.Context) error) {
			if !w.IsZero() {
				acts = append(acts, act{t.when(w), name(what + " " + l), do})
			}
		}
		switch e.State {
		case "review", "approved":
			acts = append(acts, act{at.Add(100 * time.Minute), name(e.State + " " + l), func(ctx context.Context) error { return t.ready(ctx, l, e.State) }})
		case "scheduled":
			acts = append(acts, act{at.Add(110 * time.Minute), name("schedule " + l), func(ctx context.Context) error { return t.schedule(ctx, l) }})
		case "published", "withdrawn":
			add(e.PublishedAt, "publish", func(ctx context.Context) error { return t.publish(ctx, l) })
			add(e.WithdrawnAt, "withdraw", func(ctx context.Context) error { return t.withdraw(ctx, l) })
		}
	}
	for _, c := range t.story.Corrections {
		acts = append(acts, act{t.when(c.At), name("correct"), func(ctx context.Context) error { return t.correct(ctx, c) }})
	}
	return acts
}

func (t *teller) begin(ctx context.Context) error {
	reporter := t.by(actor.Chief)
	n := story.NewStory{Kind: story.Kind(t.story.Kind), OriginalLang: lang.Tag(t.story.Original), Section: t.sections[t.story.Section]}
	for _, a := range t.story.Authors {
		n.Authors = append(n.Authors, t.authors[a])
	}
	for _, tp := range t.story.Topics {
		n.Topics = append(n.Topics, t.topics[tp])
	}
	s, err := t.Stories.Create(ctx, reporter, n)
	if err != nil {
		return err
	}
	for _, src := range t.story.Sources {
		texts := map[lang.Tag]story.SourceText{}
		for _, l := range t.order() {
			text := story.SourceText{Name: src.Names[l], Title: src.Title[l], Claim: src.Claim[l], How: src.How[l]}
			if text != (story.SourceText{}) {
				texts[lang.Tag(l)] = text
			}
		}
		saved, err := t.Stories.SaveSource(ctx, reporter, s.ID, story.Source{
			Kind: story.SourceKind(src.Kind), Name: src.Name, URL: src.URL, Lang: lang.Tag(src.Lang), Date: t.day(src.Date), Accessed: t.day(src.Accessed), Texts: texts,
		})
		if err != nil {
			return fmt.Errorf("source %s: %w", src.ID, err)
		}
		t.sources[src.ID] = saved.ID
	}
	t.stories[t.story.Key] = s
	return nil
}

// day moves a source's day together with its story.
func (t *teller) day(s string) string {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil || t.shift == 0 {
		return s
	}
	return d.Add(t.shift).Format(time.DateOnly)
}

// rewrite saves the text as it is right, over the one that went out first.
func (t *teller) rewrite(ctx context.Context, l string) error {
	doc, err := t.doc(t.story.Editions[l])
	if err != nil {
		return err
	}
	ed, err := t.Editions.ByID(ctx, t.DB.Read(), t.editions[l])
	if err != nil {
		return err
	}
	saved, err := t.Editions.Save(ctx, t.by(actor.Chief), edition.Save{Edition: ed.ID, Base: ed.Revision, Doc: doc})
	if err != nil || !saved.Fresh || l == t.story.Original {
		return err
	}
	return t.confirm(ctx, ed.ID)
}

// by returns who acts in the role.
func (t *teller) by(role actor.Role) actor.Actor { return t.staff[string(role)] }

func (t *teller) write(ctx context.Context, l string) error {
	doc, err := t.doc(t.story.First(l))
	if err != nil {
		return err
	}
	s := t.stories[t.story.Key]
	writer := t.by(actor.Chief)
	ed, err := t.Editions.Create(ctx, writer, s.ID, lang.Tag(l))
	if err != nil {
		return err
	}
	saved, err := t.Editions.Save(ctx, writer, edition.Save{Edition: ed.ID, Base: ed.Revision, Doc: doc})
	if err != nil {
		return err
	}
	t.editions[l] = ed.ID
	e := t.story.Editions[l]
	if l == t.story.Original {
		return nil
	}
	if name := t.names[e.Translator][l]; name != "" {
		if _, err := t.Editions.SaveCredit(ctx, writer, ed.ID, saved.Edition.Version, name); err != nil {
			return err
		}
	}
	return nil
}

// confirm answers the segments of a translation whose source has changed since, as its translator did.
func (t *teller) confirm(ctx context.Context, id edition.ID) error {
	rows, err := t.Translate.Rows(ctx, t.DB.Read(), id)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.State != translate.Stale {
			continue
		}
		if _, err := t.Translate.Confirm(ctx, t.by(actor.Chief), translate.Unit{Edition: id, Address: row.Address, Text: row.Target, Answer: translate.AnswerReviewed}); err != nil {
			return err
		}
	}
	return nil
}

// doc is the edition's document with what its keys stand for.
func (t *teller) doc(e Edition) (document.Doc, error) {
	d, err := e.Doc(t.story.Picture)
	if err != nil {
		return d, err
	}
	return document.Rewire(d, document.Wires{
		Source: func(key string) string { return t.sources[key] },
		Story:  func(key string) string { return string(t.stories[key].ID) },
		Media:  func(key string) string { return string(t.pictures[key]) },
	}), nil
}

// ready brings an edition as far as approved, or to review.
func (t *teller) ready(ctx context.Context, l, state string) error {
	id := t.editions[l]
	ed, err := t.Editions.ByID(ctx, t.DB.Read(), id)
	if err != nil {
		return err
	}
	if ed.State == edition.Draft {
		if ed, err = t.Editions.SendToReview(ctx, t.by(actor.Chief), id, ed.Version); err != nil {
			return err
		}
	}
	if state == "review" || ed.State != edition.Review {
		return nil
	}
	if e := t.story.Editions[l]; l != t.story.Original && (e.Made == string(lang.HumanChecked) || e.Made == string(lang.MachineChecked)) {
		// The original may have been corrected since this one was written.
		if err := t.confirm(ctx, id); err != nil {
			return err
		}
		if ed, err = t.Editions.ByID(ctx, t.DB.Read(), id); err != nil {
			return err
		}
		checker := t.by(actor.Chief)
		if name := t.names[e.CheckedBy][l]; name != "" {
			checker.Name = name
		}
		if ed, err = t.Translate.Review(ctx, checker, id, ed.Version); err != nil {
			return err
		}
	}
	_, err = t.Editions.Approve(ctx, t.by(actor.Chief), id, ed.Version)
	return err
}

// release does an act on one edition, going past warnings with a reason that says what they are.
func (t *teller) release(ctx context.Context, cmd release.Command, langs ...string) error {
	s := t.stories[t.story.Key]
	cmd.Story = s.ID
	list, err := t.Releases.Checklist(ctx, t.DB.Read(), s.ID)
	if err != nil {
		return err
	}
	for _, l := range langs {
		found, ok := list.Of(t.editions[l])
		if !ok {
			return fmt.Errorf("no edition in %s", l)
		}
		cmd.Editions = append(cmd.Editions, release.Choice{Edition: found.Edition.ID, Version: found.Edition.Version})
		for _, f := range found.Findings {
			switch f.Severity {
			case check.Warn:
				cmd.Override = append(cmd.Override, release.Override{Edition: found.Edition.ID, Code: f.Code, Address: f.Address, Reason: "demo"})
			case check.Stop:
				if cmd.Act != release.Withdraw && !cmd.HoldBack {
					return fmt.Errorf("%s: %s at %s: %q %v", l, f.Code, f.Address, f.Excerpt, f.Args)
				}
			}
		}
	}
	if cmd.Act == release.Withdraw {
		cmd.Override = nil
	}
	_, err = t.Releases.Act(ctx, t.by(actor.Chief), cmd)
	return err
}

func (t *teller) publish(ctx context.Context, l string) error {
	if err := t.ready(ctx, l, "approved"); err != nil {
		return err
	}
	return t.release(ctx, release.Command{Act: release.Publish}, l)
}

func (t *teller) schedule(ctx context.Context, l string) error {
	if err := t.ready(ctx, l, "approved"); err != nil {
		return err
	}
	return t.release(ctx, release.Command{Act: release.Schedule, At: t.when(t.story.Editions[l].ScheduledAt)}, l)
}

func (t *teller) withdraw(ctx context.Context, l string) error {
	return t.release(ctx, release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{lang.Tag(l): t.story.Editions[l].WithdrawnWhy}}, l)
}

func (t *teller) correct(ctx context.Context, c Correction) error {
	texts := map[lang.Tag]string{}
	for _, l := range t.order() { // the original first: what follows it is confirmed against it
		if text, ok := c.Texts[l]; ok {
			texts[lang.Tag(l)] = text
			if err := t.rewrite(ctx, l); err != nil {
				return err
			}
		}
	}
	return t.release(ctx, release.Command{Act: release.Correct, Correct: &release.CorrectionInput{Prominent: c.Headline, Texts: texts}}, sortedKeys(c.Texts)...)
}
