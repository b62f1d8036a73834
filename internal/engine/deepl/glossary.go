package deepl

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// Glossaries of ours are known by their names, which tell what is in them.
const (
	prefix       = "depesche-"
	kept         = 100 // at most, of ours; the oldest goes
	codeGlossary = "glossary_gone"
	pause        = 10 * time.Minute // after a failure
)

// glossaries remembers which there are. The same terms are the same glossary, also for another
// server with the same key and after a restart.
type glossaries struct {
	mu    *sync.Mutex
	clock clock.Clock
	ids   map[string]string    // by name
	wait  map[string]time.Time // no use asking before
}

func newGlossaries(c clock.Clock) glossaries {
	if c == nil {
		c = clock.System
	}
	return glossaries{mu: &sync.Mutex{}, clock: c, ids: map[string]string{}, wait: map[string]time.Time{}}
}

func (g glossaries) known(name string) (id string, settled bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if id := g.ids[name]; id != "" {
		return id, true
	}
	return "", g.clock.Now().Before(g.wait[name])
}

func (g glossaries) keep(name, id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if id == "" {
		g.wait[name] = g.clock.Now().Add(pause)
		return
	}
	g.ids[name] = id
}

func (g glossaries) forget(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, known := range g.ids {
		if known == id {
			delete(g.ids, name)
		}
	}
}

// glossaryGone tells whether DeepL no longer has the glossary that was asked for.
func glossaryGone(err error) bool {
	var r *httpengine.Refusal
	return errors.As(err, &r) && r.Code == codeGlossary
}

// glossary returns the ID of one with the terms, made if need be; "" if there are no terms or none
// can be had. That is no reason to do without a translation: terms are checked in what comes back.
func (e *Engine) glossary(ctx context.Context, source, target string, terms []engine.Term, said []string) string {
	entries := tsv(terms)
	if entries == "" {
		return ""
	}
	from, to := base(source), base(target)
	sum := sha256.Sum256([]byte(from + "\n" + to + "\n" + entries))
	name := prefix + hex.EncodeToString(sum[:12])
	if id, settled := e.glossaries.known(name); settled {
		return id
	}
	id, err := e.provide(ctx, name, dictionary{Source: from, Target: to, Entries: entries, Format: "tsv"}, said)
	if err != nil && ctx.Err() != nil {
		return ""
	}
	e.glossaries.keep(name, id)
	return id
}

type glossary struct {
	ID      string `json:"glossary_id"`
	Name    string `json:"name"`
	Created string `json:"creation_time"`
}

type dictionary struct {
	Source  string `json:"source_lang"`
	Target  string `json:"target_lang"`
	Entries string `json:"entries"`
	Format  string `json:"entries_format"`
}

// provide finds the glossary of that name or makes it.
func (e *Engine) provide(ctx context.Context, name string, d dictionary, said []string) (string, error) {
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/v3/glossaries", Once: true, Header: e.header()})
	if err != nil {
		return "", err
	}
	var list struct {
		Glossaries []glossary `json:"glossaries"`
	}
	if !httpengine.Read(a.Body, &list) {
		return "", e.client.Unreadable(a, "the list of glossaries isn't one")
	}
	var ours []glossary
	for _, g := range list.Glossaries {
		if g.Name == name {
			return g.ID, nil
		}
		if strings.HasPrefix(g.Name, prefix) {
			ours = append(ours, g)
		}
	}
	a, err = e.client.Ask(ctx, httpengine.Call{Path: "/v3/glossaries", Once: true, Header: e.header(), Said: said, Body: map[string]any{
		"name": name, "dictionaries": []dictionary{d},
	}})
	if err != nil {
		return "", err
	}
	var made glossary
	if !httpengine.Read(a.Body, &made) || made.ID == "" {
		return "", e.client.Unreadable(a, "the glossary isn't one")
	}
	e.tidy(ctx, ours)
	return made.ID, nil
}

// tidy takes the oldest away, so that an account doesn't fill up. Who still uses one makes it again.
func (e *Engine) tidy(ctx context.Context, ours []glossary) {
	slices.SortFunc(ours, func(a, b glossary) int { return cmp.Compare(a.Created, b.Created) })
	for len(ours) >= kept {
		oldest := ours[0].ID
		ours = ours[1:]
		_, err := e.client.Ask(ctx, httpengine.Call{Method: http.MethodDelete, Path: "/v3/glossaries/" + url.PathEscape(oldest), Once: true, Header: e.header()})
		if err != nil {
			return // the next one tries again
		}
		e.glossaries.forget(oldest)
	}
}

// tsv writes the terms as DeepL takes them: sorted, each source once, without the signs that divide
// entries.
func tsv(terms []engine.Term) string {
	seen := map[string]bool{}
	var lines []string
	for _, t := range terms {
		source, target := plain(t.Source), plain(t.Target)
		if source == "" || target == "" || seen[source] {
			continue
		}
		seen[source] = true
		lines = append(lines, source+"\t"+target)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// base is the language of a code without its variety, as glossaries have it.
func base(code string) string {
	b, _, _ := strings.Cut(code, "-")
	return strings.ToLower(b)
}
