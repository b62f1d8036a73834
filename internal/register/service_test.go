package register_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/register"
)

var (
	editor     = actor.Actor{ID: "e", Role: string(actor.Editor)}
	translator = actor.Actor{ID: "t", Role: string(actor.Translator)}
	other      = actor.Actor{ID: "t2", Role: string(actor.Translator)}
	stranger   = actor.Actor{ID: "x", Role: string(actor.Advertising)}
)

func kharkiv() register.Entry {
	return register.Entry{Kind: register.Place, Note: "область", Words: map[lang.Tag]register.Word{
		"uk": {Text: "Харківщина", Gender: register.Feminine, Others: []string{"Харківська область"}},
		"de": {Text: "Region Charkiw", Forms: []string{"der Region Charkiw"}, Forbidden: []register.Forbidden{{"Charkow", "Russisch"}, {"Kharkiv", ""}}, Remark: "nie Oblast"},
	}}
}

func fields(err error) map[string]string {
	out := map[string]string{}
	for _, f := range problem.FieldsOf(err) {
		out[f.Name] = f.Key
	}
	return out
}

var sameWords = cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(register.Entry{}, "ID", "Version", "CreatedBy", "Created", "ChangedBy", "Changed", "State", "Amends", "AmendsVersion")}

func save(t *testing.T, s *register.Service, a actor.Actor, e register.Entry) register.Entry {
	t.Helper()
	out, err := s.Save(t.Context(), a, e)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), register.New(d)
		e := save(t, s, editor, kharkiv())
		if diff := cmp.Diff(kharkiv(), e, sameWords); diff != "" || e.State != register.Approved || e.Version != 1 || e.CreatedBy != "e" {
			t.Errorf("%+v %s", e, diff)
		}
		next := e
		next.Words = map[lang.Tag]register.Word{"uk": {Text: " Харківщина "}, "en": {Text: "Kharkiv region", Others: []string{"", "Kharkiv region", "Kharkivshchyna"}}, "fr": {}}
		got := save(t, s, editor, next)
		if diff := cmp.Diff(map[lang.Tag]register.Word{"uk": {Text: "Харківщина"}, "en": {Text: "Kharkiv region", Others: []string{"Kharkivshchyna"}}}, got.Words, sameWords); diff != "" || got.Version != 2 {
			t.Errorf("%d %s", got.Version, diff)
		}
		if _, err := s.Save(ctx, editor, next); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale: %v", err)
		}
		if _, err := s.Save(ctx, stranger, kharkiv()); !problem.Is(err, problem.Forbidden) {
			t.Errorf("advertising: %v", err)
		}
		_, err := s.Save(ctx, editor, register.Entry{Kind: "thing", Words: map[lang.Tag]register.Word{
			"?": {Text: "x"}, "de": {Others: []string{"y"}}, "en": {Text: "a", Gender: "q", Forbidden: []register.Forbidden{{Text: "a"}}}, "pl": {Text: "z", Forms: make60()},
		}})
		want := map[string]string{"kind": "problem.choice", "spelling.?": "problem.language", "spelling.de": "problem.required", "gender.en": "problem.choice", "forbidden.en": "problem.right_and_forbidden", "forms.pl": "problem.too_many"}
		if diff := cmp.Diff(want, fields(err)); diff != "" {
			t.Error(diff)
		}
		if _, err := s.Save(ctx, editor, register.Entry{}); fields(err)["words"] != "problem.required" {
			t.Errorf("empty: %v", err)
		}
		log, err := audit.List(ctx, d.Read(), "register:"+string(e.ID), 10, "")
		if err != nil || len(log) != 2 || log[0].Act != "register.save" || log[0].Actor != "e" {
			t.Errorf("%+v %v", log, err)
		}
		if err := s.Delete(ctx, translator, e.ID, 2); !problem.Is(err, problem.Forbidden) {
			t.Errorf("deleted by a translator: %v", err)
		}
		if err := s.Delete(ctx, editor, e.ID, 1); !problem.Is(err, problem.Conflict) {
			t.Errorf("deleted unseen: %v", err)
		}
		if err := s.Delete(ctx, editor, e.ID, 2); err != nil {
			t.Error(err)
		}
		if _, err := s.ByID(ctx, d.Read(), e.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("after: %v", err)
		}
	})
}

