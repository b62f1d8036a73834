package publication_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
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
	"depesche/internal/problem"
	"depesche/internal/publication"
)

var (
	chief    = actor.Actor{ID: "c", Role: string(actor.Chief)}
	admin    = actor.Actor{ID: "a", Role: string(actor.Admin)}
	reporter = actor.Actor{ID: "r", Role: string(actor.Reporter)}
)

func setup() publication.Setup {
	return publication.Setup{
		Name: "Meridian", Languages: []lang.Tag{"de", "uk", "en"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "https://meridian.example/",
	}
}

// ready returns the service of a paper that is set up.
func ready(t *testing.T, d *db.DB) *publication.Service {
	t.Helper()
	s := publication.New(d)
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.SetUp(t.Context(), tx, setup()) }); err != nil {
		t.Fatal(err)
	}
	return s
}

// fields returns what is complained about.
func fields(err error) map[string]string {
	out := map[string]string{}
	for _, f := range problem.FieldsOf(err) {
		out[f.Name] = f.Key
	}
	return out
}

// events returns the kinds of what happened, in order.
func events(t *testing.T, d *db.DB) []string {
	t.Helper()
	rows, err := d.Read().QueryContext(t.Context(), `SELECT kind FROM event ORDER BY created_at, id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			t.Fatal(err)
		}
		out = append(out, k)
	}
	return out
}

func TestSetUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := publication.New(d)
		if ok, err := s.Ready(ctx); ok || err != nil {
			t.Fatalf("ready before: %v, %v", ok, err)
		}
		if _, err := s.Paper(ctx); !problem.Is(err, problem.NotFound) {
			t.Fatalf("paper before: %v", err)
		}
		s = ready(t, d)
		p, err := s.Paper(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != "Meridian" || p.BaseURL != "https://meridian.example" || p.Location.String() != "Europe/Berlin" {
			t.Errorf("%+v", p)
		}
		if diff := cmp.Diff([]lang.Tag{"de", "uk", "en"}, p.Active()); diff != "" {
			t.Error(diff)
		}
		err = d.Write(ctx, func(tx *db.Tx) error { return s.SetUp(ctx, tx, setup()) })
		if !problem.Is(err, problem.Conflict) {
			t.Errorf("set up twice: %v", err)
		}
		if diff := cmp.Diff([]string{"publication.changed"}, events(t, d)); diff != "" {
			t.Error(diff)
		}
		if list, err := audit.List(ctx, d.Read(), "publication:paper", 10, ""); err != nil || len(list) != 1 || list[0].Actor != "[setup]" {
			t.Errorf("audit: %v, %v", list, err)
		}
	})
}

func TestSetUpSaysAllAtOnce(t *testing.T) {
	d := dbtest.Open(t)
	s := publication.New(d)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return s.SetUp(t.Context(), tx, publication.Setup{Name: " ", Languages: []lang.Tag{"xx-nonsense-123456789"}, MainLang: "", TimeZone: "Mars/Olympus", BaseURL: "ftp://x/y"})
	})
	want := map[string]string{
		"name": "problem.required", "langs": "problem.language", "main": "problem.language", "zone": "problem.time_zone", "base": "problem.base_url",
	}
	if diff := cmp.Diff(want, fields(err)); diff != "" {
		t.Error(diff)
	}
	for _, base := range []string{"https://user:pw@host", "https://host/path", "https://host?x", "javascript:alert(1)", "//host", "https://", "https://a b"} {
		in := setup()
		in.BaseURL = base
		err := d.Write(t.Context(), func(tx *db.Tx) error { return s.SetUp(t.Context(), tx, in) })
		if fields(err)["base"] == "" {
			t.Errorf("%s passes: %v", base, err)
		}
	}
}

func TestSetupToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := publication.New(d)
		check := func(token string) error {
			return d.Write(ctx, func(tx *db.Tx) error { return s.CheckSetupToken(ctx, tx, token) })
		}
		if err := check(""); !problem.Is(err, problem.Forbidden) {
			t.Errorf("before there is one, nothing passes: %v", err)
		}
		first, fresh, err := s.SetupToken(ctx)
		if err != nil || !fresh || len(first) < 43 {
			t.Fatalf("%q, %v, %v", first, fresh, err)
		}
		second, _, err := s.SetupToken(ctx)
		if err != nil || second == first {
			t.Fatalf("again: %q, %v", second, err)
		}
		if err := check(first); err != nil {
			t.Errorf("the one of another process: %v", err)
		}
		for range 3 { // a form is shown before it is sent: it may be looked at more than once
			if err := check(second); err != nil {
				t.Errorf("the right one: %v", err)
			}
		}
		var stored string
		if err := d.Read().QueryRowContext(ctx, `SELECT value FROM setting WHERE key = 'publication.setup_token'`).Scan(&stored); err != nil || strings.Contains(stored, second) {
			t.Errorf("stored %q, %v", stored, err)
		}
		for range 7 {
			if _, _, err := s.SetupToken(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := check(first); !problem.Is(err, problem.Forbidden) {
			t.Errorf("one of long ago: %v", err)
		}
		if err := check(second); err != nil {
			t.Errorf("the eighth from behind: %v", err)
		}
		ready(t, d)
		if err := check(second); !problem.Is(err, problem.Forbidden) {
			t.Errorf("after the setup: %v", err)
		}
		if token, fresh, err := s.SetupToken(ctx); token != "" || fresh || err != nil {
			t.Errorf("a token for a paper that is there: %q, %v, %v", token, fresh, err)
		}
	})
}

func TestSetupTokenTries(t *testing.T) {
	c := clock.NewStepping(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	d := dbtest.OpenClock(t, c)
	s := publication.New(d)
	token, _, err := s.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	try := func(token string) error { return s.CheckSetupToken(t.Context(), d.Read(), token) }
	for range 20 {
		if err := try("wrong"); !problem.Is(err, problem.Forbidden) {
			t.Fatal(err)
		}
	}
	if err := try("wrong"); !problem.Is(err, problem.TooMany) {
		t.Errorf("after twenty: %v", err)
	}
	if err := try(token); err != nil {
		t.Errorf("strangers keep out the one who has it: %v", err)
	}
	c.Advance(time.Minute)
	if err := try("wrong"); !problem.Is(err, problem.Forbidden) {
		t.Errorf("a minute later: %v", err)
	}
}

func TestSavePaper(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := ready(t, d)
		p, err := s.Paper(ctx)
		if err != nil {
			t.Fatal(err)
		}
		p.Name = "Der Meridian"
		p.Languages = []publication.Language{
			{Tag: "en", Active: true, About: "News"}, {Tag: "de", Active: true, Name: "Meridian auf Deutsch"}, {Tag: "fr", Active: true, MachineOut: true},
		}
		p.Look = publication.Look{Accent: "#B3261E", SystemFonts: true}
		p.EmbedHosts = []string{"www.youtube.com", " Vimeo.com", "vimeo.com", ""}
		out, err := s.SavePaper(ctx, admin, p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]lang.Tag{"en", "de", "fr"}, out.Active()); diff != "" {
			t.Error(diff)
		}
		if l, ok := out.Language("uk"); !ok || l.Active {
			t.Errorf("a language left out is retired, not forgotten: %+v, %v", l, ok)
		}
		if out.NameIn("de") != "Meridian auf Deutsch" || out.NameIn("fr") != "Der Meridian" || out.AboutIn("en") != "News" {
			t.Errorf("%+v", out.Languages)
		}
		if diff := cmp.Diff([]string{"vimeo.com", "www.youtube.com"}, out.EmbedHosts); diff != "" {
			t.Error(diff)
		}
		if out.Look.Accent != "#b3261e" || out.Version != p.Version+1 {
			t.Errorf("%+v", out)
		}
		if _, err := s.SavePaper(ctx, admin, p); !problem.Is(err, problem.Conflict) {
			t.Errorf("a stale save: %v", err)
		}
		if _, err := s.SavePaper(ctx, chief, out); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by the chief: %v", err)
		}
	})
}

func TestSavePaperRefuses(t *testing.T) {
	d := dbtest.Open(t)
	s := ready(t, d)
	p, err := s.Paper(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*publication.Paper){
		"main":        func(p *publication.Paper) { p.Languages[0].Active = false },
		"langs":       func(p *publication.Paper) { p.Languages = append(p.Languages, publication.Language{Tag: "de"}) },
		"accent":      func(p *publication.Paper) { p.Look.Accent = "red; } body { display: none" },
		"wash_dark":   func(p *publication.Paper) { p.Look.WashDark = "#12" },
		"embed_hosts": func(p *publication.Paper) { p.EmbedHosts = []string{"https://x.example/"} },
		"about.uk":    func(p *publication.Paper) { p.Languages[1].About = "a\x00b" },
		"zone":        func(p *publication.Paper) { p.TimeZone = "Local" },
	} {
		next := p
		next.Languages = append([]publication.Language(nil), p.Languages...)
		change(&next)
		if _, err := s.SavePaper(t.Context(), admin, next); fields(err)[name] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := events(t, d); len(got) != 1 {
		t.Errorf("a refused save told somebody: %v", got)
	}
}

func names(pairs ...string) map[lang.Tag]publication.Name {
	out := map[lang.Tag]publication.Name{}
	for i := 0; i < len(pairs); i += 3 {
		out[lang.Tag(pairs[i])] = publication.Name{Name: pairs[i+1], Slug: pairs[i+2]}
	}
	return out
}

func TestSections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := ready(t, d)
		save := func(sec publication.Section) publication.Section {
			t.Helper()
			out, err := s.SaveSection(ctx, chief, sec)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		a := save(publication.Section{Active: true, Names: names("de", "Politik", "", "uk", "Політика", "")})
		b := save(publication.Section{Active: true, Names: names("de", "Kultur", "kultur")})
		c := save(publication.Section{Active: true, Names: names("zh", "政治", "")})
		if a.Names["de"].Slug != "politik" || a.Names["uk"].Slug != "polityka" {
			t.Errorf("slugs are made of the names: %+v", a.Names)
		}
		if c.Names["zh"].Slug != "section-"+string(c.ID[20:]) {
			t.Errorf("a name that gives none: %+v", c.Names)
		}
		order := func() (out []publication.SectionID) {
			list, err := s.Sections(ctx, d.Read())
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range list {
				if x.Position != i+1 {
					t.Errorf("position %d at %d", x.Position, i)
				}
				out = append(out, x.ID)
			}
			return out
		}
		for _, step := range []struct {
			id    publication.SectionID
			delta int
			want  []publication.SectionID
		}{
			{c.ID, -1, []publication.SectionID{a.ID, c.ID, b.ID}},
			{c.ID, -9, []publication.SectionID{c.ID, a.ID, b.ID}},
			{c.ID, 2, []publication.SectionID{a.ID, b.ID, c.ID}},
			{a.ID, 1, []publication.SectionID{b.ID, a.ID, c.ID}},
		} {
			if err := s.MoveSection(ctx, chief, step.id, step.delta); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(step.want, order()); diff != "" {
				t.Error(diff)
			}
		}
		// The other's address is taken; the field says so, and nothing is half saved.
		a2 := a
		a2.Names = names("de", "Politik neu", "kultur")
		_, err := s.SaveSection(ctx, chief, a2)
		if !problem.Is(err, problem.Conflict) || fields(err)["slug.de"] != "problem.taken" {
			t.Errorf("taken: %v", err)
		}
		if got, err := s.SectionByID(ctx, d.Read(), a.ID); err != nil || got.Names["de"].Name != "Politik" || got.Version != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		for _, by := range []actor.Actor{reporter, {Role: string(actor.Editor)}, {Role: "system?"}, {}} {
			if _, err := s.SaveSection(ctx, by, a); !problem.Is(err, problem.Forbidden) {
				t.Errorf("by %+v: %v", by, err)
			}
		}
	})
}

func TestSectionKeepsOldAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := ready(t, d)
		sec, err := s.SaveSection(ctx, chief, publication.Section{Active: true, Names: names("de", "Politik", "politik")})
		if err != nil {
			t.Fatal(err)
		}
		rename := func(slug string) {
			t.Helper()
			sec.Names = names("de", "Politik", slug)
			if sec, err = s.SaveSection(ctx, chief, sec); err != nil {
				t.Fatal(err)
			}
		}
		rename("innenpolitik")
		rename("inland")
		for _, slug := range []string{"politik", "innenpolitik", "inland"} {
			got, err := s.SectionBySlug(ctx, d.Read(), "de", slug)
			if err != nil || got.ID != sec.ID || got.Names["de"].Slug != "inland" {
				t.Errorf("%s: %+v, %v", slug, got, err)
			}
		}
		if _, err := s.SectionBySlug(ctx, d.Read(), "uk", "politik"); !problem.Is(err, problem.NotFound) {
			t.Errorf("another language: %v", err)
		}
		rename("politik") // back again: the address is its own, nothing leads away from it
		if _, err := s.Redirect(ctx, d.Read(), "/de/politik/"); !problem.Is(err, problem.NotFound) {
			t.Errorf("a redirect of a living address: %v", err)
		}
		// Bookmarks of the section's old address must not lead into another section.
		other := publication.Section{Active: true, Names: names("de", "Inland", "inland")}
		_, err = s.SaveSection(ctx, chief, other)
		if f := problem.FieldsOf(err); !problem.Is(err, problem.Conflict) || len(f) != 1 || f[0].Name != "slug.de" ||
			f[0].Key != "problem.taken_before" || fmt.Sprint(f[0].Args) != "[name Politik]" {
			t.Errorf("another section takes it: %v, %+v", err, f)
		}
		if got, err := s.SectionBySlug(ctx, d.Read(), "de", "inland"); err != nil || got.ID != sec.ID {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.DeleteSection(ctx, chief, sec.ID); err != nil {
			t.Fatal(err)
		}
		if other, err = s.SaveSection(ctx, chief, other); err != nil {
			t.Fatalf("of a section that is gone: %v", err)
		}
		if got, err := s.SectionBySlug(ctx, d.Read(), "de", "inland"); err != nil || got.ID != other.ID {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestSectionSlugs(t *testing.T) {
	d := dbtest.Open(t)
	s := ready(t, d)
	for _, word := range publication.Reserved {
		_, err := s.SaveSection(t.Context(), chief, publication.Section{Names: names("de", "X", word)})
		if fields(err)["slug.de"] != "problem.slug_reserved" {
			t.Errorf("%s: %v", word, err)
		}
	}
	for _, word := range []string{"2024", "Politik", "a/b", "a b", "feed.rss", "../x", "-a"} {
		if _, err := s.SaveSection(t.Context(), chief, publication.Section{Names: names("de", "X", word)}); fields(err)["slug.de"] == "" {
			t.Errorf("%s: %v", word, err)
		}
	}
	// A name that is a reserved word is fine; its address is another.
	sec, err := s.SaveSection(t.Context(), chief, publication.Section{Names: names("en", "Live", "")})
	if err != nil || sec.Names["en"].Slug == "live" {
		t.Errorf("%+v, %v", sec, err)
	}
	if _, err := s.SaveSection(t.Context(), chief, publication.Section{}); fields(err)["name"] == "" {
		t.Errorf("without a name: %v", err)
	}
}

func TestDeleteSection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := ready(t, d)
		var ids []publication.SectionID
		for _, n := range []string{"Frei", "Benutzt"} {
			sec, err := s.SaveSection(ctx, chief, publication.Section{Active: true, Names: names("de", n, "")})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, sec.ID)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO story (id, number, kind, section_id, original_lang, created_by, created_at, updated_at)
				VALUES ('s', 1, 'news', $1, 'de', 'x', $2, $2)`, string(ids[1]), db.Time{Time: tx.Now()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if err := s.DeleteSection(ctx, chief, id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.SectionByID(ctx, d.Read(), ids[0]); !problem.Is(err, problem.NotFound) {
			t.Errorf("unused: %v", err)
		}
		if sec, err := s.SectionByID(ctx, d.Read(), ids[1]); err != nil || sec.Active || sec.Names["de"].Name != "Benutzt" {
			t.Errorf("used: %+v, %v", sec, err)
		}
		if err := s.DeleteSection(ctx, chief, "gone"); !problem.Is(err, problem.NotFound) {
			t.Errorf("none: %v", err)
		}
	})
}

func TestPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := ready(t, d)
		p, err := s.SavePage(ctx, chief, publication.Page{Key: "imprint", Lang: "de", Title: "Impressum", Position: 2, Body: json.RawMessage(`{"blocks": [ ]}`)})
		if err != nil {
			t.Fatal(err)
		}
		if p.Slug != "impressum" || string(p.Body) != `{"blocks":[]}` || p.Version != 1 {
			t.Errorf("%+v", p)
		}
		if _, err := s.SavePage(ctx, chief, publication.Page{Key: "about", Lang: "de", Title: "Über uns", Position: 1, Footer: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SavePage(ctx, chief, publication.Page{Key: "imprint", Lang: "uk", Title: "Про видання"}); err != nil {
			t.Fatal(err)
		}
		list, err := s.Pages(ctx, d.Read(), "de")
		if err != nil || len(list) != 2 || list[0].Key != "about" || !list[0].Footer || list[1].Footer {
			t.Errorf("%+v, %v", list, err)
		}
		if all, err := s.AllPages(ctx, d.Read()); err != nil || len(all) != 3 {
			t.Errorf("%d, %v", len(all), err)
		}
		_, err = s.SavePage(ctx, chief, publication.Page{Key: "imprint", Lang: "de", Title: "Noch eins", Slug: "x"})
		if fields(err)["key"] != "problem.taken" {
			t.Errorf("the same page twice: %v", err)
		}
		_, err = s.SavePage(ctx, chief, publication.Page{Key: "other", Lang: "de", Title: "X", Slug: "impressum"})
		if fields(err)["slug"] != "problem.taken" {
			t.Errorf("the same address twice: %v", err)
		}
		_, err = s.SavePage(ctx, chief, publication.Page{Key: "Not a key", Lang: "?", Title: "", Slug: "1", Body: json.RawMessage(`[1]`)})
		want := map[string]string{"key": "problem.slug", "lang": "problem.language", "title": "problem.required", "slug": "problem.slug_digits", "body": "problem.document"}
		if diff := cmp.Diff(want, fields(err)); diff != "" {
			t.Error(diff)
		}
		p.Slug, p.Title = "recht", "Rechtliches"
		if p, err = s.SavePage(ctx, chief, p); err != nil {
			t.Fatal(err)
		}
		if to, err := s.Redirect(ctx, d.Read(), "/de/page/impressum/"); err != nil || to != "page:"+string(p.ID)+":de" {
			t.Errorf("%q, %v", to, err)
		}
		if _, err := s.SavePage(ctx, chief, publication.Page{Key: "other", Lang: "de", Title: "Anderes", Slug: "impressum", Body: p.Body}); fields(err)["slug"] != "problem.taken_before" {
			t.Errorf("another page takes the old address: %v", err)
		}
		if got, err := s.PageBySlug(ctx, d.Read(), "de", "recht"); err != nil || got.ID != p.ID {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.DeletePage(ctx, chief, p.ID, p.Version-1); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale: %v", err)
		}
		if err := s.DeletePage(ctx, reporter, p.ID, p.Version); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by a reporter: %v", err)
		}
		if err := s.DeletePage(ctx, chief, p.ID, p.Version); err != nil {
			t.Error(err)
		}
		if _, err := s.PageByID(ctx, d.Read(), p.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("deleted: %v", err)
		}
	})
}

