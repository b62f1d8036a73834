package people

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"depesche/internal/problem"
)

func TestPasswordRules(t *testing.T) {
	for _, tc := range []struct{ password, key string }{
		{"drei Katzen im Hof", ""},
		{"Привіт, світе, це я", ""},
		{"🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵", ""},
		{"xK9#mQ2$vL", ""},
		{"", "problem.required"},
		{"kurz", "problem.password_short"},
		{"neunzeich", "problem.password_short"},
		{strings.Repeat("ab cd ef ", 30), "problem.too_long"},
		{"aaaaaaaaaaaa", "problem.password_common"},
		{"abababababab", "problem.password_common"},
		{"1234567890", "problem.password_common"},
		{"0987654321", "problem.password_common"},
		{"12345678901234", "problem.password_common"},
		{"qwertzuiop", "problem.password_common"},
		{"QWERTYUIOP", "problem.password_common"},
		{"йцукенгшщз", "problem.password_common"},
		{"Passwort123!", "problem.password_common"},
		{"password2026", "problem.password_common"},
		{"пароль12345", "problem.password_common"},
		{"correct horse battery staple", "problem.password_common"},
		{"Redaktion2026", "problem.password_common"},
		{"annakovac1", "problem.password_personal"},
		{"Anna.Kovač!", "problem.password_personal"},
		{"Kovač im Herbst am See", ""},
		{"a\xffbcdefghijk", "problem.bad_characters"},
	} {
		var f problem.Fields
		checkPassword(&f, "password", tc.password, "Anna Kovač", "anna.k@example.org")
		got := ""
		for _, x := range problem.FieldsOf(f.Err()) {
			got = x.Key
			if x.Value != "" {
				t.Error("the password is given back")
			}
		}
		if got != tc.key {
			t.Errorf("%q: %q, want %q", tc.password, got, tc.key)
		}
	}
}

func TestHash(t *testing.T) {
	h := newHasher()
	ctx := t.Context()
	a, err := h.hash(ctx, "café au lait ☕")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("not PHC: %s", a)
	}
	if b, _ := h.hash(ctx, "café au lait ☕"); a == b {
		t.Error("no salt")
	}
	for password, want := range map[string]bool{"café au lait ☕": true, "cafe\u0301 au lait ☕": true, "cafe au lait ☕": false, "": false} {
		if ok, again, err := h.matches(ctx, password, a); ok != want || again || err != nil {
			t.Errorf("%q: %v, %v, %v", password, ok, again, err)
		}
	}
	if ok, _, err := h.matches(ctx, "", ""); ok || err != nil {
		t.Errorf("no account: %v, %v", ok, err)
	}
	weak := phc(cost{memory: 64, time: 1, lanes: 1}, []byte("saltsaltsaltsalt"), derive("old one here", []byte("saltsaltsaltsalt"), cost{memory: 64, time: 1, lanes: 1}, keyLen))
	if ok, again, err := h.matches(ctx, "old one here", weak); !ok || !again || err != nil {
		t.Errorf("an older cost: %v, %v, %v", ok, again, err)
	}
}

func TestForgedHashes(t *testing.T) {
	h := newHasher()
	for _, s := range []string{
		"x", "$argon2id$", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$2a$10$abc",
		"$argon2id$v=19$m=4294967295,t=2,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", // more memory than there is
		"$argon2id$v=19$m=19456,t=4000000000,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=19456,t=2,p=0$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=19456,t=2,p=1$$",
		"$argon2id$v=19$m=19456,t=2,p=1$!!!!$a2V5a2V5a2V5a2V5a2V5",
	} {
		if ok, _, err := h.matches(t.Context(), "x", s); ok || err == nil {
			t.Errorf("%s: %v, %v", s, ok, err)
		}
	}
}

// However many knock, two are worked on, and past the queue the answer is at once.
func TestHasherIsBounded(t *testing.T) {
	h := newHasher()
	for range atOnce {
		h.turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	results := make(chan error, waiting+20)
	for range waiting + 20 {
		wg.Go(func() {
			_, err := h.hash(ctx, "x")
			results <- err
		})
	}
	refused := 0
	for range 20 { // those who found no place in the queue
		if err := <-results; problem.Is(err, problem.Unavailable) {
			refused++
		}
	}
	if refused != 20 {
		t.Errorf("%d refused, want 20", refused)
	}
	cancel()
	wg.Wait()
}

func TestDoorsForget(t *testing.T) {
	d := newDoors()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 60 {
		d.knock(doorsOf("attacker", "anna"), now)
	}
	for i := range 3 * maxBuckets {
		d.knock(doorsOf(time.Duration(i).String(), "x"+time.Duration(i%1000).String()), now)
		if len(d.buckets) > maxBuckets {
			t.Fatalf("%d buckets", len(d.buckets))
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, key, err := parsePHC(s)
		if err == nil && (c.memory > 256<<10 || c.time > 16 || len(salt) < 8 || len(key) < 16) {
			t.Errorf("%q passes", s)
		}
	})
}
