package release

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// Checklist checks the newest revision of each edition of the story.
func (s *Service) Checklist(ctx context.Context, q db.Conn, st story.ID) (Checklist, error) {
	return s.ChecklistFor(ctx, q, st, "")
}

// ChecklistOf is Checklist for one edition alone: what its own screen shows, without the work of checking
// the others.
func (s *Service) ChecklistOf(ctx context.Context, q db.Conn, id edition.ID) (Checklist, error) {
	e, err := s.editions.ByID(ctx, q, id)
	if err != nil {
		return Checklist{}, fmt.Errorf("edition %s: %w", id, err)
	}
	b, err := s.load(ctx, q, e.Story)
	if err != nil {
		return Checklist{}, err
	}
	return s.checklist(ctx, q, b, []edition.Edition{e})
}

// ChecklistOfWork is ChecklistOf for a translation that was read already.
func (s *Service) ChecklistOfWork(ctx context.Context, q db.Conn, w translate.Work) (Checklist, error) {
	b, err := s.load(ctx, q, w.Edition.Story)
	if err != nil {
		return Checklist{}, err
	}
	b.work = &w
	return s.checklist(ctx, q, b, []edition.Edition{w.Edition})
}

// ChecklistFor is Checklist as the act will see it: what a correction is about to change is a fact.
func (s *Service) ChecklistFor(ctx context.Context, q db.Conn, st story.ID, act Act) (Checklist, error) {
	b, err := s.load(ctx, q, st)
	if err != nil {
		return Checklist{}, err
	}
	if act == Correct {
		if b, err = s.correcting(ctx, q, b, b.editions); err != nil {
			return Checklist{}, err
		}
	}
	return s.checklist(ctx, q, b, b.editions)
}

// Typed returns what the checks say of a text that somebody is typing at an address of the translation
// and that isn't stored: what they would say once it is.
func (s *Service) Typed(ctx context.Context, q db.Conn, w translate.Work, addr document.Address, text document.Inline) ([]check.Finding, error) {
	e := w.Edition
	b, err := s.load(ctx, q, e.Story)
	if err != nil {
		return nil, err
	}
	b.work = &w
	f, err := s.facts(ctx, q, b)
	if err != nil {
		return nil, err
	}
	in, err := s.input(ctx, q, b, f, &Checked{Edition: e, Made: e.Made})
	if err != nil {
		return nil, err
	}
	if in.Doc, err = document.WithSegment(in.Doc, addr, text); err != nil {
		return nil, err
	}
	return check.At(in, addr), nil
}

// correcting notes what a correction of the chosen editions changes in the original.
func (s *Service) correcting(ctx context.Context, q db.Conn, b batch, chosen []edition.Edition) (batch, error) {
	for _, e := range chosen {
		if e.Lang != b.story.OriginalLang {
			continue
		}
		from, err := wrong(ctx, q, e, "")
		if err != nil {
			return batch{}, err
		}
		if from == 0 || from == e.Revision {
			continue
		}
		list, err := s.translate.ChangedSince(ctx, q, e, from)
		if err != nil {
			return batch{}, err
		}
		b.corrected = map[document.Address]bool{}
		for _, addr := range list {
			b.corrected[addr] = true
		}
	}
	return b, nil
}

// batch is what an act reads before it decides.
type batch struct {
	story    story.Story
	editions []edition.Edition // all of the story, the original first
	// corrected are the segments of the original that the act corrects.
	corrected map[document.Address]bool
	// work is a translation that was read before the act; nil: none was.
	work *translate.Work
}

// workOf is what the translation is compared with: as it was read, or read now.
func (s *Service) workOf(ctx context.Context, q db.Conn, b batch, id edition.ID) (translate.Work, error) {
	if b.work != nil && b.work.Edition.ID == id {
		return *b.work, nil
	}
	return s.translate.Work(ctx, q, id)
}

func (b batch) edition(id edition.ID) (edition.Edition, bool) {
	for _, e := range b.editions {
		if e.ID == id {
			return e, true
		}
	}
	return edition.Edition{}, false
}

