// Command assets builds what browsers get: it bundles the TypeScript and CSS of the desk and of the
// reader's page into their dist folders, under names that carry a hash of the content, with a
// manifest and a list of what comes from others.
//
//	go run ./tools/assets          build; fetches the pinned npm packages first if they are missing
//	go run ./tools/assets -check   build in memory and compare with what is committed
//	go run ./tools/assets -test    type check, then run the browser code's unit tests in Node
//	go run ./tools/assets -gallery 127.0.0.1:8090   show the desk's components with sample data
//
// The built files are committed, so `go build` needs none of this. Node is needed for the desk's
// editor only: `-only page` builds the reader's styles without it.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
)

// set is one folder of sources and the folder its bundle goes to.
type set struct {
	name, src, out string
	// publicPath is put before the names in url(). The reader's style sheet stands inside the page,
	// where a relative address would be resolved against the article's.
	publicPath string
	// node says that the set imports npm packages.
	node bool
}

var sets = []set{
	{name: "desk", src: "internal/desk/assets", out: "internal/desk/dist", node: true},
	{name: "page", src: "internal/page/assets", out: "internal/page/dist", publicPath: "/assets/"},
}

func main() {
	check := flag.Bool("check", false, "compare with the committed files instead of writing them")
	test := flag.Bool("test", false, "type check and run the unit tests of the browser code")
	only := flag.String("only", "", "build one set: desk or page")
	show := flag.String("gallery", "", "serve the gallery of the desk's components on this address")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *check, *test, *only, *show); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop is called above
	}
}

func run(ctx context.Context, check, test bool, only, show string) error {
	root, err := repository()
	if err != nil {
		return err
	}
	if show != "" {
		return serveGallery(ctx, root, show)
	}
	if test {
		if err := installPackages(ctx, root); err != nil {
			return err
		}
		return runTests(ctx, root)
	}
	var stale []string
	for _, s := range sets {
		if only != "" && only != s.name {
			continue
		}
		if s.node {
			if err := installPackages(ctx, root); err != nil {
				return err
			}
		}
		files, err := build(root, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if files == nil {
			continue
		}
		if check {
			stale = append(stale, compare(filepath.Join(root, s.out), s.out, files)...)
			continue
		}
		if err := write(filepath.Join(root, s.out), files); err != nil {
			return err
		}
		report(s, files)
	}
	if len(stale) > 0 {
		return fmt.Errorf("not fresh, run `go run ./tools/assets`:\n  %s", joinLines(stale))
	}
	return nil
}

// repository finds the folder of go.mod above the working directory.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}

// installPackages brings exactly what package-lock.json names. Install scripts of packages don't
// run: none of ours needs one.
func installPackages(ctx context.Context, root string) error {
	dir := filepath.Join(root, "tools", "assets")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("the desk's editor is built with npm packages, and npm is not installed (Debian: apt-get install npm)")
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci: %w", err)
	}
	return nil
}

// write replaces the whole folder, so that a file nobody names any more is gone.
func write(dir string, files map[string][]byte) error {
	old, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, data) {
			continue
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	for _, e := range old {
		if _, keep := files[e.Name()]; !keep {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare names what differs between the folder and the files.
func compare(dir, shown string, files map[string][]byte) []string {
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		now, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, os.ErrNotExist):
			stale = append(stale, shown+"/"+name+" is missing")
		case err != nil:
			stale = append(stale, err.Error())
		case !bytes.Equal(now, files[name]):
			stale = append(stale, shown+"/"+name+" differs")
		}
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if _, wanted := files[e.Name()]; !wanted {
			stale = append(stale, shown+"/"+e.Name()+" is not built any more")
		}
	}
	return stale
}
