package store

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"depesche/internal/engine"
	"depesche/internal/lang"
)

// role is what a file is for.
type role string

const (
	roleProgram   role = "program"
	roleWeights   role = "weights"
	roleShortlist role = "short list"
	roleVocab     role = "vocabulary"
	roleSource    role = "source vocabulary"
	roleTarget    role = "target vocabulary"
)

// names are the ways files are called; the middle is the direction, if it is one.
var names = []struct {
	role role
	re   *regexp.Regexp
}{
	{roleProgram, regexp.MustCompile(`^.+\.wasm$`)},
	{roleWeights, regexp.MustCompile(`^model\.([a-zA-Z_-]+)\.(?:.*\.)?bin$`)},
	{roleShortlist, regexp.MustCompile(`^lex\.(?:[0-9.]+\.)?([a-zA-Z_-]+)\.(?:.*\.)?bin$`)},
	{roleVocab, regexp.MustCompile(`^vocab\.([a-zA-Z_-]+)\.spm$`)},
	{roleSource, regexp.MustCompile(`^srcvocab\.([a-zA-Z_-]+)\.spm$`)},
	{roleTarget, regexp.MustCompile(`^trgvocab\.([a-zA-Z_-]+)\.spm$`)},
}

// classify says what a file is for by its name, without .gz, and the direction in it.
func classify(name string) (r role, middle string, ok bool) {
	for _, n := range names {
		if m := n.re.FindStringSubmatch(name); m != nil {
			if len(m) > 1 {
				middle = m[1]
			}
			return n.role, middle, true
		}
	}
	return "", "", false
}

// direction reads "enuk", "en-uk" and "en_uk".
func direction(s string) (engine.Pair, bool) {
	var from, to string
	switch {
	case strings.ContainsAny(s, "-_"):
		i := strings.IndexAny(s, "-_")
		from, to = s[:i], s[i+1:]
	case len(s) == 4:
		from, to = s[:2], s[2:]
	default:
		return engine.Pair{}, false
	}
	a, err := lang.Parse(strings.ReplaceAll(from, "_", "-"))
	if err != nil {
		return engine.Pair{}, false
	}
	b, err := lang.Parse(strings.ReplaceAll(to, "_", "-"))
	return engine.Pair{From: a, To: b}, err == nil && a != b
}

// found is a file of the folder that is taken in.
type found struct {
	path, base string // base is the name without .gz
	role       role
	middle     string
	b          []byte
	stated     bool
}

// Sizes that no file reaches.
const (
	maxFile     = 512 << 20
	maxManifest = 64 << 20
	maxFiles    = 10_000
)

// read returns a file's bytes, unpacked, and as they lie.
func read(name string) (plain, packed []byte, err error) {
	f, size, err := open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if size > maxFile {
		return nil, nil, fmt.Errorf("%s: larger than %d bytes", name, maxFile)
	}
	packed = make([]byte, size)
	if _, err := io.ReadFull(f, packed); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if bytes.HasPrefix(packed, []byte("version https://git-lfs.github.com/spec/")) {
		return nil, nil, fmt.Errorf("%s is only a pointer of Git LFS: fetch the file itself (git lfs pull)", name)
	}
	if !strings.HasSuffix(name, ".gz") {
		return packed, packed, nil
	}
	if plain, err = unpacked(packed); err != nil {
		return nil, nil, fmt.Errorf("%s can't be unpacked: %w", name, err)
	}
	return plain, packed, nil
}

// open opens a file. A pipe or a device would never end.
func open(name string) (f *os.File, size int64, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s is no file", name)
	}
	f, err = os.Open(name)
	return f, info.Size(), err
}

// unpacked is what gzip packed. It is counted before it is kept: a few megabytes can unpack to any number.
func unpacked(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, maxFile+1))
	if err != nil {
		return nil, err
	}
	if n > maxFile {
		return nil, fmt.Errorf("larger than %d bytes", maxFile)
	}
	if err := z.Reset(bytes.NewReader(packed)); err != nil {
		return nil, err
	}
	plain := make([]byte, n)
	_, err = io.ReadFull(z, plain)
	return plain, err
}

func atMost(r io.Reader, n int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, n+1))
	if err == nil && int64(len(b)) > n {
		err = fmt.Errorf("larger than %d bytes", n)
	}
	return b, err
}

// scan looks through a folder and those in it: manifests first, then the files that they speak of.
func scan(dir string) (files []*found, st *statements, ignored []string, err error) {
	st = newStatements()
	n := 0
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != dir && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if n++; n > maxFiles {
			return fmt.Errorf("%s holds too many files: name the folder of the models", dir)
		}
		base := strings.TrimSuffix(d.Name(), ".gz")
		r, middle, ok := classify(base)
		switch {
		case ok:
			files = append(files, &found{path: name, base: base, role: r, middle: middle})
		case isManifest(d.Name()):
			return readManifest(st, name)
		default:
			ignored = append(ignored, name)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no folder %s", dir)
	}
	return files, st, ignored, err
}

func isManifest(name string) bool {
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".sha256") || strings.EqualFold(name, "SHA256SUMS") || strings.EqualFold(name, "SHA256SUMS.txt")
}

func readManifest(st *statements, name string) error {
	f, _, err := open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := atMost(f, maxManifest)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if strings.HasSuffix(name, ".json") {
		return st.manifest(filepath.Base(name), filepath.Dir(name), b)
	}
	return st.sums(filepath.Base(name), b)
}
