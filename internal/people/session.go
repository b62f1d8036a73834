package people

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/id"
	"depesche/internal/problem"
)

const (
	// idle is how long a session lasts without being used.
	idle = 14 * 24 * time.Hour
	// fresh is how exactly we know when it was last used: a write per request would be too dear.
	fresh = 5 * time.Minute
	// perPerson sessions one can have; the oldest go.
	perPerson = 30
	maxAgent  = 300
)

// SignIn opens a session for whoever knows the password. The token goes to the browser and is
// stored nowhere else. It refuses with problem.Forbidden, in the same words and the same time
// whether the account or the password is wrong, and with problem.TooMany after many tries.
func (s *Service) SignIn(ctx context.Context, email, password string, c Client) (token string, st Staff, err error) {
	var f problem.Fields
	if email = entry.Email(&f, "email", email); f.Err() != nil {
		email = "" // nobody's: it goes the same way, for the same time
	}
	st, stored, err := s.store().staffBy(ctx, s.db.Read(), "email", email)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return "", Staff{}, fmt.Errorf("sign in: %w", err)
	}
	doors := doorsOf(c.Address, email)
	if same(c.Known, known(st.ID, stored)) {
		doors = doorOfKnown(email)
	}
	if !s.doors.knock(doors, s.db.Now()) {
		return "", Staff{}, problem.New(problem.TooMany, "problem.too_many_tries")
	}
	ok, again, err := s.hasher.matches(ctx, clipPassword(password), stored)
	if err != nil {
		return "", Staff{}, fmt.Errorf("sign in: %w", err)
	}
	if !ok || !st.Active {
		return "", Staff{}, problem.New(problem.Forbidden, "problem.sign_in")
	}
	s.doors.open(doors, s.db.Now())
	newer := ""
	if again {
		if newer, err = s.hasher.hash(ctx, password); err != nil {
			return "", Staff{}, fmt.Errorf("sign in: %w", err)
		}
	}
	if token, err = s.openSession(ctx, st, c.Agent, stored, newer); err != nil {
		return "", Staff{}, fmt.Errorf("sign in %s: %w", st.ID, err)
	}
	return token, st, nil
}

// openSession stores a session, and the password's newer hash if there is one.
func (s *Service) openSession(ctx context.Context, st Staff, agent, stored, newer string) (token string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now, hash, err := s.store().staffBy(ctx, tx, "id", string(st.ID))
		if err != nil {
			return err
		}
		if !now.Active || hash != stored { // somebody changed that meanwhile
			return problem.New(problem.Forbidden, "problem.sign_in")
		}
		if newer != "" {
			if err := s.store().putPassword(ctx, tx, st.ID, newer); err != nil {
				return err
			}
		}
		token = id.Token()
		at := tx.Now()
		if err := s.store().tidySessions(ctx, tx, st.ID, at, perPerson-1); err != nil {
			return err
		}
		session := Session{ID: hashOf(token), Staff: st.ID, Agent: cleanAgent(agent), Created: at, Seen: at, Expires: at.Add(idle)}
		if err := s.store().insertSession(ctx, tx, session); err != nil {
			return err
		}
		return record(ctx, tx, st.Actor(), "staff.sign_in", "staff:"+string(st.ID), nil)
	})
	return token, err
}

// Known returns what a browser may keep of somebody who signed in with it, and show at the next
// sign-in. It opens nothing; but who shows it is no stranger, so strangers who try passwords can't use
// up this person's tries. It ends with the password, without which it can't be made.
func (s *Service) Known(ctx context.Context, id StaffID) (string, error) {
	_, stored, err := s.store().staffBy(ctx, s.db.Read(), "id", string(id))
	if err != nil {
		return "", fmt.Errorf("browser of %s: %w", id, err)
	}
	return known(id, stored), nil
}

func known(id StaffID, stored string) string {
	if stored == "" {
		return ""
	}
	// The stored hash has a random salt in it, which makes it a key that nobody can guess.
	mac := hmac.New(sha256.New, []byte(stored))
	mac.Write([]byte("browser of " + string(id)))
	return hex.EncodeToString(mac.Sum(nil))
}

func same(shown, known string) bool {
	return known != "" && subtle.ConstantTimeCompare([]byte(shown), []byte(known)) == 1
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// cleanAgent keeps what a browser says of itself harmless and short.
func cleanAgent(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > maxAgent {
		s = string(r[:maxAgent])
	}
	return s
}

// ActorOf returns who the session with the token belongs to, and keeps it alive. It is
// problem.NotFound for a token that is unknown, ended or has run out, and for one whose person is no
// longer active.
func (s *Service) ActorOf(ctx context.Context, token string) (actor.Actor, Session, error) {
	if len(token) > 100 {
		return actor.Actor{}, Session{}, noSession()
	}
	session, st, err := s.store().session(ctx, s.db.Read(), hashOf(token))
	if problem.Is(err, problem.NotFound) {
		return actor.Actor{}, Session{}, noSession()
	}
	if err != nil {
		return actor.Actor{}, Session{}, fmt.Errorf("session: %w", err)
	}
	now := s.db.Now()
	if !st.Active || !now.Before(session.Expires) {
		return actor.Actor{}, Session{}, noSession()
	}
	if now.Sub(session.Seen) >= fresh {
		session.Seen, session.Expires = now, now.Add(idle)
		// A database that is busy or full must not sign anybody out: the next request tries again.
		_ = s.db.Write(ctx, func(tx *db.Tx) error { return s.store().touchSession(ctx, tx, session) })
	}
	return st.Actor(), session, nil
}

func noSession() error { return problem.New(problem.NotFound, "problem.no_session") }

// SignOut ends the session with the token, if there is one.
func (s *Service) SignOut(ctx context.Context, token string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error { return s.store().endSession(ctx, tx, hashOf(token)) })
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// Sessions returns somebody's open sessions, the last used first.
func (s *Service) Sessions(ctx context.Context, id StaffID) ([]Session, error) {
	list, err := s.store().sessions(ctx, s.db.Read(), id, s.db.Now())
	if err != nil {
		return nil, fmt.Errorf("sessions of %s: %w", id, err)
	}
	return list, nil
}

// EndSession ends a session of one's own, or of anybody for those who may edit staff. It is
// problem.NotFound for one that isn't there or isn't one's own.
func (s *Service) EndSession(ctx context.Context, a actor.Actor, id string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		session, _, err := s.store().session(ctx, tx, id)
		if err != nil {
			return err
		}
		if string(session.Staff) != a.ID && !actor.May(a, actor.EditStaff, actor.Scope{}) {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if err := s.store().endSession(ctx, tx, id); err != nil {
			return err
		}
		return record(ctx, tx, a, "staff.end_session", "staff:"+string(session.Staff), nil)
	})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// EndOtherSessions ends the actor's own sessions but the one with the token.
func (s *Service) EndOtherSessions(ctx context.Context, a actor.Actor, token string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.store().endSessions(ctx, tx, StaffID(a.ID), hashOf(token)); err != nil {
			return err
		}
		return record(ctx, tx, a, "staff.end_sessions", "staff:"+a.ID, nil)
	})
	if err != nil {
		return fmt.Errorf("end other sessions: %w", err)
	}
	return nil
}
