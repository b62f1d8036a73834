package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"depesche/internal/actor"
	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
)

type userCmd struct {
	List     userListCmd     `cmd:"" help:"List the accounts."`
	Add      userAddCmd      `cmd:"" help:"Make an account; asks for its password."`
	Password userPasswordCmd `cmd:"" help:"Set an account's password and end its sessions; asks for it."`
}

// Help teaches.
func (userCmd) Help() string {
	return `Examples:

    depesche user list --data /srv/paper
    depesche user add olena@example.org --name 'Olena Kovalenko' --role editor --lang uk --data /srv/paper
    depesche user password olena@example.org --data /srv/paper`
}

// shell acts for whoever has the server's shell.
var shell = actor.System("shell")

// withApp opens the newsroom for a command and closes it again.
func withApp(ctx context.Context, cfg config.Config, fn func(*app.App) error) error {
	a, err := app.New(ctx, cfg, cfg.Logger(os.Stderr), app.Options{})
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.Close())
}

// withPaper is [withApp] for commands that make no sense where nothing is: a folder that was
// mistyped isn't an empty paper.
func withPaper(ctx context.Context, cfg config.Config, fn func(*app.App) error) error {
	if cfg.Database == "" {
		if _, err := os.Stat(filepath.Join(cfg.Data, db.FileName)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no paper in %s; name its folder with --data", cfg.Data)
		}
	}
	return withApp(ctx, cfg, fn)
}

type userListCmd struct{ config.Store }

func (c userListCmd) Run(ctx context.Context) error {
	return withPaper(ctx, c.Config(), func(a *app.App) error {
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
	config.Store
	Email string      `arg:"" help:"Address to sign in with."`
	Name  string      `required:"" help:"The person's name." placeholder:"NAME"`
	Role  people.Role `required:"" placeholder:"ROLE" enum:"reporter,translator,editor,chief,advertising,admin" help:"reporter, translator, editor, chief, advertising or admin."`
	Lang  lang.Tag    `default:"en" help:"Language of the screens."`
}

// Help teaches.
func (userAddCmd) Help() string {
	return `The password is asked for, or read from the first line of standard input.

Example:

    depesche user add olena@example.org --name 'Olena Kovalenko' --role editor --lang uk --data /srv/paper`
}

func (c userAddCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config(), func(a *app.App) error {
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
	config.Store
	Email string `arg:"" help:"Address of the account."`
}

// Help teaches.
func (userPasswordCmd) Help() string {
	return `The new password is asked for, or read from the first line of standard input.

Example:

    depesche user password olena@example.org --data /srv/paper`
}

func (c userPasswordCmd) Run(ctx context.Context) error {
	return withPaper(ctx, c.Config(), func(a *app.App) error {
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
