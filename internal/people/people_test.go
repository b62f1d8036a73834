package people_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
)

const good = "drei Katzen im Hof"

var (
	boss = actor.Actor{ID: "boss", Role: string(actor.Admin)}
	anna = people.NewStaff{Name: "Anna Kovač", Email: "Anna@Example.org", Role: actor.Reporter, Langs: []lang.Tag{"uk", "de"}, UILang: "de", Password: good}
	home = people.Client{Agent: "Firefox", Address: "192.0.2.1"}
)

func fields(err error) map[string]string {
	out := map[string]string{}
	for _, f := range problem.FieldsOf(err) {
		out[f.Name] = f.Key
	}
	return out
}

func create(t *testing.T, s *people.Service, n people.NewStaff) people.Staff {
	t.Helper()
	out, err := s.CreateStaff(t.Context(), boss, n)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFirstAdmin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := people.New(d, nil)
		first := func(n people.NewStaff) (out people.Staff, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				out, err = s.FirstAdmin(ctx, tx, n)
				return err
			})
			return out, err
		}
		_, err := first(people.NewStaff{Email: "x", Password: "kurz"})
		want := map[string]string{"admin": "problem.required", "email": "problem.email", "password": "problem.password_short"}
		if diff := cmp.Diff(want, fields(err)); diff != "" {
			t.Error(diff)
		}
		if _, err := first(people.NewStaff{Name: "X", Email: "x@example.org"}); fields(err)["password"] == "" {
			t.Errorf("without a password: %v", err)
		}
		st, err := first(people.NewStaff{Name: "Anna", Email: "anna@example.org", Password: good})
		if err != nil || st.Role != actor.Admin || !st.Active || !st.HasPassword || st.UILang != "en" {
			t.Fatalf("%+v, %v", st, err)
		}
		if _, err := first(people.NewStaff{Name: "Eve", Email: "eve@example.org", Password: good}); !problem.Is(err, problem.Conflict) {
			t.Errorf("a second first: %v", err)
		}
	})
}

func TestStaff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := people.New(d, nil)
		st := create(t, s, anna)
		want := people.Staff{
			ID: st.ID, Name: "Anna Kovač", Email: "anna@example.org", Role: actor.Reporter, Langs: []lang.Tag{"de", "uk"}, Sections: []string{},
			UILang: "de", Active: true, HasPassword: true, Version: 1, Created: st.Created, Updated: st.Updated,
		}
		if diff := cmp.Diff(want, st); diff != "" {
			t.Error(diff)
		}
		if _, err := s.CreateStaff(ctx, boss, anna); !problem.Is(err, problem.Conflict) || fields(err)["email"] != "problem.taken" {
			t.Errorf("the same address: %v", err)
		}
		if _, err := s.CreateStaff(ctx, st.Actor(), people.NewStaff{}); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by a reporter: %v", err)
		}
		_, err := s.CreateStaff(ctx, boss, people.NewStaff{Name: "\u200b", Email: "x@y", Role: "king", UILang: "?", Langs: []lang.Tag{"?"}, Sections: []string{"'; DROP"}, Password: "1234567890"})
		wantFields := map[string]string{
			"name": "problem.required", "role": "problem.choice", "ui": "problem.language", "langs": "problem.language",
			"sections": "problem.choice", "password": "problem.password_common",
		}
		if diff := cmp.Diff(wantFields, fields(err)); diff != "" {
			t.Error(diff)
		}
		byMail, err := s.StaffByEmail(ctx, " ANNA@example.org ")
		if err != nil || byMail.ID != st.ID {
			t.Errorf("%+v, %v", byMail, err)
		}
		// Without the right one may change one's name and language, nothing else.
		mine := st
		mine.Name = "Anna K."
		saved, err := s.SaveStaff(ctx, st.Actor(), mine)
		if err != nil || saved.Name != "Anna K." || saved.Version != 2 {
			t.Fatalf("%+v, %v", saved, err)
		}
		for name, change := range map[string]func(*people.Staff){
			"role":     func(x *people.Staff) { x.Role = actor.Chief },
			"langs":    func(x *people.Staff) { x.Langs = nil },
			"sections": func(x *people.Staff) { x.Sections = []string{"01j00000000000000000000000"} },
			"email":    func(x *people.Staff) { x.Email = "other@example.org" },
			"active":   func(x *people.Staff) { x.Active = false },
		} {
			mine := saved
			change(&mine)
			if _, err := s.SaveStaff(ctx, st.Actor(), mine); !problem.Is(err, problem.Forbidden) {
				t.Errorf("own %s: %v", name, err)
			}
		}
		other := create(t, s, people.NewStaff{Name: "Bo", Email: "bo@example.org", Role: actor.Chief})
		if _, err := s.SaveStaff(ctx, st.Actor(), other); !problem.Is(err, problem.Forbidden) {
			t.Errorf("another's: %v", err)
		}
		if _, err := s.SaveStaff(ctx, boss, st); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale: %v", err)
		}
		if err := s.SetUILang(ctx, st.Actor(), "uk"); err != nil {
			t.Error(err)
		}
		if got, err := s.StaffByID(ctx, st.ID); err != nil || got.UILang != "uk" {
			t.Errorf("%+v, %v", got, err)
		}
		if list, err := s.Staff(ctx); err != nil || len(list) != 2 || list[0].Name != "Anna K." {
			t.Errorf("%+v, %v", list, err)
		}
		acts, err := audit.List(ctx, d.Read(), "staff:"+string(st.ID), 10, "")
		if err != nil || len(acts) != 3 || strings.Contains(string(acts[0].Detail), "example.org") {
			t.Errorf("%+v, %v", acts, err)
		}
	})
}

func TestLastAdminStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := people.New(d, nil)
		admins := make([]people.Staff, 6)
		for i := range admins {
			admins[i] = create(t, s, people.NewStaff{Name: "Admin", Email: string(rune('a'+i)) + "@example.org", Role: actor.Admin, Password: good})
		}
		create(t, s, people.NewStaff{Name: "Never here", Email: "z@example.org", Role: actor.Admin}) // can't sign in: doesn't count
		var wg sync.WaitGroup
		errs := make([]error, len(admins))
		for i, st := range admins {
			wg.Go(func() {
				if i%2 == 0 {
					st.Active = false
				} else {
					st.Role = actor.Chief
				}
				_, errs[i] = s.SaveStaff(ctx, boss, st)
			})
		}
		wg.Wait()
		refused := 0
		for _, err := range errs {
			if err != nil {
				refused++
				if f := fields(err); f["active"] != "problem.last_admin" && f["role"] != "problem.last_admin" {
					t.Error(err)
				}
			}
		}
		if refused != 1 {
			t.Errorf("%d of %d refused, want 1", refused, len(admins))
		}
	})
}

func TestSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := people.New(d, nil)
		st := create(t, s, anna)
		token, who, err := s.SignIn(ctx, " ANNA@example.org", good, home)
		if err != nil || who.ID != st.ID || len(token) < 43 {
			t.Fatalf("%q, %+v, %v", token, who, err)
		}
		a, session, err := s.ActorOf(ctx, token)
		if err != nil || a.ID != string(st.ID) || a.Role != "reporter" || session.Agent != "Firefox" {
			t.Errorf("%+v, %+v, %v", a, session, err)
		}
		if session.ID == token || strings.Contains(session.ID, token) {
			t.Error("the session's ID tells the token")
		}
		// The same words, whatever is wrong.
		var said []string
		off := create(t, s, people.NewStaff{Name: "Off", Email: "off@example.org", Role: actor.Editor, Password: good})
		off.Active = false
		if _, err := s.SaveStaff(ctx, boss, off); err != nil {
			t.Fatal(err)
		}
		create(t, s, people.NewStaff{Name: "New", Email: "new@example.org", Role: actor.Editor})
		for _, try := range [][2]string{
			{"anna@example.org", "wrong wrong wrong"}, {"nobody@example.org", good}, {"off@example.org", good}, {"new@example.org", ""},
			{"", ""}, {"anna@example.org", strings.Repeat("x", 1<<20)}, {"anna@example.org\x00", good}, {strings.Repeat("ä", 1000), good},
		} {
			_, _, err := s.SignIn(ctx, try[0], try[1], home)
			var p *problem.Error
			if !errors.As(err, &p) || p.Kind != problem.Forbidden {
				t.Fatalf("%.30q: %v", try[0], err)
			}
			said = append(said, p.Error())
		}
		slices.Sort(said)
		if len(slices.Compact(said)) != 1 {
			t.Errorf("different words: %v", said)
		}
		if err := s.SignOut(ctx, token); err != nil {
			t.Error(err)
		}
		for _, gone := range []string{token, "", "x", strings.Repeat("x", 1<<20)} {
			if _, _, err := s.ActorOf(ctx, gone); !problem.Is(err, problem.NotFound) {
				t.Errorf("%.20q: %v", gone, err)
			}
		}
	})
}

