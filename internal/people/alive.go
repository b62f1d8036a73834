package people

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/problem"
)

// StillOpen returns who the session with the token belongs to, as [Service.ActorOf] does, but doesn't
// keep it alive: a page that only stays open is no use of the desk.
func (s *Service) StillOpen(ctx context.Context, token string) (actor.Actor, error) {
	session, st, err := s.store().session(ctx, s.db.Read(), hashOf(token))
	if problem.Is(err, problem.NotFound) {
		return actor.Actor{}, noSession()
	}
	if err != nil {
		return actor.Actor{}, fmt.Errorf("session: %w", err)
	}
	if !st.Active || !s.db.Now().Before(session.Expires) {
		return actor.Actor{}, noSession()
	}
	return st.Actor(), nil
}
