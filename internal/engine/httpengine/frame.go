package httpengine

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"depesche/internal/engine"
)

// Batch is what came back for the texts that were sent: one each, in their order.
type Batch struct {
	Texts  []string
	Failed []int // that the service could not translate
	Model  string
	Billed int64 // as the service says; 0: it says nothing
}

// Translate is the frame round one request: it refuses what is beyond the engine's limits before
// anything is sent, holds back texts without a word in them, hands the others to send, and puts the
// answers in their places. A text that comes back empty has failed.
func (c *Client) Translate(info engine.Info, r engine.Request, send func(texts []string) (Batch, error)) (engine.Result, error) {
	out := engine.Result{Texts: make([]string, len(r.Texts))}
	var texts []string
	var at []int
	for i, t := range r.Texts {
		if strings.TrimSpace(t) == "" {
			out.Texts[i] = t
			continue
		}
		texts, at = append(texts, t), append(at, i)
	}
	if len(texts) == 0 {
		return out, nil
	}
	if err := c.within(info.Limits, texts); err != nil {
		return engine.Result{}, err
	}
	b, err := send(texts)
	if err != nil {
		return engine.Result{}, err
	}
	if len(b.Texts) != len(texts) {
		e := c.Fail(engine.Garbled, fmt.Errorf("%d texts came back for %d", len(b.Texts), len(texts)))
		e.Sent = true
		return engine.Result{}, e
	}
	failed := map[int]bool{}
	for _, i := range b.Failed {
		failed[i] = true
	}
	for i, t := range b.Texts {
		if failed[i] || strings.TrimSpace(t) == "" || !utf8.ValidString(t) {
			out.Failed = append(out.Failed, at[i])
			continue
		}
		out.Texts[at[i]] = t
	}
	out.Model, out.Billed = b.Model, b.Billed
	if out.Billed == 0 {
		out.Billed = int64(Characters(texts))
	}
	return out, nil
}

func (c *Client) within(l engine.Limits, texts []string) error {
	if l.Texts > 0 && len(texts) > l.Texts {
		return c.Fail(engine.TooLong, fmt.Errorf("%d texts are more than the %d of a request", len(texts), l.Texts))
	}
	if n := Characters(texts); l.Characters > 0 && n > l.Characters {
		return c.Fail(engine.TooLong, fmt.Errorf("%d characters are more than the %d of a request", n, l.Characters))
	}
	return nil
}

// Fits refuses a body that is larger than the service takes. The body is what [Encode] returned.
func (c *Client) Fits(info engine.Info, body []byte) error {
	if l := info.Limits.Bytes; l > 0 && len(body) > l {
		return c.Fail(engine.TooLong, fmt.Errorf("a request of %d bytes is more than the %d that the service takes", len(body), l))
	}
	return nil
}

// Unsupported is the error of a pair that the service doesn't translate.
func (c *Client) Unsupported(p engine.Pair) error {
	return c.Fail(engine.Unsupported, errors.New(p.String()+" isn't among its pairs"))
}

// Characters counts the code points of all texts: what services charge for.
func Characters(texts []string) int {
	n := 0
	for _, t := range texts {
		n += utf8.RuneCountInString(t)
	}
	return n
}

// Said are the parts of a request that no message may quote.
func Said(r engine.Request) []string {
	out := append([]string{r.Context}, r.Texts...)
	for _, t := range r.Terms {
		out = append(out, t.Source, t.Target)
	}
	return out
}