func (s *Service) load(ctx context.Context, q db.Conn, id story.ID) (batch, error) {
	st, err := s.stories.ByID(ctx, q, id)
	if err != nil {
		return batch{}, fmt.Errorf("story %s: %w", id, err)
	}
	editions, err := s.editions.OfStory(ctx, q, id)
	if err != nil {
		return batch{}, fmt.Errorf("editions of story %d: %w", st.Number, err)
	}
	return batch{story: st, editions: editions}, nil
}

// checklist checks the given editions of the batch.
func (s *Service) checklist(ctx context.Context, q db.Conn, b batch, which []edition.Edition) (Checklist, error) {
	out := Checklist{Story: b.story}
	f, err := s.facts(ctx, q, b)
	if err != nil {
		return Checklist{}, fmt.Errorf("checklist of story %d: %w", b.story.Number, err)
	}
	gone, err := goneBy(ctx, q, b)
	if err != nil {
		return Checklist{}, fmt.Errorf("checklist of story %d: %w", b.story.Number, err)
	}
	for _, e := range which {
		c := Checked{Edition: e, Made: e.Made}
		in, err := s.input(ctx, q, b, f, &c)
		if err != nil {
			return Checklist{}, fmt.Errorf("checklist of the %s edition of story %d: %w", e.Lang, b.story.Number, err)
		}
		c.Findings = check.Edition(in)
		c.Passed = check.Passed(in, c.Findings)
		if c.Past, err = s.pastOf(ctx, q, b, e, c.Findings, gone); err != nil {
			return Checklist{}, err
		}
		out.Editions = append(out.Editions, c)
	}
	return out, nil
}

// facts are what all editions of a story share.
type facts struct {
	paper    publication.Paper
	pictures map[media.ID]media.Picture
	stories  map[string]bool
}

func (s *Service) facts(ctx context.Context, q db.Conn, b batch) (facts, error) {
	var f facts
	var err error
	if f.paper, err = s.paper.PaperIn(ctx, q); err != nil {
		return facts{}, err
	}
	var ids []media.ID
	var links []story.ID
	seen := map[string]bool{}
	once := func(id string) bool {
		fresh := id != "" && !seen[id]
		seen[id] = true
		return fresh
	}
	for _, e := range b.editions {
		for _, p := range check.PicturesIn(e.Doc) {
			if once(p.Media) {
				ids = append(ids, media.ID(p.Media))
			}
		}
		for _, id := range check.StoriesIn(e.Doc) {
			if once(id) {
				links = append(links, story.ID(id))
			}
		}
	}
	if f.pictures, err = s.pictures.ByIDs(ctx, q, ids); err != nil {
		return facts{}, fmt.Errorf("pictures: %w", err)
	}
	f.stories, err = known(ctx, q, links)
	return f, err
}

// input is what the checks need for one edition. It notes in c how the text came to be.
func (s *Service) input(ctx context.Context, q db.Conn, b batch, f facts, c *Checked) (check.Input, error) {
	e := c.Edition
	in := check.Input{
		Lang: e.Lang, Doc: e.Doc, Story: storyFacts(b.story, e.Lang), Entry: b.story.LiveOf != "",
		EmbedHosts: f.paper.EmbedHosts, Stories: f.stories, Pictures: map[string]check.Picture{},
	}
	language, ok := f.paper.Language(e.Lang)
	in.Retired = !ok || !language.Active
	in.Unchecked = c.unchecked() && !language.MachineOut
	for id, p := range f.pictures {
		t := p.TextIn(e.Lang)
		in.Pictures[string(id)] = check.Picture{Alt: t.Alt != "", Credit: t.Credit != "" || p.Credit != ""}
	}
	if e.Lang == b.story.OriginalLang {
		return in, nil
	}
	w, err := s.workOf(ctx, q, b, e.ID)
	if problem.Is(err, problem.NotFound) { // there is no original: nothing to compare with
		return in, nil
	}
	if err != nil {
		return check.Input{}, err
	}
	c.SourceRev = w.Source.Revision
	if c.Made, err = s.translate.Made(ctx, q, e, e.Doc); err != nil {
		return check.Input{}, err
	}
	for _, r := range w.Rows {
		c.Unread = c.Unread || r.Unread
	}
	in.Unchecked = c.unchecked() && !language.MachineOut
	in.Original, in.OriginalLang = &w.Source.Doc, w.From
	shapes, err := s.translate.Shapes(ctx, q, w)
	if err != nil {
		return check.Input{}, err
	}
	in.Rebuilt = len(shapes) > 0
	if in.Terms, err = s.termsIn(ctx, q, w); err != nil {
		return check.Input{}, err
	}
	in.Answers = map[document.Address]check.Answer{}
	for _, r := range w.Rows {
		switch r.State {
		case translate.Adapted, translate.Added, translate.Dropped:
			in.Answers[r.Address] = check.Answer(r.State)
		case translate.Stale:
			in.Stale = append(in.Stale, r.Address)
		}
		open := r.State == translate.Stale || r.State == translate.Orphan
		if open && (r.Change.Weight == check.Fact || b.corrected[r.Address]) {
			in.StaleFacts = append(in.StaleFacts, r.Address)
		}
	}
	return in, nil
}

