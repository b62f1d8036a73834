// Package store is the folder of the embedded engine: its program and the models of its directions.
//
// Files are kept under their SHA-256, and index.json says what they are. An act writes all its files
// first and then the index in one step, so a kill in the middle leaves the old state and some files
// that the next act clears away. A running server sees the new index with its next look.
package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"depesche/internal/engine"
	"depesche/internal/engine/bergamot/marian"
	"depesche/internal/lang"
)

// ProgramSHA256 is the build that this engine was written and tested for, from [ProgramOrigin].
const (
	ProgramSHA256 = "95a2b58dd6773bf1b3f345d71f9149928b9f75f4ec9c9064c0b3e42c298671b2"
	ProgramOrigin = "@browsermt/bergamot-translator 0.4.9"
)

var (
	// ErrNothing says that what was asked for isn't in the folder.
	ErrNothing = errors.New("not in the folder of engines")
	// ErrDamaged says that a file of the folder isn't the one that was put there.
	ErrDamaged = errors.New("a file of the embedded engine is damaged; add it again")
)

// File is one kept file.
type File struct {
	Name   string `json:"name"` // as it was called
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	// Stated says that a manifest beside it named this hash.
	Stated bool `json:"stated"`
}

// Model is one direction.
type Model struct {
	From         lang.Tag  `json:"from"`
	To           lang.Tag  `json:"to"`
	Architecture string    `json:"architecture,omitempty"` // "tiny"; as its metadata says
	Alphas       bool      `json:"alphas"`
	Weights      File      `json:"model"`
	Shortlist    File      `json:"shortlist"`
	Vocabs       []File    `json:"vocabs"` // one for both languages, or the source's and the target's
	Added        time.Time `json:"added"`
}

// Pair is the model's direction.
func (m Model) Pair() engine.Pair { return engine.Pair{From: m.From, To: m.To} }

// Files are all files of the model.
func (m Model) Files() []File { return append([]File{m.Weights, m.Shortlist}, m.Vocabs...) }

// Size is the bytes of all files.
func (m Model) Size() (n int64) {
	for _, f := range m.Files() {
		n += f.Size
	}
	return n
}

// Index is what the folder holds.
type Index struct {
	Program *File   `json:"program,omitempty"`
	Models  []Model `json:"models"` // sorted by direction
}

// Model returns the model of a direction.
func (x Index) Model(p engine.Pair) (Model, bool) {
	for _, m := range x.Models {
		if m.Pair() == p {
			return m, true
		}
	}
	return Model{}, false
}

// Store is the folder. It is safe for many goroutines and processes.
type Store struct {
	dir string

	mu   sync.Mutex
	last Index
	seen stamp
}

// stamp tells one state of the index file from another.
type stamp struct {
	info fs.FileInfo
	size int64
	time time.Time
}

// Open returns the store in a folder. It needn't be there: then it is empty.
func Open(dir string) *Store { return &Store{dir: dir} }

// Dir is the store's folder within a data folder.
func Dir(data string) string { return filepath.Join(data, "engines", "bergamot") }

// Cache is a folder of what can be made again.
func (s *Store) Cache() string { return filepath.Join(s.dir, "cache") }

const indexName = "index.json"

// Index reads what the folder holds now; it costs a look at the file's date.
func (s *Store) Index() (Index, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := filepath.Join(s.dir, indexName)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		s.last, s.seen = Index{}, stamp{}
		return Index{}, nil
	}
	if err != nil {
		return Index{}, err
	}
	if s.seen.info != nil && os.SameFile(info, s.seen.info) && info.Size() == s.seen.size && info.ModTime().Equal(s.seen.time) {
		return s.last, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return Index{}, err
	}
	var x Index
	if err := json.Unmarshal(b, &x); err != nil {
		return Index{}, fmt.Errorf("%s: %w", name, err)
	}
	s.last, s.seen = x, stamp{info, info.Size(), info.ModTime()}
	return x, nil
}

