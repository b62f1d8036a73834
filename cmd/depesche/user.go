package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"depesche/internal/actor"
	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
)

type userCmd struct {
	List     userListCmd     `cmd:"" help:"List the accounts."`
	Add      userAddCmd      `cmd:"" help:"Make an account; asks for its password."`
	Password userPasswordCmd `cmd:"" help:"Set an account's password and end its sessions; asks for it."`
}

// shell acts for whoever has the server's shell.
var shell = actor.System("shell")

// withApp opens the newsroom for a command and closes it again.
func withApp(ctx context.Context, cfg config.Config, fn func(*app.App) error) error {
	a, err := app.New(ctx, cfg, cfg.Logger(os.Stderr), app.Options{})
	if err != nil {
		return err
	}
	err = fn(a)
	if !errors.Is(err, errPartly) {
		err = explain(a, err)
	}
	return errors.Join(err, a.Close())
}

// explain says what is wrong with a person's input in words, a line a field.
func explain(a *app.App, err error) error {
	if err == nil {
		return nil
	}
	w := a.Words.In(lang.Match(config.ShellLang(), a.Words.Languages(), "en"))
	var lines []string
	for _, f := range problem.FieldsOf(err) {
		lines = append(lines, f.Name+": "+w.T(f.Key, f.Args...))
	}
	var p *problem.Error
	if len(lines) == 0 && errors.As(err, &p) && p.Key != "" {
		lines = append(lines, w.T(p.Key, p.Args...))
	}
	if len(lines) == 0 {
		return err
	}
	return errors.New(strings.Join(lines, "\n"))
}

type userListCmd struct{ config.Config }

func (c userListCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, func(a *app.App) error {
		list, err := a.People.Staff(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, s := range list {
			note := ""
			if !s.Active {
				note = "inactive"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Email, s.Role, s.Name, note)
		}
		return w.Flush()
	})
}

type userAddCmd struct {
	config.Config
	Email string      `arg:"" help:"Address to sign in with."`
	Name  string      `required:"" help:"The person's name."`
	Role  people.Role `required:"" enum:"reporter,translator,editor,chief,advertising,admin" help:"reporter, translator, editor, chief, advertising or admin."`
	Lang  lang.Tag    `default:"en" help:"Language of the screens."`
}

func (c userAddCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, func(a *app.App) error {
		password, err := askPassword("Password for " + c.Email)
		if err != nil {
			return err
		}
		st, err := a.People.CreateStaff(ctx, shell, people.NewStaff{Name: c.Name, Email: c.Email, Role: c.Role, UILang: c.Lang, Password: password})
		if err != nil {
			return err
		}
		fmt.Printf("%s can sign in as %s.\n", st.Email, st.Role)
		return nil
	})
}

type userPasswordCmd struct {
	config.Config
	Email string `arg:"" help:"Address of the account."`
}

func (c userPasswordCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, func(a *app.App) error {
		st, err := a.People.StaffByEmail(ctx, strings.ToLower(c.Email))
		if problem.Is(err, problem.NotFound) {
			return fmt.Errorf("no account has the address %s; `depesche user list` shows them", c.Email)
		}
		if err != nil {
			return err
		}
		password, err := askPassword("New password for " + st.Email)
		if err != nil {
			return err
		}
		if err := a.People.SetPassword(ctx, shell, st.ID, password); err != nil {
			return err
		}
		fmt.Printf("The password of %s is set; its sessions have ended.\n", st.Email)
		return nil
	})
}

// askPassword reads a password without showing it; from a pipe it takes the first line.
func askPassword(prompt string) (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	fmt.Fprint(os.Stderr, prompt, ": ")
	b, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	return string(b), err
}
