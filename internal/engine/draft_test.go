package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/engine"
	"depesche/internal/engine/enginetest"
)

var (
	admin = actor.Actor{ID: "a", Role: string(actor.Admin)}
	chief = actor.Actor{ID: "c", Role: string(actor.Chief)}
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ukDe  = engine.Pair{From: "uk", To: "de"}
)

// house is a paper with engines that a test holds in its hands.
type house struct {
	*engine.Service
	t       *testing.T
	db      *db.DB
	vault   *engine.Vault
	clock   *clock.Stepping
	engines map[string]*enginetest.Engine
	ids     map[string]engine.ID
}

func kinds(engines map[string]*enginetest.Engine) map[string]engine.Kind {
	return map[string]engine.Kind{"test": {
		Fields: []engine.Field{{Name: "url", Type: engine.URLField}, {Name: "beams", Type: engine.NumberField}, {Name: "polite", Type: engine.CheckField}},
		Key:    engine.KeyOptional,
		Make: func(name string, settings json.RawMessage, key string) (engine.Engine, error) {
			if e := engines[name]; e != nil {
				return e, nil
			}
			return nil, errors.New("no such engine, settings " + string(settings) + ", key " + key)
		},
	}}
}

func open(t *testing.T, d *db.DB, c *clock.Stepping, engines ...*enginetest.Engine) *house {
	t.Helper()
	h := &house{t: t, db: d, clock: c, engines: map[string]*enginetest.Engine{}, ids: map[string]engine.ID{}}
	var err error
	if h.vault, err = engine.NewVault(t.TempDir(), ""); err != nil {
		t.Fatal(err)
	}
	for _, e := range engines {
		h.engines[e.Info().Name] = e
	}
	h.Service = engine.NewService(d, h.vault, kinds(h.engines))
	for _, e := range engines {
		h.install(engine.Installed{Name: e.Info().Name})
	}
	return h
}

func (h *house) install(e engine.Installed) engine.Installed {
	h.t.Helper()
	e.Kind, e.Enabled = "test", true
	out, err := h.Save(h.t.Context(), admin, e, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.ids[e.Name] = out.ID
	return out
}

// change saves an engine with other settings.
func (h *house) change(name string, fn func(*engine.Installed)) {
	h.t.Helper()
	e, err := h.ByID(h.t.Context(), h.ids[name])
	if err != nil {
		h.t.Fatal(err)
	}
	fn(&e)
	if _, err := h.Save(h.t.Context(), admin, e, nil); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) state(name string) engine.State {
	h.t.Helper()
	list, err := h.All(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range list {
		if s.Name == name {
			return s
		}
	}
	h.t.Fatalf("no %s", name)
	return engine.State{}
}

// draft returns what came of each segment, in a line: "a: TEXT by one (two busy)", and how often
// something was handed over.
func (h *house) draft(d engine.Draft) ([]string, int) {
	h.t.Helper()
	got := map[document.Address]string{}
	n := 0
	err := h.Draft(h.t.Context(), d, func(_ context.Context, done []engine.Drafted) error {
		n++
		for _, x := range done {
			got[x.Address] = line(x)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, s := range d.Segments {
		out = append(out, got[s.Address])
	}
	return out, n
}

func line(x engine.Drafted) string {
	s := string(x.Address) + ": " + x.Text.Plain()
	if x.Engine != "" {
		s += " by " + x.Engine
	}
	if x.Trouble != "" {
		s += "! " + string(x.Trouble)
	}
	for _, f := range x.Failed {
		s += fmt.Sprintf(" (%s %s)", f.Engine, f.Trouble)
	}
	return s
}

func segments(texts ...string) []engine.Segment {
	var out []engine.Segment
	for i, t := range texts {
		out = append(out, engine.Segment{Address: document.Address(rune('a' + i)), Text: document.Inline{{Text: t}}})
	}
	return out
}

func want(t *testing.T, got []string, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Error(diff)
	}
}

func each(t *testing.T, fn func(t *testing.T, d *db.DB, c *clock.Stepping)) {
	t.Helper()
	c := clock.NewStepping(noon)
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		c.Set(noon)
		fn(t, d, c)
	})
}

func billed(i *engine.Info) { i.Billed = true }

func TestDraft(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(func(i *engine.Info) { i.Limits.Texts = 2 }).Loses("дві")
		two := enginetest.New("two", "uk-de")
		h := open(t, d, c, enginetest.New("other", "uk-fr"), one, two)
		in := engine.Draft{Key: "k", Pair: ukDe, Context: "around", Segments: segments("одна", "дві", "12 %", "три", "чотири")}
		in.Segments[4].Text = document.Inline{{Text: "Так "}, {Text: "буде", Marks: []document.Mark{{Type: document.Strong}}}, {Text: " touché", Marks: []document.Mark{{Type: document.Foreign, Lang: "fr"}}}}
		got, n := h.draft(in)
		want(t, got, "a: ОДНА by one (other unsupported)", "b: ДВІ by two (other unsupported) (one refused)", "c: 12 %", "d: ТРИ by one (other unsupported)", "e: тАК БУДЕ touché by one (other unsupported)")
		if n != 4 { // what needs none, two requests of one, one of two
			t.Errorf("handed over %d times", n)
		}
		asked := len(one.Asked()) + len(two.Asked())
		if again, n := h.draft(in); !slices.Equal(got, again) || n != 1 || len(one.Asked())+len(two.Asked()) != asked {
			t.Errorf("asked again: %v", again)
		}
		in.Segments[3].Text = document.Inline{{Text: "шість"}}
		if got, _ := h.draft(in); got[3] != "d: ШІСТЬ by one (other unsupported)" || len(one.Asked()) != 3 {
			t.Errorf("a changed text: %v", got)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return h.Forget(t.Context(), tx, "k") }); err != nil {
			t.Fatal(err)
		}
		h.draft(in)
		if len(one.Asked()) != 5 {
			t.Errorf("forgotten, and not asked again: %d", len(one.Asked()))
		}
	})
}

func TestTheNextEngineWhenOneFails(t *testing.T) {
	for _, c := range []struct {
		trouble engine.Trouble
		later   time.Duration // when it is asked again
	}{
		{engine.Busy, time.Minute}, {engine.Quota, time.Hour}, {engine.Key, 24 * time.Hour}, {engine.Gone, 30 * time.Second}, {engine.Refused, 0}, {engine.Garbled, 0}, {engine.TooLong, 0},
	} {
		t.Run(string(c.trouble), func(t *testing.T) {
			each(t, func(t *testing.T, d *db.DB, clk *clock.Stepping) {
				one := enginetest.New("one", "uk-de").Breaks(&engine.Error{Trouble: c.trouble, Trace: "T1"})
				h := open(t, d, clk, one, enginetest.New("two", "uk-de"))
				got, _ := h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("так")})
				want(t, got, "a: ТАК by two (one "+string(c.trouble)+")")
				if st := h.state("one"); st.Health.Trouble != c.trouble || st.Health.Trace != "T1" || st.Health.Worked != nil || !st.Health.Failed.Equal(noon) {
					t.Errorf("%+v", st.Health)
				}
				if st := h.state("two"); st.Health.Worked == nil {
					t.Errorf("%+v", st.Health)
				}
				if c.later > 0 {
					clk.Advance(c.later - time.Second)
					got, _ = h.draft(engine.Draft{Key: "k2", Pair: ukDe, Segments: segments("так")})
					want(t, got, "a: ТАК by two (one "+string(c.trouble)+")")
					if len(one.Asked()) != 1 {
						t.Error("it isn't left alone")
					}
					clk.Advance(time.Second)
				}
				got, _ = h.draft(engine.Draft{Key: "k3", Pair: ukDe, Segments: segments("так")})
				want(t, got, "a: ТАК by one")
				if st := h.state("one"); st.Health.Trouble != "" || st.Health.Rest != nil {
					t.Errorf("%+v", st.Health)
				}
			})
		})
	}
}