func TestRedirects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := ready(t, d)
		thing := "story:01j00000000000000000000000:de"
		for _, path := range []string{"/?p=12", "/2019/03/old-post/", "/de/тема/", "/a.html?x=1&y=2"} {
			if err := s.SaveRedirect(ctx, chief, path, thing); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if to, err := s.Redirect(ctx, d.Read(), path); err != nil || to != thing {
				t.Errorf("%s leads to %q, %v", path, to, err)
			}
		}
		for _, x := range [][2]string{
			{"//evil.example/", thing}, {"/a", "https://evil.example/"}, {"/a", "//evil.example"}, {"/a", `/\evil.example`},
			{"/a", "javascript:alert(1)"}, {"/a\r\nSet-Cookie: x", thing}, {"a", thing}, {"", thing}, {"/a", ""}, {"/a#b", thing}, {"/a", "story:1:de"},
		} {
			if err := s.SaveRedirect(ctx, chief, x[0], x[1]); !problem.Is(err, problem.Invalid) {
				t.Errorf("%q to %q: %v", x[0], x[1], err)
			}
		}
		for _, x := range [][2]string{{"/1", "/2"}, {"/2", "/3"}, {"/3", "/4"}} {
			if err := s.SaveRedirect(ctx, chief, x[0], x[1]); err != nil {
				t.Fatal(err)
			}
		}
		for _, x := range [][2]string{{"/4", "/1"}, {"/4", "/4"}} {
			if err := s.SaveRedirect(ctx, chief, x[0], x[1]); fields(err)["target"] != "problem.redirect_circle" {
				t.Errorf("%v: %v", x, err)
			}
		}
		list, err := s.Redirects(ctx, d.Read(), "/2", 2)
		if err != nil || len(list) != 2 || list[0].Path != "/2019/03/old-post/" || list[1].Path != "/3" {
			t.Errorf("%+v, %v", list, err)
		}
		if err := s.DeleteRedirect(ctx, chief, "/1"); err != nil {
			t.Error(err)
		}
		if err := s.DeleteRedirect(ctx, chief, "/1"); !problem.Is(err, problem.NotFound) {
			t.Errorf("twice: %v", err)
		}
		other := "story:01j00000000000000000000001"
		if err := d.Write(ctx, func(tx *db.Tx) error { return s.Retarget(ctx, tx, thing[:len(thing)-3], other) }); err != nil {
			t.Fatal(err)
		}
		if to, err := s.Redirect(ctx, d.Read(), "/?p=12"); err != nil || to != other+":de" {
			t.Errorf("%q, %v", to, err)
		}
	})
}

