package story_test

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/topic"
)

var (
	chief    = actor.Actor{ID: "chief", Name: "A. Chief", Role: string(actor.Chief)}
	reporter = actor.Actor{ID: "reporter", Name: "R. Porter", Role: string(actor.Reporter), Langs: []lang.Tag{"de"}, Sections: []string{"politics"}}
	adverts  = actor.Actor{ID: "ads", Role: string(actor.Advertising)}
)

// world has two sections, two authors (one of them the reporter) and two topics.
func world(t *testing.T, d *db.DB) *story.Service {
	t.Helper()
	exec(t, d,
		`INSERT INTO section (id, position, active) VALUES ('politics', 1, TRUE), ('sports', 2, TRUE)`,
		`INSERT INTO staff (id, name, email, role, ui_lang, password, active, created_at, updated_at)
			VALUES ('reporter', 'R. Porter', 'r@example.org', 'reporter', 'de', '', TRUE, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`,
		`INSERT INTO author (id, staff_id, active, created_at) VALUES ('a1', 'reporter', TRUE, '2026-01-01T00:00:00.000Z'), ('a2', NULL, TRUE, '2026-01-01T00:00:00.000Z')`,
		`INSERT INTO topic (id, kind, active, created_at) VALUES ('t1', 'subject', TRUE, '2026-01-01T00:00:00.000Z'), ('t2', 'person', TRUE, '2026-01-01T00:00:00.000Z')`,
	)
	return story.New(d)
}

func exec(t *testing.T, d *db.DB, statements ...string) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func count(t *testing.T, d *db.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := d.Read().QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCreateAndRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := world(t, d)
		embargo := d.Now().Add(time.Hour).Truncate(time.Second)
		st := must[story.Story](t)(s.Create(t.Context(), reporter, story.NewStory{
			Kind: story.Report, OriginalLang: "de", Section: "politics", Embargo: &embargo,
			Authors: []people.AuthorID{"a2", "a1", "a2"}, Topics: []topic.ID{"t2", "t1"},
		}))
		if st.Number != 1 || st.Version != 1 || st.CreatedBy != "reporter" {
			t.Errorf("got %+v", st)
		}
		for name, read := range map[string]func() (story.Story, error){
			"by ID":     func() (story.Story, error) { return s.ByID(t.Context(), d.Read(), st.ID) },
			"by number": func() (story.Story, error) { return s.ByNumber(t.Context(), d.Read(), 1) },
		} {
			if diff := cmp.Diff(st, must[story.Story](t)(read())); diff != "" {
				t.Errorf("%s (-made +read):\n%s", name, diff)
			}
		}
		if want := []people.AuthorID{"a2", "a1"}; !cmp.Equal(st.Authors, want) {
			t.Errorf("authors %v, want %v: the order is the by-line's, and nobody stands there twice", st.Authors, want)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM event WHERE kind = 'story.changed' AND subject = $1`, "story:"+string(st.ID)); n != 1 {
			t.Errorf("%d events", n)
		}
		if _, err := s.ByNumber(t.Context(), d.Read(), 2); !problem.Is(err, problem.NotFound) {
			t.Errorf("unknown number: %v", err)
		}
	})
}

func TestCreateRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := world(t, d)
		for name, tc := range map[string]struct {
			actor actor.Actor
			in    story.NewStory
			kind  problem.Kind
			field string
		}{
			"no kind":          {chief, story.NewStory{OriginalLang: "de"}, problem.Invalid, "kind"},
			"no language":      {chief, story.NewStory{Kind: story.News}, problem.Invalid, "original_lang"},
			"odd language":     {chief, story.NewStory{Kind: story.News, OriginalLang: "UK"}, problem.Invalid, "original_lang"},
			"unknown section":  {chief, story.NewStory{Kind: story.News, OriginalLang: "de", Section: "x"}, problem.Invalid, "section"},
			"unknown author":   {chief, story.NewStory{Kind: story.News, OriginalLang: "de", Authors: []people.AuthorID{"a1", "x"}}, problem.Invalid, "authors"},
			"unknown topic":    {chief, story.NewStory{Kind: story.News, OriginalLang: "de", Topics: []topic.ID{"'"}}, problem.Invalid, "topics"},
			"another language": {reporter, story.NewStory{Kind: story.News, OriginalLang: "uk"}, problem.Forbidden, ""},
			"another role":     {adverts, story.NewStory{Kind: story.News, OriginalLang: "de"}, problem.Forbidden, ""},
		} {
			_, err := s.Create(t.Context(), tc.actor, tc.in)
			if !problem.Is(err, tc.kind) {
				t.Errorf("%s: %v, want %v", name, err, tc.kind)
			}
			if f := problem.FieldsOf(err); tc.field != "" && (len(f) != 1 || f[0].Name != tc.field) {
				t.Errorf("%s: complains about %v", name, f)
			}
		}
		if n := count(t, d, `SELECT (SELECT COUNT(*) FROM story) + (SELECT COUNT(*) FROM event) + (SELECT COUNT(*) FROM audit)`); n != 0 {
			t.Errorf("%d rows were left", n)
		}
	})
}

// TestNumbers has many begin a story at once: each gets its number, none is left out.
func TestNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := world(t, d)
		var wg sync.WaitGroup
		var mu sync.Mutex
		var got []int
		for range 24 {
			wg.Go(func() {
				st, err := s.Create(context.Background(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				got = append(got, int(st.Number))
				mu.Unlock()
			})
		}
		wg.Wait()
		sort.Ints(got)
		for i, n := range got {
			if n != i+1 {
				t.Fatalf("numbers %v", got)
			}
		}
	})
}

func TestSaveDetails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := world(t, d)
		st := must[story.Story](t)(s.Create(t.Context(), reporter, story.NewStory{Kind: story.News, OriginalLang: "de", Section: "politics"}))
		stale := st
		st.Kind, st.Authors, st.Section = story.Analysis, []people.AuthorID{"a1"}, "sports"
		st = must[story.Story](t)(s.SaveDetails(t.Context(), reporter, st))
		if diff := cmp.Diff(st, must[story.Story](t)(s.ByID(t.Context(), d.Read(), st.ID))); diff != "" {
			t.Errorf("-saved +read:\n%s", diff)
		}
		stale.Kind = story.Opinion
		if _, err := s.SaveDetails(t.Context(), chief, stale); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale tab: %v", err)
		}
		// It lies in a section that isn't the reporter's now, but it is the reporter's own.
		st.Embargo = ptr(d.Now().Add(time.Hour))
		st = must[story.Story](t)(s.SaveDetails(t.Context(), reporter, st))
		other := must[story.Story](t)(s.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de", Section: "sports"}))
		if _, err := s.SaveDetails(t.Context(), reporter, other); !problem.Is(err, problem.Forbidden) {
			t.Errorf("another's story in another section: %v", err)
		}
		signed := must[story.Story](t)(s.Create(t.Context(), chief, story.NewStory{
			Kind: story.News, OriginalLang: "de", Section: "sports", Authors: []people.AuthorID{"a1"},
		}))
		if _, err := s.SaveDetails(t.Context(), reporter, signed); err != nil {
			t.Errorf("a story that one signs: %v", err)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM audit WHERE act = 'story.details' AND subject = $1`, "story:"+string(st.ID)); n != 2 {
			t.Errorf("%d audit entries", n)
		}
		exec(t, d, `INSERT INTO edition (id, story_id, lang, state, revision, body, saved_at) VALUES ('e', '`+string(st.ID)+`', 'de', 'draft', 1, '{}', '2026-01-01T00:00:00.000Z')`)
		st.OriginalLang = "uk"
		if _, err := s.SaveDetails(t.Context(), chief, st); !problem.Is(err, problem.Invalid) {
			t.Errorf("another original language with editions: %v", err)
		}
	})
}

