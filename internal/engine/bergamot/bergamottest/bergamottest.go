// Package bergamottest brings what tests and benchmarks of the embedded engine need and the repository
// doesn't hold: the engine's WebAssembly build, fetched once by npm, and the test material beside the
// repository.
package bergamottest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"depesche/internal/engine/bergamot/store"
)

const (
	npmPackage = "@browsermt/bergamot-translator@0.4.9"
	npmFile    = "package/worker/" + WasmName
	// WasmName is what the build is called.
	WasmName = "bergamot-translator-worker.wasm"
)

// Fetch returns the build. It is kept in the user's cache folder; where it isn't there, npm is asked.
func Fetch(ctx context.Context) ([]byte, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	name := filepath.Join(cache, "depesche", store.ProgramSHA256+".wasm")
	if b, err := os.ReadFile(name); err == nil && check(b) == nil {
		return b, nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(name), "npm-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	b, err := pack(ctx, tmp)
	if err != nil {
		return nil, err
	}
	if err := check(b); err != nil {
		return nil, err
	}
	whole := filepath.Join(tmp, "whole")
	if err := os.WriteFile(whole, b, 0o600); err != nil {
		return nil, err
	}
	return b, os.Rename(whole, name)
}

// pack lets npm fetch the package from the registry that it is set up for, and unpacks it.
func pack(ctx context.Context, dir string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", dir, npmPackage)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w: %.200s", npmPackage, err, out)
	}
	list, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(list) != 1 {
		return nil, errors.Join(err, fmt.Errorf("npm pack left %d files", len(list)))
	}
	return unpack(list[0], npmFile)
}

func check(b []byte) error {
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != store.ProgramSHA256 {
		return fmt.Errorf("the build of %s isn't the one that was tested: SHA-256 %x", npmPackage, sum)
	}
	return nil
}

// Wasm returns the build, or skips the test where it can't be had.
func Wasm(tb testing.TB) []byte {
	tb.Helper()
	b, err := Fetch(tb.Context())
	if err != nil {
		tb.Skip("the embedded engine's build can't be had: ", err)
	}
	return b
}

// Cache is where machine code of the build is kept between tests: making it takes seconds.
func Cache(tb testing.TB) string {
	tb.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		tb.Fatal(err)
	}
	return filepath.Join(dir, "depesche", "wazero")
}

// shared is the folder of test material, seen from the root of the repository.
const shared = "../shared/data/"

// SharedDir is the folder of test material of that name; it may not be there.
func SharedDir(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, shared, name), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = up
	}
}

// Material returns the bytes of a file of the test material, or skips the test.
func Material(tb testing.TB, folder, name string) []byte {
	tb.Helper()
	dir, err := SharedDir(folder)
	if err != nil {
		tb.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		tb.Skip("no test material beside the repository: ../shared/data/" + folder + "/" + name)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