func TestLeftOut(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one, two := enginetest.New("one", "uk-de", "uk-fr"), enginetest.New("two", "uk-de", "uk-fr").Breaks(&engine.Error{Trouble: engine.Refused})
		h := open(t, d, c, one, two)
		if err := h.LeaveOut(t.Context(), admin, "uk-de", h.ids["one"]); err != nil {
			t.Fatal(err)
		}
		got, _ := h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("так")})
		if len(one.Asked()) != 0 || len(two.Asked()) != 1 || strings.Contains(got[0], "ТАК") {
			t.Errorf("%v, the one left out was asked %d times", got, len(one.Asked()))
		}
		got, _ = h.draft(engine.Draft{Key: "k2", Pair: engine.Pair{From: "uk", To: "fr"}, Segments: segments("так")})
		want(t, got, "a: ТАК by one")
	})
}

func TestAnswersThatAreNone(t *testing.T) {
	long := strings.Repeat("Речення тут довге. ", 10)
	for name, says := range map[string]string{"empty": " ", "an emoji": "😀", "cut": "Ein", "endless": strings.Repeat("Ja ", 900), "the source": long, "of tags": "<script>" + long + "</script>"} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
				one := enginetest.New("one", "uk-de").Says(long[:len(long)-1], says).Says(long, says)
				h := open(t, d, c, one, enginetest.New("two", "uk-de").Says(long, "Hier ist ein langer Satz, der so übersetzt ist, dass man ihn lesen kann, und der nicht zu kurz ist."))
				got, _ := h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments(long)})
				if len(got) != 1 || !strings.Contains(got[0], "by two (one garbled)") {
					t.Errorf("%v", got)
				}
			})
		})
	}
}

func TestNoEngine(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		h := open(t, d, c)
		got, _ := h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("так")})
		want(t, got, "a: ! none")
		h = open(t, d, c, enginetest.New("one", "uk-fr"), enginetest.New("two", "uk-de").Stays(&engine.Error{Trouble: engine.Busy}))
		got, _ = h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("так")})
		want(t, got, "a: ! busy (one unsupported) (two busy)")
		h.change("one", func(e *engine.Installed) { e.Enabled = false })
		got, _ = h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("так")})
		want(t, got, "a: ! busy (two busy)")
	})
}

func TestLanguagesOfARegion(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		h := open(t, d, c, enginetest.New("one", "uk-de", "uk-zh"))
		got, _ := h.draft(engine.Draft{Key: "k", Pair: engine.Pair{From: "uk", To: "de-AT"}, Segments: segments("так")})
		want(t, got, "a: ТАК by one")
		got, _ = h.draft(engine.Draft{Key: "k2", Pair: engine.Pair{From: "uk", To: "zh-Hant"}, Segments: segments("так")})
		want(t, got, "a: ! unsupported (one unsupported)")
	})
}

func TestBilledAsksOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(billed)
		h := open(t, d, c, one)
		in := engine.Draft{Key: "k", Pair: ukDe, Segments: segments("так", "ні")}
		characters := func(n, requests int64) {
			t.Helper()
			if st := h.state("one"); st.Characters != n || st.Used != n || st.Requests != requests {
				t.Errorf("%d characters, %d requests", st.Characters, st.Requests)
			}
		}
		one.Breaks(&engine.Error{Trouble: engine.Gone, Sent: true})
		got, _ := h.draft(in)
		want(t, got, "a: ! gone (one gone)", "b: ! gone (one gone)")
		characters(5, 1)
		c.Advance(time.Hour)
		got, _ = h.draft(in)
		want(t, got, "a: ! unanswered (one unanswered)", "b: ! unanswered (one unanswered)")
		characters(5, 1)
		in.Again = true
		got, _ = h.draft(in)
		want(t, got, "a: ТАК by one", "b: НІ by one")
		characters(10, 2)
		got, _ = h.draft(in)
		want(t, got, "a: ТАК by one", "b: НІ by one")
		characters(10, 2)

		// What wasn't sent isn't counted, and may be asked again.
		in = engine.Draft{Key: "k2", Pair: ukDe, Segments: segments("може")}
		one.Breaks(&engine.Error{Trouble: engine.Gone})
		got, _ = h.draft(in)
		want(t, got, "a: ! gone (one gone)")
		characters(10, 3)
		c.Advance(time.Hour)
		got, _ = h.draft(in)
		want(t, got, "a: МОЖЕ by one")
		characters(14, 4)

		// A text that came back garbled isn't paid for again.
		in = engine.Draft{Key: "k3", Pair: ukDe, Segments: segments("слово")}
		one.Spoils(func(string, string) string { return "" })
		got, _ = h.draft(in)
		want(t, got, "a: ! garbled (one garbled)")
		got, _ = h.draft(in)
		want(t, got, "a: ! garbled (one garbled)")
		characters(19, 5)
	})
}

func TestQuota(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(func(i *engine.Info) { i.Billed, i.Limits.Texts = true, 1 })
		h := open(t, d, c, one, enginetest.New("two", "uk-de"))
		h.change("one", func(e *engine.Installed) { e.Quota, e.Period, e.Price = 8, engine.Day, 2000 })
		got, _ := h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("один", "два", "три")})
		want(t, got, "a: ОДИН by one", "b: ДВА by one", "c: ТРИ by two (one quota)")
		if st := h.state("one"); st.Used != 7 || st.Cost != 14000 || st.Health.Trouble != "" {
			t.Errorf("%+v", st)
		}
		c.Advance(24 * time.Hour)
		got, _ = h.draft(engine.Draft{Key: "k2", Pair: ukDe, Segments: segments("три")})
		want(t, got, "a: ТРИ by one")
		if st := h.state("one"); st.Used != 3 || st.Characters != 10 {
			t.Errorf("%+v", st)
		}
		usage, err := h.Usage(t.Context(), noon)
		if err != nil || len(usage) != 3 || usage[0].Day != "2026-11-24" || usage[1].Pair != "uk-de" || usage[1].Characters+usage[2].Characters != 10 {
			t.Errorf("%+v, %v", usage, err)
		}
	})
}

// TestTakenOffWhileDrafting: what an administrator does to an engine holds for the rest of a long draft.
func TestTakenOffWhileDrafting(t *testing.T) {
	for name, c := range map[string]struct {
		act func(h *house)
		why engine.Trouble
	}{
		"removed": {func(h *house) {
			if err := h.Remove(h.t.Context(), admin, h.ids["one"]); err != nil {
				h.t.Error(err)
			}
		}, engine.Off},
		"switched off": {func(h *house) { h.change("one", func(e *engine.Installed) { e.Enabled = false }) }, engine.Off},
		"less quota":   {func(h *house) { h.change("one", func(e *engine.Installed) { e.Quota = 5 }) }, engine.Quota},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, d *db.DB, c2 *clock.Stepping) {
				one := enginetest.New("one", "uk-de").Declare(func(i *engine.Info) { i.Billed, i.Limits.Texts = true, 1 })
				h := open(t, d, c2, one, enginetest.New("two", "uk-de"))
				h.change("one", func(e *engine.Installed) { e.Quota = 1000 })
				arrived, release := one.Hold()
				go func() { <-arrived; c.act(h); release() }()
				got, _ := h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("один", "два", "три")})
				failed := " by two (one " + string(c.why) + ")"
				want(t, got, "a: ОДИН by one", "b: ДВА"+failed, "c: ТРИ"+failed)
				if n := len(one.Asked()); n != 1 {
					t.Errorf("it was sent %d requests", n)
				}
			})
		})
	}
}