func ptr[T any](v T) *T { return &v }

func TestSources(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := world(t, d)
		st := must[story.Story](t)(s.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"}))
		full := story.Source{
			Kind: story.Paper, Name: " Le Monde ", URL: "https://www.lemonde.fr/a?b=ї", Lang: "fr", Date: "2024-10-23", Accessed: "2024-10-24",
			Texts: map[lang.Tag]story.SourceText{"de": {Claim: "Dass „es“ so ist"}, "uk": {Name: "Монд", How: "телефоном"}, "en": {}},
		}
		saved := must[story.Source](t)(s.SaveSource(t.Context(), chief, st.ID, full))
		full.ID, full.Name = saved.ID, "Le Monde"
		delete(full.Texts, "en")
		second := must[story.Source](t)(s.SaveSource(t.Context(), chief, st.ID, story.Source{Kind: story.Person, Name: "Ein Beamter", Date: "2024"}))
		read := must[story.Story](t)(s.ByID(t.Context(), d.Read(), st.ID))
		second.Texts = map[lang.Tag]story.SourceText{}
		if diff := cmp.Diff([]story.Source{full, second}, read.Sources); diff != "" {
			t.Errorf("-saved +read:\n%s", diff)
		}
		if uk, fr := read.Sources[0].NameIn("uk"), read.Sources[0].NameIn("fr"); uk != "Монд" || fr != "Le Monde" {
			t.Errorf("it is called %q and %q", uk, fr)
		}
		if read.Version != st.Version {
			t.Error("a source made the details of the story stale")
		}
		full.Name = "Le Monde diplomatique"
		must[story.Source](t)(s.SaveSource(t.Context(), chief, st.ID, full))
		if err := s.MoveSource(t.Context(), chief, st.ID, second.ID, -5); err != nil {
			t.Fatal(err)
		}
		read = must[story.Story](t)(s.ByID(t.Context(), d.Read(), st.ID))
		if read.Sources[0].ID != second.ID || read.Sources[1].Name != "Le Monde diplomatique" {
			t.Errorf("order %v", read.Sources)
		}
		entries := must[[]audit.Recorded](t)(audit.List(t.Context(), d.Read(), "story:"+string(st.ID), 10, ""))
		if len(entries) != 5 || !strings.Contains(string(entries[1].Detail), `"Le Monde"`) {
			t.Errorf("what stood there before isn't in the audit: %v", entries)
		}
		if err := s.DeleteSource(t.Context(), chief, st.ID, second.ID, story.UnlessUsed); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteSource(t.Context(), chief, st.ID, second.ID, story.UnlessUsed); !problem.Is(err, problem.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
	})
}

