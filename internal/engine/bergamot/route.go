package bergamot

import (
	"fmt"
	"slices"
	"strings"

	"depesche/internal/engine"
	"depesche/internal/engine/bergamot/store"
	"depesche/internal/lang"
)

// english is what all directions have in common.
const english lang.Tag = "en"

// route is how a direction is gone: by one model, or by two through English.
type route struct {
	program store.File
	models  []store.Model
}

// through is the language in between.
func (r route) through() lang.Tag {
	if len(r.models) == 2 {
		return r.models[0].To
	}
	return ""
}

// key tells a route from another, and from itself with other files.
func (r route) key() string {
	list := []string{r.program.SHA256}
	for _, m := range r.models {
		for _, f := range m.Files() {
			list = append(list, f.SHA256)
		}
	}
	return strings.Join(list, " ")
}

// name is what speaks, for people.
func (r route) name() string {
	var list []string
	for _, m := range r.models {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %.8s", m.Pair(), m.Architecture, m.Weights.SHA256)))
	}
	return strings.Join(list, " + ")
}

// size is the bytes of the models' files.
func (r route) size() (n int64) {
	for _, m := range r.models {
		n += m.Size()
	}
	return n
}

// find looks for a way: of the very languages, or of those without script and region; straight, or
// through English.
func find(x store.Index, p engine.Pair) (route, bool) {
	if x.Program == nil {
		return route{}, false
	}
	for _, q := range []engine.Pair{p, {From: p.From.Base(), To: p.To.Base()}} {
		if m, ok := x.Model(q); ok {
			return route{*x.Program, []store.Model{m}}, true
		}
		a, ok1 := x.Model(engine.Pair{From: q.From, To: english})
		b, ok2 := x.Model(engine.Pair{From: english, To: q.To})
		if ok1 && ok2 && q.From != q.To {
			return route{*x.Program, []store.Model{a, b}}, true
		}
	}
	return route{}, false
}

// reachable are all directions that have a way.
func reachable(x store.Index) (out []engine.Pair) {
	if x.Program == nil {
		return nil
	}
	for _, m := range x.Models {
		out = append(out, m.Pair())
	}
	for _, a := range x.Models {
		for _, b := range x.Models {
			if p := (engine.Pair{From: a.From, To: b.To}); a.To == english && b.From == english && a.From != b.To && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, func(a, b engine.Pair) int { return strings.Compare(a.String(), b.String()) })
	return out
}
