package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// runTests checks the types of all browser code and runs every *.test.ts in Node's own runner.
// Tests are bundled first, with the packages they need, as the code they test is.
func runTests(ctx context.Context, root string) error {
	tools := filepath.Join(root, "tools", "assets")
	if err := command(ctx, tools, filepath.Join(tools, "node_modules", ".bin", "tsc"), "--noEmit", "-p", "tsconfig.json"); err != nil {
		return fmt.Errorf("types: %w", err)
	}
	var tests []string
	for _, s := range sets {
		err := filepath.WalkDir(filepath.Join(root, s.src), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".test.ts") {
				tests = append(tests, path)
			}
			return err
		})
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if len(tests) == 0 {
		return errors.New("no tests found")
	}
	out, err := os.MkdirTemp("", "depesche-assets-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(out) }()
	res := api.Build(api.BuildOptions{
		AbsWorkingDir: root,
		EntryPoints:   tests,
		Outdir:        out,
		OutExtension:  map[string]string{".js": ".mjs"},
		EntryNames:    "[name]",
		Bundle:        true,
		MainFields:    []string{"module", "main"},
		NodePaths:     []string{filepath.Join(tools, "node_modules")},
		External:      []string{"canvas"}, // linkedom would take it if it were there
		Platform:      api.PlatformNode,
		Format:        api.FormatESModule,
		Target:        api.ES2022,
		Sourcemap:     api.SourceMapInline,
		Tsconfig:      filepath.Join(tools, "tsconfig.json"),
		Loader:        map[string]api.Loader{".svg": api.LoaderText},
		Write:         true,
		LogLevel:      api.LogLevelWarning,
	})
	if len(res.Errors) > 0 {
		return errors.New("tests do not build, see above")
	}
	args := []string{"--test", "--enable-source-maps"}
	for _, f := range res.OutputFiles {
		args = append(args, f.Path)
	}
	if err := command(ctx, root, "node", args...); err != nil {
		return fmt.Errorf("tests: %w", err)
	}
	return nil
}

func command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stdout, os.Stderr
	return cmd.Run()
}