// Two who save from the same state: one wins, the other hears of it.
func TestSectionRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := ready(t, d)
		sec, err := s.SaveSection(ctx, chief, publication.Section{Active: true, Names: names("de", "Politik", "")})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Go(func() {
				mine := sec
				mine.Names = names("de", "Politik", "politik-"+string(rune('a'+i)))
				_, errs[i] = s.SaveSection(ctx, chief, mine)
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !problem.Is(err, problem.Conflict):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d won", won)
		}
	})
}

// Whatever is typed into a name comes back, or is complained about beside its field.
func TestNastyNames(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/nasty/blns.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("needs shared/data/nasty")
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := ready(t, d)
		for _, n := range list {
			out, err := s.SaveSection(t.Context(), chief, publication.Section{Names: names("de", n, "")})
			if err != nil {
				if problem.KindOf(err) == problem.Internal || len(problem.FieldsOf(err)) == 0 {
					t.Errorf("%+q: %v", n, err)
				}
				continue
			}
			again, err := s.SectionByID(t.Context(), d.Read(), out.ID)
			if err != nil || again.Names["de"] != out.Names["de"] {
				t.Errorf("%+q: %+v, %v", n, again, err)
			}
		}
	})
}

// What every page costs that reads the paper anew.
func BenchmarkRead(b *testing.B) {
	d := dbtest.Open(b)
	s := publication.New(d)
	if err := d.Write(b.Context(), func(tx *db.Tx) error { return s.SetUp(b.Context(), tx, setup()) }); err != nil {
		b.Fatal(err)
	}
	for _, n := range []string{"Politik", "Wirtschaft", "Kultur", "Sport", "Wissen", "Leben"} {
		if _, err := s.SaveSection(b.Context(), chief, publication.Section{Active: true, Names: names("de", n, "", "uk", n, "", "en", n, "")}); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("paper", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Paper(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sections", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Sections(b.Context(), d.Read()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