func make60() (out []string) {
	for i := range 61 {
		out = append(out, string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	return out
}

func TestProposals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), register.New(d)
		mine := kharkiv()
		mine.State = register.Approved // which a translator can't say
		p := save(t, s, translator, mine)
		if p.State != register.Proposed || p.CreatedBy != "t" {
			t.Fatalf("%+v", p)
		}
		if _, err := s.Save(ctx, other, p); !problem.Is(err, problem.Forbidden) {
			t.Errorf("somebody else's proposal: %v", err)
		}
		p.Note = "oblast"
		p = save(t, s, translator, p)
		if _, err := s.Approve(ctx, translator, p.ID, p.Version); !problem.Is(err, problem.Forbidden) {
			t.Errorf("approved by who proposed: %v", err)
		}
		if _, err := s.Approve(ctx, editor, p.ID, 1); !problem.Is(err, problem.Conflict) {
			t.Errorf("approved unseen: %v", err)
		}
		e, err := s.Approve(ctx, editor, p.ID, p.Version)
		if err != nil || e.State != register.Approved || e.ID != p.ID || e.Note != "oblast" {
			t.Fatalf("%+v %v", e, err)
		}
		if again, err := s.Approve(ctx, editor, p.ID, e.Version); err != nil || again.Version != e.Version {
			t.Errorf("twice: %+v %v", again, err)
		}

		change := e
		change.Note = "Oblast in der Ukraine"
		change = save(t, s, translator, change)
		if change.ID == e.ID || change.Amends != e.ID || change.State != register.Proposed {
			t.Fatalf("%+v", change)
		}
		late := e
		late.Note = "Bezirk"
		late = save(t, s, other, late)
		if n, err := s.Waiting(ctx, d.Read()); err != nil || n != 2 {
			t.Errorf("%d wait, %v", n, err)
		}
		if list, err := s.List(ctx, d.Read(), register.Filter{Amends: e.ID}); err != nil || len(list) != 2 {
			t.Errorf("%d amend, %v", len(list), err)
		}
		got, err := s.Approve(ctx, editor, change.ID, change.Version)
		if err != nil || got.ID != e.ID || got.Note != "Oblast in der Ukraine" || got.CreatedBy != "t" {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := s.ByID(ctx, d.Read(), change.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("the proposal is left: %v", err)
		}
		if _, err := s.Approve(ctx, editor, late.ID, late.Version); !problem.Is(err, problem.Conflict) {
			t.Errorf("what it amends moved on: %v", err)
		}
		late.State = register.Approved
		if late = save(t, s, editor, late); late.State != register.Proposed {
			t.Errorf("a second entry of the same holds")
		}
		if err := s.Delete(ctx, translator, late.ID, late.Version); !problem.Is(err, problem.Forbidden) {
			t.Errorf("somebody else's taken back: %v", err)
		}
		if err := s.Delete(ctx, editor, e.ID, got.Version); err != nil {
			t.Error(err)
		}
		if n, err := s.Waiting(ctx, d.Read()); err != nil || n != 0 {
			t.Errorf("%d wait for what is gone, %v", n, err)
		}
	})
}

func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), register.New(d)
		word := func(k register.Kind, l lang.Tag, text string) register.Entry {
			return save(t, s, editor, register.Entry{Kind: k, Words: map[lang.Tag]register.Word{l: {Text: text}}})
		}
		word(register.Place, "uk", "Ялта")
		word(register.Person, "de", "Öztürk")
		word(register.Place, "uk", "Бахмут")
		word(register.Term, "en", "zloty")
		save(t, s, translator, kharkiv())
		for _, tc := range []struct {
			f    register.Filter
			want string
		}{
			{register.Filter{}, "Бахмут Öztürk Харківщина Ялта zloty"},
			{register.Filter{Limit: 2}, "Бахмут Öztürk"},
			{register.Filter{Kind: register.Place}, "Бахмут Харківщина Ялта"},
			{register.Filter{Lang: "de"}, "Öztürk Харківщина"},
			{register.Filter{Lacks: "uk"}, "Öztürk zloty"},
			{register.Filter{State: register.Proposed}, "Харківщина"},
			{register.Filter{Text: "OZTURK"}, "Öztürk"},
			{register.Filter{Text: "charkow"}, "Харківщина"},
			{register.Filter{Text: "харківська обл"}, "Харківщина"},
			{register.Filter{Text: "%"}, "Бахмут Öztürk Харківщина Ялта zloty"},
			{register.Filter{Text: "nichts"}, ""},
		} {
			list, err := s.List(ctx, d.Read(), tc.f)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, e := range list {
				got += " " + e.Title("uk", "en")
			}
			if diff := cmp.Diff(tc.want, trim(got)); diff != "" {
				t.Errorf("%+v: %s", tc.f, diff)
			}
			if tc.f.Limit == 2 {
				rest, err := s.List(ctx, d.Read(), register.Filter{After: list[1].ID})
				if err != nil || len(rest) != 3 || rest[0].Title("uk", "") != "Харківщина" {
					t.Errorf("the next page: %+v %v", rest, err)
				}
			}
		}
	})
}

func trim(s string) string {
	if s == "" {
		return ""
	}
	return s[1:]
}
