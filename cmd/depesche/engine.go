package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"depesche/internal/engine"
	"depesche/internal/engine/bergamot/store"
	"depesche/internal/engine/bergamot/wasm"
	"depesche/internal/lang"
)

type engineCmd struct {
	Add    engineAddCmd    `cmd:"" help:"Take the embedded engine's program and models from a folder."`
	List   engineListCmd   `cmd:"" help:"Show the embedded engine's program and models."`
	Remove engineRemoveCmd `cmd:"" help:"Take a model out again."`
}

// Help teaches.
func (engineCmd) Help() string {
	return `The embedded engine drafts translations inside this program; text never leaves the house. Its program and
models aren't part of Depesche: fetch them yourself, and add them. The newsroom may be serving meanwhile.

Examples:

    depesche engine add ~/fetched --data /srv/paper
    depesche engine list --data /srv/paper
    depesche engine remove en-uk --data /srv/paper`
}

// dataOnly is the part of the settings that says where the paper's folder is: these commands need no database.
type dataOnly struct {
	Data string `help:"Folder of the paper." default:"data" env:"DEPESCHE_DATA" type:"path"`
}

func (d dataOnly) store() *store.Store { return store.Open(store.Dir(d.Data)) }

type engineAddCmd struct {
	dataOnly
	Dir      string `arg:"" help:"Folder of the files; those within it count, too." type:"path"`
	Pair     string `help:"Direction of all models in the folder, where their names don't say it." placeholder:"FROM-TO"`
	SHA256   string `name:"sha256" help:"Take this build of the program instead of the tested one." placeholder:"HEX"`
	Unstated bool   `help:"Take models that no manifest beside them states the SHA-256 of; their structure is checked all the same."`
}

// Help teaches.
func (engineAddCmd) Help() string {
	return `The program is bergamot-translator-worker.wasm of the npm package @browsermt/bergamot-translator 0.4.9
(npm pack). A model is three files or four, as Firefox has them, .gz or not: model.enuk.intgemm.alphas.bin,
lex.50.50.enuk.s2t.bin and vocab.enuk.spm, or srcvocab.enuk.spm and trgvocab.enuk.spm. Put beside them what
states their SHA-256: the model's metadata.json, the registry's JSON, or a file SHA256SUMS.

Everything is checked first: all of the folder comes in, or nothing. A model of a direction that is there is
replaced, also while the newsroom is serving.

Examples:

    depesche engine add ~/fetched --data /srv/paper
    depesche engine add ~/fetched/mymodel --pair en-uk --data /srv/paper`
}

// licences is what an operator should know of what isn't ours.
const licences = `The program is free software under the MPL 2.0 (github.com/browsermt/bergamot-translator).
Firefox's models come from a repository under the MPL 2.0; none states a licence of its own. Keep the licence
beside the files if you pass them on.
`

// Run takes a folder in.
func (c engineAddCmd) Run(ctx context.Context) error {
	a := store.Add{Dir: c.Dir, SHA256: c.SHA256, Unstated: c.Unstated, Now: time.Now()}
	if c.Pair != "" {
		var err error
		if a.Pair, err = parsePair(c.Pair); err != nil {
			return fmt.Errorf("--pair: %w", err)
		}
	}
	if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s; name the paper's with --data", c.Data)
	}
	s := c.store()
	a.Try = func(program []byte) error { return try(ctx, s, program) }
	added, err := s.Add(a)
	if err != nil {
		return err
	}
	for _, m := range added.Models {
		fmt.Printf("%s is there: %s, %.1f MB.\n", m.Pair(), m.Weights.Name, float64(m.Size())/1e6)
	}
	for _, name := range added.Unstated {
		fmt.Printf("Nothing states the SHA-256 of %s; only its structure was checked.\n", name)
	}
	for _, name := range added.Ignored {
		fmt.Printf("Left alone: %s\n", name)
	}
	if added.Program != nil {
		if err := warm(ctx, s, *added.Program); err != nil {
			return err
		}
		fmt.Println("The program is there, and its machine code is made.")
	}
	fmt.Print("\n", licences)
	return missing(os.Stdout, s)
}

// try starts a program that wasn't tested.
func try(ctx context.Context, s *store.Store, program []byte) error {
	p, err := wasm.Compile(ctx, program, wasm.Options{CacheDir: s.Cache()})
	if err != nil {
		return err
	}
	m, err := p.Start(ctx)
	if err == nil {
		err = m.Close(ctx)
	}
	return errors.Join(err, p.Close(ctx))
}

// warm makes the machine code now, so that the first translation needn't wait for it.
func warm(ctx context.Context, s *store.Store, f store.File) error {
	b, err := s.Read(f)
	if err != nil {
		return err
	}
	return try(ctx, s, b)
}

// missing tells what is still needed for a translation.
func missing(w io.Writer, s *store.Store) error {
	x, err := s.Index()
	switch {
	case err != nil:
		return err
	case x.Program == nil:
		fmt.Fprintf(w, "\nThe program isn't there yet: fetch %s and add its .wasm.\n", store.ProgramOrigin)
	case len(x.Models) == 0:
		fmt.Fprintln(w, "\nNo model is there yet.")
	}
	return nil
}

func parsePair(s string) (engine.Pair, error) {
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return engine.Pair{}, fmt.Errorf("%q isn't a direction as in en-uk", s)
	}
	a, err := lang.Parse(from)
	if err != nil {
		return engine.Pair{}, err
	}
	b, err := lang.Parse(to)
	if err == nil && a == b {
		err = fmt.Errorf("%q leads from a language into itself", s)
	}
	return engine.Pair{From: a, To: b}, err
}

type engineListCmd struct{ dataOnly }

// Run shows what is there, and what is wrong with it.
func (c engineListCmd) Run() error {
	s := c.store()
	x, err := s.Index()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	if x.Program != nil {
		fmt.Fprintf(w, "program\t%s\t%.1f MB\t%.12s\t\n", x.Program.Name, float64(x.Program.Size)/1e6, x.Program.SHA256)
	}
	for _, m := range x.Models {
		note := m.Architecture
		if !m.Weights.Stated {
			note = strings.TrimSpace(note + " SHA-256 not stated")
		}
		fmt.Fprintf(w, "%s\t%s\t%.1f MB\t%.12s\t%s\n", m.Pair(), m.Weights.Name, float64(m.Size())/1e6, m.Weights.SHA256, note)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := missing(os.Stdout, s); err != nil {
		return err
	}
	wrong, err := s.Check()
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("%w:\n  %s", store.ErrDamaged, strings.Join(wrong, "\n  "))
	}
	return err
}

type engineRemoveCmd struct {
	dataOnly
	Pair string `arg:"" help:"Direction of the model." placeholder:"FROM-TO"`
}

// Run takes a model out.
func (c engineRemoveCmd) Run() error {
	p, err := parsePair(c.Pair)
	if err != nil {
		return err
	}
	err = c.store().Remove(p)
	if errors.Is(err, store.ErrNothing) {
		return fmt.Errorf("there is no model %s; `depesche engine list` shows them", p)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s is gone.\n", p)
	return nil
}
