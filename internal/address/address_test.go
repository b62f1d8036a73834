package address_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/address"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// memory is a table of redirects.
type memory map[string]string

func (m memory) AddRedirect(_ context.Context, _ *db.Tx, path, target string) error {
	m[path] = target
	return nil
}

func (m memory) RemoveRedirect(_ context.Context, _ *db.Tx, path string) error {
	delete(m, path)
	return nil
}

func (m memory) Redirect(_ context.Context, _ db.Conn, path string) (string, error) {
	if target, ok := m[path]; ok {
		return target, nil
	}
	return "", problem.New(problem.NotFound, "problem.not_found")
}

func TestTargets(t *testing.T) {
	for _, k := range []address.Kind{address.Section, address.Topic, address.Author, address.Page} {
		if got := k.ID(k.Target("x1", "zh-Hant")); got != "x1" {
			t.Errorf("%s: %q", k, got)
		}
	}
	if got := address.Topic.ID(address.Author.Target("x1", "de")); got != "" {
		t.Errorf("an author taken for the topic %q", got)
	}
	if got := address.Section.Path("de", "politik") + address.Topic.Path("uk", "nato"); got != "/de/politik//uk/topic/nato/" {
		t.Error(got)
	}
}

func TestKeep(t *testing.T) {
	type slugs = map[lang.Tag]string
	others := func(id string) (slugs, error) {
		if id == "a" {
			return slugs{"uk": "Енергія"}, nil
		}
		return nil, problem.New(problem.NotFound, "problem.not_found")
	}
	m := memory{}
	keep := func(id string, old, now slugs) error {
		return address.Keep(t.Context(), nil, m, address.Topic, id, old, now, func(n string) (string, string) { return n, n }, others)
	}
	for _, step := range []struct {
		id       string
		old, now slugs
	}{
		{"a", nil, slugs{"de": "strom", "uk": "energiia"}},
		{"a", slugs{"de": "strom", "uk": "energiia"}, slugs{"de": "energie"}}, // renamed, and one language given up
		{"gone", slugs{"de": "kraft"}, slugs{"de": "wasser"}},
		{"b", nil, slugs{"de": "kraft"}}, // what was another's who is gone is free
	} {
		if err := keep(step.id, step.old, step.now); err != nil {
			t.Fatalf("%v: %v", step, err)
		}
	}
	want := memory{"/de/topic/strom/": "topic:a:de", "/uk/topic/energiia/": "topic:a:uk"}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	err := keep("b", nil, slugs{"de": "strom"})
	fields := problem.FieldsOf(err)
	if !problem.Is(err, problem.Conflict) || len(fields) != 1 || fields[0].Name != "slug.de" || !cmp.Equal(fields[0].Args, []any{"name", "Енергія"}) {
		t.Errorf("another's old address: %v, %+v", err, fields)
	}
	// Its own old address comes back, and leads nowhere else any more.
	if err := keep("a", slugs{"de": "energie"}, slugs{"de": "strom"}); err != nil {
		t.Fatal(err)
	}
	if _, ok := m["/de/topic/strom/"]; ok || m["/de/topic/energie/"] != "topic:a:de" {
		t.Errorf("%v", m)
	}
}