// TestSettingsWhileDrafting: the rest of a draft goes where the settings say now.
func TestSettingsWhileDrafting(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(func(i *engine.Info) { i.Limits.Texts = 1 })
		elsewhere := enginetest.New("elsewhere", "uk-de")
		h := open(t, d, c, one)
		h.engines["elsewhere"] = elsewhere
		arrived, release := one.Hold()
		go func() {
			<-arrived
			h.change("one", func(e *engine.Installed) { e.Name = "elsewhere" })
			release()
		}()
		got, _ := h.draft(engine.Draft{Key: "k", Pair: ukDe, Segments: segments("один", "два")})
		want(t, got, "a: ОДИН by one", "b: ДВА by elsewhere")
		if len(one.Asked()) != 1 || len(elsewhere.Asked()) != 1 {
			t.Errorf("%d and %d requests", len(one.Asked()), len(elsewhere.Asked()))
		}
	})
}

// TestQuotaAcrossNodes: two nodes that draft at once stay within one quota.
func TestQuotaAcrossNodes(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(func(i *engine.Info) { i.Billed, i.Limits.Texts = true, 1 })
		h := open(t, d, c, one)
		h.change("one", func(e *engine.Installed) { e.Quota = 30 })
		other := engine.NewService(d, h.vault, kinds(h.engines))
		var group sync.WaitGroup
		for n := range 8 {
			node := []*engine.Service{h.Service, other}[n%2]
			group.Go(func() {
				in := engine.Draft{Key: fmt.Sprint("k", n), Pair: ukDe, Segments: segments("одина", "двана", "трина")}
				if err := node.Draft(t.Context(), in, func(context.Context, []engine.Drafted) error { return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if n := one.Characters(); n != 30 {
			t.Errorf("%d characters were sent", n)
		}
		if st := h.state("one"); st.Used != 30 {
			t.Errorf("%d are counted", st.Used)
		}
	})
}

func TestTermsAreAskedForAnew(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(billed)
		h := open(t, d, c, one)
		in := engine.Draft{Key: "k", Pair: ukDe, Segments: segments("про Київ", "про Львів"), Terms: []engine.Term{{Source: "Київ", Target: "Kyjiw"}}}
		got, _ := h.draft(in)
		want(t, got, "a: ПРО Kyjiw by one", "b: ПРО лЬВІВ by one")
		in.Terms = append(in.Terms, engine.Term{Source: "Львів", Target: "Lwiw"})
		got, _ = h.draft(in)
		want(t, got, "a: ПРО Kyjiw by one", "b: ПРО Lwiw by one")
		if n := len(one.Asked()[1].Texts); n != 1 {
			t.Errorf("%d texts were asked again", n)
		}
	})
}

func TestTwoDraftsOfOneKey(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(func(i *engine.Info) { i.Billed, i.Limits.Texts = true, 1 })
		h := open(t, d, c, one)
		in := engine.Draft{Key: "k", Pair: ukDe, Segments: segments("один", "два", "три")}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				err := h.Draft(t.Context(), in, func(_ context.Context, done []engine.Drafted) error {
					for _, x := range done {
						if x.Trouble != "" {
							return fmt.Errorf("%s", line(x))
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if n := len(one.Asked()); n != 3 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestCancelled(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(billed)
		h := open(t, d, c, one)
		arrived, release := one.Hold()
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		in := engine.Draft{Key: "k", Pair: ukDe, Segments: segments("так")}
		err := h.Draft(ctx, in, func(context.Context, []engine.Drafted) error { return nil })
		release()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if st := h.state("one"); st.Health.Failed != nil {
			t.Errorf("our leaving is taken for the engine's failure: %+v", st.Health)
		}
		got, _ := h.draft(in)
		want(t, got, "a: ! unanswered (one unanswered)")
	})
}