// termsIn are the register's entries that stand in the original.
func (s *Service) termsIn(ctx context.Context, q db.Conn, w translate.Work) ([]check.Term, error) {
	if s.terms == nil {
		return nil, nil
	}
	var texts []string
	for _, r := range w.Rows {
		if len(r.Source) > 0 {
			texts = append(texts, r.Source.Plain())
		}
	}
	return s.terms.For(ctx, q, w.From, w.To, texts...)
}

// unchecked reports whether nobody stands for what a machine wrote: nobody ever checked it, or an
// engine wrote on after the check.
func (c Checked) unchecked() bool {
	checked := c.Edition.Check.Revision
	return c.Made == edition.MadeMachine && (checked == 0 || c.Unread && checked != c.Edition.Revision)
}

func storyFacts(st story.Story, l lang.Tag) check.Story {
	out := check.Story{HasAuthor: len(st.Authors) > 0, HasSection: st.Section != "", Topics: len(st.Topics)}
	for _, src := range st.Sources {
		f := check.Source{ID: src.ID, Name: src.NameIn(l), HasLink: src.URL != "", HasHow: src.Texts[l].How != ""}
		for _, t := range src.Texts {
			f.HasHow = f.HasHow || t.How != ""
		}
		out.Sources = append(out.Sources, f)
	}
	return out
}

// open returns what holds the editions: errors, and warnings that nobody went past.
func open(list Checklist, given []Override) []Open {
	var out []Open
	for _, c := range list.Editions {
		for _, f := range c.Findings {
			if f.Severity == check.Note {
				continue
			}
			if f.Severity == check.Warn {
				if _, ok := c.WentPast(f); ok || covered(given, c.Edition.ID, f) {
					continue
				}
			}
			out = append(out, Open{c.Edition.ID, c.Edition.Lang, f})
		}
	}
	return out
}

func covered(given []Override, id edition.ID, f check.Finding) bool {
	for _, o := range given {
		if o.Edition == id && o.Code == f.Code && o.Address == f.Address {
			return true
		}
	}
	return false
}

// used returns those of the overrides that go past a warning there is; others are of no meaning. Two
// warnings of one code in one segment, such as two names, are gone past together.
func used(list Checklist, given []Override) []Override {
	var out []Override
	for _, o := range given {
		c, ok := list.Of(o.Edition)
		again := slices.ContainsFunc(out, func(p Override) bool {
			return p.Edition == o.Edition && p.Code == o.Code && p.Address == o.Address
		})
		if !ok || again {
			continue
		}
		for _, f := range c.Findings {
			if f.Severity == check.Warn && f.Code == o.Code && f.Address == o.Address {
				out = append(out, o)
				break
			}
		}
	}
	return out
}

// Error says how many findings hold the release.
func (e *HeldError) Error() string {
	return fmt.Sprintf("story %d: %d findings hold the release", e.Checklist.Story.Number, len(e.Open))
}

// ProblemKind is problem.Invalid.
func (e *HeldError) ProblemKind() problem.Kind { return problem.Invalid }
