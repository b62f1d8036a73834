package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"depesche/internal/problem"
)

func TestWriteInsideAWriteIsRefused(t *testing.T) {
	d, err := Open(t.Context(), Options{Dir: t.TempDir(), Loose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	d.patience = 20 * time.Millisecond
	err = d.Write(t.Context(), func(*Tx) error {
		return d.Write(t.Context(), func(*Tx) error { return nil })
	})
	if !problem.Is(err, problem.Unavailable) {
		t.Errorf("got %v", err)
	}
}

func TestClassify(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("x: %w", &pgconn.PgError{Code: code}) }
	for name, c := range map[string]struct {
		err  error
		kind problem.Kind
		key  string
	}{
		"disk full":         {pg("53100"), problem.Unavailable, keyFull},
		"stand-by":          {pg("25006"), problem.Unavailable, keyReadOnly},
		"shut down":         {pg("57P01"), problem.Unavailable, keyAway},
		"starting":          {pg("57P03"), problem.Unavailable, keyAway},
		"too many":          {pg("53300"), problem.Unavailable, keyAway},
		"connection lost":   {pg("08006"), problem.Unavailable, keyAway},
		"serialization":     {pg("40001"), problem.Unavailable, keyBusy},
		"statement timeout": {pg("57014"), problem.Unavailable, keyBusy},
		"disk fault":        {pg("58030"), problem.Unavailable, keyDisk},
		"exclusion":         {pg("23P01"), problem.Conflict, keyTaken},
		"our own":           {pg("42601"), problem.Internal, ""},
		"no space":          {fmt.Errorf("x: %w", syscall.ENOSPC), problem.Unavailable, keyFull},
		"cut off":           {io.ErrUnexpectedEOF, problem.Unavailable, keyAway},
		"ended":             {fmt.Errorf("x: %w", context.DeadlineExceeded), problem.Internal, ""},
		"with a kind":       {problem.New(problem.Gone, "k"), problem.Gone, "k"},
		"none":              {errors.New("x"), problem.Internal, ""},
	} {
		got := fault(c.err)
		var p *problem.Error
		if errors.As(got, &p); problem.KindOf(got) != c.kind || (p == nil) != (c.key == "") || p != nil && p.Key != c.key {
			t.Errorf("%s: %v", name, got)
		}
	}
	if fault(nil) != nil || One(nil) != nil {
		t.Error("nil became an error")
	}
}
