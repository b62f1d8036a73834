package store

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/engine"
	"depesche/internal/engine/bergamot/marian"
)

const words = 16

var (
	enUk = engine.Pair{From: "en", To: "uk"}
	ukEn = engine.Pair{From: "uk", To: "en"}
	noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
)

// weights are those of a very small model.
func weights(seed uint64) []byte {
	return marian.Random(marian.Shape{Encoders: 1, Decoders: 1, Dim: 8, FFN: 8, Heads: 1, Words: words}, seed)
}

// vocab is a vocabulary of n pieces.
func vocab(n int) []byte { return bytes.Repeat([]byte("\x0a\x04\x0a\x02ab"), n) }

// shortlist lets every word become the word given.
func shortlist(word uint32) []byte {
	var b []byte
	for _, v := range []uint64{0xF11A48D5013417F5, 1, 1, 1, words + 1, words} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	for i := range uint64(words + 1) {
		b = binary.LittleEndian.AppendUint64(b, i)
	}
	for range words {
		b = binary.LittleEndian.AppendUint32(b, word)
	}
	return b
}

type folder map[string][]byte

// complete is a folder of one direction with its sums.
func complete() folder {
	return folder{
		"model.enuk.intgemm.alphas.bin": weights(1), "lex.50.50.enuk.s2t.bin": shortlist(3), "vocab.enuk.spm": vocab(words),
	}.summed()
}

func (f folder) summed() folder {
	var b strings.Builder
	for name, data := range f {
		fmt.Fprintf(&b, "%s  %s\n", hash(data), name)
	}
	f["SHA256SUMS"] = []byte(b.String())
	return f
}

func (f folder) and(name string, b []byte) folder { f[name] = b; return f }

func (f folder) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

func pairs(x Index) (out []string) {
	for _, m := range x.Models {
		out = append(out, m.Pair().String())
	}
	return out
}

func TestAdd(t *testing.T) {
	metadata := func(b []byte) []byte {
		return fmt.Appendf(nil, `{"architecture": "tiny", "byteSize": %d, "hash": %q, "sourceLanguage": "en", "targetLanguage": "uk", "modelConfig": {"dim-vocabs": [1, 2]}}`, len(b), hash(b))
	}
	registry := func(b []byte) []byte {
		return fmt.Appendf(nil, `{"enuk": {"model": {"name": "model.enuk.intgemm.alphas.bin", "size": %d, "expectedSha256Hash": %q}}}`, len(b), hash(b))
	}
	models := func(b []byte) []byte {
		z := zip(b)
		return fmt.Appendf(nil, `{"models": {"en-uk": [{"files": {"model": {"path": "x/y/model.enuk.intgemm.alphas.bin.gz", "size": %d, "hash": %q, "uncompressedSize": "%d", "uncompressedHash": %q}}}]}}`, len(z), hash(z), len(b), hash(b))
	}
	without := func(f folder, name string) folder { delete(f, name); return f }
	bare := func() folder { return without(complete(), "SHA256SUMS") }
	zipped := func() folder {
		f := folder{}
		for name, b := range bare() {
			f[name+".gz"] = zip(b)
		}
		return f
	}
	for name, c := range map[string]struct {
		files folder
		add   Add
		want  string // pairs
	}{
		"sums":              {files: complete(), want: "en-uk"},
		"metadata":          {files: bare().and("metadata.json", metadata(weights(1))), want: "en-uk"},
		"old registry":      {files: bare().and("registry.json", registry(weights(1))), want: "en-uk"},
		"new registry":      {files: zipped().and("models.json", models(weights(1))), want: "en-uk"},
		"registry unpacked": {files: bare().and("models.json", models(weights(1))), want: "en-uk"},
		"packed":            {files: zipped().and("metadata.json", metadata(weights(1))), want: "en-uk"},
		"packed sums":       {files: zipped().summed(), want: "en-uk"},
		"no statement":      {files: bare(), add: Add{Unstated: true}, want: "en-uk"},
		"two vocabularies": {files: folder{
			"model.enuk.bin": weights(1), "lex.enuk.s2t.bin": shortlist(1), "srcvocab.enuk.spm": vocab(9), "trgvocab.enuk.spm": vocab(words)}.summed(), want: "en-uk"},
		"two directions": {files: folder{
			"a/model.enuk.bin": weights(1), "a/lex.enuk.s2t.bin": shortlist(1), "a/vocab.enuk.spm": vocab(words),
			"b/model.uk-en.bin": weights(2), "b/lex.uk-en.s2t.bin": shortlist(1), "b/vocab.uk-en.spm": vocab(words)},
			add: Add{Unstated: true}, want: "en-uk uk-en"},
		"named": {files: folder{"model.random.bin": weights(1), "lex.ende.s2t.bin": shortlist(1), "vocab.deen.spm": vocab(words)},
			add: Add{Unstated: true, Pair: ukEn}, want: "uk-en"},
	} {
		t.Run(name, func(t *testing.T) {
			s := Open(t.TempDir())
			c.add.Dir, c.add.Now = c.files.write(t), noon
			if _, err := s.Add(c.add); err != nil {
				t.Fatal(err)
			}
			x, err := s.Index()
			if err != nil || strings.Join(pairs(x), " ") != c.want {
				t.Errorf("%v instead of %s (%v)", pairs(x), c.want, err)
			}
			for _, m := range x.Models {
				for _, f := range m.Files() {
					if _, err := s.Read(f); err != nil {
						t.Error(err)
					}
				}
			}
			if wrong, err := s.Check(); err != nil || len(wrong) > 0 {
				t.Errorf("%v %v", wrong, err)
			}
		})
	}
}

