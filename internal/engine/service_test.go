package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"depesche/internal/audit"
	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/engine"
	"depesche/internal/engine/enginetest"
	"depesche/internal/problem"
)

// keyed is a service whose engines tell what key they were made with.
func keyed(t *testing.T, d *db.DB, v *engine.Vault) (*engine.Service, map[string]string) {
	t.Helper()
	made := map[string]string{}
	return engine.NewService(d, v, map[string]engine.Kind{"test": {
		Key:    engine.KeyRequired,
		Fields: []engine.Field{{Name: "url", Type: engine.URLField, Required: true}, {Name: "beams", Type: engine.NumberField}, {Name: "tone", Type: engine.ChoiceField, Options: []string{"more"}}, {Name: "polite", Type: engine.CheckField}},
		Make: func(name string, settings json.RawMessage, key string) (engine.Engine, error) {
			if strings.Contains(string(settings), "bad") {
				return nil, errors.New("no project in it")
			}
			if strings.Contains(string(settings), "elsewhere") {
				var f problem.Fields
				f.Add("url", "problem.url", "https://elsewhere")
				return nil, fmt.Errorf("engine %s: %w", name, f.Err())
			}
			made[name] = key + string(settings)
			return enginetest.New(name, "uk-de"), nil
		},
	}}), made
}

func vault(t *testing.T, dir, secret string) *engine.Vault {
	t.Helper()
	v, err := engine.NewVault(dir, secret)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ptr(s string) *string { return &s }

func good() engine.Installed {
	return engine.Installed{Name: " one ", Kind: "test", Enabled: true, Settings: map[string]string{"url": "https://example.org/v2", "beams": "4", "polite": "1", "other": "x"}}
}

const secret = "sk-very-secret-0815"

func TestSave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, dir := t.Context(), t.TempDir()
		s, made := keyed(t, d, vault(t, dir, ""))
		e, err := s.Save(ctx, admin, good(), ptr(secret))
		if err != nil || e.Name != "one" || !e.HasKey || e.Version != 1 || e.Period != engine.Month || e.Settings["other"] != "" {
			t.Fatalf("%+v, %v", e, err)
		}
		if want := secret + `{"beams":4,"polite":true,"url":"https://example.org/v2"}`; made["one"] != want {
			t.Errorf("%s", made["one"])
		}
		if st, err := os.Stat(filepath.Join(dir, engine.KeyFile)); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", st, err)
		}
		e.Name, e.Kind = "uno", "another"
		old := e
		if e, err = s.Save(ctx, admin, e, nil); err != nil || !e.HasKey || e.Kind != "test" || e.Version != 2 || !strings.HasPrefix(made["uno"], secret) {
			t.Errorf("%+v, %v", e, err)
		}
		if _, err := s.Save(ctx, admin, old, nil); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale: %v", err)
		}
		if e, err = s.Save(ctx, admin, e, ptr("another")); err != nil || !strings.HasPrefix(made["uno"], "another{") {
			t.Errorf("%+v, %v", e, err)
		}
		if _, err := s.Save(ctx, chief, e, nil); !problem.Is(err, problem.Forbidden) {
			t.Errorf("%v", err)
		}
		list, err := audit.List(ctx, d.Read(), "", 10, "")
		if err != nil || len(list) != 3 || strings.Contains(string(list[0].Detail), "another") || strings.Contains(string(list[2].Detail), "secret") {
			t.Errorf("%+v, %v", list, err)
		}
		if err := s.Remove(ctx, chief, e.ID); !problem.Is(err, problem.Forbidden) {
			t.Errorf("%v", err)
		}
		if err := s.Remove(ctx, admin, e.ID); err != nil {
			t.Error(err)
		}
		if _, err := s.ByID(ctx, e.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("%v", err)
		}
	})
}

