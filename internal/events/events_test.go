package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func appendAll(t *testing.T, d *db.DB, fail error, kinds ...string) {
	t.Helper()
	ctx := context.Background()
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, k := range kinds {
			if err := Append(ctx, tx, k, "story:1", map[string]string{"lang": "de"}); err != nil {
				return err
			}
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Fatal(err)
	}
}

func TestBusDeliversOnceWhatWasCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := NewBus(d, slog.New(slog.DiscardHandler))
		var all, editions []string
		b.Listen([]string{"edition."}, func(_ context.Context, e Event) error { editions = append(editions, e.Kind); return nil })
		b.Listen([]string{"edition.saved", "story.changed"}, func(_ context.Context, e Event) error {
			all = append(all, fmt.Sprint(e.Kind, e.Subject, string(e.Data)))
			return errors.New("a listener's fault stops nobody")
		})
		appendAll(t, d, nil, "edition.saved", "edition.published")
		appendAll(t, d, errors.New("no"), "edition.withdrawn")
		appendAll(t, d, nil, "story.changed")
		for range 3 {
			if err := b.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(editions, []string{"edition.saved", "edition.published"}) {
			t.Errorf("editions: %v", editions)
		}
		if !slices.Equal(all, []string{`edition.savedstory:1{"lang":"de"}`, `story.changedstory:1{"lang":"de"}`}) {
			t.Errorf("all: %v", all)
		}
	})
}

func TestBusReadsPastAPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := NewBus(d, slog.New(slog.DiscardHandler))
		n := 0
		b.Listen([]string{"story.changed"}, func(context.Context, Event) error { n++; return nil })
		kinds := make([]string, 2*page+7)
		for i := range kinds {
			kinds[i] = "story.changed"
		}
		appendAll(t, d, nil, kinds...)
		if err := b.Drain(context.Background()); err != nil || n != len(kinds) {
			t.Fatalf("%d of %d, %v", n, len(kinds), err)
		}
	})
}

func TestRunWakesOnCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(context.Background())
		b := NewBus(d, slog.New(slog.DiscardHandler))
		got := make(chan string, 1)
		b.Listen([]string{"edition.saved"}, func(_ context.Context, e Event) error { got <- e.Kind; return nil })
		done := make(chan error)
		go func() { done <- b.Run(ctx) }()
		appendAll(t, d, nil, "edition.saved")
		select {
		case <-got:
		case <-time.After(20 * time.Second):
			t.Error("nothing came")
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
