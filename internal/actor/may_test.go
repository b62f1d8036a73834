package actor_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/lang"
)

var acts = []actor.Act{
	actor.Write, actor.Translate, actor.Review, actor.Publish, actor.Schedule, actor.Correct, actor.Withdraw, actor.Republish,
	actor.Override, actor.EditPictures, actor.DeletePictures, actor.EditTopics, actor.EditRegister, actor.ProposeTerms, actor.EditAuthors, actor.EditSections,
	actor.EditPages, actor.EditRedirects, actor.EditStaff, actor.EditSettings, actor.SeeAudit,
}

// The whole table, to be read by people: who may do what anywhere.
func TestMayTable(t *testing.T) {
	want := strings.TrimSpace(`
write           reporter editor chief admin
translate       reporter translator editor chief admin
review          editor chief admin
publish         editor chief admin
schedule        editor chief admin
correct         editor chief admin
withdraw        chief admin
republish       chief admin
override        editor chief admin
edit_pictures   reporter translator editor chief advertising admin
delete_pictures editor chief admin
edit_topics     editor chief admin
edit_register   editor chief admin
propose_terms   reporter translator editor chief admin
edit_authors    editor chief admin
edit_sections   chief admin
edit_pages      chief admin
edit_redirects  chief admin
edit_staff      admin
edit_settings   admin
see_audit       chief admin`)
	var got []string
	for _, act := range acts {
		line := string(act) + strings.Repeat(" ", 15-len(act))
		for _, r := range actor.Roles {
			if actor.May(actor.Actor{Role: string(r)}, act, actor.Scope{}) {
				line += " " + string(r)
			}
		}
		got = append(got, line)
		if !actor.May(actor.System("import"), act, actor.Scope{Lang: "de", Section: "x"}) {
			t.Errorf("the system may not %s", act)
		}
		if actor.May(actor.Actor{}, act, actor.Scope{}) || actor.May(actor.Actor{ID: "[import]", Role: "king"}, act, actor.Scope{}) {
			t.Errorf("somebody without a role may %s", act)
		}
	}
	if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestMayWithinLimits(t *testing.T) {
	anna := actor.Actor{ID: "anna", Role: string(actor.Editor), Langs: []lang.Tag{"de", "uk"}, Sections: []string{"politics"}}
	free := actor.Actor{ID: "bo", Role: string(actor.Editor)}
	for _, tc := range []struct {
		name  string
		who   actor.Actor
		act   actor.Act
		scope actor.Scope
		want  bool
	}{
		{"in her language and section", anna, actor.Publish, actor.Scope{Lang: "de", Section: "politics"}, true},
		{"another language", anna, actor.Publish, actor.Scope{Lang: "fr", Section: "politics"}, false},
		{"another section", anna, actor.Publish, actor.Scope{Lang: "de", Section: "culture"}, false},
		{"her own story in another section", anna, actor.Publish, actor.Scope{Lang: "de", Section: "culture", Own: true}, true},
		{"her own story in another language", anna, actor.Write, actor.Scope{Lang: "fr", Section: "politics", Own: true}, false},
		{"a story without a section yet", anna, actor.Write, actor.Scope{Lang: "uk"}, true},
		{"pictures know no language", anna, actor.EditPictures, actor.Scope{Lang: "fr", Section: "culture"}, true},
		{"without limits", free, actor.Publish, actor.Scope{Lang: "fr", Section: "culture"}, true},
		{"limits give no right", anna, actor.Withdraw, actor.Scope{Lang: "de", Section: "politics"}, false},
	} {
		if got := actor.May(tc.who, tc.act, tc.scope); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}
