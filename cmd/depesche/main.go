// Command depesche is a newsroom in one binary: `depesche demo` shows one, `depesche serve` is one.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"depesche/internal/config"
)

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version = ""

type cli struct {
	Serve    serveCmd    `cmd:"" help:"Run the newsroom."`
	Demo     demoCmd     `cmd:"" help:"Show a living newsroom with stories in four languages; needs nothing."`
	Import   importCmd   `cmd:"" help:"Take in stories from another system."`
	Export   exportCmd   `cmd:"" help:"Write everything into an archive in open formats."`
	Backup   backupCmd   `cmd:"" help:"Save database and files, also while the newsroom is running."`
	Restore  restoreCmd  `cmd:"" help:"Bring a backup into an empty newsroom, on either database."`
	Fill     fillCmd     `cmd:"" help:"Make a paper of many stories, to measure and to try out."`
	Memory   memoryCmd   `cmd:"" help:"Take in, write and count the translation memory."`
	Register registerCmd `cmd:"" help:"Take names and terms in and out."`
	Engine   engineCmd   `cmd:"" help:"Add and list what the embedded translation engine needs."`
	User     userCmd     `cmd:"" help:"Make accounts and set passwords from the server's own shell."`
	Config   configCmd   `cmd:"" help:"Show the settings that are in force, and where they come from."`
	Version  versionCmd  `cmd:"" help:"Show the version."`
}

// Exit codes, for scripts.
const (
	exitFailed = 1 // the work wasn't done
	exitUsage  = 2 // the call was wrong
	exitPartly = 3 // an import left something out; its report says what
)

// errPartly says that work was done, with remarks.
var errPartly = errors.New("done, with remarks")

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	var c cli
	code := -1
	settings, err := settingsFile(config.FileOf(args))
	if err != nil {
		fmt.Fprintln(os.Stderr, "depesche: the settings file:", err)
		return exitUsage
	}
	parser, err := kong.New(&c,
		kong.Name("depesche"),
		kong.Description("A newsroom in one binary: write a story once, publish it in every language your readers speak.\n\nStart with `depesche demo`, or with `depesche serve --data DIR` for a paper of your own. Every setting is a flag, an environment variable or a line of DIR/depesche.json; flags win."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Resolvers(settings),
		kong.Exit(func(n int) { code = n; panic(exited{}) }),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "depesche:", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	kctx, err := parse(parser, args, &code)
	if code >= 0 {
		if code > 0 {
			return exitUsage
		}
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "depesche:", err)
		var p *kong.ParseError
		if errors.As(err, &p) {
			fmt.Fprintln(os.Stderr, "Try:", wanted(p.Context), "--help")
		}
		return exitUsage
	}
	kctx.BindTo(ctx, (*context.Context)(nil))
	switch err := kctx.Run(); {
	case errors.Is(err, errPartly):
		return exitPartly
	case err != nil:
		fmt.Fprintln(os.Stderr, "depesche:", explain(err))
		return exitFailed
	}
	return 0
}

// wanted is the command as far as it was understood.
func wanted(ctx *kong.Context) string {
	name := "depesche"
	for _, p := range ctx.Path {
		if p.Command != nil {
			name += " " + p.Command.Name
		}
	}
	return name
}

// settingsFile reads the settings file. The environment wins over it, as flags do over both.
func settingsFile(name string) (kong.Resolver, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = []byte("{}"), nil
	}
	if err != nil {
		return nil, err
	}
	if err := config.CheckFile(b); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	file, err := kong.JSON(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return kong.ResolverFunc(func(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
		if config.InEnvironment(flag.Envs) {
			return nil, nil
		}
		return file.Resolve(ctx, parent, flag)
	}), nil
}

// exited carries kong's wish to end the program out of its parser.
type exited struct{}

func parse(p *kong.Kong, args []string, code *int) (ctx *kong.Context, err error) {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(exited); !ok {
				panic(v)
			}
		}
	}()
	_ = code
	return p.Parse(args)
}

type versionCmd struct{}

func (versionCmd) Run() error {
	v := version
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v == "" {
			v = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = ", revision " + s.Value
			}
		}
	}
	fmt.Printf("depesche %s%s, %s %s/%s\n", v, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

type configCmd struct{ config.Config }

// Help teaches.
func (configCmd) Help() string {
	return `Flags win over the environment, the environment over the settings file, which is depesche.json in
the data folder: {"addr": "127.0.0.1:8090", "log_level": "warn"}

Examples:

    depesche config --data /srv/paper
    DEPESCHE_ADDR=0.0.0.0:80 depesche config`
}

func (c configCmd) Run(k *kong.Context) error {
	return c.Print(os.Stdout, func(field string) string { return origin(k, field) })
}

// origin tells where the value of a field of the configuration comes from.
func origin(k *kong.Context, field string) string {
	for _, p := range k.Path {
		if p.Flag == nil || !strings.EqualFold(strings.ReplaceAll(p.Flag.Name, "-", ""), field) {
			continue
		}
		if p.Resolved {
			return "the settings file"
		}
		return "--" + p.Flag.Name
	}
	for _, f := range k.Flags() {
		if strings.EqualFold(strings.ReplaceAll(f.Name, "-", ""), field) {
			for _, name := range f.Envs {
				if os.Getenv(name) != "" {
					return name
				}
			}
		}
	}
	return ""
}