// TestAKeyStaysWhereItWasTypedFor: nobody gets it by naming a server of their own.
func TestAKeyStaysWhereItWasTypedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := keyed(t, d, vault(t, t.TempDir(), ""))
		e, err := s.Save(t.Context(), admin, good(), ptr(secret))
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"http://example.org/v2", "https://example.org:8443/v2", "https://example.org.thief.example/v2", "https://thief.example/v2"} {
			moved := e
			moved.Settings = map[string]string{"url": address}
			_, err := s.Save(t.Context(), admin, moved, nil)
			if f := problem.FieldsOf(err); len(f) != 1 || f[0].Name != "key" {
				t.Errorf("%q: %v", address, err)
			}
		}
		e.Settings = map[string]string{"url": "https://EXAMPLE.org/v3"}
		if e, err = s.Save(t.Context(), admin, e, nil); err != nil || !e.HasKey {
			t.Errorf("another path: %v", err)
		}
		e.Settings = map[string]string{"url": "https://new.example/v2"}
		if _, err = s.Save(t.Context(), admin, e, ptr("typed anew")); err != nil {
			t.Errorf("with its key: %v", err)
		}
	})
}

func TestSaveRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := keyed(t, d, vault(t, t.TempDir(), ""))
		if _, err := s.Save(t.Context(), admin, good(), ptr("k")); err != nil {
			t.Fatal(err)
		}
		for field, change := range map[string]func(*engine.Installed){
			"name":          func(e *engine.Installed) { e.Name = " " },
			"kind":          func(e *engine.Installed) { e.Kind = "none" },
			"price":         func(e *engine.Installed) { e.Price = -1 },
			"quota":         func(e *engine.Installed) { e.Quota = -1 },
			"setting.url":   func(e *engine.Installed) { e.Settings["url"] = "file:///etc/passwd" },
			"setting.url ":  func(e *engine.Installed) { e.Settings["url"] = "https://elsewhere" }, // what Make says of a field
			"setting.beams": func(e *engine.Installed) { e.Settings["beams"] = "many" },
			"setting.tone":  func(e *engine.Installed) { e.Settings["tone"] = "less" },
		} {
			e := good()
			e.Name = "two"
			change(&e)
			_, err := s.Save(t.Context(), admin, e, ptr("k"))
			if f := problem.FieldsOf(err); len(f) != 1 || f[0].Name != strings.TrimSpace(field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		e := good()
		if _, err := s.Save(t.Context(), admin, e, ptr("k")); len(problem.FieldsOf(err)) != 1 {
			t.Errorf("the name twice: %v", err)
		}
		e.Name = "two"
		if _, err := s.Save(t.Context(), admin, e, nil); len(problem.FieldsOf(err)) != 1 {
			t.Errorf("no key: %v", err)
		}
		e.Settings["url"] = "https://example.org/bad"
		if _, err := s.Save(t.Context(), admin, e, ptr("k")); len(problem.FieldsOf(err)) != 1 {
			t.Errorf("what Make refuses: %v", err)
		}
	})
}

// Nobody who has the database has the keys.
func TestKeysAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, dir := t.Context(), t.TempDir()
		s, _ := keyed(t, d, vault(t, dir, ""))
		e, err := s.Save(ctx, admin, good(), ptr(secret))
		if err != nil {
			t.Fatal(err)
		}
		var sealed []byte
		if err := d.Read().QueryRowContext(ctx, `SELECT sealed FROM engine`).Scan(&sealed); err != nil || len(sealed) != 24+len(secret)+16 || strings.Contains(string(sealed), "secret") {
			t.Errorf("%q, %v", sealed, err)
		}
		if strings.Contains(fmt.Sprintf("%+v", e), secret) {
			t.Error("the key is in what the desk shows")
		}
		health := func(s *engine.Service) engine.Health {
			t.Helper()
			list, err := s.All(ctx)
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			return list[0].Health
		}
		again, made := keyed(t, d, vault(t, dir, ""))
		if h := health(again); h.Trouble != "" || !strings.HasPrefix(made["one"], secret) {
			t.Errorf("after a restart: %+v, %v", h, made)
		}
		lost, _ := keyed(t, d, vault(t, t.TempDir(), ""))
		if h := health(lost); h.Trouble != engine.Sealed || h.Reason != "" {
			t.Errorf("%+v", h)
		}
		if _, err := lost.Try(ctx, admin, e.ID, ukDe, "так"); !troubled(err, engine.Sealed) {
			t.Errorf("%v", err)
		}
		if e, err = lost.Save(ctx, admin, e, nil); err != nil {
			t.Errorf("a name can't be changed: %v", err)
		}
		if e, err = lost.Save(ctx, admin, e, ptr("anew")); err != nil || health(lost).Trouble != "" {
			t.Errorf("typed anew: %v", err)
		}
		node := strings.Repeat("s", 32)
		if s, _ = keyed(t, d, vault(t, t.TempDir(), node)); health(s).Trouble != engine.Sealed {
			t.Error("another secret opens it")
		}
		if _, err = s.Save(ctx, admin, e, ptr("of two nodes")); err != nil {
			t.Error(err)
		}
		if other, made := keyed(t, d, vault(t, t.TempDir(), node)); health(other).Trouble != "" || !strings.HasPrefix(made["one"], "of two nodes") {
			t.Error("the second node can't open it")
		}
	})
	if _, err := engine.NewVault(t.TempDir(), "short"); err == nil {
		t.Error("a short secret is taken")
	}
}

func troubled(err error, want engine.Trouble) bool {
	var e *engine.Error
	return errors.As(err, &e) && e.Trouble == want
}

func TestOrder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		ctx := t.Context()
		h := open(t, d, c, enginetest.New("one"), enginetest.New("two"), enginetest.New("three"))
		order := func(pair string) string {
			t.Helper()
			o, err := h.Order(ctx, d.Read(), pair)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, e := range o.Engines {
				names = append(names, e.Name)
			}
			for _, e := range o.LeftOut {
				names = append(names, "-"+e.Name)
			}
			return fmt.Sprint(strings.Join(names, " "), " ", o.Own)
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
		}
		must(h.Move(ctx, admin, "", h.ids["three"], -1))
		must(h.Move(ctx, admin, "", h.ids["one"], -1))
		if got := order(""); got != "one three two true" {
			t.Error(got)
		}
		must(h.OwnOrder(ctx, admin, ukDe))
		must(h.Move(ctx, admin, "uk-de", h.ids["two"], -1))
		must(h.Move(ctx, admin, "", h.ids["one"], 1))
		if a, b := order("uk-de"), order("uk-fr"); a != "one two three true" || b != "three one two false" {
			t.Error(a, b)
		}
		h.engines["four"] = enginetest.New("four")
		h.install(engine.Installed{Name: "four"})
		if a, b := order("uk-de"), order(""); a != "one two three four true" || b != "three one two four true" {
			t.Error(a, b)
		}
		if own, err := h.Orders(ctx); err != nil || !slices.Equal(own, []string{"uk-de"}) {
			t.Errorf("%v, %v", own, err)
		}
		must(h.LeaveOut(ctx, admin, "uk-de", h.ids["one"]))
		must(h.Move(ctx, admin, "uk-de", h.ids["three"], 1))
		if a, b := order("uk-de"), order(""); a != "two four three -one true" || b != "three one two four true" {
			t.Error(a, b)
		}
		must(h.TakeIn(ctx, admin, "uk-de", h.ids["one"]))
		if got := order("uk-de"); got != "two four three one true" {
			t.Error(got)
		}
		must(h.LeaveOut(ctx, admin, "ru-de", h.ids["two"]))
		if got := order("ru-de"); got != "three one four -two true" {
			t.Error(got)
		}
		must(h.CommonOrder(ctx, admin, "ru-de"))
		for _, err := range []error{h.LeaveOut(ctx, admin, "", h.ids["one"]), h.LeaveOut(ctx, admin, "uk-de", "nobody"), h.TakeIn(ctx, admin, "uk-de", h.ids["one"])} {
			if !problem.Is(err, problem.NotFound) {
				t.Error(err)
			}
		}
		must(h.CommonOrder(ctx, admin, "uk-de"))
		if got := order("uk-de"); got != "three one two four false" {
			t.Error(got)
		}
		if err := h.Move(ctx, chief, "", h.ids["one"], 1); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
		if err := h.Move(ctx, admin, "", "nobody", 1); !problem.Is(err, problem.NotFound) {
			t.Error(err)
		}
	})
}

