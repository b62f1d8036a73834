package wasm

import (
	"context"
	"fmt"
)

// Files are what a model is made of. They are copied.
type Files struct {
	Config string // YAML
	Model  []byte
	// Shortlist are the translations worth considering for each word.
	Shortlist []byte
	// Vocabs is one vocabulary for both languages, or the source's and the target's.
	Vocabs [][]byte
}

// Model is a loaded model of one machine.
type Model struct{ o object }

// Alignments that the module's vector instructions ask for.
const (
	alignModel = 256
	alignOther = 64
)

// Load brings a model into the machine. Whether it is one shows at the first translation: the module
// reads it then. So check files before.
func (m *Machine) Load(ctx context.Context, f Files) (Model, error) {
	ctx = m.context(ctx)
	o, err := m.load(ctx, f)
	if err != nil {
		if s := m.spoken(); s != "" {
			err = fmt.Errorf("%w: %s", err, s)
		}
		return Model{}, fmt.Errorf("load a model: %w", err)
	}
	return Model{o}, nil
}

func (m *Machine) load(ctx context.Context, f Files) (object, error) {
	model, err := m.aligned(ctx, f.Model, alignModel)
	if err != nil {
		return object{}, err
	}
	short, err := m.aligned(ctx, f.Shortlist, alignOther)
	if err != nil {
		return object{}, err
	}
	vocabs, err := m.make(ctx, "AlignedMemoryList")
	if err != nil {
		return object{}, err
	}
	parts := []object{model, short, vocabs}
	for _, v := range f.Vocabs {
		b, err := m.aligned(ctx, v, alignOther)
		if err != nil {
			return object{}, err
		}
		if _, err := m.tell(ctx, "AlignedMemoryList", "push_back", vocabs, b); err != nil {
			return object{}, err
		}
		parts = append(parts, b)
	}
	out, err := m.make(ctx, "TranslationModel", f.Config, model, short, vocabs, object{})
	if err != nil {
		return object{}, err
	}
	for _, o := range parts { // the model has taken over what they held
		if err := m.drop(ctx, o); err != nil {
			return object{}, err
		}
	}
	return out, nil
}

// aligned copies b into the module's memory.
func (m *Machine) aligned(ctx context.Context, b []byte, align int) (object, error) {
	o, err := m.make(ctx, "AlignedMemory", len(b), align)
	if err != nil {
		return o, err
	}
	h, err := m.tell(ctx, "AlignedMemory", "getByteArrayView", o)
	if err != nil {
		return o, err
	}
	v, err := m.value(h)
	if err != nil {
		return o, err
	}
	if int(v.size) != len(b) || !m.mod.Memory().Write(v.data, b) {
		return o, errMemory
	}
	return o, nil
}

// Translate translates one text by a model, or by two: the second translates what the first made.
// With html the text must be a well-formed fragment; else the machine is lost. Equal texts give equal
// results on every machine with the same model: each text is a batch of its own, for in a batch the
// texts lean on each other (the short list and the scale of the integers are those of the batch).
func (m *Machine) Translate(ctx context.Context, models []Model, text string, html bool) (string, error) {
	ctx = m.context(ctx)
	out, err := m.translate(ctx, models, []string{text}, html)
	m.said.Reset() // it may quote the text
	if err != nil {
		return "", fmt.Errorf("translate: %w", err)
	}
	return out[0], nil
}

// translate is Translate for a batch of texts.
func (m *Machine) translate(ctx context.Context, models []Model, list []string, html bool) ([]string, error) {
	texts, err := m.make(ctx, "VectorString")
	if err != nil {
		return nil, err
	}
	options, err := m.make(ctx, "VectorResponseOptions")
	if err != nil {
		return nil, err
	}
	for _, text := range list {
		if _, err := m.tell(ctx, "VectorString", "push_back", texts, text); err != nil {
			return nil, err
		}
		if _, err := m.tell(ctx, "VectorResponseOptions", "push_back", options, record{"qualityScores": false, "alignment": false, "html": html}); err != nil {
			return nil, err
		}
	}
	name, args := "translate", []any{}
	if len(models) == 2 {
		name = "translateViaPivoting"
	}
	for _, mo := range models {
		args = append(args, mo.o)
	}
	at, err := m.tell(ctx, "BlockingService", name, m.service, append(args, texts, options)...)
	if err != nil {
		return nil, err
	}
	responses := object{u32(at), m.reg.result("BlockingService", name)}
	var out []string
	for i := range list {
		s, err := m.response(ctx, responses, i)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	for _, o := range []object{responses, options, texts} {
		if err := m.drop(ctx, o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// response is the text of one answer of a list.
func (m *Machine) response(ctx context.Context, list object, i int) (string, error) {
	h, err := m.tell(ctx, "VectorResponse", "get", list, i)
	if err != nil {
		return "", err
	}
	v, err := m.value(h)
	if err != nil {
		return "", err
	}
	one := object{v.data, v.typ}
	at, err := m.tell(ctx, "Response", "getTranslatedText", one)
	if err != nil {
		return "", err
	}
	out, err := m.take(ctx, u32(at))
	if err != nil {
		return "", err
	}
	return out, m.drop(ctx, one)
}
