package publication

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/problem"
)

// maxPath is the length of an address; some old systems made very long ones.
const maxPath = 2000

// Redirect returns where an old address leads: a /path, or a target like "section:<id>:<lang>" that
// the reader turns into the present address. path is as in the request, with its query if it had
// one. It is problem.NotFound for an address we never had.
func (s *Service) Redirect(ctx context.Context, q db.Conn, path string) (target string, err error) {
	db.Note(q, "paper", "redirects")
	if len(path) > maxPath {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	if target, err = s.store().redirect(ctx, q, path); err != nil {
		return "", fmt.Errorf("redirect of %.200q: %w", path, err)
	}
	return target, nil
}

// Redirects returns those whose path sorts after the given one, by path.
func (s *Service) Redirects(ctx context.Context, q db.Conn, after string, limit int) ([]Redirect, error) {
	list, err := s.store().redirects(ctx, q, after, max(1, min(limit, 1000)))
	if err != nil {
		return nil, fmt.Errorf("redirects: %w", err)
	}
	return list, nil
}

// AddRedirect lets path lead to target, also if it led somewhere else before. It is part of another
// room's act, which does the telling. The fields of its problems are path and target.
func (s *Service) AddRedirect(ctx context.Context, tx *db.Tx, path, target string) error {
	var f problem.Fields
	if !isPath(path) {
		f.Add("path", "problem.path", clip(path))
	}
	if !isTarget(target) {
		f.Add("target", "problem.redirect_target", clip(target))
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := s.noCircle(ctx, tx, path, target); err != nil {
		return err
	}
	if err := s.store().putRedirect(ctx, tx, path, target); err != nil {
		return fmt.Errorf("add redirect of %.200q: %w", path, err)
	}
	return nil
}

// RemoveRedirect takes away what leads from path elsewhere, when something lives there again. It is
// no mistake if there is nothing.
func (s *Service) RemoveRedirect(ctx context.Context, tx *db.Tx, path string) error {
	if _, err := s.store().deleteRedirect(ctx, tx, path); err != nil {
		return fmt.Errorf("remove redirect of %.200q: %w", path, err)
	}
	return nil
}

// Retarget lets all addresses that lead to a thing lead to another, each in its language. from and
// into are like "topic:<id>".
func (s *Service) Retarget(ctx context.Context, tx *db.Tx, from, into string) error {
	if !thing.MatchString(from+":xx") || !thing.MatchString(into+":xx") {
		return fmt.Errorf("retarget %.60q to %.60q: no things", from, into)
	}
	if err := s.store().retarget(ctx, tx, from, into); err != nil {
		return fmt.Errorf("retarget %s: %w", from, err)
	}
	return nil
}

// noCircle follows target as a browser would.
func (s *Service) noCircle(ctx context.Context, tx *db.Tx, path, target string) error {
	for range 10 {
		if !strings.HasPrefix(target, "/") {
			return nil
		}
		if target == path {
			var f problem.Fields
			f.Add("target", "problem.redirect_circle", target)
			return f.Err()
		}
		next, err := s.store().redirect(ctx, tx, target)
		if problem.Is(err, problem.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		target = next
	}
	var f problem.Fields
	f.Add("target", "problem.redirect_chain", target)
	return f.Err()
}

// SaveRedirect is [Service.AddRedirect] as an act of its own.
func (s *Service) SaveRedirect(ctx context.Context, a actor.Actor, path, target string) error {
	if !actor.May(a, actor.EditRedirects, actor.Scope{}) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.AddRedirect(ctx, tx, path, target); err != nil {
			return err
		}
		return tell(ctx, tx, a, "redirect.save", "redirect.changed", "redirect:"+path, map[string]string{"target": target})
	})
}

// DeleteRedirect lets path lead nowhere.
func (s *Service) DeleteRedirect(ctx context.Context, a actor.Actor, path string) error {
	if !actor.May(a, actor.EditRedirects, actor.Scope{}) {
		return forbidden()
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		there, err := s.store().deleteRedirect(ctx, tx, path)
		if err != nil {
			return err
		}
		if !there {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		return tell(ctx, tx, a, "redirect.delete", "redirect.changed", "redirect:"+path, nil)
	})
	if err != nil {
		return fmt.Errorf("delete redirect of %.200q: %w", path, err)
	}
	return nil
}

// isPath reports whether p is an address within a site: no host (browsers read // and /\ as one),
// nothing that could break a header.
func isPath(p string) bool {
	if len(p) > maxPath || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || !utf8.ValidString(p) {
		return false
	}
	if strings.IndexFunc(p, func(r rune) bool { return unicode.IsControl(r) || r == '\\' || r == '#' || unicode.IsSpace(r) }) >= 0 {
		return false
	}
	u, err := url.Parse(p)
	return err == nil && u.Host == "" && u.Scheme == ""
}

var thing = regexp.MustCompile(`^(story|section|topic|author|page):[0-9a-z]{26}:[A-Za-z0-9-]{2,35}$`)

func isTarget(t string) bool { return isPath(t) || thing.MatchString(t) }

func clip(s string) string {
	if len(s) > maxPath {
		s = s[:maxPath]
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
