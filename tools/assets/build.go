package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

// browsers are the oldest that the code is written down for.
var browsers = []api.Engine{
	{Name: api.EngineChrome, Version: "109"},
	{Name: api.EngineFirefox, Version: "115"},
	{Name: api.EngineSafari, Version: "16.4"},
}

// manifest maps the names that Go code uses to the files that browsers ask for. Package
// internal/assets reads it.
type manifest struct {
	Files map[string]string `json:"files"`
}

// metafile is what we read of esbuild's account of a build.
type metafile struct {
	Outputs map[string]struct {
		EntryPoint string                     `json:"entryPoint"`
		Inputs     map[string]json.RawMessage `json:"inputs"`
	} `json:"outputs"`
	Inputs map[string]json.RawMessage `json:"inputs"`
}

// build returns the files of the set's dist folder by name, or nil if it has no sources yet.
func build(root string, s set) (map[string][]byte, error) {
	entries, err := entryPoints(root, s)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	res := api.Build(api.BuildOptions{
		AbsWorkingDir:     root,
		EntryPoints:       entries,
		Outdir:            s.out,
		Bundle:            true,
		Format:            api.FormatESModule,
		Engines:           browsers,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone, // the licences stand in THIRD_PARTY.md
		EntryNames:        "[name].[hash]",
		AssetNames:        "[name].[hash]",
		PublicPath:        s.publicPath,
		NodePaths:         []string{filepath.Join(root, "tools", "assets", "node_modules")},
		Tsconfig:          filepath.Join(root, "tools", "assets", "tsconfig.json"),
		Loader:            map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderText},
		Metafile:          true,
		LogLevel:          api.LogLevelWarning,
	})
	if len(res.Errors) > 0 {
		return nil, errors.New("does not build, see above")
	}
	var meta metafile
	if err := json.Unmarshal([]byte(res.Metafile), &meta); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, f := range res.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	man, err := names(s, meta)
	if err != nil {
		return nil, err
	}
	if err := addStatic(root, s, files, &man); err != nil {
		return nil, err
	}
	third, err := thirdParty(root, s, meta)
	if err != nil {
		return nil, err
	}
	files["THIRD_PARTY.md"] = third
	data, err := json.MarshalIndent(man, "", "  ")
	if err != nil {
		return nil, err
	}
	files["manifest.json"] = append(data, '\n')
	return files, nil
}

// entryPoints are the scripts and style sheets that lie directly in the set's folder; what lies
// deeper is there to be imported. Tests are not bundled.
func entryPoints(root string, s set) ([]string, error) {
	found, err := os.ReadDir(filepath.Join(root, s.src))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []string
	for _, e := range found {
		ext := path.Ext(e.Name())
		if e.IsDir() || ext != ".ts" && ext != ".css" || strings.HasSuffix(e.Name(), ".test.ts") || strings.HasSuffix(e.Name(), ".d.ts") {
			continue
		}
		entries = append(entries, s.src+"/"+e.Name())
	}
	return entries, nil
}

// names makes the manifest: desk.ts is asked for as desk.js, a font by its file's name.
func names(s set, meta metafile) (manifest, error) {
	man := manifest{Files: map[string]string{}}
	for out, o := range meta.Outputs {
		from := o.EntryPoint
		if from == "" {
			for in := range o.Inputs {
				from = in
			}
		}
		name := path.Base(from)
		if path.Ext(name) == ".ts" {
			name = strings.TrimSuffix(name, ".ts") + path.Ext(out)
		}
		if other, twice := man.Files[name]; twice {
			return manifest{}, fmt.Errorf("two files are called %s: %s and %s", name, other, path.Base(out))
		}
		man.Files[name] = path.Base(out)
	}
	return man, nil
}

// addStatic takes the files of the set's static folder as they are.
func addStatic(root string, s set, files map[string][]byte, man *manifest) error {
	dir := filepath.Join(root, s.src, "static")
	found, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range found {
		if e.IsDir() {
			return fmt.Errorf("static/%s: folders are not kept", e.Name())
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		ext := path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ext) + "." + base32.StdEncoding.EncodeToString(sum[:5]) + ext
		if _, twice := man.Files[e.Name()]; twice {
			return fmt.Errorf("static/%s: another file has that name", e.Name())
		}
		files[name], man.Files[e.Name()] = data, name
	}
	return nil
}

// report prints what a browser will load.
func report(s set, files map[string][]byte) {
	fmt.Printf("%s\n", s.out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data := files[name]
		switch path.Ext(name) {
		case ".js", ".css", ".svg":
			fmt.Printf("  %-36s %8d bytes %8d gzip %8d brotli\n", name, len(data), gzipped(data), brotlied(data))
		case ".woff2":
			fmt.Printf("  %-36s %8d bytes\n", name, len(data))
		}
	}
}

func gzipped(data []byte) int {
	var n counter
	w, _ := gzip.NewWriterLevel(&n, gzip.BestCompression)
	_, _ = w.Write(data)
	_ = w.Close()
	return int(n)
}

func brotlied(data []byte) int {
	var n counter
	w := brotli.NewWriterLevel(&n, brotli.BestCompression)
	_, _ = io.Copy(w, bytes.NewReader(data))
	_ = w.Close()
	return int(n)
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func joinLines(lines []string) string { return strings.Join(lines, "\n  ") }
