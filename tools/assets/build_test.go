package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sources writes a small set of sources below a folder of its own.
func sources(t *testing.T, files map[string]string) (root string, s set) {
	t.Helper()
	root = t.TempDir()
	files["tools/assets/tsconfig.json"] = `{}`
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root, set{name: "page", src: "src", out: "dist", publicPath: "/assets/"}
}

func small() map[string]string {
	return map[string]string{
		"src/reader.css":        `@font-face{font-family:A;src:url(fonts/a.woff2)} body{color:red}`,
		"src/share.ts":          `import {a} from "./parts/a"; console.log(a)`,
		"src/share.test.ts":     `throw 1`,
		"src/parts/a.ts":        `export const a: string = "a"`,
		"src/static/icon.svg":   `<svg/>`,
		"src/fonts/a.woff2":     `font`,
		"src/fonts/OFL.txt":     `Licence text`,
		"src/fonts/origin.json": `[{"name":"A","origin":"npm package a","version":"1","licence":"OFL-1.1","licenceFile":"OFL.txt","files":["a.woff2"]}]`,
	}
}

func TestBuild(t *testing.T) {
	root, s := sources(t, small())
	files, err := build(root, s)
	if err != nil {
		t.Fatal(err)
	}
	hash := regexp.MustCompile(`\.[A-Z2-7]{8}\.`)
	var names []string
	for name := range files {
		names = append(names, hash.ReplaceAllString(name, ".HASH."))
	}
	want := map[string]bool{"THIRD_PARTY.md": true, "manifest.json": true, "reader.HASH.css": true, "share.HASH.js": true, "icon.HASH.svg": true, "a.HASH.woff2": true}
	for _, n := range names {
		if !want[n] {
			t.Errorf("%s is built", n)
		}
		delete(want, n)
	}
	for n := range want {
		t.Errorf("%s is missing", n)
	}
	for name, data := range files {
		if strings.HasSuffix(name, ".css") && !regexp.MustCompile(`url\("?/assets/a\.[A-Z2-7]{8}\.woff2"?\)`).Match(data) {
			t.Errorf("the font's address is not rewritten: %s", data)
		}
	}
	man := hash.ReplaceAllString(string(files["manifest.json"]), ".HASH.")
	if diff := cmp.Diff("{\n  \"files\": {\n    \"a.woff2\": \"a.HASH.woff2\",\n    \"icon.svg\": \"icon.HASH.svg\",\n    \"reader.css\": \"reader.HASH.css\",\n    \"share.js\": \"share.HASH.js\"\n  }\n}\n", man); diff != "" {
		t.Error(diff)
	}
	third := string(files["THIRD_PARTY.md"])
	for _, part := range []string{"## A\n", "OFL-1.1", "Licence text", "a.woff2", "npm package a"} {
		if !strings.Contains(third, part) {
			t.Errorf("THIRD_PARTY.md lacks %q", part)
		}
	}

	again, err := build(root, s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files, again); diff != "" {
		t.Errorf("two builds differ: %s", diff)
	}
}

func TestBuildRefuses(t *testing.T) {
	for name, change := range map[string]func(map[string]string){
		"a font nobody accounts for": func(f map[string]string) { f["src/fonts/b.woff2"] = "x" },
		"a font without its licence": func(f map[string]string) { delete(f, "src/fonts/OFL.txt") },
		"code that doesn't parse":    func(f map[string]string) { f["src/share.ts"] = "const" },
		"a name twice":               func(f map[string]string) { f["src/static/share.js"] = "1" },
	} {
		t.Run(name, func(t *testing.T) {
			files := small()
			change(files)
			root, s := sources(t, files)
			if _, err := build(root, s); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestWriteAndCompare(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dist")
	if err := write(dir, map[string][]byte{"a.css": []byte("a"), "b.css": []byte("b")}); err != nil {
		t.Fatal(err)
	}
	next := map[string][]byte{"a.css": []byte("a2"), "c.css": []byte("c")}
	want := []string{"dist/a.css differs", "dist/c.css is missing", "dist/b.css is not built any more"}
	if diff := cmp.Diff(want, compare(dir, "dist", next)); diff != "" {
		t.Error(diff)
	}
	if err := write(dir, next); err != nil {
		t.Fatal(err)
	}
	if stale := compare(dir, "dist", next); len(stale) > 0 {
		t.Error(stale)
	}
}
