package wasm

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
	"pgregory.net/rapid"
)

// hand is a module made by hand: it imports a function and the memory, and exports a function that
// stores what the imported one returns.
func hand() []section {
	return []section{
		{1, []byte{1, 0x60, 0, 1, 0x7f}}, // type 0: () → i32
		{sectionImport, []byte{3,
			3, 'e', 'n', 'v', 1, 'f', kindFunction, 0,
			3, 'e', 'n', 'v', 6, 'm', 'e', 'm', 'o', 'r', 'y', kindMemory, 1, 2, 9,
			3, 'e', 'n', 'v', 1, 'g', kindFunction, 0}},
		{3, []byte{1, 0}},
		{sectionExport, []byte{1, 3, 'r', 'u', 'n', kindFunction, 2}},
		{10, []byte{1, 14, 0, 0x41, 8, 0x10, 1, 0x36, 2, 0, 0x41, 8, 0x28, 2, 0, 0x0b}}, // store g() at 8, load it
		{sectionCustom, []byte{4, 'n', 'o', 't', 'e', 1}},
	}
}

var head = []byte("\x00asm\x01\x00\x00\x00")

// TestOwnMemory: the rewritten module runs, with its functions' numbers as they were, and its memory
// can be seen from outside.
func TestOwnMemory(t *testing.T) {
	ctx := context.Background()
	out, err := ownMemory(join(head, hand()), "env", "memory")
	if err != nil {
		t.Fatal(err)
	}
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	if _, err := r.NewHostModuleBuilder("env").
		NewFunctionBuilder().WithFunc(func() int32 { return 1 }).Export("f").
		NewFunctionBuilder().WithFunc(func() int32 { return 42 }).Export("g").Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	mod, err := r.Instantiate(ctx, out)
	if err != nil {
		t.Fatal(err)
	}
	res, err := mod.ExportedFunction("run").Call(ctx)
	if err != nil || res[0] != 42 {
		t.Fatalf("%v %v", res, err)
	}
	mem := mod.ExportedMemory("memory")
	if v, ok := mem.ReadUint32Le(8); !ok || v != 42 || mem.Size() != 2<<16 {
		t.Errorf("memory of %d bytes holds %d", mem.Size(), v)
	}
	if p, ok := mem.Definition().Max(); !ok || p != 9 {
		t.Errorf("at most %d pages", p)
	}
}

func TestOwnMemoryWithoutExports(t *testing.T) {
	ctx := context.Background()
	out, err := ownMemory(join(head, []section{{sectionImport, []byte{1, 3, 'e', 'n', 'v', 6, 'm', 'e', 'm', 'o', 'r', 'y', kindMemory, 0, 1}}}), "env", "memory")
	if err != nil {
		t.Fatal(err)
	}
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	if mod, err := r.Instantiate(ctx, out); err != nil || mod.ExportedMemory("memory") == nil {
		t.Error(err)
	}
}

func TestOwnMemoryRefuses(t *testing.T) {
	with := func(id byte, body []byte) []byte {
		list := hand()
		for i, s := range list {
			if s.id == id {
				list[i].body = body
				return join(head, list)
			}
		}
		return join(head, insert(list, section{id, body}))
	}
	for name, b := range map[string][]byte{
		"nothing":                 nil,
		"another file":            []byte("%PDF-1.7 and so on"),
		"the other order":         join(head, []section{hand()[2], hand()[1]}),
		"a memory of its own":     with(sectionMemory, []byte{1, 0, 1}),
		"no imported memory":      with(sectionImport, []byte{0}),
		"another memory":          with(sectionImport, []byte{1, 1, 'x', 1, 'm', kindMemory, 0, 1}),
		"two memories":            with(sectionImport, []byte{2, 3, 'e', 'n', 'v', 6, 'm', 'e', 'm', 'o', 'r', 'y', kindMemory, 0, 1, 3, 'e', 'n', 'v', 6, 'm', 'e', 'm', 'o', 'r', 'y', kindMemory, 0, 1}),
		"something after imports": with(sectionImport, append(hand()[1].body, 0)),
		"an unknown import":       with(sectionImport, []byte{1, 1, 'x', 1, 'm', 9}),
		"memory exported already": with(sectionExport, []byte{1, 6, 'm', 'e', 'm', 'o', 'r', 'y', kindFunction, 0}),
		"exports cut off":         with(sectionExport, []byte{2, 3, 'r', 'u', 'n', kindFunction, 2}),
	} {
		if _, err := ownMemory(b, "env", "memory"); !errors.Is(err, errBinary) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOwnMemoryCut: a module that is cut off anywhere but between two sections is refused.
func TestOwnMemoryCut(t *testing.T) {
	whole := join(head, hand())
	rapid.Check(t, func(t *rapid.T) {
		b := whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "n")]
		out, err := ownMemory(b, "env", "memory")
		if err == nil {
			if _, err := split(b); err != nil || len(out) < len(b) {
				t.Fatalf("%d bytes are taken", len(b))
			}
		}
	})
}

// FuzzOwnMemory: whatever comes in, what comes out can be read again, and has no memory to import.
func FuzzOwnMemory(f *testing.F) {
	f.Add(join(head, hand()))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := ownMemory(b, "env", "memory")
		if err != nil {
			return
		}
		sections, err := split(out)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sections {
			if s.id == sectionImport {
				if _, limits, err := withoutMemory(s.body, "env", "memory"); err != nil || limits != nil {
					t.Errorf("still a memory: %v %v", limits, err)
				}
			}
		}
		if _, err := ownMemory(out, "env", "memory"); err == nil {
			t.Error("twice")
		}
		if !bytes.HasPrefix(out, head) {
			t.Error("no head")
		}
	})
}

// TestRefusesOtherModules: what isn't the build says so at the latest when it is started.
func TestRefusesOtherModules(t *testing.T) {
	ctx := context.Background()
	p, err := Compile(ctx, join(head, hand()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close(ctx)
	if _, err := p.Start(ctx); !errors.Is(err, errShape) {
		t.Errorf("a module without malloc: %v", err)
	}
	other := hand()
	other[1].body = bytes.ReplaceAll(other[1].body, []byte("env\x01f"), []byte("xyz\x01f"))
	if _, err := Compile(ctx, join(head, other), Options{}); !errors.Is(err, errShape) {
		t.Errorf("a module that imports from elsewhere: %v", err)
	}
}
