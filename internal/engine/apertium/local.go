package apertium

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"depesche/internal/engine"
)

// Options say where Apertium is. The zero value is where Debian puts it.
type Options struct {
	Command  string        // apertium
	Data     string        // folder of its data, with modes/ in it
	Cache    string        // folder for mended modes; "" for none
	Patience time.Duration // for one request; 0 is a minute
}

// Local is the command on this machine. It is safe for many goroutines.
type Local struct {
	name string
	o    Options

	mu     sync.Mutex
	mended map[string]bool // modes whose pipeline is taken from the cache
}

// NewLocal returns the engine of that name. It doesn't look whether Apertium is there: without it, it
// translates no pair.
func NewLocal(name string, o Options) *Local {
	if o.Command == "" {
		o.Command = "apertium"
	}
	if o.Data == "" {
		o.Data = "/usr/share/apertium"
	}
	if o.Patience == 0 {
		o.Patience = time.Minute
	}
	return &Local{name: name, o: o, mended: map[string]bool{}}
}

// Info says what it is.
func (l *Local) Info() engine.Info {
	return engine.Info{Name: l.name, Kind: "apertium", HTML: true, Limits: limits}
}

func (l *Local) modes() (map[engine.Pair]string, error) {
	if _, err := exec.LookPath(l.o.Command); err != nil {
		return nil, l.fail(engine.Gone, errors.New("the command apertium isn't installed on this machine (Debian: apertium, and a package such as apertium-rus-ukr for each pair)"))
	}
	files, err := filepath.Glob(filepath.Join(l.o.Data, "modes", "*.mode"))
	if err != nil {
		return nil, l.fail(engine.Gone, err)
	}
	out := map[engine.Pair]string{}
	for _, f := range files {
		mode := strings.TrimSuffix(filepath.Base(f), ".mode")
		if p, ok := pairOf(mode); ok {
			out[p] = mode
		}
	}
	return out, nil
}

// Pairs are those that are installed.
func (l *Local) Pairs(context.Context) ([]engine.Pair, error) {
	modes, err := l.modes()
	if err != nil {
		return nil, err
	}
	return pairs(modes), nil
}

// Translate asks the command once. A pipeline that breaks is mended, where we know how, and asked again.
func (l *Local) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	modes, err := l.modes()
	if err != nil {
		return engine.Result{}, err
	}
	mode, ok := modes[r.Pair]
	if !ok {
		return engine.Result{}, l.fail(engine.Unsupported, fmt.Errorf("no %s is installed", r.Pair))
	}
	texts, unknown, err := l.once(ctx, mode, r.Texts)
	if (err != nil || len(untouched(r.Texts, texts)) > 0 || slices.Equal(r.Texts, texts)) && ctx.Err() == nil && l.mend(mode) {
		texts, unknown, err = l.once(ctx, mode, r.Texts)
	}
	var failed []int
	if err == nil {
		if failed = untouched(r.Texts, texts); len(failed) == len(texts) {
			err = fmt.Errorf("apertium %s: nothing was translated, as when its pipeline breaks off", mode)
		}
		for _, i := range failed {
			texts[i] = ""
		}
	}
	var e *engine.Error
	switch {
	case err == nil:
		return engine.Result{Texts: texts, Failed: failed, Unknown: unknown, Model: mode}, nil
	case errors.As(err, &e):
		return engine.Result{}, e
	}
	return engine.Result{}, l.fail(engine.Garbled, err)
}

func (l *Local) fail(t engine.Trouble, err error) *engine.Error {
	return &engine.Error{Engine: l.name, Trouble: t, Err: err}
}

// most is how much the command may answer.
const most = 4 << 20

// sentence is how many words in one can't be the same in another language by chance.
const sentence = 4

