package publication

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/id"
	"depesche/internal/problem"
)

// maxTokens is how many starts are remembered: more than one process may serve a paper that isn't set
// up yet, and each shows its operator a token.
const maxTokens = 8

// SetupToken makes a new one-time token with which a paper may be set up, and returns it, to be
// printed where only the operator reads. Those of the last starts pass as well. fresh is
// false, and there is no token, if the paper is set up already. Only the token's SHA-256 is stored.
func (s *Service) SetupToken(ctx context.Context) (token string, fresh bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		token, fresh = "", false
		_, err := s.store().paper(ctx, tx)
		if err == nil || !problem.Is(err, problem.NotFound) {
			return err
		}
		token, fresh = id.Token(), true
		return s.store().putToken(ctx, tx, hashOf(token))
	})
	if err != nil {
		return "", false, fmt.Errorf("setup token: %w", err)
	}
	return token, fresh, nil
}

// CheckSetupToken refuses with problem.Forbidden unless token is one of those last made, and with
// problem.TooMany after many wrong ones. The right one always passes, however many strangers tried
// before: they can't guess it, and must not keep out who holds it. It takes the same time for every
// wrong one and writes nothing, so a screen asks it with a connection that only reads.
func (s *Service) CheckSetupToken(ctx context.Context, q db.Conn, token string) error {
	list, err := s.store().tokens(ctx, q)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return fmt.Errorf("check setup token: %w", err)
	}
	right := 0
	for _, want := range list {
		right |= subtle.ConstantTimeCompare([]byte(want), []byte(hashOf(token)))
	}
	if right == 1 {
		return nil
	}
	if !s.tries.wrong() {
		return problem.New(problem.TooMany, "problem.too_many_tries")
	}
	return problem.New(problem.Forbidden, "problem.setup_token")
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// tries counts wrong tokens. A token of 256 bits can't be guessed; this only tells those who
// try that it is enough.
type tries struct {
	limit *rate.Limiter
	clock clock.Clock
}

func newTries(c clock.Clock) *tries {
	return &tries{limit: rate.NewLimiter(rate.Every(3*time.Second), 20), clock: c}
}

// wrong counts one and reports whether it is still within the limit.
func (t *tries) wrong() bool { return t.limit.AllowN(t.clock.Now(), 1) }
