package story

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/entry"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// maxURL is the longest address of a source: as long as browsers take it.
const maxURL = 2000

// SaveSource stores a source of the story; one without ID is new and comes last. Who may write or
// translate the story may do it: a translator says in the own language what a source stands for. What
// readers see already is changed by those who may publish it; a further source may be added by all.
// The later of two saves wins; what stood there before is kept in the audit.
func (s *Service) SaveSource(ctx context.Context, a actor.Actor, st ID, src Source) (Source, error) {
	var out Source
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.SaveSourceTx(ctx, tx, a, st, src)
		return err
	})
	return out, err
}

// SaveSourceTx is SaveSource within an act of another room.
func (s *Service) SaveSourceTx(ctx context.Context, tx *db.Tx, a actor.Actor, in ID, src Source) (Source, error) {
	st, err := s.forSources(ctx, tx, a, in)
	if err != nil {
		return Source{}, err
	}
	src, err = cleanSource(src)
	if err != nil {
		return Source{}, err
	}
	before, known := st.Source(src.ID)
	switch {
	case src.ID != "" && !known:
		return Source{}, fmt.Errorf("source %s of story %d: %w", src.ID, st.Number, problem.New(problem.NotFound, "problem.source_gone"))
	case src.ID == "" && len(st.Sources) >= maxParts:
		return Source{}, problem.New(problem.TooMany, "problem.too_many", "n", maxParts)
	case src.ID == "":
		src.ID = id.New(tx.Now())
	default:
		if err := s.mayChangeSource(ctx, tx, a, st, before, src); err != nil {
			return Source{}, err
		}
	}
	if err := putSource(ctx, tx, st.ID, src); err != nil {
		return Source{}, fmt.Errorf("source of story %d: %w", st.Number, err)
	}
	detail := map[string]any{"after": src}
	if known {
		detail["before"] = before
	}
	return src, s.tell(ctx, tx, a, "story.source", st, detail)
}

// DeleteSource takes a source away. With UnlessUsed it refuses with problem.Conflict while a text
// refers to it, published or not.
func (s *Service) DeleteSource(ctx context.Context, a actor.Actor, in ID, source string, how Removal) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		st, err := s.forSources(ctx, tx, a, in)
		if err != nil {
			return err
		}
		before, ok := st.Source(source)
		if !ok {
			return problem.New(problem.NotFound, "problem.source_gone")
		}
		if err := s.mayChangeSource(ctx, tx, a, st, before, Source{}); err != nil {
			return err
		}
		if how == UnlessUsed && s.watcher != nil {
			used, err := s.watcher.SourceUsed(ctx, tx, st.ID, source)
			if err != nil {
				return fmt.Errorf("use of source %s: %w", source, err)
			}
			if used {
				return problem.New(problem.Conflict, "problem.source_in_use", "name", before.Name)
			}
		}
		if err := dropSource(ctx, tx, st.ID, source); err != nil {
			return fmt.Errorf("delete source %s: %w", source, err)
		}
		return s.tell(ctx, tx, a, "story.source_delete", st, map[string]any{"before": before})
	})
}

// MoveSource moves a source by delta places, up if it is negative, as far as the list goes.
func (s *Service) MoveSource(ctx context.Context, a actor.Actor, in ID, source string, delta int) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		st, err := s.forSources(ctx, tx, a, in)
		if err != nil {
			return err
		}
		from := slices.IndexFunc(st.Sources, func(src Source) bool { return src.ID == source })
		if from < 0 {
			return problem.New(problem.NotFound, "problem.source_gone")
		}
		to := min(max(from+delta, 0), len(st.Sources)-1)
		moved := st.Sources[from]
		if err := s.mayChangeSource(ctx, tx, a, st, moved, Source{}); err != nil {
			return err
		}
		order := slices.Insert(slices.Delete(slices.Clone(st.Sources), from, from+1), to, moved)
		for i, src := range order {
			if err := placeSource(ctx, tx, st.ID, src.ID, i+1); err != nil {
				return fmt.Errorf("order of the sources of story %d: %w", st.Number, err)
			}
		}
		return s.tell(ctx, tx, a, "story.source_move", st, map[string]any{"source": source, "to": to + 1})
	})
}

func (s *Service) forSources(ctx context.Context, tx *db.Tx, a actor.Actor, in ID) (Story, error) {
	// Nobody publishes between the question and the change.
	if err := s.Touch(ctx, tx, in); err != nil {
		return Story{}, fmt.Errorf("story %s: %w", in, err)
	}
	st, err := s.ByID(ctx, tx, in)
	if err != nil {
		return Story{}, fmt.Errorf("story %s: %w", in, err)
	}
	return st, s.MayEditSources(ctx, tx, a, st)
}

