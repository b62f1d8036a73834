package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/engine"
)

const counterEnv = "DEPESCHE_TEST_COUNTER"

// counter is a service outside of the process that is killed. It knows each text it was ever asked.
type counter struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int // "name text"
}

func newCounter(t *testing.T) *counter {
	c := &counter{asked: map[string]int{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var texts []string
		if json.NewDecoder(r.Body).Decode(&texts) != nil {
			return // killed while it asked: a service charges for whole requests
		}
		name := strings.Trim(r.URL.Path, "/")
		c.mu.Lock()
		for _, text := range texts {
			c.asked[name+" "+text]++
		}
		c.mu.Unlock()
		for i := range texts {
			texts[i] = strings.ToUpper(texts[i])
		}
		_ = json.NewEncoder(w).Encode(texts)
	}))
	t.Cleanup(c.Close)
	return c
}

// remote is an engine that asks the counter. It acknowledges before and after each request, so that a
// kill falls on either side of it.
type remote struct {
	url, name   string
	billed      bool
	acknowledge func(string)
}

func (r remote) Info() engine.Info {
	return engine.Info{Name: r.name, Kind: "remote", Billed: r.billed, Limits: engine.Limits{Texts: 2}}
}

func (r remote) Pairs(context.Context) ([]engine.Pair, error) { return []engine.Pair{ukDe}, nil }

func (r remote) Translate(ctx context.Context, req engine.Request) (engine.Result, error) {
	r.acknowledge("asking")
	body, err := json.Marshal(req.Texts)
	if err != nil {
		return engine.Result{}, err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/"+r.name, strings.NewReader(string(body)))
	if err != nil {
		return engine.Result{}, err
	}
	res, err := http.DefaultClient.Do(post)
	if err != nil {
		return engine.Result{}, &engine.Error{Engine: r.name, Trouble: engine.Gone, Sent: true, Err: err}
	}
	defer res.Body.Close()
	var texts []string
	if err := json.NewDecoder(res.Body).Decode(&texts); err != nil {
		return engine.Result{}, &engine.Error{Engine: r.name, Trouble: engine.Gone, Sent: true, Err: err}
	}
	r.acknowledge("answered")
	return engine.Result{Texts: texts}, nil
}

// drafting is a service with an engine that charges and, with spare, one that doesn't.
func drafting(t *testing.T, d *db.DB, url string, spare bool, acknowledge func(string)) *engine.Service {
	t.Helper()
	v, err := engine.NewVault(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	s := engine.NewService(d, v, map[string]engine.Kind{"remote": {Make: func(name string, _ json.RawMessage, _ string) (engine.Engine, error) {
		return remote{url, name, name == "billed", acknowledge}, nil
	}}})
	for _, name := range []string{"billed", "spare"} {
		if name == "spare" && !spare {
			continue
		}
		_, err := s.Save(t.Context(), admin, engine.Installed{Name: name, Kind: "remote", Enabled: true}, nil)
		if err != nil && !strings.Contains(err.Error(), "taken") {
			t.Fatal(err)
		}
	}
	return s
}

const worksOfARound = 4

func workOf(round string, n int) engine.Draft {
	d := engine.Draft{Key: fmt.Sprintf("work-%s-%d", round, n), Pair: ukDe}
	for i := range 7 {
		d.Segments = append(d.Segments, engine.Segment{Address: document.Address(fmt.Sprintf("b%d/text", i)), Text: document.Inline{{Text: fmt.Sprintf("слово %s %d %d", round, n, i)}}})
	}
	return d
}

// drafts goes on until it is killed; each round begins with what the rounds before left.
func drafts(t *testing.T, d *db.DB, round string, acknowledge func(key string)) {
	s := drafting(t, d, os.Getenv(counterEnv), os.Getenv(counterEnv+"_SPARE") != "", acknowledge)
	for n := 0; ; n++ {
		w := workOf("r", n)
		if n >= worksOfARound {
			w = workOf(round, n)
		}
		if err := s.Draft(t.Context(), w, func(_ context.Context, done []engine.Drafted) error {
			acknowledge("handed over")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAKillWhileDrafting(t *testing.T) {
	if dbtest.Victim(t, nil, func(d *db.DB, round string, acknowledge func(string)) { drafts(t, d, round, acknowledge) }) {
		return
	}
	for _, spare := range []bool{true, false} {
		t.Run(fmt.Sprintf("spare=%v", spare), func(t *testing.T) {
			dbtest.EachDurable(t, func(t *testing.T, o db.Options) { killed(t, o, spare) })
		})
	}
}

func killed(t *testing.T, o db.Options, spare bool) {
	c := newCounter(t)
	t.Setenv(counterEnv, c.URL)
	if spare {
		t.Setenv(counterEnv+"_SPARE", "1")
	}
	for round, after := range []int{1, 2, 3, 4, 5, 7, 10, 14, 23} {
		dbtest.Kill(t, o, round, after)
	}
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s := drafting(t, d, c.URL, spare, func(string) {})
	unanswered := 0
	for n := range worksOfARound {
		w := workOf("r", n)
		got := map[document.Address]int{}
		if err := s.Draft(t.Context(), w, func(_ context.Context, done []engine.Drafted) error {
			for _, x := range done {
				got[x.Address]++
				switch {
				case x.Trouble == engine.Unanswered && !spare:
					unanswered++
				case x.Trouble != "":
					return errors.New(line(x))
				case !strings.HasPrefix(x.Text.Plain(), "СЛОВО R"):
					return errors.New("not its own translation: " + line(x))
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, seg := range w.Segments {
			if got[seg.Address] != 1 {
				t.Errorf("%s %s was handed over %d times", w.Key, seg.Address, got[seg.Address])
			}
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var sent int64
	for what, n := range c.asked {
		if name, text, _ := strings.Cut(what, " "); name == "billed" {
			sent += int64(len([]rune(text)))
			if n != 1 {
				t.Errorf("%q was paid for %d times", text, n)
			}
		}
	}
	if sent == 0 {
		t.Fatal("nothing was asked")
	}
	// What was counted is what was sent, and at most what the kills kept from being sent.
	list, err := s.All(t.Context())
	if err != nil || list[0].Characters < sent {
		t.Errorf("%d characters were sent, %+v, %v", sent, list, err)
	}
	t.Logf("%d characters sent, %d counted, %d segments without an answer", sent, list[0].Characters, unanswered)
}