func TestSourceRefuses(t *testing.T) {
	d := dbtest.Open(t)
	s := world(t, d)
	st := must[story.Story](t)(s.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"}))
	good := story.Source{Kind: story.Paper, Name: "Le Monde"}
	for name, tc := range map[string]struct {
		change func(*story.Source)
		field  string
	}{
		"no kind":       {func(s *story.Source) { s.Kind = "" }, "kind"},
		"no name":       {func(s *story.Source) { s.Name = " \u200b" }, "name"},
		"NUL":           {func(s *story.Source) { s.Name = "a\x00b" }, "name"},
		"long":          {func(s *story.Source) { s.Name = strings.Repeat("ї", 201) }, "name"},
		"script":        {func(s *story.Source) { s.URL = "javascript:alert(1)" }, "url"},
		"no host":       {func(s *story.Source) { s.URL = "https://" }, "url"},
		"login":         {func(s *story.Source) { s.URL = "https://user:pw@e.example/" }, "url"},
		"mail":          {func(s *story.Source) { s.URL = "mailto:a@e.example" }, "url"},
		"host of marks": {func(s *story.Source) { s.URL = "https://:80/" }, "url"},
		"backslash":     {func(s *story.Source) { s.URL = `https://e.example\\a` }, "url"},
		"turned around": {func(s *story.Source) { s.URL = "https://e.example/a\u202eb" }, "url"},
		"relative":      {func(s *story.Source) { s.URL = "/a" }, "url"},
		"language":      {func(s *story.Source) { s.Lang = "x-1" }, "lang"},
		"day":           {func(s *story.Source) { s.Date = "2024-02-30" }, "date"},
		"accessed":      {func(s *story.Source) { s.Accessed = "gestern" }, "accessed"},
		"text language": {func(s *story.Source) { s.Texts = map[lang.Tag]story.SourceText{"!": {How: "x"}} }, "lang.!"},
		"long claim": {func(s *story.Source) {
			s.Texts = map[lang.Tag]story.SourceText{"de": {Claim: strings.Repeat("x", 3000)}}
		}, "claim.de"},
	} {
		src := good
		tc.change(&src)
		_, err := s.SaveSource(t.Context(), chief, st.ID, src)
		if f := problem.FieldsOf(err); !problem.Is(err, problem.Invalid) || len(f) != 1 || f[0].Name != tc.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.SaveSource(t.Context(), adverts, st.ID, good); !problem.Is(err, problem.Forbidden) {
		t.Errorf("who may neither write nor translate: %v", err)
	}
	if _, err := s.SaveSource(t.Context(), chief, st.ID, story.Source{ID: "other", Kind: story.Paper, Name: "x"}); !problem.Is(err, problem.NotFound) {
		t.Errorf("another story's source: %v", err)
	}
}

// What the form takes, the reader's page links to.
func TestSourceAddress(t *testing.T) {
	d := dbtest.Open(t)
	s := world(t, d)
	st := must[story.Story](t)(s.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"}))
	for typed, want := range map[string]string{
		`https://e.example/"x`:           "https://e.example/%22x",
		" https://e.example/a b?c={d}|e": "https://e.example/a%20b?c=%7Bd%7D%7Ce",
		"www.e.example/ä":                "https://www.e.example/ä",
		"HTTP://e.example/%20":           "HTTP://e.example/%20",
		"":                               "",
	} {
		src, err := s.SaveSource(t.Context(), chief, st.ID, story.Source{Kind: story.Paper, Name: "E", URL: typed})
		if err != nil || src.URL != want || want != "" && !document.SafeHref(src.URL) {
			t.Errorf("%q is stored as %q, %v", typed, src.URL, err)
		}
	}
}

func TestKnown(t *testing.T) {
	d := dbtest.Open(t)
	s := world(t, d)
	st := must[story.Story](t)(s.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"}))
	got := must[[]story.ID](t)(story.Known(t.Context(), d.Read(), []story.ID{"x", st.ID, "y"}))
	if fmt.Sprint(got) != fmt.Sprint([]story.ID{st.ID}) {
		t.Errorf("got %v", got)
	}
}