// Check compares the sizes of all files with the index and returns what is wrong, a line each: a quick
// look for a start. Whether their bytes are right is looked at when they are read.
func (s *Store) Check() ([]string, error) {
	x, err := s.Index()
	if err != nil {
		return nil, err
	}
	var wrong []string
	look := func(what string, f File) {
		switch info, err := os.Stat(s.path(f)); {
		case err != nil:
			wrong = append(wrong, fmt.Sprintf("%s: %s: %v", what, f.Name, err))
		case info.Size() != f.Size:
			wrong = append(wrong, fmt.Sprintf("%s: %s has %d bytes instead of %d", what, f.Name, info.Size(), f.Size))
		}
	}
	if x.Program != nil {
		look("the program", *x.Program)
	}
	for _, m := range x.Models {
		for _, f := range m.Files() {
			look(m.Pair().String(), f)
		}
	}
	return wrong, nil
}

func (s *Store) path(f File) string { return filepath.Join(s.dir, "files", f.SHA256) }

// Read returns a file's bytes, after their hash was compared with the index.
func (s *Store) Read(f File) ([]byte, error) {
	b, err := os.ReadFile(s.path(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", f.Name, ErrDamaged, err)
	}
	if hash(b) != f.SHA256 {
		return nil, fmt.Errorf("%s: %w: its SHA-256 is %s instead of %s", f.Name, ErrDamaged, hash(b), f.SHA256)
	}
	return b, nil
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// parts are the bytes of a model's files.
type parts struct {
	weights, shortlist []byte
	vocabs             [][]byte
}

// check says whether the files are whole and belong together, as far as can be seen.
func (p parts) check() (marian.Model, error) {
	m, err := marian.ReadModel(p.weights)
	if err != nil {
		return m, err
	}
	for _, v := range p.vocabs {
		n, err := marian.ReadVocab(v)
		if err != nil {
			return m, err
		}
		if n > m.Words {
			return m, fmt.Errorf("the vocabulary has %d words, the model knows %d: they don't belong together", n, m.Words)
		}
	}
	if _, err := marian.ReadShortlist(p.shortlist, m.Words); err != nil {
		return m, err
	}
	return m, nil
}

// Remove takes a direction out. It refuses with [ErrNothing] where there is none.
func (s *Store) Remove(p engine.Pair) error {
	return s.change(func(x *Index) ([][]byte, error) {
		n := len(x.Models)
		x.Models = slices.DeleteFunc(x.Models, func(m Model) bool { return m.Pair() == p })
		if len(x.Models) == n {
			return nil, fmt.Errorf("%s: %w", p, ErrNothing)
		}
		return nil, nil
	})
}

// change is an act: fn alters the index and returns the files that are new.
func (s *Store) change(fn func(*Index) ([][]byte, error)) error {
	if err := os.MkdirAll(filepath.Join(s.dir, "files"), 0o750); err != nil {
		return err
	}
	unlock, err := lock(filepath.Join(s.dir, "lock"))
	if err != nil {
		return err
	}
	defer unlock()
	x, err := s.Index()
	if err != nil {
		return err
	}
	x.Models = slices.Clone(x.Models)
	files, err := fn(&x)
	if err != nil {
		return err
	}
	for _, b := range files {
		if err := s.place(filepath.Join("files", hash(b)), b); err != nil {
			return err
		}
	}
	slices.SortFunc(x.Models, func(a, b Model) int { return strings.Compare(a.Pair().String(), b.Pair().String()) })
	b, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return err
	}
	if err := s.place(indexName, b); err != nil {
		return err
	}
	return s.sweep(x)
}

// place writes a file beside its place and moves it there when it is on the disk.
func (s *Store) place(name string, b []byte) error {
	target := filepath.Join(s.dir, name)
	f, err := os.CreateTemp(filepath.Dir(target), temporary+"*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	return syncDir(filepath.Dir(target))
}

const temporary = ".new-"

// sweep removes files that the index doesn't know, and what an act that was killed left behind.
func (s *Store) sweep(x Index) error {
	known := map[string]bool{}
	if x.Program != nil {
		known[x.Program.SHA256] = true
	}
	for _, m := range x.Models {
		for _, f := range m.Files() {
			known[f.SHA256] = true
		}
	}
	list, err := os.ReadDir(filepath.Join(s.dir, "files"))
	if err != nil {
		return err
	}
	for _, e := range list {
		if !known[e.Name()] {
			if err := os.Remove(filepath.Join(s.dir, "files", e.Name())); err != nil {
				return err
			}
		}
	}
	remains, err := filepath.Glob(filepath.Join(s.dir, temporary+"*"))
	for _, name := range remains {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}
