package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/engine/bergamot/marian"
	"depesche/internal/lang"
	"depesche/internal/publication"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"depesche": func() { os.Exit(run(os.Args[1:])) }})
}

// TestScripts runs the command as people type it; adding a case is adding a file.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Cmds: map[string]func(*testscript.TestScript, bool, []string){"paper": paper, "exits": exits, "model": model}})
}

// paper sets a paper up in a folder, as its first administrator does in the browser: paper DIR LANG…
func paper(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	ts.Check(withApp(ctx, config.Default(ts.MkAbs(args[0])), func(a *app.App) error {
		var langs []lang.Tag
		for _, l := range args[1:] {
			langs = append(langs, lang.Tag(l))
		}
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			return a.Publication.SetUp(ctx, tx, publication.Setup{
				Name: "Meridian", Languages: langs, MainLang: langs[0], TimeZone: "Europe/Berlin", BaseURL: "https://meridian.example",
			})
		})
	}))
}

// model writes the files of a small model into a folder, with their sums: model DIR enuk
func model(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	weights, shortlist, vocab := marian.Trifle(1)
	sums := ""
	for name, b := range map[string][]byte{"model." + args[1] + ".bin": weights, "lex." + args[1] + ".s2t.bin": shortlist, "vocab." + args[1] + ".spm": vocab} {
		ts.Check(os.WriteFile(filepath.Join(dir, name), b, 0o600))
		sums += fmt.Sprintf("%x  %s\n", sha256.Sum256(b), name)
	}
	ts.Check(os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums), 0o600))
}

// exits runs a command that must end with a code: exits 3 depesche …
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if want, err := strconv.Atoi(args[0]); err != nil || code != want {
		ts.Fatalf("exit code %d instead of %s", code, args[0])
	}
}
