package register_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/lang"
	"depesche/internal/register"
)

// TestKeptFollowsChanges holds that a register that was followed change by change says the same as one
// that is compiled anew: new entries, changed ones, approved proposals, deleted ones, names that
// others have too, and names that begin others.
func TestKeptFollowsChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		names := []string{"Київ", "Київ Печерський", "Київ Печерський двір", "Рада", "Рада Європи", "Європа", "рада"}
		text := "У Києві, Київ Печерський двір; Рада Європи, рада й Європа. КИЇВ ПЕЧЕРСЬКИЙ, Рад Європи"
		most := 0
		rapid.Check(t, func(rt *rapid.T) {
			ctx, s := t.Context(), register.New(d)
			register.SetLayers(s, 3, 4)
			all, err := s.List(ctx, d.Read(), register.Filter{})
			if err != nil {
				rt.Fatal(err)
			}
			for _, e := range all {
				if err := s.Delete(ctx, editor, e.ID, e.Version); err != nil {
					rt.Fatal(err)
				}
			}
			list := map[register.ID]register.Entry{}
			var ids []register.ID
			for range rapid.IntRange(1, 25).Draw(rt, "changes") {
				e := named(rapid.SampledFrom(register.Kinds).Draw(rt, "kind"), "uk", rapid.SampledFrom(names).Draw(rt, "name"), "de", "X", "de", "!Y")
				e.ID = ""
				if rapid.Bool().Draw(rt, "forbids") {
					w := e.Words["uk"]
					w.Forbidden = []register.Forbidden{{Text: rapid.SampledFrom(names).Draw(rt, "forbidden")}}
					e.Words["uk"] = w
				}
				who := editor
				if len(ids) > 0 {
					switch at := rapid.IntRange(0, len(ids)-1).Draw(rt, "at"); rapid.IntRange(0, 4).Draw(rt, "what") {
					case 0:
						old := list[ids[at]]
						if err := s.Delete(ctx, editor, old.ID, old.Version); err != nil {
							rt.Fatal(err)
						}
						delete(list, old.ID)
						ids = append(ids[:at], ids[at+1:]...)
						continue
					case 1:
						e.ID, e.Version = ids[at], list[ids[at]].Version
					case 2:
						who = translator
					}
				}
				saved, err := s.Save(ctx, who, e)
				if err != nil {
					continue // right and forbidden
				}
				if saved.State == register.Proposed && rapid.Bool().Draw(rt, "approved") {
					if saved, err = s.Approve(ctx, editor, saved.ID, saved.Version); err != nil {
						rt.Fatal(err)
					}
				}
				if _, ok := list[saved.ID]; !ok {
					ids = append(ids, saved.ID)
				}
				list[saved.ID] = saved
				got, err := s.Hits(ctx, d.Read(), "uk", "de", text)
				if err != nil {
					rt.Fatal(err)
				}
				want, err := register.New(d).Hits(ctx, d.Read(), "uk", "de", text)
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
					rt.Fatal(err, diff)
				}
				most = max(most, register.Layers(s))
			}
		})
		if most < 4 {
			t.Errorf("there were %d layers at most", most)
		}
	})
}

// BenchmarkChange is an entry changed in a register of 10,000, and the first question of a 60-segment
// edition after it.
func BenchmarkChange(b *testing.B) {
	for _, engine := range []string{db.SQLite, db.Postgres} {
		b.Run(engine, func(b *testing.B) {
			d := durable(b, engine)
			ctx, s := b.Context(), register.New(d)
			entries := bigRegister(b)
			seen := map[string]bool{}
			for i, e := range entries {
				text := e.Words["uk"].Text
				if seen[text] {
					text += fmt.Sprint(" ", i)
				}
				seen[text] = true
				e.Words["uk"], e.Words["de"] = register.Word{Text: text}, register.Word{Text: "X" + text}
			}
			file, err := register.WriteFile(register.CSV, entries)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := s.Import(ctx, editor, bytes.NewReader(file), []lang.Tag{"uk", "de"}); err != nil {
				b.Fatal(err)
			}
			var texts []string
			for _, seg := range news(b)[:60] {
				texts = append(texts, seg["uk"])
			}
			ask := func() {
				if _, err := s.For(ctx, d.Read(), "uk", "de", texts...); err != nil {
					b.Fatal(err)
				}
			}
			ask()
			list, err := s.List(ctx, d.Read(), register.Filter{State: register.Approved})
			if err != nil || len(list) != len(entries) {
				b.Fatal(len(list), err)
			}
			var took []time.Duration
			for n := 0; b.Loop(); n++ {
				e := &list[n*37%len(list)]
				e.Note = fmt.Sprint("changed ", n)
				began := time.Now()
				if *e, err = s.Save(ctx, editor, *e); err != nil {
					b.Fatal(err)
				}
				ask()
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/median")
		})
	}
}

// durable is a database that waits for the disk.
func durable(b *testing.B, engine string) *db.DB {
	b.Helper()
	o := db.Options{Dir: b.TempDir()}
	if engine == db.Postgres {
		if os.Getenv(dbtest.Env) == "" {
			b.Skip("needs " + dbtest.Env)
		}
		o = dbtest.Postgres(b)
		o.Loose = false
	}
	d, err := db.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}