func TestAddRefuses(t *testing.T) {
	with := func(name string, b []byte) folder { return complete().and(name, b) }
	resummed := func(name string, b []byte) folder {
		f := with(name, b)
		delete(f, "SHA256SUMS")
		return f.summed()
	}
	less := func(name string) folder { f := complete(); delete(f, name); return f }
	const model, lex, voc = "model.enuk.intgemm.alphas.bin", "lex.50.50.enuk.s2t.bin", "vocab.enuk.spm"
	for name, c := range map[string]struct {
		files folder
		add   Add
		want  string
	}{
		"nothing":             {folder{"a.txt": []byte("a")}, Add{}, "holds neither"},
		"damaged weights":     {with(model, weights(2)), Add{}, "SHA256SUMS says"},
		"damaged short list":  {with(lex, shortlist(2)), Add{}, "SHA256SUMS says"},
		"wrong size":          {with("SHA256SUMS", nil).and("r.json", []byte(`[{"name": "`+model+`", "size": 7, "sha256": "`+hash(weights(1))+`"}]`)), Add{}, "r.json says 7"},
		"cut off":             {resummed(model, weights(1)[:3000]), Add{}, "cut off"},
		"another file":        {resummed(model, vocab(words)), Add{}, "not a translation model"},
		"list of others":      {resummed(lex, shortlist(words)), Add{}, "names word 16"},
		"vocabulary too long": {resummed(voc, vocab(words+1)), Add{}, "don't belong together"},
		"no weights":          {less(model), Add{}, "weights are missing"},
		"no short list":       {less(lex), Add{}, "short list is missing"},
		"no vocabulary":       {less(voc), Add{}, "vocabulary is missing"},
		"half a vocabulary":   {folder{model: weights(1), lex: shortlist(1), "srcvocab.enuk.spm": vocab(2)}.summed(), Add{}, "vocabulary is missing"},
		"not stated":          {less("SHA256SUMS"), Add{}, "--unstated"},
		"pointer":             {with(voc, []byte("version https://git-lfs.github.com/spec/v1\noid sha256:0")), Add{}, "git lfs pull"},
		"no archive":          {with("vocab.ende.spm.gz", []byte("x")), Add{}, "can't be unpacked"},
		"no direction":        {folder{"model.random.bin": weights(1)}.summed(), Add{}, "--pair"},
		"twice":               {with("more/"+model, weights(1)), Add{}, "two files"},
		"no manifest":         {with("metadata.json", []byte("{")), Add{}, "metadata.json"},
		"no sums":             {with("SHA256SUMS", []byte("hello\n")), Add{}, "SHA256SUMS"},
		"another program":     {with("b.wasm", []byte("\x00asm")), Add{}, "isn't the tested build"},
		"another than said":   {with("b.wasm", []byte("\x00asm")), Add{SHA256: hash(nil)}, "not the one of --sha256"},
		"two programs":        {folder{"a.wasm": []byte("a"), "b.wasm": []byte("a")}, Add{SHA256: hash([]byte("a"))}, "two programs"},
		"a program that can't": {folder{"a.wasm": []byte("a")}, Add{SHA256: hash([]byte("a")), Try: func([]byte) error { return errors.New("no malloc") }},
			"no malloc"},
	} {
		t.Run(name, func(t *testing.T) {
			s := Open(t.TempDir())
			if _, err := s.Add(Add{Dir: complete().write(t), Pair: ukEn, Now: noon}); err != nil {
				t.Fatal(err)
			}
			before := listing(t, s)
			c.add.Dir, c.add.Now = c.files.write(t), noon
			_, err := s.Add(c.add)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v instead of %q", err, c.want)
			}
			if diff := cmp.Diff(before, listing(t, s)); diff != "" {
				t.Errorf("something came in:\n%s", diff)
			}
		})
	}
	if _, err := Open(t.TempDir()).Add(Add{Dir: filepath.Join(t.TempDir(), "nowhere")}); err == nil || !strings.Contains(err.Error(), "there is no folder") {
		t.Errorf("%v", err)
	}
}

