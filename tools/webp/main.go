// Command webp fetches the WebP encoder that internal/media/webp embeds: libwebp compiled to
// WebAssembly, from the npm package below, with its licences and a note of where it comes from.
//
//	go generate ./internal/media/webp      fetch and write
//	go run ./tools/webp -check -out DIR    compare what is committed with its own note; no network
//
// npm is needed for fetching only: what it writes is committed.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	pkg     = "@jsquash/webp"
	version = "1.5.0"
	// packed is the SHA-256 of the package as the registry hands it out; a new version is looked
	// at before it gets here.
	packed = "b543cb1fc17e99c31e992a71d70da570d1bc1871ce3a88440df067e5b2e6ee9e"
)

// taken are the package's files we carry, by the name we give them.
var taken = []struct{ from, name, licence string }{
	{"package/codec/enc/webp_enc_simd.wasm", "encoder.wasm", "Apache-2.0 (wrapper), BSD-3-Clause (libwebp)"},
	{"package/LICENSE", "LICENSE-jsquash.txt", ""},
	{"package/codec/LICENSE.codec.md", "LICENSE-libwebp.txt", ""},
}

// origin is the note beside the files.
type origin struct {
	Name    string            `json:"name"`
	Origin  string            `json:"origin"`
	Version string            `json:"version"`
	Licence string            `json:"licence"`
	SHA256  map[string]string `json:"sha256"`
}

func main() {
	out := flag.String("out", "internal/media/webp", "the folder to write to")
	check := flag.Bool("check", false, "compare the folder with its note, fetch nothing")
	flag.Parse()
	run := fetch
	if *check {
		run = compare
	}
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "webp:", err)
		os.Exit(1)
	}
}

func fetch(out string) error {
	dir, err := os.MkdirTemp("", "webp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(context.Background(), "npm", "pack", "--silent", pkg+"@"+version)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	name, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("npm pack %s@%s: %w", pkg, version, err)
	}
	data, err := os.ReadFile(filepath.Join(dir, string(bytes.TrimSpace(name))))
	if err != nil {
		return err
	}
	if got := hash(data); got != packed {
		return fmt.Errorf("%s@%s has SHA-256 %s, want %s", pkg, version, got, packed)
	}
	files, err := unpack(data)
	if err != nil {
		return err
	}
	note := origin{
		Name: "libwebp, compiled to WebAssembly", Origin: "npm " + pkg, Version: version,
		Licence: taken[0].licence, SHA256: map[string]string{"package": packed},
	}
	for _, t := range taken {
		content, ok := files[t.from]
		if !ok {
			return fmt.Errorf("%s is not in the package", t.from)
		}
		if err := os.WriteFile(filepath.Join(out, t.name), content, 0o644); err != nil {
			return err
		}
		note.SHA256[t.name] = hash(content)
	}
	text, err := json.MarshalIndent(note, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "origin.json"), append(text, '\n'), 0o644)
}

func unpack(data []byte) (map[string][]byte, error) {
	gz, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for r := tar.NewReader(gz); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if out[h.Name], err = io.ReadAll(io.LimitReader(r, 16<<20)); err != nil {
			return nil, err
		}
	}
}

func compare(out string) error {
	text, err := os.ReadFile(filepath.Join(out, "origin.json"))
	if err != nil {
		return err
	}
	var note origin
	if err := json.Unmarshal(text, &note); err != nil {
		return err
	}
	if note.Version != version || note.SHA256["package"] != packed {
		return fmt.Errorf("%s is of another version", out)
	}
	for _, t := range taken {
		content, err := os.ReadFile(filepath.Join(out, t.name))
		if err != nil {
			return err
		}
		if got := hash(content); got != note.SHA256[t.name] {
			return fmt.Errorf("%s has SHA-256 %s, want %s", t.name, got, note.SHA256[t.name])
		}
	}
	return nil
}

func hash(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }
