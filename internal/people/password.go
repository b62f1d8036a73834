package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"depesche/internal/entry"
	"depesche/internal/problem"
)

// What a password may be, in characters.
const (
	minPassword = 10
	maxPassword = 200
)

// cost is Argon2id's, as OWASP recommends for a server that has other things to do.
type cost struct {
	memory uint32 // KiB
	time   uint32
	lanes  uint8
}

var present = cost{memory: 19 << 10, time: 2, lanes: 1}

const (
	saltLen = 16
	keyLen  = 32
	// atOnce passwords are worked on, at 19 MiB each; the others wait, up to waiting.
	atOnce  = 2
	waiting = 64
)

var errHash = errors.New("stored password isn't Argon2id in PHC form")

// hasher makes and compares password hashes, a few at a time, so that a crowd at the door can't
// eat the memory.
type hasher struct {
	turns chan struct{}
	queue chan struct{}
	// nobody is the hash that is compared with where there is no account, to take the same time.
	nobody string
}

func newHasher() *hasher {
	h := &hasher{turns: make(chan struct{}, atOnce), queue: make(chan struct{}, waiting)}
	salt := make([]byte, saltLen)
	h.nobody = phc(present, salt, make([]byte, keyLen))
	return h
}

// enter waits for a turn. It refuses at once when too many wait already.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.queue <- struct{}{}:
	default:
		return nil, problem.New(problem.Unavailable, "problem.busy")
	}
	defer func() { <-h.queue }()
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash returns the PHC string of a new password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, saltLen)
	rand.Read(salt)
	return phc(present, salt, derive(password, salt, present, keyLen)), nil
}

// matches compares a password with a stored hash. With an empty hash it does the same work and
// says no. again reports that the hash is of another cost than the present one.
func (h *hasher) matches(ctx context.Context, password, stored string) (ok, again bool, err error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	known := stored != ""
	if !known {
		stored = h.nobody
	}
	c, salt, key, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(derive(password, salt, c, len(key)), key) == 1
	return same && known, c != present, nil
}

func derive(password string, salt []byte, c cost, n int) []byte {
	// One form of each letter, since keyboards differ in what they send for é.
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.time, c.memory, c.lanes, uint32(n))
}

func phc(c cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.lanes,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// parsePHC reads a stored hash, within bounds that no forged one can make us leave.
func parsePHC(s string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHash
	}
	var lanes uint32
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &lanes); n != 3 || err != nil {
		return c, nil, nil, errHash
	}
	if c.memory < 8 || c.memory > 256<<10 || c.time < 1 || c.time > 16 || lanes < 1 || lanes > 8 {
		return c, nil, nil, errHash
	}
	c.lanes = uint8(lanes)
	b64 := base64.RawStdEncoding.Strict()
	salt, err1 := b64.DecodeString(parts[4])
	key, err2 := b64.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(salt) > 64 || len(key) < 16 || len(key) > 64 {
		return c, nil, nil, errHash
	}
	return c, salt, key, nil
}

// checkPassword complains about a password that is too easily guessed. personal are the words that
// those who know the person try first.
func checkPassword(f *problem.Fields, field, password string, personal ...string) {
	n := utf8.RuneCountInString(password)
	switch {
	case password == "":
		f.Add(field, entry.Required, "")
	case !utf8.ValidString(password):
		f.Add(field, entry.Characters, "")
	case n < minPassword:
		f.Add(field, "problem.password_short", "", minPassword)
	case n > maxPassword:
		f.Add(field, entry.TooLong, "", maxPassword)
	case isPersonal(password, personal):
		f.Add(field, "problem.password_personal", "")
	case isCommon(password):
		f.Add(field, "problem.password_common", "")
	}
	// What was typed is never given back: a password doesn't belong on a page.
}

// isPersonal reports whether little is left of the password without the person's own words.
func isPersonal(password string, words []string) bool {
	rest := plain(password)
	if rest == "" {
		return false // nothing but signs; isCommon looks at those
	}
	found := false
	for _, w := range words {
		local, _, _ := strings.Cut(w, "@")
		for _, part := range strings.Fields(entry.Folded(local)) {
			if utf8.RuneCountInString(part) >= 3 && strings.Contains(rest, part) {
				rest, found = strings.ReplaceAll(rest, part, ""), true
			}
		}
	}
	return found && utf8.RuneCountInString(rest) < 6
}

// plain is the password's letters and figures without case, marks, spaces.
func plain(s string) string { return strings.ReplaceAll(entry.Folded(s), " ", "") }

// isCommon reports whether the password is one of those tried first: few different characters, a
// walk over the keyboard, or a word of the list with figures behind it.
func isCommon(password string) bool {
	seen := map[rune]bool{}
	for _, r := range password {
		seen[r] = true
	}
	if len(seen) < 5 {
		return true
	}
	p := plain(password)
	for _, walk := range walks {
		walk = plain(walk)
		if p != "" && (strings.Contains(walk+walk, p) || strings.Contains(reverse(walk+walk), p)) {
			return true
		}
	}
	word := strings.TrimRight(p, "0123456789")
	for _, c := range common {
		if word == c || word == c+c || p == c {
			return true
		}
	}
	return false
}

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// walks are ways over a keyboard and through the alphabet.
var walks = []string{
	"1234567890", "0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
	"azertyuiopqsdfghjklmwxcvbn", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn", "qazwsxedcrfvtgbyhnujm",
	"йцукенгшщзхъфывапролджэячсмитьбю", "йцукенгшщзхїфівапролджєячсмитьбю",
}

// common are words that people take for a password, without figures and signs.
var common = []string{
	"password", "passwort", "passw", "passwd", "pass", "parole", "parool", "haslo", "пароль", "mot de passe", "motdepasse", "kennwort",
	"geheim", "secret", "letmein", "welcome", "willkommen", "hallo", "hello", "bonjour", "привет", "привіт", "changeme", "change",
	"admin", "administrator", "adminadmin", "root", "superuser", "user", "test", "testtest", "testing", "guest", "default", "demo",
	"iloveyou", "ichliebedich", "jetaime", "princess", "sunshine", "dragon", "monkey", "football", "fussball", "baseball", "shadow",
	"master", "superman", "batman", "starwars", "trustno", "whatever", "qwerty", "qwertz", "azerty", "asdfgh", "asdf", "zxcvbn",
	"abc", "abcabc", "redaktion", "редакція", "редакция", "redaction", "newsroom", "depesche", "zeitung", "newspaper", "reporter",
	"sommer", "winter", "herbst", "summer", "autumn", "spring", "january", "januar", "december", "dezember",
	"correct horse battery staple", "correcthorsebatterystaple",
}