// listing is everything in the folder with its sums.
func listing(t *testing.T, s *Store) (out []string) {
	t.Helper()
	for _, pattern := range []string{"*", "files/*"} {
		list, err := filepath.Glob(filepath.Join(s.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range list {
			if b, err := os.ReadFile(name); err == nil {
				out = append(out, strings.TrimPrefix(name, s.dir)+" "+hash(b))
			}
		}
	}
	return out
}

func TestAddPrograms(t *testing.T) {
	b := []byte("\x00asm another one")
	tried := 0
	s := Open(t.TempDir())
	a := Add{Dir: folder{"x.wasm": b}.write(t), SHA256: strings.ToUpper(hash(b)), Now: noon, Try: func(p []byte) error { tried++; return nil }}
	if _, err := s.Add(a); err != nil || tried != 1 {
		t.Fatal(err, tried)
	}
	x, err := s.Index()
	if err != nil || x.Program == nil || x.Program.SHA256 != hash(b) {
		t.Errorf("%+v %v", x, err)
	}
}

// TestRemove: a file that two directions share goes with the last of them.
func TestRemove(t *testing.T) {
	s := Open(t.TempDir())
	for _, p := range []engine.Pair{enUk, ukEn} {
		if _, err := s.Add(Add{Dir: complete().write(t), Pair: p, Now: noon}); err != nil {
			t.Fatal(err)
		}
	}
	other := Open(s.dir)
	if x, err := other.Index(); err != nil || len(x.Models) != 2 {
		t.Fatalf("%+v %v", x, err)
	}
	if err := s.Remove(enUk); err != nil {
		t.Fatal(err)
	}
	x, err := other.Index()
	if err != nil || !slices.Equal(pairs(x), []string{"uk-en"}) {
		t.Fatalf("the other process sees %v, %v", pairs(x), err)
	}
	if _, err := other.Read(x.Models[0].Weights); err != nil {
		t.Error(err)
	}
	if err := s.Remove(enUk); !errors.Is(err, ErrNothing) {
		t.Errorf("twice: %v", err)
	}
	if err := s.Remove(ukEn); err != nil {
		t.Fatal(err)
	}
	if list, err := os.ReadDir(filepath.Join(s.dir, "files")); err != nil || len(list) > 0 {
		t.Errorf("%v is left, %v", list, err)
	}
}

func TestDamage(t *testing.T) {
	s := Open(t.TempDir())
	if _, err := s.Add(Add{Dir: complete().write(t), Now: noon}); err != nil {
		t.Fatal(err)
	}
	x, err := s.Index()
	if err != nil {
		t.Fatal(err)
	}
	m := x.Models[0]
	b, err := s.Read(m.Weights)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(s.path(m.Weights), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(m.Weights); !errors.Is(err, ErrDamaged) {
		t.Errorf("a changed bit: %v", err)
	}
	if wrong, err := s.Check(); err != nil || len(wrong) > 0 {
		t.Errorf("%v %v", wrong, err)
	}
	if err := os.Truncate(s.path(m.Weights), 10); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(s.path(m.Shortlist)); err != nil {
		t.Fatal(err)
	}
	if wrong, err := s.Check(); err != nil || len(wrong) != 2 {
		t.Errorf("%v %v", wrong, err)
	}
	if _, err := s.Add(Add{Dir: complete().write(t), Now: noon}); err != nil {
		t.Fatal(err)
	}
	if wrong, err := s.Check(); err != nil || len(wrong) > 0 {
		t.Errorf("added again: %v %v", wrong, err)
	}
}

const childKey = "DEPESCHE_TEST_STORE"

// TestKilled: whenever the process is killed, the folder holds what was there before or what was to
// come, whole.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(childKey); dir != "" {
		childAdds(t, dir)
		return
	}
	dir, a, b := t.TempDir(), complete().write(t), folder{
		"model.enuk.bin": weights(9), "lex.enuk.s2t.bin": shortlist(5), "vocab.enuk.spm": vocab(7)}.summed().write(t)
	s := Open(dir)
	if _, err := s.Add(Add{Dir: a, Now: noon}); err != nil {
		t.Fatal(err)
	}
	for round := range 8 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestKilled$")
		cmd.Env = append(os.Environ(), childKey+"="+strings.Join([]string{dir, a, b}, "\n"))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		sc := bufio.NewScanner(out)
		for n := 0; n < 2+round && sc.Scan(); n++ {
			if sc.Text() != "next" {
				t.Fatalf("the child says %q", sc.Text())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		x, err := Open(dir).Index()
		if err != nil || len(x.Models) != 1 {
			t.Fatalf("%+v %v", x, err)
		}
		for _, f := range x.Models[0].Files() {
			if _, err := s.Read(f); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := s.Add(Add{Dir: a, Now: noon}); err != nil {
		t.Fatal(err)
	}
	if left := listing(t, s); len(left) != 5 {
		t.Errorf("remains: %v", left)
	}
}

// childAdds takes in one and the other folder until it is killed.
func childAdds(t *testing.T, what string) {
	f := strings.Split(what, "\n")
	s := Open(f[0])
	for i := 0; ; i++ {
		fmt.Println("next")
		if _, err := s.Add(Add{Dir: f[1+i%2], Now: noon}); err != nil {
			fmt.Println(err)
			t.Fatal(err)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"a": [{"name": "b.bin", "size": "7", "hash": "` + hash(nil) + `"}]}`))
	f.Add([]byte(hash(nil) + "  a.bin\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		st := newStatements()
		_ = st.manifest("m.json", "x", b)
		_ = st.sums("s", b)
		for name, list := range st.byName {
			for _, s := range list {
				if !hexHash.MatchString(s.sha256) {
					t.Errorf("%s: %+v", name, s)
				}
			}
		}
	})
}
