package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/demo"
	"depesche/internal/desk"
)

// DemoPassword is that of every account of the demo paper. It is printed and shown at the sign-in:
// the demo is no secret, and it isn't meant to be reached by strangers.
const DemoPassword = "dash dot dot"

// NewDemo builds a newsroom with the demo paper in it. keep says that the folder outlives the run: a
// demo that is there already is used as it is, another paper is refused, and a new demo appears in
// the folder as a whole or not at all.
func NewDemo(ctx context.Context, cfg config.Config, log *slog.Logger, keep bool, step func(done, total int)) (*App, error) {
	accounts, err := DemoAccounts()
	if err != nil {
		return nil, err
	}
	if !keep {
		return openDemo(ctx, cfg, log, Options{DemoAccounts: accounts, Forgetful: true}, step)
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, db.FileName)); errors.Is(err, fs.ErrNotExist) {
		if err := tellDemo(ctx, cfg, log, step); err != nil {
			return nil, err
		}
	}
	return openDemo(ctx, cfg, log, Options{DemoAccounts: accounts}, step)
}

// tellDemo loads the demo in a folder beside and moves it into place, the database last: who ends
// the program half way finds no half paper afterwards.
func tellDemo(ctx context.Context, cfg config.Config, log *slog.Logger, step func(done, total int)) error {
	aside := cfg
	aside.Data = filepath.Join(cfg.Data, ".demo")
	if err := os.RemoveAll(aside.Data); err != nil {
		return err
	}
	a, err := openDemo(ctx, aside, log, Options{Forgetful: true}, step)
	if err != nil {
		return errors.Join(err, os.RemoveAll(aside.Data))
	}
	if err := a.Close(); err != nil {
		return err
	}
	for _, name := range []string{filepath.Base(cfg.Files()), db.FileName} {
		if err := os.Rename(filepath.Join(aside.Data, name), filepath.Join(cfg.Data, name)); err != nil {
			return err
		}
	}
	return os.RemoveAll(aside.Data)
}

func openDemo(ctx context.Context, cfg config.Config, log *slog.Logger, o Options, step func(done, total int)) (*App, error) {
	clock := &demo.Clock{}
	o.Clock = clock
	a, err := New(ctx, cfg, log, o)
	if err != nil {
		return nil, err
	}
	if err := a.loadDemo(ctx, clock, step); err != nil {
		return nil, errors.Join(err, a.Close())
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
		Editions: a.Editions, Releases: a.Releases, Corrections: a.Corrections, Translate: a.Translate, Register: a.Register, Live: a.Live,
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

const demoAdmin = demo.Admin

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
