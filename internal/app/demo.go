package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/demo"
	"depesche/internal/desk"
)

// DemoPassword is that of every account of the demo paper. It is printed and shown at the sign-in:
// the demo is no secret, and it isn't meant to be reached by strangers.
const DemoPassword = "dash dot dot"

// NewDemo builds a newsroom with the demo paper in it. A data folder that holds a demo already is
// used as it is; one that holds another paper is refused. keep says that the folder outlives the run.
func NewDemo(ctx context.Context, cfg config.Config, log *slog.Logger, keep bool, step func(done, total int)) (*App, error) {
	accounts, err := DemoAccounts()
	if err != nil {
		return nil, err
	}
	clock := &demo.Clock{}
	a, err := New(ctx, cfg, log, Options{Clock: clock, DemoAccounts: accounts, Forgetful: !keep})
	if err != nil {
		return nil, err
	}
	err = a.loadDemo(ctx, clock, step)
	if err != nil {
		_ = a.Close() // the first error is the one to tell
		return nil, err
	}
	return a, nil
}

func (a *App) loadDemo(ctx context.Context, clock *demo.Clock, step func(done, total int)) error {
	ready, err := a.Publication.Ready(ctx)
	if err != nil {
		return err
	}
	if ready {
		if _, err := a.People.StaffByEmail(ctx, demoAdmin); err != nil {
			return fmt.Errorf("%s holds a paper that isn't the demo; choose another --data", a.Config.Data)
		}
		return a.follow(ctx)
	}
	rooms := demo.Rooms{
		DB: a.DB, Publication: a.Publication, People: a.People, Topics: a.Topics, Media: a.Media, Stories: a.Stories,
		Editions: a.Editions, Releases: a.Releases, Corrections: a.Corrections, Translate: a.Translate,
	}
	return demo.Load(ctx, rooms, clock, demo.Options{BaseURL: "http://" + a.Config.Addr, Password: DemoPassword, Step: step})
}

// follow makes a kept demo's addresses those that it is served on now.
func (a *App) follow(ctx context.Context) error {
	p, err := a.Publication.Paper(ctx)
	if err != nil || p.BaseURL == "http://"+a.Config.Addr {
		return err
	}
	p.BaseURL = "http://" + a.Config.Addr
	_, err = a.Publication.SavePaper(ctx, actor.System("demo"), p)
	return err
}

const demoAdmin = "admin@meridian.example"

// DemoAccounts are one account a role, the widest.
func DemoAccounts() ([]desk.DemoAccount, error) {
	content, err := demo.Read()
	if err != nil {
		return nil, err
	}
	var out []desk.DemoAccount
	for _, role := range actor.Roles {
		for _, s := range content.Paper.Staff {
			if s.Role == string(role) {
				out = append(out, desk.DemoAccount{Role: s.Role, Name: s.Name, Email: strings.ToLower(s.Email), Password: DemoPassword})
				break
			}
		}
	}
	return out, nil
}
