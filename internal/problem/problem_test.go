package problem_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/problem"
)

type held struct{}

func (held) Error() string             { return "held" }
func (held) ProblemKind() problem.Kind { return problem.Invalid }

func TestKindOf(t *testing.T) {
	missing := problem.New(problem.NotFound, "problem.not_found", 12)
	for name, c := range map[string]struct {
		err  error
		want problem.Kind
	}{
		"nil":               {nil, problem.Internal},
		"foreign":           {io.EOF, problem.Internal},
		"plain":             {missing, problem.NotFound},
		"wrapped":           {fmt.Errorf("show story: %w", missing), problem.NotFound},
		"outermost wins":    {problem.Wrap(problem.Gone, "problem.gone", missing), problem.Gone},
		"a room's own type": {fmt.Errorf("publish: %w", held{}), problem.Invalid},
	} {
		if got := problem.KindOf(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if problem.Is(nil, problem.Internal) {
		t.Error("nil is an error")
	}
	if !errors.Is(problem.Wrap(problem.Unavailable, "k", io.EOF), io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestFields(t *testing.T) {
	var f problem.Fields
	if f.Err() != nil {
		t.Fatal("an error without a complaint")
	}
	f.Add("email", "problem.email", "geheim@")
	f.Add("name", "problem.too_long", "x", 80)
	err := fmt.Errorf("save: %w", f.Err())
	want := []problem.Field{
		{Name: "email", Key: "problem.email", Value: "geheim@"},
		{Name: "name", Key: "problem.too_long", Value: "x", Args: []any{80}},
	}
	if d := cmp.Diff(want, problem.FieldsOf(err)); d != "" {
		t.Error(d)
	}
	if !problem.Is(err, problem.Invalid) || !f.Has("name") || f.Has("age") {
		t.Error("kind or Has is wrong")
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Errorf("what was typed is in the log: %v", err)
	}
}

func TestWithLeavesTheOriginal(t *testing.T) {
	e := problem.New(problem.Invalid, "problem.invalid")
	a, b := e.With(problem.Field{Name: "a"}), e.With(problem.Field{Name: "b"})
	if len(e.Fields) != 0 || a.Fields[0].Name != "a" || b.Fields[0].Name != "b" {
		t.Errorf("%v %v %v", e.Fields, a.Fields, b.Fields)
	}
}

func TestFieldsMerge(t *testing.T) {
	var a, b problem.Fields
	a.Add("name", "problem.required", "")
	b.Add("email", "problem.email", "x")
	a.Merge(b.Err())
	a.Merge(nil)
	if list := problem.FieldsOf(a.Err()); len(list) != 2 || list[1].Name != "email" {
		t.Errorf("got %+v", list)
	}
	other := problem.New(problem.Forbidden, "problem.forbidden")
	a.Merge(other)
	if err := a.Err(); !errors.Is(err, other) {
		t.Errorf("what isn't about the form got lost: %v", err)
	}
}