func TestSignInIsLimited(t *testing.T) {
	c := clock.NewStepping(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	d := dbtest.OpenClock(t, c)
	s := people.New(d, nil)
	create(t, s, anna)
	try := func(password string, from people.Client) error {
		_, _, err := s.SignIn(t.Context(), "anna@example.org", password, from)
		return err
	}
	// Many at once count as many.
	var wg sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		wg.Go(func() { errs[i] = try("wrong wrong wrong", home) })
	}
	wg.Wait()
	tooMany := 0
	for _, err := range errs {
		if problem.Is(err, problem.TooMany) {
			tooMany++
		} else if !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
	}
	if tooMany != 6 {
		t.Errorf("%d of 12 were too many", tooMany)
	}
	if err := try(good, home); !problem.Is(err, problem.TooMany) {
		t.Errorf("the right password behind a shut door: %v", err)
	}
	if err := try(good, people.Client{Address: "198.51.100.7"}); err != nil {
		t.Errorf("from elsewhere she gets in: %v", err)
	}
	c.Advance(time.Minute)
	for range 5 { // who knows the password is never shut out by her own signing in
		if err := try(good, home); err != nil {
			t.Errorf("a minute later: %v", err)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	c := clock.NewStepping(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		c.Set(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
		ctx := t.Context()
		s := people.New(d, nil)
		st := create(t, s, anna)
		in := func() string {
			t.Helper()
			token, _, err := s.SignIn(ctx, anna.Email, anna.Password, home)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		alive := func(token string) bool {
			_, _, err := s.ActorOf(ctx, token)
			if err != nil && !problem.Is(err, problem.NotFound) {
				t.Fatal(err)
			}
			return err == nil
		}
		used, idle := in(), in()
		for range 3 { // thirty days, used every ten
			c.Advance(10 * 24 * time.Hour)
			if !alive(used) {
				t.Fatal("a session that is used ended")
			}
		}
		if alive(idle) {
			t.Error("a session idle for thirty days lives")
		}
		list, err := s.Sessions(ctx, st.ID)
		if err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		second, third := in(), in()
		if err := s.ChangePassword(ctx, st.Actor(), "wrong wrong wrong", "vier Hunde am See", second); fields(err)["old"] == "" {
			t.Errorf("a wrong present one: %v", err)
		}
		if err := s.ChangePassword(ctx, st.Actor(), good, "annakovač1", second); fields(err)["password"] != "problem.password_personal" {
			t.Errorf("a weak new one: %v", err)
		}
		if !alive(third) {
			t.Error("a refused change ended a session")
		}
		if err := s.ChangePassword(ctx, st.Actor(), good, "vier Hunde am See", second); err != nil {
			t.Fatal(err)
		}
		if alive(used) || !alive(second) || alive(third) {
			t.Errorf("after the change: %v, %v, %v", alive(used), alive(second), alive(third))
		}
		if _, _, err := s.SignIn(ctx, anna.Email, good, home); !problem.Is(err, problem.Forbidden) {
			t.Errorf("the old password: %v", err)
		}
		fourth, _, err := s.SignIn(ctx, anna.Email, "vier Hunde am See", home)
		if err != nil {
			t.Fatal(err)
		}
		list, _ = s.Sessions(ctx, st.ID)
		stranger := create(t, s, people.NewStaff{Name: "Eve", Email: "eve@example.org", Role: actor.Editor})
		if err := s.EndSession(ctx, stranger.Actor(), list[0].ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("ended by a stranger: %v", err)
		}
		if err := s.EndOtherSessions(ctx, st.Actor(), fourth); err != nil || alive(second) || !alive(fourth) {
			t.Errorf("the others: %v", err)
		}
		list, _ = s.Sessions(ctx, st.ID)
		if err := s.EndSession(ctx, st.Actor(), list[0].ID); err != nil || alive(fourth) {
			t.Errorf("one's own: %v", err)
		}
		fifth, _, err := s.SignIn(ctx, anna.Email, "vier Hunde am See", home)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SetPassword(ctx, stranger.Actor(), st.ID, good); !problem.Is(err, problem.Forbidden) {
			t.Errorf("set by a stranger: %v", err)
		}
		now, _ := s.StaffByID(ctx, st.ID)
		now.Active = false
		if _, err := s.SaveStaff(ctx, boss, now); err != nil || alive(fifth) {
			t.Errorf("made inactive: %v", err)
		}
		if err := s.SetPassword(ctx, boss, st.ID, good); err != nil {
			t.Errorf("set by the boss: %v", err)
		}
	})
}

func TestSessionsAreBounded(t *testing.T) {
	d := dbtest.Open(t)
	s := people.New(d, nil)
	st := create(t, s, anna)
	var last string
	for range 35 {
		var err error
		if last, _, err = s.SignIn(t.Context(), anna.Email, anna.Password, people.Client{Agent: strings.Repeat("ü\x01", 5000), Address: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.Sessions(t.Context(), st.ID)
	if err != nil || len(list) != 30 || len([]rune(list[0].Agent)) != 300 {
		t.Errorf("%d, %v", len(list), err)
	}
	if _, _, err := s.ActorOf(t.Context(), last); err != nil {
		t.Errorf("the newest: %v", err)
	}
}

func authorNames(quads ...string) map[lang.Tag]people.AuthorName {
	out := map[lang.Tag]people.AuthorName{}
	for i := 0; i < len(quads); i += 4 {
		out[lang.Tag(quads[i])] = people.AuthorName{Name: quads[i+1], Slug: quads[i+2], About: quads[i+3]}
	}
	return out
}

func TestAuthors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := people.New(d, publication.New(d))
		st := create(t, s, anna)
		a, err := s.SaveAuthor(ctx, boss, people.Author{StaffID: st.ID, Active: true, Names: authorNames(
			"de", "Anna Kovač", "", "Schreibt aus Kyjiw.\r\nFrüher Lwiw.", "uk", "Анна Ковач", "", "")})
		if err != nil {
			t.Fatal(err)
		}
		if n := a.Names["de"]; n.Slug != "anna-kovac" || n.About != "Schreibt aus Kyjiw.\nFrüher Lwiw." {
			t.Errorf("%+v", n)
		}
		guest, err := s.SaveAuthor(ctx, boss, people.Author{Kind: people.Organisation, Active: true, Names: authorNames("de", "dpa", "", "")})
		if err != nil || guest.StaffID != "" {
			t.Fatalf("%+v, %v", guest, err)
		}
		a.Names = authorNames("de", "Anna Berg", "anna-berg", "")
		if a, err = s.SaveAuthor(ctx, boss, a); err != nil {
			t.Fatal(err)
		}
		for _, slug := range []string{"anna-kovac", "anna-berg"} {
			if x, err := s.AuthorBySlug(ctx, d.Read(), "de", slug); err != nil || x.ID != a.ID || x.Names["de"].Slug != "anna-berg" {
				t.Errorf("%s: %+v, %v", slug, x, err)
			}
		}
		if x, err := s.AuthorOf(ctx, d.Read(), st.ID); err != nil || x.ID != a.ID {
			t.Errorf("%+v, %v", x, err)
		}
		if _, err := s.SaveAuthor(ctx, boss, people.Author{StaffID: "none", Names: authorNames("de", "X", "", "")}); fields(err)["staff"] == "" {
			t.Errorf("of nobody: %v", err)
		}
		if _, err := s.SaveAuthor(ctx, boss, people.Author{Names: authorNames("de", "X", "anna-kovac", "")}); fields(err)["slug.de"] != "problem.taken_before" {
			t.Errorf("another's old address: %v", err)
		}
		if _, err := s.SaveAuthor(ctx, boss, people.Author{Names: authorNames("de", "X", "dpa", "")}); fields(err)["slug.de"] != "problem.taken" {
			t.Errorf("taken: %v", err)
		}
		if _, err := s.SaveAuthor(ctx, boss, people.Author{Kind: "thing", Names: authorNames("de", "X", "", "")}); fields(err)["kind"] == "" {
			t.Errorf("an unknown kind: %v", err)
		}
		for name, want := range map[string]people.Kind{"dpa": people.Organisation, a.Names["de"].Name: people.Person, st.Name: people.Person, "Wer?": people.Organisation} {
			if got, err := s.KindNamed(ctx, d.Read(), "de", name); err != nil || got != want {
				t.Errorf("%s is %q, %v", name, got, err)
			}
		}
		if x, err := s.AuthorByID(ctx, d.Read(), guest.ID); err != nil || x.Kind != people.Organisation || a.Kind != people.Person {
			t.Errorf("%+v, %v, %q", x, err, a.Kind)
		}
		if _, err := s.SaveAuthor(ctx, boss, people.Author{}); fields(err)["name"] == "" {
			t.Errorf("without a name: %v", err)
		}
		if _, err := s.SaveAuthor(ctx, st.Actor(), guest); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by a reporter: %v", err)
		}
		list, err := s.Authors(ctx, d.Read())
		if err != nil || len(list) != 2 {
			t.Errorf("%+v, %v", list, err)
		}
		byID, err := s.AuthorsByIDs(ctx, d.Read(), []people.AuthorID{a.ID, guest.ID, "none"})
		if err != nil || len(byID) != 2 || byID[guest.ID].Names["de"].Name != "dpa" {
			t.Errorf("%+v, %v", byID, err)
		}
	})
}

func BenchmarkActorOf(b *testing.B) {
	d := dbtest.Open(b)
	s := people.New(d, nil)
	if _, err := s.CreateStaff(b.Context(), boss, anna); err != nil {
		b.Fatal(err)
	}
	token, _, err := s.SignIn(b.Context(), anna.Email, anna.Password, home)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := s.ActorOf(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}

// TestStrangersShutNobodyOut has many machines, and a colleague behind the same address, try somebody's
// account until its doors are shut: with a browser she used before she gets in all the same.
func TestStrangersShutNobodyOut(t *testing.T) {
	c := clock.NewStepping(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	s := people.New(dbtest.OpenClock(t, c), nil)
	st := create(t, s, anna)
	bo := create(t, s, people.NewStaff{Name: "Bo", Email: "bo@example.org", Role: actor.Editor, Password: "drei Katzen am See"})
	known := func(id people.StaffID) string {
		t.Helper()
		k, err := s.Known(t.Context(), id)
		if err != nil || k == "" {
			t.Fatal(k, err)
		}
		return k
	}
	try := func(password string, from people.Client) error {
		_, _, err := s.SignIn(t.Context(), anna.Email, password, from)
		return err
	}
	hers, his := known(st.ID), known(bo.ID)
	for n := range 70 {
		err := try("wrong wrong wrong", people.Client{Address: fmt.Sprintf("198.51.100.%d", n), Known: his})
		if n >= 60 != problem.Is(err, problem.TooMany) {
			t.Fatalf("try %d: %v", n, err)
		}
	}
	for range 6 {
		_ = try("wrong wrong wrong", home)
	}
	if err := try(good, home); !problem.Is(err, problem.TooMany) {
		t.Errorf("with a new browser: %v", err)
	}
	if err := try(good, people.Client{Address: home.Address, Known: hers}); err != nil {
		t.Errorf("with her own: %v", err)
	}
	// Not even a stolen one is worth many tries, and it ends with the password.
	tooMany := 0
	for range 20 {
		if problem.Is(try("wrong wrong wrong", people.Client{Known: hers}), problem.TooMany) {
			tooMany++
		}
	}
	if tooMany != 10 {
		t.Errorf("%d of 20 were too many", tooMany)
	}
	c.Advance(10 * time.Minute)
	if err := s.SetPassword(t.Context(), boss, st.ID, "vier Hunde am See"); err != nil {
		t.Fatal(err)
	}
	if known(st.ID) == hers {
		t.Error("a browser stays known after another password")
	}
}

// TestReopenedAccountIsSignedOut has an account closed and opened again: its old sessions stay ended.
func TestReopenedAccountIsSignedOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := people.New(d, nil)
		st := create(t, s, anna)
		token, _, err := s.SignIn(t.Context(), anna.Email, anna.Password, home)
		if err != nil {
			t.Fatal(err)
		}
		for _, active := range []bool{false, true} {
			st.Active = active
			if st, err = s.SaveStaff(t.Context(), boss, st); err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.ActorOf(t.Context(), token); !problem.Is(err, problem.NotFound) {
				t.Errorf("active %v: %v", active, err)
			}
		}
	})
}

// TestAuthorsUseIndexes holds that nothing that is asked of one author goes through all of them.
func TestAuthorsUseIndexes(t *testing.T) {
	for index, plan := range map[string]string{
		"author_staff (staff_id=?)":            dbtest.Plan(t, people.AuthorOfQuery, "x"),
		"author_name_name (lang=? AND name=?)": dbtest.Plan(t, people.KindsNamedQuery, "de", "x"),
	} {
		if !strings.Contains(plan, index) || strings.Contains(plan, "SCAN a") || strings.Contains(plan, "SCAN n") {
			t.Errorf("no %s: %s", index, plan)
		}
	}
}