// mayChangeSource refuses what would change a page that is out past its checklist: a source's record and
// place stand on the pages of all languages, its texts on that of their own. after is zero for one that is
// moved or goes.
func (s *Service) mayChangeSource(ctx context.Context, tx *db.Tx, a actor.Actor, st Story, before, after Source) error {
	if s.watcher == nil || a.IsSystem() {
		return nil
	}
	shown, err := s.watcher.ShownIn(ctx, tx, st.ID)
	if err != nil || len(shown) == 0 {
		return err
	}
	var langs []lang.Tag
	if !sameRecord(before, after) {
		langs = append(langs, st.OriginalLang)
	}
	for _, l := range shown {
		if before.Texts[l] != after.Texts[l] {
			langs = append(langs, l)
		}
	}
	for _, l := range langs {
		if s.may(ctx, tx, a, st, l, actor.Publish) != nil {
			return problem.New(problem.Forbidden, "problem.may_not_change_source")
		}
	}
	return nil
}

// sameRecord reports whether two sources differ at most in what the languages say of them.
func sameRecord(a, b Source) bool {
	a.Texts, b.Texts = nil, nil
	return reflect.DeepEqual(a, b)
}

// MayEditSources refuses with problem.Forbidden if a may neither write the story nor translate it.
func (s *Service) MayEditSources(ctx context.Context, q db.Conn, a actor.Actor, st Story) error {
	return s.may(ctx, q, a, st, "", actor.Write, actor.Translate)
}

// cleanSource returns the source as it is stored, or what is wrong with it by field: kind, name,
// url, lang, date, accessed and name, title, claim, how with ".<language>" behind.
func cleanSource(src Source) (Source, error) {
	var f problem.Fields
	if !slices.Contains(SourceKinds, src.Kind) {
		f.Add("kind", entry.Choice, string(src.Kind))
	}
	src.Name = entry.Must(&f, "name", src.Name, entry.Name)
	src.URL = entry.Line(&f, "url", src.URL, maxURL)
	if src.URL != "" && !f.Has("url") {
		src.URL = cleanURL(&f, src.URL)
	}
	if src.Lang != "" {
		src.Lang = entry.Lang(&f, "lang", src.Lang)
	}
	src.Date, src.Accessed = strings.TrimSpace(src.Date), strings.TrimSpace(src.Accessed)
	if !goodDate(src.Date) {
		f.Add("date", "problem.date", src.Date)
	}
	if !goodDate(src.Accessed) {
		f.Add("accessed", "problem.date", src.Accessed)
	}
	src.Texts = cleanTexts(&f, src.Texts)
	return src, f.Err()
}

func cleanTexts(f *problem.Fields, in map[lang.Tag]SourceText) map[lang.Tag]SourceText {
	out := map[lang.Tag]SourceText{}
	for l, t := range in {
		behind := "." + string(l)
		t = SourceText{
			Name:  entry.Line(f, "name"+behind, t.Name, entry.Name),
			Title: entry.Line(f, "title"+behind, t.Title, entry.Note),
			Claim: entry.Line(f, "claim"+behind, t.Claim, entry.Note),
			How:   entry.Line(f, "how"+behind, t.How, entry.Note),
		}
		if t == (SourceText{}) {
			continue
		}
		out[entry.Lang(f, "lang"+behind, l)] = t
	}
	return out
}

// cleanURL returns the address as it is stored: with what browsers show unescaped escaped, and by the
// rule of links in texts, so that the reader's page never leaves out what was taken here.
func cleanURL(f *problem.Fields, typed string) string {
	repaired, safe := document.RepairHref(typed)
	u, err := url.Parse(repaired)
	switch {
	case err == nil && u.User != nil:
		f.Add("url", "problem.url_login", typed)
	case !safe || err != nil || u.Scheme != "http" && u.Scheme != "https":
		f.Add("url", "problem.url", typed)
	case utf8.RuneCountInString(repaired) > maxURL:
		f.Add("url", entry.TooLong, typed, maxURL)
	default:
		return repaired
	}
	return typed
}

// goodDate takes a day, a month or a year: not every document has a day.
func goodDate(s string) bool {
	if s == "" {
		return true
	}
	for _, form := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(form, s); err == nil {
			return true
		}
	}
	return false
}

func toJSON(in map[lang.Tag]SourceText) map[string]SourceText {
	out := make(map[string]SourceText, len(in))
	for l, t := range in {
		out[string(l)] = t
	}
	return out
}

func fromJSON(in map[string]SourceText) map[lang.Tag]SourceText {
	out := make(map[lang.Tag]SourceText, len(in))
	for l, t := range in {
		out[lang.Tag(l)] = t
	}
	return out
}
