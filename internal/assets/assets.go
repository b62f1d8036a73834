// Package assets serves built browser files: style sheets, scripts, fonts, icons, under names that
// carry a hash of their content, so that a browser may keep them for ever.
//
// The files come from `go run ./tools/assets`, which also writes the manifest that [Load] reads.
package assets

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Manifest is the name of the file that maps asked names to built names.
const Manifest = "manifest.json"

// Set is the built files of one folder. It is safe for use by many at once.
type Set struct {
	prefix string
	files  map[string]*file // by built name: desk.5XKQ2ABC.css
	byName map[string]*file // by asked name: desk.css
}

// Load reads all files of fsys into memory. prefix is the path they are served under, with a slash
// on both sides. A manifest that names a file which is not there is an error, so that a broken
// build stops at start-up and not in a reader's browser.
func Load(fsys fs.FS, prefix string) (*Set, error) {
	if !strings.HasPrefix(prefix, "/") || !strings.HasSuffix(prefix, "/") {
		return nil, fmt.Errorf("assets: prefix %q needs a slash on both sides", prefix)
	}
	data, err := fs.ReadFile(fsys, Manifest)
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	var man struct {
		Files map[string]string `json:"files"`
	}
	if err := json.Unmarshal(data, &man); err != nil {
		return nil, fmt.Errorf("assets: %s: %w", Manifest, err)
	}
	s := &Set{prefix: prefix, files: map[string]*file{}, byName: map[string]*file{}}
	for name, built := range man.Files {
		if !fs.ValidPath(built) || strings.Contains(built, "/") {
			return nil, fmt.Errorf("assets: %s: %q is not a file's name", Manifest, built)
		}
		body, err := fs.ReadFile(fsys, built)
		if err != nil {
			return nil, fmt.Errorf("assets: %s: %w", name, err)
		}
		f, err := newFile(built, body)
		if err != nil {
			return nil, err
		}
		s.files[built], s.byName[name] = f, f
	}
	return s, nil
}

// URL is the address of the file that was built from name ("desk.css", "desk.js",
// "piazzolla-latn.woff2"). A name that isn't in the set is a mistake in our own code: it panics.
// Call it when pages are prepared, where a test sees it.
func (s *Set) URL(name string) string { return s.prefix + s.must(name).name }

// Has tells whether name is in the set.
func (s *Set) Has(name string) bool { return s.byName[name] != nil }

// Names are the asked names, sorted.
func (s *Set) Names() []string {
	names := make([]string, 0, len(s.byName))
	for n := range s.byName {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Bytes is the file's content; don't change it. It panics as [Set.URL] does.
func (s *Set) Bytes(name string) []byte { return s.must(name).plain }

// SHA256CSP is the source expression that lets exactly this file's content stand inline in a page
// under a content security policy: 'sha256-…', with its quotes.
func (s *Set) SHA256CSP(name string) string {
	sum := sha256.Sum256(s.must(name).plain)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (s *Set) must(name string) *file {
	f := s.byName[name]
	if f == nil {
		panic("assets: no file is called " + name)
	}
	return f
}

// types are the content types of what we build. A list of our own, since the system's differs from
// machine to machine.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".wasm":        "application/wasm",
}

func newFile(name string, body []byte) (*file, error) {
	ext := path.Ext(name)
	kind, ok := types[ext]
	if !ok {
		return nil, fmt.Errorf("assets: %s: no content type for %s", name, ext)
	}
	sum := sha256.Sum256(body)
	return &file{
		name:  name,
		kind:  kind,
		tag:   base64.RawURLEncoding.EncodeToString(sum[:12]),
		dense: ext == ".woff2" || ext == ".png",
		plain: body,
	}, nil
}