// untouched are the texts that came back as they went, and shouldn't have. With HTML a pipeline that
// breaks off gives back what it got from there on.
func untouched(asked, texts []string) []int {
	var out []int
	for i, t := range texts {
		if strings.TrimSpace(plain(t)) != strings.TrimSpace(plain(asked[i])) {
			continue
		}
		n := 0
		for _, w := range strings.Fields(plain(t)) { // names may stay
			if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
				n++
			}
		}
		if n >= sentence {
			out = append(out, i)
		}
	}
	return out
}

// once runs the command. That it exits with 0 says nothing: it does so when its tagger crashes.
func (l *Local) once(ctx context.Context, mode string, texts []string) ([]string, [][]string, error) {
	wait, cancel := context.WithTimeout(ctx, l.o.Patience)
	defer cancel()
	args := []string{"-f", "html"}
	l.mu.Lock()
	if l.mended[mode] {
		args = append(args, "-d", l.o.Cache)
	} else {
		args = append(args, "-d", l.o.Data)
	}
	l.mu.Unlock()
	cmd := exec.CommandContext(wait, l.o.Command, append(args, mode)...)
	cmd.Stdin = strings.NewReader(page(texts))
	out, complaint := &bounded{most: most, strict: true}, &bounded{most: 4 << 10}
	cmd.Stdout, cmd.Stderr = out, complaint
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	alone(cmd)
	err := cmd.Run()
	switch {
	case wait.Err() != nil && ctx.Err() == nil:
		return nil, nil, l.fail(engine.Gone, fmt.Errorf("the command gave no answer within %s", l.o.Patience))
	case ctx.Err() != nil:
		return nil, nil, l.fail(engine.Gone, ctx.Err())
	case out.cut:
		return nil, nil, fmt.Errorf("apertium %s: the answer is endless", mode)
	case err != nil:
		return nil, nil, fmt.Errorf("apertium %s: %w: %s", mode, err, lastLine(complaint.String()))
	}
	answer, unknown, err := read(texts, out.String())
	if err != nil {
		return nil, nil, fmt.Errorf("apertium %s: %w; %s", mode, err, lastLine(complaint.String()))
	}
	return answer, unknown, nil
}

// broken is the step of a pipeline that crashes in Debian 12: the tagger can't read its model. The
// disambiguator before it can choose a reading itself.
var broken = regexp.MustCompile(`cg-proc -w '([^']+)' \| apertium-tagger -g \$2 '[^']+'`)

// mend writes a pipeline without the broken step into the cache, and says whether there is another one
// to be tried now.
func (l *Local) mend(mode string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.o.Cache == "" || l.mended[mode] {
		return false
	}
	raw, err := os.ReadFile(filepath.Join(l.o.Data, "modes", mode+".mode"))
	if err != nil || !broken.Match(raw) {
		return false
	}
	dir := filepath.Join(l.o.Cache, "modes")
	if os.MkdirAll(dir, 0o750) != nil {
		return false
	}
	part, err := os.CreateTemp(dir, mode+".*.part")
	if err != nil {
		return false
	}
	defer os.Remove(part.Name())
	// -n leaves the words' first forms away, -1 takes the first reading.
	_, err = part.Write(broken.ReplaceAll(raw, []byte(`cg-proc -w -1 -n '$1'`)))
	if errors.Join(err, part.Close(), os.Rename(part.Name(), filepath.Join(dir, mode+".mode"))) != nil {
		return false
	}
	l.mended[mode] = true
	return true
}

// bounded keeps the beginning of what is written to it. A strict one takes no more, which ends the writer.
type bounded struct {
	kept        bytes.Buffer // not embedded: its ReadFrom would take everything
	most        int
	strict, cut bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := max(b.most-b.kept.Len(), 0)
	if room >= len(p) {
		return b.kept.Write(p)
	}
	b.cut = true
	b.kept.Write(p[:room])
	if b.strict {
		return room, io.ErrShortWrite
	}
	return len(p), nil
}

func (b *bounded) String() string { return b.kept.String() }

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(s, "")), "\n")
	last := lines[len(lines)-1]
	if r := []rune(last); len(r) > 200 {
		last = string(r[:200])
	}
	return last
}
