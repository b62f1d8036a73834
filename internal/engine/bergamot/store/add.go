package store

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"depesche/internal/engine"
)

// Add says what is to be taken in.
type Add struct {
	// Dir is the folder of the files; those within it count, too.
	Dir string
	// Pair is the direction of all models of the folder, where their names don't say it.
	Pair engine.Pair
	// SHA256 allows another build of the program than the tested one.
	SHA256 string
	// Unstated allows models whose weights no manifest beside them speaks of.
	Unstated bool
	// Try starts a program that isn't the tested one, and says whether it can be used.
	Try func(program []byte) error
	Now time.Time
}

// Added is what was taken in.
type Added struct {
	Program *File
	Models  []Model
	// Ignored are files that are nothing for the engine; Unstated those that no manifest speaks of, so
	// that only their structure was checked.
	Ignored, Unstated []string
}

// Add takes the program and models of a folder in: all of them, or, with the reason, none. What is
// there of the same direction is replaced.
func (s *Store) Add(a Add) (Added, error) {
	files, st, ignored, err := scan(a.Dir)
	if err != nil {
		return Added{}, err
	}
	if len(files) == 0 {
		return Added{}, fmt.Errorf("%s holds neither a .wasm nor models (model.enuk.*.bin, lex.*.enuk.s2t.bin, vocab.enuk.spm)", a.Dir)
	}
	out := Added{Ignored: ignored}
	for _, f := range files {
		if err := f.load(st); err != nil {
			return Added{}, err
		}
		if !f.stated && f.role != roleProgram {
			out.Unstated = append(out.Unstated, f.path)
		}
	}
	var keep [][]byte
	groups := map[engine.Pair][]*found{}
	for _, f := range files {
		if f.role == roleProgram {
			if out.Program != nil {
				return Added{}, fmt.Errorf("%s holds two programs (.wasm): leave one", a.Dir)
			}
			if err := a.allows(f); err != nil {
				return Added{}, err
			}
			kept := f.file()
			out.Program = &kept
			keep = append(keep, f.b)
			continue
		}
		p, err := a.pair(f, st)
		if err != nil {
			return Added{}, err
		}
		groups[p] = append(groups[p], f)
	}
	for _, p := range slices.SortedFunc(maps.Keys(groups), func(a, b engine.Pair) int { return strings.Compare(a.String(), b.String()) }) {
		m, err := a.model(p, groups[p], st)
		if err != nil {
			return Added{}, fmt.Errorf("%s: %w", p, err)
		}
		out.Models = append(out.Models, m)
		for _, f := range groups[p] {
			keep = append(keep, f.b)
		}
	}
	return out, s.change(func(x *Index) ([][]byte, error) {
		if out.Program != nil {
			x.Program = out.Program
		}
		for _, m := range out.Models {
			x.Models = append(slices.DeleteFunc(x.Models, func(o Model) bool { return o.Pair() == m.Pair() }), m)
		}
		return keep, nil
	})
}

// load reads a file and compares it with what is stated of it: as it lies, and unpacked.
func (f *found) load(st *statements) error {
	plain, packed, err := read(f.path)
	if err != nil {
		return err
	}
	f.b = plain
	check := func(name string, b []byte) error {
		list := st.byName[name]
		var errs []error
		for _, s := range list {
			err := s.holds(f.path, b)
			if err == nil {
				f.stated = f.stated || s.sha256 != ""
				return nil
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	}
	if f.base != filepath.Base(f.path) {
		if err := check(filepath.Base(f.path), packed); err != nil {
			return err
		}
	}
	if err := check(f.base, plain); err != nil {
		return err
	}
	if s, ok := st.byFolder[filepath.Dir(f.path)]; ok && f.role == roleWeights {
		if err := s.holds(f.path, plain); err != nil {
			return err
		}
		f.stated = true
	}
	return nil
}

func (f *found) file() File {
	return File{Name: f.base, SHA256: hash(f.b), Size: int64(len(f.b)), Stated: f.stated}
}

// allows says whether a program may come in.
func (a Add) allows(f *found) error {
	got := hash(f.b)
	if got == ProgramSHA256 {
		f.stated = true
		return nil
	}
	want := strings.ToLower(a.SHA256)
	switch {
	case want == "":
		return fmt.Errorf("%s isn't the tested build, %s: its SHA-256 is %s instead of %s. If you mean this one, and trust where it comes from, say --sha256 %s", f.path, ProgramOrigin, got, ProgramSHA256, got)
	case want != got:
		return fmt.Errorf("%s has the SHA-256 %s, not the one of --sha256", f.path, got)
	}
	f.stated = true
	if a.Try != nil {
		if err := a.Try(f.b); err != nil {
			return fmt.Errorf("%s can't be used: %w", f.path, err)
		}
	}
	return nil
}

// pair is the direction of a file: as it was said, or as its name or the metadata beside it say.
func (a Add) pair(f *found, st *statements) (engine.Pair, error) {
	if a.Pair != (engine.Pair{}) {
		return a.Pair, nil
	}
	if d, ok := st.direction[filepath.Dir(f.path)]; ok {
		if p, ok := direction(d[0] + "-" + d[1]); ok {
			return p, nil
		}
	}
	if p, ok := direction(f.middle); ok {
		return p, nil
	}
	return engine.Pair{}, fmt.Errorf("%s: its name doesn't say from which language into which; say --pair, for example --pair en-uk", f.path)
}

// model puts the files of one direction together and checks them.
func (a Add) model(p engine.Pair, files []*found, st *statements) (Model, error) {
	by := map[role]*found{}
	for _, f := range files {
		if o := by[f.role]; o != nil {
			return Model{}, fmt.Errorf("there are two files of weights, short list or vocabulary, %s and %s: leave one", o.path, f.path)
		}
		by[f.role] = f
	}
	w, l := by[roleWeights], by[roleShortlist]
	vocabs := []*found{by[roleVocab]}
	if by[roleVocab] == nil {
		vocabs = []*found{by[roleSource], by[roleTarget]}
	}
	switch {
	case w == nil:
		return Model{}, errors.New("the weights are missing (model.*.bin)")
	case l == nil:
		return Model{}, errors.New("the short list is missing (lex.*.bin)")
	case vocabs[0] == nil || vocabs[len(vocabs)-1] == nil:
		return Model{}, errors.New("the vocabulary is missing (vocab.*.spm, or srcvocab.*.spm and trgvocab.*.spm)")
	case !w.stated && !a.Unstated:
		return Model{}, fmt.Errorf("nothing beside %s says which SHA-256 it should have: put the model's metadata.json, the registry's JSON or a SHA256SUMS beside it, or say --unstated if you trust where it comes from", w.path)
	}
	m := Model{From: p.From, To: p.To, Architecture: st.architecture[filepath.Dir(w.path)], Weights: w.file(), Shortlist: l.file(), Added: a.Now.UTC()}
	bytes := parts{weights: w.b, shortlist: l.b}
	for _, v := range vocabs {
		m.Vocabs = append(m.Vocabs, v.file())
		bytes.vocabs = append(bytes.vocabs, v.b)
	}
	info, err := bytes.check()
	m.Alphas = info.Alphas
	return m, err
}