func TestTry(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *clock.Stepping) {
		one := enginetest.New("one", "uk-de").Declare(billed)
		h := open(t, d, c, one)
		for range 2 {
			if got, err := h.Try(t.Context(), admin, h.ids["one"], ukDe, "так <i> &"); err != nil || got.Text != "ТАК <I> &" || got.Model != "swap" {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if st := h.state("one"); st.Requests != 2 || st.Health.Worked == nil {
			t.Errorf("%+v", st)
		}
		if _, err := h.Try(t.Context(), admin, h.ids["one"], engine.Pair{From: "de", To: "uk"}, "x"); !troubled(err, engine.Unsupported) {
			t.Error(err)
		}
		one.Breaks(&engine.Error{Trouble: engine.Key})
		if _, err := h.Try(t.Context(), admin, h.ids["one"], ukDe, "x"); !troubled(err, engine.Key) || h.state("one").Health.Trouble != engine.Key {
			t.Error(err)
		}
		if _, err := h.Try(t.Context(), admin, h.ids["one"], ukDe, "так"); err != nil || h.state("one").Health.Trouble != "" {
			t.Errorf("one that is left alone may be tried: %v", err)
		}
		one.Says("порожньо", " ")
		if _, err := h.Try(t.Context(), admin, h.ids["one"], ukDe, "порожньо"); !troubled(err, engine.Garbled) {
			t.Error(err)
		}
		h.change("one", func(e *engine.Installed) { e.Quota = 1 })
		if _, err := h.Try(t.Context(), admin, h.ids["one"], ukDe, "так"); !troubled(err, engine.Quota) {
			t.Error(err)
		}
		if _, err := h.Try(t.Context(), chief, h.ids["one"], ukDe, "так"); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
	})
}

// TestKeyFileIsDamaged: what is left of a key file stops nobody from typing a key; what can't be read or
// replaced says so at the field.
func TestKeyFileIsDamaged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		e := good()
		for name, content := range map[string]string{"empty": "", "cut": "ab12\n", "garbage": "not a secret"} {
			dir := t.TempDir()
			file := filepath.Join(dir, engine.KeyFile)
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			s, _ := keyed(t, d, vault(t, dir, ""))
			saved, err := s.Save(ctx, admin, e, ptr(secret))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			e = saved
			if again, made := keyed(t, d, vault(t, dir, "")); !again.Opens(e) {
				t.Errorf("%s: it can't be opened again", name)
			} else if _, err := again.All(ctx); err != nil || !strings.HasPrefix(made["one"], secret) {
				t.Errorf("%s: %v, %v", name, made, err)
			}
			if left, err := os.ReadFile(file + ".damaged"); err != nil || string(left) != content {
				t.Errorf("%s: what was left of it: %q, %v", name, left, err)
			}
		}
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, engine.KeyFile), 0o700); err != nil {
			t.Fatal(err)
		}
		s, _ := keyed(t, d, vault(t, dir, ""))
		if _, err := s.Save(ctx, admin, e, ptr(secret)); len(problem.FieldsOf(err)) != 1 || problem.FieldsOf(err)[0].Name != "key" {
			t.Errorf("a folder in its place: %v", err)
		}
		list, err := s.All(ctx)
		if err != nil || !list[0].Unmade || list[0].Health.Reason == "" {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
