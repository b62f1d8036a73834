package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/db"
)

func TestIn(t *testing.T) {
	list, args := db.In(3, []string{"a", "b"})
	if list != "($3, $4)" || !cmp.Equal(args, []any{"a", "b"}) {
		t.Errorf("got %s with %v", list, args)
	}
	if list, args := db.In[string](1, nil); list != "(NULL)" || len(args) != 0 {
		t.Errorf("for nothing: %s with %v", list, args)
	}
}
